/* SPDX-License-Identifier: MIT */
/*
 * dump: the shared parts of the readers of stack dumps. A dump is text in which each stack is some
 * lines, a frame each, leaf first, and ends by a rule of its format.
 *
 *      struct gdb {
 *          struct dump dump;      // first, so that a dump is the reader's own state, too
 *          ...
 *      };
 *
 *      lines ──► line function of the format ──► dump_frame(), dump_count() ──► builder
 */
#ifndef FLAMETREE_FORMAT_DUMP_H
#define FLAMETREE_FORMAT_DUMP_H

#include "core/heap.h"
#include "format/reader.h"

enum { DUMP_LABELS = 4, DUMP_BID = READER_CERTAIN + 6 };

struct dump {
    struct builder *builder;
    struct err *err;
    uint64_t line;        /* the number of the current line */
    VEC(uint32_t) frames; /* of the current stack, leaf first */
    struct sample_label labels[DUMP_LABELS];
    size_t label_count;
    bool headless;       /* the first frames of the current stack are missing */
    struct intern texts; /* of labels */
    struct strbuf name;  /* of a frame, put together from parts */
};

/* Take one line without its end. False: dump->err is set. */
typedef bool dump_line_fn(struct dump *dump, str line);

/* *dump is zeroed; fields of the reader's state that follow it may be set. */
void dump_init(struct dump *dump, struct builder *builder, struct err *err);

/* Hand over all lines of an input. */
bool dump_read(struct dump *dump, struct reader_input *input, dump_line_fn *take);

/* Discard the current stack and its labels. */
void dump_forget(struct dump *dump);

/* The key is a literal; the value is copied. One that was given before is replaced. */
void dump_label(struct dump *dump, str key, str value);

/* The next frame towards the root. An inlined one is left out if the user asked for that. */
void dump_frame(struct dump *dump, const struct frame *frame);

/* For formats that number the frames of a stack from 0: whether the frame with this number shows
 * that the first frames of its stack are missing. The whole stack is skipped then. `first`: it is
 * the first frame of the stack that was read. */
bool dump_is_headless(struct dump *dump, uint64_t number, bool first);

/* The frame of an address without a name: "[libc.so.6]", without a module "[unknown]"; with --addrs
 * "[libc.so.6 <7f32>]". */
void dump_nameless_frame(struct dump *dump, str module, str address);

/* The stack ends and weighs that much; the next one begins. It may be empty. */
bool dump_count(struct dump *dump, int64_t weight);

/* The stack ends and counts once, if it has frames. */
bool dump_end_stack(struct dump *dump);

static inline void dump_skip(struct dump *dump, const char *reason)
{
    builder_skip(dump->builder, reason, dump->line);
}

/* ---- pieces of lines ---- */

/* A symbol without its arguments. */
str dump_function_name(str symbol);

/* Take digits off the start of *s: how many there were. */
size_t dump_take_digits(str *s, uint64_t *number);

/* "7f32 in main" or "0x7f32 in main": take the address, with or without 0x. */
bool dump_take_address(str *s, str *address);

/* Take `start` off the start of *s, if it is there. */
bool dump_take(str *s, str start);

/* "shop.cc:12" to a file and a line; 0 when there is no line. */
void dump_split_place(str place, struct frame *frame);

/* "f(int)+12", "f+0x1f": without what follows the last '+'. */
str dump_cut_offset(str s);

/* "f (.llvm.123)" without the part that the compiler added. */
str dump_cut_llvm(str s);

/* Cut "::h" and 16 digits off the end of a symbol of Rust. False: it has none. */
bool dump_cut_rust_hash(str *s);

/* Append a name in the older mangling of Rust, decoded: "_$LT$T$GT$..f" is "<T>::f". */
void dump_add_rust_name(struct strbuf *to, str s);

/* The number of blanks and TABs at the start of the line. */
size_t dump_indent(str line);

/* A line of a number between blanks, which may be below 0. */
bool dump_is_number(str line, int64_t *number);

/* ---- recognition ---- */

/* The signs of a format that a line has, of two: 1, 2 or 3 for both; 0: none. */
typedef unsigned dump_signs_fn(str line);

/* DUMP_BID when lines of the head show both signs, else 0. No line of perf script or of folded
 * stacks shows them, so that this may be more than perf bids. */
int dump_bid(str head, dump_signs_fn *signs);

#endif
