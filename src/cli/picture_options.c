/* SPDX-License-Identifier: MIT */
/*
 * picture_options: from the options to the request; the palette file.
 */
#include "cli/picture_options.h"

#include "core/sink.h"
#include "output/markup.h"

enum { PICTURE_VIEWER, PICTURE_NO_SCRIPT };

const char *const picture_sort_choices[] = {
    [ORDER_NAME] = "name", [ORDER_WEIGHT] = "weight", [ORDER_INPUT] = "input", NULL};
const char *const picture_script_choices[] = {
    [PICTURE_VIEWER] = "viewer", [PICTURE_NO_SCRIPT] = "none", NULL};

/* After "auto" in the order of enum terminal_colors. */
const char *const picture_term_choices[] = {"auto", "none", "16", "256", "24bit", NULL};

void picture_options_apply(struct picture_choices *choices, struct program *program)
{
    struct request *request = &choices->request;
    const struct {
        double *to;
        const struct option_number *from;
    } numbers[] = {
        {&request->picture.layout.width, &choices->width},
        {&request->picture.layout.row, &choices->height},
        {&request->picture.layout.minwidth, &choices->minwidth},
        {&request->picture.layout.font, &choices->fontsize},
        {&request->picture.layout.fontwidth, &choices->fontwidth},
        {&request->scale, &choices->scale},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].from->given)
            *numbers[i].to = numbers[i].from->value;
    choices->program = program;
    if (program->env->terminal)
        program->env->terminal(&request->terminal);
    if (choices->term_colors > 0)
        request->terminal.colors = (enum terminal_colors)(choices->term_colors - 1);
    request->row_given = choices->height.given;
    request->width_given = choices->width.given;
    request->min_width_given = choices->minwidth.given;
    request->scale_given = choices->scale.given;
    request->picture.layout.minwidth_percent = choices->minwidth.percent;
    request->max_memory = program->common->max_memory;
    request->script = choices->script == PICTURE_VIEWER;
    request->facts = !choices->no_metadata;
    request->picture.attrs = choices->nameattr ? &choices->attrs : NULL;
}

/* {file} and {line} must come after the host, so that no file name can change the host. */
static bool check_source_url(const char *given, struct err *err)
{
    str url = str_or_empty(given), rest = url;
    size_t place = str_find(url, '{', 0), host = 0;
    if (!given)
        return true;
    if (str_starts(url, STR("https://")))
        host = 8;
    else if (str_starts(url, STR("http://")))
        host = 7;
    rest = str_cut(url, host, place);
    if (host == 0 || rest.n == 0 || rest.p[0] == '/' || str_find(rest, '/', 0) == rest.n ||
        !strstr(given, "{file}"))
        return err_set(err, ERR_USAGE,
                       "--source-url is like https://host/path/{file}#L{line}, not '%.200s'",
                       given);
    return true;
}

bool picture_options_load_files(struct picture_choices *choices)
{
    struct program *program = choices->program;
    struct err *err = &program->err;
    const char *path = choices->css;
    str *css = &choices->request.css, text;
    if (!check_source_url(choices->request.source_url, err))
        return false;
    if (path && !program_load_text(program, path, css, NULL))
        return false;
    if (path && !style_sheet_check(*css, err))
        return err_in_file(err, path, err->line);
    path = choices->nameattr;
    if (!path)
        return true;
    attrs_init(&choices->attrs, &program->heap, program->env->seed);
    choices->attrs.unsafe = choices->unsafe_links;
    if (!program_load_text(program, path, &text, NULL))
        return false;
    return attrs_read(&choices->attrs, text, err) || err_in_file(err, path, err->line);
}

/* The ending of the path decides if neither --output-format nor --report does. */
static bool choose_by_path(const struct picture_choices *choices, unsigned kinds,
                           const struct output **output, struct err *err)
{
    const char *path = choices->request.path;
    const struct output *found = NULL;
    struct err unknown = {0};
    if (!path || choices->output_format)
        return true;
    if (!output_of_path(kinds, choices->program->env->os, path,
                        "; --output-format chooses the format of other names", &found,
                        *output ? &unknown : err))
        return *output != NULL;
    if (*output && found && found->kind == OUTPUT_PICTURE)
        return err_set(err, ERR_USAGE, "-o %.60s is a picture, and --report is text: give only one",
                       path);
    if (!*output)
        *output = found;
    return true;
}

bool picture_options_choose_output(const struct picture_choices *choices, unsigned kinds,
                                   const struct output **output)
{
    const struct output *report = NULL;
    struct err *err = &choices->program->err;
    if (!output_choose(OUTPUT_REPORT, "--report", choices->report, &report, err) ||
        !output_choose(kinds, "--output-format", choices->output_format, output, err))
        return false;
    if (report && *output && *output != report)
        return err_set(err, ERR_USAGE,
                       "--report and --output-format both name the output: give only one");
    if (report)
        *output = report;
    return choose_by_path(choices, kinds, output, err);
}

static struct sink *open_drawing_output(void *context)
{
    struct picture_choices *choices = context;
    bool opened = program_open_output(choices->program, choices->request.path);
    return opened ? &choices->program->out : NULL;
}

static void warn_of_drawing(void *context, const char *message)
{
    program_warn(context, "%s", message);
}

struct drawing picture_options_drawing(struct picture_choices *choices)
{
    return (struct drawing){
        .request = &choices->request,
        .heap = &choices->program->heap,
        .err = &choices->program->err,
        .place = {open_drawing_output, choices},
        .warn = warn_of_drawing,
        .warn_context = choices->program,
    };
}

/* ---- the palette file ---- */

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
