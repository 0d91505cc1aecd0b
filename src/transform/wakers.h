/*
 * wakers: stacks of a chain graph, in which "--" stands between a blocked stack and those of the
 * threads that woke it.
 */
#ifndef FLAMETREE_TRANSFORM_WAKERS_H
#define FLAMETREE_TRANSFORM_WAKERS_H

#include "profile/tree.h"

/* Every stack of `from`, with _[w] behind each frame that stands above a "--" other than the first
 * frame; separators stay plain. `into` is not made yet; it is in order when `from` is. */
void wakers_mark(struct tree *into, const struct tree *from);

#endif
