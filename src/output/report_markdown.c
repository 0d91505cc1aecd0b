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

static void put_sentence(str s, struct sink *sink)
{
    PUT(sink, LIT("<code>"), VIA(put_markdown, s), LIT("</code>"));
}

static void put_side(const struct report *report, enum side side, struct sink *sink)
{
    put_code(report->labels[side], sink);
    sink_lit(sink, " (");
    report_put_side(report, side, put_markdown, sink);
    sink_byte(sink, ')');
}

static void put_gates(const struct report *report, struct sink *sink)
{
    static const char *const words[] = {"fine", "**regression**", "**not enough data**"};
    static const enum gate_result in_order[] = {GATE_REGRESSION, GATE_TOO_LITTLE, GATE_FINE};
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < report->gate_count; i++) {
            const struct gate *gate = &report->gates[i];
            if (gate->result == in_order[k])
                PUT(sink, LIT("- "), WORD(words[gate->result]), LIT(" "), VIA(put_code, gate->text),
                    LIT(" "), VIA(put_sentence, report_gate_sentence(report, gate)), LIT("\n"));
        }
    if (report->gate_count > 0)
        sink_byte(sink, '\n');
}

static void put_head(const struct report *report, struct sink *sink)
{
    sink_lit(sink, "### ");
    put_side(report, SIDE_BEFORE, sink);
    sink_lit(sink, " against ");
    put_side(report, SIDE_AFTER, sink);
    sink_lit(sink, "\n\n");
    put_gates(report, sink);
    sink_lit(sink, "Total ");
    report_put_whole(report, sink);
    sink_lit(sink, ". Scale: ");
    report_put_normalization(report, put_markdown, sink);
    sink_lit(sink, ".\n");
    str remark = report_noise_remark(report);
    if (remark.n > 0)
        PUT(sink, LIT("Noise: "), VIA(put_markdown, remark), LIT(".\n"));
}

static void put_table(const struct report *report, bool self, struct sink *sink)
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

static void put_list(const struct report *report, enum change_verdict verdict, struct sink *sink)
{
    struct report_table table;
    report_table_make_list(&table, report, verdict);
    if (table.rows.n > 0) {
        sink_bytes(sink,
                   verdict == CHANGE_NEW ? STR("\n**New**, in ") : STR("\n**Vanished**, in "));
        cell_put_unit(report, &table.unit, put_markdown, sink);
        sink_lit(sink, "\n\n");
    }
    for (size_t r = 0; r < table.rows.n; r++)
        PUT(sink, LIT("- "), CELL(table.rows.at[r].cells[TABLE_BEFORE]), LIT(" "),
            VIA(put_code, table.rows.at[r].name), LIT("\n"));
    report_table_end(&table);
}

static void put_moves(const struct report *report, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    struct cell_unit unit = cell_unit_of(report, comparison->judge.whole);
    size_t n = 0;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        if (!report_find_move(function) || (report->top > 0 && n == report->top))
            continue;
        if (n++ == 0) {
            sink_lit(sink, "\n**Moved**, in ");
            cell_put_unit(report, &unit, put_markdown, sink);
            sink_lit(sink, "\n\n");
        }
        PUT(sink, LIT("- "), CELL(report_move_size(&unit, function)), LIT(" "));
        report_put_move(report, function, put_code, sink);
        sink_byte(sink, '\n');
    }
}

void report_write_markdown(const struct report *report, struct sink *sink)
{
    put_head(report, sink);
    report_values_markdown(report, sink);
    put_table(report, false, sink);
    put_table(report, true, sink);
    put_moves(report, sink);
    put_list(report, CHANGE_NEW, sink);
    put_list(report, CHANGE_VANISHED, sink);
}
