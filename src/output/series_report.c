/* SPDX-License-Identifier: MIT */
/*
 * series_report: see series_report.h. Text and Markdown.
 *
 *      30 runs, r01.folded to r30.folded
 *      52 rows differ by 0.5 % of a run or more; confidence 99 %
 *
 *      SLOWER  +7.31 % of the run since r18 (before: r17): parse alone
 *          before     after   change  what
 *         1.231 s   1.342 s  +7.31 %  parse, alone
 *         2.104 s   2.215 s  +7.31 %  stage_two
 *      cause: flamediff --report=text r13 r14 r15 r16 r17 -- r18 r19 r20 r21 r22
 */
#include "output/series_report.h"

#include <math.h>

#include "core/str.h"
#include "output/escape.h"
#include "output/markup.h"
#include "output/report.h"
#include "profile/profile.h"

enum { SIDE_MOST = 5, NAME_COLUMNS = 90 };

/* ---- words ---- */

static void put_short_name(str name, struct sink *sink)
{
    put_terminal_short(name, NAME_COLUMNS, sink);
}

void series_put_value(const struct series_report *report, double value, struct sink *sink)
{
    if (report->scale == SERIES_SHARES)
        PUT(sink, FIXED(value * 100, 2), LIT(" %"));
    else
        PUT(sink, AMOUNT(value, report->unit, put_short_name));
}

void series_put_change(const struct series_report *report, const struct series_change *change,
                       struct sink *sink)
{
    double percent = report->whole > 0 ? (change->after - change->before) / report->whole * 100 : 0;
    PUT(sink, WORD(num_round(percent, 2) > 0 ? "+" : ""), FIXED(percent, 2), LIT(" %"));
}

/* The runs to compare, at most five on each side: [before, before_end) and [after, after_end). */
struct series_sides {
    size_t before, before_end, after, after_end;
};

static struct series_sides series_sides_of(const struct series_report *report,
                                           const struct series_event *event)
{
    size_t n = report->run_count, most = n / 3 < SIDE_MOST ? n / 3 : SIDE_MOST;
    struct series_sides sides = {event->since, event->at, event->at, event->end};
    most = most > 0 ? most : 1;
    if (event->kind == SERIES_CREEPS_UP || event->kind == SERIES_CREEPS_DOWN)
        return (struct series_sides){0, most, n - most, n};
    if (sides.before_end - sides.before > SIDE_MOST)
        sides.before = sides.before_end - SIDE_MOST;
    if (sides.after_end - sides.after > SIDE_MOST)
        sides.after_end = sides.after + SIDE_MOST;
    return sides;
}

void series_put_word(str text, struct sink *sink)
{
    bool plain = text.n > 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        plain &= is_alnum(c) || (c != '\0' && strchr("_./=,:+@%-", c) != NULL);
    }
    if (plain) {
        sink_bytes(sink, text);
        return;
    }
    sink_byte(sink, '\'');
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '\'')
            sink_lit(sink, "'\\''");
        else
            sink_byte(sink, text.p[i]);
    sink_byte(sink, '\'');
}

static void put_files(const struct series_report *report, size_t from, size_t to, struct sink *sink)
{
    for (size_t r = from; r < to; r++) {
        str file = report->runs[r].file;
        sink_lit(sink, " ");
        if (str_starts(file, STR("-")))
            sink_lit(sink, "./");
        series_put_word(file, sink);
    }
}

str series_command(const struct series_report *report, const struct series_event *event,
                   struct heap *heap)
{
    struct series_sides sides = series_sides_of(report, event);
    struct sink sink;
    sink_open_memory(&sink, heap);
    sink_lit(&sink, "flamediff --report=text");
    sink_bytes(&sink, report->options);
    if (report->scale != SERIES_WORK) {
        sink_bytes(&sink, report->scale == SERIES_SHARES ? STR(" --normalize=total")
                                                         : STR(" --normalize=none"));
    } else {
        sink_lit(&sink, " --work=");
        for (size_t r = sides.before; r < sides.after_end; r++) {
            if (r == sides.before_end)
                r = sides.after;
            sink_bytes(&sink, r > sides.before ? STR(",") : STR(""));
            put_number(&sink, report->runs[r].work);
        }
    }
    put_files(report, sides.before, sides.before_end, &sink);
    sink_lit(&sink, " --");
    put_files(report, sides.after, sides.after_end, &sink);
    return sink_text(&sink);
}

static void put_series_run(const struct series_run *run, sink_put_fn *put, struct sink *sink)
{
    put(run->name, sink);
    if (run->day.n > 0)
        PUT(sink, LIT(" of "), VIA(put, run->day));
}

static void put_row(const struct series_row *row, sink_put_fn *put, struct sink *sink)
{
    if (row->subject == SERIES_TOTAL) {
        sink_lit(sink, "total");
        return;
    }
    if (row->subject == SERIES_CLASS)
        sink_lit(sink, "class ");
    put(row->name, sink);
    if (row->subject == SERIES_SELF)
        sink_lit(sink, ", alone");
}

/* "since a1b2c3d of 2026-11-29 (before: 9f8e7d6 of 2026-11-28)" */
static void put_step_runs(const struct series_report *report, const struct series_event *event,
                          sink_put_fn *put, struct sink *sink)
{
    const struct series_run *runs = report->runs;
    switch (event->kind) {
    case SERIES_CREEPS_UP:
    case SERIES_CREEPS_DOWN:
        sink_lit(sink, "from ");
        put_series_run(&runs[0], put, sink);
        sink_lit(sink, " to ");
        put_series_run(&runs[report->run_count - 1], put, sink);
        return;
    case SERIES_GONE:
        sink_lit(sink, "from ");
        put_series_run(&runs[event->at], put, sink);
        sink_lit(sink, " to ");
        put_series_run(&runs[event->end - 1], put, sink);
        sink_lit(sink, " only");
        return;
    case SERIES_SLOWER:
    case SERIES_FASTER: break;
    }
    sink_lit(sink, "since ");
    put_series_run(&runs[event->at], put, sink);
    sink_lit(sink, " (the run before: ");
    put_series_run(&runs[event->at - 1], put, sink);
    sink_lit(sink, ")");
}

static void put_summary(const struct series_report *report, sink_put_fn *put, struct sink *sink)
{
    const struct series_run *runs = report->runs;
    PUT(sink, COMMAS(report->run_count), LIT(" runs, "));
    put_series_run(&runs[0], put, sink);
    sink_lit(sink, " to ");
    put_series_run(&runs[report->run_count - 1], put, sink);
    sink_lit(sink, "; a run costs ");
    series_put_value(report, report->whole, sink);
    if (report->scale == SERIES_WORK)
        PUT(sink, LIT(" per "), VIA(put, report->work_unit));
    sink_lit(sink, " on average");
}

static void put_judged_count(const struct series_report *report, struct sink *sink)
{
    PUT(sink, COMMAS(report->result.judged), LIT(" of "), COMMAS(report->row_count),
        LIT(" costs vary by "), FIXED(report->least * 100, 2),
        LIT(" % of a run or more and were judged together, at "),
        FIXED(report->confidence * 100, report->confidence > 0.99 ? 2 : 0), LIT(" % confidence"));
    if (report->result.normal)
        sink_lit(sink, "; for so few runs, costs are assumed to vary normally");
}

static void put_nothing(const struct series_report *report, struct sink *sink)
{
    if (report->run_count < SERIES_LEAST_RUNS)
        sink_lit(sink, "too few runs to find any change");
    else
        sink_bytes(sink, report->result.too_few
                             ? STR("no creep found; the runs are too few to find a step")
                             : STR("nothing changed"));
}

static double ratio_of(const struct series_change *change)
{
    return change->before > 0 ? change->after / change->before : INFINITY;
}

static size_t members_shown(const struct series_report *report, const struct series_event *event)
{
    bool all = report->top == 0 || event->members.n <= report->top;
    return all ? event->members.n : report->top;
}

/* ---- text ---- */

static str text_of(const struct series_report *report, double value, struct heap *heap)
{
    struct sink cell;
    sink_open_memory(&cell, heap);
    series_put_value(report, value, &cell);
    return sink_text(&cell);
}

static void put_right_aligned(str text, size_t width, struct sink *sink)
{
    size_t n = utf8_text_columns(text);
    put_blanks(n < width ? width - n : 0, sink);
    sink_bytes(sink, text);
}

/* The width of the columns of costs. */
static size_t find_width(const struct series_report *report, const struct series_event *event,
                         size_t shown, struct heap *heap)
{
    size_t width = sizeof "before" - 1;
    for (size_t i = 0; i < shown; i++) {
        const struct series_change *change = series_change_of(report->rows, &event->members.at[i]);
        size_t before = utf8_text_columns(text_of(report, change->before, heap));
        size_t after = utf8_text_columns(text_of(report, change->after, heap));
        width = before > width ? before : width;
        width = after > width ? after : width;
    }
    return width + 2;
}

static void put_text_member(const struct series_report *report, const struct series_row *row,
                            const struct series_change *change, size_t width, struct sink *sink)
{
    struct sink size;
    sink_open_memory(&size, sink->heap);
    series_put_change(report, change, &size);
    put_right_aligned(text_of(report, change->before, sink->heap), width, sink);
    put_right_aligned(text_of(report, change->after, sink->heap), width, sink);
    put_right_aligned(sink_text(&size), 11, sink);
    if (isfinite(ratio_of(change)))
        PUT(sink, LIT("  "), FIXED(ratio_of(change), 2), LIT("x  "));
    else
        sink_lit(sink, "    new  ");
    put_row(row, put_short_name, sink);
    sink_byte(sink, '\n');
}

static void put_text_event(const struct series_report *report, const struct series_event *event,
                           struct sink *sink)
{
    static const char *const heads[] = {"SLOWER", "CREEPS UP", "faster", "creeps down",
                                        "went back"};
    const struct series_member *leader = &event->members.at[0];
    size_t shown = members_shown(report, event);
    PUT(sink, LIT("\n"), WORD(heads[event->kind]), LIT("  "));
    series_put_change(report, series_change_of(report->rows, leader), sink);
    sink_lit(sink, " of a run ");
    put_step_runs(report, event, put_short_name, sink);
    sink_lit(sink, ": ");
    put_row(&report->rows[leader->row], put_short_name, sink);
    sink_lit(sink, "\n");
    size_t width = find_width(report, event, shown, sink->heap);
    put_right_aligned(STR("before"), width, sink);
    put_right_aligned(STR("after"), width, sink);
    sink_lit(sink, "     change  ratio  cost of\n");
    for (size_t i = 0; i < shown; i++) {
        const struct series_member *member = &event->members.at[i];
        put_text_member(report, &report->rows[member->row], series_change_of(report->rows, member),
                        width, sink);
    }
    if (shown < event->members.n)
        PUT(sink, LIT("and "), COMMAS(event->members.n - shown), LIT(" more\n"));
    sink_lit(sink, "cause: ");
    str command = series_command(report, event, sink->heap);
    put_terminal(command, sink);
    sink_byte(sink, '\n');
}

void series_write_text(const struct series_report *report, struct sink *sink)
{
    put_summary(report, put_short_name, sink);
    sink_byte(sink, '\n');
    put_judged_count(report, sink);
    sink_byte(sink, '\n');
    if (report->events->list.n == 0) {
        put_nothing(report, sink);
        sink_byte(sink, '\n');
    }
    for (size_t i = 0; i < report->events->list.n; i++)
        put_text_event(report, &report->events->list.at[i], sink);
}

/* ---- Markdown ---- */

static void put_markdown_event(const struct series_report *report, const struct series_event *event,
                               struct sink *sink)
{
    const struct series_member *leader = &event->members.at[0];
    size_t shown = members_shown(report, event);
    sink_lit(sink, "\n**");
    sink_bytes(sink, str_from_c(series_kind_name(event->kind)));
    sink_lit(sink, ": ");
    put_row(&report->rows[leader->row], put_markdown_code, sink);
    sink_lit(sink, "** ");
    series_put_change(report, series_change_of(report->rows, leader), sink);
    sink_lit(sink, " of a run ");
    put_step_runs(report, event, put_markdown_code, sink);
    sink_lit(sink, "\n\n| before | after | change | ratio | cost of |\n"
                   "| --: | --: | --: | --: | :-- |\n");
    for (size_t i = 0; i < shown; i++) {
        const struct series_member *member = &event->members.at[i];
        const struct series_change *change = series_change_of(report->rows, member);
        sink_lit(sink, "| ");
        series_put_value(report, change->before, sink);
        sink_lit(sink, " | ");
        series_put_value(report, change->after, sink);
        sink_lit(sink, " | ");
        series_put_change(report, change, sink);
        if (isfinite(ratio_of(change)))
            PUT(sink, LIT(" | "), FIXED(ratio_of(change), 2), LIT("x | "));
        else
            sink_lit(sink, " | new | ");
        put_row(&report->rows[member->row], put_markdown_code, sink);
        sink_lit(sink, " |\n");
    }
    if (shown < event->members.n)
        PUT(sink, LIT("\nand "), COMMAS(event->members.n - shown), LIT(" more\n"));
    sink_lit(sink, "\nCause: ");
    put_markdown_code(series_command(report, event, sink->heap), sink);
    sink_byte(sink, '\n');
}

void series_write_markdown(const struct series_report *report, struct sink *sink)
{
    sink_lit(sink, "### ");
    put_summary(report, put_markdown_code, sink);
    sink_lit(sink, "\n\n");
    put_judged_count(report, sink);
    sink_lit(sink, ".\n");
    if (report->events->list.n == 0) {
        sink_byte(sink, '\n');
        put_nothing(report, sink);
        sink_lit(sink, ".\n");
    }
    for (size_t i = 0; i < report->events->list.n; i++)
        put_markdown_event(report, &report->events->list.at[i], sink);
}
