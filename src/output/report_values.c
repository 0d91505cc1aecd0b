/*
 * report_values: the values of the label of --each-tag, in all formats. Certain changes are first,
 * the largest before the others.
 */
#include <math.h>
#include <stdlib.h>

#include "output/escape.h"
#include "output/markup.h"
#include "output/report.h"

struct listed {
    const struct comparison_class *value;
    double size; /* 0: noise */
};

static int compare_listed(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return str_compare(x->value->name, y->value->name);
}

static struct listed *list_values(const struct report *report, size_t *shown)
{
    const struct comparison *comparison = report->comparison;
    size_t n = comparison->values.n;
    struct listed *list = heap_alloc(comparison->set->heap, n + 1, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        const struct change *change = &comparison->values.at[i].change;
        bool real = change_is_real(change);
        list[i] = (struct listed){&comparison->values.at[i],
                                  real ? fabs(change_effect(&comparison->judge, change)) : 0};
    }
    if (n > 0)
        qsort(list, n, sizeof *list, compare_listed);
    *shown = report->top == 0 || n < report->top ? n : report->top;
    return list;
}

static void put_name(str name, struct sink *sink)
{
    enum { NAME_COLUMNS = 90 };
    put_terminal_short(name, NAME_COLUMNS, sink);
}

static void put_value(const struct report *report, const struct comparison_class *value,
                      report_put_fn *put, struct sink *sink)
{
    struct cell_unit unit = cell_unit_of(report, report->comparison->judge.whole);
    PUT(sink, VIA(put, value->name), LIT(": "), CELL(cell_value(&unit, value->change.before)),
        LIT(" to "), CELL(cell_value(&unit, value->change.after)), LIT(" (change "),
        CELL(cell_range(&unit, value->change.low, value->change.high)), LIT("): "),
        WORD(change_verdict_name(report->comparison->judge.scale, value->change.verdict)),
        LIT("\n"));
}

void report_values_text(const struct report *report, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    size_t shown;
    if (comparison->tag.n == 0)
        return;
    struct listed *list = list_values(report, &shown);
    struct cell_unit unit = cell_unit_of(report, comparison->judge.whole);
    PUT(sink, LIT("\nvalues of "), VIA(put_name, comparison->tag), LIT(", judged together, in "));
    cell_put_unit(report, &unit, put_name, sink);
    sink_byte(sink, '\n');
    for (size_t i = 0; i < shown; i++)
        put_value(report, list[i].value, put_name, sink);
    if (shown < comparison->values.n)
        PUT(sink, LIT("and "), COMMAS(comparison->values.n - shown), LIT(" more\n"));
}

void report_values_markdown(const struct report *report, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    size_t shown;
    if (comparison->tag.n == 0)
        return;
    struct listed *list = list_values(report, &shown);
    struct cell_unit unit = cell_unit_of(report, comparison->judge.whole);
    PUT(sink, LIT("\n**Values of "), VIA(put_markdown_code, comparison->tag),
        LIT("**, judged together, in "));
    cell_put_unit(report, &unit, put_markdown_code, sink);
    sink_lit(sink, "\n\n");
    for (size_t i = 0; i < shown; i++) {
        sink_lit(sink, "- ");
        put_value(report, list[i].value, put_markdown_code, sink);
    }
    if (shown < comparison->values.n)
        PUT(sink, LIT("\nand "), COMMAS(comparison->values.n - shown), LIT(" more\n"));
}

void report_values_json(const struct report *report,
                        void (*put_change)(struct sink *sink, const struct judge *judge,
                                           const struct change *change),
                        struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    if (comparison->tag.n == 0)
        return;
    PUT(sink, LIT(",\n\"tag\":"), STRING(comparison->tag), LIT(",\n\"values\":["));
    for (size_t i = 0; i < comparison->values.n; i++) {
        PUT(sink, WORD(i > 0 ? ",\n{\"name\":" : "\n{\"name\":"),
            STRING(comparison->values.at[i].name), LIT(",\"total\":"));
        put_change(sink, &comparison->judge, &comparison->values.at[i].change);
        sink_byte(sink, '}');
    }
    sink_lit(sink, "]");
}
