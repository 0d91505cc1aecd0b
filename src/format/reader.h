/* SPDX-License-Identifier: MIT */
/*
 * reader: an input format. Each is a constant struct; a new format is one file and one line in
 * reader.c.
 */
#ifndef FLAMETREE_FORMAT_READER_H
#define FLAMETREE_FORMAT_READER_H

#include "format/reader_input.h"
#include "profile/builder.h"

/* Options that few formats know. */
enum {
    READER_SELECTS = 1,  /* time, only_pid, only_comm, only_cpu */
    READER_FIELDS = 2,   /* fields */
    READER_FILES = 4,    /* symfs, kallsyms, no_symbols */
    READER_EVENTS = 8,   /* event_filter */
    READER_INLINES = 16, /* inline_frames */
};

/* Bytes that a bid sees, and the bid for an unmistakable structure. */
enum { READER_HEAD = 16384, READER_CERTAIN = 90 };

struct reader {
    const char *name; /* what --input-format takes */
    const char *help; /* its input: "the text that perf script prints" */

    bool never_idle;  /* the format has no idle samples */
    bool usual;       /* say what was read only if it has several values */
    unsigned options; /* READER_SELECTS... */

    /* An input without this in its head is not of the format, and bid() is not called: */
    const char *needs; /* one of these texts, which '|' separates; NULL: none of them */
    bool binary;       /* control characters other than those of text */

    /* The likelihood that these first bytes are of this format: 0 (not at all) to 100. `head` has
     * READER_HEAD bytes, or fewer if the input is shorter. */
    int (*bid)(str head);
    unsigned (*signs)(str line); /* in place of bid(): those of dump_bid() */
    int highest_bid;             /* it is not called if another reader bid more than this; 0: 100 */

    /* Read one input to its end. Memory for this input alone is that of builder->scratch, which the
     * caller ends. Lines, records and bytes that cannot be used are skipped. False, with *err set,
     * only if the rest of the input cannot be understood. */
    bool (*read)(struct builder *builder, struct reader_input *input, struct err *err);

    /* Free builder->state after the last input. NULL: it has none. */
    void (*close)(struct builder *builder);

    /* For formats of lines that several threads can read; else NULL. Make `other`, a new builder,
     * continue where `leader` is, between two blocks that end in `gap_lines` line ends. False if
     * that is not possible yet; with NULL for `other` only this is checked. */
    bool (*follow)(struct builder *other, const struct builder *leader);
    unsigned gap_lines;

    bool mixes; /* stacks may be added to those of other formats with this flag */
};

extern const struct reader reader_bpftrace, reader_callgrind, reader_dhat, reader_dtrace,
    reader_eu_stack, reader_faulthandler, reader_firefox, reader_folded, reader_gdb, reader_ghc,
    reader_go, reader_instruments, reader_jfr, reader_jvm, reader_macos_sample, reader_massif,
    reader_otlp, reader_perf, reader_perf_data, reader_phpspy, reader_pmcstat, reader_pprof,
    reader_pstats, reader_rprof, reader_simpleperf, reader_speedscope, reader_stackprof, reader_svg,
    reader_systemtap, reader_trace, reader_v8_profile, reader_visual_studio, reader_vtune,
    reader_xctrace, reader_xdebug;

/* The part of reader_svg for pictures without data, in embedded/svg_frames.c. */
bool svg_frames_read(struct builder *builder, struct reader_input *input, bool is_own,
                     struct err *err);

/* All readers, in the order in which help lists them. */
extern const struct reader *const readers[];
extern const size_t reader_count;

/* NULL if there is none of that name. */
const struct reader *reader_find(str name);

/* The first bytes of an input. */
struct reader_head {
    str bytes;
    bool binary;          /* with control characters other than those of text */
    uint64_t pairs[1024]; /* a bit for each pair of bytes: whether they are neighbors here */
};

void reader_head_init(struct reader_head *head, str bytes);

/* Whether `head` has what the reader needs. */
bool reader_may_read(const struct reader *reader, const struct reader_head *head);

int reader_bid(const struct reader *reader, str head);

/* The reader that bids highest for `head`, and its bid. NULL if all bid 0; NULL with *err set on a
 * tie. */
const struct reader *reader_choose(const struct reader_head *head, int *highest, struct err *err);

/*
 * file_kind: a kind of file that no reader reads: the format of another program, or no profile at
 * all. A kind bids like a reader. If it bids more than all readers, the input is refused with its
 * name.
 */
struct file_kind {
    const char *name;          /* "a MOJO file of austin" */
    const char *advice;        /* the command that converts it */
    str start, part;           /* text at the start, and text anywhere; n == 0: any */
    size_t at;                 /* offset of `start` */
    bool (*matches)(str text); /* instead of `start` and `part`; NULL: none */
    bool line;                 /* `start`, `part` and `matches` are about one of the lines */
    bool binary;               /* it is no text: without control characters it bids lowest */
    int bid;
};

/* The kind that bids highest for `head`, and its bid; NULL: none. */
const struct file_kind *file_kind_find(const struct reader_head *head, int *bid);

/* It has control characters other than those of text. */
bool file_kind_is_binary(str head);

/*
 * reading: read several inputs into one profile, each with the reader of its format.
 *
 *      source ──► reader_input ──► reader->read() ──► builder ──► profile
 */

/* Called after each block. */
typedef void read_progress_fn(void *context, uint64_t bytes, uint64_t samples);

/*
 * parallel: several threads read one input of lines, see parallel.c.
 */

/* Below 16 MB a second thread costs as much time as it saves, or more. */
enum { PARALLEL_AFTER = 16 << 20 };

struct parallel_options {
    const struct os *os;
    size_t threads; /* at most, with the caller; 0 and 1: only the caller reads */
    size_t after;   /* smaller inputs are read by one thread: PARALLEL_AFTER */
};

/* For one input; NULL if only the caller can read it. `options` outlives it. Threads start in
 * parallel_fill(), once the input is long enough and the reader's follow() allows it. */
struct parallel *parallel_open(const struct parallel_options *options, const struct reader *reader,
                               struct builder *builder, struct reader_input *input);

/* As line_loop_fill(), for the caller and the threads. */
bool parallel_fill(struct parallel *parallel, struct line_loop *lines);

/* Wait for the threads, in any case. With `merge`, add their profiles to the caller's; false if a
 * thread failed. Their memory ends with builder->scratch. */
bool parallel_end(struct parallel *parallel, bool merge, struct err *err);

struct reading {
    struct profile *profile;
    const struct read_options *options;
    const struct reader *format; /* NULL: the reader that bids highest */
    read_progress_fn *progress;  /* may be NULL */
    void *progress_context;
    size_t block;     /* bytes read at once; 0: the default */
    size_t line_most; /* bytes of a line; 0: 2 GB */
    struct parallel_options parallel;

    /* private */
    const struct reader *reader; /* its state is in the builder */
    const struct reader *last;   /* the reader of the last input, even after its end */
    unsigned known;              /* READER_SELECTS...: what a reader knew so far */
    struct builder builder;
    uint64_t bytes;
    /* of the last input, to diagnose it: */
    const struct reader *likely;  /* the reader that bid highest; NULL: none */
    const struct file_kind *kind; /* the file kind that bid highest; NULL: none */
    bool is_empty;
};

/* Read one input to its end. */
bool reading_add(struct reading *reading, struct source *source, struct err *err);

/* Call it after the last input, even if one failed. */
void reading_finish(struct reading *reading);

/* False with *err set if the options ask for a value, or for a label, that the input does not have.
 * Call them only if there are samples, or labels of samples that were left out. */
bool reading_check_value(const struct reading *reading, struct err *err);
bool reading_check_labels(const struct reading *reading, struct err *err);

/* Nothing usable was read: set *err to what the input looks like and what to do. */
bool reading_diagnose(const struct reading *reading, struct err *err);

#endif
