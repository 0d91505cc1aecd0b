/*
 * folded_header: one comment in folded text that says what the text itself cannot.
 *
 *      # flametree: columns=1 samples=2520 squares=63630 process=root type=cpu-clock unit=ns
 *
 * The line does not end in a number, so no reader takes it for a stack. It may be anywhere in the
 * text, since sort moves it, and there may be several, since cat brings them together: samples and
 * squares add up. Values have no blanks: these and '%' are written as %20 and %25. Keys that a
 * reader does not know are passed over.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_HEADER_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_HEADER_H

#include "core/sink.h"
#include "profile/profile.h"

struct folded_header {
    unsigned columns; /* 1 or 2; 0: not said */
    bool process_is_root;
    bool has_samples;
    uint64_t samples;    /* single samples, whatever they weigh */
    struct wide squares; /* of their weights, summed; 0: not said */
    str type, unit;      /* escapes resolved, in the arena; "": not said */
};

/* False when `line` is no such comment. Values that make no sense are passed over. */
bool folded_header_parse(str line, struct folded_header *header, struct arena *arena);

/* The line for a profile whose tree is written with it. */
void folded_header_write(const struct profile *profile, struct sink *sink);

#endif
