/* SPDX-License-Identifier: MIT */
/*
 * embed: a program that draws where its own time goes: no profiler, no file, no other process. It
 * tells flametree its stacks and prints a page with the graph in it.
 *
 *      cc embed.c $(pkg-config --cflags --libs flametree) -o embed && ./embed >page.html
 */
#include <flametree.h>
#include <stdio.h>

/* What a tracer inside the program would collect. */
struct span {
    const char *frames[4];
    size_t depth;
    uint64_t microseconds;
};

static const struct span spans[] = {
    {{"serve", "parse request"}, 2, 120},      {{"serve", "query", "connect"}, 3, 310},
    {{"serve", "query", "read rows"}, 3, 840}, {{"serve", "render", "template", "escape"}, 4, 260},
    {{"serve", "render", "compress"}, 3, 190},
};

static bool to_stdout(void *context, const void *bytes, size_t size)
{
    (void)context;
    return fwrite(bytes, 1, size, stdout) == size;
}

static bool collect(flametree_profile *profile, flametree_error *error)
{
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        if (!flametree_add(profile, spans[i].frames, spans[i].depth, spans[i].microseconds, error))
            return false;
    return flametree_add_fact(profile, "source", "embed", error);
}

static bool print_page(flametree_profile *profile, flametree_error *error)
{
    flametree_picture picture = {
        .size = sizeof picture,
        .title = "Where a request spends its time",
        .count_name = "µs",
        .id_prefix = "request-",
        .fragment = true,
    };
    printf("<!DOCTYPE html>\n<title>Server status</title>\n<h1>Server status</h1>\n");
    return flametree_draw(profile, to_stdout, NULL, &picture, error);
}

int main(void)
{
    flametree_error error = {FLAMETREE_OK};
    flametree_profile *profile = flametree_new(NULL, &error);
    bool done = profile && collect(profile, &error) && print_page(profile, &error);
    if (!done)
        fprintf(stderr, "embed: %s\n", error.message);
    flametree_free(profile);
    return done ? 0 : 1;
}
