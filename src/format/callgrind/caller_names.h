/* SPDX-License-Identifier: MIT */
/*
 * caller_names: names of functions that hold their callers, as valgrind --separate-callers writes
 * them.
 *
 *      rec'2'run'main          rec    run    main
 *      a::'lambda'()'main      a::'lambda'()    main
 */
#ifndef FLAMETREE_FORMAT_CALLGRIND_CALLER_NAMES_H
#define FLAMETREE_FORMAT_CALLGRIND_CALLER_NAMES_H

#include "profile/builder.h"

struct caller_names {
    struct heap *heap;
    VEC(str) functions; /* of the name split last, the called one first */

    /* private */
    struct intern known; /* what names begin with */
    VEC(str) tokens;     /* of the name at hand, between its quotes */
    VEC(uint32_t) after; /* by token: where the function ends that begins there; 0: none does */
};

void caller_names_init(struct caller_names *names, struct heap *heap, uint64_t seed);

/* All names are needed before the first is split: a caller occurs as a function elsewhere. */
void caller_names_add(struct caller_names *names, str name);

/* How many functions the name holds, in names->functions. They live as long as `name`. */
size_t caller_names_split(struct caller_names *names, str name);

/* The frame of one of them. "0x00001ab7" is "0x1ab7". */
uint32_t caller_names_frame(str name, struct builder *builder);

void caller_names_end(struct caller_names *names);

#endif
