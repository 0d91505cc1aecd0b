/* SPDX-License-Identifier: MIT */
/*
 * paint: an SVG as pixels or as a page, by librsvg onto surfaces of cairo. Only flamegraph-raster
 * is linked with these libraries.
 *
 *      SVG ──► paint() ──► canvas ──┬──► canvas_write_png() ──► sink
 *                                   └──► canvas_write_pdf() ──► sink
 */
#ifndef FLAMETREE_RASTER_PAINT_H
#define FLAMETREE_RASTER_PAINT_H

#include <librsvg/rsvg.h>

#include "core/sink.h"

enum paint_format { PAINT_PNG, PAINT_PDF };
enum paint_background {
    PAINT_AS_DRAWN,    /* the picture's own */
    PAINT_COLOR,       /* one color in its place */
    PAINT_TRANSPARENT, /* nothing in its place */
};

struct paint_options {
    enum paint_format format;
    double scale; /* px of the PNG for each px of the SVG; for PDF relative to 96 px an inch */
    enum paint_background background;
    unsigned char color[3];
};

/* A loaded document. */
struct canvas {
    const struct paint_options *options;
    struct heap *heap;
    struct sink *sink;
    RsvgHandle *document;
    double width, height; /* px of the SVG, at least 1 */
    const char *title;    /* UTF-8 */
};

/* False with *err when it is not an SVG, or too large. */
bool paint(const struct paint_options *options, str svg, struct heap *heap, struct sink *sink,
           struct err *err);

/* Draw the document, scaled, with its upper left corner at the origin of `cairo`. */
bool canvas_draw(const struct canvas *canvas, cairo_t *cairo, double scale, struct err *err);

/* The color that is below the picture. */
void canvas_set_color(const struct canvas *canvas, cairo_t *cairo);

bool canvas_write_png(const struct canvas *canvas, struct err *err);
bool canvas_write_pdf(const struct canvas *canvas, struct err *err);

#endif
