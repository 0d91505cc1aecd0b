/*
 * perf_process: the processes seen lately, each with the name it has in the tree.
 *
 * Their number is fixed. One that is not there is made anew in the place of another.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_PROCESS_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_PROCESS_H

#include "core/hash.h"
#include "core/heap.h"

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
