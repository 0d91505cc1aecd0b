/* SPDX-License-Identifier: MIT */
/*
 * speedscope_writer: frames first, so that readers need one pass; then the stacks in the order of
 * folded ones, and their weights in the same order.
 */
#include "format/speedscope/speedscope.h"

#include "profile/sibling_order.h"

struct speedscope_writer {
    const struct tree *tree;
    struct sink *sink;
    struct sibling_order order;
    uint32_t *places;     /* by frame: its place among the frames of the file */
    VEC(uint32_t) frames; /* of the current stack, leaf first */
};

static const struct {
    str unit, name;
} unit_names[] = {
    {STR_INIT("ns"), STR_INIT("nanoseconds")},  {STR_INIT("us"), STR_INIT("microseconds")},
    {STR_INIT("ms"), STR_INIT("milliseconds")}, {STR_INIT("s"), STR_INIT("seconds")},
    {STR_INIT("bytes"), STR_INIT("bytes")},
};

static str speedscope_unit_name(str unit)
{
    str known = quantity_unit(unit);
    for (size_t i = 0; i < sizeof unit_names / sizeof unit_names[0]; i++)
        if (str_equal(unit_names[i].unit, known))
            return unit_names[i].name;
    return STR("none");
}

static void put_speedscope_frame(struct speedscope_writer *w, const struct frame *frame)
{
    sink_lit(w->sink, "{\"name\":\"");
    sink_json(w->sink, frame_bare_name(frame));
    if (frame->marked)
        sink_json(w->sink, str_skip(frame->text, frame->name.n));
    sink_lit(w->sink, "\"");
    if (frame->file.n > 0) {
        sink_lit(w->sink, ",\"file\":\"");
        sink_json(w->sink, frame->file);
        sink_lit(w->sink, "\"");
    }
    if (frame->line > 0) {
        sink_lit(w->sink, ",\"line\":");
        sink_u64(w->sink, frame->line);
    }
    sink_lit(w->sink, "}");
}

/* The frames of all nodes, sorted by their texts. */
static void put_speedscope_frames(struct speedscope_writer *w)
{
    enum { UNUSED, USED };
    const struct tree *tree = w->tree;
    uint32_t *sorted = sibling_order_sort_names(&tree->frames.texts, tree->heap), n = 0;
    for (uint32_t node = 1; node < tree->n; node++)
        if (tree->frame[node] != TREE_GAP)
            w->places[tree->frame[node]] = USED;
    for (uint32_t i = 0; i < frames_count(&tree->frames); i++) {
        uint32_t id = sorted[i];
        if (w->places[id] == UNUSED)
            continue;
        struct frame frame = frames_get(&tree->frames, id);
        sink_bytes(w->sink, n > 0 ? STR(",\n") : STR("\n"));
        put_speedscope_frame(w, &frame);
        w->places[id] = n++;
    }
    heap_free(tree->heap, sorted);
}

static void put_speedscope_stack(struct speedscope_writer *w, uint32_t node)
{
    const struct tree *tree = w->tree;
    w->frames.n = 0;
    for (; node != TREE_ROOT; node = tree->parent[node])
        if (tree->frame[node] != TREE_GAP)
            vec_push(tree->heap, &w->frames, w->places[tree->frame[node]]);
    sink_lit(w->sink, "[");
    for (size_t i = w->frames.n; i-- > 0;) {
        sink_u64(w->sink, w->frames.at[i]);
        if (i > 0)
            sink_lit(w->sink, ",");
    }
    sink_lit(w->sink, "]");
}

/* Write the stack, or the weight, of each stack with weight. */
static void put_list(struct speedscope_writer *w, bool stacks)
{
    const struct tree *tree = w->tree;
    bool first = true;
    for (uint32_t node = TREE_ROOT; node != TREE_NONE;
         node = sibling_order_next(&w->order, tree, node)) {
        if (!tree_has_weight(tree, node))
            continue;
        sink_bytes(w->sink, first ? STR("\n") : STR(",\n"));
        first = false;
        if (stacks)
            put_speedscope_stack(w, node);
        else
            sink_decimal(w->sink, tree->weight[0][node], tree->decimals);
    }
}

void speedscope_write(const struct tree *tree, const struct profile *profile, struct sink *sink)
{
    struct heap *heap = tree->heap;
    struct speedscope_writer w = {.tree = tree, .sink = sink};
    str name = profile ? profile->value_type.name : STR("");
    w.places = heap_zero(heap, frames_count(&tree->frames), sizeof *w.places);
    sibling_order_make(&w.order, tree, tree->in_order ? ORDER_INPUT : ORDER_NAME, NULL);
    sink_lit(sink, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n"
                   "\"exporter\":\"flametree " PACKAGE_VERSION
                   "\",\"activeProfileIndex\":0,\n\"shared\":{\"frames\":[");
    put_speedscope_frames(&w);
    sink_lit(sink, "]},\n\"profiles\":[{\"type\":\"sampled\",\"name\":\"");
    sink_json(sink, name.n > 0 ? name : STR("samples"));
    sink_lit(sink, "\",\"unit\":\"");
    sink_bytes(sink, speedscope_unit_name(profile ? profile->value_type.unit : STR("")));
    sink_lit(sink, "\",\"startValue\":0,\"endValue\":");
    sink_decimal(sink, tree_sum(tree, 0), tree->decimals);
    sink_lit(sink, ",\n\"samples\":[");
    put_list(&w, true);
    sink_lit(sink, "],\n\"weights\":[");
    put_list(&w, false);
    sink_lit(sink, "]}]}\n");
    heap_free(heap, w.places);
    sibling_order_end(&w.order, heap);
    vec_free(heap, &w.frames);
}
