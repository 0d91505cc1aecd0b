/*
 * report_table: the functions of one list as rows of short texts, for the formats that people read.
 */
#ifndef FLAMETREE_OUTPUT_REPORT_TABLE_H
#define FLAMETREE_OUTPUT_REPORT_TABLE_H

#include "output/report_cell.h"

enum table_column {
    TABLE_BEFORE,
    TABLE_AFTER,
    TABLE_CHANGE,
    TABLE_RANGE,
    TABLE_RATIO,
    TABLE_VERDICT,
    TABLE_COLUMNS
};

struct table_row {
    struct cell cells[TABLE_COLUMNS];
    str name;
    str cause; /* the function that explains it; "" */
};

struct table {
    struct heap *heap;
    struct cell_unit unit;
    VEC(struct table_row) rows; /* what is called, then some of what is noise */
    size_t called, noise;       /* functions of either kind, shown or not */
};

/* self: what functions cost by themselves, else with all that they call. */
void table_make(struct table *table, const struct report *report, bool self);

/* "before", "after", ...; for TABLE_RANGE "99 % interval". */
struct cell table_head(const struct report *report, enum table_column column);

void table_end(struct table *table);

#endif
