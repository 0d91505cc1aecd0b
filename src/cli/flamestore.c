/* SPDX-License-Identifier: MIT */
/*
 * flamestore: collects profiles of many programs, keeps them, and gives those of any time. This
 * file has the options, and the commands that look after the store.
 */
#include "cli/flamestore.h"

#include "output/outputs.h"
#include "store/time_text.h"

#define FIELD(field, kind, traits, name, argument, help, topic) \
    OPTION(struct flamestore, field, kind, traits, name, argument, help, topic, NULL)

static const struct option flamestore_options[] = {
    FIELD(path, OPTION_TEXT, 0, "store", "FILE", "the store", "store"),
    FIELD(tags, OPTION_LIST, 0, "tag", "KEY=VALUE",
          "add, collect: give windows this label; else: windows that have it", "store"),
    FIELD(source, OPTION_TEXT, 0, "source", "NAME",
          "add: call the source NAME, not FILE; else: windows of this source", "store"),
    FIELD(from, OPTION_TEXT, 0, "from", "TIME",
          "when the range begins: -15min, 09:00, 2026-11-29T09:00; default: -1h", "range"),
    FIELD(until, OPTION_TEXT, 0, "until", "TIME", "when it ends; default: now", "range"),
    FIELD(by, OPTION_TEXT, 0, "by", "KEY[,KEY]", "values of these labels become first frames",
          "range"),
    FIELD(input.sample_index, OPTION_TEXT, 0, "sample-index", "NAME",
          "the value that counts: cpu, alloc_space...", "range"),
    FIELD(output, OPTION_TEXT, OPTION_LETTER, "output", "FILE", "get: write to FILE, not to stdout",
          "range"),
    FIELD(output_format, OPTION_TEXT, 0, "output-format", "NAME",
          "get: folded, pprof, speedscope; default: by FILE", "range"),
    FIELD(before, OPTION_TEXT, 0, "before", "FROM..UNTIL", "the range before", "compare"),
    FIELD(after, OPTION_TEXT, 0, "after", "FROM..UNTIL", "the range after", "compare"),
    FIELD(runs, OPTION_TEXT, 0, "runs", "KEY", "a run for each value of this label; default: host",
          "compare"),
    FIELD(each_tag, OPTION_TEXT, 0, "each-tag", "KEY",
          "also compare the weight of each value of this label", "compare"),
    FIELD(input.format, OPTION_TEXT, 0, "input-format", "NAME",
          "add: the format of FILE; default: by the content", "add"),
    FIELD(input.symfs, OPTION_TEXT, 0, "symfs", "DIR",
          "add: perf.data: look for programs and libraries below DIR", "add"),
    FIELD(input.no_symbols, OPTION_FLAG, 0, "no-symbols", NULL,
          "add: perf.data: open no file that the recording names", "add"),
    FIELD(every, OPTION_TEXT, 0, "every", "LENGTH", "how often to ask each source; default: 60s",
          "collect"),
    FIELD(timeout, OPTION_TEXT, 0, "timeout", "LENGTH",
          "how long to wait for an answer; default: 30s, and seconds=N of its address", "collect"),
    FIELD(sources, OPTION_TEXT, 0, "sources", "FILE",
          "addresses with labels, one in each line: URL KEY=VALUE ...", "collect"),
    FIELD(counts, OPTION_FLAG, 0, "counts", NULL,
          "sources report running totals: store the increases", "collect"),
    FIELD(once, OPTION_FLAG, 0, "once", NULL, "ask each source once, and end", "collect"),
    FIELD(forward, OPTION_TEXT, 0, "forward", "URL",
          "also send each window to this server of Pyroscope", "collect"),
    FIELD(max_answer, OPTION_SIZE, 0, "max-answer", "SIZE", "refuse longer answers; default: 64M",
          "collect"),
    FIELD(keep_minutes, OPTION_TEXT, 0, "keep-minutes", "LENGTH",
          "how long to keep windows, then the sums of hours; default: 14d", "expire"),
    FIELD(keep_hours, OPTION_TEXT, 0, "keep-hours", "LENGTH",
          "how long to keep the sums of hours; default: 400d", "expire"),
    FIELD(listen, OPTION_TEXT, 0, "listen", "HOST:PORT", "serve there; default: 127.0.0.1:8080",
          "serve"),
    FIELD(token_file, OPTION_TEXT, 0, "token-file", "FILE",
          "answer only requests with the token in FILE", "serve"),
    OPTIONS_COMMON(struct flamestore, common),
    {0},
};

static const char *offer_flamestore(const char *option, size_t i)
{
    return input_offer(option, i, FLAMESTORE_OUTPUTS);
}

static const struct option_table flamestore_option_table = {
    .program = "flamestore",
    .usage = "--store=FILE COMMAND [options] [argument ...]",
    .purpose = "Collects and keeps profiles, and returns those of any time. COMMAND is one of:\n"
               "  collect [URL ...]  ask these sources again and again\n"
               "  add [FILE ...]     add profiles of any format\n"
               "  mark TEXT          note that something happened, such as a deployment\n"
               "  get                folded stacks or pprof of a range\n"
               "  labels             the labels of a range, with their shares\n"
               "  compare [-- OPTION ...]  compare two ranges with flamediff and these options\n"
               "  serve              a page for browsers; also takes what Pyroscope agents push\n"
               "  expire             delete what is older than --keep-minutes, --keep-hours\n"
               "  check, size        whether the store is intact, and how large it is",
    .options = flamestore_options,
    .offer = offer_flamestore,
};

struct command {
    const char *name;
    bool (*work)(struct flamestore *f);
};

static const struct command commands[] = {
    {"collect", flamestore_collect},    {"add", flamestore_add},
    {"mark", flamestore_mark},          {"get", flamestore_get},
    {"labels", flamestore_list_labels}, {"compare", flamestore_compare},
    {"serve", flamestore_serve},        {"expire", flamestore_expire},
    {"check", flamestore_check},        {"size", flamestore_size},
};

bool flamestore_open(struct flamestore *f, enum store_mode mode)
{
    struct program *program = &f->program;
    if (!f->path)
        return err_set(&program->err, ERR_USAGE, "--store=FILE is missing");
    f->store = store_open(f->path, mode, &program->heap, &program->err);
    return f->store != NULL;
}

bool flamestore_tags(struct flamestore *f, struct flamestore_labels *labels)
{
    for (size_t i = 0; i < f->tags.values.n; i++) {
        str text = str_from_c(f->tags.values.at[i]);
        size_t equals = str_find(text, '=', 0);
        struct store_label label = {str_head(text, equals), STR("")};
        if (equals == 0 || equals == text.n)
            return err_set(&f->program.err, ERR_USAGE, "--tag needs KEY=VALUE, not '%.60s'",
                           text.p);
        label.value = str_skip(text, equals + 1);
        vec_push(&f->program.heap, &labels->at, label);
    }
    return true;
}

bool flamestore_time(struct flamestore *f, const char *option, const char *text, int64_t otherwise,
                     int64_t *time)
{
    *time = otherwise;
    return !text || time_text_parse(str_from_c(text), f->now, time) ||
           err_set(&f->program.err, ERR_USAGE,
                   "%s needs a time such as -15min, 09:00 or 2026-11-29T09:00, not '%.60s'", option,
                   text);
}

bool flamestore_length(struct flamestore *f, const char *option, const char *text, bool forever,
                       int64_t *length)
{
    *length = 0;
    return !text || (forever && strcmp(text, "forever") == 0) ||
           time_text_parse_length(str_from_c(text), length) ||
           err_set(&f->program.err, ERR_USAGE,
                   "%s needs a length of time such as 30s, 15min or 14d%s, not '%.60s'", option,
                   forever ? ", or forever" : "", text);
}

bool flamestore_check(struct flamestore *f)
{
    struct program *program = &f->program;
    uint64_t faults;
    if (!flamestore_open(f, STORE_READ) || !program_open_output(program, NULL) ||
        !store_check(f->store, &program->out, &faults, &program->err))
        return false;
    if (faults == 0)
        sink_lit(&program->out, "ok\n");
    program->failed_softly = faults > 0;
    return program_close_outputs(program);
}

static void put_size(struct sink *sink, str name, uint64_t value)
{
    sink_bytes(sink, name);
    sink_lit(sink, ": ");
    sink_u64(sink, value);
    sink_lit(sink, "\n");
}

bool flamestore_size(struct flamestore *f)
{
    struct program *program = &f->program;
    struct store_size size;
    if (!flamestore_open(f, STORE_READ) || !store_measure(f->store, &size, &program->err) ||
        !program_open_output(program, NULL))
        return false;
    struct sink *sink = &program->out;
    put_size(sink, STR("bytes"), size.bytes);
    put_size(sink, STR("unused bytes"), size.unused);
    put_size(sink, STR("windows"), size.windows);
    put_size(sink, STR("rows of windows"), size.rows);
    put_size(sink, STR("sums of hours"), size.hours);
    put_size(sink, STR("rows of hours"), size.hour_rows);
    put_size(sink, STR("series"), size.series);
    put_size(sink, STR("labels"), size.labels);
    put_size(sink, STR("stacks"), size.stacks);
    put_size(sink, STR("frames"), size.frames);
    put_size(sink, STR("gaps"), size.gaps);
    put_size(sink, STR("marks"), size.marks);
    return program_close_outputs(program);
}

static bool flamestore_work(void *self)
{
    struct flamestore *f = self;
    struct program *program = &f->program;
    struct option_result *given = &program->arguments;
    struct name_list names = {0};
    const char *name = given->files.n > 0 ? given->files.at[0] : "";
    arena_init(&f->arena, &program->heap);
    f->now = time_text_now();
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        name_list_add(&names, "", commands[i].name);
        if (strcmp(name, commands[i].name) != 0)
            continue;
        f->arguments = given->files.at + 1;
        f->argument_count = given->files.n - 1;
        f->before_dashes = given->ended_at <= given->files.n ? given->ended_at - 1
                                                             : f->argument_count;
        return commands[i].work(f);
    }
    if (name[0] == '\0')
        return err_set(&program->err, ERR_USAGE, "a command is missing: %s", names.text);
    return err_set(&program->err, ERR_USAGE, "unknown command '%.60s': %s", name, names.text);
}

int flamestore_main(struct env *env, int argc, char **argv)
{
    struct flamestore flamestore = {
        .program = {.table = &flamestore_option_table, .env = env, .argc = argc, .argv = argv},
        .every = "60s",
        .timeout = "30s",
        .max_answer = 64 << 20,
        .keep_minutes = "14d",
        .keep_hours = "400d",
    };
    flamestore.program.common = &flamestore.common;
    return program_run(&flamestore.program, flamestore_work, &flamestore, &flamestore);
}
