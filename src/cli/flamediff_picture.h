/*
 * flamediff_picture: the comparison as a flame graph.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_PICTURE_H
#define FLAMETREE_CLI_FLAMEDIFF_PICTURE_H

#include "cli/flamediff_report.h"

/* Draw it to the output of the options. */
bool flamediff_picture_write(struct flamediff_report *report, struct program *program,
                             const struct flamediff_options *options);

#endif
