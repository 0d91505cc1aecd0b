/*
 * csp: what a page with a Content-Security-Policy must allow for a picture to work in it.
 */
#ifndef FLAMETREE_RENDER_CSP_H
#define FLAMETREE_RENDER_CSP_H

#include "core/sink.h"

/* "script-src 'sha256-...'; style-src 'sha256-...'" and a newline: the hashes of what put_script
 * and put_style write into their elements. */
void csp_write(void (*put_script)(const void *, struct sink *),
               void (*put_style)(const void *, struct sink *), const void *context,
               struct sink *sink);

#endif
