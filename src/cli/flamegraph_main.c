/*
 * flamegraph: a profile in, a picture out.
 */
#include <stdio.h>

#include "cli/flamegraph_options.h"
#include "cli/house_files.h"
#include "cli/info.h"
#include "cli/map_file.h"
#include "cli/text_file.h"
#include "core/recode.h"
#include "render/renderer.h"
#include "stack/chain.h"
#include "stack/folded.h"
#include "stack/remap.h"
#include "stack/tree_map.h"

struct flamegraph {
    struct program program;
    struct flamegraph_options options;
    struct read_options read;
    struct picture_options wanted;
    struct attrs_table attrs;
    struct map_file map; /* its path is NULL: there is none */
    struct filter filter;
    struct color_rules rules;
    struct profile profile;
    struct tree turned;
    const struct tree *tree; /* the one that is drawn */
    struct picture picture;
    struct picture_file file;
    struct house house;
    struct recode recode;
};

static bool load_attrs(struct flamegraph *f)
{
    str text;
    const char *path = f->options.nameattr;
    if (!path)
        return true;
    attrs_init(&f->attrs, &f->program.heap, f->program.env->seed);
    f->attrs.unsafe = f->options.unsafe_links;
    f->wanted.attrs = &f->attrs;
    return text_file_load(&f->program, path, &text, NULL) &&
           (attrs_read(&f->attrs, text, &f->program.err) ||
            err_in_file(&f->program.err, path, f->program.err.line));
}

static bool load_map(struct flamegraph *f)
{
    const char *path = f->options.palette_file;
    if (!path && !f->options.cp)
        return true;
    if (path && (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0))
        return err_set(&f->program.err, ERR_USAGE,
                       "--palette-file wants a file: it is read and written");
    f->wanted.map = &f->map.map;
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
    for (size_t i = 0; i < rules->values.n; i++)
        if (!color_rules_add(&f->rules, "--color-rule", str_from_c(rules->values.at[i]),
                             &f->program.err))
            return false;
    return true;
}

static bool apply_color_rules(struct flamegraph *f)
{
    if (!color_rules_any(&f->rules))
        return true;
    if (tree_has_sides(f->tree)) {
        if (f->options.color_rules.values.n > 0)
            program_warn(&f->program, "--color-rule is ignored: the colors of a differential are "
                                      "those of its changes");
        return true;
    }
    f->wanted.given = color_rules_find_all(&f->rules, &f->tree->frames.texts, f->wanted.shade,
                                           f->wanted.seed, &f->program.heap, &f->program.err);
    for (size_t i = 0; i < f->rules.matcher.entries.n; i++) {
        const struct matcher_entry *entry = &f->rules.matcher.entries.at[i];
        str text = pattern_text(entry->pattern);
        if (f->wanted.given && !entry->hit)
            program_warn(&f->program, "--color-rule '%.*s' matches no frame",
                         text.n < 200 ? (int)text.n : 200, text.p);
    }
    return f->wanted.given != NULL;
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
    bool marks = f->wanted.palette->kind || f->wanted.palette->module;
    if (f->wanted.order != ORDER_INPUT) /* threads do not keep the order */
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
        names[id] = recode_text(&f->recode, &f->profile.arena, frames_text(&tree->frames, id));
    remap_names(&recoded, tree, names);
    heap_free(heap, names);
    tree_end(tree);
    *tree = recoded;
}

/* The stacks as they are drawn. */
static void turn_tree(struct flamegraph *f)
{
    f->tree = &f->profile.tree;
    if (f->options.reverse) {
        tree_reverse(&f->turned, f->tree);
        f->tree = &f->turned;
    }
    if (f->wanted.palette->kind == palette_kind_chain) {
        struct tree *marked = heap_alloc(&f->program.heap, 1, sizeof *marked);
        chain_mark_wakers(marked, f->tree);
        f->tree = marked;
    }
}

/* --total counts when it is larger than the sum. A little less may be a matter of rounding. */
static bool apply_total(struct flamegraph *f, uint64_t sum)
{
    struct num_decimal total;
    uint64_t units;
    if (!f->options.total)
        return true;
    if (!num_parse_decimal(str_from_c(f->options.total), &total))
        return err_set(&f->program.err, ERR_USAGE, "--total wants a number, not '%.60s'",
                       f->options.total);
    unsigned decimals = f->tree->decimals;
    for (; total.decimals > decimals; total.decimals--)
        total.units = total.units / 10 + (total.units % 10 != 0);
    if (!num_scale10(total.units, decimals - total.decimals, &units))
        units = UINT64_MAX;
    if (units > sum)
        f->wanted.layout.total = units;
    else if ((double)units < 0.98 * (double)sum)
        program_warn(&f->program, "--total %.60s is less than the sum of the counts: ignored",
                     f->options.total);
    return true;
}

/* A differential is drawn by its second column. */
static bool check_sum(struct flamegraph *f, uint64_t sum)
{
    uint64_t low = FLAMEGRAPH_LOW_COUNT;
    if (sum == 0)
        return err_set(&f->program.err, ERR_INPUT,
                       tree_has_sides(f->tree) ? "all counts of the second column are 0"
                                               : "all counts are 0");
    if (num_scale10(low, f->tree->decimals, &low) && sum < low)
        program_warn(&f->program, "stack count is low (%llu): did something go wrong?",
                     (unsigned long long)(sum / (low / FLAMEGRAPH_LOW_COUNT)));
    return true;
}

static bool prepare(struct flamegraph *f)
{
    if (!read_profile(f))
        return false;
    if (f->recode.converter)
        recode_names(f);
    if (!filter_options_apply_to(&f->program, &f->options.filter, &f->filter, &f->profile))
        return false;
    turn_tree(f);
    const char *countname = f->options.countname;
    picture_choose_unit(&f->wanted, &f->profile, countname ? str_from_c(countname) : (str){NULL, 0},
                        str_from_c(f->options.unit));
    input_tell_sum(&f->program, f->tree);
    uint64_t sum = tree_sum(f->tree, tree_after(f->tree));
    return check_sum(f, sum) && apply_total(f, sum) && apply_color_rules(f);
}

static struct document make_document(struct flamegraph *f)
{
    return (struct document){
        .picture = &f->picture,
        .profile = f->options.no_metadata ? NULL : &f->profile,
        /* A still picture shows the same without; see tests/raster/. */
        .script = f->options.script == FLAMEGRAPH_VIEWER && !f->file.how.format,
        .fragment = f->options.fragment && !f->file.how.format,
        .theme = (enum theme)f->options.theme,
        .house = &f->house,
    };
}

static bool draw(struct flamegraph *f)
{
    struct document document = make_document(f);
    picture_make(&f->picture, f->tree, tree_after(f->tree), &f->wanted);
    struct sink *sink = picture_file_open(&f->file);
    if (!sink)
        return false;
    f->options.renderer->render(&document, sink);
    bool done = picture_file_finish(&f->file) && (!f->map.path || map_file_save(&f->map)) &&
                program_close_outputs(&f->program);
    program_unlock(&f->program);
    return done;
}

/* -o x.folded: the stacks that would be drawn. */
static bool write_stacks(struct flamegraph *f)
{
    if (!program_open_output(&f->program, f->file.path))
        return false;
    folded_write(f->tree, &f->program.out);
    return program_close_outputs(&f->program);
}

/* The message picture takes the place of no file, and is no text. */
static bool has_room_for_message(const struct flamegraph *f)
{
    const struct os *os = f->program.env->os;
    mode_t mode;
    const char *path = f->file.path;
    return !f->file.folded &&
           (!path || strcmp(path, "-") == 0 || os->kind(os->context, path, &mode) != OS_PLAIN);
}

/* Nothing to draw: automation expects a file all the same, so one that says why is written. */
static bool draw_message(struct flamegraph *f)
{
    struct err *err = &f->program.err;
    struct document document = make_document(f);
    char text[sizeof err->file + sizeof err->message + 8];
    snprintf(text, sizeof text, "%s%s%s", err->file, err->file[0] ? ": " : "", err->message);
    program_fail_softly(&f->program);
    f->picture.options = f->wanted;
    struct sink *sink = picture_file_open(&f->file);
    if (!sink)
        return false;
    f->options.renderer->render_message(&document, STR("ERROR: nothing to draw"), str_from_c(text),
                                        sink);
    return picture_file_close(&f->file);
}

/* --print-csp-hash: needs no input, the hashes are those of every picture with these options. */
static bool print_csp_hash(struct flamegraph *f)
{
    struct document document = make_document(f);
    if (!program_open_output(&f->program, NULL))
        return false;
    renderer_svg.render_csp(&document, &f->program.out);
    return sink_close(&f->program.out);
}

static bool work(void *self)
{
    struct flamegraph *f = self;
    if (!flamegraph_options_check(&f->options, f->program.env->seed, &f->wanted, &f->program.err) ||
        !picture_file_choose(&f->file, &f->program, &f->options.file) ||
        !house_files_load(&f->program, f->options.templates, f->options.css, &f->house))
        return false;
    if (f->file.path && (f->options.print_csp_hash || f->options.info))
        return err_set(&f->program.err, ERR_USAGE,
                       "--%s prints to standard output and draws nothing: leave out --output",
                       f->options.info ? "info" : "print-csp-hash");
    if (f->options.print_csp_hash)
        return print_csp_hash(f);
    if (f->options.info)
        return read_profile(f) && info_write(&f->program, &f->profile);
    if (f->options.file.from_svg)
        return picture_file_convert(&f->file, f->options.file.from_svg);
    if (!compile_patterns(f) || !recode_open(&f->recode, f->options.encoding, &f->program.err) ||
        !load_attrs(f) || !load_map(f))
        return false;
    if (prepare(f))
        return f->file.folded ? write_stacks(f) : draw(f);
    enum err_code code = f->program.err.code;
    return (code == ERR_INPUT || code == ERR_SUPPORT) && has_room_for_message(f) && draw_message(f);
}

int flamegraph_main(struct env *env, int argc, char **argv)
{
    struct flamegraph flamegraph = {
        .program = {.table = &flamegraph_option_table, .env = env, .argc = argc, .argv = argv},
        .options = flamegraph_option_defaults,
    };
    flamegraph.program.common = &flamegraph.options.common;
    int status = program_run(&flamegraph.program, work, &flamegraph, &flamegraph.options);
    recode_close(&flamegraph.recode);
    return status;
}
