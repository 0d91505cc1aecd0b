/*
 * filter_options: from options to a filter, and what it has to tell.
 */
#include "cli/filter_options.h"

#include <unistd.h>

#include "core/utf8.h"
#include "output/outputs.h"

static bool add_all(struct program *program, struct filter *filter, enum filter_stage stage,
                    const struct option_list *list)
{
    for (size_t i = 0; i < list->values.n; i++)
        if (!filter_add(filter, stage, str_from_c(list->values.at[i]), &program->err))
            return false;
    return true;
}

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
    *filter = (struct filter){.heap = &program->heap};
    filter->asked = options->merge_recursion || options->max_depth > 0;
    filter->merge_recursion = options->merge_recursion;
    filter->max_depth = options->max_depth;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (!add_all(program, filter, lists[i].stage, lists[i].list))
            return false;
    if (options->shares && options->classes.values.n == 0)
        return err_set(&program->err, ERR_USAGE, "--shares wants a --class to tell the share of");
    return output_check_text(program->env->os, options->shares, "a table with TABs", share_endings,
                             &program->err);
}

static void tell_steps(const struct program *program, const struct filter *filter)
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
        program_warn(program, "%s '%.*s' matches no frame", filter->unused.at[i].option,
                     (int)(filter->unused.at[i].text.n < 200 ? filter->unused.at[i].text.n : 200),
                     filter->unused.at[i].text.p);
}

struct table {
    struct heap *heap;
    struct sink *to;
};

/* Names of classes steer no terminal. */
static bool disarm_lines(void *context, str bytes, struct err *err)
{
    const struct table *table = context;
    char *text = heap_alloc(table->heap, bytes.n, 1);
    (void)err;
    memcpy(text, bytes.p, bytes.n);
    for (size_t at = 0, end; at < bytes.n; at = end + 1) {
        end = str_find(bytes, '\n', at);
        utf8_disarm(text + at, end - at);
    }
    sink_bytes(table->to, str_of(text, bytes.n));
    heap_free(table->heap, text);
    return true;
}

static void print_shares(struct program *program, const struct filter *filter)
{
    struct sink told = {0}, sink = {0};
    struct err untold = {0}; /* stderr is gone: there is nobody to tell */
    struct table table = {&program->heap, &told};
    sink_open_fd(&told, &program->heap, program->env->os, STDERR_FILENO, &untold);
    sink_open_callback(&sink, &program->heap, disarm_lines, &table, &untold);
    class_weights_write(&filter->shares, CLASS_WEIGHTS_COLUMNS, &sink);
    sink_flush(&sink);
    sink_flush(&told);
}

/* A file is for programs to read, what goes to stderr for people. */
static bool write_shares(struct program *program, const struct filter_options *options,
                         const struct filter *filter)
{
    if (options->shares) {
        struct sink *sink = program_open_further(program, options->shares);
        if (!sink)
            return false;
        class_weights_write(&filter->shares, CLASS_WEIGHTS_TABS, sink);
        return sink_flush(sink); /* it gets its name when the run is done */
    }
    print_shares(program, filter);
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
    tell_steps(program, filter);
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
