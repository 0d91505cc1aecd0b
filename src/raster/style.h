/*
 * style: a style sheet without the rules that cannot match in a still picture.
 */
#ifndef FLAMETREE_RASTER_STYLE_H
#define FLAMETREE_RASTER_STYLE_H

#include "core/heap.h"

/* What a document has that selectors ask for. */
struct style_scope {
    struct intern classes, ids;
    str document; /* is searched for attributes, which few selectors ask for */
};

struct style_text {
    VEC(char) bytes;
};

/* What the rules that stay ask for. */
struct style_demands {
    bool place;  /* the place among siblings: :nth-child(), +, ~ */
    bool groups; /* whether a <g> without attributes stands around an element, inside another <g> */
};

/* Append to *to the rules of `css` that may match. What is shown only under the pointer, with the
 * focus, or in some media is left out: librsvg has neither. */
struct style_demands style_filter(str css, const struct style_scope *scope, struct heap *heap,
                                  struct style_text *to);

void style_put(struct style_text *to, struct heap *heap, str bytes);

#endif
