/* SPDX-License-Identifier: MIT */
/*
 * inliner_dwarf: the debug information of one module, for inliner.c. Only for builds with libdw.
 */
#ifndef FLAMETREE_FORMAT_INLINER_INLINER_DWARF_H
#define FLAMETREE_FORMAT_INLINER_INLINER_DWARF_H

#include <elfutils/libdwfl.h>

#include "core/heap.h"
#include "format/reader.h"

struct dwarf_module;

/* NULL with *why set to a literal that fits after "no inlined functions from PATH: ". */
struct dwarf_module *dwarf_module_open(struct heap *heap, const char *path, const char **why);

/* As read_inline_fn. The texts are in `arena`, and *frames stays until the next call. `address` is
 * the one that perf printed: an offset in the file, or an address if the program is not
 * position-independent. */
size_t dwarf_module_frames(struct dwarf_module *module, uint64_t address, bool with_place,
                           struct arena *arena, const struct read_inline_frame **frames);

/* The functions that were inlined at an address as the program headers count, the outermost first,
 * without the function that they are in. */
size_t dwarf_module_inlined(struct dwarf_module *module, uint64_t address, struct arena *arena,
                            const struct read_inline_frame **frames);

/* Free what libdw holds, not the heap's memory. NULL is allowed. */
void dwarf_module_close(struct dwarf_module *module);

/* Find the separate file with the debug information of a program or library on this machine, for
 * Dwfl_Callbacks.find_debuginfo. dwfl_standard_find_debuginfo() does the same, but at the end asks
 * the servers in DEBUGINFOD_URLS. No part of flametree opens a connection.
 *
 * The places for /usr/bin/x, in this order:
 *
 *      /usr/lib/debug/.build-id/ab/cdef....debug       by the build id
 *      /usr/bin/x.debug                                by the name in .gnu_debuglink; the file
 *      /usr/bin/.debug/x.debug                         must have the same build id, or the
 *      /usr/lib/debug/usr/bin/x.debug                  checksum if the program has no build id
 */
int debug_file_find(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                    const char *file, const char *link, GElf_Word checksum, char **found);
#endif
