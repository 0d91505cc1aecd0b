/*
 * source: raw bytes first, then, when the first ones say so, the unpacker between them and the
 * reader.
 */
#include "core/source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/decompress.h"

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
