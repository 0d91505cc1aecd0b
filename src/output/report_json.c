/*
 * report_json: the report for programs; doc/format.md, section 4. Numbers are on the scale that
 * "normalize" names; what is not known is null.
 */
#include <math.h>

#include "output/report.h"

static void put_value(struct sink *sink, double value)
{
    if (isfinite(value))
        report_put_number(sink, value);
    else
        sink_lit(sink, "null");
}

static void put_text(struct sink *sink, str text)
{
    sink_byte(sink, '"');
    sink_json(sink, text);
    sink_byte(sink, '"');
}

static void put_member(struct sink *sink, const char *key, double value)
{
    sink_lit(sink, ",\"");
    sink_bytes(sink, str_from_c(key));
    sink_lit(sink, "\":");
    put_value(sink, value);
}

static void put_change(struct sink *sink, const struct judge *judge, const struct change *change)
{
    sink_lit(sink, "{\"verdict\":\"");
    sink_bytes(sink, str_from_c(change_verdict_name(change->verdict)));
    sink_byte(sink, '"');
    put_member(sink, "before", change->before);
    put_member(sink, "after", change->after);
    put_member(sink, "change", change->after - change->before);
    put_member(sink, "low", change->low);
    put_member(sink, "high", change->high);
    put_member(sink, "percent", change_effect(judge, change) * 100);
    sink_lit(sink, ",\"p\":");
    put_value(sink, change->p);
    sink_lit(sink, ",\"q\":");
    put_value(sink, change->q);
    sink_byte(sink, '}');
}

static void put_side(struct sink *sink, const struct report *report, enum side side)
{
    const struct comparison *comparison = report->comparison;
    const struct run_set *set = comparison->set;
    double samples = comparison_samples(comparison, side);
    bool first = true;
    sink_lit(sink, "{\"label\":");
    put_text(sink, report->labels[side]);
    sink_lit(sink, ",\"files\":[");
    for (size_t r = 0; r < set->runs.n; r++) {
        if (set->runs.at[r].side != side)
            continue;
        sink_bytes(sink, first ? STR("") : STR(","));
        put_text(sink, report->files[r]);
        first = false;
    }
    sink_lit(sink, "]");
    put_member(sink, "weight", comparison_weight(comparison, side));
    put_member(sink, "samples", samples > 0 ? floor(samples + 0.5) : NAN);
    put_member(sink, "work", comparison->work[side] > 0 ? comparison->work[side] : NAN);
    put_member(sink, "unmatched",
               side == SIDE_BEFORE ? comparison->gone * 100 : comparison->fresh * 100);
    sink_byte(sink, '}');
}

static void put_head(struct sink *sink, const struct report *report)
{
    static const char *const names[] = {"auto", "total", "work", "none"};
    const struct comparison *comparison = report->comparison;
    sink_lit(sink, "{\"flamediff\":1,\n\"before\":");
    put_side(sink, report, SIDE_BEFORE);
    sink_lit(sink, ",\n\"after\":");
    put_side(sink, report, SIDE_AFTER);
    sink_lit(sink, ",\n\"normalize\":\"");
    sink_bytes(sink, str_from_c(names[comparison->normalize]));
    sink_lit(sink, "\",\"unit\":");
    put_text(sink, report->unit);
    sink_lit(sink, ",\"workunit\":");
    put_text(sink, report->work_unit);
    put_member(sink, "whole", comparison->judge.whole);
    put_member(sink, "confidence", report->confidence);
    put_member(sink, "tests", (double)comparison->functions.tests);
    put_member(sink, "spread", sqrt(comparison->judge.between.own));
    sink_lit(sink, ",\n\"total\":");
    put_change(sink, &comparison->plain, &comparison->whole);
}

static void put_functions(struct sink *sink, const struct report *report)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    const struct judge *judge = &comparison->judge;
    sink_lit(sink, ",\n\"functions\":[");
    for (uint32_t i = 0; i < functions->n && (report->top == 0 || i < report->top); i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        sink_bytes(sink, i > 0 ? STR(",\n{\"name\":") : STR("\n{\"name\":"));
        put_text(sink, function_name(judge, function));
        sink_lit(sink, ",\"cause\":");
        if (function->cause != FUNCTION_NONE)
            put_text(sink, function_name(judge, &functions->at[function->cause]));
        else
            sink_lit(sink, "null");
        sink_lit(sink, ",\"total\":");
        put_change(sink, judge, &function->total);
        sink_lit(sink, ",\"self\":");
        put_change(sink, judge, &function->self);
        sink_byte(sink, '}');
    }
    sink_lit(sink, "]");
}

static void put_classes(struct sink *sink, const struct report *report)
{
    const struct comparison *comparison = report->comparison;
    sink_lit(sink, ",\n\"classes\":[");
    for (size_t i = 0; i < comparison->classes.n; i++) {
        sink_bytes(sink, i > 0 ? STR(",\n{\"name\":") : STR("\n{\"name\":"));
        put_text(sink, comparison->classes.at[i].name);
        sink_lit(sink, ",\"total\":");
        put_change(sink, &comparison->judge, &comparison->classes.at[i].change);
        sink_byte(sink, '}');
    }
    sink_lit(sink, "]");
}

static void put_gates(struct sink *sink, const struct report *report)
{
    sink_lit(sink, ",\n\"gates\":[");
    for (size_t i = 0; i < report->gate_count; i++) {
        const struct gate *gate = &report->gates[i];
        sink_bytes(sink, i > 0 ? STR(",\n{\"gate\":") : STR("\n{\"gate\":"));
        put_text(sink, gate->text);
        sink_lit(sink, ",\"result\":\"");
        sink_bytes(sink, str_from_c(report_gate_result(gate)));
        sink_lit(sink, "\",\"what\":");
        put_text(sink, gate->missing ? gate->name : gate->what);
        put_member(sink, "percent", gate->missing ? NAN : gate->effect * 100);
        put_member(sink, "limit", gate->is_factor ? gate->limit : gate->limit * 100);
        put_member(sink, "visible",
                   gate->missing     ? NAN
                   : gate->is_factor ? gate->visible
                                     : gate->visible * 100);
        put_member(sink, "more", (double)gate->more);
        sink_byte(sink, '}');
    }
    sink_lit(sink, "]");
}

void report_write_json(const struct report *report, struct sink *sink)
{
    put_head(sink, report);
    put_classes(sink, report);
    put_gates(sink, report);
    put_functions(sink, report);
    sink_lit(sink, "}\n");
}
