/* SPDX-License-Identifier: MIT */
/*
 * profile_rows: the rows of each view of a profile.
 */
#include <math.h>

#include "output/profile_report.h"
#include "profile/sibling_order.h"

static void add_profile_row(struct profile_rows *rows, struct profile_row row)
{
    vec_push(rows->heap, &rows->list, row);
}

/* ---- functions ---- */

static void add_profile_functions(struct profile_rows *rows, const struct profile_report *report,
                                  const uint64_t *totals)
{
    struct functions functions;
    struct profile_row more = {.kind = PROFILE_MORE, .whole = rows->sum};
    uint64_t running = 0;
    functions_make(&functions, report->tree, report->column, totals, report->by);
    for (size_t i = 0; i < functions.n; i++) {
        const struct function_row *function = &functions.at[i];
        if (report->top > 0 && i >= report->top) {
            num_add_most(&more.self, function->self);
            more.count++;
            continue;
        }
        num_add_most(&running, function->self);
        add_profile_row(rows, (struct profile_row){.frame = function->frame,
                                                   .count = function->places,
                                                   .self = function->self,
                                                   .total = function->total,
                                                   .running = running,
                                                   .whole = rows->sum});
    }
    more.running = running;
    num_add_most(&more.running, more.self);
    if (more.count > 0)
        add_profile_row(rows, more);
    functions_end(&functions);
}

/* ---- trees ---- */

/* Add one row with the sum of the children of a node that are too light to be shown. */
static void add_more_row(struct profile_rows *rows, const struct sibling_order *order,
                         const uint64_t *totals, uint64_t least, uint32_t parent, uint32_t depth)
{
    struct profile_row more = {.kind = PROFILE_MORE, .depth = depth, .whole = rows->sum};
    for (uint32_t child = order->first[parent]; child != TREE_NONE; child = order->next[child])
        if (totals[child] < least && totals[child] > 0) {
            num_add_most(&more.total, totals[child]);
            more.count++;
        }
    if (more.count > 0)
        add_profile_row(rows, more);
}

/* Children are in the order of their weight, so all children after a light one are light. */
static void add_profile_tree(struct profile_rows *rows, const struct profile_report *report,
                             const uint64_t *totals)
{
    const struct tree *tree = report->tree;
    struct sibling_order order;
    double least_units = ceil(report->least * (double)rows->sum);
    uint64_t least = least_units < 1 ? 1 : (uint64_t)least_units;
    uint32_t node = TREE_ROOT, depth = 0;
    sibling_order_make(&order, tree, ORDER_WEIGHT, totals);
    for (;;) {
        if (totals[node] >= least || node == TREE_ROOT) {
            if (tree->frame[node] != TREE_GAP)
                add_profile_row(rows,
                                (struct profile_row){.frame = tree->frame[node],
                                                     .depth = depth,
                                                     .count = 1,
                                                     .self = tree->weight[report->column][node],
                                                     .total = totals[node],
                                                     .whole = rows->sum});
            if (order.first[node] != TREE_NONE) {
                node = order.first[node];
                depth++;
                continue;
            }
        }
        while (node != TREE_ROOT &&
               (order.next[node] == TREE_NONE || totals[order.next[node]] < least)) {
            node = tree->parent[node];
            add_more_row(rows, &order, totals, least, node, depth--);
        }
        if (node == TREE_ROOT)
            break;
        node = order.next[node];
    }
    sibling_order_end(&order, tree->heap);
}

/* ---- neighbors ---- */

/* From link `i` on, all that have the same function and side. Returns the index after the last. */
static size_t add_links(struct profile_rows *rows, const struct function_row *function,
                        const struct function_links *links, size_t i, bool callees)
{
    for (; i < links->list.n; i++) {
        const struct function_link *link = &links->list.at[i];
        if (link->function != function->frame || link->callee != callees)
            break;
        add_profile_row(rows,
                        (struct profile_row){.kind = callees ? PROFILE_CALLEE : PROFILE_CALLER,
                                             .frame = link->neighbor,
                                             .depth = 1,
                                             .count = 1,
                                             .total = link->weight,
                                             .whole = function->total});
    }
    return i;
}

static void add_with_links(struct profile_rows *rows, const struct function_row *function,
                           const struct function_links *links, size_t first)
{
    size_t callees = add_links(rows, function, links, first, false);
    add_profile_row(rows, (struct profile_row){.frame = function->frame,
                                               .count = function->places,
                                               .self = function->self,
                                               .total = function->total,
                                               .whole = rows->sum});
    add_links(rows, function, links, callees, true);
}

static void add_neighbors(struct profile_rows *rows, const struct profile_report *report,
                          const uint64_t *totals)
{
    const struct tree *tree = report->tree;
    struct functions functions;
    struct function_links links;
    size_t *first = heap_zero(tree->heap, frames_count(&tree->frames), sizeof *first);
    size_t shown = 0;
    functions_make(&functions, tree, report->column, totals, report->by);
    function_links_make(&links, &functions, tree, totals, report->wanted);
    for (size_t i = links.list.n; i-- > 0;)
        first[links.list.at[i].function] = i;
    for (size_t i = 0; i < functions.n; i++) {
        const struct function_row *function = &functions.at[i];
        if (report->wanted[function->frame] && (report->top == 0 || shown++ < report->top))
            add_with_links(rows, function, &links, first[function->frame]);
    }
    heap_free(tree->heap, first);
    function_links_end(&links);
    functions_end(&functions);
}

/* ---- all views ---- */

void profile_rows_make(struct profile_rows *rows, const struct profile_report *report)
{
    const struct tree *tree = report->tree;
    uint64_t *totals = tree_totals(tree, report->column);
    *rows = (struct profile_rows){.heap = tree->heap, .sum = totals[TREE_ROOT]};
    double one = !report->profile || report->unit.n == 0
                     ? 0
                     : profile_sample_weight(report->profile,
                                             num_of_units(rows->sum, tree->decimals));
    rows->samples_per_unit = one > 0 ? 1 / one : 0;
    if (report->view == PROFILE_TREE || report->view == PROFILE_CALLERS) {
        add_profile_tree(rows, report, totals);
    } else if (report->view == PROFILE_FUNCTIONS) {
        add_profile_functions(rows, report, totals);
    } else {
        add_neighbors(rows, report, totals);
    }
    heap_free(tree->heap, totals);
}

void profile_rows_end(struct profile_rows *rows)
{
    vec_free(rows->heap, &rows->list);
}
