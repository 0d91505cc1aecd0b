/* SPDX-License-Identifier: MIT */
/*
 * profile: the result of reading an input: the tree, the parts that were skipped and why, and facts
 * about the input.
 */
#ifndef FLAMETREE_PROFILE_PROFILE_H
#define FLAMETREE_PROFILE_PROFILE_H

#include <stdint.h>

#include "core/heap.h"
#include "core/num.h"
#include "core/str.h"
#include "core/wide.h"
#include "profile/label_rules.h"
#include "profile/tree.h"

/*
 * skipped: counts of skipped input, by reason, with the first line of each. cli/ prints them at the
 * end of a run.
 */

struct skipped_entry {
    const char *reason; /* a literal that follows "ignored 12 lines: " */
    const char *file;   /* of the first line */
    uint64_t count;
    uint64_t first_line; /* or its position, if `records` */
    bool records;        /* the input has records instead of lines, such as JSON */
};

struct skipped {
    struct heap *heap;
    VEC(struct skipped_entry) entries; /* by file, then by first line */
};

/* Count one part for `reason`. Lines of a file may come in any order. Reasons are compared by their
 * text, files by the address of their name. */
void skipped_note(struct skipped *skipped, const char *reason, const char *file, uint64_t line);

/* The input has records instead of lines. */
void skipped_are_records(struct skipped *skipped, const char *file);

uint64_t skipped_total(const struct skipped *skipped);

/*
 * quantity: a weight as text, in a unit that fits its size.
 *
 *      12660000000 in "ns"       12.66 s
 *      1536 in "bytes"           1.50 KiB
 *      12712345678 in "cycles"   12.7 G cycles
 *      2520 in "samples"         2,520 samples
 */

struct quantity {
    char number[NUM_ROOM + 4]; /* with its prefix: "12.7 G" */
    size_t n;
    str name; /* "s", "KiB", or the given unit */
};

/* `unit` outlives the quantity. Units of time (ns, us, ms, s, and their long names) and bytes scale
 * up. For any other unit the number gets a prefix. */
struct quantity quantity_of(double value, str unit);

static inline str quantity_number(const struct quantity *quantity)
{
    return str_of(quantity->number, quantity->n);
}

/* The nanoseconds of a unit of time; 0: another unit. */
double quantity_ns(str unit);

/* The short name of a unit: "nanoseconds" is "ns". */
str quantity_unit(str unit);

/* How many of the smallest unit of its scale the unit of a quantity is, and the name of that one:
 * "ms" is 1,000,000 "ns", "KiB" is 1024 "bytes", "G cycles" is 1,000,000,000 "cycles". */
uint64_t quantity_scale(str shown, str *smallest);

/* An event of the input. */
struct profile_event {
    str name;         /* as printed, e.g. "cycles:ppp" */
    uint64_t samples; /* seen so far */
    bool kept;        /* its samples are in the tree */
    unsigned column;  /* of a tree with several values */
    uint64_t line;    /* its first line in its file */
    uint32_t id;      /* in event_names */
};

/* A fact about the recording, such as "host" "db7". */
struct profile_fact {
    str key, value;
};

/* The quantity that weights measure: "cpu-clock" in "nanoseconds". "": unknown. */
struct value_type {
    str name, unit;
    bool is_level; /* an amount at one time, such as bytes in use, which has no sum over time */
};

/* For a name from a file. Go and others begin the names of memory in use with "inuse_". */
static inline struct value_type value_type_of(str name, str unit)
{
    return (struct value_type){name, unit, .is_level = str_starts(name, STR("inuse_"))};
}

/* By convention a value with such a name is the number of samples, mostly the first one. */
static inline bool value_type_is_sample_count(const struct value_type *type)
{
    return str_equal(type->name, STR("samples")) || str_equal(type->name, STR("sample"));
}

#define VALUE_SUM(name, unit)                 \
    {                                         \
        STR_INIT(name), STR_INIT(unit), false \
    }
#define VALUE_LEVEL(name, unit)              \
    {                                        \
        STR_INIT(name), STR_INIT(unit), true \
    }

/* Filters of samples that need more than the stack, in the order in which they apply. */
enum profile_omit {
    PROFILE_OMIT_TIME,
    PROFILE_OMIT_PID,
    PROFILE_OMIT_COMM,
    PROFILE_OMIT_CPU,
    PROFILE_OMIT_COUNT,
};

/* A column of a tree with several values. */
struct profile_value {
    struct value_type type;
    uint64_t samples;
};

struct profile {
    struct heap *heap;
    struct arena arena; /* the values of facts */
    struct value_type value_type;
    /* By column: the chosen value, then the others in the order of the input; n == 0: the tree has
     * no `values`. */
    VEC(struct profile_value) values;
    str other_values; /* names of the values that do not count: "samples, alloc_space" */
    /* Of the samples' labels, in the order of first sight. With options->keep_labels, samples with
     * labels are below a frame FRAME_LABELS, see label_rules.h. */
    VEC(str) label_keys;
    VEC(struct value_type) value_types; /* of each sample of the input; n == 0: not declared */
    size_t value;                       /* the index of the chosen one */
    struct label_sums labels;           /* with read_options.sum_labels */
    bool process_is_root;               /* the first frame of each stack is a process */
    bool unwound;                       /* stacks were unwound at run time and may be broken */
    struct tree tree;
    struct skipped skipped;
    VEC(struct profile_event) events; /* in the order of first sight */
    struct intern event_names;
    VEC(size_t) event_places; /* by id in event_names: index in `events` */
    VEC(struct profile_fact) facts;
    struct intern fact_keys; /* with the ids of `facts` */
    /* Of a picture: the name of its weights after multiplication by the factor. */
    str countname; /* n == 0: the input is no picture */
    double factor;
    uint64_t samples;   /* samples or folded lines in the tree */
    uint64_t unsure;    /* of them, folded lines, which may be any number of samples */
    uint64_t stackless; /* of them, samples without any frame */
    uint64_t lines;     /* of input read */
    uint64_t omitted[PROFILE_OMIT_COUNT]; /* samples of kept events that a filter left out */
    str layout;              /* the fields of the first text, for people; n == 0: none */
    const char *remark;      /* of the reader, for people: a sentence; NULL: none */
    uint64_t left_out;       /* weight that the format calls idle; it is not in the tree */
    const char *left_out_as; /* "idle"; NULL: nothing was left out */
    bool has_losses;         /* values below 0 were read; they are the column before */
    bool has_inlined;        /* the input names inlined functions */
    /* The sum of the squared weights of single samples, 0: none. It saturates, so that their order
     * does not matter. */
    struct wide squares;
};

static inline void profile_add_square(struct profile *profile, struct wide square)
{
    profile->squares = wide_add_most(profile->squares, square);
}

void profile_init(struct profile *profile, struct heap *heap, uint64_t seed, bool in_order);

/* A key keeps its first value. */
void profile_add_fact(struct profile *profile, str key, str value);

/* Set the value of a fact. */
void profile_set_fact(struct profile *profile, str key, str value);

/* The value of a fact; "": unknown. */
str profile_fact_value(const struct profile *profile, str key);

/* Add to the fact "work", the number of units of work that were done during the recording.
 * Malformed and negative numbers are ignored. */
void profile_add_work(struct profile *profile, str number);

/* The index of the event in `events`, or events.n. */
size_t profile_find_event(const struct profile *profile, str name);

/* Add an event that is not there yet. Its name is copied. */
void profile_add_event(struct profile *profile, struct profile_event event);

/* `samples` is the exact number of samples, and `squares` covers all of them. */
static inline bool profile_samples_are_known(const struct profile *profile)
{
    return profile->samples > 0 && profile->unsure == 0;
}

/* The weight of one sample, of a profile whose weights have the sum `sum`; 0: samples have several
 * weights, or it is not known. */
double profile_sample_weight(const struct profile *profile, double sum);

/* Make the number of samples unknown, because weight was removed from the tree. Values keep the
 * numbers that the tree still has. */
void profile_forget_samples(struct profile *profile);

/* Samples have this label. The key is copied. */
void profile_note_label(struct profile *profile, str key);

/* A sample has this label, even one that was left out. */
bool profile_has_label(const struct profile *profile, str key);

/* The values of each sample. The strings are copied. */
void profile_set_value_types(struct profile *profile, const struct value_type *types, size_t count);

enum { COLUMNS_MOST = 64 }; /* of a tree with several values */

/* The column of a value type in a tree with several values, added if necessary; TREE_NONE: there
 * are too many. */
unsigned profile_column(struct profile *profile, const struct value_type *type);

/* False with *err set if the profile has other weights: those of different things have no sum, even
 * if their units are equal. */
bool profile_check_value_type(const struct profile *profile, const struct value_type *type,
                              struct err *err);

/* The first value type stays. The strings are copied. */
void profile_set_value_type(struct profile *profile, const struct value_type *type);

/* Copy the first event of `whole`, which decides which samples are kept, to an empty profile. Both
 * then read parts of one input. */
void profile_split(struct profile *part, const struct profile *whole);

/* Copy the names of files that `whole` has from `part`, which may end before it does. */
void profile_own_files(struct profile *whole, const struct profile *part);

/* Add everything in `part`, as if it had been read into `whole`, which had `known` events at the
 * time of profile_split(). */
void profile_merge(struct profile *whole, const struct profile *part, size_t known);

/* The same without the tree. */
void profile_merge_counts(struct profile *whole, const struct profile *part, size_t known);

void profile_end(struct profile *profile);

#endif
