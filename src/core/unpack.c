/*
 * unpack: one table entry per packing, a common loop that feeds it.
 *
 * An entry's `step` moves bytes from `in` to `out` and says whether its stream ended there; the
 * loop starts it again when more packed bytes follow. The libraries allocate by malloc: their
 * state belongs to the source and is freed by source_close().
 */
#include "core/unpack.h"

#include <stdlib.h>

#if HAVE_ZLIB
#define ZLIB_CONST
#include <zlib.h>
#endif
#if HAVE_ZSTD
#include <zstd.h>
#endif
#if HAVE_LZMA
#include <lzma.h>
#endif

enum step { STEP_MORE, STEP_ENDED, STEP_BAD };

struct packing {
    const char *name;
    str magic;
    void *(*open)(void); /* NULL: not in this build */
    enum step (*step)(void *state, str *in, char **out, size_t *room);
    bool (*restart)(void *state);
    void (*close)(void *state);
};

struct unpack {
    const struct packing *packing;
    void *state;
    bool in_stream; /* false between two concatenated streams */
    bool in_ended;
    size_t in_n, in_at;
    char in[65536];
};

#if HAVE_ZLIB
static void *gzip_open(void)
{
    z_stream *z = calloc(1, sizeof *z);
    if (z && inflateInit2(z, 16 + MAX_WBITS) == Z_OK)
        return z;
    free(z);
    return NULL;
}

static enum step gzip_step(void *state, str *in, char **out, size_t *room)
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
    if (result == Z_STREAM_END)
        return STEP_ENDED;
    return result == Z_OK || result == Z_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static bool gzip_restart(void *state)
{
    return inflateReset(state) == Z_OK;
}

static void gzip_close(void *state)
{
    inflateEnd(state);
    free(state);
}
#endif

#if HAVE_ZSTD
static void *zstd_open(void)
{
    return ZSTD_createDStream();
}

static enum step zstd_step(void *state, str *in, char **out, size_t *room)
{
    ZSTD_inBuffer from = {in->p, in->n, 0};
    ZSTD_outBuffer to = {*out, *room, 0};
    size_t result = ZSTD_decompressStream(state, &to, &from);
    *in = str_skip(*in, from.pos);
    *out += to.pos;
    *room -= to.pos;
    if (ZSTD_isError(result))
        return STEP_BAD;
    return result == 0 ? STEP_ENDED : STEP_MORE;
}

static bool zstd_restart(void *state)
{
    return !ZSTD_isError(ZSTD_initDStream(state));
}

static void zstd_close(void *state)
{
    ZSTD_freeDStream(state);
}
#endif

#if HAVE_LZMA
static const lzma_stream xz_fresh = LZMA_STREAM_INIT;

static bool xz_restart(void *state)
{
    lzma_stream *z = state;
    lzma_end(z);
    *z = xz_fresh;
    return lzma_stream_decoder(z, UINT64_MAX, 0) == LZMA_OK;
}

static void *xz_open(void)
{
    lzma_stream *z = malloc(sizeof *z);
    if (!z)
        return NULL;
    *z = xz_fresh;
    if (xz_restart(z))
        return z;
    free(z);
    return NULL;
}

static enum step xz_step(void *state, str *in, char **out, size_t *room)
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
    if (result == LZMA_STREAM_END)
        return STEP_ENDED;
    return result == LZMA_OK || result == LZMA_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static void xz_close(void *state)
{
    lzma_end(state);
    free(state);
}
#endif

static const struct packing packings[] = {
    {
        .name = "gzip",
        .magic = STR_INIT("\x1f\x8b\x08"),
#if HAVE_ZLIB
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
        .open = xz_open,
        .step = xz_step,
        .restart = xz_restart,
        .close = xz_close,
#endif
    },
};

enum { PACKINGS = sizeof packings / sizeof packings[0] };

bool unpack_might_be(str head)
{
    for (size_t i = 0; i < PACKINGS; i++) {
        size_t n = head.n < packings[i].magic.n ? head.n : packings[i].magic.n;
        if (memcmp(head.p, packings[i].magic.p, n) == 0)
            return true;
    }
    return false;
}

bool unpack_open(struct unpack **unpack, str head, struct err *err)
{
    const struct packing *packing = NULL;
    *unpack = NULL;
    for (size_t i = 0; i < PACKINGS; i++)
        if (str_starts(head, packings[i].magic))
            packing = &packings[i];
    if (!packing)
        return true;
    if (!packing->open)
        return err_set(err, ERR_SUPPORT,
                       "packed with %s, which this build cannot unpack: "
                       "unpack it first (%s -dc FILE | ...)",
                       packing->name, packing->name);
    struct unpack *fresh = calloc(1, sizeof *fresh);
    if (fresh)
        fresh->state = packing->open();
    if (!fresh || !fresh->state) {
        free(fresh);
        return err_set(err, ERR_MEMORY, "no memory to unpack %s", packing->name);
    }
    fresh->packing = packing;
    fresh->in_stream = true;
    *unpack = fresh;
    return true;
}

static bool refill(struct unpack *unpack, source_read_fn *read, void *context, struct err *err)
{
    ptrdiff_t n = read(context, unpack->in, sizeof unpack->in, err);
    if (n < 0)
        return false;
    unpack->in_ended = n == 0;
    unpack->in_n = (size_t)n;
    unpack->in_at = 0;
    return true;
}

/* Zero bytes behind a stream are padding: xz allows them, tapes leave them. */
static void skip_padding(struct unpack *unpack)
{
    while (unpack->in_at < unpack->in_n && unpack->in[unpack->in_at] == '\0')
        unpack->in_at++;
}

static ptrdiff_t damaged(const struct unpack *unpack, const char *how, struct err *err)
{
    err_set(err, ERR_INPUT, "the %s data is %s", unpack->packing->name, how);
    return -1;
}

ptrdiff_t unpack_read(struct unpack *unpack, source_read_fn *read, void *context, char *to,
                      size_t room, struct err *err)
{
    const struct packing *packing = unpack->packing;
    char *out = to;
    while (out == to) {
        if (unpack->in_at == unpack->in_n && !unpack->in_ended &&
            !refill(unpack, read, context, err))
            return -1;
        if (!unpack->in_stream) {
            if (unpack->in_ended)
                return 0;
            skip_padding(unpack);
            if (unpack->in_at == unpack->in_n)
                continue;
            if (!packing->restart(unpack->state))
                return damaged(unpack, "damaged", err);
            unpack->in_stream = true;
        }
        str in = str_of(unpack->in + unpack->in_at, unpack->in_n - unpack->in_at);
        enum step step = packing->step(unpack->state, &in, &out, &room);
        unpack->in_at = unpack->in_n - in.n;
        if (step == STEP_BAD)
            return damaged(unpack, "damaged", err);
        if (step == STEP_ENDED)
            unpack->in_stream = false;
        else if (unpack->in_ended && out == to)
            return damaged(unpack, "cut short: it ends in the middle of its stream", err);
    }
    return out - to;
}

void unpack_close(struct unpack *unpack)
{
    if (!unpack)
        return;
    unpack->packing->close(unpack->state);
    free(unpack);
}
