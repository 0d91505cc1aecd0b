/*
 * start: main() of each program. Built once per program with START_MAIN set to its function.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/program.h"

/* No file that is opened may take the place of a standard stream that was closed before: messages
 * would end in it. Reading and writing what is opened here fails, as on what is closed. */
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
    /* No library shall have a server to ask, see format/inliner/inliner_debug_file.h. */
    unsetenv("DEBUGINFOD_URLS");
    env_init(&env);
    signals_watch(&env);
    return START_MAIN(&env, argc, argv);
}
