/* SPDX-License-Identifier: MIT */
/*
 * kernel_symbols: names of addresses in the kernel, from /proc/kallsyms or a copy, or else from the
 * files of the kernel (vmlinux) and its modules, which have the symbols of an ELF file.
 *
 * They are read when the first kernel address needs them: the kernel takes 30 ms to print its own
 * /proc/kallsyms.
 */
#include <elf.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "format/perf_data/image.h"

enum { KALLSYMS_MOST = 1 << 28, NOTES_MOST = 1 << 16, SEGMENTS_MOST = 4096 };

struct kernel_range {
    uint64_t start, end;
    str name;
};

struct kernel_symbols {
    struct images *images;
    str build_id, reference;
    uint64_t reference_address;
    bool loaded;
    const char *why;
    struct kallsyms kallsyms;        /* empty: not readable */
    struct symbol_table table;       /* else of vmlinux */
    bool modules;                    /* kallsyms has those of modules */
    uint64_t shift;                  /* from the recorded addresses to those read */
    VEC(struct kernel_range) bounds; /* what is mapped; none: unknown */
    VEC(struct kernel_range) ranges; /* of images_ksymbol() */
};

struct kernel_symbols *kernel_symbols_open(struct images *images)
{
    struct kernel_symbols *kernel = heap_zero(images->heap, 1, sizeof *kernel);
    kernel->images = images;
    symbol_table_init(&kernel->table, images->heap, NULL);
    return kernel;
}

void kernel_symbols_set(struct kernel_symbols *kernel, str build_id, str reference,
                        uint64_t reference_address)
{
    kernel->build_id = build_id;
    kernel->reference = arena_copy(&kernel->images->arena, reference);
    kernel->reference_address = reference_address;
}

void kernel_symbols_add_range(struct kernel_symbols *kernel, uint64_t address, uint32_t size,
                              str name, bool gone)
{
    size_t kept = 0;
    struct kernel_range range = {address, address + size, {0}};
    for (size_t i = 0; i < kernel->ranges.n; i++) {
        struct kernel_range old = kernel->ranges.at[i];
        if (old.end <= range.start || old.start >= range.end)
            kernel->ranges.at[kept++] = old;
    }
    kernel->ranges.n = kept;
    if (gone || range.end <= range.start)
        return;
    range.name = arena_copy(&kernel->images->arena, name);
    vec_push(kernel->images->heap, &kernel->ranges, range);
}

/* ---- is this machine's kernel the one that was recorded? ------------------------------------- */

/* The build id in the notes of a file, as in /sys/kernel/notes; empty: none. */
static str find_build_id_note(str notes)
{
    static const size_t head = sizeof(Elf64_Nhdr);
    while (notes.n > head) {
        Elf64_Nhdr note;
        memcpy(&note, notes.p, head);
        uint64_t name = ((uint64_t)note.n_namesz + 3) & ~UINT64_C(3);
        uint64_t content = ((uint64_t)note.n_descsz + 3) & ~UINT64_C(3);
        if (name > notes.n - head || content > notes.n - head - name)
            break;
        str owner = str_cut(notes, head, head + note.n_namesz);
        if (note.n_type == NT_GNU_BUILD_ID && str_equal(owner, STR("GNU\0")))
            return str_cut(notes, head + (size_t)name, head + (size_t)name + note.n_descsz);
        notes = str_skip(notes, head + (size_t)(name + content));
    }
    return STR("");
}

bool kernel_has_release(const struct images *images)
{
    struct utsname system;
    bool here = images->options.symfs.n == 0; /* else the recording is of another machine */
    return here && images->release.n > 0 && uname(&system) == 0 &&
           str_equal(images->release, str_from_c(system.release));
}

static bool is_running(struct kernel_symbols *kernel)
{
    struct images *images = kernel->images;
    str notes;
    if (kernel->build_id.n == 0)
        return kernel_has_release(images);
    if (images->options.symfs.n > 0)
        return false;
    if (image_read_text(images->heap, "/sys/kernel/notes", NOTES_MOST, false, &notes))
        return false;
    return str_equal(find_build_id_note(notes), kernel->build_id);
}

/* ---- what the kernel has mapped -------------------------------------------------------------- */

static void read_segments(struct kernel_symbols *kernel, int fd)
{
    Elf64_Ehdr head;
    if (pread(fd, &head, sizeof head, 0) != (ssize_t)sizeof head ||
        memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64 ||
        head.e_phentsize != sizeof(Elf64_Phdr) || head.e_phnum > SEGMENTS_MOST)
        return;
    for (size_t i = 0; i < head.e_phnum; i++) {
        Elf64_Phdr part;
        off_t at = (off_t)(head.e_phoff + i * sizeof part);
        if (pread(fd, &part, sizeof part, at) != (ssize_t)sizeof part)
            return;
        struct kernel_range range = {part.p_vaddr, part.p_vaddr + part.p_memsz, {0}};
        if (part.p_type == PT_LOAD)
            kernel->bounds.at[kernel->bounds.n++] = range;
    }
}

/* From the header of /proc/kcore, or of the kcore in the directory of a copy of kallsyms. */
static void load_bounds(struct kernel_symbols *kernel, struct strbuf *kallsyms)
{
    const char *why;
    str path = strbuf_str(kallsyms);
    size_t slash = str_find_last(path, '/');
    kallsyms->bytes.n = slash < path.n ? slash + 1 : 0;
    strbuf_add(kallsyms, STR("kcore"));
    vec_reserve(kernel->images->heap, &kernel->bounds, SEGMENTS_MOST);
    int fd = image_file_open(strbuf_c(kallsyms), &why);
    if (fd < 0)
        return;
    read_segments(kernel, fd); /* nothing in it allocates */
    close(fd);
}

/* ---- kallsyms -------------------------------------------------------------------------------- */

/* Read the file of --kallsyms if that is given; else the copy in the cache of build ids, or if that
 * cannot be read, /proc/kallsyms. `path` is set to the path of the last try. */
static const char *read_kallsyms(struct kernel_symbols *kernel, struct strbuf *path, str *text)
{
    struct images *images = kernel->images;
    struct heap *heap = images->heap;
    if (images->options.kallsyms.n > 0) {
        strbuf_set(path, images->options.kallsyms);
        return image_read_text(heap, strbuf_c(path), KALLSYMS_MOST, false, text);
    }
    struct strbuf cache = {.heap = heap};
    str directory = image_cache_directory(images, &cache);
    bool cached = directory.n > 0 && kernel->build_id.n > 1;
    if (cached) {
        const char *name = image_build_id_path(path, directory, kernel->build_id, "/kallsyms");
        cached = !image_read_text(heap, name, KALLSYMS_MOST, false, text);
    }
    strbuf_end(&cache);
    if (cached)
        return NULL;
    strbuf_set(path, STR("/proc/kallsyms"));
    if (!is_running(kernel))
        return "this machine runs another kernel (see --kallsyms)";
    return image_read_text(heap, strbuf_c(path), KALLSYMS_MOST, false, text);
}

static bool find_reference(struct kernel_symbols *kernel, uint64_t *address)
{
    struct symbol_table *table = &kernel->table;
    if (kallsyms_address(&kernel->kallsyms, kernel->reference, address))
        return true;
    for (size_t i = 0; i < table->symbols.n; i++) {
        *address = table->symbols.at[i].start;
        if (str_equal(symbol_table_name(table, &table->symbols.at[i]), kernel->reference))
            return true;
    }
    return false;
}

/* The kernel is at another address after each start of the machine. */
static void set_shift(struct kernel_symbols *kernel)
{
    uint64_t address;
    if (kernel->reference.n > 0 && kernel->reference_address != 0 &&
        find_reference(kernel, &address))
        kernel->shift = address - kernel->reference_address;
}

static void load_kallsyms(struct kernel_symbols *kernel)
{
    struct heap *heap = kernel->images->heap;
    struct strbuf path = {.heap = heap};
    str text;
    kernel->why = read_kallsyms(kernel, &path, &text);
    if (!kernel->why && !kallsyms_read(&kernel->kallsyms, heap, text)) {
        kernel->why = "its addresses are hidden (see kernel.kptr_restrict)";
        kernel->kallsyms.lines.n = 0;
    }
    if (!kernel->why) {
        set_shift(kernel);
        load_bounds(kernel, &path);
    }
    kernel->modules = !kernel->why && kernel->shift == 0; /* modules move on their own */
    strbuf_end(&path);
}

/* ---- files of the kernel --------------------------------------------------------------------- */

static bool try_vmlinux(struct kernel_symbols *kernel, struct strbuf *path)
{
    const struct image_files *files = kernel->images->options.files;
    kernel->table.symbols.n = 0;
    return !files->load_kernel(&kernel->table, strbuf_c(path), kernel->build_id);
}

/* By the build id, or else by the release. */
static bool find_vmlinux(struct kernel_symbols *kernel, struct strbuf *path)
{
    static const char *const places[][2] = {{"/boot/vmlinux-", ""},
                                            {"/usr/lib/debug/boot/vmlinux-", ""},
                                            {"/lib/modules/", "/build/vmlinux"},
                                            {"/lib/modules/", "/vmlinux"},
                                            {"/usr/lib/debug/lib/modules/", "/vmlinux"},
                                            {"/usr/lib/debug/boot/vmlinux-", ".debug"}};
    struct images *images = kernel->images;
    struct strbuf directory = {.heap = images->heap};
    bool found = false;
    if (kernel->build_id.n > 1) {
        str cache = image_cache_directory(images, &directory);
        found = cache.n > 0 &&
                !images->options.files->load_kernel(
                    &kernel->table, image_build_id_path(path, cache, kernel->build_id, "/elf"),
                    kernel->build_id);
        strbuf_set(&directory, images->options.symfs);
        strbuf_add(&directory, STR("/usr/lib/debug"));
        image_build_id_path(path, strbuf_str(&directory), kernel->build_id, ".debug");
        found = found || try_vmlinux(kernel, path);
    }
    bool known = images->release.n > 0 && !memchr(images->release.p, '/', images->release.n);
    for (size_t i = 0; !found && known && i < sizeof places / sizeof places[0]; i++) {
        strbuf_set(path, images->options.symfs);
        strbuf_add(path, str_from_c(places[i][0]));
        strbuf_add(path, images->release);
        strbuf_add(path, str_from_c(places[i][1]));
        found = try_vmlinux(kernel, path);
    }
    strbuf_end(&directory);
    return found;
}

static void load_kernel(struct kernel_symbols *kernel)
{
    struct images *images = kernel->images;
    struct strbuf path = {.heap = images->heap};
    kernel->loaded = true;
    if (images->options.no_symbols)
        return;
    load_kallsyms(kernel);
    if (kernel->why && images->options.files && find_vmlinux(kernel, &path)) {
        kernel->why = NULL;
        set_shift(kernel);
        symbol_table_finish(&kernel->table, SYMBOL_RULE_INNERMOST);
    }
    strbuf_end(&path);
}

static void load_module(struct image *image)
{
    struct images *images = image->images;
    struct strbuf path = {.heap = images->heap};
    image->loaded = true;
    symbol_table_init(&image->table, images->heap, NULL);
    if (images->options.no_symbols || !images->options.files ||
        !str_starts(image->key.path, STR("/")))
        return;
    strbuf_set(&path, images->options.symfs);
    strbuf_add(&path, image->key.path);
    image->why = images->options.files->load_kernel(&image->table, strbuf_c(&path),
                                                    image_build_id(image));
    if (!image->why)
        symbol_table_finish(&image->table, SYMBOL_RULE_INNERMOST);
    strbuf_end(&path);
}

/* ---- lookups --------------------------------------------------------------------------------- */

static const struct kernel_range *find_range(const struct kernel_range *ranges, size_t n,
                                             uint64_t address)
{
    for (size_t i = 0; i < n; i++)
        if (address >= ranges[i].start && address < ranges[i].end)
            return &ranges[i];
    return NULL;
}

static struct image_symbol find_in_module(struct image *image, uint64_t address)
{
    struct image_symbol found = {.module = image->module};
    if (!image->loaded)
        load_module(image);
    struct symbol *symbol = symbol_table_find(&image->table, address - image->start);
    if (symbol)
        found.name = symbol_table_name(&image->table, symbol);
    return found;
}

struct image_symbol kernel_symbols_find(struct kernel_symbols *kernel, struct image *image,
                                        uint64_t address)
{
    bool of_module = image->kind == IMAGE_MODULE;
    struct image_symbol found = {.module = of_module ? image->module : STR("[kernel.kallsyms]")};
    const struct kernel_range *range = find_range(kernel->ranges.at, kernel->ranges.n, address);
    if (range)
        return (struct image_symbol){range->name, range->name};
    if (!kernel->loaded)
        load_kernel(kernel);
    if (of_module && !kernel->modules)
        return find_in_module(image, address);
    address += kernel->shift;
    if (kernel->bounds.n > 0 && !find_range(kernel->bounds.at, kernel->bounds.n, address))
        return found;
    str name = kallsyms_find(&kernel->kallsyms, address);
    struct symbol *symbol = symbol_table_find(&kernel->table, address); /* one of them is empty */
    if (symbol)
        name = symbol_table_name(&kernel->table, symbol);
    size_t tab = str_find(name, '\t', 0);
    if (tab < name.n && !of_module)
        found.module = str_skip(name, tab + 1);
    if (tab < name.n || !of_module)
        found.name = str_head(name, tab);
    return found;
}

const char *kernel_symbols_why(const struct kernel_symbols *kernel)
{
    return kernel->why;
}
