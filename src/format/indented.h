/* SPDX-License-Identifier: MIT */
/*
 * indented: stacks with weights from indented lines. The depth of a line shows its parent.
 *
 *      main  10             main 3
 *       f     7      ──►    main;f 7
 *
 * The values of a line are its own, or totals, from which those of the lines in it are subtracted.
 * The lines in a line are its callees, or in an inverted tree its callers.
 */
#ifndef FLAMETREE_FORMAT_INDENTED_H
#define FLAMETREE_FORMAT_INDENTED_H

#include "format/timeline.h"

enum { INDENTED_VALUES = 4, INDENTED_DEEPEST = TIMELINE_DEEPEST };

#define INDENTED_NO_FRAME UINT32_MAX

struct indented_line {
    uint64_t depth; /* more than that of the line it is in, by any number */
    uint32_t frame; /* of the builder, or INDENTED_NO_FRAME */
    int64_t values[INDENTED_VALUES];
    uint64_t position; /* for messages: a line or an offset */
    bool idle;         /* its own weight is left out */
};

struct indented {
    struct builder *builder;
    struct err *err;
    size_t first_value; /* the builder gets the values from this one on */
    bool totals, inverted;
    const struct sample_label *labels; /* of the lines that are added from now on */
    size_t label_count;

    /* private */
    VEC(struct indented_line) open; /* the outermost first */
    struct open_stack stack;        /* their frames */
};

/* These return false, with *err set, when a pattern takes too long. */
bool indented_add(struct indented *tree, const struct indented_line *line);

/* The tree ends; another one may follow. */
bool indented_finish(struct indented *tree);

#endif
