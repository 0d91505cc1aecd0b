/* SPDX-License-Identifier: MIT */
/*
 * images: the files and memory whose code a recording ran, and the names of the functions in them.
 *
 *      (image, offset) ──► image_symbol()     name and module, as perf script prints them
 *                     └──► image_inlined()    the functions that were inlined there
 *      registers, stack ──► unwinder_frames() the callers
 *
 * An image opens its files when the first address asks for a name. Everything is opened read-only,
 * and only regular files are read. No part of this opens a connection, starts a program or enters a
 * namespace. Perf maps and the kernel's symbols are text, read here. What needs libelf or libdw is
 * in src/format/elf/, and called through image_files.
 */
#ifndef FLAMETREE_FORMAT_PERF_DATA_IMAGES_H
#define FLAMETREE_FORMAT_PERF_DATA_IMAGES_H

#include "core/heap.h"
#include "format/reader.h"

struct images_options {
    str symfs;       /* look for all files below this directory; n == 0: none */
    str kallsyms;    /* the symbols of the kernel, instead of this machine's; n == 0: none */
    str home;        /* where .debug is, the directory of perf buildid-cache; n == 0: none */
    bool no_symbols; /* open no file */
    uint64_t seed;   /* of hashes */
    const struct image_files *files; /* what needs libdw; NULL: files have no symbols */
};

/* Only in builds with libdw, and not in the library. */
extern const struct image_files image_files_libdw;

/* The facts that a mapping records of its file. */
struct image_key {
    str path; /* as recorded: "/usr/bin/x", "[vdso]", "/memfd:x (deleted)" */
    uint32_t major, minor;
    uint64_t inode, generation;
    const uint8_t *build_id; /* NULL: not recorded */
    size_t build_id_size;
};

struct images;
struct image;

/* All of it lives until the end of `heap`. */
struct images *images_open(struct heap *heap, const struct images_options *options);

/* Set the kernel from the features OSRELEASE and BUILD_ID of the recording, before the first symbol
 * lookup. `path` is the name of the file in the build id's record. */
void images_set_release(struct images *images, str release);
void images_set_build_id(struct images *images, str path, const uint8_t *build_id, size_t size);

/* The image with that path and device, inode and generation, or that path and build id. Offsets in
 * it count from the start of the file. "[vdso]" is one, too. */
struct image *images_file(struct images *images, const struct image_key *key);

/* The kernel. `reference` is the symbol that its mapping is named after ("_text"), at
 * `reference_address` when the recording was made; n == 0: unknown. Offsets in it are addresses. */
struct image *images_kernel(struct images *images, const struct image_key *key, str reference,
                            uint64_t reference_address);

/* A module of the kernel, loaded at `start`: "[xfs]" or "/lib/modules/6.1.0/kernel/fs/xfs.ko".
 * Offsets in it are addresses. */
struct image *images_module(struct images *images, uint64_t start, const struct image_key *key);

/* Code that the process `pid` made, named by /tmp/perf-PID.map. Offsets in it are addresses. */
struct image *images_perf_map(struct images *images, uint32_t pid);

/* A range of the kernel got a name, or lost it (PERF_RECORD_KSYMBOL). images_kernel() and
 * images_module() know it from then on. */
void images_ksymbol(struct images *images, uint64_t address, uint32_t size, str name, bool gone);

struct image_symbol {
    str name;   /* demangled; n == 0: unknown */
    str module; /* what perf script prints in parentheses; n == 0: "[unknown]" */
};

/* The texts live as long as the images. The caller keeps the result of an (image, offset). */
struct image_symbol image_symbol(struct image *image, uint64_t offset);

/* The function at an offset and those that were inlined there, outermost first, whose names are as
 * image_symbol() gives them. with_place: with the lines of the source. 0: there is no debug
 * information. *frames stays until the next call. */
size_t image_inlined(struct image *image, uint64_t offset, bool with_place,
                     const struct read_inline_frame **frames);

/* The next image that was needed and has no usable symbols, and the reason: a literal that fits
 * after "PATH: ". *at starts at 0. False after the last one. */
bool images_trouble(const struct images *images, size_t *at, str *path, const char **why);

/* ---- unwinding ------------------------------------------------------------------------------- */

enum unwind_machine { UNWIND_NONE, UNWIND_X86_64, UNWIND_ARM64 };

/* The content of PERF_SAMPLE_REGS_USER and PERF_SAMPLE_STACK_USER, in the byte order of this
 * machine. */
struct unwind_stack {
    enum unwind_machine machine;
    uint64_t mask;             /* sample_regs_user */
    const uint64_t *registers; /* one for each bit of `mask` */
    const char *stack;         /* from the stack pointer on */
    size_t size;
    uint64_t mappings; /* a number for all that find() finds, which changes with it */
};

struct unwind_mapping {
    uint64_t start, end, offset; /* `offset` in the image is mapped at `start` */
    struct image *image;
};

/* The mapping of an address of the process; false if there is none. */
typedef bool unwind_find_fn(void *context, uint64_t address, struct unwind_mapping *mapping);

struct unwinder;

/* NULL without image_files. It lives until the end of the heap of `images`. */
struct unwinder *unwinder_open(struct images *images);

/* The addresses of the frames, leaf first, `most` at most; returns their number. They are those to
 * be looked up: the return address minus one, except above a signal frame. */
size_t unwinder_frames(struct unwinder *unwinder, const struct unwind_stack *stack,
                       unwind_find_fn *find, void *context, uint64_t *addresses, size_t most);

#endif
