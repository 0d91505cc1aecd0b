/*
 * terminal: a flame graph as text.
 *
 *      [java                         ]      plain: boxes of ASCII
 *      ▏java                                colors: boxes of background color, a seam at the left
 *
 * Bytes of names never control the terminal: escape.h.
 */
#ifndef FLAMETREE_OUTPUT_TERMINAL_H
#define FLAMETREE_OUTPUT_TERMINAL_H

#include "core/sink.h"
#include "picture/picture.h"
#include "picture/rows.h"

enum terminal_colors { TERMINAL_PLAIN, TERMINAL_16, TERMINAL_256, TERMINAL_24_BIT };

/* What the terminal can show. */
struct terminal {
    bool is_real; /* false: a file or a pipe */
    unsigned columns;
    unsigned lines; /* of frames at most; 0: all. Those nearest the root stay. */
    enum terminal_colors colors;
    bool utf8; /* it shows more than ASCII */
};

enum { TERMINAL_COLUMNS = 80, TERMINAL_LEAST = 1, TERMINAL_MOST = 10000 };

/* All rows, between a line of what the widths are and one of what is not shown. */
void terminal_write(const struct picture *picture, const struct profile *profile, unsigned column,
                    const struct terminal *terminal, struct sink *sink);

/* ---- parts, for the interactive view ---- */

enum terminal_style { TERMINAL_NORMAL, TERMINAL_MATCH, TERMINAL_CHOSEN, TERMINAL_DIM };

/* One row: exactly terminal->columns columns, without a line end. `style` says how each box looks;
 * NULL: all are normal. */
typedef enum terminal_style terminal_style_fn(const void *context, const struct row_box *box);
void terminal_put_row(const struct picture *picture, const struct rows *rows, uint32_t row,
                      const struct terminal *terminal, terminal_style_fn *style,
                      const void *context, struct sink *sink);

#endif
