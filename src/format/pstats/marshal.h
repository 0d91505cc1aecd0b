/* SPDX-License-Identifier: MIT */
/*
 * marshal: objects as Python's module marshal writes them, versions 2 and 4. Source:
 * https://docs.python.org/3/library/marshal.html
 *
 * Objects are numbered in the order of the file, and a later object can be a reference to such a
 * number. The caller takes the objects in a container one by one, so there is no recursion.
 */
#ifndef FLAMETREE_FORMAT_PSTATS_MARSHAL_H
#define FLAMETREE_FORMAT_PSTATS_MARSHAL_H

#include "core/heap.h"

/* Of the byte that an object begins with: its type; that it gets a number. */
enum { MARSHAL_TYPE = 0x7f, MARSHAL_FLAG = 0x80 };

struct marshal {
    struct heap *heap;
    str all;
    VEC(size_t) objects; /* where those with a number begin */
    VEC(size_t) strings; /* of Python 2, which have numbers of their own */
    size_t damage;       /* where it is damaged */
    bool damaged;
};

/* The source of objects. `again`: they were seen before and have their numbers. */
struct marshal_place {
    size_t at;
    bool again;
};

enum marshal_kind { MARSHAL_NUMBER, MARSHAL_TEXT, MARSHAL_TUPLE, MARSHAL_DICT, MARSHAL_END };

struct marshal_value {
    enum marshal_kind kind;
    double number; /* of a tuple: how many objects it holds */
    str text;
    struct marshal_place *items; /* where those are taken from */
    struct marshal_place known;  /* of an object that was referred to by its number */
};

/* The next object, or the head of a container. False if it is damaged. */
bool marshal_take(struct marshal *m, struct marshal_place *place, struct marshal_value *value);

/* The same for an object of this kind, which holds `count` others if it is a tuple. */
bool marshal_expect(struct marshal *m, struct marshal_place *place, enum marshal_kind kind,
                    double count, struct marshal_value *value);

/* Set `damage`. Always returns false. */
bool marshal_damage(struct marshal *m, size_t at);

bool marshal_is_text(unsigned char type);

#endif
