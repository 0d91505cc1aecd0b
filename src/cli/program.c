/* SPDX-License-Identifier: MIT */
/*
 * program: see program.h. Only this file and the class shares of filter_options.c write to stderr.
 */
#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/str.h"

enum { MESSAGE_ROOM = 1400 };

/* Those that end the process, and that a person or the system sends. */
static const int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};

/* False if stderr cannot be written. */
static bool write_stderr(const struct program *program, str text)
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

void program_message(const struct program *program, enum message_level level, const char *format,
                     ...)
{
    char line[MESSAGE_ROOM];
    va_list args;
    if ((level == MESSAGE_WARNING && program->common->quiet) ||
        (level == MESSAGE_NOTE && !program->common->verbose))
        return;
    int name = snprintf(line, sizeof line - 1, "%s: ", program->table->program);
    va_start(args, format);
    int text = vsnprintf(line + name, sizeof line - 1 - (size_t)name, format, args);
    va_end(args);
    if (text < 0)
        return;
    size_t n = (size_t)name + (size_t)text;
    if (n > sizeof line - 2)
        n = sizeof line - 2;
    utf8_disarm(line, n);
    line[n++] = '\n';
    if (!program->progress_shown || write_stderr(program, STR("\r\033[K")))
        write_stderr(program, str_of(line, n));
}

void program_progress(struct program *program, const char *text)
{
    char line[MESSAGE_ROOM];
    int n = snprintf(line, sizeof line, "\r\033[K%s", text);
    if (n > 0 && write_stderr(program, str_of(line, (size_t)n)))
        program->progress_shown = text[0] != '\0';
}

static void print_error(const struct program *program)
{
    const struct err *err = &program->err;
    char line[32] = "";
    const char *advice = "";
    if (err->line > 0)
        snprintf(line, sizeof line, ":%llu", (unsigned long long)err->line);
    if (err->code == ERR_MEMORY)
        advice = program->common->max_memory != 0
                     ? "; raise --max-memory, or read less: one event, fewer files"
                     : "; read less: one event, fewer files";
    if (err->file[0] == '\0')
        program_message(program, MESSAGE_ALWAYS, "%s%s", err->message, advice);
    else
        program_message(program, MESSAGE_ALWAYS, "%s%s: %s%s", err->file, line, err->message,
                        advice);
}

void program_fail_softly(struct program *program)
{
    print_error(program);
    program->err = (struct err){0};
    program->failed_softly = true;
}

/* ---- outputs ---- */

static bool open_output_file(struct program *program, struct sink *sink, const char *path)
{
    char suffix[48];
    snprintf(suffix, sizeof suffix, "%ld-%08x", (long)getpid(), (unsigned)program->env->seed);
    if (sink_open_file(sink, &program->heap, program->env->os, path, suffix, &program->err))
        return true;
    if (program->err.sys == EEXIST) { /* no other run has this suffix */
        program->err = (struct err){0};
        err_set(&program->err, ERR_USAGE, "two outputs of this run are the same file");
        err_in_file(&program->err, path, 0);
    }
    return false;
}

struct sink *program_open_further(struct program *program, const char *path)
{
    struct sink *sink = &program->further[program->further_n++];
    return open_output_file(program, sink, path) ? sink : NULL;
}

/* Some file systems report a full disk only now. */
static bool close_stdout(struct program *program)
{
    if (!program->uses_stdout)
        return true;
    program->uses_stdout = false;
    if (os_close(program->env->os, STDOUT_FILENO) == 0)
        return true;
    err_set_sys(&program->err, errno, "cannot write");
    return err_in_file(&program->err, "standard output", 0);
}

static void block_endings(sigset_t *before)
{
    sigset_t endings;
    sigemptyset(&endings);
    for (size_t i = 0; i < sizeof ending_signals / sizeof ending_signals[0]; i++)
        sigaddset(&endings, ending_signals[i]);
    pthread_sigmask(SIG_BLOCK, &endings, before);
}

bool program_close_outputs(struct program *program)
{
    struct sink *sinks[1 + FURTHER_MOST] = {&program->out};
    size_t n = 1;
    sigset_t before;
    while (n <= program->further_n) {
        sinks[n] = &program->further[n - 1];
        n++;
    }
    for (size_t i = 0; i < n; i++)
        if (!sink_complete(sinks[i]))
            return false;
    if (!close_stdout(program))
        return false;
    block_endings(&before);
    bool placed = sinks_place(sinks, n);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return placed;
}

bool program_open_output(struct program *program, const char *path)
{
    if (path && strcmp(path, "-") != 0 && strcmp(path, "/dev/stdout") != 0)
        return open_output_file(program, &program->out, path);
    program->uses_stdout = true;
    sink_open_fd(&program->out, &program->heap, program->env->os, STDOUT_FILENO, &program->err);
    return true;
}

void program_lock(struct program *program, const char *directory, const char *path)
{
    enum { LOCK_SECONDS = 60 }; /* two thousand runs at once need 10 */
    const struct os *os = program->env->os;
    program->lock = os_open(os, directory, O_RDONLY | O_DIRECTORY, 0);
    if (program->lock >= 0 && os->lock(os->context, program->lock, LOCK_SECONDS) != 0 &&
        errno == EWOULDBLOCK)
        program_warn(program,
                     "%s: another process keeps the directory locked: written without a lock",
                     path);
}

/* ---- running ---- */

/* Answer --help, --version and --list-options. */
static bool print_answer(struct program *program)
{
    const struct option_common *common = program->common;
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
    struct program *program = arg;
    const struct option_common *common = program->common;
    if (!options_parse(program->table, &program->heap, program->argc, program->argv,
                       program->options, &program->arguments, &program->err))
        return false;
    if (common->max_memory != 0)
        heap_set_limit(&program->heap,
                       common->max_memory < SIZE_MAX ? (size_t)common->max_memory : SIZE_MAX);
    if (common->help || common->version || common->list_options)
        return print_answer(program) && program->err.code == ERR_NONE;
    return program->work(program->self);
}

int program_run(struct program *program, bool (*work)(void *), void *self, void *options)
{
    int status;
    program->work = work;
    program->self = self;
    program->options = options;
    heap_init(&program->heap, program->env->resize, program->env->resize_context, 0);
    bool done = heap_guard(&program->heap, run_guarded, program, &program->err);
    source_close(&program->source);
    if (!close_stdout(program))
        done = false;
    if (!done) {
        sink_abandon(&program->out);
        for (size_t i = 0; i < program->further_n; i++)
            sink_abandon(&program->further[i]);
        status = program->err.code == ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
        if (!program->out.broken_pipe) /* a closed pipe, as of `| head`, is no message */
            print_error(program);
    } else {
        status = program->failed_softly ? EXIT_FAILED : program->verdict;
    }
    if (program->lock > 0)
        os_close(program->env->os, program->lock);
    heap_end(&program->heap);
    return status;
}

/* ---- files of options ---- */

enum { TEXT_FILE_BLOCK = 65536 };

bool program_load(struct program *program, const char *path, size_t most, str *text, bool *missing)
{
    struct err *err = &program->err;
    VEC(char) bytes = {0};
    if (!source_open_file(&program->source, program->env->os, path, err)) {
        if (!missing || err->sys != ENOENT)
            return false;
        *missing = true;
        *text = STR("");
        *err = (struct err){0};
        return true;
    }
    for (;;) {
        vec_reserve(&program->heap, &bytes, TEXT_FILE_BLOCK);
        ptrdiff_t n = source_read(&program->source, bytes.at + bytes.n, TEXT_FILE_BLOCK, err);
        if (n < 0)
            return false;
        if (n == 0)
            break;
        bytes.n += (size_t)n;
        if (bytes.n > most) {
            err_set(err, ERR_INPUT, "it has more than %zu MB: give the file that is meant",
                    most >> 20);
            return err_in_file(err, path, 0);
        }
    }
    source_close(&program->source);
    *text = str_of(bytes.at, bytes.n);
    return true;
}

/* ---- signals ---- */

enum { FILES_MOST = 4, PATH_ROOM = 4096 /* as in Linux, with the NUL */ };

static struct unfinished {
    volatile sig_atomic_t used;
    char path[PATH_ROOM];
} unfinished[FILES_MOST];

static const struct os *unwatched;
static struct os watched;

/* SA_RESETHAND: the signal that is raised here ends the process after this handler returns. */
static void remove_unfinished(int number)
{
    for (size_t i = 0; i < FILES_MOST; i++)
        if (unfinished[i].used)
            unlink(unfinished[i].path);
    raise(number);
}

static bool note_unfinished(const char *path)
{
    size_t i = 0, n = strlen(path);
    while (i < FILES_MOST && unfinished[i].used)
        i++;
    if (i == FILES_MOST || n >= PATH_ROOM) {
        errno = i == FILES_MOST ? EMFILE : ENAMETOOLONG;
        return false;
    }
    memcpy(unfinished[i].path, path, n + 1);
    atomic_signal_fence(memory_order_seq_cst);
    unfinished[i].used = 1;
    atomic_signal_fence(memory_order_seq_cst);
    return true;
}

static void forget_unfinished(const char *path)
{
    for (size_t i = 0; i < FILES_MOST; i++)
        if (unfinished[i].used && strcmp(unfinished[i].path, path) == 0)
            unfinished[i].used = 0;
}

static int watched_open(void *context, const char *path, int flags, mode_t mode)
{
    bool noted = (flags & O_EXCL) != 0;
    if (noted && !note_unfinished(path))
        return -1;
    int fd = unwatched->open(context, path, flags, mode);
    if (fd < 0 && noted)
        forget_unfinished(path);
    return fd;
}

static int watched_rename(void *context, const char *from, const char *to)
{
    int status = unwatched->rename(context, from, to);
    if (status == 0)
        forget_unfinished(from);
    return status;
}

static int watched_unlink(void *context, const char *path)
{
    int status = unwatched->unlink(context, path);
    forget_unfinished(path);
    return status;
}

void signals_watch(struct env *env)
{
    unwatched = env->os;
    watched = *env->os;
    watched.open = watched_open;
    watched.rename = watched_rename;
    watched.unlink = watched_unlink;
    env->os = &watched;
    for (size_t i = 0; i < sizeof ending_signals / sizeof ending_signals[0]; i++) {
        int end = ending_signals[i];
        struct sigaction before, now = {.sa_handler = remove_unfinished};
        now.sa_flags = (int)SA_RESETHAND;
        sigfillset(&now.sa_mask);
        if (sigaction(end, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(end, &now, NULL);
    }
    signal(SIGPIPE, SIG_IGN); /* write() fails with EPIPE instead */
    signal(SIGXFSZ, SIG_IGN); /* with EFBIG */
}
