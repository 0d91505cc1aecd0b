/*
 * substitution: what `s/REGEX/TEXT/flags` says, done to names. Any ASCII mark can stand for '/'.
 *
 *      TEXT    $1 to $9, ${1}: a group, nothing when it took no part; $0, $&: all that matched;
 *              \ takes the meaning from the character behind it
 *      flags   i any case, g every match
 */
#ifndef FLAMETREE_CORE_SUBSTITUTION_H
#define FLAMETREE_CORE_SUBSTITUTION_H

#include "core/pattern.h"

struct substitution;

/* NULL with *err set (ERR_USAGE) when `text` says nothing that can be done. It lives until
 * substitution_free() or the end of the heap; `text` and `option` live longer. */
struct substitution *substitution_parse(struct heap *heap, const char *option, str text,
                                        struct err *err);

/* *changed: the pattern matched, and *to is the new name until the next call. False: matching takes
 * too long. */
bool substitution_name(struct substitution *substitution, str name, str *to, bool *changed,
                       struct err *err);

/* NULL is allowed. */
void substitution_free(struct substitution *substitution);

#endif
