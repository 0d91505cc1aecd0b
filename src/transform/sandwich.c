/* SPDX-License-Identifier: MIT */
/*
 * sandwich: one pass over the nodes by number for the callees, and a walk up from each place for
 * the callers.
 */
#include "transform/sandwich.h"

#include "core/pattern.h"

enum { SHOWN = 200 };

static bool refuse_several(str regex, const char *option, str one, str other, struct err *err)
{
    return err_set(
        err, ERR_USAGE,
        "%s '%.*s' matches several functions, such as '%.*s' and '%.*s': '^name$' is one", option,
        STR_SHOWN(regex, SHOWN), STR_SHOWN(one, SHOWN), STR_SHOWN(other, SHOWN));
}

/* Mark the frames of the function. Frames that differ only in the mark of their kind are one
 * function. */
static bool find_sandwich_function(struct sandwich *s, const struct tree *from, const char *option,
                                   str regex, bool *wanted, struct err *err)
{
    uint32_t count = frames_count(&from->frames);
    struct pattern *pattern = pattern_compile(from->heap, option, regex, 0, err);
    bool good = pattern != NULL;
    s->name = (str){0};
    for (uint32_t id = 1; good && id < count; id++) {
        str name = frames_get(&from->frames, id).name;
        good = pattern_match(pattern, name, &wanted[id], err);
        if (good && wanted[id] && s->name.p && !str_equal(name, s->name))
            good = refuse_several(regex, option, s->name, name, err);
        if (good && wanted[id])
            s->name = name;
    }
    pattern_free(pattern);
    if (good && !s->name.p)
        return err_set(err, ERR_INPUT, "%s '%.*s' matches no function", option,
                       STR_SHOWN(regex, SHOWN));
    return good;
}

static void add_callers(struct tree *callers, const struct tree *from, uint32_t place,
                        uint64_t weight)
{
    uint32_t to = TREE_ROOT;
    for (uint32_t node = from->parent[place]; node != TREE_ROOT; node = from->parent[node])
        to = tree_child(callers, to, tree_copy_frame(callers, from, node));
    tree_add(callers, to, 0, weight, from->decimals);
}

/* to[node]: its place among the callees. */
static void add_nodes(struct sandwich *s, const struct tree *from, unsigned column,
                      const bool *wanted, const uint64_t *totals, uint32_t *to)
{
    to[TREE_ROOT] = TREE_NONE;
    for (uint32_t node = 1; node < from->n; node++) {
        uint32_t above = to[from->parent[node]], frame = from->frame[node];
        to[node] = above;
        if (above != TREE_NONE && frame != TREE_GAP) {
            to[node] = tree_child(&s->callees, above, tree_copy_frame(&s->callees, from, node));
        } else if (frame != TREE_GAP && wanted[frame]) {
            to[node] = TREE_ROOT;
            add_callers(&s->callers, from, node, totals[node]);
        }
        if (to[node] != TREE_NONE)
            tree_add(&s->callees, to[node], 0, from->weight[column][node], from->decimals);
    }
}

bool sandwich_make(struct sandwich *s, const struct tree *from, unsigned column, const char *option,
                   str regex, struct err *err)
{
    struct heap *heap = from->heap;
    bool *wanted = heap_zero(heap, frames_count(&from->frames), sizeof *wanted);
    bool good = find_sandwich_function(s, from, option, regex, wanted, err);
    tree_init(&s->callees, heap, from->seed);
    tree_init(&s->callers, heap, from->seed);
    if (good) {
        uint64_t *totals = tree_totals(from, column);
        uint32_t *to = heap_alloc(heap, from->n, sizeof *to);
        add_nodes(s, from, column, wanted, totals, to);
        heap_free(heap, to);
        heap_free(heap, totals);
        if (tree_sum(&s->callees, 0) == 0)
            good = err_set(err, ERR_INPUT, "%s: all counts of '%.*s' are 0", option,
                           STR_SHOWN(regex, SHOWN));
    }
    if (!good)
        sandwich_end(s);
    heap_free(heap, wanted);
    return good;
}

void sandwich_end(struct sandwich *s)
{
    tree_end(&s->callees);
    tree_end(&s->callers);
}
