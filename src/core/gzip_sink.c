/* SPDX-License-Identifier: MIT */
/*
 * gzip_sink: compression by zlib, with memory of the heap.
 */
#include "core/sink.h"

#if HAVE_ZLIB
#define ZLIB_CONST
#include <zlib.h>

enum { PIECE = 1 << 14 };

/* When memory runs out, this does not return to zlib; the heap frees the memory of zlib. */
static void *allocate_block(void *heap, unsigned count, unsigned size)
{
    return heap_alloc(heap, count, size);
}

static void release_block(void *heap, void *block)
{
    heap_free(heap, block);
}

static void pack_bytes(struct gzip_sink *gzip, str bytes, int flush)
{
    Bytef piece[PIECE];
    z_stream *z = gzip->state;
    z->next_in = (const Bytef *)bytes.p;
    z->avail_in = (uInt)bytes.n;
    do {
        z->next_out = piece;
        z->avail_out = PIECE;
        deflate(z, flush);
        sink_bytes(gzip->out, str_of((const char *)piece, PIECE - z->avail_out));
    } while (z->avail_out == 0);
}

static bool write_packed(void *context, str bytes, struct err *err)
{
    enum { MOST = 1 << 30 };
    (void)err; /* failures are those of `out` */
    for (; bytes.n > MOST; bytes = str_skip(bytes, MOST))
        pack_bytes(context, str_head(bytes, MOST), Z_NO_FLUSH);
    pack_bytes(context, bytes, Z_NO_FLUSH);
    return true;
}

void gzip_sink_open(struct gzip_sink *gzip, struct heap *heap, struct sink *out)
{
    z_stream *z = heap_zero(heap, 1, sizeof *z);
    z->zalloc = allocate_block;
    z->zfree = release_block;
    z->opaque = heap;
    gzip->out = out;
    gzip->state = z;
    deflateInit2(z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    sink_open_callback(&gzip->sink, heap, write_packed, gzip, NULL);
}

void gzip_sink_close(struct gzip_sink *gzip)
{
    z_stream *z = gzip->state;
    struct heap *heap = z->opaque;
    sink_close(&gzip->sink);
    pack_bytes(gzip, STR(""), Z_FINISH);
    deflateEnd(z);
    heap_free(heap, z);
}
#else
static bool write_through(void *context, str bytes, struct err *err)
{
    const struct gzip_sink *gzip = context;
    (void)err;
    sink_bytes(gzip->out, bytes);
    return true;
}

void gzip_sink_open(struct gzip_sink *gzip, struct heap *heap, struct sink *out)
{
    gzip->out = out;
    sink_open_callback(&gzip->sink, heap, write_through, gzip, NULL);
}

void gzip_sink_close(struct gzip_sink *gzip)
{
    sink_close(&gzip->sink);
}
#endif
