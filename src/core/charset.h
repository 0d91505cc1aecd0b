/*
 * charset: text in any encoding that the system knows, into UTF-8.
 */
#ifndef FLAMETREE_CORE_CHARSET_H
#define FLAMETREE_CORE_CHARSET_H

#include "core/heap.h"
#include "core/str.h"

/* A zeroed one is closed. What it holds is not memory of a heap: whoever calls heap_guard() closes
 * it. */
struct charset {
    void *converter; /* NULL: the text is UTF-8 already */
};

/* False with *err when the system does not know the encoding. */
bool charset_open(struct charset *recode, const char *encoding, struct err *err);

/* The text in UTF-8, in the arena. A byte that means nothing in the encoding stays as it is. */
str charset_text(struct charset *recode, struct arena *arena, str text);

/* Can be called again. */
void charset_close(struct charset *recode);

#endif
