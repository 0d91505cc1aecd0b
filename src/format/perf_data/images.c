/* SPDX-License-Identifier: MIT */
/*
 * images: the table of images, and the images that are text files.
 */
#include "format/perf_data/images.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/perf_data/image.h"

/* Of a perf map. Java servers write 10 MB. */
enum { PERF_MAP_MOST = 1 << 30 };

struct images *images_open(struct heap *heap, const struct images_options *options)
{
    struct images *images = heap_zero(heap, 1, sizeof *images);
    images->heap = heap;
    arena_init(&images->arena, heap);
    images->options = *options;
    images->options.symfs = arena_copy(&images->arena, options->symfs);
    images->options.kallsyms = arena_copy(&images->arena, options->kallsyms);
    images->options.home = arena_copy(&images->arena, options->home);
    intern_init(&images->keys, heap, options->seed);
    intern_init(&images->named, heap, options->seed);
    images->kernel = kernel_symbols_open(images);
    return images;
}

void images_set_release(struct images *images, str release)
{
    images->release = arena_copy(&images->arena, release);
}

void images_set_build_id(struct images *images, str path, const uint8_t *build_id, size_t size)
{
    uint32_t id = intern_add(&images->named, path);
    str copy = arena_copy(&images->arena, str_of((const char *)build_id, size));
    if (id == images->build_ids.n)
        vec_push(images->heap, &images->build_ids, copy);
    images->build_ids.at[id] = copy;
}

str image_build_id(const struct image *image)
{
    if (image->key.build_id)
        return str_of((const char *)image->key.build_id, image->key.build_id_size);
    uint32_t id = intern_find(&image->images->named, image->key.path);
    return id == INTERN_NONE ? STR("") : image->images->build_ids.at[id];
}

/* ---- the table ------------------------------------------------------------------------------- */

static struct image *add_image(struct images *images, enum image_kind kind,
                               const struct image_key *key)
{
    struct image *image = heap_zero(images->heap, 1, sizeof *image);
    image->images = images;
    image->kind = kind;
    image->key = *key;
    image->key.path = image->module = arena_copy(&images->arena, key->path);
    if (key->build_id) {
        str copy = arena_copy(&images->arena,
                              str_of((const char *)key->build_id, key->build_id_size));
        image->key.build_id = (const uint8_t *)copy.p;
    }
    vec_push(images->heap, &images->list, image);
    return image;
}

/* The image that is known by these bytes. */
static struct image *find_image(struct images *images, enum image_kind kind, uint64_t start,
                                const struct image_key *key)
{
    uint64_t numbers[] = {kind, start, key->major, key->minor, key->inode, key->generation};
    struct strbuf known_by = {.heap = images->heap};
    if (key->build_id)
        numbers[2] = numbers[3] = numbers[4] = numbers[5] = UINT64_MAX;
    strbuf_add(&known_by, str_of((const char *)numbers, sizeof numbers));
    if (key->build_id)
        strbuf_add(&known_by, str_of((const char *)key->build_id, key->build_id_size));
    strbuf_add(&known_by, str_of("", 1));
    strbuf_add(&known_by, key->path);
    uint32_t id = intern_add(&images->keys, strbuf_str(&known_by));
    strbuf_end(&known_by);
    return id < images->list.n ? images->list.at[id] : add_image(images, kind, key);
}

struct image *images_file(struct images *images, const struct image_key *key)
{
    return find_image(images, IMAGE_FILE, 0, key);
}

struct image *images_kernel(struct images *images, const struct image_key *key, str reference,
                            uint64_t reference_address)
{
    struct image *image = find_image(images, IMAGE_KERNEL, 0, key);
    kernel_symbols_set(images->kernel, image_build_id(image), reference, reference_address);
    return image;
}

/* "[snd_hda_intel]" of "/lib/modules/6.1.0/kernel/sound/pci/hda/snd-hda-intel.ko.xz" */
static str module_name(struct images *images, str path)
{
    str name = str_file_name(path);
    struct strbuf out = {.heap = images->heap};
    if (!str_starts(path, STR("/")))
        return path;
    strbuf_add(&out, STR("["));
    strbuf_add(&out, str_head(name, str_search(name, STR(".ko"), 0)));
    strbuf_add(&out, STR("]"));
    for (size_t i = 0; i < out.bytes.n; i++)
        if (out.bytes.at[i] == '-')
            out.bytes.at[i] = '_';
    return strbuf_str(&out);
}

struct image *images_module(struct images *images, uint64_t start, const struct image_key *key)
{
    struct image *image = find_image(images, IMAGE_MODULE, start, key);
    if (image->module.p == image->key.path.p)
        image->module = module_name(images, image->key.path);
    image->start = start;
    return image;
}

struct image *images_perf_map(struct images *images, uint32_t pid)
{
    struct strbuf path = {.heap = images->heap};
    strbuf_add(&path, STR("/tmp/perf-"));
    strbuf_add_u64(&path, pid);
    strbuf_add(&path, STR(".map"));
    struct image_key key = {.path = strbuf_str(&path)};
    struct image *image = find_image(images, IMAGE_PERF_MAP, 0, &key);
    strbuf_end(&path);
    return image;
}

void images_ksymbol(struct images *images, uint64_t address, uint32_t size, str name, bool gone)
{
    kernel_symbols_add_range(images->kernel, address, size, name, gone);
}

bool images_trouble(const struct images *images, size_t *at, str *path, const char **why)
{
    while (*at < images->list.n) {
        const struct image *image = images->list.at[(*at)++];
        if (!image->why)
            continue;
        *path = image->key.path;
        *why = image->why;
        return true;
    }
    return false;
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Opening a device can have side effects, and opening a pipe can block. Another file may be at the
 * path by the time it is open. */
int image_file_open(const char *path, const char **why)
{
    struct stat about;
    *why = "the file does not exist or cannot be read";
    if (stat(path, &about) != 0)
        return -1;
    if (!S_ISREG(about.st_mode)) {
        *why = "it is not a regular file";
        return -1;
    }
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0 && (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

const char *image_build_id_path(struct strbuf *out, str directory, str build_id, const char *end)
{
    static const char digits[] = "0123456789abcdef";
    strbuf_set(out, directory);
    strbuf_add(out, STR("/.build-id/"));
    for (size_t i = 0; i < build_id.n; i++) {
        unsigned char byte = (unsigned char)build_id.p[i];
        strbuf_add(out, str_of(&digits[byte >> 4], 1));
        strbuf_add(out, str_of(&digits[byte & 15], 1));
        if (i == 0)
            strbuf_add(out, STR("/"));
    }
    strbuf_add(out, str_from_c(end));
    return strbuf_c(out);
}

str image_cache_directory(const struct images *images, struct strbuf *out)
{
    strbuf_clear(out);
    if (images->options.home.n > 0) {
        strbuf_add(out, images->options.home);
        strbuf_add(out, STR("/.debug"));
    }
    return strbuf_str(out);
}

struct open_file {
    struct heap_cleanup cleanup; /* memory can run out while it is open */
    int fd;
};

static void close_file(void *of)
{
    const struct open_file *file = of;
    close(file->fd);
}

/* Files in /proc have no size. */
static const char *read_image_file(struct heap *heap, int fd, size_t most, str *text)
{
    VEC(char) bytes = {0};
    ssize_t n = 1;
    while (n != 0) {
        vec_reserve(heap, &bytes, 65536);
        n = read(fd, bytes.at + bytes.n, bytes.cap - bytes.n);
        if (n < 0 && errno != EINTR)
            return "it cannot be read";
        bytes.n += n > 0 ? (size_t)n : 0;
        if (bytes.n > most)
            return "it is too large";
    }
    *text = str_of(bytes.at, bytes.n);
    return NULL;
}

const char *image_read_text(struct heap *heap, const char *path, size_t most, bool private,
                            str *text)
{
    const char *why;
    struct stat about;
    struct open_file *file = heap_zero(heap, 1, sizeof *file);
    file->fd = image_file_open(path, &why);
    if (file->fd < 0)
        return why;
    file->cleanup = (struct heap_cleanup){.run = close_file, .of = file};
    heap_add_cleanup(heap, &file->cleanup);
    if (private &&
        (fstat(file->fd, &about) != 0 || (about.st_uid != 0 && about.st_uid != geteuid())))
        why = "it belongs to another user";
    else
        why = read_image_file(heap, file->fd, most, text);
    heap_remove_cleanup(heap, &file->cleanup);
    close_file(file);
    heap_free(heap, file);
    return why;
}

/* ---- perf maps ------------------------------------------------------------------------------- */

static bool take_hex(str *line, uint64_t *value)
{
    size_t n = 0;
    *value = 0;
    if (str_starts(*line, STR("0x")))
        *line = str_skip(*line, 2);
    for (; n < line->n && is_hex(line->p[n]); n++)
        *value = *value << 4 | hex_digit(line->p[n]);
    bool ends = n > 0 && n <= 16 && n < line->n && is_blank(line->p[n]);
    *line = ends ? str_skip(*line, n + 1) : *line;
    return ends;
}

/* Lines "7fda90603000 20 name". Addresses that are used again are in several lines; the last one is
 * about the code that was there last. */
static void parse_perf_map(struct symbol_table *table, str text)
{
    str line;
    size_t at = 0;
    while (str_next_line(text, &at, &line)) {
        struct symbol symbol = {.flags = SYMBOL_FINAL};
        uint64_t size;
        if (!take_hex(&line, &symbol.start) || !take_hex(&line, &size) || line.n > UINT32_MAX)
            continue;
        symbol.end = symbol.start + size < size ? UINT64_MAX : symbol.start + size;
        symbol.name = line.p;
        symbol.n = (uint32_t)line.n;
        vec_push(table->heap, &table->symbols, symbol);
    }
}

static void load_perf_map(struct image *image)
{
    struct images *images = image->images;
    struct strbuf path = {.heap = images->heap};
    str text;
    strbuf_add(&path, images->options.symfs);
    strbuf_add(&path, image->key.path);
    const char *name = strbuf_c(&path);
    if (access(name, F_OK) != 0)
        name += images->options.symfs.n;
    image->why = image_read_text(images->heap, name, PERF_MAP_MOST, true, &text);
    strbuf_end(&path);
    if (image->why)
        return;
    parse_perf_map(&image->table, text);
    symbol_table_finish(&image->table, SYMBOL_RULE_LATER);
}

/* ---- symbols --------------------------------------------------------------------------------- */

static bool may_be_file(str path)
{
    return (str_starts(path, STR("/")) && !str_starts(path, STR("//"))) ||
           str_equal(path, STR("[vdso]"));
}

void image_load(struct image *image)
{
    const struct images *images = image->images;
    const struct image_files *files = images->options.files;
    if (image->loaded)
        return;
    image->loaded = true;
    symbol_table_init(&image->table, images->heap, files ? files->demangle : NULL);
    if (images->options.no_symbols)
        return;
    if (image->kind == IMAGE_PERF_MAP) {
        load_perf_map(image);
    } else if (!may_be_file(image->key.path)) {
        return;
    } else if (!files) {
        image->why = "this build does not read ELF files (--without-libdw)";
    } else {
        files->load(image);
        symbol_table_finish(&image->table, SYMBOL_RULE_INNERMOST);
    }
}

struct image_symbol image_symbol(struct image *image, uint64_t offset)
{
    if (image->kind == IMAGE_KERNEL || image->kind == IMAGE_MODULE) {
        struct kernel_symbols *kernel = image->images->kernel;
        struct image_symbol found = kernel_symbols_find(kernel, image, offset);
        if (image->kind == IMAGE_KERNEL)
            image->why = kernel_symbols_why(kernel);
        return found;
    }
    image_load(image);
    struct image_symbol found = {.module = image->module};
    struct symbol *symbol = symbol_table_find(&image->table, offset);
    if (symbol)
        found.name = symbol_table_name(&image->table, symbol);
    return found;
}

/* ---- what needs libdw ------------------------------------------------------------------------ */

size_t image_inlined(struct image *image, uint64_t offset, bool with_place,
                     const struct read_inline_frame **frames)
{
    const struct images_options *options = &image->images->options;
    if (!options->files || options->no_symbols || image->kind != IMAGE_FILE)
        return 0;
    str outer = image_symbol(image, offset).name;
    return options->files->inlined(image, offset, outer, with_place, frames);
}

struct unwinder *unwinder_open(struct images *images)
{
    const struct image_files *files = images->options.files;
    return files ? files->unwinder_open(images) : NULL;
}

size_t unwinder_frames(struct unwinder *unwinder, const struct unwind_stack *stack,
                       unwind_find_fn *find, void *context, uint64_t *addresses, size_t most)
{
    const struct image_files *files = unwinder->images->options.files;
    return files->unwinder_frames(unwinder, stack, find, context, addresses, most);
}
