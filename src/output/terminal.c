/* SPDX-License-Identifier: MIT */
/*
 * terminal: see terminal.h.
 */
#include "output/terminal.h"

#include <math.h>

#include "output/escape.h"
#include "output/markup.h"
#include "output/profile_report.h"

enum { LABEL_LEAST = 3 };

/* ---- colors ---- */

/* Of the cube of 6 x 6 x 6 colors, whose steps are 0, 95, 135, 175, 215, 255. */
static unsigned cube_step(unsigned char value)
{
    return value < 48 ? 0 : value < 115 ? 1 : ((unsigned)value - 35) / 40;
}

static unsigned color_of_256(rgb color)
{
    return 16 + 36 * cube_step(color.r) + 6 * cube_step(color.g) + cube_step(color.b);
}

/* The nearest of the eight colors that every terminal has. */
static unsigned color_of_16(rgb color)
{
    unsigned char most = color.r > color.g ? color.r : color.g;
    most = most > color.b ? most : color.b;
    unsigned limit = most > 170 ? most - 60u : 128;
    return (color.r > limit) + 2u * (color.g > limit) + 4u * (color.b > limit);
}

unsigned terminal_color(enum terminal_colors colors, rgb color)
{
    return colors == TERMINAL_16 ? color_of_16(color) : color_of_256(color);
}

bool terminal_is_dark(enum terminal_colors colors, rgb fill)
{
    unsigned shown = color_of_16(fill);
    if (colors == TERMINAL_16)
        return shown == 0 || shown == 1 || shown == 4 || shown == 5;
    return rgb_is_dark(fill);
}

static void put_rgb_code(rgb color, struct sink *sink)
{
    sink_u64(sink, color.r);
    sink_byte(sink, ';');
    sink_u64(sink, color.g);
    sink_byte(sink, ';');
    sink_u64(sink, color.b);
}

/* The seam between boxes of one color. */
static rgb darker_color(rgb color)
{
    return (rgb){(unsigned char)(color.r * 3 / 5), (unsigned char)(color.g * 3 / 5),
                 (unsigned char)(color.b * 3 / 5)};
}

static void put_color(const struct terminal *terminal, bool back, rgb color, struct sink *sink)
{
    switch (terminal->colors) {
    case TERMINAL_24_BIT:
        sink_bytes(sink, back ? STR("\033[48;2;") : STR("\033[38;2;"));
        put_rgb_code(color, sink);
        break;
    case TERMINAL_256:
        sink_bytes(sink, back ? STR("\033[48;5;") : STR("\033[38;5;"));
        sink_u64(sink, terminal_color(terminal->colors, color));
        break;
    case TERMINAL_16:
        sink_bytes(sink, back ? STR("\033[4") : STR("\033[3"));
        sink_u64(sink, terminal_color(terminal->colors, color));
        break;
    case TERMINAL_PLAIN: return;
    }
    sink_byte(sink, 'm');
}

static void put_text_color(const struct terminal *terminal, rgb fill, struct sink *sink)
{
    bool dark = terminal_is_dark(terminal->colors, fill);
    put_color(terminal, false, dark ? (rgb){255, 255, 255} : (rgb){0, 0, 0}, sink);
}

/* ---- boxes ---- */

static str terminal_name_of(const struct picture *picture, uint32_t node)
{
    const struct tree *tree = picture->tree;
    return node == TREE_ROOT ? STR("all") : frames_get(&tree->frames, tree->frame[node]).name;
}

/* "+1.25%" of a differential; "" of other pictures and of the root. */
static size_t write_change(const struct picture *picture, uint32_t node, char room[NUM_ROOM])
{
    double change = num_round(picture_change(picture, node), 2);
    size_t n = 0;
    if (picture->colors || node == TREE_ROOT || !isfinite(change))
        return 0;
    if (change > 0)
        room[n++] = '+';
    n += num_put_fixed(room + n, change, 2);
    room[n++] = '%';
    return n;
}

void terminal_put_label(const struct picture *picture, uint32_t node, size_t columns,
                        struct sink *sink)
{
    char change[NUM_ROOM + 2];
    str name = terminal_name_of(picture, node);
    size_t extra = write_change(picture, node, change), used = 0;
    if (extra > 0 && columns >= extra + 1 + LABEL_LEAST) {
        used = put_terminal_short(name, columns - extra - 1, sink);
        sink_byte(sink, ' ');
        sink_bytes(sink, str_of(change, extra));
        used += extra + 1;
    } else if (columns >= LABEL_LEAST || terminal_columns(name) <= columns) {
        used = put_terminal_short(name, columns, sink);
    }
    put_blanks(columns - used, sink);
}

/* `[name   ]`, `[]` or `|`. */
static void put_plain_box(const struct picture *picture, const struct row_box *box,
                          struct sink *sink)
{
    uint32_t width = box->end - box->start;
    if (width == 1) {
        sink_byte(sink, '|');
        return;
    }
    sink_byte(sink, '[');
    terminal_put_label(picture, box->node, width - 2, sink);
    sink_byte(sink, ']');
}

static void put_color_box(const struct picture *picture, const struct row_box *box,
                          const struct terminal *terminal, struct sink *sink)
{
    rgb fill = picture_color(picture, box->node);
    put_color(terminal, true, fill, sink);
    if (terminal->utf8) {
        put_color(terminal, false, darker_color(fill), sink);
        sink_lit(sink, "\xe2\x96\x8f");
    }
    put_text_color(terminal, fill, sink);
    if (!terminal->utf8)
        sink_byte(sink, box->end - box->start > 1 ? ' ' : '|');
    terminal_put_label(picture, box->node, box->end - box->start - 1, sink);
    sink_lit(sink, "\033[0m");
}

/* Exactly terminal->columns columns and a line end. */
static void put_terminal_row(const struct picture *picture, const struct rows *rows, uint32_t row,
                             const struct terminal *terminal, struct sink *sink)
{
    uint32_t at = 0;
    for (size_t i = rows->first.at[row]; i < rows->first.at[row + 1]; i++) {
        const struct row_box *box = &rows->boxes.at[i];
        put_blanks(box->start - at, sink);
        if (terminal->colors == TERMINAL_PLAIN)
            put_plain_box(picture, box, sink);
        else
            put_color_box(picture, box, terminal, sink);
        at = box->end;
    }
    put_blanks(terminal->columns - at, sink);
    sink_byte(sink, '\n');
}

/* ---- all of it ---- */

static size_t count_frames(const struct picture *picture)
{
    const struct tree *tree = picture->tree;
    size_t n = 0;
    for (uint32_t node = 0; node < tree->n; node++)
        n += picture->totals[node] > 0 && tree->frame[node] != TREE_GAP;
    return n;
}

static void put_terminal_head(const struct picture *picture, const struct profile *profile,
                              unsigned column, struct sink *sink)
{
    struct profile_report report = {
        .profile = profile,
        .tree = picture->tree,
        .column = column,
        .unit = picture->options.unit,
        .countname = picture->options.countname,
        .factor = picture->options.factor,
    };
    if (picture->options.title.n > 0) {
        put_terminal(picture->options.title, sink);
        sink_lit(sink, ": ");
    }
    profile_report_put_summary(&report, picture->totals[TREE_ROOT], put_terminal, sink);
    sink_byte(sink, '\n');
}

/* Count the frames that have no column, and the rows beyond the height. */
static void put_foot(const struct picture *picture, const struct rows *rows, uint32_t shown,
                     struct sink *sink)
{
    size_t narrow = count_frames(picture) - rows->boxes.n;
    if (narrow > 0)
        PUT(sink, COMMAS(narrow), WORD(narrow == 1 ? " frame is" : " frames are"),
            LIT(" narrower than a column\n"));
    if (shown < rows->n)
        PUT(sink, COMMAS(rows->n - shown), WORD(rows->n - shown == 1 ? " row is" : " rows are"),
            LIT(" not shown\n"));
}

void terminal_write(const struct picture *picture, const struct profile *profile, unsigned column,
                    const struct terminal *terminal, struct sink *sink)
{
    struct rows rows = {0};
    struct rows_source source = {
        .tree = picture->tree,
        .column = column,
        .order = &picture->order,
        .totals = &picture->totals,
    };
    rows_make(&rows, &source, TREE_ROOT, terminal->columns);
    uint32_t shown = terminal->lines > 0 && terminal->lines < rows.n ? terminal->lines : rows.n;
    put_terminal_head(picture, profile, column, sink);
    for (uint32_t i = 0; i < shown; i++) {
        uint32_t row = picture->options.layout.inverted ? i : shown - 1 - i;
        put_terminal_row(picture, &rows, row, terminal, sink);
    }
    put_foot(picture, &rows, shown, sink);
    rows_end(&rows);
}
