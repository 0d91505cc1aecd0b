/*
 * folded_header: a comment in folded text with facts that the stacks do not have.
 *
 *      # flametree: columns=1 samples=2520 squares=63630 process=root type=cpu-clock unit=ns
 *
 * The line does not end in a number, so other programs do not read it as a stack. It can be
 * anywhere in the text, because sort moves it. There can be several, because of cat: samples and
 * squares are added. Blanks and '%' in values are written as %20 and %25. Unknown keys are
 * ignored.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_HEADER_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_HEADER_H

#include "core/sink.h"
#include "profile/profile.h"

struct folded_header {
    unsigned columns; /* 1 or 2; 0: not given */
    bool process_is_root;
    bool has_samples;
    uint64_t samples;    /* their number */
    struct wide squares; /* sum of the squares of their weights; 0: not given */
    str type, unit;      /* unescaped, in the arena; "": not given */
};

/* False if `line` is another comment. Invalid values are ignored. */
bool folded_header_parse(str line, struct folded_header *header, struct arena *arena);

/* Write the line of a profile, whose tree follows. */
void folded_header_write(const struct profile *profile, struct sink *sink);

#endif
