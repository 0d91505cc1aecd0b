/* SPDX-License-Identifier: MIT */
/*
 * flamediff_tags: flamediff --each-tag: the weight of each value of a label. If the input has
 * labels, the reader begins each stack with "KEY=value"; folded stacks begin with it already.
 *
 *      endpoint=/feed;java;read 5            /feed    5        java;read 5
 *      endpoint=/cart;java;read 3      ──►   /cart    7   and  java;read 3
 *      endpoint=/cart;java;write 4                             java;write 4
 */
#include <stdlib.h>

#include "cli/flamediff.h"
#include "profile/tree_map.h"

static bool check_key(const struct flamediff *f, struct err *err)
{
    size_t n = strlen(f->each_tag);
    return (n > 0 && !strpbrk(f->each_tag, "=,;")) ||
           err_set(err, ERR_USAGE, "--each-tag needs the key of one label, not '%.60s'",
                   f->each_tag);
}

/* The readers add the frame KEY=value. */
bool flamediff_prepare_tags(struct flamediff *f)
{
    struct sink roots;
    if (!f->each_tag)
        return true;
    if (!check_key(f, &f->program.err))
        return false;
    sink_open_memory(&roots, &f->program.heap);
    sink_bytes(&roots, str_from_c(f->each_tag));
    sink_byte(&roots, '=');
    size_t n = sink_text(&roots).n;
    if (f->input.tag_root) {
        sink_byte(&roots, ',');
        sink_bytes(&roots, str_from_c(f->input.tag_root));
    }
    f->input.tag_root = arena_copy_c(&f->arena, sink_text(&roots));
    f->tag_start = str_of(f->input.tag_root, n);
    return true;
}

/* "KEY=value", or the frame that readers add for a sample without the label. */
static bool is_tag(const struct flamediff *f, str name, str *value)
{
    str start = f->tag_start, none = str_skip(name, start.n - 1 < name.n ? start.n - 1 : name.n);
    *value = str_starts(name, start) ? str_skip(name, start.n) : STR("");
    return str_starts(name, start) ||
           (str_starts(name, str_head(start, start.n - 1)) && str_equal(none, STR(": none")));
}

static void add_tag_weight(struct flamediff *f, struct flamediff_run *run, str value,
                           uint64_t units)
{
    double weight = num_of_units(units, run->tree.decimals);
    for (size_t i = 0; i < run->tags.n; i++)
        if (str_equal(run->tags.at[i].value, value)) {
            run->tags.at[i].weight += weight;
            return;
        }
    struct tag_weight tag = {arena_copy(&f->arena, value), weight};
    vec_push(&f->program.heap, &run->tags, tag);
}

/* Sum up the weight of each value of the label in a run, and remove the frames of the values. A
 * stack that has no other frame keeps it. */
void flamediff_cut_tags(struct flamediff *f, struct flamediff_run *run)
{
    struct tree *tree = &run->tree, cut;
    struct tree_rebuild rebuild;
    bool any = false;
    str value;
    if (!f->each_tag)
        return;
    uint64_t *totals = tree_totals(tree, 0);
    bool *is_first = heap_zero(tree->heap, tree->n, sizeof *is_first);
    tree_rebuild_init(&rebuild, tree);
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        is_first[node] = parent == TREE_ROOT && is_tag(f, tree_text(tree, node), &value);
        if (is_first[node] && value.n > 0)
            add_tag_weight(f, run, value, totals[node]);
        rebuild.lands[node] = node;
        rebuild.above[node] = is_first[parent] ? TREE_ROOT : parent;
        any |= is_first[node];
    }
    heap_free(tree->heap, totals);
    heap_free(tree->heap, is_first);
    if (any) {
        tree_rebuild_make(&rebuild, &cut, tree);
        tree_end(tree);
        *tree = cut;
    }
    tree_rebuild_end(&rebuild);
}

static int compare_tag_values(const void *a, const void *b)
{
    const struct tag_weight *x = a, *y = b;
    return str_compare(x->value, y->value);
}

static double weight_of(const struct flamediff_run *run, str value)
{
    const struct tag_weight wanted = {.value = value}, *found = NULL;
    if (run->tags.n > 0)
        found = bsearch(&wanted, run->tags.at, run->tags.n, sizeof wanted, compare_tag_values);
    return found ? found->weight : 0;
}

bool flamediff_add_values(struct flamediff *f)
{
    struct heap *heap = &f->program.heap;
    VEC(struct tag_weight) all = {0};
    if (!f->each_tag)
        return true;
    for (size_t r = 0; r < f->runs.n; r++) {
        struct flamediff_run *run = &f->runs.at[r];
        if (run->tags.n > 0)
            qsort(run->tags.at, run->tags.n, sizeof *run->tags.at, compare_tag_values);
        vec_append(heap, &all, &run->tags);
    }
    if (all.n == 0)
        return err_set(&f->program.err, ERR_INPUT,
                       "--each-tag: no sample has the label '%.60s', and no stack begins with "
                       "%.60s=VALUE",
                       f->each_tag, f->each_tag);
    qsort(all.at, all.n, sizeof *all.at, compare_tag_values);
    double *weights = heap_alloc(heap, f->runs.n, sizeof *weights);
    for (size_t i = 0; i < all.n; i++) {
        if (i > 0 && str_equal(all.at[i].value, all.at[i - 1].value))
            continue;
        for (size_t r = 0; r < f->runs.n; r++)
            weights[r] = weight_of(&f->runs.at[r], all.at[i].value);
        comparison_add_value(&f->comparison, all.at[i].value, weights);
    }
    comparison_judge_values(&f->comparison, str_from_c(f->each_tag));
    heap_free(heap, weights);
    return true;
}

/* ---- idle ---- */

/* --focus leaves out idle stacks as well. */
void flamediff_warn_of_idle(struct flamediff *f)
{
    double idle[SIDES] = {0, 0}, all[SIDES] = {0, 0};
    if (f->filter.focus.values.n > 0)
        return;
    for (size_t r = 0; r < f->runs.n; r++) {
        const struct flamediff_run *run = &f->runs.at[r];
        idle[run->side] += run->idle;
        all[run->side] += run->idle + num_of_units(tree_sum(&run->tree, 0), run->tree.decimals);
    }
    double before = all[SIDE_BEFORE] > 0 ? idle[SIDE_BEFORE] / all[SIDE_BEFORE] * 100 : 0;
    double after = all[SIDE_AFTER] > 0 ? idle[SIDE_AFTER] / all[SIDE_AFTER] * 100 : 0;
    if (before + after > 0 && f->series)
        program_warn(&f->program, "left out idle stacks, %.1f %% of the weight (--idle keeps them)",
                     before);
    else if (before + after > 0)
        program_warn(&f->program,
                     "left out idle stacks, %.1f %% of the weight before and %.1f %% after "
                     "(--idle keeps them)",
                     before, after);
}
