/* SPDX-License-Identifier: MIT */
/*
 * profile_report: the rows of a profile as text and Markdown.
 *
 *      cpu-clock: 12.66 s, 2,520 samples
 *
 *         self  self %  running %    total  total %  samples  function
 *       1.23 s    9.72       9.72   3.40 s    26.86      245  ExecInterpExpr  postgres
 *       840 ms    6.64      16.36   840 ms     6.64      167  hash_search  postgres
 *      10.59 s   83.64     100.00                             +412 more
 *
 * The name is last, so that columns are aligned for names of any length and any characters.
 */
#include "output/profile_report.h"

#include "output/escape.h"
#include "output/markup.h"

enum { NAME_COLUMNS = 100 };

static const char *const column_heads[PROFILE_COLUMNS] = {"self",  "self %",  "running %",
                                                          "total", "total %", "samples"};

/* ---- cells ---- */

double profile_report_weight(const struct profile_report *report, uint64_t units)
{
    return num_of_units(units, report->tree->decimals) * report->factor;
}

/* "12.66 s"; without a unit "2,520". */
static struct cell weight_cell(const struct profile_report *report, uint64_t units)
{
    struct cell cell = {.n = 0};
    struct quantity quantity = quantity_of(profile_report_weight(report, units), report->unit);
    cell_add(&cell, units > 0 ? quantity_number(&quantity) : STR("0"));
    if (units > 0 && report->unit.n > 0 && quantity.name.n < 4) {
        cell_add(&cell, STR(" ")); /* a longer unit is in the first line */
        cell_add(&cell, quantity.name);
    }
    return cell;
}

static struct cell percent_cell(uint64_t part, uint64_t whole)
{
    struct cell cell = {.n = 0};
    double percent = profile_percent(part, whole);
    if (part > 0 && percent < 0.005)
        cell_add(&cell, STR("<0.01"));
    else
        cell_add_fixed(&cell, percent, 2);
    return cell;
}

uint64_t profile_report_samples(const struct profile_report *report,
                                const struct profile_rows *rows, uint64_t units)
{
    double samples = num_of_units(units, report->tree->decimals) * rows->samples_per_unit;
    return samples < 1.8e19 ? (uint64_t)(samples + 0.5) : UINT64_MAX;
}

static struct cell samples_cell(const struct profile_report *report,
                                const struct profile_rows *rows, uint64_t units)
{
    struct cell cell;
    cell.n = num_put_commas(cell.at, profile_report_samples(report, rows, units));
    return cell;
}

/* Whether the view has the column at all. */
bool profile_report_has_column(const struct profile_report *report, const struct profile_rows *rows,
                               enum profile_column column)
{
    if (column == PROFILE_SELF || column == PROFILE_SELF_PERCENT)
        return report->view != PROFILE_CALLERS;
    if (column == PROFILE_RUNNING)
        return report->view == PROFILE_FUNCTIONS && report->by == FUNCTIONS_SELF;
    return column != PROFILE_SAMPLES || rows->samples_per_unit > 0;
}

/* Whether the row has a value in the column. */
bool profile_report_has_value(const struct profile_report *report, const struct profile_row *row,
                              enum profile_column column)
{
    bool of_functions = report->view == PROFILE_FUNCTIONS;
    switch (column) {
    case PROFILE_SELF:
    case PROFILE_SELF_PERCENT: return row->kind == PROFILE_ROW || of_functions;
    case PROFILE_RUNNING: return true;
    default: return row->kind != PROFILE_MORE || !of_functions; /* totals overlap */
    }
}

static struct cell cell_of(const struct profile_report *report, const struct profile_rows *rows,
                           const struct profile_row *row, enum profile_column column)
{
    if (!profile_report_has_value(report, row, column))
        return (struct cell){.n = 0};
    switch (column) {
    case PROFILE_SELF: return weight_cell(report, row->self);
    case PROFILE_SELF_PERCENT: return percent_cell(row->self, row->whole);
    case PROFILE_RUNNING: return percent_cell(row->running, row->whole);
    case PROFILE_TOTAL: return weight_cell(report, row->total);
    case PROFILE_TOTAL_PERCENT: return percent_cell(row->total, row->whole);
    default: return samples_cell(report, rows, row->total);
    }
}

/* ---- text in every format ---- */

struct frame profile_report_frame(const struct profile_report *report,
                                  const struct profile_row *row)
{
    struct frame frame = frames_get(&report->tree->frames, row->frame);
    if (row->frame == 0)
        frame.name = STR("all");
    return frame;
}

str profile_report_value(const struct profile_report *report)
{
    if (report->value.p)
        return report->value;
    return report->profile ? report->profile->value_type.name : STR("");
}

str profile_report_unit(const struct profile_report *report)
{
    return report->unit.n > 0 ? report->unit : report->countname;
}

bool profile_report_samples_known(const struct profile_report *report)
{
    return report->profile && !report->part && profile_samples_are_known(report->profile) &&
           report->unit.n > 0 && !str_equal(report->unit, STR("samples"));
}

void profile_report_put_summary(const struct profile_report *report, uint64_t total,
                                sink_put_fn *put, struct sink *sink)
{
    if (profile_report_value(report).n > 0)
        PUT(sink, VIA(put, profile_report_value(report)), LIT(": "));
    PUT(sink, AMOUNT(profile_report_weight(report, total), profile_report_unit(report), put));
    if (profile_report_samples_known(report))
        PUT(sink, LIT(", "), COMMAS(report->profile->samples),
            WORD(report->profile->samples == 1 ? " sample" : " samples"));
}

/* ---- text ---- */

/* The last part of a path: "/usr/lib/libc.so.6" is "libc.so.6". */
static str last_part(str path)
{
    size_t slash = str_find_last(path, '/');
    return slash + 1 < path.n ? str_skip(path, slash + 1) : path;
}

/* The text before the name of a row. False for a row without a name. */
static bool put_row_kind(const struct profile_row *row, struct sink *sink)
{
    if (row->kind == PROFILE_MORE)
        PUT(sink, LIT("+"), COMMAS(row->count), LIT(" more"));
    else if (row->kind != PROFILE_ROW)
        sink_bytes(sink, row->kind == PROFILE_CALLER ? STR("from ") : STR("to "));
    return row->kind != PROFILE_MORE;
}

static void put_report_name(const struct profile_report *report, const struct profile_row *row,
                            struct sink *sink)
{
    struct frame frame = profile_report_frame(report, row);
    put_blanks(row->depth, sink);
    if (!put_row_kind(row, sink))
        return;
    put_terminal_short(frame.name, NAME_COLUMNS, sink);
    if (frame.module.n > 0) {
        sink_lit(sink, "  ");
        put_terminal_short(last_part(frame.module), NAME_COLUMNS, sink);
    }
    if (frame.file.n > 0) {
        sink_lit(sink, "  ");
        put_terminal_short(last_part(frame.file), NAME_COLUMNS, sink);
        if (frame.line > 0) {
            sink_byte(sink, ':');
            sink_u64(sink, frame.line);
        }
    }
}

static void find_widths(const struct profile_report *report, const struct profile_rows *rows,
                        size_t widths[PROFILE_COLUMNS])
{
    for (enum profile_column c = PROFILE_SELF; c < PROFILE_COLUMNS; c++) {
        widths[c] = strlen(column_heads[c]);
        for (size_t i = 0; i < rows->list.n; i++) {
            struct cell cell = cell_of(report, rows, &rows->list.at[i], c);
            if (cell.n > widths[c])
                widths[c] = cell.n;
        }
    }
}

/* row NULL: the heads. */
static void put_report_line(const struct profile_report *report, const struct profile_rows *rows,
                            const struct profile_row *row, const size_t widths[PROFILE_COLUMNS],
                            struct sink *sink)
{
    for (enum profile_column c = PROFILE_SELF; c < PROFILE_COLUMNS; c++) {
        struct cell cell = {.n = 0};
        if (!profile_report_has_column(report, rows, c))
            continue;
        if (row)
            cell = cell_of(report, rows, row, c);
        else
            cell_add(&cell, str_from_c(column_heads[c]));
        put_blanks(widths[c] - cell.n, sink);
        PUT(sink, CELL(cell), LIT("  "));
    }
    if (row)
        put_report_name(report, row, sink);
    else
        sink_lit(sink, "function");
    sink_byte(sink, '\n');
}

/* Each function with its neighbors is a group, which starts with a caller. */
static bool starts_group(const struct profile_rows *rows, size_t i)
{
    const struct profile_row *row = &rows->list.at[i];
    return i > 0 && row->kind == PROFILE_CALLER && row[-1].kind != PROFILE_CALLER;
}

void profile_report_write_text(const struct profile_report *report, struct sink *sink)
{
    struct profile_rows rows;
    size_t widths[PROFILE_COLUMNS];
    profile_rows_make(&rows, report);
    find_widths(report, &rows, widths);
    profile_report_put_summary(report, rows.sum, put_terminal, sink);
    sink_lit(sink, "\n\n");
    put_report_line(report, &rows, NULL, widths, sink);
    for (size_t i = 0; i < rows.list.n; i++) {
        const struct profile_row *row = &rows.list.at[i];
        if (starts_group(&rows, i))
            sink_byte(sink, '\n');
        put_report_line(report, &rows, row, widths, sink);
    }
    profile_rows_end(&rows);
}

/* ---- Markdown ---- */

static void put_markdown_name(const struct profile_report *report, const struct profile_row *row,
                              struct sink *sink)
{
    for (uint32_t i = 0; i < row->depth; i++)
        sink_lit(sink, "&nbsp;");
    if (put_row_kind(row, sink))
        put_markdown_code(profile_report_frame(report, row).name, sink);
}

void profile_report_write_markdown(const struct profile_report *report, struct sink *sink)
{
    struct profile_rows rows;
    profile_rows_make(&rows, report);
    profile_report_put_summary(report, rows.sum, put_markdown, sink);
    sink_lit(sink, "\n\n|");
    for (enum profile_column c = PROFILE_SELF; c < PROFILE_COLUMNS; c++)
        if (profile_report_has_column(report, &rows, c))
            PUT(sink, LIT(" "), WORD(column_heads[c]), LIT(" |"));
    sink_lit(sink, " function |\n|");
    for (enum profile_column c = PROFILE_SELF; c < PROFILE_COLUMNS; c++)
        if (profile_report_has_column(report, &rows, c))
            sink_lit(sink, " --: |");
    sink_lit(sink, " :-- |\n");
    for (size_t i = 0; i < rows.list.n; i++) {
        sink_byte(sink, '|');
        for (enum profile_column c = PROFILE_SELF; c < PROFILE_COLUMNS; c++) {
            struct cell cell = cell_of(report, &rows, &rows.list.at[i], c);
            if (profile_report_has_column(report, &rows, c))
                PUT(sink, LIT(" "), CELL(cell), LIT(" |"));
        }
        sink_byte(sink, ' ');
        put_markdown_name(report, &rows.list.at[i], sink);
        sink_lit(sink, " |\n");
    }
    profile_rows_end(&rows);
}
