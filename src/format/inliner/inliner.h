/* SPDX-License-Identifier: MIT */
/*
 * inliner: finds the functions that were inlined at an address in the DWARF data of the module,
 * with libdw of elfutils and the demangler of libiberty. Each module is opened once, each
 * compilation unit is indexed once, and each (module, address) is resolved once.
 */
#ifndef FLAMETREE_FORMAT_INLINER_INLINER_H
#define FLAMETREE_FORMAT_INLINER_INLINER_H

#include "core/str.h"
#include "format/reader.h"

struct inliner;

/* NULL with *err set if this build has no libdw. The inliner and all that libdw holds live until
 * the end of `heap`. */
struct inliner *inliner_open(struct heap *heap, bool with_place, struct err *err);

/* A read_inline_fn, whose context is the inliner. */
size_t inliner_frames(void *context, str module, uint64_t address,
                      const struct read_inline_frame **frames);

/* The next module that could not be used, and why. *at starts at 0. False after the last one. */
bool inliner_unusable(const struct inliner *inliner, size_t *at, str *module, const char **why);

#endif
