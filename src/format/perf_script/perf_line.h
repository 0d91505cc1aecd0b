/*
 * perf_line: what a line of perf script is. It is decided once for each line, from the line and
 * from what the file has shown before.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LINE_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_LINE_H

#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_layout.h"
#include "profile/profile.h"

enum perf_kind {
    PERF_LINE_BLANK,
    PERF_LINE_HEADER,
    PERF_LINE_FRAME,   /* of a call chain, or alone */
    PERF_LINE_SOURCE,  /* file and line of the frame before */
    PERF_LINE_RECORD,  /* PERF_RECORD_MMAP and the like, maybe of several lines */
    PERF_LINE_REST,    /* of a sample: instructions, branches, registers, source code */
    PERF_LINE_COMMENT, /* "# hostname : demo" */
    PERF_LINE_MESSAGE, /* perf itself said it, to the terminal */
    PERF_LINE_UNKNOWN,
};

struct perf_line {
    struct perf_header header; /* of PERF_LINE_HEADER */
    str frame;                 /* a frame line, or the frame after a header; n == 0: none */
    bool flat;                 /* a frame that is a sample without a call chain */
    bool maybe;                /* a comment that is a header if a frame follows */
};

/* Where a line stands. */
struct perf_place {
    struct perf_layout layout;
    bool open;        /* a sample is */
    bool may_start;   /* a sample may start here even if nothing makes that sure */
    bool after_frame; /* the line before was a frame, of a chain or after a header */
    bool after_noise; /* the line before was of a PERF_RECORD_ */
};

enum perf_kind perf_line_kind(struct perf_place *place, str line, struct perf_line *parts);

/* Something that perf says itself, if it gets into its text. */
bool perf_line_is_message(str line);

/* The header of a sample without a call chain: perf aligns the name to the right, in 16 columns. */
bool perf_line_is_flat(const struct perf_layout *layout, str line,
                       const struct perf_header *header);

/* A header, whose line begins with '#', is one, and the line no comment. */
bool perf_line_has_hash(const struct perf_header *header, str line);

/* What stands after the frames of a sample: " insn: 48 89 e5", " 0x4011a3/0x401020/P/-/-/0". */
bool perf_line_is_rest(str line);

/* perf writes such a comment at the start of its text, and nobody else does. */
bool perf_comment_is_of_perf(str line);

/* Keep the facts about the recording that a comment holds. */
void perf_comment_add_fact(struct profile *profile, str line);

#endif
