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

/* Columns it takes: 0 for what combines with the character before, 2 for wide East Asian
 * characters and emoji, else 1. */
unsigned utf8_columns(uint32_t code);

/* Overwrite with '?' what could steer a terminal or turn its text around: control characters, new
 * lines too, what is no UTF-8, and marks of direction. */
void utf8_disarm(char *text, size_t n);

#endif
