/*
 * perf_words: words of a line, and which field a word can be.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_WORDS_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_WORDS_H

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

#endif
