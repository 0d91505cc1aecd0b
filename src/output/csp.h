/*
 * csp: what a page with a Content-Security-Policy must allow for a picture to work in it.
 */
#ifndef FLAMETREE_OUTPUT_CSP_H
#define FLAMETREE_OUTPUT_CSP_H

#include "core/sink.h"

typedef void csp_put(const void *context, struct sink *sink);

/* "script-src 'sha256-...'; style-src 'sha256-...'" and a newline: the hashes of what each of
 * `scripts`, which ends with NULL, and `style` write into their elements. */
void csp_write(csp_put *const *scripts, csp_put *style, const void *context, struct sink *sink);

#endif
