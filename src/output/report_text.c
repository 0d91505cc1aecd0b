/* SPDX-License-Identifier: MIT */
/*
 * report_text: the report for a terminal.
 *
 *      before  A1.perf, A2.perf    2 runs, 4,605 samples, 4.619 s
 *      after   B1.perf, B2.perf    2 runs, 4,968 samples, 4.983 s
 *
 *      functions with all that they call, in % of the run before
 *      before  after  change   99 % interval  ratio  verdict  function
 *       25.12  32.25   +7.13  +4.69 to +9.60  1.28x  slower   delta
 *       36.05  43.05   +7.00  +4.02 to +9.95  1.19x  slower   stage_two, by delta
 *
 * The name is last, so that columns are aligned for names of any length and any characters.
 */
#include <math.h>

#include "output/escape.h"
#include "output/markup.h"
#include "output/report.h"

enum { NAME_COLUMNS = 90, NOISE_ROWS = 5 };

static void put_text_name(str name, struct sink *sink)
{
    put_terminal_short(name, NAME_COLUMNS, sink);
}

static const struct report_style style = {put_text_name, false};

/* ---- head ---- */

static void put_text_side(const struct report *report, enum side side, size_t width,
                          struct sink *sink)
{
    double work = report->comparison->work[side];
    PUT(sink, WORD(side == SIDE_BEFORE ? "before  " : "after   "),
        VIA(put_text_name, report->labels[side]));
    put_blanks(width - terminal_columns(report->labels[side]) + 2, sink);
    report_put_side(report, side, put_text_name, sink);
    if (work > 0) {
        sink_lit(sink, ", ");
        put_number(sink, work);
        PUT(sink, LIT(" x "), VIA(put_text_name, report->work_unit));
    }
    sink_byte(sink, '\n');
}

static void put_whole(const struct report *report, struct sink *sink)
{
    sink_lit(sink, "total   ");
    report_put_whole(report, sink);
    sink_lit(sink, "\nscale   ");
    report_put_normalization(report, put_text_name, sink);
    PUT(sink, LIT("\nstacks  "), FIXED(report->comparison->gone * 100, 1),
        LIT(" % of the weight before is in stacks that vanished, "),
        FIXED(report->comparison->fresh * 100, 1), LIT(" % after in new ones\n"));
    str remark = report_noise_remark(report);
    if (remark.n > 0)
        PUT(sink, LIT("noise   "), VIA(put_terminal, remark), LIT("\n"));
}

static void put_text_gate(const struct report *report, const struct gate *gate, struct sink *sink)
{
    static const char *const words[] = {"fine             ", "REGRESSION       ",
                                        "NOT ENOUGH DATA  "};
    PUT(sink, WORD(words[gate->result]), VIA(put_text_name, gate->text), LIT("  "),
        VIA(put_terminal, report_gate_sentence(report, gate)), LIT("\n"));
}

/* ---- tables ---- */

static void put_text_rows(const struct report *report, const struct report_table *table,
                          struct sink *sink)
{
    size_t widths[TABLE_COLUMNS];
    struct cell heads[TABLE_COLUMNS];
    for (enum table_column c = TABLE_BEFORE; c < TABLE_COLUMNS; c++) {
        heads[c] = report_table_head(report, c);
        widths[c] = heads[c].n;
        for (size_t r = 0; r < table->rows.n; r++)
            if (table->rows.at[r].cells[c].n > widths[c])
                widths[c] = table->rows.at[r].cells[c].n;
    }
    for (size_t r = 0; r <= table->rows.n; r++) {
        const struct report_row *row = r > 0 ? &table->rows.at[r - 1] : NULL;
        for (enum table_column c = TABLE_BEFORE; c < TABLE_COLUMNS; c++) {
            const struct cell *cell = row ? &row->cells[c] : &heads[c];
            size_t pad = widths[c] - cell->n;
            put_blanks(c == TABLE_VERDICT ? 0 : pad, sink);
            sink_bytes(sink, cell_text(cell));
            put_blanks((c == TABLE_VERDICT ? pad : 0) + 2, sink);
        }
        put_text_name(row ? row->name : STR("function"), sink);
        if (row && row->cause.n > 0)
            PUT(sink, LIT(", by "), VIA(put_text_name, row->cause));
        sink_byte(sink, '\n');
    }
}

static void put_text_table(const struct report *report, bool self, struct sink *sink)
{
    struct report_table table;
    report_table_make(&table, report, self, NOISE_ROWS);
    sink_bytes(sink, self ? STR("\nfunctions by themselves, in ")
                          : STR("\nfunctions with all that they call, in "));
    cell_put_unit(report, &table.unit, put_text_name, sink);
    sink_byte(sink, '\n');
    if (table.rows.n > 0)
        put_text_rows(report, &table, sink);
    report_table_put_counts(&table, sink);
    sink_byte(sink, '\n');
    report_table_end(&table);
}

void report_write_text(const struct report *report, struct sink *sink)
{
    size_t before = terminal_columns(report->labels[SIDE_BEFORE]);
    size_t after = terminal_columns(report->labels[SIDE_AFTER]);
    size_t width = before > after ? before : after;
    report_put_gates(report, put_text_gate, sink);
    put_text_side(report, SIDE_BEFORE, width, sink);
    put_text_side(report, SIDE_AFTER, width, sink);
    put_whole(report, sink);
    report_put_classes(report, &style, sink);
    put_text_table(report, false, sink);
    put_text_table(report, true, sink);
    report_put_moves(report, &style, sink);
}
