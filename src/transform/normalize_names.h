/*
 * normalize_names: names that differ from run to run, or from build to build, become one. The
 * rules, as the man page lists them:
 *
 *      hex numbers           f+0x7f1c                            f+0x...
 *                            [libx.so <7f6d2>]                   [libx.so <...>]
 *      classes made at run   A$$Lambda$469/0x00007f11840.get     A$$Lambda.get
 *                            Foo/0x0000000801.run, $Proxy12.f    Foo.run, $Proxy.f
 *      Rust hashes           core::f::h0123456789abcdef          core::f
 *                            alloc[a1b2c3d4e5f60718]::vec        alloc::vec
 *      parts of functions    f.part.0, f.isra.0.cold             f
 *                            f(int) [clone .constprop.0]         f(int)
 *      symbol versions       memcpy@@GLIBC_2.14                  memcpy
 *      modules               [libc-2.31.so], [libkmod.so.2.3.6]  [libc.so], [libkmod.so]
 *                            [perf-19982.map]                    [perf.map]
 *      process names         worker_12, java-7708/7744           worker_N, java-N/N
 */
#ifndef FLAMETREE_TRANSFORM_NORMALIZE_NAMES_H
#define FLAMETREE_TRANSFORM_NORMALIZE_NAMES_H

#include "profile/tree.h"

/* `name` itself when no rule fits, else a text in `arena`. process: it is a process name. */
str fold_name(str name, bool process, struct arena *arena);

/* Every stack of `from` with its names folded. `into` is not made yet; it is in order when `from`
 * is. process_first: the first frame of each stack is a process name. */
void normalize_names(struct tree *into, const struct tree *from, bool process_first);

#endif
