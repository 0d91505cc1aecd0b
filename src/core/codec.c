/* SPDX-License-Identifier: MIT */
/*
 * codec: gzip, zstd and xz by zlib, libzstd and liblzma.
 */
#include "core/source.h"

#if HAVE_ZLIB
#define ZLIB_CONST
#include <zlib.h>
#endif
#if HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif
#if HAVE_LZMA
#include <lzma.h>
#endif

#if HAVE_ZLIB
static bool gzip_open(void *state)
{
    return inflateInit2((z_stream *)state, 16 + MAX_WBITS) == Z_OK;
}

static bool zlib_open(void *state)
{
    return inflateInit((z_stream *)state) == Z_OK;
}

static enum codec_result gzip_step(void *state, str *in, char **out, size_t *room)
{
    z_stream *z = state;
    size_t most = *room < (1u << 30) ? *room : (1u << 30);
    z->next_in = (const Bytef *)in->p;
    z->avail_in = (uInt)in->n;
    z->next_out = (Bytef *)*out;
    z->avail_out = (uInt)most;
    int result = inflate(z, Z_NO_FLUSH);
    *in = str_skip(*in, in->n - z->avail_in);
    *out += most - z->avail_out;
    *room -= most - z->avail_out;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: return CODEC_MORE;
    case Z_STREAM_END: return CODEC_ENDED;
    case Z_MEM_ERROR: return CODEC_NO_MEMORY;
    default: return CODEC_DAMAGED;
    }
}

static bool gzip_restart(void *state)
{
    return inflateReset(state) == Z_OK;
}

static void gzip_close(void *state)
{
    inflateEnd(state);
}
#endif

#if HAVE_ZSTD
struct zstd {
    ZSTD_DStream *z;
    bool begun;        /* the frame */
    uint64_t size;     /* of the unpacked frame, from its header */
    uint64_t unpacked; /* bytes of the frame so far */
};

static bool zstd_open(void *state)
{
    struct zstd *zstd = state;
    zstd->z = ZSTD_createDStream();
    return zstd->z != NULL;
}

/* libzstd does not check the size of a frame that ends in an empty block, unless it unpacks the
 * frame in one call. */
static enum codec_result zstd_end_frame(struct zstd *zstd)
{
    bool known = zstd->size != ZSTD_CONTENTSIZE_UNKNOWN && zstd->size != ZSTD_CONTENTSIZE_ERROR;
    zstd->begun = false;
    return known && zstd->size != zstd->unpacked ? CODEC_DAMAGED : CODEC_ENDED;
}

static enum codec_result zstd_step(void *state, str *in, char **out, size_t *room)
{
    struct zstd *zstd = state;
    if (!zstd->begun) {
        zstd->size = ZSTD_getFrameContentSize(in->p, in->n);
        zstd->unpacked = 0;
        zstd->begun = true;
    }
    ZSTD_inBuffer from = {in->p, in->n, 0};
    ZSTD_outBuffer to = {*out, *room, 0};
    size_t result = ZSTD_decompressStream(zstd->z, &to, &from);
    *in = str_skip(*in, from.pos);
    *out += to.pos;
    *room -= to.pos;
    zstd->unpacked += to.pos;
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_no_error: return result == 0 ? zstd_end_frame(zstd) : CODEC_MORE;
    case ZSTD_error_memory_allocation: return CODEC_NO_MEMORY;
    case ZSTD_error_frameParameter_windowTooLarge: return CODEC_LARGE;
    default: return CODEC_DAMAGED;
    }
}

static bool zstd_restart(void *state)
{
    struct zstd *zstd = state;
    return !ZSTD_isError(ZSTD_initDStream(zstd->z));
}

static void zstd_close(void *state)
{
    struct zstd *zstd = state;
    ZSTD_freeDStream(zstd->z);
}
#endif

#if HAVE_LZMA
static void xz_close(void *state)
{
    lzma_end(state);
}

static bool xz_restart(void *state)
{
    static const lzma_stream fresh = LZMA_STREAM_INIT;
    lzma_stream *z = state;
    lzma_end(z);
    *z = fresh;
    return lzma_stream_decoder(z, CODEC_MEMORY, 0) == LZMA_OK;
}

static enum codec_result xz_step(void *state, str *in, char **out, size_t *room)
{
    lzma_stream *z = state;
    z->next_in = (const uint8_t *)in->p;
    z->avail_in = in->n;
    z->next_out = (uint8_t *)*out;
    z->avail_out = *room;
    lzma_ret result = lzma_code(z, LZMA_RUN);
    *in = str_skip(*in, in->n - z->avail_in);
    *out += *room - z->avail_out;
    *room = z->avail_out;
    switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: return CODEC_MORE;
    case LZMA_STREAM_END: return CODEC_ENDED;
    case LZMA_MEM_ERROR: return CODEC_NO_MEMORY;
    case LZMA_MEMLIMIT_ERROR: return CODEC_LARGE;
    default: return CODEC_DAMAGED;
    }
}
#endif

const struct codec codec_zlib = {
    .name = "zlib",
#if HAVE_ZLIB
    .size = sizeof(z_stream),
    .open = zlib_open,
    .step = gzip_step,
    .restart = gzip_restart,
    .close = gzip_close,
#endif
};

const struct codec codecs[] = {
    {
        .name = "gzip",
        .magic = STR_INIT("\x1f\x8b\x08"),
#if HAVE_ZLIB
        .size = sizeof(z_stream),
        .open = gzip_open,
        .step = gzip_step,
        .restart = gzip_restart,
        .close = gzip_close,
#endif
    },
    {
        .name = "zstd",
        .magic = STR_INIT("\x28\xb5\x2f\xfd"),
#if HAVE_ZSTD
        .size = sizeof(struct zstd),
        .open = zstd_open,
        .step = zstd_step,
        .restart = zstd_restart,
        .close = zstd_close,
#endif
    },
    {
        .name = "xz",
        .magic = STR_INIT("\xfd"
                          "7zXZ\0"),
#if HAVE_LZMA
        .size = sizeof(lzma_stream),
        .open = xz_restart,
        .step = xz_step,
        .restart = xz_restart,
        .close = xz_close,
#endif
    },
    {.name = NULL},
};
