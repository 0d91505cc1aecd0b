/*
 * codec: see codec.h.
 */
#include "core/codec.h"

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
struct gzip {
    z_stream z;
};

static bool gzip_open(void *state)
{
    struct gzip *gzip = state;
    return inflateInit2(&gzip->z, 16 + MAX_WBITS) == Z_OK;
}

static enum step gzip_step(void *state, str *in, char **out, size_t *room)
{
    struct gzip *gzip = state;
    z_stream *z = &gzip->z;
    size_t most = *room < (1u << 30) ? *room : (1u << 30);
    z->next_in = (const Bytef *)in->p;
    z->avail_in = (uInt)in->n;
    z->next_out = (Bytef *)*out;
    z->avail_out = (uInt)most;
    int result = inflate(z, Z_NO_FLUSH);
    *in = str_skip(*in, in->n - z->avail_in);
    *out += most - z->avail_out;
    *room -= most - z->avail_out;
    if (result == Z_STREAM_END)
        return STEP_ENDED;
    if (result == Z_MEM_ERROR)
        return STEP_FULL;
    return result == Z_OK || result == Z_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static bool gzip_restart(void *state)
{
    struct gzip *gzip = state;
    return inflateReset(&gzip->z) == Z_OK;
}

static void gzip_close(void *state)
{
    struct gzip *gzip = state;
    inflateEnd(&gzip->z);
}
#endif

#if HAVE_ZSTD
struct zstd {
    ZSTD_DStream *z;
    bool begun;        /* the frame */
    uint64_t size;     /* that its header tells */
    uint64_t unpacked; /* of it so far */
};

static bool zstd_open(void *state)
{
    struct zstd *zstd = state;
    zstd->z = ZSTD_createDStream();
    return zstd->z != NULL;
}

/* For libzstd a frame that ends in an empty block may have any size, unless it is unpacked at
 * once. */
static enum step zstd_end(struct zstd *zstd)
{
    bool told = zstd->size != ZSTD_CONTENTSIZE_UNKNOWN && zstd->size != ZSTD_CONTENTSIZE_ERROR;
    zstd->begun = false;
    return told && zstd->size != zstd->unpacked ? STEP_BAD : STEP_ENDED;
}

static enum step zstd_step(void *state, str *in, char **out, size_t *room)
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
    case ZSTD_error_no_error: return result == 0 ? zstd_end(zstd) : STEP_MORE;
    case ZSTD_error_memory_allocation: return STEP_FULL;
    case ZSTD_error_frameParameter_windowTooLarge: /* more than 128 MB, by itself */
        return STEP_LARGE;
    default: return STEP_BAD;
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
struct xz {
    lzma_stream z;
};

static bool xz_restart(void *state)
{
    static const lzma_stream fresh = LZMA_STREAM_INIT;
    struct xz *xz = state;
    lzma_end(&xz->z);
    xz->z = fresh;
    return lzma_stream_decoder(&xz->z, CODEC_MEMORY, 0) == LZMA_OK;
}

static enum step xz_step(void *state, str *in, char **out, size_t *room)
{
    struct xz *xz = state;
    lzma_stream *z = &xz->z;
    z->next_in = (const uint8_t *)in->p;
    z->avail_in = in->n;
    z->next_out = (uint8_t *)*out;
    z->avail_out = *room;
    lzma_ret result = lzma_code(z, LZMA_RUN);
    *in = str_skip(*in, in->n - z->avail_in);
    *out += *room - z->avail_out;
    *room = z->avail_out;
    if (result == LZMA_STREAM_END)
        return STEP_ENDED;
    if (result == LZMA_MEM_ERROR)
        return STEP_FULL;
    if (result == LZMA_MEMLIMIT_ERROR)
        return STEP_LARGE;
    return result == LZMA_OK || result == LZMA_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static void xz_close(void *state)
{
    struct xz *xz = state;
    lzma_end(&xz->z);
}
#endif

const struct codec packings[] = {
    {
        .name = "gzip",
        .magic = STR_INIT("\x1f\x8b\x08"),
#if HAVE_ZLIB
        .size = sizeof(struct gzip),
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
        .size = sizeof(struct xz),
        .open = xz_restart,
        .step = xz_step,
        .restart = xz_restart,
        .close = xz_close,
#endif
    },
    {.name = NULL},
};
