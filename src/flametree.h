/* SPDX-License-Identifier: MIT */
/*
 * flametree.h: libflametree reads profiles, merges, filters and compares them, and draws them as
 * flame graphs in SVG, PNG or PDF.
 *
 *      flametree_error error;
 *      flametree_profile *profile = flametree_new(NULL, &error);
 *      if (!profile || !flametree_read_file(profile, "out.perf", NULL, &error) ||
 *          !flametree_draw_file(profile, "out.png", NULL, &error))
 *          fprintf(stderr, "%s: %s\n", error.file, error.message);
 *      flametree_free(profile);
 *
 * Rules for all functions:
 *
 * - A function that fails returns false (or NULL) and sets *error. Do not ignore the result: the
 *   compiler warns.
 * - These may be NULL: `error`, `options`, the `context` of a callback, an array of length 0, and
 *   what has a comment that says so. No other pointer may. A profile is not const where a call
 *   needs its memory.
 * - The library has no global state and prints nothing. Threads may use different profiles at the
 *   same time, but only one thread at a time may use a profile, even a const one.
 * - In a struct of options, a field that is 0 or NULL means the default. A NULL pointer instead of
 *   the struct means all defaults. `size` is the size of the struct, so that later versions can add
 *   fields: (flametree_picture){.size = sizeof(flametree_picture), .title = "db7"}. A size of 0 is
 *   FLAMETREE_USAGE, and so is a field of a later version that is not 0.
 * - Texts are UTF-8 and NUL-terminated, unless their length is given. The library copies the texts
 *   that it keeps.
 * - A callback must return: neither longjmp() nor an exception may pass through the library.
 * - After FLAMETREE_MEMORY a profile is unusable: all functions but flametree_free() fail.
 */
#ifndef FLAMETREE_H
#define FLAMETREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of this header; flametree_version() is that of the library. */
#define FLAMETREE_VERSION_MAJOR 0
#define FLAMETREE_VERSION_MINOR 2
#define FLAMETREE_VERSION_PATCH 0
/* 1002003 is 1.2.3 */
#define FLAMETREE_VERSION \
    (FLAMETREE_VERSION_MAJOR * 1000000 + FLAMETREE_VERSION_MINOR * 1000 + FLAMETREE_VERSION_PATCH)

#if defined(__GNUC__)
#define FLAMETREE_API   __attribute__((visibility("default")))
#define FLAMETREE_CHECK __attribute__((warn_unused_result))
#else
#define FLAMETREE_API
#define FLAMETREE_CHECK
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors ---------------------------------------------------------------------------------- */

typedef enum flametree_code {
    FLAMETREE_OK,
    FLAMETREE_INPUT,   /* the input is malformed or not usable */
    FLAMETREE_IO,      /* reading or writing failed; `sys` is errno */
    FLAMETREE_MEMORY,  /* an allocation failed, or the limit was reached */
    FLAMETREE_USAGE,   /* wrong options */
    FLAMETREE_SUPPORT, /* this build or this machine lacks a feature */
} flametree_code;

typedef struct flametree_error {
    flametree_code code;
    int sys;           /* errno of the system call that failed, or 0 */
    uint64_t line;     /* of the input, from 1; 0: none */
    char file[256];    /* the name of the input or output; "": none */
    char message[512]; /* without a period at the end */
} flametree_error;

/* "0.2.0" */
FLAMETREE_API const char *flametree_version(void);

/* ---- profiles -------------------------------------------------------------------------------- */

typedef struct flametree_profile flametree_profile;

/* Resize `old` (NULL: a new block) to `size` bytes (0: free it and return NULL). The block is
 * aligned for any type. NULL on failure. */
typedef void *flametree_resize_fn(void *context, void *old, size_t size);

typedef struct flametree_setup {
    size_t size;
    flametree_resize_fn *resize; /* NULL: realloc() and free() */
    void *context;
    size_t limit;  /* of the memory of the profile, in bytes; 0: none */
    bool in_order; /* keep the order of the samples, for flame charts */
} flametree_setup;

/* Create an empty profile. */
FLAMETREE_API FLAMETREE_CHECK flametree_profile *flametree_new(const flametree_setup *setup,
                                                               flametree_error *error);

/* NULL is allowed. */
FLAMETREE_API void flametree_free(flametree_profile *profile);

/* Not NUL-terminated, valid until the profile changes. */
typedef struct flametree_text {
    const char *bytes;
    size_t size;
} flametree_text;

/* Counts of a profile. */
typedef struct flametree_summary {
    size_t size;
    uint64_t samples; /* samples or lines in the profile */
    uint64_t lines;   /* lines of input */
    uint64_t ignored; /* lines that were skipped */
    uint64_t total;   /* sum of the weights in units of 10^-decimals; of the after side */
    unsigned decimals;
    unsigned sides;             /* 2: a differential, else 1 */
    flametree_text value, unit; /* of the weights: "cpu-clock" in "ns"; "": unknown */
    /* Weight that the input calls idle or that has no stack, in the same units; not in `total`. */
    uint64_t left_out;
    flametree_text left_out_as; /* "idle" or "without a stack"; "": nothing was left out */
    bool overflow; /* a sum exceeded 2^64-1 and is cut to that, so that weights are wrong */
} flametree_summary;

/* The caller sets summary->size. False if it is 0, or if memory ran out in an earlier call. */
FLAMETREE_API bool flametree_summarize(const flametree_profile *profile,
                                       flametree_summary *summary);

/* The i-th reason why lines were skipped, with their number and the first of them. NULL after the
 * last reason. The text lives as long as the profile. */
FLAMETREE_API const char *flametree_ignored(const flametree_profile *profile, size_t i,
                                            uint64_t *count, uint64_t *first_line);

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct flametree_reading {
    size_t size;
    const char *format;       /* of flametree_input_format(); NULL: detect it */
    const char *event_filter; /* keep samples of this event only; NULL: the first one */
    bool pid, tid;            /* name processes comm-PID, comm-PID/TID */
    bool marks;               /* add _[k], _[j], _[i], which palettes by language use */
    bool addresses;           /* [module <address>] for frames without a symbol */
    bool count_samples;       /* each sample weighs 1 instead of its period */
    bool strict;              /* a line that would be skipped, or a cut sum, is an error */
    /* Values and labels. It is an error if the input does not have them. */
    const char *sample_index; /* the value that counts, by name, unit or index from 0 */
    const char *tag_root;     /* "KEY,KEY": values of these labels become first frames */
    /* Keep or drop samples with a label that matches, each "REGEX" or "KEY=REGEX". */
    const char *const *tag_focus;
    size_t tag_focus_count;
    const char *const *tag_ignore;
    size_t tag_ignore_count;
    bool lines;      /* append :file:line to functions */
    bool no_lines;   /* take lines off the names of folded stacks */
    bool no_inlines; /* omit functions that were inlined */
    bool no_modules; /* function instead of module`function */
    bool idle;       /* keep samples that the format calls idle */
    bool keep_all;   /* keep all values and labels, which "pprof" can hold */
} flametree_reading;

/* The name of the i-th input format, and what its input is. NULL after the last. */
FLAMETREE_API const char *flametree_input_format(size_t i, const char **help);

/* Read up to `room` bytes to `to`. Returns their number, 0 at the end, -1 on failure. */
typedef ptrdiff_t flametree_read_fn(void *context, void *to, size_t room);

/* Add an input to the profile. Input packed with gzip, zstd or xz is unpacked. An input without any
 * usable line is an error. `name` is for messages. After an error, the profile keeps what was read
 * before. The library opens no file that an input names: frames of perf.data are named after
 * their modules, and recordings with copies of stacks (--call-graph dwarf) are refused. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_read_file(flametree_profile *profile, const char *path,
                                                       const flametree_reading *options,
                                                       flametree_error *error);
FLAMETREE_API FLAMETREE_CHECK bool flametree_read_memory(flametree_profile *profile,
                                                         const char *name, const void *bytes,
                                                         size_t size,
                                                         const flametree_reading *options,
                                                         flametree_error *error);
FLAMETREE_API FLAMETREE_CHECK bool flametree_read_callback(flametree_profile *profile,
                                                           const char *name,
                                                           flametree_read_fn *read, void *context,
                                                           const flametree_reading *options,
                                                           flametree_error *error);

/* Add a stack of `count` frames, root first. In a name, ';' becomes ':' and a line end becomes a
 * blank, because folded stacks use them as separators. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_add(flametree_profile *profile,
                                                 const char *const *frames, size_t count,
                                                 uint64_t weight, flametree_error *error);

/* ---- merging and comparing ------------------------------------------------------------------- */

/* Add `from` to `into`. `from` does not change. Weights of different events or values are
 * FLAMETREE_INPUT. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_merge(flametree_profile *into,
                                                   const flametree_profile *from,
                                                   flametree_error *error);

/* The fields after strip_hex affect pictures, reports and limits only; see flamediff(1). */
typedef struct flametree_comparison {
    size_t size;
    bool normalize;    /* scale the before side to the total of the after side */
    bool strip_hex;    /* addresses in names become 0x... */
    const char *scale; /* "auto", "total", "work", "none"; NULL: total if normalize, else auto */
    double work[2];    /* units of work done before and after; 0: unknown */
    const char *work_unit; /* the name of such a unit; NULL: "unit" */
    const char *labels[2]; /* names of the sides; NULL: "before" and "after" */
    double sample_weight;  /* weight of one sample; 0: from the profiles */
    double confidence;     /* minimum confidence of a change, 0.5 to below 1; default 0.99 */
    double min_delta;      /* smaller changes are noise, as a fraction of the total; default 0 */
    /* Classes of frames, each "NAME=REGEX". Reports have their changes, and limits of
     * flametree_judge() can name them: "class:NAME>5%". */
    const char *const *classes;
    size_t class_count;
} flametree_comparison;

/* Create a profile of two columns, before and after. It uses the allocator and the limit of
 * `after`. `before` and `after` do not change. The picture of the profile is that of flamediff.
 * After reading, adding or merging more into it, the picture is that of flamegraph for two columns.
 * Filters apply to each side alone. Profiles of different events or units, or of two columns, are
 * FLAMETREE_INPUT. */
FLAMETREE_API FLAMETREE_CHECK flametree_profile *flametree_compare(
    const flametree_profile *before, const flametree_profile *after,
    const flametree_comparison *options, flametree_error *error);

/* The same for several recordings of each side, which show how much runs differ. The allocator is
 * that of after[0]. */
FLAMETREE_API FLAMETREE_CHECK flametree_profile *flametree_compare_runs(
    flametree_profile *const *before, size_t before_count, flametree_profile *const *after,
    size_t after_count, const flametree_comparison *options, flametree_error *error);

/* The numbers are those of the report in JSON. NAN: not known. */
typedef struct flametree_change {
    /* "slower", "faster", "new", "vanished", "moved", "noise", "unknown"; of shares "larger share"
     * and "smaller share" instead of the first two */
    const char *verdict;
    const char *scale; /* "none": weights; "total": shares of the run, 0 to 1; "work": weights per
                        * unit of work. That of the whole run is never "total". */
    double before, after, low, high; /* low, high: the interval of after - before */
    double percent;                  /* after - before, of the run before */
} flametree_change;

typedef struct flametree_function_change {
    flametree_text name;          /* "": the whole run */
    flametree_change total, self; /* with all that it calls; alone */
    flametree_text cause;         /* a function whose change explains this one; "": none */
} flametree_function_change;

/* The change is valid during the call. False ends the walk. */
typedef bool flametree_change_fn(void *context, const flametree_function_change *change);

/* Visit the whole run, then all functions of a comparison: certain changes first, and the largest
 * of them first. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_changes(flametree_profile *comparison,
                                                     flametree_change_fn *visit, void *context,
                                                     flametree_error *error);

typedef enum flametree_verdict {
    FLAMETREE_FINE,
    FLAMETREE_REGRESSION,
    FLAMETREE_TOO_LITTLE, /* more samples or runs would decide */
} flametree_verdict;

typedef struct flametree_gate {
    const char *limit; /* as given */
    flametree_verdict verdict;
    flametree_text sentence; /* for people */
} flametree_gate;

/* The gate is valid during the call. False ends the judging. */
typedef bool flametree_gate_fn(void *context, const flametree_gate *gate);

/* Judge a comparison that nothing was added to, by limits such as "total>5%"; see flamediff(1),
 * --fail-on. Idle stacks do not count. Without `fail_on_moved`, cost that moved between functions
 * breaks no limit. A verdict is no error: `visit` gets it. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_judge(flametree_profile *comparison,
                                                   const char *const *limits, size_t count,
                                                   bool fail_on_moved, flametree_gate_fn *visit,
                                                   void *context, flametree_error *error);

/* ---- filters --------------------------------------------------------------------------------- */

/* Filters apply in this order, not in the order of the array. */
typedef enum flametree_filter_kind {
    FLAMETREE_RENAME,          /* s/REGEX/TEXT/ */
    FLAMETREE_FOCUS,           /* keep samples with a frame that matches */
    FLAMETREE_IGNORE,          /* drop samples with a frame that matches */
    FLAMETREE_HIDE,            /* remove frames that match */
    FLAMETREE_SHOW,            /* remove frames that do not match */
    FLAMETREE_SHOW_FROM,       /* remove the callers of the match nearest to the root */
    FLAMETREE_PRUNE_FROM,      /* remove the callees of the match nearest to the leaf */
    FLAMETREE_SKIP_AFTER,      /* remove the callers of the match nearest to the leaf */
    FLAMETREE_MERGE_RECURSION, /* merge a frame with a caller of the same name; no text */
    FLAMETREE_MAX_DEPTH,       /* remove frames deeper than `number`; no text */
} flametree_filter_kind;

typedef struct flametree_filter {
    flametree_filter_kind kind;
    const char *text; /* a PCRE2 regular expression, or s/.../.../ */
    uint64_t number;
} flametree_filter;

/* False if an expression is malformed (the message says where) or takes too long, or if no sample
 * is left. The profile then does not change. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_apply(flametree_profile *profile,
                                                   const flametree_filter *filters, size_t count,
                                                   flametree_error *error);

/* ---- facts ----------------------------------------------------------------------------------- */

/* The i-th fact about the recording ("host", "command", "event"...). False after the last. */
FLAMETREE_API bool flametree_fact(const flametree_profile *profile, size_t i, flametree_text *key,
                                  flametree_text *value);

/* The i-th value that each sample of the input has, such as "cpu" in "nanoseconds"; "": unknown.
 * *counts: it is the weight of the stacks, see flametree_reading.sample_index. False after the
 * last. */
FLAMETREE_API bool flametree_value(const flametree_profile *profile, size_t i, flametree_text *name,
                                   flametree_text *unit, bool *counts);

/* The i-th key of the samples' labels, such as "thread". Those of perf (comm, pid, tid, cpu, event)
 * are there after a reading with tag_root, tag_focus or tag_ignore. False after the last. */
FLAMETREE_API bool flametree_label(const flametree_profile *profile, size_t i, flametree_text *key);

/* The i-th event of the inputs and the number of its samples. *counts: they are in the profile;
 * false: they were left out, and flametree_reading.event_filter can choose them. False after the
 * last event. */
FLAMETREE_API bool flametree_event(const flametree_profile *profile, size_t i, flametree_text *name,
                                   uint64_t *samples, bool *counts);

/* Add a fact, which pictures will contain. A key keeps its first value. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_add_fact(flametree_profile *profile, const char *key,
                                                      const char *value, flametree_error *error);

/* ---- pictures -------------------------------------------------------------------------------- */

typedef struct flametree_picture {
    size_t size;
    /* "svg", "png", "pdf", "folded", "pprof", "speedscope", "term"; NULL: by the name of the file,
     * else svg. "pprof" has all values and labels after a reading with keep_all. "term" is text:
     * `width` is its columns, `row_height` the number of rows. */
    const char *format;
    const char *title, *subtitle, *count_name, *name_type, *notes, *font;
    const char *colors;     /* a palette: "hot", "java"...; of a comparison: "safe", "red-blue" */
    const char *bg_colors;  /* "yellow", "blue", "green", "grey", "#rrggbb" */
    const char *search;     /* initial search expression of the viewer */
    const char *id_prefix;  /* of all ids, for several pictures in one page */
    const char *theme;      /* "light", "dark", "auto": as the page prefers */
    const char *css;        /* a style sheet, added after the built-in one */
    double width;           /* px; 0: 1200, in the viewer the width of the window */
    double row_height;      /* 16 */
    double font_size;       /* 12 */
    double font_width;      /* 0.59 */
    double min_width;       /* omit narrower frames; 0: 0.1, negative: omit none */
    double factor;          /* multiply counts by this; 1 */
    bool inverted;          /* icicle: the root on top */
    bool reverse;           /* merge stacks from the leaves */
    bool by_weight;         /* heavy siblings first */
    bool hash;              /* shades by the letters of the name */
    bool negate;            /* differential: swap red and blue */
    bool delta_self;        /* differential: color by the change of the self weight */
    bool no_script;         /* SVG: without the viewer */
    bool fragment;          /* SVG: for pasting into HTML */
    bool no_facts;          /* omit the facts about the recording */
    double scale;           /* PNG, PDF: enlarge by this; 1 */
    const char *background; /* PNG, PDF: "#rrggbb", "none"; NULL: that of the picture */
    const char *raster;     /* path of flamegraph-raster; NULL: where it was installed */
    /* The unit of weights: "ns", "us", "ms", "s", "bytes", or another name. NULL: that of the
     * input. With count_name, weights are plain numbers of that name. */
    const char *unit;
    const char *width_of; /* comparison: the widths: "after", "before", "union", "both" */
    const char *total;    /* a number that is 100 %, if it is larger than the sum */
    /* Colors by name, each "REGEX=COLOR". The first match counts. */
    const char *const *color_rules;
    size_t color_rule_count;
    const char *attributes; /* links and attributes: the text of a --nameattr file */
    bool random;            /* random shades, from `seed` */
    uint64_t seed;
    const char *terminal_colors; /* of "term": "none", "16", "256", "24bit"; NULL: none */
    /* Classes of frames, each "NAME=REGEX", with a color and a share in the legend. */
    const char *const *classes;
    size_t class_count;
} flametree_picture;

/* Write all bytes; false on failure. */
typedef bool flametree_write_fn(void *context, const void *bytes, size_t size);

/* Draw the profile. The same profile and options give the same bytes. A child process draws PNG and
 * PDF. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_draw(flametree_profile *profile,
                                                  flametree_write_fn *write, void *context,
                                                  const flametree_picture *options,
                                                  flametree_error *error);

/* The file appears only when it is complete. Without a format in the options, its extension
 * decides: .svg, .png, .pdf, .folded or .txt (folded stacks), .pb.gz or .pb (pprof),
 * .speedscope.json or .ansi (term). Another extension is FLAMETREE_USAGE; no extension means SVG. A
 * device or pipe, such as /dev/fd/3, may have any name. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_draw_file(flametree_profile *profile, const char *path,
                                                       const flametree_picture *options,
                                                       flametree_error *error);

/* ---- the tree --- */

/* A place in the tree, or a function. Weights are in units of 10^-decimals; of a comparison, those
 * of the after side. */
typedef struct flametree_node {
    flametree_text name;   /* "": the root */
    flametree_text module; /* "": unknown, or not the same wherever the name occurs; so with file */
    flametree_text file;
    uint32_t line;  /* 0: unknown */
    uint32_t depth; /* of a place; 0: the root */
    uint64_t self, total;
    uint64_t self_before, total_before; /* of a comparison, else 0 */
    uint64_t places;                    /* of a function; 1 */
} flametree_node;

/* Texts and node are valid during the call. False ends the walk. Do not change the profile. */
typedef bool flametree_node_fn(void *context, const flametree_node *node);

/* Visit all places: the root first, callers before callees, siblings in the order of a picture.
 * True also if `visit` ended the walk. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_walk(flametree_profile *profile,
                                                  flametree_node_fn *visit, void *context,
                                                  flametree_error *error);

/* Visit the `top` functions (0: all) by "self", "total" or "name" (NULL: self); of a comparison,
 * those of the after side. A total counts each stack once. Frames that differ in the mark of their
 * kind are one function. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_top(flametree_profile *profile, const char *sort,
                                                 size_t top, flametree_node_fn *visit,
                                                 void *context, flametree_error *error);

/* ---- reports --------------------------------------------------------------------------------- */

/* A table of the functions of a profile; see flamegraph(1), --report. */
typedef struct flametree_report {
    size_t size;
    const char *format; /* "text", "markdown", "json", "csv"; NULL: by the file, else text */
    const char *view;   /* "functions", "tree" (of calls), "callers"; NULL: functions */
    const char *sort;   /* functions by "self", "total", "name"; NULL: self */
    size_t top;         /* number of functions; SIZE_MAX: all; 0: all in JSON and CSV, else 30 */
    /* Instead of a view: the callers and callees of functions that match, regular expressions. */
    const char *const *peek;
    size_t peek_count;
    /* Trees: sum up what is below this part of the total, in per cent; 0: 0.5, and nothing in JSON
     * and CSV; negative: nothing. */
    double min_width;
    bool reverse;                  /* merge stacks from the leaves */
    const char *unit, *count_name; /* as in flametree_picture */
    double factor;
} flametree_report;

/* Write a report. That of a comparison has the functions that changed, as flamediff(1) --report
 * writes it: `view`, `sort`, `peek` and `min_width` must be 0, and 0 in `top` means 20. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_write_report(flametree_profile *profile,
                                                          flametree_write_fn *write, void *context,
                                                          const flametree_report *options,
                                                          flametree_error *error);

/* The file appears only when it is complete. Its extension can be .txt, .md, .json or .csv. */
FLAMETREE_API FLAMETREE_CHECK bool flametree_write_report_file(flametree_profile *profile,
                                                               const char *path,
                                                               const flametree_report *options,
                                                               flametree_error *error);

#ifdef __cplusplus
}
#endif

#endif
