/*
 * report_cell: see report_cell.h.
 */
#include "output/report_cell.h"

#include <math.h>

#include "profile/profile.h"

static void add(struct cell *cell, str text)
{
    size_t room = CELL_ROOM - cell->n;
    size_t n = text.n < room ? text.n : room;
    memcpy(cell->at + cell->n, text.p, n);
    cell->n += n;
}

static void add_fixed(struct cell *cell, double value, unsigned decimals, bool sign)
{
    char digits[NUM_ROOM];
    double shown = num_round(value, decimals);
    if (isnan(value) || isinf(value)) {
        add(cell, isnan(value) ? STR("?") : value > 0 ? STR("+inf") : STR("-inf"));
        return;
    }
    if (sign && shown > 0)
        add(cell, STR("+"));
    add(cell, str_of(digits, num_put_fixed(digits, value, decimals)));
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

/* How many nanoseconds `unit` is; 0: it is no time. */
static double time_of(str unit)
{
    for (size_t i = 0; i < TIMES; i++)
        if (str_equal(unit, times[i].name))
            return times[i].size;
    return 0;
}

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
    double one = time_of(unit);
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

void cell_put_unit(const struct report *report, const struct cell_unit *unit, report_put_fn *put,
                   struct sink *sink)
{
    const struct judge *judge = &report->comparison->judge;
    sink_bytes(sink, unit->name);
    if (judge->scale != CHANGE_WORK) {
        sink_bytes(sink,
                   judge->scale == CHANGE_SHARES ? STR(" of the run") : STR(" of the run before"));
        return;
    }
    if (time_of(report->unit) <= 0) {
        sink_bytes(sink, unit->name.n > 0 ? STR(" ") : STR(""));
        put(report->unit, sink);
    }
    sink_lit(sink, " per ");
    put(report->work_unit, sink);
}

struct cell cell_value(const struct cell_unit *unit, double value)
{
    struct cell cell = {.n = 0};
    add_fixed(&cell, value * unit->factor, unit->decimals, false);
    return cell;
}

struct cell cell_change(const struct cell_unit *unit, double value)
{
    struct cell cell = {.n = 0};
    add_fixed(&cell, value * unit->factor, unit->decimals, true);
    return cell;
}

struct cell cell_range(const struct cell_unit *unit, double low, double high)
{
    struct cell cell = {.n = 0};
    if (isinf(low) || isinf(high)) {
        add(&cell, STR("not known"));
        return cell;
    }
    add_fixed(&cell, low * unit->factor, unit->decimals, true);
    add(&cell, STR(" to "));
    add_fixed(&cell, high * unit->factor, unit->decimals, true);
    return cell;
}

struct cell cell_ratio(const struct change *change)
{
    struct cell cell = {.n = 0};
    if (change->before > 0 && change->after > 0) {
        double ratio = change->after / change->before;
        add_fixed(&cell, ratio, ratio < 100 ? 2 : 0, false);
        add(&cell, STR("x"));
    } else {
        add(&cell, STR("-"));
    }
    return cell;
}

static void add_commas(struct cell *cell, double value)
{
    char digits[NUM_ROOM];
    add(cell, str_of(digits, num_put_commas(digits, value < 1.8e19 ? (uint64_t)(value + 0.5)
                                                                   : UINT64_MAX)));
}

void cell_put_weight(str unit, double weight, report_put_fn *put, struct sink *sink)
{
    struct quantity quantity = quantity_of(weight, unit);
    sink_bytes(sink, quantity_number(&quantity));
    sink_byte(sink, ' ');
    put(quantity.name, sink);
}

void cell_put_count(double value, struct sink *sink)
{
    struct cell cell = {.n = 0};
    add_commas(&cell, value);
    sink_bytes(sink, cell_text(&cell));
}
