/*
 * inliner: which functions were inlined at an address, from the DWARF of the module, through
 * elfutils' libdw and libiberty's demangler. Each module is opened once, each compilation unit
 * indexed once, each (module, address) resolved once.
 *
 * A build --without-libdw has inliner_open() fail and say so.
 */
#ifndef FLAMETREE_FORMAT_INLINER_INLINER_H
#define FLAMETREE_FORMAT_INLINER_INLINER_H

#include "core/str.h"
#include "format/reader.h"

struct inliner;

/* NULL with *err set if this build has no libdw. The inliner and all that libdw holds live until
 * the end of `heap`. */
struct inliner *inliner_open(struct heap *heap, bool with_place, struct err *err);

/* A read_inline_fn; context is the inliner. */
size_t inliner_frames(void *context, str module, uint64_t address,
                      const struct read_inline_frame **frames);

/* The modules that could not be used: *module and *why of the next one, *at starts at 0; false
 * behind the last. */
bool inliner_unusable(const struct inliner *inliner, size_t *at, str *module, const char **why);

#endif
