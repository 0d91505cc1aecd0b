/* SPDX-License-Identifier: MIT */
/*
 * attrs: links, titles, ids and other attributes that a user gives to frames by their names.
 *
 *      tcp_sendmsg<TAB>href=https://docs/tcp_sendmsg.html<TAB>title=sends a message
 *      main<TAB>class=own<TAB>g_extra=data-owner="me" tabindex="0"
 *
 * The file may come from somebody else, as the profile may: it can lead to other pages, but what
 * would run a script is refused unless the table is `unsafe`.
 */
#ifndef FLAMETREE_PICTURE_ATTRS_H
#define FLAMETREE_PICTURE_ATTRS_H

#include "core/heap.h"

/* An attribute from g_extra or a_extra. */
struct attrs_extra {
    str name, value; /* the name is one that XML allows; the value is not escaped */
    bool link;       /* of the link, and not of the group */
};

enum attrs_key {
    ATTRS_ID,
    ATTRS_CLASS,
    ATTRS_TITLE,
    ATTRS_HREF,
    ATTRS_TARGET,
    ATTRS_G_EXTRA,
    ATTRS_A_EXTRA,
    ATTRS_KEYS
};

struct attrs {
    str value[ATTRS_KEYS]; /* p NULL: not given */
    VEC(struct attrs_extra) extras;
};

struct attrs_table {
    struct heap *heap;
    struct intern names;
    VEC(struct attrs) entries; /* by the id of the name */
    bool unsafe;               /* links of any scheme, event handlers */
};

void attrs_init(struct attrs_table *table, struct heap *heap, uint64_t seed);

/* Add the lines of `text`, which outlives the table. False with *err naming the line. */
bool attrs_read(struct attrs_table *table, str text, struct err *err);

/* NULL when the name has none. */
const struct attrs *attrs_find(const struct attrs_table *table, str name);

#endif
