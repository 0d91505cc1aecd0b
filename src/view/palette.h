/*
 * palette: which colour a frame has. A palette is a constant table entry and a pure function of the
 * frame's name, so that a name has one colour in every picture.
 *
 *      name ──kind()──► kinds[i].tone ──shade──► rgb          palettes by kind of frame
 *      name ──module()──► hue of the module ──shade──► rgb    palettes by module
 */
#ifndef FLAMETREE_VIEW_PALETTE_H
#define FLAMETREE_VIEW_PALETTE_H

#include "core/err.h"
#include "view/background.h"
#include "view/tone.h"

struct palette_kind {
    const struct tone *tone;
    const char *label; /* in the legend */
};

struct palette {
    const char *name;
    const char *help; /* one line */
    enum background_style background;
    const struct palette_kind *kinds;
    unsigned (*kind)(str name); /* a place in kinds; NULL: always the first */
    str (*module)(str name);    /* instead of kinds; "" when the name tells none */
    bool legend;
};

/* All palettes, in the order in which help lists them. */
extern const struct palette palettes[];
extern const size_t palette_count;

/* The first of them. */
const struct palette *palette_default(void);

/* NULL with *err listing the choices when there is none of that name. */
const struct palette *palette_find(str name, struct err *err);

rgb palette_color(const struct palette *palette, str name, const struct shade *shade);

/* What the legend calls frames of that name; never "". It lives as long as `name`. */
str palette_group(const struct palette *palette, str name);

/* Black text on a frame named "--" (a separator of chains) or "-" stands on grey, whatever the
 * palette. */
bool palette_fixed(str name, rgb *color);

/* The functions that tell the kinds: palette_classic.c, palette_language.c, palette_module.c. */
enum { JAVA_OTHER, JAVA_JAVA, JAVA_INLINED, JAVA_CPP, JAVA_KERNEL };
enum { PERL_OTHER, PERL_CPP, PERL_PERL, PERL_KERNEL };
enum { JS_OTHER, JS_JS, JS_BUILTIN, JS_CPP, JS_KERNEL };
enum { CHAIN_PLAIN, CHAIN_WAKER };
unsigned palette_kind_java(str name);
unsigned palette_kind_perl(str name);
unsigned palette_kind_js(str name);
unsigned palette_kind_chain(str name);

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
unsigned palette_kind_python(str name);
unsigned palette_kind_rust(str name);
unsigned palette_kind_go(str name);
unsigned palette_kind_node(str name);
unsigned palette_kind_auto(str name);

/* "Shop.deep" of "int Shop.deep": some JVMs put the type of the result in front. */
str palette_java_name(str name);

str palette_module(str name);

#endif
