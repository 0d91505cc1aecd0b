/* SPDX-License-Identifier: MIT */
/*
 * text_file: a small file that an option names, read into memory.
 */
#ifndef FLAMETREE_CLI_TEXT_FILE_H
#define FLAMETREE_CLI_TEXT_FILE_H

#include "cli/program.h"

/* All of `path`, at most 1 GB, in the program's heap. False with the program's error set. When
 * `missing` is not NULL, a file that does not exist is no error: it sets *missing. */
bool text_file_load(struct program *program, const char *path, str *text, bool *missing);

#endif
