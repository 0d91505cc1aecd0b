/* SPDX-License-Identifier: MIT */
/*
 * report_table: cells and tables, for the reports that people read.
 */
#include <math.h>

#include "output/markup.h"
#include "output/report.h"
#include "profile/profile.h"

/* ---- cells ---- */

static void add_number(struct cell *cell, double value, unsigned decimals, bool sign)
{
    if (isnan(value) || isinf(value)) {
        cell_add(cell, isnan(value) ? STR("?") : value > 0 ? STR("+inf") : STR("-inf"));
        return;
    }
    if (sign && num_round(value, decimals) > 0)
        cell_add(cell, STR("+"));
    cell_add_fixed(cell, value, decimals);
}

/* Units of time, and words for other weights, by the size of one. */
struct scale {
    double size;
    str name;
};
static const struct scale times[] = {
    {1, STR_INIT("ns")}, {1e3, STR_INIT("us")}, {1e6, STR_INIT("ms")}, {1e9, STR_INIT("s")}};
static const struct scale words[] = {{1e-6, STR_INIT("millionths of")},
                                     {1e-3, STR_INIT("thousandths of")},
                                     {1, STR_INIT("")},
                                     {1e6, STR_INIT("million")},
                                     {1e9, STR_INIT("billion")}};
enum { TIMES = sizeof times / sizeof times[0], WORDS = sizeof words / sizeof words[0] };

/* The largest unit of which `value` has at least one. */
static const struct scale *scale_for(const struct scale *scales, size_t n, double value)
{
    size_t i = n;
    while (i > 1 && fabs(value) < scales[i - 1].size)
        i--;
    return &scales[i - 1];
}

static unsigned decimals_for(double value)
{
    return value < 10 ? 3 : value < 100 ? 2 : value < 10000 ? 1 : 0;
}

static struct cell_unit unit_for(str unit, double value)
{
    double one = quantity_ns(unit);
    const struct scale *scale = one > 0 ? scale_for(times, TIMES, value * one)
                                        : scale_for(words, WORDS, value);
    double factor = (one > 0 ? one : 1) / scale->size;
    return (struct cell_unit){factor, decimals_for(fabs(value) * factor), scale->name};
}

struct cell_unit cell_unit_of(const struct report *report, double value)
{
    const struct judge *judge = &report->comparison->judge;
    if (judge->scale == CHANGE_WORK)
        return unit_for(report->unit, value);
    return (struct cell_unit){judge->whole > 0 ? 100 / judge->whole : 0, 2, STR("%")};
}

void cell_put_unit(const struct report *report, const struct cell_unit *unit, sink_put_fn *put,
                   struct sink *sink)
{
    const struct judge *judge = &report->comparison->judge;
    sink_bytes(sink, unit->name);
    if (judge->scale != CHANGE_WORK) {
        sink_bytes(sink,
                   judge->scale == CHANGE_SHARES ? STR(" of the run") : STR(" of the run before"));
        return;
    }
    if (quantity_ns(report->unit) <= 0) {
        sink_bytes(sink, unit->name.n > 0 ? STR(" ") : STR(""));
        put(report->unit, sink);
    }
    sink_lit(sink, " per ");
    put(report->work_unit, sink);
}

struct cell cell_value(const struct cell_unit *unit, double value)
{
    struct cell cell = {.n = 0};
    add_number(&cell, value * unit->factor, unit->decimals, false);
    return cell;
}

struct cell cell_change(const struct cell_unit *unit, double value)
{
    struct cell cell = {.n = 0};
    add_number(&cell, value * unit->factor, unit->decimals, true);
    return cell;
}

struct cell cell_range(const struct cell_unit *unit, double low, double high)
{
    struct cell cell = {.n = 0};
    if (isinf(low) || isinf(high)) {
        cell_add(&cell, STR("not known"));
        return cell;
    }
    add_number(&cell, low * unit->factor, unit->decimals, true);
    cell_add(&cell, STR(" to "));
    add_number(&cell, high * unit->factor, unit->decimals, true);
    return cell;
}

struct cell report_confidence(double confidence)
{
    struct cell cell = {.n = 0};
    double percent = confidence * 100;
    unsigned decimals = 0;
    while (decimals < 6 && fabs(num_round(percent, decimals) - percent) > 1e-9)
        decimals++;
    add_number(&cell, percent, decimals, false);
    cell_add(&cell, STR(" %"));
    return cell;
}

struct cell cell_ratio(const struct change *change)
{
    struct cell cell = {.n = 0};
    if (change->before > 0 && change->after > 0) {
        double ratio = change->after / change->before;
        add_number(&cell, ratio, ratio < 100 ? 2 : 0, false);
        cell_add(&cell, STR("x"));
    } else {
        cell_add(&cell, STR("-"));
    }
    return cell;
}

/* ---- tables ---- */

static const struct change *change_of(const struct function_change *function, bool self)
{
    return self ? &function->self : &function->total;
}

static bool is_called(const struct change *change)
{
    return change->verdict != CHANGE_NOISE && change->verdict != CHANGE_UNKNOWN;
}

static struct cell word(const char *text)
{
    struct cell cell = {.n = 0};
    cell_add(&cell, str_from_c(text));
    return cell;
}

static void add_table_row(struct report_table *table, const struct report *report,
                          const struct function_change *function, bool self)
{
    const struct comparison *comparison = report->comparison;
    const struct change *change = change_of(function, self);
    struct report_row row = {.name = function_name(&comparison->judge, function), .cause = {"", 0}};
    row.cells[TABLE_BEFORE] = cell_value(&table->unit, change->before);
    row.cells[TABLE_AFTER] = cell_value(&table->unit, change->after);
    row.cells[TABLE_CHANGE] = cell_change(&table->unit, change->after - change->before);
    row.cells[TABLE_RANGE] = cell_range(&table->unit, change->low, change->high);
    row.cells[TABLE_RATIO] = cell_ratio(change);
    row.cells[TABLE_VERDICT] = word(change_verdict_name(comparison->judge.scale, change->verdict));
    if (!self && function->cause != FUNCTION_NONE)
        row.cause = function_name(&comparison->judge, &comparison->functions.at[function->cause]);
    vec_push(table->heap, &table->rows, row);
}

static double largest_value(const struct function_changes *functions, bool self)
{
    double largest = 0;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct change *change = change_of(&functions->at[i], self);
        largest = fmax(largest, fmax(change->before, change->after));
    }
    return largest;
}

void report_table_make(struct report_table *table, const struct report *report, bool self,
                       size_t noise)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    const uint32_t *order = self ? functions->by_self : functions->by_total;
    size_t noise_shown = 0;
    *table = (struct report_table){.heap = comparison->set->heap};
    table->unit = cell_unit_of(report, largest_value(functions, self));
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[order[i]];
        const struct change *change = change_of(function, self);
        if (change->before <= 0 && change->after <= 0)
            continue;
        bool called = is_called(change);
        table->called += called;
        table->noise += !called;
        if (report->top > 0 && table->rows.n >= report->top)
            continue;
        if (!called && ++noise_shown > noise)
            continue;
        add_table_row(table, report, function, self);
    }
}

void report_table_make_list(struct report_table *table, const struct report *report,
                            enum change_verdict verdict)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    *table = (struct report_table){.heap = comparison->set->heap};
    table->unit = cell_unit_of(report, comparison->judge.whole);
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        const struct change *total = &function->total;
        if (total->verdict != verdict || (report->top > 0 && table->rows.n == report->top))
            continue;
        struct report_row row = {.name = function_name(&comparison->judge, function)};
        row.cells[TABLE_BEFORE] = cell_value(&table->unit, fmax(total->before, total->after));
        vec_push(table->heap, &table->rows, row);
    }
}

void report_table_put_counts(const struct report_table *table, struct sink *sink)
{
    PUT(sink, COMMAS(table->called), WORD(table->called == 1 ? " change, " : " changes, "),
        COMMAS(table->noise), LIT(" within noise"));
}

struct cell report_table_head(const struct report *report, enum table_column column)
{
    static const char *const heads[] = {"before", "after", "change", "", "ratio", "verdict"};
    struct cell head = word(heads[column]);
    if (column == TABLE_RANGE) {
        head = report_confidence(report->confidence);
        cell_add(&head, STR(" interval"));
    }
    return head;
}

void report_table_end(struct report_table *table)
{
    vec_free(table->heap, &table->rows);
}
