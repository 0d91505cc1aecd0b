/*
 * perf_select: which samples are read: by event, time, process, name and processor.
 *
 * Weights of different events are not added up: the first event of the input counts, or those that
 * --event-filter names.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SELECT_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SELECT_H

#include "format/perf_script/perf_header.h"
#include "profile/builder.h"

struct perf_events {
    struct profile *profile; /* its `events` are filled */
    struct builder *builder; /* with options->all_values, all events are kept */
    str filter;              /* n == 0: none */
    size_t last;             /* the event seen last; samples of one event come in runs */
};

/* Count a sample of the event `name`, which stands in `line`; whether it is to be kept. A sample
 * that tells no event (n == 0) is kept and counted nowhere. */
bool perf_events_count(struct perf_events *events, str name, uint64_t line);

/* Add the fact that names the events that were kept: "cycles:u, cycles:k". */
void perf_events_add_fact(struct profile *profile);

/* What weights are: "cycles" in cycles, "cpu-clock" in "ns". periods: weights are the periods that
 * the input has; else they count samples. */
void perf_events_set_value_type(struct perf_events *events, bool periods);

/* One event under two names: "cycles:ppp" and "cycles", "cpu_core/cycles/" and
 * "cpu_atom/cycles/". */
bool perf_event_same(str a, str b);

/* What an event counts, without how it was recorded: "cycles" for "cycles:ppp", "cpu_core/cycles/"
 * and "cycles/freq=99/u". Weights of two recordings can be compared when their kinds are equal. */
str perf_event_kind(str name);

/* The filter names the event. Without modifier and PMU it names all of that kind: "cycles" is
 * "cycles:u" and "cpu_core/cycles/P"; with one it is exact. */
bool perf_event_matches(str name, str filter);

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
