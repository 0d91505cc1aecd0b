/*
 * output_ending: what the ending of an output's path says about the format. An ending that names a
 * format that is not written is an error: nobody should find an SVG in x.webp.
 *
 *      x.png            png
 *      x, a.b/x, -      no ending: the caller's default
 *      /dev/stdout      the same, and so is every path that leads to something else than a file,
 *      (a pipe) x.tmp   unless its ending is one that the caller knows
 */
#ifndef FLAMETREE_CORE_OUTPUT_ENDING_H
#define FLAMETREE_CORE_OUTPUT_ENDING_H

#include "core/os.h"
#include "core/str.h"

/* Equal but for the case of ASCII letters; `word` is in small letters. */
bool output_ending_is_word(str text, const char *word);

/* *found: the place in `endings`, a list that ends with NULL, of the ending of `path`; the place of
 * the NULL when there is none. False: ERR_USAGE; the message lists `endings` and ends with `hint`.
 */
bool output_ending_find(const struct os *os, const char *path, const char *const *endings,
                        const char *hint, size_t *found, struct err *err);

/* For outputs that have one format, a text: `what` ("folded stacks"). They may have any ending but
 * those of formats that are known to be another one: pictures, packed files and so on; `endings`
 * are allowed, and the message lists them. False: ERR_USAGE. path may be NULL. */
bool output_ending_check_text(const struct os *os, const char *path, const char *what,
                              const char *const *endings, struct err *err);

#endif
