/*
 * start: main() of each program. Built once per program with START_MAIN set to its function.
 */
#include <signal.h>

#include "cli/env.h"

int main(int argc, char **argv)
{
    struct env env;
    env_init(&env);
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away shows as EPIPE, told in order */
    return START_MAIN(&env, argc, argv);
}
