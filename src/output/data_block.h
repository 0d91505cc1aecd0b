/*
 * data_block: the whole profile as text inside the document, for the viewer and for our readers;
 * doc/format.md, section 2.
 */
#ifndef FLAMETREE_OUTPUT_DATA_BLOCK_H
#define FLAMETREE_OUTPUT_DATA_BLOCK_H

#include "output/renderer.h"

/* The text of <metadata class="flametree-data">. It holds no markup. */
void data_block_write(const struct document *document, struct sink *sink);

#endif
