/* SPDX-License-Identifier: MIT */
/*
 * picture: see picture.h.
 */
#include "picture/picture.h"

#include <math.h>

#include "core/num.h"

/* ---- layout: one walk finds the frames that are drawn; their places are computed on demand
 * ---- */

enum { MANY_FRAMES = 20000 };

static const double PAD = 10, LABEL_PAD = 3, MANY_MINWIDTH = .5;

static double find_least_width(const struct layout *layout)
{
    const struct layout_options *o = &layout->options;
    if (o->minwidth_percent)
        return (double)layout->total * o->minwidth / 100;
    return o->minwidth / layout->scale;
}

/* A sum that does not fit is the largest number, as in the tree. */
static uint64_t add_saturating(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return num_add_u64(a, b, &sum) ? sum : UINT64_MAX;
}

/* By node: whether a child of it is wide enough. If none is, the walk does not visit the children,
 * which are spread over memory: 300,000 random stacks take 8 % less time. */
static bool *find_open_nodes(const struct layout *layout, const struct tree *tree, double least)
{
    bool *open = heap_zero(tree->heap, tree->n, sizeof *open);
    for (uint32_t node = 1; node < tree->n; node++)
        if ((double)layout->totals[node] >= least)
            open[tree->parent[node]] = true;
    return open;
}

/* Collect nodes in pre-order, without the subtrees of nodes that are too narrow. Gaps of a flame
 * chart are wide but not drawn. */
static void collect_drawn_frames(struct layout *layout, const struct tree *tree, unsigned column,
                                 const struct sibling_order *order)
{
    double least = find_least_width(layout);
    bool *open = find_open_nodes(layout, tree, least);
    const uint64_t *own = tree->weight[column], *totals = layout->totals;
    uint32_t node = TREE_ROOT, depth = 0;
    uint64_t at = 0;
    while (node != TREE_NONE) {
        bool drawn = (double)totals[node] >= least && tree->frame[node] != TREE_GAP;
        if (drawn || node == TREE_ROOT) {
            struct layout_frame frame = {node, depth, at};
            vec_push(tree->heap, &layout->frames, frame);
            if (depth >= layout->rows)
                layout->rows = depth + 1;
            if (open[node]) {
                at = add_saturating(at, own[node]);
                node = order->first[node];
                depth++;
                continue;
            }
        }
        at = add_saturating(at, totals[node]);
        node = sibling_order_leave(order, tree, node, TREE_ROOT, &depth);
    }
    heap_free(tree->heap, open);
}

/* totals: of the column, as of tree_totals(); they outlive the layout. total > 0. */
static void layout_make(struct layout *layout, const struct tree *tree, unsigned column,
                        const struct sibling_order *order, const uint64_t *totals,
                        const struct layout_options *options)
{
    const struct layout_options *o = options;
    uint64_t sum = totals[TREE_ROOT];
    *layout = (struct layout){.options = *o, .totals = totals, .pad = PAD};
    layout->total = o->total > sum ? o->total : sum;
    layout->scale = (o->width - 2 * PAD) / (double)(o->full > 0 ? o->full : layout->total);
    collect_drawn_frames(layout, tree, column, order);
    if (o->may_thin && layout->frames.n > MANY_FRAMES && o->minwidth < MANY_MINWIDTH) {
        layout->options.minwidth = MANY_MINWIDTH;
        layout->frames.n = 0;
        layout->rows = 0;
        collect_drawn_frames(layout, tree, column, order);
    }
    layout->top = (3 + o->lines_above) * o->font;
    layout->bottom = 2 * o->font + 10;
    layout->height = layout->rows * o->row + layout->top + layout->bottom;
}

/* num_round(px, 1), faster where no tie is near. px >= 0. */
static double round_tenth(double px)
{
    double tenths = px * 10;
    double whole = (double)(int64_t)tenths, rest = tenths - whole;
    if (rest > 0.4999 && rest < 0.5001)
        return num_round(px, 1);
    return (rest > 0.5 ? whole + 1 : whole) / 10;
}

struct layout_place layout_place(const struct layout *layout, const struct layout_frame *frame)
{
    const struct layout_options *o = &layout->options;
    uint64_t span = frame->node == TREE_ROOT ? layout->total : layout->totals[frame->node];
    double left = layout->pad + (double)frame->start * layout->scale;
    double right = layout->pad + (double)add_saturating(frame->start, span) * layout->scale;
    double y = o->inverted ? layout->top + frame->depth * o->row
                           : layout->height - layout->bottom - (frame->depth + 1.0) * o->row + 1;
    struct layout_place place = {
        .x = round_tenth(left),
        .y = round_tenth(y),
        .height = round_tenth(o->row - 1),
        .label_x = left + LABEL_PAD,
        .label_y = 3 + y + (o->row - 1) / 2,
    };
    place.width = round_tenth(round_tenth(right) - place.x);
    double room = (right - left) / (o->font * o->fontwidth);
    place.label_room = (struct label_room){
        .columns = room > 0 ? (size_t)(room < 1e9 ? room : 1e9) : 0,
        .em = (right - left - LABEL_PAD) / o->font,
    };
    return place;
}

/* ---- the picture ---- */

static rgb frame_color(struct picture *picture, uint32_t id)
{
    const struct picture_options *o = &picture->options;
    struct color_map *map = o->map;
    struct frame frame = frames_get(&picture->tree->frames, id);
    rgb color;
    if (o->given && o->given[id].given)
        return o->given[id].color;
    if (palette_fixed(frame.text, &color) || (map && color_map_find(map, frame.text, &color)))
        return color;
    struct shade shade = shade_of(frame.text, o->shade, o->seed);
    color = palette_color(o->palette, &frame, &shade);
    if (map)
        color_map_add(map, frame.text, color);
    return color;
}

void picture_color_frames(struct picture *picture)
{
    const struct tree *tree = picture->tree;
    uint32_t count = frames_count(&tree->frames);
    bool *used = heap_zero(tree->heap, count, sizeof *used);
    picture->colors = heap_zero(tree->heap, count, sizeof *picture->colors);
    for (uint32_t node = 0; node < tree->n; node++)
        if (tree->frame[node] != TREE_GAP)
            used[tree->frame[node]] = true;
    for (uint32_t id = 0; id < count; id++)
        if (used[id])
            picture->colors[id] = frame_color(picture, id);
    heap_free(tree->heap, used);
}

void picture_choose_unit(struct picture_options *options, const struct profile *profile,
                         str countname, str unit)
{
    const struct tree *tree = &profile->tree;
    str known = profile->value_type.unit;
    bool plain = countname.p || (unit.n == 0 && str_equal(known, STR("samples")));
    if (!plain)
        options->unit = unit.n > 0 ? quantity_unit(unit) : known;
    if (profile_samples_are_known(profile))
        options->samples = profile->samples;
    else if (!tree_has_sides(tree))
        options->samples = tree_find_samples(tree, 0).count;
    uint64_t sum = tree_sum(tree, 0);
    if (!tree_has_sides(tree) &&
        profile_sample_weight(profile, num_of_units(sum, tree->decimals)) > 0)
        options->sample_weight = (double)sum / (double)profile->samples;
    if (!countname.p && options->unit.n == 0 && profile->countname.n > 0) {
        countname = profile->countname;
        options->factor *= profile->factor;
    }
    if (countname.p)
        options->countname = countname;
    else
        options->countname = options->unit.n > 0 ? options->unit : STR("samples");
}

void picture_make(struct picture *picture, const struct tree *tree, unsigned column,
                  const struct picture_options *options)
{
    *picture = (struct picture){.options = *options, .tree = tree};
    struct picture_options *o = &picture->options;
    picture->text = heap_zero(tree->heap, 1, sizeof *picture->text);
    picture->text->heap = tree->heap;
    picture->totals = tree_totals(tree, column);
    sibling_order_make(&picture->order, tree, o->order, picture->totals);
    if (tree_has_sides(tree)) {
        picture->totals_before = tree_totals(tree, SIDE_BEFORE);
        delta_make(&picture->delta, tree, column, o->delta, picture->totals,
                   picture->totals_before);
        picture->delta.negate = o->negate;
    }
    if (o->differential) {
        differential_legend(o->differential, &picture->legend, tree->heap, &o->layout);
    } else if (!tree_has_sides(tree)) {
        picture_color_frames(picture);
        if (o->palette->legend || o->given)
            legend_make(&picture->legend, tree, column, o->palette, o->given, &o->layout);
    }
    if (o->subtitle.n > 0)
        o->layout.lines_above += 2;
    picture->legend.y = (2 + o->layout.lines_above + 2) * o->layout.font;
    if (picture->legend.entries.n > 0)
        o->layout.lines_above += 2;
    layout_make(&picture->layout, tree, column, &picture->order, picture->totals, &o->layout);
    picture->n = picture->layout.frames.n;
}

void picture_make_sandwich(struct picture *all, struct picture *callers, struct picture *callees,
                           const struct tree *above, const struct tree *below, str name)
{
    struct picture_options options = all->options;
    struct layout *layout = &all->layout;
    double row = layout->options.row;
    options.root = name;
    options.whole = layout->total;
    options.layout.total = 0;
    options.layout.inverted = false;
    picture_make(callers, above, 0, &options);
    options.layout.inverted = true;
    picture_make(callees, below, 0, &options);
    double y = layout->top + callers->layout.rows * row;
    callers->layout.height = y + callers->layout.bottom - 1;
    callees->layout.top = y - row;
    layout->height = y + (callees->layout.rows - 1) * row + layout->bottom;
}

str picture_title(const struct picture *picture)
{
    const struct picture_options *o = &picture->options;
    if (o->title.n > 0)
        return o->title;
    if (picture->tree->in_order)
        return STR("Flame Chart");
    return o->layout.inverted ? STR("Icicle Graph") : STR("Flame Graph");
}

/* Rounded as by printf: ties to even. */
static uint64_t scale_picture_weight(uint64_t weight, double factor)
{
    if (factor == 1)
        return weight;
    double value = rint((double)weight * factor);
    return value < 18446744073709549568.0 ? (uint64_t)value : UINT64_MAX;
}

rgb picture_color(const struct picture *picture, uint32_t node)
{
    if (picture->colors)
        return picture->colors[picture->tree->frame[node]];
    if (picture->options.differential)
        return differential_color(picture->options.differential, node);
    return delta_color(&picture->delta, delta_change(&picture->delta, node));
}

double picture_change(const struct picture *picture, uint32_t node)
{
    const struct differential *differential = picture->options.differential;
    if (picture->colors)
        return 0;
    if (differential)
        return 100 * change_effect(differential->judge, &differential->changes[node]);
    return 100 * delta_change(&picture->delta, node) / (double)picture->layout.total;
}

/* The widths of letters are those of the usual fonts. */
static struct label frame_label(const struct picture *picture, str name, struct label_room room)
{
    str font = picture->options.font;
    if (picture->options.shorten_labels)
        return label_shorten(name, room, picture->text);
    if (!str_starts(font, STR("Verdana")) && !str_starts(font, STR("DejaVu Sans")))
        room.em = HUGE_VAL;
    return label_cut(name, room);
}

/* "all: 12.66 s, 2,520 samples", or "f: 12.66 s" of a sandwich, if the unit is known and there is
 * room for all of it. */
static struct label root_label(const struct picture *picture, const struct box *box)
{
    const struct picture_options *o = &picture->options;
    struct quantity quantity = quantity_of(box->value, o->unit);
    bool known = o->unit.n > 0 && !tree_has_sides(picture->tree);
    struct strbuf *text = picture->text;
    char samples[NUM_ROOM];
    strbuf_set(text, box->name);
    strbuf_add(text, STR(": "));
    strbuf_add(text, quantity_number(&quantity));
    strbuf_add(text, STR(" "));
    strbuf_add(text, quantity.name);
    if (o->samples > 0 && box->root) {
        strbuf_add(text, STR(", "));
        strbuf_add(text, str_of(samples, num_put_commas(samples, o->samples)));
        strbuf_add(text, o->samples == 1 ? STR(" sample") : STR(" samples"));
    }
    if (known && label_width(strbuf_str(text)) <= box->place.label_room.em)
        return (struct label){.head = strbuf_str(text), .dots = ""};
    return frame_label(picture, box->name, box->place.label_room);
}

void picture_box(const struct picture *picture, size_t i, struct box *box)
{
    const struct layout *layout = &picture->layout;
    const struct layout_frame *place = &layout->frames.at[i];
    const struct tree *tree = picture->tree;
    uint32_t node = place->node;
    const struct picture_options *o = &picture->options;
    bool root = node == TREE_ROOT;
    uint64_t whole = o->whole > 0 ? o->whole : layout->total;
    struct frame frame = frames_get(&tree->frames, tree->frame[node]);
    uint64_t span = root ? layout->total : picture->totals[node];
    *box = (struct box){
        .name = !root           ? frame.name
                : o->root.n > 0 ? o->root
                                : STR("all"),
        .place = layout_place(layout, place),
        .weight = scale_picture_weight(span, o->factor),
        .decimals = tree->decimals,
        .value = num_of_units(span, tree->decimals) * o->factor,
        .percent = 100 * (double)span / (double)whole,
        .root = root && o->root.n == 0,
    };
    box->label = root ? root_label(picture, box)
                      : frame_label(picture, box->name, box->place.label_room);
    box->fill = picture_color(picture, node);
    if (picture->options.differential) {
        box->judged = root ? NULL : &picture->options.differential->changes[node];
        box->mark = root ? MARK_NONE : differential_mark(picture->options.differential, node);
    } else if (!picture->colors) {
        box->changed = !root;
        box->change = picture_change(picture, node);
    }
    box->light = box->label.head.n + box->label.tail.n > 0 && box->mark != MARK_GONE &&
                 rgb_is_dark(box->fill);
    if (picture->options.attrs)
        box->attrs = attrs_find(picture->options.attrs, frame.text);
}

void picture_end(struct picture *picture)
{
    struct heap *heap = picture->tree->heap;
    sibling_order_end(&picture->order, heap);
    heap_free(heap, picture->totals);
    heap_free(heap, picture->totals_before);
    heap_free(heap, picture->colors);
    vec_free(heap, &picture->layout.frames);
    vec_free(heap, &picture->legend.entries);
    strbuf_end(picture->text);
    heap_free(heap, picture->text);
}
