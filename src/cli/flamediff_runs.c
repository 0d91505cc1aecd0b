/* SPDX-License-Identifier: MIT */
/*
 * flamediff_runs: read the profiles of both sides, filter them, and compare them.
 */
#include <math.h>
#include <stdio.h>

#include "cli/flamediff.h"
#include "cli/run_directory.h"
#include "profile/tree_map.h"
#include "transform/filter.h"
#include "transform/renames.h"

/* ---- reading ---- */

/* BEFORE AFTER, or BEFORE... -- AFTER... The first "--" can end the options and separate the sides
 * at once, or a second one separates them. */
static bool split_files(const struct program *program, size_t *before, size_t *after,
                        struct err *err)
{
    const struct option_result *arguments = &program->arguments;
    size_t n = arguments->files.n, dashes = 0;
    while (dashes < n && strcmp(arguments->files.at[dashes], "--") != 0)
        dashes++;
    if (dashes < n) {
        *before = dashes;
        *after = n - dashes - 1;
    } else if (arguments->ended_at != SIZE_MAX && arguments->ended_at > 0) {
        *before = arguments->ended_at;
        *after = n - *before;
    } else if (n == 2) {
        *before = *after = 1;
    } else {
        return err_set(err, ERR_USAGE,
                       "needs two files, BEFORE and AFTER, not %zu; or several on each side: "
                       "BEFORE... -- AFTER...",
                       n);
    }
    return (*before > 0 && *after > 0) ||
           err_set(err, ERR_USAGE, "needs at least one file on each side of --");
}

bool flamediff_read_run(struct flamediff *f, const char *const *file, enum side side)
{
    struct program *program = &f->program;
    struct err *err = &program->err;
    struct profile profile;
    struct input input = {.given = &f->input,
                          .file = file,
                          .options = f->read,
                          .keep_squares = f->compares && !f->sample_weight.given,
                          .uses_idle = true,
                          .may_lack_labels = f->each_tag != NULL,
                          .one_of_several = true,
                          .may_be_empty = true};
    if (!input_read(program, &input, &profile))
        return err->code == ERR_INPUT && err_in_file(err, *file, 0);
    if (f->compares)
        input_warn_of_overflow(program, &profile.tree);
    if (tree_has_sides(&profile.tree)) {
        err_set(err, ERR_INPUT, "it already has two columns: give one profile for each side");
        return err_in_file(err, *file, 0);
    }
    if (profile.tree.squares && !run_set_sees_samples(&profile))
        tree_forget_squares(&profile.tree);
    struct flamediff_run run = {
        .file = *file,
        .side = side,
        .tree = profile.tree,
        .has_comm = profile.process_is_root,
        .counts = run_unit_of(&profile, *file, &f->arena),
        .seconds = run_set_seconds(&profile),
        .cpus = run_set_cpus(&profile),
        .recording = recording_of(&profile, *file, &f->arena),
    };
    if (f->sample_weight.given)
        run.sample.weight = f->sample_weight.value;
    else if (f->compares) /* it takes a third as long as reading */
        run_sample_look(&run.sample, &profile,
                        f->picture.request.countname ? str_from_c(f->picture.request.countname)
                                                     : run.counts.name);
    for (size_t r = 0; r < f->runs.n; r++)
        if (!run_units_check(&f->runs.at[r].counts, &run.counts, err))
            return false;
    if (f->unit.n == 0 && !run.counts.picture)
        f->unit = run.counts.name;
    if ((f->strip_hex && !rename_frames(&run.tree, RENAME_HEX, false, err)) ||
        (f->fold_names && !rename_frames(&run.tree, RENAME_FUNCTIONS, run.has_comm, err)))
        return false;
    flamediff_cut_tags(f, &run);
    if ((f->gates.n > 0 || f->series) && !f->input.idle)
        run.idle = num_of_units(filter_remove_idle(&run.tree), run.tree.decimals);
    comparison_note_facts(&f->sides[side], &profile);
    vec_push(&program->heap, &f->runs, run);
    f->count[side]++;
    return true;
}

static void settle_samples(struct flamediff *f)
{
    struct heap *heap = &f->program.heap;
    struct run_sample **samples = heap_alloc(heap, f->runs.n, sizeof *samples);
    for (size_t r = 0; r < f->runs.n; r++)
        samples[r] = &f->runs.at[r].sample;
    if (!f->sample_weight.given)
        run_samples_settle(samples, f->runs.n);
    heap_free(heap, samples);
}

void flamediff_choose_unit(struct flamediff *f)
{
    bool samples = false;
    settle_samples(f);
    for (size_t r = 0; r < f->runs.n; r++)
        samples |= run_unit_is_sample(f->runs.at[r].sample.weight);
    f->unit = run_unit_choose(f->picture.request.countname, f->picture.request.unit, f->unit,
                              samples);
}

bool flamediff_read_runs(struct flamediff *f)
{
    struct program *program = &f->program;
    const char *const *files = program->arguments.files.at;
    size_t n = program->arguments.files.n, before = 0, after = 0, from_stdin = 0;
    bool empty = true;
    struct run_files window = {0};
    if (f->baseline) {
        if (!flamediff_list_window(f, &window, &before))
            return false;
        files = window.at;
        n = window.n;
        after = n - before;
    } else if (!split_files(program, &before, &after, &program->err)) {
        return false;
    }
    for (size_t i = 0; i < n; i++)
        from_stdin += strcmp(files[i], "-") == 0;
    if (from_stdin > 1) /* the second one would be empty */
        return err_set(&program->err, ERR_USAGE, "only one profile can be standard input");
    for (size_t i = 0; i < before; i++)
        if (!flamediff_read_run(f, &files[i], SIDE_BEFORE))
            return false;
    for (size_t i = n - after; i < n; i++)
        if (!flamediff_read_run(f, &files[i], SIDE_AFTER))
            return false;
    for (size_t r = 0; r < f->runs.n; r++) {
        const struct flamediff_run *run = &f->runs.at[r];
        for (uint32_t i = 0; i < run->tree.n && empty; i++)
            empty = !tree_has_weight(&run->tree, i);
    }
    if (empty)
        return err_set(&program->err, ERR_INPUT, "both profiles are empty");
    if (!input_check_options(program, &f->input))
        return false;
    flamediff_choose_unit(f);
    flamediff_warn_of_idle(f);
    return flamediff_set_work(f);
}

const struct tree *flamediff_merge_side(struct flamediff *f, enum side side, struct tree *merged)
{
    size_t first = side == SIDE_BEFORE ? 0 : f->count[SIDE_BEFORE];
    if (f->count[side] == 1)
        return &f->runs.at[first].tree;
    tree_init(merged, &f->program.heap, f->program.env->seed);
    for (size_t r = first; r < first + f->count[side]; r++)
        tree_merge(merged, &f->runs.at[r].tree);
    return merged;
}

/* ---- filters ---- */

/* A pattern that matched nothing in `runs` runs. */
struct unused_pattern {
    struct filter_unused pattern;
    size_t runs;
};

struct run_filtering {
    struct flamediff *f;
    VEC(struct unused_pattern) unused;
    size_t empty; /* runs without any weight left */
};

static void count_unused(struct run_filtering *filtering, const struct filter *filter)
{
    for (size_t i = 0; i < filter->unused.n; i++) {
        struct unused_pattern unused = {filter->unused.at[i], 1};
        size_t at = 0;
        while (at < filtering->unused.n &&
               filtering->unused.at[at].pattern.text.p != unused.pattern.text.p)
            at++;
        if (at < filtering->unused.n)
            filtering->unused.at[at].runs++;
        else
            vec_push(&filtering->f->program.heap, &filtering->unused, unused);
    }
}

static bool filter_run(struct run_filtering *filtering, struct flamediff_run *run)
{
    struct flamediff *f = filtering->f;
    struct heap *heap = &f->program.heap;
    struct filter filter;
    struct err err = {0};
    if (!filter_options_compile(&f->program, &f->filter, &filter))
        return false;
    filter.process_first = run->has_comm;
    if (!filter_apply(&filter, &run->tree, &err) &&
        (!filter_left_nothing(&filter) || ++filtering->empty == f->runs.n)) {
        f->program.err = err;
        return false;
    }
    count_unused(filtering, &filter);
    run->classes = heap_zero(heap, filter.shares.classes.n + 1, sizeof *run->classes);
    for (size_t i = 0; i < filter.shares.classes.n; i++) {
        const struct share_class *share = &filter.shares.classes.at[i];
        run->classes[i] = num_of_units(share->weight[0], filter.shares.decimals);
        if (f->class_names.n <= i)
            vec_push(heap, &f->class_names, share->name);
    }
    return true;
}

bool flamediff_filter_runs(struct flamediff *f)
{
    struct run_filtering filtering = {.f = f};
    for (size_t r = 0; r < f->runs.n; r++)
        if (!filter_run(&filtering, &f->runs.at[r]))
            return false;
    for (size_t i = 0; i < filtering.unused.n; i++)
        if (filtering.unused.at[i].runs == f->runs.n)
            filter_options_warn_unused(&f->program, &filtering.unused.at[i].pattern);
    return true;
}

/* ---- comparing ---- */

struct comparison_options flamediff_comparison_options(const struct flamediff *f)
{
    struct comparison_options options = {
        .normalize = f->scale ? NORMALIZE_TOTAL : NORMALIZE_AUTO,
        .confidence = flamediff_confidence(f),
        .least = f->min_delta.value / 100,
        .gated = f->gates.n > 0,
    };
    if (f->normalize != NORMALIZE_UNSET)
        options.normalize = (enum normalize)f->normalize;
    for (unsigned side = 0; side < SIDES; side++)
        options.work[side] = num_of_units(f->units[side].units, f->units[side].decimals);
    return options;
}

/* "A1.perf and 2 more", or a part of --labels. */
static str side_label(struct flamediff *f, enum side side)
{
    enum { NAME_MOST = 200 };
    str name = str_from_c(f->runs.at[side == SIDE_BEFORE ? 0 : f->count[SIDE_BEFORE]].file);
    char text[NAME_MOST + 40];
    if (f->labels) {
        str both = str_from_c(f->labels);
        size_t comma = str_find(both, ',', 0);
        return side == SIDE_BEFORE ? str_head(both, comma) : str_skip(both, comma + 1);
    }
    if (f->count[side] == 1)
        return name;
    snprintf(text, sizeof text, "%.*s and %zu more", STR_SHOWN(name, NAME_MOST),
             f->count[side] - 1);
    return arena_copy(&f->arena, str_from_c(text));
}

static bool judge_gates(struct flamediff *f)
{
    const struct comparison *comparison = &f->comparison;
    struct gate_options options = {.gates = (double)f->gates.n, .fail_on_moved = f->fail_on_moved};
    str remark = report_noise_remark(&f->report);
    if (f->gates.n > 0 && remark.n > 0)
        program_warn(&f->program, "noise: %.*s", (int)remark.n, remark.p);
    for (size_t i = 0; i < f->gates.n; i++) {
        struct gate *gate = &f->gates.at[i];
        if (!gate_cover(gate, comparison, &f->program.err))
            return false;
        gate_judge(gate, comparison, &options);
        if (gate->result != GATE_FINE &&
            (!f->worst || (gate->result == GATE_REGRESSION && f->worst->result != GATE_REGRESSION)))
            f->worst = gate;
    }
    f->sentence = f->worst ? report_gate_sentence(&f->report, f->worst) : STR("");
    return true;
}

bool flamediff_compare_runs(struct flamediff *f)
{
    struct heap *heap = &f->program.heap;
    struct comparison_options options = flamediff_comparison_options(f);
    if (!flamediff_filter_runs(f))
        return false;
    str *files = heap_alloc(heap, f->runs.n, sizeof *files);
    run_set_init(&f->set, heap, f->program.env->seed);
    for (size_t r = 0; r < f->runs.n; r++) {
        const struct flamediff_run *run = &f->runs.at[r];
        run_set_add(&f->set, run->side, &run->tree, run->sample.weight);
        f->set.runs.at[r].assumed = run->sample.assumed;
        f->set.runs.at[r].seconds = run->seconds;
        f->set.runs.at[r].cpus = run->cpus;
        f->set.runs.at[r].work = run->work;
        f->set.process_first = run->has_comm && (r == 0 || f->set.process_first);
        files[r] = str_from_c(run->file);
    }
    run_set_finish(&f->set);
    comparison_make(&f->comparison, &f->set, &options);
    for (size_t i = 0; i < f->class_names.n; i++) {
        double *weights = heap_alloc(heap, f->runs.n, sizeof *weights);
        for (size_t r = 0; r < f->runs.n; r++)
            weights[r] = f->runs.at[r].classes ? f->runs.at[r].classes[i] : 0;
        comparison_add_class(&f->comparison, f->class_names.at[i], weights);
    }
    if (!flamediff_add_values(f))
        return false;
    f->report = (struct report){
        .comparison = &f->comparison,
        .gates = f->gates.at,
        .gate_count = f->gates.n,
        .labels = {side_label(f, SIDE_BEFORE), side_label(f, SIDE_AFTER)},
        .files = files,
        .unit = f->unit,
        .work_unit = str_from_c(f->work_unit),
        .top = output_top(f->picture.request.output, f->top, COMPARISON_TOP),
        .confidence = options.confidence,
    };
    if (!judge_gates(f))
        return false;
    if (f->gates.n == 0 && !judge_knows_noise(&f->comparison.judge))
        program_warn(&f->program,
                     "the number of samples is not known, so nothing can be said about noise: "
                     "give --sample-weight, or several profiles of each side");
    return true;
}
