/* SPDX-License-Identifier: MIT */
/*
 * store_rows: see store_db.h. A stack is its caller's stack and one more frame; both have numbers
 * that are made once.
 */
#include <stdlib.h>

#include "store/store_db.h"

/* ---- labels ---- */

static int compare_labels(const void *a, const void *b)
{
    const struct store_label *x = a, *y = b;
    int order = str_compare(x->key, y->key);
    return order != 0 ? order : str_compare(x->value, y->value);
}

/* The labels of a frame FRAME_LABELS that can be kept: texts, each key once. */
struct sample_labels {
    uint32_t node;
    struct store_label at[STORE_LABELS_MOST];
    size_t n;
};

struct sorting {
    struct store_rows *rows;
    const struct store_label *labels; /* of the window */
    size_t label_count;
    VEC(struct sample_labels) samples;
};

static void read_labels(struct sorting *sorting, struct sample_labels *sample, str text)
{
    struct sample_label label;
    while (sample->n < STORE_LABELS_MOST && label_text_next(&text, &label))
        if (!label.is_number && label.key.n > 0 && label.key.n <= STORE_TEXT_MOST &&
            label.value.n <= STORE_TEXT_MOST &&
            !store_label_find(sorting->labels, sorting->label_count, label.key) &&
            !store_label_find(sample->at, sample->n, label.key))
            sample->at[sample->n++] = (struct store_label){label.key, label.value};
    qsort(sample->at, sample->n, sizeof *sample->at, compare_labels);
}

static bool is_dropped(const struct store_rows *rows, str key)
{
    for (size_t i = 0; i < rows->dropped.n; i++)
        if (str_equal(rows->dropped.at[i], key))
            return true;
    return false;
}

static void add_text(struct strbuf *text, str part)
{
    strbuf_add_u64(text, part.n);
    strbuf_add(text, STR(":"));
    strbuf_add(text, part);
}

/* The key that has the most values. */
static str find_widest_key(const struct sorting *sorting)
{
    struct heap *heap = sorting->rows->heap;
    struct strbuf text = {.heap = heap};
    struct intern keys, values;
    VEC(uint32_t) counts = {0};
    uint32_t widest = 0;
    intern_init(&keys, heap, 0);
    intern_init(&values, heap, 0);
    for (size_t i = 0; i < sorting->samples.n; i++)
        for (size_t l = 0; l < sorting->samples.at[i].n; l++) {
            struct store_label label = sorting->samples.at[i].at[l];
            if (is_dropped(sorting->rows, label.key))
                continue;
            uint32_t key = intern_add(&keys, label.key), known = intern_count(&values);
            if (key == counts.n)
                vec_push(heap, &counts, 0u);
            strbuf_clear(&text);
            add_text(&text, label.key);
            strbuf_add(&text, label.value);
            counts.at[key] += intern_add(&values, strbuf_str(&text)) == known;
        }
    for (uint32_t key = 1; key < counts.n; key++)
        if (counts.at[key] > counts.at[widest])
            widest = key;
    return intern_name(&keys, widest);
}

static void add_set(struct store_rows *rows, const struct sample_labels *sample)
{
    struct store_label_set set = {0};
    for (size_t l = 0; sample && l < sample->n; l++)
        if (!is_dropped(rows, sample->at[l].key))
            vec_push(rows->heap, &set.labels, sample->at[l]);
    vec_push(rows->heap, &rows->sets, set);
}

/* Number the sets. False: there are too many. */
static bool number_sets(struct sorting *sorting)
{
    struct store_rows *rows = sorting->rows;
    struct strbuf text = {.heap = rows->heap};
    struct intern texts;
    intern_init(&texts, rows->heap, 0);
    intern_add(&texts, STR(""));
    rows->sets.n = 0;
    add_set(rows, NULL);
    for (size_t i = 0; i < sorting->samples.n; i++) {
        const struct sample_labels *sample = &sorting->samples.at[i];
        strbuf_clear(&text);
        for (size_t l = 0; l < sample->n; l++)
            if (!is_dropped(rows, sample->at[l].key)) {
                add_text(&text, sample->at[l].key);
                add_text(&text, sample->at[l].value);
            }
        uint32_t set = intern_add(&texts, strbuf_str(&text));
        if (set == STORE_SERIES_MOST)
            return false;
        if (set == rows->sets.n)
            add_set(rows, sample);
        rows->set_of[sample->node] = set;
    }
    return true;
}

static bool check_labels(const struct store_label *labels, size_t count, struct err *err)
{
    if (!store_label_find(labels, count, STR(STORE_SOURCE)))
        return err_set(err, ERR_USAGE, "a window needs a source");
    if (count > STORE_LABELS_MOST)
        return err_set(err, ERR_USAGE, "a window has at most %d labels", STORE_LABELS_MOST);
    for (size_t i = 0; i < count; i++) {
        if (labels[i].key.n == 0 || labels[i].key.n > STORE_TEXT_MOST ||
            labels[i].value.n > STORE_TEXT_MOST)
            return err_set(err, ERR_USAGE, "keys and values of labels have at most %d bytes",
                           STORE_TEXT_MOST);
        if (store_label_find(labels, i, labels[i].key))
            return err_set(err, ERR_USAGE, "a window has two labels '%.*s'",
                           STR_SHOWN(labels[i].key, 60));
    }
    return true;
}

bool store_rows_init(struct store_rows *rows, struct heap *heap, const struct profile *profile,
                     const struct store_label *labels, size_t label_count, struct err *err)
{
    const struct tree *tree = &profile->tree;
    struct sorting sorting = {rows, labels, label_count, .samples = {0}};
    *rows = (struct store_rows){.heap = heap};
    if (!check_labels(labels, label_count, err))
        return false;
    if (tree_has_sides(tree) || profile->has_losses)
        return err_set(err, ERR_INPUT, "it has two sides, or values below 0");
    for (unsigned column = 0; column < tree->columns; column++)
        if (tree->overflow || tree_sum(tree, column) > INT64_MAX)
            return err_set(err, ERR_INPUT, "the sum of its weights is larger than 2^63-1");
    rows->set_of = heap_zero(heap, tree->n, sizeof *rows->set_of);
    for (uint32_t node = 1; node < tree->n; node++)
        if (tree->parent[node] == TREE_ROOT && frames_is_labels(&tree->frames, tree->frame[node])) {
            struct sample_labels sample = {.node = node};
            read_labels(&sorting, &sample, frames_text(&tree->frames, tree->frame[node]));
            vec_push(heap, &sorting.samples, sample);
        }
    while (!number_sets(&sorting))
        vec_push(heap, &rows->dropped, find_widest_key(&sorting));
    for (uint32_t node = 1; node < tree->n; node++)
        if (tree->parent[node] != TREE_ROOT)
            rows->set_of[node] = rows->set_of[tree->parent[node]];
    return true;
}

/* ---- numbers ---- */

static int64_t put_frame(struct store *store, const struct frame *frame, struct err *err)
{
    static const char find[] = "SELECT id FROM frame WHERE text = ?";
    static const char make[] = "INSERT INTO frame (text, module, file, line, kind)"
                               " VALUES (?, ?, ?, ?, ?)";
    int64_t id;
    sqlite3_stmt *statement = store_statement(store, find, err);
    if (!statement)
        return 0;
    store_bind_text(statement, 1, frame->text);
    if (!store_number(store, statement, 0, &id, err) || id > 0)
        return id;
    statement = store_statement(store, make, err);
    if (!statement)
        return 0;
    store_bind_text(statement, 1, frame->text);
    store_bind_text(statement, 2, frame->module);
    store_bind_text(statement, 3, frame->file);
    sqlite3_bind_int64(statement, 4, frame->line);
    sqlite3_bind_int(statement, 5, frame->kind);
    return store_done(store, statement, err) ? sqlite3_last_insert_rowid(store->db) : 0;
}

static bool run_with_two_ids(struct store *store, const char *sql, int64_t a, int64_t b,
                             struct err *err)
{
    sqlite3_stmt *statement = store_statement(store, sql, err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, a);
    sqlite3_bind_int64(statement, 2, b);
    return store_done(store, statement, err);
}

static int64_t put_stack(struct store *store, int64_t parent, int64_t frame, struct err *err)
{
    static const char find[] = "SELECT id FROM stack WHERE parent = ? AND frame = ?";
    static const char make[] = "INSERT INTO stack (parent, frame) VALUES (?, ?)";
    int64_t id;
    sqlite3_stmt *statement = store_statement(store, find, err);
    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, parent);
    sqlite3_bind_int64(statement, 2, frame);
    if (!store_number(store, statement, 0, &id, err) || id > 0)
        return id;
    return run_with_two_ids(store, make, parent, frame, err) ? sqlite3_last_insert_rowid(store->db)
                                                             : 0;
}

int64_t store_put_label(struct store *store, struct store_label label, struct err *err)
{
    static const char find[] = "SELECT id FROM label WHERE key = ? AND value = ?";
    static const char make[] = "INSERT INTO label (key, value) VALUES (?, ?)";
    int64_t id;
    sqlite3_stmt *statement = store_statement(store, find, err);
    if (!statement)
        return 0;
    store_bind_text(statement, 1, label.key);
    store_bind_text(statement, 2, label.value);
    if (!store_number(store, statement, 0, &id, err) || id > 0)
        return id;
    statement = store_statement(store, make, err);
    if (!statement)
        return 0;
    store_bind_text(statement, 1, label.key);
    store_bind_text(statement, 2, label.value);
    return store_done(store, statement, err) ? sqlite3_last_insert_rowid(store->db) : 0;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool bind_series(sqlite3_stmt *statement, str labels, const struct profile *profile,
                        unsigned column)
{
    const struct value_type *type = column > 0 ? &profile->values.at[column].type
                                               : &profile->value_type;
    if (!statement)
        return false;
    store_bind_text(statement, 1, labels);
    store_bind_text(statement, 2, type->name);
    store_bind_text(statement, 3, type->unit);
    sqlite3_bind_int64(statement, 4, profile->tree.decimals);
    sqlite3_bind_int(statement, 5, profile->process_is_root);
    return true;
}

/* The series with these labels. `ids` are sorted. 0 on failure. */
static int64_t put_series(struct store *store, const struct profile *profile, unsigned column,
                          const int64_t *ids, size_t count, struct heap *heap, struct err *err)
{
    static const char find[] = "SELECT id FROM series WHERE labels = ? AND type = ? AND unit = ?"
                               " AND decimals = ? AND process = ?";
    static const char make[] = "INSERT INTO series (labels, type, unit, decimals, process, chosen)"
                               " VALUES (?, ?, ?, ?, ?, ?)";
    static const char choose[] = "UPDATE series SET chosen = ?1 WHERE id = ?2 AND chosen < ?1";
    static const char link[] = "INSERT INTO series_label (label, series) VALUES (?, ?)";
    struct strbuf text = {.heap = heap};
    int64_t series = 0;
    for (size_t i = 0; i < count; i++) {
        strbuf_add(&text, i > 0 ? STR(",") : STR(""));
        strbuf_add_u64(&text, (uint64_t)ids[i]);
    }
    sqlite3_stmt *statement = store_statement(store, find, err);
    if (!bind_series(statement, strbuf_str(&text), profile, column) ||
        !store_number(store, statement, 0, &series, err))
        return 0;
    if (series > 0) /* it may have been beside another value until now */
        return column > 0 || run_with_two_ids(store, choose, 1, series, err) ? series : 0;
    statement = store_statement(store, make, err);
    if (!bind_series(statement, strbuf_str(&text), profile, column))
        return 0;
    sqlite3_bind_int(statement, 6, column == 0);
    if (!store_done(store, statement, err))
        return 0;
    series = sqlite3_last_insert_rowid(store->db);
    for (size_t i = 0; i < count; i++)
        if (!run_with_two_ids(store, link, ids[i], series, err))
            return 0;
    return series;
}

static bool find_series(struct store_rows *rows, struct store *store, const struct profile *profile,
                        const struct store_label *labels, size_t label_count, struct err *err)
{
    for (size_t s = 0; s < rows->sets.n; s++) {
        struct store_label_set *set = &rows->sets.at[s];
        size_t n = label_count + set->labels.n;
        int64_t *ids = heap_alloc(rows->heap, n, sizeof *ids);
        for (size_t i = 0; i < n; i++) {
            ids[i] = store_put_label(
                store, i < label_count ? labels[i] : set->labels.at[i - label_count], err);
            if (ids[i] == 0)
                return false;
        }
        qsort(ids, n, sizeof *ids, compare_ids);
        set->series = put_series(store, profile, rows->column, ids, n, rows->heap, err);
        if (set->series == 0)
            return false;
    }
    return true;
}

/* ---- rows ---- */

static int compare_rows(const void *a, const void *b)
{
    const struct store_row *x = a, *y = b;
    if (x->series != y->series)
        return x->series < y->series ? -1 : 1;
    return (x->stack > y->stack) - (x->stack < y->stack);
}

/* Sort the rows, and add up those of the same series and stack. */
static void store_rows_sort(struct store_rows *rows)
{
    size_t n = 0;
    if (rows->at.n > 0)
        qsort(rows->at.at, rows->at.n, sizeof *rows->at.at, compare_rows);
    for (size_t i = 0; i < rows->at.n; i++)
        if (n > 0 && compare_rows(&rows->at.at[n - 1], &rows->at.at[i]) == 0)
            rows->at.at[n - 1].weight += rows->at.at[i].weight;
        else
            rows->at.at[n++] = rows->at.at[i];
    rows->at.n = n;
}

bool store_rows_make(struct store_rows *rows, struct store *store, const struct profile *profile,
                     const struct store_label *labels, size_t label_count, struct err *err)
{
    const struct tree *tree = &profile->tree;
    struct heap *heap = rows->heap;
    int64_t *frames = heap_zero(heap, frames_count(&tree->frames), sizeof *frames);
    int64_t *stacks = heap_zero(heap, tree->n, sizeof *stacks);
    bool *needed = heap_zero(heap, tree->n, sizeof *needed);
    const uint64_t *weights = tree->weight[rows->column];
    rows->at.n = 0;
    for (size_t s = 0; s < rows->sets.n; s++)
        rows->sets.at[s].total = 0;
    if (!find_series(rows, store, profile, labels, label_count, err))
        return false;
    for (uint32_t node = tree->n; node-- > 1;) {
        needed[node] |= weights[node] != 0;
        needed[tree->parent[node]] |= needed[node];
    }
    for (uint32_t node = 0; node < tree->n; node++) {
        uint32_t id = tree->frame[node];
        struct store_label_set *set = &rows->sets.at[rows->set_of[node]];
        struct store_row row = {set->series, 0, weights[node]};
        if (node > 0 && needed[node] && !frames_is_labels(&tree->frames, id)) {
            struct frame frame = frames_get(&tree->frames, id);
            if (frames[id] == 0)
                frames[id] = put_frame(store, &frame, err);
            if (frames[id] == 0)
                return false;
            stacks[node] = put_stack(store, stacks[tree->parent[node]], frames[id], err);
            if (stacks[node] == 0)
                return false;
        }
        row.stack = stacks[node];
        set->total += row.weight;
        if (row.weight > 0)
            vec_push(heap, &rows->at, row);
    }
    store_rows_sort(rows);
    return true;
}
