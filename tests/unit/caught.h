/* SPDX-License-Identifier: MIT */
/*
 * caught: a sink that ends in memory.
 */
#ifndef FLAMETREE_TESTS_CAUGHT_H
#define FLAMETREE_TESTS_CAUGHT_H

#include <stdlib.h>

#include "core/sink.h"

struct caught {
    char *p;
    size_t n, room;
    size_t calls, largest;
    size_t fail_at; /* the call that fails, counted from 1; 0: none */
};

/* A sink_write_fn; the context is a struct caught. */
static inline bool caught_write(void *context, str bytes, struct err *err)
{
    struct caught *caught = context;
    if (++caught->calls == caught->fail_at)
        return err_set(err, ERR_IO, "told to fail");
    if (caught->n + bytes.n >= caught->room) {
        caught->room = 2 * (caught->n + bytes.n) + 1;
        caught->p = realloc(caught->p, caught->room);
        if (!caught->p)
            abort();
    }
    memcpy(caught->p + caught->n, bytes.p, bytes.n);
    caught->n += bytes.n;
    if (bytes.n > caught->largest)
        caught->largest = bytes.n;
    return true;
}

static inline str caught_text(const struct caught *caught)
{
    return str_of(caught->p ? caught->p : "", caught->n);
}

static inline void caught_free(struct caught *caught)
{
    free(caught->p);
    *caught = (struct caught){0};
}

#endif
