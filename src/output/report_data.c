/* SPDX-License-Identifier: MIT */
/*
 * report_data: the report for programs, as JSON (doc/format.md, section 4) and as CSV. Numbers are
 * on the scale that "normalize" names.
 */
#include <math.h>

#include "output/escape.h"
#include "output/markup.h"
#include "output/report.h"

/* Up to ten significant digits and nine decimals; whole numbers in full. Below 1e-4 it is up to
 * four digits, as in 1.24e-135. */
static void put_report_digits(struct sink *sink, double value)
{
    double size = fabs(value);
    int power = size > 0 ? (int)floor(log10(size)) : 0;
    if (value < 0)
        sink_byte(sink, '-');
    if (power >= -4 || size == 0) {
        int decimals = power > 8 ? 0 : power < 0 ? 9 : 9 - power;
        sink_decimal(sink, (uint64_t)(fmin(size, 1.8e19) * pow(10, decimals) + 0.5),
                     (unsigned)decimals);
        return;
    }
    /* log10() may be off by one at powers of ten: the digits are right all the same. Multiply in
     * two steps, because 10^324, which the smallest double needs, is larger than any double. */
    int half = -power / 2;
    size *= pow(10, half);
    sink_decimal(sink, (uint64_t)(size * pow(10, -power - half) * 1000 + 0.5), 3);
    sink_lit(sink, "e-");
    sink_u64(sink, (uint64_t)-power);
}

/* ---- JSON: what is not known is null ---- */

static void put_member(struct sink *sink, const char *key, double value)
{
    PUT(sink, LIT(",\""), WORD(key), LIT("\":"));
    if (isfinite(value))
        put_report_digits(sink, value);
    else
        sink_lit(sink, "null");
}

/* p NULL: it is not known. */
static void put_string_or_null(struct sink *sink, str text)
{
    if (text.p)
        put_string(sink, text);
    else
        sink_lit(sink, "null");
}

/* The name of the function at `place`; p NULL if that is FUNCTION_NONE. */
static str name_or_none(const struct comparison *comparison, uint32_t place)
{
    return place != FUNCTION_NONE
               ? function_name(&comparison->judge, &comparison->functions.at[place])
               : (str){0};
}

static void put_report_change(struct sink *sink, const struct judge *judge,
                              const struct change *change)
{
    PUT(sink, LIT("{\"verdict\":\""), WORD(change_verdict_name(judge->scale, change->verdict)),
        LIT("\""));
    put_member(sink, "before", change->before);
    put_member(sink, "after", change->after);
    put_member(sink, "change", change->after - change->before);
    put_member(sink, "low", change->low);
    put_member(sink, "high", change->high);
    put_member(sink, "percent", change_effect(judge, change) * 100);
    put_member(sink, "p", change->p);
    put_member(sink, "q", change->q);
    sink_byte(sink, '}');
}

static void put_report_side(struct sink *sink, const struct report *report, enum side side)
{
    const struct comparison *comparison = report->comparison;
    const struct run_set *set = comparison->set;
    double samples = comparison_samples(comparison, side);
    bool first = true;
    PUT(sink, LIT("{\"label\":"), STRING(report->labels[side]), LIT(",\"files\":["));
    for (size_t r = 0; r < set->runs.n; r++) {
        if (set->runs.at[r].side != side)
            continue;
        PUT(sink, WORD(first ? "" : ","), STRING(report->files[r]));
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

static void put_report_head(struct sink *sink, const struct report *report)
{
    static const char *const names[] = {"auto", "total", "work", "none"};
    const struct comparison *comparison = report->comparison;
    sink_lit(sink, "{\"flamediff\":1,\n\"before\":");
    put_report_side(sink, report, SIDE_BEFORE);
    sink_lit(sink, ",\n\"after\":");
    put_report_side(sink, report, SIDE_AFTER);
    PUT(sink, LIT(",\n\"normalize\":\""), WORD(names[comparison->normalize]), LIT("\",\"unit\":"),
        STRING(report->unit), LIT(",\"workunit\":"), STRING(report->work_unit));
    put_member(sink, "whole", comparison->judge.whole);
    put_member(sink, "confidence", report->confidence);
    put_member(sink, "tests", (double)comparison->functions.tests);
    put_member(sink, "spread", sqrt(comparison->judge.between.own));
    str remark = report_noise_remark(report);
    sink_lit(sink, ",\"noise\":");
    put_string_or_null(sink, remark.n > 0 ? remark : (str){0});
    sink_lit(sink, ",\n\"total\":");
    put_report_change(sink, &comparison->plain, &comparison->whole);
}

static void put_move(struct sink *sink, const struct comparison *comparison,
                     const struct function_change *function)
{
    const struct function_move *move = report_find_move(function);
    sink_lit(sink, ",\"move\":");
    if (!move) {
        sink_lit(sink, "null");
        return;
    }
    PUT(sink, LIT("{\"from\":"), STRING(name_or_none(comparison, move->other)), LIT(",\"below\":"));
    put_string_or_null(sink, name_or_none(comparison, move->caller));
    PUT(sink, LIT(",\"renamed\":"), WORD(move->renamed ? "true" : "false"), LIT("}"));
}

static void put_report_functions(struct sink *sink, const struct report *report)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    const struct judge *judge = &comparison->judge;
    sink_lit(sink, ",\n\"functions\":[");
    for (uint32_t i = 0; i < functions->n && (report->top == 0 || i < report->top); i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        PUT(sink, WORD(i > 0 ? ",\n{\"name\":" : "\n{\"name\":"),
            STRING(function_name(judge, function)), LIT(",\"cause\":"));
        put_string_or_null(sink, name_or_none(comparison, function->cause));
        put_move(sink, comparison, function);
        sink_lit(sink, ",\"total\":");
        put_report_change(sink, judge, &function->total);
        sink_lit(sink, ",\"self\":");
        put_report_change(sink, judge, &function->self);
        sink_byte(sink, '}');
    }
    sink_lit(sink, "]");
}

/* Of classes, or of the values of the label of --each-tag. */
static void put_class_changes(struct sink *sink, const struct judge *judge,
                              const struct comparison_class *classes, size_t n)
{
    sink_byte(sink, '[');
    for (size_t i = 0; i < n; i++) {
        PUT(sink, WORD(i > 0 ? ",\n{\"name\":" : "\n{\"name\":"), STRING(classes[i].name),
            LIT(",\"total\":"));
        put_report_change(sink, judge, &classes[i].change);
        sink_byte(sink, '}');
    }
    sink_byte(sink, ']');
}

static void put_report_classes(struct sink *sink, const struct comparison *comparison)
{
    sink_lit(sink, ",\n\"classes\":");
    put_class_changes(sink, &comparison->judge, comparison->classes.at, comparison->classes.n);
    if (comparison->tag.n == 0)
        return;
    PUT(sink, LIT(",\n\"tag\":"), STRING(comparison->tag), LIT(",\n\"values\":"));
    put_class_changes(sink, &comparison->judge, comparison->values.at, comparison->values.n);
}

static void put_report_gates(struct sink *sink, const struct report *report)
{
    static const char *const lacks[] = {"", "data", "name", "scale", "samples", "runs"};
    sink_lit(sink, ",\n\"gates\":[");
    for (size_t i = 0; i < report->gate_count; i++) {
        const struct gate *gate = &report->gates[i];
        PUT(sink, WORD(i > 0 ? ",\n{\"gate\":" : "\n{\"gate\":"), STRING(gate->text),
            LIT(",\"result\":\""), WORD(report_gate_result(gate)), LIT("\",\"what\":"),
            STRING(gate->what));
        bool missing = gate->lack == GATE_LACK_NAME;
        PUT(sink, LIT(",\"lack\":"), WORD(gate->lack == GATE_LACK_NONE ? "null" : "\""),
            WORD(lacks[gate->lack]), WORD(gate->lack == GATE_LACK_NONE ? "" : "\""));
        put_member(sink, "percent", missing ? NAN : gate->effect * 100);
        put_member(sink, "low", missing ? NAN : gate->change.low / gate->scale * 100);
        put_member(sink, "high", missing ? NAN : gate->change.high / gate->scale * 100);
        put_member(sink, "tests", gate->tests);
        put_member(sink, "limit", gate->is_factor ? gate->limit : gate->limit * 100);
        put_member(sink, "visible",
                   missing           ? NAN
                   : gate->is_factor ? gate->visible
                                     : gate->visible * 100);
        put_member(sink, "needed", gate->lack == GATE_LACK_DATA ? gate->needed : NAN);
        put_member(sink, "more", (double)gate->more);
        put_member(sink, "moved", (double)gate->moved);
        sink_byte(sink, '}');
    }
    sink_lit(sink, "]");
}

void report_write_json(const struct report *report, struct sink *sink)
{
    put_report_head(sink, report);
    put_report_classes(sink, report->comparison);
    put_report_gates(sink, report);
    put_report_functions(sink, report);
    sink_lit(sink, "}\n");
}

/* ---- CSV: a line for each function (RFC 4180, but lines end in LF) ---- */

static void put_cell(struct sink *sink, double value)
{
    sink_byte(sink, ',');
    if (isfinite(value))
        put_report_digits(sink, value);
}

static void put_cells(struct sink *sink, const struct judge *judge, const struct change *change)
{
    put_cell(sink, change->before);
    put_cell(sink, change->after);
    put_cell(sink, change->after - change->before);
    put_cell(sink, change->low);
    put_cell(sink, change->high);
    put_cell(sink, change_effect(judge, change) * 100);
    put_cell(sink, change->q);
    sink_byte(sink, ',');
    sink_bytes(sink, str_from_c(change_verdict_name(judge->scale, change->verdict)));
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
        put_csv(function_name(&comparison->judge, function), sink);
        put_cells(sink, &comparison->judge, &function->total);
        put_cells(sink, &comparison->judge, &function->self);
        sink_byte(sink, ',');
        if (function->cause != FUNCTION_NONE)
            put_csv(name_or_none(comparison, function->cause), sink);
        sink_byte(sink, '\n');
    }
}
