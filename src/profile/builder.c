/* SPDX-License-Identifier: MIT */
/*
 * builder: inserts stacks into the tree. It finds recent stacks by a hash of their frames. Once the
 * tree is large, other stacks go through the queue, which hides the latency of memory.
 */
#include "profile/builder.h"

#include "core/hash.h"
#include "core/num.h"

/* 67 % of the samples of a large build are found among 8,192 recent stacks, 75 % among 131,072. */
enum { MEMO = 8192 };

/* A smaller table of children fits into the caches, and sorted stacks need none. Inputs of a fuzzer
 * are short. */
enum { QUEUE_WORTH = FUZZING ? 4 : 1 << 16 };

void builder_init(struct builder *builder, struct profile *profile,
                  const struct read_options *options)
{
    *builder = (struct builder){.heap = profile->heap, .profile = profile, .options = options};
    builder->text.heap = profile->heap;
    builder->queue.tree = &profile->tree;
}

static void append_comm(struct builder *builder, str comm, char blank)
{
    bool merge = builder->options->merge_threads;
    for (size_t i = 0; i < comm.n; i++) {
        char c = comm.p[i];
        bool digit = merge && is_digit(c);
        if (digit && i > 0 && is_digit(comm.p[i - 1]))
            continue;
        c = digit ? 'N' : c == ' ' || c == '\n' ? blank : c == ';' ? ':' : c;
        strbuf_add(&builder->text, str_of(&c, 1));
    }
}

/* A name cannot have the characters that separate frames and lines of folded stacks. */
static void add_clean_name(struct builder *builder, str name)
{
    size_t start = builder->text.bytes.n;
    if (name.n == 0)
        return;
    strbuf_add(&builder->text, name);
    for (char *c = builder->text.bytes.at + start, *end = c + name.n; c < end; c++)
        *c = frame_name_byte(*c);
}

/* "name:file:12" */
static void add_place_label(struct builder *builder, const struct frame *frame)
{
    add_clean_name(builder, STR(":"));
    add_clean_name(builder, str_file_name(frame->file));
    if (frame->line > 0) {
        add_clean_name(builder, STR(":"));
        strbuf_add_u64(&builder->text, frame->line);
    }
}

/* See frame_bare_name(). */
static void add_hidden_part(struct builder *builder, const struct frame *frame)
{
    if (frame->file.n + frame->module.n == 0 && frame->line == 0 && frame->kind == FRAME_USER)
        return;
    strbuf_add(&builder->text, STR("\n"));
    add_clean_name(builder, frame->file);
    strbuf_add(&builder->text, STR(":"));
    strbuf_add_u64(&builder->text, frame->line);
    strbuf_add(&builder->text, frame->kind == FRAME_INLINED ? STR(":i:") : STR("::"));
    add_clean_name(builder, frame->module);
}

uint32_t builder_frame(struct builder *builder, const struct frame *frame)
{
    struct frame named = *frame;
    strbuf_clear(&builder->text);
    add_clean_name(builder, frame->name.n > 0 ? frame->name : STR("[unknown]"));
    if (builder->options->keep_lines)
        add_hidden_part(builder, frame);
    else if (builder->options->srcline && frame->file.n > 0)
        add_place_label(builder, frame);
    named.name = strbuf_str(&builder->text);
    return frames_add(&builder->profile->tree.frames, &named);
}

uint32_t builder_process(struct builder *builder, str comm, str pid, str tid, char blank)
{
    const struct read_options *options = builder->options;
    struct frame frame = {.name = STR("")};
    strbuf_clear(&builder->text);
    if (options->no_comm)
        return UINT32_MAX;
    append_comm(builder, comm, blank);
    if (options->pid || options->tid) {
        strbuf_add(&builder->text, comm.n > 0 ? STR("-") : STR("?-"));
        strbuf_add(&builder->text, pid.n > 0 ? pid : STR("?"));
    }
    if (options->tid) {
        strbuf_add(&builder->text, STR("/"));
        strbuf_add(&builder->text, tid.n > 0 ? tid : STR("?"));
    }
    if (builder->text.bytes.n == 0)
        return UINT32_MAX;
    builder->profile->process_is_root = true;
    frame.name = strbuf_str(&builder->text);
    return frames_add(&builder->profile->tree.frames, &frame);
}

/* The path to `node` has these frames, leaf first. */
static bool is_path(const struct tree *tree, uint32_t node, const uint32_t *frames, size_t n)
{
    size_t i = 0;
    for (; i < n && tree->frame[node] == frames[i]; i++)
        node = tree->parent[node];
    return i == n && node == TREE_ROOT;
}

static uint32_t insert_reversed(struct tree *tree, const uint32_t *frames, size_t n)
{
    uint32_t node = TREE_ROOT;
    while (n-- > 0)
        node = tree_child(tree, node, frames[n]);
    return node;
}

static void push_reversed(struct builder *builder, const uint32_t *frames, size_t n,
                          uint64_t weight, uint64_t samples, uint32_t *node)
{
    struct tree_queue_stack *queued = tree_queue_push(&builder->queue, 0);
    vec_reserve(builder->heap, &queued->frames, n);
    while (n-- > 0)
        queued->frames.at[queued->frames.n++] = frames[n];
    queued->weight.units = weight;
    queued->weight.decimals = builder->decimals;
    queued->weight.column = builder->column;
    queued->weight.samples = samples;
    queued->weight.has_units = true;
    queued->node = node;
}

void builder_stack(struct builder *builder, const uint32_t *frames, size_t n, uint64_t weight)
{
    struct profile *profile = builder->profile;
    if (profile->tree.values)
        profile->values.at[builder->column].samples++;
    if (builder->column == 0) {
        profile->samples++;
        profile_add_square(profile, wide_product(weight, weight));
    }
    builder_add_weight(builder, frames, n, weight, builder->column == 0 || profile->tree.values);
}

static unsigned column_of_value(const struct tree *tree, unsigned column)
{
    return tree->values ? column : tree_after(tree);
}

void builder_add_weight(struct builder *builder, const uint32_t *frames, size_t n, uint64_t weight,
                        uint64_t samples)
{
    struct tree *tree = &builder->profile->tree;
    unsigned column = column_of_value(tree, builder->column);
    if (tree->in_order) {
        uint32_t node = insert_reversed(tree, frames, n);
        node = tree_add(tree, node, column, weight, builder->decimals);
        tree_count_samples(tree, node, column, samples);
        return;
    }
    str bytes = str_of((const char *)frames, n * sizeof *frames);
    uint64_t full = hash_bytes(bytes, tree->seed);
    uint32_t hash = (uint32_t)(full >> 32);
    if (!builder->memo)
        builder->memo = heap_zero(builder->heap, MEMO, sizeof *builder->memo);
    struct builder_memo *memo = &builder->memo[full % MEMO];
    bool known = memo->hash == hash && is_path(tree, memo->node, frames, n);
    memo->hash = hash;
    if (!known && tree->filled >= QUEUE_WORTH) {
        push_reversed(builder, frames, n, weight, samples, &memo->node);
        return;
    }
    if (!known)
        memo->node = insert_reversed(tree, frames, n);
    tree_add(tree, memo->node, column, weight, builder->decimals);
    tree_count_samples(tree, memo->node, column, samples);
}

/* Insert a stack; returns its node. */
static uint32_t insert_stack(struct tree_queue *queue, size_t shared, const uint32_t *frames,
                             size_t n, const struct stack_weight *weight)
{
    struct tree *tree = queue->tree;
    uint32_t node = shared > 0 ? queue->path.at[shared - 1] : TREE_ROOT;
    queue->path.n = shared;
    vec_reserve(tree->heap, &queue->path, n);
    uint32_t *path = queue->path.at;
    for (size_t i = 0; i < n; i++)
        path[shared + i] = node = tree_child(tree, node, frames[i]);
    queue->path.n += n;
    tree_queue_add_weight(tree, node, weight);
    return node;
}

void builder_stack_after(struct builder *builder, size_t shared, const uint32_t *frames, size_t n,
                         const struct stack_weight *weight)
{
    struct tree_queue *queue = &builder->queue;
    builder->profile->samples++;
    builder->profile->unsure++;
    if (queue->n == 0 && queue->tree->filled < QUEUE_WORTH) {
        insert_stack(queue, shared, frames, n, weight);
        return;
    }
    struct tree_queue_stack *queued = tree_queue_push(queue, shared);
    vec_reserve(builder->heap, &queued->frames, n);
    if (n > 0)
        memcpy(queued->frames.at, frames, n * sizeof *frames);
    queued->frames.n = n;
    queued->weight = *weight;
}

void builder_samples(struct builder *builder, uint64_t samples, struct wide squares)
{
    builder->has_samples = true;
    builder->samples += samples;
    profile_add_square(builder->profile, squares);
}

void builder_start(struct builder *builder, const char *file)
{
    builder->file = file;
    builder->value = 0;
    builder->count_value = SIZE_MAX;
    builder->column = 0;
    builder->columns.n = 0;
    builder->decimals = 0;
    builder->unsure = builder->profile->unsure;
    builder->has_samples = false;
    builder->samples = 0;
}

void builder_flush(struct builder *builder)
{
    struct profile *profile = builder->profile;
    tree_queue_flush(&builder->queue);
    profile->tree.lacks_samples |= builder->has_samples || profile->unsure > builder->unsure;
    if (!builder->has_samples)
        return;
    profile->samples += builder->samples - (profile->unsure - builder->unsure);
    profile->unsure = builder->unsure;
    builder->has_samples = false;
}

void builder_end(struct builder *builder)
{
    builder_flush(builder);
    tree_queue_end(&builder->queue);
    heap_free(builder->heap, builder->memo);
    builder->memo = NULL;
    vec_free(builder->heap, &builder->frames);
    vec_free(builder->heap, &builder->columns);
    strbuf_end(&builder->text);
}

/* ---- tree queue ---- */

/* Look up the next frame, if the tree has it. */
static void look_up_frame(const struct tree *tree, struct tree_queue_stack *stack)
{
    if (stack->ahead == TREE_NONE || stack->steps == stack->frames.n)
        return;
    stack->ahead = tree_peek(tree, stack->ahead, stack->frames.at[stack->steps]);
    stack->steps++;
    if (stack->ahead != TREE_NONE && stack->steps < stack->frames.n)
        tree_fetch(tree, stack->ahead, stack->frames.at[stack->steps]);
}

static void start_look_up(const struct tree_queue *queue, struct tree_queue_stack *stack)
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
    if (!weight->has_units)
        return;
    unsigned column = column_of_value(tree, weight->column);
    tree_add(tree, node, column, weight->units, weight->decimals);
    tree_count_samples(tree, node, column, weight->samples);
}

static void insert_oldest(struct tree_queue *queue)
{
    struct tree_queue_stack *stack = &queue->stacks[queue->first];
    uint32_t node = insert_stack(queue, stack->shared, stack->frames.at, stack->frames.n,
                                 &stack->weight);
    if (stack->node)
        *stack->node = node;
    queue->first = (queue->first + 1) % TREE_QUEUE_PLACES;
    queue->n--;
}

struct tree_queue_stack *tree_queue_push(struct tree_queue *queue, size_t shared)
{
    for (unsigned i = 0; i + 1 < queue->n; i++)
        look_up_frame(queue->tree, &queue->stacks[(queue->first + i) % TREE_QUEUE_PLACES]);
    if (queue->n > 0)
        start_look_up(queue, &queue->stacks[(queue->first + queue->n - 1) % TREE_QUEUE_PLACES]);
    if (queue->n == TREE_QUEUE_PLACES)
        insert_oldest(queue);
    unsigned last = (queue->first + queue->n++) % TREE_QUEUE_PLACES;
    struct tree_queue_stack *stack = &queue->stacks[last];
    stack->frames.n = 0;
    stack->shared = shared;
    stack->weight = (struct stack_weight){0};
    stack->node = NULL;
    return stack;
}

void tree_queue_flush(struct tree_queue *queue)
{
    while (queue->n > 0)
        insert_oldest(queue);
}

void tree_queue_end(struct tree_queue *queue)
{
    for (unsigned i = 0; i < TREE_QUEUE_PLACES; i++)
        vec_free(queue->tree->heap, &queue->stacks[i].frames);
    vec_free(queue->tree->heap, &queue->path);
}
