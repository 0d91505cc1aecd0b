/*
 * perf_module: what kind of code a module holds, by the name that perf prints in parentheses.
 */
#ifndef FLAMETREE_READ_PERF_MODULE_H
#define FLAMETREE_READ_PERF_MODULE_H

#include "core/str.h"

enum perf_module {
    PERF_MODULE_PLAIN,
    PERF_MODULE_KERNEL,
    PERF_MODULE_JIT,
    PERF_MODULE_INLINED, /* "inlined": the frame was inlined into the one below */
};

enum perf_module perf_module_kind(str module);

/* What stands in for an unknown symbol: "/usr/lib/libx.so (deleted)" is "libx.so". */
str perf_module_short(str module);

#endif
