/*
 * program: what the three programs share: a heap and a guard around the work, messages on
 * stderr, the output file, the exit status.
 *
 *      NAME_main ──► program_run ──► heap_guard ──► work(self)
 *                        │  closes what is open, prints the error, frees
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

/*
 * env: everything a program needs from outside, so that the tests run the real program in
 * process: NAME_main(env, argc, argv) returns the exit status and keeps nothing.
 */

struct env {
    const struct os *os;
    heap_resize_fn *resize; /* NULL: libc */
    void *resize_context;
    uint64_t seed;               /* of hashes: never shows in the output */
    bool err_is_tty;             /* progress may be shown */
    uint64_t (*now_ms)(void);    /* a clock that only goes forward */
    unsigned (*cpus)(void);      /* how many there are for this process; NULL: 1 */
    size_t block, threads_after; /* as of struct reading */
};

/* The real world. */
void env_init(struct env *env);

int collapse_main(struct env *env, int argc, char **argv);
int flamegraph_main(struct env *env, int argc, char **argv);
int flamediff_main(struct env *env, int argc, char **argv);
int raster_main(struct env *env, int argc, char **argv);

/*
 * signals: a run that a signal ends leaves no half-written file behind.
 */

/* From now on files that env->os creates and that have neither been renamed nor removed are removed
 * when SIGHUP, SIGINT, SIGQUIT, SIGTERM or SIGXCPU end the process. What was ignored stays ignored.
 * Further threads must block these signals. A file larger than `ulimit -f` allows is an error of
 * write() from then on, and so is a reader that went away. */
void signals_watch(struct env *env);

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

enum { FURTHER_MOST = 2 }; /* shares and the palette file, or shares and JUnit */

struct program {
    const struct option_table *table;
    struct env *env;
    int argc;
    char **argv;
    struct heap heap;
    struct err err;
    struct option_common *common; /* inside the program's options */
    struct option_result arguments;
    struct sink out;                   /* closed by the work; abandoned when it fails */
    struct sink further[FURTHER_MOST]; /* the same */
    size_t further_n;
    struct source source; /* the input that is open */
    bool locked;          /* `lock` is open: what others must not change; let go at the end */
    int lock;
    void (*at_end)(
        void *); /* called before the heap ends, when set: frees what is not its memory */
    void *at_end_of;
    bool failed_softly; /* the output is complete, but the exit status is 1 */
    int verdict;        /* the exit status of a run that is done, when it says more than that */
    bool progress_shown;
    bool sum_told;    /* that one was too large */
    bool uses_stdout; /* for output: it is closed and checked at the end */
};

/* Parse the command line into `options` (defaults in place) and run `work(self)` unless help,
 * version or the list of options is asked for. Returns the exit status. */
int program_run(struct program *program, bool (*work)(void *), void *self, void *options);

/* Open `path` as the program's output, stdout when it is NULL, "-" or "/dev/stdout". */
bool program_open_output(struct program *program, const char *path);

/* A further file, of FURTHER_MOST in a run; NULL when it cannot be opened. */
struct sink *program_open_further(struct program *program, const char *path);

/* Close the output and the further files. None gets its name before all are written, so that a run
 * that fails leaves all of the old ones. */
bool program_close_outputs(struct program *program);

/* Let go of the lock, if there is one. */
void program_unlock(struct program *program);

/* What the user asked to be told, also under --quiet: to stderr, as "NAME: text". */
void program_say(const struct program *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* To stderr, as "NAME: text". Control characters are shown as '?'. A warning is left out under
 * --quiet, a note is shown under --verbose only. */
void program_warn(const struct program *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void program_note(const struct program *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The error so far, as a message; the run goes on and ends with status 1. */
void program_fail_softly(struct program *program);

/* One line of progress that the next one overwrites; "" takes it away. */
void program_progress(struct program *program, const char *text);

#endif
