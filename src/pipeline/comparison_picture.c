/*
 * comparison_picture: widths, words, and what the viewer has to know.
 */
#include "pipeline/comparison_picture.h"

#include <math.h>

#include "output/report_cell.h"
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
    return (double)c->sides->count[SIDE_AFTER] / (double)c->sides->count[SIDE_BEFORE];
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
    const struct run_set *sides = p->report->comparison->sides;
    unsigned *columns = heap_alloc(sides->heap, sides->runs.n, sizeof *columns);
    struct tree_mapping mapping = {.columns = columns};
    for (size_t r = 0; r < sides->runs.n; r++)
        columns[r] = sides->runs.at[r].side;
    tree_init(&p->tree, sides->heap, sides->tree.seed);
    tree_set_sides(&p->tree);
    tree_map(&p->tree, &sides->tree, &mapping);
    heap_free(sides->heap, columns);
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
    const struct tree *tree = &judge->sides->tree;
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
