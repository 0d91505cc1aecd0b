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

#include <limits.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "format/elf/demangle.h"
#include "format/elf/elf_debug.h"
#include "format/perf_data/perf_record.h"

/* A search for the file with symbols or with debug information. */
struct elf_search {
    struct image *image;
    struct heap *heap;
    bool (*fits)(const struct elf_file *file);
    str build_id; /* n == 0: unknown */
    bool checked; /* the file must have this checksum */
    uint32_t checksum;
    struct strbuf path, directory;
    struct elf_file *main;  /* NULL: not found */
    struct elf_file *found; /* NULL: not found yet; may be `main` */
};

static bool has_symbols(const struct elf_file *file)
{
    GElf_Shdr head;
    return elf_file_section(file, SHT_SYMTAB, NULL, &head) && head.sh_type != SHT_NOBITS;
}

/* ---- the file that ran ----------------------------------------------------------------------- */

/* symfs, before, path, after */
static const char *join_path(const struct image *image, struct strbuf *out, const char *before,
                             str path, const char *after)
{
    strbuf_set(out, image->images->options.symfs);
    strbuf_add(out, str_from_c(before));
    strbuf_add(out, path);
    strbuf_add(out, str_from_c(after));
    return strbuf_c(out);
}

/* Close the file if it has another build id than `build_id`. If that is unknown, keep the file. */
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
        image->elf->path = arena_copy_c(&image->images->arena, strbuf_str(&path));
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

/* ---- the file with symbols or debug information ---------------------------------------------- */

/* Whether the file has this CRC-32, the one of zlib, here four bits at a time. */
static bool has_checksum(const struct elf_file *file, uint32_t checksum)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    unsigned char block[16384];
    uint32_t crc = UINT32_MAX;
    ssize_t n;
    for (off_t at = 0; (n = pread(file->fd, block, sizeof block, at)) > 0; at += n)
        for (ssize_t i = 0; i < n; i++) {
            crc = table[(crc ^ block[i]) & 15] ^ (crc >> 4);
            crc = table[(crc ^ (block[i] >> 4)) & 15] ^ (crc >> 4);
        }
    return n == 0 && ~crc == checksum;
}

/* Whether this is the file. */
static bool try_file(struct elf_search *search, const char *path)
{
    const char *ignored;
    struct elf_file *file = elf_file_open(search->heap, path, &ignored);
    file = keep_if_wanted(file, search->build_id, &ignored);
    if (file && search->fits(file) && (!search->checked || has_checksum(file, search->checksum)))
        search->found = file;
    else
        elf_file_close(file);
    return search->found != NULL;
}

/* In the places that belong to the directory of `path`. */
static bool try_name(struct elf_search *search, str path, str name)
{
    static const char *const places[][2] = {{"", ""}, {"", ".debug/"}, {"/usr/lib/debug", ""}};
    bool found = false;
    for (size_t i = 0; !found && i < sizeof places / sizeof places[0]; i++) {
        strbuf_set(&search->directory, str_head(path, path.n - str_file_name(path).n));
        strbuf_add(&search->directory, str_from_c(places[i][1]));
        strbuf_add(&search->directory, name);
        found = try_file(search, join_path(search->image, &search->path, places[i][0],
                                           strbuf_str(&search->directory), ""));
    }
    return found;
}

/* Try the name in .gnu_debuglink or, if there is none but the build id is known, "x.debug". Without
 * a build id the file must have the checksum in .gnu_debuglink. If the path is a link, the
 * directory that it leads to is tried, too. */
static bool try_debuglink(struct elf_search *search)
{
    char real[PATH_MAX];
    GElf_Shdr head;
    GElf_Ehdr elf;
    struct image *image = search->image;
    str path = image->key.path;
    if (!search->main || !gelf_getehdr(search->main->elf, &elf))
        return false;
    str link = elf_file_bytes(elf_file_section(search->main, 0, ".gnu_debuglink", &head));
    str name = str_head(link, str_find(link, '\0', 0));
    struct perf_bytes rest = {link.p, str_at(link, link.n),
                              .big = elf.e_ident[EI_DATA] == ELFDATA2MSB};
    perf_take(&rest, (name.n + 4) & ~(size_t)3);
    search->checksum = perf_take32(&rest);
    search->checked = search->build_id.n == 0;
    if (name.n == 0 && search->build_id.n > 0)
        name = arena_join(&image->images->arena, str_file_name(path), STR(".debug"));
    bool usable = name.n > 0 && !memchr(name.p, '/', name.n);
    bool found = usable && try_name(search, path, name);
    if (usable && !found && image->images->options.symfs.n == 0 && image->elf->path &&
        realpath(image->elf->path, real) && !str_equal(str_from_c(real), path))
        found = try_name(search, str_from_c(real), name);
    search->checked = false;
    return found;
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
    if (!search->main || search->fits != has_symbols)
        return false;
    str packed = elf_file_bytes(elf_file_section(search->main, 0, ".gnu_debugdata", &head));
    struct elf_file *file = packed.n > 0 ? elf_file_unpack(search->heap, ".gnu_debugdata", packed)
                                         : NULL;
    if (file && has_symbols(file))
        search->found = file;
    else
        elf_file_close(file);
    return search->found != NULL;
}

static void find_file(struct elf_search *search)
{
    bool found = try_debuglink(search) || try_build_id(search, true, "/elf") ||
                 try_build_id(search, true, "/debug") ||
                 (search->build_id.n > 0 && (try_path(search, "/usr/lib/debug", ".debug") ||
                                             try_path(search, "/usr/lib/debug", ""))) ||
                 try_build_id(search, false, ".debug") || try_debugdata(search);
    str path = search->image->key.path;
    if (!found && search->main && search->fits(search->main))
        search->found = search->main;
    else if (!found && search->build_id.n > 0)
        try_name(search, path, str_file_name(path)); /* as if a debuglink had its name */
}

/* *why: the reason if there is no file that ran. */
static struct elf_search start_search(struct image *image,
                                      bool (*fits)(const struct elf_file *file), const char **why)
{
    struct heap *heap = image->images->heap;
    struct elf_search search = {
        .image = image, .heap = heap, .fits = fits, .build_id = image_build_id(image)};
    search.path.heap = search.directory.heap = heap;
    search.main = elf_image_open(image, why);
    if (search.build_id.n == 0 && search.main)
        search.build_id = arena_copy(&image->images->arena, elf_file_build_id(search.main));
    if (!str_equal(image->key.path, STR("[vdso]")))
        find_file(&search);
    else if (search.main && fits(search.main))
        search.found = search.main;
    return search;
}

static void end_search(struct elf_search *search)
{
    strbuf_end(&search->path);
    strbuf_end(&search->directory);
}

/* ---- symbols --------------------------------------------------------------------------------- */

static void elf_image_load(struct image *image)
{
    struct symbol_table *table = &image->table;
    image->elf = heap_zero(image->images->heap, 1, sizeof *image->elf);
    struct elf_layout *layout = &image->elf->layout;
    struct elf_search search = start_search(image, has_symbols, &image->why);
    const struct elf_file *main = search.main ? search.main : search.found;
    if (main) {
        elf_layout_read(layout, main, !search.main);
        if (search.found)
            elf_symbols_add(table, search.found, SHT_SYMTAB, layout);
        elf_symbols_add(table, main, SHT_DYNSYM, layout);
        elf_plt_add(table, main, layout);
        image->why = table->symbols.n == 0 ? "it has no symbols" : NULL;
    }
    if (search.found != search.main)
        elf_file_close(search.found);
    elf_file_close(search.main);
    end_search(&search);
}

uint64_t elf_image_printed(struct image *image, uint64_t address)
{
    uint64_t offset;
    image_load(image);
    return image->elf && image->elf->layout.fixed &&
                   elf_layout_offset(&image->elf->layout, address, &offset)
               ? offset
               : address;
}

const char *elf_kernel_load(struct symbol_table *table, const char *path, str build_id)
{
    enum { MOST = 1 << 28 };
    struct elf_segment all = {0, 0, UINT64_MAX, false};
    const struct elf_layout layout = {.segments = {&all, 1, 1}};
    str bytes, end = str_from_c(path);
    const char *why;
    struct elf_file *file = NULL;
    if (str_ends(end, STR(".xz")) || str_ends(end, STR(".zst")) || str_ends(end, STR(".gz"))) {
        why = image_read_text(table->heap, path, MOST, false, &bytes);
        if (why)
            return why;
        why = "it cannot be unpacked";
        file = elf_file_unpack(table->heap, path, bytes);
    } else {
        file = elf_file_open(table->heap, path, &why);
    }
    if (file && build_id.n > 0 && !str_equal(elf_file_build_id(file), build_id)) {
        why = "the file has changed since the recording";
    } else if (file) {
        elf_symbols_add(table, file, SHT_SYMTAB, &layout);
        why = table->symbols.n > 0 ? NULL : "it has no symbols";
    }
    elf_file_close(file);
    return why;
}

/* ---- inlined functions ----------------------------------------------------------------------- */

static void open_inlines(struct image *image, bool with_place)
{
    struct elf_image *elf = image->elf;
    struct elf_search search = start_search(image, elf_debug_is_in, &elf->no_inlines);
    elf->inlines_tried = true;
    if (search.main)
        elf->no_inlines = "it has no debug information (build with -g or install its -dbgsym "
                          "package)";
    if (search.found != search.main)
        elf_file_close(search.main);
    if (search.found) {
        struct elf_debug *debug = elf_debug_open(search.found, with_place);
        elf->no_inlines = debug->dwarf ? NULL : "its debug information cannot be read";
        elf->inlines = elf_inlines_open(search.heap, debug);
    }
    end_search(&search);
}

static size_t elf_image_inlined(struct image *image, uint64_t offset, str outer, bool with_place,
                                const struct read_inline_frame **frames)
{
    struct elf_image *elf = image->elf;
    uint64_t address;
    if (!elf) /* its name is that of no file */
        return 0;
    if (!elf->inlines_tried)
        open_inlines(image, with_place);
    if (!elf->inlines || !elf_layout_address(&elf->layout, offset, &address))
        return 0;
    return elf_inlines_find(elf->inlines, address, outer, with_place, &image->images->arena,
                            frames);
}

const struct image_files image_files_libdw = {
    .demangle = demangle_name,
    .load = elf_image_load,
    .load_kernel = elf_kernel_load,
    .inlined = elf_image_inlined,
    .unwinder_open = elf_unwinder_open,
    .unwinder_frames = elf_unwinder_frames,
};

#endif
