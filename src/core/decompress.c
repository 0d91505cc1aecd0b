/*
 * decompress: the loop that feeds a packing. Its state belongs to the source and is freed by
 * source_close().
 */
#include "core/decompress.h"

#include <stdlib.h>

#include "core/codec.h"

/* What the messages below say. */
#define BOMB_BYTES (UINT64_C(256) << 20)
#define BOMB_RATIO UINT64_C(500)

/* libzstd 1.5.4 takes the rest of a header for a header of its own when it gets one in two pieces
 * (and bytes that are no frame for an empty one): it gets all of it. */
enum { HEADER_MOST = 18 };

enum output_path { BETWEEN_STREAMS, AT_START, IN_STREAM };

struct decompress {
    const struct codec *packing;
    void *state;
    enum output_path place; /* of in[in_at] */
    bool in_ended;          /* in[in_n - 1] is the last byte */
    size_t in_n, in_at;
    uint64_t in_total, out_total;
    char first[8]; /* bytes that came out */
    size_t first_n;
    char in[65536];
};

static const struct codec *find(str head)
{
    for (const struct codec *packing = packings; packing->name; packing++)
        if (str_starts(head, packing->magic))
            return packing;
    return NULL;
}

bool decompress_might_be(str head)
{
    for (size_t i = 0; packings[i].name; i++) {
        size_t n = head.n < packings[i].magic.n ? head.n : packings[i].magic.n;
        if (memcmp(head.p, packings[i].magic.p, n) == 0)
            return true;
    }
    return false;
}

static void end(struct decompress *unpack)
{
    free(unpack->state);
    free(unpack);
}

static bool no_memory(const struct codec *packing, struct err *err)
{
    return err_set(err, ERR_MEMORY, "no memory to unpack %s", packing->name);
}

static bool start(struct decompress *unpack, const struct codec *packing, struct err *err)
{
    unpack->packing = packing;
    unpack->place = AT_START;
    unpack->state = calloc(1, packing->size);
    return (unpack->state && packing->open(unpack->state)) || no_memory(packing, err);
}

bool decompress_open(struct decompress **unpack, str head, struct err *err)
{
    const struct codec *packing = find(head);
    *unpack = NULL;
    if (!packing)
        return true;
    if (packing->size == 0)
        return err_set(err, ERR_SUPPORT,
                       "packed with %s, which this build cannot unpack: "
                       "unpack it first (%s -dc FILE | ...)",
                       packing->name, packing->name);
    struct decompress *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return no_memory(packing, err);
    if (start(fresh, packing, err))
        *unpack = fresh;
    else
        end(fresh);
    return *unpack != NULL;
}

static bool is_short(const struct decompress *unpack)
{
    size_t n = unpack->in_n - unpack->in_at;
    return !unpack->in_ended && (n == 0 || (unpack->place == AT_START && n < HEADER_MOST));
}

/* What is left moves to the front, and more is read after it. */
static bool refill(struct decompress *unpack, source_read_fn *read, void *context, struct err *err)
{
    size_t left = unpack->in_n - unpack->in_at;
    memmove(unpack->in, unpack->in + unpack->in_at, left);
    ptrdiff_t n = read(context, unpack->in + left, sizeof unpack->in - left, err);
    if (n < 0)
        return false;
    unpack->in_ended = n == 0;
    unpack->in_n = left + (size_t)n;
    unpack->in_at = 0;
    unpack->in_total += (uint64_t)n;
    return true;
}

/* Zero bytes after a stream are padding: xz allows them, tapes leave them. */
static void skip_padding(struct decompress *unpack)
{
    while (unpack->in_at < unpack->in_n && unpack->in[unpack->in_at] == '\0')
        unpack->in_at++;
}

static ptrdiff_t damaged(const struct decompress *unpack, const char *how, struct err *err)
{
    err_set(err, ERR_INPUT, "the %s data is %s", unpack->packing->name, how);
    return -1;
}

static ptrdiff_t too_large(const struct decompress *unpack, const char *how, struct err *err)
{
    const char *name = unpack->packing->name;
    err_set(err, ERR_INPUT, "the %s data %s: if that is meant, unpack it first (%s -dc FILE | ...)",
            name, how, name);
    return -1;
}

static ptrdiff_t stopped(const struct decompress *unpack, enum step step, struct err *err)
{
    if (step == STEP_LARGE)
        return too_large(unpack, "takes more than 256 MB of memory to unpack", err);
    if (step == STEP_BAD)
        return damaged(unpack, "damaged", err);
    no_memory(unpack->packing, err);
    return -1;
}

static bool is_bomb(const struct decompress *unpack)
{
    return unpack->out_total > BOMB_BYTES && unpack->out_total / BOMB_RATIO > unpack->in_total;
}

/* What comes out is packed, too. One layer is taken off here: more would be a bomb's way to grow
 * by 500 in each of them. */
static bool is_packed_twice(struct decompress *unpack, str out, struct err *err)
{
    if (unpack->first_n == sizeof unpack->first)
        return false;
    for (size_t i = 0; i < out.n && unpack->first_n < sizeof unpack->first; i++)
        unpack->first[unpack->first_n++] = out.p[i];
    const struct codec *inner = find(str_of(unpack->first, unpack->first_n));
    const char *outer = unpack->packing->name;
    return inner && !err_set(err, ERR_INPUT,
                             "packed twice, %s data within %s data: unpack it once first (%s -dc "
                             "FILE | ...)",
                             inner->name, outer, outer);
}

/* Past what may stand between two streams; *more: another one starts. */
static bool start_stream(struct decompress *unpack, bool *more)
{
    skip_padding(unpack);
    *more = unpack->in_at < unpack->in_n;
    if (*more)
        unpack->place = AT_START;
    return !*more || unpack->packing->restart(unpack->state);
}

ptrdiff_t decompress_read(struct decompress *unpack, source_read_fn *read, void *context, char *to,
                          size_t room, struct err *err)
{
    const struct codec *packing = unpack->packing;
    char *out = to;
    bool more;
    while (out == to) {
        while (is_short(unpack))
            if (!refill(unpack, read, context, err))
                return -1;
        if (unpack->place == BETWEEN_STREAMS) {
            if (!start_stream(unpack, &more))
                return stopped(unpack, STEP_FULL, err);
            if (!more && unpack->in_ended)
                return 0;
            continue;
        }
        bool last = unpack->in_ended && unpack->in_at == unpack->in_n;
        str in = str_of(unpack->in + unpack->in_at, unpack->in_n - unpack->in_at);
        enum step step = packing->step(unpack->state, &in, &out, &room);
        unpack->in_at = unpack->in_n - in.n;
        unpack->place = step == STEP_ENDED ? BETWEEN_STREAMS : IN_STREAM;
        if (step != STEP_MORE && step != STEP_ENDED)
            return stopped(unpack, step, err);
        if (step == STEP_MORE && last && out == to)
            return damaged(unpack, "cut short: it ends in the middle of its stream", err);
    }
    unpack->out_total += (uint64_t)(out - to);
    if (is_bomb(unpack))
        return too_large(unpack, "grows to more than 500 times its size", err);
    return is_packed_twice(unpack, str_of(to, (size_t)(out - to)), err) ? -1 : out - to;
}

void decompress_close(struct decompress *unpack)
{
    if (!unpack)
        return;
    unpack->packing->close(unpack->state);
    end(unpack);
}
