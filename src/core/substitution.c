/*
 * substitution: the text is cut into pieces once: bytes as they are, or the number of a group.
 */
#include "core/substitution.h"

#include "core/utf8.h"

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
};

static bool fail(const struct substitution *rewrite, const char *why, struct err *err)
{
    str source = rewrite->source;
    return err_set(err, ERR_USAGE, "%s '%.*s': %s", rewrite->option,
                   (int)(source.n < SHOWN ? source.n : SHOWN), source.p, why);
}

/* Where the part that starts at `from` ends: at the mark, unless a backslash stands before it. */
static size_t end_of_part(str s, char mark, size_t from)
{
    size_t at = from;
    while (at < s.n && s.p[at] != mark)
        at += s.p[at] == '\\' && at + 1 < s.n ? 2 : 1;
    return at;
}

static void put_piece(struct substitution *rewrite, str bytes, int group)
{
    struct piece piece = {bytes, group};
    if (group != NO_GROUP || bytes.n > 0)
        vec_push(rewrite->heap, &rewrite->pieces, piece);
}

/* How many bytes a group's name takes at the start of `s`, 0 when there is none. */
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

static bool parse_text(struct substitution *rewrite, str text, struct err *err)
{
    size_t from = 0, at = 0;
    while (at < text.n) {
        int group;
        size_t n = group_name(str_skip(text, at), &group);
        if (n == 0 && (text.p[at] != '\\' || at + 1 == text.n)) {
            at++;
            continue;
        }
        put_piece(rewrite, str_cut(text, from, at), NO_GROUP);
        if (n == 0) { /* the character behind the backslash starts the next piece */
            from = at + 1;
            at += 2;
            continue;
        }
        if ((unsigned)group > pattern_groups(rewrite->pattern))
            return fail(rewrite, "the text asks for a group that the pattern does not have", err);
        put_piece(rewrite, str_cut(text, 0, 0), group);
        from = at += n;
    }
    put_piece(rewrite, str_skip(text, from), NO_GROUP);
    return true;
}

static bool parse_flags(struct substitution *rewrite, str flags, unsigned *traits, struct err *err)
{
    for (size_t i = 0; i < flags.n; i++) {
        if (flags.p[i] == 'g')
            rewrite->every = true;
        else if (flags.p[i] == 'i')
            *traits |= PATTERN_ANY_CASE;
        else
            return fail(rewrite, "the flags behind the last mark can be i and g", err);
    }
    return true;
}

static bool is_mark(char c)
{
    return c > ' ' && c < 0x7f && c != '\\' && !is_alpha(c) && !is_digit(c);
}

static bool parse(struct substitution *rewrite, struct err *err)
{
    str s = rewrite->source;
    unsigned traits = 0;
    if (s.n < 4 || s.p[0] != 's' || !is_mark(s.p[1]))
        return fail(rewrite, "write s/REGEX/TEXT/, with i and g behind it if you like", err);
    size_t middle = end_of_part(s, s.p[1], 2);
    size_t end = middle < s.n ? end_of_part(s, s.p[1], middle + 1) : s.n;
    if (end >= s.n)
        return fail(rewrite, "it lacks the mark that ends the text: s/REGEX/TEXT/", err);
    if (middle == 2)
        return fail(rewrite, "the pattern is empty", err);
    if (!parse_flags(rewrite, str_skip(s, end + 1), &traits, err))
        return false;
    rewrite->pattern = pattern_compile(rewrite->heap, rewrite->option, str_cut(s, 2, middle),
                                       traits, err);
    return rewrite->pattern && parse_text(rewrite, str_cut(s, middle + 1, end), err);
}

struct substitution *substitution_parse(struct heap *heap, const char *option, str text,
                                        struct err *err)
{
    struct substitution *rewrite = heap_zero(heap, 1, sizeof *rewrite);
    rewrite->heap = heap;
    rewrite->option = option;
    rewrite->source = text;
    if (parse(rewrite, err))
        return rewrite;
    substitution_free(rewrite);
    return NULL;
}

static void put(const struct substitution *rewrite, struct substitution_text *to, str bytes)
{
    vec_reserve(rewrite->heap, &to->bytes, bytes.n);
    if (bytes.n > 0)
        memcpy(to->bytes.at + to->bytes.n, bytes.p, bytes.n);
    to->bytes.n += bytes.n;
}

static void put_text(const struct substitution *rewrite, struct substitution_text *to, str name,
                     const size_t *at)
{
    for (size_t i = 0; i < rewrite->pieces.n; i++) {
        const struct piece *piece = &rewrite->pieces.at[i];
        if (piece->group == NO_GROUP)
            put(rewrite, to, piece->bytes);
        else if (at[2 * piece->group] != PATTERN_UNSET)
            put(rewrite, to, str_cut(name, at[2 * piece->group], at[2 * piece->group + 1]));
    }
}

bool substitution_name(const struct substitution *rewrite, str name, struct substitution_text *to,
                       bool *changed, struct err *err)
{
    struct pattern_found found;
    size_t done = 0, from = 0; /* bytes of the name that are in *to; where to look on */
    to->bytes.n = 0;
    *changed = false;
    for (;;) {
        if (!pattern_find(rewrite->pattern, name, from, &found, err))
            return false;
        if (!found.found)
            break;
        *changed = true;
        put(rewrite, to, str_cut(name, done, found.at[0]));
        put_text(rewrite, to, name, found.at);
        done = from = found.at[1];
        if (found.at[0] == found.at[1]) { /* an empty match: go on behind the next character */
            if (from == name.n)
                break;
            utf8_next(name, &from);
        }
        if (!rewrite->every)
            break;
    }
    put(rewrite, to, str_skip(name, done));
    return true;
}

str substitution_source(const struct substitution *rewrite)
{
    return rewrite->source;
}

void substitution_free(struct substitution *rewrite)
{
    if (!rewrite)
        return;
    pattern_free(rewrite->pattern);
    vec_free(rewrite->heap, &rewrite->pieces);
    heap_free(rewrite->heap, rewrite);
}
