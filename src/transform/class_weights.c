/* SPDX-License-Identifier: MIT */
/*
 * class_weights: see class_weights.h. Sums by class take one pass over the nodes, and shares are
 * computed in whole numbers.
 */
#include "transform/class_weights.h"

#include "core/hash.h"
#include "core/str.h"
#include "core/wide.h"

#define OTHER "other"

static uint32_t find_class(struct class_weights *shares, struct heap *heap, str name)
{
    struct share_class fresh = {.name = name};
    uint32_t place = 0;
    while (place < shares->classes.n && !str_equal(shares->classes.at[place].name, name))
        place++;
    if (place == shares->classes.n)
        vec_push(heap, &shares->classes, fresh);
    return place;
}

bool class_weights_add(struct class_weights *shares, struct name_rules *rules, const char *option,
                       str text, struct err *err)
{
    size_t equals = str_find(text, '=', 0);
    str name = str_head(text, equals);
    if (equals == 0 || equals + 1 >= text.n)
        return err_set(err, ERR_USAGE, "%s needs NAME=REGEX, not '%.*s'", option,
                       STR_SHOWN(text, 100));
    if (str_equal(name, STR(OTHER)))
        return err_set(err, ERR_USAGE, "%s: '" OTHER "' is what no class matches", option);
    return name_rules_add(rules, option, str_skip(text, equals + 1),
                          find_class(shares, rules->heap, name), err);
}

/* The class of a node is that of its name, or else that of its parent. */
static void sum_classes(struct class_weights *shares, const struct tree *tree,
                        const uint32_t *by_name)
{
    uint32_t other = (uint32_t)shares->classes.n - 1;
    uint32_t *class = heap_alloc(tree->heap, tree->n, sizeof *class);
    for (uint32_t node = 0; node < tree->n; node++) {
        uint32_t name = node == TREE_ROOT ? TREE_GAP : tree->frame[node];
        uint32_t own = name == TREE_GAP ? NAME_RULES_NONE : by_name[name];
        if (own == NAME_RULES_NONE)
            own = node == TREE_ROOT ? other : class[tree->parent[node]];
        class[node] = own;
        for (unsigned column = 0; column < shares->columns; column++)
            num_add_most(&shares->classes.at[own].weight[column], tree->weight[column][node]);
    }
    heap_free(tree->heap, class);
}

/* The remainder of rounding down is given to the classes with the largest remainders. */
static void share_out_rest(struct class_weights *shares, unsigned column, struct wide *rest,
                           unsigned left)
{
    while (left-- > 0) {
        size_t most = 0;
        for (size_t i = 1; i < shares->classes.n; i++)
            if (wide_is_less(rest[most], rest[i]))
                most = i;
        shares->classes.at[most].hundredths[column]++;
        rest[most] = wide_of(0);
    }
}

static void compute_shares(struct class_weights *shares, unsigned column, struct heap *heap)
{
    struct wide total = wide_of(0);
    unsigned left = CLASS_WEIGHTS_WHOLE;
    for (size_t i = 0; i < shares->classes.n; i++)
        total = wide_add(total, wide_of(shares->classes.at[i].weight[column]));
    if (wide_is_zero(total))
        return;
    struct wide *rest = heap_alloc(heap, shares->classes.n, sizeof *rest);
    for (size_t i = 0; i < shares->classes.n; i++) {
        struct share_class *class = &shares->classes.at[i];
        struct wide part = wide_product(class->weight[column], CLASS_WEIGHTS_WHOLE);
        class->hundredths[column] = (unsigned)wide_divide(part, total, &rest[i]).low;
        left -= class->hundredths[column];
    }
    share_out_rest(shares, column, rest, left);
    heap_free(heap, rest);
}

bool class_weights_count(struct class_weights *shares, struct name_rules *rules,
                         const struct tree *tree, struct err *err)
{
    uint32_t *by_name = name_rules_find_all(rules, &tree->frames.texts, tree->heap, err);
    if (!by_name)
        return false;
    find_class(shares, rules->heap, STR(OTHER));
    shares->columns = tree_has_sides(tree) ? SIDES : 1;
    sum_classes(shares, tree, by_name);
    heap_free(tree->heap, by_name);
    for (unsigned column = 0; column < shares->columns; column++)
        compute_shares(shares, column, tree->heap);
    shares->decimals = tree->decimals;
    shares->counted = true;
    return true;
}

enum { CELLS = 2 * SIDES, PERCENT_WIDTH = 7 };

/* A table of class names and cells. Columns without width are separated by TABs. */
struct share_table {
    struct sink *sink;
    sink_put_fn *put; /* NULL: without columns */
    size_t name_width, weight_width;
    unsigned cells; /* in a row: per cent and weight of each side */
};

static void put_spaces(struct sink *sink, size_t width, size_t used)
{
    for (; used < width; used++)
        sink_byte(sink, ' ');
}

static void put_share_row(const struct share_table *table, str name, const str *cells)
{
    struct sink *sink = table->sink;
    if (table->put)
        table->put(name, sink);
    for (size_t i = 0; i < name.n && !table->put; i++) /* no TAB and no line end */
        sink_byte(sink, (unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f ? '?' : name.p[i]);
    put_spaces(sink, table->name_width, utf8_text_columns(name));
    for (unsigned i = 0; i < table->cells; i++) {
        size_t width = i % 2 == 0 ? PERCENT_WIDTH : table->weight_width;
        if (table->put)
            put_spaces(sink, width + 2, cells[i].n);
        else
            sink_byte(sink, '\t');
        sink_bytes(sink, cells[i]);
    }
    sink_byte(sink, '\n');
}

static void measure_columns(struct share_table *table, const struct class_weights *shares)
{
    char text[NUM_ROOM];
    table->name_width = sizeof "class" - 1;
    table->weight_width = sizeof "weight" - 1;
    for (size_t i = 0; i < shares->classes.n; i++) {
        const struct share_class *class = &shares->classes.at[i];
        size_t width = utf8_text_columns(class->name);
        if (width > table->name_width)
            table->name_width = width;
        for (unsigned column = 0; column < shares->columns; column++) {
            width = num_put_decimal(text, class->weight[column], shares->decimals);
            if (width > table->weight_width)
                table->weight_width = width;
        }
    }
}

void class_weights_write(const struct class_weights *shares, sink_put_fn *put, struct sink *sink)
{
    static const str titles[CELLS] = {STR_INIT("percent"), STR_INIT("weight"), STR_INIT("before"),
                                      STR_INIT("weight")};
    struct share_table table = {.sink = sink, .put = put, .cells = 2 * shares->columns};
    if (put)
        measure_columns(&table, shares);
    put_share_row(&table, STR("class"), titles);
    for (size_t i = 0; i < shares->classes.n; i++) {
        const struct share_class *class = &shares->classes.at[i];
        char room[CELLS][NUM_ROOM];
        str cells[CELLS];
        for (unsigned cell = 0; cell < table.cells; cell += 2) {
            unsigned column = shares->columns - 1 - cell / 2; /* the side after comes first */
            double percent = class->hundredths[column] / 100.0;
            cells[cell] = str_of(room[cell], num_put_fixed(room[cell], percent, 2));
            cells[cell + 1] = str_of(
                room[cell + 1],
                num_put_decimal(room[cell + 1], class->weight[column], shares->decimals));
        }
        put_share_row(&table, class->name, cells);
    }
}
