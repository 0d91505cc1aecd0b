/*
 * reader: one input format. A reader is a constant table entry in registry.c; adding a format is
 * adding one file and one line there.
 */
#ifndef FLAMETREE_READ_READER_H
#define FLAMETREE_READ_READER_H

#include "core/source.h"
#include "stack/parcel.h"
#include "stack/profile.h"

/* A function as debug information names it, arguments and all, and the place in it. */
struct read_inline_frame {
    str function;
    str where; /* "file.cpp:137", n == 0 when not asked for or not known */
};

/* The functions that `address` of `module` belongs to, outermost first, those inlined into it
 * behind it: how many, and *frames, which stay until the next call. 0: nothing is known, and the
 * plain symbol stands. The reader cleans `function` as it cleans symbols and appends ":where". */
typedef size_t read_inline_fn(void *context, str module, uint64_t address,
                              const struct read_inline_frame **frames);

enum read_weight { READ_WEIGHT_PERIOD, READ_WEIGHT_SAMPLES };

/* What a person may ask of reading, for all formats; a format ignores what it has no use for. */
struct read_options {
    bool pid, tid;                 /* comm-PID, comm-PID/TID */
    bool kernel, jit;              /* marks _[k], _[j] */
    bool inline_marks;             /* mark frames that the input shows as inlined: _[i] (--all) */
    bool addrs;                    /* [module <address>] for unresolved frames */
    bool srcline;                  /* name:file:line from the line after the frame */
    read_inline_fn *inline_frames; /* NULL: frames stand as perf printed them */
    void *inline_context;
    str event_filter;   /* n == 0: keep the first event seen */
    bool no_comm;       /* leave out the process name */
    bool merge_threads; /* digits in process names become one */
    enum read_weight weight;
    bool strict; /* an unusable line ends the run */
};

enum { READER_HEAD = 16384 };

struct reader_parts {
    unsigned line_ends; /* that parts end with, at least: 1 any line, 2 an empty one */

    /* How many lines of the file the reader has taken, when what comes next may be read in parts;
     * 0: it may not. It has just taken what a part ends with. */
    uint64_t (*lines)(const void *state);

    /* Have `other`, a reader of its own with the same options, go on as `state` would: it takes a
     * part next. */
    void (*follow)(void *other, const void *state);

    /* From now on stacks go into `parcel`, which is empty, and not into the tree of the profile,
     * which has names only then. */
    void (*send)(void *state, struct parcel *parcel);

    /* Stacks of a parcel go into the tree of the profile; by number in the parcel, names[] has
     * those of the tree. The parcel is worth nothing then. */
    void (*take_in)(void *state, struct parcel *parcel, const uint32_t *names);

    /* Take a part, in front of which the file has `lines` lines. */
    void (*eat)(void *state, str part, uint64_t lines, const char *file);
};

struct reader {
    const char *name; /* what --format takes */
    const char *help; /* one line */

    /* How sure it is that these are the first bytes of its format: 0 no, up to 100. `head` is
     * READER_HEAD bytes, fewer only when the input is shorter. */
    int (*bid)(str head);

    /* A state in profile->heap, which is never freed on its own. options outlive it. */
    void *(*open)(struct profile *profile, const struct read_options *options);

    /* Take whole lines from the front of `block` and return how many bytes were taken; what is
     * left comes again, with more behind it. At the end of a file (`at_end`) everything is
     * taken, a last line without newline too, and an unfinished sample is counted; another file
     * may follow. `file` is the input's name for messages and outlives the profile. */
    size_t (*eat)(void *state, str block, bool at_end, const char *file);

    /* After the last file: fill in what is only known now. */
    void (*finish)(void *state);

    /* For readers of which several can read one file, in parts that have no line that starts with
     * '#'; else NULL. The profile is the same whoever read which part in which order, apart from
     * the numbers of names and nodes. See read/lanes.h. */
    const struct reader_parts *parts;
};

extern const struct reader reader_folded, reader_perf, reader_svg;

/* All readers, in the order in which help lists them. */
extern const struct reader *const readers[];
extern const size_t reader_count;

/* By its name, NULL if there is none. */
const struct reader *reader_find(str name);

/* The one that bids highest for `head`; NULL, with *err naming both, on a tie, or when none
 * wants it. */
const struct reader *reader_choose(str head, struct err *err);

#endif
