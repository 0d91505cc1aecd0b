/*
 * perf_frame: a frame line of perf script, and the folded frames that it becomes.
 *
 *          7f6d2148eb25 __libc_start_main+0xd5 (/lib64/libc-2.33.so)
 *          ──address─── ──────symbol────── off  ───────module──────
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_FRAME_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_FRAME_H

#include "format/perf_script/perf_text.h"
#include "format/reader.h"

/* Parts of a line; n == 0: not printed. */
struct perf_frame {
    str address;
    str symbol; /* without its offset */
    str module; /* without the parentheses */
};

enum {
    PERF_FRAME_ALIGNED = 18, /* "\t%16lx " */
    PERF_FRAME_FLAT_END = 17 /* " %16lx", behind a header */
};

/* A line starts like that at `p`, where PERF_FRAME_ALIGNED bytes can be read. */
bool perf_frame_is_aligned(const char *p);

/* `line` starts like that, and not with zeros as an instruction does (-F brstackinsn). */
static inline bool perf_frame_is_usual(str line)
{
    return line.n > PERF_FRAME_ALIGNED && line.p[0] == '\t' && perf_frame_is_aligned(line.p) &&
           !(line.p[1] == '0' && is_hex(line.p[2]));
}

/* Where the text behind the address starts when `line` has the shape of a frame: blanks, a hex
 * number, then a blank or the end of the line. 0 when it has not. */
size_t perf_frame_text_start(str line);

/* What a frame's names depend on, unless its address is to be shown: "foo" and
 * " (/usr/lib/libx.so)" of "foo+0x27 (/usr/lib/libx.so)". What has another shape is one part. */
struct perf_frame_parts {
    str first, second;
};

/* text: what stands behind perf_frame_text_start(). guess: a second part met before, or empty. */
struct perf_frame_parts perf_frame_parts(str text, str guess);

/* Take a frame line apart; false when it is none. */
bool perf_frame_split(str line, struct perf_frame *frame);

/* Without the offset: foo+0x27 */
str perf_frame_cut_offset(str symbol);

/* It starts with an address that is aligned to the right in PERF_FRAME_FLAT_END columns. */
bool perf_frame_is_padded(str text);

/* The frame after the fields of a header, on the same line; empty when there is none. After an
 * event can come what a tracepoint tells ("0x3", "fd: 0x00000003"), an address of data, weights and
 * more:
 *
 *      faults:     55d06a077020 table+0x0 (/srv/app) ffffffff8175336a elf_load+0x28a ([kernel])
 *
 * so the last address that is aligned to the right and is followed by a symbol is the one. */
str perf_frame_behind(str tail);

/* What a frame line comes to: a frame, or several of which each is inlined into the one before. */
struct perf_names {
    struct frames *frames; /* where they are added */
    VEC(uint32_t) ids;     /* root first */
    struct perf_text text; /* the name at hand; its heap is set */
};

/* Add the frames in a line to names->ids. None for a line that is to be skipped. java: the process
 * name starts with "java". */
void perf_frame_add(struct perf_names *names, const struct perf_frame *frame,
                    const struct read_options *options, bool java);

/* The frame `id` with ":file:line" added, from the line of -F +srcline that follows it; `id` itself
 * when that line has no place. */
uint32_t perf_frame_with_source(struct perf_names *names, uint32_t id, str line);

/* `block` ends in a frame without the end of its module, or at the place of a frame. What there is
 * of the frame was used; what would have followed is lost. */
bool perf_frame_is_cut_off(str block);

#endif
