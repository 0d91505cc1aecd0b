/* SPDX-License-Identifier: MIT */
/*
 * function_changes: see comparison.h. The changes of functions, and which change explains which.
 */
#include <math.h>
#include <stdlib.h>

#include "compare/comparison.h"
#include "profile/sibling_order.h"

/* ---- judging ---- */

static bool has_row_weight(const double *weights, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (weights[i] > 0)
            return true;
    return false;
}

/* Totals and selves are judged as one family of tests. */
static void judge_functions(struct function_changes *functions, const struct judge *judge)
{
    size_t n = functions->n;
    struct change *changes = heap_alloc(functions->heap, n * 2, sizeof *changes);
    for (size_t i = 0; i < n; i++) {
        changes[i] = functions->at[i].total;
        changes[n + i] = functions->at[i].self;
    }
    functions->tests = judge_together(judge, changes, n * 2);
    for (size_t i = 0; i < n; i++) {
        functions->at[i].total = changes[i];
        functions->at[i].self = changes[n + i];
    }
    heap_free(functions->heap, changes);
}

/* Functions are in the order of their names, so that ties have one result. */
static void list_functions(struct function_changes *functions, const struct judge *judge,
                           const double *totals, const double *selves)
{
    double *total_squares = run_set_function_squares(judge->set, false);
    double *self_squares = run_set_function_squares(judge->set, true);
    size_t runs = judge->set->runs.n;
    uint32_t count = frames_count(&judge->set->tree.frames);
    uint32_t *sorted = sibling_order_sort_names(&judge->set->tree.frames.texts, functions->heap);
    functions->at = heap_alloc(functions->heap, count, sizeof *functions->at);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t name = sorted[i];
        if (!has_row_weight(totals + name * runs, runs))
            continue;
        struct function_change *function = &functions->at[functions->n++];
        *function = (struct function_change){.name = name,
                                             .cause = FUNCTION_NONE,
                                             .move.other = FUNCTION_NONE,
                                             .self_move.other = FUNCTION_NONE};
        judge_one(judge, totals + name * runs, total_squares ? total_squares + name * runs : NULL,
                  &function->total);
        judge_one(judge, selves + name * runs, self_squares ? self_squares + name * runs : NULL,
                  &function->self);
    }
    heap_free(functions->heap, self_squares);
    heap_free(functions->heap, total_squares);
    heap_free(functions->heap, sorted);
}

/* ---- causes ---- */

/* A node of the callee whose parent is an outermost node of the caller. */
struct link {
    uint32_t caller, callee; /* places */
    uint32_t node;           /* of the callee */
};

struct links {
    VEC(struct link) list;
};

static int compare_change_links(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    if (x->caller != y->caller)
        return x->caller < y->caller ? -1 : 1;
    if (x->callee != y->callee)
        return x->callee < y->callee ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static bool changed_alike(const struct change *a, const struct change *b)
{
    return change_is_real(a) && change_is_real(b) && a->verdict != CHANGE_MOVED &&
           b->verdict != CHANGE_MOVED && (a->after > a->before) == (b->after > b->before);
}

static void find_links(const struct function_changes *functions, const struct judge *judge,
                       struct links *links)
{
    const struct run_set *set = judge->set;
    const struct tree *tree = &set->tree;
    uint32_t names = frames_count(&tree->frames);
    uint32_t *place = heap_alloc(functions->heap, names, sizeof *place);
    memset(place, 0xff, names * sizeof *place);
    for (uint32_t i = 0; i < functions->n; i++)
        place[functions->at[i].name] = i;
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        struct link link = {place[tree->frame[parent]], place[tree->frame[node]], node};
        if (parent == TREE_ROOT || !set->outermost[parent] || link.caller == link.callee ||
            link.caller == FUNCTION_NONE || link.callee == FUNCTION_NONE ||
            function_is_bucket(judge, &functions->at[link.callee]))
            continue;
        if (changed_alike(&functions->at[link.caller].total, &functions->at[link.callee].total))
            vec_push(functions->heap, &links->list, link);
    }
    if (links->list.n > 0)
        qsort(links->list.at, links->list.n, sizeof *links->list.at, compare_change_links);
    heap_free(functions->heap, place);
}

/* Follow the causes of a function to the last one. last[] has for each function its cause or a
 * later one, or itself; it is set to the last cause for all functions on the way. */
static uint32_t last_cause(uint32_t *last, uint32_t place)
{
    uint32_t end = place;
    while (last[end] != end)
        end = last[end];
    while (last[place] != end) {
        uint32_t next = last[place];
        last[place] = end;
        place = next;
    }
    return end;
}

/* Whether the caller changed by noise only without the callee, and by at least half as much as the
 * callee with it. `weights` is room for one weight of each run. */
static bool explains_caller(const struct function_changes *functions, const struct judge *judge,
                            const double *totals, const struct link *links, size_t n,
                            double *weights)
{
    const struct run_set *set = judge->set;
    const struct function_change *caller = &functions->at[links->caller];
    struct change rest;
    if (fabs(change_effect(judge, &caller->total)) * 2 <
        fabs(change_effect(judge, &functions->at[links->callee].total)))
        return false;
    for (size_t r = 0; r < set->runs.n; r++) {
        const struct run *run = &set->runs.at[r];
        uint64_t by_callee = 0;
        for (size_t i = 0; i < n; i++)
            num_add_most(&by_callee, run->whole[links[i].node]);
        weights[r] = totals[caller->name * set->runs.n + r];
        weights[r] = fmax(0, weights[r] - run_set_weight(set, by_callee));
    }
    judge_one(judge, weights, NULL, &rest);
    return rest.p > judge->level;
}

/* The callee that explains the caller of links[0, n), or FUNCTION_NONE. If several can, it is the
 * one whose change is most certain. A function never explains itself, not even through others. */
static uint32_t find_cause(const struct function_changes *functions, const struct judge *judge,
                           const double *totals, const struct link *links, size_t n, uint32_t *last,
                           double *weights)
{
    uint32_t cause = FUNCTION_NONE;
    double most = 0;
    for (size_t at = 0, end; at < n; at = end) {
        uint32_t callee = links[at].callee;
        for (end = at + 1; end < n && links[end].callee == callee;)
            end++;
        double sure = fabs(change_sure(judge, &functions->at[callee].total));
        if (cause != FUNCTION_NONE && sure <= most)
            continue;
        if (last_cause(last, callee) != links->caller &&
            explains_caller(functions, judge, totals, links + at, end - at, weights)) {
            cause = callee;
            most = sure;
        }
    }
    return cause;
}

static void find_causes(struct function_changes *functions, const struct judge *judge,
                        const double *totals)
{
    struct links links = {{0}};
    double *weights = heap_alloc(functions->heap, judge->set->runs.n, sizeof *weights);
    uint32_t *last = heap_alloc(functions->heap, functions->n, sizeof *last);
    for (uint32_t i = 0; i < functions->n; i++)
        last[i] = i;
    find_links(functions, judge, &links);
    for (size_t at = 0, end; at < links.list.n; at = end) {
        uint32_t caller = links.list.at[at].caller;
        for (end = at + 1; end < links.list.n && links.list.at[end].caller == caller;)
            end++;
        uint32_t cause = find_cause(functions, judge, totals, links.list.at + at, end - at, last,
                                    weights);
        functions->at[caller].cause = cause;
        last[caller] = cause == FUNCTION_NONE ? caller : cause;
    }
    heap_free(functions->heap, last);
    heap_free(functions->heap, weights);
    vec_free(functions->heap, &links.list);
}

/* ---- order ---- */

struct rank {
    bool called;
    bool last;     /* it moved, or is a bucket like [unknown]: it comes after the others */
    double sure;   /* of the last cause */
    uint32_t root; /* its place */
    uint32_t steps;
    double effect;
    uint32_t place;
    str name;
};

static int compare_change_ranks(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    if (x->called != y->called)
        return x->called ? -1 : 1;
    if (x->last != y->last)
        return x->last ? 1 : -1;
    if (x->sure != y->sure)
        return x->sure > y->sure ? -1 : 1;
    if (x->root != y->root)
        return x->root < y->root ? -1 : 1;
    if (x->steps != y->steps)
        return x->steps < y->steps ? -1 : 1;
    if (x->effect != y->effect)
        return x->effect > y->effect ? -1 : 1;
    return str_compare(x->name, y->name);
}

/* The last cause of each function, and how many steps away it is. All functions on the way learn
 * theirs. */
static void find_roots(const struct function_changes *functions, struct rank *ranks)
{
    for (uint32_t i = 0; i < functions->n; i++)
        ranks[i].root = functions->at[i].cause == FUNCTION_NONE ? i : FUNCTION_NONE;
    for (uint32_t i = 0; i < functions->n; i++) {
        uint32_t at = i, steps = 0;
        for (; ranks[at].root == FUNCTION_NONE; at = functions->at[at].cause)
            steps++;
        uint32_t root = ranks[at].root;
        steps += ranks[at].steps;
        for (at = i; ranks[at].root == FUNCTION_NONE; at = functions->at[at].cause) {
            ranks[at].root = root;
            ranks[at].steps = steps--;
        }
    }
}

/* Noise is ranked by its size. */
static uint32_t *make_order(const struct function_changes *functions, const struct judge *judge,
                            bool self)
{
    struct heap *heap = functions->heap;
    struct rank *ranks = heap_zero(heap, functions->n, sizeof *ranks);
    uint32_t *order = heap_alloc(heap, functions->n, sizeof *order);
    for (uint32_t i = 0; i < functions->n; i++)
        ranks[i].root = i;
    if (!self)
        find_roots(functions, ranks);
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[i];
        const struct change *change = self ? &function->self : &function->total;
        const struct function_change *root = &functions->at[ranks[i].root];
        ranks[i].called = change_is_real(change);
        ranks[i].last = ranks[i].called &&
                        (change->verdict == CHANGE_MOVED || function_is_bucket(judge, function));
        ranks[i].effect = fabs(change_effect(judge, change));
        ranks[i].place = i;
        ranks[i].name = function_name(judge, function);
        if (ranks[i].called)
            ranks[i].sure = fabs(change_sure(judge, self ? &root->self : &root->total));
        else
            ranks[i].root = 0;
    }
    qsort(ranks, functions->n, sizeof *ranks, compare_change_ranks);
    for (uint32_t i = 0; i < functions->n; i++)
        order[i] = ranks[i].place;
    heap_free(heap, ranks);
    return order;
}

void function_changes_make(struct function_changes *functions, struct judge *judge,
                           const struct run_set *set, const struct judge_options *options)
{
    *functions = (struct function_changes){.heap = set->heap};
    double *totals = run_set_functions(set, false), *selves = run_set_functions(set, true);
    double *squares = run_set_function_squares(set, true);
    judge_init(judge, set, options, selves, squares);
    list_functions(functions, judge, totals, selves);
    judge_functions(functions, judge);
    function_moves_find(functions, judge, totals, selves);
    find_causes(functions, judge, totals);
    functions->by_total = make_order(functions, judge, false);
    functions->by_self = make_order(functions, judge, true);
    heap_free(set->heap, squares);
    heap_free(set->heap, totals);
    heap_free(set->heap, selves);
}

str function_name(const struct judge *judge, const struct function_change *function)
{
    return frames_text(&judge->set->tree.frames, function->name);
}

bool function_is_bucket(const struct judge *judge, const struct function_change *function)
{
    return str_starts(function_name(judge, function), STR("[unknown"));
}
