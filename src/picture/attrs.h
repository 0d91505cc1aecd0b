/*
 * attrs: what a person wants frames of a name to carry: links, titles, ids and other attributes.
 *
 *      tcp_sendmsg<TAB>href=https://docs/tcp_sendmsg.html<TAB>title=sends a message
 *      main<TAB>class=own<TAB>g_extra=data-owner="me" tabindex="0"
 *
 * Such a file may come from elsewhere, as the profile does: it can lead to other pages, but what
 * would run a script is refused unless the table is `unsafe`.
 */
#ifndef FLAMETREE_PICTURE_ATTRS_H
#define FLAMETREE_PICTURE_ATTRS_H

#include "core/heap.h"

/* One more attribute for the element, from g_extra or a_extra. */
struct attrs_extra {
    str name, value; /* the name is one that XML allows; the value is not escaped */
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
    VEC(struct attrs_extra) g_extra, a_extra;
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

/* NULL when nothing is wanted for that name. */
const struct attrs *attrs_find(const struct attrs_table *table, str name);

#endif
