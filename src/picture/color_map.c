/*
 * color_map: see color_map.h.
 */
#include "picture/color_map.h"

#include "profile/sibling_order.h"

void color_map_init(struct color_map *map, struct heap *heap, uint64_t seed)
{
    *map = (struct color_map){.heap = heap};
    intern_init(&map->names, heap, seed);
}

static bool read_line(struct color_map *map, str line)
{
    rgb color;
    size_t arrow = line.n;
    /* A name may hold an arrow of its own: operator->. */
    for (size_t at = 0; (at = str_search(line, STR("->rgb("), at)) < line.n; at++)
        arrow = at;
    if (arrow >= line.n || !rgb_parse(str_skip(line, arrow + 2), &color))
        return false;
    color_map_add(map, str_head(line, arrow), color);
    return true;
}

bool color_map_read(struct color_map *map, str text, struct err *err)
{
    uint64_t number = 1;
    for (size_t at = 0; at < text.n; number++) {
        size_t end = str_find(text, '\n', at);
        str line = str_cut(text, at, end);
        if (str_ends(line, STR("\r")))
            line = str_head(line, line.n - 1);
        if (line.n > 0 && !read_line(map, line)) {
            err_set(err, ERR_INPUT, "not a colour: a line is name->rgb(r,g,b)");
            err->line = number;
            return false;
        }
        at = end + 1;
    }
    return true;
}

bool color_map_find(const struct color_map *map, str name, rgb *color)
{
    uint32_t id = intern_find(&map->names, name);
    if (id == INTERN_NONE)
        return false;
    *color = map->colors.at[id];
    return true;
}

void color_map_add(struct color_map *map, str name, rgb color)
{
    uint32_t count = intern_count(&map->names);
    if (intern_add(&map->names, name) == count)
        vec_push(map->heap, &map->colors, color);
}

void color_map_write(const struct color_map *map, struct sink *sink)
{
    uint32_t count = intern_count(&map->names);
    uint32_t *rank = sibling_order_rank_names(&map->names, map->heap);
    uint32_t *sorted = heap_alloc(map->heap, (size_t)count * 2 + 1, sizeof *sorted);
    memset(sorted, 0xff, ((size_t)count * 2 + 1) * sizeof *sorted);
    for (uint32_t id = 0; id < count; id++)
        sorted[rank[2 * id]] = id;
    for (uint32_t i = 0; i < count * 2; i++) {
        uint32_t id = sorted[i];
        if (id == INTERN_NONE)
            continue;
        rgb color = map->colors.at[id];
        sink_bytes(sink, intern_name(&map->names, id));
        sink_lit(sink, "->rgb(");
        sink_u64(sink, color.r);
        sink_lit(sink, ",");
        sink_u64(sink, color.g);
        sink_lit(sink, ",");
        sink_u64(sink, color.b);
        sink_lit(sink, ")\n");
    }
    heap_free(map->heap, sorted);
    heap_free(map->heap, rank);
}
