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

/* Hard to guess from outside: time, process and where the stack happens to lie. */
static uint64_t draw_seed(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 20;
    return seed ^ (uint64_t)(uintptr_t)&now;
}

void env_init(struct env *env)
{
    *env = (struct env){
        .os = &os_posix,
        .seed = draw_seed(),
        .err_is_tty = isatty(STDERR_FILENO) != 0,
        .now_ms = now_ms,
    };
}
