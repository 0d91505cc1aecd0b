/*
 * folded_walk: stacks as text, frames joined by ';', on their way into a tree or a parcel. What the
 * last one tells about the next is not looked up again.
 *
 *      text ──► steps ──► tree          names are looked up, then nodes
 *                    └──► queue ──► tree
 *                    └──► parcel          ··· to another walk ··· ──► arrivals ──► tree
 */
#ifndef FLAMETREE_READ_FOLDED_WALK_H
#define FLAMETREE_READ_FOLDED_WALK_H

#include "stack/parcel.h"
#include "stack/queue.h"

/* The stack of the last line and what is known of its frames: sorted input shares most of a line
 * with the one before, and what is shared is not looked up again. */
struct step {
    size_t end; /* offset behind the frame */
    uint32_t name;
    uint32_t node; /* until stacks are queued */
};

struct folded_walk {
    struct tree *tree;
    struct queue queue;     /* stacks that wait for their way into it */
    bool queued;            /* all go through the queue by now */
    struct queue arrivals;  /* stacks of parcels on their way into it */
    struct parcel *parcel;  /* where stacks go in place of the tree; NULL: nowhere else */
    unsigned luck, turn;    /* whether it is worth to ask for followers */
    VEC(uint32_t) follower; /* by name: the name that stood behind it last */
    str last;               /* in the block that is eaten, or in `kept` between two blocks */
    VEC(char) kept;
    VEC(struct step) steps;
};

void folded_walk_init(struct folded_walk *walk, struct tree *tree);

/* Add a stack, which stays where it is until folded_walk_keep(). */
void folded_walk_add(struct folded_walk *walk, str stack, const struct queue_weight *weight);

/* The block with the last stack goes away. */
void folded_walk_keep(struct folded_walk *walk);

/* From now on stacks go into `parcel`, which is empty, and the tree only gets names. */
void folded_walk_send(struct folded_walk *walk, struct parcel *parcel);

/* Stacks of a parcel go into the tree; names: their numbers there. */
void folded_walk_take_in(struct folded_walk *walk, const struct parcel *parcel,
                         const uint32_t *names);

/* All stacks are in the tree. */
void folded_walk_end(struct folded_walk *walk);

#endif
