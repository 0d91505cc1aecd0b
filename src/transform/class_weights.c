/*
 * class_weights: sums by class, in one pass over the nodes; the arithmetic of shares is in whole
 * numbers.
 */
#include "transform/class_weights.h"

#include "core/hash.h"
#include "core/utf8.h"
#include "core/wide.h"

#define OTHER "other"

void class_weights_init(struct class_weights *shares, struct heap *heap)
{
    *shares = (struct class_weights){.patterns = {.heap = heap}};
}

static uint32_t find_class(struct class_weights *shares, str name)
{
    struct share_class fresh = {.name = name};
    uint32_t place = 0;
    while (place < shares->classes.n && !str_equal(shares->classes.at[place].name, name))
        place++;
    if (place == shares->classes.n)
        vec_push(shares->patterns.heap, &shares->classes, fresh);
    return place;
}

bool class_weights_add(struct class_weights *shares, const char *option, str text, struct err *err)
{
    size_t equals = str_find(text, '=', 0);
    str name = str_head(text, equals);
    if (equals == 0 || equals + 1 >= text.n)
        return err_set(err, ERR_USAGE, "%s wants NAME=REGEX, not '%.*s'", option,
                       (int)(text.n < 100 ? text.n : 100), text.p);
    if (str_equal(name, STR(OTHER)))
        return err_set(err, ERR_USAGE, "%s: '" OTHER "' is what no class matches", option);
    return pattern_set_add(&shares->patterns, option, str_skip(text, equals + 1),
                           find_class(shares, name), err);
}

/* The class of each node is that of its name or else of its parent. */
static void sum_up(struct class_weights *shares, const struct tree *tree, const uint32_t *by_name)
{
    uint32_t other = (uint32_t)shares->classes.n - 1;
    uint32_t *class = heap_alloc(tree->heap, tree->n, sizeof *class);
    for (uint32_t node = 0; node < tree->n; node++) {
        uint32_t name = node == TREE_ROOT ? TREE_GAP : tree->frame[node];
        uint32_t own = name == TREE_GAP ? PATTERN_SET_NONE : by_name[name];
        if (own == PATTERN_SET_NONE)
            own = node == TREE_ROOT ? other : class[tree->parent[node]];
        class[node] = own;
        for (unsigned column = 0; column < shares->columns; column++)
            num_add_most(&shares->classes.at[own].weight[column], tree->weight[column][node]);
    }
    heap_free(tree->heap, class);
}

/* What was rounded down goes to the largest remainders. */
static void deal_rest(struct class_weights *shares, unsigned column, struct wide *rest,
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

static void divide(struct class_weights *shares, unsigned column)
{
    struct heap *heap = shares->patterns.heap;
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
    deal_rest(shares, column, rest, left);
    heap_free(heap, rest);
}

bool class_weights_count(struct class_weights *shares, const struct tree *tree, struct err *err)
{
    uint32_t *by_name = pattern_set_find_all(&shares->patterns, &tree->frames.texts, tree->heap,
                                             err);
    if (!by_name)
        return false;
    find_class(shares, STR(OTHER));
    shares->columns = tree_has_sides(tree) ? SIDES : 1;
    sum_up(shares, tree, by_name);
    heap_free(tree->heap, by_name);
    for (unsigned column = 0; column < shares->columns; column++)
        divide(shares, column);
    shares->decimals = tree->decimals;
    shares->counted = true;
    return true;
}

/* Writing: a cell is put into columns by blanks before or behind it. */
struct columns {
    enum class_weights_form form;
    size_t name, weight; /* widths */
};

enum { PERCENT_WIDTH = 7 };

static void put_blanks(struct sink *sink, size_t width, size_t used)
{
    for (; used < width; used++)
        sink_byte(sink, ' ');
}

static void put_name(const struct columns *c, str name, struct sink *sink)
{
    for (size_t i = 0; i < name.n; i++) /* it may not break lines or steer a terminal */
        sink_byte(sink, (unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f ? '?' : name.p[i]);
    if (c->form == CLASS_WEIGHTS_COLUMNS)
        put_blanks(sink, c->name, utf8_text_columns(name));
}

static void put_right(const struct columns *c, str text, size_t width, struct sink *sink)
{
    if (c->form == CLASS_WEIGHTS_TABS)
        sink_byte(sink, '\t');
    else
        put_blanks(sink, width + 2, text.n);
    sink_bytes(sink, text);
}

static void put_head(const struct columns *c, bool has_before, struct sink *sink)
{
    put_name(c, STR("class"), sink);
    put_right(c, STR("percent"), PERCENT_WIDTH, sink);
    put_right(c, STR("weight"), c->weight, sink);
    if (has_before) {
        put_right(c, STR("before"), PERCENT_WIDTH, sink);
        put_right(c, STR("weight"), c->weight, sink);
    }
    sink_byte(sink, '\n');
}

static void put_share(const struct columns *c, const struct share_class *class, unsigned column,
                      unsigned decimals, struct sink *sink)
{
    char text[NUM_ROOM];
    size_t n = num_put_fixed(text, class->hundredths[column] / 100.0, 2);
    put_right(c, str_of(text, n), PERCENT_WIDTH, sink);
    n = num_put_decimal(text, class->weight[column], decimals);
    put_right(c, str_of(text, n), c->weight, sink);
}

static struct columns measure(const struct class_weights *shares, enum class_weights_form form)
{
    struct columns c = {form, sizeof "class" - 1, sizeof "weight" - 1};
    char text[NUM_ROOM];
    for (size_t i = 0; i < shares->classes.n; i++) {
        const struct share_class *class = &shares->classes.at[i];
        size_t width = utf8_text_columns(class->name);
        c.name = width > c.name ? width : c.name;
        for (unsigned column = 0; column < shares->columns; column++) {
            width = num_put_decimal(text, class->weight[column], shares->decimals);
            c.weight = width > c.weight ? width : c.weight;
        }
    }
    return c;
}

void class_weights_write(const struct class_weights *shares, enum class_weights_form form,
                         struct sink *sink)
{
    struct columns c = measure(shares, form);
    put_head(&c, shares->columns == SIDES, sink);
    for (size_t i = 0; i < shares->classes.n; i++) {
        const struct share_class *class = &shares->classes.at[i];
        put_name(&c, class->name, sink);
        for (unsigned column = shares->columns; column-- > 0;)
            put_share(&c, class, column, shares->decimals, sink);
        sink_byte(sink, '\n');
    }
}

void class_weights_end(struct class_weights *shares)
{
    pattern_set_end(&shares->patterns);
    vec_free(shares->patterns.heap, &shares->classes);
}
