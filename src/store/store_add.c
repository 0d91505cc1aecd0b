/* SPDX-License-Identifier: MIT */
/*
 * store_add: windows and answers on their way into the store. The sums of hours grow with each
 * window, in the same transaction.
 */
#include "store/store_db.h"

struct addition {
    struct store *store;
    struct store_window window;
    const struct profile *profile;
    const struct store_answer *answer; /* NULL: a window as it is */
    struct heap heap;
    struct store_rows rows;
    enum store_added result;
    struct err *err;
};

/* ---- windows ---- */

static bool is_window(struct addition *a, int64_t series, bool *found)
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

static bool check_kept(struct addition *a)
{
    static const char find[] = "SELECT since FROM kept WHERE level = 0";
    int64_t since;
    if (!store_number(a->store, store_statement(a->store, find, a->err), INT64_MIN, &since, a->err))
        return false;
    if (a->answer && a->window.from < since) /* it is not too old, only long */
        a->window.from = a->window.until > since ? since : a->window.from;
    return a->window.from >= since ||
           err_set(a->err, ERR_INPUT,
                   "it is older than the windows that the store keeps, which only has the sums "
                   "of hours there");
}

/* How many samples, and the sum of their squared weights: known only if no label divides them. */
static void bind_samples(struct addition *a, sqlite3_stmt *statement, int at)
{
    const struct profile *profile = a->profile;
    bool known = a->rows.sets.n == 1 && !a->answer && profile_samples_are_known(profile) &&
                 profile->samples <= INT64_MAX;
    struct wide squares = known ? profile->squares : wide_of(0);
    sqlite3_bind_int64(statement, at, known ? (int64_t)profile->samples : 0);
    sqlite3_bind_double(statement, at + 1,
                        (double)squares.high * 18446744073709551616.0 + (double)squares.low);
}

/* A new window of this level. 0 on failure. */
static int64_t make_window(struct addition *a, const struct store_label_set *set, int level,
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

static bool put_rows(struct addition *a, int64_t series, const char *put, int64_t window)
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
static bool add_to_hour(struct addition *a, const struct store_label_set *set)
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

/* The first set is there even without weight: its window is the key of all, and says that the
 * source was heard. */
static bool add_windows(struct addition *a)
{
    bool found;
    if (a->window.from >= a->window.until)
        return err_set(a->err, ERR_USAGE, "a window ends after it begins");
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

/* ---- answers ---- */

/* What the store remembers of a source that counts. */
struct last_answer {
    int64_t asked, answered, elapsed;
    VEC(struct store_row) counts; /* sorted */
};

static bool read_last(struct addition *a, int64_t base, struct last_answer *last, bool *found)
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

/* Counting began anew after the last answer. Both times at which it began are known within the
 * time of a request; 50 ms and a thousandth are for clocks that do not run alike. */
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

/* Subtract the counts of the last answer. False if one of them is larger than now. */
static bool subtract(struct store_rows *rows, const struct last_answer *last)
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

/* The counts that changed, `now` before the subtraction. */
static bool remember(struct addition *a, int64_t base, const struct store_row *now,
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
static void sum_up(struct store_rows *rows)
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
static void choose_times(struct addition *a, const struct last_answer *last, bool known,
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

static bool add_answer(struct addition *a)
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
    bool restarted = known && (is_restarted(answer, &last) || !subtract(&a->rows, &last));
    if (restarted && count > 0)
        memcpy(a->rows.at.at, now, count * sizeof *now);
    choose_times(a, &last, known, restarted);
    if (!remember(a, base, now, restarted))
        return false;
    sum_up(&a->rows);
    if (!known && (answer->elapsed < 0 || answer->elapsed > STORE_HOUR)) {
        a->window.until = 0;
        a->result = STORE_ADDED;
        return true;
    }
    return add_windows(a) &&
           (a->result == STORE_ADDED || /* nothing changes, so that the next answer has it all */
            err_set(a->err, ERR_INPUT, "the store has a window of this time already"));
}

/* ---- both ---- */

static bool prepare(void *arg)
{
    struct addition *a = arg;
    return store_rows_init(&a->rows, &a->heap, a->profile, a->window.labels, a->window.label_count,
                           a->err);
}

static bool add_all(void *arg)
{
    struct addition *a = arg;
    return store_rows_make(&a->rows, a->store, a->profile, a->window.labels, a->window.label_count,
                           a->err) &&
           (a->answer ? add_answer(a) : add_windows(a));
}

/* The keys that were left out, with commas, in the heap of the store. */
static str join_dropped(const struct addition *a)
{
    struct strbuf text = {.heap = a->store->heap};
    for (size_t i = 0; i < a->rows.dropped.n; i++) {
        strbuf_add(&text, i > 0 ? STR(", ") : STR(""));
        strbuf_add(&text, a->rows.dropped.at[i]);
    }
    return strbuf_str(&text);
}

static enum store_added run_addition(struct addition *a, str *dropped)
{
    struct err err = {0}, *caller = a->err;
    a->result = STORE_FAILED;
    a->err = &err;
    heap_init_under(&a->heap, a->store->heap);
    if (!heap_guard(&a->heap, prepare, a, &err) ||
        !store_change(a->store, &a->heap, add_all, a, &err)) {
        a->result = STORE_FAILED;
        if (caller)
            *caller = err;
    } else if (dropped) {
        *dropped = join_dropped(a);
    }
    heap_end(&a->heap);
    return a->result;
}

enum store_added store_add(struct store *store, const struct store_window *window,
                           const struct profile *profile, str *dropped, struct err *err)
{
    struct addition addition = {.store = store, .window = *window, .profile = profile, .err = err};
    return run_addition(&addition, dropped);
}

enum store_added store_add_answer(struct store *store, const struct store_answer *answer,
                                  const struct profile *profile, struct store_window *window,
                                  str *dropped, struct err *err)
{
    struct addition addition = {
        .store = store,
        .window = {.labels = answer->labels, .label_count = answer->label_count},
        .profile = profile,
        .answer = answer,
        .err = err,
    };
    enum store_added added = run_addition(&addition, dropped);
    *window = addition.window;
    return added;
}
