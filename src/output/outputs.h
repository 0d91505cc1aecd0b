/* SPDX-License-Identifier: MIT */
/*
 * outputs: the one table of what can be written. An output has a name, the endings of its files,
 * and a function that writes it. Options, completions, messages and the library read this table, so
 * that a new output is a writer and a line in outputs.c.
 *
 *      --output-format png ──► output_find()    ──┐
 *      -o x.png            ──► output_of_path() ──┴─► struct output
 *
 *      output_write() ──► output_stream ──┬────────────────────────► sink of the caller
 *                                         └──► flamegraph-raster ──► sink of the caller
 */
#ifndef FLAMETREE_OUTPUT_OUTPUTS_H
#define FLAMETREE_OUTPUT_OUTPUTS_H

#include "core/os.h"
#include "output/profile_report.h"
#include "output/raster_helper.h"
#include "output/report.h"
#include "output/svg.h"
#include "output/terminal.h"

/* Each program makes some of them: a set of kinds is their sum. */
enum output_kind {
    OUTPUT_PICTURE = 1,
    OUTPUT_FOLDED = 2,
    OUTPUT_REPORT = 4,
    OUTPUT_TERMINAL = 8,
    OUTPUT_STACKS = 16,
};

/* The content to write. Each kind of output uses one of them. */
struct output_content {
    const struct document *document;             /* of a picture */
    const struct tree *tree;                     /* of folded and other stacks */
    const struct report *report;                 /* of a comparison */
    const struct profile_report *profile_report; /* of a profile; `report` is NULL */
    const struct picture *picture;               /* in a terminal */
    const struct profile *profile;               /* of stacks, in a terminal; NULL: none */
    unsigned column;
    const struct terminal *terminal;
};

struct output {
    const char *name; /* what --output-format takes */
    /* Ends with NULL. The first one is only of this output; another output may have the others as
     * its first. */
    const char *endings[3];
    enum output_kind kind;
    bool brief; /* a report for people: the top of each list, unless an option asks for more */
    const char *raster; /* the format that flamegraph-raster makes of what is written; NULL: none */
    /* of a report: */
    void (*write_report)(const struct report *report, struct sink *sink);
    void (*write_profile)(const struct profile_report *report, struct sink *sink);
    /* of stacks in another format than folded: */
    void (*write_stacks)(const struct tree *tree, const struct profile *profile, struct sink *sink);
    bool all_values; /* it can hold every value of a sample, and its labels */
};

/* False if the output cannot hold the tree. */
bool output_check_tree(const struct output *output, const struct tree *tree, struct err *err);

void output_write(const struct output *output, const struct output_content *content,
                  struct sink *sink);

/* The number of functions in a report; 0: all. `given` is UINT64_MAX if the user gave none: then a
 * brief report has `to_read`. */
enum { PROFILE_TOP = 30, COMPARISON_TOP = 20 };
size_t output_top(const struct output *output, uint64_t given, size_t to_read);

/* ---- which output ---- */

/* The one of that name, or of that ending. Case does not matter. NULL: there is none. */
const struct output *output_find(unsigned kinds, str name);

/* The same for the value of an option, or of a field; *output stays when `name` is NULL. False:
 * ERR_USAGE; the message lists the names. */
bool output_choose(unsigned kinds, const char *option, const char *name,
                   const struct output **output, struct err *err);

/* The i-th one of these kinds; NULL after the last. */
const struct output *output_at(unsigned kinds, size_t i);

enum { OUTPUT_NAMES_ROOM = 200 };

/* "svg, png or pdf": `last` is what separates the last two names. Returns room. */
const char *output_names(unsigned kinds, const char *last, char room[OUTPUT_NAMES_ROOM]);

/* The output with the extension of the path. An unknown extension is an error, so that x.webp never
 * holds an SVG. *found is NULL when the caller's default counts:
 *
 *      x, a.b/x, -      no ending
 *      /dev/stdout      a path that leads to something else than a file, unless its ending is one
 *      (a pipe) x.tmp   that is known
 *
 * False: ERR_USAGE; the message lists the endings and ends with `hint`. */
bool output_of_path(unsigned kinds, const struct os *os, const char *path, const char *hint,
                    const struct output **found, struct err *err);

/* The same for outputs that may have any ending except those of other known formats: pictures,
 * packed files and so on. *found is unchanged for an unknown ending. path may be NULL. */
bool output_of_stacks_path(unsigned kinds, const struct os *os, const char *path,
                           const struct output **found, struct err *err);

/* For outputs that have one format, a text: `what` ("JUnit XML"). They may have any ending but
 * those of formats that are known to be another one: pictures, packed files and so on; `endings`
 * are allowed, and the message lists them. False: ERR_USAGE. path may be NULL. */
bool output_check_text(const struct os *os, const char *path, const char *what,
                       const char *const *endings, struct err *err);

/* ---- where it is written ---- */

/* Opens the file, or whatever the output goes to. NULL: it cannot, and the error is set. */
struct output_place {
    struct sink *(*open)(void *context);
    void *context;
};

/* SVG and text go out as they are made; for PNG and PDF the SVG goes through flamegraph-raster. */
struct output_stream {
    struct raster_helper *helper; /* NULL: none is needed */
    struct sink svg;              /* to the helper */
    struct sink *out;
};

/* Open the place of an output. NULL if the helper cannot be started or the place cannot be opened.
 * `how` is for PNG and PDF; its format is that of the output. The stream does not move. */
struct sink *output_stream_open(struct output_stream *stream, const struct output *output,
                                const struct raster_helper_options *how,
                                const struct output_place *place, struct heap *heap,
                                struct err *err);

/* All is written and flushed. The caller closes what the place opened. */
bool output_stream_finish(struct output_stream *stream, struct err *err);

#endif
