/*
 * perf_process: the processes seen lately, each with the name it has in the tree.
 *
 * Their number is fixed. One that is not there is made anew in the place of another.
 */
#ifndef FLAMETREE_READ_PERF_PROCESS_H
#define FLAMETREE_READ_PERF_PROCESS_H

#include "core/hash.h"
#include "core/heap.h"

enum { PERF_PROCESSES = 64, PERF_PROCESS_TEXT = 64 };

struct perf_process {
    char text[PERF_PROCESS_TEXT]; /* the words of the header that tell the process */
    size_t text_n;
    bool fresh;    /* the fields below are to be filled */
    bool java;     /* its name starts with "java" */
    uint32_t name; /* in the tree; INTERN_NONE: none */
};

/* The process that `text` tells. `all` has PERF_PROCESSES elements, zeroed at first. */
static inline struct perf_process *perf_process_find(struct perf_process *all, str text,
                                                     uint64_t seed)
{
    struct perf_process *process = &all[hash_bytes(text, seed) % PERF_PROCESSES];
    process->fresh = process->text_n != text.n || text.n == 0 || text.n > PERF_PROCESS_TEXT ||
                     memcmp(process->text, text.p, text.n) != 0;
    if (!process->fresh)
        return process;
    process->text_n = text.n;
    if (text.n > 0)
        memcpy(process->text, text.p, text.n < PERF_PROCESS_TEXT ? text.n : PERF_PROCESS_TEXT);
    return process;
}

#endif
