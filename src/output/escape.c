/* SPDX-License-Identifier: MIT */
/*
 * escape: see escape.h.
 */
#include "output/escape.h"

#include <strings.h>

#include "core/str.h"

/* ---- terminals ---- */

/* The columns of the character at text[*at], and whether it is shown as '?'. *at moves past it. */
static size_t next_columns(str text, size_t *at, bool *bad)
{
    uint32_t code = utf8_next(text, at);
    *bad = utf8_steers(code);
    return *bad ? 1 : utf8_columns(code);
}

size_t terminal_columns(str text)
{
    size_t columns = 0;
    bool bad;
    for (size_t at = 0; at < text.n;)
        columns += next_columns(text, &at, &bad);
    return columns;
}

size_t terminal_head(str text, size_t columns)
{
    size_t at = 0, used = 0;
    bool bad;
    while (at < text.n) {
        size_t next = at;
        used += next_columns(text, &next, &bad);
        if (used > columns)
            break;
        at = next;
    }
    return at;
}

void put_terminal(str text, struct sink *sink)
{
    bool bad;
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        next_columns(text, &at, &bad);
        sink_bytes(sink, bad ? STR("?") : str_cut(text, from, at));
    }
}

/* The last characters of a text of `total` columns, in at most `columns`. A wide character at the
 * border is left out. */
static str tail_of(str text, size_t total, size_t columns)
{
    size_t start = terminal_head(text, total - columns);
    while (terminal_columns(str_skip(text, start)) > columns) {
        bool bad;
        next_columns(text, &start, &bad);
    }
    return str_skip(text, start);
}

size_t put_terminal_short(str text, size_t columns, struct sink *sink)
{
    size_t total = terminal_columns(text);
    if (total <= columns) {
        put_terminal(text, sink);
        return total;
    }
    size_t last = columns < 8 ? 0 : columns / 3;
    str tail = tail_of(text, total, last);
    str head = str_head(text, terminal_head(text, columns - last - 2));
    put_terminal(head, sink);
    sink_lit(sink, "..");
    put_terminal(tail, sink);
    return terminal_columns(head) + 2 + terminal_columns(tail);
}

void put_blanks(size_t n, struct sink *sink)
{
    while (n-- > 0)
        sink_byte(sink, ' ');
}

/* ---- Markdown ---- */

/* Whether the byte is a part of "://" or "www.", of which GitHub makes links. */
static bool makes_link(str text, size_t at)
{
    return (text.p[at] == ':' && at + 1 < text.n && text.p[at + 1] == '/') ||
           (text.p[at] == '.' && at >= 3 && strncasecmp(text.p + at - 3, "www", 3) == 0);
}

/* Characters with a meaning in Markdown or HTML become references. Characters that reverse text
 * become U+FFFD. */
void put_markdown(str text, struct sink *sink)
{
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t code = utf8_next(text, &at);
        if (code < 0x80 && code >= 0x20 &&
            (strchr("|`\\*_[]~", (int)code) || makes_link(text, from))) {
            sink_lit(sink, "&#");
            sink_u64(sink, code);
            sink_byte(sink, ';');
        } else if (code == '\n' || code == '\r' || code == '\t') {
            sink_byte(sink, ' ');
        } else {
            sink_xml(sink, utf8_steers(code) ? STR("\xef\xbf\xbd") : str_cut(text, from, at));
        }
    }
}

void put_markdown_code(str text, struct sink *sink)
{
    sink_lit(sink, "<code>");
    put_markdown(text, sink);
    sink_lit(sink, "</code>");
}

/* ---- CSV ---- */

/* A spreadsheet takes such a cell for a formula, unless it starts with an apostrophe. */
static bool is_formula(str text)
{
    return text.n > 0 && text.p[0] != '\0' && strchr("=+-@\t\r", text.p[0]);
}

/* A line end or TAB becomes a blank. Other control characters and invalid bytes become U+FFFD. */
void put_csv(str text, struct sink *sink)
{
    sink_byte(sink, '"');
    sink_bytes(sink, is_formula(text) ? STR("'") : STR(""));
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t code = utf8_next(text, &at);
        if (code == '\t' || code == '\n' || code == '\r')
            sink_byte(sink, ' ');
        else if (utf8_steers(code))
            sink_lit(sink, "\xef\xbf\xbd");
        else
            sink_bytes(sink, code == '"' ? STR("\"\"") : str_cut(text, from, at));
    }
    sink_byte(sink, '"');
}
