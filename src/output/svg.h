/* SPDX-License-Identifier: MIT */
/*
 * svg: a finished picture and what else its document needs, and the functions that write it.
 *
 *      document ──► templates/flamegraph.svg ──► {{frames}}: svg_put_box() for each box
 *                                            ──► {{script}}: data_block_write(), and the viewer
 */
#ifndef FLAMETREE_OUTPUT_SVG_H
#define FLAMETREE_OUTPUT_SVG_H

#include "core/sink.h"
#include "picture/picture.h"
#include "profile/profile.h"

/* Light or dark, as the page around the picture or a person chooses. */
enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK };

struct document {
    const struct picture *picture;
    const struct picture *above; /* the side before, above the side after; NULL: none */
    const struct picture *callers,
        *callees;                       /* drawn instead of `picture`; NULL: it is no sandwich */
    const struct profile *profile;      /* its facts go into the document; NULL: none */
    const struct profile_value *values; /* by column of a tree with several; NULL: none */
    str source_url;                     /* where the viewer finds source code; "": nowhere */
    bool all_values;                    /* the viewer can switch between values */
    bool groups;                        /* colors mean groups of functions */
    bool script;                        /* the viewer and the data it draws from */
    bool fragment;                      /* part of an HTML page: no prolog */
    /* To become pixels or a page: no titles, no groups, no empty labels. A style sheet in `css` may
     * ask for them: it needs a picture that is not still. */
    bool still;
    bool no_background; /* something else goes below the picture */
    enum theme theme;
    str css; /* added after our style sheets; "": none */
};

/* The picture as SVG. */
void svg_write(const struct document *document, struct sink *sink);

/* An SVG that says why there is no picture. Only the options of the picture are used. */
void svg_write_message(const struct document *document, str title, str message, struct sink *sink);

/* The hashes of script and style for a page with a Content-Security-Policy. Of the document
 * `script`, `theme` and `css` are used. */
void svg_write_csp(const struct document *document, struct sink *sink);

/* One frame: <g><title>main (12 samples, 60.00%)</title><rect .../><text ...>main</text></g>
 * still: without the group, unless it has attributes, and without the title. */
void svg_put_box(const struct picture *picture, size_t i, bool still, struct sink *sink);

/* The whole profile as text, for the viewer and for our readers; doc/format.md, section 2. It is
 * what <metadata class="flametree-data"> holds, and it holds no markup. */
void data_block_write(const struct document *document, struct sink *sink);

struct embedded_writer;

/* The judgments of flamediff, for the viewer: verdicts of frames and functions, and how values come
 * from weights; doc/format.md, section 2.4. Members of the object "delta", each after a comma. The
 * picture has a differential. */
void data_block_put_judge(struct sink *sink, const struct picture *picture,
                          const struct embedded_writer *pack);

#endif
