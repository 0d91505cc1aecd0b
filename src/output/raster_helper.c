/* SPDX-License-Identifier: MIT */
/*
 * raster_helper: see raster_helper.h. The SVG goes through a socket, not a pipe: for a socket,
 * SIGPIPE can be turned off without changing the signals of the program.
 */
#include "output/raster_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output/helper.h"

enum { ENVIRONMENT_MOST = 20, TAIL = 8 };

#if !defined(MSG_NOSIGNAL) /* macOS: open_helper_socket() sets SO_NOSIGPIPE */
#define MSG_NOSIGNAL 0
#endif

/* ---- starting it ---- */

/* For finding fonts, for sanitizers and for odd installations. The language is left out: it chooses
 * among fonts, and the same picture should be the same everywhere. */
static const char passed_on[] =
    "HOME\0XDG_CONFIG_HOME\0XDG_DATA_HOME\0XDG_DATA_DIRS\0XDG_CACHE_HOME\0FONTCONFIG_FILE\0"
    "FONTCONFIG_PATH\0FONTCONFIG_SYSROOT\0LD_LIBRARY_PATH\0ASAN_OPTIONS\0LSAN_OPTIONS\0"
    "UBSAN_OPTIONS\0";

static void make_environment(struct heap *heap, char **environment)
{
    size_t n = 0;
    environment[n++] = helper_join(heap, "LC_ALL", "=", "C.UTF-8");
    for (const char *name = passed_on; *name != '\0'; name += strlen(name) + 1) {
        const char *value = getenv(name);
        if (value)
            environment[n++] = helper_join(heap, name, "=", value);
    }
    environment[n] = NULL;
}

static void close_descriptor(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Close everything; a process that still runs is not wanted any more. */
static void kill_helper(void *of)
{
    struct raster_helper *helper = of;
    close_descriptor(&helper->to);
    close_descriptor(&helper->from);
    close_descriptor(&helper->errors);
    if (helper->pid > 0) {
        kill(helper->pid, SIGKILL);
        while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    helper->pid = 0;
}

/* Move a descriptor above those of the standard streams. It got one of them if that was closed. */
static bool lift_descriptor(int *fd)
{
    if (*fd > STDERR_FILENO)
        return true;
    int lifted = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(*fd);
    *fd = lifted;
    return lifted >= 0;
}

#if HAVE_PIPE2
static bool open_pipe(int ends[2])
{
    return pipe2(ends, O_CLOEXEC) == 0;
}

static bool open_helper_socket(int ends[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
}
#else
/* macOS: a program that another thread starts between the two calls inherits the descriptors. */
static bool close_on_exec(const int ends[2])
{
    return fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

static bool open_pipe(int ends[2])
{
    return pipe(ends) == 0 && close_on_exec(ends);
}

static bool open_helper_socket(int ends[2])
{
#if defined(SO_NOSIGPIPE)
    int on = 1;
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && close_on_exec(ends) &&
           setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) == 0;
#else
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && close_on_exec(ends);
#endif
}
#endif

/* theirs: the ends for the new process, which become its descriptors 0, 1 and 2. */
static bool open_ends(struct raster_helper *helper, int theirs[3])
{
    int in[2], out[2], errors[2];
    if (!open_helper_socket(in))
        return false;
    helper->to = in[0];
    theirs[0] = in[1];
    if (!open_pipe(out))
        return false;
    helper->from = out[0];
    theirs[1] = out[1];
    if (!open_pipe(errors))
        return false;
    helper->errors = errors[0];
    theirs[2] = errors[1];
    /* Its messages are read only after it ends. A message that finds no room in the pipe is
     * lost. */
    fcntl(errors[1], F_SETFL, O_NONBLOCK);
    return lift_descriptor(&helper->to) && lift_descriptor(&helper->from) &&
           lift_descriptor(&helper->errors) && lift_descriptor(&theirs[0]) &&
           lift_descriptor(&theirs[1]) && lift_descriptor(&theirs[2]);
}

/* 0, or why not. Signals are as they are for a new program. */
static int spawn_helper(struct raster_helper *helper, const int theirs[3], const char *path,
                        char **argv, char **environment)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed == 0) {
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        for (int fd = 0; failed == 0 && fd < 3; fd++)
            failed = posix_spawn_file_actions_adddup2(&actions, theirs[fd], fd);
        if (failed == 0)
            failed = posix_spawn(&helper->pid, path, &actions, &attributes, argv, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        helper->pid = 0;
    return failed;
}

static bool run(struct raster_helper *helper, const struct raster_helper_options *options,
                struct err *err)
{
    struct heap *heap = helper->heap;
    char number[NUM_ROOM + 1], most[NUM_ROOM + 1], *environment[ENVIRONMENT_MOST];
    const char *path = options->path ? options->path : helper_find(heap, &helper_raster);
    number[num_put_fixed(number, options->scale, 6)] = '\0';
    most[num_put_u64(most, options->max_memory)] = '\0';
    const char *background = options->background ? options->background : "as-drawn";
    char *argv[] = {
        helper_join(heap, path, "", ""),
        helper_join(heap, "--format=", options->format, ""),
        helper_join(heap, "--scale=", number, ""),
        helper_join(heap, "--background=", background, ""),
        options->max_memory > 0 ? helper_join(heap, "--max-memory=", most, "") : NULL,
        NULL,
    };
    make_environment(heap, environment);
    int theirs[3] = {-1, -1, -1};
    int failed = open_ends(helper, theirs) ? 0 : errno;
    if (failed == 0)
        failed = spawn_helper(helper, theirs, path, argv, environment);
    for (size_t i = 0; i < 3; i++)
        close_descriptor(&theirs[i]);
    if (failed != 0)
        err_set_sys(err, failed, "cannot start %.300s, which draws PNG and PDF", path);
    return failed == 0;
}

struct raster_helper *raster_helper_start(struct heap *heap,
                                          const struct raster_helper_options *options,
                                          struct err *err)
{
#if !HAVE_RASTER
    err_set(err, ERR_SUPPORT,
            "this build draws no %s: it was configured with --without-raster; write an SVG and "
            "convert that, or build with librsvg",
            options->format);
    return NULL;
#endif
    struct raster_helper *helper = heap_alloc(heap, 1, sizeof *helper);
    *helper = (struct raster_helper){.heap = heap, .to = -1, .from = -1, .errors = -1};
    helper->limited = options->max_memory > 0;
    helper->cleanup.run = kill_helper;
    helper->cleanup.of = helper;
    heap_add_cleanup(heap, &helper->cleanup);
    return run(helper, options, err) ? helper : NULL;
}

/* ---- talking to it ---- */

/* Its message before it failed, without its name in front. */
static str read_complaint(struct raster_helper *helper, char *to, size_t room)
{
    size_t n = 0;
    while (n < room) {
        ssize_t got = read(helper->errors, to + n, room - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    str text = str_head(str_of(to, n), str_find(str_of(to, n), '\n', 0));
    str name = STR("flamegraph-raster: ");
    return str_starts(text, name) ? str_skip(text, name.n) : text;
}

/* Wait for the end of the helper; true if it succeeded. The status is lost if our program ignores
 * SIGCHLD or waits for all of its children. Then `complete` alone decides. */
static bool reap_helper(struct raster_helper *helper, bool complete, struct err *err)
{
    char room[sizeof err->message - 80];
    str complaint = read_complaint(helper, room, sizeof room);
    int status = 0;
    pid_t got;
    while ((got = waitpid(helper->pid, &status, 0)) < 0 && errno == EINTR)
        ;
    helper->pid = 0;
    if (got >= 0 && WIFSIGNALED(status)) {
        /* That is how its libraries end when an allocation fails. */
        bool memory = helper->limited || WTERMSIG(status) == SIGKILL;
        return err_set(err, helper->limited ? ERR_MEMORY : ERR_SUPPORT,
                       "flamegraph-raster was ended by signal %d%s", WTERMSIG(status),
                       memory ? " (out of memory?)" : "");
    }
    if (complete && (got < 0 || status == 0))
        return true;
    if (complaint.n > 0)
        return err_set(err, ERR_INPUT, "%.*s", (int)complaint.n, complaint.p);
    return err_set(err, ERR_SUPPORT, "flamegraph-raster ended before its picture was complete");
}

bool raster_helper_write(void *context, str bytes, struct err *err)
{
    struct raster_helper *helper = context;
    while (bytes.n > 0) {
        ssize_t n = send(helper->to, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
            return reap_helper(helper, false, err);
        if (n < 0)
            return err_set_sys(err, errno, "cannot write to flamegraph-raster");
        bytes = str_skip(bytes, (size_t)n);
    }
    return true;
}

/* The last bytes so far are kept in tail[TAIL]. */
static void note_tail(char *tail, str bytes)
{
    if (bytes.n >= TAIL) {
        memcpy(tail, bytes.p + bytes.n - TAIL, TAIL);
        return;
    }
    memmove(tail, tail + bytes.n, TAIL - bytes.n);
    memcpy(tail + TAIL - bytes.n, bytes.p, bytes.n);
}

static bool copy_helper_output(struct raster_helper *helper, struct sink *sink, char *tail,
                               struct err *err)
{
    char block[16384];
    for (;;) {
        ssize_t n = read(helper->from, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set_sys(err, errno, "cannot read from flamegraph-raster");
        if (n == 0)
            return true;
        note_tail(tail, str_of(block, (size_t)n));
        sink_bytes(sink, str_of(block, (size_t)n));
    }
}

void raster_helper_abandon(struct raster_helper *helper)
{
    struct heap *heap = helper->heap;
    heap_remove_cleanup(heap, &helper->cleanup);
    kill_helper(helper);
    heap_free(heap, helper);
}

bool raster_helper_finish(struct raster_helper *helper, struct sink *sink, struct err *err)
{
    char tail[TAIL] = {0};
    bool done = helper->pid > 0; /* else raster_helper_write() has set *err already */
    close_descriptor(&helper->to);
    done = done && copy_helper_output(helper, sink, tail, err);
    str end = str_of(tail, TAIL);
    bool complete = str_equal(end, STR("IEND\xae\x42\x60\x82")) || str_ends(end, STR("%%EOF\n"));
    done = done && reap_helper(helper, complete, err);
    raster_helper_abandon(helper);
    return done;
}
