/* SPDX-License-Identifier: MIT */
/*
 * perf_frame: a frame line of perf script, and the frames that it becomes.
 *
 *          7f6d2148eb25 __libc_start_main+0xd5 (/lib64/libc-2.33.so)
 *          ──address─── ──────symbol────── off  ───────module──────
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_FRAME_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_FRAME_H

#include "format/reader.h"

/* Parts of a line; n == 0: not printed. */
struct perf_frame {
    str address;
    str symbol; /* without its offset */
    str module; /* without the parentheses */
};

enum {
    PERF_FRAME_ALIGNED = 18, /* "\t%16lx " */
    PERF_FRAME_FLAT_END = 17 /* " %16lx", after a header */
};

/* Whether a TAB, an address aligned to the right and a blank start at `p`, where
 * PERF_FRAME_ALIGNED bytes can be read. */
bool perf_frame_is_aligned(const char *p);

/* Whether `line` is a frame as perf prints nearly all. The address of an instruction (-F
 * brstackinsn) starts with zeros. */
static inline bool perf_frame_is_usual(str line)
{
    return line.n > PERF_FRAME_ALIGNED && line.p[0] == '\t' && perf_frame_is_aligned(line.p) &&
           !(line.p[1] == '0' && is_hex(line.p[2]));
}

/* The index of the text after the address, if `line` starts with blanks, a hex number, and a blank
 * or its end; else 0. */
size_t perf_frame_text_start(str line);

/* The part of a frame's text that determines its names, unless the address is shown: "foo" and
 * " (/usr/lib/libx.so)" of "foo+0x27 (/usr/lib/libx.so)". Any other text is one part. */
struct perf_frame_parts {
    str first, second;
};

/* `text` starts at perf_frame_text_start(). guess: the second part of an earlier line, or empty. */
struct perf_frame_parts perf_frame_parts(str text, str guess);

/* False if `line` is no frame. */
bool perf_frame_split(str line, struct perf_frame *frame);

/* Whether `text` starts with an address in PERF_FRAME_FLAT_END columns. */
bool perf_frame_is_padded(str text);

/* The frames of a line: one, or several of which each is inlined into the one before. */
struct perf_names {
    struct frames *frames; /* the table that gets new frames */
    VEC(uint32_t) ids;     /* root first */
    struct strbuf text;    /* the current name; its heap is set */
};

/* Append the frames of a line to names->ids, none if the line is to be skipped. java: the process
 * name starts with "java". */
void perf_frame_add(struct perf_names *names, const struct perf_frame *frame,
                    const struct read_options *options, bool java);

/* The same for `n` functions of `module`, each inlined into the one before. */
void perf_frame_add_inlined(struct perf_names *names, const struct read_inline_frame *found,
                            size_t n, str module, const struct read_options *options, bool java);

/* The frame `id` with ":file:line", from the line of -F +srcline that follows it; `id` itself if
 * that line has no position. */
uint32_t perf_frame_with_source(struct perf_names *names, uint32_t id, str line);

/* Whether `block` ends in a frame without the end of its module, or in the blanks before a frame:
 * the input was cut off. */
bool perf_frame_is_cut_off(str block);

#endif
