/*
 * env: the real clock, terminal and dice.
 */
#include "cli/env.h"

#include <time.h>
#include <unistd.h>

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void env_init(struct env *env)
{
    *env = (struct env){
        .os = &os_posix,
        .seed = os_draw_seed(env),
        .err_is_tty = isatty(STDERR_FILENO) != 0,
        .now_ms = now_ms,
    };
}
