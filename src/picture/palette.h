/*
 * palette: which color a frame has. A palette is a constant table entry. Its colors depend on
 * nothing but the frame, so that a frame has one color in every picture.
 *
 *      frame ──first kind that holds──► tone ──shade──► rgb    palettes by kind of frame
 *      frame ──module()──► hue of the module ──shade──► rgb    palettes by module
 */
#ifndef FLAMETREE_PICTURE_PALETTE_H
#define FLAMETREE_PICTURE_PALETTE_H

#include "core/str.h"
#include "picture/color.h"
#include "profile/frames.h"

/* A kind holds for a frame when all its conditions do. The last kind of a list has none. */
struct palette_kind {
    enum frame_kind frame_kind;              /* FRAME_USER: any */
    const char *starts, *contains;           /* one of the words between '|'; NULL: any name */
    bool (*test)(const struct frame *frame); /* NULL: none */
    const struct tone *tone;
    const char *label; /* in the legend */
};

struct palette {
    const char *name;
    const char *help; /* one line */
    enum background_style background;
    /* One of these is given: */
    const struct tone *tone;                  /* of all frames */
    const struct palette_kind *kinds;         /* the first one that holds counts */
    str (*module)(const struct frame *frame); /* "" when it is not known */
    bool legend;
};

/* All palettes, in the order in which help lists them. */
extern const struct palette palettes[];
extern const size_t palette_count;

/* NULL with *err listing the choices when there is none of that name. */
const struct palette *palette_find(str name, struct err *err);

rgb palette_color(const struct palette *palette, const struct frame *frame,
                  const struct shade *shade);

/* The label of such frames in the legend, never "". It lives as long as the strings of the frame.
 * */
str palette_group(const struct palette *palette, const struct frame *frame);

/* Frames named "--" (a separator of chains) or "-" are grey in every palette. */
bool palette_fixed(str name, rgb *color);

/* Of the lists in palette_kinds.c. */
extern const struct palette_kind palette_java[], palette_js[], palette_perl[], palette_chain[],
    palette_python[], palette_rust[], palette_go[], palette_node[], palette_auto[];

const struct palette_kind *palette_kind_of(const struct palette_kind *kinds,
                                           const struct frame *frame);

/* "Shop.deep" of "int Shop.deep": some JVMs write the type of the result first. */
str palette_java_name(str name);

/* By the module that the input named, else by the name. */
str palette_module(const struct frame *frame);

#endif
