/* SPDX-License-Identifier: MIT */
/*
 * A profile that is cut is an error or a part of the whole, and never a crash: the smallest profile
 * of each format in tests/data/formats, cut after each byte, through collapse.
 */
#include <dirent.h>

#include "../fuzz/worlds.h"
#include "tap.h"

enum { SMALL = 8192, FORMATS_LEAST = 30 };

/* Up to SMALL bytes of it. */
static size_t read_file(const char *path, char *to)
{
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(to, 1, SMALL, file) : 0;
    if (file)
        fclose(file);
    return n;
}

static bool is_profile(str name)
{
    return !str_starts(name, STR(".")) && !str_starts(name, STR("bad-")) &&
           !str_ends(name, STR(".options")) && !str_ends(name, STR(".expected.folded"));
}

static unsigned cut_at_each_byte(str whole)
{
    static const char *const words[] = {"collapse", "--idle", "in", NULL};
    unsigned wrong = 0;
    for (size_t n = 1; n < whole.n; n++) {
        struct memory_os m;
        memory_init(&m);
        memory_put(&m, "in", str_head(whole, n));
        int status = world_run(&m, collapse_main, words); /* a failure without a message aborts */
        wrong += status != 0 && status != 1;
        memory_end(&m);
    }
    return wrong;
}

/* Is there one that is smaller than SMALL? */
static bool cut_smallest(const char *folder, const char *format)
{
    static char smallest[SMALL], bytes[SMALL];
    char path[4400], name[256] = "";
    size_t n = SMALL;
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        if (!is_profile(str_from_c(entry->d_name)))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        size_t size = read_file(path, bytes);
        if (size == 0 || size > n || (size == n && strcmp(entry->d_name, name) > 0))
            continue;
        memcpy(smallest, bytes, n = size);
        snprintf(name, sizeof name, "%s", entry->d_name);
    }
    if (entries)
        closedir(entries);
    if (n == SMALL)
        return false;
    ok(cut_at_each_byte(str_of(smallest, n)) == 0, "%s: %s, cut at each of %zu bytes", format, name,
       n);
    return true;
}

int main(void)
{
    const char *root = getenv("srcdir");
    char path[2048], folder[4096];
    size_t formats = 0;
    snprintf(path, sizeof path, "%s/tests/data/formats", root ? root : ".");
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(folder, sizeof folder, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            formats += cut_smallest(folder, entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    ok(formats >= FORMATS_LEAST, "%zu formats have a small profile", formats);
    return done_testing();
}
