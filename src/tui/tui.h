/* SPDX-License-Identifier: MIT */
/*
 * tui: the interactive flame graph in a terminal.
 */
#ifndef FLAMETREE_TUI_TUI_H
#define FLAMETREE_TUI_TUI_H

#include "picture/rows.h"
#include "pipeline/view.h"
#include "tui/screen.h"

struct tui_input {
    struct heap *heap;
    const struct profile *profile;
    const struct tree *tree;
    unsigned column;
    const struct picture_options *options;
    const struct terminal *terminal; /* the colors that it shows */
};

/* Show the profile until the user ends it. False: there is no terminal. */
bool tui_run(const struct tui_input *input, struct err *err);

/* ---- inside ---- */

enum { TUI_SEARCH_MOST = 200 };

/* A level is the distance of a row from the frame that is zoomed to, whose level is 0. Its callers,
 * or those of the function of a sandwich, have levels below 0. */
struct tui {
    struct heap *heap;
    struct screen screen;
    struct view view;
    struct rows above, below; /* of the stage; of the callers of a sandwich */
    int lowest, highest;      /* levels that exist */
    int first;                /* the lowest level on the screen */
    unsigned height;          /* lines of the graph */
    size_t top;               /* the first line of a table or text on the screen */
    bool follow;              /* keep the chosen frame on the screen */
    bool typing;              /* the search field is open */
    char typed[TUI_SEARCH_MOST];
    size_t typed_n;
    bool done;
    struct sink text; /* the line that is drawn */
};

bool tui_is_sandwich(const struct tui *tui);

/* Call this after any change of the view or the width. */
void tui_make_rows(struct tui *tui);

/* The boxes of a level: *n of them. An ancestor has no box: it is as wide as the screen. */
const struct row_box *tui_boxes(const struct tui *tui, int level, size_t *n);

/* The node at a level below 0, if that is no sandwich. */
uint32_t tui_ancestor(const struct tui *tui, int level);

/* The level of the chosen frame and its box; NULL: an ancestor, or too narrow for a box. */
const struct row_box *tui_chosen(const struct tui *tui, int *level);

/* Scroll so that the level is on the screen, and no line is empty that could have frames. */
void tui_scroll_to(struct tui *tui, int level);

void tui_draw(struct tui *tui);
void tui_draw_end(struct tui *tui);

#endif
