/* SPDX-License-Identifier: MIT */
/*
 * view: the state of the interactive view and its commands, without the terminal.
 *
 *      base ──► cut_tree ──► stage, or the two stages of a sandwich ──► zoom, choice
 *      (the profile)        (what is drawn)
 *
 * A command that changes the tree makes both anew from the base. Commands have the names and keys
 * that they have in the viewer of the SVG, see tui.c.
 */
#ifndef FLAMETREE_PIPELINE_VIEW_H
#define FLAMETREE_PIPELINE_VIEW_H

#include "core/pattern.h"
#include "output/terminal.h"
#include "pipeline/view_stage.h"
#include "profile/functions.h"
#include "transform/filter.h"

struct view_cut {
    enum filter_stage how; /* FILTER_HIDE, FILTER_IGNORE, FILTER_FOCUS */
    str pattern;
    bool *frames; /* that it is about */
};

enum view_panel { VIEW_GRAPH, VIEW_TABLE, VIEW_ORIGIN, VIEW_HELP };

struct view {
    struct heap *heap;
    const struct profile *profile;
    const struct tree *base;
    uint64_t whole; /* the weight of the base in the column */
    uint32_t *rank; /* of the names of the base */
    unsigned column;
    struct picture_options options; /* of the picture */
    str value;                      /* the value type of the column; p NULL: that of the profile */
    struct arena arena;             /* texts of cuts and messages */
    VEC(struct view_cut) cuts;
    bool reversed, icicle, folded;
    enum sibling_order_by order;
    str sandwich; /* the function in the middle; n == 0: none */
    struct cut_tree cut;
    struct view_stage stage, callers; /* callers: of a sandwich, from the function on */
    struct picture colors;            /* only its colors count */
    uint32_t zoom, chosen;            /* nodes of the stage */
    bool in_callers;                  /* `chosen` is a node of the callers */
    VEC(uint32_t) trail;              /* nodes that were zoomed to before */
    /* search */
    struct pattern *pattern; /* NULL: none */
    str pattern_text;
    bool *matched; /* by frame */
    uint64_t matched_weight;
    /* table */
    enum view_panel panel;
    enum functions_by by;
    struct functions functions; /* of the cut tree; at NULL: not made */
    size_t line;                /* the chosen line */
    struct err said;            /* message[0] '\0': the last command said nothing */
};

/* The tree and the profile outlive the view. */
void view_init(struct view *view, struct heap *heap, const struct profile *profile,
               const struct tree *tree, unsigned column, const struct picture_options *options);

/* The sum of the weights that the cuts have left. */
uint64_t view_total(const struct view *view);
/* Whether that is less than all of them. */
bool view_is_part(const struct view *view);

const struct view_stage *view_stage_of(const struct view *view, bool of_callers);

/* The weight of the chosen frame. */
uint64_t view_chosen_weight(const struct view *view);

/* The name of a node of the stage, or of the callers. */
str view_name(const struct view *view, bool of_callers, uint32_t node);

/* ---- commands; each may leave a message ---- */

void view_zoom(struct view *view, uint32_t node);
void view_back(struct view *view);
void view_reset(struct view *view);

/* Cut by the chosen frame, or by all frames that the search matches. */
void view_cut(struct view *view, enum filter_stage how, bool all_matches);
void view_uncut(struct view *view);

void view_turn(struct view *view);

/* The next value type of a profile that was read with --all-events. */
void view_change_value(struct view *view);
void view_change_order(struct view *view);
void view_fold(struct view *view);

/* Callers below and callees above this function; "": back to the graph. */
void view_open_sandwich(struct view *view, str function);

/* An expression that cannot be used leaves a message and matches nothing. "" ends the search. */
void view_search(struct view *view, str text);

/* The functions in the order of the table. With a search, those that match. */
void view_make_table(struct view *view);

/* After a change of its order. */
void view_forget_table(struct view *view);

/* A frame of the stage that the search matches. */
bool view_is_match(const struct view *view, uint32_t node);

void view_end(struct view *view);

#endif
