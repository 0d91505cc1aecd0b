/*
 * perf_text: bytes being put together: the names of a frame, a process name. One of each is used
 * again and again by a reader.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_TEXT_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_TEXT_H

#include "core/heap.h"
#include "core/str.h"

struct perf_text {
    struct heap *heap;
    char *at;
    size_t n, cap;
};

static inline void text_add(struct perf_text *text, str s)
{
    if (s.n == 0)
        return;
    vec_reserve(text->heap, text, s.n);
    memcpy(text->at + text->n, s.p, s.n);
    text->n += s.n;
}

/* Without the separators of folded stacks: a ';' becomes a ':', and a line feed, which names in
 * debug information can hold, a blank. */
static inline void text_add_name(struct perf_text *text, str s)
{
    size_t from = text->n;
    text_add(text, s);
    for (size_t i = from; i < text->n; i++)
        if (text->at[i] == ';' || text->at[i] == '\n')
            text->at[i] = text->at[i] == ';' ? ':' : ' ';
}

static inline str text_str(const struct perf_text *text)
{
    return str_of(text->at, text->n);
}

#endif
