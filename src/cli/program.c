/*
 * program: see program.h. This file and the three main files are all that writes to stderr.
 */
#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/utf8.h"

enum { MESSAGE_ROOM = 1400 };

/* False: standard error is gone, there is nobody to tell. */
static bool put_err(const struct program *program, str text)
{
    const struct os *os = program->env->os;
    while (text.n > 0) {
        ssize_t n = os->write(os->context, STDERR_FILENO, text.p, text.n);
        if (n > 0)
            text = str_skip(text, (size_t)n);
        else if (n == 0 || errno != EINTR)
            return false;
    }
    return true;
}

/* A message may hold names of files and pieces of input. */
static void say(const struct program *program, const char *text)
{
    char line[MESSAGE_ROOM];
    int n = snprintf(line, sizeof line - 1, "%s: %s", program->table->program, text);
    if (n < 0)
        return;
    size_t length = (size_t)n < sizeof line - 1 ? (size_t)n : sizeof line - 2;
    utf8_disarm(line, length);
    line[length++] = '\n';
    if (!program->progress_shown || put_err(program, STR("\r\033[K")))
        put_err(program, str_of(line, length));
}

void program_say(const struct program *program, const char *format, ...)
{
    char text[MESSAGE_ROOM];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say(program, text);
}

void program_warn(const struct program *program, const char *format, ...)
{
    char text[MESSAGE_ROOM];
    va_list args;
    if (program->common->quiet)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say(program, text);
}

void program_note(const struct program *program, const char *format, ...)
{
    char text[MESSAGE_ROOM];
    va_list args;
    if (!program->common->verbose)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say(program, text);
}

void program_progress(struct program *program, const char *text)
{
    char line[MESSAGE_ROOM];
    int n = snprintf(line, sizeof line, "\r\033[K%s", text);
    if (n > 0 && put_err(program, str_of(line, (size_t)n)))
        program->progress_shown = text[0] != '\0';
}

/* What the message of the core cannot know. */
static const char *say_next(const struct program *program)
{
    if (program->err.code != ERR_MEMORY)
        return "";
    return program->common->max_memory != 0
               ? "; raise --max-memory, or give less: one event, fewer files"
               : "; give less: one event, fewer files";
}

static void say_error(const struct program *program)
{
    const struct err *err = &program->err;
    const char *next = say_next(program);
    char text[MESSAGE_ROOM];
    if (err->file[0] == '\0')
        snprintf(text, sizeof text, "%s%s", err->message, next);
    else if (err->line == 0)
        snprintf(text, sizeof text, "%s: %s%s", err->file, err->message, next);
    else
        snprintf(text, sizeof text, "%s:%llu: %s%s", err->file, (unsigned long long)err->line,
                 err->message, next);
    say(program, text);
}

void program_fail_softly(struct program *program)
{
    say_error(program);
    program->err = (struct err){0};
    program->failed_softly = true;
}

static bool open_file(struct program *program, struct sink *sink, const char *path)
{
    char suffix[48];
    snprintf(suffix, sizeof suffix, "%ld-%08x", (long)getpid(), (unsigned)program->env->seed);
    if (sink_open_file(sink, &program->heap, program->env->os, path, suffix, &program->err))
        return true;
    if (program->err.sys == EEXIST) { /* nobody else has this suffix */
        program->err = (struct err){0};
        err_set(&program->err, ERR_USAGE, "two outputs of this run would be this file");
        err_in_file(&program->err, path, 0);
    }
    return false;
}

struct sink *program_open_further(struct program *program, const char *path)
{
    struct sink *sink = &program->further[program->further_n++];
    return open_file(program, sink, path) ? sink : NULL;
}

bool program_close_outputs(struct program *program)
{
    bool done = sink_flush(&program->out);
    for (size_t i = 0; i < program->further_n; i++)
        done = done && sink_flush(&program->further[i]);
    done = done && sink_close(&program->out);
    for (size_t i = 0; i < program->further_n; i++)
        done = done && sink_close(&program->further[i]);
    return done;
}

bool program_open_output(struct program *program, const char *path)
{
    if (path && strcmp(path, "-") != 0 && strcmp(path, "/dev/stdout") != 0)
        return open_file(program, &program->out, path);
    program->uses_stdout = true;
    sink_open_fd(&program->out, &program->heap, program->env->os, STDOUT_FILENO, &program->err);
    return true;
}

void program_unlock(struct program *program)
{
    if (program->locked)
        os_close(program->env->os, program->lock);
    program->locked = false;
}

struct run {
    struct program *program;
    bool (*work)(void *);
    void *self, *options;
};

/* Help, version and the list; *done when one was asked for. */
static bool answer(struct program *program, bool *done)
{
    const struct option_common *common = program->common;
    *done = common->help || common->version || common->list_options;
    if (!*done)
        return true;
    if (!program_open_output(program, NULL))
        return false;
    if (common->help && !options_help(program->table, common->help, &program->out, &program->err))
        return false;
    if (common->list_options)
        options_list(program->table, &program->out);
    if (common->version && !common->help) {
        sink_bytes(&program->out, str_from_c(program->table->program));
        sink_lit(&program->out, " (flametree) " PACKAGE_VERSION "\n");
    }
    return sink_close(&program->out);
}

static bool run_guarded(void *arg)
{
    struct run *run = arg;
    struct program *program = run->program;
    bool done;
    if (!options_parse(program->table, &program->heap, program->argc, program->argv, run->options,
                       &program->arguments, &program->err))
        return false;
    if (program->common->max_memory != 0)
        heap_set_limit(&program->heap, program->common->max_memory < SIZE_MAX
                                           ? (size_t)program->common->max_memory
                                           : SIZE_MAX);
    if (!answer(program, &done) || done)
        return done && program->err.code == ERR_NONE;
    return run->work(run->self);
}

/* A reader of our output that went away has seen enough: no message. */
static int failure_status(struct program *program)
{
    if (program->out.broken_pipe)
        return EXIT_FAILED;
    say_error(program);
    return program->err.code == ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

/* Some file systems tell only now that there was no room. */
static bool close_stdout(struct program *program)
{
    if (!program->uses_stdout || os_close(program->env->os, STDOUT_FILENO) == 0)
        return true;
    err_set_sys(&program->err, errno, "cannot write");
    return err_in_file(&program->err, "standard output", 0);
}

int program_run(struct program *program, bool (*work)(void *), void *self, void *options)
{
    struct run run = {program, work, self, options};
    int status = EXIT_DONE;
    heap_init(&program->heap, program->env->resize, program->env->resize_context, 0);
    bool done = heap_guard(&program->heap, run_guarded, &run, &program->err);
    source_close(&program->source);
    if (!close_stdout(program))
        done = false;
    if (program->at_end)
        program->at_end(program->at_end_of);
    if (!done) {
        sink_abandon(&program->out);
        for (size_t i = 0; i < program->further_n; i++)
            sink_abandon(&program->further[i]);
        status = failure_status(program);
    } else if (program->failed_softly) {
        status = EXIT_FAILED;
    } else if (program->verdict != 0) {
        status = program->verdict;
    }
    program_unlock(program);
    heap_end(&program->heap);
    return status;
}

/* ---- env ---- */

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Those that it may run on, where the system tells; it may be bound to some. */
static unsigned count_cpus(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

void env_init(struct env *env)
{
    *env = (struct env){
        .os = &os_posix,
        .seed = os_draw_seed(env),
        .err_is_tty = isatty(STDERR_FILENO) != 0,
        .now_ms = now_ms,
        .cpus = count_cpus,
    };
}

/* ---- signals ---- */

enum { FILES_MOST = 4, PATH_ROOM = 4096 /* of Linux, NUL included */ };

static struct unfinished {
    volatile sig_atomic_t there;
    char path[PATH_ROOM];
} unfinished[FILES_MOST];

static const struct os *below;
static struct os watched;

/* The signal waits until the handler returns, and then meets its default. */
static void remove_unfinished(int number)
{
    for (size_t i = 0; i < FILES_MOST; i++)
        if (unfinished[i].there)
            unlink(unfinished[i].path);
    raise(number);
}

static bool note(const char *path)
{
    size_t i = 0, n = strlen(path);
    while (i < FILES_MOST && unfinished[i].there)
        i++;
    if (i == FILES_MOST || n >= PATH_ROOM) {
        errno = i == FILES_MOST ? EMFILE : ENAMETOOLONG;
        return false;
    }
    memcpy(unfinished[i].path, path, n + 1);
    atomic_signal_fence(memory_order_seq_cst);
    unfinished[i].there = 1;
    atomic_signal_fence(memory_order_seq_cst);
    return true;
}

static void forget(const char *path)
{
    for (size_t i = 0; i < FILES_MOST; i++)
        if (unfinished[i].there && strcmp(unfinished[i].path, path) == 0)
            unfinished[i].there = 0;
}

static int watched_open(void *context, const char *path, int flags, mode_t mode)
{
    bool noted = (flags & O_EXCL) != 0;
    if (noted && !note(path))
        return -1;
    int fd = below->open(context, path, flags, mode);
    if (fd < 0 && noted)
        forget(path);
    return fd;
}

static int watched_rename(void *context, const char *from, const char *to)
{
    int status = below->rename(context, from, to);
    if (status == 0)
        forget(from);
    return status;
}

static int watched_unlink(void *context, const char *path)
{
    int status = below->unlink(context, path);
    forget(path);
    return status;
}

void signals_watch(struct env *env)
{
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
    below = env->os;
    watched = *env->os;
    watched.open = watched_open;
    watched.rename = watched_rename;
    watched.unlink = watched_unlink;
    env->os = &watched;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct sigaction before, now = {.sa_handler = remove_unfinished};
        now.sa_flags = (int)SA_RESETHAND;
        sigfillset(&now.sa_mask);
        if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(ends[i], &now, NULL);
    }
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away shows as EPIPE, told in order */
    signal(SIGXFSZ, SIG_IGN); /* shows as EFBIG */
}
