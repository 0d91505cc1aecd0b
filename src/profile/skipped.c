/*
 * skipped: a handful of reasons, found by looking through them.
 */
#include "profile/skipped.h"

#include <string.h>

/* An entry that came in, or whose first line is now an earlier one, moves to its place among those
 * of its file. */
static void move(struct skipped *skipped, size_t i)
{
    struct skipped_entry *entries = skipped->entries.at;
    for (; i > 0 && entries[i - 1].file == entries[i].file; i--) {
        if (entries[i - 1].first_line <= entries[i].first_line)
            return;
        struct skipped_entry later = entries[i - 1];
        entries[i - 1] = entries[i];
        entries[i] = later;
    }
}

static void add(struct skipped *skipped, const struct skipped_entry *more)
{
    for (size_t i = 0; i < skipped->entries.n; i++) {
        struct skipped_entry *entry = &skipped->entries.at[i];
        if (entry->reason != more->reason && strcmp(entry->reason, more->reason) != 0)
            continue;
        entry->count += more->count;
        if (entry->file == more->file && entry->first_line > more->first_line) {
            entry->first_line = more->first_line;
            move(skipped, i);
        }
        return;
    }
    vec_push(skipped->heap, &skipped->entries, *more);
    move(skipped, skipped->entries.n - 1);
}

void skipped_note(struct skipped *skipped, const char *reason, const char *file, uint64_t line)
{
    add(skipped, &(struct skipped_entry){reason, file, 1, line});
}

void skipped_add(struct skipped *skipped, const struct skipped *from)
{
    for (size_t i = 0; i < from->entries.n; i++)
        add(skipped, &from->entries.at[i]);
}

uint64_t skipped_total(const struct skipped *skipped)
{
    uint64_t total = 0;
    for (size_t i = 0; i < skipped->entries.n; i++)
        total += skipped->entries.at[i].count;
    return total;
}

void skipped_end(struct skipped *skipped)
{
    vec_free(skipped->heap, &skipped->entries);
}
