/* SPDX-License-Identifier: MIT */
/*
 * store_add: windows on their way into the store. The sums of hours grow with each window, in the
 * same transaction.
 */
#include "store/store_db.h"

/* ---- windows ---- */

static bool is_window(struct store_addition *a, int64_t series, bool *found)
{
    static const char find[] = "SELECT id FROM window WHERE level = 0 AND start = ? AND end = ?"
                               " AND series = ?";
    sqlite3_stmt *statement = store_statement(a->store, find, a->err);
    int64_t id;
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, a->window.from);
    sqlite3_bind_int64(statement, 2, a->window.until);
    sqlite3_bind_int64(statement, 3, series);
    bool done = store_number(a->store, statement, 0, &id, a->err);
    *found = id > 0;
    return done;
}

static bool check_kept(struct store_addition *a)
{
    static const char find[] = "SELECT since FROM kept WHERE level = 0";
    int64_t since;
    if (!store_number(a->store, store_statement(a->store, find, a->err), INT64_MIN, &since, a->err))
        return false;
    if (a->answer && a->window.from < since) /* it is not too old, only long */
        a->window.from = a->window.until > since ? since : a->window.from;
    return a->window.from >= since ||
           err_set(a->err, ERR_INPUT,
                   "it is older than the windows that the store keeps; of that time the store has "
                   "only the sums of hours");
}

/* Bind the number of samples and the sum of their squared weights, or 0 if they are not known. They
 * are known only for the first value, and if labels do not split the samples into several sets. */
static void bind_samples(struct store_addition *a, sqlite3_stmt *statement, int at)
{
    const struct profile *profile = a->profile;
    bool known = a->rows.sets.n == 1 && a->rows.column == 0 && !a->answer &&
                 profile_samples_are_known(profile) && profile->samples <= INT64_MAX;
    struct wide squares = known ? profile->squares : wide_of(0);
    sqlite3_bind_int64(statement, at, known ? (int64_t)profile->samples : 0);
    sqlite3_bind_double(statement, at + 1,
                        (double)squares.high * 18446744073709551616.0 + (double)squares.low);
}

/* A new window of this level. 0 on failure. */
static int64_t make_window(struct store_addition *a, const struct store_label_set *set, int level,
                           int64_t from, int64_t until)
{
    static const char make[] = "INSERT INTO window (series, level, start, end, covered, total,"
                               " samples, squares) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    sqlite3_stmt *statement = store_statement(a->store, make, a->err);
    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, set->series);
    sqlite3_bind_int(statement, 2, level);
    sqlite3_bind_int64(statement, 3, from);
    sqlite3_bind_int64(statement, 4, until);
    sqlite3_bind_int64(statement, 5, a->window.until - a->window.from);
    sqlite3_bind_int64(statement, 6, (int64_t)set->total);
    bind_samples(a, statement, 7);
    return store_done(a->store, statement, a->err) ? sqlite3_last_insert_rowid(a->store->db) : 0;
}

static bool put_rows(struct store_addition *a, int64_t series, const char *put, int64_t window)
{
    sqlite3_stmt *statement = store_statement(a->store, put, a->err);
    if (!statement)
        return false;
    for (size_t i = 0; i < a->rows.at.n; i++) {
        const struct store_row *row = &a->rows.at.at[i];
        if (row->series != series)
            continue;
        sqlite3_bind_int64(statement, 1, window);
        sqlite3_bind_int64(statement, 2, row->stack);
        sqlite3_bind_int64(statement, 3, (int64_t)row->weight);
        if (!store_done(a->store, statement, a->err))
            return false;
    }
    return true;
}

static const char put_new[] = "INSERT INTO sample (window, stack, weight) VALUES (?, ?, ?)";

/* Add to the sums of the hour in which the window begins. The number of samples of an hour is known
 * if that of each window with weight is. */
static bool add_to_hour(struct store_addition *a, const struct store_label_set *set)
{
    static const char find[] = "SELECT id, total FROM window WHERE level = 1 AND start = ?"
                               " AND end = ? AND series = ?";
    static const char grow[] =
        "UPDATE window SET total = total + ?2, covered = covered + ?5,"
        " samples = CASE WHEN ?2 = 0 THEN samples WHEN total = 0 THEN ?3"
        "  WHEN samples = 0 OR ?3 = 0 THEN 0 ELSE samples + ?3 END,"
        " squares = CASE WHEN ?2 = 0 THEN squares WHEN total = 0 THEN ?4"
        "  WHEN squares = 0 OR ?4 = 0 THEN 0 ELSE squares + ?4 END WHERE id = ?1";
    static const char put[] = "INSERT INTO sample (window, stack, weight) VALUES (?, ?, ?)"
                              " ON CONFLICT DO UPDATE SET weight = weight + excluded.weight";
    int64_t hour = store_hour(a->window.from), id = 0, total = 0;
    sqlite3_stmt *statement = store_statement(a->store, find, a->err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, hour);
    sqlite3_bind_int64(statement, 2, hour + STORE_HOUR);
    sqlite3_bind_int64(statement, 3, set->series);
    if (store_row(a->store, statement, a->err)) {
        id = sqlite3_column_int64(statement, 0);
        total = sqlite3_column_int64(statement, 1);
        sqlite3_reset(statement);
    }
    if (a->err->code != ERR_NONE)
        return false;
    if (id == 0) {
        id = make_window(a, set, 1, hour, hour + STORE_HOUR);
        return id > 0 && put_rows(a, set->series, put_new, id);
    }
    if (total < 0 || set->total > (uint64_t)(INT64_MAX - total))
        return err_set(a->err, ERR_INPUT, "the sum of the hour would be larger than 2^63-1");
    statement = store_statement(a->store, grow, a->err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, (int64_t)set->total);
    bind_samples(a, statement, 3);
    sqlite3_bind_int64(statement, 5, a->window.until - a->window.from);
    return store_done(a->store, statement, a->err) && put_rows(a, set->series, put, id);
}

/* The first set gets a window even without weight: all windows are found by it, and it shows that
 * the source has answered. */
bool store_add_windows(struct store_addition *a)
{
    bool found;
    if (a->window.from >= a->window.until)
        return err_set(a->err, ERR_USAGE, "a window must end after it begins");
    if (!check_kept(a) || !is_window(a, a->rows.sets.at[0].series, &found))
        return false;
    if (found) {
        a->result = STORE_KNOWN;
        return true;
    }
    for (size_t s = 0; s < a->rows.sets.n; s++) {
        const struct store_label_set *set = &a->rows.sets.at[s];
        if (s > 0 && set->total == 0)
            continue;
        int64_t id = make_window(a, set, 0, a->window.from, a->window.until);
        if (id == 0 || !put_rows(a, set->series, put_new, id) || !add_to_hour(a, set))
            return false;
    }
    a->result = STORE_ADDED;
    return true;
}

/* ---- both ---- */

static bool prepare_rows(void *arg)
{
    struct store_addition *a = arg;
    return store_rows_init(&a->rows, &a->heap, a->profile, a->window.labels, a->window.label_count,
                           a->err);
}

static bool add_rows_of_value(struct store_addition *a, unsigned column,
                              const struct value_type *type)
{
    a->rows.column = column;
    if (!store_rows_make(&a->rows, a->store, a->profile, a->window.labels, a->window.label_count,
                         a->err))
        return false;
    if (!a->answer)
        return store_add_windows(a);
    if (!type->is_level)
        return store_add_difference(a);
    a->window.from = a->answer->asked;
    a->window.until = a->answer->answered;
    return store_add_windows(a);
}

static void add_outcome(struct store_addition *a, const struct value_type *type)
{
    struct stored_value value = {type->name, a->window.from, a->window.until};
    if (a->outcome && value.until != 0)
        vec_push(a->store->heap, &a->outcome->values, value);
}

/* All values, the one that counts by default first. The number of samples is left out beside
 * another value, such as the time that they stand for. */
static bool add_all_values(void *arg)
{
    struct store_addition *a = arg;
    const struct profile *profile = a->profile;
    const struct store_window given = a->window;
    if (!add_rows_of_value(a, 0, &profile->value_type) || a->result == STORE_KNOWN)
        return a->err->code == ERR_NONE;
    const struct store_window first = a->window;
    add_outcome(a, &profile->value_type);
    for (unsigned column = 1; column < profile->values.n && profile->tree.values; column++) {
        const struct value_type *type = &profile->values.at[column].type;
        if (tree_sum(&profile->tree, column) == 0 || value_type_is_sample_count(type))
            continue;
        a->window = given;
        if (!add_rows_of_value(a, column, type))
            return false;
        add_outcome(a, type);
    }
    a->window = first;
    a->result = STORE_ADDED;
    return true;
}

/* The keys that were left out, with commas, in the heap of the store. */
static str join_dropped(const struct store_addition *a)
{
    struct strbuf text = {.heap = a->store->heap};
    for (size_t i = 0; i < a->rows.dropped.n; i++)
        strbuf_add_item(&text, a->rows.dropped.at[i]);
    return strbuf_str(&text);
}

void store_outcome_end(struct store *store, struct store_outcome *outcome)
{
    heap_free(store->heap, (void *)(uintptr_t)outcome->dropped.p);
    vec_free(store->heap, &outcome->values);
    outcome->dropped = STR("");
}

static enum store_added run_addition(struct store_addition *a)
{
    struct err err = {0}, *caller = a->err;
    if (a->outcome)
        *a->outcome = (struct store_outcome){.dropped = STR("")};
    a->result = STORE_FAILED;
    a->err = &err;
    heap_init_under(&a->heap, a->store->heap);
    if (!heap_guard(&a->heap, prepare_rows, a, &err) ||
        !store_change(a->store, &a->heap, add_all_values, a, &err)) {
        a->result = STORE_FAILED;
        if (caller)
            *caller = err;
    } else if (a->outcome) {
        a->outcome->dropped = join_dropped(a);
    }
    heap_end(&a->heap);
    return a->result;
}

enum store_added store_add(struct store *store, const struct store_window *window,
                           const struct profile *profile, struct store_outcome *outcome,
                           struct err *err)
{
    struct store_addition addition = {
        .store = store, .window = *window, .profile = profile, .outcome = outcome, .err = err};
    return run_addition(&addition);
}

enum store_added store_add_answer(struct store *store, const struct store_answer *answer,
                                  const struct profile *profile, struct store_window *window,
                                  struct store_outcome *outcome, struct err *err)
{
    struct store_addition addition = {
        .store = store,
        .window = {.labels = answer->labels, .label_count = answer->label_count},
        .profile = profile,
        .answer = answer,
        .outcome = outcome,
        .err = err,
    };
    enum store_added added = run_addition(&addition);
    *window = addition.window;
    return added;
}
