/*
 * report_words: what reports say in words, the same in every format.
 */
#include <math.h>

#include "output/report_cell.h"

static void put_cell(struct sink *sink, struct cell cell)
{
    sink_bytes(sink, cell_text(&cell));
}

static void put_percent(struct sink *sink, double part)
{
    sink_fixed(sink, part * 100, 1);
    sink_lit(sink, " %");
}

void report_put_number(struct sink *sink, double value)
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
    /* log10() may be off by one at powers of ten: the digits are right all the same. In two steps,
     * since 10^324, which lifts the smallest of all, is no number. */
    int half = -power / 2;
    size *= pow(10, half);
    sink_decimal(sink, (uint64_t)(size * pow(10, -power - half) * 1000 + 0.5), 3);
    sink_lit(sink, "e-");
    sink_u64(sink, (uint64_t)-power);
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
    put_cell(sink, cell_change(&percent, gate->change.after - gate->change.before));
    sink_lit(sink, " % of the run before (");
    put_cell(sink, cell_value(&percent, gate->change.before));
    sink_lit(sink, " % to ");
    put_cell(sink, cell_value(&percent, gate->change.after));
    sink_lit(sink, " %, interval ");
    put_cell(sink, cell_range(&percent, gate->change.low, gate->change.high));
    if (gate->is_factor && gate->change.before > 0 && gate->change.after > 0) {
        sink_lit(sink, "; ");
        put_cell(sink, cell_ratio(&gate->change));
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

str report_gate_sentence(const struct gate *gate, struct heap *heap)
{
    struct sink sink;
    sink_open_memory(&sink, heap);
    put_sentence(gate, &sink);
    return sink_text(&sink);
}
