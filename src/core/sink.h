/*
 * sink: bytes out, buffered, with the escapers. Raw output takes string literals only; whatever
 * came from input or options goes through sink_xml, sink_json or sink_bytes into a plain text.
 *
 * A failed write is remembered: what follows is dropped, and sink_close() tells.
 */
#ifndef FLAMETREE_CORE_SINK_H
#define FLAMETREE_CORE_SINK_H

#include "core/heap.h"
#include "core/num.h"
#include "core/os.h"
#include "core/str.h"

/* Take all of `bytes`, or say why not. */
typedef bool sink_write_fn(void *context, str bytes, struct err *err);

struct sink {
    char *buffer; /* owned by the heap */
    size_t n, cap;
    sink_write_fn *write;
    void *context;
    struct err *err; /* the first failure is told here */
    bool failed;
    bool broken_pipe; /* the reader went away: EPIPE */
    uint64_t bytes;   /* handed to write so far */
    /* files */
    struct heap *heap;
    const struct os *os;
    int fd;
    const char *path;   /* as it was asked for; NULL for a descriptor */
    const char *target; /* the final name: that at the end of links */
    char *scratch;      /* the name it has until sink_close(); NULL: it has none */
};

/* A descriptor that the caller opened and will close. *err must outlive the sink. */
void sink_open_fd(struct sink *sink, struct heap *heap, const struct os *os, int fd,
                  struct err *err);

/* A file that gets its name only when complete: it is written as PATH.tmp-SUFFIX beside it, with
 * the permissions of the file that is replaced. Links stay, the file that they lead to is replaced.
 * What is there and no plain file (/dev/null, a pipe) is written to as it is. */
bool sink_open_file(struct sink *sink, struct heap *heap, const struct os *os, const char *path,
                    const char *suffix, struct err *err);

/* Anything: the function is called with at most 64 kB at a time, or one long string. */
void sink_open_callback(struct sink *sink, struct heap *heap, sink_write_fn *write, void *context,
                        struct err *err);

/* Write out what is buffered. False when anything failed so far. */
bool sink_flush(struct sink *sink);

/* Flush and, for a file, rename it into place. False when anything failed; a file is then gone
 * and the old one of that name still there. Can be called again, and on a zeroed struct. */
bool sink_close(struct sink *sink);

/* Give up: nothing more is written, a file is removed. */
void sink_abandon(struct sink *sink);

/* Bytes as they are. For plain text outputs only: never into XML, JSON or script. */
void sink_bytes(struct sink *sink, str bytes);

/* A string literal as it is. */
#define sink_lit(sink, literal) sink_bytes((sink), STR(literal))

static inline void sink_byte(struct sink *sink, char byte)
{
    if (sink->n == sink->cap)
        sink_flush(sink);
    sink->buffer[sink->n++] = byte;
}

/* `most` contiguous bytes of the buffer, a few hundred; add to sink->n what was used of them. */
static inline char *sink_room(struct sink *sink, size_t most)
{
    if (sink->cap - sink->n < most)
        sink_flush(sink);
    return sink->buffer + sink->n;
}

static inline void sink_u64(struct sink *sink, uint64_t value)
{
    sink->n += num_put_u64(sink_room(sink, NUM_ROOM), value);
}

static inline void sink_commas(struct sink *sink, uint64_t value)
{
    sink->n += num_put_commas(sink_room(sink, NUM_ROOM), value);
}

static inline void sink_fixed(struct sink *sink, double value, unsigned decimals)
{
    sink->n += num_put_fixed(sink_room(sink, NUM_ROOM), value, decimals);
}

static inline void sink_decimal(struct sink *sink, uint64_t units, unsigned decimals)
{
    sink->n += num_put_decimal(sink_room(sink, NUM_ROOM), units, decimals);
}

/* Text or attribute value of XML and of HTML: & < > " ' as references, what XML 1.0 does not
 * allow and broken UTF-8 as U+FFFD. */
void sink_xml(struct sink *sink, str text);

/* The inside of a JSON string that may stand in XML, HTML and script: " \ control characters,
 * < > & ' U+2028 U+2029 as \uXXXX, broken UTF-8 as U+FFFD. */
void sink_json(struct sink *sink, str text);

#endif
