/* SPDX-License-Identifier: MIT */
/*
 * embedded_writer: a tree as the text that is embedded in an SVG (doc/format.md, section 2): the
 * number of names and nodes, the names, the nodes.
 */
#ifndef FLAMETREE_FORMAT_EMBEDDED_EMBEDDED_WRITER_H
#define FLAMETREE_FORMAT_EMBEDDED_EMBEDDED_WRITER_H

#include "core/sink.h"
#include "profile/sibling_order.h"
#include "profile/tree.h"

struct embedded_writer {
    const struct tree *tree;
    const struct sibling_order *order;
    uint32_t *sorted;   /* names in use, in byte order */
    uint32_t *position; /* by name: its index in `sorted` */
    uint32_t count;     /* of names in use */
    uint64_t unit;      /* the common divisor of all weights */
    unsigned last;      /* the columns 0 to `last` are written: one, or both sides */
};

/* `tree` and `order` outlive *pack. */
void embedded_writer_make(struct embedded_writer *pack, const struct tree *tree,
                          const struct sibling_order *order);

/* Write the line of two numbers, the names, and the line of nodes. */
void embedded_writer_write(const struct embedded_writer *pack, struct sink *sink);

/* Write a number in the digits of the line of nodes. */
void embedded_writer_put_number(struct sink *sink, uint64_t value);

/* Write a column of `tree`, which has the same nodes: for each node with weight its distance from
 * the one before, and its weight in multiples of `unit`; then 0. */
void embedded_writer_put_column(const struct embedded_writer *pack, const struct tree *tree,
                                unsigned column, uint64_t unit, struct sink *sink);

/* Write the number of samples of each node with weight in `column`, one after the other. */
void embedded_writer_put_samples(const struct embedded_writer *pack, unsigned column,
                                 struct sink *sink);

void embedded_writer_end(struct embedded_writer *pack);

#endif
