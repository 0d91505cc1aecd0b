/* SPDX-License-Identifier: MIT */
/*
 * label_rules: labels of samples as a person asks for them: values of a label as first frames,
 * samples with and without a label, sums by label.
 *
 *      labels of a sample      --tag-root endpoint     --tag-focus endpoint=feed
 *      endpoint  /feed   ───►  "/feed" is the root     the sample is kept
 *      tenant    t7
 */
#ifndef FLAMETREE_PROFILE_LABEL_RULES_H
#define FLAMETREE_PROFILE_LABEL_RULES_H

#include "core/heap.h"
#include "core/pattern.h"

/* One label of a sample: "comm", "pid", "endpoint" ... */
struct sample_label {
    str key, value, unit; /* unit: of a number, may be "" */
    int64_t number;
    bool is_number; /* then value is "" */
};

struct label_rule {
    str key; /* n == 0: any label */
    struct pattern *pattern;
    bool ignores;
};

struct label_rules {
    struct heap *heap;
    VEC(str) roots; /* keys, the outermost first */
    VEC(struct label_rule) rules;
    struct strbuf text; /* private */
};

void label_rules_init(struct label_rules *rules, struct heap *heap);

/* All labels of a sample as the text of a frame FRAME_LABELS, which no other frame has. */
void label_text_make(struct strbuf *text, const struct sample_label *labels, size_t count);

/* The labels in such a text, one by one: `rest` is the whole text at first. False after the last.
 */
bool label_text_next(str *rest, struct sample_label *label);

/* "KEY,KEY": its texts live as long as `keys`. */
void label_rules_add_roots(struct label_rules *rules, str keys);

/* Each is "KEY=REGEX" or "REGEX" and lives as long as the rules. False with *err set: one of them
 * is no pattern. */
bool label_rules_add(struct label_rules *rules, const char *option, const char *const *texts,
                     size_t count, bool ignores, struct err *err);

/* Whether a sample stays. A pattern that runs away drops nothing and sets *err. */
bool label_rules_keep(struct label_rules *rules, const struct sample_label *labels, size_t count,
                      struct err *err);

/* The values of a key, joined by ','; "KEY: none" when there is none. If the key ends with '=', as
 * in "endpoint=", it comes before the values: "endpoint=/feed". Good until the next call. */
str label_rules_root(struct label_rules *rules, str key, const struct sample_label *labels,
                     size_t count);

void label_rules_end(struct label_rules *rules);

/*
 * label_sums: the labels of the samples of an input, and the weight of each value.
 */

struct label_sum {
    uint32_t key; /* in `keys` */
    str value;    /* n == 0 and `whole`: of all samples with the key */
    bool whole;
    uint64_t weight; /* saturates */
};

struct label_sums {
    struct heap *heap;
    struct intern keys;
    struct intern values;       /* key, NUL, value; used only when sums are asked for */
    VEC(struct label_sum) sums; /* by id in `values` */
    struct strbuf text;         /* private */
};

static inline void label_sums_init(struct label_sums *sums, struct heap *heap, uint64_t seed)
{
    *sums = (struct label_sums){.heap = heap, .text.heap = heap};
    intern_init(&sums->keys, heap, seed);
    intern_init(&sums->values, heap, seed);
}

/* Add the weight of a sample to all its labels. */
void label_sums_add(struct label_sums *sums, const struct sample_label *labels, size_t count,
                    uint64_t weight);

void label_sums_merge(struct label_sums *into, const struct label_sums *from);

/* Sort the sums: keys by weight, then by name; the whole of a key before its values, and these in
 * the same way. */
void label_sums_sort(struct label_sums *sums);

void label_sums_end(struct label_sums *sums);

#endif
