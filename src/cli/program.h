/* SPDX-License-Identifier: MIT */
/*
 * program: the parts that all programs share: a heap and a guard around the work, messages on
 * stderr, the output files, the exit status.
 *
 *      NAME_main ──► program_run ──► heap_guard ──► work(self)
 *                        │  closes what is open, prints the error, frees the heap
 *                        ▼
 *                   exit status: 0 done, 1 failed, 2 wrong usage
 */
#ifndef FLAMETREE_CLI_PROGRAM_H
#define FLAMETREE_CLI_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "core/heap.h"
#include "core/os.h"
#include "core/sink.h"
#include "core/source.h"

struct terminal;
struct tui_input;

/* Everything that a program needs from outside. Tests pass another one, so they can run a whole
 * program in process: NAME_main(env, argc, argv) returns the exit status and keeps no state. */
struct env {
    const struct os *os;
    heap_resize_fn *resize; /* NULL: libc */
    void *resize_context;
    uint64_t seed;   /* of hashes; it never changes the output */
    bool err_is_tty; /* progress is shown */
    /* The abilities of stdout; NULL: it is no terminal. */
    void (*terminal)(struct terminal *terminal);
    /* The interactive view; NULL: this program does not have it. */
    bool (*tui)(const struct tui_input *input, struct err *err);
    uint64_t (*now_ms)(void);    /* a monotonic clock */
    unsigned (*cpus)(void);      /* processors that this process can use; NULL: 1 */
    size_t block, threads_after; /* see struct reading */
};

/* The real system. */
void env_init(struct env *env);

int collapse_main(struct env *env, int argc, char **argv);
int flamegraph_main(struct env *env, int argc, char **argv);
int flamediff_main(struct env *env, int argc, char **argv);
int raster_main(struct env *env, int argc, char **argv);
int flamestore_main(struct env *env, int argc, char **argv);

/* From now on SIGHUP, SIGINT, SIGQUIT, SIGTERM and SIGXCPU remove the unfinished files before they
 * end the process: those that env->os created and has neither renamed nor removed since. A signal
 * that was ignored stays ignored. Other threads must block these signals. A file that exceeds
 * `ulimit -f`, and a pipe without a reader, are errors of write() instead of signals. */
void signals_watch(struct env *env);

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

enum { FURTHER_MOST = 3 }; /* shares and the palette file, or shares, JUnit and a kept run */

struct program {
    const struct option_table *table;
    struct env *env;
    int argc;
    char **argv;
    bool (*work)(void *);
    void *self, *options;
    struct option_common *common; /* in `options` */
    struct heap heap;
    struct err err;
    struct option_result arguments;
    struct sink out;                   /* the work closes it; abandoned if the work fails */
    struct sink further[FURTHER_MOST]; /* the same */
    size_t further_n;
    struct source source;   /* the input that is open */
    unsigned known_options; /* READER_SELECTS...: what the formats of the inputs so far knew */
    int lock;               /* closing it at the end unlocks; 0 and less: not open */
    bool failed_softly;     /* the output is complete, but the exit status is 1 */
    int verdict;            /* the exit status of a run that succeeded, if not 0 */
    bool progress_shown;
    bool overflow_warned;
    bool uses_stdout; /* as the output: it is closed and checked at the end */
};

/* Parse the command line into `options`, which holds the defaults. Then run `work(self)`, or answer
 * --help, --version or --list-options. Returns the exit status. */
int program_run(struct program *program, bool (*work)(void *), void *self, void *options);

/* Open `path` as the program's output: stdout if it is NULL, "-" or "/dev/stdout". */
bool program_open_output(struct program *program, const char *path);

/* Open a further output, at most FURTHER_MOST in a run. NULL if it cannot be opened. */
struct sink *program_open_further(struct program *program, const char *path);

/* Close all outputs. All are complete, standard output too, before the first is renamed, so a run
 * that fails leaves the old files as they were; see sinks_place(). Signals that end the process
 * wait until all have their names. */
bool program_close_outputs(struct program *program);

/* Lock a directory in which other runs change `path`, too, until the run ends. On failure the
 * run goes on without a lock: some file systems have no locks, and the directory may be one that we
 * cannot read. */
void program_lock(struct program *program, const char *directory, const char *path);

/* Load all of a file, at most `most` bytes, into the program's heap. False with the program's error
 * set. When `missing` is not NULL, a file that does not exist is no error: it sets *missing. */
bool program_load(struct program *program, const char *path, size_t most, str *text, bool *missing);

/* A limit for files without an end, such as /dev/zero. */
enum { TEXT_FILE_MOST = 128 << 20 };

/* Load a file that an option names. */
static inline bool program_load_text(struct program *program, const char *path, str *text,
                                     bool *missing)
{
    return program_load(program, path, TEXT_FILE_MOST, text, missing);
}

/* Messages. --quiet hides warnings, and only --verbose shows notes. */
enum message_level { MESSAGE_ALWAYS, MESSAGE_WARNING, MESSAGE_NOTE };

/* Print "NAME: text" to stderr. Control characters become '?'. */
void program_message(const struct program *program, enum message_level level, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));

#define program_warn(program, ...) program_message(program, MESSAGE_WARNING, __VA_ARGS__)
#define program_note(program, ...) program_message(program, MESSAGE_NOTE, __VA_ARGS__)

/* Print the error and clear it. The run goes on and ends with status 1. */
void program_fail_softly(struct program *program);

/* Print one line of progress, which the next one overwrites. "" removes it. */
void program_progress(struct program *program, const char *text);

#endif
