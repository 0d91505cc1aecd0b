/* SPDX-License-Identifier: MIT */
/*
 * call_graph: the common part of all ways to a function ends at its dominator. Source: Lengauer and
 * Tarjan: "A Fast Algorithm for Finding Dominators in a Flowgraph", 1979, the simple variant.
 */
#include "format/callgrind/call_graph.h"

#include "core/num.h"

/* Functions deeper in a chain of calls count for the one they are on. */
enum { DEEPEST = 2000 };
#define NOT_MET UINT32_MAX

void call_graph_init(struct call_graph *graph, struct builder *builder, struct err *err)
{
    *graph = (struct call_graph){.builder = builder, .err = err};
    intern_init(&graph->edge_keys, builder->scratch, builder->profile->tree.seed);
}

uint32_t call_graph_add_function(struct call_graph *graph, uint32_t frame)
{
    vec_push(graph->builder->scratch, &graph->functions,
             ((struct call_function){.frame = frame, .rank = NOT_MET}));
    return (uint32_t)graph->functions.n - 1;
}

static void add_costs(const struct call_graph *graph, uint64_t *sums, const uint64_t *more)
{
    for (size_t i = 0; i < graph->count; i++)
        num_add_most(&sums[i], more[i]);
}

bool call_graph_start(struct call_graph *graph, const struct value_type *types, size_t count)
{
    if (!builder_value_types(graph->builder, types, count, 0, graph->err))
        return false;
    graph->count = count;
    vec_reserve(graph->builder->scratch, &graph->values, count);
    return true;
}

uint64_t *call_graph_self(struct call_graph *graph, uint32_t function)
{
    while (graph->selves.n < graph->functions.n * graph->count)
        vec_push(graph->builder->scratch, &graph->selves, 0);
    return graph->selves.n > 0 ? graph->selves.at + function * graph->count : NULL;
}

void call_graph_add_self(struct call_graph *graph, uint32_t function, const uint64_t *cost)
{
    add_costs(graph, call_graph_self(graph, function), cost);
}

static uint64_t *cost_of(const struct call_graph *graph, const struct call_edge *edge)
{
    return graph->count ? graph->costs.at + (size_t)(edge - graph->edges.at) * graph->count : NULL;
}

void call_graph_add_call(struct call_graph *graph, uint32_t from, uint32_t to, const uint64_t *cost)
{
    struct heap *heap = graph->builder->scratch;
    uint32_t key[2] = {from, to};
    uint32_t place = intern_add(&graph->edge_keys, str_of((const char *)key, sizeof key));
    if (place == graph->edges.n) {
        struct call_edge edge = {from, to};
        vec_push(heap, &graph->edges, edge);
        for (size_t i = 0; i < graph->count; i++)
            vec_push(heap, &graph->costs, 0);
    }
    add_costs(graph, cost_of(graph, &graph->edges.at[place]), cost);
}

/* ---- edges ---- */

/* Whether the callee has a cost by this call. A call that costs nothing does not count if the calls
 * by others cost something, and a function that calls itself does not count. */
static bool edge_counts(const struct call_graph *graph, const struct call_edge *edge)
{
    size_t value = graph->builder->value;
    return edge->from != edge->to && (cost_of(graph, edge)[value] > 0 ||
                                      graph->from_callers.at[edge->to * graph->count + value] == 0);
}

/* Whether the function is drawn on each of its callers: it calls nothing, so what each call of it
 * costs is known to be its own cost. */
static bool is_on_each_caller(const struct call_graph *graph, uint32_t function)
{
    const struct call_function *f = &graph->functions.at[function];
    size_t first = function * graph->count;
    return f->calls == 0 && f->callers > 1 &&
           memcmp(graph->from_callers.at + first, graph->selves.at + first,
                  graph->count * sizeof(uint64_t)) == 0;
}

static bool is_drawn_edge(const struct call_graph *graph, const struct call_edge *edge)
{
    return edge_counts(graph, edge) && !is_on_each_caller(graph, edge->to);
}

static void count_calls(struct call_graph *graph)
{
    size_t n = graph->functions.n * graph->count;
    vec_reserve(graph->builder->scratch, &graph->from_callers, n + 1);
    memset(graph->from_callers.at, 0, n * sizeof(uint64_t));
    for (size_t i = 0; i < graph->edges.n; i++) {
        const struct call_edge *edge = &graph->edges.at[i];
        if (edge->from != edge->to)
            add_costs(graph, graph->from_callers.at + edge->to * graph->count,
                      cost_of(graph, edge));
    }
    for (size_t i = 0; i < graph->edges.n; i++) {
        const struct call_edge *edge = &graph->edges.at[i];
        bool more = edge_counts(graph, edge);
        graph->functions.at[edge->from].calls += more;
        graph->functions.at[edge->to].callers += more;
    }
}

/* List the drawn edges by function: out[] has the callees of one function after another, in[] the
 * callers. */
static void sort_edges(struct call_graph *graph)
{
    struct heap *heap = graph->builder->scratch;
    size_t n = graph->functions.n;
    graph->out.n = graph->in.n = graph->out_start.n = graph->in_start.n = 0;
    vec_reserve(heap, &graph->out, graph->edges.n);
    vec_reserve(heap, &graph->in, graph->edges.n);
    vec_reserve(heap, &graph->out_start, n + 2);
    vec_reserve(heap, &graph->in_start, n + 2);
    memset(graph->out_start.at, 0, (n + 2) * sizeof(uint32_t));
    memset(graph->in_start.at, 0, (n + 2) * sizeof(uint32_t));
    for (size_t i = 0; i < graph->edges.n; i++)
        if (is_drawn_edge(graph, &graph->edges.at[i])) {
            graph->out_start.at[graph->edges.at[i].from + 2]++;
            graph->in_start.at[graph->edges.at[i].to + 2]++;
        }
    for (size_t i = 2; i < n + 2; i++) {
        graph->out_start.at[i] += graph->out_start.at[i - 1];
        graph->in_start.at[i] += graph->in_start.at[i - 1];
    }
    for (size_t i = 0; i < graph->edges.n; i++)
        if (is_drawn_edge(graph, &graph->edges.at[i])) {
            const struct call_edge *edge = &graph->edges.at[i];
            graph->out.at[graph->out_start.at[edge->from + 1]++] = edge->to;
            graph->in.at[graph->in_start.at[edge->to + 1]++] = edge->from;
        }
}

/* ---- ranks ---- */

static void add_graph_place(struct call_graph *graph, uint32_t function, uint32_t from)
{
    struct heap *heap = graph->builder->scratch;
    uint32_t rank = (uint32_t)graph->places.n;
    struct call_place place = {
        .function = function,
        .from = from,
        .semi = rank,
        .ancestor = NOT_MET,
        .label = rank,
        .bucket = NOT_MET,
    };
    vec_push(heap, &graph->places, place);
    if (function == NOT_MET)
        return;
    graph->functions.at[function].rank = rank;
    vec_push(heap, &graph->walk, function);
    vec_push(heap, &graph->walk_at, graph->out_start.at[function]);
}

/* Give a rank to this function, and to those that it reaches and that have none yet. */
static void meet_function(struct call_graph *graph, uint32_t function)
{
    add_graph_place(graph, function, 0);
    graph->places.at[graph->places.n - 1].starts = true;
    while (graph->walk.n > 0) {
        uint32_t at = graph->walk.at[graph->walk.n - 1];
        uint32_t *edge = &graph->walk_at.at[graph->walk.n - 1];
        if (*edge == graph->out_start.at[at + 1]) {
            graph->walk.n--;
            graph->walk_at.n--;
            continue;
        }
        uint32_t to = graph->out.at[(*edge)++];
        if (graph->functions.at[to].rank == NOT_MET)
            add_graph_place(graph, to, graph->functions.at[at].rank);
    }
}

/* Start from the functions without a caller, then from those that are left, which call each
 * other. */
static void rank_functions(struct call_graph *graph)
{
    add_graph_place(graph, NOT_MET, 0);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < graph->functions.n; i++) {
            const struct call_function *function = &graph->functions.at[i];
            if (function->rank == NOT_MET && !is_on_each_caller(graph, i) &&
                (round == 1 || function->callers == 0))
                meet_function(graph, i);
        }
}

/* ---- places ---- */

/* EVAL of Lengauer and Tarjan: of the places on the path from `rank` up to its last known ancestor,
 * but without that, the one with the least `semi`. The path is compressed, from its far end on. */
static uint32_t find_least(struct call_graph *graph, uint32_t rank)
{
    struct call_place *places = graph->places.at;
    graph->walk.n = 0;
    if (places[rank].ancestor == NOT_MET)
        return rank;
    for (uint32_t at = rank; places[places[at].ancestor].ancestor != NOT_MET;
         at = places[at].ancestor)
        vec_push(graph->builder->scratch, &graph->walk, at);
    while (graph->walk.n > 0) {
        struct call_place *place = &places[graph->walk.at[--graph->walk.n]];
        const struct call_place *above = &places[place->ancestor];
        if (places[above->label].semi < places[place->label].semi)
            place->label = above->label;
        place->ancestor = above->ancestor;
    }
    return places[rank].label;
}

static void find_semi(struct call_graph *graph, uint32_t rank)
{
    struct call_place *place = &graph->places.at[rank];
    if (place->starts)
        place->semi = 0;
    for (uint32_t i = graph->in_start.at[place->function];
         i < graph->in_start.at[place->function + 1]; i++) {
        uint32_t caller = graph->functions.at[graph->in.at[i]].rank;
        uint32_t semi = graph->places.at[find_least(graph, caller)].semi;
        place->semi = semi < place->semi ? semi : place->semi;
    }
    place->next = graph->places.at[place->semi].bucket;
    graph->places.at[place->semi].bucket = rank;
    place->ancestor = place->from;
}

static void find_graph_places(struct call_graph *graph)
{
    struct call_place *places = graph->places.at;
    for (uint32_t rank = (uint32_t)graph->places.n; rank-- > 1;) {
        uint32_t from = places[rank].from;
        find_semi(graph, rank);
        for (uint32_t at = places[from].bucket; at != NOT_MET; at = places[at].next) {
            uint32_t least = find_least(graph, at);
            places[at].on = places[least].semi < places[at].semi ? least : from;
        }
        places[from].bucket = NOT_MET;
    }
    for (uint32_t rank = 1; rank < graph->places.n; rank++)
        if (places[rank].on != places[rank].semi)
            places[rank].on = places[places[rank].on].on;
}

/* Number the places so that all that are on a place, directly or not, follow it without a gap. */
static void number_places(struct call_graph *graph)
{
    struct call_place *places = graph->places.at;
    for (size_t i = graph->places.n; i-- > 0;) {
        places[i].count++;
        if (i > 0)
            places[places[i].on].count += places[i].count;
    }
    places[0].free = 1;
    for (size_t i = 1; i < graph->places.n; i++) {
        struct call_place *on = &places[places[i].on];
        places[i].first = on->free;
        places[i].free = on->free + 1;
        on->free += places[i].count;
    }
}

/* Mark the functions that have other callers than the one they are on. A caller that is itself on
 * the function does not count: it is a recursion. */
static void mark_merged(struct call_graph *graph)
{
    for (uint32_t rank = 1; rank < graph->places.n; rank++) {
        struct call_place *place = &graph->places.at[rank];
        for (uint32_t i = graph->in_start.at[place->function];
             i < graph->in_start.at[place->function + 1]; i++) {
            uint32_t caller = graph->functions.at[graph->in.at[i]].rank;
            uint32_t number = graph->places.at[caller].first;
            bool is_on_it = number >= place->first && number < place->first + place->count;
            place->merged |= !is_on_it && (caller != place->on || place->starts);
        }
        place->depth = graph->places.at[place->on].depth + 1 + place->merged;
        graph->merged += place->merged;
    }
}

/* ---- stacks ---- */

bool call_graph_add_stack(struct call_graph *graph, const uint32_t *frames, size_t n,
                          const uint64_t *weights)
{
    bool more = true, good = true;
    for (uint64_t done = 0; good && more; done += INT64_MAX) {
        more = false;
        for (size_t i = 0; i < graph->count; i++) {
            uint64_t rest = weights[i] > done ? weights[i] - done : 0;
            graph->values.at[i] = rest < INT64_MAX ? (int64_t)rest : INT64_MAX;
            more |= rest > INT64_MAX;
        }
        good = builder_sample(graph->builder, frames, n, graph->values.at, NULL, 0, graph->err);
    }
    return good;
}

/* Add the stack of the function at `rank`, with `leaf` on it unless that is NULL. */
static bool add_graph_stack(struct call_graph *graph, uint32_t rank,
                            const struct call_function *leaf, const uint64_t *weights)
{
    struct heap *heap = graph->builder->scratch;
    struct frame merged = {.name = STR("[merged]")};
    graph->frames.n = 0;
    if (leaf)
        vec_push(heap, &graph->frames, leaf->frame);
    for (; rank > 0; rank = graph->places.at[rank].on) {
        const struct call_place *place = &graph->places.at[rank];
        vec_push(heap, &graph->frames, graph->functions.at[place->function].frame);
        if (place->merged) {
            uint32_t frame = builder_frame(graph->builder, &merged);
            vec_push(heap, &graph->frames, frame);
        }
    }
    return call_graph_add_stack(graph, graph->frames.at, graph->frames.n, weights);
}

/* Move the costs of functions that are too deep to those they are on. Those have lower ranks, so
 * this goes from the last rank down. */
static void fold_deep_functions(struct call_graph *graph)
{
    bool skipped = false;
    for (size_t i = graph->places.n; i-- > 1;) {
        const struct call_place *place = &graph->places.at[i];
        if (place->depth <= DEEPEST)
            continue;
        uint64_t *self = call_graph_self(graph, place->function);
        call_graph_add_self(graph, graph->places.at[place->on].function, self);
        memset(self, 0, graph->count * sizeof *self);
        if (!skipped)
            builder_skip(graph->builder, "calls that are nested too deep count for their caller",
                         DEEPEST);
        skipped = true;
    }
}

static bool draw_edges(struct call_graph *graph)
{
    for (size_t i = 0; i < graph->edges.n; i++) {
        const struct call_edge *edge = &graph->edges.at[i];
        uint32_t rank = graph->functions.at[edge->from].rank;
        if (edge->from == edge->to || !is_on_each_caller(graph, edge->to))
            continue;
        if (graph->places.at[rank].depth >= DEEPEST)
            call_graph_add_self(graph, edge->from, cost_of(graph, edge));
        else if (!add_graph_stack(graph, rank, &graph->functions.at[edge->to],
                                  cost_of(graph, edge)))
            return false;
    }
    return true;
}

bool call_graph_draw(struct call_graph *graph)
{
    call_graph_self(graph, 0);
    count_calls(graph);
    sort_edges(graph);
    rank_functions(graph);
    find_graph_places(graph);
    number_places(graph);
    mark_merged(graph);
    if (!draw_edges(graph))
        return false;
    fold_deep_functions(graph);
    for (uint32_t i = 1; i < graph->places.n; i++)
        if (!add_graph_stack(graph, i, NULL, call_graph_self(graph, graph->places.at[i].function)))
            return false;
    return true;
}
