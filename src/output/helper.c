/* SPDX-License-Identifier: MIT */
/*
 * helper: see helper.h.
 */
#include "output/helper.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef LIBEXECDIR
#define LIBEXECDIR "/usr/local/libexec"
#endif

enum { PATH_ROOM = 4096 };

const struct helper helper_raster = {"flamegraph-raster", RASTER_PROGRAM};
const struct helper helper_tui = {"flamegraph-tui", TUI_PROGRAM};

char *helper_join(struct heap *heap, const char *a, const char *b, const char *c)
{
    size_t an = strlen(a), bn = strlen(b), cn = strlen(c);
    char *text = heap_alloc(heap, an + bn + cn + 1, 1);
    memcpy(text, a, an);
    memcpy(text + an, b, bn);
    memcpy(text + an + bn, c, cn + 1);
    return text;
}

/* An address in the file that this code is in: the program, or the shared library. */
static const char inside[] = "";

/* The path of that file. For the program itself, dladdr() only knows the name by which it was
 * called. */
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

char *helper_find(struct heap *heap, const struct helper *helper)
{
    static const char *const places[] = {"/", "/../libexec/", "/../../libexec/"};
    char self[PATH_ROOM];
    struct stat info;
    if (find_self(self, sizeof self) && stat(self, &info) == 0) {
        *strrchr(self, '/') = '\0';
        if (str_ends(str_from_c(self), STR("/.libs"))) /* libtool builds there */
            *strrchr(self, '/') = '\0';
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            const char *name = i == 0 ? helper->built : helper->installed;
            char *path = helper_join(heap, self, places[i], name);
            if (is_trusted(path, info.st_uid))
                return path;
        }
    }
    return helper_join(heap, LIBEXECDIR, "/", helper->installed);
}
