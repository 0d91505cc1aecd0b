/* SPDX-License-Identifier: MIT */
/*
 * api_tree: the places of a tree and its functions, for other programs.
 */
#include "api_inside.h"
#include "core/num.h"
#include "profile/functions.h"

/* The weights of a side by node or by frame; NULL: the tree lacks it. */
struct side_weights {
    uint64_t *self, *total;
};

struct walk_call {
    flametree_profile *profile;
    flametree_node_fn *visit;
    void *context;
    const char *sort; /* of functions */
    size_t top;
    struct side_weights sides[SIDES];
    struct err err;
};

static unsigned column_of_node_weight(const struct tree *tree, unsigned side)
{
    return side == SIDE_BEFORE ? SIDE_BEFORE : tree_after(tree);
}

static bool has_side(const struct tree *tree, unsigned side)
{
    return side == SIDE_AFTER || tree_has_sides(tree);
}

static void free_weights(struct walk_call *call)
{
    for (unsigned side = 0; side < SIDES; side++) {
        heap_free(&call->profile->heap, call->sides[side].self);
        heap_free(&call->profile->heap, call->sides[side].total);
    }
}

/* False: the caller ends the walk. `at` is a node or a frame, as in the weights. */
static bool visit_node(const struct walk_call *call, uint32_t id, uint32_t at, uint32_t depth,
                       uint64_t places)
{
    const struct side_weights *before = &call->sides[SIDE_BEFORE];
    struct frame frame = frames_get(&call->profile->profile.tree.frames, id);
    flametree_node node = {
        .name = api_text(frame.name),
        .module = api_text(frame.module),
        .file = api_text(frame.file),
        .line = frame.line,
        .depth = depth,
        .self = call->sides[SIDE_AFTER].self[at],
        .total = call->sides[SIDE_AFTER].total[at],
        .self_before = before->self ? before->self[at] : 0,
        .total_before = before->total ? before->total[at] : 0,
        .places = places,
    };
    return call->visit(call->context, &node);
}

/* ---- places ---- */

/* The weight of a gap is self weight of its parent. */
static uint64_t *sum_selves(const struct tree *tree, unsigned column)
{
    uint64_t *self = heap_alloc(tree->heap, tree->n, sizeof *self);
    memcpy(self, tree->weight[column], tree->n * sizeof *self);
    for (uint32_t node = 1; node < tree->n; node++)
        if (tree->frame[node] == TREE_GAP)
            num_add_most(&self[tree->parent[node]], self[node]);
    return self;
}

static void visit_places(const struct walk_call *call, const struct sibling_order *order)
{
    const struct tree *tree = &call->profile->profile.tree;
    uint32_t node = TREE_ROOT, depth = 0;
    while (node != TREE_NONE &&
           (tree->frame[node] == TREE_GAP || visit_node(call, tree->frame[node], node, depth, 1))) {
        if (order->first[node] == TREE_NONE) {
            node = sibling_order_leave(order, tree, node, TREE_ROOT, &depth);
        } else {
            node = order->first[node];
            depth++;
        }
    }
}

static bool walk_tree(void *arg)
{
    struct walk_call *call = arg;
    const struct tree *tree = &call->profile->profile.tree;
    struct sibling_order order;
    for (unsigned side = 0; side < SIDES; side++)
        if (has_side(tree, side))
            call->sides[side] = (struct side_weights){
                sum_selves(tree, column_of_node_weight(tree, side)),
                tree_totals(tree, column_of_node_weight(tree, side))};
    sibling_order_make(&order, tree, call->profile->in_order ? ORDER_INPUT : ORDER_NAME, NULL);
    visit_places(call, &order);
    sibling_order_end(&order, tree->heap);
    free_weights(call);
    return true;
}

bool flametree_walk(flametree_profile *profile, flametree_node_fn *visit_place, void *context,
                    flametree_error *error)
{
    struct walk_call call = {.profile = profile, .visit = visit_place, .context = context};
    return api_run(profile, walk_tree, &call, &call.err, error);
}

/* ---- functions ---- */

/* Make the functions of a side, and set `weights` to their self and total weights, by frame. */
static void weigh_functions(struct functions *functions, struct side_weights *weights,
                            const struct tree *tree, unsigned side, enum functions_by by)
{
    uint32_t count = frames_count(&tree->frames);
    uint64_t *totals = tree_totals(tree, column_of_node_weight(tree, side));
    functions_make(functions, tree, column_of_node_weight(tree, side), totals, by);
    weights->self = heap_zero(tree->heap, count, sizeof *weights->self);
    weights->total = heap_zero(tree->heap, count, sizeof *weights->total);
    for (size_t i = 0; i < functions->n; i++) {
        weights->self[functions->at[i].frame] = functions->at[i].self;
        weights->total[functions->at[i].frame] = functions->at[i].total;
    }
    heap_free(tree->heap, totals);
}

static bool visit_functions(void *arg)
{
    struct walk_call *call = arg;
    const struct tree *tree = &call->profile->profile.tree;
    struct functions functions[SIDES];
    unsigned by = FUNCTIONS_SELF;
    if (!api_find_name("sort", report_sort_names, "self, total, name", call->sort, &by, &call->err))
        return false;
    for (unsigned side = 0; side < SIDES; side++)
        if (has_side(tree, side))
            weigh_functions(&functions[side], &call->sides[side], tree, side,
                            (enum functions_by)by);
    const struct functions *after = &functions[SIDE_AFTER];
    for (size_t i = 0; i < after->n && (call->top == 0 || i < call->top); i++)
        if (!visit_node(call, after->at[i].frame, after->at[i].frame, 0, after->at[i].places))
            break;
    for (unsigned side = 0; side < SIDES; side++)
        if (has_side(tree, side))
            functions_end(&functions[side]);
    free_weights(call);
    return true;
}

bool flametree_top(flametree_profile *profile, const char *sort, size_t top,
                   flametree_node_fn *visit_function, void *context, flametree_error *error)
{
    struct walk_call call = {
        .profile = profile, .visit = visit_function, .context = context, .sort = sort, .top = top};
    return api_run(profile, visit_functions, &call, &call.err, error);
}
