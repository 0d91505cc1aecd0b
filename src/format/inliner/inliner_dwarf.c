/* SPDX-License-Identifier: MIT */
/*
 * inliner_dwarf: find the function of an address in its compilation unit, then the inlined
 * subroutines in it (DWARF 5, section 3.3.8: DW_TAG_inlined_subroutine, DW_AT_call_file, _line).
 *
 *      unit ──► function a  [10, 40)            unit ──► namespace ──► function b
 *                 ├─ inlined x  [12, 20)        namespaces and types can hold definitions
 *                 │    └─ lexical block
 *                 │         └─ inlined y [14, 16)      address 15: a, x, y
 *                 └─ inlined z  [30, 32)
 */
#include "core/num.h"

#if HAVE_LIBDW

#include <dwarf.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/elf/demangle.h"
#include "format/inliner/inliner_dwarf.h"

enum { NESTED_MOST = 64, INLINED_MOST = 256 };

struct dwarf_function {
    Dwarf_Addr low, high;
    Dwarf_Die die;
    str name; /* n == 0: not known yet */
};

struct dwarf_unit {
    Dwarf_Off offset;
    VEC(struct dwarf_function) functions;
};

struct dwarf_module {
    struct heap *heap;
    Dwfl *dwfl;
    Dwfl_Module *module;
    GElf_Addr bias; /* of the main file */
    VEC(struct dwarf_unit) units;
    VEC(struct read_inline_frame) frames;
    struct strbuf text; /* the demangled name */
};

/* Modules are reported with their file, so there is nothing to find. */
static int find_no_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                       char **file, Elf **elf)
{
    (void)module, (void)user, (void)name, (void)base, (void)file, (void)elf;
    return -1;
}

/* The functions of libdw itself can ask a server. */
static const Dwfl_Callbacks callbacks = {
    .find_elf = find_no_elf,
    .find_debuginfo = debug_file_find,
    .section_address = dwfl_offline_section_address,
};

/* libelf accepts a file without its end, where the section table is. */
static bool is_cut_short(Elf *elf)
{
    GElf_Ehdr head;
    size_t size = 0;
    if (!gelf_getehdr(elf, &head))
        return true;
    uint64_t table = (uint64_t)head.e_shnum * head.e_shentsize;
    return elf_rawfile(elf, &size) && (head.e_shoff > size || table > size - head.e_shoff);
}

static const char *open_dwfl(struct dwarf_module *module, const char *path)
{
    Dwarf_Addr bias;
    Elf *elf;
    struct stat about;
    if (access(path, R_OK) != 0 || stat(path, &about) != 0)
        return "the file does not exist or cannot be read";
    if (!S_ISREG(about.st_mode)) /* to open a pipe or a device can have side effects */
        return "it is not a regular file";
    module->dwfl = dwfl_begin(&callbacks);
    if (!module->dwfl)
        return "libdw has no memory";
    module->module = dwfl_report_offline(module->dwfl, path, path, -1);
    dwfl_report_end(module->dwfl, NULL, NULL);
    elf = module->module ? dwfl_module_getelf(module->module, &module->bias) : NULL;
    if (!elf || is_cut_short(elf))
        return "it is not a complete ELF file";
    if (!dwfl_module_getdwarf(module->module, &bias))
        return "it has no debug information (build with -g or install its -dbgsym package)";
    return NULL;
}

struct dwarf_module *dwarf_module_open(struct heap *heap, const char *path, const char **why)
{
    struct dwarf_module *module = heap_zero(heap, 1, sizeof *module);
    module->heap = module->text.heap = heap;
    *why = open_dwfl(module, path);
    if (!*why)
        return module;
    dwarf_module_close(module);
    return NULL;
}

void dwarf_module_close(struct dwarf_module *module)
{
    if (module && module->dwfl)
        dwfl_end(module->dwfl);
}

/* The address as the program headers count, from the one that perf printed. */
static GElf_Addr virtual_address(const struct dwarf_module *module, GElf_Addr address)
{
    GElf_Addr bias, by_offset = address;
    GElf_Ehdr head;
    size_t count = 0;
    Elf *elf = dwfl_module_getelf(module->module, &bias);
    if (!elf || !gelf_getehdr(elf, &head) || elf_getphdrnum(elf, &count) != 0)
        return address;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr part;
        if (!gelf_getphdr(elf, (int)i, &part) || part.p_type != PT_LOAD || !(part.p_flags & PF_X))
            continue;
        if (head.e_type == ET_EXEC && address >= part.p_vaddr &&
            address - part.p_vaddr < part.p_memsz)
            return address;
        if (address >= part.p_offset && address - part.p_offset < part.p_filesz)
            by_offset = address - part.p_offset + part.p_vaddr;
    }
    return by_offset;
}

static void add_function(struct dwarf_module *module, struct dwarf_unit *unit, Dwarf_Die *die)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
        struct dwarf_function function = {low, high, *die, {0}};
        vec_push(module->heap, &unit->functions, function);
    }
}

static bool may_hold_functions(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_structure_type ||
           tag == DW_TAG_class_type || tag == DW_TAG_union_type || tag == DW_TAG_enumeration_type;
}

/* All functions that have code, also in namespaces and types. */
static void index_unit(struct dwarf_module *module, struct dwarf_unit *unit, Dwarf_Die *cu)
{
    Dwarf_Die path[NESTED_MOST];
    size_t depth = 0;
    if (dwarf_child(cu, &path[0]) != 0)
        return;
    for (;;) {
        Dwarf_Die inner, *die = &path[depth];
        int tag = dwarf_tag(die);
        if (tag == DW_TAG_subprogram)
            add_function(module, unit, die);
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

static const struct dwarf_unit *find_dwarf_unit(struct dwarf_module *module, Dwarf_Die *cu)
{
    Dwarf_Off offset = dwarf_dieoffset(cu);
    for (size_t i = module->units.n; i > 0; i--)
        if (module->units.at[i - 1].offset == offset)
            return &module->units.at[i - 1];
    struct dwarf_unit unit = {.offset = offset};
    index_unit(module, &unit, cu);
    vec_push(module->heap, &module->units, unit);
    return &module->units.at[module->units.n - 1];
}

/* The child of `die` that contains the address and is inlined, or can contain an inlined one. */
static bool find_inside(Dwarf_Die *die, Dwarf_Addr address, Dwarf_Die *inside)
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

/* The linkage name as `c++filt -p` prints it, or else `other`. */
static str function_name(struct dwarf_module *module, Dwarf_Die *die, const char *other,
                         struct arena *arena)
{
    const char *name = linkage_name(die);
    name = name ? name : other;
    if (!name)
        return STR("[unknown]");
    strbuf_clear(&module->text);
    if (!demangle_name(&module->text, name))
        return arena_copy(arena, str_from_c(name));
    return arena_copy(arena, strbuf_str(&module->text));
}

/* A function without a linkage name gets the name of its symbol, which identifies clones and has
 * the namespace. To find a symbol, libdw goes through all of them: do it once per function. */
static str outer_function_name(struct dwarf_module *module, struct dwarf_function *function,
                               Dwarf_Addr address, struct arena *arena)
{
    if (function->name.n > 0)
        return function->name;
    const char *other = NULL;
    if (!linkage_name(&function->die))
        other = dwfl_module_addrname(module->module, address);
    if (!other)
        other = dwarf_diename(&function->die);
    function->name = function_name(module, &function->die, other, arena);
    return function->name;
}

static str format_place(const char *file, uint64_t line, struct arena *arena)
{
    char digits[NUM_ROOM + 1] = ":";
    str path = str_from_c(file ? file : "??");
    size_t slash = str_find_last(path, '/');
    str base = slash < path.n ? str_skip(path, slash + 1) : path;
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
static void collect_frames(struct dwarf_module *module, struct dwarf_function *function,
                           Dwarf_Die *cu, Dwarf_Addr address, str name, bool with_place,
                           struct arena *arena)
{
    Dwarf_Die die = function->die, inside;
    struct read_inline_frame frame = {name, {0}};
    vec_push(module->heap, &module->frames, frame);
    while (module->frames.n < INLINED_MOST && find_inside(&die, address, &inside)) {
        die = inside;
        if (dwarf_tag(&die) != DW_TAG_inlined_subroutine)
            continue;
        if (with_place)
            module->frames.at[module->frames.n - 1].where = find_call_place(&die, arena);
        frame = (struct read_inline_frame){function_name(module, &die, dwarf_diename(&die), arena),
                                           {0}};
        vec_push(module->heap, &module->frames, frame);
    }
    if (with_place)
        module->frames.at[module->frames.n - 1].where = find_address_place(cu, address, arena);
}

/* The function at an address of libdw and its unit; NULL: none. */
static struct dwarf_function *find_function(struct dwarf_module *module, Dwarf_Addr address,
                                            Dwarf_Die **cu, Dwarf_Addr *bias)
{
    *cu = dwfl_module_addrdie(module->module, address, bias);
    if (!*cu)
        return NULL;
    const struct dwarf_unit *unit = find_dwarf_unit(module, *cu);
    for (size_t i = 0; i < unit->functions.n; i++) {
        struct dwarf_function *function = &unit->functions.at[i];
        if (address - *bias >= function->low && address - *bias < function->high)
            return function;
    }
    return NULL;
}

size_t dwarf_module_frames(struct dwarf_module *module, uint64_t address, bool with_place,
                           struct arena *arena, const struct read_inline_frame **frames)
{
    Dwarf_Addr bias, virtual = virtual_address(module, address) + module->bias;
    Dwarf_Die *cu;
    struct dwarf_function *function = find_function(module, virtual, &cu, &bias);
    module->frames.n = 0;
    if (function) {
        str name = outer_function_name(module, function, virtual, arena);
        collect_frames(module, function, cu, virtual - bias, name, with_place, arena);
    }
    *frames = module->frames.at;
    return module->frames.n;
}

size_t dwarf_module_inlined(struct dwarf_module *module, uint64_t address, struct arena *arena,
                            const struct read_inline_frame **frames)
{
    Dwarf_Addr bias, virtual = address + module->bias;
    Dwarf_Die *cu;
    struct dwarf_function *function = find_function(module, virtual, &cu, &bias);
    module->frames.n = 0;
    if (!function)
        return 0;
    collect_frames(module, function, cu, virtual - bias, STR(""), false, arena);
    *frames = module->frames.at + 1;
    return module->frames.n - 1;
}

#endif
