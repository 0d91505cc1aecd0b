/* SPDX-License-Identifier: MIT */
/*
 * report_markdown: the report as a comment on a change: a verdict, two tables, two lists.
 */
#include "output/escape.h"
#include "output/markup.h"
#include "output/report.h"

/* Servers limit the length of comments, so a long name loses its middle. */
enum { CODE_MOST = 240, CODE_TAIL = 80 };

static size_t step_to_character(str s, size_t at)
{
    while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static void put_code(str s, struct sink *sink)
{
    sink_lit(sink, "<code>");
    if (s.n > CODE_MOST) {
        put_markdown(str_head(s, step_to_character(s, CODE_MOST - CODE_TAIL)), sink);
        sink_lit(sink, "...");
        s = str_skip(s, step_to_character(s, s.n - CODE_TAIL));
    }
    put_markdown(s, sink);
    sink_lit(sink, "</code>");
}

static const struct report_style style = {put_code, true};

static void put_markdown_side(const struct report *report, enum side side, struct sink *sink)
{
    put_code(report->labels[side], sink);
    sink_lit(sink, " (");
    report_put_side(report, side, put_markdown, sink);
    sink_byte(sink, ')');
}

static void put_markdown_gate(const struct report *report, const struct gate *gate,
                              struct sink *sink)
{
    static const char *const words[] = {"fine", "**regression**", "**not enough data**"};
    PUT(sink, LIT("- "), WORD(words[gate->result]), LIT(" "), VIA(put_code, gate->text),
        LIT(" <code>"), VIA(put_markdown, report_gate_sentence(report, gate)), LIT("</code>\n"));
}

static void put_markdown_head(const struct report *report, struct sink *sink)
{
    sink_lit(sink, "### ");
    put_markdown_side(report, SIDE_BEFORE, sink);
    sink_lit(sink, " against ");
    put_markdown_side(report, SIDE_AFTER, sink);
    sink_lit(sink, "\n\n");
    report_put_gates(report, put_markdown_gate, sink);
    sink_lit(sink, "Total ");
    report_put_whole(report, sink);
    sink_lit(sink, ". Scale: ");
    report_put_normalization(report, put_markdown, sink);
    sink_lit(sink, ".\n");
    str remark = report_noise_remark(report);
    if (remark.n > 0)
        PUT(sink, LIT("Noise: "), VIA(put_markdown, remark), LIT(".\n"));
}

static void put_markdown_table(const struct report *report, bool self, struct sink *sink)
{
    struct report_table table;
    report_table_make(&table, report, self, 0);
    if (table.rows.n == 0) {
        PUT(sink, WORD(self ? "\n**Functions by themselves**: "
                            : "\n**Functions with all that they call**: "));
        report_table_put_counts(&table, sink);
        sink_lit(sink, ".\n");
        report_table_end(&table);
        return;
    }
    sink_bytes(sink, self ? STR("\n**Functions by themselves**, in ")
                          : STR("\n**Functions with all that they call**, in "));
    cell_put_unit(report, &table.unit, put_markdown, sink);
    sink_lit(sink, "\n\n|");
    for (enum table_column c = TABLE_BEFORE; c < TABLE_COLUMNS; c++)
        PUT(sink, LIT(" "), CELL(report_table_head(report, c)), LIT(" |"));
    sink_lit(sink, " function |\n| --: | --: | --: | --: | --: | :-- | :-- |\n");
    for (size_t r = 0; r < table.rows.n; r++) {
        const struct report_row *row = &table.rows.at[r];
        sink_byte(sink, '|');
        for (enum table_column c = TABLE_BEFORE; c < TABLE_COLUMNS; c++)
            PUT(sink, LIT(" "), CELL(row->cells[c]), LIT(" |"));
        PUT(sink, LIT(" "), VIA(put_code, row->name));
        if (row->cause.n > 0)
            PUT(sink, LIT(", by "), VIA(put_code, row->cause));
        sink_lit(sink, " |\n");
    }
    sink_byte(sink, '\n');
    report_table_put_counts(&table, sink);
    sink_lit(sink, ".\n");
    report_table_end(&table);
}

void report_write_markdown(const struct report *report, struct sink *sink)
{
    put_markdown_head(report, sink);
    report_put_classes(report, &style, sink);
    put_markdown_table(report, false, sink);
    put_markdown_table(report, true, sink);
    report_put_moves(report, &style, sink);
}
