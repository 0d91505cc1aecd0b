/* SPDX-License-Identifier: MIT */
/*
 * image: shared parts of images.c, kernel_symbols.c and src/format/elf/.
 */
#ifndef FLAMETREE_FORMAT_PERF_DATA_IMAGE_H
#define FLAMETREE_FORMAT_PERF_DATA_IMAGE_H

#include "format/perf_data/images.h"
#include "format/perf_data/symbol_table.h"

enum image_kind { IMAGE_FILE, IMAGE_KERNEL, IMAGE_MODULE, IMAGE_PERF_MAP };

struct image {
    struct images *images;
    enum image_kind kind;
    struct image_key key;      /* path and build id are copies */
    str module;                /* what perf script prints in parentheses */
    uint64_t start;            /* address of a module of the kernel */
    bool loaded;               /* `table` and `why` are set */
    const char *why;           /* the symbols could not be used; NULL: they could */
    struct symbol_table table; /* of a file or a perf map */
    struct elf_image *elf;     /* what src/format/elf/ keeps of it */
};

struct kernel_symbols;

struct images {
    struct heap *heap;
    struct arena arena;
    struct images_options options;
    str release;        /* of the kernel that was recorded; n == 0: unknown */
    struct intern keys; /* what an image is known by */
    VEC(struct image *) list;
    struct intern named; /* paths of images_set_build_id() */
    VEC(str) build_ids;  /* by id of `named` */
    struct kernel_symbols *kernel;
};

/* The start of what src/format/elf/ unwinds with. */
struct unwinder {
    struct images *images;
};

/* The functions of src/format/elf/. */
struct image_files {
    symbol_demangle_fn *demangle;

    /* Fill the table of a file, not yet finished, or set image->why. */
    void (*load)(struct image *image);

    /* Add the symbols of the file of the kernel or of a module, see elf_file.h. */
    const char *(*load_kernel)(struct symbol_table *table, const char *path, str build_id);

    /* See image_inlined(). `outer`: the name of the function, n == 0: unknown. */
    size_t (*inlined)(struct image *image, uint64_t offset, str outer, bool with_place,
                      const struct read_inline_frame **frames);

    struct unwinder *(*unwinder_open)(struct images *images);
    size_t (*unwinder_frames)(struct unwinder *unwinder, const struct unwind_stack *stack,
                              unwind_find_fn *find, void *context, uint64_t *addresses,
                              size_t most);
};

/* Fill the table, once. */
void image_load(struct image *image);

/* Of the mapping, or else of the path; n == 0: unknown. */
str image_build_id(const struct image *image);

/* Open a regular file without waiting for anything; -1 with *why set if there is none. */
int image_file_open(const char *path, const char **why);

/* directory/.build-id/ab/cdef0123, then `end`, in `out`. */
const char *image_build_id_path(struct strbuf *out, str directory, str build_id, const char *end);

/* ~/.debug in `out`; empty: there is none. */
str image_cache_directory(const struct images *images, struct strbuf *out);

/* All of a text file, in memory of the heap: NULL, or why not. private: only if the file belongs to
 * the user or to root. */
const char *image_read_text(struct heap *heap, const char *path, size_t most, bool private,
                            str *text);

/* ---- the kernel ---- */

struct kallsyms {
    str text;
    VEC(struct sort_key) lines; /* address, and where the name is in the text */
};

/* The text outlives it. False if all addresses are zero, as they are for users that may not see
 * them. */
bool kallsyms_read(struct kallsyms *kallsyms, struct heap *heap, str text);

/* The address of a symbol; false if there is none of that name. */
bool kallsyms_address(const struct kallsyms *kallsyms, str name, uint64_t *address);

/* "name" or "name\t[module]"; n == 0: unknown. Of several at one address, the last one. */
str kallsyms_find(const struct kallsyms *kallsyms, uint64_t address);

struct kernel_symbols *kernel_symbols_open(struct images *images);

void kernel_symbols_set(struct kernel_symbols *kernel, str build_id, str reference,
                        uint64_t reference_address);

void kernel_symbols_add_range(struct kernel_symbols *kernel, uint64_t address, uint32_t size,
                              str name, bool gone);

/* `module`: the image is a module, whose symbols belong to no other image. */
struct image_symbol kernel_symbols_find(struct kernel_symbols *kernel, struct image *image,
                                        uint64_t address);

/* Whether this machine runs a kernel of the recorded release. */
bool kernel_has_release(const struct images *images);

/* The reason why there are none; NULL: there are some. Only after kernel_symbols_find(). */
const char *kernel_symbols_why(const struct kernel_symbols *kernel);

#endif
