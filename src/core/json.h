/* SPDX-License-Identifier: MIT */
/*
 * json: iterates over the members of one JSON object (RFC 8259), such as the first line of the data
 * block. It builds no objects: a value is returned as the bytes of its source text.
 *
 *      struct json json = json_object(text);
 *      str key, value;
 *      while (json_next(&json, &key, &value))
 *          ...
 *      if (json.bad) ...
 */
#ifndef FLAMETREE_CORE_JSON_H
#define FLAMETREE_CORE_JSON_H

#include "core/heap.h"

struct json {
    str text;
    size_t at;
    bool started;
    bool bad; /* malformed; earlier members were returned already */
};

/* `text` is an object, with optional white space around it. */
struct json json_object(str text);

/* The next member: its key, without quotes but with escapes, and the source text of its value. */
bool json_next(struct json *json, str *key, str *value);

/* The text of a string value, without escapes, in `arena`. A lone surrogate becomes U+FFFD. Empty
 * unless `value` is a string. */
str json_string(str value, struct arena *arena);

/* The text between the quotes of a string, with its escapes resolved. `to` has room for twice as
 * many bytes. */
str json_unescape(str bytes, char *to);

#endif
