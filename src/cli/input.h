/* SPDX-License-Identifier: MIT */
/*
 * input: from the file names on a command line to a profile, with progress on a terminal and a
 * summary of the lines that were left out.
 */
#ifndef FLAMETREE_CLI_INPUT_H
#define FLAMETREE_CLI_INPUT_H

#include "cli/program.h"
#include "format/reader.h"

struct input_options {
    const char *format;       /* a reader's name; NULL: the one that bids highest */
    const char *event_filter; /* NULL: the first event seen */
    uint64_t threads;         /* 0: one per processor, but few */
    const char *time, *only_pid, *only_comm, *only_cpu, *fields; /* NULL: not given */
    const char *symfs, *kallsyms;                                /* NULL: not given */
    bool no_symbols;
    const char *sample_index, *tag_root;
    struct option_list tag_focus, tag_ignore;
    bool lines, no_lines, no_inlines, no_modules, idle, tags, list_formats;
};

/* clang-format off */
#define OPTIONS_INPUT(type, field, topic)                                                         \
    OPTION(type, field.format, OPTION_TEXT, OPTION_LATER, "input-format", "NAME",                 \
           "one of --list-formats; default: by the content", topic, NULL),                      \
    OPTION(type, field.threads, OPTION_COUNT, 0, "threads", "N",                                  \
           "read with N threads; 0: one per processor, up to 4", topic, NULL),                    \
    OPTION(type, field.time, OPTION_TEXT, OPTION_LATER, "time", "A,B",                            \
           "samples from A to B, in seconds of the recording", topic, NULL),                      \
    OPTION(type, field.only_pid, OPTION_TEXT, OPTION_LATER, "only-pid", "LIST",                   \
           "samples of these processes", topic, NULL),                                            \
    OPTION(type, field.only_comm, OPTION_TEXT, OPTION_LATER, "only-comm", "LIST",                 \
           "samples of threads with these names", topic, NULL),                                   \
    OPTION(type, field.only_cpu, OPTION_TEXT, OPTION_LATER, "only-cpu", "LIST",                   \
           "samples on these processors: 0,2-3", topic, NULL),                                    \
    OPTION(type, field.fields, OPTION_TEXT, OPTION_LATER, "fields", "LIST",                       \
           "fields of perf script -F; default: as printed", topic, NULL),                         \
    OPTION(type, field.symfs, OPTION_TEXT, OPTION_LATER, "symfs", "DIR",                          \
           "perf.data: look for programs and libraries below DIR", topic, NULL),                  \
    OPTION(type, field.kallsyms, OPTION_TEXT, OPTION_LATER, "kallsyms", "FILE",                   \
           "perf.data: the symbols of the kernel", topic, NULL),                                  \
    OPTION(type, field.no_symbols, OPTION_FLAG, OPTION_LATER, "no-symbols", NULL,                 \
           "perf.data: open no file that the recording names", topic, NULL)

/* The options for reading stacks. read: struct read_options. */
#define OPTIONS_READ(type, read, all, traits, topic)                                              \
    OPTION(type, read.pid, OPTION_FLAG, traits, "pid", NULL,                                      \
           "add the process id to process names: java-1234", topic, NULL),                        \
    OPTION(type, read.tid, OPTION_FLAG, traits, "tid", NULL,                                      \
           "add process and thread id: java-1234/1240", topic, NULL),                             \
    OPTION(type, read.kernel, OPTION_FLAG, traits, "kernel", NULL,                                \
           "mark kernel frames with _[k]", topic, NULL),                                          \
    OPTION(type, read.jit, OPTION_FLAG, traits, "jit", NULL, "mark jitted frames with _[j]",      \
           topic, NULL),                                                                          \
    OPTION(type, all, OPTION_FLAG, traits, "all", NULL, "all marks: kernel, jitted, inlined",     \
           topic, NULL),                                                                          \
    OPTION(type, read.addrs, OPTION_FLAG, traits, "addrs", NULL,                                  \
           "show the address of frames without a symbol", topic, NULL),                           \
    OPTION(type, read.srcline, OPTION_FLAG, traits, "srcline", NULL,                              \
           "add file:line, as perf script -F +srcline printed", topic, NULL),                     \
    OPTION(type, read.no_comm, OPTION_FLAG, 0, "no-comm", NULL,                                   \
           "leave the process name out", topic, NULL),                                            \
    OPTION(type, read.merge_threads, OPTION_FLAG, 0, "merge-threads", NULL,                       \
           "merge process names that differ only in digits", topic, NULL)
#define OPTION_WEIGHT(type, read, topic)                                                          \
    OPTION(type, read.weight, OPTION_CHOICE, 0, "weight", "WHAT", "count periods or samples",     \
           topic, input_weight_names)

/* Values and labels of the formats that have some. */
#define OPTIONS_INPUT_VALUES(type, field)                                                         \
    OPTION(type, field.sample_index, OPTION_TEXT, OPTION_LATER, "sample-index", "NAME|N",         \
           "the value that counts: cpu, alloc_space...", "values", NULL),                         \
    OPTION(type, field.tag_root, OPTION_TEXT, OPTION_LATER, "tag-root", "KEY[,KEY]",              \
           "values of these labels become first frames", "values", NULL),                         \
    OPTION(type, field.tag_focus, OPTION_LIST, OPTION_LATER, "tag-focus", "[KEY=]REGEX",          \
           "keep samples with a label that matches", "values", NULL),                             \
    OPTION(type, field.tag_ignore, OPTION_LIST, OPTION_LATER, "tag-ignore", "[KEY=]REGEX",        \
           "drop samples with a label that matches", "values", NULL),                             \
    OPTION(type, field.tags, OPTION_FLAG, OPTION_LATER, "tags", NULL,                             \
           "print labels with their sums instead", "values", NULL),                               \
    OPTION(type, field.lines, OPTION_FLAG, OPTION_LATER, "lines", NULL,                           \
           "append :file:line to functions", "values", NULL),                                     \
    OPTION(type, field.no_lines, OPTION_FLAG, OPTION_LATER, "no-lines", NULL,                     \
           "remove line numbers from names of folded stacks", "values", NULL),                    \
    OPTION(type, field.no_inlines, OPTION_FLAG, OPTION_LATER, "no-inlines", NULL,                 \
           "omit functions that were inlined", "values", NULL),                                   \
    OPTION(type, field.no_modules, OPTION_FLAG, OPTION_LATER, "no-modules", NULL,                 \
           "function instead of module`function", "values", NULL),                                \
    OPTION(type, field.idle, OPTION_FLAG, OPTION_LATER, "idle", NULL,                             \
           "keep samples that the format calls idle", "values", NULL),                            \
    OPTION(type, field.list_formats, OPTION_FLAG, OPTION_LATER, "list-formats", NULL,             \
           "print what --input-format takes", "values", NULL)

/* traits: of event-filter. */
#define OPTION_EVENT(type, field, traits, topic)                                                  \
    OPTION(type, field.event_filter, OPTION_TEXT, traits, "event-filter", "EVENT",                \
           "count this event; default: the first one seen", topic, NULL)
#define OPTIONS_INPUT_EVENT(type, field, traits, topic)                                           \
    OPTION_EVENT(type, field, traits, topic),                                                     \
    OPTION(type, field.format, OPTION_TEXT, OPTION_HIDDEN, "format", "NAME",                      \
           "the same as --input-format", topic, NULL)

#define OPTIONS_OUTPUT(type, path, format, path_help, format_help, topic)                         \
    OPTION(type, path, OPTION_TEXT, OPTION_LETTER, "output", "FILE", path_help, topic, NULL),     \
    OPTION(type, format, OPTION_TEXT, OPTION_LATER, "output-format", "NAME", format_help, topic,  \
           NULL)
/* clang-format on */

extern const char *const input_weight_names[];

/* --list-formats: one line per format: name TAB description. */
bool input_list_formats(struct program *program);

/* For completion: the i-th word that fits --input-format or --output-format, of these kinds of
 * outputs. NULL after the last. */
const char *input_offer(const char *option, size_t i, unsigned kinds);

struct input {
    const struct input_options *given;
    const char *const *file; /* NULL: the files of the command line, or else stdin */
    struct read_options options;
    bool in_order;        /* for flame charts */
    bool one_thread;      /* several threads number names and nodes in any order */
    bool keep_squares;    /* of single samples, for comparisons */
    bool counts_samples;  /* those of each stack */
    bool uses_idle;       /* the program leaves out idle stacks itself, unless --idle is given */
    bool may_lack_labels; /* an input without the label of --tag-root is no error */
    bool one_of_several;  /* the program calls input_check_options() after the last one */
    bool may_be_empty;    /* an empty input is a profile without samples, not an error */
};

/* Read all files into *profile, which lives in the program's heap. Warns of lines that were left
 * out, by reason. False with the program's error set if a file cannot be read, if nothing in it is
 * usable, or if a line was left out under --strict. */
bool input_read(struct program *program, const struct input *input, struct profile *profile);

/* False with the program's error set if an option was given that no input so far knew. */
bool input_check_options(struct program *program, const struct input_options *given);

/* "cpu.pb.gz: pprof, cpu in nanoseconds (also: samples), 1.21 s in 121 samples; labels endpoint". A
 * note, or a warning if --sample-index could choose another value. */
void input_say_what_was_read(struct program *program, const struct input_options *given,
                             const struct reading *reading);

static inline const char *plural_ending(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* "read 3 lines, 3 samples, 4 distinct frames": a note. */
void input_say_how_much_was_read(struct program *program, const struct profile *profile);

/* False if --sample-index, --tag-root or another option of values and labels was given, and the
 * input has no such value or label. */
bool input_check_values(struct program *program, const struct input *input,
                        const struct reading *reading);

/* --tags: read the files together, or `each` alone, and print their labels with their sums. */
bool input_print_tags(struct program *program, const struct input *input, bool each);

/* Warn, once in a run, if a sum of the tree exceeds the largest number. */
void input_warn_of_overflow(struct program *program, const struct tree *tree);

/* Warn if perf script looked up inlined functions, since collapse --inline is faster. Not for
 * comparisons: their recordings may be old. */
void input_warn_of_inlined(struct program *program, const struct profile *profile);

/* The facts of a profile and its size: a line `key: value` for each, or a JSON object. */
void input_write_info(struct program *program, const struct profile *profile, bool json);

#endif
