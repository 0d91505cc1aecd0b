/* SPDX-License-Identifier: MIT */
/*
 * substitution: see pattern.h. The text is split once into pieces: bytes, or the number of a
 * group.
 */
#include "core/pattern.h"

#include "core/heap.h"
#include "core/str.h"

enum { NO_GROUP = -1, SHOWN = 100 };

struct piece {
    str bytes;
    int group; /* NO_GROUP: the bytes */
};

struct substitution {
    struct heap *heap;
    struct pattern *pattern;
    VEC(struct piece) pieces;
    bool every;
    const char *option;
    str source;
    VEC(char) name; /* where a new name is put together */
};

static bool fail_parse(const struct substitution *substitution, const char *why, struct err *err)
{
    str source = substitution->source;
    return err_set(err, ERR_USAGE, "%s '%.*s': %s", substitution->option, STR_SHOWN(source, SHOWN),
                   why);
}

/* The part that starts at `from` ends at the next mark that has no backslash before it. */
static size_t find_part_end(str s, char mark, size_t from)
{
    size_t at = from;
    while (at < s.n && s.p[at] != mark)
        at += s.p[at] == '\\' && at + 1 < s.n ? 2 : 1;
    return at;
}

static void put_piece(struct substitution *substitution, str bytes, int group)
{
    struct piece piece = {bytes, group};
    if (group != NO_GROUP || bytes.n > 0)
        vec_push(substitution->heap, &substitution->pieces, piece);
}

/* The length of the name of a group at the start of `s`. 0: there is none. */
static size_t group_name(str s, int *group)
{
    if (s.n >= 2 && s.p[0] == '$' && (is_digit(s.p[1]) || s.p[1] == '&')) {
        *group = s.p[1] == '&' ? 0 : s.p[1] - '0';
        return 2;
    }
    if (s.n >= 4 && s.p[0] == '$' && s.p[1] == '{' && is_digit(s.p[2]) && s.p[3] == '}') {
        *group = s.p[2] - '0';
        return 4;
    }
    return 0;
}

static bool parse_text(struct substitution *substitution, str text, struct err *err)
{
    size_t from = 0, at = 0;
    while (at < text.n) {
        int group;
        size_t n = group_name(str_skip(text, at), &group);
        if (n == 0 && (text.p[at] != '\\' || at + 1 == text.n)) {
            at++;
            continue;
        }
        put_piece(substitution, str_cut(text, from, at), NO_GROUP);
        if (n == 0) { /* the character after the backslash starts the next piece */
            from = at + 1;
            at += 2;
            continue;
        }
        if ((unsigned)group > pattern_groups(substitution->pattern))
            return fail_parse(substitution,
                              "the text asks for a group that the pattern does not have", err);
        put_piece(substitution, str_cut(text, 0, 0), group);
        from = at += n;
    }
    put_piece(substitution, str_skip(text, from), NO_GROUP);
    return true;
}

static bool parse_flags(struct substitution *substitution, str flags, unsigned *traits,
                        struct err *err)
{
    for (size_t i = 0; i < flags.n; i++) {
        if (flags.p[i] == 'g')
            substitution->every = true;
        else if (flags.p[i] == 'i')
            *traits |= PATTERN_ANY_CASE;
        else
            return fail_parse(substitution, "the flags after the last mark can be i and g", err);
    }
    return true;
}

static bool is_mark(char c)
{
    return c > ' ' && c < 0x7f && c != '\\' && !is_alpha(c) && !is_digit(c);
}

static bool parse_source(struct substitution *substitution, struct err *err)
{
    str s = substitution->source;
    unsigned traits = 0;
    if (s.n < 4 || s.p[0] != 's' || !is_mark(s.p[1]))
        return fail_parse(substitution, "write s/REGEX/TEXT/, followed by i and g if you like",
                          err);
    size_t middle = find_part_end(s, s.p[1], 2);
    size_t end = middle < s.n ? find_part_end(s, s.p[1], middle + 1) : s.n;
    if (end >= s.n)
        return fail_parse(substitution, "it lacks the mark that ends the text: s/REGEX/TEXT/", err);
    if (middle == 2)
        return fail_parse(substitution, "the pattern is empty", err);
    if (!parse_flags(substitution, str_skip(s, end + 1), &traits, err))
        return false;
    substitution->pattern = pattern_compile(substitution->heap, substitution->option,
                                            str_cut(s, 2, middle), traits, err);
    return substitution->pattern && parse_text(substitution, str_cut(s, middle + 1, end), err);
}

struct substitution *substitution_parse(struct heap *heap, const char *option, str text,
                                        struct err *err)
{
    struct substitution *substitution = heap_zero(heap, 1, sizeof *substitution);
    substitution->heap = heap;
    substitution->option = option;
    substitution->source = text;
    if (parse_source(substitution, err))
        return substitution;
    substitution_free(substitution);
    return NULL;
}

static void put_bytes(struct substitution *substitution, str bytes)
{
    vec_reserve(substitution->heap, &substitution->name, bytes.n);
    if (bytes.n > 0)
        memcpy(substitution->name.at + substitution->name.n, bytes.p, bytes.n);
    substitution->name.n += bytes.n;
}

static void put_replacement(struct substitution *substitution, str name, const size_t *at)
{
    for (size_t i = 0; i < substitution->pieces.n; i++) {
        const struct piece *piece = &substitution->pieces.at[i];
        if (piece->group == NO_GROUP)
            put_bytes(substitution, piece->bytes);
        else if (at[2 * piece->group] != PATTERN_UNSET)
            put_bytes(substitution, str_cut(name, at[2 * piece->group], at[2 * piece->group + 1]));
    }
}

bool substitution_name(struct substitution *substitution, str name, str *to, bool *changed,
                       struct err *err)
{
    struct pattern_found found;
    size_t done = 0, from = 0; /* bytes of the name that are copied; where to search next */
    substitution->name.n = 0;
    *changed = false;
    for (;;) {
        if (!pattern_find(substitution->pattern, name, from, &found, err))
            return false;
        if (!found.found)
            break;
        *changed = true;
        put_bytes(substitution, str_cut(name, done, found.at[0]));
        put_replacement(substitution, name, found.at);
        done = from = found.at[1];
        if (found.at[0] == found.at[1]) { /* an empty match: go on after the next character */
            if (from == name.n)
                break;
            utf8_next(name, &from);
        }
        if (!substitution->every)
            break;
    }
    if (*changed)
        put_bytes(substitution, str_skip(name, done));
    *to = str_of(substitution->name.at, substitution->name.n);
    return true;
}

void substitution_free(struct substitution *substitution)
{
    if (!substitution)
        return;
    pattern_free(substitution->pattern);
    vec_free(substitution->heap, &substitution->pieces);
    vec_free(substitution->heap, &substitution->name);
    heap_free(substitution->heap, substitution);
}
