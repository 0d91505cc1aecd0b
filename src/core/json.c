/*
 * json: values are skipped by counting brackets, so depth costs nothing.
 */
#include "core/json.h"

static void skip_space(struct json *json)
{
    while (json->at < json->text.n && memchr(" \t\r\n", json->text.p[json->at], 4))
        json->at++;
}

static bool take(struct json *json, char c)
{
    skip_space(json);
    if (json->at == json->text.n || json->text.p[json->at] != c)
        return false;
    json->at++;
    return true;
}

/* Over a string, its opening quote being next; false when it does not end. */
static bool skip_string(struct json *json)
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

static bool skip_value(struct json *json)
{
    size_t depth = 0, from = json->at;
    while (json->at < json->text.n) {
        char c = json->text.p[json->at];
        if (c == '"') {
            if (!skip_string(json))
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
    json.bad = !take(&json, '{');
    return json;
}

bool json_next(struct json *json, str *key, str *value)
{
    if (json->bad || take(json, '}'))
        return false;
    if (json->started && !take(json, ',')) {
        json->bad = true;
        return false;
    }
    json->started = true;
    skip_space(json);
    size_t from = json->at;
    json->bad = from == json->text.n || json->text.p[from] != '"' || !skip_string(json);
    if (json->bad)
        return false;
    *key = str_cut(json->text, from + 1, json->at - 1);
    json->bad = !take(json, ':');
    skip_space(json);
    from = json->at;
    json->bad = json->bad || !skip_value(json);
    *value = str_trim(str_cut(json->text, from, json->at));
    return !json->bad;
}

static unsigned hex_digit(char c)
{
    return is_digit(c) ? (unsigned)(c - '0') : (unsigned)(to_lower(c) - 'a') + 10;
}

/* The four digits behind "\u"; UINT32_MAX when they are none. */
static uint32_t code_unit(str s, size_t at)
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

static size_t put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    to[0] = (char)(0xf00u >> n | code);
    return n;
}

/* \uXXXX at *at (which is the 'u'), with its second half when it is a surrogate. */
static uint32_t take_code(str s, size_t *at)
{
    uint32_t code = code_unit(s, *at + 1);
    if (code == UINT32_MAX)
        return 0xfffd;
    *at += 4;
    if (code < 0xd800 || code > 0xdfff)
        return code;
    uint32_t low = *at + 2 < s.n && s.p[*at + 1] == '\\' && s.p[*at + 2] == 'u'
                       ? code_unit(s, *at + 3)
                       : UINT32_MAX;
    if (code > 0xdbff || low < 0xdc00 || low > 0xdfff)
        return 0xfffd;
    *at += 6;
    return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
}

str json_string(str value, struct arena *arena)
{
    static const char plain[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    if (value.n < 2 || value.p[0] != '"' || value.p[value.n - 1] != '"')
        return STR("");
    str s = str_cut(value, 1, value.n - 1);
    char *p = arena_alloc(arena, s.n, 2, 1); /* "\u" without digits becomes three bytes */
    size_t n = 0;
    for (size_t at = 0; at < s.n; at++) {
        const char *known;
        if (s.p[at] != '\\' || at + 1 == s.n)
            p[n++] = s.p[at];
        else if (s.p[++at] == 'u')
            n += put_utf8(p + n, take_code(s, &at));
        else if ((known = memchr(plain, s.p[at], sizeof plain - 1)))
            p[n++] = means[known - plain];
    }
    return str_of(p, n);
}
