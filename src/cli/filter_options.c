/* SPDX-License-Identifier: MIT */
/*
 * filter_options: from options to a filter, and the messages about it.
 */
#include "cli/filter_options.h"

#include <unistd.h>

#include "output/escape.h"
#include "output/outputs.h"

bool filter_options_compile(struct program *program, const struct filter_options *options,
                            struct filter *filter)
{
    const struct {
        enum filter_stage stage;
        const struct option_list *list;
    } lists[] = {
        {FILTER_RENAME, &options->rename},
        {FILTER_FOCUS, &options->focus},
        {FILTER_IGNORE, &options->ignore},
        {FILTER_HIDE, &options->hide},
        {FILTER_SHOW, &options->show},
        {FILTER_SHOW_FROM, &options->show_from},
        {FILTER_PRUNE_FROM, &options->prune_from},
        {FILTER_SKIP_AFTER, &options->skip_after},
        {FILTER_CLASS, &options->classes},
    };
    static const char *const share_endings[] = {"tsv", "txt", NULL};
    *filter = (struct filter){
        .heap = &program->heap,
        .asked = options->merge_recursion || options->max_depth > 0,
        .merge_recursion = options->merge_recursion,
        .max_depth = options->max_depth,
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t k = 0; k < lists[i].list->values.n; k++)
            if (!filter_add(filter, lists[i].stage, str_from_c(lists[i].list->values.at[k]),
                            &program->err))
                return false;
    if (options->shares && options->classes.values.n == 0)
        return err_set(&program->err, ERR_USAGE, "--shares needs a --class");
    return output_check_text(program->env->os, options->shares, "a table with TABs", share_endings,
                             &program->err);
}

void filter_options_warn_unused(const struct program *program, const struct filter_unused *unused)
{
    program_warn(program, "%s '%.*s' matches no frame", unused->option,
                 STR_SHOWN(unused->text, 200));
}

static void report_steps(const struct program *program, const struct filter *filter)
{
    for (size_t i = 0; i < filter->steps.n; i++) {
        const struct filter_step *step = &filter->steps.at[i];
        double kept = 100 * (double)step->kept / (double)step->had;
        if (step->kept == step->had)
            continue;
        if (step->stage == FILTER_HIDE || step->stage == FILTER_RENAME)
            program_warn(program, "%s leaves no frame of %.2f%% of the weight: it is dropped",
                         filter_option(step->stage), 100 - kept);
        else
            program_note(program, "%s keeps %.2f%% of the weight", filter_option(step->stage),
                         kept);
    }
    for (size_t i = 0; i < filter->unused.n; i++)
        filter_options_warn_unused(program, &filter->unused.at[i]);
}

/* The file is for programs to read, the table on stderr for people. */
static bool write_shares(struct program *program, const struct filter_options *options,
                         const struct filter *filter)
{
    struct sink to_stderr = {0};
    struct err ignored = {0}; /* a failure to write to stderr cannot be reported anywhere */
    if (options->shares) {
        struct sink *sink = program_open_further(program, options->shares);
        if (sink)
            class_weights_write(&filter->shares, NULL, sink);
        return sink && sink_flush(sink); /* program_close_outputs() renames it */
    }
    sink_open_fd(&to_stderr, &program->heap, program->env->os, STDERR_FILENO, &ignored);
    class_weights_write(&filter->shares, put_terminal, &to_stderr);
    sink_flush(&to_stderr);
    return true;
}

bool filter_options_apply(struct program *program, const struct filter_options *options,
                          struct filter *filter, struct tree *tree, bool process_first)
{
    if (!filter->asked)
        return true;
    filter->process_first = process_first;
    if (!filter_apply(filter, tree, &program->err))
        return false;
    report_steps(program, filter);
    return !filter->shares.counted || write_shares(program, options, filter);
}

bool filter_options_apply_to(struct program *program, const struct filter_options *options,
                             struct filter *filter, struct profile *profile)
{
    if (!filter_options_apply(program, options, filter, &profile->tree, profile->process_is_root))
        return false;
    if (filter->asked && filter_dropped_weight(filter))
        profile_forget_samples(profile);
    return true;
}
