/*
 * parallel: one input of lines, read by several threads. Each has a profile of its own, and the
 * profiles are merged at the end.
 *
 *      input ──► lock ──► block ──► caller: its reader ──► the profile ◄─┐
 *                  │  └─► block ──► thread: a reader ────► a profile ────┘ at the end
 *                  └────► block ──► caller ...
 *
 * A block ends where the reader says that one line does not depend on the line before: after any
 * line, or after an empty one. A line that begins with '#' may change how the rest is read, so the
 * caller reads on alone from there; so it does where no block ends within half a megabyte.
 *
 * The result does not depend on which thread read which block: trees are written in the order of
 * names, and events and skipped lines are put in the order of their lines.
 */
#ifndef FLAMETREE_FORMAT_PARALLEL_H
#define FLAMETREE_FORMAT_PARALLEL_H

#include "format/reader.h"

struct parallel;

/* For one input. No thread starts before the reader's follow() allows it. NULL: the caller reads
 * alone. `options` outlives it. */
struct parallel *parallel_open(const struct parallel_options *options, const struct reader *reader,
                               struct builder *builder, struct reader_input *input);

/* As line_loop_fill(), for the caller and the threads. */
bool parallel_fill(struct parallel *parallel, struct line_loop *lines);

/* Wait for the threads. Call it whatever happened. */
void parallel_wait(struct parallel *parallel);

/* After parallel_wait(): add what the threads read to the caller's profile and end it. False when
 * one of them failed. */
bool parallel_close(struct parallel *parallel, struct err *err);

#endif
