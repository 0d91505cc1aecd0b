/*
 * report_csv: a line for each function (RFC 4180, but lines end in LF); numbers as in JSON, nothing
 * where nothing is known. A name does nothing to the spreadsheet or terminal that shows it.
 */
#include <math.h>

#include "core/utf8.h"
#include "output/report.h"

/* A spreadsheet takes such a cell for a formula, unless an apostrophe stands in front. */
static bool is_formula(str text)
{
    return text.n > 0 && text.p[0] != '\0' && strchr("=+-@\t\r", text.p[0]);
}

/* A line end or TAB becomes a blank, what else steers a terminal or is no character U+FFFD. */
static void put_quoted(struct sink *sink, str text)
{
    sink_byte(sink, '"');
    sink_bytes(sink, is_formula(text) ? STR("'") : STR(""));
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t code = utf8_next(text, &at);
        if (code == '\t' || code == '\n' || code == '\r')
            sink_byte(sink, ' ');
        else if (utf8_steers(code))
            sink_lit(sink, "\xef\xbf\xbd");
        else
            sink_bytes(sink, code == '"' ? STR("\"\"") : str_cut(text, from, at));
    }
    sink_byte(sink, '"');
}

static void put_value(struct sink *sink, double value)
{
    sink_byte(sink, ',');
    if (isfinite(value))
        report_put_number(sink, value);
}

static void put_change(struct sink *sink, const struct judge *judge, const struct change *change)
{
    put_value(sink, change->before);
    put_value(sink, change->after);
    put_value(sink, change->after - change->before);
    put_value(sink, change->low);
    put_value(sink, change->high);
    put_value(sink, change_effect(judge, change) * 100);
    put_value(sink, change->q);
    sink_byte(sink, ',');
    sink_bytes(sink, str_from_c(change_verdict_name(change->verdict)));
}

void report_write_csv(const struct report *report, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    sink_lit(sink, "function,total_before,total_after,total_change,total_low,total_high,"
                   "total_percent,total_q,total_verdict,self_before,self_after,self_change,"
                   "self_low,self_high,self_percent,self_q,self_verdict,cause\n");
    for (uint32_t i = 0; i < functions->n && (report->top == 0 || i < report->top); i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        put_quoted(sink, function_name(&comparison->judge, function));
        put_change(sink, &comparison->judge, &function->total);
        put_change(sink, &comparison->judge, &function->self);
        sink_byte(sink, ',');
        if (function->cause != FUNCTION_NONE)
            put_quoted(sink, function_name(&comparison->judge, &functions->at[function->cause]));
        sink_byte(sink, '\n');
    }
}
