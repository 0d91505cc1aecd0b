/* SPDX-License-Identifier: MIT */
/*
 * store_db: the database of a store, for the files store*.c. Every function that returns false sets
 * *err to what SQLite says.
 */
#ifndef FLAMETREE_STORE_STORE_DB_H
#define FLAMETREE_STORE_STORE_DB_H

#include <sqlite3.h>

#include "store/store.h"

struct store_statement {
    const char *sql; /* compared by address */
    sqlite3_stmt *handle;
};

struct store {
    struct heap *heap;
    const char *path;
    sqlite3 *db;
    struct heap_cleanup cleanup;
    VEC(struct store_statement) statements; /* prepared once */
};

/* Set *err to the last error of SQLite. Always returns false. */
bool store_fail(const struct store *store, struct err *err);

/* A prepared statement without bindings, the same for the same `sql`. NULL on failure. */
sqlite3_stmt *store_statement(struct store *store, const char *sql, struct err *err);

/* The next row: true. False at the end, and on failure with *err set; then the statement is ready
 * for another run, with the same bindings. */
bool store_row(struct store *store, sqlite3_stmt *statement, struct err *err);

/* Run a statement that returns no row. False if it is NULL, because an earlier
 * call failed. */
bool store_done(struct store *store, sqlite3_stmt *statement, struct err *err);

/* Run statements without bindings and rows. */
bool store_run(struct store *store, const char *sql, struct err *err);

/* The first column of the only row; `otherwise` without a row, or if it is NULL. */
bool store_number(struct store *store, sqlite3_stmt *statement, int64_t otherwise, int64_t *number,
                  struct err *err);

void store_bind_text(sqlite3_stmt *statement, int at, str text);

/* A text column, which lives until the next row. */
str store_column_text(sqlite3_stmt *statement, int at);

/* Run change(of) in a transaction: all of it happens, or nothing. It may allocate from the heap of
 * the store and from `heap`, which may be NULL. */
bool store_change(struct store *store, struct heap *heap, bool (*change)(void *of), void *of,
                  struct err *err);

/* Run ask(of) so that it sees the store as it is now, whatever others write. */
bool store_ask(struct store *store, struct heap *heap, bool (*ask)(void *of), void *of,
               struct err *err);

/* The id of the label, which is made if necessary. 0 on failure. */
int64_t store_put_label(struct store *store, struct store_label label, struct err *err);

/*
 * store_rows: one value of a profile as rows of the tables. Stacks whose samples have other labels
 * are in other sets.
 */

struct store_label_set {
    VEC(struct store_label) labels; /* of samples, by key; not those of the window */
    int64_t series;
    uint64_t total;
};

struct store_row {
    int64_t series, stack;
    uint64_t weight;
};

struct store_rows {
    struct heap *heap;
    VEC(struct store_label_set) sets; /* the first has no labels */
    uint32_t *set_of;                 /* by node of the tree */
    VEC(str) dropped;                 /* keys that had too many values */
    VEC(struct store_row) at;         /* by series and stack, each pair once */
    unsigned column;                  /* of the tree; 0: the value that counts by default */
};

/* Find the sets of labels. */
bool store_rows_init(struct store_rows *rows, struct heap *heap, const struct profile *profile,
                     const struct store_label *labels, size_t label_count, struct err *err);

/* In a transaction: make frames, stacks, labels and series, and the rows. */
bool store_rows_make(struct store_rows *rows, struct store *store, const struct profile *profile,
                     const struct store_label *labels, size_t label_count, struct err *err);

/*
 * store_addition: a profile on its way into the store.
 */

struct store_addition {
    struct store *store;
    struct store_window window;
    const struct profile *profile;
    const struct store_answer *answer; /* NULL: a window as it is */
    struct store_outcome *outcome;     /* or NULL */
    struct heap heap;
    struct store_rows rows;
    enum store_added result;
    struct err *err;
};

/* In a transaction, with rows: add the windows, unless they are there. */
bool store_add_windows(struct store_addition *a);

/* In a transaction, with the rows of an answer: add the difference to the last one. */
bool store_add_difference(struct store_addition *a);

/*
 * store_scan: the windows of a query.
 */

struct store_series {
    bool matches;
    bool process;
    bool chosen; /* the value that its profiles have by default */
    unsigned decimals;
    uint32_t type; /* in `types` */
    uint32_t group;
};

struct store_found {
    int64_t id, from, until, series; /* of an hour: as if its windows were one */
    uint64_t total, samples;
    double squares;
    uint32_t group; /* set by store_read() */
};

struct store_scan {
    struct store *store;
    const struct store_query *query;
    struct heap *heap;
    struct err *err;
    struct store_series *series; /* by id */
    int64_t series_end;          /* larger than all ids */
    VEC(struct value_type) types;
    VEC(struct store_found) windows; /* of one type, unless any_type */
    uint32_t type;                   /* theirs, without any_type */
};

/* In a transaction: fill scan->windows. With `hours`, a whole hour is one window of each series. If
 * the query gives no type, the value that each profile has by default counts; if there are several
 * of them, it is an error. With `any_type`, all values count. */
bool store_scan_run(struct store_scan *scan, bool hours, bool any_type);

/* The labels of a series. Their texts are in scan->heap. */
struct store_labels {
    VEC(struct sample_label) at;
};

bool store_scan_labels(struct store_scan *scan, int64_t series, struct store_labels *labels);

/* A copy in the heap. */
str store_copy(struct heap *heap, str text);

/* Round down to a whole hour. */
static inline int64_t store_hour(int64_t at)
{
    int64_t over = at % STORE_HOUR;
    return at - over - (over < 0 ? STORE_HOUR : 0);
}

#endif
