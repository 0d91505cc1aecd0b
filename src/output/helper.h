/* SPDX-License-Identifier: MIT */
/*
 * helper: find programs that flametree starts. They are separate so that only their users load
 * their libraries.
 */
#ifndef FLAMETREE_OUTPUT_HELPER_H
#define FLAMETREE_OUTPUT_HELPER_H

#include "core/heap.h"
#include "core/str.h"

/* A program. `installed` differs with the --program-prefix of configure. */
struct helper {
    const char *built, *installed;
};

extern const struct helper helper_raster, helper_tui;

/* The first of these paths that exists, or the last one:
 *
 *      beside the program or library that this code is in         a build tree
 *      in ../libexec or ../../libexec of it                       an installation that was moved
 *      in the libexecdir that was configured
 *
 * The first two are used only if the file belongs to the owner of that program and nobody else can
 * write to it, so that a file in a shared directory is never started. */
char *helper_find(struct heap *heap, const struct helper *helper);

/* The three texts, one after the other. */
char *helper_join(struct heap *heap, const char *a, const char *b, const char *c);

#endif
