/* SPDX-License-Identifier: MIT */
/*
 * jfr_choice: the choice of events of a recording, and their values.
 */
#include "format/jfr/jfr.h"

/* Groups of events, by async-profiler's names, in the order of preference. */
static const struct jfr_group {
    str alias;
    str events[2];
    enum jfr_name values[2];
    bool is_level; /* see struct value_type */
} groups[] = {
    {STR_INIT("cpu"), {STR_INIT("jdk.ExecutionSample")}, .values = {JFR_NAMES}},
    {STR_INIT("cpu"), {STR_INIT("jdk.CPUTimeSample")}, .values = {JFR_SAMPLING_PERIOD}},
    {STR_INIT("wall"), {STR_INIT("profiler.WallClockSample")}, .values = {JFR_NAMES}},
    {STR_INIT("alloc"), {STR_INIT("jdk.ObjectAllocationSample")}, .values = {JFR_WEIGHT}},
    {STR_INIT("alloc"),
     {STR_INIT("jdk.ObjectAllocationInNewTLAB"), STR_INIT("jdk.ObjectAllocationOutsideTLAB")},
     .values = {JFR_TLAB_SIZE, JFR_ALLOCATION_SIZE}},
    {STR_INIT("live"),
     {STR_INIT("profiler.LiveObject")},
     .values = {JFR_ALLOCATION_SIZE},
     .is_level = true},
    {STR_INIT("nativemem"), {STR_INIT("profiler.Malloc")}, .values = {JFR_SIZE}},
    {STR_INIT("lock"),
     {STR_INIT("jdk.JavaMonitorEnter"), STR_INIT("jdk.ThreadPark")},
     .values = {JFR_DURATION, JFR_DURATION}},
    {STR_INIT("nativelock"), {STR_INIT("profiler.NativeLock")}, .values = {JFR_DURATION}},
    {STR_INIT("native"), {STR_INIT("jdk.NativeMethodSample")}, .values = {JFR_NAMES}},
};

enum { GROUPS = sizeof groups / sizeof groups[0] };

void jfr_choice_init(struct jfr_choice *choice, struct builder *builder)
{
    *choice = (struct jfr_choice){.builder = builder};
    intern_init(&choice->names, builder->scratch, builder->profile->tree.seed);
}

static bool has_field(const struct jfr_types *types, const struct jfr_class *class_,
                      enum jfr_name name)
{
    for (size_t i = 0; i < class_->count; i++)
        if (types->fields.at[class_->first + i].name == name)
            return true;
    return false;
}

void jfr_choice_mark(const struct jfr_choice *choice, struct jfr_types *types)
{
    for (size_t i = 0; i < types->classes.n; i++) {
        struct jfr_class *class_ = &types->classes.at[i];
        uint32_t place = intern_find(&choice->names, intern_name(&types->texts, class_->name));
        const struct jfr_event *event = place != INTERN_NONE ? &choice->events.at[place] : NULL;
        class_->kept = event && event->kept && has_field(types, class_, JFR_STACK_TRACE);
        class_->value = event ? event->value : JFR_NAMES;
    }
}

void jfr_choice_count(struct jfr_choice *choice, const struct jfr_types *types)
{
    for (size_t i = 0; i < types->classes.n; i++) {
        const struct jfr_class *class_ = &types->classes.at[i];
        if (class_->events == 0 || !has_field(types, class_, JFR_STACK_TRACE))
            continue;
        struct jfr_event fresh = {.value = JFR_NAMES};
        if (has_field(types, class_, JFR_DURATION))
            fresh.value = JFR_DURATION;
        uint32_t place = intern_add(&choice->names, intern_name(&types->texts, class_->name));
        if (place == choice->events.n)
            vec_push(choice->builder->scratch, &choice->events, fresh);
        choice->events.at[place].count += class_->events;
    }
}

/* "jdk.ThreadPark" is also "ThreadPark". */
static str short_name(str name)
{
    size_t dot = str_find_last(name, '.');
    return dot < name.n ? str_skip(name, dot + 1) : name;
}

/* Keep the events of that group. False: there are none. */
static bool keep_group(struct jfr_choice *choice, const struct jfr_group *group)
{
    bool found = false;
    for (uint32_t i = 0; i < choice->events.n; i++)
        for (size_t e = 0; e < 2; e++)
            if (str_equal(intern_name(&choice->names, i), group->events[e]))
                found = choice->events.at[i].kept = true;
    return found;
}

/* Keep the event with this name or short name, or else the events of the group with this name. */
static bool keep_named_event(struct jfr_choice *choice, str wanted)
{
    bool found = false;
    for (uint32_t i = 0; i < choice->events.n; i++) {
        str name = intern_name(&choice->names, i);
        if (str_equal(name, wanted) || str_equal(short_name(name), wanted))
            found = choice->events.at[i].kept = true;
    }
    for (size_t i = 0; i < GROUPS && !found; i++)
        found = str_equal(groups[i].alias, wanted) && keep_group(choice, &groups[i]);
    return found;
}

/* The events of an earlier input; else the first group; else the most frequent event. */
static void keep_default_events(struct jfr_choice *choice)
{
    const struct profile *profile = choice->builder->profile;
    bool found = false;
    for (size_t i = 0; i < profile->events.n; i++)
        if (profile->events.at[i].kept)
            found |= keep_named_event(choice, profile->events.at[i].name);
    for (size_t i = 0; i < GROUPS && !found; i++)
        found = keep_group(choice, &groups[i]);
    struct jfr_event *most = NULL;
    for (uint32_t i = 0; i < choice->events.n && !found; i++)
        if (!most || choice->events.at[i].count > most->count)
            most = &choice->events.at[i];
    if (most)
        most->kept = true;
}

static void find_jfr_values(struct jfr_choice *choice)
{
    for (uint32_t i = 0; i < choice->events.n; i++)
        for (size_t g = 0; g < GROUPS; g++)
            for (size_t e = 0; e < 2; e++)
                if (str_equal(intern_name(&choice->names, i), groups[g].events[e])) {
                    choice->events.at[i].value = groups[g].values[e];
                    choice->events.at[i].is_level = groups[g].is_level;
                }
}

/* Report which events there are, and which are read. */
static void list_jfr_events(struct jfr_choice *choice)
{
    struct profile *profile = choice->builder->profile;
    for (uint32_t i = 0; i < choice->events.n; i++) {
        const struct jfr_event *event = &choice->events.at[i];
        size_t place = profile_find_event(profile, intern_name(&choice->names, i));
        if (place == profile->events.n)
            profile_add_event(profile,
                              (struct profile_event){.name = intern_name(&choice->names, i)});
        profile->events.at[place].samples += event->count;
        profile->events.at[place].kept |= event->kept;
    }
}

/* The values of the kept event: the number of samples, and their weight, under the event's name and
 * as "value". An event that was chosen as a value means its weight. */
static bool declare_jfr_values(struct jfr_choice *choice, bool by_name, struct err *err)
{
    struct value_type types[JFR_VALUES] = {VALUE_SUM("samples", "count")};
    const struct jfr_event none = {.value = JFR_NAMES}, *event = &none;
    size_t n = 1;
    for (size_t i = 0; i < choice->events.n; i++)
        if (choice->events.at[i].kept)
            event = &choice->events.at[i];
    enum jfr_name value = event->value;
    bool is_time = value == JFR_DURATION || value == JFR_SAMPLING_PERIOD;
    str unit = value == JFR_NAMES ? STR("count") : is_time ? STR("nanoseconds") : STR("bytes");
    if (value != JFR_NAMES) {
        types[n++] = (struct value_type){.name = str_from_c(jfr_names[value]), .unit = unit};
        types[n++] = (struct value_type){.name = STR("value"), .unit = unit};
    }
    if (by_name)
        types[n++] = (struct value_type){.name = choice->builder->options->value_type,
                                         .unit = unit};
    for (size_t i = 0; i < n; i++)
        types[i].is_level = event->is_level;
    return builder_value_types(choice->builder, types, n, value != JFR_NAMES, err);
}

/* Choose by --event-filter, by a value that names an event, or by default. */
bool jfr_choice_make(struct jfr_choice *choice, struct err *err)
{
    const struct read_options *options = choice->builder->options;
    str value = options->value_type;
    bool own = value.n == 0 || str_equal(value, STR("samples")) || str_equal(value, STR("value"));
    bool by_name = options->event_filter.n == 0 && !own && keep_named_event(choice, value);
    find_jfr_values(choice);
    if (options->event_filter.n > 0)
        keep_named_event(choice, options->event_filter);
    else if (!by_name)
        keep_default_events(choice);
    list_jfr_events(choice);
    return declare_jfr_values(choice, by_name, err);
}
