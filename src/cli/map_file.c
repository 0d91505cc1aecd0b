/* SPDX-License-Identifier: MIT */
/*
 * map_file: see map_file.h.
 */
#include "cli/map_file.h"

#include <errno.h>
#include <fcntl.h>

#include "core/sink.h"

enum { LOCK_SECONDS = 60 }; /* two thousand runs at once need 10 */

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

/* Lock the directory of the file. On failure the file is written without a lock: some file systems
 * have no locks, and we may not be allowed to read the directory. */
static void lock_directory(const struct map_file *file)
{
    struct program *program = file->program;
    const struct os *os = program->env->os;
    struct output_path place;
    if (!output_path_find(&place, &program->heap, os, file->path) || place.kind == OS_SPECIAL)
        return;
    const char *directory = output_path_directory(&place, &program->heap);
    program->lock = os_open(os, directory, O_RDONLY | O_DIRECTORY, 0);
    program->locked = program->lock >= 0;
    if (program->locked && os->lock(os->context, program->lock, LOCK_SECONDS) != 0 &&
        errno == EAGAIN)
        program_warn(program,
                     "%s: another process keeps its directory locked: written without a lock",
                     file->path);
}

bool map_file_save(struct map_file *file)
{
    struct program *program = file->program;
    struct color_map all;
    lock_directory(file);
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
