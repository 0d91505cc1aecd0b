/* SPDX-License-Identifier: MIT */
/*
 * profile_report: one profile as a table of text, as report.h is for a comparison. Each format is a
 * line in the table of output/outputs.c.
 *
 *      tree ──► rows of a view ──► text, Markdown      for people
 *               functions      └─► JSON, CSV           for programs
 *               tree, callers
 *               neighbors
 */
#ifndef FLAMETREE_OUTPUT_PROFILE_REPORT_H
#define FLAMETREE_OUTPUT_PROFILE_REPORT_H

#include "core/sink.h"
#include "profile/functions.h"
#include "profile/profile.h"

enum profile_view {
    PROFILE_FUNCTIONS, /* the functions in order */
    PROFILE_TREE,      /* the stacks from the root, the heaviest first */
    PROFILE_CALLERS,   /* each function with its callers below, the heaviest first */
    PROFILE_NEIGHBORS, /* chosen functions with their callers and callees */
};

struct profile_report {
    const struct profile *profile; /* the value type and the number of samples */
    const struct tree *tree;
    str value; /* the name of the value type; p NULL: that of the profile */
    bool part; /* weight was left out, so the number of samples is not known */
    unsigned column;
    str unit, countname; /* as in struct picture_options */
    double factor;
    enum profile_view view;
    enum functions_by by;
    size_t top;   /* number of functions; 0: all */
    double least; /* trees: nodes with a smaller part of the whole are summed up */
    bool *wanted; /* PROFILE_NEIGHBORS: by frame; functions with one of them */
};

void profile_report_write_text(const struct profile_report *report, struct sink *sink);
void profile_report_write_markdown(const struct profile_report *report, struct sink *sink);
void profile_report_write_json(const struct profile_report *report, struct sink *sink);
void profile_report_write_csv(const struct profile_report *report, struct sink *sink);

/* "cpu-clock: 12.66 s, 2,520 samples". `put` writes text of the input. */
void profile_report_put_summary(const struct profile_report *report, uint64_t total,
                                sink_put_fn *put, struct sink *sink);

/* ---- rows, the same for every format ---- */

enum profile_row_kind {
    PROFILE_ROW,    /* a function, or a place in a tree */
    PROFILE_MORE,   /* the sum of rows that are not shown */
    PROFILE_CALLER, /* before the row of its function; `total` is its part of that total */
    PROFILE_CALLEE, /* after the row of its function */
    PROFILE_ROW_KINDS
};

struct profile_row {
    enum profile_row_kind kind;
    uint32_t frame;       /* 0: the root */
    uint32_t depth;       /* in trees; the root's is 0 */
    size_t count;         /* places of a function, or the number of rows in a PROFILE_MORE */
    uint64_t self, total; /* units of the tree */
    uint64_t running;     /* functions: self, with all rows above */
    uint64_t whole;       /* the weight that is 100 % for `total` */
};

struct profile_rows {
    struct heap *heap;
    VEC(struct profile_row) list;
    uint64_t sum; /* of the profile */
    /* Samples for one unit of weight, if all samples have the same weight and the weights are not
     * samples themselves; else 0. */
    double samples_per_unit;
};

void profile_rows_make(struct profile_rows *rows, const struct profile_report *report);
void profile_rows_end(struct profile_rows *rows);

/* ---- columns ---- */

enum profile_column {
    PROFILE_SELF,
    PROFILE_SELF_PERCENT,
    PROFILE_RUNNING,
    PROFILE_TOTAL,
    PROFILE_TOTAL_PERCENT,
    PROFILE_SAMPLES,
    PROFILE_COLUMNS
};

/* Whether the view has the column, and whether the row has a value in it. */
bool profile_report_has_column(const struct profile_report *report, const struct profile_rows *rows,
                               enum profile_column column);
bool profile_report_has_value(const struct profile_report *report, const struct profile_row *row,
                              enum profile_column column);

struct frame profile_report_frame(const struct profile_report *report,
                                  const struct profile_row *row);
double profile_report_weight(const struct profile_report *report, uint64_t units);
uint64_t profile_report_samples(const struct profile_report *report,
                                const struct profile_rows *rows, uint64_t units);

static inline double profile_percent(uint64_t part, uint64_t whole)
{
    return whole > 0 ? 100 * (double)part / (double)whole : 0;
}

/* "cpu-clock"; "": not known. */
str profile_report_value(const struct profile_report *report);

/* "ns", "samples". */
str profile_report_unit(const struct profile_report *report);

/* The number of samples is known, and the weights are something else. */
bool profile_report_samples_known(const struct profile_report *report);

#endif
