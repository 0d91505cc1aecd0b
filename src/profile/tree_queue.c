/*
 * tree_queue: looking ahead changes nothing, so that it may be wrong: about a stack that another
 * one in the queue brings into the tree, or about what stands in front of the shared frames.
 */
#include "profile/tree_queue.h"

void tree_queue_init(struct tree_queue *queue, struct tree *tree)
{
    *queue = (struct tree_queue){.tree = tree};
}

/* One step further down, as far as the table knows it. */
static void look_ahead(const struct tree *tree, struct tree_queue_stack *stack)
{
    if (stack->ahead == TREE_NONE || stack->steps == stack->frames.n)
        return;
    stack->ahead = tree_peek(tree, stack->ahead, stack->frames.at[stack->steps]);
    stack->steps++;
    if (stack->ahead != TREE_NONE && stack->steps < stack->frames.n)
        tree_fetch(tree, stack->ahead, stack->frames.at[stack->steps]);
}

static void start_looking(const struct tree_queue *queue, struct tree_queue_stack *stack)
{
    size_t shared = stack->shared;
    stack->steps = 0;
    stack->ahead = TREE_NONE;
    if (shared <= queue->path.n && stack->frames.n > 0) {
        stack->ahead = shared > 0 ? queue->path.at[shared - 1] : TREE_ROOT;
        tree_fetch(queue->tree, stack->ahead, stack->frames.at[0]);
    }
}

void tree_queue_add_weight(struct tree *tree, uint32_t node, const struct stack_weight *weight)
{
    if (weight->has_before)
        tree_add(tree, node, SIDE_BEFORE, weight->before, weight->before_decimals);
    if (weight->has_units)
        tree_add(tree, node, tree_after(tree), weight->units, weight->decimals);
}

/* The one that has waited longest. */
static void let_in(struct tree_queue *queue)
{
    struct tree *tree = queue->tree;
    struct tree_queue_stack *stack = &queue->stacks[queue->first];
    uint32_t node = stack->shared > 0 ? queue->path.at[stack->shared - 1] : TREE_ROOT;
    queue->path.n = stack->shared;
    vec_reserve(tree->heap, &queue->path, stack->frames.n);
    for (size_t i = 0; i < stack->frames.n; i++) {
        node = tree_child(tree, node, stack->frames.at[i]);
        queue->path.at[queue->path.n++] = node;
    }
    tree_queue_add_weight(tree, node, &stack->weight);
    if (stack->node)
        *stack->node = node;
    queue->first = (queue->first + 1) % TREE_QUEUE_PLACES;
    queue->n--;
}

struct tree_queue_stack *tree_queue_push(struct tree_queue *queue, size_t shared)
{
    for (unsigned i = 0; i + 1 < queue->n; i++)
        look_ahead(queue->tree, &queue->stacks[(queue->first + i) % TREE_QUEUE_PLACES]);
    if (queue->n > 0)
        start_looking(queue, &queue->stacks[(queue->first + queue->n - 1) % TREE_QUEUE_PLACES]);
    if (queue->n == TREE_QUEUE_PLACES)
        let_in(queue);
    struct tree_queue_stack *stack = &queue
                                          ->stacks[(queue->first + queue->n++) % TREE_QUEUE_PLACES];
    stack->frames.n = 0;
    stack->shared = shared;
    stack->weight = (struct stack_weight){0};
    stack->node = NULL;
    return stack;
}

void tree_queue_set_path(struct tree_queue *queue, const uint32_t *nodes, size_t n)
{
    vec_reserve(queue->tree->heap, &queue->path, n);
    if (n > 0)
        memcpy(queue->path.at, nodes, n * sizeof *nodes);
    queue->path.n = n;
}

void tree_queue_flush(struct tree_queue *queue)
{
    while (queue->n > 0)
        let_in(queue);
}

void tree_queue_end(struct tree_queue *queue)
{
    for (unsigned i = 0; i < TREE_QUEUE_PLACES; i++)
        vec_free(queue->tree->heap, &queue->stacks[i].frames);
    vec_free(queue->tree->heap, &queue->path);
}
