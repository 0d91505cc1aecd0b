/* SPDX-License-Identifier: MIT */
/*
 * folded_writer: stacks as text, one per line: the frames from the root, joined by ';', a blank,
 * and the weight; with two sides the weight before and the weight after.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_WRITER_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_WRITER_H

#include "core/heap.h"
#include "core/sink.h"
#include "profile/profile.h"

/* Lines are sorted by stack as LC_ALL=C sort sorts the stacks alone; a tree in input order keeps
 * that order. Nodes without self weight are left out. A name that would be read as a comment or as
 * a count is changed. */
void folded_write(const struct tree *tree, struct sink *sink);

/* `name` as one frame: ';' and line ends are replaced, in a copy in `arena`. */
str folded_name(struct arena *arena, str name);

#endif
