/*
 * charset: text in an encoding that the user names becomes UTF-8. All other code sees UTF-8 only.
 */
#ifndef FLAMETREE_CORE_CHARSET_H
#define FLAMETREE_CORE_CHARSET_H

#include "core/heap.h"
#include "core/str.h"

/* All zero: the text is UTF-8 already, and there is nothing to convert or to close. The converter
 * is not memory of a heap: the caller of heap_guard() closes it. */
struct charset {
    bool latin1;
    void *converter; /* of iconv; NULL for UTF-8 and Latin-1 */
};

/* False with *err when nothing knows the encoding. */
bool charset_open(struct charset *charset, const char *encoding, struct err *err);

static inline bool charset_converts(const struct charset *charset)
{
    return charset->latin1 || charset->converter;
}

/* The text in UTF-8, in the arena, when charset_converts(). Bytes that are not valid in the
 * encoding stay as they are. */
str charset_text(const struct charset *charset, struct arena *arena, str text);

/* May be called twice. */
void charset_close(struct charset *charset);

#endif
