/*
 * folded_walk: the frames of one folded stack after the other. Sorted input shares most of a line
 * with the line before, and the shared frames are not looked up again.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_WALK_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_WALK_H

#include "profile/builder.h"

struct folded_walk {
    struct builder *builder;
    struct frames *frames;
    unsigned luck, turn;    /* whether it is worth asking for followers */
    VEC(uint32_t) follower; /* by frame: the one that followed it last */
    str last;               /* the stack before: in the block at hand, or in `kept` */
    VEC(char) kept;
    VEC(size_t) ends;  /* of the frames of `last`, as offsets */
    VEC(uint32_t) ids; /* the frames of `last`, root first */
};

void folded_walk_init(struct folded_walk *walk, struct builder *builder);

/* Add a stack; its text stays where it is until folded_walk_keep(). */
void folded_walk_add(struct folded_walk *walk, str stack, const struct stack_weight *weight);

/* The block with the last stack goes away. */
void folded_walk_keep(struct folded_walk *walk);

/* The next stack has nothing in common with the one before. */
void folded_walk_restart(struct folded_walk *walk);

void folded_walk_end(struct folded_walk *walk);

#endif
