/*
 * raster_helper_path: see raster_helper_path.h.
 */
#include "output/raster_helper_path.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/str.h"

#define NAME "flamegraph-raster"
#ifndef LIBEXECDIR
#define LIBEXECDIR "/usr/local/libexec"
#endif

enum { PATH_ROOM = 4096 };

/* Is in the same file as the rest of this code: the program, or the shared library. */
static const char inside[] = NAME;

/* The path of that file. For the program itself dladdr() knows what it was called by only. */
static bool find_self(char *path, size_t room)
{
    Dl_info info;
    if (dladdr(inside, &info) != 0 && info.dli_fname && info.dli_fname[0] == '/' &&
        strlen(info.dli_fname) < room) {
        memcpy(path, info.dli_fname, strlen(info.dli_fname) + 1);
        return true;
    }
    ssize_t n = readlink("/proc/self/exe", path, room - 1);
    if (n <= 0)
        return false;
    path[n] = '\0';
    return true;
}

static bool is_trusted(const char *path, uid_t owner)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == owner &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* dir + rest in `path`; false when it does not fit. */
static bool join(char *path, str dir, const char *rest)
{
    size_t n = strlen(rest);
    if (dir.n + n >= PATH_ROOM)
        return false;
    memcpy(path, dir.p, dir.n);
    memcpy(path + dir.n, rest, n + 1);
    return true;
}

static bool find_near(char *path)
{
    static const char *const places[] = {"/" NAME, "/../libexec/" NAME, "/../../libexec/" NAME};
    char self[PATH_ROOM];
    struct stat info;
    if (!find_self(self, sizeof self) || stat(self, &info) != 0)
        return false;
    str dir = str_head(str_from_c(self), str_find_last(str_from_c(self), '/'));
    if (str_ends(dir, STR("/.libs"))) /* where libtool builds */
        dir.n -= sizeof "/.libs" - 1;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (join(path, dir, places[i]) && is_trusted(path, info.st_uid))
            return true;
    return false;
}

char *raster_helper_path_find(struct heap *heap)
{
    char path[PATH_ROOM];
    if (!find_near(path))
        join(path, STR(""), LIBEXECDIR "/" NAME);
    char *copy = heap_alloc(heap, strlen(path) + 1, 1);
    memcpy(copy, path, strlen(path) + 1);
    return copy;
}
