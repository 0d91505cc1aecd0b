/*
 * tally: a handful of reasons, found by looking through them.
 */
#include "stack/tally.h"

#include <string.h>

void tally_note(struct tally *tally, const char *reason, const char *file, uint64_t line)
{
    for (size_t i = 0; i < tally->entries.n; i++) {
        struct tally_entry *entry = &tally->entries.at[i];
        if (entry->reason == reason || strcmp(entry->reason, reason) == 0) {
            entry->count++;
            return;
        }
    }
    struct tally_entry fresh = {reason, file, 1, line};
    vec_push(tally->heap, &tally->entries, fresh);
}

uint64_t tally_total(const struct tally *tally)
{
    uint64_t total = 0;
    for (size_t i = 0; i < tally->entries.n; i++)
        total += tally->entries.at[i].count;
    return total;
}

void tally_end(struct tally *tally)
{
    vec_free(tally->heap, &tally->entries);
}
