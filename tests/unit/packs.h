/* SPDX-License-Identifier: MIT */
/*
 * packs: packed bytes for the tests of unpacking, made by the libraries that unpack them.
 */
#ifndef FLAMETREE_TESTS_PACKS_H
#define FLAMETREE_TESTS_PACKS_H

#include <stdlib.h>

#include "core/str.h"

#if HAVE_ZLIB
#include <zlib.h>
#endif
#if HAVE_ZSTD
#include <zstd.h>
#endif
#if HAVE_LZMA
#include <lzma.h>
#endif

/* Write `text` packed to `to`, which has `room` bytes; how many, 0 when there is no room. */
typedef size_t pack_fn(str text, char *to, size_t room);

#if HAVE_ZLIB
static inline size_t pack_gzip(str text, char *to, size_t room)
{
    z_stream z = {0};
    if (deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    z.next_in = (Bytef *)(uintptr_t)text.p;
    z.avail_in = (uInt)text.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    int result = deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return result == Z_STREAM_END ? room - z.avail_out : 0;
}
#endif

#if HAVE_ZSTD
static inline size_t pack_zstd(str text, char *to, size_t room)
{
    size_t n = ZSTD_compress(to, room, text.p, text.n, 3);
    return ZSTD_isError(n) ? 0 : n;
}
#endif

#if HAVE_LZMA
static inline size_t pack_xz(str text, char *to, size_t room)
{
    size_t n = 0;
    lzma_ret result = lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, (const uint8_t *)text.p,
                                              text.n, (uint8_t *)to, &n, room);
    return result == LZMA_OK ? n : 0;
}
#endif

static const struct embedded_writer {
    const char *name;
    pack_fn *pack;
} packs[] = {
#if HAVE_ZLIB
    {"gzip", pack_gzip},
#endif
#if HAVE_ZSTD
    {"zstd", pack_zstd},
#endif
#if HAVE_LZMA
    {"xz", pack_xz},
#endif
    {NULL, NULL},
};

#endif
