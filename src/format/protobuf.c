/* SPDX-License-Identifier: MIT */
/*
 * protobuf: keys, numbers and lengths.
 */
#include "format/protobuf.h"

#include <string.h>

bool protobuf_take_varint(str *rest, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < rest->n && i < 10; i++) {
        unsigned char byte = (unsigned char)rest->p[i];
        if (i == 9 && byte > 1) /* more than 64 bits */
            return false;
        sum |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *value = sum;
            *rest = str_skip(*rest, i + 1);
            return true;
        }
    }
    return false;
}

static bool take_fixed(str *rest, size_t n, uint64_t *value)
{
    if (rest->n < n)
        return false;
    *value = 0;
    for (size_t i = 0; i < n; i++)
        *value |= (uint64_t)(unsigned char)rest->p[i] << (8 * i);
    *rest = str_skip(*rest, n);
    return true;
}

static bool take_protobuf_bytes(str *rest, str *bytes)
{
    uint64_t n;
    if (!protobuf_take_varint(rest, &n) || n > rest->n)
        return false;
    *bytes = str_head(*rest, (size_t)n);
    *rest = str_skip(*rest, (size_t)n);
    return true;
}

bool protobuf_next(struct protobuf *message, struct protobuf_field *field)
{
    str rest = message->rest;
    uint64_t key;
    if (rest.n == 0)
        return false;
    bool good = protobuf_take_varint(&rest, &key) && key >> 3 != 0;
    *field = (struct protobuf_field){.number = good ? key >> 3 : 0};
    field->type = good ? (enum protobuf_type)(key & 7) : PROTOBUF_TAKEN;
    switch (field->type) {
    case PROTOBUF_VARINT: good = protobuf_take_varint(&rest, &field->value); break;
    case PROTOBUF_FIXED64: good = take_fixed(&rest, 8, &field->value); break;
    case PROTOBUF_FIXED32: good = take_fixed(&rest, 4, &field->value); break;
    case PROTOBUF_BYTES: good = take_protobuf_bytes(&rest, &field->bytes); break;
    default: good = false;
    }
    message->damaged = !good;
    if (good)
        message->rest = rest;
    return good;
}

bool protobuf_next_number(struct protobuf_field *field, uint64_t *value, bool *damaged)
{
    if (field->type == PROTOBUF_BYTES) {
        if (field->bytes.n == 0)
            return false;
        *damaged |= !protobuf_take_varint(&field->bytes, value);
        return !*damaged;
    }
    if (field->type == PROTOBUF_TAKEN)
        return false;
    *value = field->value;
    field->type = PROTOBUF_TAKEN;
    return true;
}

void protobuf_put_varint(struct strbuf *to, uint64_t value)
{
    char bytes[10];
    size_t n = 0;
    for (; value > 0x7f; value >>= 7)
        bytes[n++] = (char)(value | 0x80);
    bytes[n++] = (char)value;
    strbuf_add(to, str_of(bytes, n));
}

void protobuf_put_number(struct strbuf *to, unsigned field, uint64_t value)
{
    if (value == 0)
        return;
    protobuf_put_varint(to, field << 3 | PROTOBUF_VARINT);
    protobuf_put_varint(to, value);
}

void protobuf_put_bytes(struct strbuf *to, unsigned field, str bytes)
{
    protobuf_put_varint(to, field << 3 | PROTOBUF_BYTES);
    protobuf_put_varint(to, bytes.n);
    strbuf_add(to, bytes);
}

bool protobuf_numbers(struct protobuf *message, uint64_t *numbers, size_t count)
{
    struct protobuf_field field;
    memset(numbers, 0, count * sizeof *numbers);
    while (protobuf_next(message, &field))
        if (field.number < count && field.type == PROTOBUF_VARINT)
            numbers[field.number] = field.value;
    return !message->damaged;
}
