/* SPDX-License-Identifier: MIT */
/*
 * sink: buffering, temporary files, and escaping by a table of byte classes.
 */
#include "core/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/str.h"

enum { BUFFER = 65536, MEMORY_FIRST = 1024 };

static bool write_to_fd(void *context, str bytes, struct err *err)
{
    struct sink *sink = context;
    while (bytes.n > 0) {
        ssize_t n = sink->os->write(sink->os->context, sink->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            sink->broken_pipe = n < 0 && errno == EPIPE;
            err_set_sys(err, n < 0 ? errno : ENOSPC, "cannot write");
            return err_in_file(err, sink->path ? sink->path : "standard output", 0);
        }
        bytes = str_skip(bytes, (size_t)n);
    }
    return true;
}

void sink_open_callback(struct sink *sink, struct heap *heap, sink_write_fn *write, void *context,
                        struct err *err)
{
    *sink = (struct sink){.write = write, .context = context, .heap = heap, .err = err, .fd = -1};
    sink->buffer = heap_alloc(heap, BUFFER, 1);
    sink->cap = BUFFER;
}

void sink_open_fd(struct sink *sink, struct heap *heap, const struct os *os, int fd,
                  struct err *err)
{
    sink_open_callback(sink, heap, write_to_fd, sink, err);
    sink->os = os;
    sink->fd = fd;
}

void sink_open_memory(struct sink *sink, struct heap *heap)
{
    *sink = (struct sink){.heap = heap, .fd = -1, .cap = MEMORY_FIRST};
    sink->buffer = heap_alloc(heap, MEMORY_FIRST, 1);
}

static bool fail_open(struct sink *sink, int code, const char *what)
{
    sink->failed = true;
    sink->scratch = NULL;
    err_set_sys(sink->err, code, "%s", what);
    return err_in_file(sink->err, sink->path, 0);
}

bool sink_open_file(struct sink *sink, struct heap *heap, const struct os *os, const char *path,
                    const char *suffix, struct err *err)
{
    struct output_path place;
    sink_open_fd(sink, heap, os, -1, err);
    sink->path = path;
    if (!output_path_find(&place, heap, os, path))
        return fail_open(sink, errno, "cannot follow the link");
    sink->target = place.path;
    if (place.kind == OS_SPECIAL) {
        sink->fd = os_open(os, place.path, O_WRONLY | O_APPEND, 0);
        return sink->fd >= 0 || fail_open(sink, errno, "cannot write");
    }
    sink->scratch = output_path_beside(&place, heap, suffix);
    size_t n = strlen(sink->scratch);
    sink->second = heap_alloc(heap, n + sizeof "-old", 1);
    memcpy(sink->second, sink->scratch, n);
    memcpy(sink->second + n, "-old", sizeof "-old");
    sink->fd = os_open(os, sink->scratch, O_WRONLY | O_CREAT | O_EXCL, place.mode);
    if (sink->fd < 0)
        return fail_open(sink, errno, "cannot create");
    if (place.kind == OS_PLAIN) /* a failure only leaves fewer permissions */
        os->imitate(os->context, sink->fd, place.path);
    return true;
}

bool sink_flush(struct sink *sink)
{
    if (!sink->write && sink->buffer) {
        sink->buffer = heap_resize(sink->heap, sink->buffer, sink->cap, 2);
        sink->cap *= 2;
        return true;
    }
    if (sink->n > 0 && !sink->failed) {
        if (!sink->write(sink->context, str_of(sink->buffer, sink->n), sink->err))
            sink->failed = true;
    }
    sink->n = 0;
    return !sink->failed;
}

static void drop_buffer(struct sink *sink)
{
    heap_free(sink->heap, sink->buffer);
    sink->buffer = NULL;
    sink->n = sink->cap = 0;
}

static void remove_scratch(struct sink *sink)
{
    if (sink->scratch)
        sink->os->unlink(sink->os->context, sink->scratch);
    sink->scratch = NULL;
}

void sink_abandon(struct sink *sink)
{
    if (sink->path && sink->fd >= 0) {
        os_close(sink->os, sink->fd);
        sink->fd = -1;
    }
    remove_scratch(sink);
    sink->failed = true;
    if (sink->buffer)
        drop_buffer(sink);
}

bool sink_complete(struct sink *sink)
{
    if (!sink->buffer)
        return !sink->failed;
    sink_flush(sink);
    drop_buffer(sink);
    if (!sink->path || sink->fd < 0)
        return !sink->failed;
    int fd = sink->fd;
    sink->fd = -1;
    if (os_close(sink->os, fd) != 0 && !sink->failed) {
        sink->failed = true;
        err_set_sys(sink->err, errno, "cannot write");
    }
    if (sink->failed) {
        remove_scratch(sink);
        err_in_file(sink->err, sink->path, 0);
    }
    return !sink->failed;
}

bool sink_close(struct sink *sink)
{
    return sink_complete(sink) && sinks_place(&sink, 1);
}

/* ---- several files at once ---- */

/* Give the old file a second name, to restore it from. Without hard links it gets none. */
static void link_old_file(struct sink *sink)
{
    mode_t mode;
    const struct os *os = sink->os;
    sink->replaces = os->kind(os->context, sink->target, &mode) == OS_PLAIN;
    sink->kept = sink->replaces && os_link(os, sink->target, sink->second) == 0;
}

static bool rename_scratch(struct sink *sink)
{
    if (os_rename(sink->os, sink->scratch, sink->target) == 0) {
        sink->scratch = NULL;
        sink->placed = true;
        return true;
    }
    err_set_sys(sink->err, errno, "cannot rename the new file to it");
    err_in_file(sink->err, sink->path, 0);
    return false;
}

/* The sink was placed before another one failed. */
static void restore_old_file(struct sink *sink)
{
    const struct os *os = sink->os;
    int status = -1;
    if (sink->kept)
        status = os_rename(os, sink->second, sink->target);
    else if (!sink->replaces)
        status = os->unlink(os->context, sink->target);
    if (status == 0)
        sink->kept = false;
    err_add(sink->err, status == 0 ? "; %.100s is as before" : "; %.100s is replaced already",
            sink->path);
}

static void unlink_old_file(struct sink *sink)
{
    if (sink->kept)
        sink->os->unlink(sink->os->context, sink->second);
    sink->kept = false;
}

bool sinks_place(struct sink *const *sinks, size_t n)
{
    size_t files = 0, placed = 0;
    for (size_t i = 0; i < n; i++)
        files += sinks[i]->scratch != NULL;
    for (size_t i = 0; i < n && files > 1; i++)
        if (sinks[i]->scratch)
            link_old_file(sinks[i]);
    while (placed < n && (!sinks[placed]->scratch || rename_scratch(sinks[placed])))
        placed++;
    for (size_t i = 0; i < n && placed < n; i++) {
        sinks[i]->failed = true;
        if (sinks[i]->placed)
            restore_old_file(sinks[i]);
        remove_scratch(sinks[i]);
    }
    for (size_t i = 0; i < n; i++)
        unlink_old_file(sinks[i]);
    return placed == n;
}

void sink_bytes(struct sink *sink, str bytes)
{
    if (bytes.n > sink->cap - sink->n) {
        do
            sink_flush(sink);
        while (!sink->write && bytes.n > sink->cap - sink->n);
        if (bytes.n > sink->cap) {
            if (!sink->failed && !sink->write(sink->context, bytes, sink->err))
                sink->failed = true;
            return;
        }
    }
    if (bytes.n > 0)
        memcpy(sink->buffer + sink->n, bytes.p, bytes.n);
    sink->n += bytes.n;
}

/* Classes of bytes: P needs no escape, M is markup, E is forbidden in XML and JSON, J in JSON only,
 * H is part of a multibyte character. */
enum { PLAIN = 'P', MARKUP = 'M', ESCAPE_BYTE = 'E', JSON_ONLY = 'J', HIGH = 'H' };

static const char classes[] = "EEEEEEEEEJJEEEEE"
                              "EEEEEEEEEEEEEEEE"
                              "PPMPPPMMPPPPPPPP"
                              "PPPPPPPPPPPPMPMP"
                              "PPPPPPPPPPPPPPPP"
                              "PPPPPPPPPPPPJPPP"
                              "PPPPPPPPPPPPPPPP"
                              "PPPPPPPPPPPPPPPE"
                              "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH"
                              "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH";

static const str replacement = STR_INIT("\xef\xbf\xbd"); /* U+FFFD */

/* The number of bytes at `from` that need no escape. */
static size_t count_plain(str text, size_t from, bool json)
{
    size_t at = from;
    for (;;) {
        while (at < text.n && classes[(unsigned char)text.p[at]] == PLAIN)
            at++;
        if (at == text.n)
            break;
        char class = classes[(unsigned char)text.p[at]];
        if (class == JSON_ONLY && !json) {
            at++;
        } else if (class == HIGH) {
            size_t next = at;
            uint32_t code = utf8_next(text, &next);
            if (json ? utf8_steers(code) : !utf8_is_xml(code))
                break;
            at = next;
        } else {
            break;
        }
    }
    return at - from;
}

static void put_xml_reference(struct sink *sink, char c)
{
    switch (c) {
    case '&': sink_lit(sink, "&amp;"); break;
    case '<': sink_lit(sink, "&lt;"); break;
    case '>': sink_lit(sink, "&gt;"); break;
    case '"': sink_lit(sink, "&quot;"); break;
    case '\'': sink_lit(sink, "&#39;"); break;
    default: sink_bytes(sink, replacement); break;
    }
}

static void sink_escaped(struct sink *sink, str text, bool json)
{
    size_t at = 0;
    for (;;) {
        size_t run = count_plain(text, at, json);
        sink_bytes(sink, str_cut(text, at, at + run));
        at += run;
        if (at >= text.n)
            return;
        char c = text.p[at];
        uint32_t code = utf8_next(text, &at);
        if (json && code != UTF8_BAD) { /* never above U+FFFF */
            sink_lit(sink, "\\u");
            for (int shift = 12; shift >= 0; shift -= 4)
                sink_byte(sink, "0123456789abcdef"[code >> shift & 15]);
        } else if (!json && code < 0x80) {
            put_xml_reference(sink, c);
        } else {
            sink_bytes(sink, replacement);
        }
    }
}

void sink_xml(struct sink *sink, str text)
{
    sink_escaped(sink, text, false);
}

void sink_json(struct sink *sink, str text)
{
    sink_escaped(sink, text, true);
}
