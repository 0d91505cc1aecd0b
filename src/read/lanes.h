/*
 * lanes: one file read by several threads, in parts that end behind a line, or behind an empty one,
 * as the reader wants.
 *
 *      source ──► lane 0, the caller: its reader, into the profile that was asked for
 *             ├─► lane 1: a reader, a profile and a heap of its own ──┐         ▲
 *             └─► lane 2: ...                                         ┴─ parcels┘
 *
 * There is one tree. What a lane reads are stacks and weights, which it gathers in a parcel;
 * between two parts lane 0 takes in the parcels that are full. Trees for all lanes would hold the
 * same stacks when the input is long (1.3 GB by two lanes: 33 MB in place of 23), and would have to
 * be merged.
 *
 * Whoever has nothing to do takes the lock, reads the next part into a buffer of its own, and lets
 * go. What stands behind the end of the part stays in reading->buffer for the next one. A part in
 * which a line starts with '#', and one that does not end in a block, are left to the caller as
 * well: what lanes do not understand is read by one reader, as before.
 *
 * Nothing that comes out depends on who read what: trees are written in the order of their names,
 * and lines are numbered, so that of two the earlier is known.
 */
#ifndef FLAMETREE_READ_LANES_H
#define FLAMETREE_READ_LANES_H

#include "read/reading.h"

struct lanes;

/* Lanes for reading->reader, none started yet. They are guests of the profile's heap. */
struct lanes *lanes_open(struct reading *reading);

/* reading->buffer starts where a part may: read on until the end, or until something comes that
 * is not for lanes; it is in the buffer then, and fits. False with *err set when reading failed or
 * memory ran out. */
bool lanes_run(struct lanes *lanes, struct source *source, struct err *err);

/* All that the lanes have read is in the profile. */
void lanes_close(struct lanes *lanes);

/* Where the last part ends in `text`, behind 1 or 2 line ends, in bytes; 0: nowhere. */
size_t lanes_last_gap(str text, unsigned line_ends);

#endif
