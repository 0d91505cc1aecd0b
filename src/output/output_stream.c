/*
 * output_stream: the way to the caller's sink, directly or through flamegraph-raster.
 */
#include "output/output_stream.h"

struct sink *output_stream_open(struct output_stream *stream, const struct output *output,
                                const struct raster_helper_options *how,
                                const struct output_place *place, struct heap *heap,
                                struct err *err)
{
    struct raster_helper_options options = *how;
    *stream = (struct output_stream){0};
    options.format = output->raster;
    if (output->raster && !(stream->helper = raster_helper_start(heap, &options, err)))
        return NULL;
    stream->out = place->open(place->context);
    if (!stream->helper)
        return stream->out;
    if (!stream->out) {
        raster_helper_abandon(stream->helper);
        return NULL;
    }
    sink_open_callback(&stream->svg, heap, raster_helper_write, stream->helper, err);
    return &stream->svg;
}

bool output_stream_finish(struct output_stream *stream, struct err *err)
{
    if (stream->helper) {
        bool written = sink_close(&stream->svg);
        if (!raster_helper_finish(stream->helper, stream->out, err) || !written)
            return false;
    }
    return sink_flush(stream->out);
}
