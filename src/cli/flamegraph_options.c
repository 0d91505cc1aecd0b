/*
 * flamegraph_options: the table, and what holds between options.
 */
#include "cli/flamegraph_options.h"

#include "picture/palette.h"

#define FIELD(name) offsetof(struct flamegraph_options, name)

/* Kind, traits, field, and what stands in the help. */
#define TEXT(name, field, argument, help, topic)                                     \
    {                                                                                \
        name, OPTION_TEXT, OPTION_CLASSIC, FIELD(field), argument, help, topic, NULL \
    }
#define TEXT_NEW(name, field, argument, help, topic)                    \
    {                                                                   \
        name, OPTION_TEXT, 0, FIELD(field), argument, help, topic, NULL \
    }
#define FLAG(name, field, help, topic)                                           \
    {                                                                            \
        name, OPTION_FLAG, OPTION_CLASSIC, FIELD(field), NULL, help, topic, NULL \
    }
#define SIZE(name, field, argument, help, topic)                                             \
    {                                                                                        \
        name, OPTION_NUMBER, OPTION_CLASSIC | OPTION_POSITIVE, FIELD(field), argument, help, \
            topic, NULL                                                                      \
    }

static const char *const delta_choices[] = {[DELTA_TOTAL] = "total", [DELTA_SELF] = "self", NULL};

#define PICTURE(rows) rows(struct flamegraph_options, picture, OPTION_CLASSIC, 0)

static const struct option option_list[] = {
    PICTURE(OPTIONS_PICTURE),
    SIZE("width", width, "PX", "default: 1200, and as wide as the window", "picture"),
    FLAG("reverse", reverse, "turn stacks over: merge from the leaves", "picture"),
    FLAG("flamechart", flamechart, "keep the order of the input: time goes right", "picture"),
    TEXT_NEW("output", picture.output, "FILE", "write to FILE (-o): x.svg, .png, .pdf or .folded",
             "picture"),
    {"output-format", OPTION_TEXT, OPTION_LATER, FIELD(picture.output_format), "NAME",
     "svg, png, pdf or folded, whatever the name ends in", "picture", NULL},
    {"format", OPTION_TEXT, OPTION_HIDDEN, FIELD(format), "NAME",
     "a picture format, or an input format", "picture", NULL},

    TEXT("colors", colors, "PALETTE", "hot, mem, io, java, js, perl, module...", "colors"),
    OPTIONS_PICTURE_SKY(struct flamegraph_options, picture, OPTION_CLASSIC, "colors"),
    FLAG("hash", hash, "shades by the letters of the name", "colors"),
    FLAG("random", random, "shades by chance", "colors"),
    {"seed", OPTION_COUNT, 0, FIELD(seed), "N", "with --random: the same chance again", "colors",
     NULL},
    {"color-rule", OPTION_LIST, 0, FIELD(color_rules), "REGEX=COLOR",
     "color of the names that match", "colors", NULL},
    FLAG("cp", cp, "keep colors in palette.map", "colors"),
    TEXT_NEW("palette-file", palette_file, "FILE", "keep colors in FILE", "colors"),
    FLAG("negate", negate, "differential: swap red and blue", "colors"),
    {"delta", OPTION_CHOICE, 0, FIELD(delta), "OF", "differential: change of total or self",
     "colors", delta_choices},

    PICTURE(OPTIONS_PICTURE_TEXT),
    TEXT("countname", countname, "TEXT", "plain numbers of TEXT, whatever the input knows", "text"),
    TEXT("encoding", encoding, "NAME", "what the names are encoded in: UTF-8", "text"),

    TEXT("total", total, "N", "what the full width stands for, if more", "data"),
    SIZE("factor", factor, "N", "multiply the counts that are shown", "data"),
    TEXT_NEW("input-format", input_format, "NAME", "perf, folded...; default: look", "data"),
    INPUT_OPTION_THREADS(FIELD(threads), "data"),
    {"info", OPTION_FLAG, 0, FIELD(info), NULL, "say where the profile comes from; no picture",
     "data", NULL},

    PICTURE(OPTIONS_PICTURE_PAGE),
    {"print-csp-hash", OPTION_FLAG, 0, FIELD(print_csp_hash), NULL,
     "print the hashes a Content-Security-Policy needs", "page", NULL},
    OPTIONS_FILTER(struct flamegraph_options, filter),
    OPTIONS_COMMON(struct flamegraph_options, common),
    {0},
};

static const char *offer(const char *option, size_t i)
{
    const struct output *output;
    if (strcmp(option, "colors") == 0)
        return i < palette_count ? palettes[i].name : NULL;
    if (strcmp(option, "input-format") == 0)
        return input_offer_format(i);
    if (strcmp(option, "output-format") == 0)
        return (output = output_at(FLAMEGRAPH_OUTPUTS, i)) ? output->name : NULL;
    return picture_options_offer(option, i);
}

const struct option_table flamegraph_option_table = {
    .program = "flamegraph",
    .usage = "[options] [file ...]",
    .purpose = "Draws stacks: perf script | collapse | flamegraph > out.svg",
    .options = option_list,
    .offer = offer,
};

const struct flamegraph_options flamegraph_option_defaults = {
    .encoding = "UTF-8", .seed = UINT64_MAX, /* not given */
};

/* --format names a picture; the name of an input format is understood as well, because the other
 * programs call that so. */
static bool choose_old_format(struct flamegraph_options *o, const struct output **output,
                              struct err *err)
{
    char names[OUTPUT_NAMES_ROOM];
    if (!o->format || (*output = output_find(OUTPUT_PICTURE, str_from_c(o->format))))
        return true;
    if (reader_find(str_from_c(o->format)) && !o->input_format) {
        o->input_format = o->format;
        o->format = NULL;
        return true;
    }
    return err_set(err, ERR_USAGE, "there is no picture format '%.60s'; it can be %s", o->format,
                   output_names(OUTPUT_PICTURE, " or ", names));
}

static bool choose_format(struct flamegraph_options *o, const struct output **output,
                          struct err *err)
{
    if (!choose_old_format(o, output, err))
        return false;
    if (o->format && o->picture.output_format)
        return err_set(err, ERR_USAGE,
                       "--format and --output-format both name the output: give one of them");
    return output_choose(FLAMEGRAPH_OUTPUTS, "--output-format", o->picture.output_format, output,
                         err);
}

static void apply(const struct flamegraph_options *o, uint64_t seed, struct request *request)
{
    if (o->width.given)
        request->width = o->width.value;
    if (o->factor.given)
        request->factor = o->factor.value;
    if (o->flamechart)
        request->order = ORDER_INPUT;
    request->width_given = o->width.given;
    request->kinds = FLAMEGRAPH_OUTPUTS;
    request->path_hint = "; --output-format says what is written under any other name";
    request->countname = o->countname;
    request->palette = o->colors;
    request->shade = o->hash ? SHADE_HASH : o->random ? SHADE_RANDOM : SHADE_NAME;
    request->seed = o->seed == UINT64_MAX ? seed : o->seed;
    request->negate = o->negate;
    request->delta = (enum delta_of)o->delta;
    request->reverse = o->reverse;
    request->total = o->total;
}

bool flamegraph_options_check(struct flamegraph_options *o, struct program *program,
                              const struct attrs_table *attrs, struct request *request)
{
    struct err *err = &program->err;
    picture_options_apply(program, &o->picture, attrs, request);
    apply(o, program->env->seed, request);
    return choose_format(o, &request->output, err) && request_check(request, program->env->os, err);
}
