/* SPDX-License-Identifier: MIT */
/*
 * label: the part of a name that is written into its box.
 *
 *      std::vector<int>::push_back(int const&)
 *      std::vector<int>::pu..          label_cut(), as flamegraph.pl does it
 *      std::vector::push_back          label_shorten(), as the viewer does it
 */
#ifndef FLAMETREE_PICTURE_LABEL_H
#define FLAMETREE_PICTURE_LABEL_H

#include "core/heap.h"

/* The room of a label. By the rule of flamegraph.pl every letter has the width `fontwidth`; this
 * decides whether there is a label and its largest number of columns. `em` is the real room, in
 * font sizes, because letters differ in width. */
struct label_room {
    size_t columns;
    double em;
};

/* head, dots, tail. All are empty if nothing fits. */
struct label {
    str head, tail;
    const char *dots;
};

/* The start of a name, given without its mark. */
struct label label_cut(str name, struct label_room room);

/* The name without its arguments, then without its template arguments, then without its middle.
 * The label refers to `name` or to `text`. */
struct label label_shorten(str name, struct label_room room, struct strbuf *text);

/* The width of a text in sizes of the font: that of Verdana or DejaVu Sans, whichever is wider. */
double label_width(str text);

static inline bool label_is_empty(const struct label *label)
{
    return label->head.n + label->tail.n == 0 && label->dots[0] == '\0';
}

#endif
