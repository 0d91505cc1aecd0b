/*
 * source: bytes in, from a file, a pipe, memory or a callback. Streams of gzip (RFC 1952), zstd
 * (RFC 8878) and xz are recognized by their first bytes and unpacked on the way by zlib, libzstd
 * and liblzma. Concatenated streams are read one after the other.
 *
 * Data made to fill memory is refused: more than 256 MB that are more than 500 times the bytes
 * they were packed into, and streams that take more than 256 MB of memory to unpack (zstd: windows
 * of more than 128 MB). Data packed twice is refused as well.
 */
#ifndef FLAMETREE_CORE_SOURCE_H
#define FLAMETREE_CORE_SOURCE_H

#include "core/os.h"
#include "core/str.h"

/* Up to `room` bytes to `to`: how many, 0 at the end, -1 when it failed (*err says how). */
typedef ptrdiff_t source_read_fn(void *context, char *to, size_t room, struct err *err);

struct decompress;

struct source {
    const char *name; /* for messages; "standard input" for stdin */
    source_read_fn *read;
    void *context;
    const struct os *os; /* file sources */
    int fd;
    str memory, all;           /* memory sources: what is left, and the whole */
    uint64_t start;            /* where in the file reading began */
    struct decompress *unpack; /* NULL: bytes are handed on as they are */
    bool sniffed;
    char held[8]; /* first bytes, read to recognise a packed stream */
    size_t held_n, held_at;
    uint64_t raw_bytes; /* taken in so far, before unpacking */
    uint64_t size;      /* of a file, when it was opened */
};

/* path "-": standard input. On failure *source is closed. `path` must outlive the source. */
bool source_open_file(struct source *source, const struct os *os, const char *path,
                      struct err *err);
void source_open_memory(struct source *source, const char *name, str bytes);
void source_open_callback(struct source *source, const char *name, source_read_fn *read,
                          void *context);

/* As source_read_fn, unpacked. Never returns fewer than 1 byte before the end. */
ptrdiff_t source_read(struct source *source, char *to, size_t room, struct err *err);

/* What is read next can be chosen: a plain file or memory, not unpacked. Known once the first bytes
 * were read. */
bool source_can_seek(const struct source *source);

/* Read on at `offset` from where the source began. */
bool source_seek(struct source *source, uint64_t offset);

/* Can be called again, and on a zeroed struct. */
void source_close(struct source *source);

#endif
