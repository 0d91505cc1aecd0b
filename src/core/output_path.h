/*
 * output_path: where the bytes go that are meant for a path. Links are followed, so that the file
 * at their end is replaced and they stay links.
 *
 *      here.svg ──link──► /srv/new.svg ──► written as /srv/new.svg.tmp-..., renamed to /srv/new.svg
 *      /dev/full, a pipe, a descriptor's name ──► written as it is
 */
#ifndef FLAMETREE_CORE_OUTPUT_PATH_H
#define FLAMETREE_CORE_OUTPUT_PATH_H

#include "core/heap.h"
#include "core/os.h"

struct output_path {
    enum os_kind kind;
    const char *path; /* the one that was asked for, or a text of the heap */
    mode_t mode;      /* what a new file there gets: of a plain file its permissions */
};

/* False with errno when links do not end. */
bool output_path_find(struct output_path *place, struct heap *heap, const struct os *os,
                      const char *path);

/* PATH.tmp-SUFFIX, in the same directory; a name that would get too long for that is cut. */
char *output_path_beside(const struct output_path *place, struct heap *heap, const char *suffix);

/* The directory that it is in. */
char *output_path_directory(const struct output_path *place, struct heap *heap);

#endif
