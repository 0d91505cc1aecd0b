/* SPDX-License-Identifier: MIT */
/*
 * terminal: a flame graph as text.
 *
 *      [java                         ]      plain: boxes of ASCII
 *      ▏java                                colors: boxes of background color, a seam at the left
 *
 * Names never control the terminal, see escape.h.
 */
#ifndef FLAMETREE_OUTPUT_TERMINAL_H
#define FLAMETREE_OUTPUT_TERMINAL_H

#include "core/sink.h"
#include "picture/picture.h"
#include "picture/rows.h"

enum terminal_colors { TERMINAL_PLAIN, TERMINAL_16, TERMINAL_256, TERMINAL_24_BIT };

/* The abilities of a terminal. */
struct terminal {
    bool is_real; /* false: a file or a pipe */
    unsigned columns;
    unsigned lines; /* of frames at most; 0: all. Those nearest the root stay. */
    enum terminal_colors colors;
    bool utf8; /* it shows more than ASCII */
};

enum { TERMINAL_COLUMNS = 80, TERMINAL_LEAST = 1, TERMINAL_MOST = 10000 };

/* Write all rows, a line before them with the value type and the total, and one after them that
 * counts the frames that are not shown. */
void terminal_write(const struct picture *picture, const struct profile *profile, unsigned column,
                    const struct terminal *terminal, struct sink *sink);

/* ---- parts, for the interactive view ---- */

/* The name of a node, and its change in a differential, in exactly `columns`. */
void terminal_put_label(const struct picture *picture, uint32_t node, size_t columns,
                        struct sink *sink);

/* The nearest color that the terminal has: from 0 to 7, or of 256. */
unsigned terminal_color(enum terminal_colors colors, rgb color);

/* Whether white text is easier to read than black on the color that terminal_color() gives for
 * `fill`. */
bool terminal_is_dark(enum terminal_colors colors, rgb fill);

#endif
