/* SPDX-License-Identifier: MIT */
/*
 * output_path: see sink.h. Only links in the last part of the path are followed here; the system
 * follows the others.
 */
#include <errno.h>

#include "core/sink.h"
#include "core/str.h"

/* LINK_ROOM: the longest path of Linux. NAME_MOST: leaves room for the suffix in a name of at most
 * 255 bytes. */
enum { LINKS_MOST = 40, LINK_ROOM = 4096, NAME_MOST = 200 };

/* With the slash after it; 0: none, the working directory. */
static size_t directory_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* /proc/self/fd/1 looks like a link to a file, but is an open file, maybe open for appending.
 * /proc/7/root/x and /proc/self/cwd/x are files. */
static bool names_descriptor(const char *path)
{
    if (strncmp(path, "/proc/", 6) != 0 && strncmp(path, "/dev/fd/", 8) != 0)
        return false;
    str number = str_from_c(path + directory_length(path));
    str directory = str_head(str_from_c(path), directory_length(path));
    for (size_t i = 0; i < number.n; i++)
        if (!is_digit(number.p[i]))
            return false;
    return number.n > 0 && str_ends(directory, STR("/fd/"));
}

/* The path that the link at `path` leads to. `to`: the content of the link, `n` bytes. */
static char *follow_link(struct heap *heap, const char *path, const char *to, size_t n)
{
    size_t directory = to[0] == '/' ? 0 : directory_length(path);
    char *next = heap_alloc(heap, directory + n + 1, 1);
    memcpy(next, path, directory);
    memcpy(next + directory, to, n);
    next[directory + n] = '\0';
    return next;
}

bool output_path_find(struct output_path *place, struct heap *heap, const struct os *os,
                      const char *path)
{
    char to[LINK_ROOM];
    *place = (struct output_path){.path = path, .mode = 0666};
    place->kind = os->kind(os->context, path, &place->mode);
    for (unsigned links = 0; place->kind != OS_SPECIAL; links++) {
        if (names_descriptor(place->path)) {
            place->kind = OS_SPECIAL;
            place->path = path;
            break;
        }
        ssize_t n = os->readlink(os->context, place->path, to, sizeof to);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) /* EINVAL: no link */
            return errno == EINVAL || errno == ENOENT || errno == ENOTDIR || errno == EACCES;
        if (links == LINKS_MOST || n == 0 || n == sizeof to) {
            errno = links == LINKS_MOST ? ELOOP : ENAMETOOLONG;
            return false;
        }
        place->path = follow_link(heap, place->path, to, (size_t)n);
    }
    return true;
}

/* PATH.tmp-SUFFIX, in the same directory; a name that would get too long for that is cut. */
char *output_path_beside(const struct output_path *place, struct heap *heap, const char *suffix)
{
    size_t directory = directory_length(place->path), n = strlen(place->path);
    size_t more = strlen(suffix);
    if (n - directory > NAME_MOST)
        n = directory + NAME_MOST;
    char *path = heap_alloc(heap, n + sizeof ".tmp-" + more, 1);
    memcpy(path, place->path, n);
    memcpy(path + n, ".tmp-", 5);
    memcpy(path + n + 5, suffix, more + 1);
    return path;
}

char *output_path_directory(const struct output_path *place, struct heap *heap)
{
    size_t n = directory_length(place->path);
    const char *path = n > 0 ? place->path : "./";
    n = n > 0 ? n : 2;
    char *directory = heap_alloc(heap, n + 1, 1);
    memcpy(directory, path, n);
    directory[n] = '\0';
    return directory;
}
