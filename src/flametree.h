/*
 * flametree.h: libflametree, flame graphs for other programs: read profiles, merge, filter and
 * compare them, draw them as SVG, PNG or PDF.
 *
 *      flametree_error error;
 *      flametree_profile *profile = flametree_new(NULL, &error);
 *      if (profile && flametree_read_file(profile, "out.perf", NULL, &error))
 *          flametree_draw_file(profile, "out.png", NULL, &error);
 *      flametree_free(profile);
 *
 * What always holds:
 *
 * - A call that can fail returns false (or NULL) and says in *error why. `error` may be NULL.
 * - There is no global state and nothing is printed. Different profiles may be used by different
 *   threads at the same time; one profile by one thread at a time, also where it is const.
 * - Structures of options: a field that is 0 or NULL means the default, a NULL pointer means all
 *   defaults. `size` is the size of the structure as the caller knows it, so that fields can be
 *   added: (flametree_picture){.size = sizeof(flametree_picture), .title = "db7"}. It is never 0:
 *   a call with a size of 0 fails with FLAMETREE_USAGE.
 * - Texts are UTF-8 and end with NUL where no length is given. They are copied when they are kept.
 * - A callback must return: no longjmp and no exception may pass through the library.
 * - After FLAMETREE_MEMORY a profile is broken: every call but flametree_free() fails at once.
 */
#ifndef FLAMETREE_H
#define FLAMETREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FLAMETREE_API __attribute__((visibility("default")))
#else
#define FLAMETREE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors ---------------------------------------------------------------------------------- */

typedef enum flametree_code {
    FLAMETREE_OK,
    FLAMETREE_INPUT,   /* the bytes are not what they should be */
    FLAMETREE_IO,      /* reading or writing failed; `sys` is errno */
    FLAMETREE_MEMORY,  /* an allocation failed, or the limit was reached */
    FLAMETREE_USAGE,   /* options that make no sense */
    FLAMETREE_SUPPORT, /* this build, or this machine, lacks what was asked for */
} flametree_code;

typedef struct flametree_error {
    flametree_code code;
    int sys;           /* errno of the system call that failed, or 0 */
    uint64_t line;     /* of the input, from 1; 0: it is about no line */
    char file[256];    /* the name of the input or output, "" if it is about none */
    char message[512]; /* a sentence without end mark */
} flametree_error;

/* "0.1.0" */
FLAMETREE_API const char *flametree_version(void);

/* ---- profiles -------------------------------------------------------------------------------- */

typedef struct flametree_profile flametree_profile;

/* Resize `old` (NULL: a new block) to `size` bytes (0: free it, return NULL), aligned for any type.
 * NULL when it cannot. */
typedef void *flametree_resize(void *context, void *old, size_t size);

typedef struct flametree_setup {
    size_t size;
    flametree_resize *resize; /* NULL: realloc() and free() */
    void *context;
    size_t limit;  /* bytes that the profile may take; 0: no limit */
    bool in_order; /* keep the order of the samples, for flame charts */
} flametree_setup;

/* An empty profile. NULL when there is no memory for it. */
FLAMETREE_API flametree_profile *flametree_new(const flametree_setup *setup,
                                               flametree_error *error);

/* NULL is allowed. */
FLAMETREE_API void flametree_free(flametree_profile *profile);

/* What has been read so far. */
typedef struct flametree_summary {
    size_t size;
    uint64_t samples; /* samples or lines that are in the profile */
    uint64_t lines;   /* of input */
    uint64_t ignored; /* lines that could not be used */
    uint64_t total;   /* sum of the weights, in units of 10^-decimals; of the after side */
    unsigned decimals;
    unsigned sides; /* 2: a differential */
} flametree_summary;

/* False when memory ran out, and when summary->size is 0. */
FLAMETREE_API bool flametree_summarize(flametree_profile *profile, flametree_summary *summary);

/* The i-th reason for which lines were ignored, how many there were and which was the first; NULL
 * after the last. It lives as long as the profile. */
FLAMETREE_API const char *flametree_ignored(const flametree_profile *profile, size_t i,
                                            uint64_t *count, uint64_t *first_line);

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct flametree_reading {
    size_t size;
    const char *format;       /* "folded", "perf", "svg"; NULL: told from how the input starts */
    const char *event_filter; /* the event that counts; NULL: the first one */
    bool pid, tid;            /* comm-PID, comm-PID/TID */
    bool marks;               /* _[k], _[j], _[i]: what palettes by language go by */
    bool addresses;           /* [module <address>] for frames without a symbol */
    bool count_samples;       /* each sample weighs 1, whatever its period */
    bool strict;              /* a line that cannot be used is an error */
} flametree_reading;

/* Up to `room` bytes to `to`: how many, 0 at the end, -1 when it failed. */
typedef ptrdiff_t flametree_read(void *context, void *to, size_t room);

/* Each adds one input to the profile; packed ones (gzip, zstd, xz) are unpacked. An input in which
 * nothing can be used is an error. `name` is for messages. What an input that fails half way
 * brought stays. */
FLAMETREE_API bool flametree_read_file(flametree_profile *profile, const char *path,
                                       const flametree_reading *options, flametree_error *error);
FLAMETREE_API bool flametree_read_memory(flametree_profile *profile, const char *name,
                                         const void *bytes, size_t size,
                                         const flametree_reading *options, flametree_error *error);
FLAMETREE_API bool flametree_read_callback(flametree_profile *profile, const char *name,
                                           flametree_read *read, void *context,
                                           const flametree_reading *options,
                                           flametree_error *error);

/* One stack, its `count` frames from the root to the leaf. In a name ';' becomes ':' and a line end
 * a blank: folded stacks could not tell them from what stands between frames. */
FLAMETREE_API bool flametree_add(flametree_profile *profile, const char *const *frames,
                                 size_t count, uint64_t weight, flametree_error *error);

/* ---- bringing together ----------------------------------------------------------------------- */

/* Add all of `from`, which stays as it is. */
FLAMETREE_API bool flametree_merge(flametree_profile *into, const flametree_profile *from,
                                   flametree_error *error);

/* The fields after strip_hex are about pictures; see flamediff(1). */
typedef struct flametree_comparison {
    size_t size;
    bool normalize;    /* scale the before side to the total of the after side */
    bool strip_hex;    /* addresses in names become 0x... */
    const char *scale; /* "auto", "total", "work", "none"; NULL: total if normalize, else auto */
    double work[2];    /* units of work done before and after; 0: not known */
    const char *work_unit; /* what one is called; NULL: "unit" */
    const char *labels[2]; /* names of the sides; NULL: "before" and "after" */
    double sample_weight;  /* weight of one sample; 0: what the profiles say */
    double confidence;     /* how sure a change must be, from 0.5 to below 1: 0.99 */
    double min_delta;      /* smaller changes are noise, as a part of the run: 0 */
} flametree_comparison;

/* A profile of two columns, before and after. Its picture is the one that flamediff draws, until
 * something is read, added or merged into the profile: after that it is drawn from the columns
 * alone, as flamegraph draws two columns. Filters apply to each side by itself. It gets its memory
 * as `after` does. The two stay as they are. Profiles that count different things (cycles and
 * nanoseconds) are FLAMETREE_INPUT. */
FLAMETREE_API flametree_profile *flametree_compare(const flametree_profile *before,
                                                   const flametree_profile *after,
                                                   const flametree_comparison *options,
                                                   flametree_error *error);

/* ---- filters --------------------------------------------------------------------------------- */

/* They apply in this order, whatever the order in which they are given. */
typedef enum flametree_filter_kind {
    FLAMETREE_RENAME,          /* s/REGEX/TEXT/ */
    FLAMETREE_FOCUS,           /* keep samples with a frame that matches */
    FLAMETREE_IGNORE,          /* drop samples with a frame that matches */
    FLAMETREE_HIDE,            /* leave out frames that match */
    FLAMETREE_SHOW,            /* leave out frames that do not match */
    FLAMETREE_SHOW_FROM,       /* leave out the callers of the root-most match */
    FLAMETREE_PRUNE_FROM,      /* leave out what the leaf-most match calls */
    FLAMETREE_SKIP_AFTER,      /* leave out the callers of the leaf-most match */
    FLAMETREE_MERGE_RECURSION, /* a frame that calls itself becomes one; no text */
    FLAMETREE_MAX_DEPTH,       /* leave out frames deeper than `number`; no text */
} flametree_filter_kind;

typedef struct flametree_filter {
    flametree_filter_kind kind;
    const char *text; /* a regular expression of PCRE2, or s/.../.../ */
    uint64_t number;
} flametree_filter;

/* False when an expression is wrong (the message says where), takes too long, or nothing is left;
 * the profile then is as it was. */
FLAMETREE_API bool flametree_apply(flametree_profile *profile, const flametree_filter *filters,
                                   size_t count, flametree_error *error);

/* ---- where it comes from --------------------------------------------------------------------- */

/* Not NUL-terminated; lives until the profile changes. */
typedef struct flametree_text {
    const char *bytes;
    size_t size;
} flametree_text;

/* The i-th thing that the input says about itself ("host", "command", "event"...); false after the
 * last. */
FLAMETREE_API bool flametree_fact(const flametree_profile *profile, size_t i, flametree_text *key,
                                  flametree_text *value);

/* One more, to travel in pictures. The first value of a key stays. */
FLAMETREE_API bool flametree_add_fact(flametree_profile *profile, const char *key,
                                      const char *value, flametree_error *error);

/* ---- pictures -------------------------------------------------------------------------------- */

typedef struct flametree_picture {
    size_t size;
    const char *format; /* "svg", "png", "pdf", "folded"; NULL: svg, or by the ending of the file */
    const char *title, *subtitle, *count_name, *name_type, *notes, *font;
    const char *colors;     /* a palette: "hot", "java"...; of a comparison: "safe", "red-blue" */
    const char *bg_colors;  /* "yellow", "blue", "green", "grey", "#rrggbb" */
    const char *search;     /* the viewer opens with this expression */
    const char *id_prefix;  /* of all ids: for several pictures in one page */
    const char *theme;      /* "light", "dark", "auto": what the page prefers */
    const char *css;        /* the text of a style sheet behind ours */
    double width;           /* px; 0: 1200, and in the viewer as wide as the window */
    double row_height;      /* 16 */
    double font_size;       /* 12 */
    double font_width;      /* 0.59 */
    double min_width;       /* narrower frames are left out: 0.1; negative: none is */
    double factor;          /* counts are multiplied by this: 1 */
    bool inverted;          /* icicle: the root on top */
    bool reverse;           /* merge from the leaves */
    bool by_weight;         /* heavy siblings first */
    bool hash;              /* shades by the letters of the name */
    bool negate;            /* differential: swap red and blue */
    bool delta_self;        /* differential: the change of a frame's own weight */
    bool no_script;         /* SVG: a picture and no more */
    bool fragment;          /* SVG: to be pasted into HTML */
    bool no_facts;          /* leave out where it comes from */
    double scale;           /* PNG, PDF: so many times as large; 1 */
    const char *background; /* PNG, PDF: "#rrggbb", "none"; NULL: the picture's own */
    const char *raster;     /* path of flamegraph-raster; NULL: where it was installed */
    /* What weights are in: "ns", "us", "ms", "s", "bytes", or what is counted. NULL: what the input
     * said. With count_name they are plain numbers of that. */
    const char *unit;
    const char *width_of; /* comparison: what widths are of: "after", "before", "union", "both" */
    const char *total;    /* a number: what is 100 %, when it is larger than the sum */
    /* Colors of names that match: "REGEX=COLOR" each; the first that matches counts. */
    const char *const *color_rules;
    size_t color_rule_count;
    const char *attributes; /* links and attributes of names: the text of a file of --nameattr */
    bool random;            /* random shades, by the seed */
    uint64_t seed;
} flametree_picture;

/* Take all bytes; false: it failed. */
typedef bool flametree_write(void *context, const void *bytes, size_t size);

/* PNG and PDF are drawn by a process that is started for it. The same profile and options give the
 * same bytes. */
FLAMETREE_API bool flametree_draw(flametree_profile *profile, flametree_write *write, void *context,
                                  const flametree_picture *options, flametree_error *error);

/* The file appears only when it is complete. Without a format in the options, its ending decides:
 * .svg, .png, .pdf, .folded or .txt (stacks too); any other is FLAMETREE_USAGE, and a path without
 * one gets an SVG. What is no file (/dev/fd/3, a pipe) may have any name. */
FLAMETREE_API bool flametree_draw_file(flametree_profile *profile, const char *path,
                                       const flametree_picture *options, flametree_error *error);

#ifdef __cplusplus
}
#endif

#endif
