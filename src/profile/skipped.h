/*
 * skipped: input that was not used, by reason, with the line where each reason was met first.
 * Printed once, at the end of a run, in cli/.
 */
#ifndef FLAMETREE_PROFILE_SKIPPED_H
#define FLAMETREE_PROFILE_SKIPPED_H

#include "core/vec.h"

#include <stdint.h>

struct skipped_entry {
    const char *reason; /* a literal that reads after "ignored 12 lines: " */
    const char *file;   /* where it was met first */
    uint64_t count;
    uint64_t first_line;
};

struct skipped {
    struct heap *heap;
    VEC(struct skipped_entry) entries; /* file by file, in the order of their first line */
};

/* One more for `reason` (compared by its text). Lines of one file, told by the address of its name,
 * may come in any order. */
void skipped_note(struct skipped *skipped, const char *reason, const char *file, uint64_t line);

/* What `from` counted, too. */
void skipped_add(struct skipped *skipped, const struct skipped *from);

uint64_t skipped_total(const struct skipped *skipped);

void skipped_end(struct skipped *skipped);

#endif
