/* SPDX-License-Identifier: MIT */
/*
 * json_stream: the window grows until a token is in it as a whole.
 */
#include "format/json_stream.h"

#include <math.h>

#include "core/json.h"
#include "core/num.h"
#include "core/simd16.h"

enum { WINDOW = 1 << 16 };

void json_stream_init(struct json_stream *json, struct reader_input *input, struct heap *heap)
{
    *json = (struct json_stream){.input = input, .heap = heap};
}

uint64_t json_offset(const struct json_stream *json)
{
    return json->offset + json->at;
}

/* Get more bytes into the window, which begins at `at` afterwards. False: the input has no more. */
static bool widen_window(struct json_stream *json)
{
    size_t ahead = json->window.n - json->at, wanted = ahead * 2 > WINDOW ? ahead * 2 : WINDOW;
    if (json->ended)
        return false;
    reader_input_skip(json->input, json->at);
    json->offset += json->at;
    json->at = 0;
    json->window = reader_input_peek(json->input, wanted);
    json->ended = json->window.n < wanted;
    return json->window.n > ahead;
}

static bool mark_damaged(struct json_stream *json)
{
    json->damaged = true;
    json->cut = json->at == json->window.n;
    return false;
}

static char skip_space(struct json_stream *json)
{
    while (!json->damaged) {
        for (; json->at < json->window.n; json->at++) {
            char c = json->window.p[json->at];
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
                return c;
        }
        if (!widen_window(json))
            break;
    }
    return '\0';
}

/* The next character that is no white space; '\0' at the end. */
static inline char next_mark(struct json_stream *json)
{
    if (json->at < json->window.n && json->window.p[json->at] > ' ' && !json->damaged)
        return json->window.p[json->at];
    return skip_space(json);
}

char json_peek(struct json_stream *json)
{
    return next_mark(json);
}

/* The first quote or backslash in s from `at` on; s.n: there is none. */
static inline size_t find_quote(str s, size_t at)
{
    for (; at + sizeof(bytes16) <= s.n; at += sizeof(bytes16)) {
        bytes16 v = simd16_load(s.p + at);
        unsigned first = simd16_first((bytes16)(v == '"') | (bytes16)(v == '\\'));
        if (first < sizeof(bytes16))
            return at + first;
    }
    while (at < s.n && s.p[at] != '"' && s.p[at] != '\\')
        at++;
    return at;
}

/* The bytes of the string that comes next, without its quotes, and whether escapes are in them. */
static bool take_quoted(struct json_stream *json, str *bytes, bool *escaped)
{
    size_t n = 1; /* from `at` on, that are looked at */
    *escaped = false;
    if (next_mark(json) != '"')
        return mark_damaged(json);
    for (;;) {
        str ahead = str_skip(json->window, json->at);
        n = find_quote(ahead, n);
        if (n < ahead.n && ahead.p[n] == '"') {
            *bytes = str_cut(ahead, 1, n);
            json->at += n + 1;
            return true;
        }
        *escaped |= n < ahead.n;
        if (n + 1 < ahead.n) {
            n += 2;
        } else if (!widen_window(json)) {
            json->at = json->window.n;
            return mark_damaged(json);
        }
    }
}

static str resolve_escapes(struct json_stream *json, str bytes)
{
    json->text.n = 0;
    vec_reserve(json->heap, &json->text, bytes.n * 2 + 1);
    return json_unescape(bytes, json->text.at);
}

/* A number or a word. */
static bool take_word(struct json_stream *json, str *word)
{
    size_t n = 0;
    if (next_mark(json) == '\0')
        return mark_damaged(json);
    for (;;) {
        str ahead = str_skip(json->window, json->at);
        while (n < ahead.n && (is_alnum(ahead.p[n]) || ahead.p[n] == '-' || ahead.p[n] == '+' ||
                               ahead.p[n] == '.'))
            n++;
        if (n < ahead.n || !widen_window(json)) {
            *word = str_head(str_skip(json->window, json->at), n);
            json->at += n;
            return n > 0 || mark_damaged(json);
        }
    }
}

/* The innermost object or array ends; the one that contains it continues. */
static void leave_value(struct json_stream *json)
{
    json->at++;
    json->nesting.n--;
    json->fresh = false;
}

bool json_enter(struct json_stream *json, char kind)
{
    if (next_mark(json) != kind) {
        json_skip(json);
        return false;
    }
    json->at++;
    vec_push(json->heap, &json->nesting, kind);
    json->fresh = true;
    return true;
}

/* To the next member of the innermost object or array; false at its end. */
static bool next_member(struct json_stream *json, char end)
{
    char mark = next_mark(json);
    if (!json->fresh && mark == ',') {
        json->at++;
        mark = next_mark(json);
    } else if (!json->fresh && mark != end) {
        return mark_damaged(json);
    }
    if (mark == end) {
        leave_value(json);
        return false;
    }
    json->fresh = false;
    return mark != '\0' || mark_damaged(json);
}

bool json_next_key(struct json_stream *json, str *key)
{
    bool escaped;
    if (json->damaged || !next_member(json, '}') || !take_quoted(json, key, &escaped))
        return false;
    if (escaped || json->at == json->window.n || json->window.p[json->at] != ':')
        *key = resolve_escapes(json, *key); /* a copy: the window may move */
    if (next_mark(json) != ':')
        return mark_damaged(json);
    json->at++;
    return true;
}

bool json_next_item(struct json_stream *json)
{
    return !json->damaged && next_member(json, ']');
}

bool json_next_object(struct json_stream *json)
{
    while (json_next_item(json))
        if (json_enter(json, '{'))
            return true;
    return false;
}

str json_string_value(struct json_stream *json)
{
    bool escaped;
    str bytes;
    if (next_mark(json) != '"') {
        json_skip(json);
        return STR("");
    }
    if (!take_quoted(json, &bytes, &escaped))
        return STR("");
    return escaped ? resolve_escapes(json, bytes) : bytes;
}

/* A fast path for a number of up to 18 digits, with a point among them, if they and the byte after
 * them are in the window. Most numbers are like that, and some files have no others. */
static bool take_json_digits(struct json_stream *json, uint64_t *digits, unsigned *decimals)
{
    enum { DIGITS_MOST = 18 };
    const char *start = json->window.p + json->at, *at = start, *point = NULL;
    const char *end = json->window.n - json->at > DIGITS_MOST ? start + DIGITS_MOST : start;
    uint64_t value = 0;
    for (; at < end; at++) {
        if (is_digit(*at))
            value = value * 10 + (uint64_t)(*at - '0');
        else if (*at == '.' && !point && at > start)
            point = at;
        else
            break;
    }
    if (at == start || (*at != ',' && *at != ']' && *at != '}') || at[-1] == '.')
        return false;
    *digits = value;
    *decimals = point ? (unsigned)(at - point - 1) : 0;
    json->at += (size_t)(at - start);
    return true;
}

bool json_number_value(struct json_stream *json, double *value)
{
    static const double powers[] = {1,   1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
    const uint64_t exact = UINT64_C(1) << 53;
    char mark = next_mark(json);
    size_t start = json->at;
    uint64_t digits;
    unsigned decimals;
    bool escaped;
    str word;
    *value = 0;
    if (mark != '\0' && take_json_digits(json, &digits, &decimals)) {
        if (digits <= exact) { /* both are exact, so that their quotient is rounded once */
            *value = (double)digits / powers[decimals];
            return true;
        }
        json->at = start;
    }
    if (mark == '"') /* some writers quote their numbers */
        return take_quoted(json, &word, &escaped) && num_parse_double(word, value);
    if (mark == '{' || mark == '[') {
        json_skip(json);
        return false;
    }
    return take_word(json, &word) && num_parse_double(word, value);
}

int64_t json_int_value(struct json_stream *json)
{
    double value;
    uint64_t digits;
    unsigned decimals;
    char mark = next_mark(json);
    size_t start = json->at;
    if (mark != '\0' && take_json_digits(json, &digits, &decimals)) {
        if (decimals == 0)
            return (int64_t)digits;
        json->at = start;
    }
    if (!json_number_value(json, &value) || !(fabs(value) < 9e18))
        return 0;
    return (int64_t)value;
}

bool json_next_int(struct json_stream *json, int64_t *value)
{
    size_t at = json->at;
    bool more = !json->damaged && !json->fresh && at + 1 < json->window.n &&
                json->window.p[at] == ',' && is_digit(json->window.p[at + 1]);
    if (more)
        json->at++;
    else
        more = json_next_item(json);
    if (more)
        *value = json_int_value(json);
    return more;
}

bool json_decimal_value(struct json_stream *json, struct num_decimal *value)
{
    char mark = next_mark(json);
    size_t start = json->at;
    bool escaped;
    str word;
    *value = (struct num_decimal){0};
    if (mark == '{' || mark == '[') {
        json_skip(json);
        return false;
    }
    if (mark != '\0' && take_json_digits(json, &value->units, &value->decimals)) {
        if (value->decimals == 0)
            return true;
        json->at = start;
    }
    bool found = mark == '"' ? take_quoted(json, &word, &escaped) : take_word(json, &word);
    return found && num_parse_decimal(word, value);
}

str json_text_value(struct json_stream *json)
{
    char mark = next_mark(json);
    str word;
    if (mark == '-' || is_digit(mark))
        return take_word(json, &word) ? word : STR("");
    return json_string_value(json);
}

int64_t json_weight_value(struct json_stream *json, struct builder *builder)
{
    str text = json_text_value(json);
    return json->damaged ? 0 : builder_parse_weight(builder, text, 0, json_offset(json));
}

void json_skip(struct json_stream *json)
{
    size_t depth = json->nesting.n;
    bool escaped;
    str bytes;
    do {
        char mark = next_mark(json);
        if (mark == '{' || mark == '[') {
            json->at++;
            vec_push(json->heap, &json->nesting, mark);
        } else if ((mark == '}' || mark == ']') && json->nesting.n > depth) {
            json->at++;
            json->nesting.n--;
        } else if (mark == '"') {
            take_quoted(json, &bytes, &escaped);
        } else if ((mark == ',' || mark == ':') && json->nesting.n > depth) {
            json->at++;
        } else if (mark == '\0' || !take_word(json, &bytes)) {
            mark_damaged(json);
        }
    } while (!json->damaged && json->nesting.n > depth);
    json->fresh = false;
}

str json_peek_numbers(struct json_stream *json)
{
    if (next_mark(json) != '[')
        return STR("");
    str ahead = str_skip(json->window, json->at);
    for (size_t at = 1; at + sizeof(bytes16) <= ahead.n; at += sizeof(bytes16)) {
        /* ',' to '9' in ASCII: commas, digits, and "-./" */
        bytes16 v = simd16_load(ahead.p + at);
        unsigned end = simd16_first((bytes16)(v < ',') | (bytes16)(v > '9'));
        if (end < sizeof(bytes16))
            return ahead.p[at + end] == ']' ? str_head(ahead, at + end + 1) : STR("");
    }
    return STR("");
}

void json_take_numbers(struct json_stream *json, str text)
{
    json->at += text.n;
    json->fresh = false;
}

bool json_check(const struct json_stream *json, struct builder *builder, struct err *err)
{
    if (json->damaged && !json->cut)
        return err_set(err, ERR_INPUT, "byte %llu: it is not JSON",
                       (unsigned long long)json_offset(json));
    if (json->damaged)
        builder_skip(builder, "the JSON ends too early", json_offset(json));
    return true;
}
