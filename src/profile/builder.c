/*
 * builder: inserts stacks into the tree. It finds recent stacks by a hash of their frames. Once the
 * tree is large, other stacks go through the queue, which hides the latency of memory.
 */
#include "profile/builder.h"

#include <stdio.h>

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
    builder->queue.tree = &profile->tree;
}

static bool find_value_type(const struct value_type *types, size_t count, str wanted, size_t *at)
{
    uint64_t place;
    for (size_t i = 0; i < count; i++)
        if (str_equal(types[i].name, wanted)) {
            *at = i;
            return true;
        }
    if (!num_parse_u64(wanted, &place) || place >= count)
        return false;
    *at = (size_t)place;
    return true;
}

static bool refuse_value_type(const struct value_type *types, size_t count, str wanted,
                              struct err *err)
{
    char names[200];
    size_t n = 0;
    for (size_t i = 0; i < count && n < sizeof names; i++) {
        int more = snprintf(names + n, sizeof names - n, "%s%.*s", i > 0 ? ", " : "",
                            (int)(types[i].name.n < 60 ? types[i].name.n : 60), types[i].name.p);
        n += more > 0 ? (size_t)more : 0;
    }
    return err_set(err, ERR_INPUT, "it has no value '%.*s'; there are %s",
                   (int)(wanted.n < 60 ? wanted.n : 60), wanted.p, names);
}

bool builder_value_types(struct builder *builder, const struct value_type *types, size_t count,
                         size_t otherwise, struct err *err)
{
    str wanted = builder->options->value_type;
    struct profile *profile = builder->profile;
    builder->value = otherwise;
    if (wanted.n > 0 && !find_value_type(types, count, wanted, &builder->value))
        return refuse_value_type(types, count, wanted, err);
    const struct value_type *type = &types[builder->value];
    builder->counts = str_equal(types[0].unit, STR("count"));
    str known = quantity_unit(profile->value_type.unit);
    if (known.n > 0 && !str_equal(known, quantity_unit(type->unit)))
        return err_set(err, ERR_INPUT,
                       "its values are %.*s in %.*s, those read before are %.*s in %.*s",
                       (int)type->name.n, type->name.p, (int)type->unit.n, type->unit.p,
                       (int)profile->value_type.name.n, profile->value_type.name.p,
                       (int)profile->value_type.unit.n, profile->value_type.unit.p);
    profile_set_value_type(profile, type->name, type->unit);
    return true;
}

static void append_text(struct builder *builder, str s)
{
    vec_reserve(builder->heap, &builder->text, s.n);
    if (s.n > 0)
        memcpy(builder->text.at + builder->text.n, s.p, s.n);
    builder->text.n += s.n;
}

/* "pool 7 worker" becomes "pool_7_worker"; with merge_threads "pool_N_worker". */
static void append_comm(struct builder *builder, str comm)
{
    bool merge = builder->options->merge_threads;
    for (size_t i = 0; i < comm.n; i++) {
        char c = comm.p[i];
        bool digit = merge && is_digit(c);
        if (digit && i > 0 && is_digit(comm.p[i - 1]))
            continue;
        c = digit ? 'N' : c == ' ' || c == '\n' ? '_' : c == ';' ? ':' : c;
        append_text(builder, str_of(&c, 1));
    }
}

/* What separates frames and lines of folded stacks cannot be part of a name. */
static void add_name(struct builder *builder, str name)
{
    size_t start = builder->text.n;
    append_text(builder, name);
    for (char *c = builder->text.at + start; c < builder->text.at + builder->text.n; c++)
        *c = *c == ';' ? ':' : *c == '\n' || *c == '\r' || *c == '\0' ? ' ' : *c;
}

/* "name:file:12" */
uint32_t builder_frame(struct builder *builder, const struct frame *frame)
{
    char digits[NUM_ROOM];
    struct frame named = *frame;
    builder->text.n = 0;
    add_name(builder, frame->name);
    if (builder->options->srcline && frame->file.n > 0) {
        add_name(builder, STR(":"));
        add_name(builder, str_file_name(frame->file));
        if (frame->line > 0) {
            add_name(builder, STR(":"));
            add_name(builder, str_of(digits, num_put_u64(digits, frame->line)));
        }
    }
    named.name = str_of(builder->text.at, builder->text.n);
    return frames_add(&builder->profile->tree.frames, &named);
}

uint32_t builder_process(struct builder *builder, str comm, str pid, str tid)
{
    const struct read_options *options = builder->options;
    struct frame frame = {.name = STR("")};
    builder->text.n = 0;
    if (options->no_comm)
        return UINT32_MAX;
    append_comm(builder, comm);
    if (options->pid || options->tid) {
        append_text(builder, comm.n > 0 ? STR("-") : STR("?-"));
        append_text(builder, pid.n > 0 ? pid : STR("?"));
    }
    if (options->tid) {
        append_text(builder, STR("/"));
        append_text(builder, tid.n > 0 ? tid : STR("?"));
    }
    if (builder->text.n == 0)
        return UINT32_MAX;
    builder->profile->process_is_root = true;
    frame.name = str_of(builder->text.at, builder->text.n);
    return frames_add(&builder->profile->tree.frames, &frame);
}

static str find_label(const struct sample_label *labels, size_t count, str key)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(labels[i].key, key))
            return labels[i].value;
    return STR("");
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
                          uint64_t weight, uint32_t *node)
{
    struct tree_queue_stack *queued = tree_queue_push(&builder->queue, 0);
    vec_reserve(builder->heap, &queued->frames, n);
    while (n-- > 0)
        queued->frames.at[queued->frames.n++] = frames[n];
    queued->weight.units = weight;
    queued->weight.decimals = builder->decimals;
    queued->weight.has_units = true;
    queued->node = node;
}

static struct builder_memo *find_memo(struct builder *builder, const uint32_t *frames, size_t n,
                                      uint32_t *hash)
{
    str bytes = str_of((const char *)frames, n * sizeof *frames);
    uint64_t full = hash_bytes(bytes, builder->profile->tree.seed);
    if (!builder->memo)
        builder->memo = heap_zero(builder->heap, MEMO, sizeof *builder->memo);
    *hash = (uint32_t)(full >> 32);
    return &builder->memo[full % MEMO];
}

void builder_stack(struct builder *builder, const uint32_t *frames, size_t n, uint64_t weight)
{
    struct tree *tree = &builder->profile->tree;
    uint32_t hash;
    builder->profile->samples++;
    profile_add_square(builder->profile, wide_product(weight, weight));
    if (tree->in_order) {
        tree_add(tree, insert_reversed(tree, frames, n), tree_after(tree), weight, builder->decimals);
        return;
    }
    struct builder_memo *memo = find_memo(builder, frames, n, &hash);
    bool known = memo->hash == hash && is_path(tree, memo->node, frames, n);
    memo->hash = hash;
    if (!known && tree->filled >= QUEUE_WORTH) {
        push_reversed(builder, frames, n, weight, &memo->node);
        return;
    }
    if (!known)
        memo->node = insert_reversed(tree, frames, n);
    tree_add(tree, memo->node, tree_after(tree), weight, builder->decimals);
}

/* The sample in builder->frames weighs less than nothing: as in a profile from which another one was
 * taken away. */
static void add_weight_before(struct builder *builder, uint64_t weight)
{
    struct tree *tree = &builder->profile->tree;
    tree_queue_flush(&builder->queue);
    tree_set_sides(tree);
    builder->profile->has_losses = true;
    tree_add(tree, insert_reversed(tree, builder->frames.at, builder->frames.n), SIDE_BEFORE, weight,
             builder->decimals);
    builder->profile->samples++;
    profile_add_square(builder->profile, wide_product(weight, weight));
}

void builder_leave_out(struct builder *builder, const char *why, const int64_t *values)
{
    struct profile *profile = builder->profile;
    int64_t value = builder->options->weight == READ_WEIGHT_SAMPLES ? 1 : values[builder->value];
    profile->left_out_as = why;
    if (value > 0)
        num_add_most(&profile->left_out, (uint64_t)value);
}

/* The frames above the stack, the outermost last: those of --tag-root, then the process. */
static void push_root_frames(struct builder *builder, const struct sample_label *labels,
                             size_t count)
{
    struct label_rules *rules = builder->options->labels;
    str comm = find_label(labels, count, STR("comm"));
    uint32_t process = UINT32_MAX;
    if (comm.n > 0)
        process = builder_process(builder, comm, find_label(labels, count, STR("pid")),
                                  find_label(labels, count, STR("tid")));
    if (process != UINT32_MAX)
        vec_push(builder->heap, &builder->frames, process);
    for (size_t i = rules ? rules->roots.n : 0; i-- > 0;) {
        struct frame root = {.name = label_rules_root(rules, rules->roots.at[i], labels, count)};
        uint32_t frame = builder_frame(builder, &root);
        vec_push(builder->heap, &builder->frames, frame);
    }
}

bool builder_sample(struct builder *builder, const uint32_t *frames, size_t n,
                    const int64_t *values, const struct sample_label *labels, size_t label_count,
                    struct err *err)
{
    struct label_rules *rules = builder->options->labels;
    int64_t value = builder->options->weight == READ_WEIGHT_SAMPLES ? 1 : values[builder->value];
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    if (rules) {
        if (!label_rules_keep(rules, labels, label_count, err))
            return err->code == ERR_NONE;
        label_rules_count(rules, labels, label_count, size);
    }
    builder->frames.n = 0;
    vec_reserve(builder->heap, &builder->frames, n);
    if (n > 0)
        memcpy(builder->frames.at, frames, n * sizeof *frames);
    builder->frames.n = n;
    push_root_frames(builder, labels, label_count);
    builder->profile->stackless += n == 0;
    if (value < 0)
        add_weight_before(builder, size);
    else if (value > 0)
        builder_stack(builder, builder->frames.at, builder->frames.n, size);
    if (value != 0 && builder->counts && values[0] > 0) /* the first value is how many there were */
        builder->profile->samples += (uint64_t)values[0] - 1;
    return true;
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
    builder->counts = false;
    builder->decimals = 0;
    builder->unsure = builder->profile->unsure;
    builder->has_samples = false;
    builder->samples = 0;
}

void builder_flush(struct builder *builder)
{
    struct profile *profile = builder->profile;
    tree_queue_flush(&builder->queue);
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
    vec_free(builder->heap, &builder->text);
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
    if (weight->has_units)
        tree_add(tree, node, tree_after(tree), weight->units, weight->decimals);
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
