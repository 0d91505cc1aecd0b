/* SPDX-License-Identifier: MIT */
/*
 * sink: buffered output with escaping. sink_lit() takes literals only. Text from the input or from
 * options goes through sink_xml() or sink_json(), or through sink_bytes() into plain text.
 *
 * After a failed write the sink drops all further output, and sink_close() returns false.
 */
#ifndef FLAMETREE_CORE_SINK_H
#define FLAMETREE_CORE_SINK_H

#include "core/heap.h"
#include "core/num.h"
#include "core/os.h"
#include "core/str.h"

/* Write all of `bytes`; false with *err set on failure. */
typedef bool sink_write_fn(void *context, str bytes, struct err *err);

struct sink {
    char *buffer; /* owned by the heap */
    size_t n, cap;
    sink_write_fn *write; /* NULL: the buffer grows */
    void *context;
    struct err *err; /* gets the first failure */
    bool failed;
    bool broken_pipe; /* it failed with EPIPE */
    /* of files */
    struct heap *heap;
    const struct os *os;
    int fd;
    const char *path;   /* as the caller gave it; NULL: a descriptor */
    const char *target; /* the final name, after following links */
    char *scratch;      /* the temporary name, while there is a file of this name */
    char *second;       /* of sinks_place(): another name for the file that is replaced */
    bool replaces;      /* there was such a file */
    bool kept;          /* it has its second name */
    bool placed;        /* the new file has its final name */
};

/* A descriptor that the caller opened and will close. *err must outlive the sink. */
void sink_open_fd(struct sink *sink, struct heap *heap, const struct os *os, int fd,
                  struct err *err);

/* A file that appears only when it is complete: the sink writes PATH.tmp-SUFFIX in the same
 * directory, with the permissions of the file that it will replace. A link stays and its target is
 * replaced. An existing device or pipe is written to directly. */
bool sink_open_file(struct sink *sink, struct heap *heap, const struct os *os, const char *path,
                    const char *suffix, struct err *err);

/* `write` gets at most 64 kB at a time, or one longer string. */
void sink_open_callback(struct sink *sink, struct heap *heap, sink_write_fn *write, void *context,
                        struct err *err);

/* Text in memory: sink_text() returns it, and it stays in the heap. */
void sink_open_memory(struct sink *sink, struct heap *heap);

static inline str sink_text(const struct sink *sink)
{
    return str_of(sink->buffer, sink->n);
}

/* Write the buffer. False if any write has failed. */
bool sink_flush(struct sink *sink);

/* Flush, and rename a file into place. False if anything failed: then the new file is removed and
 * an old one of that name stays. May be called again, and on a zeroed struct. */
bool sink_close(struct sink *sink);

/* The first half of sink_close(): all is written, and a file keeps its temporary name. */
bool sink_complete(struct sink *sink);

/* The second half, for sinks that are complete: rename their files into place, all or none. If one
 * cannot be renamed, the files that were replaced before it are restored from second names (hard
 * links) that they have until the end. The error names the files that were put back, and those that
 * stay replaced because their file system has no hard links. */
bool sinks_place(struct sink *const *sinks, size_t n);

/* Drop the buffer and remove a file. */
void sink_abandon(struct sink *sink);

/* A sink that compresses by gzip and writes to `out`. A build without zlib does not compress. The
 * header has no time, so that the same bytes give the same file. */
struct gzip_sink {
    struct sink sink;
    struct sink *out;
    void *state; /* of zlib, in the heap */
};

void gzip_sink_open(struct gzip_sink *gzip, struct heap *heap, struct sink *out);

/* Write the end. `out` stays open. */
void gzip_sink_close(struct gzip_sink *gzip);

/* Unescaped bytes, for plain text only: never into XML, JSON or script. */
void sink_bytes(struct sink *sink, str bytes);

/* Writes text that may hold anything so that it is harmless in a format. */
typedef void sink_put_fn(str text, struct sink *sink);

/* An unescaped string literal. */
#define sink_lit(sink, literal) sink_bytes((sink), STR(literal))

static inline void sink_byte(struct sink *sink, char byte)
{
    if (sink->n == sink->cap)
        sink_flush(sink);
    sink->buffer[sink->n++] = byte;
}

/* `most` contiguous bytes of the buffer, at most a few hundred. Add the number used to sink->n. */
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

/* A text or attribute value of XML or HTML: & < > " ' become references; characters that XML 1.0
 * forbids and malformed UTF-8 become U+FFFD. */
void sink_xml(struct sink *sink, str text);

/* The inside of a JSON string that is safe in XML, HTML and script, and on a terminal: " \ < > & '
 * U+2028 U+2029, control characters and marks of direction become \uXXXX, malformed UTF-8 becomes
 * U+FFFD. */
void sink_json(struct sink *sink, str text);

/*
 * output_path: the file that is written for a path. Links are followed: the file at their end is
 * replaced, and the links stay.
 *
 *      here.svg ──link──► /srv/new.svg ──► written as /srv/new.svg.tmp-..., renamed to /srv/new.svg
 *      /dev/full, a pipe, a descriptor's name ──► written as it is
 */

struct output_path {
    enum os_kind kind;
    const char *path; /* the given path, or a text of the heap */
    mode_t mode;      /* permissions of a new file there: those of a plain file that it replaces */
};

/* False with errno when links do not end. */
bool output_path_find(struct output_path *place, struct heap *heap, const struct os *os,
                      const char *path);

/* PATH.tmp-SUFFIX, in the same directory; a name that would get too long for that is cut. */
char *output_path_beside(const struct output_path *place, struct heap *heap, const char *suffix);

/* The directory that it is in. */
char *output_path_directory(const struct output_path *place, struct heap *heap);

#endif
