/* SPDX-License-Identifier: MIT */
/*
 * perf_line: find the kind of a line of perf script. It depends on the line and on the earlier
 * lines of the file.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LINE_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LINE_H

#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_header.h"
#include "profile/builder.h"
#include "profile/profile.h"

enum perf_kind {
    PERF_LINE_BLANK,
    PERF_LINE_HEADER,
    PERF_LINE_FRAME,   /* of a call chain, or alone */
    PERF_LINE_SOURCE,  /* file and line of the frame before */
    PERF_LINE_RECORD,  /* PERF_RECORD_MMAP and the like, maybe of several lines */
    PERF_LINE_REST,    /* of a sample: instructions, branches, registers, source code */
    PERF_LINE_COMMENT, /* "# hostname : demo" */
    PERF_LINE_MESSAGE, /* an error message of perf itself */
    PERF_LINE_UNKNOWN,
};

struct perf_line {
    struct perf_header header; /* of PERF_LINE_HEADER */
    str frame;                 /* a frame line, or the frame after a header; n == 0: none */
    bool flat;                 /* the frame is a sample without a call chain */
    bool maybe;                /* the comment is a header if a frame follows */
};

/* The state before a line. */
struct perf_place {
    struct perf_layout layout;
    bool open;        /* inside a sample */
    bool may_start;   /* a sample may start here, even with an uncertain header */
    bool after_frame; /* the line before had a frame, of a chain or after a header */
    bool after_noise; /* the line before was of a PERF_RECORD_ */
};

enum perf_kind perf_line_kind(struct perf_place *place, str line, struct perf_line *parts);

/* Whether it is an error message of perf. */
bool perf_line_is_message(str line);

/* Whether `line` is the header of a sample without a call chain: perf aligns its name to the right,
 * in 16 columns. */
bool perf_line_is_flat(const struct perf_layout *layout, str line,
                       const struct perf_header *header);

/* Whether `line`, which begins with '#' and parses as a header, is one and no comment. */
bool perf_line_has_hash(const struct perf_header *header, str line);

/* Whether it follows the frames of a sample: " insn: 48 89 e5", " 0x4011a3/0x401020/P/-/-/0". */
bool perf_line_is_rest(str line);

/* The frame after the fields of a header, on the same line; empty if there is none. Fields of a
 * tracepoint ("0x3", "fd: 0x00000003"), an address of data, weights and more can precede it:
 *
 *      faults:     55d06a077020 table+0x0 (/srv/app) ffffffff8175336a elf_load+0x28a ([kernel])
 *
 * It is the last address that is aligned to the right and followed by a symbol. */
str perf_line_find_frame(str tail);

/* Whether only perf writes such a comment at the start of its text. */
bool perf_comment_is_of_perf(str line);

/* Keep the fact about the recording in a comment. */
void perf_comment_add_fact(struct profile *profile, str line);

/*
 * perf_layout: the layout of the headers of one recording. Headers without a time cannot be parsed
 * without it.
 */

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
