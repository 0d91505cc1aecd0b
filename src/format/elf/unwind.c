/* SPDX-License-Identifier: MIT */
/*
 * unwind: the callers of a frame, from a copy of the registers and of the top of the stack.
 *
 * Where the file says nothing, as for code made at run time, the frame pointer leads on as long as
 * the stack moves up and there is code. The stack ends where the return address is undefined, or
 * neither in the copy nor in a part of a file that does not change.
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <dwarf.h>

#include "format/elf/cfi.h"
#include "format/elf/elf_file.h"
#include "format/perf_data/perf_record.h"

enum {
    NO_REGISTER = 255,
    STACK_MOST = 64, /* of an expression */
#if FUZZING          /* often full */
    RECENT_PLACES = 4,
#else
    RECENT_PLACES = 1024,
#endif
};

/* The numbers of the registers of perf in DWARF. */
struct machine {
    unsigned registers;
    unsigned stack_pointer, frame_pointer, link; /* link: where a call leaves its return address */
    unsigned perf_pc;
    const unsigned char *perf; /* by DWARF number */
    uint64_t code_mask;        /* the bits of a return address that are the address */
};

static const unsigned char x86_64_perf[] = {0, 3, 2, 1, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23};
static const unsigned char arm64_perf[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                           11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                           22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

static const struct machine machines[] = {
    [UNWIND_X86_64] = {17, 7, 6, NO_REGISTER, 8, x86_64_perf, UINT64_MAX},
    [UNWIND_ARM64] = {32, 31, 29, 30, 32, arm64_perf, (UINT64_C(1) << 48) - 1},
};

struct registers {
    uint64_t value[CFI_REGISTERS];
    uint64_t known; /* a bit for each */
};

struct walk {
    struct elf_unwinder *unwinder;
    const struct machine *machine;
    const struct unwind_stack *stack;
    unwind_find_fn *find;
    void *context; /* of find() */
    uint64_t stack_start;
    struct registers registers;
    uint64_t pc;
    bool exact; /* pc is not a return address */
};

/* The result for an address. */
struct unwind_place {
    uint64_t address, mappings; /* mappings: see struct unwind_stack, plus 1; 0: free */
    bool mapped;
    uint32_t row; /* in `rows`; NO_ROW: nothing is known about the address */
};

#define NO_ROW UINT32_MAX

struct elf_unwinder {
    struct unwinder base;
    struct unwind_place recent[RECENT_PLACES];
    struct arena arena;
    struct intern places; /* image and offset */
    VEC(struct cfi_row) rows;
};

static bool get_register(const struct registers *registers, unsigned number, uint64_t *value)
{
    if (number >= CFI_REGISTERS || !(registers->known >> number & 1))
        return false;
    *value = registers->value[number];
    return true;
}

static void set_register(struct registers *registers, unsigned number, uint64_t value)
{
    registers->value[number] = value;
    registers->known |= UINT64_C(1) << number;
}

/* Both machines have the low byte first. */
static bool read_stack(const struct walk *walk, uint64_t address, uint64_t *value)
{
    uint64_t at = address - walk->stack_start;
    if (address < walk->stack_start || at > walk->stack->size || walk->stack->size - at < 8)
        return false;
    *value = perf_load64(walk->stack->stack + at, false);
    return true;
}

/* The stack, or a file that is mapped. */
static bool read_memory(const struct walk *walk, uint64_t address, uint64_t *value)
{
    struct unwind_mapping mapping = {.image = NULL};
    if (read_stack(walk, address, value))
        return true;
    return walk->find(walk->context, address, &mapping) && mapping.image &&
           elf_image_read(mapping.image, address - mapping.start + mapping.offset, value);
}

/* ---- expressions ----------------------------------------------------------------------------- */

struct expression {
    const struct walk *walk;
    uint64_t cfa;
    uint64_t at[STACK_MOST];
    size_t n;
    bool is_value; /* not the address of the value */
};

static bool push(struct expression *e, uint64_t value)
{
    if (e->n == STACK_MOST)
        return false;
    e->at[e->n++] = value;
    return true;
}

static bool push_register(struct expression *e, unsigned number, uint64_t offset)
{
    uint64_t value;
    if (e->walk->machine->link == NO_REGISTER && number == 16)
        return push(e, e->walk->pc + offset);
    return get_register(&e->walk->registers, number, &value) && push(e, value + offset);
}

static bool run_binary(struct expression *e, unsigned atom)
{
    if (e->n < 2)
        return false;
    uint64_t b = e->at[--e->n], *a = &e->at[e->n - 1];
    switch (atom) {
    case DW_OP_and: *a &= b; return true;
    case DW_OP_or: *a |= b; return true;
    case DW_OP_xor: *a ^= b; return true;
    case DW_OP_plus: *a += b; return true;
    case DW_OP_minus: *a -= b; return true;
    case DW_OP_mul: *a *= b; return true;
    case DW_OP_shl: *a = b < 64 ? *a << b : 0; return true;
    case DW_OP_shr: *a = b < 64 ? *a >> b : 0; return true;
    case DW_OP_eq: *a = *a == b; return true;
    case DW_OP_ne: *a = *a != b; return true;
    case DW_OP_ge: *a = (int64_t)*a >= (int64_t)b; return true;
    case DW_OP_gt: *a = (int64_t)*a > (int64_t)b; return true;
    case DW_OP_le: *a = (int64_t)*a <= (int64_t)b; return true;
    case DW_OP_lt: *a = (int64_t)*a < (int64_t)b; return true;
    default: return false;
    }
}

static bool run_stack_op(struct expression *e, const Dwarf_Op *op)
{
    if (e->n == 0)
        return false;
    uint64_t *top = &e->at[e->n - 1];
    switch (op->atom) {
    case DW_OP_dup: return push(e, *top);
    case DW_OP_drop: e->n--; return true;
    case DW_OP_deref: return read_memory(e->walk, *top, top);
    case DW_OP_plus_uconst: *top += op->number; return true;
    case DW_OP_neg: *top = 0 - *top; return true;
    case DW_OP_not: *top = ~*top; return true;
    case DW_OP_stack_value: e->is_value = true; return true;
    default: return run_binary(e, op->atom);
    }
}

static bool run_op(struct expression *e, const Dwarf_Op *op)
{
    unsigned atom = op->atom;
    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
        return push(e, atom - DW_OP_lit0);
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
        return push_register(e, atom - DW_OP_breg0, op->number);
    switch (atom) {
    case DW_OP_bregx:
        return op->number < CFI_REGISTERS && push_register(e, (unsigned)op->number, op->number2);
    case DW_OP_addr:
    case DW_OP_const1u:
    case DW_OP_const1s:
    case DW_OP_const2u:
    case DW_OP_const2s:
    case DW_OP_const4u:
    case DW_OP_const4s:
    case DW_OP_const8u:
    case DW_OP_const8s:
    case DW_OP_constu:
    case DW_OP_consts: return push(e, op->number);
    case DW_OP_call_frame_cfa: return push(e, e->cfa);
    case DW_OP_nop: return true;
    default: return run_stack_op(e, op);
    }
}

/* Operations that call frame information does not use, such as jumps, fail. */
static bool run_expression(struct expression *e, const struct cfi_rule *rule, uint64_t *value)
{
    for (size_t i = 0; i < rule->n; i++)
        if (!run_op(e, &rule->ops[i]))
            return false;
    *value = e->n > 0 ? e->at[e->n - 1] : 0;
    return e->n > 0;
}

/* ---- one frame ------------------------------------------------------------------------------- */

static bool find_cfa(const struct walk *walk, const struct cfi_rule *rule, uint64_t *cfa)
{
    if (rule->kind == CFI_EXPRESSION)
        return run_expression(&(struct expression){.walk = walk}, rule, cfa);
    if (!get_register(&walk->registers, rule->from, cfa))
        return false;
    *cfa += (uint64_t)rule->offset;
    return true;
}

static bool find_by_expression(const struct walk *walk, const struct cfi_rule *rule, uint64_t cfa,
                               uint64_t *value)
{
    struct expression e = {.walk = walk, .cfa = cfa};
    return run_expression(&e, rule, value) && (e.is_value || read_memory(walk, *value, value));
}

static bool find_saved_register(const struct walk *walk, const struct cfi_rule *rule, uint64_t cfa,
                                uint64_t *value)
{
    switch (rule->kind) {
    case CFI_REGISTER: return get_register(&walk->registers, rule->from, value);
    case CFI_MEMORY: return read_memory(walk, cfa + (uint64_t)rule->offset, value);
    case CFI_VALUE: *value = cfa + (uint64_t)rule->offset; return true;
    default: return find_by_expression(walk, rule, cfa, value);
    }
}

static bool step_by_row(struct walk *walk, const struct cfi_row *row)
{
    struct registers *registers = &walk->registers;
    uint64_t cfa, value, values[CFI_REGISTERS], found = 0;
    if (!find_cfa(walk, &row->cfa, &cfa))
        return false;
    for (size_t i = 0; i < row->count; i++)
        found |= (uint64_t)find_saved_register(walk, &row->rules[i], cfa, &values[i]) << i;
    registers->known &= row->same;
    set_register(registers, walk->machine->stack_pointer, cfa);
    for (size_t i = 0; i < row->count; i++)
        if (found >> i & 1)
            set_register(registers, row->rules[i].number, values[i]);
    if (!get_register(registers, row->return_register, &value))
        return false;
    walk->pc = value & walk->machine->code_mask;
    return true;
}

/* The frame pointer points to the frame pointer of the caller, which the return address follows. On
 * arm64 the link register has the return address of the current frame. */
static bool step_by_frame_pointer(struct walk *walk)
{
    const struct machine *machine = walk->machine;
    struct registers *registers = &walk->registers;
    uint64_t stack_pointer, frame_pointer, before = 0, back = 0;
    bool linked = machine->link != NO_REGISTER;
    if (!get_register(registers, machine->stack_pointer, &stack_pointer) ||
        !get_register(registers, machine->frame_pointer, &frame_pointer))
        return false;
    bool whole = read_stack(walk, frame_pointer, &before) &&
                 read_stack(walk, frame_pointer + 8, &back);
    if ((!whole && !linked) || frame_pointer + 16 <= stack_pointer)
        return false;
    uint64_t pc = back;
    if (linked && !get_register(registers, machine->link, &pc))
        return false;
    registers->known = 0;
    set_register(registers, machine->stack_pointer, frame_pointer + 16);
    set_register(registers, machine->frame_pointer, before);
    if (linked)
        set_register(registers, machine->link, back);
    walk->pc = pc & machine->code_mask;
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static struct cfi_row make_row(struct elf_unwinder *unwinder, struct image *image, uint64_t offset,
                               unsigned registers)
{
    uint64_t address;
    image_load(image);
    struct elf_image *elf = image->elf;
    if (!elf || !elf_layout_address(&elf->layout, offset, &address))
        return (struct cfi_row){0};
    if (!elf->cfi_tried)
        elf->cfi = cfi_file_open(image);
    elf->cfi_tried = true;
    return elf->cfi ? cfi_file_row(elf->cfi, address, registers, &unwinder->arena)
                    : (struct cfi_row){0};
}

static uint32_t find_row(const struct walk *walk, const struct unwind_mapping *mapping,
                         uint64_t address)
{
    struct elf_unwinder *unwinder = walk->unwinder;
    uint64_t place[] = {(uintptr_t)mapping->image, address - mapping->start + mapping->offset};
    uint32_t id = intern_add(&unwinder->places, str_of((const char *)place, sizeof place));
    if (id == unwinder->rows.n) {
        struct cfi_row row = make_row(unwinder, mapping->image, place[1], walk->machine->registers);
        vec_push(unwinder->base.images->heap, &unwinder->rows, row);
    }
    return unwinder->rows.at[id].known ? id : NO_ROW;
}

/* The result for the program counter. The pointer is valid until the next call. */
static const struct unwind_place *find_place(struct walk *walk)
{
    struct elf_unwinder *unwinder = walk->unwinder;
    uint64_t address = walk->pc - !walk->exact, mappings = walk->stack->mappings + 1;
    size_t hash = (size_t)hash_mix(address ^ HASH_K1,
                                   mappings ^ unwinder->base.images->options.seed);
    struct unwind_place *place = &unwinder->recent[hash % RECENT_PLACES];
    if (place->address == address && place->mappings == mappings)
        return place;
    struct unwind_mapping mapping = {.image = NULL};
    bool mapped = walk->find(walk->context, address, &mapping);
    uint32_t row = mapping.image ? find_row(walk, &mapping, address) : NO_ROW;
    *place = (struct unwind_place){address, mappings, mapped, row};
    return place;
}

/* ---- all frames ------------------------------------------------------------------------------ */

struct unwinder *elf_unwinder_open(struct images *images)
{
    struct elf_unwinder *unwinder = heap_zero(images->heap, 1, sizeof *unwinder);
    unwinder->base.images = images;
    arena_init(&unwinder->arena, images->heap);
    intern_init(&unwinder->places, images->heap, images->options.seed);
    return &unwinder->base;
}

/* False if the program counter or the stack pointer was not recorded. */
static bool start_walk(struct walk *walk)
{
    const struct unwind_stack *stack = walk->stack;
    uint64_t by_perf[64], recorded = 0;
    for (unsigned i = 0; i < 64; i++)
        if (stack->mask >> i & 1)
            by_perf[i] = stack->registers[recorded++];
    if (!(stack->mask >> walk->machine->perf_pc & 1))
        return false;
    walk->pc = by_perf[walk->machine->perf_pc];
    walk->exact = true;
    for (unsigned i = 0; i < walk->machine->registers - (walk->machine->link == NO_REGISTER); i++)
        if (stack->mask >> walk->machine->perf[i] & 1)
            set_register(&walk->registers, i, by_perf[walk->machine->perf[i]]);
    return get_register(&walk->registers, walk->machine->stack_pointer, &walk->stack_start);
}

size_t elf_unwinder_frames(struct unwinder *unwinder, const struct unwind_stack *stack,
                           unwind_find_fn *find, void *context, uint64_t *addresses, size_t most)
{
    struct walk walk = {.unwinder = (struct elf_unwinder *)unwinder,
                        .machine = &machines[stack->machine],
                        .stack = stack,
                        .find = find,
                        .context = context};
    size_t n = 0;
    bool guessed = false; /* by the frame pointer, which may have been anything */
    if (stack->machine == UNWIND_NONE || !start_walk(&walk))
        return 0;
    while (n < most) {
        const struct unwind_place *place = find_place(&walk);
        const struct cfi_row *row = place->row == NO_ROW ? NULL
                                                         : &walk.unwinder->rows.at[place->row];
        bool signal = row && row->signal;
        if (guessed && !place->mapped)
            break;
        addresses[n++] = walk.pc - !(walk.exact || signal);
        guessed = !row;
        if (!(row ? step_by_row(&walk, row) : step_by_frame_pointer(&walk)) || walk.pc == 0)
            break;
        walk.exact = signal;
    }
    return n;
}

#endif
