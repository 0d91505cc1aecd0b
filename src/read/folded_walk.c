/*
 * folded_walk: names of frames, from the line before or by looking them up; then their nodes.
 */
#include "read/folded_walk.h"

/* Where names that followed do not come again, as in random stacks, they are asked for seldom: 5 to
 * 8 % less time for 300,000 of these. */
enum { LUCK_MOST = 64, SELDOM = 16 };

void folded_walk_init(struct folded_walk *walk, struct tree *tree)
{
    *walk = (struct folded_walk){.tree = tree};
    queue_init(&walk->queue, tree);
    queue_init(&walk->arrivals, tree);
}

/* How many bytes two stacks start with alike. */
static size_t shared_bytes(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n, same = 0;
    while (same + 8 <= n && memcmp(a.p + same, b.p + same, 8) == 0)
        same += 8;
    while (same < n && a.p[same] == b.p[same])
        same++;
    return same;
}

/* How many steps of the last stack `stack` starts with. */
static size_t shared_steps(const struct folded_walk *walk, str stack)
{
    size_t same = shared_bytes(walk->last, stack);
    size_t count = walk->steps.n;
    while (count > 0) {
        size_t end = walk->steps.at[count - 1].end;
        bool ends_here = end == stack.n || (end < stack.n && stack.p[end] == ';');
        if (end <= same && ends_here)
            break;
        count--;
    }
    return count;
}

/* Behind a function mostly stands the one that stood there last: 64 of 100 times in a build of
 * rustc, and it takes a third as long to see that as to look a name up. */
static bool follows(const struct folded_walk *walk, uint32_t name, str stack, size_t at)
{
    str expected = frames_text(&walk->tree->frames, name);
    size_t end = at + expected.n;
    return end <= stack.n && (end == stack.n || stack.p[end] == ';') &&
           memcmp(stack.p + at, expected.p, expected.n) == 0;
}

/* For all names that there are. 0 is the root's, which nothing is known of then. */
static void grow_followers(struct folded_walk *walk)
{
    size_t n = walk->follower.n;
    vec_reserve(walk->tree->heap, &walk->follower, frames_count(&walk->tree->frames) - n);
    walk->follower.n = walk->follower.cap;
    memset(walk->follower.at + n, 0, (walk->follower.n - n) * sizeof *walk->follower.at);
}

/* The name of the frame at stack[at], *end behind it. */
static uint32_t next_name(struct folded_walk *walk, uint32_t before, str stack, size_t at,
                          size_t *end)
{
    if (before >= walk->follower.n)
        grow_followers(walk);
    bool tries = walk->luck > 0 || ++walk->turn % SELDOM == 0;
    uint32_t name = tries ? walk->follower.at[before] : 0;
    if (name != 0 && follows(walk, name, stack, at)) {
        *end = at + frames_text(&walk->tree->frames, name).n;
        walk->luck = LUCK_MOST;
        return name;
    }
    walk->luck -= walk->luck > 0;
    *end = str_find(stack, ';', at);
    name = tree_frame(walk->tree, str_cut(stack, at, *end));
    if (tries)
        walk->follower.at[before] = name;
    return name;
}

/* From now on the queue knows the nodes of stacks. */
static void start_queue(struct folded_walk *walk)
{
    struct heap *heap = walk->tree->heap;
    for (size_t i = 0; i < walk->steps.n; i++)
        vec_push(heap, &walk->queue.path, walk->steps.at[i].node);
    walk->queued = true;
}

/* The steps from `shared` on are new. */
static void add_to_tree(struct folded_walk *walk, size_t shared, const struct queue_weight *weight)
{
    uint32_t node = shared > 0 ? walk->steps.at[shared - 1].node : TREE_ROOT;
    for (size_t i = shared; i < walk->steps.n; i++) {
        node = tree_child(walk->tree, node, walk->steps.at[i].name);
        walk->steps.at[i].node = node;
    }
    queue_add_weight(walk->tree, node, weight);
}

static void add_to_queue(struct folded_walk *walk, size_t shared, const struct queue_weight *weight)
{
    struct queue_stack *queued = queue_push(&walk->queue, shared);
    vec_reserve(walk->tree->heap, &queued->names, walk->steps.n - shared);
    for (size_t i = shared; i < walk->steps.n; i++)
        queued->names.at[queued->names.n++] = walk->steps.at[i].name;
    queued->weight = *weight;
}

static void add_to_parcel(struct folded_walk *walk, size_t shared,
                          const struct queue_weight *weight)
{
    uint32_t at;
    if (walk->steps.n > UINT32_MAX)
        heap_give_up(walk->tree->heap);
    struct parcel_stack stack = {
        .n = (uint32_t)(walk->steps.n - shared),
        .shared = (uint32_t)shared,
        .weight = weight->units,
        .decimals = weight->decimals,
    };
    uint32_t *names = parcel_add(walk->parcel, &stack, &at);
    for (size_t i = shared; i < walk->steps.n; i++)
        *names++ = walk->steps.at[i].name;
}

void folded_walk_add(struct folded_walk *walk, str stack, const struct queue_weight *weight)
{
    struct heap *heap = walk->tree->heap;
    size_t shared = shared_steps(walk, stack), at = 0;
    struct step step = {.name = 0};
    walk->steps.n = shared;
    if (shared > 0) {
        step.name = walk->steps.at[shared - 1].name;
        at = walk->steps.at[shared - 1].end + 1;
    }
    for (; at <= stack.n; at = step.end + 1) {
        step.name = next_name(walk, step.name, stack, at, &step.end);
        vec_push(heap, &walk->steps, step);
    }
    walk->last = stack;
    if (walk->parcel) {
        add_to_parcel(walk, shared, weight);
    } else if (walk->queued) {
        add_to_queue(walk, shared, weight);
    } else {
        add_to_tree(walk, shared, weight);
        if (queue_is_worth(walk->tree))
            start_queue(walk);
    }
}

/* What comes next is whole: nothing in front of it is in that parcel. */
void folded_walk_send(struct folded_walk *walk, struct parcel *parcel)
{
    walk->parcel = parcel;
    walk->last = STR("");
    walk->steps.n = 0;
}

void folded_walk_take_in(struct folded_walk *walk, const struct parcel *parcel,
                         const uint32_t *names)
{
    for (uint32_t at = 0; at < parcel->words.n;) {
        struct parcel_stack sent = parcel_get(parcel, at);
        struct queue_stack *stack = queue_push(&walk->arrivals, sent.shared);
        at += PARCEL_HEAD;
        vec_reserve(walk->tree->heap, &stack->names, sent.n);
        for (uint32_t i = 0; i < sent.n; i++)
            stack->names.at[stack->names.n++] = names[parcel->words.at[at + i]];
        at += sent.n;
        stack->weight = (struct queue_weight){.units = sent.weight, .decimals = sent.decimals};
        stack->weight.has_units = true;
    }
}

void folded_walk_keep(struct folded_walk *walk)
{
    size_t n = walk->last.n;
    walk->kept.n = 0;
    vec_reserve(walk->tree->heap, &walk->kept, n);
    if (n > 0)
        memmove(walk->kept.at, walk->last.p, n);
    walk->last = str_of(walk->kept.at, n);
}

void folded_walk_end(struct folded_walk *walk)
{
    struct heap *heap = walk->tree->heap;
    queue_flush(&walk->queue);
    queue_flush(&walk->arrivals);
    queue_end(&walk->queue);
    queue_end(&walk->arrivals);
    vec_free(heap, &walk->follower);
    vec_free(heap, &walk->kept);
    vec_free(heap, &walk->steps);
}
