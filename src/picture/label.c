/* SPDX-License-Identifier: MIT */
/*
 * label: see label.h. templates/viewer/label.js has the same rules of shortening.
 */
#include "picture/picture.h"

#include "core/str.h"

enum { LEAST_COLUMNS = 3, DOTS_COLUMNS = 2, LEAST_HEAD = 5, LEAST_LETTERS = 4 };

static const char DOTS[] = "..", ELLIPSIS[] = "\xe2\x80\xa6";

/* ---- widths ---- */

/* Hundredths of the size of the font, from U+0020 to U+007E. */
static const unsigned char letter_widths[] = {
    36,  41, 46, 84, 64, 108, 78, 28, 46, 46, 64, 84, 37, 46, 37, 46, /*  !"#$%&'()*+,-./ */
    64,  64, 64, 64, 64, 64,  64, 64, 64, 64, 46, 46, 84, 84, 84, 55, /* 0123456789:;<=>? */
    100, 69, 69, 70, 78, 64,  58, 78, 76, 43, 46, 70, 56, 87, 75, 79, /* @ABCDEFGHIJKLMNO */
    61,  79, 70, 69, 62, 74,  69, 99, 69, 62, 69, 46, 46, 46, 84, 64, /* PQRSTUVWXYZ[\]^_ */
    64,  62, 64, 55, 64, 62,  36, 64, 64, 28, 35, 60, 28, 98, 64, 62, /* `abcdefghijklmno */
    64,  64, 43, 53, 40, 64,  60, 82, 60, 60, 53, 64, 46, 64, 84,     /* pqrstuvwxyz{|}~ */
};

/* Other characters differ too much between fonts for a table: a guess that is rarely too small. */
static unsigned width_of(uint32_t code)
{
    if (code >= ' ' && code - ' ' < sizeof letter_widths)
        return letter_widths[code - ' '];
    if (code == UTF8_BAD)
        return 100;
    unsigned columns = utf8_columns(code);
    return columns != 1 ? 50 * columns : code < 0x250 ? 80 : code < 0x400 ? 87 : 110;
}

/* The number of bytes from the start that take at most this room, with the marks that combine with
 * the last character. */
static size_t find_fitting(str name, size_t columns, double hundredths)
{
    size_t at = 0, used = 0;
    double wide = 0;
    while (at < name.n) {
        size_t next = at;
        uint32_t code = utf8_next(name, &next);
        used += code == UTF8_BAD ? 1 : utf8_columns(code);
        wide += width_of(code);
        if (used > columns || wide > hundredths)
            break;
        at = next;
    }
    return at;
}

double label_width(str text)
{
    double wide = 0;
    for (size_t at = 0; at < text.n;)
        wide += width_of(utf8_next(text, &at));
    return wide / 100;
}

/* ---- the start of a name ---- */

struct label label_cut(str name, struct label_room room)
{
    struct label label = {.head = str_head(name, 0), .dots = ""};
    double hundredths = 100 * room.em, dots = 100 * label_width(STR(".."));
    if (room.columns < LEAST_COLUMNS)
        return label;
    label.head = str_head(name, find_fitting(name, room.columns, hundredths));
    if (label.head.n == name.n)
        return label;
    size_t fitting = find_fitting(name, room.columns - DOTS_COLUMNS, hundredths - dots);
    label.head = str_head(name, fitting);
    if (hundredths >= dots)
        label.dots = DOTS;
    return label;
}

/* ---- shortening ---- */

/* The end of "f(int)" in "f(int) const [clone .cold]". 0: there is no parenthesis. */
static size_t find_arguments_end(str name)
{
    for (size_t n = name.n; n > 0;) {
        str rest = str_head(name, n);
        if (rest.p[n - 1] == ')')
            return n;
        if (str_ends(rest, STR(" const")))
            n -= 6;
        else if (str_ends(rest, STR(" &&")))
            n -= 3;
        else if (str_ends(rest, STR(" &")))
            n -= 2;
        else if (rest.p[n - 1] == ']')
            for (n--; n > 0 && !(name.p[n] == '[' && name.p[n - 1] == ' ');)
                n--;
        else
            return 0;
        while (n > 0 && name.p[n - 1] == ' ')
            n--;
    }
    return 0;
}

static bool is_one_of(str chars, char c)
{
    return str_find(chars, c, 0) < chars.n;
}

static str without_arguments(str name)
{
    str call = str_head(name, find_arguments_end(name));
    size_t open = str_find_open(call);
    str rest = str_head(name, open < call.n ? open : 0), before = rest;
    while (before.n > 0 && before.p[before.n - 1] == ' ')
        before.n--;
    bool needed = before.n == 0 || str_ends(before, STR("operator")) ||
                  str_ends(before, STR("->")) || is_one_of(STR(":."), before.p[before.n - 1]);
    return needed ? name : rest;
}

/* "f::::g", which was f::<T>::g, becomes "f::g". */
static void join_scopes(struct strbuf *text)
{
    str all = strbuf_str(text), scope = STR("::");
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        str rest = str_skip(all, i), next = str_skip(rest, scope.n);
        if (str_starts(rest, scope) && (next.n == 0 || str_starts(next, scope)))
            i++;
        else
            text->bytes.at[n++] = all.p[i];
    }
    text->bytes.n = n;
}

/* Without <...> after a name; but not that of `operator<`, of `->` or of Rust's `<T as U>::f`. */
static str without_templates(str name, struct strbuf *text)
{
    int depth = 0;
    strbuf_clear(text);
    for (size_t i = 0; i < name.n; i++) {
        str out = strbuf_str(text);
        char c = name.p[i], last = out.n > 0 ? out.p[out.n - 1] : ' ';
        bool opens = is_alnum(last) || is_one_of(STR("_]:"), last);
        if (c == '<' && (depth > 0 || (opens && !str_ends(out, STR("operator")))))
            depth++;
        else if (c == '>' && depth > 0 && name.p[i - 1] != '-')
            depth--;
        else if (depth == 0)
            strbuf_add(text, str_of(&c, 1));
    }
    if (depth > 0)
        return name;
    join_scopes(text);
    return strbuf_str(text);
}

/* The longest end of a name that fits. */
static str find_tail(str name, double hundredths)
{
    double rest = 100 * label_width(name);
    size_t at = 0;
    while (at < name.n && rest > hundredths)
        rest -= width_of(utf8_next(name, &at));
    for (size_t next = at; at < name.n && utf8_columns(utf8_next(name, &next)) == 0;)
        at = next; /* skip a mark whose letter does not fit */
    return str_skip(name, at);
}

static size_t count_letters(str text)
{
    size_t n = 0;
    for (size_t at = 0; at < text.n; n++)
        utf8_next(text, &at);
    return n;
}

/* Both ends if the head is long enough to mean something, else the end. */
static struct label drop_middle(str name, double hundredths)
{
    struct label label = {.dots = ELLIPSIS};
    double dots = 100 * label_width(str_from_c(ELLIPSIS));
    label.head = str_head(name, find_fitting(name, SIZE_MAX, .4 * hundredths - dots));
    if (count_letters(label.head) < LEAST_HEAD)
        label.head.n = 0;
    label.tail = find_tail(name, hundredths - dots - 100 * label_width(label.head));
    if (count_letters(label.head) + 1 + count_letters(label.tail) < LEAST_LETTERS)
        label = (struct label){.dots = ""};
    return label;
}

struct label label_shorten(str name, struct label_room room, struct strbuf *text)
{
    if (room.columns < LEAST_COLUMNS)
        return (struct label){.dots = ""};
    for (int step = 0; step < 3; step++) {
        name = step == 0   ? name
               : step == 1 ? without_arguments(name)
                           : without_templates(name, text);
        if (label_width(name) <= room.em)
            return (struct label){.head = name, .dots = ""};
    }
    return drop_middle(name, 100 * room.em);
}
