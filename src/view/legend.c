/*
 * legend: weight is summed by group; groups are known by what palette_group() calls them.
 */
#include "view/legend.h"

#include <stdlib.h>

#include "core/utf8.h"

struct group {
    str label;
    str example; /* a name of it, for its colour */
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

static void collect(struct groups *groups, const struct tree *tree, const struct palette *palette)
{
    struct heap *heap = tree->heap;
    uint32_t count = intern_count(&tree->names);
    uint64_t *weight = heap_zero(heap, count, sizeof *weight);
    for (uint32_t node = 1; node < tree->n; node++)
        if (tree->name[node] != TREE_GAP)
            weight[tree->name[node]] += tree->self[node];
    for (uint32_t id = 0; id < count; id++) {
        if (weight[id] == 0)
            continue;
        str name = intern_name(&tree->names, id);
        rgb fixed;
        if (palette_fixed(name, &fixed))
            continue;
        struct group group = {palette_group(palette, name), name, 0};
        uint32_t known = intern_count(&groups->names);
        uint32_t place = intern_add(&groups->names, group.label);
        if (place == known)
            vec_push(heap, &groups->list, group);
        groups->list.at[place].weight += weight[id];
    }
    heap_free(heap, weight);
}

static size_t columns(str text)
{
    size_t n = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t code = utf8_next(text, &at);
        n += code == UTF8_BAD ? 1 : utf8_columns(code);
    }
    return n;
}

void legend_make(struct legend *legend, const struct tree *tree, const struct palette *palette,
                 const struct layout_options *options)
{
    struct groups groups = {0};
    struct heap *heap = tree->heap;
    *legend = (struct legend){.swatch = options->font};
    intern_init(&groups.names, heap, tree->seed);
    collect(&groups, tree, palette);
    if (groups.list.n > 0)
        qsort(groups.list.at, groups.list.n, sizeof *groups.list.at, compare_groups);
    double x = 10, character = options->font * options->fontwidth;
    for (size_t i = 0; i < groups.list.n; i++) {
        const struct group *group = &groups.list.at[i];
        double end = x + 1.5 * legend->swatch + (double)columns(group->label) * character;
        if (end > options->width - 10)
            break;
        struct shade middle = {{0.5, 0.5, 0.5}};
        struct legend_entry entry = {group->label, {0, 0, 0}, x};
        entry.color = palette_color(palette, group->example, &middle);
        vec_push(heap, &legend->entries, entry);
        x = end + 1.5 * options->font;
    }
    vec_free(heap, &groups.list);
    intern_end(&groups.names);
}
