/*
 * flamediff: two sides in, two columns out, or a report of what changed.
 */
#include "cli/flamediff_report.h"
#include "cli/input.h"
#include "compare/two_columns.h"

struct flamediff {
    struct program program;
    struct flamediff_options options;
    struct flamediff_sides sides;
    struct request request;
    struct attrs_table attrs;
};

/* Of one run. */
static double mean_total(const struct tree *tree, size_t runs)
{
    return num_of_units(tree_sum(tree, 0), tree->decimals) / (double)runs;
}

/* up / down becomes the ratio of two decimals. */
static void set_ratio(struct two_columns_options *diff, struct num_decimal up,
                      struct num_decimal down)
{
    diff->up = up.units;
    diff->down = down.units;
    if (up.decimals > down.decimals)
        num_scale10(diff->down, up.decimals - down.decimals, &diff->down);
    else
        num_scale10(diff->up, down.decimals - up.decimals, &diff->up);
}

/* Without being asked, weights stand as they are: what the Perl tool does. */
static struct two_columns_options choose_scale(const struct flamediff *f, const struct tree *before,
                                               const struct tree *after)
{
    const struct flamediff_options *options = &f->options;
    struct comparison_options wanted = flamediff_comparison_options(options);
    const size_t *count = f->sides.count;
    if (options->normalize == FLAMEDIFF_UNSAID && !options->scale)
        wanted.normalize = options->work ? NORMALIZE_WORK : NORMALIZE_NONE;
    enum normalize scale = wanted.normalize;
    if (scale == NORMALIZE_AUTO)
        scale = comparison_choose(&wanted, mean_total(before, count[SIDE_BEFORE]),
                                  mean_total(after, count[SIDE_AFTER]));
    struct two_columns_options diff = {.normalize = scale == NORMALIZE_TOTAL};
    if (scale == NORMALIZE_WORK)
        set_ratio(&diff, options->units[SIDE_AFTER], options->units[SIDE_BEFORE]);
    else if (scale == NORMALIZE_NONE)
        set_ratio(&diff, (struct num_decimal){.units = count[SIDE_AFTER]},
                  (struct num_decimal){.units = count[SIDE_BEFORE]});
    return diff;
}

/* Not each side is filtered alone: -n compares whole recordings, and what only one side has is no
 * error. */
static bool write_columns(struct flamediff *f)
{
    struct program *program = &f->program;
    struct tree room[SIDES], both;
    struct filter filter;
    if (!filter_options_compile(program, &f->options.filter, &filter))
        return false;
    const struct tree *before = flamediff_sides_merge(&f->sides, SIDE_BEFORE, &room[SIDE_BEFORE]);
    const struct tree *after = flamediff_sides_merge(&f->sides, SIDE_AFTER, &room[SIDE_AFTER]);
    struct two_columns_options diff = choose_scale(f, before, after);
    tree_init(&both, &program->heap, program->env->seed);
    two_columns_make(&both, before, after, &diff);
    if (diff.normalize || f->options.normalize == NORMALIZE_AUTO || both.overflow) {
        input_tell_sum(program, before);
        input_tell_sum(program, after);
        input_tell_sum(program, &both);
    }
    if (!filter_options_apply(program, &f->options.filter, &filter, &both,
                              flamediff_sides_have_comm(&f->sides)))
        return false;
    struct drawing drawing = picture_options_drawing(program, &f->request);
    drawing.tree = &both;
    return drawing_write(&drawing) && program_close_outputs(program);
}

/* A report or a picture. */
static bool write_comparison(struct flamediff *f, const struct flamediff_report *report)
{
    struct program *program = &f->program;
    struct drawing drawing = picture_options_drawing(program, &f->request);
    struct comparison_picture picture = {
        .report = &report->report,
        .width = f->options.width,
        .colors = (enum differential_colors)f->options.colors,
    };
    drawing.report = &report->report;
    if (!f->options.output || f->options.output->kind == OUTPUT_FOLDED)
        return true;
    if (f->options.output->kind == OUTPUT_PICTURE) {
        if (!comparison_picture_prepare(&picture, &drawing))
            return false;
        input_tell_sum(program, drawing.tree);
    }
    return drawing_write(&drawing);
}

static bool compare(struct flamediff *f)
{
    struct flamediff_report report;
    bool done = flamediff_sides_filter(&f->sides) &&
                flamediff_report_make(&report, &f->sides, &f->options) &&
                write_comparison(f, &report) &&
                flamediff_report_write_junit(&report, &f->program, f->options.junit) &&
                program_close_outputs(&f->program);
    if (done)
        flamediff_report_tell(&report, &f->program);
    return done;
}

static bool work(void *self)
{
    struct flamediff *f = self;
    struct filter filter;
    if (!flamediff_options_check(&f->options, &f->program, &f->attrs, &f->request) ||
        !filter_options_compile(&f->program, &f->options.filter, &filter) ||
        !picture_options_load_files(&f->program, &f->options.picture, &f->attrs, &f->request))
        return false;
    f->sides = (struct flamediff_sides){.program = &f->program, .options = &f->options};
    if (!flamediff_sides_read(&f->sides) || (f->options.columns && !write_columns(f)))
        return false;
    return !f->options.compares || compare(f);
}

int flamediff_main(struct env *env, int argc, char **argv)
{
    struct flamediff flamediff = {
        .program = {.table = &flamediff_option_table, .env = env, .argc = argc, .argv = argv},
        .options = flamediff_option_defaults,
        .request = request_defaults,
    };
    flamediff.program.common = &flamediff.options.common;
    return program_run(&flamediff.program, work, &flamediff, &flamediff.options);
}
