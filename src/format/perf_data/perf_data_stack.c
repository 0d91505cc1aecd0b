/* SPDX-License-Identifier: MIT */
/*
 * perf_data_stack: from the addresses of a sample to frames.
 *
 *      address ──► recent places ──► mapping ──► (image, offset) ──► symbol ──► frames
 *               by mappings                    known places         perf_frame_add()
 */
#include "format/perf_data/perf_data.h"

enum {
#if FUZZING /* often full */
    RECENT_PLACES = 16,
#else
    RECENT_PLACES = 16384,
#endif
    CHAIN_MOST = 127, /* entries that perf script prints */
};

/* Entries of a call chain from here on are no addresses, but say what the next ones are of. */
#define CONTEXT_FIRST UINT64_C(-4095)

enum context {
    CONTEXT_HYPERVISOR = 32,
    CONTEXT_KERNEL = 128,
    CONTEXT_USER = 512,
    CONTEXT_USER_DEFERRED = 640,
    CONTEXT_GUEST = 2048,
    CONTEXT_GUEST_KERNEL = 2176,
    CONTEXT_GUEST_USER = 2560,
};

/* The value of an address is the frame that it becomes or, if it becomes several or none, their id
 * in `lists` with this bit. */
#define LIST UINT32_C(0x80000000)

/* An address as the mappings of that version have it. */
struct perf_place_memory {
    uint64_t address;
    uint32_t tag; /* from the version; 0: free */
    uint32_t value;
};

void perf_stacks_init(struct perf_stacks *stacks, struct builder *builder, struct perf_tasks *tasks)
{
    struct heap *heap = builder->heap;
    uint64_t seed = builder->profile->tree.seed;
    *stacks = (struct perf_stacks){
        .builder = builder, .tasks = tasks, .options = *builder->options};
    stacks->inlines = stacks->options.inline_frames && !stacks->options.no_inlines;
    stacks->options.inline_frames = NULL;
#if defined(__x86_64__) /* unless the recording names another one */
    stacks->machine = UNWIND_X86_64;
#elif defined(__aarch64__)
    stacks->machine = UNWIND_ARM64;
#endif
    stacks->names.frames = &builder->profile->tree.frames;
    stacks->names.text.heap = heap;
    stacks->memory = heap_zero(heap, RECENT_PLACES, sizeof *stacks->memory);
    perf_map_init(&stacks->places, heap, seed);
    perf_map_init(&stacks->numbers, heap, seed);
    intern_init(&stacks->lists, heap, seed);
}

void perf_stacks_end(struct perf_stacks *stacks)
{
    struct heap *heap = stacks->builder->heap;
    heap_free(heap, stacks->memory);
    perf_map_end(&stacks->places);
    perf_map_end(&stacks->numbers);
    intern_end(&stacks->lists);
    strbuf_end(&stacks->names.text);
    vec_free(heap, &stacks->names.ids);
    vec_free(heap, &stacks->frames);
}

void perf_stacks_forget_kernel(struct perf_stacks *stacks)
{
    stacks->kernel_epoch++;
    stacks->tasks->kernel.version = ++stacks->tasks->versions;
}

/* ---- frames of an address ---- */

/* The value for the frames in names.ids. Lists have the leaf first. */
static uint32_t value_of_names(struct perf_stacks *stacks)
{
    uint32_t *ids = stacks->names.ids.at;
    size_t n = stacks->names.ids.n;
    if (n == 1)
        return ids[0];
    for (size_t i = 0; i < n / 2; i++) {
        uint32_t id = ids[i];
        ids[i] = ids[n - 1 - i];
        ids[n - 1 - i] = id;
    }
    return LIST | intern_add(&stacks->lists, str_of((const char *)ids, n * sizeof *ids));
}

/* The value of a symbol: the frames are named as if perf script had printed the address, and
 * perf_script/ had read that. */
static uint32_t value_of_symbol(struct perf_stacks *stacks, uint64_t address, struct image *image,
                                uint64_t offset, bool java)
{
    char digits[16];
    size_t at = sizeof digits;
    struct image_symbol symbol = {.module = STR("")};
    if (image)
        symbol = image_symbol(image, offset);
    do
        digits[--at] = "0123456789abcdef"[address & 15];
    while ((address >>= 4) != 0);
    struct perf_frame frame = {
        .address = str_of(digits + at, sizeof digits - at),
        .symbol = symbol.name.n > 0 ? symbol.name : STR("[unknown]"),
        .module = symbol.module.n > 0 ? symbol.module : STR("[unknown]"),
    };
    const struct read_inline_frame *inlined;
    size_t n = 0;
    if (symbol.name.n > 0 && stacks->inlines)
        n = image_inlined(image, offset, false, &inlined);
    stacks->names.ids.n = 0;
    if (n > 1)
        perf_frame_add_inlined(&stacks->names, inlined, n, frame.module, &stacks->options, java);
    else
        perf_frame_add(&stacks->names, &frame, &stacks->options, java);
    return value_of_names(stacks);
}

/* Images of the kernel get a new number when their names change. */
static uint32_t number_of_image(struct perf_stacks *stacks, const struct image *image, bool kernel)
{
    uint64_t epoch = kernel ? stacks->kernel_epoch : UINT64_MAX;
    uint32_t *number = perf_map_at(&stacks->numbers, (uint64_t)(uintptr_t)image, epoch);
    if (*number == PERF_MAP_NONE)
        *number = (uint32_t)stacks->numbers.n;
    return *number;
}

static uint32_t find_value(struct perf_stacks *stacks, uint64_t address, struct image *image,
                           uint64_t offset, bool kernel, bool java)
{
    if (stacks->options.addrs || !image) /* the address may be part of the name */
        return value_of_symbol(stacks, address, image, offset, java);
    uint64_t number = number_of_image(stacks, image, kernel);
    uint32_t *value = perf_map_at(&stacks->places, offset, number * 2 + java);
    if (*value == PERF_MAP_NONE) {
        uint32_t found = value_of_symbol(stacks, address, image, offset, java);
        *value = found; /* the map does not grow in between */
    }
    return *value;
}

/* Look up an address that stacks->memory does not have. space NULL: nothing is mapped. */
static uint32_t look_up_address(struct perf_stacks *stacks, struct perf_space *space, bool kernel,
                                uint64_t address, bool java)
{
    const struct perf_mapping *mapping = space ? perf_tasks_find(stacks->tasks, space, address)
                                               : NULL;
    uint64_t offset = mapping ? address + mapping->shift : address;
    struct image *image = mapping ? mapping->image : NULL;
    if (!mapping && kernel && address >= stacks->tasks->kernel_start)
        image = stacks->tasks->kernel_image;
    return find_value(stacks, address, image, offset, kernel, java);
}

static void push_list(struct perf_stacks *stacks, uint32_t list)
{
    str ids = intern_name(&stacks->lists, list);
    size_t n = ids.n / sizeof(uint32_t);
    vec_reserve(stacks->builder->heap, &stacks->frames, n);
    if (n > 0)
        memcpy(stacks->frames.at + stacks->frames.n, ids.p, ids.n);
    stacks->frames.n += n;
}

static inline void push_address(struct perf_stacks *stacks, struct perf_space *space, bool kernel,
                                uint64_t address, bool java)
{
    uint32_t tag = 2 * ((space ? space->version : 0) + 1) + java;
    size_t hash = (size_t)hash_mix(address ^ HASH_K1, tag ^ stacks->places.seed);
    struct perf_place_memory *memory = &stacks->memory[hash % RECENT_PLACES];
    if (memory->address != address || memory->tag != tag) {
        uint32_t value = look_up_address(stacks, space, kernel, address, java);
        *memory = (struct perf_place_memory){address, tag, value};
    }
    if (memory->value & LIST)
        push_list(stacks, memory->value & ~LIST);
    else
        vec_push(stacks->builder->heap, &stacks->frames, memory->value);
}

/* ---- call chains ---- */

/* The mappings in the mode of a processor; NULL: unknown. */
static struct perf_space *space_of_mode(struct perf_stacks *stacks,
                                        const struct perf_sample *sample, unsigned mode)
{
    return mode == PERF_MISC_KERNEL ? &stacks->tasks->kernel
           : mode == PERF_MISC_USER ? perf_task_space(stacks->tasks, sample->pid)
                                    : NULL;
}

/* The mode that a context begins; 0 for one that makes perf drop the whole chain. */
static unsigned mode_of_context(uint64_t entry, enum perf_chain *result)
{
    switch (-entry) {
    case CONTEXT_HYPERVISOR: return PERF_MISC_HYPERVISOR;
    case CONTEXT_KERNEL: return PERF_MISC_KERNEL;
    case CONTEXT_USER: return PERF_MISC_USER;
    case CONTEXT_USER_DEFERRED: *result = PERF_CHAIN_DEFERRED; return 0;
    case CONTEXT_GUEST:
    case CONTEXT_GUEST_KERNEL:
    case CONTEXT_GUEST_USER: *result = PERF_CHAIN_GUEST; return 0;
    default: return 0;
    }
}

/* Push at most *left entries. */
static enum perf_chain push_chain(struct perf_stacks *stacks, const struct perf_sample *sample,
                                  size_t *left, bool java)
{
    struct perf_bytes chain = sample->chain;
    enum perf_chain result = PERF_CHAIN_GOOD;
    unsigned mode = PERF_MISC_USER;
    struct perf_space *space = space_of_mode(stacks, sample, mode);
    while (*left > 0 && perf_bytes_left(&chain) > 0) {
        uint64_t entry = perf_take64(&chain);
        if (entry < CONTEXT_FIRST) {
            push_address(stacks, space, mode == PERF_MISC_KERNEL, entry, java);
            --*left;
            continue;
        }
        mode = mode_of_context(entry, &result);
        space = space_of_mode(stacks, sample, mode);
        if (mode == 0) {
            stacks->frames.n = 0;
            return result;
        }
    }
    return result;
}

/* ---- copies of stacks ---- */

static bool find_mapping(void *context, uint64_t address, struct unwind_mapping *found)
{
    const struct perf_space *space = context;
    const struct perf_mapping *mapping = space ? perf_space_find(space, address) : NULL;
    if (mapping)
        *found = (struct unwind_mapping){mapping->start, mapping->end,
                                         mapping->start + mapping->shift, mapping->image};
    return mapping != NULL;
}

/* Push the callers that the copy of the stack shows. */
static enum perf_chain push_unwound(struct perf_stacks *stacks, const struct perf_sample *sample,
                                    size_t most, bool java)
{
    enum { REGISTERS = 64, ABI_64 = 2 };
    uint64_t registers[REGISTERS], addresses[CHAIN_MOST];
    struct perf_bytes values = sample->registers;
    bool foreign = !stacks->unwinder || values.big != PERF_HOST_IS_BIG ||
                   stacks->machine == UNWIND_NONE || sample->registers_abi != ABI_64;
    if (sample->registers_abi == 0 || perf_bytes_left(&sample->stack) == 0)
        return PERF_CHAIN_GOOD; /* a thread of the kernel */
    if (foreign)
        return PERF_CHAIN_FOREIGN;
    for (size_t i = 0; perf_bytes_left(&values) > 0; i++)
        registers[i] = perf_take64(&values);
    struct perf_space *space = perf_task_space(stacks->tasks, sample->pid);
    const struct unwind_stack stack = {
        .machine = stacks->machine,
        .mask = sample->event->attr.user_registers,
        .registers = registers,
        .stack = sample->stack.at,
        .size = perf_bytes_left(&sample->stack),
        .mappings = space ? space->version : 0,
    };
    size_t n = unwinder_frames(stacks->unwinder, &stack, find_mapping, space, addresses, most);
    for (size_t i = 0; i < n; i++)
        push_address(stacks, space, false, addresses[i], java);
    return PERF_CHAIN_GOOD;
}

enum perf_chain perf_stacks_set(struct perf_stacks *stacks, const struct perf_sample *sample,
                                unsigned misc, bool java)
{
    const struct perf_attr *attr = &sample->event->attr;
    unsigned mode = misc & PERF_MISC_CPUMODE;
    stacks->frames.n = 0;
    if (mode == PERF_MISC_GUEST_KERNEL || mode == PERF_MISC_GUEST_USER)
        return PERF_CHAIN_GUEST;
    if (attr->sample_type & PERF_SAMPLE_CALLCHAIN) {
        size_t left = CHAIN_MOST;
        enum perf_chain chain = push_chain(stacks, sample, &left, java);
        return chain == PERF_CHAIN_GOOD && (attr->sample_type & PERF_SAMPLE_STACK_USER)
                   ? push_unwound(stacks, sample, left, java)
                   : chain;
    }
    if ((attr->sample_type & PERF_SAMPLE_IP) && attr->type != PERF_TYPE_TRACEPOINT)
        push_address(stacks, space_of_mode(stacks, sample, mode), mode == PERF_MISC_KERNEL,
                     sample->ip, java);
    return PERF_CHAIN_GOOD;
}
