/*
 * function_moves: cost that moved from one function to another: a function was renamed, inlined into
 * its caller, extracted from it, or called from elsewhere.
 *
 *      parse                        parse                    renamed: parse_body -> parse_body_v2
 *      ├── parse_body      40       ├── parse_body_v2   41
 *      └── read            10       └── read            10
 *
 * For each node of a function that rose, the nearest caller counts whose change is less than half of
 * the rise. What fell most nearly by as much below it is the other function; that both together
 * changed by less than half of the rise is judged, too.
 *
 * Where recordings last equally long, the total of a process never changes, and one function rises
 * where all others fall. So neither the process nor a caller of nearly everything counts, unless one
 * function vanished and the other is new.
 */
#include <math.h>
#include <stdlib.h>

#include "compare/comparison.h"

#define NEARLY_ALL   0.9
#define SMALL_CALLEE 0.05

enum { RISES_MOST = 64, NODES_MOST = 16 };

struct moves {
    struct function_changes *functions;
    const struct judge *judge;
    const double *totals, *selves;
    uint32_t *place;   /* by frame */
    bool *below;       /* by node: room for a subtree */
    double *change;    /* by frame: after - before below the caller; 0 between searches */
    double *explained; /* by place: how much of its fall is the rise of others */
    double *rest;      /* by run: of the function that rose */
    double *both;      /* by run */
};

/* What rose, and the best match of what fell. */
struct match {
    uint32_t caller; /* a node */
    double rise;
    uint32_t frame, node; /* what fell: a frame below the caller, or one node; else TREE_NONE */
    bool of_self;         /* the caller's own weight */
    double off;           /* how far the sum of both is from 0 */
};

static double node_weight(const struct moves *m, size_t r, uint32_t node, bool self)
{
    const struct run_set *set = m->judge->set;
    return run_set_weight(set, self ? set->tree.weight[r][node] : set->runs.at[r].whole[node]);
}

/* after - before on the scale. */
static double node_change(const struct moves *m, uint32_t node, bool self)
{
    const struct run_set *set = m->judge->set;
    double change = 0;
    for (size_t r = 0; r < set->runs.n; r++) {
        enum side side = set->runs.at[r].side;
        double value = node_weight(m, r, node, self) * m->judge->factor[r] /
                       (double)set->count[side];
        change += side == SIDE_AFTER ? value : -value;
    }
    return change;
}

static struct change judge_node(const struct moves *m, uint32_t node)
{
    struct change change;
    for (size_t r = 0; r < m->judge->set->runs.n; r++)
        m->both[r] = node_weight(m, r, node, false);
    judge_one(m->judge, m->both, NULL, &change);
    return change;
}

static bool is_within(const struct change *change, double limit)
{
    return change->low >= -limit && change->high <= limit;
}

static bool holds_nearly_all(const struct moves *m, double before)
{
    return m->judge->scale != CHANGE_WORK && before >= NEARLY_ALL * m->judge->whole;
}

static bool is_process(const struct moves *m, uint32_t node)
{
    const struct run_set *set = m->judge->set;
    return node == TREE_ROOT || (set->process_first && set->tree.parent[node] == TREE_ROOT);
}

/* ---- what fell ---- */

static void offer(struct match *best, const struct match *match, double change)
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
            m->change[tree->frame[i]] += node_change(m, i, false);
    for (uint32_t i = from; i < tree->n; i++) {
        if (!m->below[i] || tree->frame[i] == except)
            continue;
        match.frame = tree->frame[i];
        match.node = TREE_NONE;
        offer(best, &match, m->change[tree->frame[i]]);
        match.node = i;
        if (tree->parent[i] == match.caller)
            offer(best, &match, node_change(m, i, false));
    }
    for (uint32_t i = from; i < tree->n; i++)
        if (m->below[i])
            m->change[tree->frame[i]] = 0;
}

/* Mark the nodes below a node. Children come after their parents. */
static void mark_below(const struct moves *m, uint32_t node)
{
    const struct tree *tree = &m->judge->set->tree;
    memset(m->below, 0, tree->n * sizeof *m->below);
    for (uint32_t i = node + 1; i < tree->n; i++)
        m->below[i] = tree->parent[i] == node || m->below[tree->parent[i]];
}

/* Add what fell to `both`. */
static void add_fall(const struct moves *m, const struct match *match)
{
    const struct run_set *set = m->judge->set;
    const struct tree *tree = &set->tree;
    for (size_t r = 0; r < set->runs.n; r++) {
        if (match->of_self || match->node != TREE_NONE) {
            uint32_t node = match->of_self ? match->caller : match->node;
            m->both[r] += node_weight(m, r, node, match->of_self);
            continue;
        }
        for (uint32_t i = 0; i < tree->n; i++)
            if (m->below[i] && set->outermost[i] && tree->frame[i] == match->frame)
                m->both[r] += node_weight(m, r, i, false);
    }
}

static bool sum_is_within(const struct moves *m, const struct match *match)
{
    struct change change;
    judge_one(m->judge, m->both, NULL, &change);
    return is_within(&change, match->rise / 2);
}

/* A function vanished that is as large as the one that is new. */
static bool is_swap(const struct moves *m, const struct change *rose, const struct match *match)
{
    uint32_t place = match->of_self ? FUNCTION_NONE : m->place[match->frame];
    return rose->before <= 0 && place != FUNCTION_NONE && m->functions->at[place].total.after <= 0;
}

/* ---- renames ---- */

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
        if (fabs(node_change(m, i, false)) >= SMALL_CALLEE * rise)
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
    if (!is_swap(m, &rose->total, match))
        return false;
    for (uint32_t i = 1; i < tree->n && !same_caller; i++)
        same_caller = tree->frame[i] == match->frame && tree->parent[i] == tree->parent[node];
    return same_caller && have_same_callees(m, tree->frame[node], match->frame, match->rise);
}

/* ---- what rose ---- */

/* The nearest caller of the node that changed by less than half of the rise, and what fell below
 * it. */
static bool match_node(const struct moves *m, const struct function_change *rose, uint32_t node,
                       struct match *match, double *most)
{
    const struct tree *tree = &m->judge->set->tree;
    *match = (struct match){.rise = node_change(m, node, false),
                            .frame = TREE_NONE,
                            .node = TREE_NONE,
                            .off = INFINITY};
    uint32_t caller = tree->parent[node];
    struct change change = {.low = -INFINITY};
    for (; !is_process(m, caller); caller = tree->parent[caller]) {
        change = judge_node(m, caller);
        if (is_within(&change, match->rise / 2))
            break;
    }
    if (is_process(m, caller))
        return false;
    *most = change.high;
    match->caller = caller;
    mark_below(m, caller);
    find_fall(m, caller + 1, tree->frame[node], match);
    struct match self = *match;
    self.of_self = true;
    self.frame = self.node = TREE_NONE;
    offer(match, &self, node_change(m, caller, true));
    if (isinf(match->off) ||
        (holds_nearly_all(m, change.before) && !is_swap(m, &rose->total, match)))
        return false;
    for (size_t r = 0; r < m->judge->set->runs.n; r++)
        m->both[r] = node_weight(m, r, node, false);
    add_fall(m, match);
    return sum_is_within(m, match);
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
            struct rise rise = {node_change(m, i, false), i};
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

static bool all_is_explained(const struct moves *m, const struct change *rose)
{
    struct change rest;
    judge_one(m->judge, m->rest, NULL, &rest);
    return rest.high <= (rose->after - rose->before) / 2;
}

/* A fall counts as moved when most of it is the rise of others. */
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
    for (size_t i = 0; i < n; i++) {
        struct match match;
        double high;
        if (!match_node(m, rose, nodes[i].at, &match, &high))
            continue;
        most = fmax(most, high);
        if (move.other == FUNCTION_NONE)
            note_move(m, &move, &match, high, is_rename(m, rose, nodes[i].at, &match));
        explained += match.rise;
        for (size_t r = 0; r < set->runs.n; r++)
            m->rest[r] = fmax(0, m->rest[r] - node_weight(m, r, nodes[i].at, false));
    }
    if (move.other == FUNCTION_NONE || !all_is_explained(m, &rose->total))
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

/* A callee was inlined: the function did not change with all that it calls, but by itself. */
static void explain_self(struct moves *m, uint32_t place)
{
    struct function_change *rose = &m->functions->at[place];
    const struct run_set *set = m->judge->set;
    const struct tree *tree = &set->tree;
    struct match match = {.rise = rose->self.after - rose->self.before,
                          .caller = TREE_NONE,
                          .frame = TREE_NONE,
                          .node = TREE_NONE,
                          .off = INFINITY};
    if (!is_within(&rose->total, match.rise / 2))
        return;
    memset(m->below, 0, tree->n * sizeof *m->below);
    for (uint32_t i = 1; i < tree->n; i++)
        m->below[i] = tree->frame[tree->parent[i]] == rose->name || m->below[tree->parent[i]];
    find_fall(m, 1, rose->name, &match);
    if (isinf(match.off) || m->place[match.frame] == FUNCTION_NONE)
        return;
    const struct function_change *fell = &m->functions->at[m->place[match.frame]];
    if (holds_nearly_all(m, rose->total.before) && fell->total.after > 0)
        return;
    memcpy(m->both, m->selves + rose->name * set->runs.n, set->runs.n * sizeof *m->both);
    add_fall(m, &match);
    if (!sum_is_within(m, &match))
        return;
    rose->self.verdict = CHANGE_MOVED;
    rose->self_move = (struct function_move){
        .other = m->place[match.frame], .caller = place, .most = rose->total.high};
    note_fall(m, place, &rose->self_move, match.rise);
}

static bool rises(const struct change *change)
{
    return change->verdict == CHANGE_SLOWER || change->verdict == CHANGE_NEW;
}

static void explain_rises(struct moves *m, bool self)
{
    struct function_changes *functions = m->functions;
    struct heap *heap = functions->heap;
    struct rise *list = heap_alloc(heap, functions->n, sizeof *list);
    struct rise *nodes = heap_alloc(heap, m->judge->set->tree.n, sizeof *nodes);
    size_t n = 0;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct change *change = self ? &functions->at[i].self : &functions->at[i].total;
        if (rises(change))
            list[n++] = (struct rise){change->after - change->before, i};
    }
    qsort(list, n, sizeof *list, compare_rises);
    for (size_t i = 0; i < n && i < RISES_MOST; i++)
        if (self && rises(&functions->at[list[i].at].self))
            explain_self(m, list[i].at);
        else if (!self)
            explain_rise(m, list[i].at, nodes);
    heap_free(heap, nodes);
    heap_free(heap, list);
}

void function_moves_find(struct function_changes *functions, const struct judge *judge,
                         const double *totals, const double *selves)
{
    struct heap *heap = functions->heap;
    const struct tree *tree = &judge->set->tree;
    uint32_t names = frames_count(&tree->frames);
    size_t runs = judge->set->runs.n;
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
    explain_rises(&m, false);
    explain_rises(&m, true);
    heap_free(heap, m.both);
    heap_free(heap, m.rest);
    heap_free(heap, m.explained);
    heap_free(heap, m.change);
    heap_free(heap, m.below);
    heap_free(heap, m.place);
}
