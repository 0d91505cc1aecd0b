/* SPDX-License-Identifier: MIT */
/*
 * collisions: names made to collide under one seed of the hash cost no more than others under any
 * other seed, which is what a run draws.
 */
#include <stdlib.h>
#include <time.h>

#include "core/hash.h"
#include "core/os.h"
#include "dice.h"
#include "feeding.h"
#include "format/reader.h"
#include "heaps.h"
#include "tap.h"

/* A name of 16 bytes; "XXXXXXXXaaaaaaaa 1\n" */
enum { NAMES = 1000000, HALF = 8, NAME = 2 * HALF, LINE = NAME + 3, RUNS = 3, MOST_RATIO = 3 };

/* The hash of 16 bytes is that of 8 multiplied with that of the others. One factor becomes 0 when
 * its 8 bytes are what the hash starts with; then the others make no difference. */
static uint64_t first_half(uint64_t seed)
{
    return hash_mix(seed ^ HASH_K1, NAME ^ HASH_K2);
}

/* A seed for which those 8 bytes can be in a line of folded stacks. */
static uint64_t find_seed(void)
{
    uint64_t seed = 0;
    bool fits = false;
    while (!fits) {
        uint64_t half = first_half(++seed);
        fits = true;
        for (unsigned i = 0; i < HALF; i++) {
            char c = (char)(half >> 8 * i & 0xff);
            fits &= c > ' ' && c < 0x7f && c != ';' && c != '#' && !is_digit(c);
        }
    }
    return seed;
}

/* Lines of names that differ in their second half, and in the first when `random`. */
static char *make_text(uint64_t seed, bool random)
{
    char *text = malloc((size_t)NAMES * LINE);
    uint64_t half = first_half(seed), state = 1;
    for (size_t i = 0; text && i < NAMES; i++) {
        char *line = text + i * LINE;
        memcpy(line, &half, HALF);
        for (size_t k = 0; random && k < HALF; k++)
            line[k] = (char)('a' + dice_below(&state, 26));
        for (size_t k = 0, left = i; k < HALF; k++, left /= 26)
            line[HALF + k] = (char)('a' + left % 26);
        memcpy(line + NAME, " 1\n", 3);
    }
    return text;
}

/* Samples of perf script whose frames differ in the module alone, after the bytes of it that the
 * cache of lines goes by, or in these. */
static char *make_perf(bool random, size_t *n)
{
    enum { FRAMES = 100, FRAMES_ALL = 200000, ROOM = 48 };
    char *text = malloc((size_t)FRAMES_ALL * ROOM * 2);
    *n = 0;
    for (size_t i = 0; text && i < FRAMES_ALL; i++) {
        if (i % FRAMES == 0)
            *n += (size_t)snprintf(text + *n, ROOM, "\na 1 1.0: 1 cycles: \n");
        *n += (size_t)snprintf(
            text + *n, ROOM,
            random ? "\t4a f (/lib/module/%08zu)\n" : "\t4a f (/lib/%08zu/module)\n", i);
    }
    return text;
}

struct job {
    str text;
    uint64_t seed;
    const struct reader *format;
    uint32_t nodes;
};

static bool read_text(struct heap *heap, void *arg)
{
    static const struct read_options options = {.no_comm = false};
    struct job *job = arg;
    struct profile profile;
    struct source source;
    struct err err = {0};
    profile_init(&profile, heap, job->seed, false);
    struct reading reading = {.profile = &profile, .options = &options, .format = job->format};
    source_open_memory(&source, "names", job->text);
    bool done = reading_add(&reading, &source, &err);
    reading_finish(&reading);
    job->nodes = profile.tree.n;
    return done;
}

/* Processor time. */
static double cost(const char *text, size_t lines, uint64_t seed)
{
    struct job job = {str_of(text, lines * LINE), seed, &reader_folded, 0};
    clock_t start = clock();
    if (!heaps_run(read_text, &job) || job.nodes != lines + 1)
        abort();
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static double cost_of_perf(bool random)
{
    size_t n;
    char *text = make_perf(random, &n);
    double best = 1e9;
    for (uint64_t seed = 1; text && seed <= RUNS; seed++) {
        struct job job = {str_of(text, n), seed, &reader_perf, 0};
        clock_t start = clock();
        if (!heaps_run(read_text, &job) || job.nodes < 100)
            abort();
        double c = (double)(clock() - start) / CLOCKS_PER_SEC;
        best = c < best ? c : best;
    }
    free(text);
    return best;
}

int main(void)
{
    uint64_t known = find_seed(), seeds[RUNS];
    char *colliding = make_text(known, false), *other = make_text(known, true);
    bool same = true, different = true;
    double best = 1e9, best_other = 1e9;
    if (!colliding || !other)
        return 1;
    for (size_t i = 0; i < RUNS; i++)
        seeds[i] = os_draw_seed(&seeds[i]);
    for (size_t i = 1; i < NAMES; i++) {
        str a = str_of(colliding + (i - 1) * LINE, NAME), b = str_of(colliding + i * LINE, NAME);
        same &= hash_bytes(a, known) == hash_bytes(b, known);
        different &= hash_bytes(a, seeds[0]) != hash_bytes(b, seeds[0]);
    }
    ok(same, "a million names that collide under the seed %llx", (unsigned long long)known);
    ok(different && seeds[0] != seeds[1] && seeds[1] != seeds[2], "but under no other");
    double few = cost(colliding, 8000, known), few_other = cost(other, 8000, known);
    ok(few > 10 * few_other, "there, 8,000 of them cost %.0f times as much", few / few_other);
    for (size_t i = 0; i < RUNS; i++) {
        double c = cost(colliding, NAMES, seeds[i]), o = cost(other, NAMES, seeds[i]);
        best = c < best ? c : best;
        best_other = o < best_other ? o : best_other;
    }
    ok(best < MOST_RATIO * best_other, "elsewhere a million cost %.2f times as much",
       best / best_other);
    double c = cost_of_perf(false), o = cost_of_perf(true);
    ok(c < MOST_RATIO * o, "modules that the cache of lines takes for one cost %.2f times as much",
       c / o);
    free(colliding);
    free(other);
    return done_testing();
}
