/*
 * perf_header: finding the fields of a header. perf prints names as "%s " or "%16s ", ids as
 * "%5d ", "%7d " or "%5d/%-5d ", processors as "[%03d] ", times as "%5lu.%06lu: ", periods as
 * "%10lu ", events as "%*s: ", and addresses as "%16lx".
 */
#include "format/perf_script/perf_header.h"

#include "core/num.h"

enum { PID_LARGEST = 4194304, PERIOD_WIDTH = 10, ADDRESS_WIDTH = 16 };

/* A word of a line, [at, end). */
struct span {
    size_t at, end;
};

static str span_str(str line, struct span word)
{
    return str_cut(line, word.at, word.end);
}

/* The word at or after `from`; empty at the end of the line. */
static struct span next_word(str line, size_t from)
{
    while (from < line.n && is_blank(line.p[from]))
        from++;
    size_t end = from;
    while (end < line.n && !is_blank(line.p[end]))
        end++;
    return (struct span){from, end};
}

/* The last word that ends at or before `to`; empty when there is none. */
static struct span last_word(str line, size_t to)
{
    while (to > 0 && is_blank(line.p[to - 1]))
        to--;
    size_t at = to;
    while (at > 0 && !is_blank(line.p[at - 1]))
        at--;
    return (struct span){at, to};
}

static bool is_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

static bool is_address(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_hex(s.p[i]))
            return false;
    return s.n > 0;
}

/* "cycles:" */
static bool is_event(str s)
{
    return s.n > 1 && s.p[s.n - 1] == ':';
}

/* "[001]" */
static bool is_cpu(str s)
{
    return s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']' && is_digits(str_cut(s, 1, s.n - 1));
}

/* "K", "U", "UE": where and how the sample was taken */
static bool is_misc(str s)
{
    static const str letters = STR_INIT("KUHGgMEFSp");
    for (size_t i = 0; i < s.n; i++)
        if (!is_alpha(s.p[i]) || !memchr(letters.p, s.p[i], letters.n))
            return false;
    return s.n > 0;
}

/* "7714", "-1"; larger numbers are periods, or counts of folded stacks. */
static bool is_one_id(str s)
{
    uint64_t value;
    str number = str_starts(s, STR("-")) ? str_skip(s, 1) : s;
    return is_digits(number) && num_parse_u64(number, &value) && value <= PID_LARGEST;
}

/* "7714", "-1", "7708/7714"; the parts go to *pid and *tid. */
static bool is_id(str s, str *pid, str *tid)
{
    size_t slash = str_find(s, '/', 0);
    *pid = str_head(s, slash);
    *tid = slash < s.n ? str_skip(s, slash + 1) : STR("");
    if (!is_one_id(*pid) || (slash < s.n && !is_one_id(*tid)))
        return false;
    if (slash == s.n) {
        *tid = *pid;
        *pid = STR("");
    }
    return true;
}

/* Printed with "%5d" or wider, "%5d/%-5d": a short number has a blank of its own in front. */
static bool is_padded(str line, struct span word)
{
    return str_find(span_str(line, word), '/', 0) >= 5 ||
           (word.at >= 2 && is_blank(line.p[word.at - 2]));
}

/* Whether the number `word` is an id, not the end of a name. */
static bool take_id(str line, struct span word, struct perf_layout *layout)
{
    if (is_padded(line, word)) {
        layout->ids = PERF_IDS_PRINTED;
        return true;
    }
    return layout->ids != PERF_IDS_MISSING && word.at > 0;
}

/* The last word of line[0, to), without the letters of `misc` if a field of perf's stands there. */
static struct span last_field(str line, size_t to)
{
    str pid, tid;
    struct span word = last_word(line, to);
    if (!is_misc(span_str(line, word)))
        return word;
    struct span before = last_word(line, word.at);
    str field = span_str(line, before);
    return is_cpu(field) || is_id(field, &pid, &tid) ? before : word;
}

/* Whether "3709.089966:" ends at the colon, with blanks or nothing around it; *at: its start. */
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

/* The first time that an id or a processor stands in front of, else the first one: a name of a
 * thread can hold one ("x 1.5: y"), and so can what a tracepoint says. */
static bool find_time(str line, struct span *time)
{
    bool found = false;
    str pid, tid;
    size_t at;
    for (size_t colon = 0; (colon = str_find(line, ':', colon)) < line.n; colon++) {
        if (!is_time(line, colon, &at))
            continue;
        str field = span_str(line, last_field(line, at));
        bool sure = is_cpu(field) || is_id(field, &pid, &tid);
        if (sure || !found)
            *time = (struct span){at, colon + 1};
        found = true;
        if (sure)
            break;
    }
    return found;
}

/* What stands in front of the time, in line[0, to): name, ids, processor, misc. Returns whether
 * there was an id or a processor. */
static bool parse_left(str line, size_t to, struct perf_layout *layout, struct perf_header *header)
{
    bool sure = false;
    str pid, tid;
    struct span word = last_field(line, to);
    to = word.end;
    if (is_cpu(span_str(line, word))) {
        sure = true;
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

static void set_period(struct perf_header *header, str number)
{
    header->has_period = num_parse_u64(number, &header->period);
}

/* What stands behind the time: period, event, and a frame or a payload. */
static void parse_right(str line, size_t from, struct perf_header *header)
{
    struct span word = next_word(line, from), second = next_word(line, word.end);
    str next = span_str(line, second), rest = str_trim_right(str_skip(line, from));
    bool frame_next = is_address(next) && second.end - word.end >= ADDRESS_WIDTH;
    if (is_digits(span_str(line, word)) &&
        (next.n == 0 || is_event(next) || is_event(rest) || frame_next)) {
        set_period(header, span_str(line, word));
        rest = str_trim_right(str_skip(line, word.end));
        word = second;
    }
    str event = span_str(line, word);
    header->noise = str_starts(event, STR("PERF_RECORD_"));
    if (is_event(event)) {
        header->event = str_head(event, event.n - 1);
        header->tail = str_trim_right(str_skip(line, word.end));
    } else if (is_event(rest) && !is_address(event)) {
        rest = str_trim_left(rest); /* "raw 0x1a8:" */
        header->event = str_head(rest, rest.n - 1);
    } else {
        header->tail = rest;
    }
}

/* An address that perf aligned to the right stands behind `from`. One that needs no blanks is of
 * the kernel, ffff...: sixteen decimal digits are a count of folded stacks. */
static bool is_address_next(str line, size_t from)
{
    struct span word = next_word(line, from);
    str text = span_str(line, word);
    return word.end - from >= ADDRESS_WIDTH && is_address(text) &&
           (text.n < ADDRESS_WIDTH || !is_digits(text));
}

/* An event without a time in front: it ends the line, or stands behind an id, a processor or a
 * period, or in front of an address. */
static bool find_event(str line, struct span *event)
{
    str pid, tid;
    *event = last_word(line, line.n);
    if (is_event(span_str(line, *event)))
        return true;
    str before = STR("");
    for (*event = next_word(line, 0); event->at < line.n; *event = next_word(line, event->end)) {
        str word = span_str(line, *event);
        if (is_event(word) &&
            (is_cpu(before) || is_id(before, &pid, &tid) || is_address_next(line, event->end)))
            return true;
        before = word;
    }
    return false;
}

/* A number at the end of line[0, *to) that is a period: a number or a processor stands in front of
 * it, it is aligned to the right in ten columns, or no id is as large. */
static void cut_period(str line, size_t *to, struct perf_header *header)
{
    struct span word = last_word(line, *to), before = last_word(line, word.at);
    str number = span_str(line, word), pid, tid;
    uint64_t value;
    if (!is_digits(number) || !num_parse_u64(number, &value))
        return;
    bool id_before = is_id(span_str(line, before), &pid, &tid) && is_padded(line, word);
    bool aligned = before.end > 0 && word.end - before.end > PERIOD_WIDTH;
    if (!id_before && !aligned && !is_cpu(span_str(line, before)) && value <= PID_LARGEST)
        return;
    header->period = value;
    header->has_period = true;
    *to = word.at;
}

/* Where what stands in front of a frame on the same line ends; line.n when there is none. */
static size_t find_flat_frame(str line)
{
    struct span word = next_word(line, 0);
    while (word.at < line.n && !is_address_next(line, word.end))
        word = next_word(line, word.end);
    return word.at < line.n ? word.end : line.n;
}

/* A header that does not say when: -F with few fields, or perf from before 2011. */
static void parse_untimed(str line, struct perf_layout *layout, struct perf_header *header)
{
    struct span event;
    bool has_event = find_event(line, &event);
    size_t to = has_event ? event.at : find_flat_frame(line);
    if (has_event)
        parse_right(line, event.at, header);
    else
        header->tail = str_trim_right(str_skip(line, to));
    header->noise = str_starts(line, STR("PERF_RECORD_")) ||
                    str_contains(line, STR(" PERF_RECORD_"));
    size_t all = to;
    cut_period(line, &to, header);
    struct perf_layout padded_only = {PERF_IDS_MISSING};
    bool sure = parse_left(line, to, has_event ? layout : &padded_only, header);
    if (!has_event && header->tid.n == 0) /* `12 34 56`, `123/456 [000]`: nothing but a name */
        header->comm = str_trim(str_head(line, header->has_period ? to : all));
    header->firm = has_event ? sure || header->has_period : sure && header->has_period;
}

bool perf_header_parse(str line, struct perf_layout *layout, struct perf_header *header)
{
    struct span time;
    *header = (struct perf_header){.firm = false};
    if (str_trim(line).n == 0)
        return false;
    if (!find_time(line, &time)) {
        parse_untimed(line, layout, header);
    } else {
        header->firm = parse_left(line, time.at, layout, header);
        parse_right(line, time.end, header);
        header->firm |= header->event.n > 0 || header->has_period;
    }
    header->firm |= is_address_next(header->tail, 0);
    return true;
}

bool perf_header_is_timed(str line)
{
    struct perf_layout layout = {PERF_IDS_UNKNOWN};
    struct perf_header header;
    struct span time;
    return find_time(line, &time) && parse_left(line, time.at, &layout, &header);
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
    if (from == at || from == 0 || !is_digit(line.p[from - 1]) || line.n - from > PERF_HEADER_TAIL)
        return;
    memory->n = line.n - from;
    memory->event = at - from;
    memory->event_n = event.n;
    memcpy(memory->tail, line.p + from, memory->n);
}

/* Is there something in front of *to? *to moves to its start. p[0] is no digit and no blank, *to at
 * least 1, before as well as after. */

static inline bool digits_before(const char *p, size_t *to)
{
    size_t at = *to;
    while (is_digit(p[at - 1]))
        at--;
    bool found = at < *to;
    *to = at;
    return found;
}

static inline bool char_before(const char *p, size_t *to, char c)
{
    return *to > 1 && p[--*to] == c;
}

static inline bool blanks_before(const char *p, size_t *to)
{
    size_t at = *to;
    while (is_blank(p[at - 1]))
        at--;
    bool found = at < *to;
    *to = at;
    return found;
}
/* `sh 11959 [000]   549.416562:     200040 cpu-clock:pppH: `, from its end. A name with a colon
 * could hold a time of its own. */
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
    set_period(header, str_cut(line, to, end));
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
