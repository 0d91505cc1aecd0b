/* SPDX-License-Identifier: MIT */
/*
 * selfprof: a program that profiles itself. A timer of processor time interrupts it, and each time
 * it notes where it is; at the end it draws that.
 *
 *      cc selfprof.c $(pkg-config --cflags --libs flametree) -rdynamic -o selfprof && ./selfprof
 */
#define _DEFAULT_SOURCE /* with -std=c11, too: a signal() that keeps the handler */

#include <execinfo.h>
#include <flametree.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { SAMPLES = 5000, DEEPEST = 64, OWN = 2 }; /* OWN: the handler, and what called it */

static void *stacks[SAMPLES][DEEPEST];
static int depths[SAMPLES];
static volatile sig_atomic_t taken;

static void take_sample(int signal)
{
    (void)signal;
    if (taken < SAMPLES) {
        depths[taken] = backtrace(stacks[taken], DEEPEST);
        taken++;
    }
}

/* "./selfprof(sort_lines+0x2a) [0x...]" is sort_lines. */
static const char *name_of(char *symbol)
{
    char *start = strchr(symbol, '('), *end = start ? strpbrk(start, "+)") : NULL;
    if (!end || end == start + 1)
        return symbol;
    *end = '\0';
    return start + 1;
}

static bool add_samples(flametree_profile *profile, flametree_error *error)
{
    for (int i = 0; i < taken; i++) {
        const char *frames[DEEPEST];
        char **symbols = backtrace_symbols(stacks[i], depths[i]);
        size_t n = 0;
        for (int k = depths[i]; symbols && k-- > OWN;) /* root first */
            frames[n++] = name_of(symbols[k]);
        bool added = flametree_add(profile, frames, n, 1, error);
        free(symbols);
        if (!added)
            return false;
    }
    return true;
}

/* ---- what is profiled ---- */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void sort_lines(char **lines, size_t n)
{
    qsort(lines, n, sizeof *lines, compare);
}

void make_lines(char **lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        snprintf(lines[i], 32, "%zu", i * 7919 % n);
}

int main(void)
{
    enum { LINES = 30000, ROUNDS = 20 };
    const struct itimerval often = {{0, 1000}, {0, 1000}};
    flametree_error error = {FLAMETREE_OK};
    char **lines = calloc(LINES, sizeof *lines);
    for (size_t i = 0; i < LINES; i++)
        lines[i] = malloc(32);
    (void)backtrace(stacks[0], 1); /* the first call loads a library, which no handler may do */
    signal(SIGPROF, take_sample);
    setitimer(ITIMER_PROF, &often, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        make_lines(lines, LINES);
        sort_lines(lines, LINES);
    }
    setitimer(ITIMER_PROF, &(struct itimerval){0}, NULL);
    flametree_profile *profile = flametree_new(NULL, &error);
    bool done = profile && add_samples(profile, &error) &&
                flametree_draw_file(profile, "selfprof.svg", NULL, &error);
    if (!done)
        fprintf(stderr, "selfprof: %s\n", error.message);
    flametree_free(profile);
    return done ? 0 : 1;
}
