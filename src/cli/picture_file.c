/*
 * picture_file: see picture_file.h.
 */
#include "cli/picture_file.h"

#include "cli/text_file.h"
#include "core/output_path.h"

/* Of files that flamegraph -o writes; "folded" and "txt" are stacks. */
static const char *const endings[] = {"svg", "png", "pdf", "folded", "txt", NULL};

/* Its name as the helper knows it, NULL when it does not. */
static const char *find_format(const char *name)
{
    for (const char *const *format = helper_formats; *format; format++)
        if (output_path_is_word(str_from_c(name), *format))
            return *format;
    return NULL;
}

bool picture_file_is_format(const char *name)
{
    return output_path_is_word(str_from_c(name), "svg") || find_format(name) != NULL;
}

static bool is_color(str text)
{
    if (!str_starts(text, STR("#")) || (text.n != 4 && text.n != 7))
        return false;
    for (size_t i = 1; i < text.n; i++)
        if (!is_hex(text.p[i]))
            return false;
    return true;
}

/* #rgb and the words for paper become #rrggbb. */
static bool choose_background(struct picture_file *file, const char *text)
{
    str color = str_from_c(text);
    file->how.background = file->background;
    if (output_path_is_word(color, "white"))
        color = STR("#ffffff");
    else if (output_path_is_word(color, "black"))
        color = STR("#000000");
    else if (output_path_is_word(color, "none") || output_path_is_word(color, "transparent"))
        color = STR("none");
    else if (!is_color(color))
        return err_set(&file->program->err, ERR_USAGE,
                       "--background knows no '%.60s'; it can be none, white, black, #rgb or "
                       "#rrggbb",
                       text);
    memcpy(file->background, color.p, color.n);
    if (color.n == 4 && color.p[0] == '#')
        for (size_t i = 0; i < 3; i++)
            file->background[2 * i + 1] = file->background[2 * i + 2] = color.p[i + 1];
    return true;
}

static bool check_svg(struct picture_file *file, const struct picture_file_options *o)
{
    struct err *err = &file->program->err;
    if (o->from_svg)
        return err_set(err, ERR_USAGE,
                       "--from-svg makes PNG or PDF: say -o x.png or -o x.pdf, or "
                       "--format png");
    if (o->background)
        return err_set(err, ERR_USAGE,
                       "--background is for PNG and PDF; --bgcolors is what an SVG "
                       "has");
    if (o->scale.given)
        return err_set(err, ERR_USAGE, "--scale is for PNG and PDF; --width is what an SVG has");
    return true;
}

static bool choose_by_ending(struct picture_file *file)
{
    size_t found;
    if (!output_path_find(file->program->env->os, file->path, endings,
                          "; --format says what is written under any other name", &found,
                          &file->program->err))
        return false;
    if (endings[found]) {
        file->how.format = find_format(endings[found]);
        file->folded = !picture_file_is_format(endings[found]);
    }
    return true;
}

bool picture_file_choose(struct picture_file *file, struct program *program,
                         const struct picture_file_options *o)
{
    *file = (struct picture_file){.program = program, .path = o->output};
    file->how.scale = o->scale.value;
    file->how.max_memory = program->common->max_memory;
    if (o->format)
        file->how.format = find_format(o->format);
    else if (o->output && !choose_by_ending(file))
        return false;
    if (!file->how.format)
        return check_svg(file, o);
    if (o->scale.value < 0.01 || o->scale.value > 100)
        return err_set(&program->err, ERR_USAGE, "--scale is %g; it can be from 0.01 to 100",
                       o->scale.value);
    return !o->background || choose_background(file, o->background);
}

struct sink *picture_file_open(struct picture_file *file)
{
    struct program *program = file->program;
    if (!file->how.format)
        return program_open_output(program, file->path) ? &program->out : NULL;
    file->helper = helper_start(&program->heap, &file->how, &program->err);
    if (!file->helper || !program_open_output(program, file->path))
        return NULL;
    sink_open_callback(&file->svg, &program->heap, helper_write, file->helper, &program->err);
    return &file->svg;
}

bool picture_file_finish(struct picture_file *file)
{
    struct program *program = file->program;
    if (file->how.format &&
        (!sink_close(&file->svg) || !helper_finish(file->helper, &program->out, &program->err)))
        return false;
    return sink_flush(&program->out);
}

bool picture_file_close(struct picture_file *file)
{
    return picture_file_finish(file) && program_close_outputs(file->program);
}

bool picture_file_convert(struct picture_file *file, const char *svg_path)
{
    str svg;
    if (!text_file_load(file->program, svg_path, &svg, NULL))
        return false;
    struct sink *sink = picture_file_open(file);
    if (!sink)
        return false;
    sink_bytes(sink, svg);
    return picture_file_close(file) || err_in_file(&file->program->err, svg_path, 0);
}
