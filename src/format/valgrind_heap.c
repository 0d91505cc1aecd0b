/* SPDX-License-Identifier: MIT */
/*
 * valgrind_heap: allocations of memory, as two tools of valgrind write them.
 *
 *      DHAT (JSON)     pps [{tb, tbk, gb, eb, ..., fs [places in ftbl, leaf first]}]
 *                      ftbl ["0x10ADBC: allocate (new_allocator.h:137)"]
 *
 *      massif          heap_tree=peak
 *                      n2: 79776 (heap allocation functions) malloc/new/new[], ...
 *                       n0: 7072 0x10B07B: put (shop.cc:12)        (in it are its callers)
 *                       n0: 808 in 4 places, all below massif's threshold (1.00%)
 *
 * Source: valgrind, dhat/dh_main.c and docs/html/ms-manual.html. Of the snapshots of massif the one
 * at the peak counts, or the largest.
 */
#include "core/num.h"
#include "format/dump.h"
#include "format/indented.h"
#include "format/json_stream.h"

/* The frame of "0x10ADBC: allocate (new_allocator.h:137)", "0x48FB7B9: ??? (in /usr/lib/libc.so.6)"
 * is pushed. */
static void push_place(struct dump *dump, str text)
{
    struct frame frame = {.module = STR("")};
    str address = STR("");
    size_t colon = str_search(text, STR(": "), 0);
    if (str_starts(text, STR("0x")) && colon < text.n) {
        address = str_cut(text, 2, colon);
        text = str_skip(text, colon + 2);
    }
    size_t open = str_find_last(text, '(');
    if (open > 0 && open < text.n && text.p[open - 1] == ' ' && str_ends(text, STR(")"))) {
        str place = str_cut(text, open + 1, text.n - 1);
        if (dump_take(&place, STR("in ")))
            frame.module = place;
        else
            dump_split_place(place, &frame);
        text = str_head(text, open - 1);
    }
    frame.name = dump_function_name(text);
    if (str_equal(text, STR("???")))
        dump_nameless_frame(dump, frame.module, address);
    else
        dump_frame(dump, &frame);
}

/* ---- DHAT ---- */

static const struct {
    str key;
    struct value_type type;
} dhat_values[] = {
    {STR_INIT("tb"), VALUE_SUM("total", "bytes")},
    {STR_INIT("tbk"), VALUE_SUM("blocks", "count")},
    {STR_INIT("gb"), VALUE_LEVEL("peak", "bytes")},
    {STR_INIT("gbk"), VALUE_LEVEL("peak_blocks", "count")},
    {STR_INIT("eb"), VALUE_LEVEL("end", "bytes")},
    {STR_INIT("ebk"), VALUE_LEVEL("end_blocks", "count")},
    {STR_INIT("rb"), VALUE_SUM("read", "bytes")},
    {STR_INIT("wb"), VALUE_SUM("written", "bytes")},
};

enum { DHAT_VALUES = sizeof dhat_values / sizeof dhat_values[0] };

struct dhat_point {
    int64_t values[DHAT_VALUES];
    size_t first, n; /* of its places */
    uint64_t position;
};

struct dhat {
    struct dump dump; /* its frames are those of ftbl */
    struct json_stream json;
    VEC(struct dhat_point) points;
    VEC(uint64_t) places; /* of all points, leaf first */
    VEC(uint32_t) stack;
    bool has_value[DHAT_VALUES];
};

static void read_places(struct dhat *dhat)
{
    if (json_enter(&dhat->json, '['))
        while (json_next_item(&dhat->json)) {
            uint64_t place = (uint64_t)json_int_value(&dhat->json);
            vec_push(dhat->dump.builder->scratch, &dhat->places, place);
        }
}

static void read_point(struct dhat *dhat)
{
    struct dhat_point point = {.first = dhat->places.n, .position = json_offset(&dhat->json)};
    str key;
    while (json_next_key(&dhat->json, &key)) {
        size_t value = 0;
        while (value < DHAT_VALUES && !str_equal(dhat_values[value].key, key))
            value++;
        if (value < DHAT_VALUES) {
            point.values[value] = json_weight_value(&dhat->json, dhat->dump.builder);
            dhat->has_value[value] = true;
        } else if (str_equal(key, STR("fs"))) {
            read_places(dhat);
        } else {
            json_skip(&dhat->json);
        }
    }
    point.n = dhat->places.n - point.first;
    if (!dhat->json.damaged)
        vec_push(dhat->dump.builder->scratch, &dhat->points, point);
}

static bool read_dhat_members(struct dhat *dhat)
{
    struct json_stream *json = &dhat->json;
    str key;
    if (json_enter(json, '{'))
        while (json_next_key(json, &key)) {
            if (str_equal(key, STR("pps")) && json_peek(json) == '[') {
                json_enter(json, '[');
                while (json_next_object(json))
                    read_point(dhat);
            } else if (str_equal(key, STR("ftbl")) && json_peek(json) == '[') {
                json_enter(json, '[');
                while (json_next_item(json))
                    push_place(&dhat->dump, json_string_value(json));
            } else {
                json_skip(json);
            }
        }
    return json_check(json, dhat->dump.builder, dhat->dump.err);
}

/* Values that no point has do not exist in this mode of DHAT. */
static bool choose_dhat_value(struct dhat *dhat)
{
    struct value_type types[DHAT_VALUES];
    size_t count = 0;
    for (size_t i = 0; i < DHAT_VALUES; i++) {
        if (!dhat->has_value[i])
            continue;
        for (size_t k = 0; k < dhat->points.n; k++)
            dhat->points.at[k].values[count] = dhat->points.at[k].values[i];
        types[count++] = dhat_values[i].type;
    }
    return count == 0 || builder_value_types(dhat->dump.builder, types, count, 0, dhat->dump.err);
}

static bool add_points(struct dhat *dhat)
{
    struct dump *dump = &dhat->dump;
    bool good = choose_dhat_value(dhat);
    for (size_t i = 0; i < dhat->points.n && good; i++) {
        const struct dhat_point *point = &dhat->points.at[i];
        dhat->stack.n = 0;
        for (size_t k = point->first; k < point->first + point->n; k++)
            if (dhat->places.at[k] < dump->frames.n)
                vec_push(dump->builder->scratch, &dhat->stack, dump->frames.at[dhat->places.at[k]]);
        if (dhat->stack.n < point->n)
            builder_skip(dump->builder, "a stack names a function that is not there",
                         point->position);
        else
            good = builder_sample(dump->builder, dhat->stack.at, dhat->stack.n, point->values, NULL,
                                  0, dump->err);
    }
    return good;
}

static bool dhat_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct dhat dhat = {.points = {NULL, 0, 0}};
    dump_init(&dhat.dump, builder, err);
    json_stream_init(&dhat.json, input, builder->scratch);
    return read_dhat_members(&dhat) && add_points(&dhat);
}

static int dhat_bid(str head)
{
    return str_starts(str_trim_left(head), STR("{\"dhatFileVersion\":")) ? READER_CERTAIN : 0;
}

const struct reader reader_dhat = {
    .name = "dhat",
    .help = "profiles of DHAT of valgrind",
    .needs = "dhatFileVersion",
    .bid = dhat_bid,
    .read = dhat_read,
};

/* ---- massif ---- */

struct massif_tree {
    VEC(struct indented_line) lines;
    bool peak;
};

struct massif {
    struct dump dump;
    struct massif_tree best, last;
    bool in_tree;
};

static int64_t tree_total(const struct massif_tree *tree)
{
    return tree->lines.n > 0 ? tree->lines.at[0].values[0] : 0;
}

static void end_tree(struct massif *massif)
{
    bool better = massif->last.peak
                      ? !massif->best.peak
                      : !massif->best.peak && tree_total(&massif->last) > tree_total(&massif->best);
    if (better) {
        struct massif_tree best = massif->best;
        massif->best = massif->last;
        massif->last = best;
    }
    massif->last.lines.n = 0;
    massif->in_tree = false;
}

/* " n1: 7072 0x10ADBC: allocate (new_allocator.h:137)" */
static bool take_tree_line(struct massif *massif, str line)
{
    struct dump *dump = &massif->dump;
    struct indented_line place = {.depth = dump_indent(line), .position = dump->line};
    uint64_t callers, bytes;
    str rest = str_skip(line, (size_t)place.depth);
    if (!dump_take(&rest, STR("n")) || dump_take_digits(&rest, &callers) == 0 ||
        !dump_take(&rest, STR(": ")) || dump_take_digits(&rest, &bytes) == 0 || bytes > INT64_MAX)
        return false;
    place.values[0] = (int64_t)bytes;
    place.frame = INDENTED_NO_FRAME;
    rest = str_trim(rest);
    if (place.depth > 0) { /* the outermost line is the sum of all functions that allocate */
        push_place(dump, str_starts(rest, STR("0x")) ? rest : STR("[below massif's threshold]"));
        place.frame = dump->frames.at[--dump->frames.n];
    }
    vec_push(dump->builder->scratch, &massif->last.lines, place);
    return true;
}

static bool take_massif_line(struct dump *dump, str line)
{
    struct massif *massif = (struct massif *)dump;
    str kind = line;
    if (dump_take(&kind, STR("heap_tree="))) {
        massif->last.peak = str_equal(kind, STR("peak"));
        massif->in_tree = massif->last.peak || str_equal(kind, STR("detailed"));
    } else if (massif->in_tree && str_starts(line, STR("#-"))) {
        end_tree(massif);
    } else if (massif->in_tree && !take_tree_line(massif, line)) {
        dump_skip(dump, "no place that allocates");
    }
    return true;
}

static bool add_massif_tree(struct massif *massif)
{
    static const struct value_type type = VALUE_LEVEL("heap", "bytes");
    struct indented tree = {
        .builder = massif->dump.builder, .err = massif->dump.err, .totals = true, .inverted = true};
    bool good = builder_value_types(tree.builder, &type, 1, 0, tree.err);
    for (size_t i = 0; i < massif->best.lines.n && good; i++)
        good = indented_add(&tree, &massif->best.lines.at[i]);
    return good && indented_finish(&tree);
}

static bool massif_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct massif massif = {.in_tree = false};
    dump_init(&massif.dump, builder, err);
    bool done = dump_read(&massif.dump, input, take_massif_line);
    end_tree(&massif);
    return done && add_massif_tree(&massif);
}

static unsigned massif_signs(str line)
{
    return str_starts(line, STR("desc: ")) ? 1 : str_starts(line, STR("mem_heap_B=")) ? 2 : 0;
}

const struct reader reader_massif = {
    .name = "massif",
    .help = "massif.out of valgrind: the memory at its peak",
    .needs = "mem_heap_B=",
    .signs = massif_signs,
    .read = massif_read,
};
