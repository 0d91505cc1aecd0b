/* SPDX-License-Identifier: MIT */
/*
 * store_answer: the answers of a source that counts since it was started. The store remembers the
 * last one, and changes it in the transaction that adds the difference.
 */
#include "store/store_db.h"

/* The stored numbers of a source that counts. */
struct last_answer {
    int64_t asked, answered, elapsed;
    VEC(struct store_row) counts; /* sorted */
};

static bool read_last(struct store_addition *a, int64_t base, struct last_answer *last, bool *found)
{
    static const char find[] = "SELECT asked, answered, elapsed FROM answer WHERE base = ?";
    static const char list[] = "SELECT series, stack, weight FROM counter WHERE base = ?"
                               " ORDER BY series, stack";
    sqlite3_stmt *statement = store_statement(a->store, find, a->err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, base);
    *found = store_row(a->store, statement, a->err);
    if (*found) {
        last->asked = sqlite3_column_int64(statement, 0);
        last->answered = sqlite3_column_int64(statement, 1);
        last->elapsed = sqlite3_column_int64(statement, 2);
        sqlite3_reset(statement);
    }
    statement = a->err->code == ERR_NONE ? store_statement(a->store, list, a->err) : NULL;
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, base);
    while (store_row(a->store, statement, a->err)) {
        struct store_row row = {sqlite3_column_int64(statement, 0),
                                sqlite3_column_int64(statement, 1),
                                (uint64_t)sqlite3_column_int64(statement, 2)};
        vec_push(&a->heap, &last->counts, row);
    }
    return a->err->code == ERR_NONE;
}

/* Whether counting began anew after the last answer. Each answer says when it began, up to the
 * duration of its request. The 50 ms and the thousandth allow for clocks that do not run alike. */
static bool is_restarted(const struct store_answer *answer, const struct last_answer *last)
{
    if (answer->elapsed < 0 || last->elapsed < 0)
        return false;
    int64_t passed = answer->since_last >= 0 ? answer->since_last
                                             : answer->answered - last->answered;
    int64_t request = answer->answered - answer->asked + (last->answered - last->asked);
    return answer->elapsed < last->elapsed ||
           answer->elapsed + (request > 0 ? request : 0) + 50 + passed / 1000 <
               last->elapsed + passed;
}

static bool is_less(const struct store_row *a, const struct store_row *b)
{
    return a->series != b->series ? a->series < b->series : a->stack < b->stack;
}

/* Subtract the counts of the last answer. False if one of them was larger, or is missing now. */
static bool subtract_counts(struct store_rows *rows, const struct last_answer *last)
{
    size_t old = 0;
    for (size_t i = 0; i < rows->at.n; i++) {
        struct store_row *row = &rows->at.at[i];
        if (old < last->counts.n && is_less(&last->counts.at[old], row))
            return false; /* it is not there any more */
        if (old == last->counts.n || is_less(row, &last->counts.at[old]))
            continue;
        if (last->counts.at[old].weight > row->weight)
            return false;
        row->weight -= last->counts.at[old++].weight;
    }
    return old == last->counts.n;
}

/* Store the times of the answer, and the counts that changed or, from scratch, all. `now` has the
 * counts before the subtraction. */
static bool remember_counts(struct store_addition *a, int64_t base, const struct store_row *now,
                            bool from_scratch)
{
    static const char forget[] = "DELETE FROM counter WHERE base = ?";
    static const char put[] = "INSERT OR REPLACE INTO counter (base, series, stack, weight)"
                              " VALUES (?, ?, ?, ?)";
    static const char note[] = "INSERT OR REPLACE INTO answer (base, asked, answered, elapsed)"
                               " VALUES (?, ?, ?, ?)";
    sqlite3_stmt *statement = store_statement(a->store, note, a->err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, base);
    sqlite3_bind_int64(statement, 2, a->answer->asked);
    sqlite3_bind_int64(statement, 3, a->answer->answered);
    sqlite3_bind_int64(statement, 4, a->answer->elapsed);
    if (!store_done(a->store, statement, a->err))
        return false;
    statement = store_statement(a->store, forget, a->err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, base);
    if (from_scratch && !store_done(a->store, statement, a->err))
        return false;
    statement = store_statement(a->store, put, a->err);
    if (!statement)
        return false;
    for (size_t i = 0; i < a->rows.at.n; i++) {
        if (!from_scratch && a->rows.at.at[i].weight == 0)
            continue;
        sqlite3_bind_int64(statement, 1, base);
        sqlite3_bind_int64(statement, 2, now[i].series);
        sqlite3_bind_int64(statement, 3, now[i].stack);
        sqlite3_bind_int64(statement, 4, (int64_t)now[i].weight);
        if (!store_done(a->store, statement, a->err))
            return false;
    }
    return true;
}

/* Rows without weight go, and the sums of the sets follow from the others. */
static void sum_up_sets(struct store_rows *rows)
{
    size_t n = 0;
    for (size_t s = 0; s < rows->sets.n; s++)
        rows->sets.at[s].total = 0;
    for (size_t i = 0; i < rows->at.n; i++) {
        if (rows->at.at[i].weight == 0)
            continue;
        for (size_t s = 0; s < rows->sets.n; s++)
            if (rows->sets.at[s].series == rows->at.at[i].series)
                rows->sets.at[s].total += rows->at.at[i].weight;
        rows->at.at[n++] = rows->at.at[i];
    }
    rows->at.n = n;
}

/* The window begins with the last answer, or when the source began to count if that was later. */
static void choose_times(struct store_addition *a, const struct last_answer *last, bool known,
                         bool restarted)
{
    const struct store_answer *answer = a->answer;
    int64_t from = known ? last->answered : INT64_MIN;
    a->window.until = answer->answered;
    if (known && from >= answer->answered) /* the clock was set back */
        from = answer->answered - (answer->since_last > 0 ? answer->since_last : 1);
    if ((!known || restarted) && answer->elapsed >= 0 && answer->answered - answer->elapsed > from)
        from = answer->answered - answer->elapsed;
    a->window.from = from < answer->answered ? from : answer->answered - 1;
}

bool store_add_difference(struct store_addition *a)
{
    const struct store_answer *answer = a->answer;
    struct last_answer last = {0};
    int64_t base = a->rows.sets.at[0].series;
    bool known;
    if (!read_last(a, base, &last, &known))
        return false;
    size_t count = a->rows.at.n;
    struct store_row *now = heap_alloc(&a->heap, count + 1, sizeof *now);
    if (count > 0)
        memcpy(now, a->rows.at.at, count * sizeof *now);
    bool restarted = known && (is_restarted(answer, &last) || !subtract_counts(&a->rows, &last));
    if (restarted && count > 0)
        memcpy(a->rows.at.at, now, count * sizeof *now);
    choose_times(a, &last, known, restarted);
    if (!remember_counts(a, base, now, restarted))
        return false;
    sum_up_sets(&a->rows);
    if (!known && (answer->elapsed < 0 || answer->elapsed > STORE_HOUR)) {
        a->window.until = 0;
        a->result = STORE_ADDED;
        return true;
    }
    return store_add_windows(a) &&
           (a->result == STORE_ADDED || /* nothing changes, so that the next answer has it all */
            err_set(a->err, ERR_INPUT, "the store has a window of this time already"));
}
