/* SPDX-License-Identifier: MIT */
/*
 * perf_header: the line before a stack. Any field may be missing (perf script -F):
 *
 *      java "q"  7708/7852  [001] U      3709.089966:   10101010 cpu-clock:pppH: ...
 *      --comm--  pid--tid   -cpu- misc   ----time----   -period- ----event----- frame or payload
 *
 * A process name may look like any other field (`7`, `12 34 56`, `123/456 [000]`). So fields are
 * searched from the time backwards, and the rest is the name.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_HEADER_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_HEADER_H

#include "core/num.h"
#include "core/str.h"

/* Fields of headers, as bits, in the order in which perf prints them. */
enum perf_field {
    PERF_COMM = 1,
    PERF_PID = 2,
    PERF_TID = 4,
    PERF_CPU = 8,
    PERF_MISC = 16,
    PERF_TOD = 32, /* date and time of day */
    PERF_TIME = 64,
    PERF_PERIOD = 128,
    PERF_EVENT = 256,
    PERF_IP = 512, /* the frame of a sample without call chain, at the end */
};

enum {
    PERF_FIELDS = 10,
    PERF_PID_LARGEST = 4194304,
    PERF_PERIOD_WIDTH = 10,
    PERF_ADDRESS_WIDTH = 16,
};

/* Whether headers have ids. If they do, the number in `pool 7 [000]` is one, otherwise it belongs
 * to the name. */
enum perf_ids { PERF_IDS_UNKNOWN, PERF_IDS_PRINTED, PERF_IDS_MISSING };

/* The layout of the lines of a recording. Zeroed at the start of each file. */
struct perf_layout {
    enum perf_ids ids;
    bool known;      /* headers have `fields`; otherwise each line is judged alone */
    unsigned fields; /* of enum perf_field */
    bool fixed;      /* the user gave the fields */
    bool tabs;       /* frames of call chains begin with a TAB */
    bool chains;     /* samples have call chains, and an empty line after each */
    bool pairs;      /* two empty lines separate samples, which have no headers */
    bool sources;    /* lines with file and line follow frames */
    bool bare;       /* there are no frames: a header alone is a sample */
};

/* Parts of the line; n == 0: not printed. */
struct perf_header {
    str comm; /* without blanks around it */
    str pid;  /* digits, maybe with a sign; printed only together with a tid */
    str tid;
    str cpu, time; /* digits; time with a dot */
    str event;
    str tail; /* after the event: a frame, or the fields of a tracepoint */
    uint64_t period;
    unsigned fields; /* the fields found */
    bool has_period;
    bool is_large; /* the period does not fit into 64 bits, and is 0 here */
    bool timed;    /* it has a time */
    bool sure;     /* an id, a processor or a date precedes the time */
    bool firm;     /* it is certainly a header; if not, it is one if a frame follows */
    bool noise;    /* PERF_RECORD_MMAP and the like */
};

/* A word of a line, [at, end). */
struct span {
    size_t at, end;
};

/* False if `line` cannot be a header. */
bool perf_header_parse(str line, struct perf_layout *layout, struct perf_header *header);

/* The end of the last header that ended in a period and an event: `          1 cycles: `. */
struct perf_header_memory {
    char tail[80];            /* from the end of the period on, with the event */
    size_t n, event, event_n; /* n == 0: none yet */
};

/* Keep the end of `line`, whose parts are in *header. */
void perf_header_remember(struct perf_header_memory *memory, str line,
                          const struct perf_header *header);

/* A fast perf_header_parse() for lines with the same end in the usual columns. It leaves out cpu
 * and time. If false, call perf_header_parse(). header->event is valid until *memory changes. */
bool perf_header_parse_again(str line, const struct perf_layout *layout,
                             const struct perf_header_memory *memory, struct perf_header *header);

/* ---- for perf_layout.c ---- */

/* Parse the fields before `next`, a time or another field: name, ids, processor, misc, date.
 * Whether there is an id, a processor or a date. */
bool perf_header_left(str line, struct span next, struct perf_layout *layout,
                      struct perf_header *header);

/* Parse the fields after the time: period, event, and a frame or a payload. */
void perf_header_right(str line, size_t from, const struct perf_layout *layout,
                       struct perf_header *header);
void perf_header_set_period(struct perf_header *header, str number);

/* Whether line[0, to) ends in "2024-01-02 10:00:00.020565"; *at: the index of the date. */
bool perf_header_date(str line, size_t to, size_t *at);

/* ---- words of a line, and which field a word can be ---- */

static inline str span_str(str line, struct span word)
{
    return str_cut(line, word.at, word.end);
}

/* The word at or after `from`; empty at the end of the line. */
static inline struct span next_word(str line, size_t from)
{
    while (from < line.n && is_blank(line.p[from]))
        from++;
    size_t end = from;
    while (end < line.n && !is_blank(line.p[end]))
        end++;
    return (struct span){from, end};
}

/* The last word that ends at or before `to`; empty if there is none. */
static inline struct span last_word(str line, size_t to)
{
    while (to > 0 && is_blank(line.p[to - 1]))
        to--;
    size_t at = to;
    while (at > 0 && !is_blank(line.p[at - 1]))
        at--;
    return (struct span){at, to};
}

static inline bool is_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

static inline bool is_address(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_hex(s.p[i]))
            return false;
    return s.n > 0;
}

/* "cycles:", but not the words before the bytes of an instruction */
static inline bool is_event(str s)
{
    return s.n > 1 && s.p[s.n - 1] == ':' && !str_equal(s, STR("insn:")) &&
           !str_equal(s, STR("ilen:"));
}

/* "[001]" */
static inline bool is_cpu(str s)
{
    return s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']' && is_digits(str_cut(s, 1, s.n - 1));
}

/* "K", "U", "UE": where and how perf took the sample */
static inline bool is_misc(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!memchr("KUHGgMEFSp", s.p[i], 10))
            return false;
    return s.n > 0;
}

/* "7714", "-1". Larger numbers are periods, or counts of folded stacks. */
static inline bool is_one_id(str s)
{
    uint64_t value;
    str number = str_starts(s, STR("-")) ? str_skip(s, 1) : s;
    return is_digits(number) && num_parse_u64(number, &value) && value <= PERF_PID_LARGEST;
}

/* "7714", "-1", "7708/7714" */
static inline bool is_id(str s, str *pid, str *tid)
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

/* Whether it looks like "%5d" or "%5d/%-5d": a short number has padding before it. */
static inline bool is_padded_id(str line, struct span word)
{
    return str_find(span_str(line, word), '/', 0) >= 5 ||
           (word.at >= 2 && is_blank(line.p[word.at - 2]));
}

/* Whether an address that is aligned to the right follows `from`, where a word ends. One without
 * padding is a kernel address, ffff...; sixteen decimal digits are a count of folded stacks. */
static inline bool is_address_next(str line, size_t from)
{
    struct span word = next_word(line, from);
    str text = span_str(line, word);
    return word.end - from > PERF_ADDRESS_WIDTH && is_address(text) &&
           (text.n < PERF_ADDRESS_WIDTH || !is_digits(text));
}

#endif
