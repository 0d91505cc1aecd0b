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

/* Run a statement that returns no row. NULL is a failure before. */
bool store_done(struct store *store, sqlite3_stmt *statement, struct err *err);

/* Run statements without bindings and rows. */
bool store_run(struct store *store, const char *sql, struct err *err);

/* The first column of the only row; `otherwise` without a row, or if it is NULL. */
bool store_number(struct store *store, sqlite3_stmt *statement, int64_t otherwise, int64_t *number,
                  struct err *err);

void store_bind_text(sqlite3_stmt *statement, int at, str text);

/* A text column, which lives until the next row. */
str store_column_text(sqlite3_stmt *statement, int at);

/* Run change(of) in a transaction: all of it happens, or nothing. */
bool store_change(struct store *store, bool (*change)(void *of), void *of, struct err *err);

/* Run ask(of) so that it sees the store as it is now, whatever others write. It may allocate from
 * `heap`, too. */
bool store_ask(struct store *store, struct heap *heap, bool (*ask)(void *of), void *of,
               struct err *err);

/* The id of the label; 0: there is none, and none was made. False on failure. */
bool store_find_label(struct store *store, struct store_label label, bool make, int64_t *id,
                      struct err *err);

/* Round down to a whole hour. */
static inline int64_t store_hour(int64_t at)
{
    int64_t over = at % STORE_HOUR;
    return at - over - (over < 0 ? STORE_HOUR : 0);
}

#endif
