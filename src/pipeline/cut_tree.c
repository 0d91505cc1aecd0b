/* SPDX-License-Identifier: MIT */
/*
 * cut_tree: see view_stage.h.
 */
#include "pipeline/view_stage.h"

#include "core/num.h"

void cut_tree_init(struct cut_tree *cut, const struct tree *base)
{
    *cut = (struct cut_tree){.tree = *base};
}

static void *copy_array(struct tree *tree, const void *from, size_t size)
{
    void *copy = heap_alloc(tree->heap, tree->n, size);
    memcpy(copy, from, tree->n * size);
    return copy;
}

static void copy_weights(struct cut_tree *cut)
{
    struct tree *tree = &cut->tree;
    uint64_t **weight = tree->weight;
    if (cut->own_weights)
        return;
    tree->weight = heap_alloc(tree->heap, tree->columns, sizeof *tree->weight);
    for (unsigned c = 0; c < tree->columns; c++)
        tree->weight[c] = copy_array(tree, weight[c], sizeof *tree->weight[c]);
    cut->own_weights = true;
}

static void copy_links(struct cut_tree *cut)
{
    struct tree *tree = &cut->tree;
    if (cut->own_links)
        return;
    tree->parent = copy_array(tree, tree->parent, sizeof *tree->parent);
    tree->frame = copy_array(tree, tree->frame, sizeof *tree->frame);
    tree->last_child = copy_array(tree, tree->last_child, sizeof *tree->last_child);
    tree->elder = copy_array(tree, tree->elder, sizeof *tree->elder);
    cut->own_links = true;
}

static void link_children(struct tree *tree)
{
    memset(tree->last_child, 0xff, tree->n * sizeof *tree->last_child);
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        tree->elder[node] = tree->last_child[parent];
        tree->last_child[parent] = node;
    }
}

void cut_tree_select(struct cut_tree *cut, const bool *frames, bool keep)
{
    struct tree *tree = &cut->tree;
    bool *inside = heap_zero(tree->heap, tree->n, sizeof *inside);
    copy_weights(cut);
    for (uint32_t node = 0; node < tree->n; node++) {
        uint32_t frame = tree->frame[node];
        if (node != TREE_ROOT)
            inside[node] = inside[tree->parent[node]] || (frame != TREE_GAP && frames[frame]);
        if (inside[node] != keep)
            for (unsigned c = 0; c < tree->columns; c++)
                tree->weight[c][node] = 0;
    }
    heap_free(tree->heap, inside);
}

/* In input order the weight of a frame that is left out stays where it is, as a gap. */
static void leave_cut_out(struct tree *tree, uint32_t node, uint32_t parent)
{
    if (tree->in_order) {
        tree->frame[node] = TREE_GAP;
        return;
    }
    for (unsigned c = 0; c < tree->columns; c++) {
        num_add_most(&tree->weight[c][parent], tree->weight[c][node]);
        tree->weight[c][node] = 0;
    }
}

/* Leave out these frames or, if `frames` is NULL, those that repeat their parent. Nodes come after
 * their parents, so the parent of a node that was left out is one that stays. */
static void leave_out_all(struct cut_tree *cut, const bool *frames)
{
    struct tree *tree = &cut->tree;
    bool *gone = heap_zero(tree->heap, tree->n, sizeof *gone);
    copy_weights(cut);
    copy_links(cut);
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node], frame = tree->frame[node];
        if (gone[parent])
            parent = tree->parent[node] = tree->parent[parent];
        if (frame == TREE_GAP)
            continue;
        gone[node] = frames ? frames[frame] : parent != TREE_ROOT && frame == tree->frame[parent];
        if (gone[node])
            leave_cut_out(tree, node, parent);
    }
    link_children(tree);
    heap_free(tree->heap, gone);
}

void cut_tree_hide(struct cut_tree *cut, const bool *frames)
{
    leave_out_all(cut, frames);
}

void cut_tree_fold(struct cut_tree *cut)
{
    leave_out_all(cut, NULL);
}

void cut_tree_sum(struct cut_tree *cut, unsigned column)
{
    cut->totals = tree_totals(&cut->tree, column);
    if (tree_has_sides(&cut->tree))
        cut->totals_before = tree_totals(&cut->tree, SIDE_BEFORE);
}

void cut_tree_end(struct cut_tree *cut)
{
    struct tree *tree = &cut->tree;
    for (unsigned c = 0; cut->own_weights && c < tree->columns; c++)
        heap_free(tree->heap, tree->weight[c]);
    if (cut->own_weights)
        heap_free(tree->heap, tree->weight);
    if (cut->own_links) {
        heap_free(tree->heap, tree->parent);
        heap_free(tree->heap, tree->frame);
        heap_free(tree->heap, tree->last_child);
        heap_free(tree->heap, tree->elder);
    }
    heap_free(tree->heap, cut->totals);
    heap_free(tree->heap, cut->totals_before);
    *cut = (struct cut_tree){.own_weights = false};
}
