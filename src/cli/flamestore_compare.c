/* SPDX-License-Identifier: MIT */
/*
 * flamestore_compare: flamestore compare: the runs of both ranges become files in memory, which
 * flamediff reads like any others.
 *
 *      several hosts on both sides    a run for each host
 *      else                           a run for each block of time
 *
 * Neighboring windows are alike, so they are no runs. A block is several times as long as the time
 * in which the total depends on what it was before; flamediff estimates how blocks differ.
 */
#include <fcntl.h>
#include <stdio.h>

#include "cli/flamestore.h"
#include "format/folded/folded_header.h"
#include "format/folded/folded_writer.h"
#include "store/time_text.h"

enum {
    FIRST_FILE = 1 << 20, /* larger than any descriptor of the system */
    BLOCKS_MOST = 8,
    BLOCK_TIMES = 4, /* the length of a block, in correlation times */
    POINTS_WANTED = 240,
};

struct run_file {
    const char *path;
    str bytes;
    size_t at;
};

struct run_files {
    const struct os *os; /* of the system */
    VEC(struct run_file) at;
};

struct compare_side {
    int64_t from, until;
    VEC(str) hosts;     /* values of the label of --runs */
    VEC(int64_t) busy;  /* the points of a timeline that have windows */
    double correlation; /* in points */
    int64_t step;
};

struct comparing {
    struct flamestore *f;
    struct flamestore_labels labels;
    struct store_query query;
    str by;
    struct run_files files;
    struct compare_side sides[SIDES];
    size_t count[SIDES]; /* of runs */
};

/* ---- files in memory: a system whose context they are ---- */

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
    strbuf_add(&path, str_of("", 1));
    return path.bytes.at;
}

static bool add_run(struct comparing *c, enum side side, const struct store_query *query, str name)
{
    struct program *program = &c->f->program;
    struct profile profile;
    struct sink sink;
    if (!store_read(c->f->store, query, &program->heap, &profile, &program->err))
        return false;
    sink_open_memory(&sink, &program->heap);
    folded_header_write(&profile, &sink);
    folded_write(&profile.tree, &sink);
    struct run_file file = {make_path(c, side, name), sink_text(&sink), 0};
    vec_push(&program->heap, &c->files.at, file);
    c->count[side]++;
    profile_end(&profile);
    return true;
}

/* The values of the label in this range. */
static bool find_hosts(struct comparing *c, enum side side, str key)
{
    struct compare_side *s = &c->sides[side];
    struct heap *heap = &c->f->program.heap;
    struct label_sums sums;
    uint64_t total;
    struct store_query query = c->query;
    query.from = s->from;
    query.until = s->until;
    if (!store_read_labels(c->f->store, &query, heap, &sums, &total, &c->f->program.err))
        return false;
    for (size_t i = 0; i < sums.sums.n; i++) {
        const struct label_sum *sum = &sums.sums.at[i];
        if (!sum->whole && sum->weight > 0 && str_equal(intern_name(&sums.keys, sum->key), key))
            vec_push(heap, &s->hosts, sum->value);
    }
    if (total == 0)
        err_set(&c->f->program.err, ERR_INPUT, "--%s: there is no window in this range",
                side == SIDE_BEFORE ? "before" : "after");
    return total > 0;
}

static bool add_hosts(struct comparing *c, enum side side, str key)
{
    struct compare_side *s = &c->sides[side];
    struct heap *heap = &c->f->program.heap;
    for (size_t i = 0; i < s->hosts.n; i++) {
        struct store_query query = c->query;
        struct store_label *labels = heap_alloc(heap, query.label_count + 1, sizeof *labels);
        size_t n = 0;
        for (size_t l = 0; l < query.label_count; l++)
            if (!str_equal(query.labels[l].key, key))
                labels[n++] = query.labels[l];
        labels[n++] = (struct store_label){key, s->hosts.at[i]};
        query.labels = labels;
        query.label_count = n;
        query.from = s->from;
        query.until = s->until;
        if (!add_run(c, side, &query, s->hosts.at[i]))
            return false;
    }
    return true;
}

/* ---- blocks ---- */

/* The number of points that depend on each other: 1 + 2 times the sum of the correlations up to the
 * first one that is not more than chance. */
static double correlation_of(const uint64_t *x, size_t n)
{
    double mean = 0, variance = 0, sum = 1;
    for (size_t i = 0; i < n; i++)
        mean += (double)x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        variance += ((double)x[i] - mean) * ((double)x[i] - mean);
    for (size_t lag = 1; variance > 0 && lag < n / 2; lag++) {
        double product = 0;
        for (size_t i = 0; i + lag < n; i++)
            product += ((double)x[i] - mean) * ((double)x[i + lag] - mean);
        double correlation = product / variance;
        if (correlation <= 0 || correlation * correlation * (double)n < 1)
            break;
        sum += 2 * correlation;
    }
    return sum;
}

/* A timeline in steps that are no shorter than most windows. */
static bool read_points(struct comparing *c, enum side side)
{
    struct compare_side *s = &c->sides[side];
    struct program *program = &c->f->program;
    struct store_query query = c->query;
    struct store_timeline timeline;
    VEC(uint64_t) totals = {0};
    query.from = s->from;
    query.until = s->until;
    s->step = (s->until - s->from) / POINTS_WANTED + 1;
    s->step = (s->step + STORE_MINUTE - 1) / STORE_MINUTE * STORE_MINUTE;
    if (!store_read_timeline(c->f->store, &query, s->step, &program->heap, &timeline,
                             &program->err))
        return false;
    for (size_t i = 0; i < timeline.points.n; i++)
        if (timeline.points.at[i].windows > 0) {
            vec_push(&program->heap, &s->busy, s->from + (int64_t)i * s->step);
            vec_push(&program->heap, &totals, timeline.points.at[i].total);
        }
    s->correlation = correlation_of(totals.at, totals.n);
    return true;
}

static bool add_blocks(struct comparing *c, enum side side, double correlation)
{
    struct compare_side *s = &c->sides[side];
    size_t points = s->busy.n, length = (size_t)(correlation * BLOCK_TIMES + 0.999);
    size_t blocks = points / (length > 0 ? length : 1);
    blocks = blocks > BLOCKS_MOST ? BLOCKS_MOST : blocks < 1 ? 1 : blocks;
    for (size_t b = 0; b < blocks; b++) {
        char from[TIME_TEXT_ROOM];
        struct store_query query = c->query;
        query.from = s->busy.at[points * b / blocks];
        query.until = b + 1 < blocks ? s->busy.at[points * (b + 1) / blocks] : s->until;
        time_text_put(from, query.from);
        if (!add_run(c, side, &query, str_from_c(from)))
            return false;
    }
    if (blocks < 2)
        program_warn(&c->f->program,
                     "--%s: one host, and too few windows to see how they differ: "
                     "a longer range, or more hosts, would show it",
                     side == SIDE_BEFORE ? "before" : "after");
    return true;
}

static bool add_all_blocks(struct comparing *c)
{
    if (!read_points(c, SIDE_BEFORE) || !read_points(c, SIDE_AFTER))
        return false;
    double before = c->sides[SIDE_BEFORE].correlation, after = c->sides[SIDE_AFTER].correlation;
    double longer = before > after ? before : after;
    program_note(&c->f->program, "runs are blocks of time: windows depend on %.1f before them",
                 longer - 1);
    return add_blocks(c, SIDE_BEFORE, longer) && add_blocks(c, SIDE_AFTER, longer);
}

static bool make_runs(struct comparing *c)
{
    const char *name = c->f->runs ? c->f->runs : "host";
    for (unsigned attempt = 0; attempt < 2; attempt++) {
        str key = str_from_c(name);
        c->sides[SIDE_BEFORE].hosts.n = c->sides[SIDE_AFTER].hosts.n = 0;
        if (!find_hosts(c, SIDE_BEFORE, key) || !find_hosts(c, SIDE_AFTER, key))
            return false;
        if (c->sides[SIDE_BEFORE].hosts.n > 1 && c->sides[SIDE_AFTER].hosts.n > 1)
            return add_hosts(c, SIDE_BEFORE, key) && add_hosts(c, SIDE_AFTER, key);
        if (c->f->runs || c->sides[SIDE_BEFORE].hosts.n + c->sides[SIDE_AFTER].hosts.n > 0)
            break;
        name = STORE_SOURCE; /* no window says its host */
    }
    return add_all_blocks(c);
}

/* ---- flamediff ---- */

/* OPTIONS BEFORE... -- AFTER... */
static int run_flamediff(struct comparing *c)
{
    struct flamestore *f = c->f;
    struct env env = *f->program.env;
    struct os os = *env.os; /* whose other calls need no context */
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

static bool read_ranges(struct comparing *c)
{
    const char *const texts[SIDES] = {c->f->before, c->f->after};
    for (unsigned side = 0; side < SIDES; side++) {
        struct compare_side *s = &c->sides[side];
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
    if (!read_ranges(&c) || !flamestore_tags(f, &c.labels) || !flamestore_open(f, STORE_READ))
        return false;
    c.query.labels = c.labels.at.at;
    c.query.label_count = c.labels.at.n;
    c.query.type = str_from_c(f->input.sample_index ? f->input.sample_index : "");
    if (f->each_tag) {
        c.by = arena_join(&f->arena, str_from_c(f->each_tag), STR("="));
        c.query.by = &c.by;
        c.query.by_count = 1;
    }
    if (!make_runs(&c))
        return false;
    f->program.verdict = run_flamediff(&c);
    return true;
}
