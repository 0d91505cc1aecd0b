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
    *stack = (struct perf_stack){.profile = profile, .options = options, .comm = INTERN_NONE};
    stack->whole_line = options->addrs || options->inline_frames;
    stack->comm_text.heap = stack->text.heap = heap;
    perf_cache_init(&stack->cache, heap, profile->tree.seed);
    intern_init(&stack->joined, heap, profile->tree.seed);
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

static bool is_prefix_java(str name)
{
    return str_starts(name, STR("java"));
}

void perf_stack_start(struct perf_stack *stack, const struct perf_header *header)
{
    stack->frames.n = 0;
    stack->can_have_source = false;
    if (!header || header->comm.n + header->tid.n == 0) {
        stack->comm = INTERN_NONE;
        stack->java = false;
        stack->comm_text.n = 0;
        return;
    }
    bool ids = stack->options->pid || stack->options->tid;
    if (!ids && header->comm.n == stack->comm_text.n && stack->comm_text.n > 0 &&
        memcmp(header->comm.p, stack->comm_text.at, header->comm.n) == 0)
        return;
    stack->comm_text.n = 0;
    text_add(&stack->comm_text, header->comm);
    stack->java = is_prefix_java(header->comm);
    stack->text.n = 0;
    add_comm(&stack->text, header, stack->options);
    stack->comm = INTERN_NONE;
    if (!stack->options->no_comm && stack->text.n > 0)
        stack->comm = tree_intern(&stack->profile->tree, text_str(&stack->text));
}

/* The value for the names in stack->text. */
static uint32_t value_of_text(struct perf_stack *stack)
{
    struct heap *heap = stack->profile->heap;
    str text = text_str(&stack->text);
    if (text.n == 0)
        return VALUE_NOTHING;
    if (str_find(text, ';', 0) == text.n)
        return tree_intern(&stack->profile->tree, text);
    uint32_t list = intern_add(&stack->joined, text);
    if (list == stack->lists.n) {
        struct perf_list run = {stack->ids.n, 0};
        for (size_t end = text.n + 1; end > 0;) {
            size_t last = str_find_last(str_head(text, end - 1), ';');
            size_t at = last < end - 1 ? last + 1 : 0;
            uint32_t id = tree_intern(&stack->profile->tree, str_cut(text, at, end - 1));
            vec_push(heap, &stack->ids, id);
            run.count++;
            end = at;
        }
        vec_push(heap, &stack->lists, run);
    }
    return list | VALUE_LIST;
}

static void push_list(struct perf_stack *stack, struct perf_list run)
{
    for (size_t i = 0; i < run.count; i++)
        vec_push(stack->profile->heap, &stack->frames, stack->ids.at[run.first + i]);
}

static void push(struct perf_stack *stack, uint32_t value)
{
    stack->from = stack->frames.n;
    if (value & VALUE_LIST)
        push_list(stack, stack->lists.at[value & ~VALUE_LIST]);
    else if (value != VALUE_NOTHING)
        vec_push(stack->profile->heap, &stack->frames, value);
}

/* Names of the frame in `line` to stack->text; false when it is no frame. */
static bool take_apart(struct perf_stack *stack, str line)
{
    struct perf_frame frame;
    if (!perf_frame_split(line, &frame))
        return false;
    stack->text.n = 0;
    perf_frame_add(&stack->text, &frame, stack->options, stack->java);
    stack->can_have_source = stack->text.n > 0 && !(str_equal(frame.symbol, STR("[unknown]")) &&
                                                    str_equal(frame.module, STR("[unknown]")));
    return true;
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
    struct perf_cache_key key = perf_cache_key(
        &stack->cache, stack->whole_line ? line : str_skip(line, start), stack->java);
    uint32_t value = perf_cache_find(&stack->cache, key);
    if (value == PERF_CACHE_MISS) {
        if (!take_apart(stack, line))
            return false;
        value = value_of_text(stack);
        perf_cache_add(&stack->cache, key, value);
    }
    push(stack, value);
    return true;
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

void perf_stack_finish(struct perf_stack *stack, uint64_t weight)
{
    struct tree *tree = &stack->profile->tree;
    bool has_comm = stack->comm != INTERN_NONE;
    size_t n = stack->frames.n + has_comm, d = 0;
    uint32_t node = TREE_ROOT;
    if (stack->frames.n == 0)
        stack->profile->stackless++;
    if (n == 0) { /* neither frames nor a name */
        uint32_t name = tree_intern(tree, STR("[unknown]"));
        vec_push(stack->profile->heap, &stack->frames, name);
        n = 1;
    }
    /* frames[i] stands at depth n - 1 - i, the process name at depth 0 */
    for (; d < n && d < stack->path.n; d++) {
        uint32_t name = has_comm && d == 0 ? stack->comm : stack->frames.at[n - 1 - d];
        if (stack->path.at[d].name != name)
            break;
        node = stack->path.at[d].node;
    }
    stack->path.n = d;
    for (; d < n; d++) {
        uint32_t name = has_comm && d == 0 ? stack->comm : stack->frames.at[n - 1 - d];
        node = tree_child(tree, node, name);
        struct perf_step step = {name, node};
        vec_push(stack->profile->heap, &stack->path, step);
    }
    tree_add(tree, node, weight, 0);
    stack->profile->samples++;
}

void perf_stack_end(struct perf_stack *stack)
{
    struct heap *heap = stack->profile->heap;
    vec_free(heap, &stack->frames);
    vec_free(heap, &stack->path);
    vec_free(heap, &stack->comm_text);
    vec_free(heap, &stack->text);
    vec_free(heap, &stack->lists);
    vec_free(heap, &stack->ids);
    perf_cache_end(&stack->cache, heap);
    intern_end(&stack->joined);
}
