/* SPDX-License-Identifier: MIT */
/*
 * merge: many profiles, of every format and packed or not, into one file of folded stacks. Each is
 * read by itself, so that one that is broken is left out as a whole and told about.
 *
 *      ./merge host1.perf.gz host2.folded host3.svg >all.folded
 */
#include <flametree.h>
#include <inttypes.h>
#include <stdio.h>

static bool to_stdout(void *context, const void *bytes, size_t size)
{
    (void)context;
    return fwrite(bytes, 1, size, stdout) == size;
}

static bool add_file(flametree_profile *all, const char *path, flametree_error *error)
{
    flametree_profile *one = flametree_new(NULL, error);
    bool done = one && flametree_read_file(one, path, NULL, error) &&
                flametree_merge(all, one, error);
    flametree_free(one);
    return done;
}

static int merge(flametree_profile *all, char **paths)
{
    flametree_error error;
    flametree_summary summary = {.size = sizeof summary};
    flametree_picture folded = {.size = sizeof folded, .format = "folded"};
    int broken = 0;
    for (; *paths; paths++) {
        if (add_file(all, *paths, &error))
            continue;
        fprintf(stderr, "merge: left out: %s: %s\n", *paths, error.message);
        broken++;
    }
    if (flametree_summarize(all, &summary))
        fprintf(stderr, "merge: %" PRIu64 " samples\n", summary.samples);
    if (!flametree_draw(all, to_stdout, NULL, &folded, &error)) {
        fprintf(stderr, "merge: %s\n", error.message);
        return 1;
    }
    return broken > 0;
}

int main(int argc, char **argv)
{
    flametree_error error;
    flametree_profile *all = argc > 1 ? flametree_new(NULL, &error) : NULL;
    int status = all ? merge(all, argv + 1) : 2;
    flametree_free(all);
    return status;
}
