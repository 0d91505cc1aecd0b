/*
 * env: everything a program needs from outside, so that the tests run the real program in
 * process: NAME_main(env, argc, argv) returns the exit status and keeps nothing.
 */
#ifndef FLAMETREE_CLI_ENV_H
#define FLAMETREE_CLI_ENV_H

#include <stdbool.h>
#include <stdint.h>

#include "core/heap.h"
#include "core/os.h"

struct env {
    const struct os *os;
    heap_resize_fn *resize; /* NULL: libc */
    void *resize_context;
    uint64_t seed;               /* of hashes: never shows in the output */
    bool err_is_tty;             /* progress may be shown */
    uint64_t (*now_ms)(void);    /* a clock that only goes forward */
    unsigned (*cpus)(void);      /* how many there are for this process; NULL: 1 */
    size_t block, threads_after; /* as of struct reading */
};

/* The real world. */
void env_init(struct env *env);

int collapse_main(struct env *env, int argc, char **argv);
int flamegraph_main(struct env *env, int argc, char **argv);
int flamediff_main(struct env *env, int argc, char **argv);
int raster_main(struct env *env, int argc, char **argv);

#endif
