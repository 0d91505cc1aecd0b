/*
 * report_words: what reports say in words, the same in every format, and the gates as JUnit XML.
 */
#include <math.h>

#include "output/report.h"
#include "profile/profile.h"

static void put_percent(struct sink *sink, double part)
{
    sink_fixed(sink, part * 100, 1);
    sink_lit(sink, " %");
}

void report_put_normalization(const struct report *report, report_put_fn *put, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    bool known = comparison_weight(comparison, SIDE_BEFORE) > 0;
    switch (comparison->normalize) {
    case NORMALIZE_TOTAL: sink_lit(sink, "by total, as shares of each run"); break;
    case NORMALIZE_WORK:
        sink_lit(sink, "by work, as cost per ");
        put(report->work_unit, sink);
        break;
    case NORMALIZE_AUTO:
    case NORMALIZE_NONE: sink_lit(sink, "none, weights are compared as they are"); break;
    }
    if (!known || comparison->normalize == NORMALIZE_WORK)
        return;
    sink_lit(sink, " (the totals differ by ");
    put_percent(sink, fabs(comparison->apart));
    sink_lit(sink, ")");
}

void report_put_side(const struct report *report, enum side side, report_put_fn *put,
                     struct sink *sink)
{
    size_t runs = report->comparison->sides->count[side];
    double samples = comparison_samples(report->comparison, side);
    struct quantity weight = quantity_of(comparison_weight(report->comparison, side), report->unit);
    sink_commas(sink, runs);
    sink_bytes(sink, runs == 1 ? STR(" run, ") : STR(" runs, "));
    if (samples > 0 && !str_equal(report->unit, STR("samples"))) {
        sink_commas(sink, samples < 1.8e19 ? (uint64_t)(samples + 0.5) : UINT64_MAX);
        sink_lit(sink, " samples, ");
    }
    sink_bytes(sink, quantity_number(&weight));
    sink_byte(sink, ' ');
    put(weight.name, sink);
}

void report_put_whole(const struct report *report, struct sink *sink)
{
    double whole = report->comparison->plain.whole;
    const struct change *change = &report->comparison->whole;
    struct cell_unit percent = {whole > 0 ? 100 / whole : 0, 2, STR("%")};
    cell_put(sink, cell_change(&percent, change->after - change->before));
    sink_lit(sink, " % (");
    cell_put(sink, cell_range(&percent, change->low, change->high));
    sink_lit(sink, "): ");
    sink_bytes(sink, str_from_c(change_verdict_name(change->verdict)));
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
    if (isinf(value)) {
        sink_lit(sink, "any size");
        return;
    }
    sink_fixed(sink, gate->is_factor ? value : value * 100, 2);
    sink_bytes(sink, gate->is_factor ? STR("x") : STR(" %"));
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
    if (gate->missing) {
        sink_bytes(sink, gate->name);
        sink_lit(sink, ": nothing of that name in either profile");
        return;
    }
    sink_bytes(sink, gate->what);
    sink_lit(sink, ": ");
    cell_put(sink, cell_change(&percent, gate->change.after - gate->change.before));
    sink_lit(sink, " % of the run before (");
    cell_put(sink, cell_value(&percent, gate->change.before));
    sink_lit(sink, " % to ");
    cell_put(sink, cell_value(&percent, gate->change.after));
    sink_lit(sink, " %, interval ");
    cell_put(sink, cell_range(&percent, gate->change.low, gate->change.high));
    if (gate->is_factor && gate->change.before > 0 && gate->change.after > 0) {
        sink_lit(sink, "; ");
        cell_put(sink, cell_ratio(&gate->change));
    }
    sink_lit(sink, ")");
    if (gate->more > 0) {
        sink_lit(sink, " and ");
        sink_commas(sink, gate->more);
        sink_bytes(sink, gate->more == 1 ? STR(" more function") : STR(" more functions"));
    }
    if (gate->result != GATE_REGRESSION)
        put_visible(gate, sink);
}

struct bytes {
    struct heap *heap;
    VEC(char) text;
};

static bool keep(void *context, str more, struct err *err)
{
    struct bytes *bytes = context;
    (void)err;
    vec_reserve(bytes->heap, &bytes->text, more.n);
    memcpy(bytes->text.at + bytes->text.n, more.p, more.n);
    bytes->text.n += more.n;
    return true;
}

str report_gate_sentence(const struct gate *gate, struct heap *heap)
{
    struct bytes bytes = {.heap = heap};
    struct err err = {0};
    struct sink sink;
    sink_open_callback(&sink, heap, keep, &bytes, &err);
    put_sentence(gate, &sink);
    sink_close(&sink);
    return str_of(bytes.text.at, bytes.text.n);
}

/* ---- JUnit: a regression is a failure, too little data an error, so that neither passes ---- */

static void put_xml(str text, struct sink *sink)
{
    sink_xml(sink, text);
}

static void put_case(const struct report *report, const struct gate *gate, struct sink *sink)
{
    str sentence = report_gate_sentence(gate, report->comparison->sides->heap);
    static const str kinds[] = {STR_INIT(""), STR_INIT("failure"), STR_INIT("error")};
    str kind = kinds[gate->result];
    sink_lit(sink, "    <testcase classname=\"flamediff\" name=\"");
    sink_xml(sink, gate->text);
    sink_lit(sink, "\">\n      <");
    sink_bytes(sink, kind.n > 0 ? kind : STR("system-out"));
    if (kind.n > 0) {
        sink_lit(sink, " type=\"");
        sink_bytes(sink, str_from_c(report_gate_result(gate)));
        sink_lit(sink, "\" message=\"");
        sink_xml(sink, sentence);
        sink_byte(sink, '"');
    }
    sink_byte(sink, '>');
    sink_xml(sink, sentence);
    sink_lit(sink, "</");
    sink_bytes(sink, kind.n > 0 ? kind : STR("system-out"));
    sink_lit(sink, ">\n    </testcase>\n");
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
