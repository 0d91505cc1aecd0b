/*
 * map_file: the file of --palette-file and --cp, which runs share: each adds the names that it met.
 *
 *      read ──► draw ──► lock the directory ──► read again, add ours ──► write, rename ──► unlock
 *
 * Runs at the same moment keep each other's names: what is written is what was there under the
 * lock, and ours. The lock is one of the directory, because the file itself is replaced: nothing is
 * left beside it. It is never waited for without end, and where there are no locks there is none:
 * the file is whole all the same, but names of a run at the same moment can be lost.
 */
#ifndef FLAMETREE_CLI_MAP_FILE_H
#define FLAMETREE_CLI_MAP_FILE_H

#include "cli/program.h"
#include "picture/color_map.h"

struct map_file {
    struct program *program;
    const char *path;
    struct color_map map;
};

/* The file need not be there yet. */
bool map_file_load(struct map_file *file, struct program *program, const char *path);

/* With the names that were added to `map`. It is written, and locked, when this returns; the caller
 * closes the program's outputs and unlocks. */
bool map_file_save(struct map_file *file);

#endif
