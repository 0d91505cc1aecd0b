/* SPDX-License-Identifier: MIT */
/*
 * flamediff: from two sides to two columns, a report or a picture of what changed.
 */
#include "cli/flamediff.h"

#include "output/outputs.h"
#include "picture/color.h"

enum { EXIT_REGRESSION = 3, EXIT_TOO_LITTLE = 4 };

/* ---- options ---- */

enum { FLAMEDIFF_OUTPUTS = OUTPUT_PICTURE | OUTPUT_FOLDED | OUTPUT_REPORT | OUTPUT_TERMINAL };

static const char *const delta_choices[] = {[DELTA_TOTAL] = "total", [DELTA_SELF] = "self", NULL};

/* clang-format off */
#define CHOICE(field, kind, name, argument, help, topic, choices) \
    OPTION(struct flamediff, field, kind, 0, name, argument, help, topic, choices)
#define ROW(field, kind, traits, name, argument, help, topic) \
    OPTION(struct flamediff, field, kind, traits, name, argument, help, topic, NULL)
#define TEXT(field, name, argument, help, topic) \
    ROW(field, OPTION_TEXT, 0, name, argument, help, topic)
#define PICTURE(rows) rows(struct flamediff, picture, OPTION_LATER, OPTION_LATER)
/* clang-format on */

static const struct option flamediff_options[] = {
    OPTIONS_OUTPUT(struct flamediff, picture.request.path, picture.output_format,
                   "write to FILE: x.folded, x.svg, x.png, x.txt...",
                   "svg, folded, json..., whatever FILE ends in", "diff"),
    ROW(scale, OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, "n", NULL,
        "scale BEFORE to the total of AFTER", "diff"),
    CHOICE(normalize, OPTION_CHOICE, "normalize", "HOW",
           "auto, total (shares), work (cost), none (weights)", "diff", comparison_scale_names),
    TEXT(work, "work", "BEFORE,AFTER", "work of each side or run: compare cost per unit", "diff"),
    TEXT(work_unit, "work-unit", "NAME", "name of a unit of work: row", "diff"),
    TEXT(labels, "labels", "BEFORE,AFTER", "names of the sides; default: their files", "diff"),
    CHOICE(widths, OPTION_LIST, "width", "SIDE|PX",
           "after, before, union or both; or the width in px", "picture", comparison_width_names),
    CHOICE(picture.request.picture.delta, OPTION_CHOICE, "delta", "OF",
           "colors are changes of total or self", "picture", delta_choices),
    CHOICE(colors, OPTION_CHOICE, "colors", "PALETTE", "safe (orange and blue) or red-blue",
           "picture", comparison_color_names),
    PICTURE(OPTIONS_PICTURE),
    ROW(picture.request.sky, OPTION_TEXT, OPTION_LATER, "bgcolors", "COLOR",
        "yellow, blue, green, grey or #rrggbb", "picture"),
    PICTURE(OPTIONS_PICTURE_TEXT),
    PICTURE(OPTIONS_PICTURE_PAGE),
    TEXT(picture.report, "report", "FORMAT", "changes as text, markdown, json or csv", "report"),
    ROW(top, OPTION_COUNT, 0, "top", "N", "N functions in each list; 0: all", "report"),
    ROW(min_delta, OPTION_NUMBER, OPTION_PERCENT, "min-delta", "N%",
        "changes below N% of the run are noise", "report"),
    ROW(confidence, OPTION_NUMBER, OPTION_PERCENT | OPTION_POSITIVE, "confidence", "N%",
        "how certain a change must be; default 99%", "report"),
    ROW(sample_weight, OPTION_NUMBER, OPTION_POSITIVE, "sample-weight", "W",
        "weight of one sample, if the input lacks it", "report"),
    TEXT(picture.request.countname, "countname", "NAME",
         "unit of the weights: samples, ns, us, ms, s, bytes", "report"),
    ROW(fail_on, OPTION_LIST, 0, "fail-on", "WHAT>N%",
        "exit with 3 if total, any or a function grew by more", "gate"),
    ROW(fail_on_moved, OPTION_FLAG, 0, "fail-on-moved", NULL,
        "gates count cost that moved between functions, too", "gate"),
    TEXT(gates_file, "gates", "FILE", "read gates from FILE, one on each line", "gate"),
    TEXT(each_tag, "each-tag", "KEY", "judge each value of this label", "gate"),
    TEXT(junit, "junit", "FILE", "write the gates as JUnit XML", "gate"),
    ROW(series, OPTION_FLAG, OPTION_LATER, "series", NULL,
        "find where the costs of many runs changed", "series"),
    TEXT(baseline, "baseline", "DIR", "compare with all runs in DIR, the side before", "series"),
    ROW(keep, OPTION_COUNT, OPTION_LATER, "keep", "N",
        "with --baseline: add the new run if it passes", "series"),
    ROW(strip_hex, OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, "strip-hex", NULL,
        "hex numbers in names become 0x... (-s)", "names"),
    ROW(fold_names, OPTION_FLAG, 0, "fold-names", NULL,
        "names that differ from run to run become one", "names"),
    OPTIONS_INPUT_EVENT(struct flamediff, input, 0, "input"),
    OPTIONS_INPUT(struct flamediff, input, "input"),
    OPTION_WEIGHT(struct flamediff, read, "stacks"),
    OPTIONS_READ(struct flamediff, read, all_marks, 0, "stacks"),
    OPTIONS_INPUT_VALUES(struct flamediff, input),
    OPTIONS_FILTER(struct flamediff, filter),
    OPTIONS_COMMON(struct flamediff, common),
    {0},
};

static const char *offer_flamediff(const char *option, size_t i)
{
    const struct output *output;
    if (strcmp(option, "report") == 0)
        return (output = output_at(OUTPUT_REPORT, i)) ? output->name : NULL;
    if (strcmp(option, "bgcolors") == 0)
        return background_name(i);
    return input_offer(option, i, FLAMEDIFF_OUTPUTS);
}

static const struct option_table flamediff_option_table = {
    .program = "flamediff",
    .usage = "[options] BEFORE AFTER | BEFORE... -- AFTER...",
    .purpose = "Compares two profiles: flamediff before after | flamegraph > diff.svg",
    .options = flamediff_options,
    .offer = offer_flamediff,
};

/* ---- checks ---- */

static bool check_flamediff_numbers(const struct flamediff *f, struct err *err)
{
    double confidence = flamediff_confidence(f);
    if (!(confidence >= 0.5 && confidence < 1))
        return err_set(err, ERR_USAGE, "--confidence is from 50%% to below 100%%");
    if (!(f->min_delta.value >= 0 && f->min_delta.value <= 100))
        return err_set(err, ERR_USAGE, "--min-delta is from 0%% to 100%%");
    return !f->labels || strchr(f->labels, ',') ||
           err_set(err, ERR_USAGE, "--labels needs two names, as in v1.2,v1.3, not '%.60s'",
                   f->labels);
}

/* Each --width is a name (after, before, union, both) or a number of px. */
static bool parse_widths(struct flamediff *f, struct err *err)
{
    struct option_number *number = &f->picture.width;
    for (size_t i = 0; i < f->widths.values.n; i++) {
        const char *text = f->widths.values.at[i];
        unsigned side = 0;
        while (comparison_width_names[side] && strcmp(comparison_width_names[side], text) != 0)
            side++;
        if (comparison_width_names[side])
            f->width = (enum differential_width)side;
        else if (num_parse_double(str_from_c(text), &number->value))
            number->given = true;
        else
            return err_set(err, ERR_USAGE,
                           "--width cannot be '%.60s'; it can be after, before, union, both or a "
                           "number of px",
                           text);
    }
    return true;
}

static bool parse_gates(struct flamediff *f, struct err *err)
{
    for (size_t i = 0; i < f->fail_on.values.n; i++) {
        struct gate gate;
        if (!gate_parse(&gate, str_from_c(f->fail_on.values.at[i]), err) ||
            !gate_check_pattern(&gate, "--fail-on", &f->program.heap, err))
            return false;
        vec_push(&f->program.heap, &f->gates, gate);
    }
    if (f->gates_file) {
        str text;
        if (!program_load_text(&f->program, f->gates_file, &text, NULL))
            return false;
        if (!gates_file_read(text, &f->gates, &f->program.heap, err))
            return err_in_file(err, f->gates_file, err->line);
        if (f->gates.n == 0) {
            err_set(err, ERR_USAGE, "it has no gate");
            return err_in_file(err, f->gates_file, 0);
        }
    }
    for (size_t i = 0; i < f->gates.n; i++)
        if (f->gates.at[i].subject == GATE_TAG && !f->each_tag)
            return err_set(err, ERR_USAGE, "the gate '%.*s' needs --each-tag KEY",
                           STR_SHOWN(f->gates.at[i].text, 80));
    return f->gates.n > 0 || !f->junit ||
           err_set(err, ERR_USAGE, "--junit needs a --fail-on or --gates");
}

static bool check_flamediff_options(struct flamediff *f)
{
    static const char *const junit_endings[] = {"xml", NULL};
    const struct os *os = f->program.env->os;
    struct err *err = &f->program.err;
    struct request *request = &f->picture.request;
    struct filter filter;
    if (f->scale && f->normalize != NORMALIZE_UNSET)
        return err_set(err, ERR_USAGE, "-n and --normalize contradict each other: give only one");
    f->picture.program = &f->program;
    if (!picture_options_choose_output(&f->picture, FLAMEDIFF_OUTPUTS, &f->output) ||
        !flamediff_parse_work(f) || !check_flamediff_numbers(f, err) || !parse_gates(f, err) ||
        !parse_widths(f, err))
        return false;
    picture_options_apply(&f->picture, &f->program);
    f->read.kernel |= f->all_marks;
    f->read.jit |= f->all_marks;
    f->read.inline_marks = f->all_marks;
    request->output = f->output ? f->output : output_find(OUTPUT_FOLDED, STR("folded"));
    if (!request_check(request, os, err) ||
        !output_check_text(os, f->junit, "JUnit XML", junit_endings, err) ||
        !filter_options_compile(&f->program, &f->filter, &filter))
        return false;
    if (f->keep > 0 && !f->baseline)
        return err_set(err, ERR_USAGE, "--keep needs --baseline");
    if (f->series && !flamediff_check_series(f))
        return false;
    bool folded = !f->output || f->output->kind == OUTPUT_FOLDED;
    f->compares = !folded || f->gates.n > 0 || f->each_tag;
    f->compares |= f->series || f->baseline;
    f->columns = !f->series && folded && (!f->compares || f->output || request->path);
    return picture_options_load_files(&f->picture);
}

/* ---- two columns ---- */

static double mean_run_total(const struct tree *tree, size_t runs)
{
    return num_of_units(tree_sum(tree, 0), tree->decimals) / (double)runs;
}

/* Folded stacks do not show that a column is scaled, so warn, unless scaling to one total (-n) was
 * asked for. */
static void warn_of_scaled_column(struct flamediff *f, const struct two_columns_options *diff,
                                  const char *scaled_to)
{
    bool asked = f->scale || f->normalize == NORMALIZE_TOTAL;
    if (!asked && (diff->normalize || diff->up != diff->down))
        program_warn(&f->program,
                     "the weights before are scaled to the %s after; -o diff.svg shows what was "
                     "measured, with its unit",
                     scaled_to);
}

/* By default weights are not scaled, as in the Perl tool. */
static struct two_columns_options choose_column_scale(struct flamediff *f,
                                                      const struct tree *before,
                                                      const struct tree *after)
{
    struct comparison_options options = flamediff_comparison_options(f);
    const size_t *count = f->count;
    if (f->normalize == NORMALIZE_UNSET && !f->scale)
        options.normalize = f->work ? NORMALIZE_WORK : NORMALIZE_NONE;
    if (options.normalize == NORMALIZE_AUTO)
        options.normalize = comparison_choose(
            &options, comparison_are_alike(mean_run_total(before, count[SIDE_BEFORE]),
                                           mean_run_total(after, count[SIDE_AFTER])));
    struct two_columns_options diff = {.normalize = options.normalize == NORMALIZE_TOTAL};
    if (options.normalize == NORMALIZE_WORK)
        flamediff_set_ratio(&diff, f->units[SIDE_AFTER], f->units[SIDE_BEFORE]);
    else if (options.normalize == NORMALIZE_NONE)
        flamediff_set_ratio(&diff, (struct num_decimal){.units = count[SIDE_AFTER]},
                            (struct num_decimal){.units = count[SIDE_BEFORE]});
    warn_of_scaled_column(f, &diff,
                          diff.normalize                        ? "total"
                          : options.normalize == NORMALIZE_WORK ? "work"
                                                                : "number of runs");
    return diff;
}

/* Filters apply after scaling, since -n compares whole recordings. A stack that only one side has
 * is kept. */
static bool write_columns(struct flamediff *f)
{
    struct program *program = &f->program;
    struct tree merged[SIDES], both;
    struct filter filter;
    bool have_comm = true;
    for (size_t r = 0; r < f->runs.n; r++)
        have_comm &= f->runs.at[r].has_comm;
    if (!filter_options_compile(program, &f->filter, &filter))
        return false;
    const struct tree *before = flamediff_merge_side(f, SIDE_BEFORE, &merged[SIDE_BEFORE]);
    const struct tree *after = flamediff_merge_side(f, SIDE_AFTER, &merged[SIDE_AFTER]);
    struct two_columns_options diff = choose_column_scale(f, before, after);
    tree_init(&both, &program->heap, program->env->seed);
    two_columns_make(&both, before, after, &diff);
    if (diff.normalize || f->normalize == NORMALIZE_AUTO || both.overflow) {
        input_warn_of_overflow(program, before);
        input_warn_of_overflow(program, after);
        input_warn_of_overflow(program, &both);
    }
    if (!filter_options_apply(program, &f->filter, &filter, &both, have_comm))
        return false;
    struct drawing drawing = picture_options_drawing(&f->picture);
    drawing.tree = &both;
    return drawing_write(&drawing) && program_close_outputs(program);
}

/* ---- a report or a picture ---- */

static bool write_comparison(struct flamediff *f)
{
    struct drawing drawing = picture_options_drawing(&f->picture);
    struct comparison_picture picture = {
        .report = &f->report,
        .sides = f->sides,
        .width = f->width,
        .colors = (enum differential_colors)f->colors,
    };
    drawing.report = &f->report;
    if (!f->output || f->output->kind == OUTPUT_FOLDED)
        return true;
    if (f->output->kind == OUTPUT_PICTURE || f->output->kind == OUTPUT_TERMINAL) {
        if (!comparison_picture_prepare(&picture, &drawing))
            return false;
        input_warn_of_overflow(&f->program, drawing.tree);
    }
    return drawing_write(&drawing);
}

static void report_worst_gate(struct flamediff *f)
{
    const struct gate *gate = f->worst;
    f->program.verdict = gate->result == GATE_REGRESSION ? EXIT_REGRESSION : EXIT_TOO_LITTLE;
    program_message(&f->program, MESSAGE_ALWAYS, "%s: %.*s: %.*s", report_gate_result(gate),
                    STR_SHOWN(gate->text, 200), STR_SHOWN(f->sentence, 600));
}

static bool flamediff_work(void *self)
{
    struct flamediff *f = self;
    if (f->input.list_formats)
        return input_list_formats(&f->program);
    if (f->input.tags)
        return input_print_tags(&f->program, &(struct input){.given = &f->input}, true);
    if (!check_flamediff_options(f))
        return false;
    arena_init(&f->arena, &f->program.heap);
    for (unsigned side = 0; side < SIDES; side++)
        profile_init(&f->sides[side], &f->program.heap, f->program.env->seed, false);
    if (!flamediff_prepare_tags(f))
        return false;
    if (f->series)
        return flamediff_series(f);
    if (!flamediff_read_runs(f) || (f->columns && !write_columns(f)))
        return false;
    if (f->first_run)
        return flamediff_close_outputs(f) && flamediff_report_kept(f);
    if (!f->compares)
        return true;
    if (!flamediff_compare_runs(f) || !write_comparison(f))
        return false;
    struct sink *junit = f->junit ? program_open_further(&f->program, f->junit) : NULL;
    if (junit)
        report_write_junit(&f->report, junit);
    if ((f->junit && !junit) || !flamediff_close_outputs(f))
        return false;
    if (f->worst)
        report_worst_gate(f);
    return f->keep == 0 || flamediff_report_kept(f);
}

int flamediff_main(struct env *env, int argc, char **argv)
{
    struct flamediff flamediff = {
        .program = {.table = &flamediff_option_table, .env = env, .argc = argc, .argv = argv},
        .picture = {.request = request_defaults},
        .normalize = NORMALIZE_UNSET,
        .work_unit = "unit",
        .confidence = {.value = 99, .percent = true},
        .top = UINT64_MAX,
    };
    flamediff.program.common = &flamediff.common;
    return program_run(&flamediff.program, flamediff_work, &flamediff, &flamediff);
}
