/* SPDX-License-Identifier: MIT */
/*
 * drawing: from the options of a picture and a tree to an output. All programs and the library draw
 * here.
 *
 *      options of a program ─┐
 *      flametree_picture ────┴─► request ──► request_check()
 *                                               │
 *      tree ──► reverse, wakers ──► total, color rules ──► picture ──► output
 *               drawing_prepare()                          drawing_write()
 *
 * Filters come before: each run of a comparison is filtered alone.
 */
#ifndef FLAMETREE_PIPELINE_DRAWING_H
#define FLAMETREE_PIPELINE_DRAWING_H

#include "output/outputs.h"

/* The options of a picture. Initialize it with request_defaults. A text that is NULL means the
 * default. */
struct request {
    bool library; /* messages name fields of flametree_picture instead of options */
    /* output */
    const struct output *output; /* NULL: by the extension of the path; without one, SVG */
    unsigned kinds;              /* of outputs that the path may name */
    const char *path;            /* NULL: none */
    const char *path_hint;       /* the end of the message about an unknown extension */
    double scale;
    bool scale_given;
    const char *background;  /* of PNG and PDF; NULL: that of the picture */
    const char *raster_path; /* of flamegraph-raster; NULL: where it was installed */
    uint64_t max_memory;     /* of flamegraph-raster; 0: no limit */
    /* texts. With countname, weights are plain numbers; else they have the unit, else that of the
     * profile */
    const char *title, *subtitle, *notes, *countname, *unit, *nametype, *font, *search, *id_prefix;
    bool min_width_given, width_given;
    /* colors */
    const char *palette, *sky;
    struct color_rules *rules; /* NULL: none */
    /* data */
    bool reverse;
    const char *sandwich;     /* a regular expression of one function; NULL: all */
    const char *total;        /* NULL: the sum */
    struct terminal terminal; /* its abilities; `columns` is used if no width is given */
    bool row_given;           /* in a terminal it is the number of rows */
    /* a report of one profile */
    enum profile_view report_view;
    enum functions_by report_by;
    uint64_t report_top;     /* number of functions; 0: all; UINT64_MAX: the default */
    struct name_rules *peek; /* the functions of PROFILE_NEIGHBORS */
    /* document */
    bool script, fragment, facts;
    bool all_values;        /* the viewer switches between the columns of a tree with several */
    const char *source_url; /* with {file} and {line}; NULL: none */
    enum theme theme;
    str css; /* checked by style_sheet_check() */
    /* the caller sets layout, factor, order, shade, seed, delta, negate and attrs, and may add a
     * map of colors after request_check(), which sets the rest */
    struct picture_options picture;
    /* set by request_check() */
    struct raster_helper_options how;
    char raster_background[8]; /* "#rrggbb" */
};

extern const struct request request_defaults;

/* By enum theme, terminal_colors, profile_view and functions_by; each ends with NULL. */
extern const char *const theme_names[], *const terminal_color_names[],
                                            *const report_view_names[], *const report_sort_names[];

/* Check the options and complete the request. False: ERR_USAGE. The request does not move and
 * outlives the drawing. */
bool request_check(struct request *request, const struct os *os, struct err *err);

/* A sum below it causes a warning. */
enum { DRAWING_LOW_SUM = 100 };

struct drawing {
    const struct request *request; /* checked */
    const struct profile *profile; /* for facts and units; NULL: none */
    struct heap *heap;
    struct err *err;
    const struct report *report; /* for a report as output; NULL: none */
    struct output_place place;
    void (*warn)(void *context, const char *message); /* NULL: ignore warnings */
    void *warn_context;
    /* set by drawing_prepare() */
    struct picture_options picture; /* of the request, and what depends on the tree */
    const struct tree *tree;        /* for folded stacks the caller may set it */
    unsigned column;                /* of the widths */
    bool both;                      /* draw both sides, one above the other */
    struct color_given *given;      /* NULL: none */
    struct tree turned, marked;
    struct output_stream stream;
};

/* Prepare the tree for drawing. It outlives the drawing. New trees are in the heap of the drawing.
 * False: nothing to draw, or an option does not fit the tree. */
bool drawing_prepare(struct drawing *drawing, const struct tree *tree);

/* Write the output to its place, for the caller to close. */
bool drawing_write(struct drawing *drawing);

/* The same for a document that only shows why there is no picture. */
bool drawing_write_message(struct drawing *drawing, str title, str message);

/* Print the hashes of scripts and styles. They do not depend on the tree. */
void drawing_write_csp(const struct drawing *drawing, struct sink *sink);

/* ---- parts of drawing_write() ---- */

bool drawing_write_content(struct drawing *drawing, const struct output_content *content);
bool drawing_write_sandwich(struct drawing *drawing, struct document *document);
bool drawing_write_terminal(struct drawing *drawing);
bool drawing_write_report(struct drawing *drawing);

#endif
