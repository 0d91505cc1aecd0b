/*
 * request: what a caller asks of a picture. The programs and the library fill one of these from
 * their options; defaults, ranges and names are checked here and nowhere else.
 *
 *      options of a program ─┐
 *      flametree_picture ────┴─► request ──► request_check() ──► drawing
 */
#ifndef FLAMETREE_PIPELINE_REQUEST_H
#define FLAMETREE_PIPELINE_REQUEST_H

#include "output/outputs.h"

/* Fields start with the values of request_defaults. Texts that are NULL mean the default. */
struct request {
    bool library; /* messages name fields of flametree_picture, not options */
    /* output */
    const struct output *output; /* NULL: the ending of the path decides, then it is an SVG */
    unsigned kinds;              /* of outputs that the path may name */
    const char *path;            /* NULL: it has none */
    const char *path_hint;       /* ends the message about a path that names no output */
    double scale;
    bool scale_given;
    const char *background;  /* of PNG and PDF; NULL: the picture's own */
    const char *raster_path; /* of flamegraph-raster; NULL: where it was installed */
    uint64_t max_memory;     /* of flamegraph-raster; 0: no limit */
    /* texts. countname: plain numbers of it; else the unit, else what the profile knows */
    const char *title, *subtitle, *notes, *countname, *unit, *nametype, *font, *search, *id_prefix;
    /* geometry */
    double width, row, font_size, font_width, min_width, factor;
    bool min_width_percent, width_given, inverted;
    enum sibling_order_by order;
    /* colors */
    const char *palette, *sky;
    enum shade_by shade;
    uint64_t seed; /* of SHADE_RANDOM */
    bool negate;
    enum delta_of delta;
    struct color_rules *rules;       /* NULL: none */
    const struct attrs_table *attrs; /* NULL: none */
    /* data */
    bool reverse;
    const char *total; /* NULL: the sum */
    /* document */
    bool script, fragment, facts;
    enum theme theme;
    str css; /* style_sheet_check() has passed it */
    /* set by request_check(); who has a map of colors adds it then */
    struct picture_options picture;
    struct raster_helper_options how;
    char raster_background[8]; /* "#rrggbb" */
};

extern const struct request request_defaults;

/* By enum theme; ends with NULL. */
extern const char *const theme_names[];

/* False: ERR_USAGE. The request does not move, and it outlives what is drawn. */
bool request_check(struct request *request, const struct os *os, struct err *err);

#endif
