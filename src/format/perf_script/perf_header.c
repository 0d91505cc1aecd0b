/* SPDX-License-Identifier: MIT */
/*
 * perf_header: find the fields of a header. perf prints names as "%s " or "%16s ", ids as
 * "%5d ", "%7d " or "%5d/%-5d ", processors as "[%03d] ", times as "%5lu.%06lu: ", periods as
 * "%10lu ", events as "%*s: ", and addresses as "%16lx".
 */
#include "format/perf_script/perf_header.h"

#include "format/perf_script/perf_line.h"

enum { MISC_WIDTH = 6, TIME_WIDTH = 12 };

/* Headers with a time have only the fields of their layout, once it is known. */
static bool may_have(const struct perf_layout *layout, unsigned field)
{
    return !layout->known || !(layout->fields & PERF_TIME) || (layout->fields & field);
}

/* Whether the number `word` is an id, not the end of a name. */
static bool take_id(str line, struct span word, struct perf_layout *layout)
{
    if (!may_have(layout, PERF_TID))
        return false;
    if (is_padded_id(line, word)) {
        layout->ids = PERF_IDS_PRINTED;
        return true;
    }
    return layout->ids != PERF_IDS_MISSING && word.at > 0;
}

/* The last word of line[0, to), or the one before it if the last is `misc`, which perf pads to 6
 * columns. The time after it ends at `end`. */
static struct span last_field(str line, size_t to, size_t end)
{
    str pid, tid;
    struct span word = last_word(line, to);
    if (word.at == 0 || !is_misc(span_str(line, word)))
        return word;
    struct span before = last_word(line, word.at);
    str field = span_str(line, before);
    bool padded = end - word.at >= MISC_WIDTH + TIME_WIDTH;
    return is_cpu(field) || is_id(field, &pid, &tid) || padded ? before : word;
}

bool perf_header_date(str line, size_t to, size_t *at)
{
    static const str digits = STR_INIT("0000-00-00 00:00:00.");
    struct span clock = last_word(line, to), day = last_word(line, clock.at);
    str text = str_cut(line, day.at, clock.end);
    if (text.n <= digits.n || !is_digits(str_skip(text, digits.n)))
        return false;
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] == '0' ? !is_digit(text.p[i]) : text.p[i] != digits.p[i])
            return false;
    *at = day.at;
    return true;
}

/* Skip "VM:13376 VCPU:003 ", which precedes the header of a guest. A thread name can look like
 * that; then no other name follows. */
static str skip_guest(str line)
{
    static const str starts[] = {STR_INIT("VM:"), STR_INIT("VCPU:")};
    str rest = line;
    for (size_t i = 0; i < 2; i++) {
        if (!str_starts(rest, starts[i]))
            return line;
        rest = str_trim_left(str_skip(rest, starts[i].n));
        size_t end = str_find(rest, ' ', 0);
        if (end == rest.n || !is_digits(str_head(rest, end)))
            return line;
        rest = str_skip(rest, end + 1);
    }
    return rest;
}

/* Whether a word like "3709.089966:" ends at this colon; *at: its start. */
static bool is_time(str line, size_t colon, size_t *at)
{
    size_t dot = colon;
    if (colon + 1 < line.n && !is_blank(line.p[colon + 1]))
        return false;
    while (dot > 0 && is_digit(line.p[dot - 1]))
        dot--;
    if (dot == 0 || dot == colon || line.p[dot - 1] != '.')
        return false;
    for (*at = dot - 1; *at > 0 && is_digit(line.p[*at - 1]);)
        --*at;
    return *at < dot - 1 && (*at == 0 || is_blank(line.p[*at - 1]));
}

/* Find the time of the sample. The best candidate follows an id, a processor or a date and has 6 or
 * 9 digits after the dot; the name of a thread ("x 1.5: y") or a payload can contain others. */
static bool find_time(str line, struct span *time, bool *is_sure)
{
    unsigned best = 0;
    str pid, tid;
    size_t at;
    *is_sure = false;
    for (size_t colon = 0; best < 4 && (colon = str_find(line, ':', colon)) < line.n; colon++) {
        if (!is_time(line, colon, &at))
            continue;
        size_t to = at, digits = colon - str_find(line, '.', at) - 1;
        bool dated = perf_header_date(line, to, &to);
        str field = span_str(line, last_field(line, to, colon));
        bool sure = dated || is_cpu(field) || is_id(field, &pid, &tid);
        unsigned rank = 1 + 2 * sure + (digits == 6 || digits == 9);
        if (rank <= best)
            continue;
        best = rank;
        *time = (struct span){at, colon + 1};
        *is_sure = sure;
    }
    return best > 0;
}

bool perf_header_left(str line, struct span next, struct perf_layout *layout,
                      struct perf_header *header)
{
    size_t to = next.at, end = next.end > next.at ? next.end - 1 : next.at;
    bool sure = perf_header_date(line, to, &to);
    str pid, tid;
    header->fields |= sure ? PERF_TOD : 0;
    struct span word = last_word(line, to);
    if (may_have(layout, PERF_MISC))
        word = last_field(line, to, end);
    header->fields |= word.end < last_word(line, to).at ? PERF_MISC : 0;
    to = word.end;
    bool id_before = is_id(span_str(line, last_word(line, word.at)), &pid, &tid);
    bool cpu = may_have(layout, PERF_CPU) || (id_before && may_have(layout, PERF_TID));
    if (cpu && is_cpu(span_str(line, word))) {
        sure = true;
        header->cpu = str_cut(line, word.at + 1, word.end - 1);
        to = word.at;
        word = last_word(line, to);
    }
    if (is_id(span_str(line, word), &pid, &tid) && take_id(line, word, layout)) {
        sure = true;
        header->pid = pid;
        header->tid = tid;
        to = word.at;
    } else if (word.at != word.end && layout->ids == PERF_IDS_UNKNOWN) {
        layout->ids = PERF_IDS_MISSING;
    }
    header->comm = str_trim(str_head(line, to));
    return sure;
}

void perf_header_set_period(struct perf_header *header, str number)
{
    header->has_period = number.n > 0;
    header->is_large = number.n > 0 && !num_parse_u64(number, &header->period);
}

/* Whether `word` is a number in ten columns, or one before an event, an address or the end. */
static bool is_period(str line, size_t from, struct span word)
{
    struct span second = next_word(line, word.end);
    str next = span_str(line, second);
    bool frame_next = is_address(next) && second.end - word.end >= PERF_ADDRESS_WIDTH;
    bool columns = word.end == from + 1 + PERF_PERIOD_WIDTH;
    return is_digits(span_str(line, word)) &&
           (next.n == 0 || is_event(next) || frame_next || columns ||
            is_event(str_trim_right(str_skip(line, from))));
}

void perf_header_right(str line, size_t from, const struct perf_layout *layout,
                       struct perf_header *header)
{
    struct span word = next_word(line, from);
    bool no_event = layout->known && !(layout->fields & PERF_EVENT);
    if (is_period(line, from, word)) {
        perf_header_set_period(header, span_str(line, word));
        from = word.end;
        word = next_word(line, from);
    }
    str event = span_str(line, word), rest = str_trim_right(str_skip(line, from));
    header->noise = str_starts(event, STR("PERF_RECORD_"));
    if (is_event(event) && !no_event) {
        header->event = str_head(event, event.n - 1);
        header->tail = str_trim_right(str_skip(line, word.end));
    } else if (is_event(rest) && !is_address(event) && !no_event) {
        rest = str_trim_left(rest); /* "raw 0x1a8:" */
        header->event = str_head(rest, rest.n - 1);
    } else {
        header->tail = rest;
    }
}

static bool parse_timed(str line, struct perf_layout *layout, struct perf_header *header)
{
    struct span time;
    bool unexpected = layout->known && !(layout->fields & PERF_TIME);
    if (!find_time(line, &time, &header->sure) || (unexpected && !header->sure))
        return false;
    header->timed = true;
    header->time = str_cut(line, time.at, time.end - 1);
    header->firm = perf_header_left(line, time, layout, header);
    perf_header_right(line, time.end, layout, header);
    header->firm |= header->event.n > 0 || header->has_period;
    return !unexpected || header->has_period || header->event.n > 0;
}

/* Parse a header without a time where others have one, since it is of another recording. It needs
 * an event, a period, and an id or a processor. */
static bool parse_untimed_header(str line, const struct perf_layout *layout,
                                 struct perf_header *header)
{
    struct perf_layout alone = {.ids = layout->ids};
    *header = (struct perf_header){.firm = false};
    return perf_layout_untimed(line, &alone, header) && header->event.n > 0 && header->has_period &&
           (header->tid.n > 0 || header->cpu.n > 0);
}

bool perf_header_parse(str line, struct perf_layout *layout, struct perf_header *header)
{
    *header = (struct perf_header){.firm = false};
    if (str_trim(line).n == 0)
        return false;
    str host = skip_guest(line);
    if (!parse_timed(host, layout, header)) {
        bool timed = layout->known && (layout->fields & PERF_TIME);
        *header = (struct perf_header){.firm = false};
        if (timed ? !parse_untimed_header(host, layout, header)
                  : !perf_layout_untimed(host, layout, header))
            return false;
    }
    if (host.n < line.n && header->comm.n == 0) /* a name that looks like a guest */
        header->comm = str_trim(str_of(line.p, (size_t)(host.p - line.p)));
    header->fields |= (header->comm.n > 0 ? PERF_COMM : 0) | (header->tid.n > 0 ? PERF_TID : 0) |
                      (header->pid.n > 0 ? PERF_PID : 0) | (header->cpu.n > 0 ? PERF_CPU : 0) |
                      (header->timed ? PERF_TIME : 0) | (header->has_period ? PERF_PERIOD : 0) |
                      (header->event.n > 0 ? PERF_EVENT : 0);
    header->firm |= is_address_next(header->tail, 0);
    return true;
}

void perf_header_remember(struct perf_header_memory *memory, str line,
                          const struct perf_header *header)
{
    str event = header->event;
    if (!header->has_period || header->noise || header->tail.n > 0 || event.n == 0 ||
        str_find(event, ' ', 0) < event.n || str_find(event, '\t', 0) < event.n)
        return;
    size_t at = (size_t)(event.p - line.p), from = at;
    while (from > 0 && is_blank(line.p[from - 1]))
        from--;
    if (from == at || from == 0 || !is_digit(line.p[from - 1]) ||
        line.n - from > sizeof memory->tail)
        return;
    memory->n = line.n - from;
    memory->event = at - from;
    memory->event_n = event.n;
    memcpy(memory->tail, line.p + from, memory->n);
}

/* These two check what comes directly before *to, and move *to to its start. *to stays above 0,
 * because p[0] is neither a digit nor a blank. */

static inline bool char_before(const char *p, size_t *to, char c)
{
    return *to > 1 && p[--*to] == c;
}

static inline bool digits_before(const char *p, size_t *to)
{
    size_t end = *to;
    while (is_digit(p[*to - 1]))
        --*to;
    return *to < end;
}

static inline bool blanks_before(const char *p, size_t *to)
{
    size_t end = *to;
    while (is_blank(p[*to - 1]))
        --*to;
    return *to < end;
}

/* `sh 11959 [000]   549.416562:     200040 cpu-clock:pppH: ` is parsed from its end. A name with a
 * colon could contain a time. */
bool perf_header_parse_again(str line, const struct perf_layout *layout,
                             const struct perf_header_memory *memory, struct perf_header *header)
{
    size_t to = line.n - memory->n, end = to;
    const char *p = line.p;
    if (layout->ids != PERF_IDS_PRINTED || memory->n == 0 || line.n <= memory->n ||
        memcmp(p + to, memory->tail, memory->n) != 0 || is_digit(p[0]) || is_blank(p[0]))
        return false;
    *header = (struct perf_header){.firm = true};
    header->event = str_of(memory->tail + memory->event, memory->event_n);
    if (!digits_before(p, &to))
        return false;
    perf_header_set_period(header, str_cut(line, to, end));
    if (!blanks_before(p, &to) || !char_before(p, &to, ':') || !digits_before(p, &to) ||
        !char_before(p, &to, '.') || !digits_before(p, &to) || !blanks_before(p, &to))
        return false;
    if (p[to - 1] == ']' && (!char_before(p, &to, ']') || !digits_before(p, &to) ||
                             !char_before(p, &to, '[') || !blanks_before(p, &to)))
        return false;
    end = to;
    if (!digits_before(p, &to) || !is_blank(p[to - 1]) || !is_one_id(str_cut(line, to, end)) ||
        str_find(str_head(line, to), ':', 0) < to)
        return false;
    header->tid = str_cut(line, to, end);
    header->comm = str_trim_right(str_head(line, to));
    return true;
}
