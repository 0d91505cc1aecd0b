/* SPDX-License-Identifier: MIT */
/*
 * perf_stack: see perf_stack.h.
 */
#include "format/perf_script/perf_stack.h"

#include "core/hash.h"
#include "core/simd16.h"

/* The value of a line is the id of its frame; VALUE_LIST plus an index of `lists`, if it has
 * several; or one of these. */
enum { VALUE_UNKNOWN = 0x7fffffff, VALUE_NOTHING = VALUE_UNKNOWN - 1 };
#define VALUE_LIST UINT32_C(0x80000000)

/* ---- recent lines: one place for each hash of an address, which keeps the last line. Of the
 * frames of a build of 132 MB that do not repeat the line before, 74 % are found here (66 % with
 * 1,024 places, 81 % with 16,384). ---- */

enum { RECENT_LINES = 4096, LINE_ROOM = 120, LINE_SHORTEST = 18 };

struct perf_recent_line {
    uint32_t value;
    uint16_t n;           /* 0: free */
    bool java;            /* of a Java process, where the same line means something else */
    char text[LINE_ROOM]; /* with its line end */
};

/* By the last eight digits of an aligned address. */
static inline struct perf_recent_line *recent_line_place(const struct perf_stack *stack,
                                                         const char *line)
{
    uint64_t hash = hash_mix(hash_load64(line + 9) ^ stack->texts.seed, HASH_K1);
    return &stack->recent[hash % RECENT_LINES];
}

/* The line at the start of `rest`, which has LINE_SHORTEST bytes or more; NULL if unknown. */
static inline const struct perf_recent_line *find_recent_line(const struct perf_stack *stack,
                                                              str rest)
{
    const struct perf_recent_line *line = recent_line_place(stack, rest.p);
    bool found = line->n > 0 && line->n <= rest.n && line->java == stack->process.java &&
                 simd16_equal(line->text, rest.p, line->n);
    return found ? line : NULL;
}

/* `text` is without its line end. */
static void add_recent_line(struct perf_stack *stack, str text, uint32_t value)
{
    if (text.n < LINE_SHORTEST || text.n >= LINE_ROOM)
        return;
    struct perf_recent_line *line = recent_line_place(stack, text.p);
    line->value = value;
    line->n = (uint16_t)(text.n + 1);
    line->java = stack->process.java;
    memcpy(line->text, text.p, text.n);
    line->text[text.n] = '\n';
}

/* ---- known texts: they are all forgotten when there are many, so that their memory does not
 * depend on the length of the input ---- */

#if FUZZING /* often full */
enum { TEXTS_MOST = 32, TEXT_BYTES_MOST = 2048 };
#else
enum { TEXTS_MOST = 16384, TEXT_BYTES_MOST = 2 << 20 };
#endif

static void forget_texts(struct perf_stack *stack)
{
    intern_end(&stack->texts);
    stack->values.n = stack->text_bytes = 0;
}

/* The place of the value of a text: VALUE_UNKNOWN if the text is new. */
static uint32_t *find_frame_text(struct perf_stack *stack, const struct perf_frame_parts *parts)
{
    str first = parts->first, second = parts->second;
    size_t n = first.n + second.n;
    stack->key.bytes.n = 0;
    vec_reserve(stack->builder->heap, &stack->key.bytes, n + 1);
    char *key = stack->key.bytes.at;
    memcpy(key, first.p, first.n);
    memcpy(key + first.n, second.p, second.n);
    if (stack->process.java)
        key[n++] = '\n';
    if (stack->values.n >= TEXTS_MOST || stack->text_bytes >= TEXT_BYTES_MOST)
        forget_texts(stack);
    uint32_t id = intern_add(&stack->texts, str_of(key, n));
    if (id == stack->values.n) {
        stack->text_bytes += n;
        vec_push(stack->builder->heap, &stack->values, VALUE_UNKNOWN);
    }
    return &stack->values.at[id];
}

/* ---- stacks ---- */

void perf_stack_init(struct perf_stack *stack, struct builder *builder)
{
    struct heap *heap = builder->heap;
    uint64_t seed = builder->profile->tree.seed;
    *stack = (struct perf_stack){.builder = builder, .options = builder->options};
    stack->whole_line = stack->options->addrs || stack->options->inline_frames;
    stack->names.frames = &builder->profile->tree.frames;
    stack->names.text.heap = stack->key.heap = stack->label_text.heap = heap;
    stack->recent = heap_zero(heap, RECENT_LINES, sizeof *stack->recent);
    intern_init(&stack->process_texts, heap, seed);
    intern_init(&stack->texts, heap, seed);
    intern_init(&stack->joined, heap, seed);
}

/* The line of the header goes away before the sample ends. */
static void set_sample_labels(struct perf_stack *stack, const struct perf_header *header)
{
    const str keys[PERF_LABELS] = {STR("comm"), STR("pid"), STR("tid"), STR("cpu"), STR("event")};
    const str values[PERF_LABELS] = {header->comm, header->pid, header->tid, header->cpu,
                                     header->event};
    size_t at = 0;
    strbuf_clear(&stack->label_text);
    for (size_t i = 0; i < PERF_LABELS; i++)
        strbuf_add(&stack->label_text, values[i]);
    stack->label_count = 0;
    for (size_t i = 0; i < PERF_LABELS; at += values[i++].n)
        if (values[i].n > 0)
            stack->labels[stack->label_count++] = (struct sample_label){
                .key = keys[i], .value = str_of(stack->label_text.bytes.at + at, values[i].n)};
}

void perf_stack_start(struct perf_stack *stack, const struct perf_header *header)
{
    const struct read_options *options = stack->options;
    str who = header->comm;
    if ((options->pid || options->tid) && header->tid.n > 0) /* follows the name */
        who.n = (size_t)(header->tid.p + header->tid.n - who.p);
    stack->frames.n = 0;
    stack->can_have_source = false;
    if (builder_wants_labels(options))
        set_sample_labels(stack, header);
    uint32_t id = stack->last_process; /* samples of one process come in runs */
    if (stack->processes.n == 0 || !str_equal(intern_name(&stack->process_texts, id), who))
        id = stack->last_process = intern_add(&stack->process_texts, who);
    struct perf_process none = {.comm_n = SIZE_MAX, .frame = UINT32_MAX};
    if (id == stack->processes.n)
        vec_push(stack->builder->heap, &stack->processes, none);
    struct perf_process *process = &stack->processes.at[id];
    if (who.n > 0 && (process->comm_n != header->comm.n || process->pid_n != header->pid.n)) {
        process->comm_n = header->comm.n;
        process->pid_n = header->pid.n;
        process->java = str_starts(header->comm, STR("java"));
        process->frame = builder_process(stack->builder, header->comm, header->pid, header->tid,
                                         '_');
    }
    stack->process = *process;
}

/* The value for the frames in names->ids. Lists are kept once. */
static uint32_t value_of_perf_names(struct perf_stack *stack)
{
    struct heap *heap = stack->builder->heap;
    size_t n = stack->names.ids.n;
    const uint32_t *ids = stack->names.ids.at;
    if (n == 0)
        return VALUE_NOTHING;
    if (n == 1)
        return ids[0];
    uint32_t list = intern_add(&stack->joined, str_of((const char *)ids, n * sizeof *ids));
    if (list == stack->lists.n) {
        struct perf_list run = {stack->ids.n, n};
        for (size_t i = n; i-- > 0;)
            vec_push(heap, &stack->ids, ids[i]);
        vec_push(heap, &stack->lists, run);
    }
    return list | VALUE_LIST;
}

static void push_value(struct perf_stack *stack, uint32_t value)
{
    struct heap *heap = stack->builder->heap;
    stack->from = stack->frames.n;
    if (value & VALUE_LIST) {
        struct perf_list run = stack->lists.at[value & ~VALUE_LIST];
        for (size_t i = 0; i < run.count; i++)
            vec_push(heap, &stack->frames, stack->ids.at[run.first + i]);
    } else if (value < VALUE_NOTHING) {
        vec_push(heap, &stack->frames, value);
    }
}

/* Parse `line` and return its value, VALUE_UNKNOWN if it is no frame. */
static uint32_t parse_frame(struct perf_stack *stack, str line)
{
    struct perf_frame frame;
    if (!perf_frame_split(line, &frame))
        return VALUE_UNKNOWN;
    stack->builder->profile->has_inlined |= str_equal(frame.module, STR("inlined"));
    stack->names.ids.n = 0;
    perf_frame_add(&stack->names, &frame, stack->options, stack->process.java);
    stack->can_have_source = stack->names.ids.n > 0 &&
                             !(str_equal(frame.symbol, STR("[unknown]")) &&
                               str_equal(frame.module, STR("[unknown]")));
    return value_of_perf_names(stack);
}

/* The value of a line whose text starts at `start`, VALUE_UNKNOWN if it is no frame. */
static uint32_t value_of_line(struct perf_stack *stack, str line, size_t start)
{
    struct perf_frame_parts parts = {line, STR("")};
    if (!stack->whole_line)
        parts = perf_frame_parts(str_skip(line, start), stack->last_module);
    if (parts.first.n + parts.second.n < line.n - start) /* not of "[unknown] ([unknown])" */
        stack->last_module = parts.second;
    uint32_t *value = find_frame_text(stack, &parts);
    if (*value == VALUE_UNKNOWN)
        *value = parse_frame(stack, line);
    return *value;
}

void perf_stack_add_frame(struct perf_stack *stack, str line)
{
    size_t start = perf_frame_text_start(line);
    if (start == 0)
        return;
    if (stack->options->srcline) {
        push_value(stack, parse_frame(stack, line));
        return;
    }
    str text = stack->whole_line ? line : str_skip(line, start);
    bool again = stack->frames.n > 0 && text.n > 0 && str_equal(text, stack->last_text);
    uint32_t value = again ? stack->last_value : value_of_line(stack, line, start);
    if (value == VALUE_UNKNOWN)
        return;
    stack->last_text = text;
    stack->last_value = value;
    push_value(stack, value);
    if (!again && start == PERF_FRAME_ALIGNED && line.p[0] == '\t')
        add_recent_line(stack, line, value);
}

/* The length of the line at the start of `rest`, with its line end, if it has the same text as the
 * line before at another address; else 0. */
static size_t match_last_text(const struct perf_stack *stack, str rest)
{
    size_t n = stack->last_text.n, whole = PERF_FRAME_ALIGNED + n + 1;
    const char *text = rest.p + PERF_FRAME_ALIGNED;
    bool again = stack->frames.n > 0 && !stack->whole_line && n >= 16 && rest.n >= whole &&
                 text[n] == '\n' && hash_load64(text) == hash_load64(stack->last_text.p) &&
                 simd16_equal(text, stack->last_text.p, n) && perf_frame_is_aligned(rest.p);
    return again ? whole : 0;
}

size_t perf_stack_add_known(struct perf_stack *stack, str rest)
{
    if (rest.n < LINE_SHORTEST || stack->options->srcline)
        return 0;
    size_t n = match_last_text(stack, rest);
    if (n == 0) {
        const struct perf_recent_line *line = find_recent_line(stack, rest);
        if (!line)
            return 0;
        n = line->n;
        stack->last_text = str_cut(rest, stack->whole_line ? 0 : PERF_FRAME_ALIGNED, n - 1);
        stack->last_value = line->value;
    }
    push_value(stack, stack->last_value);
    return n;
}

void perf_stack_add_source(struct perf_stack *stack, str line)
{
    if (!stack->options->srcline || !stack->can_have_source)
        return;
    stack->can_have_source = false;
    uint32_t *leaf = &stack->frames.at[stack->from];
    *leaf = perf_frame_with_source(&stack->names, *leaf, line);
}

void perf_stack_finish(struct perf_stack *stack, uint64_t weight, struct err *err)
{
    struct builder *builder = stack->builder;
    if (stack->frames.n == 0)
        builder->profile->stackless++;
    if (stack->process.frame != UINT32_MAX)
        vec_push(builder->heap, &stack->frames, stack->process.frame);
    else if (stack->frames.n == 0)
        push_value(stack, frames_add_text(stack->names.frames, STR("[unknown]")));
    if (builder_wants_labels(stack->options))
        builder_stack_with_labels(builder, stack->frames.at, stack->frames.n, weight, stack->labels,
                                  stack->label_count, err);
    else
        builder_stack(builder, stack->frames.at, stack->frames.n, weight);
}

void perf_stack_end(struct perf_stack *stack)
{
    struct heap *heap = stack->builder->heap;
    vec_free(heap, &stack->frames);
    strbuf_end(&stack->key);
    strbuf_end(&stack->label_text);
    intern_end(&stack->process_texts);
    vec_free(heap, &stack->processes);
    strbuf_end(&stack->names.text);
    vec_free(heap, &stack->names.ids);
    heap_free(heap, stack->recent);
    intern_end(&stack->texts);
    vec_free(heap, &stack->values);
    intern_end(&stack->joined);
    vec_free(heap, &stack->lists);
    vec_free(heap, &stack->ids);
}
