/*
 * builder: how a reader fills a profile. It finds the node of each stack, adds the weight, and
 * keeps the counts that go with it.
 *
 *      reader ── value_type ─┐
 *             ── frame ──────┤
 *             ── sample ─────┼──► builder ──► profile: tree, value types, counts
 *             ── skip ───────┘
 *
 * Values are whole numbers. A profile holds one value of each sample: the one that
 * options->value_type names, else the first.
 */
#ifndef FLAMETREE_PROFILE_BUILDER_H
#define FLAMETREE_PROFILE_BUILDER_H

#include "profile/profile.h"
#include "profile/tree.h"

/*
 * tree_queue: stacks that wait for their way into a large tree. In stacks that come in mixed order
 * each step down waits for memory, several times and one after the other. While a stack waits here
 * it is looked for, a step each time another one comes, and what the next step asks is fetched
 * meanwhile.
 *
 *      push ──►  stack    stack    stack   ──► tree
 *                 1 step   2 steps  3 steps
 *
 * They go into the tree in the order in which they came.
 */

/* Most stacks are new after three steps. Inputs of fuzzing are short. */
enum { TREE_QUEUE_PLACES = 4, TREE_QUEUE_WORTH = FUZZING ? 4 : 1 << 16 };

/* What a stack adds to its node. */
struct stack_weight {
    uint64_t units, before;
    unsigned decimals, before_decimals;
    bool has_units, has_before;
};

struct tree_queue_stack {
    VEC(uint32_t) frames; /* root first, without the shared ones */
    size_t shared;        /* frames, with the stack before it */
    struct stack_weight weight;
    uint32_t *node; /* where it is told which node it was; NULL: nowhere */

    /* private */
    uint32_t ahead; /* as far as it has been found; TREE_NONE: no further */
    size_t steps;   /* of frames, down to there */
};

struct tree_queue {
    struct tree *tree;
    struct tree_queue_stack stacks[TREE_QUEUE_PLACES];
    unsigned first, n;
    VEC(uint32_t) path; /* the nodes of the last stack that went */
};

void tree_queue_init(struct tree_queue *queue, struct tree *tree);

/* A smaller table of children is in the caches, and none is made of sorted stacks. Once it is worth
 * it, it stays so. */
static inline bool tree_queue_is_worth(const struct tree *tree)
{
    return tree->filled >= TREE_QUEUE_WORTH;
}

/* One more, that starts as the one before it did, with `shared` frames. It has no other frames and
 * no weight yet: the caller adds them before the next call. */
struct tree_queue_stack *tree_queue_push(struct tree_queue *queue, size_t shared);

/* The nodes of the stack before the first one that is pushed, root first. */
void tree_queue_set_path(struct tree_queue *queue, const uint32_t *nodes, size_t n);

/* Add to a node what stacks that do not wait weigh. */
void tree_queue_add_weight(struct tree *tree, uint32_t node, const struct stack_weight *weight);

/* All go into the tree. */
void tree_queue_flush(struct tree_queue *queue);

void tree_queue_end(struct tree_queue *queue);

/* A function from debug information, with its arguments, and the place in it. */
struct read_inline_frame {
    str function;
    str where; /* "file.cpp:137"; n == 0: not asked for, or not known */
};

/* The functions at `address` of `module`, outermost first, followed by those inlined into it. The
 * number of them, and *frames, which lives until the next call. 0: nothing is known. The reader
 * cleans `function` as it cleans symbols and appends ":where". */
typedef size_t read_inline_fn(void *context, str module, uint64_t address,
                              const struct read_inline_frame **frames);

enum read_weight { READ_WEIGHT_PERIOD, READ_WEIGHT_SAMPLES };

/* What the user may ask of reading, for all formats. A format ignores what it has no use for. */
struct read_options {
    bool pid, tid;                 /* processes are named comm-PID, comm-PID/TID */
    bool kernel, jit;              /* show the marks _[k], _[j] */
    bool inline_marks;             /* mark frames that the input shows as inlined: _[i] (--all) */
    bool addrs;                    /* [module <address>] for unresolved frames */
    bool srcline;                  /* name:file:line, from the line that follows the frame */
    read_inline_fn *inline_frames; /* NULL: use the symbols of the input */
    void *inline_context;
    str event_filter;                  /* n == 0: keep the first event seen */
    str value_type;                    /* n == 0: the first */
    str time;                          /* "A,B": samples from A to B, in seconds; n == 0: all */
    str only_pid, only_comm, only_cpu; /* lists with commas; n == 0: all */
    str fields;                        /* what perf script -F printed; n == 0: look */
    bool no_comm;                      /* leave out the process name */
    bool merge_threads;                /* digits in process names become one N */
    enum read_weight weight;
};

/* What is known of one sample beside its stack: "comm", "pid", "tid", "cpu" ... It lives for the
 * call only. */
struct sample_label {
    str key, value;
};

struct builder_memo {
    uint32_t hash, node;
};

struct builder {
    struct heap *heap;
    struct profile *profile;
    const struct read_options *options;
    const char *file; /* the input at hand, for messages */
    void *state;      /* the reader's own; NULL at first, it stays from one input to the next */

    /* private */
    size_t value;              /* which of the values of a sample counts */
    size_t value_types;        /* declared so far by the input at hand */
    uint64_t unsure;           /* as in the profile, before the input at hand */
    struct builder_memo *memo; /* nodes of stacks met before, by hash; NULL: not needed yet */
    struct tree_queue queue;
    bool has_told; /* the input says how many samples it holds: */
    uint64_t told;
    bool queued;          /* stacks that share frames with the one before use the queue */
    VEC(uint32_t) path;   /* nodes of the stack before, root first, unless `queued` */
    VEC(uint32_t) frames; /* of a stack with its process */
    VEC(char) text;
};

void builder_init(struct builder *builder, struct profile *profile,
                  const struct read_options *options);

/* Declare what the next value of each sample is: "cpu" in "nanoseconds". Declare all of them before
 * the first sample. Without any, values are samples. */
void builder_value_type(struct builder *builder, str name, str unit);

/* The number of a frame for builder_sample(). frame->kind is shown as a mark where
 * frame->marked. */
static inline uint32_t builder_frame(struct builder *builder, const struct frame *frame)
{
    return frames_add(&builder->profile->tree.frames, frame);
}

/* The frame of a process, by the options: "pool_7_worker-7708/7744". UINT32_MAX: it is left out.
 * From now on the profile's stacks begin with processes. */
uint32_t builder_process(struct builder *builder, str comm, str pid, str tid);

/* One sample, with its frames leaf first and a value of each type. If there is a label "comm", the
 * process becomes the root. */
void builder_sample(struct builder *builder, const uint32_t *frames, size_t n,
                    const uint64_t *values, const struct sample_label *labels, size_t label_count);

/* One sample of a weight, which may be a stack of which the root comes last in `frames`. */
void builder_stack(struct builder *builder, const uint32_t *frames, size_t n, uint64_t weight);

/* One stack of a sorted input, root first: the first `shared` frames of the stack before, then
 * these. It counts as one sample, unless builder_samples() says how many there are. */
void builder_stack_after(struct builder *builder, size_t shared, const uint32_t *frames, size_t n,
                         const struct stack_weight *weight);

/* The stacks of this input come from `samples` samples more, whose squared weights add up to
 * `squares`; 0: not known. */
void builder_samples(struct builder *builder, uint64_t samples, struct wide squares);

/* A part of the input cannot be used: a line number, or an offset in a binary format. `reason` is a
 * literal that reads well after "ignored 12 lines: ". */
static inline void builder_skip(struct builder *builder, const char *reason, uint64_t position)
{
    skipped_note(&builder->profile->skipped, reason, builder->file, position);
}

/* An input begins: `file` is its name for messages, which outlives the profile. */
void builder_start(struct builder *builder, const char *file);

/* Everything is in the tree. The builder can go on with another input. */
void builder_flush(struct builder *builder);

void builder_end(struct builder *builder);

#endif
