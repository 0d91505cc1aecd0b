/*
 * tally: input that was not used, by reason, with the line where each reason was met first.
 * Printed once, at the end of a run, in cli/.
 */
#ifndef FLAMETREE_STACK_TALLY_H
#define FLAMETREE_STACK_TALLY_H

#include "core/vec.h"

#include <stdint.h>

struct tally_entry {
    const char *reason; /* a literal that reads after "ignored 12 lines: " */
    const char *file;   /* where it was met first */
    uint64_t count;
    uint64_t first_line;
};

struct tally {
    struct heap *heap;
    VEC(struct tally_entry) entries; /* file by file, in the order of their first line */
};

/* One more for `reason` (compared by its text). Lines of one file, told by the address of its name,
 * may come in any order. */
void tally_note(struct tally *tally, const char *reason, const char *file, uint64_t line);

/* What `from` counted, too. */
void tally_add(struct tally *tally, const struct tally *from);

uint64_t tally_total(const struct tally *tally);

void tally_end(struct tally *tally);

#endif
