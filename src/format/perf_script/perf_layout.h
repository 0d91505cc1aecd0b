/*
 * perf_layout: how the headers of one recording are laid out, and headers without a time, which
 * can be read only by that.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LAYOUT_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LAYOUT_H

#include "format/perf_script/perf_header.h"

/* What the lines of `head`, the start of a file, show. */
void perf_layout_learn(struct perf_layout *layout, str head);

/* A list of fields as perf script -F takes it; false with the word that is none in *wrong. */
bool perf_layout_set(struct perf_layout *layout, str list, str *wrong);

enum { PERF_LAYOUT_ROOM = 160 };

/* "comm tid time event; chains": how long it is. */
size_t perf_layout_tell(const struct perf_layout *layout, char text[PERF_LAYOUT_ROOM]);

/* Take a header apart that does not say when. False when the layout is known and `line` has
 * another one. */
bool perf_layout_untimed(str line, struct perf_layout *layout, struct perf_header *header);

/* As struct reader's bid. */
int perf_bid(str head);

/* ---- for perf_head.c ---- */

/* The fields at the end of line[0, to), by their widths. */
unsigned perf_layout_by_width(str line, size_t to);

/* An event without a time in front: it ends the line, or stands after an id, a processor or a
 * number, or in front of an address. */
bool perf_layout_find_event(str line, struct span *event);

/* The field of the address after `to`, which is 17 columns wide, begins there. */
size_t perf_layout_frame_field(str line, size_t to);

/* Where what stands in front of a frame on the same line ends; line.n when there is none. */
size_t perf_layout_find_frame(str line);

#endif
