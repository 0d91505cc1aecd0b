/*
 * unpack: one table entry per packing, a common loop that feeds it.
 *
 * An entry's `step` moves bytes from `in` to `out` and says whether its stream ended there; the
 * loop starts it again when more packed bytes follow. The libraries allocate by malloc: their
 * state belongs to the source and is freed by source_close().
 */
#include "core/unpack.h"

#include <stdlib.h>

#include "core/library.h"

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
    const char *library; /* NULL: not in this build */
    size_t size;         /* of the state; it starts as zeros */
    bool (*find)(void *state, void *library);
    bool (*open)(void *state); /* false: no memory */
    enum step (*step)(void *state, str *in, char **out, size_t *room);
    bool (*restart)(void *state);
    void (*close)(void *state);
};

struct unpack {
    const struct packing *packing;
    void *library;
    void *state;
    bool in_stream; /* false between two concatenated streams */
    bool in_ended;
    size_t in_n, in_at;
    char in[65536];
};

/* A member of a state that points to a function of the library. */
#define FUNCTION(name)    __typeof__(name) *name
#define FIND(state, name) library_find(library, #name, &(state)->name)

#if HAVE_ZLIB
struct gzip {
    z_stream z;
    FUNCTION(inflateInit2_);
    FUNCTION(inflate);
    FUNCTION(inflateReset);
    FUNCTION(inflateEnd);
};

static bool gzip_find(void *state, void *library)
{
    struct gzip *gzip = state;
    return FIND(gzip, inflateInit2_) && FIND(gzip, inflate) && FIND(gzip, inflateReset) &&
           FIND(gzip, inflateEnd);
}

static bool gzip_open(void *state)
{
    struct gzip *gzip = state;
    return gzip->inflateInit2_(&gzip->z, 16 + MAX_WBITS, ZLIB_VERSION, sizeof gzip->z) == Z_OK;
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
    int result = gzip->inflate(z, Z_NO_FLUSH);
    *in = str_skip(*in, in->n - z->avail_in);
    *out += most - z->avail_out;
    *room -= most - z->avail_out;
    if (result == Z_STREAM_END)
        return STEP_ENDED;
    return result == Z_OK || result == Z_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static bool gzip_restart(void *state)
{
    struct gzip *gzip = state;
    return gzip->inflateReset(&gzip->z) == Z_OK;
}

static void gzip_close(void *state)
{
    struct gzip *gzip = state;
    gzip->inflateEnd(&gzip->z);
}
#endif

#if HAVE_ZSTD
struct zstd {
    ZSTD_DStream *z;
    FUNCTION(ZSTD_createDStream);
    FUNCTION(ZSTD_initDStream);
    FUNCTION(ZSTD_decompressStream);
    FUNCTION(ZSTD_isError);
    FUNCTION(ZSTD_freeDStream);
};

static bool zstd_find(void *state, void *library)
{
    struct zstd *zstd = state;
    return FIND(zstd, ZSTD_createDStream) && FIND(zstd, ZSTD_initDStream) &&
           FIND(zstd, ZSTD_decompressStream) && FIND(zstd, ZSTD_isError) &&
           FIND(zstd, ZSTD_freeDStream);
}

static bool zstd_open(void *state)
{
    struct zstd *zstd = state;
    zstd->z = zstd->ZSTD_createDStream();
    return zstd->z != NULL;
}

static enum step zstd_step(void *state, str *in, char **out, size_t *room)
{
    struct zstd *zstd = state;
    ZSTD_inBuffer from = {in->p, in->n, 0};
    ZSTD_outBuffer to = {*out, *room, 0};
    size_t result = zstd->ZSTD_decompressStream(zstd->z, &to, &from);
    *in = str_skip(*in, from.pos);
    *out += to.pos;
    *room -= to.pos;
    if (zstd->ZSTD_isError(result))
        return STEP_BAD;
    return result == 0 ? STEP_ENDED : STEP_MORE;
}

static bool zstd_restart(void *state)
{
    struct zstd *zstd = state;
    return !zstd->ZSTD_isError(zstd->ZSTD_initDStream(zstd->z));
}

static void zstd_close(void *state)
{
    struct zstd *zstd = state;
    zstd->ZSTD_freeDStream(zstd->z);
}
#endif

#if HAVE_LZMA
struct xz {
    lzma_stream z;
    FUNCTION(lzma_stream_decoder);
    FUNCTION(lzma_code);
    FUNCTION(lzma_end);
};

static bool xz_find(void *state, void *library)
{
    struct xz *xz = state;
    return FIND(xz, lzma_stream_decoder) && FIND(xz, lzma_code) && FIND(xz, lzma_end);
}

static bool xz_restart(void *state)
{
    static const lzma_stream fresh = LZMA_STREAM_INIT;
    struct xz *xz = state;
    xz->lzma_end(&xz->z);
    xz->z = fresh;
    return xz->lzma_stream_decoder(&xz->z, UINT64_MAX, 0) == LZMA_OK;
}

static enum step xz_step(void *state, str *in, char **out, size_t *room)
{
    struct xz *xz = state;
    lzma_stream *z = &xz->z;
    z->next_in = (const uint8_t *)in->p;
    z->avail_in = in->n;
    z->next_out = (uint8_t *)*out;
    z->avail_out = *room;
    lzma_ret result = xz->lzma_code(z, LZMA_RUN);
    *in = str_skip(*in, in->n - z->avail_in);
    *out += *room - z->avail_out;
    *room = z->avail_out;
    if (result == LZMA_STREAM_END)
        return STEP_ENDED;
    return result == LZMA_OK || result == LZMA_BUF_ERROR ? STEP_MORE : STEP_BAD;
}

static void xz_close(void *state)
{
    struct xz *xz = state;
    xz->lzma_end(&xz->z);
}
#endif

static const struct packing packings[] = {
    {
        .name = "gzip",
        .magic = STR_INIT("\x1f\x8b\x08"),
#if HAVE_ZLIB
        .library = "libz.so.1",
        .size = sizeof(struct gzip),
        .find = gzip_find,
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
        .library = "libzstd.so.1",
        .size = sizeof(struct zstd),
        .find = zstd_find,
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
        .library = "liblzma.so.5",
        .size = sizeof(struct xz),
        .find = xz_find,
        .open = xz_restart,
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

static bool load(struct unpack *unpack, struct err *err)
{
    const struct packing *packing = unpack->packing;
    unpack->library = library_open(packing->library);
    if (unpack->library && packing->find(unpack->state, unpack->library))
        return true;
    return err_set(err, ERR_SUPPORT,
                   "packed with %s, and %s cannot be loaded: install it, or unpack the input first "
                   "(%s -dc FILE | ...)",
                   packing->name, packing->library, packing->name);
}

static void end(struct unpack *unpack)
{
    library_close(unpack->library);
    free(unpack->state);
    free(unpack);
}

static bool no_memory(const struct packing *packing, struct err *err)
{
    return err_set(err, ERR_MEMORY, "no memory to unpack %s", packing->name);
}

static bool start(struct unpack *unpack, const struct packing *packing, struct err *err)
{
    unpack->packing = packing;
    unpack->in_stream = true;
    unpack->state = calloc(1, packing->size);
    if (!unpack->state)
        return no_memory(packing, err);
    return load(unpack, err) && (packing->open(unpack->state) || no_memory(packing, err));
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
    if (!packing->library)
        return err_set(err, ERR_SUPPORT,
                       "packed with %s, which this build cannot unpack: "
                       "unpack it first (%s -dc FILE | ...)",
                       packing->name, packing->name);
    struct unpack *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return no_memory(packing, err);
    if (start(fresh, packing, err))
        *unpack = fresh;
    else
        end(fresh);
    return *unpack != NULL;
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
    end(unpack);
}
