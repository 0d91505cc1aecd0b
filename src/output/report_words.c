/*
 * report_words: what reports say in words, the same in every format, and the gates as JUnit XML.
 */
#include <math.h>

#include "output/markup.h"
#include "output/report.h"
#include "profile/profile.h"

void report_put_normalization(const struct report *report, report_put_fn *put, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    bool known = comparison_weight(comparison, SIDE_BEFORE) > 0;
    switch (comparison->normalize) {
    case NORMALIZE_TOTAL: sink_lit(sink, "by total, as shares of each run"); break;
    case NORMALIZE_WORK:
        PUT(sink, LIT("by work, as cost per "), VIA(put, report->work_unit));
        break;
    case NORMALIZE_AUTO:
    case NORMALIZE_NONE: sink_lit(sink, "none, weights are compared as they are"); break;
    }
    if (known && comparison->normalize != NORMALIZE_WORK)
        PUT(sink, LIT(" (the totals differ by "), FIXED(fabs(comparison->apart) * 100, 1),
            LIT(" %)"));
}

void report_put_side(const struct report *report, enum side side, report_put_fn *put,
                     struct sink *sink)
{
    size_t runs = report->comparison->set->count[side];
    double samples = comparison_samples(report->comparison, side);
    struct quantity weight = quantity_of(comparison_weight(report->comparison, side), report->unit);
    PUT(sink, COMMAS(runs), WORD(runs == 1 ? " run, " : " runs, "));
    if (samples > 0 && !str_equal(report->unit, STR("samples")))
        PUT(sink, COMMAS(samples < 1.8e19 ? (uint64_t)(samples + 0.5) : UINT64_MAX),
            LIT(" samples, "));
    sink_bytes(sink, quantity_number(&weight));
    PUT(sink, LIT(" "), VIA(put, weight.name));
}

void report_put_whole(const struct report *report, struct sink *sink)
{
    double whole = report->comparison->plain.whole;
    const struct change *change = &report->comparison->whole;
    struct cell_unit percent = {whole > 0 ? 100 / whole : 0, 2, STR("%")};
    PUT(sink, CELL(cell_change(&percent, change->after - change->before)), LIT(" % ("),
        CELL(cell_range(&percent, change->low, change->high)), LIT("): "),
        WORD(change_verdict_name(change->verdict)));
}

/* ---- gates ---- */

const char *report_gate_result(const struct gate *gate)
{
    static const char *const names[] = {"fine", "regression", "not enough data"};
    return names[gate->result];
}

/* A limit or what could be seen, in the measure of the limit. */
static void put_measure(const struct gate *gate, double value, struct sink *sink)
{
    if (isinf(value))
        sink_lit(sink, "any size");
    else if (gate->is_factor)
        PUT(sink, FIXED(value, 2), LIT("x"));
    else
        PUT(sink, FIXED(value * 100, 2), LIT(" %"));
}

static void put_visible(const struct gate *gate, struct sink *sink)
{
    bool little = gate->result == GATE_TOO_LITTLE;
    if (!little && !(gate->visible <= gate->limit))
        return; /* nothing was missed: the interval says so */
    if (isinf(gate->visible)) {
        sink_lit(sink, "; no change could have been seen: the number of samples is not known");
        return;
    }
    sink_bytes(sink, little ? STR("; the smallest change that could have been seen is ")
                            : STR("; a change of "));
    put_measure(gate, gate->visible, sink);
    sink_bytes(sink, little ? STR("") : STR(" would have been seen"));
}

static void put_sentence(const struct gate *gate, struct sink *sink)
{
    struct cell_unit percent = {100 / gate->scale, 2, STR("%")};
    const struct change *change = &gate->change;
    sink_bytes(sink, gate->missing ? gate->name : gate->what);
    if (gate->missing) {
        sink_lit(sink, ": nothing of that name in either profile");
        return;
    }
    PUT(sink, LIT(": "), CELL(cell_change(&percent, change->after - change->before)),
        LIT(" % of the run before ("), CELL(cell_value(&percent, change->before)), LIT(" % to "),
        CELL(cell_value(&percent, change->after)), LIT(" %, interval "),
        CELL(cell_range(&percent, change->low, change->high)));
    if (gate->is_factor && change->before > 0 && change->after > 0)
        PUT(sink, LIT("; "), CELL(cell_ratio(change)));
    sink_byte(sink, ')');
    if (gate->more > 0)
        PUT(sink, LIT(" and "), COMMAS(gate->more),
            WORD(gate->more == 1 ? " more function" : " more functions"));
    if (gate->result != GATE_REGRESSION)
        put_visible(gate, sink);
}

str report_gate_sentence(const struct gate *gate, struct heap *heap)
{
    struct sink sink;
    sink_open_memory(&sink, heap);
    put_sentence(gate, &sink);
    return sink_text(&sink);
}

/* ---- JUnit: a regression is a failure, too little data an error, so that neither passes ---- */

static void put_xml(str text, struct sink *sink)
{
    sink_xml(sink, text);
}

static void put_case(const struct report *report, const struct gate *gate, struct sink *sink)
{
    str sentence = report_gate_sentence(gate, report->comparison->set->heap);
    static const char *const kinds[] = {"system-out", "failure", "error"};
    const char *kind = kinds[gate->result];
    PUT(sink, LIT("    <testcase classname=\"flamediff\" name=\""), XML(gate->text),
        LIT("\">\n      <"), WORD(kind));
    if (gate->result != GATE_FINE)
        PUT(sink, LIT(" type=\""), WORD(report_gate_result(gate)), LIT("\" message=\""),
            XML(sentence), LIT("\""));
    PUT(sink, LIT(">"), XML(sentence), LIT("</"), WORD(kind), LIT(">\n    </testcase>\n"));
}

void report_write_junit(const struct report *report, struct sink *sink)
{
    size_t counts[3] = {0, 0, 0};
    for (size_t i = 0; i < report->gate_count; i++)
        counts[report->gates[i].result]++;
    sink_lit(sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                   "  <testsuite name=\"flamediff\" tests=\"");
    sink_u64(sink, report->gate_count);
    sink_lit(sink, "\" failures=\"");
    sink_u64(sink, counts[GATE_REGRESSION]);
    sink_lit(sink, "\" errors=\"");
    sink_u64(sink, counts[GATE_TOO_LITTLE]);
    sink_lit(sink, "\">\n    <properties>\n      <property name=\"scale\" value=\"");
    report_put_normalization(report, put_xml, sink);
    sink_lit(sink, "\"/>\n    </properties>\n");
    for (size_t i = 0; i < report->gate_count; i++)
        put_case(report, &report->gates[i], sink);
    sink_lit(sink, "  </testsuite>\n</testsuites>\n");
}
