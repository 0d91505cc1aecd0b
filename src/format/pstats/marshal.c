/* SPDX-License-Identifier: MIT */
/*
 * marshal: an object is a byte for its type, and its content.
 */
#include "format/pstats/marshal.h"

#include "core/num.h"

bool marshal_damage(struct marshal *m, size_t at)
{
    if (!m->damaged)
        m->damage = at;
    m->damaged = true;
    return false;
}

static str take_marshal_text(struct marshal *m, struct marshal_place *place, uint64_t n)
{
    if (m->damaged || m->all.n - place->at < n) {
        marshal_damage(m, place->at);
        return STR("");
    }
    place->at += (size_t)n;
    return str_of(m->all.p + place->at - n, (size_t)n);
}

/* A number of `n` bytes, the lowest first. */
static uint64_t take_marshal_bytes(struct marshal *m, struct marshal_place *place, size_t n)
{
    str bytes = take_marshal_text(m, place, n);
    uint64_t value = 0;
    for (size_t i = bytes.n; i-- > 0;)
        value = value << 8 | (unsigned char)bytes.p[i];
    return value;
}

/* Digits of 15 bits; their count is negative for a negative number. */
static double take_long(struct marshal *m, struct marshal_place *place)
{
    int32_t digits = (int32_t)take_marshal_bytes(m, place, 4);
    double value = 0, scale = 1;
    for (int64_t n = digits < 0 ? -(int64_t)digits : digits; n > 0 && !m->damaged; n--) {
        value += scale * (double)take_marshal_bytes(m, place, 2);
        scale *= 32768;
    }
    return digits < 0 ? -value : value;
}

static double take_double(struct marshal *m, struct marshal_place *place)
{
    uint64_t bits = take_marshal_bytes(m, place, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double take_decimal(struct marshal *m, struct marshal_place *place)
{
    double value = 0;
    size_t at = place->at;
    if (!num_parse_double(take_marshal_text(m, place, take_marshal_bytes(m, place, 1)), &value))
        marshal_damage(m, at);
    return value;
}

/* The place of the object that an 'r' or 'R' refers to. It is no reference itself. */
static bool find_object(struct marshal *m, struct marshal_place *place, unsigned char type,
                        struct marshal_place *found)
{
    size_t at = place->at - 1;
    uint64_t number = take_marshal_bytes(m, place, 4);
    bool known = type == 'r' ? number < m->objects.n : number < m->strings.n;
    if (m->damaged || !known)
        return marshal_damage(m, at);
    *found = (struct marshal_place){type == 'r' ? m->objects.at[number] : m->strings.at[number],
                                    true};
    return true;
}

bool marshal_is_text(unsigned char type)
{
    return type != '\0' && strchr("stuaAzZ", type);
}

/* The rest of an object of that type, or of the head of a container. */
static void take_marshal_rest(struct marshal *m, struct marshal_place *place, unsigned char type,
                              struct marshal_value *value)
{
    if (marshal_is_text(type)) {
        value->kind = MARSHAL_TEXT;
        value->text = take_marshal_text(
            m, place, take_marshal_bytes(m, place, type == 'z' || type == 'Z' ? 1 : 4));
        return;
    }
    value->kind = MARSHAL_NUMBER;
    switch (type) {
    case 'i': value->number = (double)(int32_t)take_marshal_bytes(m, place, 4); break;
    case 'I': value->number = (double)(int64_t)take_marshal_bytes(m, place, 8); break;
    case 'l': value->number = take_long(m, place); break;
    case 'g': value->number = take_double(m, place); break;
    case 'f': value->number = take_decimal(m, place); break;
    case '(':
    case ')':
        value->kind = MARSHAL_TUPLE;
        value->number = (double)take_marshal_bytes(m, place, type == '(' ? 4 : 1);
        break;
    case '{': value->kind = MARSHAL_DICT; break;
    case '0': value->kind = MARSHAL_END; break;
    default: marshal_damage(m, place->at - 1);
    }
}

bool marshal_take(struct marshal *m, struct marshal_place *place, struct marshal_value *value)
{
    size_t at = place->at;
    unsigned char type = (unsigned char)take_marshal_bytes(m, place, 1);
    *value = (struct marshal_value){.items = place};
    if (m->damaged)
        return false;
    if (type & MARSHAL_FLAG && !place->again)
        vec_push(m->heap, &m->objects, at);
    if (type == 't' && !place->again)
        vec_push(m->heap, &m->strings, at);
    type &= MARSHAL_TYPE;
    if (type == 'r' || type == 'R') {
        if (!find_object(m, place, type, &value->known))
            return false;
        value->items = &value->known;
        type = (unsigned char)take_marshal_bytes(m, &value->known, 1) & MARSHAL_TYPE;
    }
    take_marshal_rest(m, value->items, type, value);
    return !m->damaged;
}

bool marshal_expect(struct marshal *m, struct marshal_place *place, enum marshal_kind kind,
                    double count, struct marshal_value *value)
{
    size_t at = place->at;
    if (!marshal_take(m, place, value))
        return false;
    if (value->kind != kind || (kind == MARSHAL_TUPLE && value->number != count))
        return marshal_damage(m, at);
    return true;
}
