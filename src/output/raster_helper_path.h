/*
 * raster_helper_path: where flamegraph-raster is.
 */
#ifndef FLAMETREE_OUTPUT_RASTER_HELPER_PATH_H
#define FLAMETREE_OUTPUT_RASTER_HELPER_PATH_H

#include "core/heap.h"

/* The first of these that is there; the last one when none is. The caller frees it from the heap.
 *
 *      beside the program or library that this code is in         a build tree
 *      in ../libexec or ../../libexec of it                       an installation that was moved
 *      in the libexecdir that was configured
 *
 * The first two only when it belongs to the owner of that program and nobody else can write to it:
 * what lies beside a program in a directory for all is not started. */
char *raster_helper_path_find(struct heap *heap);

#endif
