/*
 * utf8: characters out of bytes that may be anything.
 */
#ifndef FLAMETREE_CORE_UTF8_H
#define FLAMETREE_CORE_UTF8_H

#include "core/str.h"

#define UTF8_BAD UINT32_C(0xffffffff)

/* The code point at s[*at]; *at moves behind it. A byte that starts no valid sequence (overlong
 * forms, surrogates and values above U+10FFFF included) is UTF8_BAD, and *at moves by one. */
uint32_t utf8_next(str s, size_t *at);

/* May stand in an XML 1.0 document; control characters other than TAB, LF and CR may not. */
bool utf8_is_xml(uint32_t code);

/* Steers a terminal, turns text around or is none: control characters, line ends too, marks of
 * direction, what is no XML, UTF8_BAD. */
bool utf8_steers(uint32_t code);

/* Columns it takes: 0 for what combines with the character before, 2 for wide East Asian
 * characters and emoji, else 1. */
unsigned utf8_columns(uint32_t code);

/* The same for a text; a byte that is no part of a character takes one. */
size_t utf8_text_columns(str text);

/* Overwrite with '?' what utf8_steers(). */
void utf8_disarm(char *text, size_t n);

#endif
