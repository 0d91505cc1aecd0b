/* SPDX-License-Identifier: MIT */
/*
 * report: the changes, as a document of text. A report writer receives a finished comparison; each
 * is a line in the table of output/outputs.c.
 *
 *      comparison ──┬──► table, cells ──► report_text, report_markdown    for people
 *                   ├───────────────────► report_data: JSON, CSV          for programs
 *                   └──► gates ─────────► report_words: JUnit
 */
#ifndef FLAMETREE_OUTPUT_REPORT_H
#define FLAMETREE_OUTPUT_REPORT_H

#include "compare/comparison.h"
#include "compare/gate.h"
#include "output/markup.h"

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

/* ---- lists: report_lists.c ---- */

/* The differences between lists of the formats for people. */
struct report_style {
    sink_put_fn *put; /* a name */
    bool markdown;
};

/* The classes, and the values of the label of --each-tag, if there are any. */
void report_put_classes(const struct report *report, const struct report_style *style,
                        struct sink *sink);

/* Cost that moved, if any did, and the functions that are new or vanished. */
void report_put_moves(const struct report *report, const struct report_style *style,
                      struct sink *sink);

/* The report for a terminal, as a comment on a change, for programs, for spreadsheets. */
void report_write_text(const struct report *report, struct sink *sink);
void report_write_markdown(const struct report *report, struct sink *sink);
void report_write_json(const struct report *report, struct sink *sink);
void report_write_csv(const struct report *report, struct sink *sink);

/* The gates as JUnit XML: each is a test case. */
void report_write_junit(const struct report *report, struct sink *sink);

/* ---- words, the same in every format ---- */

/* The result of a gate, in a sentence: "delta: +7.84 % of the run before (...)". Names in it may
 * hold anything. Its bytes stay until the heap of the comparison ends. */
str report_gate_sentence(const struct report *report, const struct gate *gate);

/* The reason why noise is not fully known, as a sentence without the period; "" if it is known. */
str report_noise_remark(const struct report *report);

/* The move that made a function rise, in total or else in self weight; NULL: none. */
const struct function_move *report_find_move(const struct function_change *function);

/* "parse_body -> parse_body_v2: same caller, same callees, same weight", of such a function. */
void report_put_move(const struct report *report, const struct function_change *function,
                     sink_put_fn *put, struct sink *sink);

/* "regression", "fine", "not enough data" */
const char *report_gate_result(const struct gate *gate);

/* The normalization of the sides: "by total: the totals differ by 34 %". */
void report_put_normalization(const struct report *report, sink_put_fn *put, struct sink *sink);

/* Call `put` for each gate, the worst results first, and end the list with an empty line. */
typedef void report_gate_fn(const struct report *report, const struct gate *gate,
                            struct sink *sink);
void report_put_gates(const struct report *report, report_gate_fn *put, struct sink *sink);

/* "2 runs, 2,520 samples, 12.66 s" */
void report_put_side(const struct report *report, enum side side, sink_put_fn *put,
                     struct sink *sink);

/* "+1.25 % (+0.50 to +2.00): slower", of the whole run. */
void report_put_whole(const struct report *report, struct sink *sink);

/* ---- cells ---- */

/* "99 %" */
struct cell report_confidence(double confidence);

/* The unit and the decimals of values on the judge's scale: the same for all of a column, so that
 * they line up. */
struct cell_unit {
    double factor;
    unsigned decimals;
    str name; /* "%", "ms", "samples" */
};

/* In per cent of the run before, or in weight for one unit of work: then `value` is the largest
 * that will be shown. */
struct cell_unit cell_unit_of(const struct report *report, double value);

/* "thousand samples" and the like after what cell_unit_of() gives, and "per row". */
void cell_put_unit(const struct report *report, const struct cell_unit *unit, sink_put_fn *put,
                   struct sink *sink);

/* The amount that moved to a function. */
struct cell report_move_size(const struct cell_unit *unit, const struct function_change *function);

struct cell cell_value(const struct cell_unit *unit, double value);
struct cell cell_change(const struct cell_unit *unit, double value);
struct cell cell_range(const struct cell_unit *unit, double low, double high);
struct cell cell_ratio(const struct change *change);

/* ---- tables: the functions of one list, for the formats that people read ---- */

enum table_column {
    TABLE_BEFORE,
    TABLE_AFTER,
    TABLE_CHANGE,
    TABLE_RANGE,
    TABLE_RATIO,
    TABLE_VERDICT,
    TABLE_COLUMNS
};

struct report_row {
    struct cell cells[TABLE_COLUMNS];
    str name;
    str cause; /* the function that explains it; "" */
};

struct report_table {
    struct heap *heap;
    struct cell_unit unit;
    VEC(struct report_row) rows; /* what is called, then some of what is noise */
    size_t called, noise;        /* functions of either kind, shown or not */
};

/* self: what functions cost by themselves, else with all that they call. */
/* noise: the number of rows of noise. */
void report_table_make(struct report_table *table, const struct report *report, bool self,
                       size_t noise);

/* Functions with this verdict, in one column: the larger value. */
void report_table_make_list(struct report_table *table, const struct report *report,
                            enum change_verdict verdict);

/* "before", "after", ...; for TABLE_RANGE "99 % interval". */
struct cell report_table_head(const struct report *report, enum table_column column);

/* "3 changes, 12 within noise" */
void report_table_put_counts(const struct report_table *table, struct sink *sink);

void report_table_end(struct report_table *table);

#endif
