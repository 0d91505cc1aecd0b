/*
 * report_table: see report_table.h.
 */
#include "output/report_table.h"

#include <math.h>

enum { NOISE_ROWS = 5 };

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
    struct cell cell = {.n = strlen(text)};
    memcpy(cell.at, text, cell.n);
    return cell;
}

static void add_row(struct table *table, const struct report *report,
                    const struct function_change *function, bool self)
{
    const struct comparison *comparison = report->comparison;
    const struct change *change = change_of(function, self);
    struct table_row row = {.name = function_name(&comparison->judge, function), .cause = {"", 0}};
    row.cells[TABLE_BEFORE] = cell_value(&table->unit, change->before);
    row.cells[TABLE_AFTER] = cell_value(&table->unit, change->after);
    row.cells[TABLE_CHANGE] = cell_change(&table->unit, change->after - change->before);
    row.cells[TABLE_RANGE] = cell_range(&table->unit, change->low, change->high);
    row.cells[TABLE_RATIO] = cell_ratio(change);
    row.cells[TABLE_VERDICT] = word(change_verdict_name(change->verdict));
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

void table_make(struct table *table, const struct report *report, bool self)
{
    const struct comparison *comparison = report->comparison;
    const struct function_changes *functions = &comparison->functions;
    const uint32_t *order = self ? functions->by_self : functions->by_total;
    size_t noise_shown = 0;
    *table = (struct table){.heap = comparison->set->heap};
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
        if (!called && ++noise_shown > NOISE_ROWS)
            continue;
        add_row(table, report, function, self);
    }
}

struct cell table_head(const struct report *report, enum table_column column)
{
    static const char *const heads[] = {"before", "after", "change", "", "ratio", "verdict"};
    struct cell head = word(heads[column]);
    if (column != TABLE_RANGE)
        return head;
    double percent = report->confidence * 100;
    unsigned decimals = 0;
    while (decimals < 6 && fabs(num_round(percent, decimals) - percent) > 1e-9)
        decimals++;
    head.n = num_put_fixed(head.at, percent, decimals);
    memcpy(head.at + head.n, " % interval", 11);
    head.n += 11;
    return head;
}

void table_end(struct table *table)
{
    vec_free(table->heap, &table->rows);
}
