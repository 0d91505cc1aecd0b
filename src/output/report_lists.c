/* SPDX-License-Identifier: MIT */
/*
 * report_lists: the lists below the tables of a report: cost that moved, functions that are new or
 * vanished, and the values of the label of --each-tag. Lists in text and Markdown have the same
 * items; struct report_style has the differences.
 */
#include <math.h>
#include <stdlib.h>

#include "output/escape.h"
#include "output/markup.h"
#include "output/report.h"

/* ---- titles and items ---- */

/* "moved, in % of the run before", in Markdown "**Moved**, in ..." */
static void put_list_title(const struct report *report, const struct report_style *style,
                           const char *title, str name, const char *rest, struct sink *sink)
{
    struct cell_unit unit = cell_unit_of(report, report->comparison->judge.whole);
    sink_bytes(sink, style->markdown ? STR("\n**") : STR("\n"));
    sink_byte(sink, style->markdown ? (char)(title[0] - 'a' + 'A') : title[0]);
    sink_bytes(sink, str_from_c(title + 1));
    if (name.n > 0)
        style->put(name, sink);
    PUT(sink, WORD(style->markdown ? "**" : ""), WORD(rest), LIT(", in "));
    cell_put_unit(report, &unit, style->put, sink);
    sink_bytes(sink, style->markdown ? STR("\n\n") : STR("\n"));
}

static void put_list_amount(const struct report_style *style, const struct cell *amount,
                            struct sink *sink)
{
    enum { AMOUNT_COLUMNS = 8 };
    if (style->markdown) {
        PUT(sink, LIT("- "), CELL(*amount), LIT(" "));
        return;
    }
    put_blanks(amount->n < AMOUNT_COLUMNS ? AMOUNT_COLUMNS - amount->n : 0, sink);
    PUT(sink, CELL(*amount), LIT("  "));
}

/* ---- moved, new, vanished ---- */

static void put_moved_functions(const struct report *report, const struct report_style *style,
                                struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    struct cell_unit unit = cell_unit_of(report, comparison->judge.whole);
    size_t n = 0;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        if (!report_find_move(function) || (report->top > 0 && n == report->top))
            continue;
        if (n++ == 0)
            put_list_title(report, style, "moved", STR(""), "", sink);
        struct cell amount = report_move_size(&unit, function);
        put_list_amount(style, &amount, sink);
        report_put_move(report, function, style->put, sink);
        sink_byte(sink, '\n');
    }
}

static void put_one_sided_functions(const struct report *report, const struct report_style *style,
                                    enum change_verdict verdict, struct sink *sink)
{
    struct report_table table;
    report_table_make_list(&table, report, verdict);
    if (table.rows.n > 0)
        put_list_title(report, style, verdict == CHANGE_NEW ? "new" : "vanished", STR(""), "",
                       sink);
    for (size_t r = 0; r < table.rows.n; r++) {
        put_list_amount(style, &table.rows.at[r].cells[TABLE_BEFORE], sink);
        PUT(sink, VIA(style->put, table.rows.at[r].name), LIT("\n"));
    }
    report_table_end(&table);
}

void report_put_moves(const struct report *report, const struct report_style *style,
                      struct sink *sink)
{
    put_moved_functions(report, style, sink);
    put_one_sided_functions(report, style, CHANGE_NEW, sink);
    put_one_sided_functions(report, style, CHANGE_VANISHED, sink);
}

/* ---- classes and values ---- */

/* "db: 10.00 to 12.00 (change +1.50 to +2.50): slower" */
static void put_class_change(const struct report *report, const struct report_style *style,
                             const struct comparison_class *class, struct sink *sink)
{
    const struct judge *judge = &report->comparison->judge;
    struct cell_unit unit = cell_unit_of(report, judge->whole);
    PUT(sink, VIA(style->put, class->name), LIT(": "),
        CELL(cell_value(&unit, class->change.before)), LIT(" to "),
        CELL(cell_value(&unit, class->change.after)), LIT(" (change "),
        CELL(cell_range(&unit, class->change.low, class->change.high)), LIT("): "),
        WORD(change_verdict_name(judge->scale, class->change.verdict)), LIT("\n"));
}

/* Certain changes are first, the largest before the others. */
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

static void put_tag_values(const struct report *report, const struct report_style *style,
                           struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    size_t shown;
    if (comparison->tag.n == 0)
        return;
    struct listed *list = list_values(report, &shown);
    put_list_title(report, style, "values of ", comparison->tag, ", judged together", sink);
    for (size_t i = 0; i < shown; i++) {
        sink_bytes(sink, style->markdown ? STR("- ") : STR(""));
        put_class_change(report, style, list[i].value, sink);
    }
    if (shown < comparison->values.n)
        PUT(sink, WORD(style->markdown ? "\nand " : "and "), COMMAS(comparison->values.n - shown),
            LIT(" more\n"));
}

void report_put_classes(const struct report *report, const struct report_style *style,
                        struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    for (size_t i = 0; i < comparison->classes.n; i++) {
        sink_bytes(sink, i == 0 ? STR("\n") : STR(""));
        sink_bytes(sink, style->markdown ? STR("- class ") : STR("class   "));
        put_class_change(report, style, &comparison->classes.at[i], sink);
    }
    put_tag_values(report, style, sink);
}
