/* SPDX-License-Identifier: MIT */
/*
 * source: raw bytes, and the unpacker on top of them.
 */
#include "core/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

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

static ptrdiff_t read_source_memory(void *context, char *to, size_t room, struct err *err)
{
    struct source *source = context;
    (void)err;
    size_t n = source->memory.n < room ? source->memory.n : room;
    if (n > 0)
        memcpy(to, source->memory.p, n);
    source->memory = str_skip(source->memory, n);
    return (ptrdiff_t)n;
}

/* Called at the end. A file that shrank would otherwise pass for a complete one. */
static ptrdiff_t check_file_size(const struct source *source, struct err *err)
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

static ptrdiff_t read_source_raw(struct source *source, char *to, size_t room, struct err *err)
{
    if (source->held_at < source->held_n) {
        size_t n = source->held_n - source->held_at;
        n = n < room ? n : room;
        memcpy(to, source->held + source->held_at, n);
        source->held_at += n;
        return (ptrdiff_t)n;
    }
    ptrdiff_t n = source->read(source->context, to, room, err);
    return n == 0 ? check_file_size(source, err) : n;
}

/* ---- unpacking ---- */

/* The messages below name these limits. */
#define BOMB_BYTES (UINT64_C(256) << 20)
#define BOMB_RATIO UINT64_C(500)

/* libzstd 1.5.4 misreads a frame header that it gets in two pieces (and input that is no frame), so
 * the first call has at least this many bytes. */
enum { HEADER_MOST = 18 };

enum stream_position { BETWEEN_STREAMS, AT_START, IN_STREAM };

struct unpacker {
    const struct codec *codec;
    void *state;
    enum stream_position position; /* of in[in_at] */
    bool in_ended;                 /* in[in_n - 1] is the last byte */
    size_t in_n, in_at;
    uint64_t in_total, out_total;
    char first[8]; /* bytes of the output */
    size_t first_n;
    char in[65536];
};

static const struct codec *find_codec(str head)
{
    for (const struct codec *codec = codecs; codec->name; codec++)
        if (str_starts(head, codec->magic))
            return codec;
    return NULL;
}

/* `head` may be the start of a magic number. */
static bool may_be_packed(str head)
{
    for (const struct codec *codec = codecs; codec->name; codec++) {
        size_t n = head.n < codec->magic.n ? head.n : codec->magic.n;
        if (memcmp(head.p, codec->magic.p, n) == 0)
            return true;
    }
    return false;
}

static bool refuse_memory(const struct codec *codec, struct err *err)
{
    return err_set(err, ERR_MEMORY, "no memory to unpack %s", codec->name);
}

static bool open_source_unpacker(struct source *source, struct err *err)
{
    const struct codec *codec = find_codec(str_of(source->held, source->held_n));
    if (!codec)
        return true;
    if (codec->size == 0)
        return err_set(err, ERR_SUPPORT,
                       "packed with %s, which this build cannot unpack: "
                       "unpack it first (%s -dc FILE | ...)",
                       codec->name, codec->name);
    struct unpacker *unpacker = calloc(1, sizeof *unpacker);
    void *state = calloc(1, codec->size);
    if (!unpacker || !state || !codec->open(state)) {
        free(unpacker);
        free(state);
        return refuse_memory(codec, err);
    }
    unpacker->codec = codec;
    unpacker->state = state;
    unpacker->position = AT_START;
    source->unpacker = unpacker;
    return true;
}

static bool needs_input(const struct unpacker *unpacker)
{
    size_t n = unpacker->in_n - unpacker->in_at;
    return !unpacker->in_ended && (n == 0 || (unpacker->position == AT_START && n < HEADER_MOST));
}

/* Move the rest to the front and read more after it. */
static bool refill_unpacker(struct source *source, struct err *err)
{
    struct unpacker *unpacker = source->unpacker;
    size_t left = unpacker->in_n - unpacker->in_at;
    memmove(unpacker->in, unpacker->in + unpacker->in_at, left);
    ptrdiff_t n = read_source_raw(source, unpacker->in + left, sizeof unpacker->in - left, err);
    if (n < 0)
        return false;
    unpacker->in_ended = n == 0;
    unpacker->in_n = left + (size_t)n;
    unpacker->in_at = 0;
    unpacker->in_total += (uint64_t)n;
    return true;
}

static bool refuse_damaged(const struct codec *codec, const char *how, struct err *err)
{
    return err_set(err, ERR_INPUT, "the %s data is %s", codec->name, how);
}

static bool refuse_large(const struct codec *codec, const char *how, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "the %s data %s: if that is meant, unpack it first (%s -dc FILE | ...)",
                   codec->name, how, codec->name);
}

static bool check_result(const struct codec *codec, enum codec_result result, struct err *err)
{
    switch (result) {
    case CODEC_LARGE: return refuse_large(codec, "takes more than 256 MB of memory to unpack", err);
    case CODEC_DAMAGED: return refuse_damaged(codec, "damaged", err);
    case CODEC_NO_MEMORY: return refuse_memory(codec, err);
    default: return true;
    }
}

static bool is_bomb(const struct unpacker *unpacker)
{
    return unpacker->out_total > BOMB_BYTES &&
           unpacker->out_total / BOMB_RATIO > unpacker->in_total;
}

/* Refuse output that is packed again: each further layer could multiply its size by 500. */
static bool check_packed_once(struct unpacker *unpacker, str out, struct err *err)
{
    if (unpacker->first_n == sizeof unpacker->first)
        return true;
    for (size_t i = 0; i < out.n && unpacker->first_n < sizeof unpacker->first; i++)
        unpacker->first[unpacker->first_n++] = out.p[i];
    const struct codec *inner = find_codec(str_of(unpacker->first, unpacker->first_n));
    const char *outer = unpacker->codec->name;
    return !inner || err_set(err, ERR_INPUT,
                             "packed twice, %s data within %s data: unpack it once first (%s -dc "
                             "FILE | ...)",
                             inner->name, outer, outer);
}

/* False on failure; *out stays `to` at the end of the input. */
static bool unpack_some(struct source *source, char **out, size_t room, struct err *err)
{
    struct unpacker *unpacker = source->unpacker;
    const struct codec *codec = unpacker->codec;
    const char *to = *out;
    while (*out == to) {
        while (needs_input(unpacker))
            if (!refill_unpacker(source, err))
                return false;
        if (unpacker->position == BETWEEN_STREAMS) {
            /* zero bytes after a stream are padding, as of xz and of tapes */
            while (unpacker->in_at < unpacker->in_n && unpacker->in[unpacker->in_at] == '\0')
                unpacker->in_at++;
            if (unpacker->in_at < unpacker->in_n) {
                unpacker->position = AT_START;
                if (!codec->restart(unpacker->state))
                    return refuse_memory(codec, err);
            } else if (unpacker->in_ended) {
                return true;
            }
            continue;
        }
        bool last = unpacker->in_ended && unpacker->in_at == unpacker->in_n;
        str in = str_of(unpacker->in + unpacker->in_at, unpacker->in_n - unpacker->in_at);
        enum codec_result result = codec->step(unpacker->state, &in, out, &room);
        unpacker->in_at = unpacker->in_n - in.n;
        unpacker->position = result == CODEC_ENDED ? BETWEEN_STREAMS : IN_STREAM;
        if (!check_result(codec, result, err))
            return false;
        if (result == CODEC_MORE && last && *out == to)
            return refuse_damaged(codec, "cut short: it ends in the middle of its stream", err);
    }
    unpacker->out_total += (uint64_t)(*out - to);
    if (is_bomb(unpacker))
        return refuse_large(codec, "grows to more than 500 times its size", err);
    return check_packed_once(unpacker, str_of(to, (size_t)(*out - to)), err);
}

/* ---- the source ---- */

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
    *source = (struct source){.name = name, .read = read_source_memory, .fd = -1};
    source->memory = source->all = bytes;
    source->context = source;
}

void source_open_callback(struct source *source, const char *name, source_read_fn *read,
                          void *context)
{
    *source = (struct source){.name = name, .read = read, .context = context, .fd = -1};
}

/* Read the first bytes into `held`, until it is full or cannot be packed data. */
static bool sniff_source(struct source *source, struct err *err)
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
        if (!may_be_packed(str_of(source->held, source->held_n)))
            return true;
    }
    return open_source_unpacker(source, err) || err_in_file(err, source->name, 0);
}

ptrdiff_t source_read(struct source *source, char *to, size_t room, struct err *err)
{
    char *end = to;
    if (!source->sniffed && !sniff_source(source, err))
        return -1;
    if (!source->unpacker)
        return read_source_raw(source, to, room, err);
    if (unpack_some(source, &end, room, err))
        return end - to;
    err_in_file(err, source->name, 0);
    return -1;
}

bool source_can_seek(const struct source *source)
{
    bool plain = source->os && source->size > 0 && source->start != UINT64_MAX;
    return source->sniffed && !source->unpacker && (plain || source->read == read_source_memory);
}

bool source_seek(struct source *source, uint64_t offset)
{
    if (!source_can_seek(source))
        return false;
    source->held_at = source->held_n = 0;
    if (source->os)
        return source->os->seek(source->os->context, source->fd, source->start + offset);
    source->memory = str_skip(source->all, offset < source->all.n ? (size_t)offset : source->all.n);
    return true;
}

void source_close(struct source *source)
{
    if (source->unpacker) {
        source->unpacker->codec->close(source->unpacker->state);
        free(source->unpacker->state);
        free(source->unpacker);
        source->unpacker = NULL;
    }
    if (source->os && source->fd > STDIN_FILENO)
        os_close(source->os, source->fd);
    source->fd = -1;
}
