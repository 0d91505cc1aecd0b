/* SPDX-License-Identifier: MIT */
/*
 * substitution: `s/REGEX/TEXT/flags` for names. Any ASCII punctuation character can replace '/'.
 *
 *      TEXT    $1 to $9, ${1}: a group, or nothing when it did not match; $0, $&: the whole match;
 *              \ makes the next character an ordinary one
 *      flags   i any case, g every match
 */
#ifndef FLAMETREE_CORE_SUBSTITUTION_H
#define FLAMETREE_CORE_SUBSTITUTION_H

#include "core/pattern.h"

struct substitution;

/* NULL with *err set (ERR_USAGE) when `text` is not valid. The substitution lives until
 * substitution_free() or the end of the heap; `text` and `option` outlive it. */
struct substitution *substitution_parse(struct heap *heap, const char *option, str text,
                                        struct err *err);

/* *changed: the pattern matched, and *to is the new name until the next call. False: matching takes
 * too long. */
bool substitution_name(struct substitution *substitution, str name, str *to, bool *changed,
                       struct err *err);

/* NULL is allowed. */
void substitution_free(struct substitution *substitution);

#endif
