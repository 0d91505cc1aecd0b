/* SPDX-License-Identifier: MIT */
/*
 * perf_writer: recordings as perf record writes them, of any shape. All hold the same samples.
 */
#ifndef FLAMETREE_TESTS_PERF_WRITER_H
#define FLAMETREE_TESTS_PERF_WRITER_H

#include <stdlib.h>

#include "format/perf_data/perf_record.h"

enum { WRITER_ROOM = 1 << 20, WRITER_RECORDS = 200 };

/* How a recording is laid out. */
struct shape {
    uint64_t sample_type, read_format;
    bool big, pipe;
    bool trailers;   /* sample_id_all */
    bool stacks;     /* PERF_SAMPLE_STACK_USER has something */
    unsigned events; /* 1 or 2 */
    unsigned attr_size;
};

struct writer {
    struct shape shape;
    char *bytes; /* WRITER_ROOM */
    size_t n;
    size_t records[WRITER_RECORDS]; /* where they begin, and the end */
    size_t record_count;
    uint64_t time, counts[2];
};

/* ---- numbers ---- */

static inline void put_bytes(struct writer *w, const void *bytes, size_t n)
{
    if (n > WRITER_ROOM - w->n)
        abort();
    memcpy(w->bytes + w->n, bytes, n);
    w->n += n;
}

static inline void put_number(struct writer *w, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)(value >> 8 * (w->shape.big ? size - 1 - i : i));
        put_bytes(w, &byte, 1);
    }
}

static inline void put_numbers(struct writer *w, const uint64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_number(w, values[i], 8);
}

/* With NULs up to a multiple of `align`. */
static inline void put_words(struct writer *w, const char *text, size_t align)
{
    size_t n = strlen(text) + 1, padding = (align - n % align) % align;
    put_bytes(w, text, n);
    put_bytes(w,
              "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
              "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
              padding);
}

/* A text with its length before it, as features have it. */
static inline void put_string(struct writer *w, const char *text)
{
    put_number(w, (strlen(text) + 64) / 64 * 64, 4);
    put_words(w, text, 64);
}

static inline void set_number(struct writer *w, size_t at, uint64_t value, unsigned size)
{
    size_t n = w->n;
    w->n = at;
    put_number(w, value, size);
    w->n = n;
}

/* ---- records ---- */

static inline void begin_record(struct writer *w, unsigned type, unsigned misc)
{
    if (w->record_count + 1 >= WRITER_RECORDS)
        abort();
    w->records[w->record_count++] = w->n;
    put_number(w, type, 4);
    put_number(w, misc, 2);
    put_number(w, 0, 2);
}

/* The end of a record of perf. */
static inline void end_record(struct writer *w)
{
    size_t at = w->records[w->record_count - 1];
    set_number(w, at + 6, w->n - at, 2);
    w->records[w->record_count] = w->n;
}

/* The end of a record of the kernel, with its trailer. time 0: now. */
static inline void end_kernel_record(struct writer *w, unsigned event)
{
    uint64_t type = w->shape.sample_type;
    const struct {
        uint64_t bit, value;
    } fields[] = {{PERF_SAMPLE_TID, 0x700000007}, {PERF_SAMPLE_TIME, w->time},
                  {PERF_SAMPLE_ID, 101 + event},  {PERF_SAMPLE_STREAM_ID, 101 + event},
                  {PERF_SAMPLE_CPU, 3},           {PERF_SAMPLE_IDENTIFIER, 101 + event}};
    for (size_t i = 0; w->shape.trailers && i < sizeof fields / sizeof fields[0]; i++)
        if (type & fields[i].bit)
            put_number(w, fields[i].value, 8);
    end_record(w);
    w->time++;
}

static inline void put_comm(struct writer *w, uint32_t pid, uint32_t tid, const char *name,
                            unsigned misc)
{
    begin_record(w, PERF_RECORD_COMM, misc);
    put_number(w, pid, 4);
    put_number(w, tid, 4);
    put_words(w, name, 8);
    end_kernel_record(w, 0);
}

/* EXIT has the same fields. */
static inline void put_fork(struct writer *w, unsigned type, uint32_t pid, uint32_t parent,
                            uint32_t tid, uint32_t parent_tid)
{
    begin_record(w, type, 0);
    put_number(w, pid, 4);
    put_number(w, parent, 4);
    put_number(w, tid, 4);
    put_number(w, parent_tid, 4);
    put_number(w, w->time, 8);
    end_kernel_record(w, 0);
}

static inline void put_mmap(struct writer *w, uint32_t pid, uint64_t start, uint64_t size,
                            uint64_t offset, const char *path, unsigned misc)
{
    begin_record(w, PERF_RECORD_MMAP, misc);
    put_number(w, pid, 4);
    put_number(w, pid, 4);
    put_numbers(w, (uint64_t[]){start, size, offset}, 3);
    put_words(w, path, 8);
    end_kernel_record(w, 0);
}

static inline void put_mmap2(struct writer *w, uint32_t pid, uint64_t start, uint64_t size,
                             const char *path, bool build_id)
{
    begin_record(w, PERF_RECORD_MMAP2, PERF_MISC_USER | (build_id ? PERF_MISC_MMAP_BUILD_ID : 0));
    put_number(w, pid, 4);
    put_number(w, pid, 4);
    put_numbers(w, (uint64_t[]){start, size, 0}, 3);
    if (build_id)
        put_bytes(w, "\24\0\0\0abcdefghijklmnopqrst", 24);
    else
        put_numbers(w, (uint64_t[]){0x800000001, 77, 0}, 3);
    put_number(w, 5, 4); /* readable, executable */
    put_number(w, 2, 4); /* private */
    put_words(w, path, 8);
    end_kernel_record(w, 0);
}

static inline void put_counts(struct writer *w, unsigned event, uint64_t period)
{
    uint64_t format = w->shape.read_format;
    unsigned members = (format & 8) ? w->shape.events : 1;
    w->counts[event] += period;
    if (format & 8)
        put_number(w, members, 8);
    else
        put_number(w, w->counts[event], 8);
    put_numbers(w, (uint64_t[]){5, 6}, (format & 1) + (format >> 1 & 1));
    for (unsigned i = 0; i < members; i++) {
        if (format & 8)
            put_number(w, w->counts[i], 8);
        if (format & 4)
            put_number(w, 101 + ((format & 8) ? i : event), 8);
        if (format & 16)
            put_number(w, 0, 8);
    }
}

/* ip, and a chain of `n` entries. */
static inline void put_sample(struct writer *w, unsigned event, uint32_t pid, uint32_t tid,
                              uint64_t period, const uint64_t *chain, size_t n)
{
    uint64_t type = w->shape.sample_type;
    begin_record(w, PERF_RECORD_SAMPLE, PERF_MISC_USER);
#define FIELD(bit, ...) \
    if (type & (bit))   \
    put_numbers(w, (uint64_t[]){__VA_ARGS__}, sizeof(uint64_t[]){__VA_ARGS__} / sizeof(uint64_t))
    FIELD(PERF_SAMPLE_IDENTIFIER, 101 + event);
    FIELD(PERF_SAMPLE_IP, chain[n - 1]);
    if (type & PERF_SAMPLE_TID) {
        put_number(w, pid, 4);
        put_number(w, tid, 4);
    }
    FIELD(PERF_SAMPLE_TIME, w->time);
    FIELD(PERF_SAMPLE_ADDR, 0x1234);
    FIELD(PERF_SAMPLE_ID, 101 + event);
    FIELD(PERF_SAMPLE_STREAM_ID, 101 + event);
    if (type & PERF_SAMPLE_CPU) {
        put_number(w, 3, 4);
        put_number(w, 0, 4);
    }
    FIELD(PERF_SAMPLE_PERIOD, period);
    if (type & PERF_SAMPLE_READ)
        put_counts(w, event, period);
    if (type & PERF_SAMPLE_CALLCHAIN) {
        put_number(w, n, 8);
        put_numbers(w, chain, n);
    }
    if (type & PERF_SAMPLE_RAW) {
        put_number(w, 12, 4);
        put_bytes(w, "raw raw raw ", 12);
    }
    FIELD(PERF_SAMPLE_BRANCH_STACK, 2, 1, 2, 3, 4, 5, 6);
    FIELD(PERF_SAMPLE_REGS_USER, 2, 0x1100, 0x7000);
    if (type & PERF_SAMPLE_STACK_USER) { /* size, bytes, size that is used; or no bytes */
        static const uint64_t stack[] = {8, 0x1100, 8}, none[] = {0};
        put_numbers(w, w->shape.stacks ? stack : none, w->shape.stacks ? 3 : 1);
    }
    FIELD(PERF_SAMPLE_WEIGHT | PERF_SAMPLE_WEIGHT_STRUCT, 9);
    FIELD(PERF_SAMPLE_DATA_SRC, 10);
    FIELD(PERF_SAMPLE_TRANSACTION, 11);
    FIELD(PERF_SAMPLE_REGS_INTR, 1, 0x1100);
    FIELD(PERF_SAMPLE_PHYS_ADDR, 12);
    FIELD(PERF_SAMPLE_CGROUP, 55);
#undef FIELD
    end_record(w);
    w->time++;
}

/* A record whose content says nothing about stacks. */
static inline void put_other(struct writer *w, unsigned type, unsigned misc,
                             const uint64_t *content, size_t n)
{
    begin_record(w, type, misc);
    put_numbers(w, content, n);
    if (type < PERF_RECORD_USER_TYPE)
        end_kernel_record(w, 0);
    else
        end_record(w);
}

/* ---- header ---- */

static inline void put_attr(struct writer *w, unsigned event)
{
    size_t at = w->n;
    const struct shape *s = &w->shape;
    uint64_t flags = (uint64_t)s->trailers << 18 | 1u << 10 | 1u << 5 | 1u << 6;
    put_number(w, event, 4); /* hardware, software */
    put_number(w, s->attr_size, 4);
    put_numbers(w, (uint64_t[]){0, 4000, s->sample_type, s->read_format}, 4);
    for (unsigned i = 0; i < 8; i++) { /* bit fields: in the order of the machine */
        unsigned byte = flags >> 8 * i & 255, turned = 0;
        for (unsigned bit = 0; bit < 8; bit++)
            turned |= (byte >> bit & 1) << (7 - bit);
        unsigned char out = (unsigned char)(s->big ? turned : byte);
        put_bytes(w, &out, 1);
    }
    put_numbers(w, (uint64_t[]){0, 0, 0, 0, 0x110, 0, 1, 0, 0, 0, 0}, 11);
    w->n = at + s->attr_size; /* cut, or with bytes of a later version */
}

static inline void put_feature(struct writer *w, unsigned feature)
{
    static const char *const texts[] = {[3] = "db7", [4] = "6.1.0", [6] = "x86_64", [8] = "Intel"};
    switch (feature) {
    case 2:
        put_number(w, PERF_RECORD_BUILD_ID, 4);
        put_number(w, PERF_MISC_USER, 2);
        put_number(w, 8 + 4 + 24 + 16, 2);
        put_number(w, UINT32_MAX, 4);
        put_bytes(w, "abcdefghijklmnopqrst\0\0\0\0", 24);
        put_words(w, "/bin/app", 16);
        break;
    case 7:
        put_number(w, 8, 4);
        put_number(w, 4, 4);
        break;
    case 11:
        put_number(w, 2, 4);
        put_string(w, "perf");
        put_string(w, "record");
        break;
    case 12:
        put_number(w, w->shape.events, 4);
        put_number(w, w->shape.attr_size, 4);
        for (unsigned i = 0; i < w->shape.events; i++) {
            put_attr(w, i);
            put_number(w, 1, 4);
            put_string(w, i == 0 ? "cycles:u" : "faults");
            put_number(w, 101 + i, 8);
        }
        break;
    case 21: put_numbers(w, (uint64_t[]){1000000, 5500000}, 2); break;
    default: put_string(w, texts[feature]); break;
    }
}

static const unsigned writer_features[] = {2, 3, 4, 6, 7, 8, 11, 12, 21};

enum { WRITER_FEATURES = sizeof writer_features / sizeof writer_features[0] };

static inline void start_file(struct writer *w)
{
    const struct shape *s = &w->shape;
    uint64_t step = s->attr_size + 16, ids = 104, attrs = ids + 16, bits = 0;
    for (size_t i = 0; i < WRITER_FEATURES; i++)
        bits |= UINT64_C(1) << writer_features[i];
    put_bytes(w, s->big ? "2ELIFREP" : "PERFILE2", 8);
    put_numbers(w, (uint64_t[]){104, step, attrs, step * s->events, attrs + step * s->events}, 5);
    put_numbers(w, (uint64_t[]){0, 0, 0, bits, 0, 0, 0}, 7); /* the size comes at the end */
    put_numbers(w, (uint64_t[]){101, 102}, 2);
    for (unsigned i = 0; i < s->events; i++) {
        put_attr(w, i);
        put_numbers(w, (uint64_t[]){ids + 8 * i, 8}, 2);
    }
}

static inline void start_pipe(struct writer *w)
{
    put_bytes(w, w->shape.big ? "2ELIFREP" : "PERFILE2", 8);
    put_number(w, 16, 8);
    for (unsigned i = 0; i < w->shape.events; i++) {
        begin_record(w, PERF_RECORD_HEADER_ATTR, 0);
        put_attr(w, i);
        put_number(w, 101 + i, 8);
        end_record(w);
    }
    for (unsigned i = 0; i < w->shape.events; i++) {
        begin_record(w, PERF_RECORD_EVENT_UPDATE, 0);
        put_numbers(w, (uint64_t[]){2, 101 + i}, 2);
        put_words(w, i == 0 ? "cycles:u" : "faults", 8);
        end_record(w);
    }
    for (size_t i = 0; i < WRITER_FEATURES; i++) {
        begin_record(w, PERF_RECORD_HEADER_FEATURE, 0);
        put_number(w, writer_features[i], 8);
        put_feature(w, writer_features[i]);
        end_record(w);
    }
    begin_record(w, PERF_RECORD_TRACING_DATA, 0);
    put_number(w, 13, 4);
    put_number(w, 0, 4);
    end_record(w);
    put_bytes(w, "PERFILE2 text\0\0\0", 16); /* follows the record, and is not in it */
}

static inline void start_recording(struct writer *w)
{
    w->n = w->record_count = 0;
    w->time = 1000;
    w->counts[0] = w->counts[1] = 0;
    if (w->shape.pipe)
        start_pipe(w);
    else
        start_file(w);
}

static inline void end_recording(struct writer *w)
{
    enum { DATA_AT = 40, DATA_SIZE = 48 };
    if (w->shape.pipe)
        return;
    uint64_t data;
    memcpy(&data, w->bytes + DATA_AT, 8);
    if (w->shape.big != PERF_HOST_IS_BIG)
        data = __builtin_bswap64(data);
    set_number(w, DATA_SIZE, w->n - data, 8);
    size_t table = w->n;
    for (size_t i = 0; i < WRITER_FEATURES; i++)
        put_numbers(w, (uint64_t[]){0, 0}, 2);
    for (size_t i = 0; i < WRITER_FEATURES; i++) {
        size_t at = w->n;
        put_feature(w, writer_features[i]);
        set_number(w, table + 16 * i, at, 8);
        set_number(w, table + 16 * i + 8, w->n - at, 8);
    }
}

#endif
