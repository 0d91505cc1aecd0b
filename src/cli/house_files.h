/*
 * house_files: --template DIR and --css FILE: a house style from files.
 */
#ifndef FLAMETREE_CLI_HOUSE_FILES_H
#define FLAMETREE_CLI_HOUSE_FILES_H

#include "cli/program.h"
#include "render/house.h"

/* Either may be NULL. Files that the directory lacks are ours; it has at least one. False with the
 * program's error, which names file and line. */
bool house_files_load(struct program *program, const char *directory, const char *css,
                      struct house *house);

#endif
