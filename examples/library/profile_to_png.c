/* SPDX-License-Identifier: MIT */
/*
 * profile_to_png: the shortest way from a recording to a picture.
 *
 *      cc profile_to_png.c $(pkg-config --cflags --libs flametree) -o profile_to_png
 *      perf script >out.perf && ./profile_to_png out.perf out.png
 */
#include <flametree.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    flametree_error error = {FLAMETREE_OK};
    flametree_picture picture = {.size = sizeof picture, .format = "png", .scale = 2};
    if (argc != 3) {
        fprintf(stderr, "usage: profile_to_png PROFILE PNG\n");
        return 2;
    }
    flametree_profile *profile = flametree_new(NULL, &error);
    bool done = profile && flametree_read_file(profile, argv[1], NULL, &error) &&
                flametree_draw_file(profile, argv[2], &picture, &error);
    if (!done)
        fprintf(stderr, "profile_to_png: %s: %s\n", error.file, error.message);
    flametree_free(profile);
    return done ? 0 : 1;
}
