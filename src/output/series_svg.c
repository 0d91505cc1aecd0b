/* SPDX-License-Identifier: MIT */
/*
 * series_svg: a series as a picture: a small chart for the total and for each cost that changed,
 * all with the same runs from left to right.
 *
 *      ┌ parse ───────────── +7.3 % ┐
 *      │ since a1b2c3d              │
 *      │ 1.34 s      ¦ ────·──·─·── │     dots: runs; lines: levels, or the line of a creep;
 *      │ ────·─·─·─── ¦             │     a broken line: where it changed
 *      │ 1.21 s                     │
 *      │    r01       r18       r30 │
 *      └────────────────────────────┘
 *
 * Orange is slower and blue is faster, as in the picture of a comparison.
 */
#include <math.h>

#include "core/str.h"
#include "output/markup.h"
#include "output/series_report.h"
#include "profile/profile.h"

enum { MARGIN = 10, GAP = 10, PANEL_LEAST = 340, PANEL_HEIGHT = 150, HEAD = 62, FOOT = 14 };
enum { PLOT_LEFT = 74, PLOT_RIGHT = 12, PLOT_TOP = 46, PLOT_BOTTOM = 26, FEW_PANELS = 6 };
#define COLUMN_PX 0.62 /* width of a character, as a part of the font size */

static const char *const grey = "#606060", *const orange = "#b45309", *const blue = "#1f5ab4";

/* ---- which panels ---- */

struct panels {
    VEC(size_t) rows;
    size_t columns;
    double width;
};

static void add_panel(struct panels *panels, const struct series_report *report, size_t row,
                      struct heap *heap)
{
    for (size_t i = 0; i < panels->rows.n; i++)
        if (panels->rows.at[i] == row)
            return;
    if (report->top == 0 || panels->rows.n < report->top)
        vec_push(heap, &panels->rows, row);
}

/* The judged row after row `last` of those sorted by p; SIZE_MAX: there is none. */
static size_t next_by_p(const struct series_report *report, size_t last)
{
    const struct series_row *rows = report->rows;
    size_t next = SIZE_MAX;
    for (size_t r = 0; r < report->row_count; r++) {
        bool after = last == SIZE_MAX || rows[r].p > rows[last].p ||
                     (rows[r].p == rows[last].p && r > last);
        if (rows[r].judged && after && (next == SIZE_MAX || rows[r].p < rows[next].p))
            next = r;
    }
    return next;
}

/* The total, the leaders of changes, classes that changed; if nothing changed, what came closest to
 * it. */
static void choose_panels(struct panels *panels, const struct series_report *report,
                          struct heap *heap)
{
    for (size_t r = 0; r < report->row_count; r++)
        if (report->rows[r].subject == SERIES_TOTAL)
            add_panel(panels, report, r, heap);
    for (size_t i = 0; i < report->events->list.n; i++)
        add_panel(panels, report, report->events->list.at[i].members.at[0].row, heap);
    for (size_t r = 0; r < report->row_count; r++)
        if (report->rows[r].subject == SERIES_CLASS && report->rows[r].changes.n > 0)
            add_panel(panels, report, r, heap);
    bool changed = report->events->list.n > 0;
    for (size_t r = SIZE_MAX;
         !changed && panels->rows.n < FEW_PANELS && (r = next_by_p(report, r)) != SIZE_MAX;)
        add_panel(panels, report, r, heap);
}

/* ---- text ---- */

/* A name in at most `px`; its end is cut off if it does not fit. */
static void put_cut_name(str text, double px, double size, struct sink *sink)
{
    double room = px / (size * COLUMN_PX);
    if ((double)utf8_text_columns(text) <= room) {
        sink_xml(sink, text);
        return;
    }
    double columns = 2;
    size_t end = 0;
    for (size_t at = 0; at < text.n; end = at) {
        columns += utf8_columns(utf8_next(text, &at));
        if (columns > room)
            break;
    }
    sink_xml(sink, str_head(text, end));
    sink_lit(sink, "..");
}

static void start_panel_text(struct sink *sink, double x, double y, const char *anchor,
                             unsigned size, const char *color)
{
    PUT(sink, LIT("<text x=\""), PX(x), LIT("\" y=\""), PX(y), LIT("\" text-anchor=\""),
        WORD(anchor), LIT("\" font-size=\""), DIGITS(size), LIT("\" fill=\""), WORD(color),
        LIT("\">"));
}

/* ---- a panel ---- */

struct panel {
    const struct series_report *report;
    const struct series_row *row;
    double x, y, width;
    double left, right, top, bottom; /* of the plot */
    double low, high;                /* of the values */
};

static double place_x(const struct panel *p, double run)
{
    size_t n = p->report->run_count;
    return p->left + (n > 1 ? run / (double)(n - 1) * (p->right - p->left) : 0);
}

static double place_y(const struct panel *p, double value)
{
    return p->bottom - (value - p->low) / (p->high - p->low) * (p->bottom - p->top);
}

static void find_panel_range(struct panel *p)
{
    p->low = p->high = p->row->values[0];
    for (size_t i = 0; i < p->report->run_count; i++) {
        p->low = fmin(p->low, p->row->values[i]);
        p->high = fmax(p->high, p->row->values[i]);
    }
    if (!(p->high > p->low)) {
        p->low = p->low * 0.9;
        p->high = p->high > 0 ? p->high * 1.1 : 1;
    }
}

static const char *color_of(const struct series_change *change)
{
    return change->after > change->before ? orange : blue;
}

static void put_panel_name(const struct panel *p, double width, struct sink *sink)
{
    const struct series_row *row = p->row;
    if (row->subject == SERIES_TOTAL)
        sink_lit(sink, "total");
    else
        put_cut_name(row->name, width, 13, sink);
    if (row->subject == SERIES_SELF)
        sink_lit(sink, " (alone)");
    else if (row->subject == SERIES_CLASS)
        sink_lit(sink, " (class)");
}

/* The last change, below the name. */
static void put_verdict(const struct panel *p, struct sink *sink)
{
    const struct series_run *runs = p->report->runs;
    const struct series_row *row = p->row;
    if (row->changes.n == 0) {
        start_panel_text(sink, p->x + 10, p->y + 34, "start", 11, grey);
        sink_bytes(sink, row->judged ? STR("no change") : STR("varies too little to matter"));
        sink_lit(sink, "</text>\n");
        return;
    }
    const struct series_change *change = &row->changes.at[row->changes.n - 1];
    double room = (p->width - 90) / 2;
    start_panel_text(sink, p->x + p->width - 10, p->y + 18, "end", 13, color_of(change));
    series_put_change(p->report, change, sink);
    sink_lit(sink, "</text>\n");
    start_panel_text(sink, p->x + 10, p->y + 34, "start", 11, grey);
    if (change->shape == SERIES_CREEP) {
        sink_lit(sink, "creeps, first to last run");
    } else if (change->gone) {
        sink_lit(sink, "from ");
        put_cut_name(runs[change->at].name, room, 11, sink);
        sink_lit(sink, " to ");
        put_cut_name(runs[change->end - 1].name, room, 11, sink);
        sink_lit(sink, " only");
    } else {
        sink_lit(sink, "since ");
        put_cut_name(runs[change->at].name, room, 11, sink);
    }
    if (row->changes.n > 1)
        PUT(sink, LIT("; "), DIGITS(row->changes.n), LIT(" changes"));
    sink_lit(sink, "</text>\n");
}

static void put_axis(const struct panel *p, double value, struct sink *sink)
{
    double y = place_y(p, value);
    PUT(sink, LIT("<path d=\"M"), PX(p->left - 4), LIT(" "), PX(y), LIT("H"), PX(p->right + 4),
        LIT("\" stroke=\"#dcdcdc\"/>\n"));
    struct sink text;
    sink_open_memory(&text, sink->heap);
    series_put_value(p->report, value, &text);
    str label = sink_text(&text);
    if ((double)utf8_text_columns(label) * 10 * COLUMN_PX > PLOT_LEFT - 12)
        label = str_head(label, str_find(label, ' ', 0)); /* without its unit */
    start_panel_text(sink, p->left - 8, y + 4, "end", 10, grey);
    sink_xml(sink, label);
    sink_lit(sink, "</text>\n");
}

/* The names of the first run, the last run, and the runs where the cost changed, unless they
 * overlap. */
static void put_run_names(const struct panel *p, struct sink *sink)
{
    const struct series_report *report = p->report;
    size_t last = report->run_count - 1;
    double y = p->y + PANEL_HEIGHT - 8, most = (p->right - p->left) / 4, end = p->left - 8;
    for (size_t i = 0; i <= last; i++) {
        bool shown = i == 0 || i == last;
        for (size_t c = 0; c < p->row->changes.n; c++) {
            const struct series_change *change = &p->row->changes.at[c];
            shown |= change->shape == SERIES_STEP &&
                     (change->at == i || (change->gone && change->end == i));
        }
        double px = fmin(most, (double)utf8_text_columns(report->runs[i].name) * 10 * COLUMN_PX);
        double x = fmin(fmax(place_x(p, (double)i), p->left + px / 2 - 8), p->right + 8 - px / 2);
        double limit = i == last ? INFINITY : p->right + 4 - most;
        if (!shown || (i > 0 && (x - px / 2 < end + 6 || x + px / 2 > limit)))
            continue;
        start_panel_text(sink, x, y, "middle", 10, grey);
        put_cut_name(report->runs[i].name, most, 10, sink);
        sink_lit(sink, "</text>\n");
        end = x + px / 2;
    }
}

static void put_line(const struct panel *p, size_t from, size_t to, const char *color,
                     struct sink *sink)
{
    double start = fmax((double)from - 0.5, 0);
    double end = fmin((double)to - 0.5, (double)p->report->run_count - 1);
    PUT(sink, LIT("<path d=\"M"), PX(place_x(p, start)), LIT(" "),
        PX(place_y(p, p->row->fit[from])), LIT("L"), PX(place_x(p, end)), LIT(" "),
        PX(place_y(p, p->row->fit[to - 1])), LIT("\" stroke=\""), WORD(color),
        LIT("\" stroke-width=\"2.5\"/>\n"));
}

static void put_cut_line(const struct panel *p, size_t at, struct sink *sink)
{
    PUT(sink, LIT("<path d=\"M"), PX(place_x(p, (double)at - 0.5)), LIT(" "), PX(p->top - 4),
        LIT("V"), PX(p->bottom + 4), LIT("\" stroke=\"#303030\" stroke-dasharray=\"4 3\"/>\n"));
}

/* The level of each piece; its color is that of the change before it. */
static void put_levels(const struct panel *p, struct sink *sink)
{
    const struct series_row *row = p->row;
    size_t n = p->report->run_count, from = 0;
    if (row->changes.n == 0)
        return;
    if (row->changes.at[0].shape == SERIES_CREEP) {
        put_line(p, 0, n, color_of(&row->changes.at[0]), sink);
        return;
    }
    const char *color = grey;
    for (size_t c = 0; c < row->changes.n; c++) {
        const struct series_change *change = &row->changes.at[c];
        put_line(p, from, change->at, color, sink);
        put_cut_line(p, change->at, sink);
        color = color_of(change);
        from = change->at;
        if (!change->gone)
            continue;
        put_line(p, from, change->end, color, sink);
        put_cut_line(p, change->end, sink);
        color = grey;
        from = change->end;
    }
    put_line(p, from, n, color, sink);
}

static void put_dots(const struct panel *p, struct sink *sink)
{
    for (size_t i = 0; i < p->report->run_count; i++) {
        PUT(sink, LIT("<circle cx=\""), PX(place_x(p, (double)i)), LIT("\" cy=\""),
            PX(place_y(p, p->row->values[i])), LIT("\" r=\"2.5\"><title>"),
            XML(p->report->runs[i].name));
        if (p->report->runs[i].day.n > 0)
            PUT(sink, LIT(" of "), XML(p->report->runs[i].day));
        sink_lit(sink, ": ");
        series_put_value(p->report, p->row->values[i], sink);
        sink_lit(sink, "</title></circle>\n");
    }
}

static void put_panel(struct panel *p, struct sink *sink)
{
    p->left = p->x + PLOT_LEFT;
    p->right = p->x + p->width - PLOT_RIGHT;
    p->top = p->y + PLOT_TOP;
    p->bottom = p->y + PANEL_HEIGHT - PLOT_BOTTOM;
    find_panel_range(p);
    PUT(sink, LIT("<g class=\"panel\"><rect x=\""), PX(p->x), LIT("\" y=\""), PX(p->y),
        LIT("\" width=\""), PX(p->width), LIT("\" height=\""), DIGITS(PANEL_HEIGHT),
        LIT("\" fill=\"#fff\" stroke=\"#c4c4c4\" rx=\"2\"/>\n"));
    start_panel_text(sink, p->x + 10, p->y + 18, "start", 13, "#000");
    put_panel_name(p, p->width - 150, sink);
    sink_lit(sink, "<title>");
    sink_xml(sink, p->row->subject == SERIES_TOTAL ? STR("total") : p->row->name);
    sink_lit(sink, "</title></text>\n");
    put_verdict(p, sink);
    put_axis(p, p->high, sink);
    put_axis(p, p->low, sink);
    sink_lit(sink, "<g fill=\"#8a8a8a\">\n");
    put_dots(p, sink);
    sink_lit(sink, "</g>\n<g fill=\"none\">\n");
    put_levels(p, sink);
    sink_lit(sink, "</g>\n");
    put_run_names(p, sink);
    sink_lit(sink, "</g>\n");
}

/* ---- the picture ---- */

static void put_page_head(const struct series_report *report, double width, double height,
                          const char *title, struct sink *sink)
{
    const struct series_run *runs = report->runs;
    double names = width / 3;
    PUT(sink, LIT("<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\""), PX(width),
        LIT("\" height=\""), PX(height), LIT("\" viewBox=\"0 0 "), PX(width), LIT(" "), PX(height),
        LIT("\" font-family=\"Verdana,DejaVu Sans,sans-serif\">\n"
            "<rect width=\"100%\" height=\"100%\" fill=\"#f4f4f4\"/>\n"));
    start_panel_text(sink, width / 2, 26, "middle", 17, "#000");
    if (title) {
        put_cut_name(str_from_c(title), width - 2 * MARGIN, 17, sink);
    } else {
        PUT(sink, DIGITS(report->run_count), LIT(" runs, "));
        put_cut_name(runs[0].name, names, 17, sink);
        sink_lit(sink, " to ");
        put_cut_name(runs[report->run_count - 1].name, names, 17, sink);
    }
    sink_lit(sink, "</text>\n");
    start_panel_text(sink, width / 2, 46, "middle", 12, grey);
    PUT(sink, DIGITS(report->result.judged), LIT(" costs judged, "), DIGITS(report->events->list.n),
        WORD(report->events->list.n == 1 ? " change" : " changes"),
        LIT("; per cent of a run, which costs "));
    series_put_value(report, report->whole, sink);
    if (report->scale == SERIES_WORK)
        PUT(sink, LIT(" per "), XML(report->work_unit));
    sink_lit(sink, " on average</text>\n");
}

void series_write_svg(const struct series_report *report, double width, const char *title,
                      struct sink *sink)
{
    struct panels panels = {.columns = 1};
    struct heap *heap = sink->heap;
    choose_panels(&panels, report, heap);
    while ((width - 2 * MARGIN + GAP) / (double)(panels.columns + 1) - GAP >= PANEL_LEAST &&
           panels.columns < panels.rows.n)
        panels.columns++;
    panels.width = (width - 2 * MARGIN + GAP) / (double)panels.columns - GAP;
    size_t lines = (panels.rows.n + panels.columns - 1) / panels.columns;
    put_page_head(report, width, HEAD + (double)lines * (PANEL_HEIGHT + GAP) - GAP + FOOT, title,
                  sink);
    for (size_t i = 0; i < panels.rows.n; i++) {
        struct panel panel = {
            .report = report,
            .row = &report->rows[panels.rows.at[i]],
            .x = MARGIN + (double)(i % panels.columns) * (panels.width + GAP),
            .y = HEAD + (double)(i / panels.columns) * (PANEL_HEIGHT + GAP),
            .width = panels.width,
        };
        put_panel(&panel, sink);
    }
    sink_lit(sink, "</svg>\n");
    vec_free(heap, &panels.rows);
}
