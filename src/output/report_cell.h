/*
 * report_cell: numbers of a report as short texts, all of a column in one unit and with as many
 * decimals, so that they can be read down.
 */
#ifndef FLAMETREE_OUTPUT_REPORT_CELL_H
#define FLAMETREE_OUTPUT_REPORT_CELL_H

#include "output/report.h"

enum { CELL_ROOM = 120 };

struct cell {
    char at[CELL_ROOM];
    size_t n;
};

/* How values on the judge's scale are shown. */
struct cell_unit {
    double factor;
    unsigned decimals;
    str name; /* "%", "ms", "samples" */
};

/* In per cent of the run before, or in weight for one unit of work: then `value` is the largest
 * that will be shown. */
struct cell_unit cell_unit_of(const struct report *report, double value);

/* "thousand samples" and the like behind what cell_unit_of() gives, and "per row". */
void cell_put_unit(const struct report *report, const struct cell_unit *unit, report_put_fn *put,
                   struct sink *sink);

struct cell cell_value(const struct cell_unit *unit, double value);
struct cell cell_change(const struct cell_unit *unit, double value);
struct cell cell_range(const struct cell_unit *unit, double low, double high);
struct cell cell_ratio(const struct change *change);

/* "12.66 s", "6,895 samples" */
void cell_put_weight(str unit, double weight, report_put_fn *put, struct sink *sink);

/* "6,895"; what fits in no integer is the largest that does. */
void cell_put_count(double value, struct sink *sink);

static inline str cell_text(const struct cell *cell)
{
    return str_of(cell->at, cell->n);
}

#endif
