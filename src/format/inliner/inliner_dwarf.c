/*
 * inliner_dwarf: functions by address range per compilation unit, then down the tree of inlined
 * subroutines (DWARF 5, section 3.3.8: DW_TAG_inlined_subroutine, DW_AT_call_file, _line).
 *
 *      unit ──► function a  [10, 40)            unit ──► namespace ──► function b
 *                 ├─ inlined x  [12, 20)        definitions may stand inside namespaces and types
 *                 │    └─ lexical block
 *                 │         └─ inlined y [14, 16)      address 15: a, x, y
 *                 └─ inlined z  [30, 32)
 */
#include "format/inliner/inliner_dwarf.h"

#include "core/num.h"

#if HAVE_LIBDW

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <libiberty/demangle.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/inliner/inliner_debug_file.h"

enum { NESTED_MOST = 64, INLINED_MOST = 256 };

struct function_change {
    Dwarf_Addr low, high;
    Dwarf_Die die;
    str name; /* n == 0: not asked for yet */
};

struct unit {
    Dwarf_Off offset;
    VEC(struct function_change) functions;
};

struct dwarf_module {
    struct heap *heap;
    Dwfl *dwfl;
    Dwfl_Module *module;
    GElf_Addr bias; /* of the main file */
    VEC(struct unit) units;
    VEC(struct read_inline_frame) frames;
    VEC(char) text; /* a demangled name in the making */
};

bool dwarf_module_available(void)
{
    return true;
}

static const Dwfl_Callbacks callbacks = {
    .find_elf = debug_file_no_elf, /* both: libdw's own may ask a server */
    .find_debuginfo = debug_file_find,
    .section_address = dwfl_offline_section_address,
};

/* The table of sections ends a file, and libelf does without it. */
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
        return "the file is not there or cannot be read";
    if (!S_ISREG(about.st_mode)) /* opening a pipe waits, opening a device may do anything */
        return "it is no regular file";
    module->dwfl = dwfl_begin(&callbacks);
    if (!module->dwfl)
        return "libdw has no memory";
    module->module = dwfl_report_offline(module->dwfl, path, path, -1);
    dwfl_report_end(module->dwfl, NULL, NULL);
    elf = module->module ? dwfl_module_getelf(module->module, &module->bias) : NULL;
    if (!elf || is_cut_short(elf))
        return "it is no complete ELF file";
    if (!dwfl_module_getdwarf(module->module, &bias))
        return "it has no debug information (build with -g or install its -dbgsym package)";
    return NULL;
}

struct dwarf_module *dwarf_module_open(struct heap *heap, const char *path, const char **why)
{
    struct dwarf_module *module = heap_zero(heap, 1, sizeof *module);
    module->heap = heap;
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

/* What perf printed, as an address of the file's program headers. */
static GElf_Addr to_virtual(const struct dwarf_module *module, GElf_Addr address)
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

static void add_function(struct dwarf_module *module, struct unit *unit, Dwarf_Die *die)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
        struct function_change function = {low, high, *die, {0}};
        vec_push(module->heap, &unit->functions, function);
    }
}

static bool may_hold_functions(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_structure_type ||
           tag == DW_TAG_class_type || tag == DW_TAG_union_type || tag == DW_TAG_enumeration_type;
}

/* All functions of a unit that have code, those inside namespaces and types too. */
static void index_unit(struct dwarf_module *module, struct unit *unit, Dwarf_Die *cu)
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

static const struct unit *find_unit(struct dwarf_module *module, Dwarf_Die *cu)
{
    Dwarf_Off offset = dwarf_dieoffset(cu);
    for (size_t i = module->units.n; i > 0; i--)
        if (module->units.at[i - 1].offset == offset)
            return &module->units.at[i - 1];
    struct unit unit = {.offset = offset};
    index_unit(module, &unit, cu);
    vec_push(module->heap, &module->units, unit);
    return &module->units.at[module->units.n - 1];
}

/* The DIE inside `die` that the address is in and that may lead to an inlined one. */
static bool step_inside(Dwarf_Die *die, Dwarf_Addr address, Dwarf_Die *inside)
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

static void add_text(const char *text, size_t n, void *context)
{
    struct dwarf_module *module = context;
    vec_reserve(module->heap, &module->text, n);
    memcpy(module->text.at + module->text.n, text, n);
    module->text.n += n;
}

/* `name` as a person writes it, if it is mangled. */
static str demangle(struct dwarf_module *module, const char *name, struct arena *arena)
{
    int options = DMGL_PARAMS | DMGL_ANSI;
    module->text.n = 0;
    if (rust_demangle_callback(name, options, add_text, module))
        return arena_copy(arena, str_of(module->text.at, module->text.n));
    module->text.n = 0;
    if (cplus_demangle_v3_callback(name, options, add_text, module))
        return arena_copy(arena, str_of(module->text.at, module->text.n));
    return arena_copy(arena, str_from_c(name));
}

/* The name as `addr2line -f -C` spells it: the linkage name, then `other`. */
static str function_name(struct dwarf_module *module, Dwarf_Die *die, const char *other,
                         struct arena *arena)
{
    const char *name = linkage_name(die);
    name = name ? name : other;
    return name ? demangle(module, name, arena) : STR("[unknown]");
}

/* A function without linkage name is called as its symbol, which tells clones apart and says the
 * namespace. Looking for a symbol goes through all of them, so it is done once a function. */
static str outer_name(struct dwarf_module *module, struct function_change *function,
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

static str place(const char *file, uint64_t line, struct arena *arena)
{
    char digits[NUM_ROOM + 1] = ":";
    str path = str_from_c(file ? file : "??");
    size_t slash = str_find_last(path, '/');
    str base = slash < path.n ? str_skip(path, slash + 1) : path;
    size_t n = 1 + num_put_u64(digits + 1, line);
    return arena_join(arena, base, str_of(digits, n));
}

/* Where the inlined subroutine `die` is called from. */
static str call_place(Dwarf_Die *die, struct arena *arena)
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
    return place(name, line, arena);
}

static str own_place(Dwarf_Die *cu, Dwarf_Addr address, struct arena *arena)
{
    int line = 0;
    Dwarf_Line *at = dwarf_getsrc_die(cu, address);
    if (!at || dwarf_lineno(at, &line) != 0 || line < 0)
        return place(NULL, 0, arena);
    return place(dwarf_linesrc(at, NULL, NULL), (uint64_t)line, arena);
}

/* From a function down to the innermost inlined one. A frame's place is where it calls the next
 * one; the innermost frame's is the line of the address itself. */
static void collect(struct dwarf_module *module, struct function_change *function, Dwarf_Die *cu,
                    Dwarf_Addr address, Dwarf_Addr bias, bool with_place, struct arena *arena)
{
    Dwarf_Die die = function->die, inside;
    struct read_inline_frame frame = {outer_name(module, function, address + bias, arena), {0}};
    vec_push(module->heap, &module->frames, frame);
    while (module->frames.n < INLINED_MOST && step_inside(&die, address, &inside)) {
        die = inside;
        if (dwarf_tag(&die) != DW_TAG_inlined_subroutine)
            continue;
        if (with_place)
            module->frames.at[module->frames.n - 1].where = call_place(&die, arena);
        frame = (struct read_inline_frame){function_name(module, &die, dwarf_diename(&die), arena),
                                           {0}};
        vec_push(module->heap, &module->frames, frame);
    }
    if (with_place)
        module->frames.at[module->frames.n - 1].where = own_place(cu, address, arena);
}

size_t dwarf_module_frames(struct dwarf_module *module, uint64_t address, bool with_place,
                           struct arena *arena, const struct read_inline_frame **frames)
{
    Dwarf_Addr bias;
    Dwarf_Addr virtual = to_virtual(module, address) + module->bias;
    Dwarf_Die *cu = dwfl_module_addrdie(module->module, virtual, &bias);
    module->frames.n = 0;
    *frames = NULL;
    if (!cu)
        return 0;
    const struct unit *unit = find_unit(module, cu);
    for (size_t i = 0; i < unit->functions.n; i++) {
        struct function_change *function = &unit->functions.at[i];
        if (virtual - bias < function->low || virtual - bias >= function->high)
            continue;
        collect(module, function, cu, virtual - bias, bias, with_place, arena);
        break;
    }
    *frames = module->frames.at;
    return module->frames.n;
}

#else

bool dwarf_module_available(void)
{
    return false;
}

struct dwarf_module *dwarf_module_open(struct heap *heap, const char *path, const char **why)
{
    (void)heap, (void)path;
    *why = "this build has no libdw";
    return NULL;
}

size_t dwarf_module_frames(struct dwarf_module *module, uint64_t address, bool with_place,
                           struct arena *arena, const struct read_inline_frame **frames)
{
    (void)module, (void)address, (void)with_place, (void)arena;
    *frames = NULL;
    return 0;
}

void dwarf_module_close(struct dwarf_module *module)
{
    (void)module;
}

#endif
