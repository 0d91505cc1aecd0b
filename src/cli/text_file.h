/*
 * text_file: a small file that an option names, in memory.
 */
#ifndef FLAMETREE_CLI_TEXT_FILE_H
#define FLAMETREE_CLI_TEXT_FILE_H

#include "cli/program.h"

/* All of `path`, at most 1 GB, in the program's heap. False with the program's error set; when
 * `missing` is not NULL, a file that is not there is no error: *missing tells. */
bool text_file_load(struct program *program, const char *path, str *text, bool *missing);

#endif
