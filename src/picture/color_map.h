/*
 * color_map: colours that a person keeps for names, as text: lines of name->rgb(r,g,b).
 */
#ifndef FLAMETREE_PICTURE_COLOR_MAP_H
#define FLAMETREE_PICTURE_COLOR_MAP_H

#include "core/heap.h"
#include "core/sink.h"
#include "core/str.h"
#include "picture/rgb.h"

struct color_map {
    struct heap *heap;
    struct intern names;
    VEC(rgb) colors; /* by the id of the name */
};

void color_map_init(struct color_map *map, struct heap *heap, uint64_t seed);

/* Add the lines of `text`. False with *err when one has not that form. */
bool color_map_read(struct color_map *map, str text, struct err *err);

/* The colour of `name`; false when it has none. */
bool color_map_find(const struct color_map *map, str name, rgb *color);

/* Only when it has none yet. */
void color_map_add(struct color_map *map, str name, rgb color);

/* All lines, by the bytes of their names. */
void color_map_write(const struct color_map *map, struct sink *sink);

#endif
