/* SPDX-License-Identifier: MIT */
/*
 * cfi: rows by libdw, which takes a microsecond for each. So the unwinder keeps them.
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <dwarf.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/elf/cfi.h"
#include "format/elf/elf_file.h"

struct cfi_file {
    struct heap_cleanup cleanup;
    struct image *image;
    Dwarf_CFI *eh_frame;  /* NULL: none */
    bool has_debug_frame; /* and it is not open yet */
    Dwarf *dwarf;
    Dwarf_CFI *debug_frame;
};

static void end_cfi(void *of)
{
    struct cfi_file *cfi = of;
    if (cfi->eh_frame)
        dwarf_cfi_end(cfi->eh_frame);
    dwarf_end(cfi->dwarf);
}

struct cfi_file *cfi_file_open(struct image *image)
{
    struct heap *heap = image->images->heap;
    GElf_Shdr head;
    const char *ignored;
    struct elf_file *file = elf_image_open(image, &ignored);
    if (!file)
        return NULL;
    struct cfi_file *cfi = heap_zero(heap, 1, sizeof *cfi);
    cfi->image = image;
    cfi->cleanup = (struct heap_cleanup){.run = end_cfi, .of = cfi};
    heap_add_cleanup(heap, &cfi->cleanup);
    cfi->eh_frame = dwarf_getcfi_elf(file->elf);
    cfi->has_debug_frame = elf_file_section(file, 0, ".debug_frame", &head) != NULL;
    elf_file_release(file);
    return cfi;
}

/* libdw unpacks all sections with debug information, so it is done when an address needs it. */
static void open_debug_frame(struct cfi_file *cfi)
{
    struct heap *heap = cfi->image->images->heap;
    const char *ignored;
    cfi->has_debug_frame = false;
    struct elf_file *file = elf_image_open(cfi->image, &ignored);
    if (!file)
        return;
    heap_remove_cleanup(heap, &cfi->cleanup); /* it must run before that of the file */
    heap_add_cleanup(heap, &cfi->cleanup);
    cfi->dwarf = dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
    if (cfi->dwarf)
        cfi->debug_frame = dwarf_getcfi(cfi->dwarf);
    elf_file_release(file);
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* False if the frame's address cannot be found out. `ops` of an expression live as long as the
 * file. */
static bool read_cfa(Dwarf_Frame *frame, struct cfi_rule *rule)
{
    Dwarf_Op *ops;
    size_t n;
    if (dwarf_frame_cfa(frame, &ops, &n) != 0 || n == 0)
        return false;
    if (n == 1 && ops->atom == DW_OP_bregx && ops->number < CFI_REGISTERS)
        *rule = (struct cfi_rule){.kind = CFI_REGISTER,
                                  .from = (unsigned char)ops->number,
                                  .offset = (int64_t)ops->number2};
    else if (n == 1 && ops->atom >= DW_OP_breg0 && ops->atom <= DW_OP_breg31)
        *rule = (struct cfi_rule){.kind = CFI_REGISTER,
                                  .from = (unsigned char)(ops->atom - DW_OP_breg0),
                                  .offset = (int64_t)ops->number};
    else if (n == 1 && ops->atom == DW_OP_bregx)
        return false;
    else
        *rule = (struct cfi_rule){.kind = CFI_EXPRESSION, .ops = ops, .n = (uint32_t)n};
    return true;
}

/* The forms in which libdw returns "at the CFA + offset" and "the CFA + offset". */
static bool is_at_cfa(const Dwarf_Op *ops, size_t n, struct cfi_rule *rule)
{
    size_t at = 1;
    if (ops[0].atom != DW_OP_call_frame_cfa)
        return false;
    rule->offset = 0;
    if (at < n && ops[at].atom == DW_OP_plus_uconst)
        rule->offset = (int64_t)ops[at++].number;
    rule->kind = at == n ? CFI_MEMORY : CFI_VALUE;
    return at == n || (at + 1 == n && ops[at].atom == DW_OP_stack_value);
}

/* False if there is no rule: with *same the register keeps its value, else its value is lost. */
static bool read_rule(Dwarf_Frame *frame, unsigned number, struct cfi_rule *rule, bool *same)
{
    Dwarf_Op room[3], *ops;
    size_t n;
    *same = false;
    if (dwarf_frame_register(frame, (int)number, room, &ops, &n) != 0)
        return false;
    *same = n == 0 && ops != room;
    if (n == 0)
        return false;
    *rule = (struct cfi_rule){.number = (unsigned char)number};
    if (is_at_cfa(ops, n, rule))
        return true;
    if (ops != room) {
        rule->kind = CFI_EXPRESSION;
        rule->ops = ops;
        rule->n = (uint32_t)n;
        return true;
    }
    uint64_t from = ops->atom == DW_OP_regx ? ops->number : (uint64_t)ops->atom - DW_OP_reg0;
    rule->kind = CFI_REGISTER;
    rule->from = (unsigned char)from;
    return n == 1 && from < CFI_REGISTERS;
}

/* Allocates nothing: the frame is memory of libdw. */
static struct cfi_row read_row(Dwarf_Frame *frame, unsigned registers,
                               struct cfi_rule rules[CFI_REGISTERS])
{
    struct cfi_row row = {0};
    Dwarf_Addr start, end;
    bool signal = false;
    int number = dwarf_frame_info(frame, &start, &end, &signal);
    if (number < 0 || (unsigned)number >= registers || !read_cfa(frame, &row.cfa))
        return row;
    row.known = true;
    row.signal = signal;
    row.return_register = (unsigned char)number;
    for (unsigned i = 0; i < registers; i++) {
        bool same;
        row.count += read_rule(frame, i, &rules[row.count], &same);
        row.same |= (uint64_t)same << i;
    }
    return row;
}

struct cfi_row cfi_file_row(struct cfi_file *cfi, uint64_t address, unsigned registers,
                            struct arena *arena)
{
    Dwarf_Frame *frame = NULL;
    struct cfi_row row = {0};
    struct cfi_rule rules[CFI_REGISTERS];
    bool found = cfi->eh_frame && dwarf_cfi_addrframe(cfi->eh_frame, address, &frame) == 0;
    if (!found && cfi->has_debug_frame)
        open_debug_frame(cfi);
    found = found ||
            (cfi->debug_frame && dwarf_cfi_addrframe(cfi->debug_frame, address, &frame) == 0);
    if (!found)
        return row;
    row = read_row(frame, registers, rules);
    free(frame);
    struct cfi_rule *kept = arena_new(arena, struct cfi_rule, row.count);
    memcpy(kept, rules, row.count * sizeof *kept);
    row.rules = kept;
    return row;
}

#endif
