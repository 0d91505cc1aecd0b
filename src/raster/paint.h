/*
 * paint: an SVG as pixels or pages, by librsvg onto surfaces of cairo. Only flamegraph-raster is
 * linked with it.
 */
#ifndef FLAMETREE_RASTER_PAINT_H
#define FLAMETREE_RASTER_PAINT_H

#include "core/heap.h"
#include "core/sink.h"

enum paint_format { PAINT_PNG, PAINT_PDF };
enum paint_background {
    PAINT_AS_DRAWN,    /* the picture's own */
    PAINT_COLOR,       /* one colour in its place */
    PAINT_TRANSPARENT, /* nothing in its place */
};

struct paint_options {
    enum paint_format format;
    double scale; /* px of the PNG for each px of the SVG; for PDF relative to 96 px an inch */
    enum paint_background background;
    unsigned char color[3];
};

/* False with *err when it is no SVG, or too large. Memory comes from the arena before librsvg is
 * called, and not after. */
bool paint(const struct paint_options *options, str svg, struct arena *arena, struct sink *sink,
           struct err *err);

#endif
