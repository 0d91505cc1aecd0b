/*
 * perf_stack: see the drawing in perf_stack.h.
 *
 * A frame line is looked up by its text first, without the address, which differs from call to
 * call; only a text that is not in the cache is taken apart and cleaned.
 */
#include "format/perf_script/perf_stack.h"

#include "format/perf_script/perf_frame.h"

/* ---- texts of lines: open addressing with linear probing, at most half full. Modules can be made
 * to share a hash, so few places are probed: a cache may lose what finds none. ---- */

#if FUZZING /* full after a few lines, and emptied in no time for each of a million inputs */
enum { SLOTS = 64, ROOM = 2048, TEXT_LONGEST = 512 };
#else
enum { SLOTS = 32768, ROOM = 2 << 20, TEXT_LONGEST = 4096 };
#endif

enum { PROBES = 16 };

static void forget(struct perf_cache *cache)
{
    for (size_t i = 0; i < SLOTS; i++)
        cache->slots[i].value = PERF_CACHE_MISS;
    cache->count = cache->used = 0;
}

static void perf_cache_init(struct perf_cache *cache, struct heap *heap, uint64_t seed)
{
    *cache = (struct perf_cache){.seed = seed};
    cache->slots = heap_alloc(heap, SLOTS, sizeof *cache->slots);
    cache->bytes = heap_alloc(heap, ROOM, 1);
    forget(cache);
}

/* Texts are short: a call of memcmp() takes longer than this. The last eight bytes are compared
 * together, some of them again. */
static inline bool is_equal(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    for (; i + 8 < n; i += 8)
        if (hash_load64(a + i) != hash_load64(b + i))
            return false;
    if (n >= 8)
        return hash_load64(a + n - 8) == hash_load64(b + n - 8);
    while (i < n && a[i] == b[i])
        i++;
    return i == n;
}

static inline bool is_same(const struct perf_cache *cache, const struct perf_cache_slot *slot,
                           const struct perf_cache_key *key)
{
    const char *text = cache->bytes + slot->at;
    return slot->hash == (uint32_t)(key->hash >> 32) &&
           slot->total == key->first.n + key->second.n &&
           slot->first_n == key->first.n * 2 + key->java &&
           is_equal(text, key->first.p, key->first.n) &&
           is_equal(text + key->first.n, key->second.p, key->second.n);
}

static uint32_t perf_cache_find(const struct perf_cache *cache, const struct perf_cache_key *key)
{
    size_t i = key->hash % SLOTS;
    for (size_t n = 0; n < PROBES && cache->slots[i].value != PERF_CACHE_MISS; n++) {
        if (is_same(cache, &cache->slots[i], key))
            return cache->slots[i].value;
        i = (i + 1) % SLOTS;
    }
    return PERF_CACHE_MISS;
}

static void perf_cache_add(struct perf_cache *cache, const struct perf_cache_key *key,
                           uint32_t value)
{
    size_t n = key->first.n, total = n + key->second.n;
    if (total > TEXT_LONGEST)
        return;
    if (cache->count >= SLOTS / 2 || cache->used + total > ROOM)
        forget(cache);
    size_t i = key->hash % SLOTS, probes = 1;
    while (cache->slots[i].value != PERF_CACHE_MISS && probes++ < PROBES)
        i = (i + 1) % SLOTS;
    cache->slots[i] = (struct perf_cache_slot){
        .hash = (uint32_t)(key->hash >> 32),
        .value = value,
        .at = (uint32_t)cache->used,
        .total = (uint16_t)total,
        .first_n = (uint16_t)(n * 2 + key->java),
    };
    memcpy(cache->bytes + cache->used, key->first.p, n);
    memcpy(cache->bytes + cache->used + n, key->second.p, key->second.n);
    cache->used += total;
    cache->count++;
}

static void perf_cache_end(struct perf_cache *cache, struct heap *heap)
{
    heap_free(heap, cache->slots);
    heap_free(heap, cache->bytes);
}

/* ---- stacks ---- */

/* Values of the cache beside ids of names. */
enum { VALUE_NOTHING = PERF_CACHE_MISS - 1 };
#define VALUE_LIST UINT32_C(0x80000000) /* set: the rest is an index of lists[] */

void perf_stack_init(struct perf_stack *stack, struct builder *builder)
{
    struct heap *heap = builder->heap;
    const struct profile *profile = builder->profile;
    const struct read_options *options = builder->options;
    *stack = (struct perf_stack){.builder = builder, .options = options};
    stack->whole_line = options->addrs || options->inline_frames;
    stack->names.frames = &builder->profile->tree.frames;
    stack->names.text.heap = heap;
    stack->processes = heap_zero(heap, PERF_PROCESSES, sizeof *stack->processes);
    stack->process = stack->processes;
    perf_lines_init(&stack->lines, heap, profile->tree.seed);
    perf_cache_init(&stack->cache, heap, profile->tree.seed);
    intern_init(&stack->joined, heap, profile->tree.seed);
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
                                       stack->builder->profile->tree.seed);
    if (!stack->process->fresh)
        return;
    stack->process->java = str_starts(header->comm, STR("java"));
    stack->process->frame = UINT32_MAX;
    if (who.n > 0)
        stack->process->frame = builder_process(stack->builder, header->comm, header->pid,
                                                header->tid, '_');
}

/* The value for the frames in names->ids: an id, or a list of ids. Lists are kept once. */
static uint32_t value_of_names(struct perf_stack *stack)
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

static void push(struct perf_stack *stack, uint32_t value)
{
    struct heap *heap = stack->builder->heap;
    stack->from = stack->frames.n;
    if (value & VALUE_LIST) {
        struct perf_list run = stack->lists.at[value & ~VALUE_LIST];
        for (size_t i = 0; i < run.count; i++)
            vec_push(heap, &stack->frames, stack->ids.at[run.first + i]);
    } else if (value != VALUE_NOTHING) {
        vec_push(heap, &stack->frames, value);
    }
}

/* The frames of `line` to names->ids; false when it is no frame. */
static bool take_apart(struct perf_stack *stack, str line)
{
    struct perf_frame frame;
    if (!perf_frame_split(line, &frame))
        return false;
    stack->builder->profile->has_inlined |= str_equal(frame.module, STR("inlined"));
    stack->names.ids.n = 0;
    perf_frame_add(&stack->names, &frame, stack->options, stack->process->java);
    stack->can_have_source = stack->names.ids.n > 0 &&
                             !(str_equal(frame.symbol, STR("[unknown]")) &&
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
        value = value_of_names(stack);
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
        push(stack, value_of_names(stack));
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
                 simd16_equal(text, stack->last_text.p, n) && perf_frame_is_aligned(rest.p);
    return again ? whole : 0;
}

size_t perf_stack_add_known(struct perf_stack *stack, str rest)
{
    if (rest.n < PERF_LINE_SHORTEST || stack->options->srcline)
        return 0;
    size_t n = find_again(stack, rest);
    if (n == 0) {
        const struct perf_met *line = perf_lines_find(&stack->lines, rest, stack->process->java);
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
    uint32_t *leaf = &stack->frames.at[stack->from];
    *leaf = perf_frame_with_source(&stack->names, *leaf, line);
}

void perf_stack_finish(struct perf_stack *stack, uint64_t weight)
{
    struct builder *builder = stack->builder;
    if (stack->frames.n == 0)
        builder->profile->stackless++;
    if (stack->process->frame != UINT32_MAX)
        vec_push(builder->heap, &stack->frames, stack->process->frame);
    else if (stack->frames.n == 0)
        push(stack, frames_add_text(stack->names.frames, STR("[unknown]")));
    builder_stack(builder, stack->frames.at, stack->frames.n, weight);
}

void perf_stack_end(struct perf_stack *stack)
{
    struct heap *heap = stack->builder->heap;
    vec_free(heap, &stack->frames);
    heap_free(heap, stack->processes);
    vec_free(heap, &stack->names.text);
    vec_free(heap, &stack->names.ids);
    vec_free(heap, &stack->lists);
    vec_free(heap, &stack->ids);
    heap_free(heap, stack->lines.at);
    perf_cache_end(&stack->cache, heap);
    intern_end(&stack->joined);
}
