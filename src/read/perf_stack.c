/*
 * perf_stack: see the drawing in perf_stack.h.
 *
 * A frame line is looked up by its text first, without the address, which differs from call to
 * call; only a text that is not in the cache is taken apart and cleaned.
 */
#include "read/perf_stack.h"

#include "read/perf_frame.h"

/* Values of the cache beside ids of names. */
enum { VALUE_NOTHING = PERF_CACHE_MISS - 1 };
#define VALUE_LIST UINT32_C(0x80000000) /* set: the rest is an index of lists[] */

void perf_stack_init(struct perf_stack *stack, struct profile *profile,
                     const struct read_options *options)
{
    struct heap *heap = profile->heap;
    *stack = (struct perf_stack){.profile = profile, .options = options};
    stack->whole_line = options->addrs || options->inline_frames;
    stack->text.heap = heap;
    stack->processes = heap_zero(heap, PERF_PROCESSES, sizeof *stack->processes);
    stack->process = stack->processes;
    stack->leaves = heap_zero(heap, PERF_LEAVES, sizeof *stack->leaves);
    perf_lines_init(&stack->lines, heap, profile->tree.seed);
    perf_cache_init(&stack->cache, heap, profile->tree.seed);
    intern_init(&stack->joined, heap, profile->tree.seed);
    queue_init(&stack->queue, &profile->tree);
}

/* "pool_7_worker-7708/7744"; "N" for each number when threads are to merge. */
static void add_comm(struct perf_text *out, const struct perf_header *header,
                     const struct read_options *options)
{
    str comm = header->comm;
    for (size_t i = 0; i < comm.n; i++) {
        bool digit = options->merge_threads && is_digit(comm.p[i]);
        if (comm.p[i] == ' ')
            text_add(out, STR("_"));
        else if (!digit)
            text_add_name(out, str_cut(comm, i, i + 1));
        else if (i == 0 || !is_digit(comm.p[i - 1]))
            text_add(out, STR("N"));
    }
    if (!options->pid && !options->tid)
        return;
    text_add(out, comm.n > 0 ? STR("-") : STR("?-"));
    text_add(out, header->pid.n > 0 ? header->pid : STR("?"));
    if (options->tid) {
        text_add(out, STR("/"));
        text_add(out, header->tid.n > 0 ? header->tid : STR("?"));
    }
}

void perf_stack_start(struct perf_stack *stack, const struct perf_header *header)
{
    static const struct perf_header nobody;
    const struct read_options *options = stack->options;
    if (!header)
        header = &nobody;
    str who = header->comm;
    if ((options->pid || options->tid) && header->tid.n > 0) /* it stands behind the name */
        who.n = (size_t)(header->tid.p + header->tid.n - who.p);
    stack->frames.n = 0;
    stack->can_have_source = false;
    stack->process = perf_process_find(stack->processes, who, header->comm.n, header->pid.n,
                                       stack->profile->tree.seed);
    if (!stack->process->fresh)
        return;
    stack->text.n = 0;
    if (who.n > 0)
        add_comm(&stack->text, header, options);
    stack->process->java = str_starts(header->comm, STR("java"));
    stack->process->name = INTERN_NONE;
    if (!options->no_comm && stack->text.n > 0)
        stack->process->name = tree_frame(&stack->profile->tree, text_str(&stack->text));
}

/* The value for the names in stack->text. */
static uint32_t value_of_text(struct perf_stack *stack)
{
    struct heap *heap = stack->profile->heap;
    str text = text_str(&stack->text);
    if (text.n == 0)
        return VALUE_NOTHING;
    if (str_find(text, ';', 0) == text.n)
        return tree_frame(&stack->profile->tree, text);
    uint32_t list = intern_add(&stack->joined, text);
    if (list == stack->lists.n) {
        struct perf_list run = {stack->ids.n, 0};
        for (size_t end = text.n + 1; end > 0;) {
            size_t last = str_find_last(str_head(text, end - 1), ';');
            size_t at = last < end - 1 ? last + 1 : 0;
            uint32_t id = tree_frame(&stack->profile->tree, str_cut(text, at, end - 1));
            vec_push(heap, &stack->ids, id);
            run.count++;
            end = at;
        }
        vec_push(heap, &stack->lists, run);
    }
    return list | VALUE_LIST;
}

static void push(struct perf_stack *stack, uint32_t value)
{
    struct heap *heap = stack->profile->heap;
    stack->from = stack->frames.n;
    if (value & VALUE_LIST) {
        struct perf_list run = stack->lists.at[value & ~VALUE_LIST];
        for (size_t i = 0; i < run.count; i++)
            vec_push(heap, &stack->frames, stack->ids.at[run.first + i]);
    } else if (value != VALUE_NOTHING) {
        vec_push(heap, &stack->frames, value);
    }
}

/* Names of the frame in `line` to stack->text; false when it is no frame. */
static bool take_apart(struct perf_stack *stack, str line)
{
    struct perf_frame frame;
    if (!perf_frame_split(line, &frame))
        return false;
    stack->profile->has_inlined |= str_equal(frame.module, STR("inlined"));
    stack->text.n = 0;
    perf_frame_add(&stack->text, &frame, stack->options, stack->process->java);
    stack->can_have_source = stack->text.n > 0 && !(str_equal(frame.symbol, STR("[unknown]")) &&
                                                    str_equal(frame.module, STR("[unknown]")));
    return true;
}

/* The value of a line whose text starts at `start`, PERF_CACHE_MISS when it is no frame. */
static uint32_t value_of_line(struct perf_stack *stack, str line, size_t start)
{
    struct perf_frame_parts parts = {line, STR("")};
    if (!stack->whole_line)
        parts = perf_frame_parts(str_skip(line, start), stack->last_module);
    if (parts.first.n + parts.second.n < line.n - start) /* not of "[unknown] ([unknown])" */
        stack->last_module = parts.second;
    struct perf_cache_key key = perf_cache_key(&stack->cache, parts.first, parts.second,
                                               stack->process->java);
    uint32_t value = perf_cache_find(&stack->cache, &key);
    if (value == PERF_CACHE_MISS && take_apart(stack, line)) {
        value = value_of_text(stack);
        perf_cache_add(&stack->cache, &key, value);
    }
    return value;
}

bool perf_stack_add_frame(struct perf_stack *stack, str line)
{
    size_t start = perf_frame_text_start(line);
    if (start == 0)
        return false;
    if (stack->options->srcline) {
        if (!take_apart(stack, line))
            return false;
        push(stack, value_of_text(stack));
        return true;
    }
    /* "[unknown] ([unknown])" comes in runs: half of the frames of a large build */
    str text = stack->whole_line ? line : str_skip(line, start);
    bool again = stack->frames.n > 0 && text.n > 0 && str_equal(text, stack->last_text);
    uint32_t value = again ? stack->last_value : value_of_line(stack, line, start);
    if (value == PERF_CACHE_MISS)
        return false;
    stack->last_text = text;
    stack->last_value = value;
    push(stack, value);
    if (!again && start == PERF_FRAME_ALIGNED && line.p[0] == '\t')
        perf_lines_add(&stack->lines, line, stack->process->java, value);
    return true;
}

/* "[unknown] ([unknown])" again, at another address: its length with its line end, or 0. */
static size_t find_again(const struct perf_stack *stack, str rest)
{
    size_t n = stack->last_text.n, whole = PERF_FRAME_ALIGNED + n + 1;
    const char *text = rest.p + PERF_FRAME_ALIGNED;
    bool again = stack->frames.n > 0 && !stack->whole_line && n >= 16 && rest.n >= whole &&
                 text[n] == '\n' && hash_load64(text) == hash_load64(stack->last_text.p) &&
                 bytes16_equal(text, stack->last_text.p, n) && perf_frame_is_aligned(rest.p);
    return again ? whole : 0;
}

size_t perf_stack_add_known(struct perf_stack *stack, str rest)
{
    if (rest.n < PERF_LINE_SHORTEST || stack->options->srcline)
        return 0;
    size_t n = find_again(stack, rest);
    if (n == 0) {
        const struct perf_line *line = perf_lines_find(&stack->lines, rest, stack->process->java);
        if (!line)
            return 0;
        n = line->n;
        stack->last_text = str_cut(rest, stack->whole_line ? 0 : PERF_FRAME_ALIGNED, n - 1);
        stack->last_value = line->value;
    }
    push(stack, stack->last_value);
    return n;
}

void perf_stack_add_source(struct perf_stack *stack, str line)
{
    if (!stack->options->srcline || !stack->can_have_source)
        return;
    stack->can_have_source = false;
    perf_frame_add_source(&stack->text, line);
    stack->frames.n = stack->from;
    push(stack, value_of_text(stack));
}

/* The path that ends at `node` has these names, leaf first. */
static bool is_path(const struct tree *tree, uint32_t node, const uint32_t *names, size_t n)
{
    size_t i = 0;
    for (; i < n && tree->frame[node] == names[i]; i++)
        node = tree->parent[node];
    return i == n && node == TREE_ROOT;
}

/* From the root down. */
static uint32_t walk(struct tree *tree, const uint32_t *names, size_t n)
{
    uint32_t node = TREE_ROOT;
    while (n-- > 0)
        node = tree_child(tree, node, names[n]);
    return node;
}

static struct perf_leaf *find_leaf(struct perf_stack *stack, const uint32_t *names, size_t n,
                                   uint32_t *hash)
{
    str bytes = str_of((const char *)names, n * sizeof *names);
    uint64_t full = hash_bytes(bytes, stack->profile->tree.seed);
    *hash = (uint32_t)(full >> 32);
    return &stack->leaves[full % PERF_LEAVES];
}

static struct queue_stack *queue_stack(struct perf_stack *stack, const uint32_t *names, size_t n,
                                       uint64_t weight)
{
    struct queue_stack *queued = queue_push(&stack->queue, 0);
    vec_reserve(stack->profile->heap, &queued->names, n);
    while (n-- > 0)
        queued->names.at[queued->names.n++] = names[n];
    queued->weight.units = weight;
    queued->weight.has_units = true;
    return queued;
}

/* To the node of one of the same hash, if it is the same stack, else by walking; where that takes
 * long, later. */
static void add_to_tree(struct perf_stack *stack, const uint32_t *names, size_t n, uint64_t weight)
{
    struct tree *tree = &stack->profile->tree;
    uint32_t hash;
    if (tree->in_order) {
        tree_add(tree, walk(tree, names, n), weight, 0);
        return;
    }
    struct perf_leaf *leaf = find_leaf(stack, names, n, &hash);
    bool known = leaf->hash == hash && is_path(tree, leaf->where, names, n);
    leaf->hash = hash;
    if (!known && queue_is_worth(tree)) {
        queue_stack(stack, names, n, weight)->node = &leaf->where;
        return;
    }
    if (!known)
        leaf->where = walk(tree, names, n);
    tree_add(tree, leaf->where, weight, 0);
}

static void add_to_parcel(struct perf_stack *stack, const uint32_t *names, size_t n,
                          uint64_t weight)
{
    struct parcel *parcel = stack->parcel;
    uint32_t hash;
    struct perf_leaf *leaf = find_leaf(stack, names, n, &hash);
    if (leaf->hash == hash && parcel->words.n > 0 && parcel_is(parcel, leaf->where, names, n) &&
        parcel_add_weight(parcel, leaf->where, weight))
        return;
    if (n > UINT32_MAX)
        heap_give_up(parcel->heap);
    struct parcel_stack added = {.n = (uint32_t)n, .weight = weight};
    memcpy(parcel_add(parcel, &added, &leaf->where), names, n * sizeof *names);
    leaf->hash = hash;
}

void perf_stack_finish(struct perf_stack *stack, uint64_t weight)
{
    struct profile *profile = stack->profile;
    if (stack->frames.n == 0)
        profile->stackless++;
    if (stack->process->name != INTERN_NONE)
        vec_push(profile->heap, &stack->frames, stack->process->name);
    else if (stack->frames.n == 0)
        push(stack, tree_frame(&profile->tree, STR("[unknown]")));
    if (stack->parcel)
        add_to_parcel(stack, stack->frames.at, stack->frames.n, weight);
    else
        add_to_tree(stack, stack->frames.at, stack->frames.n, weight);
    profile->samples++;
    profile_add_square(profile, (num_wide)weight * weight);
}

void perf_stack_send(struct perf_stack *stack, struct parcel *parcel)
{
    memset(stack->leaves, 0, PERF_LEAVES * sizeof *stack->leaves);
    stack->parcel = parcel;
}

void perf_stack_take_in(struct perf_stack *stack, struct parcel *parcel, const uint32_t *names)
{
    for (uint32_t at = 0; at < parcel->words.n;) {
        struct parcel_stack sent = parcel_get(parcel, at);
        uint32_t *stacked = parcel->words.at + at + PARCEL_HEAD;
        for (uint32_t i = 0; i < sent.n; i++)
            stacked[i] = names[stacked[i]];
        add_to_tree(stack, stacked, sent.n, sent.weight);
        at += sent.n + PARCEL_HEAD;
    }
}

void perf_stack_end(struct perf_stack *stack)
{
    struct heap *heap = stack->profile->heap;
    queue_flush(&stack->queue);
    queue_end(&stack->queue);
    vec_free(heap, &stack->frames);
    heap_free(heap, stack->processes);
    vec_free(heap, &stack->text);
    vec_free(heap, &stack->lists);
    vec_free(heap, &stack->ids);
    heap_free(heap, stack->leaves);
    heap_free(heap, stack->lines.at);
    perf_cache_end(&stack->cache, heap);
    intern_end(&stack->joined);
}
