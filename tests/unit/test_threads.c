/* SPDX-License-Identifier: MIT */
/*
 * The library from 16 threads: each makes, reads, merges, compares and draws profiles of its own,
 * also to the same files, and all get the same bytes. Built with --enable-sanitizers=thread it also
 * finds what they share.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flametree.h"
#include "packs.h"
#include "profile/tree_map.h"
#include "tap.h"

enum { THREADS = 16, ROUNDS = 6, ROOM = 1 << 20, STACKS = 300 };

static const char perf[] = "java  2871  3230.692818:    1003009 cpu-clock:pppH: \n"
                           "\tffffffff81af37a9 elv_rqhash_find+0xd9 ([kernel.kallsyms])\n"
                           "\t    7f722d142778 call_stub (/tmp/perf-2871.map)\n\n"
                           "java  2871  3230.692820:    1003009 cpu-clock:pppH: \n"
                           "\t    7f722d142778 [unknown] (/usr/lib/libx.so)\n\n";

struct text {
    char bytes[ROOM];
    size_t n;
};

struct lane {
    pthread_t thread;
    const char *folded, *packed, *place;
    size_t folded_n, packed_n;
    struct text picture, difference, cut;
    bool good;
};

static bool keep(void *context, const void *bytes, size_t size)
{
    struct text *text = context;
    if (size > ROOM - text->n)
        return false;
    memcpy(text->bytes + text->n, bytes, size);
    text->n += size;
    return true;
}

static flametree_profile *read_all(const struct lane *lane)
{
    flametree_profile *profile = flametree_new(NULL, NULL);
    bool good = flametree_read_memory(profile, "folded", lane->folded, lane->folded_n, NULL, NULL);
    if (lane->packed_n > 0)
        good &= flametree_read_memory(profile, "packed", lane->packed, lane->packed_n, NULL, NULL);
    if (!good) {
        flametree_free(profile);
        return NULL;
    }
    return profile;
}

static bool run_once(struct lane *lane)
{
    flametree_profile *one = read_all(lane), *two = flametree_new(NULL, NULL), *both = NULL;
    flametree_filter filter = {FLAMETREE_FOCUS, "^f[1-3]$", 0};
    flametree_error error;
    bool good = one && two;
    lane->picture.n = lane->difference.n = lane->cut.n = 0;
    good = good && flametree_read_memory(two, "perf", perf, sizeof perf - 1, NULL, NULL);
    good = good && !flametree_read_memory(two, "bad", "nothing here", 12, NULL, &error);
    good = good && strstr(error.message, "no stack") && flametree_merge(two, one, NULL);
    good = good && flametree_draw(two, keep, &lane->picture, NULL, NULL);
    both = good ? flametree_compare(one, two, NULL, NULL) : NULL;
    good = good && both && flametree_draw(both, keep, &lane->difference, NULL, NULL);
    good = good && flametree_draw_file(two, lane->place, NULL, NULL);
    good = good && flametree_apply(two, &filter, 1, NULL);
    good = good && flametree_draw(two, keep, &lane->cut, NULL, NULL);
    flametree_free(one);
    flametree_free(two);
    flametree_free(both);
    return good;
}

static void *drive(void *arg)
{
    struct lane *lane = arg;
    lane->good = true;
    for (unsigned i = 0; i < ROUNDS && lane->good; i++)
        lane->good = run_once(lane);
    return NULL;
}

static bool same(const struct text *a, const struct text *b)
{
    return a->n == b->n && a->n > 100 && memcmp(a->bytes, b->bytes, a->n) == 0;
}

static bool file_is(const char *path, const struct text *want)
{
    static struct text text;
    FILE *file = fopen(path, "r");
    text.n = file ? fread(text.bytes, 1, ROOM, file) : 0;
    if (file)
        fclose(file);
    return same(&text, want);
}

int main(void)
{
    static char folded[STACKS * 40], packed[STACKS * 40];
    static struct lane lanes[THREADS + 1];
    char place[] = "/tmp/flametree.XXXXXX", path[60];
    size_t n = 0, packed_n = 0;
    bool good = true;
    if (!mkdtemp(place))
        return 1;
    snprintf(path, sizeof path, "%s/out.svg", place);
    for (unsigned i = 0; i < STACKS; i++)
        n += (size_t)snprintf(folded + n, 40, "main;f%u;g%u;h%u %u\n", i % 7, i % 31, i, i);
    if (packs[0].name)
        packed_n = packs[0].pack(str_of(folded, n), packed, sizeof packed);
    for (unsigned i = 0; i <= THREADS; i++) {
        struct lane *lane = &lanes[i];
        lane->folded = folded;
        lane->folded_n = n;
        lane->packed = packed;
        lane->packed_n = packed_n;
        lane->place = path;
    }
    drive(&lanes[THREADS]);
    ok(lanes[THREADS].good, "one thread");
    for (unsigned i = 0; i < THREADS; i++)
        good &= pthread_create(&lanes[i].thread, NULL, drive, &lanes[i]) == 0;
    for (unsigned i = 0; i < THREADS && good; i++)
        pthread_join(lanes[i].thread, NULL);
    for (unsigned i = 0; i < THREADS; i++)
        good &= lanes[i].good;
    ok(good, "16 threads");
    for (unsigned i = 0; i < THREADS; i++)
        good &= same(&lanes[i].picture, &lanes[THREADS].picture) &&
                same(&lanes[i].difference, &lanes[THREADS].difference) &&
                same(&lanes[i].cut, &lanes[THREADS].cut);
    ok(good, "get what one gets");
    ok(file_is(path, &lanes[THREADS].picture), "the file that all wrote is whole");
    ok(unlink(path) == 0 && rmdir(place) == 0, "and nothing is left beside it");
    return done_testing();
}
