/* SPDX-License-Identifier: MIT */
/*
 * source: input from a file, a pipe, memory or a callback. It recognizes gzip (RFC 1952), zstd (RFC
 * 8878) and xz by their first bytes and unpacks them. Concatenated streams are read one after the
 * other.
 *
 * It refuses data that was made to fill memory: output of more than 256 MB that is more than 500
 * times the input, and streams that take more than 256 MB of memory to unpack (zstd: windows of
 * more than 128 MB). It also refuses data that was packed twice.
 */
#ifndef FLAMETREE_CORE_SOURCE_H
#define FLAMETREE_CORE_SOURCE_H

#include "core/os.h"
#include "core/str.h"

/* Read up to `room` bytes to `to`: their number, 0 at the end, -1 on failure (*err says why). */
typedef ptrdiff_t source_read_fn(void *context, char *to, size_t room, struct err *err);

struct unpacker;

struct source {
    const char *name; /* for messages */
    source_read_fn *read;
    void *context;
    const struct os *os; /* of a file source, else NULL */
    int fd;
    str memory, all;           /* of a memory source: the rest, the whole */
    uint64_t start;            /* offset in the file where reading began */
    struct unpacker *unpacker; /* NULL: the input is not packed */
    bool sniffed;
    char held[8]; /* first bytes, read to recognize a packed stream */
    size_t held_n, held_at;
    uint64_t size; /* of the file when it was opened */
};

/* path "-": standard input. On failure *source is closed. `path` must outlive the source. */
bool source_open_file(struct source *source, const struct os *os, const char *path,
                      struct err *err);
void source_open_memory(struct source *source, const char *name, str bytes);
void source_open_callback(struct source *source, const char *name, source_read_fn *read,
                          void *context);

/* Like source_read_fn, unpacked. Returns at least 1 byte before the end. */
ptrdiff_t source_read(struct source *source, char *to, size_t room, struct err *err);

/* True for a file or memory that is not packed. Known after the first source_read(). */
bool source_can_seek(const struct source *source);

/* Continue at `offset` from where the source began. */
bool source_seek(struct source *source, uint64_t offset);

/* May be called again, and on a zeroed struct. */
void source_close(struct source *source);

/*
 * codec: one table entry for each kind of packed input. The libraries allocate by malloc().
 */

/* Memory limit for one stream. libzstd has a limit of 128 MB itself. */
#define CODEC_MEMORY (UINT64_C(256) << 20)

enum codec_result {
    CODEC_MORE,      /* the stream continues */
    CODEC_ENDED,     /* the stream ended; restart() before the next one */
    CODEC_DAMAGED,   /* the stream is malformed */
    CODEC_NO_MEMORY, /* an allocation failed */
    CODEC_LARGE,     /* it would take more than CODEC_MEMORY */
};

struct codec {
    const char *name;
    str magic;                 /* the first bytes of a stream */
    size_t size;               /* of the zeroed state; 0: not in this build */
    bool (*open)(void *state); /* false: no memory */
    /* Unpack from the front of *in to *out and advance both. */
    enum codec_result (*step)(void *state, str *in, char **out, size_t *room);
    bool (*restart)(void *state);
    void (*close)(void *state);
};

/* Ends with an entry without a name. */
extern const struct codec codecs[];

/* RFC 1950, which has no magic. */
extern const struct codec codec_zlib;

#endif
