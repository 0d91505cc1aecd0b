/*
 * map_file: see map_file.h.
 */
#include "cli/map_file.h"

#include <errno.h>
#include <fcntl.h>

#include "cli/text_file.h"
#include "core/output_path.h"

enum { PATIENCE = 15 /* seconds; twice that without a change of the file is too much */ };

static bool read_text(struct map_file *file, str *text)
{
    bool missing = false;
    return text_file_load(file->program, file->path, text, &missing);
}

static bool add_text(struct map_file *file, struct color_map *map, str text)
{
    struct program *program = file->program;
    color_map_init(map, &program->heap, program->env->seed);
    return color_map_read(map, text, &program->err) ||
           err_in_file(&program->err, file->path, program->err.line);
}

bool map_file_load(struct map_file *file, struct program *program, const char *path)
{
    str text;
    *file = (struct map_file){.program = program, .path = path};
    return read_text(file, &text) && add_text(file, &file->map, text);
}

/* While others change the file they are waited for: two thousand runs take their time. A lock that
 * somebody holds who changes nothing is not. False: the file cannot be read. */
static bool wait_for_lock(struct map_file *file)
{
    struct program *program = file->program;
    const struct os *os = program->env->os;
    str before = STR(""), now;
    for (bool again = false;; again = true) {
        if (os->lock(os->context, program->lock, PATIENCE) == 0 || errno != EAGAIN)
            return true;
        if (!read_text(file, &now))
            return false;
        if (again && str_equal(before, now))
            break;
        before = now;
    }
    program_warn(program, "%s: somebody locks its directory and does not let go: written without",
                 file->path);
    return true;
}

/* What cannot be locked is not: a directory of NFS, say, or one that we may not read. */
static bool lock(struct map_file *file)
{
    struct program *program = file->program;
    struct output_path place;
    if (!output_path_find(&place, &program->heap, program->env->os, file->path) ||
        place.kind == OS_SPECIAL)
        return true;
    int fd = os_open(program->env->os, output_path_directory(&place, &program->heap),
                     O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return true;
    program->locked = true;
    program->lock = fd;
    return wait_for_lock(file);
}

static void add_new(struct color_map *to, const struct color_map *from)
{
    for (uint32_t id = 0; id < intern_count(&from->names); id++)
        color_map_add(to, intern_name(&from->names, id), from->colors.at[id]);
}

bool map_file_save(struct map_file *file)
{
    struct program *program = file->program;
    struct color_map all;
    str text;
    if (!lock(file) || !read_text(file, &text) || !add_text(file, &all, text))
        return false;
    add_new(&all, &file->map);
    struct sink *sink = program_open_further(program, file->path);
    if (!sink)
        return false;
    color_map_write(&all, sink);
    return sink_flush(sink);
}
