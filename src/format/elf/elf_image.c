/* SPDX-License-Identifier: MIT */
/*
 * elf_image: the files of an image. The one that ran has the segments and the dynamic symbols. The
 * full table of symbols is that of the first of these:
 *
 *      the name in .gnu_debuglink: beside /usr/bin/x, in .debug/, in /usr/lib/debug/usr/bin/
 *      ~/.debug/.build-id/ab/cdef.../elf, .../debug           perf buildid-cache
 *      /usr/lib/debug/usr/bin/x.debug, /usr/lib/debug/usr/bin/x
 *      /usr/lib/debug/.build-id/ab/cdef....debug
 *      .gnu_debugdata of the file that ran                    packed with xz
 *      /usr/bin/x
 *      /usr/bin/.debug/x
 *
 * Each must have the build id that was recorded. If none was, that of the file that ran counts.
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <sys/auxv.h>
#include <unistd.h>

#include "format/elf/demangle.h"
#include "format/elf/elf_file.h"
#include "format/inliner/inliner_dwarf.h"

struct elf_search {
    struct image *image;
    struct heap *heap;
    str build_id; /* n == 0: unknown */
    struct strbuf path, directory;
    struct elf_file *main;    /* NULL: not found */
    struct elf_file *symbols; /* with .symtab; NULL: not found yet; may be `main` */
};

static bool has_symbols(const struct elf_file *file)
{
    GElf_Shdr head;
    return elf_file_section(file, SHT_SYMTAB, NULL, &head) && head.sh_type != SHT_NOBITS;
}

/* ---- the file that ran ----------------------------------------------------------------------- */

/* symfs, before, path, after, and a NUL */
static const char *join_path(const struct image *image, struct strbuf *out, const char *before,
                             str path, const char *after)
{
    strbuf_set(out, image->images->options.symfs);
    strbuf_add(out, str_from_c(before));
    strbuf_add(out, path);
    strbuf_add(out, str_of(after, strlen(after) + 1));
    return out->bytes.at;
}

/* Close the file if it has another build id. Which one was recorded may be unknown. */
static struct elf_file *keep_if_wanted(struct elf_file *file, str build_id, const char **why)
{
    if (!file || build_id.n == 0 || str_equal(elf_file_build_id(file), build_id))
        return file;
    elf_file_close(file);
    *why = "the file has changed since the recording";
    return NULL;
}

/* The memory that the kernel maps into each process. */
static struct elf_file *open_vdso(const struct images *images, str build_id, const char **why)
{
    struct heap *heap = images->heap;
    const Elf64_Ehdr *head = (const void *)getauxval(AT_SYSINFO_EHDR); /* NOLINT */
    *why = "this machine runs another kernel";
    if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
        head->e_ident[EI_CLASS] != ELFCLASS64)
        return NULL;
    size_t size = (size_t)head->e_shoff + (size_t)head->e_shnum * head->e_shentsize;
    char *copy = heap_alloc(heap, size, 1);
    memcpy(copy, head, size);
    struct elf_file *file = elf_file_of_memory(heap, copy, size);
    if (!file || (build_id.n == 0 ? kernel_has_release(images)
                                  : str_equal(elf_file_build_id(file), build_id)))
        return file;
    elf_file_close(file);
    return NULL;
}

struct elf_file *elf_image_open(struct image *image, const char **why)
{
    struct heap *heap = image->images->heap;
    struct strbuf path = {.heap = heap}, cache = {.heap = heap};
    str build_id = image_build_id(image);
    bool vdso = str_equal(image->key.path, STR("[vdso]"));
    struct elf_file *file = NULL;
    if (vdso) {
        file = open_vdso(image->images, build_id, why);
    } else {
        file = elf_file_open(heap, join_path(image, &path, "", image->key.path, ""), why);
        file = keep_if_wanted(file, build_id, why);
    }
    str directory = image_cache_directory(image->images, &cache);
    if (!file && directory.n > 0 && build_id.n > 1) {
        const char *ignored, *end = vdso ? "/vdso" : "/elf";
        file = elf_file_open(heap, image_build_id_path(&path, directory, build_id, end), &ignored);
        file = keep_if_wanted(file, build_id, why);
    }
    if (file && file->fd >= 0)
        image->elf->path = arena_copy_c(&image->images->arena, str_from_c(path.bytes.at));
    strbuf_end(&path);
    strbuf_end(&cache);
    return file;
}

bool elf_image_read(struct image *image, uint64_t offset, uint64_t *value)
{
    const char *ignored;
    bool constant = false;
    image_load(image);
    if (!image->elf || !image->elf->path)
        return false;
    for (size_t i = 0; i < image->elf->layout.segments.n; i++) {
        const struct elf_segment *part = &image->elf->layout.segments.at[i];
        constant |= !part->writable && offset >= part->offset && part->size >= sizeof *value &&
                    offset - part->offset <= part->size - sizeof *value;
    }
    int fd = constant ? image_file_open(image->elf->path, &ignored) : -1;
    if (fd < 0)
        return false;
    bool done = pread(fd, value, sizeof *value, (off_t)offset) == (ssize_t)sizeof *value;
    close(fd);
    return done;
}

/* ---- the file with symbols ------------------------------------------------------------------- */

/* Whether this is the file with symbols. */
static bool try_file(struct elf_search *search, const char *path)
{
    const char *ignored;
    struct elf_file *file = elf_file_open(search->heap, path, &ignored);
    file = keep_if_wanted(file, search->build_id, &ignored);
    if (file && has_symbols(file))
        search->symbols = file;
    else
        elf_file_close(file);
    return search->symbols != NULL;
}

/* The name in .gnu_debuglink, which is in the same directory. */
static bool try_debuglink(struct elf_search *search)
{
    static const char *const places[][2] = {{"", ""}, {"", ".debug/"}, {"/usr/lib/debug", ""}};
    GElf_Shdr head;
    if (!search->main)
        return false;
    str name = elf_file_bytes(elf_file_section(search->main, 0, ".gnu_debuglink", &head));
    name = str_head(name, str_find(name, '\0', 0));
    if (name.n == 0 || memchr(name.p, '/', name.n))
        return false;
    str path = search->image->key.path;
    strbuf_set(&search->directory, str_head(path, path.n - str_file_name(path).n));
    size_t n = search->directory.bytes.n;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        search->directory.bytes.n = n;
        strbuf_add(&search->directory, str_from_c(places[i][1]));
        strbuf_add(&search->directory, name);
        if (try_file(search, join_path(search->image, &search->path, places[i][0],
                                       strbuf_str(&search->directory), "")))
            return true;
    }
    return false;
}

static bool try_build_id(struct elf_search *search, bool in_cache, const char *end)
{
    const struct images *images = search->image->images;
    if (search->build_id.n < 2)
        return false;
    if (in_cache) {
        if (image_cache_directory(images, &search->directory).n == 0)
            return false;
    } else {
        strbuf_set(&search->directory, images->options.symfs);
        strbuf_add(&search->directory, STR("/usr/lib/debug"));
    }
    return try_file(search, image_build_id_path(&search->path, strbuf_str(&search->directory),
                                                search->build_id, end));
}

static bool try_path(struct elf_search *search, const char *before, const char *after)
{
    str path = search->image->key.path;
    return try_file(search, join_path(search->image, &search->path, before, path, after));
}

/* A small table, packed with xz, in the file itself. */
static bool try_debugdata(struct elf_search *search)
{
    GElf_Shdr head;
    if (!search->main)
        return false;
    str packed = elf_file_bytes(elf_file_section(search->main, 0, ".gnu_debugdata", &head));
    struct elf_file *file = packed.n > 0 ? elf_file_unpack(search->heap, ".gnu_debugdata", packed)
                                         : NULL;
    if (file && has_symbols(file))
        search->symbols = file;
    else
        elf_file_close(file);
    return search->symbols != NULL;
}

/* .debug/ beside the file that ran, without a debuglink. */
static bool try_beside(struct elf_search *search)
{
    str path = search->image->key.path, name = str_file_name(path);
    strbuf_set(&search->directory, str_head(path, path.n - name.n));
    strbuf_add(&search->directory, STR(".debug/"));
    strbuf_add(&search->directory, name);
    return try_file(
        search, join_path(search->image, &search->path, "", strbuf_str(&search->directory), ""));
}

static void find_symbols(struct elf_search *search)
{
    bool found = try_debuglink(search) || try_build_id(search, true, "/elf") ||
                 try_build_id(search, true, "/debug") ||
                 (search->build_id.n > 0 && (try_path(search, "/usr/lib/debug", ".debug") ||
                                             try_path(search, "/usr/lib/debug", ""))) ||
                 try_build_id(search, false, ".debug") || try_debugdata(search);
    if (!found && search->main && has_symbols(search->main))
        search->symbols = search->main;
    else if (!found && search->build_id.n > 0)
        try_beside(search);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void add_symbols(struct elf_search *search)
{
    struct symbol_table *table = &search->image->table;
    struct elf_layout *layout = &search->image->elf->layout;
    const struct elf_file *main = search->main ? search->main : search->symbols;
    elf_layout_read(layout, main, !search->main);
    if (search->symbols)
        elf_symbols_add(table, search->symbols, SHT_SYMTAB, layout);
    elf_symbols_add(table, main, SHT_DYNSYM, layout);
    elf_plt_add(table, main, layout);
}

static void elf_image_load(struct image *image)
{
    struct heap *heap = image->images->heap;
    struct elf_search search = {.image = image, .heap = heap, .build_id = image_build_id(image)};
    search.path.heap = search.directory.heap = heap;
    image->elf = heap_zero(heap, 1, sizeof *image->elf);
    search.main = elf_image_open(image, &image->why);
    if (search.build_id.n == 0 && search.main)
        search.build_id = arena_copy(&image->images->arena, elf_file_build_id(search.main));
    if (!str_equal(image->key.path, STR("[vdso]")))
        find_symbols(&search);
    else
        search.symbols = search.main;
    if (search.main || search.symbols) {
        image->why = NULL;
        add_symbols(&search);
        if (image->table.symbols.n == 0)
            image->why = "it has no symbols";
    }
    if (search.symbols != search.main)
        elf_file_close(search.symbols);
    elf_file_close(search.main);
    strbuf_end(&search.path);
    strbuf_end(&search.directory);
}

/* ---- inlined functions ----------------------------------------------------------------------- */

static size_t elf_image_inlined(struct image *image, uint64_t offset,
                                const struct read_inline_frame **frames)
{
    struct elf_image *elf = image->elf;
    const char *ignored;
    uint64_t address;
    if (!elf->dwarf_tried && elf->path)
        elf->dwarf = dwarf_module_open(image->images->heap, elf->path, &ignored);
    elf->dwarf_tried = true;
    if (!elf->dwarf || !elf_layout_address(&elf->layout, offset, &address))
        return 0;
    return dwarf_module_inlined(elf->dwarf, address, &image->images->arena, frames);
}

static void elf_image_close(struct image *image)
{
    if (image->elf)
        dwarf_module_close(image->elf->dwarf);
}

const struct image_files image_files_libdw = {
    .demangle = demangle_name,
    .load = elf_image_load,
    .load_kernel = elf_kernel_load,
    .close = elf_image_close,
    .inlined = elf_image_inlined,
    .unwinder_open = elf_unwinder_open,
    .unwinder_frames = elf_unwinder_frames,
};

#endif
