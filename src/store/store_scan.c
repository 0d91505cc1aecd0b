/* SPDX-License-Identifier: MIT */
/*
 * store_scan: see store_db.h.
 *
 *      from 09:20                              until 12:10
 *        |  windows  | hour 10 | hour 11 |  windows  |
 *
 * Where the windows are gone, an hour belongs to the range in which it begins.
 */
#include "store/store_db.h"

str store_copy(struct heap *heap, str text)
{
    char *copy = heap_alloc(heap, text.n + 1, 1);
    if (text.n > 0)
        memcpy(copy, text.p, text.n);
    return str_of(copy, text.n);
}

/* ---- series ---- */

str store_type_text(const struct value_type *type, struct heap *heap)
{
    struct strbuf text = {.heap = heap};
    if (type->name.n > 0)
        return type->name;
    strbuf_add(&text, STR("("));
    strbuf_add(&text, type->unit);
    strbuf_add(&text, STR(")"));
    return strbuf_str(&text);
}

/* Formats say in different ways, or not at all, that they count samples. */
static bool is_samples(str name, str unit)
{
    return (name.n == 0 || str_equal(name, STR("samples"))) &&
           (unit.n == 0 || str_equal(unit, STR("samples")) || str_equal(unit, STR("count")));
}

static uint32_t find_type(struct store_scan *scan, str name, str unit)
{
    uint32_t i = 0;
    if (is_samples(name, unit))
        name = unit = STR("samples");
    while (i < scan->types.n &&
           !(str_equal(scan->types.at[i].name, name) && str_equal(scan->types.at[i].unit, unit)))
        i++;
    if (i == scan->types.n) {
        struct value_type type = {.name = store_copy(scan->heap, name),
                                  .unit = store_copy(scan->heap, unit)};
        vec_push(scan->heap, &scan->types, type);
    }
    return i;
}

static bool read_series(struct store_scan *scan, bool any_type)
{
    static const char last[] = "SELECT max(id) FROM series";
    static const char list[] = "SELECT id, type, unit, decimals, process, chosen"
                               " FROM series";
    struct store *store = scan->store;
    int64_t most;
    if (!store_number(store, store_statement(store, last, scan->err), 0, &most, scan->err))
        return false;
    scan->series_end = most < 0 ? 0 : most + 1;
    scan->series = heap_zero(scan->heap, (size_t)scan->series_end, sizeof *scan->series);
    sqlite3_stmt *statement = store_statement(store, list, scan->err);
    if (!statement)
        return false;
    while (store_row(store, statement, scan->err)) {
        int64_t id = sqlite3_column_int64(statement, 0), decimals;
        if (id <= 0 || id >= scan->series_end)
            continue;
        struct store_series *series = &scan->series[id];
        series->type = find_type(scan, store_column_text(statement, 1),
                                 store_column_text(statement, 2));
        decimals = sqlite3_column_int64(statement, 3);
        series->decimals = decimals >= 0 && decimals <= 9 ? (unsigned)decimals : 0;
        series->process = sqlite3_column_int64(statement, 4) != 0;
        series->chosen = sqlite3_column_int(statement, 5) != 0;
        series->matches = scan->query->type.n > 0
                              ? store_type_is(&scan->types.at[series->type], scan->query->type)
                              : series->chosen || any_type;
    }
    return scan->err->code == ERR_NONE;
}

/* Keep the series that have one of the values of this key. */
static bool keep_labelled(struct store_scan *scan, str key)
{
    static const char list[] = "SELECT series FROM series_label JOIN label ON label.id = label"
                               " WHERE key = ? AND value = ?";
    bool *has = heap_zero(scan->heap, (size_t)scan->series_end, sizeof *has);
    for (size_t i = 0; i < scan->query->label_count; i++) {
        const struct store_label *label = &scan->query->labels[i];
        if (!str_equal(label->key, key))
            continue;
        sqlite3_stmt *statement = store_statement(scan->store, list, scan->err);
        if (!statement)
            return false;
        store_bind_text(statement, 1, label->key);
        store_bind_text(statement, 2, label->value);
        while (store_row(scan->store, statement, scan->err)) {
            int64_t id = sqlite3_column_int64(statement, 0);
            if (id > 0 && id < scan->series_end)
                has[id] = true;
        }
        if (scan->err->code != ERR_NONE)
            return false;
    }
    for (int64_t id = 0; id < scan->series_end; id++)
        scan->series[id].matches &= has[id];
    heap_free(scan->heap, has);
    return true;
}

static bool choose_series(struct store_scan *scan, bool any_type)
{
    const struct store_query *query = scan->query;
    if (!read_series(scan, any_type))
        return false;
    for (size_t i = 0; i < query->label_count; i++) {
        bool seen = false;
        for (size_t before = 0; before < i; before++)
            seen |= str_equal(query->labels[before].key, query->labels[i].key);
        if (!seen && !keep_labelled(scan, query->labels[i].key))
            return false;
    }
    return true;
}

bool store_scan_labels(struct store_scan *scan, int64_t series, struct store_labels *labels)
{
    static const char list[] = "SELECT key, value FROM series_label JOIN label ON label.id = label"
                               " WHERE series = ? ORDER BY key, value";
    sqlite3_stmt *statement = store_statement(scan->store, list, scan->err);
    labels->at.n = 0;
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, series);
    while (store_row(scan->store, statement, scan->err)) {
        struct sample_label label = {
            .key = store_copy(scan->heap, store_column_text(statement, 0)),
            .value = store_copy(scan->heap, store_column_text(statement, 1)),
            .unit = STR(""),
        };
        vec_push(scan->heap, &labels->at, label);
    }
    return scan->err->code == ERR_NONE;
}

/* ---- windows ---- */

static bool scan_level(struct store_scan *scan, int level, int64_t from, int64_t until)
{
    static const char list[] = "SELECT id, start, start + covered, series, total, samples,"
                               " squares FROM window"
                               " WHERE level = ? AND start >= ? AND start < ?";
    if (from >= until)
        return true;
    sqlite3_stmt *statement = store_statement(scan->store, list, scan->err);
    if (!statement)
        return false;
    sqlite3_bind_int(statement, 1, level);
    sqlite3_bind_int64(statement, 2, from);
    sqlite3_bind_int64(statement, 3, until);
    while (store_row(scan->store, statement, scan->err)) {
        struct store_found found = {
            .id = sqlite3_column_int64(statement, 0),
            .from = sqlite3_column_int64(statement, 1),
            .until = sqlite3_column_int64(statement, 2),
            .series = sqlite3_column_int64(statement, 3),
            .total = (uint64_t)sqlite3_column_int64(statement, 4),
            .samples = (uint64_t)sqlite3_column_int64(statement, 5),
            .squares = sqlite3_column_double(statement, 6),
        };
        if (found.series > 0 && found.series < scan->series_end &&
            scan->series[found.series].matches)
            vec_push(scan->heap, &scan->windows, found);
    }
    return scan->err->code == ERR_NONE;
}

/* The windows if they are kept, else the hours that begin in the range. */
static bool scan_windows(struct store_scan *scan, int64_t since, int64_t from, int64_t until)
{
    return scan_level(scan, 1, from, until < since ? until : since) &&
           scan_level(scan, 0, from > since ? from : since, until);
}

static bool refuse_types(struct store_scan *scan, const bool *seen)
{
    struct strbuf names = {.heap = scan->heap};
    for (size_t i = 0; i < scan->types.n; i++) {
        if (!seen[i])
            continue;
        strbuf_add_item(&names, store_type_text(&scan->types.at[i], scan->heap));
        if (scan->types.at[i].name.n > 0) {
            strbuf_add(&names, STR(" in "));
            strbuf_add(&names, scan->types.at[i].unit);
        }
    }
    str text = strbuf_str(&names);
    return err_set(scan->err, ERR_INPUT,
                   "the windows have several values: %.*s; choose one with --sample-index",
                   STR_SHOWN(text, 300));
}

static bool check_types(struct store_scan *scan)
{
    bool *seen = heap_zero(scan->heap, scan->types.n + 1, sizeof *seen);
    size_t count = 0;
    for (size_t i = 0; i < scan->windows.n; i++) {
        uint32_t type = scan->series[scan->windows.at[i].series].type;
        if (seen[type])
            continue;
        seen[type] = true;
        scan->type = type;
        count++;
    }
    return count <= 1 || refuse_types(scan, seen);
}

bool store_scan_run(struct store_scan *scan, bool hours, bool any_type)
{
    static const char kept[] = "SELECT since FROM kept WHERE level = 0";
    const int64_t most = INT64_C(1) << 60;
    int64_t from = scan->query->from, until = scan->query->until, since;
    if (!choose_series(scan, any_type) ||
        !store_number(scan->store, store_statement(scan->store, kept, scan->err), INT64_MIN, &since,
                      scan->err))
        return false;
    from = from < -most ? -most : from > most ? most : from;
    until = until < -most ? -most : until > most ? most : until;
    int64_t first = store_hour(from + STORE_HOUR - 1), last = store_hour(until);
    if (!hours || first >= last) {
        if (!scan_windows(scan, since, from, until))
            return false;
    } else if (!scan_windows(scan, since, from, first) || !scan_level(scan, 1, first, last) ||
               !scan_windows(scan, since, last, until)) {
        return false;
    }
    return any_type || check_types(scan);
}
