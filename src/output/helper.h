/*
 * helper: programs that ours start, so that those who do not need them do not pay for their
 * libraries.
 */
#ifndef FLAMETREE_OUTPUT_HELPER_H
#define FLAMETREE_OUTPUT_HELPER_H

#include "core/heap.h"
#include "core/str.h"

/* The first of these that is there; the last one when none is.
 *
 *      beside the program or library that this code is in         a build tree
 *      in ../libexec or ../../libexec of it                       an installation that was moved
 *      in the libexecdir that was configured
 *
 * The first two only when it belongs to the owner of that program and nobody else can write to it:
 * what is beside a program in a directory for all is not started. */
char *helper_find(struct heap *heap, const char *name);

/* The three texts, one after the other. */
char *helper_join(struct heap *heap, const char *a, const char *b, const char *c);

#endif
