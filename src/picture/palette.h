/*
 * palette: which colour a frame has. A palette is a constant table entry and a pure function of the
 * frame, so that a frame has one color in every picture.
 *
 *      frame ──kind()──► kinds[i].tone ──shade──► rgb          palettes by kind of frame
 *      frame ──module()──► hue of the module ──shade──► rgb    palettes by module
 */
#ifndef FLAMETREE_PICTURE_PALETTE_H
#define FLAMETREE_PICTURE_PALETTE_H

#include "core/str.h"
#include "picture/background.h"
#include "picture/tone.h"
#include "profile/frames.h"

struct palette_kind {
    const struct tone *tone;
    const char *label; /* in the legend */
};

struct palette {
    const char *name;
    const char *help; /* one line */
    enum background_style background;
    const struct palette_kind *kinds;
    unsigned (*kind)(const struct frame *frame); /* a place in kinds; NULL: always the first */
    str (*module)(const struct frame *frame);    /* instead of kinds; "" when it is not known */
    bool legend;
};

/* All palettes, in the order in which help lists them. */
extern const struct palette palettes[];
extern const size_t palette_count;

/* The first of them. */
const struct palette *palette_default(void);

/* NULL with *err listing the choices when there is none of that name. */
const struct palette *palette_find(str name, struct err *err);

rgb palette_color(const struct palette *palette, const struct frame *frame,
                  const struct shade *shade);

/* What the legend calls such frames; never "". It lives as long as the frame's strings. */
str palette_group(const struct palette *palette, const struct frame *frame);

/* Black text on a frame named "--" (a separator of chains) or "-" stands on grey, whatever the
 * palette. */
bool palette_fixed(str name, rgb *color);

/* The functions that tell the kinds: palette_classic.c, palette_language.c, palette_module.c. */
enum { JAVA_OTHER, JAVA_JAVA, JAVA_INLINED, JAVA_CPP, JAVA_KERNEL };
enum { PERL_OTHER, PERL_CPP, PERL_PERL, PERL_KERNEL };
enum { JS_OTHER, JS_JS, JS_BUILTIN, JS_CPP, JS_KERNEL };
enum { CHAIN_PLAIN, CHAIN_WAKER };
unsigned palette_kind_java(const struct frame *frame);
unsigned palette_kind_perl(const struct frame *frame);
unsigned palette_kind_js(const struct frame *frame);
unsigned palette_kind_chain(const struct frame *frame);

enum { PY_NATIVE, PY_OWN, PY_PACKAGE, PY_STDLIB, PY_INTERPRETER, PY_KERNEL };
enum { RUST_NATIVE, RUST_CRATE, RUST_STD, RUST_INLINED, RUST_KERNEL };
enum { GO_NATIVE, GO_MAIN, GO_RUNTIME, GO_STDLIB, GO_MODULE, GO_KERNEL };
enum { NODE_NATIVE, NODE_OWN, NODE_PACKAGE, NODE_CORE, NODE_BUILTIN, NODE_CPP, NODE_KERNEL };
enum {
    AUTO_NATIVE,
    AUTO_KERNEL,
    AUTO_JIT,
    AUTO_CPP,
    AUTO_RUST,
    AUTO_GO,
    AUTO_JAVA,
    AUTO_PYTHON,
    AUTO_UNKNOWN
};
unsigned palette_kind_python(const struct frame *frame);
unsigned palette_kind_rust(const struct frame *frame);
unsigned palette_kind_go(const struct frame *frame);
unsigned palette_kind_node(const struct frame *frame);
unsigned palette_kind_auto(const struct frame *frame);

/* "Shop.deep" of "int Shop.deep": some JVMs put the type of the result in front. */
str palette_java_name(str name);

/* By the module that the input named, else by the name. */
str palette_module(const struct frame *frame);

#endif
