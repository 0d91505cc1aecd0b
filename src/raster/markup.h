/*
 * markup: a document of XML as a row of tokens. Nothing is decoded and nothing is checked: what is
 * no XML comes out as it went in, for librsvg to refuse.
 */
#ifndef FLAMETREE_RASTER_MARKUP_H
#define FLAMETREE_RASTER_MARKUP_H

#include "core/str.h"

enum markup_kind {
    MARKUP_TEXT,
    MARKUP_OPEN,  /* <g id="frames"> */
    MARKUP_EMPTY, /* <rect/> */
    MARKUP_CLOSE, /* </g> */
    MARKUP_OTHER, /* a comment, <?xml?>, <!DOCTYPE>, a CDATA section */
};

struct markup_token {
    enum markup_kind kind;
    str raw;        /* all of it; the tokens of a document follow each other without a gap */
    str name;       /* of the element */
    str attributes; /* what stands between the name and the end of the tag */
};

/* The token at `at`; at < text.n. */
struct markup_token markup_next(str text, size_t at);

/* The raw value of an attribute; {NULL, 0} when it is not there. */
str markup_attribute(str attributes, str name);

#endif
