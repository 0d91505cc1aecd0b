/* SPDX-License-Identifier: MIT */
/*
 * move_weights: see move_weights.h.
 */
#include "compare/move_weights.h"

double move_node_weight(const struct moves *m, size_t r, uint32_t node, bool self)
{
    const struct run_set *set = m->judge->set;
    return run_set_weight(set, self ? set->tree.weight[r][node] : set->runs.at[r].whole[node]);
}

double move_side_value(const struct moves *m, uint32_t node, bool self, enum side side)
{
    const struct run_set *set = m->judge->set;
    double value = 0;
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].side == side)
            value += move_node_weight(m, r, node, self) * m->judge->factor[r];
    return value / (double)set->count[side];
}

double move_node_change(const struct moves *m, uint32_t node, bool self)
{
    return move_side_value(m, node, self, SIDE_AFTER) - move_side_value(m, node, self, SIDE_BEFORE);
}

struct change move_judge_node(const struct moves *m, uint32_t node)
{
    struct change change;
    for (size_t r = 0; r < m->judge->set->runs.n; r++)
        m->both[r] = move_node_weight(m, r, node, false);
    judge_one(m->judge, m->both, NULL, &change);
    return change;
}

bool move_is_within(const struct change *change, double limit)
{
    return change->low >= -limit && change->high <= limit;
}

bool move_holds(const struct moves *m, uint32_t node, double before, double part)
{
    const struct run_set *set = m->judge->set;
    while (set->process_first && set->tree.parent[node] != TREE_ROOT)
        node = set->tree.parent[node];
    double process = move_side_value(m, set->process_first ? node : TREE_ROOT, false, SIDE_BEFORE);
    return m->judge->scale != CHANGE_WORK && before >= part * process;
}

bool move_is_process(const struct moves *m, uint32_t node)
{
    const struct run_set *set = m->judge->set;
    return node == TREE_ROOT || (set->process_first && set->tree.parent[node] == TREE_ROOT);
}

double move_explained(const struct moves *m, uint32_t frame)
{
    return m->place[frame] == FUNCTION_NONE ? 0 : m->explained[m->place[frame]];
}
