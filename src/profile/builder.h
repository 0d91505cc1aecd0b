/* SPDX-License-Identifier: MIT */
/*
 * builder: fills a profile with the samples of a reader. It finds the node of each stack, adds the
 * weight and keeps the counts.
 *
 *      reader ── value_type ─┐
 *             ── frame ──────┤
 *             ── sample ─────┼──► builder ──► profile: tree, value types, counts
 *             ── skip ───────┘
 *
 * Values are integers. A profile holds one value of each sample: the value type that
 * options->value_type names, else the first. With options->all_values it holds all of them, with
 * the chosen one in the first column.
 */
#ifndef FLAMETREE_PROFILE_BUILDER_H
#define FLAMETREE_PROFILE_BUILDER_H

#include "core/heap.h"
#include "profile/label_rules.h"
#include "profile/profile.h"
#include "profile/tree.h"

/*
 * tree_queue: stacks that wait to be inserted into a large tree. Unsorted stacks miss the caches
 * several times at each frame. While a stack waits, each later push looks up one more of its frames
 * and prefetches the data for the next one.
 *
 *      push ──►  stack    stack    stack   ──► tree
 *                 1 step   2 steps  3 steps
 *
 * Stacks enter the tree in the order of their pushes.
 */

/* Most stacks are new after three frames. */
enum { TREE_QUEUE_PLACES = 4 };

/* The weight of one stack. */
struct stack_weight {
    uint64_t units, before;
    unsigned decimals, before_decimals;
    unsigned column;  /* of a tree with several values */
    uint64_t samples; /* that the weight comes from */
    bool has_units, has_before;
};

struct tree_queue_stack {
    VEC(uint32_t) frames; /* root first, without the shared ones */
    size_t shared;        /* number of frames shared with the previous stack */
    struct stack_weight weight;
    uint32_t *node; /* receives the node of the stack; NULL: not wanted */

    /* private */
    uint32_t ahead; /* the node found so far; TREE_NONE: there is none */
    size_t steps;   /* frames from the root to it */
};

struct tree_queue {
    struct tree *tree;
    struct tree_queue_stack stacks[TREE_QUEUE_PLACES];
    unsigned first, n;
    VEC(uint32_t) path; /* nodes of the stack that was inserted last, root first */
};

/* Add a stack that shares its first `shared` frames with the previous stack. The caller sets its
 * other frames and its weight before the next call. */
struct tree_queue_stack *tree_queue_push(struct tree_queue *queue, size_t shared);

/* Add the weight of a stack to its node. */
void tree_queue_add_weight(struct tree *tree, uint32_t node, const struct stack_weight *weight);

/* Insert all stacks into the tree. */
void tree_queue_flush(struct tree_queue *queue);

void tree_queue_end(struct tree_queue *queue);

/* A function from debug information, with its arguments, and a position in it. */
struct read_inline_frame {
    str function;
    str where; /* "file.cpp:137"; n == 0: not wanted or unknown */
};

/* Find the functions at `address` of `module`: the outermost one first, then those inlined into it.
 * Returns their number, 0 if unknown. *frames lives until the next call. The reader cleans
 * `function` like a symbol and appends ":where". */
typedef size_t read_inline_fn(void *context, str module, uint64_t address,
                              const struct read_inline_frame **frames);

struct image_files;

enum read_weight { READ_WEIGHT_PERIOD, READ_WEIGHT_SAMPLES };

/* The user's options for reading, for all formats. A format ignores those that do not apply. */
struct read_options {
    bool pid, tid;                 /* process names are comm-PID, comm-PID/TID */
    bool kernel, jit;              /* show the marks _[k], _[j] */
    bool inline_marks;             /* show _[i] on frames that the input calls inlined (--all) */
    bool addrs;                    /* [module <address>] for unresolved frames */
    bool srcline;                  /* name:file:line */
    bool keep_lines;               /* see frame_bare_name() */
    bool keep_labels;              /* see profile.label_keys */
    bool sum_labels;               /* fill profile.labels */
    bool no_lines;                 /* remove line numbers that are part of names */
    bool idle;                     /* keep samples that the format calls idle or waiting */
    bool no_modules;               /* names of functions without "module`" */
    bool no_inlines;               /* omit functions that were inlined into their caller */
    read_inline_fn *inline_frames; /* NULL: use the symbols of the input */
    void *inline_context;
    str event_filter;                  /* n == 0: the first event */
    str value_type;                    /* n == 0: the first */
    bool all_values;                   /* a column for each value type */
    bool all_events;                   /* a column for each event of perf */
    str time;                          /* "A,B": samples from A to B, in seconds; n == 0: all */
    str only_pid, only_comm, only_cpu; /* lists with commas; n == 0: all */
    str fields;                        /* of perf script -F; n == 0: as the text shows */
    /* For perf.data, see images_options: */
    str symfs, kallsyms, home;
    bool no_symbols;
    const struct image_files *image_files;
    bool no_comm;       /* omit the process name */
    bool merge_threads; /* each run of digits in process names becomes N */
    enum read_weight weight;
    struct label_rules *labels; /* NULL: none */
    bool library;               /* messages name fields of flametree_reading instead of options */
};

/* Whether frames of this kind get their mark, where the input knows the kind. */
static inline bool read_options_marks(const struct read_options *options, enum frame_kind kind)
{
    return (kind == FRAME_KERNEL && options->kernel) || (kind == FRAME_JIT && options->jit) ||
           (kind == FRAME_INLINED && options->inline_marks);
}

/* Of a value, in a tree with several. */
struct builder_column {
    unsigned column, decimals;
};

struct builder_memo {
    uint32_t hash, node;
};

struct builder {
    struct heap *heap;
    struct heap *scratch; /* for the reader's own memory, which ends with the input */
    struct profile *profile;
    const struct read_options *options;
    const char *file;  /* the current input, for messages */
    unsigned decimals; /* values are units of 10^-decimals, at most 9; 0 unless a reader sets it */
    void *state;       /* of the reader; NULL at first, kept from one input to the next */

    /* private */
    size_t value;       /* index of the value that counts */
    size_t count_value; /* of the value that is the number of samples; SIZE_MAX: none */
    unsigned column;    /* of builder_stack(), in a tree with several values */
    VEC(struct builder_column) columns; /* by value; n == 0: one value counts */
    uint64_t unsure;                    /* profile->unsure before the current input */
    struct builder_memo *memo;          /* nodes of recent stacks, by hash; NULL: none yet */
    struct tree_queue queue;
    bool has_samples; /* the input gives its number of samples: */
    uint64_t samples;
    VEC(uint32_t) frames; /* of a stack with its process */
    struct strbuf text;
};

void builder_init(struct builder *builder, struct profile *profile,
                  const struct read_options *options);

/* Declare the values of each sample of this input, such as "cpu" in "nanoseconds". The one
 * that options->value_type names, or gives by its index from 0, counts; else that at `otherwise`.
 * Without a declaration, values are samples. False with *err set if there is no such value, or if
 * earlier inputs had another unit. */
bool builder_value_types(struct builder *builder, const struct value_type *types, size_t count,
                         size_t otherwise, struct err *err);

/* This value of each sample is in units of 10^-decimals. */
void builder_set_decimals(struct builder *builder, size_t value, unsigned decimals);

/* The number of a frame for builder_sample(). An empty name becomes "[unknown]", since folded
 * stacks cannot have one at their ends. The mark of frame->kind is shown if frame->marked,
 * file and line with options->srcline. */
uint32_t builder_frame(struct builder *builder, const struct frame *frame);

/* The frame of a process, formatted by the options: "pool_7_worker-7708/7744" if `blank` is '_'.
 * UINT32_MAX: omit it. Otherwise all later stacks of the profile start with a process. */
uint32_t builder_process(struct builder *builder, str comm, str pid, str tid, char blank);

/* Add a sample: its frames leaf first, and a value of each type. A label "comm" adds the process as
 * the root. Label rules may omit the sample or add frames above it. A value below 0 is weight
 * before, and makes the tree a differential. False with *err set if a pattern of a rule fails. */
bool builder_sample(struct builder *builder, const uint32_t *frames, size_t n,
                    const int64_t *values, const struct sample_label *labels, size_t label_count,
                    struct err *err);

/*
 * Samples of stacks that nest: a reader that keeps the node of each open frame adds a sample to the
 * last one, and does not walk the stack again.
 *
 * builder_keeps_sample(): call it first. False: the sample is left out for its labels, or *err is
 * set.
 * builder_root(): the node above the stack, for the process and the labels that are shown; equal
 * labels have the same one. builder_child(): the node of a frame below it.
 * builder_sample_at(): the rest of builder_sample() for a stack of `depth` frames whose node is
 * known; any node if builder_has_weight() is false.
 */
bool builder_keeps_sample(struct builder *builder, const struct sample_label *labels, size_t count,
                          struct err *err);
bool builder_has_weight(const struct builder *builder, const int64_t *values);
uint32_t builder_root(struct builder *builder, const struct sample_label *labels,
                      size_t label_count);
uint32_t builder_child(struct builder *builder, uint32_t parent, uint32_t frame);
bool builder_sample_at(struct builder *builder, uint32_t node, size_t depth, const int64_t *values,
                       const struct sample_label *labels, size_t label_count, struct err *err);

/* builder_sample() for a stack that has its process already and weighs `weight`. */
bool builder_stack_with_labels(struct builder *builder, const uint32_t *frames, size_t n,
                               uint64_t weight, const struct sample_label *labels,
                               size_t label_count, struct err *err);

/* Whether labels of samples change the result. */
static inline bool builder_wants_labels(const struct read_options *options)
{
    return options->labels || options->sum_labels || options->keep_labels;
}

/* Count a sample that is omitted by default for a reason such as "idle". */
void builder_leave_out(struct builder *builder, const char *why, const int64_t *values);

/* Add a sample with this weight. `frames` has the leaf first and the root last. */
void builder_stack(struct builder *builder, const uint32_t *frames, size_t n, uint64_t weight);

/* The same for a weight of so many samples, which are not added to those of the profile. */
void builder_add_weight(struct builder *builder, const uint32_t *frames, size_t n, uint64_t weight,
                        uint64_t samples);

/* Add a stack of a sorted input: the first `shared` frames of the previous stack, then `frames`,
 * root first. It counts as one sample, unless builder_samples() gives their number. */
void builder_stack_after(struct builder *builder, size_t shared, const uint32_t *frames, size_t n,
                         const struct stack_weight *weight);

/* The stacks of this input come from `samples` further samples. `squares` is the sum of their
 * squared weights, 0: unknown. */
void builder_samples(struct builder *builder, uint64_t samples, struct wide squares);

/* Count a part of the input that was skipped. `position` is a line number, or an offset in a binary
 * format. `reason` is a literal that follows "ignored 12 lines: ". */
static inline void builder_skip(struct builder *builder, const char *reason, uint64_t position)
{
    skipped_note(&builder->profile->skipped, reason, builder->file, position);
}

/* The weight in `text`, times 10^power. It counts as skipped if num_parse_scaled() refuses it,
 * which makes it 0, and if rounding changes it. */
int64_t builder_parse_weight(struct builder *builder, str text, unsigned power, uint64_t position);

/* Start an input. `file` is its name for messages and outlives the profile. */
void builder_start(struct builder *builder, const char *file);

/* Finish an input: insert all stacks into the tree. Another input may follow. */
void builder_flush(struct builder *builder);

void builder_end(struct builder *builder);

#endif
