/*
 * flamediff: two sides in, two columns out, or a report of what changed.
 */
#include "cli/flamediff.h"

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

/* ---- flamediff options ---- */

#define FLAMEDIFF_OUTPUTS (OUTPUT_PICTURE | OUTPUT_FOLDED | OUTPUT_REPORT)

static const char *const delta_choices[] = {[DELTA_TOTAL] = "total", [DELTA_SELF] = "self", NULL};

#define FIELD(name)   offsetof(struct flamediff_options, name)

#define PICTURE(rows) rows(struct flamediff_options, picture, OPTION_LATER, OPTION_LATER)

static const struct option option_list[] = {
    {"output", OPTION_TEXT, OPTION_LETTER, FIELD(picture.output), "FILE",
     "write to FILE: x.folded, x.svg, x.png, x.txt...", "diff", NULL},
    {"output-format", OPTION_TEXT, OPTION_LATER, FIELD(picture.output_format), "NAME",
     "svg, folded, json..., whatever the name ends in", "diff", NULL},
    {"n", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(scale), NULL,
     "scale BEFORE to the total of AFTER", "diff", NULL},
    {"normalize", OPTION_CHOICE, 0, FIELD(normalize), "HOW",
     "auto, total (shares), work (cost), none (weights)", "diff", comparison_scale_names},
    {"work", OPTION_TEXT, 0, FIELD(work), "BEFORE,AFTER",
     "units of work done: cost per unit is compared", "diff", NULL},
    {"work-unit", OPTION_TEXT, 0, FIELD(work_unit), "NAME", "what a unit of work is called: row",
     "diff", NULL},
    {"labels", OPTION_TEXT, 0, FIELD(labels), "BEFORE,AFTER",
     "what the sides are called; default: their files", "diff", NULL},
    {"width", OPTION_LIST, 0, FIELD(widths), "SIDE|PX",
     "after, before, union or both; or the width in px", "picture", NULL},
    {"delta", OPTION_CHOICE, 0, FIELD(delta), "OF", "colors are changes of total or self",
     "picture", delta_choices},
    {"colors", OPTION_CHOICE, 0, FIELD(colors), "PALETTE", "safe (orange and blue) or red-blue",
     "picture", comparison_color_names},
    PICTURE(OPTIONS_PICTURE),
    OPTIONS_PICTURE_SKY(struct flamediff_options, picture, OPTION_LATER, "picture"),
    PICTURE(OPTIONS_PICTURE_TEXT),
    PICTURE(OPTIONS_PICTURE_PAGE),
    {"report", OPTION_TEXT, 0, FIELD(report), "FORMAT",
     "what changed, as text, markdown, json or csv", "report", NULL},
    {"top", OPTION_COUNT, 0, FIELD(top), "N", "so many functions of each list; 0: all", "report",
     NULL},
    {"min-delta", OPTION_NUMBER, OPTION_PERCENT, FIELD(min_delta), "N%",
     "changes below N% of the run are noise", "report", NULL},
    {"confidence", OPTION_NUMBER, OPTION_PERCENT | OPTION_POSITIVE, FIELD(confidence), "N%",
     "how sure a change must be; default 99%", "report", NULL},
    {"sample-weight", OPTION_NUMBER, OPTION_POSITIVE, FIELD(sample_weight), "W",
     "weight of one sample, if the input does not tell", "report", NULL},
    {"countname", OPTION_TEXT, 0, FIELD(countname), "NAME",
     "unit of the weights: samples, ns, us, ms, s, bytes", "report", NULL},
    {"fail-on", OPTION_LIST, 0, FIELD(fail_on), "WHAT>N%",
     "exit with 3 when total, any, or a function grew so", "gate", NULL},
    {"junit", OPTION_TEXT, 0, FIELD(junit), "FILE", "write the gates as JUnit XML", "gate", NULL},
    {"strip-hex", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(strip_hex), NULL,
     "hex numbers in names become 0x... (-s)", "names", NULL},
    {"fold-names", OPTION_FLAG, 0, FIELD(fold_names), NULL,
     "names that differ from run to run become one", "names", NULL},
    {"event-filter", OPTION_TEXT, 0, FIELD(event_filter), "EVENT",
     "count this event; default: the first one seen", "input", NULL},
    {"input-format", OPTION_TEXT, OPTION_LATER, FIELD(input_format), "NAME",
     "perf, folded or svg; default: look", "input", NULL},
    {"format", OPTION_TEXT, OPTION_HIDDEN, FIELD(input_format), "NAME", "the same", "input", NULL},
    INPUT_OPTION_THREADS(FIELD(threads), "input"),
    OPTIONS_FILTER(struct flamediff_options, filter),
    OPTIONS_COMMON(struct flamediff_options, common),
    {0},
};

static const char *offer(const char *option, size_t i)
{
    const struct output *output;
    if (strcmp(option, "input-format") == 0)
        return input_offer_format(i);
    if (strcmp(option, "output-format") == 0)
        return (output = output_at(FLAMEDIFF_OUTPUTS, i)) ? output->name : NULL;
    if (strcmp(option, "report") == 0)
        return (output = output_at(OUTPUT_REPORT, i)) ? output->name : NULL;
    if (strcmp(option, "width") == 0)
        return comparison_width_names[i];
    return picture_options_offer(option, i);
}

const struct option_table flamediff_option_table = {
    .program = "flamediff",
    .usage = "[options] BEFORE AFTER | BEFORE... -- AFTER...",
    .purpose = "Compares two profiles: flamediff before after | flamegraph > diff.svg",
    .options = option_list,
    .offer = offer,
};

const struct flamediff_options flamediff_option_defaults = {
    .normalize = FLAMEDIFF_UNSAID,
    .work_unit = "unit",
    .confidence = {.value = 99, .percent = true},
    .top = UINT64_MAX, /* not said */
};

/* As one of whole numbers. */
static bool has_ratio(const struct num_decimal *a, const struct num_decimal *b)
{
    const struct num_decimal *fewer = a->decimals < b->decimals ? a : b;
    const struct num_decimal *more = fewer == a ? b : a;
    uint64_t units;
    return num_scale10(fewer->units, more->decimals - fewer->decimals, &units);
}

static bool parse_work(struct flamediff_options *options, struct err *err)
{
    if (!options->work)
        return options->normalize != NORMALIZE_WORK ||
               err_set(err, ERR_USAGE, "--normalize work wants --work BEFORE,AFTER");
    str text = str_from_c(options->work);
    size_t comma = str_find(text, ',', 0);
    bool good = comma < text.n;
    good = good && num_parse_decimal(str_head(text, comma), &options->units[SIDE_BEFORE]);
    good = good && num_parse_decimal(str_skip(text, comma + 1), &options->units[SIDE_AFTER]);
    if (!good || options->units[SIDE_BEFORE].units == 0 || options->units[SIDE_AFTER].units == 0)
        return err_set(err, ERR_USAGE,
                       "--work wants two numbers larger than 0, as in 632,5850, not '%.60s'",
                       options->work);
    return has_ratio(&options->units[SIDE_BEFORE], &options->units[SIDE_AFTER]) ||
           err_set(err, ERR_USAGE, "the numbers of --work '%.60s' have too many digits",
                   options->work);
}

static bool check_numbers(const struct flamediff_options *options, struct err *err)
{
    double confidence = options->confidence.value;
    double least = options->min_delta.value;
    if (options->confidence.percent)
        confidence /= 100;
    if (!(confidence >= 0.5 && confidence < 1))
        return err_set(err, ERR_USAGE, "--confidence is from 50%% to below 100%%");
    if (!(least >= 0 && least <= 100))
        return err_set(err, ERR_USAGE, "--min-delta is from 0%% to 100%%");
    if (options->labels && !strchr(options->labels, ','))
        return err_set(err, ERR_USAGE, "--labels wants two names, as in v1.2,v1.3, not '%.60s'",
                       options->labels);
    return true;
}

/* ---- output ---- */

/* The ending of the path decides when neither --output-format nor --report does. */
static bool choose_by_path(struct flamediff_options *o, const struct os *os, struct err *err)
{
    const char *path = o->picture.output;
    const struct output *found = NULL;
    struct err unknown = {0};
    if (!path || o->picture.output_format)
        return true;
    if (!output_of_path(FLAMEDIFF_OUTPUTS, os, path,
                        "; --output-format says what is written under any other name", &found,
                        o->output ? &unknown : err))
        return o->output != NULL;
    if (o->output && found && found->kind == OUTPUT_PICTURE)
        return err_set(err, ERR_USAGE,
                       "-o %.60s is a picture, and --report is text: give one of them", path);
    if (!o->output)
        o->output = found;
    return true;
}

static bool choose_output(struct flamediff_options *o, const struct os *os, struct err *err)
{
    const struct output *report = NULL;
    if (!output_choose(OUTPUT_REPORT, "--report", o->report, &report, err) ||
        !output_choose(FLAMEDIFF_OUTPUTS, "--output-format", o->picture.output_format, &o->output,
                       err))
        return false;
    if (report && o->output && o->output != report)
        return err_set(err, ERR_USAGE,
                       "--report and --output-format both name the output: give one of them");
    if (report)
        o->output = report;
    return choose_by_path(o, os, err);
}

/* ---- the picture ---- */

/* Each --width is a side or a number of px. */
static bool take_widths(struct flamediff_options *o, struct request *request, struct err *err)
{
    for (size_t i = 0; i < o->widths.values.n; i++) {
        const char *text = o->widths.values.at[i];
        unsigned side = 0;
        while (comparison_width_names[side] && strcmp(comparison_width_names[side], text) != 0)
            side++;
        if (comparison_width_names[side]) {
            o->width = (enum differential_width)side;
        } else if (num_parse_double(str_from_c(text), &request->width)) {
            request->width_given = true;
        } else {
            return err_set(err, ERR_USAGE,
                           "--width knows no '%.60s'; it can be after, before, union, both or a "
                           "number of px",
                           text);
        }
    }
    return true;
}

static bool check_picture(struct flamediff_options *o, struct program *program,
                          const struct attrs_table *attrs, struct request *request)
{
    struct err *err = &program->err;
    picture_options_apply(program, &o->picture, attrs, request);
    request->output = o->output ? o->output : output_find(OUTPUT_FOLDED, STR("folded"));
    request->delta = (enum delta_of)o->delta;
    request->countname = o->countname;
    return take_widths(o, request, err) && request_check(request, program->env->os, err);
}

static bool add_gates(struct flamediff_options *o, struct heap *heap, struct err *err)
{
    for (size_t i = 0; i < o->fail_on.values.n; i++) {
        struct gate gate;
        if (!gate_parse(&gate, str_from_c(o->fail_on.values.at[i]), err))
            return false;
        vec_push(heap, &o->gates, gate);
    }
    return o->gates.n > 0 || !o->junit ||
           err_set(err, ERR_USAGE, "--junit wants a --fail-on to tell the outcome of");
}

bool flamediff_options_check(struct flamediff_options *o, struct program *program,
                             const struct attrs_table *attrs, struct request *request)
{
    static const char *const junit_endings[] = {"xml", NULL};
    const struct os *os = program->env->os;
    struct err *err = &program->err;
    if (o->scale && o->normalize != FLAMEDIFF_UNSAID)
        return err_set(err, ERR_USAGE, "-n and --normalize say two things: give one of them");
    if (!choose_output(o, os, err) || !parse_work(o, err) || !check_numbers(o, err) ||
        !add_gates(o, &program->heap, err) || !check_picture(o, program, attrs, request) ||
        !output_check_text(os, o->junit, "JUnit XML", junit_endings, err))
        return false;
    bool folded = !o->output || o->output->kind == OUTPUT_FOLDED;
    o->compares = !folded || o->gates.n > 0;
    o->columns = folded && (!o->compares || o->output || o->picture.output);
    return true;
}
