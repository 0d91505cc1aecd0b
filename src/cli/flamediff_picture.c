/*
 * flamediff_picture: the runs become a differential, and one of its columns gives the widths;
 * colours and titles come from what was judged.
 *
 *      --width after    the column after
 *      --width before   the column before
 *      --width union    a third one, the larger of both, stack by stack: nothing of either side is
 *                       lost
 *      --width both     the picture of each side, one above the other on one scale
 */
#include "cli/flamediff_picture.h"

#include <math.h>
#include <stdio.h>

#include "cli/input.h"
#include "cli/picture_file.h"
#include "render/put.h"
#include "render/renderer.h"
#include "render/report_cell.h"
#include "stack/tree_map.h"

enum { SUBTITLE_ROOM = 700, SCALED_MORE = 3, COLUMN_UNION = SIDES };
#define SMALL_TOTAL 1e9 /* below it, rounding could show */

struct drawing {
    struct program *program;
    const struct flamediff_options *options;
    struct flamediff_report *report;
    struct tree tree; /* that is drawn: before, scaled to after; after; the widths of a union */
    struct differential differential;
    struct picture_options wanted;
    char subtitle[SUBTITLE_ROOM];
    char unit[120];
    char title[SUBTITLE_ROOM];
};

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
static void make_tree(struct drawing *d, double factor)
{
    const struct sides *sides = &d->report->sides;
    unsigned *columns = heap_alloc(sides->heap, sides->runs.n, sizeof *columns);
    struct tree_mapping mapping = {.columns = columns};
    for (size_t r = 0; r < sides->runs.n; r++)
        columns[r] = sides->runs.at[r].side;
    tree_init(&d->tree, sides->heap, sides->tree.seed);
    tree_set_sides(&d->tree);
    tree_map(&d->tree, &sides->tree, &mapping);
    heap_free(sides->heap, columns);
    scale_before(&d->tree, factor, comparison_weight(&d->report->comparison, SIDE_BEFORE));
    if (d->options->width == WIDTH_UNION)
        add_union(&d->tree);
}

/* The column that widths stand for; with both, that of the picture below. */
static unsigned width_column(const struct drawing *d)
{
    switch (d->options->width) {
    case WIDTH_BEFORE: return SIDE_BEFORE;
    case WIDTH_UNION: return COLUMN_UNION;
    default: return SIDE_AFTER;
    }
}

/* What changed of each frame, by node. */
static const struct change *judge_all(const struct drawing *d, enum delta_of of)
{
    const struct judge *judge = &d->report->comparison.judge;
    const struct tree *tree = &judge->sides->tree;
    struct change *changes = heap_alloc(tree->heap, tree->n, sizeof *changes);
    judge_frames(judge, of == DELTA_SELF, changes);
    return changes;
}

/* The viewer shows verdicts of frames with their callees and of frames by themselves. */
static void set_viewer(struct drawing *d, double scale)
{
    const struct comparison *comparison = &d->report->comparison;
    struct differential_viewer *viewer = &d->differential.viewer;
    unsigned of = d->options->delta, other = of == DELTA_SELF ? DELTA_TOTAL : DELTA_SELF;
    viewer->scale = scale;
    viewer->width = (enum differential_width)d->options->width;
    memcpy(viewer->labels, d->report->report.labels, sizeof viewer->labels);
    viewer->changes[of] = d->differential.changes;
    viewer->changes[other] = judge_all(d, (enum delta_of)other);
    viewer->functions = &comparison->functions;
}

/* ---- words ---- */

/* What report writers say, as text in `room`. */
struct room {
    char *at;
    size_t n, size;
};

static bool fill_room(void *context, str bytes, struct err *err)
{
    struct room *room = context;
    size_t left = room->size - room->n, n = bytes.n < left ? bytes.n : left;
    (void)err;
    memcpy(room->at + room->n, bytes.p, n);
    room->n += n;
    return true;
}

/* A picture escapes what it is given. */
static void put_raw(str text, struct sink *sink)
{
    sink_bytes(sink, text);
}

static str tell_unit(struct drawing *d, const struct cell_unit *unit)
{
    struct room room = {d->unit, 0, sizeof d->unit};
    struct err err = {0};
    struct sink sink;
    sink_open_callback(&sink, &d->program->heap, fill_room, &room, &err);
    cell_put_unit(&d->report->report, unit, put_raw, &sink);
    sink_close(&sink);
    return str_of(room.at, room.n);
}

static void put_percent(struct sink *sink, double part)
{
    sink_fixed(sink, part * 100, 1);
    sink_lit(sink, " %");
}

static str tell_scale(struct drawing *d)
{
    const struct comparison *c = &d->report->comparison;
    struct room room = {d->subtitle, 0, sizeof d->subtitle};
    struct err err = {0};
    struct sink sink;
    sink_open_callback(&sink, &d->program->heap, fill_room, &room, &err);
    sink_lit(&sink, "normalized: ");
    report_put_normalization(&d->report->report, put_raw, &sink);
    sink_lit(&sink, "; ");
    put_percent(&sink, c->gone);
    sink_lit(&sink, " of the weight before is in stacks that vanished, ");
    put_percent(&sink, c->fresh);
    sink_lit(&sink, " after in new ones");
    sink_close(&sink);
    return str_of(room.at, room.n);
}

static str tell_title(struct drawing *d)
{
    const str *labels = d->report->report.labels;
    int n = snprintf(d->title, sizeof d->title, "before: %.*s \xe2\x80\x94 after: %.*s",
                     (int)(labels[0].n < 200 ? labels[0].n : 200), labels[0].p,
                     (int)(labels[1].n < 200 ? labels[1].n : 200), labels[1].p);
    return str_of(d->title, n > 0 ? (size_t)n : 0);
}

/* ---- drawing ---- */

static void want(struct drawing *d)
{
    const struct comparison *c = &d->report->comparison;
    double largest = c->judge.whole;
    for (uint32_t i = 0; i < c->functions.n; i++)
        largest = fmax(largest, c->functions.at[i].total.after);
    struct cell_unit unit = cell_unit_of(&d->report->report, largest);
    differential_make(&d->differential, &c->judge, judge_all(d, (enum delta_of)d->options->delta),
                      (enum differential_colors)d->options->colors);
    d->differential.factor = unit.factor;
    d->differential.decimals = unit.decimals;
    d->differential.unit = tell_unit(d, &unit);
    d->wanted = (struct picture_options){
        .palette = palette_default(),
        .background = background_of(BACKGROUND_GREY),
        .layout = {.width = 1200, .row = 16, .font = 12, .fontwidth = 0.59, .minwidth = 0.1},
        .delta = (enum delta_of)d->options->delta,
        .differential = &d->differential,
        .fluid = true,
        .factor = 1,
        .title = tell_title(d),
        .subtitle = tell_scale(d),
        .countname = d->report->report.unit,
        .nametype = STR("Function:"),
        .notes = STR(""),
        .search = STR(""),
        .prefix = STR(""),
        .font = STR("Verdana"),
    };
}

/* Both sides, one above the other on one scale. Over the frames of each is room for its label. */
static void render_both(struct drawing *d, struct document *document, struct sink *sink)
{
    struct picture above, below;
    uint64_t sums[] = {tree_sum(&d->tree, SIDE_BEFORE), tree_sum(&d->tree, SIDE_AFTER)};
    double heading = 2 * d->wanted.layout.font;
    d->wanted.layout.full = sums[sums[1] > sums[0]];
    picture_make(&above, &d->tree, SIDE_BEFORE, &d->wanted);
    picture_make(&below, &d->tree, SIDE_AFTER, &d->wanted);
    above.layout.height += heading;
    below.layout.height = above.layout.height + heading + below.layout.rows * d->wanted.layout.row;
    document->above = &above;
    document->picture = &below;
    renderer_svg.render(document, sink);
}

static bool draw(struct drawing *d)
{
    struct picture_file file;
    struct picture_file_options where = {.output = d->options->output, .scale = {.value = 1}};
    struct picture picture;
    struct document document = {.picture = &picture, .script = true};
    unsigned column = width_column(d);
    if (!picture_file_choose(&file, d->program, &where))
        return false;
    input_tell_sum(d->program, &d->tree);
    if (tree_sum(&d->tree, column) == 0 && d->options->width != WIDTH_BOTH)
        return err_set(&d->program->err, ERR_INPUT,
                       "the side that widths stand for is empty: --width union draws the other");
    struct sink *sink = picture_file_open(&file);
    if (!sink)
        return false;
    if (d->options->width == WIDTH_BOTH) {
        render_both(d, &document, sink);
    } else {
        picture_make(&picture, &d->tree, column, &d->wanted);
        renderer_svg.render(&document, sink);
    }
    return picture_file_finish(&file);
}

bool flamediff_picture_write(struct flamediff_report *report, struct program *program,
                             const struct flamediff_options *options)
{
    struct drawing d = {.program = program, .options = options, .report = report};
    want(&d);
    double factor = scale_of(&report->comparison);
    make_tree(&d, factor);
    set_viewer(&d, factor);
    return draw(&d);
}
