/*
 * output_stream: where an output is written. SVG and text go out as they are made; for PNG and PDF
 * the SVG goes through flamegraph-raster.
 *
 *      write() ──────────────────────────────► sink of the caller
 *      write() ──► svg ──► flamegraph-raster ──► sink of the caller
 */
#ifndef FLAMETREE_OUTPUT_OUTPUT_STREAM_H
#define FLAMETREE_OUTPUT_OUTPUT_STREAM_H

#include "output/outputs.h"
#include "output/raster_helper.h"

/* Opens the file, or whatever the output goes to. NULL: it cannot, and the error is set. */
struct output_place {
    struct sink *(*open)(void *context);
    void *context;
};

struct output_stream {
    struct raster_helper *helper; /* NULL: none is needed */
    struct sink svg;              /* to the helper */
    struct sink *out;
};

/* Where to write; NULL when the helper cannot be started or the place cannot be opened. `how` is
 * for PNG and PDF; its format is that of the output. The stream does not move. */
struct sink *output_stream_open(struct output_stream *stream, const struct output *output,
                                const struct raster_helper_options *how,
                                const struct output_place *place, struct heap *heap,
                                struct err *err);

/* All is written and flushed. The caller closes what the place opened. */
bool output_stream_finish(struct output_stream *stream, struct err *err);

#endif
