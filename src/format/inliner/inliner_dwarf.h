/*
 * inliner_dwarf: one module's debug information. See inliner.h, the only user.
 */
#ifndef FLAMETREE_FORMAT_INLINER_INLINER_DWARF_H
#define FLAMETREE_FORMAT_INLINER_INLINER_DWARF_H

#include "core/heap.h"
#include "format/reader.h"

struct dwarf_module;

/* This build has libdw. */
bool dwarf_module_available(void);

/* NULL with *why set to a literal that reads after "cannot use PATH: ". */
struct dwarf_module *dwarf_module_open(struct heap *heap, const char *path, const char **why);

/* As read_inline_fn; texts are put into `arena`, *frames stays until the next call. `address` is
 * what perf printed: an offset in the file, or, of a program that is not position-independent, an
 * address. */
size_t dwarf_module_frames(struct dwarf_module *module, uint64_t address, bool with_place,
                           struct arena *arena, const struct read_inline_frame **frames);

/* Frees what libdw holds, not the heap's memory. NULL is allowed. */
void dwarf_module_close(struct dwarf_module *module);

#endif
