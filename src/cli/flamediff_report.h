/*
 * flamediff_report: what flamediff says about two sides, and the exit status that follows.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_REPORT_H
#define FLAMETREE_CLI_FLAMEDIFF_REPORT_H

#include "cli/flamediff_sides.h"

struct flamediff_report {
    struct run_set sides;
    struct comparison comparison;
    struct report report;
    const struct gate *worst; /* of those that are not fine, NULL: all are */
    str sentence;             /* about it */
};

/* What the options mean for a comparison. */
struct comparison_options flamediff_comparison_options(const struct flamediff_options *options);

/* Compare, and judge the gates of the options. The sides are filtered. */
bool flamediff_report_make(struct flamediff_report *report, struct flamediff_sides *from,
                           struct flamediff_options *options);

/* Write the gates as JUnit XML, for the caller to close; nothing when path is NULL. */
bool flamediff_report_write_junit(const struct flamediff_report *report, struct program *program,
                                  const char *path);

/* Set the program's verdict, and say why if it is a bad one. */
void flamediff_report_tell(const struct flamediff_report *report, struct program *program);

/* "A1.perf and 2 more", or what --labels says. */
str flamediff_label(const struct flamediff_sides *sides, enum side side);

#endif
