/* SPDX-License-Identifier: MIT */
/*
 * elf_plt: an entry of a procedure linkage table jumps to the address in a slot of the global
 * offset table, and a relocation says whose address the linker puts there:
 *
 *      .plt    401020: jmp *[404018]          .rela.plt   404018 JUMP_SLOT strlen
 *
 *      401020 is "strlen@plt"
 *
 * Linkers lay out these tables in several ways, so the jumps are read, not counted.
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <stdlib.h>

#include "format/elf/elf_file.h"
#include "format/perf_data/perf_record.h"

struct got_slot {
    uint64_t address;
    uint64_t
        target; /* offset in the file of the function that chooses; UINT64_MAX: there is none */
    const char *name; /* NULL: that of the target */
};

struct plt {
    struct symbol_table *table;
    const struct elf_file *file;
    const struct elf_layout *layout;
    unsigned machine;
    VEC(struct got_slot) slots;
};

static int compare_addresses(const void *a, const void *b)
{
    const struct got_slot *x = a, *y = b;
    return x->address < y->address ? -1 : x->address > y->address;
}

static int compare_targets(const void *a, const void *b)
{
    const struct got_slot *x = a, *y = b;
    return x->target < y->target ? -1 : x->target > y->target;
}

static void sort_slots(struct plt *plt, int compare(const void *, const void *))
{
    if (plt->slots.n > 0)
        qsort(plt->slots.at, plt->slots.n, sizeof *plt->slots.at, compare);
}

/* ---- relocations ----------------------------------------------------------------------------- */

static bool is_function_slot(unsigned machine, unsigned type)
{
    if (machine == EM_X86_64)
        return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT;
    return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT;
}

static bool is_ifunc_slot(unsigned machine, unsigned type)
{
    return type == (machine == EM_X86_64 ? R_X86_64_IRELATIVE : R_AARCH64_IRELATIVE);
}

/* The tables that a section of relocations refers to. */
struct relocated {
    Elf_Data *symbols;
    str names;
};

static const char *copy_symbol_name(struct plt *plt, const struct relocated *of, uint64_t index)
{
    GElf_Sym symbol;
    if (!of->symbols || index == 0 || index >= INT32_MAX ||
        !gelf_getsym(of->symbols, (int)index, &symbol) || symbol.st_name >= of->names.n)
        return NULL;
    str name = str_skip(of->names, symbol.st_name);
    name = str_head(name, str_find(name, '\0', 0));
    return name.n > 0 ? arena_copy_c(&plt->table->names, name) : NULL;
}

static void add_slot(struct plt *plt, const struct relocated *of, const GElf_Rela *relocation)
{
    unsigned type = (unsigned)GELF_R_TYPE(relocation->r_info);
    struct got_slot slot = {relocation->r_offset, UINT64_MAX, NULL};
    if (is_function_slot(plt->machine, type)) {
        slot.name = copy_symbol_name(plt, of, GELF_R_SYM(relocation->r_info));
        if (!slot.name)
            return;
    } else if (!is_ifunc_slot(plt->machine, type) ||
               !elf_layout_offset(plt->layout, (uint64_t)relocation->r_addend, &slot.target)) {
        return;
    }
    vec_push(plt->table->heap, &plt->slots, slot);
}

static void read_relocations(struct plt *plt, const char *name)
{
    GElf_Shdr head, symbols_head;
    GElf_Rela relocation;
    struct relocated of = {0};
    Elf_Scn *section = elf_file_section(plt->file, SHT_RELA, name, &head);
    Elf_Data *data = elf_file_table(section);
    Elf_Scn *symbols = section ? elf_getscn(plt->file->elf, head.sh_link) : NULL;
    if (!data)
        return;
    if (symbols && gelf_getshdr(symbols, &symbols_head) && symbols_head.sh_type == SHT_DYNSYM) {
        of.symbols = elf_file_table(symbols);
        of.names = elf_file_bytes(elf_getscn(plt->file->elf, symbols_head.sh_link));
    }
    for (int i = 0; i < INT32_MAX && gelf_getrela(data, i, &relocation); i++)
        add_slot(plt, &of, &relocation);
}

/* Name the slots whose function is chosen at the start of the program, such as strlen(), after the
 * function that chooses. */
static void name_targets(struct plt *plt)
{
    struct symbol_table *table = plt->table;
    sort_slots(plt, compare_targets);
    bool any = plt->slots.n > 0 && plt->slots.at[0].target != UINT64_MAX;
    for (size_t i = 0; i < table->symbols.n && any; i++) {
        const struct symbol *symbol = &table->symbols.at[i];
        struct got_slot key = {.target = symbol->start};
        struct got_slot *slot = bsearch(&key, plt->slots.at, plt->slots.n, sizeof key,
                                        compare_targets);
        if (slot && (!slot->name || (symbol->flags & SYMBOL_GLOBAL)))
            slot->name = symbol->name;
    }
}

/* ---- jumps ----------------------------------------------------------------------------------- */

/* [endbr64] [bnd] jmp *distance(%rip). The slot's address; 0: it is another instruction. */
static uint64_t x86_64_slot(str code, uint64_t address)
{
    static const str endbr64 = STR_INIT("\xf3\x0f\x1e\xfa");
    size_t at = str_starts(code, endbr64) ? endbr64.n : 0;
    if (at < code.n && code.p[at] == '\xf2')
        at++;
    if (code.n - at < 6 || !str_starts(str_skip(code, at), STR("\xff\x25")))
        return 0;
    return address + at + 6 + (uint64_t)(int64_t)(int32_t)perf_load32(code.p + at + 2, false);
}

/* adrp x16, page; ldr x17, [x16, #offset] */
static uint64_t arm64_slot(str code, uint64_t address)
{
    if (code.n < 8)
        return 0;
    uint32_t adrp = perf_load32(code.p, false), ldr = perf_load32(code.p + 4, false);
    if ((adrp & 0x9f00001f) != 0x90000010 || (ldr & 0xffc003ff) != 0xf9400211)
        return 0;
    uint64_t pages = (uint64_t)(adrp >> 29 & 3) | (uint64_t)(adrp >> 5 & 0x7ffff) << 2;
    if (pages >> 20)
        pages |= ~UINT64_C(0) << 21;
    return (address & ~UINT64_C(4095)) + (pages << 12) + (uint64_t)(ldr >> 10 & 0xfff) * 8;
}

static void add_entry(struct plt *plt, uint64_t address, uint64_t size, uint64_t got)
{
    struct got_slot key = {.address = got};
    struct symbol symbol = {.flags = SYMBOL_GLOBAL | SYMBOL_PLT};
    const struct got_slot *slot = plt->slots.n == 0 ? NULL
                                                    : bsearch(&key, plt->slots.at, plt->slots.n,
                                                              sizeof key, compare_addresses);
    if (!slot || !slot->name || !elf_layout_offset(plt->layout, address, &symbol.start))
        return;
    symbol.end = symbol.start + size;
    symbol.name = slot->name;
    vec_push(plt->table->heap, &plt->table->symbols, symbol);
}

/* An entry of arm64 may begin before its jump, with a landing pad. */
static void add_entries(struct plt *plt, const char *name)
{
    GElf_Shdr head = {0};
    Elf_Scn *section = elf_file_section(plt->file, SHT_PROGBITS, name, &head);
    str code = elf_file_bytes(section);
    bool x86_64 = plt->machine == EM_X86_64;
    size_t size = head.sh_entsize >= 8 && head.sh_entsize <= 64 ? (size_t)head.sh_entsize : 16;
    struct symbol whole = {.name = ".plt", .n = 4, .flags = SYMBOL_GLOBAL | SYMBOL_FINAL};
    if (code.n == 0)
        return;
    if (strcmp(name, ".plt") == 0 && elf_layout_offset(plt->layout, head.sh_addr, &whole.start)) {
        whole.end = whole.start + code.n;
        vec_push(plt->table->heap, &plt->table->symbols, whole);
    }
    for (size_t at = 0; at < code.n; at += x86_64 ? size : 4) {
        uint64_t address = head.sh_addr + at;
        str rest = str_skip(code, at);
        uint64_t slot = x86_64 ? x86_64_slot(rest, address) : arm64_slot(rest, address);
        bool pad = !x86_64 && at >= 4 &&
                   perf_load32(code.p + at - 4, false) == 0xd503245f; /* bti c */
        if (slot != 0)
            add_entry(plt, address - (pad ? 4 : 0), size, slot);
    }
}

void elf_plt_add(struct symbol_table *table, const struct elf_file *file,
                 const struct elf_layout *layout)
{
    GElf_Shdr head;
    GElf_Ehdr elf_head;
    struct plt plt = {.table = table, .file = file, .layout = layout};
    if (!gelf_getehdr(file->elf, &elf_head))
        return;
    plt.machine = elf_head.e_machine;
    if (plt.machine != EM_X86_64 && plt.machine != EM_AARCH64)
        return;
    read_relocations(&plt, ".rela.plt");
    if (elf_file_section(file, SHT_PROGBITS, ".plt.got", &head))
        read_relocations(&plt, ".rela.dyn");
    name_targets(&plt);
    sort_slots(&plt, compare_addresses);
    add_entries(&plt, ".plt");
    add_entries(&plt, ".plt.sec");
    add_entries(&plt, ".plt.got");
    vec_free(table->heap, &plt.slots);
}

#endif
