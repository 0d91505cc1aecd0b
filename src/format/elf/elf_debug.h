/* SPDX-License-Identifier: MIT */
/*
 * elf_debug: the debug information of a file, and the functions that were inlined in its code.
 *
 * libdw unpacks all of it when it opens a file, which takes 45 ms for that of libc. Most programs
 * ask for one function of libc. So of a file with packed sections, libdw gets a copy in memory that
 * has only the sections that it needs, and .debug_info only as far as the last unit that was asked
 * for.
 */
#ifndef FLAMETREE_FORMAT_ELF_ELF_DEBUG_H
#define FLAMETREE_FORMAT_ELF_ELF_DEBUG_H

#include <elfutils/libdw.h>

#include "format/elf/elf_file.h"
#include "format/reader.h"

/* The addresses of a unit, which begins at an offset of .debug_info. */
struct unit_range {
    uint64_t low, high, unit;
};

struct elf_debug {
    struct heap *heap;
    struct heap_cleanup cleanup;
    struct elf_file *file;
    Dwarf *dwarf;     /* NULL: it cannot be read */
    unsigned version; /* changes when libdw opens the file anew, which ends all it returned */
    bool packed_info; /* .debug_info is not all unpacked */
    VEC(char) copy;   /* a header, heads of sections, their names, their bytes */
    Elf *elf;         /* of the copy; NULL: libdw has the file itself */
    uint64_t info;    /* where .debug_info is in the copy */
    uint64_t size;    /* of all of it */
    str packed;       /* the rest of a section, not unpacked yet */
    const struct codec *codec;
    void *state;                   /* of the codec; NULL: none is open */
    VEC(struct unit_range) ranges; /* sorted */
    bool loaded;                   /* they are from .debug_info */
};

bool elf_debug_is_in(const struct elf_file *file);

/* It ends with the heap, as the file does, whose descriptor is closed. */
struct elf_debug *elf_debug_open(struct elf_file *file, bool with_lines);

/* The bytes of a section, unpacked. Valid until the next call, and only for elf_units_load(). */
str elf_debug_section(struct elf_debug *debug, const char *name);

/* Unpack .debug_info up to `end`, or as far as it is good. */
void elf_debug_grow(struct elf_debug *debug, uint64_t end);

/* Read which unit has which addresses. */
void elf_units_load(struct elf_debug *debug);

/* The unit with the code at an address as the program headers count. False if there is none. */
bool elf_debug_unit(struct elf_debug *debug, uint64_t address, Dwarf_Die *unit);

struct elf_inlines;

struct elf_inlines *elf_inlines_open(struct heap *heap, struct elf_debug *debug);

/* The function at an address as the program headers count and those that were inlined there, the
 * outermost first: their number, 0 if there is no function. `outer` is the name of the first; n ==
 * 0: take it from the debug information. The texts are in `arena`. *frames stays until the next
 * call. */
size_t elf_inlines_find(struct elf_inlines *inlines, uint64_t address, str outer, bool with_place,
                        struct arena *arena, const struct read_inline_frame **frames);

#endif
