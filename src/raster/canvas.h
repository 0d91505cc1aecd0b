/*
 * canvas: a loaded document and its size: what paint.c hands to the writer of each format.
 */
#ifndef FLAMETREE_RASTER_CANVAS_H
#define FLAMETREE_RASTER_CANVAS_H

#include <librsvg/rsvg.h>

#include "raster/paint.h"

struct canvas {
    const struct paint_options *options;
    RsvgHandle *document;
    double width, height; /* px of the SVG, at least 1 */
    const char *title;    /* UTF-8 */
};

/* Draw the document, scaled, with its upper left corner at the origin of `cairo`. */
bool canvas_draw(const struct canvas *canvas, cairo_t *cairo, double scale, struct err *err);

bool canvas_write_png(const struct canvas *canvas, struct heap *heap, struct sink *sink,
                      struct err *err);
bool canvas_write_pdf(const struct canvas *canvas, struct sink *sink, struct err *err);

#endif
