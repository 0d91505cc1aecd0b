/*
 * report_markdown: the report as a comment on a change: a verdict, two tables, two lists.
 */
#include <math.h>

#include "core/utf8.h"
#include "output/report_table.h"

/* No character means anything: what Markdown or HTML knows becomes a reference, in a table cell
 * too. What turns text around becomes U+FFFD. */
static void put_plain(str s, struct sink *sink)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t code = utf8_next(s, &at);
        if (code < 0x80 && code >= 0x20 && strchr("|`\\*_[]~", (int)code)) {
            sink_lit(sink, "&#");
            sink_u64(sink, code);
            sink_byte(sink, ';');
        } else if (code == '\n' || code == '\r' || code == '\t') {
            sink_byte(sink, ' ');
        } else {
            sink_xml(sink, utf8_steers(code) ? STR("\xef\xbf\xbd") : str_cut(s, from, at));
        }
    }
}

static void put_code(str s, struct sink *sink)
{
    sink_lit(sink, "<code>");
    put_plain(s, sink);
    sink_lit(sink, "</code>");
}

static void put_side(const struct report *report, enum side side, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    double samples = comparison_samples(comparison, side);
    put_code(report->labels[side], sink);
    sink_lit(sink, " (");
    sink_commas(sink, comparison->set->count[side]);
    sink_bytes(sink, comparison->set->count[side] == 1 ? STR(" run, ") : STR(" runs, "));
    if (samples > 0 && !str_equal(report->unit, STR("samples"))) {
        cell_put_count(samples, sink);
        sink_lit(sink, " samples, ");
    }
    cell_put_weight(report->unit, comparison_weight(comparison, side), put_plain, sink);
    sink_byte(sink, ')');
}

static void put_sentence(const struct report *report, const struct gate *gate, struct sink *sink)
{
    str sentence = report_gate_sentence(gate, report->comparison->set->heap);
    put_code(sentence, sink);
}

static void put_gates(const struct report *report, struct sink *sink)
{
    for (size_t i = 0; i < report->gate_count; i++) {
        const struct gate *gate = &report->gates[i];
        static const char *const words[] = {"fine", "**regression**", "**not enough data**"};
        sink_lit(sink, "- ");
        sink_bytes(sink, str_from_c(words[gate->result]));
        sink_lit(sink, " ");
        put_code(gate->text, sink);
        sink_lit(sink, " ");
        put_sentence(report, gate, sink);
        sink_byte(sink, '\n');
    }
    if (report->gate_count > 0)
        sink_byte(sink, '\n');
}

static void put_head(const struct report *report, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    const struct change *whole = &comparison->whole;
    struct cell_unit unit = {comparison->plain.whole > 0 ? 100 / comparison->plain.whole : 0, 2,
                             STR("%")};
    struct cell change = cell_change(&unit, whole->after - whole->before);
    struct cell range = cell_range(&unit, whole->low, whole->high);
    sink_lit(sink, "### ");
    put_side(report, SIDE_BEFORE, sink);
    sink_lit(sink, " against ");
    put_side(report, SIDE_AFTER, sink);
    sink_lit(sink, "\n\n");
    put_gates(report, sink);
    sink_lit(sink, "Total ");
    sink_bytes(sink, cell_text(&change));
    sink_lit(sink, " % (");
    sink_bytes(sink, cell_text(&range));
    sink_lit(sink, "): ");
    sink_bytes(sink, str_from_c(change_verdict_name(whole->verdict)));
    sink_lit(sink, ". Scale: ");
    report_put_normalization(report, put_plain, sink);
    sink_lit(sink, ".\n");
}

static void put_table(const struct report *report, bool self, struct sink *sink)
{
    struct table table;
    table_make(&table, report, self);
    sink_bytes(sink, self ? STR("\n**Functions by themselves**, in ")
                          : STR("\n**Functions with all that they call**, in "));
    cell_put_unit(report, &table.unit, put_plain, sink);
    sink_lit(sink, "\n\n|");
    for (enum table_column c = TABLE_BEFORE; c < TABLE_COLUMNS; c++) {
        struct cell head = table_head(report, c);
        sink_byte(sink, ' ');
        sink_bytes(sink, cell_text(&head));
        sink_lit(sink, " |");
    }
    sink_lit(sink, " function |\n| --: | --: | --: | --: | --: | :-- | :-- |\n");
    for (size_t r = 0; r < table.rows.n; r++) {
        const struct table_row *row = &table.rows.at[r];
        sink_byte(sink, '|');
        for (enum table_column c = TABLE_BEFORE; c < TABLE_COLUMNS; c++) {
            sink_byte(sink, ' ');
            sink_bytes(sink, cell_text(&row->cells[c]));
            sink_lit(sink, " |");
        }
        sink_byte(sink, ' ');
        put_code(row->name, sink);
        if (row->cause.n > 0) {
            sink_lit(sink, ", by ");
            put_code(row->cause, sink);
        }
        sink_lit(sink, " |\n");
    }
    sink_byte(sink, '\n');
    sink_commas(sink, table.called);
    sink_bytes(sink, table.called == 1 ? STR(" change, ") : STR(" changes, "));
    sink_commas(sink, table.noise);
    sink_lit(sink, " within noise.\n");
    table_end(&table);
}

static void put_list(const struct report *report, enum change_verdict verdict, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    struct cell_unit unit = cell_unit_of(report, comparison->judge.whole);
    size_t count = 0;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        if (function->total.verdict != verdict || (report->top > 0 && count == report->top))
            continue;
        struct cell value = cell_value(&unit, fmax(function->total.before, function->total.after));
        if (count++ == 0) {
            sink_bytes(sink,
                       verdict == CHANGE_NEW ? STR("\n**New**, in ") : STR("\n**Vanished**, in "));
            cell_put_unit(report, &unit, put_plain, sink);
            sink_lit(sink, "\n\n");
        }
        sink_lit(sink, "- ");
        sink_bytes(sink, cell_text(&value));
        sink_byte(sink, ' ');
        put_code(function_name(&comparison->judge, function), sink);
        sink_byte(sink, '\n');
    }
}

void report_write_markdown(const struct report *report, struct sink *sink)
{
    put_head(report, sink);
    put_table(report, false, sink);
    put_table(report, true, sink);
    put_list(report, CHANGE_NEW, sink);
    put_list(report, CHANGE_VANISHED, sink);
}
