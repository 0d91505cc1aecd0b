/* SPDX-License-Identifier: MIT */
/*
 * legend: see legend.h. Weight is summed by the labels of palette_group().
 */
#include "picture/legend.h"

#include <stdlib.h>

#include "picture/picture.h"

struct group {
    str label;
    rgb color;
    uint64_t weight;
};

struct groups {
    struct intern names;
    VEC(struct group) list;
};

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return str_compare(a->label, b->label);
}

/* The group of a frame. False when it is not part of the legend. */
static bool find_frame_group(const struct frame *frame, const struct palette *palette,
                             const struct color_given *given, struct group *group)
{
    rgb fixed;
    if (given && given->given) {
        *group = (struct group){given->label, given->swatch, 0};
        return true;
    }
    if (!palette->legend || palette_fixed(frame->text, &fixed))
        return false;
    *group = (struct group){palette_group(palette, frame),
                            palette_color(palette, frame, &shade_middle), 0};
    return true;
}

static void add_group(struct groups *groups, const struct group *group, uint64_t weight,
                      struct heap *heap)
{
    uint32_t known = intern_count(&groups->names);
    uint32_t place = intern_add(&groups->names, group->label);
    if (place == known)
        vec_push(heap, &groups->list, *group);
    groups->list.at[place].weight += weight;
}

/* Collect the groups of frames. Frames without self weight, in any of the values that the viewer
 * can switch to, count only for groups of the user. */
static void collect_groups(struct groups *groups, const struct tree *tree, unsigned column,
                           const struct palette *palette, const struct color_given *given)
{
    struct heap *heap = tree->heap;
    uint32_t count = frames_count(&tree->frames);
    uint64_t *weight = heap_zero(heap, count, sizeof *weight);
    bool *used = heap_zero(heap, count, sizeof *used);
    bool *weighs = heap_zero(heap, count, sizeof *weighs);
    for (uint32_t node = 1; node < tree->n; node++) {
        if (tree->frame[node] == TREE_GAP)
            continue;
        weight[tree->frame[node]] += tree->weight[column][node];
        used[tree->frame[node]] = true;
        weighs[tree->frame[node]] |= tree_has_weight(tree, node);
    }
    for (uint32_t id = 0; id < count; id++) {
        const struct color_given *mine = given ? &given[id] : NULL;
        struct group group;
        struct frame frame = frames_get(&tree->frames, id);
        if (used[id] && (weighs[id] || (mine && mine->given)) &&
            find_frame_group(&frame, palette, mine, &group))
            add_group(groups, &group, weight[id], heap);
    }
    heap_free(heap, weighs);
    heap_free(heap, used);
    heap_free(heap, weight);
}

void legend_make(struct legend *legend, const struct tree *tree, unsigned column,
                 const struct palette *palette, const struct color_given *given,
                 const struct layout_options *options)
{
    struct groups groups = {0};
    struct heap *heap = tree->heap;
    *legend = (struct legend){.swatch = options->font};
    intern_init(&groups.names, heap, tree->seed);
    collect_groups(&groups, tree, column, palette, given);
    if (groups.list.n > 0)
        qsort(groups.list.at, groups.list.n, sizeof *groups.list.at, compare_groups);
    double x = 10, character = options->font * options->fontwidth;
    for (size_t i = 0; i < groups.list.n; i++) {
        const struct group *group = &groups.list.at[i];
        double end = x + 1.5 * legend->swatch + (double)utf8_text_columns(group->label) * character;
        if (end > options->width - 10)
            break;
        struct legend_entry entry = {group->label, group->color, x};
        vec_push(heap, &legend->entries, entry);
        x = end + 1.5 * options->font;
    }
    vec_free(heap, &groups.list);
    intern_end(&groups.names);
}

size_t legend_find(const struct legend *legend, const struct frame *frame,
                   const struct palette *palette, const struct color_given *given)
{
    struct group group;
    size_t i = legend->entries.n;
    if (find_frame_group(frame, palette, given, &group))
        for (i = 0; i < legend->entries.n; i++)
            if (str_equal(legend->entries.at[i].label, group.label))
                break;
    return i;
}
