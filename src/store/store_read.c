/* SPDX-License-Identifier: MIT */
/*
 * store_read: the sum of the windows of a query as a profile. The windows are read by group, those
 * whose stacks get the same first frames. Weights of a group are added up by the number of the
 * stack; then each stack that has weight enters the tree.
 */
#include <stdlib.h>

#include "store/store_db.h"
#include "store/time_text.h"

struct group {
    str labels; /* name of a frame FRAME_LABELS; n == 0: none */
    VEC(str) roots;
    unsigned decimals;
};

/* A stack as far as it is known. */
struct stack_entry {
    uint64_t weight; /* in the current group */
    int64_t parent;
    uint32_t frame; /* in the tree */
    uint32_t node;  /* in the current group; TREE_NONE: not made */
    bool known;     /* parent and frame were read */
};

struct question {
    struct store *store;
    const struct store_query *query;
    struct heap scratch;
    struct store_scan scan;
    VEC(struct group) groups;
    struct intern group_names;
    struct stack_entry *stacks; /* by id */
    int64_t stack_end;
    VEC(int64_t) touched; /* stacks with weight */
    VEC(int64_t) made;    /* stacks with a node */
    VEC(int64_t) path;
    struct profile *profile;
    struct err *err;
};

/* ---- groups ---- */

/* The group of a series: its first frames and its decimals. */
static bool find_group(struct question *q, struct label_rules *rules, int64_t id)
{
    struct store_series *series = &q->scan.series[id];
    struct group group = {.labels = STR(""), .decimals = series->decimals};
    struct store_labels labels = {0};
    struct strbuf name = {.heap = &q->scratch}, text = {.heap = &q->scratch};
    if (!store_scan_labels(&q->scan, id, &labels))
        return false;
    strbuf_add_u64(&name, series->decimals);
    for (size_t i = 0; i < q->query->by_count; i++) {
        str root = store_copy(&q->scratch,
                              label_rules_root(rules, q->query->by[i], labels.at.at, labels.at.n));
        vec_push(&q->scratch, &group.roots, root);
        strbuf_add(&name, STR(";"));
        strbuf_add_u64(&name, root.n);
        strbuf_add(&name, STR(":"));
        strbuf_add(&name, root);
    }
    if (q->query->keep_labels) {
        label_text_make(&text, labels.at.at, labels.at.n);
        group.labels = strbuf_str(&text);
        strbuf_add(&name, group.labels);
    }
    series->group = intern_add(&q->group_names, strbuf_str(&name));
    if (series->group == q->groups.n)
        vec_push(&q->scratch, &q->groups, group);
    return true;
}

static int compare_windows(const void *a, const void *b)
{
    const struct store_found *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static bool group_windows(struct question *q)
{
    struct label_rules rules;
    bool *grouped = heap_zero(&q->scratch, (size_t)q->scan.series_end, sizeof *grouped);
    label_rules_init(&rules, &q->scratch);
    intern_init(&q->group_names, &q->scratch, 0);
    for (size_t i = 0; i < q->scan.windows.n; i++) {
        struct store_found *found = &q->scan.windows.at[i];
        if (!grouped[found->series] && !find_group(q, &rules, found->series))
            return false;
        grouped[found->series] = true;
        found->group = q->scan.series[found->series].group;
    }
    if (q->scan.windows.n > 0)
        qsort(q->scan.windows.at, q->scan.windows.n, sizeof *q->scan.windows.at, compare_windows);
    return true;
}

/* ---- stacks ---- */

/* The row of an id, to be reset; NULL: an error, `missing` if there is no such row. */
static sqlite3_stmt *find_row(struct question *q, const char *sql, int64_t id, const char *missing)
{
    sqlite3_stmt *statement = store_statement(q->store, sql, q->err);
    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, id);
    if (store_row(q->store, statement, q->err))
        return statement;
    if (q->err->code == ERR_NONE)
        err_set(q->err, ERR_INPUT, "%s", missing);
    return NULL;
}

static bool read_frame(struct question *q, int64_t id, uint32_t *in_tree)
{
    static const char find[] = "SELECT text, module, file, line, kind FROM frame WHERE id = ?";
    sqlite3_stmt *statement = find_row(q, find, id, "the store is damaged: a frame is missing");
    if (!statement)
        return false;
    str text = store_column_text(statement, 0);
    struct frame frame = frame_from_text(text);
    int64_t line = sqlite3_column_int64(statement, 3), kind = sqlite3_column_int64(statement, 4);
    frame.module = store_column_text(statement, 1);
    frame.file = store_column_text(statement, 2);
    frame.line = line > 0 && line <= UINT32_MAX ? (uint32_t)line : 0;
    if (!frame.marked && kind > 0 && kind < FRAME_KINDS)
        frame.kind = (enum frame_kind)kind;
    *in_tree = frames_add(&q->profile->tree.frames, &frame);
    sqlite3_reset(statement);
    return true;
}

static bool read_stored_stack(struct question *q, int64_t id)
{
    static const char find[] = "SELECT parent, frame FROM stack WHERE id = ?";
    struct stack_entry *stack = &q->stacks[id];
    sqlite3_stmt *statement = find_row(q, find, id, "the store is damaged: a stack is missing");
    if (!statement)
        return false;
    int64_t parent = sqlite3_column_int64(statement, 0), frame = sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    if (parent < 0 || parent >= id)
        return err_set(q->err, ERR_INPUT, "the store is damaged: a stack comes before its caller");
    if (!read_frame(q, frame, &stack->frame))
        return false;
    stack->parent = parent;
    stack->known = true;
    return true;
}

/* Make the nodes of a stack, from the first caller that has one. */
static bool make_node(struct question *q, uint32_t root, int64_t id)
{
    q->path.n = 0;
    for (; id != 0 && q->stacks[id].node == TREE_NONE; id = q->stacks[id].parent) {
        if (!q->stacks[id].known && !read_stored_stack(q, id))
            return false;
        vec_push(&q->scratch, &q->path, id);
    }
    uint32_t node = id == 0 ? root : q->stacks[id].node;
    while (q->path.n > 0) {
        struct stack_entry *stack = &q->stacks[q->path.at[--q->path.n]];
        node = tree_child(&q->profile->tree, node, stack->frame);
        stack->node = node;
        vec_push(&q->scratch, &q->made, q->path.at[q->path.n]);
    }
    return true;
}

/* ---- weights ---- */

static bool add_rows(struct question *q, int64_t window)
{
    static const char list[] = "SELECT stack, weight FROM sample WHERE window = ?";
    sqlite3_stmt *statement = store_statement(q->store, list, q->err);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, window);
    while (store_row(q->store, statement, q->err)) {
        int64_t stack = sqlite3_column_int64(statement, 0);
        int64_t weight = sqlite3_column_int64(statement, 1);
        if (stack < 0 || stack >= q->stack_end || weight <= 0)
            return err_set(q->err, ERR_INPUT, "the store is damaged: a row of a window is wrong");
        uint64_t *sum = &q->stacks[stack].weight;
        if (*sum == 0)
            vec_push(&q->scratch, &q->touched, stack);
        num_add_most(sum, (uint64_t)weight);
    }
    return q->err->code == ERR_NONE;
}

static uint32_t make_root(struct question *q, const struct group *group)
{
    struct tree *tree = &q->profile->tree;
    uint32_t node = TREE_ROOT;
    if (group->labels.n > 0) {
        struct frame frame = {.name = group->labels, .kind = FRAME_LABELS};
        node = tree_child(tree, node, frames_add(&tree->frames, &frame));
    }
    for (size_t i = 0; i < group->roots.n; i++) {
        struct frame frame = {.name = group->roots.at[i]};
        node = tree_child(tree, node, frames_add(&tree->frames, &frame));
    }
    return node;
}

/* Move the weights of a group to the tree. */
static bool end_group(struct question *q, const struct group *group)
{
    struct tree *tree = &q->profile->tree;
    uint32_t root = q->touched.n > 0 ? make_root(q, group) : TREE_ROOT;
    for (size_t i = 0; i < q->touched.n; i++) {
        struct stack_entry *stack = &q->stacks[q->touched.at[i]];
        if (!make_node(q, root, q->touched.at[i]))
            return false;
        tree_add_sum(tree, q->touched.at[i] == 0 ? root : stack->node, 0, stack->weight,
                     group->decimals);
        tree->overflow |= stack->weight == UINT64_MAX;
        stack->weight = 0;
    }
    for (size_t i = 0; i < q->made.n; i++)
        q->stacks[q->made.at[i]].node = TREE_NONE;
    q->touched.n = q->made.n = 0;
    return true;
}

static bool add_weights(struct question *q)
{
    static const char last[] = "SELECT max(id) FROM stack";
    if (!store_number(q->store, store_statement(q->store, last, q->err), 0, &q->stack_end, q->err))
        return false;
    q->stack_end = q->stack_end < 0 ? 1 : q->stack_end + 1;
    q->stacks = heap_zero(&q->scratch, (size_t)q->stack_end, sizeof *q->stacks);
    for (int64_t id = 0; id < q->stack_end; id++)
        q->stacks[id].node = TREE_NONE;
    for (size_t i = 0; i < q->scan.windows.n; i++) {
        const struct store_found *found = &q->scan.windows.at[i];
        if (!add_rows(q, found->id))
            return false;
        if ((i + 1 == q->scan.windows.n || found[1].group != found->group) &&
            !end_group(q, &q->groups.at[found->group]))
            return false;
    }
    return true;
}

/* ---- facts ---- */

static int compare_window_times(const void *a, const void *b)
{
    const struct store_found *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* The first window, and the time that windows cover. */
static void add_times(struct question *q)
{
    int64_t covered = 0, until = INT64_MIN;
    char text[TIME_TEXT_ROOM];
    qsort(q->scan.windows.at, q->scan.windows.n, sizeof *q->scan.windows.at, compare_window_times);
    for (size_t i = 0; i < q->scan.windows.n; i++) {
        const struct store_found *found = &q->scan.windows.at[i];
        int64_t from = found->from > until ? found->from : until;
        if (found->until > from)
            covered += found->until - from;
        if (found->until > until)
            until = found->until;
    }
    time_text_put_utc(text, q->scan.windows.at[0].from);
    profile_set_fact(q->profile, STR("date"), str_from_c(text));
    size_t n = num_put_fixed(text, (double)covered / STORE_SECOND, 3);
    memcpy(text + n, " s", 2);
    profile_set_fact(q->profile, STR("duration"), str_of(text, n + 2));
}

static struct wide wide_of_double(double value)
{
    const double high = 18446744073709551616.0;
    if (!(value < high * high))
        return WIDE_MOST;
    uint64_t top = (uint64_t)(value / high);
    double rest = value - (double)top * high;
    return (struct wide){top, rest > 0 && rest < high ? (uint64_t)rest : 0};
}

/* The number of samples is exact if that of each window is. */
static void add_samples(struct question *q)
{
    struct profile *profile = q->profile;
    bool exact = true, process = q->scan.windows.n > 0;
    double squares = 0;
    for (size_t i = 0; i < q->scan.windows.n; i++) {
        const struct store_found *found = &q->scan.windows.at[i];
        exact &= found->total == 0 || (found->samples > 0 && found->squares > 0);
        process &= q->scan.series[found->series].process || found->total == 0;
        num_add_most(&profile->samples, found->samples);
        squares += found->squares;
    }
    profile->process_is_root = process && q->query->by_count == 0;
    if (exact)
        profile->squares = wide_of_double(squares);
    else
        profile->unsure = profile->samples = profile->samples > 0 ? profile->samples : 1;
}

static bool answer_store_question(void *arg)
{
    struct question *q = arg;
    q->scan = (struct store_scan){
        .store = q->store, .query = q->query, .heap = &q->scratch, .err = q->err};
    if (!store_scan_run(&q->scan, true, false) || !group_windows(q) || !add_weights(q))
        return false;
    if (q->scan.windows.n == 0)
        return true;
    const struct value_type *type = &q->scan.types.at[q->scan.type];
    if (type->name.n > 0 || type->unit.n > 0)
        profile_set_value_type(q->profile, type);
    add_samples(q);
    add_times(q);
    return true;
}

/* In its own guard: `scratch` ends in any case. */
static bool answer_guarded(void *arg)
{
    struct question *q = arg;
    return heap_guard(&q->scratch, answer_store_question, q, q->err);
}

bool store_read(struct store *store, const struct store_query *query, struct heap *heap,
                struct profile *profile, struct err *err)
{
    struct err mine = {0};
    struct question q = {.store = store, .query = query, .profile = profile, .err = &mine};
    profile_init(profile, heap, 0, false);
    heap_init_under(&q.scratch, heap);
    bool done = store_ask(store, heap, answer_guarded, &q, &mine);
    heap_end(&q.scratch);
    if (!done) {
        err_in_file(&mine, store->path, 0);
        if (err)
            *err = mine;
    }
    return done;
}
