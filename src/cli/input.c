/* SPDX-License-Identifier: MIT */
/*
 * input: open and read the files, and report about them.
 */
#include "cli/input.h"

#include <stdio.h>
#include <stdlib.h>

#include "format/perf_data/images.h"
#include "output/outputs.h"
#include "transform/stack_quality.h"

enum { PROGRESS_AFTER_MS = 1000, PROGRESS_EVERY_MS = 200, SAMPLES_TO_JUDGE = 50 };

struct progress {
    struct program *program;
    uint64_t started, shown;
};

static void show_read_progress(void *context, uint64_t bytes, uint64_t samples)
{
    struct progress *progress = context;
    uint64_t now = progress->program->env->now_ms();
    uint64_t spent = now - progress->started;
    if (spent < PROGRESS_AFTER_MS || now - progress->shown < PROGRESS_EVERY_MS)
        return;
    char text[120];
    snprintf(text, sizeof text, "%.1f MB, %llu samples, %.1f MB/s", (double)bytes / 1e6,
             (unsigned long long)samples, (double)bytes / 1e3 / (double)spent);
    progress->shown = now;
    program_progress(progress->program, text);
}

/* The names of the files are facts about the profile, unless the input itself has that fact. */
static void add_source_fact(struct profile *profile, const char *const *files, size_t count)
{
    struct strbuf names = {.heap = profile->heap};
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i], "-") != 0)
            strbuf_add_item(&names, str_from_c(files[i]));
    if (names.bytes.n > 0)
        profile_add_fact(profile, STR("source"), strbuf_str(&names));
    strbuf_end(&names);
}

/* The file to open for `path`: of the directory of a recording (perf record --kcore, --threads),
 * the file `data` in it. */
static const char *find_recording(struct program *program, const char *path)
{
    const struct os *os = program->env->os;
    mode_t mode;
    if (strcmp(path, "-") == 0 || os->kind(os->context, path, &mode) != OS_SPECIAL)
        return path;
    struct strbuf name = {.heap = &program->heap};
    strbuf_add(&name, str_from_c(path));
    strbuf_add(&name, STR("/data\0"));
    return os->kind(os->context, name.bytes.at, &mode) == OS_PLAIN ? name.bytes.at : path;
}

static bool read_files(struct program *program, const struct input *input, struct reading *reading)
{
    static const char *const only_stdin[] = {"-"};
    const char *const *files = input->file ? input->file : program->arguments.files.at;
    size_t count = input->file ? 1 : program->arguments.files.n;
    if (count == 0) {
        files = only_stdin;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        const char *path = find_recording(program, files[i]);
        if (!source_open_file(&program->source, program->env->os, path, &program->err) ||
            !reading_add(reading, &program->source, &program->err))
            return false;
        source_close(&program->source);
    }
    reading_finish(reading);
    add_source_fact(reading->profile, files, count);
    return true;
}

static void warn_of_skipped(struct program *program, const struct profile *profile)
{
    for (size_t i = 0; i < profile->skipped.entries.n; i++) {
        const struct skipped_entry *entry = &profile->skipped.entries.at[i];
        program_warn(program, "%s: ignored %llu %s%s: %s (first%s %llu)", entry->file,
                     (unsigned long long)entry->count, entry->records ? "record" : "line",
                     plural_ending(entry->count), entry->reason, entry->records ? " at" : ": line",
                     (unsigned long long)entry->first_line);
    }
}

enum { EVENTS_ROOM = 400 };

/* "cycles (12 samples), faults (1 sample)": the events that were kept, or those that were not. The
 * events that do not fit are counted. False if there are none. */
static bool list_input_events(const struct profile *profile, bool kept, char text[EVENTS_ROOM])
{
    size_t n = 0, hidden = 0;
    text[0] = '\0';
    for (size_t i = 0; i < profile->events.n; i++) {
        const struct profile_event *event = &profile->events.at[i];
        if (event->kept != kept)
            continue;
        size_t room = EVENTS_ROOM - 40 - n; /* for ", and N more" */
        int more = snprintf(text + n, room, "%s%.*s (%llu sample%s)", n > 0 ? ", " : "",
                            (int)event->name.n, event->name.p, (unsigned long long)event->samples,
                            plural_ending(event->samples));
        if (hidden == 0 && more > 0 && (size_t)more < room)
            n += (size_t)more;
        else
            hidden++;
        text[n] = '\0';
    }
    if (hidden > 0)
        snprintf(text + n, EVENTS_ROOM - n, "%s%zu more", n > 0 ? ", and " : "", hidden);
    return n > 0 || hidden > 0;
}

static void warn_of_events(struct program *program, const struct profile *profile)
{
    char kept[EVENTS_ROOM], left[EVENTS_ROOM];
    if (list_input_events(profile, false, left) && list_input_events(profile, true, kept))
        program_warn(program, "kept event %s; left out %s; choose with --event-filter", kept, left);
}

static unsigned percent_of_input(uint64_t part, uint64_t total)
{
    return (unsigned)((double)part * 100 / (double)total + 0.5);
}

/* Warn of a recording that is of little use, and say how to record a better one. */
static void warn_of_stacks(struct program *program, const struct input *input,
                           const struct profile *profile)
{
    struct stack_quality quality;
    if (!profile->unwound || profile->samples < SAMPLES_TO_JUDGE || program->common->quiet)
        return;
    stack_quality_examine(&quality, &profile->tree, !input->options.no_comm);
    if (quality.total == 0)
        return;
    if (quality.deepest <= (input->options.no_comm ? 1 : 2)) {
        program_warn(program, "no sample has a call graph: record with perf record -g");
        return;
    }
    if (quality.rootless > quality.total / 2)
        program_warn(program,
                     "%u%% of the weight is in stacks that begin in the middle: stacks look "
                     "broken; record with --call-graph dwarf, or build with frame pointers "
                     "(-fno-omit-frame-pointer)",
                     percent_of_input(quality.rootless, quality.total));
    if (quality.unresolved > quality.total / 2)
        program_warn(program,
                     "%u%% of the weight is in functions without a name: install debug symbols, "
                     "or have the runtime write a perf map (/tmp/perf-PID.map)",
                     percent_of_input(quality.unresolved, quality.total));
}

enum { OMITTED_ROOM = 200 };

/* "12 samples by --time, 3 by --only-comm"; false if none was left out. */
static bool list_omitted(const struct profile *profile, char text[OMITTED_ROOM])
{
    static const char *const options[PROFILE_OMIT_COUNT] = {"--time", "--only-pid", "--only-comm",
                                                            "--only-cpu"};
    size_t n = 0;
    for (size_t i = 0; i < PROFILE_OMIT_COUNT; i++) {
        uint64_t count = profile->omitted[i];
        if (count > 0)
            n += (size_t)snprintf(text + n, OMITTED_ROOM - n, "%s%llu%s%s by %s", n > 0 ? ", " : "",
                                  (unsigned long long)count, n > 0 ? "" : " sample",
                                  n > 0 ? "" : plural_ending(count), options[i]);
    }
    return n > 0;
}

static bool check_input_options(struct program *program, const struct input *input,
                                const struct reading *reading)
{
    const struct label_rules *labels = reading->options->labels;
    const struct profile *profile = reading->profile;
    char omitted[OMITTED_ROOM];
    program->known_options |= reading->known;
    if (!input->one_of_several && reading->last && !input_check_options(program, input->given))
        return false;
    if (profile->samples == 0 && list_omitted(profile, omitted))
        return err_set(&program->err, ERR_INPUT, "no sample is left; left out %s", omitted);
    if (!input_check_values(program, input, reading))
        return false;
    return profile->samples > 0 || !labels || labels->rules.n == 0 ||
           reading_diagnose(reading, &program->err);
}

static bool check_profile(struct program *program, const struct input *input,
                          const struct profile *profile, const struct reading *reading)
{
    char events[EVENTS_ROOM];
    const char *event = input->given->event_filter;
    if (!check_input_options(program, input, reading))
        return false;
    if (profile->samples == 0 && event && event[0] && list_input_events(profile, false, events))
        return err_set(&program->err, ERR_INPUT,
                       "--event-filter: no sample of '%.80s'; there are %s", event, events);
    if (profile->samples == 0 && !(input->may_be_empty && reading->is_empty))
        return reading_diagnose(reading, &program->err) ||
               err_in_file(&program->err, program->source.name, 0);
    if (program->common->strict && skipped_total(&profile->skipped) > 0) {
        const struct skipped_entry *first = &profile->skipped.entries.at[0];
        err_set(&program->err, ERR_INPUT, "%s, and --strict allows no %s to be ignored",
                first->reason, first->records ? "record" : "line");
        return err_in_file(&program->err, first->file, first->records ? 0 : first->first_line);
    }
    if (program->common->strict && !tree_fits(&profile->tree))
        return err_set(
            &program->err, ERR_INPUT,
            "the sum of weights exceeds 2^64-1, and --strict allows no weight to be cut; "
            "--weight samples counts samples instead");
    if (profile->tree.overflow) /* of a single stack: collapse prints no sum of all */
        input_warn_of_overflow(program, &profile->tree);
    return true;
}

/* By default perf looks for inlined functions at each address, which can take a minute. */
void input_warn_of_inlined(struct program *program, const struct profile *profile)
{
    if (HAVE_LIBDW && profile->has_inlined && profile->samples >= SAMPLES_TO_JUDGE)
        program_warn(program, "perf script looked up inlined functions, which is slow: "
                              "perf script --no-inline | collapse --inline is much faster");
}

static bool find_input_format(struct program *program, const char *name,
                              const struct reader **format)
{
    struct name_list names = {0};
    *format = reader_find(str_from_c(name));
    if (*format)
        return true;
    for (size_t i = 0; i < reader_count; i++)
        name_list_add(&names, "", readers[i]->name);
    return err_set(&program->err, ERR_USAGE, "there is no input format '%.60s'; it can be %s", name,
                   names.text);
}

/* At most 4 by default: only one thread at a time can read bytes, which is a fifth of the work. */
static size_t choose_threads(const struct program *program, uint64_t wanted)
{
    enum { DEFAULT = 4, MOST = 64 };
    const struct env *env = program->env;
    if (wanted > 0)
        return wanted < MOST ? (size_t)wanted : MOST;
    unsigned cpus = env->cpus ? env->cpus() : 1;
    return cpus < DEFAULT ? cpus : DEFAULT;
}

static bool make_input_label_rules(struct program *program, const struct input_options *given,
                                   struct label_rules *rules)
{
    label_rules_init(rules, &program->heap);
    if (given->tag_root)
        label_rules_add_roots(rules, str_from_c(given->tag_root));
    return label_rules_add(rules, "--tag-focus", given->tag_focus.values.at,
                           given->tag_focus.values.n, false, &program->err) &&
           label_rules_add(rules, "--tag-ignore", given->tag_ignore.values.at,
                           given->tag_ignore.values.n, true, &program->err);
}

static void warn_of_idle(const struct program *program, const struct profile *profile)
{
    if (!profile->left_out_as)
        return;
    double left_out = (double)profile->left_out;
    double all = left_out + (double)tree_sum(&profile->tree, tree_after(&profile->tree));
    if (all > 0)
        program_warn(program, "left out %.1f %% of the weight: %s (--idle keeps it)",
                     100 * left_out / all, profile->left_out_as);
}

static void set_read_options(struct read_options *options, const struct input_options *given)
{
    options->event_filter = str_or_empty(given->event_filter);
    options->time = str_or_empty(given->time);
    options->only_pid = str_or_empty(given->only_pid);
    options->only_comm = str_or_empty(given->only_comm);
    options->only_cpu = str_or_empty(given->only_cpu);
    options->fields = str_or_empty(given->fields);
    options->symfs = str_or_empty(given->symfs);
    options->kallsyms = str_or_empty(given->kallsyms);
    options->home = str_or_empty(getenv("HOME"));
    options->no_symbols = given->no_symbols;
    options->image_files = HAVE_LIBDW ? &image_files_libdw : NULL;
    options->value_type = str_or_empty(given->sample_index);
    options->srcline |= given->lines;
    options->no_lines = given->no_lines;
    options->no_inlines = given->no_inlines;
    options->no_modules = given->no_modules;
    options->idle = given->idle;
    options->sum_labels = given->tags;
}

bool input_read(struct program *program, const struct input *input, struct profile *profile)
{
    struct progress progress = {program, program->env->now_ms(), 0};
    const struct input_options *given = input->given;
    struct read_options options = input->options;
    struct label_rules rules;
    struct reading reading = {
        .profile = profile,
        .options = &options,
        .parallel = {.os = program->env->os,
                     .threads = input->one_thread ? 1 : choose_threads(program, given->threads),
                     .after = program->env->threads_after ? program->env->threads_after
                                                          : PARALLEL_AFTER},
        .block = program->env->block,
    };
    set_read_options(&options, given);
    if (given->tag_root || given->tag_focus.values.n + given->tag_ignore.values.n > 0) {
        if (!make_input_label_rules(program, given, &rules))
            return false;
        options.labels = &rules;
    }
    profile_init(profile, &program->heap, program->env->seed, input->in_order);
    if (input->keep_squares)
        tree_keep_squares(&profile->tree);
    profile->tree.counts_samples = input->counts_samples;
    if (given->format && !find_input_format(program, given->format, &reading.format))
        return false;
    if (program->env->err_is_tty && !program->common->quiet) {
        reading.progress = show_read_progress;
        reading.progress_context = &progress;
    }
    bool done = read_files(program, input, &reading);
    if (program->progress_shown)
        program_progress(program, "");
    if (!done)
        return false;
    input_say_what_was_read(program, given, &reading);
    warn_of_skipped(program, profile);
    warn_of_events(program, profile);
    char omitted[OMITTED_ROOM];
    if (profile->samples > 0 && list_omitted(profile, omitted))
        program_warn(program, "left out %s", omitted);
    if (profile->layout.n > 0)
        program_note(program, "layout: %.*s", (int)profile->layout.n, profile->layout.p);
    input_say_how_much_was_read(program, profile);
    if (profile->remark)
        program_warn(program, "%s", profile->remark);
    warn_of_idle(program, profile);
    warn_of_stacks(program, input, profile);
    return check_profile(program, input, profile, &reading);
}

const char *const input_weight_names[] = {
    [READ_WEIGHT_PERIOD] = "period", [READ_WEIGHT_SAMPLES] = "samples", NULL};

bool input_list_formats(struct program *program)
{
    if (!program_open_output(program, NULL))
        return false;
    for (size_t i = 0; i < reader_count; i++) {
        sink_bytes(&program->out, str_from_c(readers[i]->name));
        sink_byte(&program->out, '\t');
        sink_bytes(&program->out, str_from_c(readers[i]->help));
        sink_byte(&program->out, '\n');
    }
    return program_close_outputs(program);
}

const char *input_offer(const char *option, size_t i, unsigned kinds)
{
    const struct output *output;
    if (strcmp(option, "input-format") == 0)
        return i < reader_count ? readers[i]->name : NULL;
    if (strcmp(option, "output-format") == 0)
        return (output = output_at(kinds, i)) ? output->name : NULL;
    return NULL;
}
