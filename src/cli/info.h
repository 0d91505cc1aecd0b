/*
 * info: --info: what a profile says about itself, for people and for scripts: `key: value`, a line
 * each.
 */
#ifndef FLAMETREE_CLI_INFO_H
#define FLAMETREE_CLI_INFO_H

#include "cli/program.h"
#include "profile/profile.h"

/* To the program's output. False with the program's error. */
bool info_write(struct program *program, struct profile *profile);

#endif
