/* SPDX-License-Identifier: MIT */
/*
 * flamestore_add: the commands that change the store by hand: add, mark, expire.
 */
#include "cli/flamestore.h"
#include "compare/run_set.h"
#include "profile/recording.h"
#include "store/time_text.h"

/* When the recording began and ended: by the options, or by its own facts. */
static bool find_times(struct flamestore *f, const char *file, const struct profile *profile,
                       struct store_window *window)
{
    struct program *program = &f->program;
    struct recording recording = recording_of(profile, file, &f->arena);
    double seconds = run_set_seconds(profile);
    int64_t length = seconds > 0 && seconds < 1e9 ? (int64_t)(seconds * STORE_SECOND + 0.5) : 0;
    if (!f->from && !recording.has_date) {
        err_set(&program->err, ERR_USAGE, "it has no date: --from=TIME says when it began");
        return err_in_file(&program->err, file, 0);
    }
    if (!flamestore_time(f, "--from", f->from, recording.date * STORE_SECOND, &window->from))
        return false;
    window->until = window->from + (length > 0 ? length : STORE_MINUTE);
    return flamestore_time(f, "--until", f->until, window->until, &window->until) &&
           (window->from < window->until ||
            err_set(&program->err, ERR_USAGE, "--until must be later than --from"));
}

static bool add_file(struct flamestore *f, const char *const *file)
{
    struct program *program = &f->program;
    struct flamestore_labels labels = {0};
    struct store_window window = {0};
    struct profile profile;
    struct input input = {
        .given = &f->input,
        .file = file,
        .options = {.keep_labels = true, .all_values = !f->input.sample_index},
        .may_be_empty = false,
    };
    struct store_outcome outcome;
    str name = str_file_name(str_from_c(*file));
    str source = f->source                   ? str_from_c(f->source)
                 : str_equal(name, STR("-")) ? STR("stdin")
                                             : name;
    if (!input_read(program, &input, &profile) || !find_times(f, *file, &profile, &window) ||
        !flamestore_tags(f, &labels))
        return false;
    vec_push(&program->heap, &labels.at, ((struct store_label){STR(STORE_SOURCE), source}));
    window.labels = labels.at.at;
    window.label_count = labels.at.n;
    switch (store_add(f->store, &window, &profile, &outcome, &program->err)) {
    case STORE_FAILED: return err_in_file(&program->err, *file, 0);
    case STORE_KNOWN:
        program_warn(program,
                     "%s: the store has it already: a window of the source '%.*s' with these "
                     "labels and this time",
                     *file, (int)source.n, source.p);
        return true;
    case STORE_ADDED: break;
    }
    if (outcome.dropped.n > 0)
        program_warn(program, "%s: left out labels that have too many values: %.*s", *file,
                     (int)outcome.dropped.n, outcome.dropped.p);
    profile_end(&profile);
    return true;
}

bool flamestore_add(struct flamestore *f)
{
    static const char *const only_stdin[] = {"-"};
    const char *const *files = f->argument_count > 0 ? f->arguments : only_stdin;
    size_t count = f->argument_count > 0 ? f->argument_count : 1;
    if (!flamestore_open(f, STORE_WRITE))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_file(f, &files[i]))
            return false;
    return true;
}

bool flamestore_mark(struct flamestore *f)
{
    struct program *program = &f->program;
    int64_t at;
    if (f->argument_count != 1)
        return err_set(&program->err, ERR_USAGE, "mark needs one text");
    return flamestore_time(f, "--from", f->from, f->now, &at) && flamestore_open(f, STORE_WRITE) &&
           store_add_mark(f->store, at, str_from_c(f->arguments[0]), &program->err);
}

bool flamestore_apply_expiry(struct flamestore *f)
{
    int64_t minutes, hours, now = time_text_now();
    if (!flamestore_length(f, "--keep-minutes", f->keep_minutes, true, &minutes) ||
        !flamestore_length(f, "--keep-hours", f->keep_hours, true, &hours))
        return false;
    return store_expire(f->store, minutes > 0 ? now - minutes : INT64_MIN,
                        hours > 0 ? now - hours : INT64_MIN, &f->program.err);
}

bool flamestore_expire(struct flamestore *f)
{
    if (f->argument_count > 0)
        return err_set(&f->program.err, ERR_USAGE, "expire takes no argument");
    return flamestore_open(f, STORE_WRITE) && flamestore_apply_expiry(f);
}
