/*
 * perf_cache: what the text of a line came to the last time. A recording repeats its lines: of
 * 864,000 resolved frames of a build of 132 MB, 77,000 differ once the address is left out, and
 * 9,600 without the offset in the function.
 *
 * It forgets everything when it is full, so that its size does not depend on the input.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_CACHE_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_CACHE_H

#include "core/hash.h"
#include "core/heap.h"
#include "core/simd16.h"

enum { PERF_CACHE_MISS = 0x7fffffff };

struct perf_cache_slot {
    uint32_t hash;
    uint32_t value;   /* PERF_CACHE_MISS: free */
    uint32_t at;      /* the text, both pieces, in bytes[] */
    uint16_t total;   /* its length */
    uint16_t first_n; /* of the first piece, times two, plus `java` */
};

struct perf_cache {
    struct perf_cache_slot *slots;
    char *bytes;
    size_t count, used;
    uint64_t seed;
};

/* What is looked for: two pieces of a line, and whether it is of a Java process, where the same
 * line means something else. */
struct perf_cache_key {
    str first, second;
    bool java;
    uint64_t hash;
};

/* Frames of one function differ in their second piece, the module, seldom: a few bytes do. */
static inline struct perf_cache_key perf_cache_key(const struct perf_cache *cache, str first,
                                                   str second, bool java)
{
    uint64_t seed = cache->seed + second.n * 2 + java;
    if (second.n >= 8)
        seed += hash_load64(second.p + second.n - 8) * HASH_K1;
    return (struct perf_cache_key){first, second, java, hash_bytes(first, seed)};
}

/*
 * perf_lines: whole lines of frames met lately, each with what it came to: one place for each hash
 * of an address, the line met last keeps it. Nothing of such a line is looked at again, not even
 * where it ends. Of the frames of a build of 132 MB that are no repetition of the frame before,
 * 74 % are found here (of 4,096 places; 66 % of 1,024, 81 % of 16,384).
 */
enum { PERF_LINES = 4096, PERF_LINE_ROOM = 120, PERF_LINE_SHORTEST = 18 };

struct perf_met {
    uint32_t value;
    uint16_t n;                /* 0: free */
    bool java;                 /* the line is of a Java process */
    char text[PERF_LINE_ROOM]; /* with its line end */
};

struct perf_lines {
    struct perf_met *at; /* PERF_LINES of them */
    uint64_t seed;
};

static inline void perf_lines_init(struct perf_lines *lines, struct heap *heap, uint64_t seed)
{
    lines->at = heap_zero(heap, PERF_LINES, sizeof *lines->at);
    lines->seed = seed;
}

/* By the last eight digits of an address that stands where perf puts it. */
static inline struct perf_met *perf_lines_place(const struct perf_lines *lines, const char *line)
{
    return &lines->at[hash_mix(hash_load64(line + 9) ^ lines->seed, HASH_K1) % PERF_LINES];
}

/* The line at the start of `rest`, which has PERF_LINE_SHORTEST bytes or more; NULL when it is not
 * known. */
static inline const struct perf_met *perf_lines_find(const struct perf_lines *lines, str rest,
                                                     bool java)
{
    const struct perf_met *line = perf_lines_place(lines, rest.p);
    bool found = line->n > 0 && line->n <= rest.n && line->java == java &&
                 simd16_equal(line->text, rest.p, line->n);
    return found ? line : NULL;
}

/* Remember `text`, a line without its end. */
static inline void perf_lines_add(struct perf_lines *lines, str text, bool java, uint32_t value)
{
    if (text.n < PERF_LINE_SHORTEST || text.n >= PERF_LINE_ROOM)
        return;
    struct perf_met *line = perf_lines_place(lines, text.p);
    line->value = value;
    line->n = (uint16_t)(text.n + 1);
    line->java = java;
    memcpy(line->text, text.p, text.n);
    line->text[text.n] = '\n';
}

/*
 * perf_process: the processes seen lately, each with the name it has in the tree.
 *
 * Their number is fixed. One that is not there is made anew in the place of another.
 */
enum { PERF_PROCESSES = 64, PERF_PROCESS_TEXT = 64 };

struct perf_process {
    char text[PERF_PROCESS_TEXT]; /* the words of the header that tell the process */
    size_t text_n;
    size_t comm_n, pid_n; /* how long the first of them are: "a 1/2" may be a name as well */
    bool fresh;           /* the fields below are to be filled */
    bool java;            /* its name starts with "java" */
    uint32_t frame;       /* UINT32_MAX: none */
};

/* The process that `text` tells, with a name of `comm_n` bytes and an id of `pid_n`. `all` has
 * PERF_PROCESSES elements, zeroed at first. */
static inline struct perf_process *perf_process_find(struct perf_process *all, str text,
                                                     size_t comm_n, size_t pid_n, uint64_t seed)
{
    struct perf_process *process = &all[hash_bytes(text, seed) % PERF_PROCESSES];
    process->fresh = process->text_n != text.n || text.n == 0 || text.n > PERF_PROCESS_TEXT ||
                     process->comm_n != comm_n || process->pid_n != pid_n ||
                     memcmp(process->text, text.p, text.n) != 0;
    if (!process->fresh)
        return process;
    process->text_n = text.n;
    process->comm_n = comm_n;
    process->pid_n = pid_n;
    if (text.n > 0)
        memcpy(process->text, text.p, text.n < PERF_PROCESS_TEXT ? text.n : PERF_PROCESS_TEXT);
    return process;
}

#endif
