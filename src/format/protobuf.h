/* SPDX-License-Identifier: MIT */
/*
 * protobuf: the wire format of protocol buffers, as far as profiles need it. Source:
 * https://protobuf.dev/programming-guides/encoding/
 *
 *      struct protobuf message = protobuf_of(bytes);
 *      struct protobuf_field field;
 *      while (protobuf_next(&message, &field))
 *          switch (field.number) ...
 *      if (message.damaged) ...
 */
#ifndef FLAMETREE_FORMAT_PROTOBUF_H
#define FLAMETREE_FORMAT_PROTOBUF_H

#include "core/heap.h"

enum protobuf_type {
    PROTOBUF_VARINT = 0,
    PROTOBUF_FIXED64 = 1,
    PROTOBUF_BYTES = 2,
    PROTOBUF_FIXED32 = 5,
    PROTOBUF_TAKEN = 8, /* protobuf_next_number() has taken it */
};

struct protobuf {
    str rest;     /* when damaged: it starts where the damage does */
    bool damaged; /* set by protobuf_next() */
};

struct protobuf_field {
    uint64_t number;
    enum protobuf_type type;
    uint64_t value; /* unless PROTOBUF_BYTES */
    str bytes;      /* of PROTOBUF_BYTES: a text, a message or a packed list */
};

static inline struct protobuf protobuf_of(str bytes)
{
    return (struct protobuf){.rest = bytes};
}

/* Take a number of up to ten bytes from the front of `rest`. */
bool protobuf_take_varint(str *rest, uint64_t *value);

/* The next field. False at the end of the message, or where it is damaged. */
bool protobuf_next(struct protobuf *message, struct protobuf_field *field);

/* Read a whole message of which only numbers are wanted: numbers[field] for fields below `count`,
 * others are 0. False if it is damaged. */
bool protobuf_numbers(struct protobuf *message, uint64_t *numbers, size_t count);

/* The next number of a repeated field, which may be one number or a packed list. False after the
 * last; damage in a list ends it and sets *damaged. */
bool protobuf_next_number(struct protobuf_field *field, uint64_t *value, bool *damaged);

/* Writing: append a number, and a field with its key. A number of 0 is the default and is not
 * written. */
void protobuf_put_varint(struct strbuf *to, uint64_t value);
void protobuf_put_number(struct strbuf *to, unsigned field, uint64_t value);
void protobuf_put_bytes(struct strbuf *to, unsigned field, str bytes);

#endif
