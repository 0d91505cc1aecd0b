/*
 * source: raw bytes first, then, when the first ones say so, the unpacker between them and the
 * reader. Its state is freed by source_close().
 */
#include "core/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/codec.h"

/* What the messages below say. */
#define BOMB_BYTES (UINT64_C(256) << 20)
#define BOMB_RATIO UINT64_C(500)

/* libzstd 1.5.4 takes the rest of a header for a header of its own when it gets one in two pieces
 * (and bytes that are no frame for an empty one): it gets all of it. */
enum { HEADER_MOST = 18 };

enum stream_place { BETWEEN_STREAMS, AT_START, IN_STREAM };

struct decompress {
    const struct codec *packing;
    void *state;
    enum stream_place place; /* of in[in_at] */
    bool in_ended;           /* in[in_n - 1] is the last byte */
    size_t in_n, in_at;
    uint64_t in_total, out_total;
    char first[8]; /* bytes that came out */
    size_t first_n;
    char in[65536];
};

static const struct codec *find_packing(str head)
{
    for (const struct codec *packing = packings; packing->name; packing++)
        if (str_starts(head, packing->magic))
            return packing;
    return NULL;
}

static bool decompress_might_be(str head)
{
    for (size_t i = 0; packings[i].name; i++) {
        size_t n = head.n < packings[i].magic.n ? head.n : packings[i].magic.n;
        if (memcmp(head.p, packings[i].magic.p, n) == 0)
            return true;
    }
    return false;
}

static void end_unpacking(struct decompress *unpack)
{
    free(unpack->state);
    free(unpack);
}

static bool no_memory(const struct codec *packing, struct err *err)
{
    return err_set(err, ERR_MEMORY, "no memory to unpack %s", packing->name);
}

static bool start_unpacking(struct decompress *unpack, const struct codec *packing, struct err *err)
{
    unpack->packing = packing;
    unpack->place = AT_START;
    unpack->state = calloc(1, packing->size);
    return (unpack->state && packing->open(unpack->state)) || no_memory(packing, err);
}

static bool decompress_open(struct decompress **unpack, str head, struct err *err)
{
    const struct codec *packing = find_packing(head);
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
    if (start_unpacking(fresh, packing, err))
        *unpack = fresh;
    else
        end_unpacking(fresh);
    return *unpack != NULL;
}

static bool is_packed_short(const struct decompress *unpack)
{
    size_t n = unpack->in_n - unpack->in_at;
    return !unpack->in_ended && (n == 0 || (unpack->place == AT_START && n < HEADER_MOST));
}

/* What is left moves to the front, and more is read after it. */
static bool refill_packed(struct decompress *unpack, source_read_fn *read, void *context,
                          struct err *err)
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

static ptrdiff_t refuse_damaged(const struct decompress *unpack, const char *how, struct err *err)
{
    err_set(err, ERR_INPUT, "the %s data is %s", unpack->packing->name, how);
    return -1;
}

static ptrdiff_t refuse_large(const struct decompress *unpack, const char *how, struct err *err)
{
    const char *name = unpack->packing->name;
    err_set(err, ERR_INPUT, "the %s data %s: if that is meant, unpack it first (%s -dc FILE | ...)",
            name, how, name);
    return -1;
}

static ptrdiff_t refuse_step(const struct decompress *unpack, enum step step, struct err *err)
{
    if (step == STEP_LARGE)
        return refuse_large(unpack, "takes more than 256 MB of memory to unpack", err);
    if (step == STEP_BAD)
        return refuse_damaged(unpack, "damaged", err);
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
    const struct codec *inner = find_packing(str_of(unpack->first, unpack->first_n));
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

static ptrdiff_t decompress_read(struct decompress *unpack, source_read_fn *read, void *context,
                                 char *to, size_t room, struct err *err)
{
    const struct codec *packing = unpack->packing;
    char *out = to;
    bool more;
    while (out == to) {
        while (is_packed_short(unpack))
            if (!refill_packed(unpack, read, context, err))
                return -1;
        if (unpack->place == BETWEEN_STREAMS) {
            if (!start_stream(unpack, &more))
                return refuse_step(unpack, STEP_FULL, err);
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
            return refuse_step(unpack, step, err);
        if (step == STEP_MORE && last && out == to)
            return refuse_damaged(unpack, "cut short: it ends in the middle of its stream", err);
    }
    unpack->out_total += (uint64_t)(out - to);
    if (is_bomb(unpack))
        return refuse_large(unpack, "grows to more than 500 times its size", err);
    return is_packed_twice(unpack, str_of(to, (size_t)(out - to)), err) ? -1 : out - to;
}

static void decompress_close(struct decompress *unpack)
{
    if (!unpack)
        return;
    unpack->packing->close(unpack->state);
    end_unpacking(unpack);
}

/* ---- raw bytes ---- */

static ptrdiff_t read_fd(void *context, char *to, size_t room, struct err *err)
{
    struct source *source = context;
    for (;;) {
        ssize_t n = source->os->read(source->os->context, source->fd, to, room);
        if (n >= 0)
            return n;
        if (errno != EINTR) {
            err_set_sys(err, errno, "cannot read");
            err_in_file(err, source->name, 0);
            return -1;
        }
    }
}

/* At the end of a file. One that became shorter would look like one that is complete. */
static ptrdiff_t check_size(const struct source *source, struct err *err)
{
    if (!source->os || source->size == 0)
        return 0;
    uint64_t size = source->os->size(source->os->context, source->fd);
    if (size >= source->size)
        return 0;
    err_set(err, ERR_INPUT,
            "it became shorter while it was read, %llu of %llu bytes are left: read it again when "
            "nothing writes to it",
            (unsigned long long)size, (unsigned long long)source->size);
    err_in_file(err, source->name, 0);
    return -1;
}

static ptrdiff_t read_memory(void *context, char *to, size_t room, struct err *err)
{
    struct source *source = context;
    (void)err;
    size_t n = source->memory.n < room ? source->memory.n : room;
    if (n > 0)
        memcpy(to, source->memory.p, n);
    source->memory = str_skip(source->memory, n);
    return (ptrdiff_t)n;
}

bool source_open_file(struct source *source, const struct os *os, const char *path, struct err *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    *source = (struct source){
        .name = is_stdin ? "standard input" : path,
        .read = read_fd,
        .os = os,
        .fd = STDIN_FILENO,
    };
    source->context = source;
    if (!is_stdin)
        source->fd = os_open(os, path, O_RDONLY, 0);
    if (source->fd >= 0) {
        source->size = os->size(os->context, source->fd);
        if (source->size > 0)
            source->start = os->tell(os->context, source->fd);
        os->widen(os->context, source->fd);
        return true;
    }
    err_set_sys(err, errno, "cannot open");
    return err_in_file(err, path, 0);
}

void source_open_memory(struct source *source, const char *name, str bytes)
{
    *source = (struct source){.name = name, .read = read_memory, .fd = -1};
    source->memory = source->all = bytes;
    source->context = source;
}

void source_open_callback(struct source *source, const char *name, source_read_fn *read,
                          void *context)
{
    *source = (struct source){.name = name, .read = read, .context = context, .fd = -1};
}

static ptrdiff_t read_raw(void *context, char *to, size_t room, struct err *err)
{
    struct source *source = context;
    if (source->held_at < source->held_n) {
        size_t n = source->held_n - source->held_at;
        n = n < room ? n : room;
        memcpy(to, source->held + source->held_at, n);
        source->held_at += n;
        return (ptrdiff_t)n;
    }
    ptrdiff_t n = source->read(source->context, to, room, err);
    if (n > 0)
        source->raw_bytes += (uint64_t)n;
    return n == 0 ? check_size(source, err) : n;
}

/* Fill `held`; a stream that trickles is read until it is full or ends. */
static bool sniff(struct source *source, struct err *err)
{
    source->sniffed = true;
    while (source->held_n < sizeof source->held) {
        ptrdiff_t n = source->read(source->context, source->held + source->held_n,
                                   sizeof source->held - source->held_n, err);
        if (n < 0)
            return false;
        if (n == 0)
            break;
        source->held_n += (size_t)n;
        source->raw_bytes += (uint64_t)n;
        if (!decompress_might_be(str_of(source->held, source->held_n)))
            return true;
    }
    return decompress_open(&source->unpack, str_of(source->held, source->held_n), err) ||
           err_in_file(err, source->name, 0);
}

ptrdiff_t source_read(struct source *source, char *to, size_t room, struct err *err)
{
    if (!source->sniffed && !sniff(source, err))
        return -1;
    if (!source->unpack)
        return read_raw(source, to, room, err);
    ptrdiff_t n = decompress_read(source->unpack, read_raw, source, to, room, err);
    if (n < 0)
        err_in_file(err, source->name, 0);
    return n;
}

bool source_can_seek(const struct source *source)
{
    bool plain = source->os && source->size > 0 && source->start != UINT64_MAX;
    return source->sniffed && !source->unpack && (plain || source->read == read_memory);
}

bool source_seek(struct source *source, uint64_t offset)
{
    if (!source_can_seek(source))
        return false;
    source->held_at = source->held_n = 0;
    if (source->read == read_memory) {
        source->memory = str_skip(source->all,
                                  offset < source->all.n ? (size_t)offset : source->all.n);
        return true;
    }
    return source->os->seek(source->os->context, source->fd, source->start + offset);
}

void source_close(struct source *source)
{
    decompress_close(source->unpack);
    source->unpack = NULL;
    if (source->os && source->fd > STDIN_FILENO)
        os_close(source->os, source->fd);
    source->fd = -1;
}
