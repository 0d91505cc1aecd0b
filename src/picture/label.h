/*
 * label: the part of a name that fits into a frame.
 */
#ifndef FLAMETREE_PICTURE_LABEL_H
#define FLAMETREE_PICTURE_LABEL_H

#include "core/str.h"

struct label {
    str text; /* the start of the name */
    bool cut; /* ".." belongs behind it */
};

/* What fits of an unmarked name into `room` columns; text.n == 0 and not cut: nothing. */
struct label label_fit(str name, size_t room);

#endif
