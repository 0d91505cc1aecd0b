/* SPDX-License-Identifier: MIT */
/*
 * reader: choose the reader of an input, and run it.
 */
#include "format/dump.h"

struct reading_job {
    struct reading *reading;
    struct reader_input input;
    struct heap *scratch;
    struct parallel *parallel;
    struct err *err;
};

static void close_reader(struct reading *reading)
{
    if (reading->reader && reading->reader->close && reading->builder.state)
        reading->reader->close(&reading->builder);
    reading->builder.state = NULL;
    reading->reader = NULL;
}

static bool choose_reader(struct reading *reading, str bytes, struct err *err)
{
    struct err tie = {0};
    struct reader_head head;
    int bid, kind_bid;
    const struct reader *reader = reading->format;
    reader_head_init(&head, bytes);
    reading->likely = reader_choose(&head, &bid, &tie);
    reading->kind = file_kind_find(&head, &kind_bid);
    if (reader && bid >= READER_CERTAIN)
        reading->kind = NULL; /* the input is of another format than the one given */
    if (!reader && bid >= kind_bid) {
        reader = reading->likely;
        if (tie.code != ERR_NONE) {
            *err = tie;
            return false;
        }
    }
    reading->last = reader;
    if (!reader)
        return reading_diagnose(reading, err);
    const struct reader *before = reading->reader;
    if (before && reader != before && !(reader->mixes && before->mixes))
        return err_set(err, ERR_INPUT, "it is %s, and the input before is %s: fold each by itself",
                       reader->name, before->name);
    if (reader != before)
        close_reader(reading);
    reading->reader = reader;
    reading->known |= reader->options;
    return true;
}

static void show_reading_progress(void *context, uint64_t bytes)
{
    struct reading *reading = context;
    if (reading->progress)
        reading->progress(reading->progress_context, reading->bytes + bytes,
                          reading->profile->samples);
}

static bool run_reader(void *arg)
{
    struct reading_job *job = arg;
    struct reading *reading = job->reading;
    struct reader_input *input = &job->input;
    const struct source *source = input->source;
    reader_input_skip_mark(input);
    str head = reader_input_peek(input, READER_HEAD);
    reading->is_empty = head.n == 0;
    if (input->failed || head.n == 0)
        return !input->failed; /* an empty input has no samples */
    if (!choose_reader(reading, head, job->err))
        return false;
    /* only the size of a plain file is known */
    if (!source_can_seek(source) || source->size == 0 || source->size >= reading->parallel.after)
        job->parallel = parallel_open(&reading->parallel, reading->reader, &reading->builder,
                                      input);
    input->parallel = job->parallel;
    return reading->reader->read(&reading->builder, input, job->err) && !input->failed;
}

/* Both heaps need a guard: that of the profile is the outer one. */
static bool run_in_scratch(void *arg)
{
    struct reading_job *job = arg;
    job->scratch = heap_open_child(job->reading->profile->heap);
    job->input.heap = job->reading->builder.scratch = job->scratch;
    return heap_guard(job->scratch, run_reader, job, job->err);
}

static bool check_columns(struct tree *tree, bool done, struct err *err)
{
    bool clash = tree->clash;
    tree->clash = false;
    if (done && clash)
        err_set(err, ERR_INPUT,
                "the difference of two profiles is read alone, and not together with the values of "
                "another input; leave out one of them, or --all-events");
    return !clash;
}

bool reading_add(struct reading *reading, struct source *source, struct err *err)
{
    struct heap *heap = reading->profile->heap;
    struct reading_job job = {.reading = reading, .err = err};
    job.input = (struct reader_input){
        .source = source,
        .err = err,
        .block = reading->block,
        .line_most = reading->line_most,
        .progress = show_reading_progress,
        .progress_context = reading,
    };
    if (!reading->builder.heap)
        builder_init(&reading->builder, reading->profile, reading->options);
    builder_start(&reading->builder, source->name);
    /* if memory runs out, wait for the threads before that failure is passed on */
    bool done = heap_guard(heap, run_in_scratch, &job, err);
    bool usable = done || err->code != ERR_MEMORY;
    if (job.parallel)
        done &= parallel_end(job.parallel, usable, err);
    if (usable) {
        builder_flush(&reading->builder);
        done &= check_columns(&reading->profile->tree, done, err);
        reading->profile->lines += job.input.lines;
        if (job.input.lines == 0)
            skipped_are_records(&reading->profile->skipped, source->name);
    }
    reading->bytes += job.input.bytes;
    if (job.scratch) {
        reader_input_end(&job.input);
        heap_close_child(job.scratch);
    }
    if (err->code == ERR_MEMORY) /* it is not an error of this file */
        return false;
    return done || err_in_file(err, source->name, 0);
}

void reading_finish(struct reading *reading)
{
    close_reader(reading);
    if (reading->builder.heap)
        builder_end(&reading->builder);
    reading->builder.heap = NULL;
}

/* ---- registry ---- */

const struct reader *const readers[] = {
    &reader_perf,         &reader_perf_data,    &reader_folded,
    &reader_svg,          &reader_pprof,        &reader_v8_profile,
    &reader_speedscope,   &reader_trace,        &reader_callgrind,
    &reader_firefox,      &reader_jvm,          &reader_gdb,
    &reader_eu_stack,     &reader_faulthandler, &reader_go,
    &reader_bpftrace,     &reader_dtrace,       &reader_systemtap,
    &reader_otlp,         &reader_simpleperf,   &reader_xdebug,
    &reader_phpspy,       &reader_stackprof,    &reader_rprof,
    &reader_ghc,          &reader_vtune,        &reader_visual_studio,
    &reader_pmcstat,      &reader_massif,       &reader_dhat,
    &reader_jfr,          &reader_pstats,       &reader_xctrace,
    &reader_macos_sample, &reader_instruments,
};

const size_t reader_count = sizeof readers / sizeof readers[0];

const struct reader *reader_find(str name)
{
    for (size_t i = 0; i < reader_count; i++)
        if (str_equal(str_from_c(readers[i]->name), name))
            return readers[i];
    return NULL;
}

static uint16_t pair_of(const char *s)
{
    uint16_t pair;
    memcpy(&pair, s, sizeof pair);
    return pair;
}

void reader_head_init(struct reader_head *head, str bytes)
{
    *head = (struct reader_head){.bytes = bytes, .binary = file_kind_is_binary(bytes)};
    for (size_t i = 1; i < bytes.n; i++) {
        uint16_t pair = pair_of(bytes.p + i - 1);
        head->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
    }
}

/* If a pair of bytes of the text is not in the head, which is so for nearly all texts, no search is
 * needed. */
static bool head_contains(const struct reader_head *head, str text)
{
    for (size_t i = 0; i + 1 < text.n; i++) {
        uint16_t pair = pair_of(text.p + i);
        if (!(head->pairs[pair / 64] >> pair % 64 & 1))
            return false;
    }
    return str_contains(head->bytes, text);
}

bool reader_may_read(const struct reader *reader, const struct reader_head *head)
{
    str needs = reader->needs ? str_from_c(reader->needs) : STR("");
    bool found = needs.n == 0;
    for (size_t at = 0, end; !found && at < needs.n; at = end + 1) {
        end = str_find(needs, '|', at);
        found = head_contains(head, str_cut(needs, at, end));
    }
    return found && (!reader->binary || head->binary);
}

int reader_bid(const struct reader *reader, str head)
{
    return reader->bid ? reader->bid(head) : dump_bid(head, reader->signs);
}

const struct reader *reader_choose(const struct reader_head *head, int *highest, struct err *err)
{
    const struct reader *best = NULL, *second = NULL;
    *highest = 0;
    for (size_t i = 0; i < reader_count; i++) {
        bool beaten = readers[i]->highest_bid > 0 && readers[i]->highest_bid < *highest;
        if (beaten || !reader_may_read(readers[i], head))
            continue;
        int bid = reader_bid(readers[i], head->bytes);
        if (bid > *highest) {
            best = readers[i];
            second = NULL;
            *highest = bid;
        } else if (bid == *highest && bid > 0) {
            second = readers[i];
        }
    }
    if (!second)
        return best;
    err_set(err, ERR_INPUT, "it could be %s or %s: say which with --input-format", best->name,
            second->name);
    return NULL;
}

/* ---- values and labels ---- */

bool reading_check_value(const struct reading *reading, struct err *err)
{
    const struct profile *profile = reading->profile;
    const char *option = reading->options->library ? "sample_index" : "--sample-index";
    if (reading->options->value_type.n == 0 || profile->value_types.n > 0)
        return true;
    if (profile->events.n > 0)
        return err_set(err, ERR_INPUT, "%s: %s has events, which %s chooses: '%.*s'...", option,
                       reading->last->name,
                       reading->options->library ? "event_filter" : "--event-filter",
                       (int)profile->events.at[0].name.n, profile->events.at[0].name.p);
    return err_set(err, ERR_INPUT, "%s: %s has one value for each stack", option,
                   reading->last->name);
}

static bool refuse_label(const struct reading *reading, const char *option, str key,
                         struct err *err)
{
    enum { SHOWN_MOST = 200 };
    const struct profile *profile = reading->profile;
    struct strbuf names = {.heap = profile->heap};
    if (profile->label_keys.n == 0)
        return err_set(err, ERR_INPUT, "%s: this %s input has no labels", option,
                       reading->last->name);
    for (size_t i = 0; i < profile->label_keys.n; i++)
        strbuf_add_item(&names, profile->label_keys.at[i]);
    str all = strbuf_str(&names);
    err_set(err, ERR_INPUT, "%s: no sample has a label '%.*s'; there are %.*s", option,
            STR_SHOWN(key, 60), STR_SHOWN(all, SHOWN_MOST));
    strbuf_end(&names);
    return false;
}

/* To ignore a label that the input lacks is no error if it has others. */
bool reading_check_labels(const struct reading *reading, struct err *err)
{
    const struct profile *profile = reading->profile;
    const struct label_rules *rules = reading->options->labels;
    bool any = profile->label_keys.n > 0, library = reading->options->library;
    if (reading->options->sum_labels && !any)
        return refuse_label(reading, "--tags", STR(""), err);
    for (size_t i = 0; rules && i < rules->roots.n; i++) {
        str root = rules->roots.at[i], key = str_head(root, root.n - str_ends(root, STR("=")));
        if (!profile_has_label(profile, key))
            return refuse_label(reading, library ? "tag_root" : "--tag-root", key, err);
    }
    for (size_t i = 0; rules && i < rules->rules.n; i++) {
        const struct label_rule *rule = &rules->rules.at[i];
        bool known = rule->key.n == 0 || rule->ignores || profile_has_label(profile, rule->key);
        const char *option = rule->ignores ? "--tag-ignore" : "--tag-focus";
        const char *field = rule->ignores ? "tag_ignore" : "tag_focus";
        if (!any || !known)
            return refuse_label(reading, library ? field : option, rule->key, err);
    }
    return true;
}

/* ---- diagnose ---- */

/* A reader found no stack. */
static bool diagnose_reader(const struct reading *reading, struct err *err)
{
    const struct reader *likely = reading->likely;
    const char *option = reading->options->library ? "format" : "--input-format";
    if (likely && likely != reading->last)
        return err_set(err, ERR_INPUT,
                       "no stack found: it looks like %s, but was read as %s; "
                       "leave out %s or give %s %s",
                       likely->name, reading->last->name, option, option, likely->name);
    return err_set(err, ERR_INPUT,
                   "no stack found in %llu line%s of %s; record with call graphs: "
                   "perf record -g",
                   (unsigned long long)reading->profile->lines,
                   reading->profile->lines == 1 ? "" : "s", reading->last->name);
}

bool reading_diagnose(const struct reading *reading, struct err *err)
{
    const struct file_kind *kind = reading->kind;
    const struct label_rules *labels = reading->options->labels;
    bool library = reading->options->library;
    if (reading->is_empty)
        return err_set(err, ERR_INPUT,
                       "the input is empty: if it comes from a pipe, look at the messages of "
                       "the program that writes to it");
    if (reading->last && labels && labels->rules.n > 0)
        return err_set(err, ERR_INPUT, "%s leave no sample of this input",
                       library ? "tag_focus and tag_ignore" : "--tag-focus and --tag-ignore");
    if (reading->profile->left_out_as)
        return err_set(err, ERR_INPUT, "all samples are %s: %s keeps them",
                       reading->profile->left_out_as, library ? "idle" : "--idle");
    if (reading->last && reading->last->gap_lines == 0 && reading->last != &reader_svg)
        return err_set(err, ERR_INPUT, "the %s profile has no samples", reading->last->name);
    if (kind)
        return err_set(err, ERR_INPUT, "no stack found: it looks like %s; %s", kind->name,
                       kind->advice);
    if (reading->last)
        return diagnose_reader(reading, err);
    return err_set(err, ERR_INPUT,
                   "no stack found: it looks like plain text without stacks; give folded stacks "
                   "(a;b;c 12) or the text of perf script");
}
