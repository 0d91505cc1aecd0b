/*
 * library: a shared library that is loaded only when it is needed. One that is linked is loaded at
 * every start: zlib, zstd and xz together make it 0.1 ms longer (doc/performance.md), and few
 * inputs are packed.
 */
#ifndef FLAMETREE_CORE_LIBRARY_H
#define FLAMETREE_CORE_LIBRARY_H

#include <stdbool.h>

/* By the name that the loader knows it by, "libz.so.1". NULL when it is not there. */
void *library_open(const char *name);

/* Put the address of function `name` into *to, a pointer to a function. */
bool library_find(void *library, const char *name, void *to);

/* NULL is allowed. */
void library_close(void *library);

#endif
