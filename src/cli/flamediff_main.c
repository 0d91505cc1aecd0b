/*
 * flamediff: two profiles in, two columns out.
 */
#include "cli/filter_options.h"
#include "cli/input.h"
#include "stack/diff.h"
#include "stack/folded.h"

struct flamediff {
    struct program program;
    struct option_common common;
    struct diff_options diff;
    const char *format, *output;
    struct filter_options filter;
};

#define FIELD(name) offsetof(struct flamediff, name)

static const struct option option_list[] = {
    {"normalize", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(diff.normalize), NULL,
     "scale BEFORE to the total of AFTER (-n)", "diff", NULL},
    {"strip-hex", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(diff.strip_hex), NULL,
     "hex numbers in names become 0x... (-s)", "diff", NULL},
    {"format", OPTION_TEXT, 0, FIELD(format), "NAME", "input format: perf, folded; default: look",
     "diff", NULL},
    {"output", OPTION_TEXT, OPTION_LETTER, FIELD(output), "FILE", "write to FILE, not to stdout",
     "diff", NULL},
    OPTIONS_FILTER(struct flamediff, filter),
    OPTIONS_COMMON(struct flamediff, common),
    {0},
};

static const struct option_table table = {
    .program = "flamediff",
    .usage = "[options] BEFORE AFTER",
    .purpose = "Compares two profiles: flamediff before after | flamegraph > diff.svg",
    .options = option_list,
};

static bool read_side(struct flamediff *f, size_t which, struct profile *profile)
{
    struct program *program = &f->program;
    const char *const *file = &program->arguments.files.at[which];
    struct input input = {.files = file, .file_count = 1, .format = f->format};
    input.may_be_empty = true;
    if (!input_read(program, &input, profile))
        return false;
    if (!profile->tree.two_sided)
        return true;
    err_set(&program->err, ERR_INPUT,
            "it has two columns already: give flamediff one profile for each side");
    return err_in_file(&program->err, *file, 0);
}

static bool work(void *self)
{
    struct flamediff *f = self;
    struct program *program = &f->program;
    struct profile before, after;
    struct filter filter;
    struct tree both;
    if (program->arguments.files.n != 2)
        return err_set(&program->err, ERR_USAGE, "wants two files, BEFORE and AFTER, not %zu",
                       program->arguments.files.n);
    if (!filter_options_compile(program, &f->filter, &filter))
        return false;
    if (!read_side(f, 0, &before) || !read_side(f, 1, &after))
        return false;
    if (before.samples + after.samples == 0)
        return err_set(&program->err, ERR_INPUT, "both profiles are empty");
    tree_init(&both, &program->heap, program->env->seed);
    diff_make(&both, &before.tree, &after.tree, &f->diff);
    /* Not each side alone: -n compares whole recordings, and what only one side has is no error. */
    if (!filter_options_apply(program, &f->filter, &filter, &both,
                              profile_has_comm(&before) && profile_has_comm(&after)))
        return false;
    if (!program_open_output(program, f->output))
        return false;
    folded_write(&both, &program->out);
    return sink_close(&program->out);
}

int flamediff_main(struct env *env, int argc, char **argv)
{
    struct flamediff flamediff = {
        .program = {.table = &table, .env = env, .argc = argc, .argv = argv},
    };
    flamediff.program.common = &flamediff.common;
    return program_run(&flamediff.program, work, &flamediff, &flamediff);
}
