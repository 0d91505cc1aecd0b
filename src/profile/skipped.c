/*
 * skipped: a handful of reasons, found by looking through them.
 */
#include "profile/skipped.h"

#include <string.h>

/* An entry that came in, or whose first line is now an earlier one, moves to its place among those
 * of its file. */
static void move(struct skipped *tally, size_t i)
{
    struct skipped_entry *entries = tally->entries.at;
    for (; i > 0 && entries[i - 1].file == entries[i].file; i--) {
        if (entries[i - 1].first_line <= entries[i].first_line)
            return;
        struct skipped_entry later = entries[i - 1];
        entries[i - 1] = entries[i];
        entries[i] = later;
    }
}

static void add(struct skipped *tally, const struct skipped_entry *more)
{
    for (size_t i = 0; i < tally->entries.n; i++) {
        struct skipped_entry *entry = &tally->entries.at[i];
        if (entry->reason != more->reason && strcmp(entry->reason, more->reason) != 0)
            continue;
        entry->count += more->count;
        if (entry->file == more->file && entry->first_line > more->first_line) {
            entry->first_line = more->first_line;
            move(tally, i);
        }
        return;
    }
    vec_push(tally->heap, &tally->entries, *more);
    move(tally, tally->entries.n - 1);
}

void skipped_note(struct skipped *tally, const char *reason, const char *file, uint64_t line)
{
    add(tally, &(struct skipped_entry){reason, file, 1, line});
}

void skipped_add(struct skipped *tally, const struct skipped *from)
{
    for (size_t i = 0; i < from->entries.n; i++)
        add(tally, &from->entries.at[i]);
}

uint64_t skipped_total(const struct skipped *tally)
{
    uint64_t total = 0;
    for (size_t i = 0; i < tally->entries.n; i++)
        total += tally->entries.at[i].count;
    return total;
}

void skipped_end(struct skipped *tally)
{
    vec_free(tally->heap, &tally->entries);
}
