/* SPDX-License-Identifier: MIT */
/*
 * series_report: the changes in a series of runs, as a document: text, Markdown, JSON
 * (doc/format.md, section 5), or a picture of small multiples.
 */
#ifndef FLAMETREE_OUTPUT_SERIES_REPORT_H
#define FLAMETREE_OUTPUT_SERIES_REPORT_H

#include "compare/series_events.h"
#include "core/sink.h"

struct series_run {
    str file;
    str name;   /* the commit, or the file without its folders */
    str commit; /* "": not known */
    str day;    /* "2026-11-29"; "": not known */
    double total;
    double work; /* 0: not known */
};

enum series_scale { SERIES_WEIGHTS, SERIES_WORK, SERIES_SHARES };

struct series_report {
    const struct series_run *runs;
    size_t run_count;
    const struct series_row *rows;
    size_t row_count;
    struct series_result result;
    const struct series_events *events;
    enum series_scale scale;
    str unit, work_unit;
    double whole; /* mean cost of a run, on the scale of the rows */
    double least; /* the part of it that a change must have */
    double confidence;
    size_t top;  /* number of members of an event, and of panels; 0: all */
    str options; /* for the command that shows the cause: " --class=..." */
};

void series_write_text(const struct series_report *report, struct sink *sink);
void series_write_markdown(const struct series_report *report, struct sink *sink);
void series_write_json(const struct series_report *report, struct sink *sink);
/* title NULL: the runs. */
void series_write_svg(const struct series_report *report, double width, const char *title,
                      struct sink *sink);

/* ---- words, the same in every format ---- */

/* "1.34 s", "12.50 %" */
void series_put_value(const struct series_report *report, double value, struct sink *sink);

/* "+7.31 %", of the mean run. */
void series_put_change(const struct series_report *report, const struct series_change *change,
                       struct sink *sink);

/* "flamediff --report=text r1 r2 -- r3 r4", for a shell. */
str series_command(const struct series_report *report, const struct series_event *event,
                   struct heap *heap);

/* `text` as one word of a shell. */
void series_put_word(str text, struct sink *sink);

#endif
