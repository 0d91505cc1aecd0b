/*
 * perf_select: names of events, and lists with commas. These are searched for each sample; they are
 * short.
 *
 *      cycles:ppp          name and modifiers
 *      cpu_core/cycles/P   PMU, name and modifiers
 *      cpu-clock/freq=497/ name and how it was recorded
 *      sched:sched_switch  a tracepoint: the colon is part of the name
 */
#include "format/perf_script/perf_select.h"

enum { EVENTS_TOLD = 16 };

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

static str identity(str name)
{
    str pmu, inner, base = cut_modifiers(name);
    bool hybrid = split_pmu(base, &pmu, &inner) &&
                  (str_equal(pmu, STR("cpu_core")) || str_equal(pmu, STR("cpu_atom")));
    return hybrid ? inner : base;
}

bool perf_event_same(str a, str b)
{
    return str_equal(identity(a), identity(b));
}

/* "freq=497": says how an event was recorded, not which one it is. */
static bool is_recording_term(str term)
{
    static const str starts[] = {STR_INIT("freq="), STR_INIT("period="), STR_INIT("call-graph=")};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(term, starts[i]))
            return true;
    return false;
}

/* Raw encodings, as in "cpu/event=0x3c,umask=0/", are names of their own. */
str perf_event_kind(str name)
{
    str pmu, inner, base = cut_modifiers(name);
    if (!split_pmu(base, &pmu, &inner))
        return base;
    if (is_recording_term(inner))
        return pmu;
    bool is_cpu = str_equal(pmu, STR("cpu")) || str_equal(pmu, STR("cpu_core")) ||
                  str_equal(pmu, STR("cpu_atom"));
    return is_cpu && str_find(inner, '=', 0) == inner.n ? inner : base;
}

bool perf_event_matches(str name, str filter)
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

static bool is_kept(const struct perf_events *events, str name)
{
    const struct profile *profile = events->profile;
    if (events->filter.n > 0)
        return perf_event_matches(name, events->filter);
    return profile->events.n == 0 || perf_event_same(name, profile->events.at[0].name);
}

/* An event under another name has the column of the first one. */
static unsigned find_column(struct perf_events *events, str name)
{
    const struct profile *profile = events->profile;
    for (size_t i = 0; i < profile->events.n; i++)
        if (perf_event_same(name, profile->events.at[i].name))
            return profile->events.at[i].column;
    return builder_column(events->builder, &(struct value_type){.name = perf_event_kind(name)});
}

static void add_event(struct perf_events *events, str name, uint64_t line)
{
    struct profile_event event = {.name = name, .line = line};
    if (events->builder->options->all_values) {
        event.column = find_column(events, name);
        event.kept = event.column != TREE_NONE;
    } else {
        event.kept = is_kept(events, name);
    }
    profile_add_event(events->profile, event);
}

bool perf_events_count(struct perf_events *events, str name, uint64_t line)
{
    struct profile *profile = events->profile;
    size_t i = events->last, n = profile->events.n;
    if (name.n == 0)
        return true;
    if (i >= n || !str_equal(profile->events.at[i].name, name))
        i = profile_find_event(profile, name);
    if (i == n)
        add_event(events, name, line);
    events->last = i;
    profile->events.at[i].samples++;
    events->builder->column = profile->events.at[i].column;
    return profile->events.at[i].kept;
}

void perf_events_add_fact(struct profile *profile)
{
    str names = STR("");
    size_t kept = 0;
    char digits[NUM_ROOM];
    for (size_t i = 0; i < profile->events.n; i++) {
        const struct profile_event *event = &profile->events.at[i];
        if (!event->kept || ++kept > EVENTS_TOLD)
            continue;
        if (kept > 1)
            names = arena_join(&profile->arena, names, STR(", "));
        names = arena_join(&profile->arena, names, event->name);
    }
    if (kept > EVENTS_TOLD) {
        str number = str_of(digits, num_put_u64(digits, kept - EVENTS_TOLD));
        names = arena_join(&profile->arena, names, STR(" and "));
        names = arena_join(&profile->arena, names, number);
        names = arena_join(&profile->arena, names, STR(" more"));
    }
    if (names.n > 0)
        profile_add_fact(profile, STR("event"), names);
}

/* Periods of a clock are nanoseconds, those of other events how often these happened. */
void perf_events_set_value_type(struct perf_events *events, bool periods)
{
    struct profile *profile = events->profile;
    for (size_t i = 0; i < profile->events.n; i++) {
        const struct profile_event *event = &profile->events.at[i];
        if (!event->kept)
            continue;
        str kind = perf_event_kind(event->name);
        bool clock = str_equal(kind, STR("cpu-clock")) || str_equal(kind, STR("task-clock"));
        str unit = !periods ? STR("samples") : clock ? STR("ns") : kind;
        profile_set_value_type(profile, kind, unit);
        if (profile->values.n > 0)
            profile->values.at[event->column].type.unit = unit;
    }
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
                           text.n < 80 ? (int)text.n : 80, text.p);
}

/* The next part of a list; false at its end. */
static bool next_part(str list, size_t *at, str *part)
{
    if (*at > list.n || list.n == 0)
        return false;
    size_t end = str_find(list, ',', *at);
    *part = str_trim(str_cut(list, *at, end));
    *at = end + 1;
    return true;
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

static bool check_numbers(str list, const char *option, const char *example, struct err *err)
{
    uint64_t first, last;
    str part;
    for (size_t at = 0; next_part(list, &at, &part);)
        if (!parse_range(part, &first, &last))
            return err_set(err, ERR_USAGE, "%s wants numbers, as in %s, not '%.*s'", option,
                           example, list.n < 80 ? (int)list.n : 80, list.p);
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
           check_numbers(select->pids, "--only-pid", "7708,7714", err) &&
           check_numbers(select->cpus, "--only-cpu", "0,2-3", err);
}

static bool has_number(str list, str number)
{
    uint64_t first, last, value;
    str part;
    if (!num_parse_u64(number, &value))
        return false;
    for (size_t at = 0; next_part(list, &at, &part);)
        if (parse_range(part, &first, &last) && value >= first && value <= last)
            return true;
    return false;
}

/* A name is given as perf prints it, or as stacks have it, with _ for blanks. */
static bool has_name(str list, str name)
{
    str part;
    for (size_t at = 0; next_part(list, &at, &part);) {
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
    return parse_time(text, &time) && time >= select->from && time <= select->to;
}

static enum profile_omit omits(const struct perf_select *select, const struct perf_header *header)
{
    if (select->has_time && !is_in_time(select, header->time))
        return PROFILE_OMIT_TIME;
    if (select->pids.n > 0 &&
        !has_number(select->pids, header->pid.n > 0 ? header->pid : header->tid))
        return PROFILE_OMIT_PID;
    if (select->comms.n > 0 && !has_name(select->comms, header->comm))
        return PROFILE_OMIT_COMM;
    if (select->cpus.n > 0 && !has_number(select->cpus, header->cpu))
        return PROFILE_OMIT_CPU;
    return PROFILE_OMIT_COUNT;
}

bool perf_select_keeps(const struct perf_select *select, const struct perf_header *header,
                       struct profile *profile)
{
    static const struct perf_header nothing;
    if (!select->any)
        return true;
    enum profile_omit omit = omits(select, header ? header : &nothing);
    if (omit != PROFILE_OMIT_COUNT)
        profile->omitted[omit]++;
    return omit == PROFILE_OMIT_COUNT;
}
