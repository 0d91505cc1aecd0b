/* SPDX-License-Identifier: MIT */
/*
 * test_cfi: walks through made-up call frame information, of x86-64 and arm64 on any machine.
 */
#include <fcntl.h>

#include "elf_maker.h"
#include "image_questions.h"

#if HAVE_LIBDW

#include <dwarf.h>

/* The functions, 64 bytes each. */
enum { LEAF, MIDDLE, START, JUMP, HANDLER, FIXED, FUNCTIONS };
enum { CODE = ELF_BASE + 0x80, SIZE = 64, STACK = 0x7000, STACK_SIZE = 256, FRAMES_MOST = 8 };

#define AT(function, at) (CODE + (function)*SIZE + (at))
#define SIGNATURE        (UINT64_C(0x55) << 48) /* of a return address of arm64 */

/* ---- call frame information ------------------------------------------------------------------ */

struct bytes {
    char at[1024];
    size_t n;
    bool debug; /* of .debug_frame */
};

static void put(struct bytes *bytes, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes->at[bytes->n++] = (char)(value >> (8 * i) & 255);
}

/* Entries are padded to 8 bytes with DW_CFA_nop, which is 0. */
static size_t begin_entry(struct bytes *bytes)
{
    put(bytes, 0, 4);
    return bytes->n;
}

static void end_entry(struct bytes *bytes, size_t from)
{
    while ((bytes->n - from + 4) % 8 != 0)
        put(bytes, 0, 1);
    uint32_t size = (uint32_t)(bytes->n - from);
    memcpy(bytes->at + from - 4, &size, 4);
}

/* signal: of functions that the kernel calls a handler with. */
static size_t put_cie(struct bytes *bytes, unsigned char back, const unsigned char *rules, size_t n,
                      bool signal)
{
    size_t from = begin_entry(bytes);
    put(bytes, bytes->debug ? UINT32_MAX : 0, 4);
    put(bytes, 1, 1);
    put(bytes, 'z', 1);
    if (!bytes->debug)
        put(bytes, 'R', 1);
    if (signal)
        put(bytes, 'S', 1);
    put(bytes, 0, 1);
    put(bytes, 1, 1);    /* code alignment */
    put(bytes, 0x78, 1); /* data alignment: -8 */
    put(bytes, back, 1);
    put(bytes, bytes->debug ? 0 : 1, 1);
    if (!bytes->debug)
        put(bytes, DW_EH_PE_udata4, 1);
    memcpy(bytes->at + bytes->n, rules, n);
    bytes->n += n;
    end_entry(bytes, from);
    return from - 4;
}

static void put_fde(struct bytes *bytes, size_t cie, unsigned function, const unsigned char *rules,
                    size_t n)
{
    size_t from = begin_entry(bytes);
    put(bytes, bytes->debug ? cie : from - cie, 4);
    put(bytes, AT(function, 0), bytes->debug ? 8 : 4);
    put(bytes, SIZE, bytes->debug ? 8 : 4);
    put(bytes, 0, 1);
    memcpy(bytes->at + bytes->n, rules, n);
    bytes->n += n;
    end_entry(bytes, from);
}

#define RULES(...) \
    ((const unsigned char[]){__VA_ARGS__}), sizeof((const unsigned char[]){__VA_ARGS__})

/* After 4 bytes, the leaf has a frame of 32 bytes; the others have a frame pointer. */
static void put_x86_64(struct bytes *bytes)
{
    size_t cie = put_cie(bytes, 16, RULES(DW_CFA_def_cfa, 7, 8, (DW_CFA_offset | 16), 1), false);
    put_fde(bytes, cie, LEAF,
            RULES(DW_CFA_advance_loc | 4, DW_CFA_def_cfa_offset, 32, (DW_CFA_offset | 6), 2));
    put_fde(bytes, cie, MIDDLE, RULES(DW_CFA_def_cfa, 6, 16, (DW_CFA_offset | 6), 2));
    put_fde(bytes, cie, START, RULES(DW_CFA_undefined, 16));
    /* as the linker writes it: the entry pushes a word before its byte 11 */
    put_fde(bytes, cie, JUMP,
            RULES(DW_CFA_def_cfa_expression, 11, DW_OP_breg7, 8, DW_OP_breg16, 0, DW_OP_lit15,
                  DW_OP_and, DW_OP_lit11, DW_OP_ge, DW_OP_lit3, DW_OP_shl, DW_OP_plus));
    /* its return address is in the file, at AT(FIXED, 8) */
    put_fde(bytes, cie, FIXED,
            RULES(DW_CFA_expression, 16, 9, DW_OP_addr, 0xc8, 0x01, 0x40, 0, 0, 0, 0, 0));
    /* the interrupted registers are on the stack */
    cie = put_cie(bytes, 16, RULES(DW_CFA_def_cfa_expression, 3, DW_OP_breg7, 8, DW_OP_deref),
                  true);
    put_fde(
        bytes, cie, HANDLER,
        RULES(DW_CFA_expression, 16, 2, DW_OP_breg7, 0, DW_CFA_expression, 6, 2, DW_OP_breg7, 16));
}

static void put_arm64(struct bytes *bytes)
{
    size_t cie = put_cie(bytes, 30, RULES(DW_CFA_def_cfa, 31, 0), false);
    put_fde(bytes, cie, LEAF,
            RULES(DW_CFA_advance_loc | 4, DW_CFA_def_cfa_offset, 32, (DW_CFA_offset | 29), 4,
                  (DW_CFA_offset | 30), 3));
    put_fde(bytes, cie, MIDDLE,
            RULES(DW_CFA_def_cfa, 29, 16, (DW_CFA_offset | 29), 2, (DW_CFA_offset | 30), 1));
    put_fde(bytes, cie, START, RULES(DW_CFA_undefined, 30));
}

static void make_file(enum unwind_machine machine, bool debug)
{
    static struct elf_maker elf;
    static char code[FUNCTIONS * SIZE];
    const uint64_t back = AT(START, 20);
    struct bytes frames = {.debug = debug};
    memcpy(code + FIXED * SIZE + 8, &back, sizeof back);
    elf_begin_file(&elf, machine == UNWIND_X86_64 ? EM_X86_64 : EM_AARCH64);
    elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, str_of(code, sizeof code));
    if (machine == UNWIND_X86_64)
        put_x86_64(&frames);
    else
        put_arm64(&frames);
    if (debug) {
        elf_add(&elf, ".debug_frame", SHT_PROGBITS, 0, str_of(frames.at, frames.n));
    } else {
        put(&frames, 0, 4);
        elf_add(&elf, ".eh_frame", SHT_PROGBITS, SHF_ALLOC, str_of(frames.at, frames.n));
    }
    elf_end_file(&elf);
    put_file("/walked", str_of(elf.bytes, elf.n));
}

/* ---- walks ----------------------------------------------------------------------------------- */

struct walk_question {
    const char *name;
    enum unwind_machine machine;
    uint64_t pc, frame_pointer, link;
    uint64_t stack[8]; /* from the stack pointer on */
    uint64_t want[FRAMES_MOST];
};

static bool find_code(void *context, uint64_t address, struct unwind_mapping *mapping)
{
    *mapping = (struct unwind_mapping){ELF_BASE, ELF_BASE + 0x10000, 0, context};
    return address >= mapping->start && address < mapping->end;
}

static uint64_t got[FRAMES_MOST];

static bool walk(struct heap *heap, void *arg)
{
    const struct walk_question *question = arg;
    struct images_options options = {.symfs = str_from_c(top), .files = files()};
    struct images *images = images_open(heap, &options);
    struct image *image = images_file(images, &(struct image_key){.path = STR("/walked")});
    uint64_t stack[STACK_SIZE / 8] = {0};
    memcpy(stack, question->stack, sizeof question->stack);
    bool x86_64 = question->machine == UNWIND_X86_64;
    /* perf's numbers, ascending: 6 bp, 7 sp, 8 ip; 29 fp, 30 lr, 31 sp, 32 pc */
    const uint64_t x86_64_registers[] = {question->frame_pointer, STACK, question->pc};
    const uint64_t arm64_registers[] = {question->frame_pointer, question->link, STACK,
                                        question->pc};
    struct unwind_stack copy = {.machine = question->machine,
                                .mask = x86_64 ? UINT64_C(7) << 6 : UINT64_C(15) << 29,
                                .registers = x86_64 ? x86_64_registers : arm64_registers,
                                .stack = (const char *)stack,
                                .size = sizeof stack};
    struct unwinder *unwinder = unwinder_open(images);
    memset(got, 0, sizeof got);
    unwinder_frames(unwinder, &copy, find_code, image, got, FRAMES_MOST);
    return true;
}

/* With each allocation failing in turn, what libdw holds is freed as well. The leak sanitizer sees
 * what is not. */
static void check_faults(struct walk_question question, bool debug)
{
    make_file(question.machine, debug);
    ok(heaps_sweep(walk, &question) && got[0] == question.want[0], "each allocation fails in turn");
    ok(open("/dev/null", O_RDONLY) < 20, "no file stays open");
}

/* Addresses of callers are one less: the call may be the last instruction of its function. */
static const struct walk_question walks[] = {
    {.name = "x86-64",
     .machine = UNWIND_X86_64,
     .pc = AT(LEAF, 8),
     .stack = {0, 0, STACK + 48, AT(MIDDLE, 10), 0, 0, 0, AT(START, 20)},
     .want = {AT(LEAF, 8), AT(MIDDLE, 9), AT(START, 19)}},
    {.name = "x86-64, at the first instruction",
     .machine = UNWIND_X86_64,
     .pc = AT(LEAF, 0),
     .frame_pointer = STACK + 16,
     .stack = {AT(MIDDLE, 10), 0, 0, AT(START, 20)},
     .want = {AT(LEAF, 0), AT(MIDDLE, 9), AT(START, 19)}},
    {.name = "x86-64, a return address in the file",
     .machine = UNWIND_X86_64,
     .pc = AT(FIXED, 4),
     .want = {AT(FIXED, 4), AT(START, 19)}},
    {.name = "x86-64, a jump before its push",
     .machine = UNWIND_X86_64,
     .pc = AT(JUMP, 0),
     .stack = {AT(START, 20)},
     .want = {AT(JUMP, 0), AT(START, 19)}},
    {.name = "x86-64, a jump after its push",
     .machine = UNWIND_X86_64,
     .pc = AT(JUMP, 11),
     .stack = {1, AT(START, 20)},
     .want = {AT(JUMP, 11), AT(START, 19)}},
    {.name = "x86-64, a signal handler returns",
     .machine = UNWIND_X86_64,
     .pc = AT(HANDLER, 0),
     .stack = {AT(MIDDLE, 0), STACK + 32, STACK + 40, 0, 0, 0, AT(START, 20)},
     .want = {AT(HANDLER, 0), AT(MIDDLE, 0), AT(START, 19)}},
    {.name = "x86-64, by frame pointer in code that nothing is known of",
     .machine = UNWIND_X86_64,
     .pc = ELF_BASE + 0x8000,
     .frame_pointer = STACK + 16,
     .stack = {0, 0, STACK + 48, AT(START, 20)},
     .want = {ELF_BASE + 0x8000, AT(START, 19)}},
    {.name = "x86-64, a frame pointer below the stack",
     .machine = UNWIND_X86_64,
     .pc = ELF_BASE + 0x8000,
     .frame_pointer = STACK - 16,
     .want = {ELF_BASE + 0x8000}},
    {.name = "x86-64, a return address outside the copy",
     .machine = UNWIND_X86_64,
     .pc = AT(MIDDLE, 8),
     .frame_pointer = STACK + STACK_SIZE - 8,
     .want = {AT(MIDDLE, 8)}},
    {.name = "arm64",
     .machine = UNWIND_ARM64,
     .pc = AT(LEAF, 8),
     .stack = {STACK + 48, AT(MIDDLE, 12), 0, 0, 0, 0, 0, SIGNATURE | AT(START, 20)},
     .want = {AT(LEAF, 8), AT(MIDDLE, 11), AT(START, 19)}},
    {.name = "arm64, at the first instruction",
     .machine = UNWIND_ARM64,
     .pc = AT(LEAF, 0),
     .frame_pointer = STACK + 16,
     .link = AT(MIDDLE, 12),
     .stack = {0, 0, 0, AT(START, 20)},
     .want = {AT(LEAF, 0), AT(MIDDLE, 11), AT(START, 19)}},
};

int main(void)
{
    make_top();
    for (size_t i = 0; i < 2 * sizeof walks / sizeof walks[0]; i++) {
        struct walk_question question = walks[i / 2];
        make_file(question.machine, i & 1);
        heaps_run(walk, &question);
        for (size_t frame = 0; frame < FRAMES_MOST; frame++)
            is_u64(got[frame], question.want[frame], "%s, %s: frame %zu", question.name,
                   i & 1 ? ".debug_frame" : ".eh_frame", frame);
    }
    check_faults(walks[0], false);
    check_faults(walks[0], true);
    remove_top();
    return done_testing();
}

#else

int main(void)
{
    skip("walks", "this build has no libdw");
    return done_testing();
}

#endif
