/* SPDX-License-Identifier: MIT */
/*
 * map_file: see map_file.h.
 */
#include "cli/map_file.h"

#include "core/sink.h"

/* Add the colors of the file to the map. A file that does not exist has none. */
static bool add_colors(const struct map_file *file, struct color_map *map)
{
    struct program *program = file->program;
    bool missing = false;
    str text;
    color_map_init(map, &program->heap, program->env->seed);
    return program_load_text(program, file->path, &text, &missing) &&
           (color_map_read(map, text, &program->err) ||
            err_in_file(&program->err, file->path, program->err.line));
}

bool map_file_load(struct map_file *file, struct program *program, const char *path)
{
    *file = (struct map_file){.program = program, .path = path};
    return add_colors(file, &file->map);
}

bool map_file_save(struct map_file *file)
{
    struct program *program = file->program;
    struct heap *heap = &program->heap;
    struct output_path place;
    struct color_map all;
    if (output_path_find(&place, heap, program->env->os, file->path) && place.kind != OS_SPECIAL)
        program_lock(program, output_path_directory(&place, heap), file->path);
    if (!add_colors(file, &all))
        return false;
    for (uint32_t id = 0; id < intern_count(&file->map.names); id++)
        color_map_add(&all, intern_name(&file->map.names, id), file->map.colors.at[id]);
    struct sink *sink = program_open_further(program, file->path);
    if (!sink)
        return false;
    color_map_write(&all, sink);
    return sink_flush(sink);
}
