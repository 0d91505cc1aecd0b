/* SPDX-License-Identifier: MIT */
/*
 * json_stream: the window grows until a token is in it as a whole.
 */
#include "format/json_stream.h"

#include <math.h>

#include "core/json.h"
#include "core/num.h"

enum { WINDOW = 1 << 16 };

void json_stream_init(struct json_stream *json, struct reader_input *input, struct heap *heap)
{
    *json = (struct json_stream){.input = input, .heap = heap};
}

void json_stream_end(struct json_stream *json)
{
    vec_free(json->heap, &json->nesting);
    vec_free(json->heap, &json->text);
}

uint64_t json_offset(const struct json_stream *json)
{
    return json->offset + json->at;
}

/* Have more bytes from `at` on than there are. False: the input ends here. */
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

static bool damage(struct json_stream *json)
{
    json->damaged = true;
    json->cut = json->at == json->window.n;
    return false;
}

/* The next character that is no white space; '\0' at the end. */
static char next_mark(struct json_stream *json)
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

char json_peek(struct json_stream *json)
{
    return next_mark(json);
}

/* The bytes of the string that comes next, without its quotes, escapes left in. */
static bool take_quoted(struct json_stream *json, str *bytes)
{
    size_t n = 1; /* from `at` on, that are looked at */
    if (next_mark(json) != '"')
        return damage(json);
    for (;;) {
        str ahead = str_skip(json->window, json->at);
        const char *end = n < ahead.n ? memchr(ahead.p + n, '"', ahead.n - n) : NULL;
        size_t stop = end ? (size_t)(end - ahead.p) : ahead.n;
        const char *escape = n < stop ? memchr(ahead.p + n, '\\', stop - n) : NULL;
        if (escape && (size_t)(escape - ahead.p) + 1 < ahead.n) {
            n = (size_t)(escape - ahead.p) + 2;
            continue;
        }
        if (end && !escape) {
            *bytes = str_cut(ahead, 1, stop);
            json->at += stop + 1;
            return true;
        }
        n = escape ? (size_t)(escape - ahead.p) : stop;
        if (!widen_window(json)) {
            json->at = json->window.n;
            return damage(json);
        }
    }
}

/* `bytes` with its escapes resolved; it stays where it is when it has none. */
static str resolve_escapes(struct json_stream *json, str bytes)
{
    if (bytes.n == 0 || !memchr(bytes.p, '\\', bytes.n))
        return bytes;
    json->text.n = 0;
    vec_reserve(json->heap, &json->text, bytes.n * 2 + 1);
    return json_unescape(bytes, json->text.at);
}

/* A number or a word. */
static bool take_word(struct json_stream *json, str *word)
{
    size_t n = 0;
    if (next_mark(json) == '\0')
        return damage(json);
    for (;;) {
        str ahead = str_skip(json->window, json->at);
        while (n < ahead.n && (is_alpha(ahead.p[n]) || is_digit(ahead.p[n]) || ahead.p[n] == '-' ||
                               ahead.p[n] == '+' || ahead.p[n] == '.'))
            n++;
        if (n < ahead.n || !widen_window(json)) {
            *word = str_head(str_skip(json->window, json->at), n);
            json->at += n;
            return n > 0 || damage(json);
        }
    }
}

/* The innermost object or array ends; what holds it goes on. */
static void leave(struct json_stream *json)
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
        return damage(json);
    }
    if (mark == end) {
        leave(json);
        return false;
    }
    json->fresh = false;
    return mark != '\0' || damage(json);
}

bool json_next_key(struct json_stream *json, str *key)
{
    str bytes;
    if (json->damaged || !next_member(json, '}') || !take_quoted(json, &bytes))
        return false;
    /* the window may move: the key is kept apart */
    json->text.n = 0;
    vec_reserve(json->heap, &json->text, bytes.n * 2 + 1);
    *key = json_unescape(bytes, json->text.at);
    if (next_mark(json) != ':')
        return damage(json);
    json->at++;
    return true;
}

bool json_next_item(struct json_stream *json)
{
    return !json->damaged && next_member(json, ']');
}

str json_string_value(struct json_stream *json)
{
    str bytes;
    if (next_mark(json) != '"') {
        json_skip(json);
        return STR("");
    }
    return take_quoted(json, &bytes) ? resolve_escapes(json, bytes) : STR("");
}

bool json_number_value(struct json_stream *json, double *value)
{
    char mark = next_mark(json);
    str word;
    *value = 0;
    if (mark == '"') /* some writers quote their numbers */
        return take_quoted(json, &word) && num_parse_double(word, value);
    if (mark == '{' || mark == '[') {
        json_skip(json);
        return false;
    }
    return take_word(json, &word) && num_parse_double(word, value);
}

/* A fast path for a number of up to 18 digits, if they and the byte after them are in the window.
 * Most numbers are like that, and some files have no others. */
static bool take_digits(struct json_stream *json, int64_t *value)
{
    enum { DIGITS_MOST = 18 };
    const char *start = json->window.p + json->at, *at = start;
    const char *end = json->window.n - json->at > DIGITS_MOST ? start + DIGITS_MOST : start;
    *value = 0;
    for (; at < end && is_digit(*at); at++)
        *value = *value * 10 + (*at - '0');
    if (at == start || (*at != ',' && *at != ']' && *at != '}'))
        return false;
    json->at += (size_t)(at - start);
    return true;
}

int64_t json_int_value(struct json_stream *json)
{
    double value;
    int64_t digits;
    if (next_mark(json) != '\0' && take_digits(json, &digits))
        return digits;
    if (!json_number_value(json, &value) || !(fabs(value) < 9e18))
        return 0;
    return (int64_t)value;
}

bool json_decimal_value(struct json_stream *json, struct num_decimal *value)
{
    char mark = next_mark(json);
    str word;
    *value = (struct num_decimal){0};
    if (mark == '{' || mark == '[') {
        json_skip(json);
        return false;
    }
    bool found = mark == '"' ? take_quoted(json, &word) : take_word(json, &word);
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
    int64_t value;
    if (num_parse_scaled(json_text_value(json), 0, &value))
        return value;
    if (!json->damaged)
        builder_skip(builder, "a weight is no number that can be counted", json_offset(json));
    return 0;
}

void json_skip(struct json_stream *json)
{
    size_t depth = json->nesting.n;
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
            take_quoted(json, &bytes);
        } else if ((mark == ',' || mark == ':') && json->nesting.n > depth) {
            json->at++;
        } else if (mark == '\0' || !take_word(json, &bytes)) {
            damage(json);
        }
    } while (!json->damaged && json->nesting.n > depth);
    json->fresh = false;
}

bool json_check(const struct json_stream *json, struct builder *builder, struct err *err)
{
    if (json->damaged && !json->cut)
        return err_set(err, ERR_INPUT, "byte %llu: it is no JSON",
                       (unsigned long long)json_offset(json));
    if (json->damaged)
        builder_skip(builder, "the JSON ends too early", json_offset(json));
    return true;
}
