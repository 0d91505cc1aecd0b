/*
 * flamegraph: a profile in, a picture out.
 */
#include "cli/flamegraph.h"

#include <stdio.h>

#include "cli/map_file.h"
#include "core/charset.h"
#include "core/utf8.h"
#include "picture/palette.h"
#include "profile/profile.h"
#include "profile/tree_map.h"

struct flamegraph {
    struct program program;
    struct flamegraph_options options;
    struct request request;
    struct attrs_table attrs;
    struct map_file map; /* its path is NULL: there is none */
    struct filter filter;
    struct color_rules rules;
    struct profile profile;
    struct drawing drawing;
    struct charset charset;
};

static bool load_map(struct flamegraph *f)
{
    const char *path = f->options.palette_file;
    if (!path && !f->options.cp)
        return true;
    if (path && (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0))
        return err_set(&f->program.err, ERR_USAGE,
                       "--palette-file wants a file: it is read and written");
    f->request.picture.map = &f->map.map;
    return map_file_load(&f->map, &f->program, path ? path : "palette.map");
}

/* All patterns, before anything is read. */
static bool compile_patterns(struct flamegraph *f)
{
    const struct option_list *rules = &f->options.color_rules;
    if (!filter_options_compile(&f->program, &f->options.filter, &f->filter))
        return false;
    color_rules_init(&f->rules, &f->program.heap);
    f->rules.class_rules = &f->filter.rules[FILTER_CLASS];
    f->rules.classes = &f->filter.shares;
    f->request.rules = &f->rules;
    for (size_t i = 0; i < rules->values.n; i++)
        if (!color_rules_add(&f->rules, "--color-rule", str_from_c(rules->values.at[i]),
                             &f->program.err))
            return false;
    return true;
}

static bool read_profile(struct flamegraph *f)
{
    struct program *program = &f->program;
    struct input input = {
        .files = program->arguments.files.at,
        .file_count = program->arguments.files.n,
        .format = f->options.input_format,
        .in_order = f->options.flamechart,
    };
    /* Palettes that tell kinds of frames apart go by the marks. */
    const struct palette *palette = f->request.picture.palette;
    bool marks = palette->kind || palette->module;
    if (f->request.order != ORDER_INPUT) /* threads do not keep the order */
        input.threads = input_threads(program, f->options.threads);
    input.options.kernel = input.options.jit = input.options.inline_marks = marks;
    input_set_samples(&input, &f->options.samples);
    if (!input_read(program, &input, &f->profile))
        return false;
    input_tell_inlined(program, &f->profile);
    return true;
}

/* What --encoding says of the input: from here on all is UTF-8, and so are patterns. */
static void convert_names(struct flamegraph *f)
{
    struct heap *heap = &f->program.heap;
    struct tree *tree = &f->profile.tree, converted;
    uint32_t count = frames_count(&tree->frames);
    str *names = heap_alloc(heap, count, sizeof *names);
    for (uint32_t id = 0; id < count; id++)
        names[id] = charset_text(&f->charset, &f->profile.arena, frames_text(&tree->frames, id));
    tree_rebuild_names(&converted, tree, names);
    heap_free(heap, names);
    tree_end(tree);
    *tree = converted;
}

/* From the input to the tree that is drawn. */
static bool prepare(struct flamegraph *f)
{
    struct tree *tree = &f->profile.tree;
    if (!read_profile(f))
        return false;
    if (charset_converts(&f->charset))
        convert_names(f);
    if (!filter_options_apply_to(&f->program, &f->options.filter, &f->filter, &f->profile))
        return false;
    input_tell_sum(&f->program, tree);
    return drawing_prepare(&f->drawing, tree);
}

static bool draw(struct flamegraph *f)
{
    bool draws = f->request.output->kind == OUTPUT_PICTURE;
    bool done = drawing_write(&f->drawing) && (!f->map.path || !draws || map_file_save(&f->map)) &&
                program_close_outputs(&f->program);
    program_unlock(&f->program);
    return done;
}

/* The message picture takes the place of no file, and is no text. */
static bool has_room_for_message(const struct flamegraph *f)
{
    const struct os *os = f->program.env->os;
    mode_t mode;
    const char *path = f->request.path;
    return f->request.output->write_message &&
           (!path || strcmp(path, "-") == 0 || os->kind(os->context, path, &mode) != OS_PLAIN);
}

/* Nothing to draw: automation expects a file all the same, so one that says why is written. */
static bool draw_message(struct flamegraph *f)
{
    struct err *err = &f->program.err;
    char text[sizeof err->file + sizeof err->message + 8];
    snprintf(text, sizeof text, "%s%s%s", err->file, err->file[0] ? ": " : "", err->message);
    program_fail_softly(&f->program);
    return drawing_write_message(&f->drawing, STR("ERROR: nothing to draw"), str_from_c(text)) &&
           program_close_outputs(&f->program);
}

/* --print-csp-hash: needs no input, the hashes are those of every picture with these options. */
static bool print_csp_hash(struct flamegraph *f)
{
    if (!program_open_output(&f->program, NULL))
        return false;
    drawing_write_csp(&f->drawing, &f->program.out);
    return sink_close(&f->program.out);
}

/* What says something about the input or the options, and draws nothing. */
static bool print(struct flamegraph *f)
{
    if (f->request.path)
        return err_set(&f->program.err, ERR_USAGE,
                       "--%s prints to standard output and draws nothing: leave out --output",
                       f->options.info ? "info" : "print-csp-hash");
    if (f->options.print_csp_hash)
        return print_csp_hash(f);
    return read_profile(f) && info_write(&f->program, &f->profile);
}

static bool work(void *self)
{
    struct flamegraph *f = self;
    if (!flamegraph_options_check(&f->options, &f->program, &f->attrs, &f->request) ||
        !picture_options_load_files(&f->program, &f->options.picture, &f->attrs, &f->request))
        return false;
    f->drawing = picture_options_drawing(&f->program, &f->request);
    f->drawing.profile = &f->profile;
    if (f->options.print_csp_hash || f->options.info)
        return print(f);
    if (!compile_patterns(f) || !charset_open(&f->charset, f->options.encoding, &f->program.err) ||
        !load_map(f))
        return false;
    if (prepare(f))
        return draw(f);
    enum err_code code = f->program.err.code;
    return (code == ERR_INPUT || code == ERR_SUPPORT) && has_room_for_message(f) && draw_message(f);
}

int flamegraph_main(struct env *env, int argc, char **argv)
{
    struct flamegraph flamegraph = {
        .program = {.table = &flamegraph_option_table, .env = env, .argc = argc, .argv = argv},
        .options = flamegraph_option_defaults,
        .request = request_defaults,
    };
    flamegraph.program.common = &flamegraph.options.common;
    int status = program_run(&flamegraph.program, work, &flamegraph, &flamegraph.options);
    charset_close(&flamegraph.charset);
    return status;
}

/* ---- flamegraph options ---- */

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
    INPUT_OPTIONS_SAMPLES(struct flamegraph_options, samples, "data"),
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

/* ---- info ---- */

/* The input says both; each is one line, and nothing in it steers a terminal. */
static void put_fact(struct program *program, const struct profile_fact *fact)
{
    size_t n = fact->key.n + fact->value.n + 2;
    char *line = heap_alloc(&program->heap, n + 1, 1);
    memcpy(line, fact->key.p, fact->key.n);
    memcpy(line + fact->key.n, ": ", 2);
    memcpy(line + fact->key.n + 2, fact->value.p, fact->value.n);
    utf8_disarm(line, n);
    line[n] = '\n';
    sink_bytes(&program->out, str_of(line, n + 1));
    heap_free(&program->heap, line);
}

static void put_number(struct sink *sink, const char *key, uint64_t value, unsigned decimals)
{
    sink_bytes(sink, str_from_c(key));
    sink_lit(sink, ": ");
    sink_decimal(sink, value, decimals);
    sink_byte(sink, '\n');
}

/* "total: 12.66 s", as pictures show it. */
static void put_total(struct sink *sink, const struct profile *profile)
{
    const struct tree *tree = &profile->tree;
    str unit = profile->value_type.unit;
    double total = num_of_units(tree_sum(tree, tree_after(tree)), tree->decimals);
    struct quantity quantity = quantity_of(total, unit);
    if (unit.n > 0) {
        sink_lit(sink, "total: ");
        sink_bytes(sink, quantity_number(&quantity));
        sink_byte(sink, ' ');
        sink_bytes(sink, quantity.name);
        sink_byte(sink, '\n');
    }
    if (profile_samples_are_known(profile))
        put_number(sink, "samples", profile->samples, 0);
}

bool info_write(struct program *program, struct profile *profile)
{
    struct sink *sink = &program->out;
    const struct tree *tree = &profile->tree;
    if (!program_open_output(program, NULL))
        return false;
    for (size_t i = 0; i < profile->facts.n; i++)
        put_fact(program, &profile->facts.at[i]);
    put_total(sink, profile);
    put_number(sink, "weight", tree_sum(tree, tree_after(tree)), tree->decimals);
    put_number(sink, "functions", frames_count(&tree->frames) - 1, 0);
    put_number(sink, "frames", tree->n - 1, 0);
    return sink_close(sink);
}
