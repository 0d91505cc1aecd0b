/*
 * flamegraph: a profile in, a picture out.
 */
#include <stdio.h>

#include "cli/flamegraph_options.h"
#include "cli/info.h"
#include "cli/map_file.h"
#include "core/charset.h"
#include "profile/tree_rebuild.h"

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
    struct charset recode;
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
    if (!input_read(program, &input, &f->profile))
        return false;
    input_tell_inlined(program, &f->profile);
    return true;
}

/* What --encoding says of the input: from here on all is UTF-8, and so are patterns. */
static void recode_names(struct flamegraph *f)
{
    struct heap *heap = &f->program.heap;
    struct tree *tree = &f->profile.tree, recoded;
    uint32_t count = frames_count(&tree->frames);
    str *names = heap_alloc(heap, count, sizeof *names);
    for (uint32_t id = 0; id < count; id++)
        names[id] = charset_text(&f->recode, &f->profile.arena, frames_text(&tree->frames, id));
    tree_rebuild_names(&recoded, tree, names);
    heap_free(heap, names);
    tree_end(tree);
    *tree = recoded;
}

/* From the input to the tree that is drawn. */
static bool prepare(struct flamegraph *f)
{
    struct tree *tree = &f->profile.tree;
    if (!read_profile(f))
        return false;
    if (f->recode.converter)
        recode_names(f);
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
    if (!compile_patterns(f) || !charset_open(&f->recode, f->options.encoding, &f->program.err) ||
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
    charset_close(&flamegraph.recode);
    return status;
}
