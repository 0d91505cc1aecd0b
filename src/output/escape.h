/* SPDX-License-Identifier: MIT */
/*
 * escape: text from outside, made harmless for other programs: terminals, Markdown, CSV. XML and
 * JSON are in core/sink.h.
 */
#ifndef FLAMETREE_OUTPUT_ESCAPE_H
#define FLAMETREE_OUTPUT_ESCAPE_H

#include "core/sink.h"

/* ---- terminals: control characters and invalid bytes become '?' ---- */

void put_terminal(str text, struct sink *sink);

/* The columns that put_terminal() needs. */
size_t terminal_columns(str text);

/* The number of bytes from the start that take at most `columns`. */
size_t terminal_head(str text, size_t columns);

/* The same in at most `columns`, at least 3. A longer text loses its middle to "..", because both
 * ends distinguish names; in less than 8 columns, its end. Returns the columns used. */
size_t put_terminal_short(str text, size_t columns, struct sink *sink);

void put_blanks(size_t n, struct sink *sink);

/* ---- Markdown: no character has a special meaning, not even in a table cell, and no address
 * becomes a link, except one of mail ---- */

void put_markdown(str text, struct sink *sink);
void put_markdown_code(str text, struct sink *sink);

/* ---- CSV (RFC 4180): a cell in quotes that no spreadsheet takes for a formula ---- */

void put_csv(str text, struct sink *sink);

#endif
