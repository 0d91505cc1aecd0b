/*
 * profile: what a reader makes of its input: the tree, what was left out and why, and what the
 * input says about itself.
 */
#ifndef FLAMETREE_PROFILE_PROFILE_H
#define FLAMETREE_PROFILE_PROFILE_H

#include <stdint.h>

#include "core/heap.h"
#include "core/num.h"
#include "core/str.h"
#include "core/wide.h"
#include "profile/tree.h"

/*
 * skipped: input that was not used, by reason, with the line where each reason was met first.
 * Printed once, at the end of a run, in cli/.
 */

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

/*
 * quantity: a weight as a person reads it, in a unit that fits its size.
 *
 *      12660000000 in "ns"       12.66 s
 *      1536 in "bytes"           1.50 KiB
 *      12712345678 in "cycles"   12.7 G cycles
 *      2520 in "samples"         2,520 samples
 */

struct quantity {
    char number[NUM_ROOM + 4]; /* with its prefix: "12.7 G" */
    size_t n;
    str name; /* "s", "KiB", or the unit that was given */
};

/* `unit` outlives the quantity. Units of time (ns, us, ms, s, and their long names) and bytes scale
 * up; any other word is what is counted. */
struct quantity quantity_of(double value, str unit);

static inline str quantity_number(const struct quantity *quantity)
{
    return str_of(quantity->number, quantity->n);
}

/* The name that is used for a unit: "nanoseconds" is "ns". */
str quantity_unit(str unit);

/* An event of the input, in the order of first sight. */
struct profile_event {
    str name;         /* as printed, e.g. "cycles:ppp" */
    uint64_t samples; /* how many of it were seen */
    bool kept;        /* they are in the tree */
    uint64_t line;    /* where it was seen first, in its file */
    uint32_t id;      /* in event_names */
};

/* Where a profile comes from, e.g. "host" "db7". */
struct profile_fact {
    str key, value;
};

/* What weights are: "cpu-clock" in "nanoseconds". Both are "" as long as nothing tells. */
struct value_type {
    str name, unit;
};

/* Filters of samples that need more than the stack, in the order in which they apply. */
enum profile_omit {
    PROFILE_OMIT_TIME,
    PROFILE_OMIT_PID,
    PROFILE_OMIT_COMM,
    PROFILE_OMIT_CPU,
    PROFILE_OMIT_COUNT,
};

struct profile {
    struct heap *heap;
    struct arena arena; /* the values of facts */
    struct value_type value_type;
    bool process_is_root; /* the first frame of each stack is a process */
    bool unwound;         /* stacks were unwound while the program ran, and may be broken */
    struct tree tree;
    struct skipped skipped;
    VEC(struct profile_event) events;
    struct intern event_names; /* by which events are found */
    VEC(size_t) event_places;  /* of each name in `events` */
    VEC(struct profile_fact) facts;
    struct intern fact_keys; /* as they stand in `facts` */
    /* A picture says what its weights are called, once they are multiplied by the factor. */
    str countname; /* n == 0: the input is no picture */
    double factor;
    uint64_t samples;   /* samples or folded lines that went into the tree */
    uint64_t unsure;    /* of them, folded lines that may be any number of samples */
    uint64_t stackless; /* of them, samples that had no frame at all */
    uint64_t lines;     /* of input read */
    uint64_t omitted[PROFILE_OMIT_COUNT]; /* samples of kept events that a filter left out */
    str layout;       /* which fields the first text has, for people; n == 0: it has none */
    bool has_inlined; /* the input itself names functions that were inlined */
    /* Sum of the squares of the weights of single samples; 0: none were seen. Saturates, so that it
     * is the same in whatever order they came. */
    struct wide squares;
};

static inline void profile_add_square(struct profile *profile, struct wide square)
{
    profile->squares = wide_add_most(profile->squares, square);
}

void profile_init(struct profile *profile, struct heap *heap, uint64_t seed, bool in_order);

/* The first value told for a key stays. */
void profile_add_fact(struct profile *profile, str key, str value);

/* Where the event stands in `events`; events.n when it is not there. */
size_t profile_find_event(const struct profile *profile, str name);

/* One that is not there yet; its name is copied. */
void profile_add_event(struct profile *profile, struct profile_event event);

/* `samples` is the number of samples, and each one's weight is in `squares`. */
static inline bool profile_samples_are_known(const struct profile *profile)
{
    return profile->samples > 0 && profile->unsure == 0;
}

/* From now on the number of samples is not known: some weight was taken out of the tree. */
static inline void profile_forget_samples(struct profile *profile)
{
    profile->unsure = profile->samples;
    profile->squares = wide_of(0);
}

/* The first value type stays; both strings are copied. */
void profile_set_value_type(struct profile *profile, str name, str unit);

/* Have an empty profile know the first event of `whole`, which decides what is kept: both are then
 * filled from one input. */
void profile_split(struct profile *part, const struct profile *whole);

/* Add everything in `part`, as if it had been read into `whole`, which had `known` events before
 * the two parted. */
void profile_merge(struct profile *whole, const struct profile *part, size_t known);

/* The same without the tree. */
void profile_merge_counts(struct profile *whole, const struct profile *part, size_t known);

void profile_end(struct profile *profile);

#endif
