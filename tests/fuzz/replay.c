/* SPDX-License-Identifier: MIT */
/*
 * replay: main() of a fuzz target in builds without libFuzzer. It feeds the target with each file
 * of the corpus, $srcdir/tests/fuzz/corpus/NAME/ for the program NAME, or with the files that are
 * named, and prints TAP. The target itself ends the program when something is wrong.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int inputs;

static bool replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        printf("Bail out! cannot open %s\n", path);
        return false;
    }
    static uint8_t room[1 << 24];
    size_t size = fread(room, 1, sizeof room, file);
    fclose(file);
    /* A block of just that size, so that a read past its end is seen. */
    uint8_t *data = malloc(size ? size : 1);
    if (!data)
        return false;
    memcpy(data, room, size);
    const char *name = strrchr(path, '/');
    printf("# %s, %zu bytes\n", path, size);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    printf("ok %d - %s\n", ++inputs, name ? name + 1 : path);
    return true;
}

static bool replay_corpus(const char *program)
{
    const char *root = getenv("srcdir"), *slash = strrchr(program, '/');
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", root ? root : ".",
                          slash ? slash + 1 : program);
    struct dirent **entries;
    int n = length < (int)sizeof path ? scandir(path, &entries, NULL, alphasort) : -1;
    if (n < 0) {
        printf("1..0 # SKIP no corpus %s\n", path);
        return false;
    }
    bool good = true;
    for (int i = 0; i < n; i++) {
        size_t room = sizeof path - (size_t)length;
        int added = snprintf(path + length, room, "/%s", entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && added > 0 && (size_t)added < room)
            good = replay(path) && good;
        free(entries[i]);
    }
    free(entries);
    return good;
}

int main(int argc, char **argv)
{
    bool good = true;
    if (argc < 2)
        good = replay_corpus(argv[0]);
    for (int i = 1; i < argc; i++)
        good = replay(argv[i]) && good;
    if (inputs > 0)
        printf("1..%d\n", inputs);
    return good || inputs == 0 ? 0 : 1;
}
