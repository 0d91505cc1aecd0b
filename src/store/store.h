/* SPDX-License-Identifier: MIT */
/*
 * store: profiles of many sources over time, in one SQLite database. doc/store.md has the schema.
 *
 *      window   what one source did from one time to another: labels, a value type, stacks
 *      series   all windows with the same labels and the same value type
 *      level    windows as they came, and one for each hour with their sums
 *
 * A window belongs to the hour, and to the range of a query, in which it begins. So the sums of
 * hours are those of their windows, and a query adds the sums of whole hours.
 *
 * Times are milliseconds since 1970. A store is used by one thread; other threads and processes
 * open the same file. Texts that a function returns live in the heap that it is given.
 */
#ifndef FLAMETREE_STORE_STORE_H
#define FLAMETREE_STORE_STORE_H

#include "core/sink.h"
#include "profile/profile.h"

struct store;

#define STORE_DAY (INT64_C(24) * STORE_HOUR)

enum {
    STORE_SECOND = 1000,
    STORE_MINUTE = 60 * STORE_SECOND,
    STORE_HOUR = 60 * STORE_MINUTE,
    STORE_LABELS_MOST = 32,  /* of a window */
    STORE_TEXT_MOST = 4096,  /* bytes of a key, of a value, of the text of a mark or a gap */
    STORE_SERIES_MOST = 256, /* sets of labels of one window; then labels are left out */
};

enum store_mode {
    STORE_READ,  /* the file exists */
    STORE_WRITE, /* it exists, too, or is made */
};

/* Open the file. NULL with *err set. heap_end() closes the store, if store_close() did not. */
struct store *store_open(const char *path, enum store_mode mode, struct heap *heap,
                         struct err *err);
void store_close(struct store *store);

/* ---- add ------------------------------------------------------------------------------------- */

struct store_label {
    str key, value;
};

/* The first label with this key; NULL: there is none. */
static inline const struct store_label *store_label_find(const struct store_label *labels,
                                                         size_t count, str key)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(labels[i].key, key))
            return &labels[i];
    return NULL;
}

struct store_window {
    int64_t from, until; /* from < until */
    /* Of all stacks, in any order: STORE_SOURCE among them. No key is there twice. */
    const struct store_label *labels;
    size_t label_count;
};

/* The label with the name of the source. */
#define STORE_SOURCE "source"

enum store_added {
    STORE_FAILED, /* *err says why; nothing was stored */
    STORE_ADDED,
    STORE_KNOWN, /* a window of this source with these labels and times is there already */
};

/* A value of a profile, and its window. */
struct stored_value {
    str type; /* of the profile */
    int64_t from, until;
};

/* The result of adding a profile. Its texts are in the heap of the store until
 * store_outcome_end(). */
struct store_outcome {
    str dropped; /* the keys that were left out because they have too many values; "": none */
    VEC(struct stored_value) values;
};

void store_outcome_end(struct store *store, struct store_outcome *outcome);

/* Store all values of a profile, whole or not at all. It was read with keep_labels: stacks with
 * other labels go to other series, of the labels of the window and those of the samples. `outcome`
 * may be NULL. */
enum store_added store_add(struct store *store, const struct store_window *window,
                           const struct profile *profile, struct store_outcome *outcome,
                           struct err *err);

/* One answer of a source that counts since it was started. */
struct store_answer {
    int64_t asked, answered; /* when */
    int64_t elapsed;         /* since counting began, by the source; -1: unknown */
    int64_t since_last;      /* since the last answer, by a clock that is never set; -1: unknown */
    const struct store_label *labels; /* as of a window */
    size_t label_count;
};

/* Store what was counted since the last answer of this source, or since the source was started.
 * Of a first answer without `elapsed`, or with one of more than an hour, only the counts are
 * remembered, and the next one counts from them: *window.until is 0 then. */
enum store_added store_add_answer(struct store *store, const struct store_answer *answer,
                                  const struct profile *profile, struct store_window *window,
                                  struct store_outcome *outcome, struct err *err);

/* The source had no profile for this time. A gap that follows another one of the same source and
 * reason makes it longer. */
bool store_add_gap(struct store *store, str source, int64_t from, int64_t until, str reason,
                   struct err *err);

/* Something happened, such as a deployment. The same text at the same time is one mark. */
bool store_add_mark(struct store *store, int64_t at, str text, struct err *err);

/* Delete windows that began before `minutes`, and sums of hours, gaps and marks before `hours`.
 * Both are rounded down to hours. INT64_MIN: none. */
bool store_expire(struct store *store, int64_t minutes, int64_t hours, struct err *err);

/* ---- ask ------------------------------------------------------------------------------------- */

struct store_query {
    int64_t from, until; /* windows that begin at `from` or later, and before `until` */
    /* A window must have one of the values for each key. */
    const struct store_label *labels;
    size_t label_count;
    /* The value type, see store_type_is(). n == 0: the one that profiles have by default, if it is
     * the same for all in the range. */
    str type;
    /* Values of these labels become first frames, as with --tag-root. */
    const str *by;
    size_t by_count;
    bool keep_labels; /* as read_options.keep_labels: stacks are below their labels */
};

/* The text that selects this value type: its name or, if it has none, its unit in parentheses. */
str store_type_text(const struct value_type *type, struct heap *heap);

/* Whether `text` means this value type. */
static inline bool store_type_is(const struct value_type *type, str text)
{
    if (type->name.n > 0)
        return str_equal(text, type->name);
    return text.n == type->unit.n + 2 && text.p[0] == '(' && text.p[text.n - 1] == ')' &&
           str_equal(str_cut(text, 1, text.n - 1), type->unit);
}

/* The sum of all windows. Initializes *profile in `heap`, also on failure. If the range has
 * no windows, it succeeds, and the profile has no samples. The profile has the facts `date` and
 * `duration` of the range. */
bool store_read(struct store *store, const struct store_query *query, struct heap *heap,
                struct profile *profile, struct err *err);

/* The total of the windows that begin in one step of a timeline. */
struct store_point {
    uint64_t total;
    uint32_t windows;
};

struct store_timeline {
    struct value_type type; /* "" without windows */
    unsigned decimals;      /* totals are in units of 10^-decimals */
    int64_t from, step;
    VEC(struct store_point) points; /* the last one ends at query->until or later */
};

/* With a `step` of whole hours it uses the sums of hours. False with *err set also if there would
 * be more than 100,000 points. */
bool store_read_timeline(struct store *store, const struct store_query *query, int64_t step,
                         struct heap *heap, struct store_timeline *timeline, struct err *err);

/* The labels of all windows of the query, with the sum of each value: `label_sums_sort` order. A
 * share of the whole is weight / *total. */
bool store_read_labels(struct store *store, const struct store_query *query, struct heap *heap,
                       struct label_sums *sums, uint64_t *total, struct err *err);

struct store_type {
    struct value_type type;
    size_t chosen; /* how many windows have it as the default value of their profile */
};

struct store_types {
    VEC(struct store_type) at;
};

/* The value types in the range, by name. */
bool store_read_types(struct store *store, const struct store_query *query, struct heap *heap,
                      struct store_types *types, struct err *err);

/* A gap (of `source`) or a mark (at `from`). */
struct store_event {
    int64_t from, until;
    uint64_t count; /* how many failures in a row */
    str source, text;
};

struct store_events {
    VEC(struct store_event) at; /* by time */
};

/* Those that overlap with the range. */
bool store_read_gaps(struct store *store, int64_t from, int64_t until, struct heap *heap,
                     struct store_events *gaps, struct err *err);
bool store_read_marks(struct store *store, int64_t from, int64_t until, struct heap *heap,
                      struct store_events *marks, struct err *err);

/* When the first window begins and the last one ends; 0 and 0: there is none. */
bool store_read_extent(struct store *store, int64_t *from, int64_t *until, struct err *err);

/* ---- look after ------------------------------------------------------------------------------ */

/* Whether the file is intact and all sums are right. Writes a line for each fault; *faults is their
 * number. False with *err set if it cannot be read at all. */
bool store_check(struct store *store, struct sink *sink, uint64_t *faults, struct err *err);

struct store_size {
    uint64_t bytes, unused;  /* of the file; of these, free for later windows */
    uint64_t windows, hours; /* numbers */
    uint64_t rows, hour_rows;
    uint64_t series, labels, stacks, frames, gaps, marks;
};

bool store_measure(struct store *store, struct store_size *size, struct err *err);

#endif
