/* SPDX-License-Identifier: MIT */
/*
 * map_file: the file of --palette-file and --cp. Several runs may share it: each adds the names
 * that it met.
 *
 *      read ──► draw ──► lock the directory ──► read again, add ours ──► write, rename ──► unlock
 *
 * Runs at the same moment keep each other's names. The lock is on the directory because each run
 * replaces the file. A run waits a minute for the lock, then it writes without one. Without a lock
 * the file is whole all the same, but names of a run at the same moment can be lost.
 */
#ifndef FLAMETREE_CLI_MAP_FILE_H
#define FLAMETREE_CLI_MAP_FILE_H

#include "cli/program.h"
#include "picture/color_rules.h"

struct map_file {
    struct program *program;
    const char *path;
    struct color_map map;
};

/* The file may not exist yet. */
bool map_file_load(struct map_file *file, struct program *program, const char *path);

/* Write the file with the names that were added to `map`. The caller closes the program's outputs,
 * which renames the file, and unlocks. */
bool map_file_save(struct map_file *file);

#endif
