/* SPDX-License-Identifier: MIT */
/*
 * flamediff_series: flamediff --series, which finds where the costs of many runs changed, and
 * --baseline, which keeps a window of runs.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/flamediff.h"
#include "cli/run_directory.h"
#include "output/outputs.h"
#include "output/series_report.h"

#define LEAST_DEFAULT 0.005 /* of a run */

enum { TOP_MEMBERS = 8, TOP_PANELS = 24, RUNS_MOST = 10000 };

struct series {
    struct flamediff *f;
    struct heap *heap;
    const double *factors; /* by run: weight times factor is on the scale */
    enum series_scale scale;
    VEC(struct series_row) rows;
    struct series_events events;
    struct series_report report;
};

/* ---- files ---- */

/* One argument can be a directory. *sort: order its runs by their dates. */
static bool list_series(struct flamediff *f, struct run_files *files, bool *sort)
{
    struct program *program = &f->program;
    const struct option_result *arguments = &program->arguments;
    *sort = false;
    if (arguments->files.n == 1 && run_directory_is(program, arguments->files.at[0])) {
        *sort = true;
        if (!run_directory_list(program, arguments->files.at[0], files))
            return false;
    } else {
        for (size_t i = 0; i < arguments->files.n; i++)
            vec_push(&program->heap, files, arguments->files.at[i]);
    }
    if (files->n > RUNS_MOST)
        return err_set(&program->err, ERR_USAGE, "--series takes at most %d runs, not %zu",
                       (int)RUNS_MOST, files->n);
    return files->n > 1 ||
           err_set(&program->err, ERR_USAGE,
                   "--series needs several runs or a directory of them, not %zu", files->n);
}

static int compare_dates(const void *a, const void *b)
{
    const struct flamediff_run *x = a, *y = b;
    if (x->recording.date != y->recording.date)
        return x->recording.date < y->recording.date ? -1 : 1;
    return recording_compare_names(str_from_c(x->file), str_from_c(y->file));
}

/* Sort the runs by date. If any has none, all stay in the order of the names of their files. */
static void sort_runs(struct flamediff *f)
{
    size_t dated = 0;
    for (size_t r = 0; r < f->runs.n; r++)
        dated += f->runs.at[r].recording.has_date;
    if (dated == f->runs.n)
        qsort(f->runs.at, f->runs.n, sizeof *f->runs.at, compare_dates);
    else
        program_warn(&f->program,
                     "%zu of %zu runs have no date: they are in the order of their names",
                     f->runs.n - dated, f->runs.n);
}

static bool read_run_series(struct flamediff *f)
{
    struct run_files files = {0};
    bool sort;
    if (!list_series(f, &files, &sort))
        return false;
    for (size_t i = 0; i < files.n; i++)
        if (!flamediff_read_run(f, &files.at[i], SIDE_BEFORE))
            return false;
    if (!input_check_options(&f->program, &f->input))
        return false;
    if (sort)
        sort_runs(f);
    flamediff_choose_unit(f);
    flamediff_warn_of_idle(f);
    return flamediff_set_work(f) && flamediff_filter_runs(f);
}

/* ---- rows ---- */

static bool choose_series_scale(struct series *s)
{
    struct flamediff *f = s->f;
    unsigned normalize = f->scale ? NORMALIZE_TOTAL : f->normalize;
    double *factors = heap_alloc(s->heap, f->runs.n, sizeof *factors);
    bool works = f->has_work && normalize != NORMALIZE_TOTAL && normalize != NORMALIZE_NONE;
    s->scale = works ? SERIES_WORK : normalize == NORMALIZE_TOTAL ? SERIES_SHARES : SERIES_WEIGHTS;
    for (size_t r = 0; r < f->runs.n; r++) {
        double total = f->set.runs.at[r].total;
        if (total <= 0) {
            err_set(&f->program.err, ERR_INPUT, "it has no weight, so it is not a run of a series");
            return err_in_file(&f->program.err, f->runs.at[r].file, 0);
        }
        factors[r] = s->scale == SERIES_WORK     ? 1 / f->runs.at[r].work
                     : s->scale == SERIES_SHARES ? 1 / total
                                                 : 1;
    }
    s->factors = factors;
    return true;
}

/* Rows without any weight are left out. */
static void add_series_row(struct series *s, enum series_subject subject, str name,
                           const double *weights, bool alone)
{
    size_t runs = s->f->runs.n;
    double *values = heap_alloc(s->heap, runs, sizeof *values), sum = 0;
    for (size_t r = 0; r < runs; r++) {
        values[r] = weights[r] * s->factors[r];
        sum += values[r];
    }
    struct series_row row = {.subject = subject, .name = name, .values = values, .alone = alone};
    if (sum > 0)
        vec_push(s->heap, &s->rows, row);
}

static void add_series_functions(struct series *s)
{
    const struct run_set *set = &s->f->set;
    size_t runs = set->runs.n;
    double *totals = run_set_functions(set, false), *selves = run_set_functions(set, true);
    for (uint32_t i = 1; i < frames_count(&set->tree.frames); i++) {
        str name = frames_text(&set->tree.frames, i);
        const double *total = totals + i * runs, *self = selves + i * runs;
        bool alone = memcmp(total, self, runs * sizeof *total) == 0;
        add_series_row(s, SERIES_FUNCTION, name, total, alone);
        if (!alone)
            add_series_row(s, SERIES_SELF, name, self, true);
    }
    heap_free(s->heap, totals);
    heap_free(s->heap, selves);
}

static bool make_series_rows(struct series *s)
{
    struct flamediff *f = s->f;
    double *weights = heap_alloc(s->heap, f->runs.n, sizeof *weights);
    run_set_init(&f->set, s->heap, f->program.env->seed);
    for (size_t r = 0; r < f->runs.n; r++)
        run_set_add(&f->set, SIDE_BEFORE, &f->runs.at[r].tree, f->runs.at[r].sample.weight);
    run_set_finish(&f->set);
    if (!choose_series_scale(s))
        return false;
    for (size_t r = 0; r < f->runs.n; r++) {
        weights[r] = f->set.runs.at[r].total;
        s->report.whole += weights[r] * s->factors[r] / (double)f->runs.n;
    }
    if (s->scale != SERIES_SHARES) /* each would be 100 % */
        add_series_row(s, SERIES_TOTAL, STR("total"), weights, false);
    for (size_t i = 0; i < f->class_names.n; i++) {
        for (size_t r = 0; r < f->runs.n; r++)
            weights[r] = f->runs.at[r].classes ? f->runs.at[r].classes[i] : 0;
        add_series_row(s, SERIES_CLASS, f->class_names.at[i], weights, false);
    }
    add_series_functions(s);
    heap_free(s->heap, weights);
    return true;
}

/* ---- the report ---- */

static struct series_run *make_series_runs(struct flamediff *f)
{
    struct series_run *runs = heap_zero(&f->program.heap, f->runs.n, sizeof *runs);
    for (size_t r = 0; r < f->runs.n; r++) {
        const struct flamediff_run *run = &f->runs.at[r];
        str file = str_from_c(run->file);
        runs[r] = (struct series_run){
            .file = file,
            .name = run->recording.commit.n > 0 ? run->recording.commit : str_file_name(file),
            .commit = run->recording.commit,
            .day = run->recording.day,
            .total = f->set.runs.at[r].total,
            .work = run->work,
        };
    }
    return runs;
}

/* The given options that change how input is read, as text. The flamediff command that the report
 * suggests for an event needs them, too. */
static str put_options(struct flamediff *f)
{
    static const char *const topics[] = {"input", "values", "names", "filter"};
    struct sink sink;
    sink_open_memory(&sink, &f->program.heap);
    for (const struct option *o = f->program.table->options; o->name; o++) {
        bool wanted = false;
        for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
            wanted |= strcmp(o->topic, topics[i]) == 0;
        if (wanted && strcmp(o->name, "threads") != 0 && strcmp(o->name, "shares") != 0)
            options_put_given(o, f, series_put_word, &sink);
    }
    return sink_text(&sink);
}

static void make_report(struct series *s, bool picture)
{
    struct flamediff *f = s->f;
    struct series_options options = {
        .confidence = flamediff_confidence(f),
    };
    double least = f->min_delta.given ? f->min_delta.value / 100 : LEAST_DEFAULT;
    size_t top = f->output && !f->output->brief && !picture ? 0
                 : picture                                  ? TOP_PANELS
                                                            : TOP_MEMBERS;
    options.least = least * s->report.whole;
    struct series_result result = series_judge(s->rows.at, s->rows.n, f->runs.n, &options, s->heap);
    series_events_make(&s->events, s->rows.at, s->rows.n, s->heap);
    s->report = (struct series_report){
        .runs = make_series_runs(f),
        .run_count = f->runs.n,
        .rows = s->rows.at,
        .row_count = s->rows.n,
        .result = result,
        .events = &s->events,
        .scale = s->scale,
        .unit = f->unit,
        .work_unit = str_from_c(f->work_unit),
        .whole = s->report.whole,
        .least = least,
        .confidence = options.confidence,
        .top = f->top == UINT64_MAX ? top : (size_t)f->top,
        .options = put_options(f),
    };
}

static struct sink *open_series_output(void *context)
{
    struct flamediff *f = context;
    bool opened = program_open_output(&f->program, f->picture.request.path);
    return opened ? &f->program.out : NULL;
}

static bool write_series(struct series *s, const struct output *output)
{
    struct flamediff *f = s->f;
    const struct request *request = &f->picture.request;
    struct output_place place = {open_series_output, f};
    struct output_stream stream;
    struct sink *sink = output_stream_open(&stream, output, &request->how, &place, s->heap,
                                           &f->program.err);
    if (!sink)
        return false;
    if (output->kind == OUTPUT_PICTURE)
        series_write_svg(&s->report, request->picture.layout.width, request->title, sink);
    else if (str_equal(str_from_c(output->name), STR("json")))
        series_write_json(&s->report, sink);
    else if (str_equal(str_from_c(output->name), STR("markdown")))
        series_write_markdown(&s->report, sink);
    else
        series_write_text(&s->report, sink);
    return output_stream_finish(&stream, &f->program.err) && program_close_outputs(&f->program);
}

bool flamediff_check_series(struct flamediff *f)
{
    struct err *err = &f->program.err;
    double confidence = flamediff_confidence(f);
    const char *name = f->output ? f->output->name : "text";
    if (f->gates.n > 0 || f->junit || f->each_tag || f->baseline || f->labels)
        return err_set(err, ERR_USAGE,
                       "--series cannot be combined with --fail-on, --gates, --each-tag, --junit, "
                       "--baseline and --labels");
    if (strcmp(name, "csv") == 0 || strcmp(name, "folded") == 0)
        return err_set(err, ERR_USAGE,
                       "--series writes text, markdown, json, svg, png or pdf, not %s", name);
    return confidence <= SERIES_CONFIDENCE_MOST ||
           err_set(err, ERR_USAGE, "--series: --confidence is at most 99.99%%");
}

bool flamediff_series(struct flamediff *f)
{
    struct series s = {.f = f, .heap = &f->program.heap};
    const struct output *output = f->output ? f->output : output_find(OUTPUT_REPORT, STR("text"));
    if (!read_run_series(f) || !make_series_rows(&s))
        return false;
    make_report(&s, output->kind == OUTPUT_PICTURE);
    if (s.report.result.too_few)
        program_warn(&f->program,
                     "%zu runs are too few to find a step, which takes %d; flamediff OLD... -- "
                     "NEW... compares two sides of three or more",
                     f->runs.n, 2 * SERIES_PIECE_NORMAL);
    return write_series(&s, output);
}

/* ---- the window of --baseline ---- */

/* The runs in the directory of --baseline, and the new ones. */
bool flamediff_list_window(struct flamediff *f, struct run_files *files, size_t *before)
{
    struct program *program = &f->program;
    const struct option_result *arguments = &program->arguments;
    if (arguments->files.n == 0 || (f->keep > 0 && arguments->files.n > 1))
        return err_set(&program->err, ERR_USAGE, "--baseline%s needs %s",
                       f->keep > 0 ? " with --keep" : "",
                       f->keep > 0 ? "one new run" : "the new runs");
    if (f->keep > 0 && strcmp(arguments->files.at[0], "-") == 0)
        return err_set(&program->err, ERR_USAGE,
                       "--keep needs a file that it can copy, not standard input");
    if (!run_directory_list(program, f->baseline, files)) {
        if (program->err.sys != ENOENT)
            return false;
        if (f->keep == 0) {
            err_add(&program->err, "; with --keep N it is created, and keeps this run");
            return false;
        }
        program->err = (struct err){0}; /* run_directory_add() creates it */
    }
    *before = files->n;
    f->first_run = files->n == 0;
    if (f->first_run && f->keep == 0) {
        err_set(&program->err, ERR_INPUT,
                "it has no run to compare with; --keep N adds this run as the first");
        return err_in_file(&program->err, f->baseline, 0);
    }
    for (size_t i = 0; i < arguments->files.n; i++)
        vec_push(&program->heap, files, arguments->files.at[i]);
    return true;
}

/* Whether a gate had too little data, and the window is not full yet. The run is kept then, too. */
static bool is_window_filling(const struct flamediff *f)
{
    return f->worst && f->worst->result == GATE_TOO_LITTLE && f->count[SIDE_BEFORE] < f->keep;
}

bool flamediff_close_outputs(struct flamediff *f)
{
    bool keeps = f->keep > 0 && (!f->worst || is_window_filling(f));
    const char *file = keeps ? f->program.arguments.files.at[0] : NULL;
    return (!keeps || run_directory_add(&f->program, f->baseline, file, &f->window)) &&
           program_close_outputs(&f->program);
}

bool flamediff_report_kept(struct flamediff *f)
{
    struct program *program = &f->program;
    const char *file = program->arguments.files.at[0];
    if (f->worst && !is_window_filling(f)) {
        program_warn(program, "%s is not kept, since it did not pass", file);
        return true;
    }
    if (!run_directory_remove_oldest(program, &f->window, f->keep))
        return false;
    if (f->first_run)
        program_warn(program, "%s had no run to compare with: %s is the first", f->baseline, file);
    else if (is_window_filling(f))
        program_warn(program, "%s is kept, since %s has %zu of %llu runs only", file, f->baseline,
                     f->count[SIDE_BEFORE], (unsigned long long)f->keep);
    else
        program_note(program, "%s is kept", file);
    return true;
}
