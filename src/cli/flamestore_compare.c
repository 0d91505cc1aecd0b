/* SPDX-License-Identifier: MIT */
/*
 * flamestore_compare: flamestore compare: the runs of both ranges (store/run_ranges.h) become files
 * in memory, which flamediff reads like any others.
 */
#include <fcntl.h>
#include <stdio.h>

#include "cli/flamestore.h"
#include "core/wide.h"
#include "format/folded/folded.h"
#include "store/run_ranges.h"
#include "store/time_text.h"

enum { FIRST_FILE = 1 << 20 }; /* larger than any descriptor of the system */

struct run_file {
    const char *path;
    str bytes;
    size_t at;
};

struct run_files {
    const struct os *os; /* of the system */
    VEC(struct run_file) at;
};

struct comparing {
    struct flamestore *f;
    struct flamestore_labels labels;
    str by;
    struct run_files files;
    struct store_query sides[SIDES];
    size_t count[SIDES]; /* of runs */
};

/* ---- files in memory: calls for a struct os whose context is a struct run_files ---- */

static int memory_open(void *context, const char *path, int flags, mode_t mode)
{
    struct run_files *files = context;
    for (size_t i = 0; i < files->at.n && (flags & O_ACCMODE) == O_RDONLY; i++)
        if (strcmp(files->at.at[i].path, path) == 0) {
            files->at.at[i].at = 0;
            return FIRST_FILE + (int)i;
        }
    return files->os->open(files->os->context, path, flags, mode);
}

static ssize_t memory_read(void *context, int fd, void *to, size_t room)
{
    struct run_files *files = context;
    if (fd < FIRST_FILE)
        return files->os->read(files->os->context, fd, to, room);
    struct run_file *file = &files->at.at[fd - FIRST_FILE];
    size_t n = file->bytes.n - file->at;
    n = n < room ? n : room;
    if (n > 0)
        memcpy(to, file->bytes.p + file->at, n);
    file->at += n;
    return (ssize_t)n;
}

static int memory_close(void *context, int fd)
{
    struct run_files *files = context;
    return fd < FIRST_FILE ? files->os->close(files->os->context, fd) : 0;
}

static enum os_kind memory_kind(void *context, const char *path, mode_t *mode)
{
    struct run_files *files = context;
    for (size_t i = 0; i < files->at.n; i++)
        if (strcmp(files->at.at[i].path, path) == 0) {
            *mode = 0400;
            return OS_PLAIN;
        }
    return files->os->kind(files->os->context, path, mode);
}

static uint64_t memory_size(void *context, int fd)
{
    struct run_files *files = context;
    return fd < FIRST_FILE ? files->os->size(files->os->context, fd)
                           : files->at.at[fd - FIRST_FILE].bytes.n;
}

static uint64_t memory_tell(void *context, int fd)
{
    struct run_files *files = context;
    return fd < FIRST_FILE ? files->os->tell(files->os->context, fd)
                           : files->at.at[fd - FIRST_FILE].at;
}

static bool memory_seek(void *context, int fd, uint64_t offset)
{
    struct run_files *files = context;
    if (fd < FIRST_FILE)
        return files->os->seek(files->os->context, fd, offset);
    files->at.at[fd - FIRST_FILE].at = (size_t)offset;
    return offset <= files->at.at[fd - FIRST_FILE].bytes.n;
}

static void memory_widen(void *context, int fd)
{
    struct run_files *files = context;
    if (fd < FIRST_FILE)
        files->os->widen(files->os->context, fd);
}

/* ---- runs ---- */

/* "before/db7": text of labels may hold anything. */
static const char *make_path(struct comparing *c, enum side side, str name)
{
    struct strbuf path = {.heap = &c->f->program.heap};
    strbuf_add(&path, side == SIDE_BEFORE ? STR("before/") : STR("after/"));
    size_t start = path.bytes.n;
    strbuf_add(&path, name);
    for (size_t i = start; i < path.bytes.n; i++)
        if (path.bytes.at[i] == '\0')
            path.bytes.at[i] = '?';
    utf8_disarm(path.bytes.at, path.bytes.n);
    return strbuf_c(&path);
}

/* Ranges differ in length and in their gaps, so the work of a run is the number of seconds that its
 * windows cover. */
static void add_seconds(struct profile *profile)
{
    str duration = profile_fact_value(profile, STR("duration"));
    profile_add_work(profile, str_head(duration, str_find(duration, ' ', 0)));
}

/* Without blocks, nothing shows how much the run could differ: it counts as one sample. */
static void forget_noise(struct profile *profile)
{
    double total = num_of_units(tree_sum(&profile->tree, 0), profile->tree.decimals);
    profile->samples = 1;
    profile->unsure = 0;
    profile->squares = wide_product((uint64_t)(total + 0.5), (uint64_t)(total + 0.5));
}

static bool add_run(struct comparing *c, enum side side, const struct store_query *query, str name,
                    bool vague)
{
    struct program *program = &c->f->program;
    struct profile profile;
    struct sink sink;
    if (!store_read(c->f->store, query, &program->heap, &profile, &program->err))
        return false;
    if (vague)
        forget_noise(&profile);
    add_seconds(&profile);
    sink_open_memory(&sink, &program->heap);
    folded_header_write(&profile, &sink);
    folded_write(&profile.tree, &sink);
    struct run_file file = {make_path(c, side, name), sink_text(&sink), 0};
    vec_push(&program->heap, &c->files.at, file);
    c->count[side]++;
    profile_end(&profile);
    return true;
}

static bool add_side(struct comparing *c, enum side side, const struct run_ranges *ranges)
{
    const char *name = side == SIDE_BEFORE ? "before" : "after";
    struct program *program = &c->f->program;
    size_t n = ranges->sides[side].n;
    if (n == 0)
        return err_set(&program->err, ERR_INPUT, "--%s: there is no window in this range", name);
    for (size_t i = 0; i < n; i++) {
        const struct run_range *range = &ranges->sides[side].at[i];
        struct store_query query = run_range_query(&c->sides[side], range, &program->heap);
        char from[TIME_TEXT_ROOM];
        time_text_put(from, range->from);
        if (!add_run(c, side, &query,
                     range->label.key.n > 0 ? range->label.value : str_from_c(from), ranges->vague))
            return false;
    }
    return true;
}

static bool make_runs(struct comparing *c)
{
    struct program *program = &c->f->program;
    struct run_ranges ranges;
    str key = str_from_c(c->f->runs ? c->f->runs : "");
    if (!run_ranges_find(c->f->store, c->sides, key, &program->heap, &ranges, &program->err))
        return false;
    if (ranges.blocks)
        program_note(program, "runs are blocks of time: windows depend on %.1f before them",
                     ranges.correlation - 1);
    if (ranges.blocks && (ranges.vague || ranges.sides[SIDE_BEFORE].n < 2))
        program_warn(program, "one host, and too few windows to see how they differ: "
                              "a longer range, or more hosts, would show it");
    return add_side(c, SIDE_BEFORE, &ranges) && add_side(c, SIDE_AFTER, &ranges);
}

/* ---- flamediff ---- */

/* OPTIONS BEFORE... -- AFTER... */
static int run_flamediff(struct comparing *c)
{
    struct flamestore *f = c->f;
    struct env env = *f->program.env;
    struct os os = *env.os; /* its other calls ignore the context */
    VEC(char *) argv = {0};
    struct heap *heap = &f->program.heap;
    c->files.os = env.os;
    os.open = memory_open;
    os.read = memory_read;
    os.close = memory_close;
    os.kind = memory_kind;
    os.size = memory_size;
    os.tell = memory_tell;
    os.seek = memory_seek;
    os.widen = memory_widen;
    os.context = &c->files;
    env.os = &os;
    vec_push(heap, &argv, arena_copy_c(&f->arena, STR("flamediff")));
    vec_push(heap, &argv, arena_copy_c(&f->arena, STR("--work-unit=second")));
    if (f->each_tag) {
        vec_push(heap, &argv, arena_copy_c(&f->arena, STR("--each-tag")));
        vec_push(heap, &argv, arena_copy_c(&f->arena, str_from_c(f->each_tag)));
    }
    for (size_t i = f->before_dashes; i < f->argument_count; i++)
        vec_push(heap, &argv, arena_copy_c(&f->arena, str_from_c(f->arguments[i])));
    for (size_t i = 0; i < c->files.at.n; i++) {
        if (i == c->count[SIDE_BEFORE])
            vec_push(heap, &argv, arena_copy_c(&f->arena, STR("--")));
        vec_push(heap, &argv, arena_copy_c(&f->arena, str_from_c(c->files.at.at[i].path)));
    }
    int argc = (int)argv.n;
    vec_push(heap, &argv, NULL);
    return flamediff_main(&env, argc, argv.at);
}

static bool read_compared_ranges(struct comparing *c)
{
    const char *const texts[SIDES] = {c->f->before, c->f->after};
    for (unsigned side = 0; side < SIDES; side++) {
        struct store_query *s = &c->sides[side];
        const char *name = side == SIDE_BEFORE ? "before" : "after";
        if (!texts[side])
            return err_set(&c->f->program.err, ERR_USAGE, "compare needs --%s=FROM..UNTIL", name);
        if (!time_text_parse_range(str_from_c(texts[side]), c->f->now, &s->from, &s->until))
            return err_set(&c->f->program.err, ERR_USAGE,
                           "--%s needs a range such as 09:00..10:00 or -2h..-1h, not '%.60s'", name,
                           texts[side]);
    }
    return true;
}

bool flamestore_compare(struct flamestore *f)
{
    struct comparing c = {.f = f};
    if (f->before_dashes > 0)
        return err_set(&f->program.err, ERR_USAGE,
                       "compare: the options of flamediff come after --, not '%.60s'",
                       f->arguments[0]);
    if (!read_compared_ranges(&c) || !flamestore_tags(f, &c.labels) ||
        !flamestore_open(f, STORE_READ))
        return false;
    if (f->each_tag)
        c.by = arena_join(&f->arena, str_from_c(f->each_tag), STR("="));
    for (unsigned side = 0; side < SIDES; side++) {
        struct store_query *query = &c.sides[side];
        query->labels = c.labels.at.at;
        query->label_count = c.labels.at.n;
        query->type = str_from_c(f->input.sample_index ? f->input.sample_index : "");
        query->by = &c.by;
        query->by_count = f->each_tag != NULL;
    }
    if (!make_runs(&c))
        return false;
    f->program.verdict = run_flamediff(&c);
    return true;
}
