/* SPDX-License-Identifier: MIT */
/*
 * store_events: gaps and marks, and how old windows leave the store.
 */
#include "store/store_db.h"

static str cut_event_text(str text)
{
    return str_limit(text, STORE_TEXT_MOST);
}

struct event {
    struct store *store;
    str source, text;
    int64_t from, until;
    struct err *err;
};

static bool add_gap(void *arg)
{
    static const char grow[] =
        "UPDATE gap SET end = max(end, ?3), count = count + 1 WHERE id ="
        " (SELECT id FROM gap WHERE source = ?1 ORDER BY end DESC, id DESC LIMIT 1)"
        " AND reason = ?4 AND end >= ?2 AND start <= ?3";
    static const char make[] = "INSERT INTO gap (source, start, end, count, reason)"
                               " VALUES (?1, ?2, ?3, 1, ?4)";
    const char *const both[] = {grow, make};
    struct event *event = arg;
    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *statement = store_statement(event->store, both[i], event->err);
        if (!statement)
            return false;
        store_bind_text(statement, 1, cut_event_text(event->source));
        sqlite3_bind_int64(statement, 2, event->from);
        sqlite3_bind_int64(statement, 3, event->until);
        store_bind_text(statement, 4, cut_event_text(event->text));
        if (!store_done(event->store, statement, event->err))
            return false;
        if (sqlite3_changes(event->store->db) > 0)
            break;
    }
    return true;
}

bool store_add_gap(struct store *store, str source, int64_t from, int64_t until, str reason,
                   struct err *err)
{
    struct event event = {store, source, reason, from, until, err};
    if (from > until)
        event.from = until;
    return store_change(store, NULL, add_gap, &event, err);
}

bool store_add_mark(struct store *store, int64_t at, str text, struct err *err)
{
    static const char make[] = "INSERT OR IGNORE INTO mark (at, text) VALUES (?, ?)";
    sqlite3_stmt *statement = store_statement(store, make, err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, at);
    store_bind_text(statement, 2, cut_event_text(text));
    return store_done(store, statement, err);
}

/* ---- expire ---- */

struct expiry {
    struct store *store;
    int64_t since[2]; /* by level */
    struct err *err;
};

static bool expire_level(struct expiry *expiry, int level, int64_t since)
{
    static const char note[] = "UPDATE kept SET since = ?2 WHERE level = ?1 AND since < ?2";
    static const char rows[] = "DELETE FROM sample WHERE window IN"
                               " (SELECT id FROM window WHERE level = ?1 AND start < ?2)";
    static const char windows[] = "DELETE FROM window WHERE level = ?1 AND start < ?2";
    static const char gaps[] = "DELETE FROM gap WHERE ?1 = 1 AND start < ?2";
    static const char marks[] = "DELETE FROM mark WHERE ?1 = 1 AND at < ?2";
    static const char *const all[] = {note, rows, windows, gaps, marks};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        sqlite3_stmt *statement = store_statement(expiry->store, all[i], expiry->err);
        if (!statement)
            return false;
        sqlite3_bind_int(statement, 1, level);
        sqlite3_bind_int64(statement, 2, since);
        if (!store_done(expiry->store, statement, expiry->err))
            return false;
    }
    return true;
}

static bool expire_levels(void *arg)
{
    struct expiry *expiry = arg;
    for (int level = 0; level < 2; level++)
        if (expiry->since[level] > INT64_MIN &&
            !expire_level(expiry, level, store_hour(expiry->since[level])))
            return false;
    return true;
}

bool store_expire(struct store *store, int64_t minutes, int64_t hours, struct err *err)
{
    struct expiry expiry = {store, {minutes > hours ? minutes : hours, hours}, err};
    return store_change(store, NULL, expire_levels, &expiry, err);
}

/* ---- ask ---- */

struct event_question {
    struct store *store;
    const char *sql;
    int64_t from, until;
    struct heap *heap;
    struct store_events *events;
    struct err *err;
};

static bool read_events(void *arg)
{
    struct event_question *question = arg;
    sqlite3_stmt *statement = store_statement(question->store, question->sql, question->err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, question->from);
    sqlite3_bind_int64(statement, 2, question->until);
    while (store_row(question->store, statement, question->err)) {
        struct store_event event = {
            .from = sqlite3_column_int64(statement, 0),
            .until = sqlite3_column_int64(statement, 1),
            .count = (uint64_t)sqlite3_column_int64(statement, 2),
            .source = store_copy(question->heap, store_column_text(statement, 3)),
            .text = store_copy(question->heap, store_column_text(statement, 4)),
        };
        vec_push(question->heap, &question->events->at, event);
    }
    return question->err->code == ERR_NONE;
}

bool store_read_gaps(struct store *store, int64_t from, int64_t until, struct heap *heap,
                     struct store_events *gaps, struct err *err)
{
    static const char list[] = "SELECT start, end, count, source, reason FROM gap"
                               " WHERE start < ?2 AND end >= ?1 ORDER BY start, id";
    struct event_question question = {store, list, from, until, heap, gaps, err};
    *gaps = (struct store_events){0};
    return store_ask(store, heap, read_events, &question, err);
}

bool store_read_marks(struct store *store, int64_t from, int64_t until, struct heap *heap,
                      struct store_events *marks, struct err *err)
{
    static const char list[] = "SELECT at, at, 1, '', text FROM mark"
                               " WHERE at < ?2 AND at >= ?1 ORDER BY at, text";
    struct event_question question = {store, list, from, until, heap, marks, err};
    *marks = (struct store_events){0};
    return store_ask(store, heap, read_events, &question, err);
}

/* Hours begin at full hours: the first window says more if it is still there. */
bool store_read_extent(struct store *store, int64_t *from, int64_t *until, struct err *err)
{
    static const char first_hour[] = "SELECT min(start) FROM window WHERE level = 1";
    static const char first[] = "SELECT min(start) FROM window WHERE level = 0";
    static const char last[] = "SELECT end FROM window WHERE level = 0 ORDER BY start DESC LIMIT 1";
    static const char last_hour[] = "SELECT max(end) FROM window WHERE level = 1";
    int64_t start, end;
    if (!store_number(store, store_statement(store, first_hour, err), 0, from, err) ||
        !store_number(store, store_statement(store, first, err), INT64_MIN, &start, err) ||
        !store_number(store, store_statement(store, last_hour, err), 0, until, err) ||
        !store_number(store, store_statement(store, last, err), INT64_MIN, &end, err))
        return false;
    if (start != INT64_MIN && store_hour(start) == *from)
        *from = start;
    if (end != INT64_MIN)
        *until = end;
    return true;
}
