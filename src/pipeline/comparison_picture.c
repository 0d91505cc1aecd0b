/*
 * comparison_picture: widths, words, and what the viewer has to know.
 */
#include "pipeline/comparison_picture.h"

#include <math.h>

#include "format/perf_script/perf_event.h"
#include "output/report.h"
#include "profile/profile.h"
#include "profile/tree_map.h"

enum { SCALED_MORE = 3, COLUMN_UNION = SIDES, LABEL_MOST = 200 };
#define SMALL_TOTAL 1e9 /* below it, rounding could show */

const char *const comparison_width_names[] = {[WIDTH_AFTER] = "after",
                                              [WIDTH_BEFORE] = "before",
                                              [WIDTH_UNION] = "union",
                                              [WIDTH_BOTH] = "both",
                                              NULL};
const char *const comparison_color_names[] = {
    [DIFFERENTIAL_SAFE] = "safe", [DIFFERENTIAL_RED_BLUE] = "red-blue", NULL};

const char *const comparison_scale_names[] = {[NORMALIZE_AUTO] = "auto",
                                              [NORMALIZE_TOTAL] = "total",
                                              [NORMALIZE_WORK] = "work",
                                              [NORMALIZE_NONE] = "none",
                                              NULL};

/* ---- widths ---- */

/* Weight after over weight before for the same amount of what is compared. */
static double scale_of(const struct comparison *c)
{
    double before = comparison_weight(c, SIDE_BEFORE), after = comparison_weight(c, SIDE_AFTER);
    if (c->normalize == NORMALIZE_TOTAL && before > 0 && after > 0)
        return after / before;
    if (c->normalize == NORMALIZE_WORK)
        return c->work[SIDE_AFTER] / c->work[SIDE_BEFORE];
    return (double)c->set->count[SIDE_AFTER] / (double)c->set->count[SIDE_BEFORE];
}

static void scale_before(struct tree *tree, double factor, double total)
{
    uint64_t *before = tree->weight[SIDE_BEFORE];
    if (factor == 1)
        return;
    if (total * factor < SMALL_TOTAL)
        tree_set_decimals(tree, tree->decimals + SCALED_MORE);
    for (uint32_t i = 0; i < tree->n; i++)
        before[i] = (uint64_t)fmin(1.8e19, (double)before[i] * factor + 0.5);
}

static void add_union(struct tree *tree)
{
    tree_set_columns(tree, COLUMN_UNION + 1);
    const uint64_t *before = tree->weight[SIDE_BEFORE], *after = tree->weight[SIDE_AFTER];
    for (uint32_t i = 0; i < tree->n; i++)
        tree->weight[COLUMN_UNION][i] = before[i] > after[i] ? before[i] : after[i];
}

/* With the nodes and frames of the sides' tree, each run in the column of its side. */
static void make_tree(struct comparison_picture *p, double factor)
{
    const struct run_set *set = p->report->comparison->set;
    unsigned *columns = heap_alloc(set->heap, set->runs.n, sizeof *columns);
    struct tree_mapping mapping = {.columns = columns};
    for (size_t r = 0; r < set->runs.n; r++)
        columns[r] = set->runs.at[r].side;
    tree_init(&p->tree, set->heap, set->tree.seed);
    tree_set_sides(&p->tree);
    tree_map(&p->tree, &set->tree, &mapping);
    heap_free(set->heap, columns);
    scale_before(&p->tree, factor, comparison_weight(p->report->comparison, SIDE_BEFORE));
    if (p->width == WIDTH_UNION)
        add_union(&p->tree);
}

/* The column that widths stand for; with both, that of the picture below. */
static unsigned width_column(const struct comparison_picture *p)
{
    switch (p->width) {
    case WIDTH_BEFORE: return SIDE_BEFORE;
    case WIDTH_UNION: return COLUMN_UNION;
    default: return SIDE_AFTER;
    }
}

/* What changed of each frame, by node. */
static const struct change *judge_all(const struct comparison_picture *p, enum delta_of of)
{
    const struct judge *judge = &p->report->comparison->judge;
    const struct tree *tree = &judge->set->tree;
    struct change *changes = heap_alloc(tree->heap, tree->n, sizeof *changes);
    judge_frames(judge, of == DELTA_SELF, changes);
    return changes;
}

/* The viewer shows verdicts of frames with their callees and of frames by themselves. */
static void set_viewer(struct comparison_picture *p, enum delta_of of, double scale)
{
    enum delta_of other = of == DELTA_SELF ? DELTA_TOTAL : DELTA_SELF;
    struct differential_viewer *viewer = &p->differential.viewer;
    viewer->scale = scale;
    viewer->width = p->width;
    memcpy(viewer->labels, p->report->labels, sizeof viewer->labels);
    viewer->changes[of] = p->differential.changes;
    viewer->changes[other] = judge_all(p, other);
    viewer->functions = &p->report->comparison->functions;
}

/* ---- words ---- */

/* A text that is written into `at` as far as there is room. */
struct text_room {
    char *at;
    size_t n, size;
    struct err err;
    struct sink sink;
};

static bool fill_room(void *context, str bytes, struct err *err)
{
    struct text_room *room = context;
    size_t left = room->size - room->n, n = bytes.n < left ? bytes.n : left;
    (void)err;
    memcpy(room->at + room->n, bytes.p, n);
    room->n += n;
    return true;
}

static struct sink *open_room(struct text_room *room, char *at, size_t size, struct heap *heap)
{
    *room = (struct text_room){.at = at, .size = size};
    sink_open_callback(&room->sink, heap, fill_room, room, &room->err);
    return &room->sink;
}

static str close_room(struct text_room *room)
{
    sink_close(&room->sink);
    return str_of(room->at, room->n);
}

/* A picture escapes what it is given. */
static void put_raw(str text, struct sink *sink)
{
    sink_bytes(sink, text);
}

static str make_unit(struct comparison_picture *p, const struct cell_unit *unit, struct heap *heap)
{
    struct text_room room;
    struct sink *sink = open_room(&room, p->unit, sizeof p->unit, heap);
    cell_put_unit(p->report, unit, put_raw, sink);
    return close_room(&room);
}

static void put_percent(struct sink *sink, double part)
{
    sink_fixed(sink, part * 100, 1);
    sink_lit(sink, " %");
}

static str make_subtitle(struct comparison_picture *p, struct heap *heap)
{
    const struct comparison *c = p->report->comparison;
    struct text_room room;
    struct sink *sink = open_room(&room, p->subtitle, sizeof p->subtitle, heap);
    sink_lit(sink, "normalized: ");
    report_put_normalization(p->report, put_raw, sink);
    sink_lit(sink, "; ");
    put_percent(sink, c->gone);
    sink_lit(sink, " of the weight before is in stacks that vanished, ");
    put_percent(sink, c->fresh);
    sink_lit(sink, " after in new ones");
    return close_room(&room);
}

static str cut_label(str label)
{
    return label.n > LABEL_MOST ? str_head(label, LABEL_MOST) : label;
}

static str make_title(struct comparison_picture *p, struct heap *heap)
{
    const str *labels = p->report->labels;
    struct text_room room;
    struct sink *sink = open_room(&room, p->title, sizeof p->title, heap);
    sink_lit(sink, "before: ");
    sink_bytes(sink, cut_label(labels[SIDE_BEFORE]));
    sink_lit(sink, " \xe2\x80\x94 after: ");
    sink_bytes(sink, cut_label(labels[SIDE_AFTER]));
    return close_room(&room);
}

/* ---- the picture ---- */

static void make_differential(struct comparison_picture *p, enum delta_of delta, struct heap *heap)
{
    const struct comparison *c = p->report->comparison;
    double largest = c->judge.whole;
    for (uint32_t i = 0; i < c->functions.n; i++)
        largest = fmax(largest, c->functions.at[i].total.after);
    struct cell_unit unit = cell_unit_of(p->report, largest);
    differential_make(&p->differential, &c->judge, judge_all(p, delta), p->colors);
    p->differential.factor = unit.factor;
    p->differential.decimals = unit.decimals;
    p->differential.unit = make_unit(p, &unit, heap);
}

/* Plain numbers say that as well as quantities. */
static bool counts_samples(str unit)
{
    return str_equal(unit, STR("samples")) || str_equal(unit, STR("units"));
}

static void set_options(struct comparison_picture *p, const struct request *request,
                        struct picture_options *o, struct heap *heap)
{
    *o = request->picture;
    if (!request->sky)
        o->background = background_of(BACKGROUND_GREY);
    if (!request->title)
        o->title = make_title(p, heap);
    if (!request->subtitle)
        o->subtitle = make_subtitle(p, heap);
    o->countname = p->report->unit;
    if (!request->countname && !counts_samples(p->report->unit))
        o->unit = p->report->unit;
    o->differential = &p->differential;
}

bool comparison_picture_prepare(struct comparison_picture *p, struct drawing *d)
{
    double factor = scale_of(p->report->comparison);
    make_differential(p, d->request->delta, d->heap);
    make_tree(p, factor);
    set_viewer(p, d->request->delta, factor);
    set_options(p, d->request, &d->picture, d->heap);
    d->tree = &p->tree;
    d->column = width_column(p);
    d->both = p->width == WIDTH_BOTH;
    return d->both || tree_sum(&p->tree, d->column) > 0 ||
           err_set(d->err, ERR_INPUT,
                   "the side that widths stand for is empty: --width union draws the other");
}

/* ---- run unit ---- */

enum { FILE_MOST = 100, NAME_MOST = 60 };

/* What was counted: by the value type, else by the facts of a picture: "cycles:u, cycles:k". */
static str event_of(const struct profile *profile)
{
    if (profile->value_type.name.n > 0)
        return profile->value_type.name;
    for (size_t i = 0; i < profile->facts.n; i++)
        if (str_equal(profile->facts.at[i].key, STR("event"))) {
            str names = profile->facts.at[i].value;
            return str_head(names, str_search(names, STR(", "), 0));
        }
    return STR("");
}

/* "samples" is what flamegraph writes unless it is told a name. */
static bool is_default(const struct run_unit *unit)
{
    return unit->picture && unit->factor == 1 && str_equal(unit->name, STR("samples"));
}

struct run_unit run_unit_of(const struct profile *profile, const char *file, struct arena *arena)
{
    struct run_unit unit = {.file = file, .factor = profile->factor};
    unit.event = arena_copy(arena, event_of(profile));
    unit.picture = profile->countname.n > 0;
    bool plain = unit.picture && profile->value_type.unit.n == 0;
    unit.name = arena_copy(arena, plain ? profile->countname : profile->value_type.unit);
    if (is_default(&unit) && unit.event.n > 0)
        unit.name = STR(""); /* the event says more */
    return unit;
}

/* Times in one unit: "ms" with the factor 0.000001 is "ns". */
static struct run_unit in_nanoseconds(const struct run_unit *unit)
{
    static const struct {
        str name;
        double factor;
    } times[] = {
        {STR_INIT("ns"), 1}, {STR_INIT("us"), 1e3}, {STR_INIT("ms"), 1e6}, {STR_INIT("s"), 1e9}};
    struct run_unit same = *unit;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (str_equal(unit->name, times[i].name)) {
            same.name = times[0].name;
            same.factor *= times[i].factor;
        }
    return same;
}

static bool is_same(const struct run_unit *a, const struct run_unit *b)
{
    struct run_unit x = in_nanoseconds(a), y = in_nanoseconds(b);
    return str_equal(x.name, y.name) && fabs(x.factor - y.factor) <= 1e-6 * x.factor;
}

/* A picture may have been drawn of the text of perf itself, or of what collapse made of it. */
static bool can_tell(const struct run_unit *a, const struct run_unit *b)
{
    if (a->name.n == 0 || b->name.n == 0)
        return false;
    if (a->picture == b->picture)
        return true;
    return !(a->event.n > 0 && b->event.n > 0) && !is_default(a) && !is_default(b);
}

static const char *describe(const struct run_unit *unit, struct err *room)
{
    int n = (int)(unit->name.n < NAME_MOST ? unit->name.n : NAME_MOST);
    *room = (struct err){0};
    if (unit->factor == 1)
        err_set(room, ERR_INPUT, "%.*s", n, unit->name.p);
    else
        err_set(room, ERR_INPUT, "%g %.*s", unit->factor, n, unit->name.p);
    return room->message;
}

bool run_units_check(const struct run_unit *a, const struct run_unit *b, struct err *err)
{
    struct err x, y;
    if (a->event.n > 0 && b->event.n > 0 &&
        !str_equal(perf_event_kind(a->event), perf_event_kind(b->event)))
        return err_set(
            err, ERR_INPUT, "different events cannot be compared: %.*s has %.*s, %.*s has %.*s; %s",
            FILE_MOST, a->file, (int)(a->event.n < NAME_MOST ? a->event.n : NAME_MOST), a->event.p,
            FILE_MOST, b->file, (int)(b->event.n < NAME_MOST ? b->event.n : NAME_MOST), b->event.p,
            a->picture || b->picture
                ? "a picture has one only: draw it again from the event of the other"
                : "choose one that both have with --event-filter");
    if (!can_tell(a, b) || is_same(a, b))
        return true;
    return err_set(err, ERR_INPUT,
                   "different units cannot be compared: %.*s counts %s, %.*s counts %s; %s",
                   FILE_MOST, a->file, describe(a, &x), FILE_MOST, b->file, describe(b, &y),
                   a->picture && b->picture
                       ? "draw both with the same --countname and --factor"
                       : "give profiles of one event and unit (--event-filter chooses the event "
                         "of perf text)");
}

bool run_unit_is_sample(double sample_weight)
{
    return sample_weight > 0 && sample_weight < 1 + 1e-9;
}

str run_unit_choose(const char *countname, const char *unit, str counted, bool samples)
{
    if (countname)
        return str_from_c(countname);
    if (unit)
        return quantity_unit(str_from_c(unit));
    if (counted.n > 0)
        return counted;
    return samples ? STR("samples") : STR("units");
}
