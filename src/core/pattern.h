/* SPDX-License-Identifier: MIT */
/*
 * pattern: a regular expression, mostly one from the user, compiled once and matched many times. It
 * has Perl's syntax, by pcre2. Names are UTF-8; bytes that are not valid UTF-8 match nothing, and a
 * match never spans them.
 *
 * No pattern can hang a run: a match that takes too many steps, too much depth or too much memory
 * is an error, which names the pattern and the place in it that was tried most.
 */
#ifndef FLAMETREE_CORE_PATTERN_H
#define FLAMETREE_CORE_PATTERN_H

#include "core/heap.h"
#include "core/str.h"

#define PATTERN_UNSET SIZE_MAX

enum pattern_trait {
    PATTERN_ANY_CASE = 1,
    PATTERN_NO_JIT = 2, /* for tests: as where code cannot be made at run time */
};

struct pattern;

struct pattern_found {
    bool found;
    /* Group g is the bytes from at[2 * g] up to at[2 * g + 1], or PATTERN_UNSET; group 0 is the
     * whole match. Good until the next match with this pattern. */
    const size_t *at;
};

/* NULL with *err set when `text` is no valid pattern: the code is ERR_USAGE, and the message names
 * `option` ("--focus") and the offset. Both texts outlive the pattern, which lives until
 * pattern_free() or the end of the heap. */
struct pattern *pattern_compile(struct heap *heap, const char *option, str text, unsigned traits,
                                struct err *err);

/* Whether it matches anywhere in `subject`. False: matching takes too long, and *err says so. */
bool pattern_match(const struct pattern *pattern, str subject, bool *matches, struct err *err);

/* The first match at or after byte `from`. */
bool pattern_find(const struct pattern *pattern, str subject, size_t from,
                  struct pattern_found *found, struct err *err);

/* The number of groups, without group 0. */
unsigned pattern_groups(const struct pattern *pattern);

/* NULL is allowed. */
void pattern_free(struct pattern *pattern);

/*
 * substitution: `s/REGEX/TEXT/flags` for names. Any ASCII punctuation character can replace '/'.
 *
 *      TEXT    $1 to $9, ${1}: a group, or nothing when it did not match; $0, $&: the whole match;
 *              \ makes the next character an ordinary one
 *      flags   i any case, g every match
 */

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
