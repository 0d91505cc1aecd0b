/* SPDX-License-Identifier: MIT */
/*
 * flamegraph: from a profile to a picture.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/filter_options.h"
#include "cli/input.h"
#include "cli/picture_options.h"
#include "core/str.h"
#include "output/helper.h"
#include "picture/color.h"
#include "profile/tree_map.h"
#include "tui/tui.h"

struct flamegraph {
    struct program program;
    /* options */
    struct option_common common;
    struct filter_options filter_options;
    struct picture_choices picture;
    struct input_options input;
    struct option_number factor;
    const char *encoding, *palette_file, *old_format;
    struct option_list color_rules, peek;
    uint64_t seed;
    bool flamechart, hash, random, cp, info, json, print_csp_hash, tui;
    /* state */
    struct profile profile;
    struct filter filter;
    struct color_rules rules;
    struct name_rules peeked;
    struct map_file map; /* path NULL: none */
    struct drawing drawing;
    struct charset charset;
};

/* ---- options ---- */

enum { FLAMEGRAPH_OUTPUTS = OUTPUT_PICTURE | OUTPUT_FOLDED | OUTPUT_REPORT | OUTPUT_TERMINAL };

static const char *const delta_choices[] = {[DELTA_TOTAL] = "total", [DELTA_SELF] = "self", NULL};

/* clang-format off */
#define ROW(field, kind, traits, name, argument, help, topic) \
    OPTION(struct flamegraph, field, kind, traits, name, argument, help, topic, NULL)
#define TEXT(field, traits, name, argument, help, topic) \
    ROW(field, OPTION_TEXT, traits, name, argument, help, topic)
#define FLAG(field, traits, name, help, topic) \
    ROW(field, OPTION_FLAG, traits, name, NULL, help, topic)
#define PICTURE(rows) rows(struct flamegraph, picture, OPTION_CLASSIC, 0)
/* clang-format on */

static const struct option flamegraph_options[] = {
    PICTURE(OPTIONS_PICTURE),
    ROW(picture.width, OPTION_NUMBER, OPTION_CLASSIC | OPTION_POSITIVE, "width", "PX",
        "default: 1200; in the viewer, as wide as the window", "picture"),
    FLAG(picture.request.reverse, OPTION_CLASSIC, "reverse", "merge the stacks from their leaves",
         "picture"),
    TEXT(picture.request.sandwich, OPTION_LATER, "sandwich", "REGEX",
         "all callers and callees of one function", "picture"),
    FLAG(flamechart, OPTION_CLASSIC, "flamechart", "keep the order of the input: time goes right",
         "picture"),
    OPTIONS_OUTPUT(struct flamegraph, picture.request.path, picture.output_format,
                   "write to FILE (-o): x.svg, x.png, x.folded, x.txt...",
                   "svg, png, folded, text..., whatever FILE ends in", "picture"),
    TEXT(old_format, OPTION_HIDDEN, "format", "NAME", "a picture format, or an input format",
         "picture"),

    FLAG(tui, 0, "tui", "show it in the terminal, with keys and mouse", "picture"),

    TEXT(picture.report, 0, "report", "FORMAT", "a table as text, markdown, json or csv", "report"),
    OPTION(struct flamegraph, picture.request.report_view, OPTION_CHOICE, 0, "report-view", "WHAT",
           "functions, tree (of calls) or callers", "report", report_view_names),
    OPTION(struct flamegraph, picture.request.report_by, OPTION_CHOICE, 0, "report-sort", "BY",
           "functions by self, total or name", "report", report_sort_names),
    ROW(picture.request.report_top, OPTION_COUNT, OPTION_LATER, "top", "N",
        "N functions; 0: all; default: 30 for text", "report"),
    ROW(peek, OPTION_LIST, 0, "peek", "REGEX", "callers and callees of the functions that match",
        "report"),

    TEXT(picture.request.palette, OPTION_CLASSIC, "colors", "PALETTE",
         "hot, mem, io, java, js, perl, module...", "colors"),
    TEXT(picture.request.sky, OPTION_CLASSIC, "bgcolors", "COLOR",
         "yellow, blue, green, grey or #rrggbb", "colors"),
    FLAG(hash, OPTION_CLASSIC, "hash", "choose shades by the letters of the name", "colors"),
    FLAG(random, OPTION_CLASSIC, "random", "choose shades at random", "colors"),
    ROW(seed, OPTION_COUNT, 0, "seed", "N", "with --random: N gives the same shades again",
        "colors"),
    ROW(color_rules, OPTION_LIST, 0, "color-rule", "REGEX=COLOR", "color of the names that match",
        "colors"),
    FLAG(cp, OPTION_CLASSIC, "cp", "keep colors in palette.map", "colors"),
    TEXT(palette_file, 0, "palette-file", "FILE", "keep colors in FILE", "colors"),
    FLAG(picture.request.picture.negate, OPTION_CLASSIC, "negate",
         "differential: swap red and blue", "colors"),
    OPTION(struct flamegraph, picture.request.picture.delta, OPTION_CHOICE, 0, "delta", "OF",
           "differential: change of total or self", "colors", delta_choices),

    PICTURE(OPTIONS_PICTURE_TEXT),
    TEXT(picture.request.countname, OPTION_CLASSIC, "countname", "TEXT",
         "show weights as plain numbers of TEXT", "text"),
    TEXT(encoding, OPTION_CLASSIC, "encoding", "NAME", "encoding of the names, UTF-8", "text"),

    TEXT(picture.request.total, OPTION_CLASSIC, "total", "N",
         "the weight of the full width, if larger", "data"),
    ROW(factor, OPTION_NUMBER, OPTION_CLASSIC | OPTION_POSITIVE, "factor", "N",
        "multiply the counts that are shown", "data"),
    OPTIONS_INPUT(struct flamegraph, input, "data"),
    FLAG(info, 0, "info", "print the facts of the profile; no picture", "data"),
    FLAG(json, OPTION_LATER, "json", "with --info: print it as JSON", "data"),
    OPTIONS_INPUT_VALUES(struct flamegraph, input),
    OPTION_EVENT(struct flamegraph, input, OPTION_LATER, "values"),
    FLAG(picture.request.all_values, OPTION_LATER, "all-events",
         "all events or values in one picture, to choose from", "values"),

    PICTURE(OPTIONS_PICTURE_PAGE),
    TEXT(picture.request.source_url, OPTION_LATER, "source-url", "URL",
         "links to source: https://.../{file}#L{line}", "page"),
    FLAG(print_csp_hash, 0, "print-csp-hash", "print the hashes for a Content-Security-Policy",
         "page"),
    OPTIONS_FILTER(struct flamegraph, filter_options),
    OPTIONS_COMMON(struct flamegraph, common),
    {0},
};

static const char *offer_flamegraph(const char *option, size_t i)
{
    const struct output *output;
    if (strcmp(option, "colors") == 0)
        return i < palette_count ? palettes[i].name : NULL;
    if (strcmp(option, "bgcolors") == 0)
        return background_name(i);
    if (strcmp(option, "report") == 0)
        return (output = output_at(OUTPUT_REPORT, i)) ? output->name : NULL;
    return input_offer(option, i, FLAMEGRAPH_OUTPUTS);
}

static const struct option_table flamegraph_option_table = {
    .program = "flamegraph",
    .usage = "[options] [file ...]",
    .purpose = "Draws stacks: perf script | collapse | flamegraph > out.svg",
    .options = flamegraph_options,
    .offer = offer_flamegraph,
};

/* --format names a picture format or, as in the other programs, an input format. */
static bool choose_output_format(struct flamegraph *f, const struct output **output)
{
    const char *format = f->old_format;
    struct err *err = &f->program.err;
    char names[OUTPUT_NAMES_ROOM];
    if (format && (*output = output_find(OUTPUT_PICTURE, str_from_c(format)))) {
        if (f->picture.output_format)
            return err_set(err, ERR_USAGE,
                           "--format and --output-format both name the output: give only one");
    } else if (format && reader_find(str_from_c(format)) && !f->input.format) {
        f->input.format = format;
    } else if (format) {
        return err_set(err, ERR_USAGE, "there is no picture format '%.60s'; it can be %s", format,
                       output_names(OUTPUT_PICTURE, " or ", names));
    }
    if (!picture_options_choose_output(&f->picture, FLAMEGRAPH_OUTPUTS, output))
        return false;
    if (!*output && !f->picture.request.path && f->picture.request.terminal.is_real)
        *output = output_at(OUTPUT_TERMINAL, 0); /* an SVG is of no use there */
    return true;
}

static bool apply_flamegraph_options(struct flamegraph *f)
{
    struct request *request = &f->picture.request;
    if (f->json && !f->info)
        return err_set(&f->program.err, ERR_USAGE,
                       "--json is for --info; --report json prints a table of functions");
    picture_options_apply(&f->picture, &f->program);
    if (f->factor.given)
        request->picture.factor = f->factor.value;
    if (f->flamechart)
        request->picture.order = ORDER_INPUT;
    request->kinds = FLAMEGRAPH_OUTPUTS;
    request->path_hint = "; --output-format chooses the format of other names";
    request->picture.shade = f->hash ? SHADE_HASH : f->random ? SHADE_RANDOM : SHADE_NAME;
    request->picture.seed = f->seed == UINT64_MAX ? f->program.env->seed : f->seed;
    return choose_output_format(f, &request->output) &&
           request_check(request, f->program.env->os, &f->program.err) &&
           picture_options_load_files(&f->picture);
}

/* ---- reading ---- */

static bool load_map(struct flamegraph *f)
{
    const char *path = f->palette_file;
    if (!path && !f->cp)
        return true;
    if (path && (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0))
        return err_set(&f->program.err, ERR_USAGE,
                       "--palette-file needs a file: it is read and written");
    f->picture.request.picture.map = &f->map.map;
    return map_file_load(&f->map, &f->program, path ? path : "palette.map");
}

static bool compile_patterns(struct flamegraph *f)
{
    if (!filter_options_compile(&f->program, &f->filter_options, &f->filter))
        return false;
    f->rules.heap = &f->program.heap;
    f->rules.class_rules = &f->filter.rules[FILTER_CLASS];
    f->rules.classes = &f->filter.shares;
    f->picture.request.rules = &f->rules;
    f->peeked.heap = &f->program.heap;
    f->picture.request.peek = &f->peeked;
    for (size_t i = 0; i < f->peek.values.n; i++)
        if (!name_rules_add(&f->peeked, "--peek", str_from_c(f->peek.values.at[i]), 0,
                            &f->program.err))
            return false;
    for (size_t i = 0; i < f->color_rules.values.n; i++)
        if (!color_rules_add(&f->rules, "--color-rule", str_from_c(f->color_rules.values.at[i]),
                             &f->program.err))
            return false;
    return true;
}

static bool read_flamegraph_profile(struct flamegraph *f)
{
    bool marks = !f->picture.request.picture.palette->tone; /* it colors by the kind of frame */
    struct input input = {
        .given = &f->input,
        .options = {.kernel = marks,
                    .jit = marks,
                    .inline_marks = marks,
                    .all_values = f->picture.request.all_values,
                    .all_events = f->picture.request.all_values},
        .in_order = f->flamechart,
        .one_thread = f->picture.request.picture.order == ORDER_INPUT ||
                      f->picture.request.all_values,
        .counts_samples = f->picture.request.output->kind == OUTPUT_PICTURE,
    };
    if (!input_read(&f->program, &input, &f->profile))
        return false;
    input_warn_of_inlined(&f->program, &f->profile);
    return true;
}

/* From --encoding to UTF-8, which patterns and the picture expect. */
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

/* ---- drawing ---- */

/* From the input to the tree that is drawn. */
static bool prepare_flamegraph_drawing(struct flamegraph *f)
{
    struct tree *tree = &f->profile.tree;
    if (!read_flamegraph_profile(f))
        return false;
    if (charset_converts(&f->charset))
        convert_names(f);
    if (!filter_options_apply_to(&f->program, &f->filter_options, &f->filter, &f->profile))
        return false;
    input_warn_of_overflow(&f->program, tree);
    return drawing_prepare(&f->drawing, tree);
}

/* Run the program with the interactive view, which takes the same options. */
static bool start_tui(struct flamegraph *f)
{
    struct program *program = &f->program;
#if HAVE_TUI
    char *path = helper_find(&program->heap, &helper_tui);
    execv(path, program->argv);
    return err_set_sys(&program->err, errno, "cannot start %.300s, which --tui needs", path);
#else
    return err_set(&program->err, ERR_SUPPORT,
                   "this build is without --tui; --output-format term draws in the terminal");
#endif
}

static bool run_tui(struct flamegraph *f)
{
    const struct drawing *d = &f->drawing;
    struct tui_input input = {
        .heap = &f->program.heap,
        .profile = &f->profile,
        .tree = d->tree,
        .column = d->column,
        .options = &d->picture,
        .terminal = &f->picture.request.terminal,
    };
    return f->program.env->tui(&input, &f->program.err);
}

static bool write_drawing(struct flamegraph *f)
{
    bool saves = f->map.path && f->picture.request.output->kind == OUTPUT_PICTURE;
    return drawing_write(&f->drawing) && (!saves || map_file_save(&f->map)) &&
           program_close_outputs(&f->program);
}

/* A picture of the error must not replace an existing file. */
static bool can_write_message(const struct flamegraph *f)
{
    const struct os *os = f->program.env->os;
    mode_t mode;
    const char *path = f->picture.request.path;
    return f->picture.request.output->kind == OUTPUT_PICTURE &&
           (!path || strcmp(path, "-") == 0 || os->kind(os->context, path, &mode) != OS_PLAIN);
}

/* Scripts expect a file even if there is nothing to draw, so write one that says why. */
static bool write_message(struct flamegraph *f)
{
    struct err *err = &f->program.err;
    char text[sizeof err->file + sizeof err->message + 8];
    snprintf(text, sizeof text, "%s%s%s", err->file, err->file[0] ? ": " : "", err->message);
    program_fail_softly(&f->program);
    return drawing_write_message(&f->drawing, STR("ERROR: nothing to draw"), str_from_c(text)) &&
           program_close_outputs(&f->program);
}

/* ---- --info and --print-csp-hash ---- */

static bool print_without_drawing(struct flamegraph *f)
{
    struct program *program = &f->program;
    if (f->picture.request.path)
        return err_set(&program->err, ERR_USAGE,
                       "--%s prints to standard output and draws nothing: leave out --output",
                       f->info ? "info" : "print-csp-hash");
    if (!f->print_csp_hash && !read_flamegraph_profile(f))
        return false;
    if (!program_open_output(program, NULL))
        return false;
    if (f->print_csp_hash) /* the same for all inputs */
        drawing_write_csp(&f->drawing, &program->out);
    else
        input_write_info(program, &f->profile, f->json);
    return sink_close(&program->out);
}

static bool flamegraph_work(void *self)
{
    struct flamegraph *f = self;
    if (f->input.list_formats)
        return input_list_formats(&f->program);
    if (f->input.tags)
        return input_print_tags(&f->program, &(struct input){.given = &f->input}, false);
    if (f->tui && !f->program.env->tui)
        return start_tui(f);
    if (!apply_flamegraph_options(f))
        return false;
    f->drawing = picture_options_drawing(&f->picture);
    f->drawing.profile = &f->profile;
    if (!compile_patterns(f))
        return false;
    if (f->print_csp_hash || f->info)
        return print_without_drawing(f);
    if (!charset_open(&f->charset, f->encoding, &f->program.err) || !load_map(f))
        return false;
    if (prepare_flamegraph_drawing(f))
        return f->tui ? run_tui(f) : write_drawing(f);
    if (f->tui)
        return false;
    enum err_code code = f->program.err.code;
    return (code == ERR_INPUT || code == ERR_SUPPORT) && can_write_message(f) && write_message(f);
}

int flamegraph_main(struct env *env, int argc, char **argv)
{
    struct flamegraph flamegraph = {
        .program = {.table = &flamegraph_option_table, .env = env, .argc = argc, .argv = argv},
        .picture = {.request = request_defaults},
        .encoding = "UTF-8",
        .seed = UINT64_MAX, /* not given */
    };
    flamegraph.program.common = &flamegraph.common;
    int status = program_run(&flamegraph.program, flamegraph_work, &flamegraph, &flamegraph);
    charset_close(&flamegraph.charset);
    return status;
}
