/* SPDX-License-Identifier: MIT */
/*
 * flamediff_work: units of work, by --work or by the facts of the profiles.
 */
#include "cli/flamediff.h"

bool flamediff_set_ratio(struct two_columns_options *diff, struct num_decimal up,
                         struct num_decimal down)
{
    diff->up = up.units;
    diff->down = down.units;
    if (up.decimals > down.decimals)
        return num_scale10(diff->down, up.decimals - down.decimals, &diff->down);
    return num_scale10(diff->up, down.decimals - up.decimals, &diff->up);
}

bool flamediff_parse_work(struct flamediff *f)
{
    struct err *err = &f->program.err;
    str text = str_or_empty(f->work);
    for (size_t at = 0, end; f->work && at <= text.n; at = end + 1) {
        struct num_decimal work;
        end = str_find(text, ',', at);
        if (!num_parse_decimal(str_cut(text, at, end), &work) || work.units == 0)
            return err_set(err, ERR_USAGE,
                           "--work needs numbers larger than 0, as in 632,5850, one for each side "
                           "or for each run, not '%.60s'",
                           f->work);
        vec_push(&f->program.heap, &f->works, work);
    }
    return !f->work || f->works.n > 1 ||
           err_set(err, ERR_USAGE, "--work needs a number for each side or for each run");
}

/* False if the sum has too many digits. */
static bool add_work(struct num_decimal *sum, struct num_decimal work)
{
    unsigned decimals = sum->decimals > work.decimals ? sum->decimals : work.decimals;
    if (!num_scale10(sum->units, decimals - sum->decimals, &sum->units) ||
        !num_scale10(work.units, decimals - work.decimals, &work.units) ||
        !num_add_u64(sum->units, work.units, &sum->units))
        return false;
    sum->decimals = decimals;
    return true;
}

/* By the facts of the profiles. They are used only if all profiles have them. */
static bool take_works_of_facts(struct flamediff *f)
{
    bool asked = f->normalize == NORMALIZE_UNSET || f->normalize == NORMALIZE_AUTO ||
                 f->normalize == NORMALIZE_WORK;
    size_t known = 0;
    for (size_t r = 0; r < f->runs.n; r++)
        known += f->runs.at[r].recording.work.units > 0;
    if (f->normalize == NORMALIZE_WORK && known < f->runs.n)
        return err_set(&f->program.err, ERR_USAGE,
                       "--normalize work needs --work, or profiles with the fact work: %zu of %zu "
                       "have none",
                       f->runs.n - known, f->runs.n);
    if (!asked || f->scale || known == 0)
        return true;
    if (known < f->runs.n) {
        program_warn(&f->program, "%zu of %zu profiles have no fact work: it is not used",
                     f->runs.n - known, f->runs.n);
        return true;
    }
    for (size_t r = 0; r < f->runs.n; r++)
        vec_push(&f->program.heap, &f->works, f->runs.at[r].recording.work);
    return true;
}

bool flamediff_set_work(struct flamediff *f)
{
    struct two_columns_options ratio;
    struct err *err = &f->program.err;
    if (!f->work && !take_works_of_facts(f))
        return false;
    bool by_run = f->works.n == f->runs.n, by_side = f->works.n == SIDES && !f->series;
    if (f->works.n == 0)
        return true;
    if (!by_run && !by_side)
        return err_set(err, ERR_USAGE,
                       "--work has %zu numbers for %zu runs: it needs one for each run%s",
                       f->works.n, f->runs.n, f->series ? "" : ", or one for each side");
    for (size_t r = 0; r < f->works.n; r++) {
        struct num_decimal work = f->works.at[r];
        enum side side = by_run ? f->runs.at[r].side : (enum side)r;
        if (by_run)
            f->runs.at[r].work = num_of_units(work.units, work.decimals);
        if (!add_work(&f->units[side], work))
            return err_set(err, ERR_USAGE, "the sum of the work has too many digits");
    }
    f->has_work = by_run;
    return f->series || flamediff_set_ratio(&ratio, f->units[SIDE_AFTER], f->units[SIDE_BEFORE]) ||
           err_set(err, ERR_USAGE, "the numbers of --work '%.60s' have too many digits",
                   f->work ? f->work : "");
}
