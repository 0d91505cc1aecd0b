/* SPDX-License-Identifier: MIT */
/*
 * json_check: whether text is one JSON value (RFC 8259) in UTF-8, and whether text is CSV
 * (RFC 4180) whose records have the same number of fields. Written apart from what writes them.
 */
#ifndef FLAMETREE_TESTS_JSON_CHECK_H
#define FLAMETREE_TESTS_JSON_CHECK_H

#include "core/str.h"

enum { JSON_DEEPEST = 32 };

struct json_text {
    str text;
    size_t at;
};

static inline char json_peek(const struct json_text *json)
{
    return json->at < json->text.n ? json->text.p[json->at] : '\0';
}

static inline void json_skip_space(struct json_text *json)
{
    while (json_peek(json) != '\0' && strchr(" \t\r\n", json_peek(json)))
        json->at++;
}

static inline bool json_take(struct json_text *json, char c)
{
    if (json_peek(json) != c || json->at == json->text.n)
        return false;
    json->at++;
    return true;
}

static inline bool json_check_string(struct json_text *json)
{
    if (!json_take(json, '"'))
        return false;
    while (json->at < json->text.n) {
        unsigned char c = (unsigned char)json->text.p[json->at++];
        if (c == '"')
            return true;
        if (c < 0x20)
            return false;
        if (c == '\\') {
            char escape = json_peek(json);
            if (escape == '\0' || !strchr("\"\\/bfnrtu", escape))
                return false;
            json->at++;
            for (int i = 0; escape == 'u' && i < 4; i++, json->at++)
                if (!is_hex(json_peek(json)))
                    return false;
        }
    }
    return false;
}

static inline bool json_digits(struct json_text *json)
{
    size_t from = json->at;
    while (is_digit(json_peek(json)))
        json->at++;
    return json->at > from;
}

static inline bool json_check_scalar(struct json_text *json)
{
    static const str words[] = {STR_INIT("null"), STR_INIT("true"), STR_INIT("false")};
    if (json_peek(json) == '"')
        return json_check_string(json);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_starts(str_skip(json->text, json->at), words[i])) {
            json->at += words[i].n;
            return true;
        }
    }
    json_take(json, '-');
    if (!json_take(json, '0') && !json_digits(json))
        return false;
    if (json_take(json, '.') && !json_digits(json))
        return false;
    if (json_take(json, 'e') || json_take(json, 'E')) {
        if (!json_take(json, '+'))
            json_take(json, '-');
        return json_digits(json);
    }
    return true;
}

/* Behind a value: up to where the next begins. False: this is not how it goes on. *done: it was
 * the last. */
static inline bool json_check_ends(struct json_text *json, char *open, size_t *depth, bool *done)
{
    for (json_skip_space(json); *depth > 0; json_skip_space(json)) {
        if (json_take(json, open[*depth - 1])) {
            --*depth;
            continue;
        }
        if (!json_take(json, ','))
            return false;
        json_skip_space(json);
        *done = false;
        return true;
    }
    *done = true;
    return json->at == json->text.n;
}

static inline bool json_check_key(struct json_text *json)
{
    if (!json_check_string(json))
        return false;
    json_skip_space(json);
    if (!json_take(json, ':'))
        return false;
    json_skip_space(json);
    return true;
}

static inline bool json_check(str text)
{
    struct json_text json = {text, 0};
    char open[JSON_DEEPEST]; /* what ends each value around */
    size_t depth = 0;
    bool done = false, good = true;
    json_skip_space(&json);
    while (good && !done) {
        if (depth > 0 && open[depth - 1] == '}' && !json_check_key(&json))
            return false;
        char first = json_peek(&json);
        if (first == '{' || first == '[') {
            if (depth == JSON_DEEPEST)
                return false;
            json.at++;
            open[depth++] = first == '{' ? '}' : ']';
            json_skip_space(&json);
            if (json_peek(&json) != open[depth - 1])
                continue;
        } else if (!json_check_scalar(&json)) {
            return false;
        }
        good = json_check_ends(&json, open, &depth, &done);
    }
    return good;
}

/* One field of a record; *more: a comma follows. */
static inline bool csv_field(str text, size_t *at, bool *more)
{
    if (*at < text.n && text.p[*at] == '"') {
        for (++*at;; ++*at) {
            *at = str_find(text, '"', *at);
            if (*at >= text.n)
                return false;
            ++*at;
            if (*at >= text.n || text.p[*at] != '"')
                break;
        }
    } else {
        while (*at < text.n && !strchr(",\"\r\n", text.p[*at]))
            ++*at;
    }
    *more = *at < text.n && text.p[*at] == ',';
    if (*at < text.n && text.p[*at] == '\r')
        ++*at;
    if (*at >= text.n || (text.p[*at] != ',' && text.p[*at] != '\n'))
        return false;
    ++*at;
    return true;
}

static inline bool csv_check(str text)
{
    size_t want = 0;
    for (size_t at = 0; at < text.n;) {
        size_t fields = 0;
        bool more = true;
        for (; more; fields++)
            if (!csv_field(text, &at, &more))
                return false;
        if (want == 0)
            want = fields;
        if (fields != want)
            return false;
    }
    return want > 0;
}

#endif
