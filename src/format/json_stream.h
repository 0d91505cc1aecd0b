/* SPDX-License-Identifier: MIT */
/*
 * json_stream: JSON (RFC 8259) of any size, taken piece by piece from an input. Nothing is built,
 * and nesting costs one byte a level.
 *
 *      struct json_stream json;
 *      json_stream_init(&json, input, heap);
 *      if (json_enter(&json, '{'))
 *          while (json_next_key(&json, &key))
 *              if (str_equal(key, STR("name")))
 *                  name = json_string_value(&json);
 *              else
 *                  json_skip(&json);
 *      if (json.damaged) ...
 *
 * Each value must be taken: by one of the calls below, or by json_skip(). After damage all calls
 * return false, 0 or "", so that loops end. Texts live until the next call. As browsers write it, a
 * comma may precede a ']' or '}'.
 */
#ifndef FLAMETREE_FORMAT_JSON_STREAM_H
#define FLAMETREE_FORMAT_JSON_STREAM_H

#include "core/num.h"
#include "format/reader_input.h"
#include "profile/builder.h"

struct json_stream {
    struct reader_input *input;
    struct heap *heap;
    bool damaged;
    bool cut; /* damaged because the input ends: what came before is all there is */

    /* private */
    str window;      /* what lies ahead in the input */
    size_t at;       /* in the window */
    uint64_t offset; /* of the window */
    bool ended;      /* the window holds all that is left */
    bool fresh;      /* the innermost '{' or '[' has just been opened */
    VEC(char) nesting;
    VEC(char) text;
};

void json_stream_init(struct json_stream *json, struct reader_input *input, struct heap *heap);

/* The number of bytes taken, which is the place of damage. */
uint64_t json_offset(const struct json_stream *json);

/* The first character of the next value: '{', '[', '"', '-' or a digit, t, f or n; '\0' when there
 * is none. */
char json_peek(struct json_stream *json);

/* Go into the object ('{') or array ('[') that comes next. False: it is something else, which is
 * skipped. */
bool json_enter(struct json_stream *json, char kind);

/* In an object: its next key. False at its end, which is taken. */
bool json_next_key(struct json_stream *json, str *key);

/* In an array: another value comes. False at its end, which is taken. */
bool json_next_item(struct json_stream *json);

/* In an array: the next object, which is entered. Other values are skipped. */
bool json_next_object(struct json_stream *json);

/* The next item, taken as json_int_value() does. */
bool json_next_int(struct json_stream *json, int64_t *value);

/* The next value. One of another kind is skipped, and the result is "" or 0. */
str json_string_value(struct json_stream *json);
bool json_number_value(struct json_stream *json, double *value);

/* A whole number, or a part of one is cut off. Numbers in quotes count, too. */
int64_t json_int_value(struct json_stream *json);

/* A weight: see builder_parse_weight(). */
int64_t json_weight_value(struct json_stream *json, struct builder *builder);

/* The exact value of a number that is not negative. False for anything else. */
bool json_decimal_value(struct json_stream *json, struct num_decimal *value);

/* A string or the digits of a number, as text. */
str json_text_value(struct json_stream *json);

void json_skip(struct json_stream *json);

/* The text of the array that comes next, which is not taken, if it holds nothing but numbers
 * without blanks, and is near; else "". */
str json_peek_numbers(struct json_stream *json);

/* Take a text that json_peek_numbers() gave. */
void json_take_numbers(struct json_stream *json, str text);

/* After the last value: false with *err set if the input is no JSON. If it ends too early, the rest
 * counts as skipped. */
bool json_check(const struct json_stream *json, struct builder *builder, struct err *err);

#endif
