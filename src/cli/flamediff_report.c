/*
 * flamediff_report: see flamediff_report.h.
 */
#include "cli/flamediff.h"

#include <math.h>
#include <stdio.h>

enum { TOP_TO_READ = 20, LABEL_ROOM = 300 };

str flamediff_label(const struct flamediff_sides *sides, enum side side)
{
    const char *labels = sides->options->labels;
    size_t first = side == SIDE_BEFORE ? 0 : sides->count[SIDE_BEFORE];
    str name = str_from_c(sides->runs.at[first].file);
    char text[LABEL_ROOM];
    if (labels) {
        str both = str_from_c(labels);
        size_t comma = str_find(both, ',', 0);
        return side == SIDE_BEFORE ? str_head(both, comma) : str_skip(both, comma + 1);
    }
    if (sides->count[side] == 1)
        return name;
    int n = snprintf(text, sizeof text, "%.*s and %zu more", (int)(name.n < 200 ? name.n : 200),
                     name.p, sides->count[side] - 1);
    str *label = heap_alloc(&sides->program->heap, 1, sizeof *label + (size_t)n);
    memcpy(label + 1, text, (size_t)n);
    return str_of((const char *)(label + 1), (size_t)n);
}

static double number(struct num_decimal decimal)
{
    uint64_t one = 1;
    num_scale10(1, decimal.decimals, &one);
    return (double)decimal.units / (double)one;
}

struct comparison_options flamediff_comparison_options(const struct flamediff_options *options)
{
    struct comparison_options wanted = {.normalize = NORMALIZE_AUTO};
    if (options->normalize != FLAMEDIFF_UNSAID)
        wanted.normalize = (enum normalize)options->normalize;
    else if (options->scale)
        wanted.normalize = NORMALIZE_TOTAL;
    wanted.work[SIDE_BEFORE] = number(options->units[SIDE_BEFORE]);
    wanted.work[SIDE_AFTER] = number(options->units[SIDE_AFTER]);
    wanted.confidence = options->confidence.value / (options->confidence.percent ? 100 : 1);
    wanted.least = options->min_delta.value / 100;
    wanted.gated = options->gates.n > 0;
    return wanted;
}

static void add_classes(struct flamediff_report *report, const struct flamediff_sides *from)
{
    size_t runs = from->runs.n;
    for (size_t i = 0; i < from->class_names.n; i++) {
        double *weights = heap_alloc(&from->program->heap, runs, sizeof *weights);
        for (size_t r = 0; r < runs; r++)
            weights[r] = from->runs.at[r].classes ? from->runs.at[r].classes[i] : 0;
        comparison_add_class(&report->comparison, from->class_names.at[i], weights);
    }
}

/* A document for people is short unless asked otherwise; one for programs is whole. */
static size_t top_of(const struct flamediff_options *options)
{
    bool report = options->output && options->output->kind == OUTPUT_REPORT;
    if (options->top != UINT64_MAX)
        return options->top < SIZE_MAX ? (size_t)options->top : 0;
    return report && !options->output->brief ? 0 : TOP_TO_READ;
}

/* A gate on weights that nobody chose, where another scale may have been meant. */
static void warn_far_apart(const struct program *program, const struct comparison *comparison)
{
    bool chosen = !comparison->by_itself || comparison->normalize != NORMALIZE_NONE;
    if (!chosen && comparison->far_apart)
        program_warn(program,
                     "the totals differ by %.1f %%; the gates compare weights as they are: "
                     "--normalize total compares shares, --work N,M the cost of a unit of work",
                     fabs(comparison->apart) * 100);
}

/* The first of the worst kind there is. */
static const struct gate *worst_gate(const struct flamediff_options *options)
{
    static const enum gate_result worst[] = {GATE_REGRESSION, GATE_TOO_LITTLE};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < options->gates.n; i++)
            if (options->gates.at[i].result == worst[k])
                return &options->gates.at[i];
    return NULL;
}

bool flamediff_report_make(struct flamediff_report *report, struct flamediff_sides *from,
                           struct flamediff_options *options)
{
    struct heap *heap = &from->program->heap;
    struct comparison_options wanted = flamediff_comparison_options(options);
    str *files = heap_alloc(heap, from->runs.n, sizeof *files);
    run_set_init(&report->set, heap, from->program->env->seed);
    for (size_t r = 0; r < from->runs.n; r++) {
        const struct flamediff_run *run = &from->runs.at[r];
        run_set_add(&report->set, run->side, &run->tree, run->unit);
        files[r] = str_from_c(run->file);
    }
    run_set_finish(&report->set);
    comparison_make(&report->comparison, &report->set, &wanted);
    add_classes(report, from);
    if (wanted.gated)
        warn_far_apart(from->program, &report->comparison);
    for (size_t i = 0; i < options->gates.n; i++)
        gate_judge(&options->gates.at[i], &report->comparison);
    report->report = (struct report){
        .comparison = &report->comparison,
        .gates = options->gates.at,
        .gate_count = options->gates.n,
        .labels = {flamediff_label(from, SIDE_BEFORE), flamediff_label(from, SIDE_AFTER)},
        .files = files,
        .unit = from->unit,
        .work_unit = str_from_c(options->work_unit),
        .top = top_of(options),
        .confidence = wanted.confidence,
    };
    report->worst = worst_gate(options);
    report->sentence = report->worst ? report_gate_sentence(report->worst, heap) : STR("");
    if (!report->comparison.judge.counted && from->runs.n == 2)
        program_warn(from->program,
                     "the weights do not tell the number of samples, so nothing can be "
                     "said about noise: give --sample-weight, or several profiles "
                     "of each side");
    return true;
}

bool flamediff_report_write_junit(const struct flamediff_report *report, struct program *program,
                                  const char *path)
{
    struct sink *junit = path ? program_open_further(program, path) : NULL;
    if (junit)
        report_write_junit(&report->report, junit);
    return junit || !path;
}

void flamediff_report_tell(const struct flamediff_report *report, struct program *program)
{
    const struct gate *gate = report->worst;
    str sentence = report->sentence;
    if (!gate)
        return;
    program->verdict = gate->result == GATE_REGRESSION ? EXIT_REGRESSION : EXIT_TOO_LITTLE;
    program_say(program, "%s: %.*s: %.*s", report_gate_result(gate),
                (int)(gate->text.n < 200 ? gate->text.n : 200), gate->text.p,
                (int)(sentence.n < 600 ? sentence.n : 600), sentence.p);
}
