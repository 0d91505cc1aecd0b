/* SPDX-License-Identifier: MIT */
/*
 * spans: a program that draws a flame chart of its own work: what ran when, from left to right.
 *
 *      cc spans.c $(pkg-config --cflags --libs flametree) -o spans && ./spans
 */
#define _POSIX_C_SOURCE 200809L
#include <flametree.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DEEPEST = 32 };

static flametree_profile *profile;
static flametree_error error;
static const char *open_spans[DEEPEST];
static size_t depth;
static uint64_t last;

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* The time since the last event belongs to the spans that are open. */
static void add_time(void)
{
    uint64_t time = now();
    if (depth > 0 && !flametree_add(profile, open_spans, depth, time - last, &error))
        exit(1);
    last = time;
}

static void begin(const char *name)
{
    add_time();
    open_spans[depth++] = name;
}

static void end(void)
{
    add_time();
    depth--;
}

/* ---- what is drawn ---- */

static void work(const char *name, long milliseconds)
{
    begin(name);
    nanosleep(&(struct timespec){0, milliseconds * 1000000}, NULL);
    end();
}

static void handle(const char *request)
{
    begin(request);
    work("parse", 2);
    begin("query");
    work("connect", 4);
    work("read rows", 11);
    end();
    work("render", 6);
    end();
}

int main(void)
{
    const flametree_setup setup = {.size = sizeof setup, .in_order = true};
    const flametree_picture picture = {
        .size = sizeof picture, .title = "Two requests", .unit = "ns", .name_type = "Span:"};
    profile = flametree_new(&setup, &error);
    if (!profile)
        return 1;
    begin("server");
    handle("GET /feed");
    handle("GET /search");
    end();
    bool done = flametree_draw_file(profile, "spans.svg", &picture, &error);
    if (!done)
        fprintf(stderr, "spans: %s\n", error.message);
    flametree_free(profile);
    return done ? 0 : 1;
}
