/*
 * utf8: characters of texts that may contain any bytes.
 */
#ifndef FLAMETREE_CORE_UTF8_H
#define FLAMETREE_CORE_UTF8_H

#include "core/str.h"

#define UTF8_BAD UINT32_C(0xffffffff)

/* The code point at s[*at]; *at moves past it. A byte that does not start a valid sequence gives
 * UTF8_BAD, and *at moves by one. Overlong forms, surrogates and values above U+10FFFF are not
 * valid. */
uint32_t utf8_next(str s, size_t *at);

/* Whether XML 1.0 allows it. Of control characters, only TAB, LF and CR are allowed. */
bool utf8_is_xml(uint32_t code);

/* Whether it could control a terminal or reverse text: control characters with line ends, direction
 * marks, all that XML does not allow, and UTF8_BAD. */
bool utf8_steers(uint32_t code);

/* Its width in columns: 0 for marks that combine with the character before, 2 for wide East Asian
 * characters and emoji, else 1. */
unsigned utf8_columns(uint32_t code);

/* The width of a text. A byte that is not part of a character has one column. */
size_t utf8_text_columns(str text);

/* Overwrite characters with '?' for which utf8_steers() holds. */
void utf8_disarm(char *text, size_t n);

#endif
