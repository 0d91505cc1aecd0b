/* SPDX-License-Identifier: MIT */
/*
 * raster_helper: start flamegraph-raster, which draws pixels and pages. It is a separate process
 * because librsvg loads 47 libraries and ends the process when memory runs out. Neither may happen
 * to a program that writes an SVG, or that uses this library.
 *
 *      raster_helper_write() ──SVG──► flamegraph-raster ──picture──► raster_helper_finish()
 *
 * It reads all of the SVG before it writes the first byte, so that the two never wait for each
 * other.
 */
#ifndef FLAMETREE_OUTPUT_RASTER_HELPER_H
#define FLAMETREE_OUTPUT_RASTER_HELPER_H

#include <sys/types.h>

#include "core/sink.h"

struct raster_helper_options {
    const char *format;     /* "png", "pdf" */
    double scale;           /* 1: one px of the picture is one of the SVG */
    const char *background; /* "#rrggbb", "none"; NULL: the picture's own */
    const char *path;       /* of flamegraph-raster; NULL: where it was installed */
    uint64_t max_memory;    /* bytes that it may take; 0: no limit */
};

struct raster_helper {
    struct heap_cleanup cleanup;
    struct heap *heap;
    pid_t pid; /* 0: none runs */
    int to, from, errors;
    bool limited; /* its memory is */
};

/* Start it. False: ERR_SUPPORT in a build without, or *err says why it cannot be started. The
 * heap has a cleanup that ends the process. */
struct raster_helper *raster_helper_start(struct heap *heap,
                                          const struct raster_helper_options *options,
                                          struct err *err);

/* As sink_write_fn; the context is the helper. */
bool raster_helper_write(void *context, str bytes, struct err *err);

/* All is written: pass the picture on to the sink, and free the helper. */
bool raster_helper_finish(struct raster_helper *helper, struct sink *sink, struct err *err);

/* The picture is not needed any more: end the process, and free the helper. */
void raster_helper_abandon(struct raster_helper *helper);

#endif
