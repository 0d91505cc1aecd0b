/* SPDX-License-Identifier: MIT */
/*
 * perf_select: names of events, and lists with commas. Lists are short, so they are searched anew
 * for each sample.
 *
 *      cycles:ppp          name and modifiers
 *      cpu_core/cycles/P   PMU, name and modifiers
 *      cpu-clock/freq=497/ name and how it was recorded
 *      sched:sched_switch  a tracepoint: the colon is part of the name
 */
#include "format/perf_script/perf_select.h"

enum { EVENTS_NAMED = 16 };

static bool is_modifiers(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\0' || !strchr("ukhGHpPSDIWebR", s.p[i]))
            return false;
    return s.n > 0;
}

static str cut_modifiers(str name)
{
    size_t colon = str_find_last(name, ':');
    if (colon < name.n && is_modifiers(str_skip(name, colon + 1)))
        return str_head(name, colon);
    size_t slash = str_find_last(name, '/');
    if (slash + 1 < name.n && is_modifiers(str_skip(name, slash + 1)))
        return str_head(name, slash + 1);
    return name;
}

/* "cpu_core/cycles,period=5/" into "cpu_core" and "cycles"; false without slashes. */
static bool split_pmu(str name, str *pmu, str *inner)
{
    size_t open = str_find(name, '/', 0);
    if (open + 1 >= name.n || name.p[name.n - 1] != '/')
        return false;
    *pmu = str_head(name, open);
    *inner = str_cut(name, open + 1, name.n - 1);
    *inner = str_head(*inner, str_find(*inner, ',', 0));
    return true;
}

/* The part of a name that decides whether two events are one: "cycles:ppp" and "cycles" are, and so
 * are "cpu_core/cycles/" and "cpu_atom/cycles/". */
static str event_identity(str name)
{
    str pmu, inner, base = cut_modifiers(name);
    bool hybrid = split_pmu(base, &pmu, &inner) &&
                  (str_equal(pmu, STR("cpu_core")) || str_equal(pmu, STR("cpu_atom")));
    return hybrid ? inner : base;
}

/* A raw encoding, as in "cpu/event=0x3c,umask=0/", is the name of the event. How it was recorded,
 * as in "cpu-clock/freq=497/", is not part of it. */
str perf_event_kind(str name)
{
    str pmu, inner, base = cut_modifiers(name);
    if (!split_pmu(base, &pmu, &inner))
        return base;
    if (str_starts_any(inner, "freq=|period=|call-graph="))
        return pmu;
    bool is_cpu = str_equal(pmu, STR("cpu")) || str_equal(pmu, STR("cpu_core")) ||
                  str_equal(pmu, STR("cpu_atom"));
    return is_cpu && str_find(inner, '=', 0) == inner.n ? inner : base;
}

/* Whether `filter` names the event. Without modifier and PMU it names all of its kind: "cycles" is
 * "cycles:u" and "cpu_core/cycles/P". With one of them it is exact. */
static bool event_matches(str name, str filter)
{
    str pmu, inner, base = cut_modifiers(name);
    if (str_equal(name, filter))
        return true;
    if (cut_modifiers(filter).n < filter.n || str_find(filter, '/', 0) < filter.n)
        return false;
    if (!split_pmu(base, &pmu, &inner))
        return str_equal(base, filter);
    return str_equal(inner, filter) ||
           (str_equal(pmu, filter) && str_find(inner, '=', 0) < inner.n);
}

static bool is_kept_event(const struct perf_events *events, str name)
{
    const struct profile *profile = events->builder->profile;
    str filter = events->builder->options->event_filter;
    if (filter.n > 0)
        return event_matches(name, filter);
    return profile->events.n == 0 ||
           str_equal(event_identity(name), event_identity(profile->events.at[0].name));
}

/* The place of an event among the kinds; at their end, if it is new. */
static uint32_t find_event_kind(struct perf_events *events, str name)
{
    return intern_add(&events->kinds, event_identity(name));
}

/* An event under another name has the column of the first one. */
static unsigned find_perf_column(struct perf_events *events, str name)
{
    struct heap *heap = events->builder->scratch;
    struct profile *profile = events->builder->profile;
    if (events->columns.n == 0) {
        intern_init(&events->kinds, heap, profile->tree.seed);
        for (size_t i = 0; i < profile->events.n; i++)
            if (find_event_kind(events, profile->events.at[i].name) == events->columns.n)
                vec_push(heap, &events->columns, profile->events.at[i].column);
    }
    uint32_t kind = find_event_kind(events, name);
    if (kind == events->columns.n) {
        struct value_type type = {.name = perf_event_kind(name)};
        vec_push(heap, &events->columns, profile_column(profile, &type));
    }
    return events->columns.at[kind];
}

static void add_perf_event(struct perf_events *events, str name, uint64_t line)
{
    struct profile_event event = {.name = name, .line = line};
    if (events->builder->options->all_events) {
        event.column = find_perf_column(events, name);
        event.kept = event.column != TREE_NONE;
    } else {
        event.kept = is_kept_event(events, name);
    }
    profile_add_event(events->builder->profile, event);
}

bool perf_events_count(struct perf_events *events, str name, uint64_t line)
{
    struct profile *profile = events->builder->profile;
    size_t i = events->last, n = profile->events.n;
    if (name.n == 0)
        return true;
    if (i >= n || !str_equal(profile->events.at[i].name, name))
        i = profile_find_event(profile, name);
    if (i == n)
        add_perf_event(events, name, line);
    events->last = i;
    profile->events.at[i].samples++;
    if (profile->events.at[i].kept)
        events->builder->column = profile->events.at[i].column;
    return profile->events.at[i].kept;
}

void perf_events_finish(struct profile *profile, bool periods)
{
    struct strbuf names = {.heap = profile->heap};
    size_t kept = 0;
    for (size_t i = 0; i < profile->events.n; i++) {
        str name = profile->events.at[i].name, kind = perf_event_kind(name);
        if (!profile->events.at[i].kept || ++kept > EVENTS_NAMED)
            continue;
        strbuf_add_item(&names, name);
        /* the period of a clock is in nanoseconds, that of another event is a number of events */
        bool clock = str_equal(kind, STR("cpu-clock")) || str_equal(kind, STR("task-clock"));
        str unit = !periods ? STR("samples") : clock ? STR("ns") : kind;
        profile_set_value_type(profile, &(struct value_type){.name = kind, .unit = unit});
        if (profile->values.n > 0)
            profile->values.at[profile->events.at[i].column].type.unit = arena_copy(&profile->arena,
                                                                                    unit);
    }
    if (kept > EVENTS_NAMED) {
        strbuf_add(&names, STR(" and "));
        strbuf_add_u64(&names, kept - EVENTS_NAMED);
        strbuf_add(&names, STR(" more"));
    }
    if (kept > 0)
        profile_add_fact(profile, STR("event"), strbuf_str(&names));
    strbuf_end(&names);
}

/* ---- samples by time, process, name and processor ---- */

/* "12.000345" in nanoseconds. */
static bool parse_time(str text, uint64_t *time)
{
    enum { DIGITS = 9 };
    const uint64_t second = 1000000000;
    size_t dot = str_find(text, '.', 0);
    str fraction = dot < text.n ? str_skip(text, dot + 1) : STR("");
    uint64_t seconds, rest = 0;
    if (!num_parse_u64(str_head(text, dot), &seconds) || seconds > UINT64_MAX / second - 1 ||
        (fraction.n > 0 && !is_digits(fraction)))
        return false;
    for (size_t i = 0; i < DIGITS; i++)
        rest = rest * 10 + (i < fraction.n ? (uint64_t)(fraction.p[i] - '0') : 0);
    *time = seconds * second + rest;
    return true;
}

static bool set_times(struct perf_select *select, str text, struct err *err)
{
    size_t comma = str_find(text, ',', 0);
    str from = str_trim(str_head(text, comma));
    str to = comma < text.n ? str_trim(str_skip(text, comma + 1)) : STR("");
    select->to = UINT64_MAX;
    select->has_time = true;
    bool good = comma < text.n && (from.n == 0 || parse_time(from, &select->from)) &&
                (to.n == 0 || parse_time(to, &select->to)) && select->from <= select->to;
    return good || err_set(err, ERR_USAGE,
                           "--time wants two times of the recording in seconds, as in 12.5,13 or "
                           "12.5, or ,13, not '%.*s'",
                           STR_SHOWN(text, 80));
}

/* "3", "0-3" */
static bool parse_range(str part, uint64_t *first, uint64_t *last)
{
    size_t dash = str_find(part, '-', 0);
    if (!num_parse_u64(str_head(part, dash), first))
        return false;
    *last = *first;
    return dash == part.n || (num_parse_u64(str_skip(part, dash + 1), last) && *first <= *last);
}

static bool check_number_list(str list, const char *option, const char *example, struct err *err)
{
    uint64_t first, last;
    str part;
    for (size_t at = 0; str_next_item(list, &at, &part);)
        if (!parse_range(part, &first, &last))
            return err_set(err, ERR_USAGE, "%s wants numbers, as in %s, not '%.*s'", option,
                           example, STR_SHOWN(list, 80));
    return true;
}

bool perf_select_open(struct perf_select *select, const struct read_options *options,
                      struct err *err)
{
    *select = (struct perf_select){
        .pids = options->only_pid,
        .comms = options->only_comm,
        .cpus = options->only_cpu,
    };
    select->any = options->time.n + select->pids.n + select->comms.n + select->cpus.n > 0;
    return (options->time.n == 0 || set_times(select, options->time, err)) &&
           check_number_list(select->pids, "--only-pid", "7708,7714", err) &&
           check_number_list(select->cpus, "--only-cpu", "0,2-3", err);
}

static bool list_has_number(str list, str number)
{
    uint64_t first, last, value;
    str part;
    if (!num_parse_u64(number, &value))
        return false;
    for (size_t at = 0; str_next_item(list, &at, &part);)
        if (parse_range(part, &first, &last) && value >= first && value <= last)
            return true;
    return false;
}

/* The user can write a name as perf prints it, or as in stacks, with _ for blanks. */
static bool list_has_name(str list, str name)
{
    str part;
    for (size_t at = 0; str_next_item(list, &at, &part);) {
        size_t i = 0;
        while (i < part.n && i < name.n &&
               (part.p[i] == name.p[i] || (part.p[i] == '_' && is_blank(name.p[i]))))
            i++;
        if (i == part.n && i == name.n)
            return true;
    }
    return false;
}

static bool is_in_time(const struct perf_select *select, str text)
{
    uint64_t time;
    return !select->has_time ||
           (parse_time(text, &time) && time >= select->from && time <= select->to);
}

bool perf_select_keeps(const struct perf_select *select, const struct perf_header *header,
                       struct profile *profile)
{
    str process = header->pid.n > 0 ? header->pid : header->tid;
    enum profile_omit omit;
    if (!select->any)
        return true;
    if (!is_in_time(select, header->time))
        omit = PROFILE_OMIT_TIME;
    else if (select->pids.n > 0 && !list_has_number(select->pids, process))
        omit = PROFILE_OMIT_PID;
    else if (select->comms.n > 0 && !list_has_name(select->comms, header->comm))
        omit = PROFILE_OMIT_COMM;
    else if (select->cpus.n > 0 && !list_has_number(select->cpus, header->cpu))
        omit = PROFILE_OMIT_CPU;
    else
        return true;
    profile->omitted[omit]++;
    return false;
}
