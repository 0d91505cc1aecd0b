/* SPDX-License-Identifier: MIT */
/*
 * demangle: names as the linker has them, to names as people write them: C++, Rust, OCaml and Java.
 * Return types and parameters of the outermost function are left out, as perf script does by
 * default.
 */
#ifndef FLAMETREE_FORMAT_ELF_DEMANGLE_H
#define FLAMETREE_FORMAT_ELF_DEMANGLE_H

#include "core/heap.h"

/* Append the demangled name; false, with nothing appended, if `mangled` is not mangled or the name
 * would be longer than 64 kB. */
bool demangle_name(struct strbuf *out, const char *mangled);

#endif
