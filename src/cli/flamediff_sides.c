/*
 * flamediff_sides: see flamediff_sides.h.
 */
#include "cli/flamediff.h"

#include <stdio.h>

#include "cli/input.h"
#include "profile/profile.h"
#include "profile/tree_map.h"
#include "transform/renames.h"

/* ---- which file is on which side ---- */

/* BEFORE AFTER, or BEFORE... -- AFTER...; the first "--" ends options, and so may be that of the
 * sides or not. */
static bool split(const struct program *program, size_t *before, size_t *after, struct err *err)
{
    const struct option_result *arguments = &program->arguments;
    size_t n = arguments->files.n, dashes = n;
    for (size_t i = 0; i < n; i++)
        if (strcmp(arguments->files.at[i], "--") == 0 && dashes == n)
            dashes = i;
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
                       "wants two files, BEFORE and AFTER, not %zu; several of a side are given as "
                       "BEFORE... -- AFTER...",
                       n);
    }
    return (*before > 0 && *after > 0) ||
           err_set(err, ERR_USAGE, "wants at least one file on each side of --");
}

/* ---- reading ---- */

static bool change_names(const struct flamediff_sides *sides, struct flamediff_run *run)
{
    struct err *err = &sides->program->err;
    return (!sides->options->strip_hex || rename_frames(&run->tree, RENAME_HEX, false, err)) &&
           (!sides->options->fold_names ||
            rename_frames(&run->tree, RENAME_FUNCTIONS, run->has_comm, err));
}

static bool read_run(struct flamediff_sides *sides, const char *const *file, enum side side)
{
    struct program *program = sides->program;
    const char *event = sides->options->event_filter;
    struct profile profile;
    struct input input = {
        .files = file,
        .file_count = 1,
        .format = sides->options->input_format,
        .threads = input_threads(program, sides->options->threads),
        .options.event_filter = str_from_c(event ? event : ""),
        .may_be_empty = true,
    };
    if (!input_read(program, &input, &profile))
        return program->err.code == ERR_INPUT && err_in_file(&program->err, *file, 0);
    if (sides->options->compares)
        input_tell_sum(program, &profile.tree);
    if (tree_has_sides(&profile.tree)) {
        err_set(&program->err, ERR_INPUT,
                "it has two columns already: give flamediff one profile for each side");
        return err_in_file(&program->err, *file, 0);
    }
    struct flamediff_run run = {.file = *file, .side = side, .tree = profile.tree};
    run.has_comm = profile.process_is_root;
    if (sides->options->sample_weight.given)
        run.unit = sides->options->sample_weight.value;
    else if (sides->options->compares) /* it takes as long as a third of the reading */
        run.unit = run_set_unit(&profile);
    run.counts = run_unit_of(&profile, *file, &sides->arena);
    for (size_t r = 0; r < sides->runs.n; r++)
        if (!run_units_check(&sides->runs.at[r].counts, &run.counts, &program->err))
            return false;
    if (sides->unit.n == 0 && !run.counts.picture)
        sides->unit = run.counts.name;
    if (!change_names(sides, &run))
        return false;
    vec_push(&program->heap, &sides->runs, run);
    sides->count[side]++;
    return true;
}

static bool counts_samples(const struct flamediff_sides *sides)
{
    for (size_t r = 0; r < sides->runs.n; r++)
        if (run_unit_is_sample(sides->runs.at[r].unit))
            return true;
    return false;
}

bool flamediff_sides_read(struct flamediff_sides *sides)
{
    struct program *program = sides->program;
    const char *const *files = program->arguments.files.at;
    size_t before = 0, after = 0;
    arena_init(&sides->arena, &program->heap);
    if (!split(program, &before, &after, &program->err))
        return false;
    size_t standard = 0;
    for (size_t i = 0; i < program->arguments.files.n; i++)
        standard += strcmp(files[i], "-") == 0;
    if (standard > 1) /* the second would be empty, and all of the first vanished */
        return err_set(&program->err, ERR_USAGE, "standard input can be one of the profiles only");
    const char *const *first_after = files + program->arguments.files.n - after;
    for (size_t i = 0; i < before; i++)
        if (!read_run(sides, &files[i], SIDE_BEFORE))
            return false;
    for (size_t i = 0; i < after; i++)
        if (!read_run(sides, &first_after[i], SIDE_AFTER))
            return false;
    bool empty = true;
    for (size_t r = 0; r < sides->runs.n; r++)
        for (uint32_t i = 0; i < sides->runs.at[r].tree.n && empty; i++)
            empty = !tree_has_weight(&sides->runs.at[r].tree, i);
    if (empty)
        return err_set(&program->err, ERR_INPUT, "both profiles are empty");
    sides->unit = run_unit_choose(sides->options->countname, sides->options->picture.unit,
                                  sides->unit, counts_samples(sides));
    return true;
}

/* ---- filters ---- */

/* Patterns that no run had a match for. */
struct unused {
    struct filter_unused what;
    size_t runs;
};

struct filtering {
    struct flamediff_sides *sides;
    VEC(struct unused) unused;
    size_t empty; /* runs of which nothing is left */
};

static void note_unused(struct filtering *f, const struct filter *filter)
{
    for (size_t i = 0; i < filter->unused.n; i++) {
        struct unused fresh = {filter->unused.at[i], 1};
        size_t at = 0;
        while (at < f->unused.n && f->unused.at[at].what.text.p != fresh.what.text.p)
            at++;
        if (at < f->unused.n)
            f->unused.at[at].runs++;
        else
            vec_push(&f->sides->program->heap, &f->unused, fresh);
    }
}

static void weigh_classes(struct flamediff_sides *sides, struct flamediff_run *run,
                          const struct class_weights *shares)
{
    struct heap *heap = &sides->program->heap;
    uint64_t one = 1;
    num_scale10(1, shares->decimals, &one);
    run->classes = heap_zero(heap, shares->classes.n + 1, sizeof *run->classes);
    for (size_t i = 0; i < shares->classes.n; i++) {
        run->classes[i] = (double)shares->classes.at[i].weight[0] / (double)one;
        if (sides->class_names.n <= i)
            vec_push(heap, &sides->class_names, shares->classes.at[i].name);
    }
}

static bool filter_run(struct filtering *f, struct flamediff_run *run)
{
    struct program *program = f->sides->program;
    struct filter filter;
    struct err err = {0};
    if (!filter_options_compile(program, &f->sides->options->filter, &filter))
        return false;
    filter.process_first = run->has_comm;
    if (!filter_apply(&filter, &run->tree, &err)) {
        if (!filter_left_nothing(&filter) || ++f->empty == f->sides->runs.n) {
            program->err = err;
            return false;
        }
    }
    note_unused(f, &filter);
    weigh_classes(f->sides, run, &filter.shares);
    return true;
}

bool flamediff_sides_filter(struct flamediff_sides *sides)
{
    struct filtering f = {.sides = sides};
    for (size_t r = 0; r < sides->runs.n; r++)
        if (!filter_run(&f, &sides->runs.at[r]))
            return false;
    for (size_t i = 0; i < f.unused.n; i++)
        if (f.unused.at[i].runs == sides->runs.n)
            program_warn(sides->program, "%s '%.*s' matches no frame", f.unused.at[i].what.option,
                         (int)(f.unused.at[i].what.text.n < 200 ? f.unused.at[i].what.text.n : 200),
                         f.unused.at[i].what.text.p);
    return true;
}

/* ---- together ---- */

const struct tree *flamediff_sides_merge(const struct flamediff_sides *sides, enum side side,
                                         struct tree *room)
{
    const struct tree *only = NULL;
    for (size_t r = 0; r < sides->runs.n; r++)
        if (sides->runs.at[r].side == side)
            only = &sides->runs.at[r].tree;
    if (sides->count[side] == 1)
        return only;
    tree_init(room, &sides->program->heap, sides->program->env->seed);
    for (size_t r = 0; r < sides->runs.n; r++)
        if (sides->runs.at[r].side == side)
            tree_merge(room, &sides->runs.at[r].tree);
    return room;
}

bool flamediff_sides_have_comm(const struct flamediff_sides *sides)
{
    bool all = true;
    for (size_t r = 0; r < sides->runs.n; r++)
        all &= sides->runs.at[r].has_comm;
    return all;
}
