/*
 * folded_writer: stacks as text, one a line: frames from the root joined by ';', a blank, the
 * weight; with two sides the weight before and the weight after: all columns, in their order.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_WRITER_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_WRITER_H

#include "core/heap.h"
#include "core/sink.h"
#include "profile/tree.h"

/* Lines sorted by stack, byte by byte, as LC_ALL=C sort would sort the stacks alone. A tree in
 * input order is written in that order. Nodes without weight of their own are left out. Names that
 * would be read as something else are changed (format/folded/folded_names.h). */
void folded_write(const struct tree *tree, struct sink *sink);

/* The name of one frame as it can stand there: what would make two frames or two lines of it is
 * replaced, in a copy in `arena`. */
str folded_name(struct arena *arena, str name);

#endif
