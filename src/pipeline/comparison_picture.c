/* SPDX-License-Identifier: MIT */
/*
 * comparison_picture: the columns, the texts, the facts and the data for the viewer.
 */
#include "pipeline/comparison_picture.h"

#include <math.h>

#include "format/perf_script/perf_select.h"
#include "output/markup.h"
#include "output/report.h"
#include "profile/tree_map.h"

enum { SCALED_MORE = 3, COLUMN_UNION = SIDES, LABEL_MOST = 200, FACTS_MOST = 400 };
#define SMALL_TOTAL 1e9 /* below it, rounding needs more decimals */

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

/* The factor that brings weights before to the scale of those after. */
static double scale_of_before(const struct comparison *c)
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

static void add_union_column(struct tree *tree)
{
    tree_set_columns(tree, COLUMN_UNION + 1);
    const uint64_t *before = tree->weight[SIDE_BEFORE], *after = tree->weight[SIDE_AFTER];
    for (uint32_t i = 0; i < tree->n; i++)
        tree->weight[COLUMN_UNION][i] = before[i] > after[i] ? before[i] : after[i];
}

/* Copy the tree of all runs, each to the column of its side. */
static void make_two_side_tree(struct comparison_picture *p, double factor)
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
        add_union_column(&p->tree);
}

/* ---- texts ---- */

static str make_subtitle(const struct report *report, struct heap *heap)
{
    const struct comparison *c = report->comparison;
    struct sink sink;
    sink_open_memory(&sink, heap);
    sink_lit(&sink, "normalized: ");
    report_put_normalization(report, put_plain, &sink);
    PUT(&sink, LIT("; "), FIXED(c->gone * 100, 1),
        LIT(" % of the weight before is in stacks that vanished, "), FIXED(c->fresh * 100, 1),
        LIT(" % after in new ones"));
    return sink_text(&sink);
}

static str make_comparison_title(const str *labels, struct heap *heap)
{
    struct sink sink;
    sink_open_memory(&sink, heap);
    PUT(&sink, LIT("before: "), VIA(put_plain, str_limit(labels[SIDE_BEFORE], LABEL_MOST)),
        LIT(" \xe2\x80\x94 after: "), VIA(put_plain, str_limit(labels[SIDE_AFTER], LABEL_MOST)));
    return sink_text(&sink);
}

/* ---- facts ---- */

static bool list_has(str list, str item)
{
    static const str comma = STR_INIT(", ");
    for (size_t at = str_search(list, item, 0); at < list.n; at = str_search(list, item, at + 1)) {
        str before = str_head(list, at), after = str_skip(list, at + item.n);
        if ((before.n == 0 || str_ends(before, comma)) &&
            (after.n == 0 || str_starts(after, comma)))
            return true;
    }
    return false;
}

void comparison_note_facts(struct profile *side, const struct profile *run)
{
    static const str others = STR_INIT("and others");
    struct strbuf list = {.heap = side->heap};
    profile_set_value_type(side, &run->value_type);
    for (size_t i = 0; i < run->facts.n; i++) {
        str key = run->facts.at[i].key, value = run->facts.at[i].value;
        str known = profile_fact_value(side, key);
        bool full = known.n > 0 && known.n + value.n > FACTS_MOST;
        if (list_has(known, value) || str_ends(known, others))
            continue;
        strbuf_set(&list, known);
        strbuf_add_item(&list, full ? others : value);
        profile_set_fact(side, key, strbuf_str(&list));
    }
    strbuf_end(&list);
}

static void add_fact_of_side(struct profile *about, str key, str side, str value)
{
    struct strbuf name = {.heap = about->heap};
    strbuf_set(&name, key);
    strbuf_add(&name, side);
    if (value.n > 0)
        profile_add_fact(about, strbuf_str(&name), value);
    strbuf_end(&name);
}

static void add_samples(struct profile *about, str side, double samples)
{
    struct sink text;
    sink_open_memory(&text, about->heap);
    if (samples > 0)
        PUT(&text, COMMAS((uint64_t)fmin(1.8e19, samples + 0.5)));
    add_fact_of_side(about, STR("samples"), side, sink_text(&text));
}

/* A fact that differs becomes two, such as "host before" and "host after". */
static void join_facts(struct comparison_picture *p, struct heap *heap)
{
    const struct comparison *c = p->report->comparison;
    const struct profile *sides = p->sides;
    const struct profile *before = &sides[SIDE_BEFORE], *after = &sides[SIDE_AFTER];
    struct profile *about = &p->about;
    profile_init(about, heap, 0, false);
    if (!str_equal(p->report->unit, STR("samples"))) {
        add_samples(about, STR(" before"), comparison_samples(c, SIDE_BEFORE));
        add_samples(about, STR(" after"), comparison_samples(c, SIDE_AFTER));
    }
    if (str_equal(before->value_type.name, after->value_type.name))
        profile_set_value_type(about, &after->value_type);
    for (unsigned side = 0; side < SIDES; side++)
        for (size_t i = 0; i < sides[side].facts.n; i++) {
            str key = sides[side].facts.at[i].key;
            str old = profile_fact_value(before, key), new = profile_fact_value(after, key);
            if (str_equal(old, new)) {
                profile_add_fact(about, key, new);
                continue;
            }
            add_fact_of_side(about, key, STR(" before"), old);
            add_fact_of_side(about, key, STR(" after"), new);
        }
}

/* ---- the picture ---- */

/* Frames of functions whose cost moved get that verdict if they changed in the same direction. */
static void mark_moved(const struct function_changes *functions, const struct tree *tree,
                       enum delta_of of, struct change *changes)
{
    uint32_t names = frames_count(&tree->frames);
    const struct change **moved = heap_zero(tree->heap, names, sizeof *moved);
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[i];
        const struct change *change = of == DELTA_SELF ? &function->self : &function->total;
        if (change->verdict == CHANGE_MOVED)
            moved[function->name] = change;
    }
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct change *of_all = tree->frame[i] < names ? moved[tree->frame[i]] : NULL;
        if (of_all && change_is_real(&changes[i]) &&
            (changes[i].after > changes[i].before) == (of_all->after > of_all->before))
            changes[i].verdict = CHANGE_MOVED;
    }
    heap_free(tree->heap, moved);
}

/* The changes by node. */
static const struct change *judge_nodes(const struct comparison_picture *p, enum delta_of of)
{
    const struct judge *judge = &p->report->comparison->judge;
    const struct tree *tree = &judge->set->tree;
    struct change *changes = heap_alloc(tree->heap, tree->n, sizeof *changes);
    judge_frames(judge, of == DELTA_SELF, changes);
    mark_moved(&p->report->comparison->functions, tree, of, changes);
    return changes;
}

static void make_differential(struct comparison_picture *p, enum delta_of delta, struct heap *heap)
{
    const struct comparison *c = p->report->comparison;
    double largest = c->judge.whole;
    struct sink unit_text;
    for (uint32_t i = 0; i < c->functions.n; i++)
        largest = fmax(largest, c->functions.at[i].total.after);
    struct cell_unit unit = cell_unit_of(p->report, largest);
    sink_open_memory(&unit_text, heap);
    cell_put_unit(p->report, &unit, put_plain, &unit_text);
    differential_make(&p->differential, &c->judge, judge_nodes(p, delta), p->colors);
    p->differential.factor = unit.factor;
    p->differential.decimals = unit.decimals;
    p->differential.unit = sink_text(&unit_text);
}

/* The viewer shows verdicts for total and self weights. */
static void set_viewer_data(struct comparison_picture *p, enum delta_of of, double scale)
{
    enum delta_of other = of == DELTA_SELF ? DELTA_TOTAL : DELTA_SELF;
    struct differential_viewer *viewer = &p->differential.viewer;
    viewer->scale = scale;
    viewer->width = p->width;
    memcpy(viewer->labels, p->report->labels, sizeof viewer->labels);
    viewer->changes[of] = p->differential.changes;
    viewer->changes[other] = judge_nodes(p, other);
    viewer->functions = &p->report->comparison->functions;
}

static void set_comparison_texts(struct comparison_picture *p, const struct request *request,
                                 struct picture_options *o, struct heap *heap)
{
    str unit = p->report->unit;
    *o = request->picture;
    if (!request->sky)
        o->background = background_of(BACKGROUND_GREY);
    if (!request->title)
        o->title = make_comparison_title(p->report->labels, heap);
    if (!request->subtitle)
        o->subtitle = make_subtitle(p->report, heap);
    o->countname = unit;
    bool plain = str_equal(unit, STR("samples")) || str_equal(unit, STR("units"));
    if (!request->countname && !plain)
        o->unit = unit;
    o->differential = &p->differential;
}

bool comparison_picture_prepare(struct comparison_picture *p, struct drawing *d)
{
    static const unsigned columns[] = {[WIDTH_AFTER] = SIDE_AFTER,
                                       [WIDTH_BEFORE] = SIDE_BEFORE,
                                       [WIDTH_UNION] = COLUMN_UNION,
                                       [WIDTH_BOTH] = SIDE_AFTER /* of the lower picture */};
    double factor = scale_of_before(p->report->comparison);
    make_differential(p, d->request->picture.delta, d->heap);
    make_two_side_tree(p, factor);
    set_viewer_data(p, d->request->picture.delta, factor);
    set_comparison_texts(p, d->request, &d->picture, d->heap);
    join_facts(p, d->heap);
    d->profile = &p->about;
    d->tree = &p->tree;
    d->column = columns[p->width];
    d->both = p->width == WIDTH_BOTH;
    return d->both || tree_sum(&p->tree, d->column) > 0 ||
           err_set(d->err, ERR_INPUT,
                   "the side that sets the widths has no weight: --width union draws the other");
}

/* ---- run unit ---- */

enum { FILE_MOST = 100, NAME_MOST = 60 };

/* The name of the value type, else the first event among the facts of a picture. */
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

/* flamegraph writes "samples" without --countname. */
static bool has_default_name(const struct run_unit *unit)
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
    if (has_default_name(&unit) && unit.event.n > 0)
        unit.name = STR(""); /* the event says more */
    return unit;
}

static bool is_same_unit(const struct run_unit *a, const struct run_unit *b)
{
    double x = quantity_ns(a->name), y = quantity_ns(b->name);
    bool times = x > 0 && y > 0;
    x = a->factor * (times ? x : 1);
    y = b->factor * (times ? y : 1);
    return (times || str_equal(a->name, b->name)) && fabs(x - y) <= 1e-6 * x;
}

/* Whether the names of both units are known and can be compared. If only one run is a picture, they
 * cannot if both events are known, which are more precise, or if a picture has the default name. */
static bool can_compare_units(const struct run_unit *a, const struct run_unit *b)
{
    if (a->name.n == 0 || b->name.n == 0)
        return false;
    if (a->picture == b->picture)
        return true;
    return !(a->event.n > 0 && b->event.n > 0) && !has_default_name(a) && !has_default_name(b);
}

static const char *describe_unit(const struct run_unit *unit, struct err *room)
{
    *room = (struct err){0};
    if (unit->factor == 1)
        err_set(room, ERR_INPUT, "%.*s", STR_SHOWN(unit->name, NAME_MOST));
    else
        err_set(room, ERR_INPUT, "%g %.*s", unit->factor, STR_SHOWN(unit->name, NAME_MOST));
    return room->message;
}

bool run_units_check(const struct run_unit *a, const struct run_unit *b, struct err *err)
{
    struct err x, y;
    if (a->event.n > 0 && b->event.n > 0 &&
        !str_equal(perf_event_kind(a->event), perf_event_kind(b->event)))
        return err_set(err, ERR_INPUT,
                       "different events cannot be compared: %.*s has %.*s, %.*s has %.*s; %s",
                       FILE_MOST, a->file, STR_SHOWN(a->event, NAME_MOST), FILE_MOST, b->file,
                       STR_SHOWN(b->event, NAME_MOST),
                       a->picture || b->picture
                           ? "a picture has one only: draw it again from the event of the other"
                           : "choose one that both have with --event-filter");
    if (!can_compare_units(a, b) || is_same_unit(a, b))
        return true;
    return err_set(
        err, ERR_INPUT, "different units cannot be compared: %.*s counts %s, %.*s counts %s; %s",
        FILE_MOST, a->file, describe_unit(a, &x), FILE_MOST, b->file, describe_unit(b, &y),
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
