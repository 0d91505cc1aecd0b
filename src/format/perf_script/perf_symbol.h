/*
 * perf_symbol: what of a symbol is its name. Arguments go, whatever belongs to the name stays, in
 * C++, Rust, Go, Java and JavaScript.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SYMBOL_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_SYMBOL_H

#include "format/perf_script/perf_text.h"
#include "profile/frames.h"

/* How many bytes of `symbol` stand before its argument list; symbol.n when it has none. */
size_t perf_symbol_name_length(str symbol);

/* Where the first inlining arrow of "a->b->c" (b inlined into a, c into b) stands at or after
 * `from`; symbol.n when there is none. */
size_t perf_symbol_arrow(str symbol, size_t from);

/* Add the name in `symbol` to `out`. java: the process name starts with "java". */
void perf_symbol_add(struct perf_text *out, str symbol, bool java);

/* "inlined" is the module of a frame that was inlined into the one below. */
enum frame_kind perf_module_kind(str module);

/* "/usr/lib/libx.so" of "/usr/lib/libx.so+0x1c4b5", as -F +dsoff prints it. */
str perf_module_without_offset(str module);

/* What stands in for an unknown symbol: "/usr/lib/libx.so (deleted)" is "libx.so". */
str perf_module_short(str module);

#endif
