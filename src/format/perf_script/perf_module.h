/*
 * perf_module: what kind of code a module holds, by the name that perf prints in parentheses.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_MODULE_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_MODULE_H

#include "profile/frames.h"

/* "inlined" is the module of a frame that was inlined into the one below. */
enum frame_kind perf_module_kind(str module);

/* What stands in for an unknown symbol: "/usr/lib/libx.so (deleted)" is "libx.so". */
str perf_module_short(str module);

#endif
