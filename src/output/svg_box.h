/*
 * svg_box: one frame of an SVG, and the SVG that says why there are none.
 */
#ifndef FLAMETREE_OUTPUT_SVG_BOX_H
#define FLAMETREE_OUTPUT_SVG_BOX_H

#include "output/renderer.h"

/* <g><title>main (12 samples, 60.00%)</title><rect .../><text ...>main</text></g>
 * still: without the group, unless it has attributes, and without the title. */
void svg_put_box(const struct picture *picture, size_t i, bool still, struct sink *sink);

/* The text of a template, for this document. */
str svg_template(const struct document *document, const char *name);

#endif
