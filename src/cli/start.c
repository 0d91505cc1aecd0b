/* SPDX-License-Identifier: MIT */
/*
 * start: main() of each program, compiled once per program with START_MAIN set to its function.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/program.h"
#ifdef START_TUI
#include <locale.h>

#include "tui/tui.h"
#endif

/* Open the standard streams that are closed. Otherwise the next file that is opened would become
 * one of them, and get our messages. Reading and writing them fails, as if they were closed. */
static void fill_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(1);
}

int main(int argc, char **argv)
{
    struct env env;
    fill_standard_streams();
    /* elfutils must not ask a server */
    unsetenv("DEBUGINFOD_URLS");
    env_init(&env);
#ifdef START_TUI
    setlocale(LC_CTYPE, ""); /* the characters of the terminal */
    env.tui = tui_run;
#endif
    signals_watch(&env);
    return START_MAIN(&env, argc, argv);
}
