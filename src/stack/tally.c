/*
 * tally: a handful of reasons, found by looking through them.
 */
#include "stack/tally.h"

#include <string.h>

/* An entry that came in, or whose first line is now an earlier one, moves to its place among those
 * of its file. */
static void move(struct tally *tally, size_t i)
{
    struct tally_entry *entries = tally->entries.at;
    for (; i > 0 && entries[i - 1].file == entries[i].file; i--) {
        if (entries[i - 1].first_line <= entries[i].first_line)
            return;
        struct tally_entry later = entries[i - 1];
        entries[i - 1] = entries[i];
        entries[i] = later;
    }
}

static void add(struct tally *tally, const struct tally_entry *more)
{
    for (size_t i = 0; i < tally->entries.n; i++) {
        struct tally_entry *entry = &tally->entries.at[i];
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

void tally_note(struct tally *tally, const char *reason, const char *file, uint64_t line)
{
    add(tally, &(struct tally_entry){reason, file, 1, line});
}

void tally_add(struct tally *tally, const struct tally *from)
{
    for (size_t i = 0; i < from->entries.n; i++)
        add(tally, &from->entries.at[i]);
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
