/* SPDX-License-Identifier: MIT */
/*
 * collapse: from profiles to folded stacks.
 */
#include <string.h>

#include "cli/filter_options.h"
#include "cli/input.h"
#include "format/folded/folded.h"
#include "format/inliner/inliner.h"
#include "format/pprof/pprof.h"
#include "output/outputs.h"

/* Stacks in any format. */
enum { COLLAPSE_OUTPUTS = OUTPUT_FOLDED | OUTPUT_STACKS };

struct collapse {
    struct program program;
    struct option_common common;
    struct read_options read;
    bool all, inlines, context, header;
    struct input_options input;
    struct option_list facts;
    const char *output, *output_format;
    struct filter_options filter;
};

#define FLAG(field, traits, name, help) \
    OPTION(struct collapse, field, OPTION_FLAG, traits, name, NULL, help, "stacks", NULL)

static const struct option collapse_options[] = {
    OPTIONS_READ(struct collapse, read, all, OPTION_CLASSIC, "stacks"),
    FLAG(inlines, OPTION_CLASSIC, "inline", "add inlined functions from debug information"),
    FLAG(context, OPTION_CLASSIC, "context", "with --inline: add file and line"),
    FLAG(read.no_comm, OPTION_CLEARS, "comm", "start stacks with the process name (default)"),
    OPTIONS_INPUT_EVENT(struct collapse, input, OPTION_CLASSIC, "input"),
    OPTION_WEIGHT(struct collapse, read, "input"),
    OPTIONS_INPUT(struct collapse, input, "input"),
    OPTIONS_INPUT_VALUES(struct collapse, input),
    OPTIONS_OUTPUT(struct collapse, output, output_format, "write to FILE, not to stdout",
                   "folded, pprof, speedscope; default: by FILE", "output"),
    OPTION(struct collapse, header, OPTION_FLAG, 0, "header", NULL,
           "begin with a comment: unit, number of samples", "output", NULL),
    OPTION(struct collapse, facts, OPTION_LIST, 0, "fact", "KEY=VALUE",
           "with --header: say commit=a1b2c3, work=632, date=...", "output", NULL),
    OPTIONS_FILTER(struct collapse, filter),
    OPTIONS_COMMON(struct collapse, common),
    {0},
};

static const char *offer_collapse(const char *option, size_t i)
{
    return input_offer(option, i, COLLAPSE_OUTPUTS);
}

static const struct option_table collapse_option_table = {
    .program = "collapse",
    .usage = "[options] [file ...]",
    .purpose = "Folds stacks: perf script | collapse | flamegraph > out.svg",
    .options = collapse_options,
    .offer = offer_collapse,
};

static void warn_of_unusable_modules(const struct program *program, const struct inliner *inliner)
{
    enum { SHOWN_MOST = 100 };
    str module;
    const char *why;
    size_t count = 0, at = 0;
    while (inliner_unusable(inliner, &at, &module, &why))
        if (count++ < SHOWN_MOST)
            program_warn(program, "no inlined functions from %.*s: %s", (int)module.n, module.p,
                         why);
    if (count > SHOWN_MOST)
        program_warn(program, "no inlined functions from %zu other modules", count - SHOWN_MOST);
}

static bool check_facts(const struct collapse *c, struct err *err)
{
    if (c->facts.values.n > 0 && !c->header)
        return err_set(err, ERR_USAGE, "--fact needs --header");
    for (size_t i = 0; i < c->facts.values.n; i++) {
        str text = str_from_c(c->facts.values.at[i]);
        size_t equals = str_find(text, '=', 0);
        struct num_decimal work;
        if (equals + 1 >= text.n || !folded_header_is_fact(str_head(text, equals)))
            return err_set(err, ERR_USAGE,
                           "--fact needs KEY=VALUE, where KEY has only a-z, 0-9 and '-' and is "
                           "no key of the header, not '%.60s'",
                           text.p);
        if (str_starts(text, STR("work=")) &&
            (!num_parse_decimal(str_skip(text, equals + 1), &work) || work.units == 0))
            return err_set(err, ERR_USAGE, "--fact work needs a number larger than 0, not '%.60s'",
                           text.p + equals + 1);
    }
    return true;
}

/* A fact of the command line replaces that of the input. */
static void set_facts(const struct collapse *c, struct profile *profile)
{
    for (size_t i = 0; i < c->facts.values.n; i++) {
        str text = str_from_c(c->facts.values.at[i]);
        size_t equals = str_find(text, '=', 0);
        profile_set_fact(profile, str_head(text, equals), str_skip(text, equals + 1));
    }
}

/* Choose the output, and the options of reading that it needs. */
static bool apply_collapse_options(struct collapse *c, const struct output **output,
                                   struct filter *filter)
{
    struct program *program = &c->program;
    struct err *err = &program->err;
    *output = output_find(OUTPUT_FOLDED, STR("folded"));
    c->read.kernel |= c->all;
    c->read.jit |= c->all;
    c->read.inline_marks = c->all;
    if (!output_choose(COLLAPSE_OUTPUTS, "--output-format", c->output_format, output, err) ||
        (!c->output_format &&
         !output_of_stacks_path(COLLAPSE_OUTPUTS, program->env->os, c->output, output, err)) ||
        !check_facts(c, err) || !filter_options_compile(program, &c->filter, filter))
        return false;
    c->read.keep_labels = (*output)->all_values;
    c->read.all_values = (*output)->all_values && c->read.weight == READ_WEIGHT_PERIOD;
    /* patterns match names as folded stacks have them */
    c->read.keep_lines = (*output)->kind == OUTPUT_STACKS && !filter->asked;
    return !c->header || (*output)->kind == OUTPUT_FOLDED ||
           err_set(err, ERR_USAGE, "--header is for folded stacks");
}

static bool collapse_work(void *self)
{
    struct collapse *c = self;
    struct program *program = &c->program;
    const struct output *output;
    struct inliner *inliner = NULL;
    struct profile profile;
    struct output_content content = {.tree = &profile.tree, .profile = &profile};
    struct filter filter;
    if (c->input.list_formats)
        return input_list_formats(program);
    if (!apply_collapse_options(c, &output, &filter))
        return false;
    if (c->inlines) {
        inliner = inliner_open(&program->heap, c->context, &program->err);
        if (!inliner)
            return false;
        c->read.inline_frames = inliner_frames;
        c->read.inline_context = inliner;
    }
    struct input input = {
        .given = &c->input,
        .options = c->read,
        .one_thread = c->inlines, /* only one thread can use the inliner */
    };
    if (c->input.tags)
        return input_print_tags(program, &input, false);
    if (!input_read(program, &input, &profile))
        return false;
    if (inliner && !(program->known_options & READER_INLINES))
        return err_set(&program->err, ERR_USAGE,
                       "--inline is for perf.data and the text of perf script");
    if (profile.has_losses)
        return err_set(&program->err, ERR_INPUT,
                       "it has values below 0: it is the difference of two profiles, which "
                       "flamegraph draws");
    input_warn_of_inlined(program, &profile);
    if (inliner)
        warn_of_unusable_modules(program, inliner);
    if (!filter_options_apply_to(program, &c->filter, &filter, &profile) ||
        !output_check_tree(output, &profile.tree, &program->err))
        return false;
    if (output->write_stacks == pprof_write && pprof_rounds(&profile.tree, &profile))
        program_warn(program, "weights with fractions are rounded: pprof has whole numbers only");
    if (!program_open_output(program, c->output))
        return false;
    set_facts(c, &profile);
    if (c->header)
        folded_header_write(&profile, &program->out);
    output_write(output, &content, &program->out);
    return program_close_outputs(program);
}

int collapse_main(struct env *env, int argc, char **argv)
{
    struct collapse collapse = {
        .program = {.table = &collapse_option_table, .env = env, .argc = argc, .argv = argv},
    };
    collapse.program.common = &collapse.common;
    return program_run(&collapse.program, collapse_work, &collapse, &collapse);
}
