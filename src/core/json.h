/*
 * json: looking into one JSON object (RFC 8259) of a few members, as the data block's first line
 * is. Values are handed out as the bytes they are written with; nothing is built.
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
    bool bad; /* malformed: what came before it was handed out */
};

/* `text` is an object, white space around it allowed. */
struct json json_object(str text);

/* The next member: its key without quotes, escapes left in, and the bytes of its value. */
bool json_next(struct json *json, str *key, str *value);

/* The text of a string value, escapes resolved, in `arena`; a lone surrogate becomes U+FFFD.
 * Empty when `value` is no string. */
str json_string(str value, struct arena *arena);

#endif
