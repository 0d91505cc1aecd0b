/* SPDX-License-Identifier: MIT */
/*
 * flamestore: collects profiles of many programs, keeps them, and gives those of any time. This
 * file has the options, and the commands that look after the store.
 */
#include "cli/flamestore.h"

#include "store/time_text.h"

#define FIELD(field, kind, traits, name, argument, help, topic) \
    OPTION(struct flamestore, field, kind, traits, name, argument, help, topic, NULL)

static const struct option flamestore_options[] = {
    FIELD(path, OPTION_TEXT, 0, "store", "FILE", "the store", "store"),
    FIELD(tags, OPTION_LIST, 0, "tag", "KEY=VALUE", "windows with this label", "range"),
    FIELD(from, OPTION_TEXT, 0, "from", "TIME", "from then: -15min, 09:00, 2026-11-29T09:00",
          "range"),
    FIELD(until, OPTION_TEXT, 0, "until", "TIME", "until then; default: now", "range"),
    OPTIONS_COMMON(struct flamestore, common),
    {0},
};

static const struct option_table flamestore_option_table = {
    .program = "flamestore",
    .usage = "--store=FILE COMMAND [options] [argument ...]",
    .purpose = "Collects and keeps profiles, and gives those of any time.",
    .options = flamestore_options,
};

struct command {
    const char *name;
    bool (*work)(struct flamestore *f);
};

static const struct command commands[] = {
    {"check", flamestore_check},
    {"size", flamestore_size},
};

bool flamestore_open(struct flamestore *f, enum store_mode mode)
{
    struct program *program = &f->program;
    if (!f->path)
        return err_set(&program->err, ERR_USAGE, "--store=FILE is missing");
    f->store = store_open(f->path, mode, &program->heap, &program->err);
    return f->store != NULL;
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
    };
    flamestore.program.common = &flamestore.common;
    return program_run(&flamestore.program, flamestore_work, &flamestore, &flamestore);
}
