/* SPDX-License-Identifier: MIT */
/*
 * frames: a table of distinct frames, each with a number. Number 0 is the frame of the root, whose
 * name is empty.
 *
 *      id   name           kind      module                text
 *      0    ""             user                            ""
 *      1    "java"         user                            "java"
 *      2    "tcp_sendmsg"  kernel    "[kernel.kallsyms]"   "tcp_sendmsg_[k]"
 *
 * A frame is identified by its text: the name, plus the mark of its kind if the profile shows
 * marks. Frames with equal texts are one frame. Its module is unknown unless all of them have it,
 * as with "main" of two programs; so is its file. Its line is that of the first one.
 * Only this file adds and parses marks: folded stacks and the data in a picture hold texts, all
 * other code uses the kind.
 */
#ifndef FLAMETREE_PROFILE_FRAMES_H
#define FLAMETREE_PROFILE_FRAMES_H

#include "core/heap.h"

enum frame_kind {
    FRAME_USER,
    FRAME_KERNEL,
    FRAME_JIT,
    FRAME_INLINED,
    FRAME_WAKER,
    FRAME_KINDS,
    FRAME_LABELS = FRAME_KINDS, /* no frame but the labels of the samples below; never marked */
};

/* A frame by value. Its strings live as long as the table. */
struct frame {
    str name;      /* without a mark */
    str text;      /* with its mark */
    str module;    /* as in the input: "/usr/lib/libc.so.6", "[vdso]"; "": unknown */
    str file;      /* "": unknown */
    uint32_t line; /* 0: unknown */
    enum frame_kind kind;
    bool marked; /* the text has a mark */
};

struct frame_record {
    uint32_t module, file; /* ids in `strings` plus 1; 0: unknown */
    uint32_t line;
    unsigned char kind;
    bool marked;
};

struct frames {
    struct intern texts;   /* an id is a frame */
    struct intern strings; /* modules and files */
    VEC(struct frame_record) records;
    VEC(char) scratch; /* for building a text */
};

void frames_init(struct frames *frames, struct heap *heap, uint64_t seed);

/* The number of this frame; a new one is copied. Ignores frame->text. */
uint32_t frames_add(struct frames *frames, const struct frame *frame);

/* The number of the frame with this text, whose mark gives the kind. */
uint32_t frames_add_text(struct frames *frames, str text);

/* Copy a frame of another table, with `text`, which may differ from its own. */
uint32_t frames_add_copy(struct frames *frames, const struct frames *from, uint32_t id, str text);

static inline uint32_t frames_count(const struct frames *frames)
{
    return intern_count(&frames->texts);
}

static inline str frames_text(const struct frames *frames, uint32_t id)
{
    return intern_name(&frames->texts, id);
}

struct frame frames_get(const struct frames *frames, uint32_t id);

static inline bool frames_is_labels(const struct frames *frames, uint32_t id)
{
    return frames->records.at[id].kind == FRAME_LABELS;
}

/* A name can hold neither a separator of folded stacks nor a line end. */
static inline char frame_name_byte(char c)
{
    return c == ';' ? ':' : c == '\n' || c == '\r' || c == '\0' ? ' ' : c;
}

/* The name of a frame. In a profile with read_options.keep_lines, the text of a frame is its name,
 * a line end and the module, file and line, so that frames with the same name stay distinct. */
static inline str frame_bare_name(const struct frame *frame)
{
    return str_head(frame->name, str_find(frame->name, '\n', 0));
}

/* The file name of a module: "libx.so" of "/usr/lib/libx.so (deleted)". */
str frame_module_file(str module);

/* Parse a text such as "tcp_sendmsg_[k]". Without a mark the kind is FRAME_USER. */
struct frame frame_from_text(str text);

void frames_end(struct frames *frames);

#endif
