/* SPDX-License-Identifier: MIT */
/*
 * elf_inlines: find the function of an address in its compilation unit, then the inlined
 * subroutines in it (DWARF 5, section 3.3.8: DW_TAG_inlined_subroutine, DW_AT_call_file, _line).
 *
 *      unit ──► function a  [10, 40)            unit ──► namespace ──► function b
 *                 ├─ inlined x  [12, 20)        namespaces and types can hold definitions
 *                 │    └─ lexical block
 *                 │         └─ inlined y [14, 16)      address 15: a, x, y
 *                 └─ inlined z  [30, 32)
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <dwarf.h>

#include "core/num.h"
#include "format/elf/demangle.h"
#include "format/elf/elf_debug.h"

enum { NESTED_MOST = 64, INLINED_MOST = 256 };

struct dwarf_function {
    Dwarf_Addr low, high;
    Dwarf_Die die;
};

struct dwarf_unit {
    Dwarf_Off offset;
    VEC(struct dwarf_function) functions;
};

struct elf_inlines {
    struct heap *heap;
    struct elf_debug *debug;
    unsigned version; /* of `debug`, whose units these are */
    VEC(struct dwarf_unit) units;
    VEC(struct read_inline_frame) frames;
    struct strbuf text; /* the demangled name */
};

struct elf_inlines *elf_inlines_open(struct heap *heap, struct elf_debug *debug)
{
    struct elf_inlines *inlines = heap_zero(heap, 1, sizeof *inlines);
    inlines->heap = inlines->text.heap = heap;
    inlines->debug = debug;
    return inlines;
}

static void add_function(struct elf_inlines *inlines, struct dwarf_unit *unit, Dwarf_Die *die)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
        struct dwarf_function function = {low, high, *die};
        vec_push(inlines->heap, &unit->functions, function);
    }
}

static bool may_hold_functions(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_structure_type ||
           tag == DW_TAG_class_type || tag == DW_TAG_union_type || tag == DW_TAG_enumeration_type;
}

/* All functions that have code, also in namespaces and types. */
static void index_unit(struct elf_inlines *inlines, struct dwarf_unit *unit, Dwarf_Die *cu)
{
    Dwarf_Die path[NESTED_MOST];
    size_t depth = 0;
    if (dwarf_child(cu, &path[0]) != 0)
        return;
    for (;;) {
        Dwarf_Die inner, *die = &path[depth];
        int tag = dwarf_tag(die);
        if (tag == DW_TAG_subprogram)
            add_function(inlines, unit, die);
        if (may_hold_functions(tag) && depth + 1 < NESTED_MOST && dwarf_child(die, &inner) == 0) {
            path[++depth] = inner;
            continue;
        }
        while (dwarf_siblingof(&path[depth], &inner) != 0) {
            if (depth == 0)
                return;
            depth--;
        }
        path[depth] = inner;
    }
}

static const struct dwarf_unit *find_dwarf_unit(struct elf_inlines *inlines, Dwarf_Die *cu)
{
    Dwarf_Off offset = dwarf_dieoffset(cu);
    for (size_t i = inlines->units.n; i > 0; i--)
        if (inlines->units.at[i - 1].offset == offset)
            return &inlines->units.at[i - 1];
    struct dwarf_unit unit = {.offset = offset};
    index_unit(inlines, &unit, cu);
    vec_push(inlines->heap, &inlines->units, unit);
    return &inlines->units.at[inlines->units.n - 1];
}

/* The child of `die` that contains the address and is inlined, or can contain an inlined one. */
static bool find_inlined_child(Dwarf_Die *die, Dwarf_Addr address, Dwarf_Die *inside)
{
    Dwarf_Die child;
    if (dwarf_child(die, &child) != 0)
        return false;
    do {
        int tag = dwarf_tag(&child);
        bool leads = tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block;
        if (leads && dwarf_haspc(&child, address) > 0) {
            *inside = child;
            return true;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

static const char *linkage_name(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute) ||
        dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute))
        return dwarf_formstring(&attribute);
    return NULL;
}

/* The linkage name as `c++filt -p` prints it, or else the name in the source. */
static str function_name(struct elf_inlines *inlines, Dwarf_Die *die, struct arena *arena)
{
    const char *name = linkage_name(die);
    name = name ? name : dwarf_diename(die);
    if (!name)
        return STR("[unknown]");
    strbuf_clear(&inlines->text);
    if (!demangle_name(&inlines->text, name))
        return arena_copy(arena, str_from_c(name));
    return arena_copy(arena, strbuf_str(&inlines->text));
}

static str format_place(const char *file, uint64_t line, struct arena *arena)
{
    char digits[NUM_ROOM + 1] = ":";
    str base = str_file_name(str_from_c(file ? file : "??"));
    size_t n = 1 + num_put_u64(digits + 1, line);
    return arena_join(arena, base, str_of(digits, n));
}

/* The call of the inlined subroutine `die`. */
static str find_call_place(Dwarf_Die *die, struct arena *arena)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file = 0, line = 0;
    Dwarf_Files *files;
    Dwarf_Die cu;
    size_t count = 0;
    const char *name = NULL;
    dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &file);
    dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attribute), &line);
    if (dwarf_diecu(die, &cu, NULL, NULL) && dwarf_getsrcfiles(&cu, &files, &count) == 0 &&
        file < count)
        name = dwarf_filesrc(files, (size_t)file, NULL, NULL);
    return format_place(name, line, arena);
}

static str find_address_place(Dwarf_Die *cu, Dwarf_Addr address, struct arena *arena)
{
    int line = 0;
    Dwarf_Line *at = dwarf_getsrc_die(cu, address);
    if (!at || dwarf_lineno(at, &line) != 0 || line < 0)
        return format_place(NULL, 0, arena);
    return format_place(dwarf_linesrc(at, NULL, NULL), (uint64_t)line, arena);
}

/* From a function down to the innermost inlined one. The place of a frame is its call of the next
 * one, and the place of the innermost frame is the line of the address. */
static void collect_frames(struct elf_inlines *inlines, Dwarf_Die die, Dwarf_Die *cu,
                           Dwarf_Addr address, str outer, bool with_place, struct arena *arena)
{
    Dwarf_Die inside;
    struct read_inline_frame frame = {outer, {0}};
    if (outer.n == 0)
        frame.function = function_name(inlines, &die, arena);
    inlines->frames.n = 0;
    vec_push(inlines->heap, &inlines->frames, frame);
    while (inlines->frames.n < INLINED_MOST && find_inlined_child(&die, address, &inside)) {
        die = inside;
        if (dwarf_tag(&die) != DW_TAG_inlined_subroutine)
            continue;
        if (with_place)
            inlines->frames.at[inlines->frames.n - 1].where = find_call_place(&die, arena);
        frame = (struct read_inline_frame){function_name(inlines, &die, arena), {0}};
        vec_push(inlines->heap, &inlines->frames, frame);
    }
    if (with_place)
        inlines->frames.at[inlines->frames.n - 1].where = find_address_place(cu, address, arena);
}

/* Forget all that libdw returned before it opened the file anew. */
static void forget_units(struct elf_inlines *inlines)
{
    for (size_t i = 0; i < inlines->units.n; i++)
        vec_free(inlines->heap, &inlines->units.at[i].functions);
    inlines->units.n = 0;
    inlines->version = inlines->debug->version;
}

size_t elf_inlines_find(struct elf_inlines *inlines, uint64_t address, str outer, bool with_place,
                        struct arena *arena, const struct read_inline_frame **frames)
{
    Dwarf_Die cu;
    if (!elf_debug_unit(inlines->debug, address, &cu))
        return 0;
    if (inlines->version != inlines->debug->version)
        forget_units(inlines);
    const struct dwarf_unit *unit = find_dwarf_unit(inlines, &cu);
    for (size_t i = 0; i < unit->functions.n; i++) {
        const struct dwarf_function *function = &unit->functions.at[i];
        if (address < function->low || address >= function->high)
            continue;
        collect_frames(inlines, function->die, &cu, address, outer, with_place, arena);
        *frames = inlines->frames.at;
        return inlines->frames.n;
    }
    return 0;
}

#endif
