/*
 * queue: looking ahead changes nothing, so that it may be wrong: about a stack that another one in
 * the queue brings into the tree, or about what stands in front of the shared frames.
 */
#include "stack/queue.h"

void queue_init(struct queue *queue, struct tree *tree)
{
    *queue = (struct queue){.tree = tree};
}

/* One step further down, as far as the table knows it. */
static void look_ahead(const struct tree *tree, struct queue_stack *stack)
{
    if (stack->ahead == TREE_NONE || stack->steps == stack->frames.n)
        return;
    stack->ahead = tree_peek(tree, stack->ahead, stack->frames.at[stack->steps]);
    stack->steps++;
    if (stack->ahead != TREE_NONE && stack->steps < stack->frames.n)
        tree_fetch(tree, stack->ahead, stack->frames.at[stack->steps]);
}

static void start_looking(const struct queue *queue, struct queue_stack *stack)
{
    size_t shared = stack->shared;
    stack->steps = 0;
    stack->ahead = TREE_NONE;
    if (shared <= queue->path.n && stack->frames.n > 0) {
        stack->ahead = shared > 0 ? queue->path.at[shared - 1] : TREE_ROOT;
        tree_fetch(queue->tree, stack->ahead, stack->frames.at[0]);
    }
}

void queue_add_weight(struct tree *tree, uint32_t node, const struct queue_weight *weight)
{
    if (weight->has_before)
        tree_add(tree, node, SIDE_BEFORE, weight->before, weight->before_decimals);
    if (weight->has_units)
        tree_add(tree, node, tree_after(tree), weight->units, weight->decimals);
}

/* The one that has waited longest. */
static void let_in(struct queue *queue)
{
    struct tree *tree = queue->tree;
    struct queue_stack *stack = &queue->stacks[queue->first];
    uint32_t node = stack->shared > 0 ? queue->path.at[stack->shared - 1] : TREE_ROOT;
    queue->path.n = stack->shared;
    vec_reserve(tree->heap, &queue->path, stack->frames.n);
    for (size_t i = 0; i < stack->frames.n; i++) {
        node = tree_child(tree, node, stack->frames.at[i]);
        queue->path.at[queue->path.n++] = node;
    }
    queue_add_weight(tree, node, &stack->weight);
    if (stack->node)
        *stack->node = node;
    queue->first = (queue->first + 1) % QUEUE_PLACES;
    queue->n--;
}

struct queue_stack *queue_push(struct queue *queue, size_t shared)
{
    for (unsigned i = 0; i + 1 < queue->n; i++)
        look_ahead(queue->tree, &queue->stacks[(queue->first + i) % QUEUE_PLACES]);
    if (queue->n > 0)
        start_looking(queue, &queue->stacks[(queue->first + queue->n - 1) % QUEUE_PLACES]);
    if (queue->n == QUEUE_PLACES)
        let_in(queue);
    struct queue_stack *stack = &queue->stacks[(queue->first + queue->n++) % QUEUE_PLACES];
    stack->frames.n = 0;
    stack->shared = shared;
    stack->weight = (struct queue_weight){0};
    stack->node = NULL;
    return stack;
}

void queue_set_path(struct queue *queue, const uint32_t *nodes, size_t n)
{
    vec_reserve(queue->tree->heap, &queue->path, n);
    if (n > 0)
        memcpy(queue->path.at, nodes, n * sizeof *nodes);
    queue->path.n = n;
}

void queue_flush(struct queue *queue)
{
    while (queue->n > 0)
        let_in(queue);
}

void queue_end(struct queue *queue)
{
    for (unsigned i = 0; i < QUEUE_PLACES; i++)
        vec_free(queue->tree->heap, &queue->stacks[i].frames);
    vec_free(queue->tree->heap, &queue->path);
}
