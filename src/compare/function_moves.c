/* SPDX-License-Identifier: MIT */
/*
 * function_moves: cost that moved from one function to another: a function was renamed, inlined
 * into its caller, extracted from it, or called from elsewhere.
 *
 * For each node of a function that rose, take the nearest caller whose change is less than half of
 * the rise. Of the functions below that caller, take the one whose fall is closest to the rise. The
 * fall must be at least half of the rise; the falls of a few other callees of that caller are added
 * to it if needed. One fall can explain the rises of several functions.
 *
 * In recordings of equal length, the total of a process never changes: when one function rises, all
 * others fall, by their shares of the rise, and the reverse. So what fell must have had less than
 * half of the process, and below a caller with more than that, it fell by as much as one function
 * rose. The process itself, or a caller that has nearly all of it, is taken only if one function
 * vanished and the other is new.
 */
#include <math.h>
#include <stdlib.h>

#include "compare/move_weights.h"

#define MOST         0.5
#define NEARLY_ALL   0.9
#define SMALL_CALLEE 0.05
#define SAME_WEIGHT  0.1

enum {
    RISES_MOST = 64,
    NODES_MOST = 16,
    FALLS_MOST = 4,
    SEARCHES_LEAST = 8,
    VISITS_MOST = 100000000
};

/* A rise, and the best matching fall. */
struct match {
    double rise;
    uint32_t caller;      /* a node */
    uint32_t frame, node; /* the fall: a frame below the caller, or one node; else TREE_NONE */
    bool of_self;         /* the caller's own weight */
    double off;           /* how far the sum of both is from 0 */
};

static struct match start_match(double rise)
{
    return (struct match){rise, TREE_NONE, TREE_NONE, TREE_NONE, false, INFINITY};
}

static void offer_match(struct match *best, const struct match *match, double change)
{
    double off = fabs(change + match->rise);
    if (change >= 0 || off >= best->off)
        return;
    *best = *match;
    best->off = off;
}

/* `below` marks the nodes below the callers; `except` is the frame that rose. */
static void find_fall(const struct moves *m, uint32_t from, uint32_t except, struct match *best)
{
    const struct run_set *set = m->judge->set;
    const struct tree *tree = &set->tree;
    struct match match = *best;
    for (uint32_t i = from; i < tree->n; i++)
        if (m->below[i] && set->outermost[i])
            m->change[tree->frame[i]] += move_node_change(m, i, false);
    for (uint32_t i = from; i < tree->n; i++) {
        if (!m->below[i] || tree->frame[i] == except)
            continue;
        double explained = move_explained(m, tree->frame[i]);
        match.frame = tree->frame[i];
        match.node = TREE_NONE;
        offer_match(best, &match, m->change[tree->frame[i]] + explained);
        match.node = i;
        if (tree->parent[i] == match.caller)
            offer_match(best, &match, move_node_change(m, i, false) + explained);
    }
    memset(m->change, 0, frames_count(&tree->frames) * sizeof *m->change);
}

static void add_moved_node(const struct moves *m, uint32_t node, bool self, double *before)
{
    for (size_t r = 0; r < m->judge->set->runs.n; r++)
        m->both[r] += move_node_weight(m, r, node, self);
    *before += move_side_value(m, node, self, SIDE_BEFORE);
}

/* Add the fall to `both`, which has the rise. Returns its weight before. */
static double add_fall(const struct moves *m, const struct match *match)
{
    const struct run_set *set = m->judge->set;
    double before = 0;
    if (match->of_self || match->node != TREE_NONE)
        add_moved_node(m, match->of_self ? match->caller : match->node, match->of_self, &before);
    else
        for (uint32_t i = 0; i < set->tree.n; i++)
            if (m->below[i] && set->outermost[i] && set->tree.frame[i] == match->frame)
                add_moved_node(m, i, false, &before);
    return before;
}

/* Whether the rise and its falls, whose sum is in `both`, nearly cancel out. explained: the part of
 * the fall that is the rise of others. rest: the fall may be larger than the rise. */
static bool is_matched(const struct moves *m, double rise, double explained, bool rest)
{
    struct change change;
    judge_one(m->judge, m->both, NULL, &change);
    return change.high + explained <= rise / 2 && (rest || change.low + explained >= -rise / 2);
}

/* Add the largest falls of other callees of the caller to `both`, until they match the rise. */
static bool match_several(const struct moves *m, const struct match *match, uint32_t rose,
                          double *before)
{
    const struct tree *tree = &m->judge->set->tree;
    uint32_t taken[FALLS_MOST] = {match->of_self ? match->caller : match->node};
    for (size_t n = 1; n < FALLS_MOST; n++) {
        double lowest = 0;
        for (uint32_t i = match->caller + 1; i < tree->n; i++) {
            bool known = tree->parent[i] != match->caller || i == rose;
            for (size_t k = 0; k < n; k++)
                known |= taken[k] == i;
            double change = known ? 0 : move_node_change(m, i, false);
            taken[n] = change < lowest ? i : taken[n];
            lowest = fmin(lowest, change);
        }
        if (lowest == 0)
            return false;
        add_moved_node(m, taken[n], false, before);
        if (is_matched(m, match->rise, 0, true))
            return true;
    }
    return false;
}

/* The function that rose is new, and the one that fell vanished. */
static bool is_swap(const struct moves *m, const struct change *rose, const struct match *match)
{
    uint32_t place = match->of_self ? FUNCTION_NONE : m->place[match->frame];
    return rose->before <= 0 && place != FUNCTION_NONE && m->functions->at[place].total.after <= 0;
}

/* Whether both frames call the same functions, apart from small ones. */
static bool have_same_callees(const struct moves *m, uint32_t a, uint32_t b, double rise)
{
    const struct tree *tree = &m->judge->set->tree;
    uint32_t names = frames_count(&tree->frames);
    unsigned char *callers = heap_zero(m->functions->heap, names, sizeof *callers);
    bool same = true;
    for (uint32_t i = 1; i < tree->n; i++) {
        uint32_t caller = tree->frame[tree->parent[i]], frame = tree->frame[i];
        if (tree->parent[i] == TREE_ROOT || frame == a || frame == b ||
            (caller != a && caller != b))
            continue;
        if (fabs(move_node_change(m, i, false)) >= SMALL_CALLEE * rise)
            callers[frame] |= (unsigned char)((caller == a) | (caller == b) << 1);
    }
    for (uint32_t i = 0; i < names; i++)
        same &= callers[i] == 0 || callers[i] == 3;
    heap_free(m->functions->heap, callers);
    return same;
}

static bool is_rename(const struct moves *m, const struct function_change *rose, uint32_t node,
                      const struct match *match)
{
    const struct tree *tree = &m->judge->set->tree;
    bool same_caller = false;
    if (!is_swap(m, &rose->total, match) || match->off > SAME_WEIGHT * match->rise ||
        move_explained(m, match->frame) > 0)
        return false;
    for (uint32_t i = 1; i < tree->n && !same_caller; i++)
        same_caller = tree->frame[i] == match->frame && tree->parent[i] == tree->parent[node];
    return same_caller && have_same_callees(m, tree->frame[node], match->frame, match->rise);
}

/* Find the nearest caller of the node that changed by less than half of the rise, and the fall
 * below it. */
static bool match_node(const struct moves *m, const struct function_change *rose, uint32_t node,
                       struct match *match, double *most)
{
    const struct tree *tree = &m->judge->set->tree;
    *match = start_match(move_node_change(m, node, false));
    uint32_t caller = tree->parent[node];
    struct change change = {.low = -INFINITY};
    for (; !move_is_process(m, caller); caller = tree->parent[caller]) {
        change = move_judge_node(m, caller);
        if (move_is_within(&change, match->rise / 2))
            break;
    }
    if (move_is_process(m, caller))
        return false;
    *most = change.high;
    match->caller = caller;
    memset(m->below, 0, tree->n * sizeof *m->below);
    for (uint32_t i = caller + 1; i < tree->n; i++) /* children come after their parents */
        m->below[i] = tree->parent[i] == caller || m->below[tree->parent[i]];
    find_fall(m, caller + 1, tree->frame[node], match);
    struct match self = *match;
    self.of_self = true;
    self.frame = self.node = TREE_NONE;
    offer_match(match, &self, move_node_change(m, caller, true));
    if (isinf(match->off))
        return false;
    for (size_t r = 0; r < m->judge->set->runs.n; r++)
        m->both[r] = move_node_weight(m, r, node, false);
    double before = add_fall(m, match);
    double explained = match->of_self ? 0 : move_explained(m, match->frame);
    bool direct = match->of_self || match->node != TREE_NONE;
    bool large = move_holds(m, caller, change.before, MOST);
    if (large && match->off > SAME_WEIGHT * match->rise && !is_swap(m, &rose->total, match))
        return false;
    if (!is_matched(m, match->rise, explained, !large) &&
        (large || !direct || explained > 0 || !match_several(m, match, node, &before)))
        return false;
    return is_swap(m, &rose->total, match) ||
           !(move_holds(m, caller, change.before, NEARLY_ALL) ||
             move_holds(m, caller, before, MOST) ||
             (large && move_holds(m, caller, move_side_value(m, node, false, SIDE_BEFORE), MOST)));
}

struct rise {
    double size;
    uint32_t at; /* a node or a place */
};

static int compare_rises(const void *a, const void *b)
{
    const struct rise *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* The nodes of a frame that rose, the largest first. */
static size_t find_risen_nodes(const struct moves *m, uint32_t frame, struct rise *nodes)
{
    const struct run_set *set = m->judge->set;
    size_t n = 0;
    for (uint32_t i = 1; i < set->tree.n; i++)
        if (set->tree.frame[i] == frame && set->outermost[i]) {
            struct rise rise = {move_node_change(m, i, false), i};
            if (rise.size > 0)
                nodes[n++] = rise;
        }
    qsort(nodes, n, sizeof *nodes, compare_rises);
    return n < NODES_MOST ? n : NODES_MOST;
}

static void note_move(const struct moves *m, struct function_move *move, const struct match *match,
                      double most, bool renamed)
{
    const struct tree *tree = &m->judge->set->tree;
    uint32_t frame = match->of_self ? tree->frame[match->caller] : match->frame;
    *move = (struct function_move){.other = m->place[frame],
                                   .caller = m->place[tree->frame[match->caller]],
                                   .of_self = match->of_self,
                                   .renamed = renamed,
                                   .most = most};
}

/* A fall counts as moved when the rises of others are at least half of it. */
static void note_fall(struct moves *m, uint32_t by, struct function_move *move, double rise)
{
    struct function_change *other = &m->functions->at[move->other];
    struct change *fall = move->of_self ? &other->self : &other->total;
    struct function_move *back = move->of_self ? &other->self_move : &other->move;
    m->explained[move->other] += rise;
    if (!change_is_real(fall) || fall->after >= fall->before ||
        2 * m->explained[move->other] < fall->before - fall->after)
        return;
    fall->verdict = CHANGE_MOVED;
    *back = *move;
    back->other = by;
    back->of_self = false;
    if (!move->of_self && change_is_real(&other->self) && other->self.after < other->self.before) {
        other->self.verdict = CHANGE_MOVED;
        other->self_move = *back;
    }
}

static void explain_rise(struct moves *m, uint32_t place, struct rise *nodes)
{
    struct function_change *rose = &m->functions->at[place];
    const struct run_set *set = m->judge->set;
    size_t n = find_risen_nodes(m, rose->name, nodes);
    struct function_move move = {.other = FUNCTION_NONE};
    memcpy(m->rest, m->totals + rose->name * set->runs.n, set->runs.n * sizeof *m->rest);
    double explained = 0, most = -INFINITY;
    for (size_t i = 0; i < n && m->searches > 0; i++, m->searches--) {
        struct match match;
        double high;
        if (!match_node(m, rose, nodes[i].at, &match, &high))
            continue;
        most = fmax(most, high);
        if (move.other == FUNCTION_NONE)
            note_move(m, &move, &match, high, is_rename(m, rose, nodes[i].at, &match));
        explained += match.rise;
        for (size_t r = 0; r < set->runs.n; r++)
            m->rest[r] = fmax(0, m->rest[r] - move_node_weight(m, r, nodes[i].at, false));
    }
    struct change rest;
    judge_one(m->judge, m->rest, NULL, &rest);
    if (move.other == FUNCTION_NONE || rest.high > (rose->total.after - rose->total.before) / 2)
        return;
    move.most = most;
    rose->total.verdict = CHANGE_MOVED;
    rose->move = move;
    if (change_is_real(&rose->self) && rose->self.after > rose->self.before) {
        rose->self.verdict = CHANGE_MOVED;
        rose->self_move = move;
    }
    note_fall(m, place, &move, explained);
}

/* A callee was inlined: the self weight of the function rose, but its total hardly changed. */
static void explain_self(struct moves *m, uint32_t place)
{
    struct function_change *rose = &m->functions->at[place];
    const struct run_set *set = m->judge->set;
    const struct tree *tree = &set->tree;
    struct match match = start_match(rose->self.after - rose->self.before);
    if (!move_is_within(&rose->total, match.rise / 2))
        return;
    memset(m->below, 0, tree->n * sizeof *m->below);
    for (uint32_t i = 1; i < tree->n; i++)
        m->below[i] = tree->frame[tree->parent[i]] == rose->name || m->below[tree->parent[i]];
    find_fall(m, 1, rose->name, &match);
    if (isinf(match.off) || m->place[match.frame] == FUNCTION_NONE)
        return;
    const struct function_change *fell = &m->functions->at[m->place[match.frame]];
    uint32_t node = 1;
    while (tree->frame[node] != rose->name)
        node++;
    memcpy(m->both, m->selves + rose->name * set->runs.n, set->runs.n * sizeof *m->both);
    double before = add_fall(m, &match);
    if (!is_matched(m, match.rise, move_explained(m, match.frame), false) ||
        (fell->total.after > 0 && (move_holds(m, node, rose->total.before, NEARLY_ALL) ||
                                   move_holds(m, node, before, MOST))))
        return;
    rose->self.verdict = CHANGE_MOVED;
    rose->self_move = (struct function_move){
        .other = m->place[match.frame], .caller = place, .most = rose->total.high};
    note_fall(m, place, &rose->self_move, match.rise);
}

static bool change_rises(const struct change *change)
{
    return change->verdict == CHANGE_SLOWER || change->verdict == CHANGE_NEW;
}

static void explain_rises(struct moves *m, bool self)
{
    struct function_changes *functions = m->functions;
    struct rise *list = heap_alloc(functions->heap, functions->n, sizeof *list);
    struct rise *nodes = heap_alloc(functions->heap, m->judge->set->tree.n, sizeof *nodes);
    size_t n = 0;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct change *c = self ? &functions->at[i].self : &functions->at[i].total;
        if (change_rises(c))
            list[n++] = (struct rise){c->after - c->before, i};
    }
    qsort(list, n, sizeof *list, compare_rises);
    for (size_t i = 0; i < n && i < RISES_MOST; i++)
        if (self && change_rises(&functions->at[list[i].at].self))
            explain_self(m, list[i].at);
        else if (!self)
            explain_rise(m, list[i].at, nodes);
}

void function_moves_find(struct function_changes *functions, const struct judge *judge,
                         const double *totals, const double *selves)
{
    struct heap *heap = functions->heap;
    const struct tree *tree = &judge->set->tree;
    size_t runs = judge->set->runs.n, names = frames_count(&tree->frames);
    if (judge->scale == CHANGE_SHARES || !judge_knows_noise(judge))
        return;
    struct moves m = {.functions = functions,
                      .judge = judge,
                      .totals = totals,
                      .selves = selves,
                      .place = heap_alloc(heap, names, sizeof *m.place),
                      .below = heap_alloc(heap, tree->n, sizeof *m.below),
                      .change = heap_zero(heap, names, sizeof *m.change),
                      .explained = heap_zero(heap, functions->n + 1, sizeof *m.explained),
                      .rest = heap_alloc(heap, runs, sizeof *m.rest),
                      .both = heap_alloc(heap, runs, sizeof *m.both)};
    memset(m.place, 0xff, names * sizeof *m.place);
    for (uint32_t i = 0; i < functions->n; i++)
        m.place[functions->at[i].name] = i;
    m.searches = SEARCHES_LEAST + VISITS_MOST / tree->n;
    explain_rises(&m, false);
    explain_rises(&m, true);
}
