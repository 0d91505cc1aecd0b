/* SPDX-License-Identifier: MIT */
/*
 * folded_header: the comment with facts that folded stacks cannot hold (doc/format.md, section
 * 3.1).
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_HEADER_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_HEADER_H

#include "core/sink.h"
#include "profile/profile.h"

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

#endif
