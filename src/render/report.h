/*
 * report: what changed, as a document of text. A report format is a constant table entry; it
 * receives a finished comparison and writes.
 */
#ifndef FLAMETREE_RENDER_REPORT_H
#define FLAMETREE_RENDER_REPORT_H

#include "core/sink.h"
#include "stack/comparison.h"
#include "stack/gate.h"

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

struct report_format {
    const char *name; /* what --report takes */
    const char *help; /* one line */
    void (*write)(const struct report *report, struct sink *sink);
};

extern const struct report_format report_text, report_markdown, report_json, report_csv;

/* In the order of help; ends with NULL. */
extern const struct report_format *const report_formats[];

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
