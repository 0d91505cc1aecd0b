/* SPDX-License-Identifier: MIT */
/*
 * folded: stacks as text. folded_writer.c, folded_header.c, folded_walk.c and folded_dialect.c have
 * the parts below in this order; folded_reader.c is the reader.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_H

#include "core/heap.h"
#include "core/num.h"
#include "core/sink.h"
#include "format/reader_input.h"
#include "profile/builder.h"
#include "profile/profile.h"

/*
 * folded_writer: stacks as text, one per line: the frames from the root, joined by ';', a blank,
 * and the weight; with two sides the weight before and the weight after.
 */

/* Lines are sorted by stack as LC_ALL=C sort sorts the stacks alone; a tree in input order keeps
 * that order. Nodes without self weight are left out. A name that would be read as a comment or as
 * a count is changed. */
void folded_write(const struct tree *tree, struct sink *sink);

/* `name` as one frame: ';' and line ends are replaced, in a copy in `arena`. */
str folded_name(struct arena *arena, str name);

/*
 * folded_header: the comment with facts that folded stacks cannot hold (doc/format.md, section
 * 3.1).
 */

/* Write a comment with facts that the stacks do not have, for the profile of the tree that follows:
 *
 *      # flametree: columns=1 samples=2520 squares=63630 process=root type=cpu-clock unit=ns
 *
 * The line does not end in a number, so other programs do not read it as a stack. It can be
 * anywhere in the text, because sort moves it, and there can be several after cat: samples and
 * squares are added, and so is work. Blanks and '%' in values are written as %20 and %25. The facts
 * of the recording follow as further KEY=VALUE: host, captured, commit, work... */
void folded_header_write(const struct profile *profile, struct sink *sink);

/* Whether a word KEY=VALUE of the header line is a fact: lowercase letters, digits and '-', and no
 * key of the header itself. */
bool folded_header_is_fact(str key);

#define FOLDED_HEADER_START "# flametree: "

/* The facts of a header line. */
struct folded_header {
    unsigned columns; /* 1 or 2; 0: not given */
    bool process_is_root;
    bool has_samples;
    uint64_t samples;    /* their number */
    struct wide squares; /* sum of the squares of their weights; 0: not given */
    str type, unit;      /* unescaped, in the arena; "": not given */
};

/* False if `line` is another comment. Invalid values are ignored. facts: gets the facts; NULL: they
 * are ignored as well. */
bool folded_header_parse(str line, struct folded_header *header, struct profile *facts,
                         struct arena *arena);

/*
 * folded_walk: looks up the frames of folded stacks. In sorted input a line shares most frames with
 * the line before, and these are not looked up again.
 */

struct folded_walk {
    struct builder *builder;
    struct frames *frames;
    unsigned luck, turn;    /* how often to try followers */
    VEC(uint32_t) follower; /* by frame: the frame that came after it last time; 0: none */
    str last;               /* the stack before: in the current block, or in `kept` */
    VEC(char) kept;
    VEC(size_t) ends;  /* of the frames of `last`, as offsets */
    VEC(uint32_t) ids; /* the frames of `last`, root first */
    struct strbuf cut; /* a name without its line number */
};

void folded_walk_init(struct folded_walk *walk, struct builder *builder);

/* Add a stack, whose text must stay until folded_walk_keep(). */
void folded_walk_add(struct folded_walk *walk, str stack, const struct stack_weight *weight);

/* Call it before the block with the last stack is replaced. */
void folded_walk_keep(struct folded_walk *walk);

/* Share nothing between the last stack and the next one. */
void folded_walk_restart(struct folded_walk *walk);

void folded_walk_end(struct folded_walk *walk);

/* Cut the last word off `line` with one blank before it. Other blanks belong to the name of the
 * frame. False if there is no blank. */
bool folded_cut_word(str *line, str *word);

/* Cut the count at the end off `line`, with the blank before it; a count may be one that cannot be
 * used. False if there is none, or no blank. */
bool folded_cut_count(str *line, struct num_decimal *count);

/* The name without its line number, in `buf`: "a.py:f:12" is "a.py:f", "f (a.py:12)" is "f
 * (a.py)". */
str folded_cut_line(str name, struct strbuf *buf);

/* ";a;" is "a". */
str folded_trim_empty(str stack);

/*
 * folded_dialect: folded stacks of profilers that need more than frames and a count: metrics,
 * times, processes and threads as frames, lines without a count.
 *
 *      # mode: full                                            austin
 *      P12;T0:34;app.py:main:3;app.py:load:7 10042,0,4096
 *
 *      1515021862000000                                        pyflame --flamechart
 *      app.py:main:3;app.py:load:7;
 *
 *      process 12:"worker [a;b]";thread (0x7f): Main;f (a.py:3) 5      py-spy
 *      tid:34;app.py:main:3;app.py:load:7 5                    Python 3.15, --collapsed
 *      elapsed 2.2471                                          Nylas's sampler: facts, then stacks
 *      granularity 0.005
 *      <0.45.0>;shop:main/0;lists:map/2                        eflame: each line counts 1
 *
 * Frames of processes and threads stay frames, and are labels as well.
 */

enum folded_dialect {
    FOLDED_PLAIN,
    FOLDED_AUSTIN,
    FOLDED_AUSTIN1, /* "Thread 7f1a;func (file);L12;...": a line is a frame of its own */
    FOLDED_CHART,
    FOLDED_PYTHON, /* py-spy, Python 3.15 */
    FOLDED_NYLAS,
    FOLDED_EFLAME,
};

/* The dialect that all lines of the head are in. */
enum folded_dialect folded_dialect_find(str head);

/* Read an input in another dialect than FOLDED_PLAIN. */
bool folded_dialect_read(enum folded_dialect dialect, struct builder *builder,
                         struct reader_input *input, struct err *err);

#endif
