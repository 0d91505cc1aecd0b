/* SPDX-License-Identifier: MIT */
/*
 * perf_layout: how the headers of one recording look, and headers without a time, which cannot be
 * parsed without that.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LAYOUT_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LAYOUT_H

#include "format/perf_script/perf_header.h"
#include "profile/builder.h"

/* Find the layout from `head`, the start of a file. */
void perf_layout_learn(struct perf_layout *layout, str head);

/* The same, but options->fields has precedence. Describe the first layout in profile->layout. False
 * with *err set if a field is unknown. */
bool perf_layout_start(struct perf_layout *layout, struct builder *builder, str head,
                       struct err *err);

/* Parse a header without a time. False if the layout is known and `line` does not have it. */
bool perf_layout_untimed(str line, struct perf_layout *layout, struct perf_header *header);

/* The bid of struct reader. */
int perf_bid(str head);

/* ---- for perf_head.c ---- */

/* The fields at the end of line[0, to), by their widths. */
unsigned perf_layout_by_width(str line, size_t to);

/* Find an event without a time before it: it ends the line, follows an id, a processor or a number,
 * or precedes an address. */
bool perf_layout_find_event(str line, struct span *event);

/* The start of the 17 columns of the address that follows `to`. */
size_t perf_layout_frame_field(str line, size_t to);

/* The end of the word before a frame on the same line; line.n if there is no frame. */
size_t perf_layout_find_frame(str line);

#endif
