/* SPDX-License-Identifier: MIT */
/*
 * perf_record: the bytes of a recording: numbers, records, the attributes of events, samples. The
 * layout is that of linux/perf_event.h and of perf's own perf.data-file-format.txt.
 */
#ifndef FLAMETREE_FORMAT_PERF_DATA_PERF_RECORD_H
#define FLAMETREE_FORMAT_PERF_DATA_PERF_RECORD_H

#include "core/hash.h"
#include "core/heap.h"

/* ---- numbers --------------------------------------------------------------------------------- */

/* The rest of a record or a section. */
struct perf_bytes {
    const char *at, *end;
    bool big; /* the most significant byte is first */
    bool cut; /* something was taken past the end; the numbers taken are 0 */
};

#define PERF_HOST_IS_BIG (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static inline uint64_t perf_load64(const char *p, bool big)
{
    uint64_t value;
    memcpy(&value, p, sizeof value);
    return big == PERF_HOST_IS_BIG ? value : __builtin_bswap64(value);
}

static inline uint32_t perf_load32(const char *p, bool big)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return big == PERF_HOST_IS_BIG ? value : __builtin_bswap32(value);
}

static inline uint16_t perf_load16(const char *p, bool big)
{
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return big == PERF_HOST_IS_BIG ? value : __builtin_bswap16(value);
}

static inline size_t perf_bytes_left(const struct perf_bytes *bytes)
{
    return (size_t)(bytes->end - bytes->at);
}

/* Pass over `n` bytes and return where they are; NULL if there are not as many. */
static inline const char *perf_take(struct perf_bytes *bytes, uint64_t n)
{
    const char *at = bytes->at;
    if (n > perf_bytes_left(bytes)) {
        bytes->cut = true;
        bytes->at = bytes->end;
        return NULL;
    }
    bytes->at += n;
    return at;
}

static inline uint64_t perf_take64(struct perf_bytes *bytes)
{
    const char *p = perf_take(bytes, 8);
    return p ? perf_load64(p, bytes->big) : 0;
}

static inline uint32_t perf_take32(struct perf_bytes *bytes)
{
    const char *p = perf_take(bytes, 4);
    return p ? perf_load32(p, bytes->big) : 0;
}

/* A text that ends with a NUL or with the bytes. */
str perf_take_text(struct perf_bytes *bytes);

/*
 * perf_map: from two numbers to one.
 */
#define PERF_MAP_NONE UINT32_MAX

struct perf_map_slot {
    uint64_t a, b;
    uint32_t value; /* PERF_MAP_NONE: free */
};

struct perf_map {
    struct heap *heap;
    struct perf_map_slot *slots;
    size_t n, mask;
    uint64_t seed;
};

void perf_map_init(struct perf_map *map, struct heap *heap, uint64_t seed);

/* The value of (a, b), PERF_MAP_NONE for a new pair, which the caller then sets. Valid until the
 * next call. */
uint32_t *perf_map_at(struct perf_map *map, uint64_t a, uint64_t b);

/* The value of (a, 0), or PERF_MAP_NONE. */
uint32_t perf_map_find(const struct perf_map *map, uint64_t a);

void perf_map_end(struct perf_map *map);

/* ---- records --------------------------------------------------------------------------------- */

enum perf_record {
    PERF_RECORD_MMAP = 1,
    PERF_RECORD_LOST = 2,
    PERF_RECORD_COMM = 3,
    PERF_RECORD_EXIT = 4,
    PERF_RECORD_THROTTLE = 5,
    PERF_RECORD_FORK = 7,
    PERF_RECORD_SAMPLE = 9,
    PERF_RECORD_MMAP2 = 10,
    PERF_RECORD_LOST_SAMPLES = 13,
    PERF_RECORD_KSYMBOL = 17,
    PERF_RECORD_CGROUP = 19,
    PERF_RECORD_CALLCHAIN_DEFERRED = 22,

    /* of perf itself */
    PERF_RECORD_USER_TYPE = 64,
    PERF_RECORD_HEADER_ATTR = 64,
    PERF_RECORD_TRACING_DATA = 66,
    PERF_RECORD_BUILD_ID = 67,
    PERF_RECORD_FINISHED_ROUND = 68,
    PERF_RECORD_AUXTRACE_INFO = 70,
    PERF_RECORD_AUXTRACE = 71,
    PERF_RECORD_STAT_CONFIG = 75,
    PERF_RECORD_STAT = 76,
    PERF_RECORD_EVENT_UPDATE = 78,
    PERF_RECORD_HEADER_FEATURE = 80,
    PERF_RECORD_COMPRESSED = 81,
    PERF_RECORD_COMPRESSED2 = 83,
};

/* Bits of `misc`. */
enum {
    PERF_MISC_CPUMODE = 7,
    PERF_MISC_KERNEL = 1,
    PERF_MISC_USER = 2,
    PERF_MISC_HYPERVISOR = 3,
    PERF_MISC_GUEST_KERNEL = 4,
    PERF_MISC_GUEST_USER = 5,
    PERF_MISC_MMAP_DATA = 1 << 13,
    PERF_MISC_COMM_EXEC = 1 << 13,
    PERF_MISC_FORK_EXEC = 1 << 13,
    PERF_MISC_MMAP_BUILD_ID = 1 << 14,
    PERF_MISC_BUILD_ID_SIZE = 1 << 15,
};

/* Bits of `sample_type`. */
enum {
    PERF_SAMPLE_IP = 1 << 0,
    PERF_SAMPLE_TID = 1 << 1,
    PERF_SAMPLE_TIME = 1 << 2,
    PERF_SAMPLE_ADDR = 1 << 3,
    PERF_SAMPLE_READ = 1 << 4,
    PERF_SAMPLE_CALLCHAIN = 1 << 5,
    PERF_SAMPLE_ID = 1 << 6,
    PERF_SAMPLE_CPU = 1 << 7,
    PERF_SAMPLE_PERIOD = 1 << 8,
    PERF_SAMPLE_STREAM_ID = 1 << 9,
    PERF_SAMPLE_RAW = 1 << 10,
    PERF_SAMPLE_BRANCH_STACK = 1 << 11,
    PERF_SAMPLE_REGS_USER = 1 << 12,
    PERF_SAMPLE_STACK_USER = 1 << 13,
    PERF_SAMPLE_WEIGHT = 1 << 14,
    PERF_SAMPLE_DATA_SRC = 1 << 15,
    PERF_SAMPLE_IDENTIFIER = 1 << 16,
    PERF_SAMPLE_TRANSACTION = 1 << 17,
    PERF_SAMPLE_REGS_INTR = 1 << 18,
    PERF_SAMPLE_PHYS_ADDR = 1 << 19,
    PERF_SAMPLE_CGROUP = 1 << 21,
    PERF_SAMPLE_WEIGHT_STRUCT = 1 << 24,
};

/* Bits of `read_format`. */
enum {
    PERF_READ_ENABLED = 1,
    PERF_READ_RUNNING = 2,
    PERF_READ_ID = 4,
    PERF_READ_GROUP = 8,
    PERF_READ_LOST = 16,
};

/* How many of the fields in `bits` a record of this `type` has; each takes 8 bytes. */
static inline size_t perf_words(uint64_t type, uint64_t bits)
{
    return (size_t)__builtin_popcountll(type & bits);
}

struct perf_record_view {
    unsigned type, misc;
    struct perf_bytes body; /* after the header */
    uint64_t position;      /* in the input, for messages */
};

enum { PERF_RECORD_HEADER = 8 };

/* Of a whole record. */
static inline struct perf_record_view perf_record_view(str bytes, bool big, uint64_t position)
{
    return (struct perf_record_view){
        .type = perf_load32(bytes.p, big),
        .misc = perf_load16(bytes.p + 4, big),
        .body = {bytes.p + PERF_RECORD_HEADER, bytes.p + bytes.n, .big = big},
        .position = position,
    };
}

/* ---- events ---------------------------------------------------------------------------------- */

/* perf_event_attr, as far as it is needed. */
struct perf_attr {
    uint32_t type;
    uint64_t config, period, sample_type, read_format, flags, branch_type, user_registers,
        intr_registers;
};

/* Bits of perf_attr.flags. */
#define PERF_ATTR_INHERIT        (UINT64_C(1) << 1)
#define PERF_ATTR_EXCLUDE_USER   (UINT64_C(1) << 4)
#define PERF_ATTR_EXCLUDE_KERNEL (UINT64_C(1) << 5)
#define PERF_ATTR_EXCLUDE_HV     (UINT64_C(1) << 6)
#define PERF_ATTR_PRECISE_SHIFT  15
#define PERF_ATTR_SAMPLE_ID_ALL  (UINT64_C(1) << 18)

/* Values of perf_attr.type. */
enum { PERF_TYPE_HARDWARE = 0, PERF_TYPE_SOFTWARE = 1, PERF_TYPE_TRACEPOINT = 2 };

struct perf_event {
    struct perf_attr attr;
    str name; /* lives as long as `events` */
};

struct perf_events_table {
    struct arena arena;
    VEC(struct perf_event) events;
    struct perf_map ids; /* of (id, 0): index in `events` */
};

void perf_table_init(struct perf_events_table *table, struct heap *heap, uint64_t seed);
void perf_table_end(struct perf_events_table *table);

/* Read an attribute of `size` bytes, of which the attribute's own size may use fewer. */
struct perf_attr perf_attr_read(struct perf_bytes bytes);

/* Add an event with these ids, which are numbers of 8 bytes. */
void perf_table_add(struct perf_events_table *table, const struct perf_attr *attr,
                    struct perf_bytes ids);

/* Name the event with this index. */
void perf_table_set_name(struct perf_events_table *table, size_t event, str name);

/* The event of a sample. NULL: its id is unknown. */
const struct perf_event *perf_table_of_sample(const struct perf_events_table *table,
                                              struct perf_bytes body);
/* That of another record, which has its id in a trailer. */
const struct perf_event *perf_table_of_other(const struct perf_events_table *table,
                                             struct perf_bytes body);
const struct perf_event *perf_table_of_id(const struct perf_events_table *table, uint64_t id);

/* ---- samples --------------------------------------------------------------------------------- */

struct perf_sample {
    const struct perf_event *event;
    uint64_t ip, time, period, cgroup;
    uint32_t pid, tid, cpu;
    struct perf_bytes read;  /* of PERF_SAMPLE_READ */
    struct perf_bytes chain; /* of PERF_SAMPLE_CALLCHAIN */
    struct perf_bytes registers, stack;
    uint64_t registers_abi;
};

/* The time of a sample, of another record; 0 if it has none. */
uint64_t perf_sample_time(const struct perf_event *event, struct perf_bytes body);
uint64_t perf_trailer_time(const struct perf_event *event, struct perf_bytes body);

/* False if the record is too short for its event. */
bool perf_sample_parse(const struct perf_event *event, struct perf_bytes body,
                       struct perf_sample *sample);

#endif
