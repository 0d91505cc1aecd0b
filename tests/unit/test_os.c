/* SPDX-License-Identifier: MIT */
/*
 * os: the real calls, where they are interrupted, locked out or given files of others.
 */
#include "core/os.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/sink.h"
#include "core/source.h"
#include "heaps.h"
#include "tap.h"

enum { MUCH = 1000000 };

static volatile sig_atomic_t alarms;

static void count(int number)
{
    (void)number;
    alarms++;
}

/* A signal every 2 ms, which interrupts whatever waits. */
static void ring(bool on)
{
    struct itimerval timer = {{0, on ? 2000 : 0}, {0, on ? 2000 : 0}};
    struct sigaction action = {.sa_handler = count};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    if (on)
        alarms = 0;
}

static void rest(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The other end of the pipe, in a process of its own: late, and slow. */
static pid_t other_end(bool writes)
{
    char block[MUCH / 100];
    fflush(stdout);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    rest(60);
    int fd = open("pipe", writes ? O_WRONLY : O_RDONLY);
    size_t n = 0;
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 100; i++) {
        if (i % 20 == 0)
            rest(10);
        for (size_t at = 0; at < sizeof block;) {
            ssize_t part = writes ? write(fd, block + at, sizeof block - at)
                                  : read(fd, block + at, sizeof block - at);
            if (part <= 0)
                _exit(1);
            at += (size_t)part;
            n += (size_t)part;
        }
    }
    _exit(n != MUCH);
}

static bool ended_well(pid_t pid)
{
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status == 0;
}

static bool test_sink(struct heap *heap, void *arg)
{
    struct sink sink;
    struct err err = {0};
    (void)arg;
    pid_t pid = other_end(false);
    ring(true);
    bool good = sink_open_file(&sink, heap, &os_posix, "pipe", "x", &err);
    ok(good && alarms > 0, "an open that waits for a reader is interrupted, and goes on to wait");
    for (unsigned i = 0; i < MUCH; i++)
        sink_byte(&sink, 'y');
    good = sink_close(&sink);
    ring(false);
    ok(good && ended_well(pid), "writes to a slow reader are interrupted, and it gets all");
    return true;
}

static bool test_source(struct heap *heap, void *arg)
{
    char *block = heap_alloc(heap, 65536, 1);
    struct source source;
    struct err err = {0};
    size_t sum = 0;
    ptrdiff_t n = 0;
    (void)arg;
    pid_t pid = other_end(true);
    ring(true);
    bool good = source_open_file(&source, &os_posix, "pipe", &err);
    while (good && (n = source_read(&source, block, 65536, &err)) > 0)
        sum += (size_t)n;
    source_close(&source);
    ring(false);
    ok(good && n == 0 && ended_well(pid), "opens and reads of a slow writer are interrupted");
    is_u64(sum, MUCH, "and all of it comes");
    return true;
}

/* ---- locks ----------------------------------------------------------------------------------- */

static int open_here(void)
{
    return os_open(&os_posix, "./", O_RDONLY | O_DIRECTORY, 0);
}

static pid_t hold_for(unsigned ms)
{
    int ready[2];
    char byte = 0;
    fflush(stdout);
    if (pipe(ready) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        bool good = os_posix.lock(NULL, open_here(), 1) == 0 && write(ready[1], "", 1) == 1;
        rest(ms);
        _exit(!good);
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1)
        pid = -1;
    close(ready[0]);
    return pid;
}

static void test_lock(void)
{
    int fd = open_here();
    if (os_posix.lock(NULL, fd, 1) != 0) {
        skip("locks of directories", "this file system has none");
        os_close(&os_posix, fd);
        return;
    }
    ok(os_posix.lock(NULL, fd, 1) == 0, "a directory is locked, and what is ours stays ours");
    os_close(&os_posix, fd);

    pid_t pid = hold_for(300);
    uint64_t start = now_ms();
    fd = open_here();
    ok(pid > 0 && os_posix.lock(NULL, fd, 60) == 0 && ended_well(pid),
       "one that another process has is waited for");
    ok(now_ms() - start >= 200, "until that ends");
    os_close(&os_posix, fd);

    pid = hold_for(200000);
    start = now_ms();
    fd = open_here();
    int status = os_posix.lock(NULL, fd, 1);
    ok(status == -1 && errno == EAGAIN && now_ms() - start >= 900 && now_ms() - start < 150000,
       "but not without end");
    os_close(&os_posix, fd);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* ---- what a new file takes from the old one -------------------------------------------------- */

static void make(const char *name, mode_t mode)
{
    FILE *file = fopen(name, "w");
    if (!file || fclose(file) != 0 || chmod(name, mode) != 0)
        abort();
}

static void test_imitate(void)
{
    static const mode_t modes[] = {0600, 0640, 0666, 0751};
    struct stat info;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        make("old", modes[i]);
        make("new", 0600);
        int fd = os_open(&os_posix, "new", O_WRONLY, 0);
        ok(os_posix.imitate(NULL, fd, "old") == 0 && fstat(fd, &info) == 0 &&
               (info.st_mode & 07777) == modes[i],
           "permissions %03o", (unsigned)modes[i]);
        os_close(&os_posix, fd);
    }
    int fd = os_open(&os_posix, "new", O_WRONLY, 0);
    ok(os_posix.imitate(NULL, fd, "none") == -1, "of no file: none");
    bool root = geteuid() == 0 && chown("old", 12345, 23456) == 0;
    if (root && os_posix.imitate(NULL, fd, "old") == 0 && fstat(fd, &info) == 0)
        ok(info.st_uid == 12345 && info.st_gid == 23456, "owner and group, for who may give them");
    else
        skip("owner and group", "they are for root to give");
    os_close(&os_posix, fd);
    unlink("old");
    unlink("new");
}

/* One that is not root keeps a group that is not its own from getting its rights. */
static void test_imitate_group(void)
{
    int status = -1;
    make("old", 0664);
    if (geteuid() != 0 || chown("old", 12345, 23456) != 0 || chmod(".", 0777) != 0) {
        skip("a group that is not ours", "it is for root to give");
        unlink("old");
        return;
    }
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct stat info;
        if (setgid(34567) != 0 || setuid(12345) != 0)
            _exit(2);
        int fd = os_open(&os_posix, "new", O_WRONLY | O_CREAT | O_EXCL, 0664);
        os_posix.imitate(NULL, fd, "old");
        _exit(fstat(fd, &info) != 0 || (info.st_mode & 0777) != 0604);
    }
    waitpid(pid, &status, 0);
    ok(status == 0, "another group gets no rights of the old one");
    unlink("old");
    unlink("new");
}

static void test_kind(void)
{
    mode_t mode = 0;
    make("plain", 0640);
    bool linked = symlink("plain", "link") == 0 && symlink("nothing", "dangling") == 0;
    ok(os_posix.kind(NULL, "plain", &mode) == OS_PLAIN && mode == 0640, "a plain file");
    mode = 0;
    ok(linked && os_posix.kind(NULL, "link", &mode) == OS_PLAIN && mode == 0640, "behind a link");
    ok(os_posix.kind(NULL, "dangling", &mode) == OS_NOTHING, "a link to nothing");
    ok(os_posix.kind(NULL, ".", &mode) == OS_SPECIAL, "a directory");
    ok(os_posix.kind(NULL, "pipe", &mode) == OS_SPECIAL, "a pipe");
    unlink("plain");
    unlink("link");
    unlink("dangling");
}

int main(void)
{
    char place[] = "/tmp/flametree.XXXXXX";
    if (!mkdtemp(place) || chdir(place) != 0 || mkfifo("pipe", 0600) != 0)
        return 1;
    heaps_run(test_sink, NULL);
    heaps_run(test_source, NULL);
    test_lock();
    test_imitate();
    test_imitate_group();
    test_kind();
    unlink("pipe");
    ok(chdir("/") == 0 && rmdir(place) == 0, "nothing is left");
    return done_testing();
}
