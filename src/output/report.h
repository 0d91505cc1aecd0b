/*
 * report: what changed, as a document of text. A report writer receives a finished comparison; each
 * is a line in the table of output/outputs.c.
 */
#ifndef FLAMETREE_OUTPUT_REPORT_H
#define FLAMETREE_OUTPUT_REPORT_H

#include "compare/comparison.h"
#include "compare/gate.h"
#include "core/sink.h"

struct report {
    const struct comparison *comparison;
    const struct gate *gates; /* judged */
    size_t gate_count;
    str labels[SIDES];
    const str *files; /* by run */
    str unit;         /* of weights: "ns", "samples" */
    str work_unit;    /* "row" */
    size_t top;       /* so many functions of each list; 0: all */
    double confidence;
};

/* Writes text that may hold anything so that it is harmless in a format. */
typedef void report_put_fn(str text, struct sink *sink);

/* The report for a terminal, as a comment on a change, for programs, for spreadsheets. */
void report_write_text(const struct report *report, struct sink *sink);
void report_write_markdown(const struct report *report, struct sink *sink);
void report_write_json(const struct report *report, struct sink *sink);
void report_write_csv(const struct report *report, struct sink *sink);

/* The gates as JUnit XML: each is a test case. */
void report_write_junit(const struct report *report, struct sink *sink);

/* What became of a gate, in a sentence: "delta: +7.84 % of the run before (...)". Names in it may
 * hold anything. Its bytes stay until the heap ends. */
str report_gate_sentence(const struct gate *gate, struct heap *heap);

/* "regression", "fine", "not enough data" */
const char *report_gate_result(const struct gate *gate);

/* A number for programs: nine digits that count, 1.24e-135 when it is small. */
void report_put_number(struct sink *sink, double value);

/* How the sides were made comparable: "by total: the totals differ by 34 %". */
void report_put_normalization(const struct report *report, report_put_fn *put, struct sink *sink);

#endif
