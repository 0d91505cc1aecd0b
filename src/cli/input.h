/*
 * input: from the file names on a command line to a profile, with progress on a terminal and one
 * summary of what was left out.
 */
#ifndef FLAMETREE_CLI_INPUT_H
#define FLAMETREE_CLI_INPUT_H

#include "cli/program.h"
#include "format/reader.h"

struct input {
    const char *const *files; /* none: standard input */
    size_t file_count;
    const char *format; /* a reader's name, NULL: whoever bids highest */
    struct read_options options;
    bool in_order;     /* for flame charts */
    size_t threads;    /* that read, at most; 0: one. Names and nodes are numbered as they come */
    bool may_be_empty; /* an input of no bytes is a profile without samples */
};

/* How many threads read when --threads says N. */
size_t input_threads(const struct program *program, uint64_t n);

#define INPUT_OPTION_THREADS(field, topic)                                     \
    {                                                                          \
        "threads", OPTION_COUNT, 0, field, "N",                                \
            "so many threads read; 0: one per processor, up to 4", topic, NULL \
    }

/* Which samples are read, and how. */
struct input_samples {
    const char *time, *only_pid, *only_comm, *only_cpu, *fields;
};

#define INPUT_OPTION_TEXT(type, field, name, argument, help, topic)                         \
    {                                                                                       \
        name, OPTION_TEXT, OPTION_LATER, offsetof(type, field), argument, help, topic, NULL \
    }

#define INPUT_OPTIONS_SAMPLES(type, field, topic)                                                 \
    INPUT_OPTION_TEXT(type, field.time, "time", "A,B",                                            \
                      "samples from A to B, in seconds of "                                       \
                      "the recording",                                                            \
                      topic),                                                                     \
        INPUT_OPTION_TEXT(type, field.only_pid, "only-pid", "LIST", "samples of these processes", \
                          topic),                                                                 \
        INPUT_OPTION_TEXT(type, field.only_comm, "only-comm", "LIST",                             \
                          "samples of threads with these names", topic),                          \
        INPUT_OPTION_TEXT(type, field.only_cpu, "only-cpu", "LIST",                               \
                          "samples on these processors: 0,2-3", topic),                           \
        INPUT_OPTION_TEXT(type, field.fields, "fields", "LIST",                                   \
                          "what perf script -F printed; default: look", topic)

void input_set_samples(struct input *input, const struct input_samples *samples);

/* For completions: the i-th format there is, NULL after the last. */
const char *input_offer_format(size_t i);

/* Read all files into *profile, which is made here and lives in the program's heap. What was left
 * out is said by reason. False with the program's error set when a file cannot be read, when
 * nothing usable was found, or when something was left out under --strict. */
bool input_read(struct program *program, const struct input *input, struct profile *profile);

/* Say, once in a run, that a sum of the tree is not true because it would pass what can be counted;
 * nothing when none is. */
void input_tell_sum(struct program *program, const struct tree *tree);

/* Say how inlined functions, which the text of perf script names, are had sooner. A comparison of
 * recordings made long ago does not. */
void input_tell_inlined(struct program *program, const struct profile *profile);

#endif
