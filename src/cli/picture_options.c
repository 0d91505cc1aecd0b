/*
 * picture_options: from the options to the request.
 */
#include "cli/picture_options.h"

#include "cli/text_file.h"
#include "output/markup.h"
#include "picture/color.h"

const char *const picture_sort_choices[] = {
    [ORDER_NAME] = "name", [ORDER_WEIGHT] = "weight", [ORDER_INPUT] = "input", NULL};
const char *const picture_script_choices[] = {
    [PICTURE_VIEWER] = "viewer", [PICTURE_NO_SCRIPT] = "none", NULL};

const char *picture_options_offer(const char *option, size_t i)
{
    return strcmp(option, "bgcolors") == 0 ? background_name(i) : NULL;
}

static void set_number(double *to, const struct option_number *from)
{
    if (from->given)
        *to = from->value;
}

static void set_numbers(const struct picture_choices *choices, struct request *request)
{
    set_number(&request->row, &choices->height);
    set_number(&request->min_width, &choices->minwidth);
    set_number(&request->font_size, &choices->fontsize);
    set_number(&request->font_width, &choices->fontwidth);
    set_number(&request->scale, &choices->scale);
    request->min_width_percent = choices->minwidth.percent;
    request->scale_given = choices->scale.given;
}

void picture_options_apply(struct program *program, const struct picture_choices *choices,
                           const struct attrs_table *attrs, struct request *request)
{
    set_numbers(choices, request);
    request->path = choices->output;
    request->background = choices->background;
    request->max_memory = program->common->max_memory;
    request->title = choices->title;
    request->subtitle = choices->subtitle;
    request->unit = choices->unit;
    request->nametype = choices->nametype;
    request->notes = choices->notes;
    request->font = choices->font;
    request->search = choices->search;
    request->id_prefix = choices->id_prefix;
    request->sky = choices->sky;
    request->inverted = choices->inverted;
    request->order = (enum sibling_order_by)choices->sort;
    request->script = choices->script == PICTURE_VIEWER;
    request->theme = (enum theme)choices->theme;
    request->fragment = choices->fragment;
    request->facts = !choices->no_metadata;
    request->attrs = choices->nameattr ? attrs : NULL;
}

static bool load_attrs(struct program *program, const struct picture_choices *choices,
                       struct attrs_table *attrs)
{
    str text;
    const char *path = choices->nameattr;
    attrs_init(attrs, &program->heap, program->env->seed);
    attrs->unsafe = choices->unsafe_links;
    return text_file_load(program, path, &text, NULL) &&
           (attrs_read(attrs, text, &program->err) ||
            err_in_file(&program->err, path, program->err.line));
}

static bool load_css(struct program *program, const char *path, str *css)
{
    return text_file_load(program, path, css, NULL) &&
           (style_sheet_check(*css, &program->err) ||
            err_in_file(&program->err, path, program->err.line));
}

bool picture_options_load_files(struct program *program, const struct picture_choices *choices,
                                struct attrs_table *attrs, struct request *request)
{
    return (!choices->css || load_css(program, choices->css, &request->css)) &&
           (!choices->nameattr || load_attrs(program, choices, attrs));
}

/* ---- the drawing of a program ---- */

struct output_path {
    struct program *program;
    const char *path;
};

static struct sink *open_place(void *context)
{
    struct program *program = ((struct output_path *)context)->program;
    return program_open_output(program, ((struct output_path *)context)->path) ? &program->out
                                                                               : NULL;
}

static void warn(void *context, const char *message)
{
    program_warn(context, "%s", message);
}

struct drawing picture_options_drawing(struct program *program, const struct request *request)
{
    struct output_path *place = heap_alloc(&program->heap, 1, sizeof *place);
    *place = (struct output_path){program, request->path};
    return (struct drawing){
        .request = request,
        .heap = &program->heap,
        .err = &program->err,
        .place = {open_place, place},
        .warn = warn,
        .warn_context = program,
    };
}
