/* SPDX-License-Identifier: MIT */
/*
 * perf_select: the choice of samples by event, time, process, name and processor.
 *
 * Weights of different events are not added up: the first event of the input counts, or those that
 * --event-filter names.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SELECT_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SELECT_H

#include "format/perf_script/perf_header.h"
#include "profile/builder.h"

struct perf_events {
    struct builder *builder; /* its profile gets the events */
    size_t last;             /* the last event; samples of one event come in runs */
    struct intern kinds;     /* of all events of the profile, if each has a column */
    VEC(unsigned) columns;   /* by kind */
};

/* Count a sample of the event `name` in this line. Whether the sample is kept; without an event
 * (n == 0) it is kept and not counted. */
bool perf_events_count(struct perf_events *events, str name, uint64_t line);

/* Set the value type of the profile: "cycles" in cycles, "cpu-clock" in "ns". Add the fact that
 * names the kept events: "cycles:u, cycles:k". periods: weights are the periods of the input;
 * otherwise they count samples. */
void perf_events_finish(struct profile *profile, bool periods);

/* The name of an event without the way it was recorded: "cycles" for "cycles:ppp",
 * "cpu_core/cycles/" and "cycles/freq=99/u". Weights of two recordings can be compared if their
 * kinds are equal. */
str perf_event_kind(str name);

struct perf_select {
    bool any;          /* a filter is set */
    uint64_t from, to; /* nanoseconds; both are kept */
    bool has_time;
    str pids, comms, cpus; /* lists with commas; n == 0: all */
};

/* False with *err set if the options are wrong. */
bool perf_select_open(struct perf_select *select, const struct read_options *options,
                      struct err *err);

/* Whether a sample is kept. Other samples are counted. */
bool perf_select_keeps(const struct perf_select *select, const struct perf_header *header,
                       struct profile *profile);

#endif
