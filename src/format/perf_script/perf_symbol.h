/* SPDX-License-Identifier: MIT */
/*
 * perf_symbol: names of functions without their arguments, in C++, Rust, Go, Java and JavaScript,
 * and kinds of modules.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SYMBOL_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SYMBOL_H

#include "core/heap.h"
#include "profile/frames.h"

/* The length of `symbol` without its argument list. */
size_t perf_symbol_name_length(str symbol);

/* The index of the first inlining arrow of "a->b->c" (b inlined into a, c into b) at or after
 * `from`; symbol.n if there is none. */
size_t perf_symbol_arrow(str symbol, size_t from);

/* Append the name in `symbol`. java: the process name starts with "java". */
void perf_symbol_add(struct strbuf *out, str symbol, bool java);

/* Append `name` without the separators of folded stacks: a ';' becomes a ':', and a line feed,
 * which names in debug information can contain, becomes a blank. */
void perf_name_add(struct strbuf *out, str name);

/* The symbol or module without its offset: "foo" of "foo+0x27", "/usr/lib/libx.so" of
 * "/usr/lib/libx.so+0x1c4b5", which -F +dsoff prints. */
static inline str perf_without_offset(str text)
{
    size_t at = text.n;
    while (at > 0 && is_hex(text.p[at - 1]))
        at--;
    bool offset = at < text.n && at >= 3 && memcmp(text.p + at - 3, "+0x", 3) == 0;
    return offset ? str_head(text, at - 3) : text;
}

/* "inlined" is the module of a frame that was inlined into the one below. */
enum frame_kind perf_module_kind(str module);

#endif
