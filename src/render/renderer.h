/*
 * renderer: one output format. A renderer is a constant table entry; it receives a finished
 * picture, asks it for boxes, and writes a document.
 */
#ifndef FLAMETREE_RENDER_RENDERER_H
#define FLAMETREE_RENDER_RENDERER_H

#include "core/sink.h"
#include "stack/profile.h"
#include "view/picture.h"

struct document {
    const struct picture *picture;
    const struct profile *profile; /* its facts go into the document; NULL: none */
    bool script;                   /* the viewer and the data it draws from */
};

struct renderer {
    const char *name;      /* what --format takes */
    const char *extension; /* ".svg" */
    const char *help;      /* one line */
    void (*render)(const struct document *document, struct sink *sink);
    /* A document that says why there is no picture. */
    void (*render_message)(const struct document *document, str title, str message,
                           struct sink *sink);
    /* The hashes of script and style for a page with a Content-Security-Policy. Nothing but
     * `script` of the document is looked at. */
    void (*render_csp)(const struct document *document, struct sink *sink);
};

extern const struct renderer renderer_svg;

#endif
