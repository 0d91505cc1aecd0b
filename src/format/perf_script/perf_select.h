/*
 * perf_select: which samples are read, by time, process, name and processor.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SELECT_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SELECT_H

#include "format/perf_script/perf_header.h"
#include "profile/builder.h"

struct perf_select {
    bool any;          /* something is asked for */
    uint64_t from, to; /* nanoseconds; both are kept */
    bool has_time;
    str pids, comms, cpus; /* lists with commas; n == 0: all */
};

/* False with *err set when the options cannot be understood. */
bool perf_select_open(struct perf_select *select, const struct read_options *options,
                      struct err *err);

/* Whether a sample is kept; one that is left out is counted. header NULL: nothing is known. */
bool perf_select_keeps(const struct perf_select *select, const struct perf_header *header,
                       struct profile *profile);

#endif
