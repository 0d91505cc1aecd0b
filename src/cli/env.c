/*
 * env: the real clock, terminal and dice.
 */
#include "cli/env.h"

#include <sched.h>
#include <time.h>
#include <unistd.h>

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
