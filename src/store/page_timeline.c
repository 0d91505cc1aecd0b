/* SPDX-License-Identifier: MIT */
/*
 * page_timeline: see page_timeline.h.
 */
#include "store/page_timeline.h"

#include <stdlib.h>

#include "output/markup.h"

enum { HEIGHT = 150, PLOT_TOP = 20, PLOT_BOTTOM = 122, GAP_TOP = 125, GAP_HEIGHT = 5 };
enum { TICK_TOP = 130, TICK_TEXT = 145, TICKS_MOST = 12, GAP_CELLS = 240, SOURCES_MOST = 8 };

/* ---- steps ---- */

static const int64_t steps[] = {
    STORE_SECOND,      2 * STORE_SECOND,  5 * STORE_SECOND, 10 * STORE_SECOND, 15 * STORE_SECOND,
    30 * STORE_SECOND, STORE_MINUTE,      2 * STORE_MINUTE, 5 * STORE_MINUTE,  10 * STORE_MINUTE,
    15 * STORE_MINUTE, 30 * STORE_MINUTE, STORE_HOUR,       2 * STORE_HOUR,    3 * STORE_HOUR,
    6 * STORE_HOUR,    12 * STORE_HOUR,   STORE_DAY,        2 * STORE_DAY,     7 * STORE_DAY,
    14 * STORE_DAY,    28 * STORE_DAY,    91 * STORE_DAY,   364 * STORE_DAY,
};
enum { STEP_COUNT = sizeof steps / sizeof steps[0] };
#define MARKS_APART 0.2 /* per cent of the width */

int64_t timeline_step(int64_t from, int64_t until, int64_t most)
{
    int64_t step = steps[0];
    for (size_t i = 0; i < STEP_COUNT; i++) {
        step = steps[i];
        if ((until - from) / step <= most)
            return step;
    }
    while ((until - from) / step > most)
        step *= 2;
    return step;
}

static int compare_distances(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

/* The median of the distances between one point with windows and the next, in steps. An outage is
 * one long distance among many, so it does not matter. */
static size_t window_distance(const struct store_timeline *weights, struct heap *heap)
{
    size_t *distances = heap_alloc(heap, weights->points.n + 1, sizeof *distances);
    size_t n = 0, last = SIZE_MAX;
    for (size_t i = 0; i < weights->points.n; i++) {
        if (weights->points.at[i].windows == 0)
            continue;
        if (last != SIZE_MAX)
            distances[n++] = i - last;
        last = i;
    }
    qsort(distances, n, sizeof *distances, compare_distances);
    size_t distance = n > 0 ? distances[n / 2] : 1;
    heap_free(heap, distances);
    return distance;
}

void timeline_widen(struct store_timeline *weights, struct heap *heap)
{
    size_t distance = window_distance(weights, heap), factor = 1;
    int64_t wanted = weights->step * (int64_t)distance;
    for (size_t i = 0; i < STEP_COUNT && factor == 1 && distance > 1; i++)
        if (steps[i] >= wanted && steps[i] % weights->step == 0)
            factor = (size_t)(steps[i] / weights->step);
    if (factor == 1)
        return;
    /* The first of the new steps begins at a multiple of their length. */
    size_t skew = (size_t)(weights->from / weights->step) % factor, n = 0;
    struct store_point *points = weights->points.at;
    for (size_t i = 0; i < weights->points.n; i++) {
        size_t to = (i + skew) / factor;
        if (to >= n) {
            struct store_point point = points[i];
            points[to] = point;
            n = to + 1;
        } else {
            points[to].windows += points[i].windows;
            num_add_most(&points[to].total, points[i].total);
        }
    }
    weights->points.n = n;
    weights->from -= (int64_t)skew * weights->step;
    weights->step *= (int64_t)factor;
}

/* ---- places ---- */

static double percent_of(const struct timeline *t, int64_t ms)
{
    double part = (double)(ms - t->from) / (double)(t->until - t->from) * 100;
    return part < 0 ? 0 : part > 100 ? 100 : part;
}

/* <rect class="NAME" x="A%" width="B%" y="..." height="..." without its end */
static void put_timeline_rect(const struct timeline *t, const char *name, int64_t from,
                              int64_t until, double top, double height, struct sink *sink)
{
    double left = percent_of(t, from), right = percent_of(t, until);
    PUT(sink, LIT("<rect class=\""), WORD(name), LIT("\" x=\""), PX(left), LIT("%\" width=\""),
        PX(right - left), LIT("%\" y=\""), PX(top), LIT("\" height=\""), PX(height), LIT("\""));
}

/* ---- weights ---- */

static uint64_t largest_total(const struct store_timeline *weights)
{
    uint64_t most = 0;
    for (size_t i = 0; i < weights->points.n; i++)
        if (weights->points.at[i].total > most)
            most = weights->points.at[i].total;
    return most;
}

void timeline_put_weight(const struct store_timeline *weights, double units, struct sink *sink)
{
    str unit = weights->type.unit.n > 0 ? weights->type.unit : STR("samples");
    struct quantity quantity = quantity_of(units, unit);
    PUT(sink, XML(quantity_number(&quantity)), LIT(" "), XML(quantity.name));
}

static void put_bars(const struct timeline *t, double most, struct sink *sink)
{
    const struct store_timeline *weights = t->weights;
    for (size_t i = 0; i < weights->points.n; i++) {
        const struct store_point *point = &weights->points.at[i];
        int64_t from = weights->from + (int64_t)i * weights->step, until = from + weights->step;
        if (point->windows == 0 || until <= t->from || from >= t->until)
            continue;
        double total = num_of_units(point->total, weights->decimals);
        double height = total / most * (PLOT_BOTTOM - PLOT_TOP);
        height = height < 1 ? 1 : height; /* a window without weight is no gap */
        put_timeline_rect(t, "bar", from, until, PLOT_BOTTOM - height, height, sink);
        sink_lit(sink, "><title>");
        put_time(from, sink);
        sink_lit(sink, ", ");
        put_duration(weights->step, sink);
        sink_lit(sink, ": ");
        timeline_put_weight(weights, total, sink);
        PUT(sink, LIT(", "), COMMAS(point->windows),
            WORD(point->windows == 1 ? " window" : " windows"), LIT("</title></rect>\n"));
    }
}

/* Lines at one to four round weights. */
static void put_grid(const struct timeline *t, double most, struct sink *sink)
{
    double line = 1;
    while (line * 10 <= most)
        line *= 10;
    while (line > most && line > 1e-9)
        line /= 10;
    line *= most / line >= 5 ? 2 : most / line >= 2 ? 1 : 0.5;
    for (double at = line; at <= most * 0.98; at += line) {
        double y = PLOT_BOTTOM - at / most * (PLOT_BOTTOM - PLOT_TOP);
        PUT(sink, LIT("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\""), PX(y), LIT("\" y2=\""),
            PX(y), LIT("\"/><text class=\"weight\" x=\"2\" y=\""), PX(y - 3), LIT("\">"));
        timeline_put_weight(t->weights, at, sink);
        sink_lit(sink, "</text>\n");
    }
}

/* ---- gaps ---- */

static bool has_source(const struct store_events *gaps, const size_t *shown, size_t n, str source)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(gaps->at.at[shown[i]].source, source))
            return true;
    return false;
}

/* Events in cells of equal width: thousands of failures in a week are few elements. A cell has the
 * first failure of each source. */
static void put_gap_cell(const struct timeline *t, size_t i, struct sink *sink)
{
    const struct store_events *gaps = t->gaps;
    double length = (double)(t->until - t->from) / GAP_CELLS;
    int64_t from = t->from + (int64_t)(length * (double)i);
    int64_t until = t->from + (int64_t)(length * (double)(i + 1));
    size_t shown[SOURCES_MOST], n = 0, more = 0;
    for (size_t g = 0; g < gaps->at.n; g++) {
        const struct store_event *gap = &gaps->at.at[g];
        if (gap->from >= until || (gap->until <= from && gap->from < from))
            continue;
        if (n == SOURCES_MOST || has_source(gaps, shown, n, gap->source)) {
            more++;
            continue;
        }
        if (n == 0) {
            put_timeline_rect(t, "gap", from, until, GAP_TOP, GAP_HEIGHT, sink);
            sink_lit(sink, "><title>");
        } else {
            sink_lit(sink, "\n");
        }
        shown[n++] = g;
        put_clock(gap->from, sink);
        sink_lit(sink, " to ");
        put_clock(gap->until, sink);
        PUT(sink, LIT(" "), XML(gap->source), LIT(": "), XML(gap->text));
    }
    if (more > 0)
        PUT(sink, LIT("\nand "), COMMAS(more), LIT(" more"));
    if (n > 0)
        sink_lit(sink, "</title></rect>\n");
}

/* ---- marks ---- */

/* At most `columns` of the text. */
static void put_cut_text(str text, size_t columns, struct sink *sink)
{
    size_t used = 0, end = 0;
    for (size_t at = 0; at < text.n; end = at) {
        used += utf8_columns(utf8_next(text, &at));
        if (used > columns)
            break;
    }
    sink_xml(sink, str_head(text, end));
    sink_bytes(sink, str_from_c(end < text.n ? ".." : ""));
}

/* The text of a mark is cut to the room that it has before the next one in a window of 1,000 px. Of
 * marks that are less than 2 px apart, the first is drawn. */
static void put_marks(const struct timeline *t, struct sink *sink)
{
    enum { WINDOW = 1000, LETTERS_MOST = 24 };
    static const double letter = 6.9;
    const struct store_events *marks = t->marks;
    double drawn = -1;
    for (size_t i = 0; i < marks->at.n; i++) {
        const struct store_event *mark = &marks->at.at[i];
        if (mark->from < t->from || mark->from >= t->until)
            continue;
        double x = percent_of(t, mark->from);
        if (x - drawn < MARKS_APART)
            continue;
        drawn = x;
        double next = i + 1 < marks->at.n ? percent_of(t, marks->at.at[i + 1].from) : 100;
        size_t room = (size_t)((next - x) / 100 * WINDOW / letter);
        room = room > LETTERS_MOST ? LETTERS_MOST : room;
        PUT(sink, LIT("<g><title>"));
        put_time(mark->from, sink);
        PUT(sink, LIT(": "), XML(mark->text), LIT("</title><line class=\"mark\" x1=\""), PX(x),
            LIT("%\" x2=\""), PX(x), LIT("%\" y1=\"4\" y2=\""), DIGITS(PLOT_BOTTOM),
            LIT("\"/><circle class=\"flag\" cx=\""), PX(x), LIT("%\" cy=\"6\" r=\"4\"/>"));
        if (room >= 3) {
            PUT(sink, LIT("<text class=\"name\" x=\""), PX(x), LIT("%\" y=\"10\" dx=\"7\">"));
            put_cut_text(mark->text, room - 1, sink);
            sink_lit(sink, "</text>");
        }
        sink_lit(sink, "</g>\n");
    }
}

/* ---- axis ---- */

/* The first time after `ms` where a tick may be: steps of a day begin at midnight. */
static int64_t first_tick(int64_t ms, int64_t step)
{
    struct tm tm = page_local_time(ms);
    int64_t of_day = ((int64_t)tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) * 1000 + ms % 1000;
    int64_t over = of_day % (step < STORE_DAY ? step : STORE_DAY);
    return over == 0 ? ms : ms - over + (step < STORE_DAY ? step : STORE_DAY);
}

static void put_ticks(const struct timeline *t, struct sink *sink)
{
    int64_t step = timeline_step(t->from, t->until, TICKS_MOST);
    int day = -1;
    size_t i = 0;
    for (int64_t at = first_tick(t->from, step); at < t->until; at += step, i++) {
        double x = percent_of(t, at);
        struct tm tm = page_local_time(at);
        const char *class = i % 2 == 1 ? " class=\"minor\"" : "";
        PUT(sink, LIT("<line class=\"grid\" x1=\""), PX(x), LIT("%\" x2=\""), PX(x),
            LIT("%\" y1=\""), DIGITS(TICK_TOP), LIT("\" y2=\""), DIGITS(TICK_TOP + 4), LIT("\"/>"));
        if (x > 2 && x < 97) {
            PUT(sink, LIT("<text"), WORD(class), LIT(" x=\""), PX(x), LIT("%\" y=\""),
                DIGITS(TICK_TEXT), LIT("\" text-anchor=\"middle\">"));
            if (step >= STORE_DAY || (day >= 0 && tm.tm_yday != day))
                put_date(&tm, step > 28 * STORE_DAY, sink);
            else
                put_clock_of(&tm, step < STORE_MINUTE, sink);
            sink_lit(sink, "</text>");
        }
        sink_lit(sink, "\n");
        day = tm.tm_yday;
    }
}

/* ---- ranges ---- */

static void put_chosen(const struct timeline *t, const struct timeline_range *range,
                       const char *name, bool named, struct sink *sink)
{
    if (range->until <= range->from || range->until <= t->from || range->from >= t->until)
        return;
    put_timeline_rect(t, name, range->from, range->until, PLOT_TOP - 4, PLOT_BOTTOM - PLOT_TOP + 4,
                      sink);
    sink_lit(sink, "/>");
    double middle = (percent_of(t, range->from) + percent_of(t, range->until)) / 2;
    if (named)
        PUT(sink, LIT("<text class=\"side of-"), WORD(name), LIT("\" x=\""), PX(middle),
            LIT("%\" y=\""), DIGITS(PLOT_TOP + 10), LIT("\" text-anchor=\"middle\">"), WORD(name),
            LIT("</text>"));
    sink_lit(sink, "\n");
}

/* ---- all ---- */

void timeline_write(const struct timeline *t, struct sink *sink)
{
    double most = num_of_units(largest_total(t->weights), t->weights->decimals);
    bool compares = t->before.until > t->before.from;
    PUT(sink,
        LIT("<svg class=\"timeline\" role=\"img\" aria-label=\"Total weight over time\" "
            "width=\"100%\" height=\""),
        DIGITS(HEIGHT), LIT("\" data-from=\""), DIGITS((uint64_t)t->from), LIT("\" data-until=\""),
        DIGITS((uint64_t)t->until), LIT("\" data-top=\""), DIGITS(PLOT_TOP - 4),
        LIT("\" data-height=\""), DIGITS(PLOT_BOTTOM - PLOT_TOP + 4), LIT("\">\n"));
    if (most > 0) {
        put_bars(t, most, sink);
        put_grid(t, most, sink);
    }
    PUT(sink, LIT("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\""), DIGITS(PLOT_BOTTOM),
        LIT("\" y2=\""), DIGITS(PLOT_BOTTOM), LIT("\"/>\n"));
    for (size_t i = 0; i < GAP_CELLS && t->gaps->at.n > 0; i++)
        put_gap_cell(t, i, sink);
    put_ticks(t, sink);
    put_chosen(t, &t->before, "before", compares, sink);
    put_chosen(t, &t->after, "after", compares, sink);
    put_marks(t, sink);
    sink_lit(sink, "</svg>\n");
}
