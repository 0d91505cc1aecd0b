/* SPDX-License-Identifier: MIT */
/*
 * run_directory: a directory of runs: a series, or the window that a new run is compared with.
 */
#ifndef FLAMETREE_CLI_RUN_DIRECTORY_H
#define FLAMETREE_CLI_RUN_DIRECTORY_H

#include "cli/program.h"

struct run_files {
    const char **at;
    size_t n, cap;
};

bool run_directory_is(const struct program *program, const char *path);

/* Add the paths of its files: first those without a number of run_directory_add(), in the natural
 * order of their names (run2 before run10), then the others by number. Names that begin with a dot,
 * unfinished files (NAME.tmp-...), directories and devices are left out. */
bool run_directory_list(struct program *program, const char *directory, struct run_files *files);

/* Create the directory if it is missing, lock it, list its files, and copy `file` to it as an
 * output of the program, under a number that is larger than all there. */
bool run_directory_add(struct program *program, const char *directory, const char *file,
                       struct run_files *files);

/* After program_close_outputs(): remove the first files until there are at most `keep`. */
bool run_directory_remove_oldest(struct program *program, const struct run_files *files,
                                 uint64_t keep);

#endif
