/* SPDX-License-Identifier: MIT */
/*
 * json: values are skipped by counting brackets, without recursion.
 */
#include "core/json.h"

static void skip_json_space(struct json *json)
{
    while (json->at < json->text.n && memchr(" \t\r\n", json->text.p[json->at], 4))
        json->at++;
}

static bool take_char(struct json *json, char c)
{
    skip_json_space(json);
    if (json->at == json->text.n || json->text.p[json->at] != c)
        return false;
    json->at++;
    return true;
}

/* Skip a string, from its opening quote; false if it does not end. */
static bool skip_json_string(struct json *json)
{
    for (json->at++; json->at < json->text.n; json->at++) {
        if (json->text.p[json->at] == '\\')
            json->at++;
        else if (json->text.p[json->at] == '"')
            return json->at++, true;
    }
    json->at = json->text.n;
    return false;
}

static bool skip_json_value(struct json *json)
{
    size_t depth = 0, from = json->at;
    while (json->at < json->text.n) {
        char c = json->text.p[json->at];
        if (c == '"') {
            if (!skip_json_string(json))
                return false;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            break;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        json->at++;
    }
    return depth == 0 && json->at > from;
}

struct json json_object(str text)
{
    struct json json = {.text = text};
    json.bad = !take_char(&json, '{');
    return json;
}

bool json_next(struct json *json, str *key, str *value)
{
    if (json->bad || take_char(json, '}'))
        return false;
    if (json->started && !take_char(json, ',')) {
        json->bad = true;
        return false;
    }
    json->started = true;
    skip_json_space(json);
    size_t from = json->at;
    json->bad = from == json->text.n || json->text.p[from] != '"' || !skip_json_string(json);
    if (json->bad)
        return false;
    *key = str_cut(json->text, from + 1, json->at - 1);
    json->bad = !take_char(json, ':');
    skip_json_space(json);
    from = json->at;
    json->bad = json->bad || !skip_json_value(json);
    *value = str_trim(str_cut(json->text, from, json->at));
    return !json->bad;
}

/* The value of four hex digits at `at`; UINT32_MAX if they are no digits. */
static uint32_t parse_code_unit(str s, size_t at)
{
    uint32_t unit = 0;
    if (at + 4 > s.n)
        return UINT32_MAX;
    for (size_t i = at; i < at + 4; i++) {
        if (!is_hex(s.p[i]))
            return UINT32_MAX;
        unit = unit << 4 | hex_digit(s.p[i]);
    }
    return unit;
}

/* The character of \uXXXX, with *at at the 'u'. A surrogate takes the next \uXXXX, too. */
static uint32_t take_escape(str s, size_t *at)
{
    uint32_t code = parse_code_unit(s, *at + 1);
    if (code == UINT32_MAX)
        return 0xfffd;
    *at += 4;
    if (code < 0xd800 || code > 0xdfff)
        return code;
    uint32_t low = *at + 2 < s.n && s.p[*at + 1] == '\\' && s.p[*at + 2] == 'u'
                       ? parse_code_unit(s, *at + 3)
                       : UINT32_MAX;
    if (code > 0xdbff || low < 0xdc00 || low > 0xdfff)
        return 0xfffd;
    *at += 6;
    return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
}

str json_unescape(str bytes, char *to)
{
    static const char plain[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    size_t n = 0;
    for (size_t at = 0; at < bytes.n; at++) {
        const char *known;
        if (bytes.p[at] != '\\' || at + 1 == bytes.n)
            to[n++] = bytes.p[at];
        else if (bytes.p[++at] == 'u')
            n += utf8_put(to + n, take_escape(bytes, &at));
        else if ((known = memchr(plain, bytes.p[at], sizeof plain - 1)))
            to[n++] = means[known - plain];
    }
    return str_of(to, n);
}

str json_string(str value, struct arena *arena)
{
    if (value.n < 2 || value.p[0] != '"' || value.p[value.n - 1] != '"')
        return STR("");
    str bytes = str_cut(value, 1, value.n - 1);
    return json_unescape(bytes, arena_alloc(arena, bytes.n, 2, 1)); /* a bad "\u" becomes U+FFFD */
}
