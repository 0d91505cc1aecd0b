/*
 * frames: every distinct frame once, as a record with a number. The number 0 is the root's frame,
 * whose name is empty.
 *
 *      id   name           kind      module                text
 *      0    ""             user                            ""
 *      1    "java"         user                            "java"
 *      2    "tcp_sendmsg"  kernel    "[kernel.kallsyms]"   "tcp_sendmsg_[k]"
 *
 * A frame is known by its text: the name, and the mark of its kind where the profile shows marks.
 * Two frames of one text are one frame; the module, file and line of the first one stay. Marks are
 * put together and taken apart here and nowhere else: folded stacks and the data in a picture hold
 * texts, everything else asks for the kind.
 */
#ifndef FLAMETREE_PROFILE_FRAMES_H
#define FLAMETREE_PROFILE_FRAMES_H

#include "core/heap.h"

enum frame_kind { FRAME_USER, FRAME_KERNEL, FRAME_JIT, FRAME_INLINED, FRAME_WAKER, FRAME_KINDS };

/* A frame by value. Strings live as long as the table. */
struct frame {
    str name;      /* without a mark */
    str text;      /* with it */
    str module;    /* as the input names it: "/usr/lib/libc.so.6", "[vdso]"; "": not known */
    str file;      /* "": not known */
    uint32_t line; /* 0: not known */
    enum frame_kind kind;
    bool marked; /* the text has a mark */
};

struct frame_record {
    uint32_t module, file; /* ids of strings, from 1; 0: not known */
    uint32_t line;
    unsigned char kind;
    bool marked;
};

struct frames {
    struct intern texts;   /* an id is a frame */
    struct intern strings; /* modules and files */
    VEC(struct frame_record) records;
    VEC(char) scratch; /* where a text is put together */
};

void frames_init(struct frames *frames, struct heap *heap, uint64_t seed);

/* The number of this frame, new or known. frame->text is not looked at. The strings are copied. */
uint32_t frames_add(struct frames *frames, const struct frame *frame);

/* The number of the frame with this text; its mark, if there is one, gives the kind. */
uint32_t frames_add_text(struct frames *frames, str text);

/* A frame of another table: everything but the text, which may be a new one, is taken over. */
uint32_t frames_add_copy(struct frames *frames, const struct frames *from, uint32_t id, str text);

/* INTERN_NONE when there is no such frame. */
static inline uint32_t frames_find_text(const struct frames *frames, str text)
{
    return intern_find(&frames->texts, text);
}

static inline uint32_t frames_count(const struct frames *frames)
{
    return intern_count(&frames->texts);
}

static inline str frames_text(const struct frames *frames, uint32_t id)
{
    return intern_name(&frames->texts, id);
}

struct frame frames_get(const struct frames *frames, uint32_t id);

/* "tcp_sendmsg_[k]" is a name and a kind; a text without a mark is a name of FRAME_USER. */
struct frame frame_from_text(str text);

void frames_end(struct frames *frames);

#endif
