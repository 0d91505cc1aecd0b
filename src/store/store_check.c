/* SPDX-License-Identifier: MIT */
/*
 * store_check: check whether a store is intact, and measure it.
 */
#include "store/store_db.h"

struct check {
    struct store *store;
    struct sink *sink;
    uint64_t *faults;
    struct err *err;
};

/* Each row of a question is a fault, and its first column says which. */
static const char *const questions[] = {
    "PRAGMA integrity_check",
    "SELECT 'stack ' || id || ': its parent ' || parent || ' is missing or comes after it'"
    " FROM stack WHERE parent != 0 AND (parent >= id OR parent NOT IN (SELECT id FROM stack))",
    "SELECT 'stack ' || id || ': its frame ' || frame || ' is missing' FROM stack"
    " WHERE frame NOT IN (SELECT id FROM frame)",
    "SELECT 'series ' || series || ': its label ' || label || ' is missing' FROM series_label"
    " WHERE label NOT IN (SELECT id FROM label) OR series NOT IN (SELECT id FROM series)",
    "SELECT 'window ' || id || ': its series ' || series || ' is missing' FROM window"
    " WHERE series NOT IN (SELECT id FROM series)",
    "SELECT 'window ' || window || ': its stack ' || stack || ' is missing' FROM sample"
    " WHERE stack != 0 AND stack NOT IN (SELECT id FROM stack)",
    "SELECT 'window ' || s.window || ' is missing, its rows have the sum ' || s.sum"
    " FROM (SELECT window, sum(weight) AS sum FROM sample GROUP BY window) AS s"
    " WHERE s.window NOT IN (SELECT id FROM window)",
    "SELECT 'window ' || id || ': its total is ' || total || ', that of its rows ' || sum FROM"
    " (SELECT w.id AS id, w.total AS total,"
    "  (SELECT coalesce(sum(weight), 0) FROM sample WHERE window = w.id) AS sum FROM window AS w)"
    " WHERE total != sum",
    /* hours whose windows are still there */
    "SELECT 'hour ' || h.id || ': its sum is ' || h.total || ', that of its windows ' || h.sum FROM"
    " (SELECT w.id AS id, w.total AS total,"
    "  (SELECT coalesce(sum(m.total), 0) FROM window AS m WHERE m.level = 0"
    "   AND m.start >= w.start AND m.start < w.end AND m.series = w.series) AS sum"
    "  FROM window AS w WHERE w.level = 1"
    "   AND w.start >= (SELECT since FROM kept WHERE level = 0)) AS h WHERE h.total != h.sum",
};

static bool check_all(void *arg)
{
    struct check *check = arg;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct err err = {0};
        sqlite3_stmt *question = store_statement(check->store, questions[i], check->err);
        if (!question)
            return false;
        while (store_row(check->store, question, &err)) {
            str text = store_column_text(question, 0);
            if (i == 0 && str_equal(text, STR("ok")))
                continue;
            sink_bytes(check->sink, text);
            sink_lit(check->sink, "\n");
            ++*check->faults;
        }
        if (err.code != ERR_NONE) {
            *check->err = err;
            return false;
        }
    }
    return true;
}

bool store_check(struct store *store, struct sink *sink, uint64_t *faults, struct err *err)
{
    *faults = 0;
    return store_ask(store, NULL, check_all, &(struct check){store, sink, faults, err}, err);
}

struct measuring {
    struct store *store;
    struct store_size *size;
    struct err *err;
};

static bool measure_all(void *arg)
{
    static const char *const counts[] = {
        "PRAGMA page_size",
        "PRAGMA page_count",
        "PRAGMA freelist_count",
        "SELECT count(*) FROM window WHERE level = 0",
        "SELECT count(*) FROM window WHERE level = 1",
        "SELECT count(*) FROM sample",
        "SELECT count(*) FROM sample JOIN window ON id = window WHERE level = 1",
        "SELECT count(*) FROM series",
        "SELECT count(*) FROM label",
        "SELECT count(*) FROM stack",
        "SELECT count(*) FROM frame",
        "SELECT count(*) FROM gap",
        "SELECT count(*) FROM mark",
    };
    struct measuring *m = arg;
    int64_t n[sizeof counts / sizeof *counts];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (!store_number(m->store, store_statement(m->store, counts[i], m->err), 0, &n[i], m->err))
            return false;
    *m->size = (struct store_size){
        .bytes = (uint64_t)(n[0] * n[1]),
        .unused = (uint64_t)(n[0] * n[2]),
        .windows = (uint64_t)n[3],
        .hours = (uint64_t)n[4],
        .rows = (uint64_t)(n[5] - n[6]),
        .hour_rows = (uint64_t)n[6],
        .series = (uint64_t)n[7],
        .labels = (uint64_t)n[8],
        .stacks = (uint64_t)n[9],
        .frames = (uint64_t)n[10],
        .gaps = (uint64_t)n[11],
        .marks = (uint64_t)n[12],
    };
    return true;
}

bool store_measure(struct store *store, struct store_size *size, struct err *err)
{
    return store_ask(store, NULL, measure_all, &(struct measuring){store, size, err}, err);
}
