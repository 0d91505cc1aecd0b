/* SPDX-License-Identifier: MIT */
/*
 * flamegraph-raster: an SVG in, a PNG or PDF out. flamegraph and the library start it; see
 * output/raster_helper.h for why it is a program of its own. It reads everything before it writes.
 */
#include "cli/program.h"
#include "raster/confine.h"
#include "raster/paint.h"

struct raster_options {
    struct option_common common;
    unsigned format;
    struct option_number scale;
    const char *background;
};

struct raster {
    struct program program;
    struct raster_options options;
};

#define FIELD(name) offsetof(struct raster_options, name)

enum { PICTURE_MOST = 1 << 30 }; /* bytes of the SVG */

static const char *const format_choices[] = {[PAINT_PNG] = "png", [PAINT_PDF] = "pdf", NULL};

static const struct option option_list[] = {
    {"format", OPTION_CHOICE, 0, FIELD(format), "NAME", "png or pdf", "picture", format_choices},
    {"scale", OPTION_NUMBER, OPTION_POSITIVE, FIELD(scale), "N", "pixels for each of the SVG's, 1",
     "picture", NULL},
    {"background", OPTION_TEXT, 0, FIELD(background), "COLOR", "#rrggbb, none, or as-drawn",
     "picture", NULL},
    OPTIONS_COMMON(struct raster_options, common),
    {0},
};

static const struct option_table raster_option_table = {
    .program = "flamegraph-raster",
    .usage = "[options] < in.svg > out.png",
    .purpose = "Draws for flamegraph -o out.png; not to be called by hand.",
    .options = option_list,
};

static bool parse_color(const char *text, unsigned char color[3])
{
    if (text[0] != '#' || strlen(text) != 7)
        return false;
    for (size_t i = 0; i < 6; i++) {
        char c = text[i + 1];
        if (!is_hex(c))
            return false;
        unsigned digit = is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
        color[i / 2] = (unsigned char)(i % 2 == 0 ? digit << 4 : color[i / 2] | digit);
    }
    return true;
}

static bool choose_paint(const struct raster_options *o, struct paint_options *wanted,
                         struct err *err)
{
    *wanted = (struct paint_options){
        .format = (enum paint_format)o->format,
        .scale = o->scale.value,
        .color = {255, 255, 255}, /* paper */
    };
    if (strcmp(o->background, "none") == 0)
        wanted->background = PAINT_TRANSPARENT;
    else if (parse_color(o->background, wanted->color))
        wanted->background = PAINT_COLOR;
    else if (strcmp(o->background, "as-drawn") != 0)
        return err_set(err, ERR_USAGE, "--background is #rrggbb, none or as-drawn");
    return true;
}

static bool raster_work(void *self)
{
    struct raster *raster = self;
    struct program *program = &raster->program;
    struct paint_options wanted;
    str svg;
    if (program->common->max_memory != 0)
        confine_memory(program->common->max_memory);
    return choose_paint(&raster->options, &wanted, &program->err) &&
           program_load(program, "-", PICTURE_MOST, &svg, NULL) &&
           program_open_output(program, NULL) &&
           paint(&wanted, svg, &program->heap, &program->out, &program->err) &&
           sink_close(&program->out);
}

int raster_main(struct env *env, int argc, char **argv)
{
    struct raster raster = {
        .program = {.table = &raster_option_table, .env = env, .argc = argc, .argv = argv},
        .options = {.scale = {1, false, false}, .background = "as-drawn"},
    };
    if (!confine_process())
        return EXIT_FAILED;
    raster.program.common = &raster.options.common;
    return program_run(&raster.program, raster_work, &raster, &raster.options);
}
