/*
 * perf_select: lists with commas are looked through for each sample; they are short.
 */
#include "format/perf_script/perf_select.h"

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
