/*
 * flamediff_report: what flamediff says about two sides, and the exit status that follows.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_REPORT_H
#define FLAMETREE_CLI_FLAMEDIFF_REPORT_H

#include "cli/flamediff_sides.h"

struct flamediff_report {
    struct sides sides;
    struct comparison comparison;
    struct report report;
};

/* Compare, and judge the gates of the options. The sides are filtered. */
bool flamediff_report_make(struct flamediff_report *report, struct flamediff_sides *from,
                           struct flamediff_options *options);

/* Write what was asked for, to the program's output and to files, and set the program's verdict. */
bool flamediff_report_write(const struct flamediff_report *report, struct program *program,
                            const struct flamediff_options *options);

/* "A1.perf and 2 more", or what --labels says. */
str flamediff_label(const struct flamediff_sides *sides, enum side side);

#endif
