/*
 * collapse: profiles in, folded stacks out.
 */
#include <string.h>

#include "cli/filter_options.h"
#include "cli/input.h"
#include "core/output_ending.h"
#include "format/folded/folded_header.h"
#include "format/inliner/inliner.h"
#include "output/outputs.h"

struct collapse {
    struct program program;
    struct option_common common;
    bool pid, tid, kernel, jit, all, addrs, in_line, context, srcline, no_comm, comm;
    bool merge_threads, header;
    struct inliner *inliner; /* NULL without --inline */
    const char *event_filter, *format, *output, *output_format;
    unsigned weight;
    uint64_t threads;
    struct input_samples samples;
    struct filter_options filter;
};

#define FIELD(name) offsetof(struct collapse, name)

static const char *const weights[] = {"period", "samples", NULL};

static const struct option option_list[] = {
    {"pid", OPTION_FLAG, OPTION_CLASSIC, FIELD(pid), NULL,
     "add the process id to process names: java-1234", "stacks", NULL},
    {"tid", OPTION_FLAG, OPTION_CLASSIC, FIELD(tid), NULL,
     "add process and thread id: java-1234/1240", "stacks", NULL},
    {"kernel", OPTION_FLAG, OPTION_CLASSIC, FIELD(kernel), NULL, "mark kernel frames with _[k]",
     "stacks", NULL},
    {"jit", OPTION_FLAG, OPTION_CLASSIC, FIELD(jit), NULL, "mark jitted frames with _[j]", "stacks",
     NULL},
    {"all", OPTION_FLAG, OPTION_CLASSIC, FIELD(all), NULL, "all marks: kernel, jitted, inlined",
     "stacks", NULL},
    {"addrs", OPTION_FLAG, OPTION_CLASSIC, FIELD(addrs), NULL,
     "show the address of frames without symbol", "stacks", NULL},
    {"inline", OPTION_FLAG, OPTION_CLASSIC, FIELD(in_line), NULL,
     "add inlined functions from debug information", "stacks", NULL},
    {"context", OPTION_FLAG, OPTION_CLASSIC, FIELD(context), NULL,
     "with --inline: add file and line", "stacks", NULL},
    {"srcline", OPTION_FLAG, OPTION_CLASSIC, FIELD(srcline), NULL,
     "add file:line, as perf script -F +srcline printed", "stacks", NULL},
    {"comm", OPTION_FLAG, 0, FIELD(comm), NULL, "start stacks with the process name (default)",
     "stacks", NULL},
    {"no-comm", OPTION_FLAG, 0, FIELD(no_comm), NULL, "leave the process name out", "stacks", NULL},
    {"merge-threads", OPTION_FLAG, 0, FIELD(merge_threads), NULL,
     "process names that differ in digits only become one", "stacks", NULL},
    {"event-filter", OPTION_TEXT, OPTION_CLASSIC, FIELD(event_filter), "EVENT",
     "count this event; default: the first one seen", "input", NULL},
    INPUT_OPTIONS_SAMPLES(struct collapse, samples, "input"),
    {"weight", OPTION_CHOICE, 0, FIELD(weight), "WHAT", "count periods or samples", "input",
     weights},
    {"input-format", OPTION_TEXT, OPTION_LATER, FIELD(format), "NAME",
     "perf, folded or svg; default: look", "input", NULL},
    {"format", OPTION_TEXT, OPTION_HIDDEN, FIELD(format), "NAME", "the same", "input", NULL},
    INPUT_OPTION_THREADS(FIELD(threads), "input"),
    {"output", OPTION_TEXT, OPTION_LETTER, FIELD(output), "FILE", "write to FILE, not to stdout",
     "output", NULL},
    {"output-format", OPTION_TEXT, OPTION_LATER, FIELD(output_format), "NAME", "folded", "output",
     NULL},
    {"header", OPTION_FLAG, 0, FIELD(header), NULL,
     "begin with a comment that says unit and samples", "output", NULL},
    OPTIONS_FILTER(struct collapse, filter),
    OPTIONS_COMMON(struct collapse, common),
    {0},
};

static const char *offer(const char *option, size_t i)
{
    const struct output *output;
    if (strcmp(option, "input-format") == 0)
        return input_offer_format(i);
    if (strcmp(option, "output-format") == 0)
        return (output = output_at(OUTPUT_FOLDED, i)) ? output->name : NULL;
    return NULL;
}

static const struct option_table table = {
    .program = "collapse",
    .usage = "[options] [file ...]",
    .purpose = "Folds stacks: perf script | collapse | flamegraph > out.svg",
    .options = option_list,
    .offer = offer,
};

static void close_inliner(void *inliner)
{
    inliner_close(inliner);
}

static bool open_inliner(struct collapse *c)
{
    struct program *program = &c->program;
    c->inliner = inliner_open(&program->heap, c->context, &program->err);
    program->at_end = close_inliner;
    program->at_end_of = c->inliner;
    return c->inliner != NULL;
}

static void tell_unusable(const struct collapse *c)
{
    enum { MOST = 100 };
    str module;
    const char *why;
    size_t count = 0, at = 0;
    while (inliner_unusable(c->inliner, &at, &module, &why))
        if (count++ < MOST)
            program_warn(&c->program, "no inlined functions from %.*s: %s", (int)module.n, module.p,
                         why);
    if (count > MOST)
        program_warn(&c->program, "no inlined functions from %zu other modules", count - MOST);
}

static bool work(void *self)
{
    struct collapse *c = self;
    const struct output *output = output_at(OUTPUT_FOLDED, 0);
    struct program *program = &c->program;
    struct profile profile;
    struct filter filter;
    struct input input = {
        .files = program->arguments.files.at,
        .file_count = program->arguments.files.n,
        .format = c->format,
        .threads = c->in_line ? 1 : input_threads(program, c->threads), /* the inliner serves one */
        .options =
            {
                .pid = c->pid,
                .tid = c->tid,
                .kernel = c->kernel || c->all,
                .jit = c->jit || c->all,
                .inline_marks = c->all,
                .addrs = c->addrs,
                .srcline = c->srcline,
                .no_comm = c->no_comm,
                .merge_threads = c->merge_threads,
                .event_filter = str_from_c(c->event_filter ? c->event_filter : ""),
                .weight = c->weight == 0 ? READ_WEIGHT_PERIOD : READ_WEIGHT_SAMPLES,
            },
    };
    if (!output_choose(OUTPUT_FOLDED, "--output-format", c->output_format, &output,
                       &program->err) ||
        (!c->output_format &&
         !output_ending_check_text(program->env->os, c->output, "folded stacks", output->endings,
                                   &program->err)) ||
        !filter_options_compile(program, &c->filter, &filter))
        return false;
    if (c->in_line) {
        if (!open_inliner(c))
            return false;
        input.options.inline_frames = inliner_frames;
        input.options.inline_context = c->inliner;
    }
    input_set_samples(&input, &c->samples);
    if (!input_read(program, &input, &profile))
        return false;
    input_tell_inlined(program, &profile);
    if (c->in_line)
        tell_unusable(c);
    if (!filter_options_apply_to(program, &c->filter, &filter, &profile) ||
        !program_open_output(program, c->output))
        return false;
    if (c->header)
        folded_header_write(&profile, &program->out);
    output->write(&(struct output_content){.tree = &profile.tree}, &program->out);
    return program_close_outputs(program);
}

int collapse_main(struct env *env, int argc, char **argv)
{
    struct collapse collapse = {
        .program = {.table = &table, .env = env, .argc = argc, .argv = argv},
    };
    collapse.program.common = &collapse.common;
    return program_run(&collapse.program, work, &collapse, &collapse);
}
