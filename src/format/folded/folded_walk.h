/* SPDX-License-Identifier: MIT */
/*
 * folded_walk: looks up the frames of folded stacks. In sorted input a line shares most frames with
 * the line before, and these are not looked up again.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_WALK_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_WALK_H

#include "profile/builder.h"

struct folded_walk {
    struct builder *builder;
    struct frames *frames;
    unsigned luck, turn;    /* how often to try followers */
    VEC(uint32_t) follower; /* by frame: the frame that came after it last time; 0: none */
    str last;               /* the stack before: in the current block, or in `kept` */
    VEC(char) kept;
    VEC(size_t) ends;  /* of the frames of `last`, as offsets */
    VEC(uint32_t) ids; /* the frames of `last`, root first */
    struct strbuf cut; /* a name without its line number */
};

void folded_walk_init(struct folded_walk *walk, struct builder *builder);

/* Add a stack, whose text must stay until folded_walk_keep(). */
void folded_walk_add(struct folded_walk *walk, str stack, const struct stack_weight *weight);

/* Call it before the block with the last stack is replaced. */
void folded_walk_keep(struct folded_walk *walk);

/* Share nothing between the last stack and the next one. */
void folded_walk_restart(struct folded_walk *walk);

void folded_walk_end(struct folded_walk *walk);

/* Cut the last word off `line` with one blank before it. Other blanks belong to the name of the
 * frame. False if there is no blank. */
bool folded_cut_word(str *line, str *word);

/* The name without its line number, in `buf`: "a.py:f:12" is "a.py:f", "f (a.py:12)" is "f
 * (a.py)". */
str folded_cut_line(str name, struct strbuf *buf);

/* ";a;" is "a". */
str folded_trim_empty(str stack);

#endif
