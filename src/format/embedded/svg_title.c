/* SPDX-License-Identifier: MIT */
/*
 * svg_title: see svg_frame.h.
 */
#include "format/embedded/svg_frame.h"

/* Digits that may have commas between them, and a fraction. `word` is changed. */
static bool parse_title_count(char *word, size_t n, struct num_decimal *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (word[i] != ',')
            word[kept++] = word[i];
    return kept > 0 && is_digit(word[0]) &&
           (num_parse_decimal(str_of(word, kept), count) || count->large);
}

/* "12.34%" or "12.34%; +0.50%" */
static bool parse_title_share(str share, struct svg_title *title)
{
    size_t semicolon = str_find(share, ';', 0);
    double number;
    str first = str_head(share, semicolon);
    title->is_difference = semicolon < share.n;
    title->is_whole = str_equal(first, STR("100%"));
    return str_ends(share, STR("%")) && str_ends(first, STR("%")) &&
           num_parse_double(str_head(first, first.n - 1), &number);
}

/* A title on a line of its own, without its indentation. */
static str trim_lines(str text)
{
    while (text.n > 0 && strchr("\r\n\t ", text.p[text.n - 1]))
        text.n--;
    bool indented = text.n > 0 && strchr("\r\n", text.p[0]);
    while (indented && text.n > 0 && strchr("\r\n\t ", text.p[0]))
        text = str_skip(text, 1);
    return text;
}

bool svg_title_parse(struct strbuf *buf, struct svg_title *title)
{
    str text = trim_lines(strbuf_str(buf));
    if (!str_ends(text, STR(")")))
        return false;
    text.n--;
    size_t comma = str_find_last(text, ',');
    if (comma == text.n || !parse_title_share(str_trim(str_skip(text, comma + 1)), title))
        return false;
    str left = str_head(text, comma);
    for (size_t open; (open = str_find_last(left, '(')) < left.n; left.n = open) {
        if ((open > 0 && text.p[open - 1] != ' ') || !is_digit(text.p[open + 1]))
            continue;
        size_t end = str_find(text, ' ', open);
        end = end < comma ? end : comma;
        char *word = buf->bytes.at + (text.p - buf->bytes.at) + open + 1;
        size_t point = str_find(str_of(word, end - open - 1), '.', 0) + 1;
        title->digits = (unsigned)(point < end - open - 1 ? end - open - 1 - point : 0);
        if (!parse_title_count(word, end - open - 1, &title->count))
            continue;
        title->name = str_head(text, open > 0 ? open - 1 : 0);
        title->unit = str_trim(str_cut(text, end, comma));
        return true;
    }
    return false;
}

bool svg_title_cut_samples(str *unit, uint64_t *samples)
{
    char digits[NUM_ROOM];
    size_t n = 0, start = str_search_last(*unit, STR(", "));
    if (start == unit->n)
        return false;
    str number = str_skip(*unit, start + 2), word = str_skip(number, str_find(number, ' ', 0));
    if (!str_equal(word, STR(" samples")) && !str_equal(word, STR(" sample")))
        return false;
    for (number.n -= word.n; number.n > 0 && n < sizeof digits; number = str_skip(number, 1))
        if (number.p[0] != ',')
            digits[n++] = number.p[0];
    if (!num_parse_u64(str_of(digits, n), samples))
        return false;
    unit->n = start;
    return true;
}
