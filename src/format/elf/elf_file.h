/* SPDX-License-Identifier: MIT */
/*
 * elf_file: an ELF file that libelf reads, its sections and its symbols.
 */
#ifndef FLAMETREE_FORMAT_ELF_ELF_FILE_H
#define FLAMETREE_FORMAT_ELF_ELF_FILE_H

#include <gelf.h>

#include "format/perf_data/image.h"

/* libelf and the open file are no memory of the heap: a cleanup closes them if memory runs out. */
struct elf_file {
    struct heap *heap;
    struct heap_cleanup cleanup;
    int fd; /* -1: the file is in memory */
    Elf *elf;
    size_t size;
};

/* NULL with *why set if it is no complete ELF file. It is read, not mapped, until
 * elf_debug_open(): another program may cut it short meanwhile. */
struct elf_file *elf_file_open(struct heap *heap, const char *path, const char **why);

/* The same for bytes that outlive it. */
struct elf_file *elf_file_of_memory(struct heap *heap, char *bytes, size_t size);

/* The same for bytes that may be packed with xz, zstd or gzip; `name` is for errors. */
struct elf_file *elf_file_unpack(struct heap *heap, const char *name, str packed);

/* NULL is allowed. */
void elf_file_close(struct elf_file *file);

/* Close the descriptor, but keep what was read. */
void elf_file_release(struct elf_file *file);

/* n == 0: none. Valid until elf_file_close(). */
str elf_file_build_id(const struct elf_file *file);

/* The first section of that type (0: any) and name (NULL: any); NULL: none. */
Elf_Scn *elf_file_section(const struct elf_file *file, unsigned type, const char *name,
                          GElf_Shdr *head);

/* The bytes of a section; empty if it has none in the file. Valid until elf_file_close(). */
str elf_file_bytes(Elf_Scn *section);

/* A table of symbols or relocations, in the byte order of this machine; NULL: not readable. */
Elf_Data *elf_file_table(Elf_Scn *section);

/* The places of the loaded parts of the program in its file. */
struct elf_segment {
    uint64_t address, offset, size;
    bool writable;
};

struct elf_layout {
    VEC(struct elf_segment) segments;
    bool fixed; /* the program is not position-independent */
};

/* A file with symbols alone has no code, so that the sizes in memory count (`stripped_code`). */
void elf_layout_read(struct elf_layout *layout, const struct elf_file *file, bool stripped_code);

/* False if the address is in no segment. */
bool elf_layout_offset(const struct elf_layout *layout, uint64_t address, uint64_t *offset);
bool elf_layout_address(const struct elf_layout *layout, uint64_t offset, uint64_t *address);

/* Add the symbols of the section of that type, SHT_SYMTAB or SHT_DYNSYM. Those of a module of the
 * kernel, which is relocatable, are where the kernel loads its code. */
void elf_symbols_add(struct symbol_table *table, const struct elf_file *file, unsigned type,
                     const struct elf_layout *layout);

/* Add "name@plt" for the entries of .plt, .plt.sec and .plt.got, which jump to functions of other
 * files. Only for x86-64 and arm64. */
void elf_plt_add(struct symbol_table *table, const struct elf_file *file,
                 const struct elf_layout *layout);

/* Add the symbols of the kernel's own file, whose addresses are those of the file, or of a module,
 * from where it is loaded on. The file must have the build id if one is given. NULL, or why not. */
const char *elf_kernel_load(struct symbol_table *table, const char *path, str build_id);

/* The kept facts of the file of an image that ran. */
struct elf_image {
    const char *path; /* NULL: it is no file */
    struct elf_layout layout;
    struct elf_inlines *inlines; /* NULL: not open, or it has no debug information */
    const char *no_inlines;      /* why not; NULL: not tried yet, or it has some */
    bool inlines_tried;
    struct cfi_file *cfi; /* NULL: not open, or it has none */
    bool cfi_tried;
};

/* The content of memory at an offset of the file while the program runs; false: unknown. */
bool elf_image_read(struct image *image, uint64_t offset, uint64_t *value);

/* Open the file that ran, which may lack symbols; NULL with *why set. Sets the path. */
struct elf_file *elf_image_open(struct image *image, const char **why);

/* The offset of an address that perf script printed. perf prints addresses only for
 * programs that are not position-independent, else the offset itself. */
uint64_t elf_image_printed(struct image *image, uint64_t address);

/* ---- unwinding, for image_files ---- */

struct unwinder *elf_unwinder_open(struct images *images);
size_t elf_unwinder_frames(struct unwinder *unwinder, const struct unwind_stack *stack,
                           unwind_find_fn *find, void *context, uint64_t *addresses, size_t most);

#endif
