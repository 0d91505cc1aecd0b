/*
 * run_directory: a directory of runs: a series, or the window of runs that a new one is compared
 * with.
 */
#ifndef FLAMETREE_CLI_RUN_DIRECTORY_H
#define FLAMETREE_CLI_RUN_DIRECTORY_H

#include "cli/program.h"

struct run_files {
    const char **at;
    size_t n, cap;
};

bool run_directory_is(const struct program *program, const char *path);

/* Add the paths of its files: in the order of the numbers that run_directory_keep() gave them,
 * before them those without, in the order of their names as people count. Names that begin
 * with a dot, unfinished files (NAME.tmp-...), directories and devices are left out. */
bool run_directory_list(struct program *program, const char *directory, struct run_files *files);

/* Copy the file to the directory, under a number that is larger than all there, and then remove the
 * first files until there are at most `keep`. Nothing is removed before the copy is complete. The
 * directory is locked meanwhile. */
bool run_directory_keep(struct program *program, const char *directory, const char *file,
                        uint64_t keep);

#endif
