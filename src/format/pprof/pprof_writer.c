/* SPDX-License-Identifier: MIT */
/*
 * pprof_writer: write the stacks of a tree in the format of pprof.
 *
 *      tree     main ─► parse ─► read (inlined into parse)     module /bin/app
 *      pprof    sample: locations 2 1      location 2: lines read, parse     location 1: line main
 *
 * Samples are written first; functions, locations, mappings and strings are numbered in the
 * process. Strings must be UTF-8: other bytes become U+FFFD.
 */
#include "format/pprof/pprof.h"
#include "format/protobuf.h"
#include "profile/label_rules.h"
#include "profile/sibling_order.h"

struct pprof_line {
    uint32_t function, line;
};

#define EMPTY_NAME STR("\xff")

struct pprof_writer {
    struct heap *heap;
    const struct tree *tree;
    const struct profile *profile; /* NULL: none */
    struct sink *sink;
    /* The keys of these tables hold numbers of the other tables; an id is the place plus one. */
    struct intern strings;
    struct intern mappings;     /* a module */
    struct intern functions;    /* strings: name, file */
    struct intern locations;    /* a mapping, then lines, innermost first */
    VEC(uint32_t) key;          /* of a location */
    VEC(uint64_t) location_ids; /* of the current sample, leaf first */
    struct strbuf message, part, name, text;
};

/* ---- strings and tables ---- */

/* `text`, or a copy of it that is UTF-8. */
static str make_utf8(struct pprof_writer *w, str text)
{
    bool good = true;
    for (size_t at = 0; good && at < text.n;)
        good = utf8_next(text, &at) != UTF8_BAD;
    if (good)
        return text;
    strbuf_clear(&w->text);
    for (size_t at = 0; at < text.n;) {
        size_t start = at;
        bool bad = utf8_next(text, &at) == UTF8_BAD;
        strbuf_add(&w->text, bad ? STR("\xef\xbf\xbd") : str_cut(text, start, at));
    }
    return strbuf_str(&w->text);
}

static uint32_t string_id(struct pprof_writer *w, str text)
{
    return intern_add(&w->strings, make_utf8(w, text));
}

/* String 0 means that the name is not known. An empty name gets an empty string of its own; its key
 * in the table is not UTF-8, so no name equals it. */
static uint32_t name_id(struct pprof_writer *w, str name)
{
    return name.n > 0 ? string_id(w, name) : intern_add(&w->strings, EMPTY_NAME);
}

static void put_pprof_message(struct pprof_writer *w, enum profile_field field)
{
    strbuf_clear(&w->part);
    protobuf_put_bytes(&w->part, field, strbuf_str(&w->message));
    sink_bytes(w->sink, strbuf_str(&w->part));
    strbuf_clear(&w->message);
}

static uint32_t add_pprof_entry(struct intern *table, const uint32_t *key, size_t n)
{
    return intern_add(table, str_of((const char *)key, n * sizeof *key)) + 1;
}

/* The numbers of an entry's key. Returns how many. */
static size_t entry_key(const struct intern *table, uint32_t place, uint32_t *key, size_t most)
{
    str bytes = intern_name(table, place);
    size_t n = bytes.n / sizeof *key;
    memcpy(key, bytes.p, (n < most ? n : most) * sizeof *key);
    return n;
}

/* ---- samples ---- */

static void push_line(struct pprof_writer *w, const struct frame *frame)
{
    strbuf_set(&w->name, frame_bare_name(frame));
    if (frame->marked)
        strbuf_add(&w->name, str_skip(frame->text, frame->name.n));
    uint32_t key[] = {name_id(w, strbuf_str(&w->name)), string_id(w, frame->file)};
    uint32_t function = add_pprof_entry(&w->functions, key, 2);
    vec_push(w->heap, &w->key, function);
    vec_push(w->heap, &w->key, frame->line);
}

/* The frames of `node` and its callers, as locations: an inlined frame shares that of its caller.
 * Returns the labels of the stack, or the root. */
static uint32_t list_locations(struct pprof_writer *w, uint32_t node)
{
    const struct tree *tree = w->tree;
    w->location_ids.n = w->key.n = 0;
    while (node != TREE_ROOT && !frames_is_labels(&tree->frames, tree->frame[node])) {
        struct frame frame = frames_get(&tree->frames, tree->frame[node]);
        uint32_t parent = tree->parent[node];
        if (w->key.n == 0)
            vec_push(w->heap, &w->key, 0);
        push_line(w, &frame);
        node = parent;
        bool last = node == TREE_ROOT || frames_is_labels(&tree->frames, tree->frame[node]);
        if (frame.kind == FRAME_INLINED && !last)
            continue;
        if (frame.module.n > 0)
            w->key.at[0] = intern_add(&w->mappings, make_utf8(w, frame.module)) + 1;
        uint64_t id = add_pprof_entry(&w->locations, w->key.at, w->key.n);
        vec_push(w->heap, &w->location_ids, id);
        w->key.n = 0;
    }
    return node;
}

static void put_packed(struct pprof_writer *w, unsigned field, const uint64_t *numbers, size_t n)
{
    strbuf_clear(&w->part);
    for (size_t i = 0; i < n; i++)
        protobuf_put_varint(&w->part, numbers[i]);
    protobuf_put_bytes(&w->message, field, strbuf_str(&w->part));
}

static void put_labels(struct pprof_writer *w, uint32_t node)
{
    str rest = node == TREE_ROOT ? STR("") : tree_text(w->tree, node);
    struct sample_label label;
    while (label_text_next(&rest, &label)) {
        strbuf_clear(&w->part);
        protobuf_put_number(&w->part, LABEL_KEY, string_id(w, label.key));
        if (!label.is_number)
            protobuf_put_number(&w->part, LABEL_TEXT, string_id(w, label.value));
        protobuf_put_number(&w->part, LABEL_NUMBER, (uint64_t)label.number);
        protobuf_put_number(&w->part, LABEL_UNIT, string_id(w, label.unit));
        protobuf_put_bytes(&w->message, SAMPLE_LABEL, strbuf_str(&w->part));
    }
}

/* ---- values ---- */

struct pprof_column {
    unsigned column;
    str name, unit;
    uint64_t down; /* weights are divided by it, and rounded */
    uint64_t up;   /* before that, they are multiplied by it */
    bool rounds;
};

/* Whole units; if a time has fractions, nanoseconds. */
static void choose_pprof_scale(const struct tree *tree, struct pprof_column *c)
{
    const uint64_t *weight = tree->weight[c->column];
    c->up = c->down = 1;
    num_scale10(1, tree->decimals, &c->down);
    for (uint32_t node = 0; node < tree->n && !c->rounds; node++)
        c->rounds = weight[node] % c->down != 0;
    double ns = quantity_ns(quantity_unit(c->unit));
    if (!c->rounds || ns <= 1)
        return;
    c->up = (uint64_t)ns;
    c->unit = STR("nanoseconds");
    c->rounds = false;
    for (uint32_t node = 0; node < tree->n && !c->rounds; node++)
        c->rounds = weight[node] % c->down * c->up % c->down != 0;
}

static uint64_t scaled_value(const struct pprof_column *c, uint64_t weight)
{
    uint64_t value;
    if (__builtin_mul_overflow(weight / c->down, c->up, &value))
        return UINT64_MAX;
    num_add_most(&value, (weight % c->down * c->up + c->down / 2) / c->down);
    return value;
}

/* A name and a unit for weights that have none. */
static struct pprof_column pprof_column_of(unsigned column, str name, str unit)
{
    struct pprof_column c = {.column = column, .name = name, .unit = unit};
    c.name = name.n > 0 ? name : unit.n > 0 ? STR("weight") : STR("samples");
    c.unit = unit.n > 0 ? unit : STR("count");
    return c;
}

/* The columns of the tree, in the order of the input's values: the chosen one is the first column.
 */
static size_t list_columns(const struct tree *tree, const struct profile *profile,
                           struct pprof_column *columns)
{
    str name = profile ? profile->value_type.name : STR("");
    str unit = profile ? profile->value_type.unit : STR("");
    size_t n = profile && tree->values ? profile->values.n : 0;
    for (unsigned i = 0; i < n; i++) {
        const struct value_type *type = &profile->values.at[i].type;
        size_t place = i == 0 ? profile->value : i <= profile->value ? i - 1 : i;
        columns[place] = pprof_column_of(i, type->name, type->unit);
    }
    if (n == 0 && tree_has_sides(tree)) {
        columns[n++] = pprof_column_of(SIDE_BEFORE, STR("before"), unit);
        columns[n++] = pprof_column_of(SIDE_AFTER, STR("after"), unit);
    } else if (n == 0) {
        columns[n++] = pprof_column_of(0, name, unit);
    }
    for (size_t i = 0; i < n; i++)
        choose_pprof_scale(tree, &columns[i]);
    return n;
}

bool pprof_rounds(const struct tree *tree, const struct profile *profile)
{
    struct pprof_column columns[COLUMNS_MOST];
    size_t n = list_columns(tree, profile, columns);
    bool rounds = false;
    for (size_t i = 0; i < n; i++)
        rounds |= columns[i].rounds;
    return rounds;
}

static void put_types(struct pprof_writer *w, const struct pprof_column *columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        protobuf_put_number(&w->message, TYPE_NAME, string_id(w, columns[i].name));
        protobuf_put_number(&w->message, TYPE_UNIT, string_id(w, columns[i].unit));
        put_pprof_message(w, PROFILE_SAMPLE_TYPE);
    }
}

/* Values above 2^63-1 go to several samples. */
static void put_sample(struct pprof_writer *w, uint32_t labels, uint64_t *values, size_t n)
{
    uint64_t part[COLUMNS_MOST];
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            part[i] = values[i] < INT64_MAX ? values[i] : INT64_MAX;
            values[i] -= part[i];
            more |= values[i] > 0;
        }
        put_packed(w, SAMPLE_LOCATION, w->location_ids.at, w->location_ids.n);
        put_packed(w, SAMPLE_VALUE, part, n);
        put_labels(w, labels);
        put_pprof_message(w, PROFILE_SAMPLE);
    }
}

static void put_pprof_samples(struct pprof_writer *w, const struct pprof_column *columns, size_t n)
{
    struct sibling_order order;
    uint64_t values[COLUMNS_MOST];
    const struct tree *tree = w->tree;
    sibling_order_make(&order, tree, tree->in_order ? ORDER_INPUT : ORDER_NAME, NULL);
    for (uint32_t node = TREE_ROOT; node != TREE_NONE;
         node = sibling_order_next(&order, tree, node)) {
        if (!tree_has_weight(tree, node))
            continue;
        for (size_t i = 0; i < n; i++)
            values[i] = scaled_value(&columns[i], tree->weight[columns[i].column][node]);
        uint32_t labels = list_locations(w,
                                         tree->frame[node] == TREE_GAP ? tree->parent[node] : node);
        put_sample(w, labels, values, n);
    }
    sibling_order_end(&order, w->heap);
}

/* ---- tables ---- */

/* Mark names as known, so that pprof does not look for them in the files of the mappings. */
static void put_mappings(struct pprof_writer *w)
{
    for (uint32_t i = 0; i < intern_count(&w->mappings); i++) {
        protobuf_put_number(&w->message, MAPPING_ID, i + 1);
        protobuf_put_number(&w->message, MAPPING_FILE, string_id(w, intern_name(&w->mappings, i)));
        for (unsigned has = MAPPING_HAS_FUNCTIONS; has <= MAPPING_HAS_INLINES; has++)
            protobuf_put_number(&w->message, has, 1);
        put_pprof_message(w, PROFILE_MAPPING);
    }
}

static void put_locations(struct pprof_writer *w)
{
    for (uint32_t i = 0; i < intern_count(&w->locations); i++) {
        size_t n = intern_name(&w->locations, i).n / sizeof *w->key.at;
        w->key.n = 0;
        vec_reserve(w->heap, &w->key, n);
        entry_key(&w->locations, i, w->key.at, n);
        protobuf_put_number(&w->message, LOCATION_ID, i + 1);
        protobuf_put_number(&w->message, LOCATION_MAPPING, w->key.at[0]);
        for (size_t k = 1; k < n; k += 2) {
            strbuf_clear(&w->part);
            protobuf_put_number(&w->part, LINE_FUNCTION, w->key.at[k]);
            protobuf_put_number(&w->part, LINE_NUMBER, w->key.at[k + 1]);
            protobuf_put_bytes(&w->message, LOCATION_LINE, strbuf_str(&w->part));
        }
        put_pprof_message(w, PROFILE_LOCATION);
    }
}

static void put_pprof_functions(struct pprof_writer *w)
{
    uint32_t key[2];
    for (uint32_t i = 0; i < intern_count(&w->functions); i++) {
        entry_key(&w->functions, i, key, 2);
        protobuf_put_number(&w->message, FUNCTION_ID, i + 1);
        protobuf_put_number(&w->message, FUNCTION_NAME, key[0]);
        protobuf_put_number(&w->message, FUNCTION_SYSTEM_NAME, key[0]);
        protobuf_put_number(&w->message, FUNCTION_FILE, key[1]);
        put_pprof_message(w, PROFILE_FUNCTION);
    }
}

/* Facts about the recording are comments, which `go tool pprof -comments` prints. The name of the
 * file is left out: the new file has another one. */
static void put_comments(struct pprof_writer *w)
{
    struct strbuf line = {.heap = w->heap};
    for (size_t i = 0; w->profile && i < w->profile->facts.n; i++) {
        const struct profile_fact *fact = &w->profile->facts.at[i];
        if (str_equal(fact->key, STR("source")))
            continue;
        strbuf_set(&line, fact->key);
        strbuf_add(&line, STR(": "));
        strbuf_add(&line, fact->value);
        strbuf_clear(&w->part);
        protobuf_put_number(&w->part, PROFILE_COMMENT, string_id(w, strbuf_str(&line)));
        sink_bytes(w->sink, strbuf_str(&w->part));
    }
    strbuf_end(&line);
}

static void put_strings(struct pprof_writer *w)
{
    for (uint32_t i = 0; i < intern_count(&w->strings); i++) {
        str text = intern_name(&w->strings, i);
        strbuf_set(&w->message, str_equal(text, EMPTY_NAME) ? STR("") : text);
        put_pprof_message(w, PROFILE_STRING);
    }
}

void pprof_write(const struct tree *tree, const struct profile *profile, struct sink *sink)
{
    struct heap *heap = tree->heap;
    struct gzip_sink gzip;
    struct pprof_column columns[COLUMNS_MOST];
    struct pprof_writer w = {.heap = heap,
                             .tree = tree,
                             .profile = profile,
                             .sink = &gzip.sink,
                             .message.heap = heap,
                             .part.heap = heap,
                             .name.heap = heap,
                             .text.heap = heap};
    struct intern *tables[] = {&w.strings, &w.mappings, &w.functions, &w.locations};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        intern_init(tables[i], heap, tree->seed);
    gzip_sink_open(&gzip, heap, sink);
    string_id(&w, STR(""));
    size_t n = list_columns(tree, profile, columns);
    size_t value = profile && tree->values ? profile->value : n - 1;
    put_types(&w, columns, n);
    put_pprof_samples(&w, columns, n);
    put_mappings(&w);
    put_locations(&w);
    put_pprof_functions(&w);
    put_comments(&w);
    protobuf_put_number(&w.message, PROFILE_DEFAULT_TYPE, string_id(&w, columns[value].name));
    sink_bytes(w.sink, strbuf_str(&w.message));
    put_strings(&w);
    gzip_sink_close(&gzip);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        intern_end(tables[i]);
    vec_free(heap, &w.key);
    vec_free(heap, &w.location_ids);
    strbuf_end(&w.message);
    strbuf_end(&w.part);
    strbuf_end(&w.name);
    strbuf_end(&w.text);
}
