/*
 * perf_event: names of events.
 *
 *      cycles:ppp          name and modifiers
 *      cpu_core/cycles/P   PMU, name and modifiers
 *      cpu-clock/freq=497/ name and how it was recorded
 *      sched:sched_switch  a tracepoint: the colon is part of the name
 */
#include "format/perf_script/perf_event.h"

#include "core/num.h"

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

bool perf_events_count(struct perf_events *events, str name, uint64_t line)
{
    struct profile *profile = events->profile;
    size_t i = events->last, n = profile->events.n;
    if (name.n == 0)
        return true;
    if (i >= n || !str_equal(profile->events.at[i].name, name))
        i = profile_find_event(profile, name);
    if (i == n)
        profile_add_event(profile, (struct profile_event){
                                       .name = name, .line = line, .kept = is_kept(events, name)});
    events->last = i;
    profile->events.at[i].samples++;
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
void perf_events_set_value_type(struct profile *profile, bool periods)
{
    for (size_t i = 0; i < profile->events.n; i++) {
        const struct profile_event *event = &profile->events.at[i];
        if (!event->kept)
            continue;
        str kind = perf_event_kind(event->name);
        bool clock = str_equal(kind, STR("cpu-clock")) || str_equal(kind, STR("task-clock"));
        profile_set_value_type(profile, kind, !periods ? STR("samples") : clock ? STR("ns") : kind);
        return;
    }
}
