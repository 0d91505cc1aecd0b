/* SPDX-License-Identifier: MIT */
/*
 * pstats: profiles of Python's cProfile (python -m cProfile -o FILE): the functions of a program
 * and their calls. Source: https://docs.python.org/3/library/profile.html
 *
 *      {(file, line, name): (calls, all calls, own time, time, {caller: (...), ...}), ...}
 *
 * The file has no stacks; they are estimated from the calls (call_graph.h).
 */
#include <math.h>

#include "core/num.h"
#include "format/callgrind/call_graph.h"
#include "format/pstats/marshal.h"
#include "format/reader.h"

struct pstats {
    struct builder *builder;
    struct err *err;
    struct marshal marshal;
    struct marshal_place place;
    struct call_graph graph;
    struct intern functions; /* a function of the graph is the number of its key */
    struct strbuf key;
};

/* The values of a function or call, and where they are in the file. */
enum { TIME, CALLS, VALUES };
enum { FILE_CALLS, FILE_SELF = 2, FILE_TIME };

/* ---- functions and calls ---- */

/* Convert numbers of the file, which are doubles and so can be too large to count. */
static void scale_pstats_numbers(struct pstats *p, const double numbers[4], int time, size_t at,
                                 uint64_t cost[VALUES])
{
    double scaled[VALUES] = {[TIME] = numbers[time] * 1e9, [CALLS] = numbers[FILE_CALLS]};
    for (size_t i = 0; i < VALUES; i++) {
        bool good = scaled[i] >= 0 && scaled[i] < 9e18;
        cost[i] = good && call_graph_wants(&p->graph, i) ? (uint64_t)nearbyint(scaled[i]) : 0;
        if (!good && call_graph_wants(&p->graph, i))
            builder_skip(p->builder, "a value that cannot be counted", at);
    }
}

/* Take a key, (file, line, name). *end: the dictionary has no more. */
static bool take_pstats_key(struct pstats *p, uint32_t *function, bool *end)
{
    struct marshal *m = &p->marshal;
    struct marshal_value key, file, line, name;
    size_t at = p->place.at;
    if (!marshal_take(m, &p->place, &key))
        return false;
    *end = key.kind == MARSHAL_END;
    if (*end)
        return true;
    if (key.kind != MARSHAL_TUPLE || key.number != 3)
        return marshal_damage(m, at);
    if (!marshal_expect(m, key.items, MARSHAL_TEXT, 0, &file) ||
        !marshal_expect(m, key.items, MARSHAL_NUMBER, 0, &line) ||
        !marshal_expect(m, key.items, MARSHAL_TEXT, 0, &name))
        return false;
    struct frame frame = {.name = name.text.n > 0 ? name.text : STR("[unknown]")};
    if (!str_equal(file.text, STR("~"))) /* "~" is the file of built-in functions */
        frame.file = file.text;
    if (line.number > 0 && line.number < UINT32_MAX)
        frame.line = (uint32_t)line.number;
    strbuf_set(&p->key, str_of((const char *)&line.number, sizeof line.number));
    strbuf_add(&p->key, file.text);
    strbuf_add(&p->key, STR("\0"));
    strbuf_add(&p->key, name.text);
    *function = intern_add(&p->functions, strbuf_str(&p->key));
    if (*function == p->graph.functions.n)
        call_graph_add_function(&p->graph, builder_frame(p->builder, &frame));
    return true;
}

/* Calls, calls without recursive ones, own time, time. Some files have the two counts in the other
 * order: the larger one counts all calls. */
static bool take_numbers(struct pstats *p, struct marshal_place *place, double numbers[4])
{
    struct marshal_value value;
    for (int i = 0; i < 4; i++) {
        if (!marshal_expect(&p->marshal, place, MARSHAL_NUMBER, 0, &value))
            return false;
        numbers[i] = value.number;
    }
    if (numbers[1] > numbers[0])
        numbers[0] = numbers[1];
    return true;
}

/* {caller: (...)}; the older module profile has {caller: calls}. */
static bool take_callers(struct pstats *p, uint32_t callee)
{
    struct marshal *m = &p->marshal;
    struct marshal_place *place = &p->place;
    struct marshal_value dict, value;
    uint32_t caller;
    bool end = false;
    size_t at = place->at;
    if (!marshal_expect(m, place, MARSHAL_DICT, 0, &dict))
        return false;
    if (dict.items != place)
        return marshal_damage(m, at);
    for (;;) {
        double numbers[4] = {0};
        uint64_t cost[VALUES];
        if (!take_pstats_key(p, &caller, &end) || end)
            return end;
        at = place->at;
        if (!marshal_take(m, place, &value))
            return false;
        if (value.kind == MARSHAL_NUMBER)
            numbers[FILE_CALLS] = value.number;
        else if (value.kind != MARSHAL_TUPLE || value.number != 4)
            return marshal_damage(m, at);
        else if (!take_numbers(p, value.items, numbers))
            return false;
        scale_pstats_numbers(p, numbers, FILE_TIME, at, cost);
        call_graph_add_call(&p->graph, caller, callee, cost);
    }
}

static bool take_functions(struct pstats *p)
{
    struct marshal *m = &p->marshal;
    struct marshal_place *place = &p->place;
    struct marshal_value dict, value;
    uint32_t function;
    bool end = false;
    if (!marshal_expect(m, place, MARSHAL_DICT, 0, &dict))
        return false;
    for (;;) {
        double numbers[4];
        uint64_t cost[VALUES];
        if (!take_pstats_key(p, &function, &end) || end)
            return end;
        size_t at = place->at;
        if (!marshal_expect(m, place, MARSHAL_TUPLE, 5, &value))
            return false;
        if (value.items != place)
            return marshal_damage(m, at);
        if (!take_numbers(p, place, numbers))
            return false;
        scale_pstats_numbers(p, numbers, FILE_SELF, at, cost);
        call_graph_add_self(&p->graph, function, cost);
        if (!take_callers(p, function))
            return false;
    }
}

/* ---- to the builder ---- */

struct leaf {
    uint64_t from_callers, callers;
    size_t dearest; /* the edge with the highest cost */
    bool calls;     /* it calls others, so it is no leaf */
};

/* For a function that calls nothing, the cost of its calls is its own time, except for what is lost
 * when seconds are rounded to nanoseconds. */
static void round_leaves(struct pstats *p)
{
    struct call_graph *graph = &p->graph;
    struct leaf *leaves = heap_zero(p->builder->scratch, graph->functions.n + 1, sizeof *leaves);
    for (size_t i = 0; i < graph->edges.n; i++) {
        const struct call_edge *edge = &graph->edges.at[i];
        struct leaf *leaf = &leaves[edge->to];
        if (edge->from == edge->to)
            continue;
        leaves[edge->from].calls = true;
        uint64_t cost = graph->costs.at[i * VALUES + TIME];
        num_add_most(&leaf->from_callers, cost);
        if (leaf->callers++ == 0 || cost > graph->costs.at[leaf->dearest * VALUES + TIME])
            leaf->dearest = i;
    }
    for (uint32_t i = 0; i < graph->functions.n; i++) {
        const struct leaf *leaf = &leaves[i];
        uint64_t self = call_graph_self(graph, i)[TIME], sum = leaf->from_callers;
        uint64_t apart = self > sum ? self - sum : sum - self;
        if (leaf->callers == 0 || leaf->calls || apart > leaf->callers)
            continue;
        uint64_t *cost = &graph->costs.at[leaf->dearest * VALUES + TIME];
        *cost = self > sum ? *cost + apart : *cost > apart ? *cost - apart : 0;
    }
    heap_free(p->builder->scratch, leaves);
}

/* The module profile writes the code of the program as the name of its caller. */
static bool refuse_stats(struct pstats *p)
{
    size_t at = p->marshal.damage;
    bool is_code = at < p->marshal.all.n && (p->marshal.all.p[at] & MARSHAL_TYPE) == 'c';
    return err_set(p->err, ERR_INPUT, "pstats data, byte %zu: %s", at,
                   is_code ? "it holds code; record with cProfile, not with profile"
                           : "it is damaged or cut short");
}

static bool read_all(struct pstats *p)
{
    static const struct value_type types[VALUES] = {
        [TIME] = VALUE_SUM("time", "nanoseconds"), [CALLS] = VALUE_SUM("calls", "count")};
    if (!call_graph_start(&p->graph, types, VALUES))
        return false;
    if (!take_functions(p))
        return refuse_stats(p);
    if (p->place.at < p->marshal.all.n)
        builder_skip(p->builder, "bytes after the end", p->place.at);
    round_leaves(p);
    bool good = call_graph_draw(&p->graph);
    if (p->graph.merged > 0)
        p->builder->profile->remark = "it holds calls, not stacks: functions with several callers "
                                      "are drawn once, in [merged]; py-spy records stacks";
    return good;
}

static bool pstats_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    struct pstats p = {.builder = builder, .err = err, .key.heap = heap, .marshal.heap = heap};
    p.marshal.all = reader_input_peek(input, SIZE_MAX);
    intern_init(&p.functions, heap, builder->profile->tree.seed);
    call_graph_init(&p.graph, builder, err);
    return read_all(&p);
}

/* A dictionary, whose first key is a tuple of three, of which the first is a text. */
static int pstats_bid(str head)
{
    if (head.n < 8 || (head.p[0] & MARSHAL_TYPE) != '{')
        return 0;
    bool large = (head.p[1] & MARSHAL_TYPE) == '(', small = (head.p[1] & MARSHAL_TYPE) == ')';
    size_t at = large ? 6 : 3;
    if (!large && !small)
        return 0;
    if (memcmp(head.p + 2, "\3\0\0", large ? 4 : 1) != 0)
        return 0;
    return marshal_is_text(head.p[at] & MARSHAL_TYPE) ? 95 : 0;
}

const struct reader reader_pstats = {
    .name = "pstats",
    .help = "profiles of Python's cProfile (pstats)",
    .binary = true,
    .bid = pstats_bid,
    .read = pstats_read,
};
