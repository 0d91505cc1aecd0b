/* SPDX-License-Identifier: MIT */
/*
 * tui_levels: the rows of the graph, with the callers of the frame that is zoomed to.
 */
#include "tui/tui.h"

static uint32_t count_ancestors(const struct tree *tree, uint32_t node)
{
    uint32_t n = 0;
    for (; node != TREE_ROOT; node = tree->parent[node])
        n++;
    return n;
}

uint32_t tui_ancestor(const struct tui *tui, int level)
{
    uint32_t node = tui->view.zoom;
    while (level++ < 0)
        node = tui->view.stage.tree.parent[node];
    return node;
}

bool tui_is_sandwich(const struct tui *tui)
{
    return tui->view.sandwich.n > 0;
}

void tui_make_rows(struct tui *tui)
{
    struct view *view = &tui->view;
    unsigned width = tui->screen.columns;
    view_stage_rows(&view->stage, &tui->above, view->zoom, width);
    tui->highest = (int)tui->above.n - 1;
    tui->lowest = -(int)count_ancestors(&view->stage.tree, view->zoom);
    if (!tui_is_sandwich(tui))
        return;
    view_stage_rows(&view->callers, &tui->below, view->callers.picture.order.first[TREE_ROOT],
                    width);
    tui->lowest = 1 - (int)tui->below.n;
}

const struct row_box *tui_boxes(const struct tui *tui, int level, size_t *n)
{
    const struct rows *rows = level < 0 ? &tui->below : &tui->above;
    uint32_t row = (uint32_t)(level < 0 ? -level : level);
    *n = 0;
    if (row >= rows->n || (level < 0 && !tui_is_sandwich(tui)))
        return NULL;
    *n = rows->first.at[row + 1] - rows->first.at[row];
    return &rows->boxes.at[rows->first.at[row]];
}

const struct row_box *tui_chosen(const struct tui *tui, int *level)
{
    const struct view *view = &tui->view;
    const struct rows *rows = view->in_callers ? &tui->below : &tui->above;
    for (size_t i = 0; i < rows->boxes.n; i++)
        if (rows->boxes.at[i].node == view->chosen) {
            int row = (int)rows->boxes.at[i].row;
            *level = view->in_callers ? -row : row;
            return &rows->boxes.at[i];
        }
    for (*level = 0; !tui_is_sandwich(tui) && *level > tui->lowest; --*level)
        if (tui_ancestor(tui, *level) == view->chosen)
            break;
    return NULL;
}

/* Keep the chosen frame on the screen, and leave no line empty that could have frames. */
void tui_scroll_to(struct tui *tui, int level)
{
    int height = (int)tui->height, last = tui->highest - height + 1;
    if (level < tui->first)
        tui->first = level;
    if (level >= tui->first + height)
        tui->first = level - height + 1;
    if (tui->first > last)
        tui->first = last;
    if (tui->first < tui->lowest)
        tui->first = tui->lowest;
}
