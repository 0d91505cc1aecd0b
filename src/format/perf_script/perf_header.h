/*
 * perf_header: the line in front of a stack. Any field may be missing (perf script -F):
 *
 *      java "q"  7708/7852  [001] U      3709.089966:   10101010 cpu-clock:pppH: ...
 *      --comm--  pid--tid   -cpu- misc   ----time----   -period- ----event----- frame or payload
 *
 * A process name may look like any other field (`7`, `12 34 56`, `123/456 [000]`), so fields are
 * found from the time backwards, and what is left over is the name.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_HEADER_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_HEADER_H

#include "core/num.h"
#include "core/str.h"

enum { PERF_PID_LARGEST = 4194304, PERF_PERIOD_WIDTH = 10, PERF_ADDRESS_WIDTH = 16 };

/* A word of a line, [at, end). */
struct span {
    size_t at, end;
};

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

/* The last word that ends at or before `to`; empty when there is none. */
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

/* "cycles:", but not what stands in front of the bytes of an instruction */
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

/* "K", "U", "UE": where and how the sample was taken */
static inline bool is_misc(str s)
{
    static const str letters = STR_INIT("KUHGgMEFSp");
    for (size_t i = 0; i < s.n; i++)
        if (!is_alpha(s.p[i]) || !memchr(letters.p, s.p[i], letters.n))
            return false;
    return s.n > 0;
}

/* "7714", "-1"; larger numbers are periods, or counts of folded stacks. */
static inline bool is_one_id(str s)
{
    uint64_t value;
    str number = str_starts(s, STR("-")) ? str_skip(s, 1) : s;
    return is_digits(number) && num_parse_u64(number, &value) && value <= PERF_PID_LARGEST;
}

/* "7714", "-1", "7708/7714"; the parts go to *pid and *tid. */
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

/* Printed with "%5d" or wider, "%5d/%-5d": a short number has a blank of its own in front. */
static inline bool is_padded_id(str line, struct span word)
{
    return str_find(span_str(line, word), '/', 0) >= 5 ||
           (word.at >= 2 && is_blank(line.p[word.at - 2]));
}

/* An address that perf aligned to the right stands after `from`, where a word ends. One that needs
 * no blanks is of the kernel, ffff...: sixteen decimal digits are a count of folded stacks. */
static inline bool is_address_next(str line, size_t from)
{
    struct span word = next_word(line, from);
    str text = span_str(line, word);
    return word.end - from > PERF_ADDRESS_WIDTH && is_address(text) &&
           (text.n < PERF_ADDRESS_WIDTH || !is_digits(text));
}

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
    PERF_IP = 512, /* the frame of a sample without call chain, at its end */
};

enum { PERF_FIELDS = 10 };

/* A number in front of the processor is an id in `pool 7 [000]` when ids are printed, else a part
 * of the name. */
enum perf_ids { PERF_IDS_UNKNOWN, PERF_IDS_PRINTED, PERF_IDS_MISSING };

/* What a recording's own lines have shown. Starts zeroed with each file. */
struct perf_layout {
    enum perf_ids ids;
    bool known;      /* `fields` is what headers have; else each line is judged alone */
    unsigned fields; /* of enum perf_field */
    bool fixed;      /* a person said so */
    bool tabs;       /* frames of call chains begin with a TAB */
    bool chains;     /* samples have call chains, and an empty line after each */
    bool pairs;      /* two empty lines stand between samples, which have no headers */
    bool sources;    /* lines with file and line follow frames */
    bool bare;       /* there are no frames, a header alone is a sample */
};

/* Parts of the line; n == 0: not printed. */
struct perf_header {
    str comm; /* without blanks around it */
    str pid;  /* digits, maybe with a sign; printed only together with a tid */
    str tid;
    str cpu, time; /* digits; time with a dot */
    str event;
    str tail; /* after the event: a frame or what a tracepoint says */
    uint64_t period;
    unsigned fields; /* that were found */
    bool has_period;
    bool timed; /* it has a time; */
    bool sure;  /* an id, a processor or a date stands in front of it */
    bool firm;  /* nothing but a header looks like this; else it is one if a frame follows */
    bool noise; /* PERF_RECORD_MMAP and the like */
};

/* Take a header apart. False for a line that can be none. */
bool perf_header_parse(str line, struct perf_layout *layout, struct perf_header *header);

enum { PERF_HEADER_TAIL = 80 };

/* How the last header ended that had a period and then the event only: `          1 cycles: `. */
struct perf_header_memory {
    char tail[PERF_HEADER_TAIL]; /* from the end of the period on; the event stands in it */
    size_t n, event, event_n;    /* n == 0: there was none yet */
};

/* Keep the end of `line`, which perf_header_parse() took apart, if it is like that. */
void perf_header_remember(struct perf_header_memory *memory, str line,
                          const struct perf_header *header);

/* What perf_header_parse() would find but cpu and time, for a line that is laid out as perf prints
 * it, with that very end. False when perf_header_parse() has to look. header->event lives as long
 * as *memory is not changed. */
bool perf_header_parse_again(str line, const struct perf_layout *layout,
                             const struct perf_header_memory *memory, struct perf_header *header);

/* ---- for perf_layout.c ---- */

bool perf_header_left(str line, struct span next, struct perf_layout *layout,
                      struct perf_header *header);
void perf_header_right(str line, size_t from, const struct perf_layout *layout,
                       struct perf_header *header);
void perf_header_set_period(struct perf_header *header, str number);

/* "2024-01-02 10:00:00.020565": where the date starts, if the time of day ends line[0, to). */
bool perf_header_date(str line, size_t to, size_t *at);

#endif
