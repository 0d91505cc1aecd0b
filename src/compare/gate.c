/*
 * gate: see gate.h.
 */
#include "compare/gate.h"

#include <math.h>

#include "core/num.h"

static bool parse_limit(struct gate *gate, str limit)
{
    char unit = limit.n > 0 ? limit.p[limit.n - 1] : '\0';
    if (unit != '%' && unit != 'x')
        return false;
    gate->is_factor = unit == 'x';
    if (!num_parse_double(str_trim(str_head(limit, limit.n - 1)), &gate->limit))
        return false;
    gate->limit /= gate->is_factor ? 1 : 100;
    return gate->limit >= (gate->is_factor ? 1 : 0) && gate->limit < 1e9;
}

static void parse_subject(struct gate *gate, str subject)
{
    static const struct {
        str start;
        enum gate_subject subject;
    } kinds[] = {{STR_INIT("class:"), GATE_CLASS},
                 {STR_INIT("self:"), GATE_SELF},
                 {STR_INIT("function:"), GATE_FUNCTION}};
    gate->name = subject;
    gate->subject = str_equal(subject, STR("total")) ? GATE_TOTAL
                    : str_equal(subject, STR("any")) ? GATE_ANY
                                                     : GATE_FUNCTION;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_starts(subject, kinds[i].start)) {
            gate->subject = kinds[i].subject;
            gate->name = str_skip(subject, kinds[i].start.n);
        }
}

/* A name may hold '>': the last one is before the limit. */
bool gate_parse(struct gate *gate, str text, struct err *err)
{
    size_t at = str_find_last(text, '>');
    *gate = (struct gate){.text = text};
    str subject = str_trim(str_head(text, at));
    if (at == text.n || subject.n == 0 || !parse_limit(gate, str_trim(str_skip(text, at + 1))))
        return err_set(err, ERR_USAGE,
                       "--fail-on needs WHAT>N%% or WHAT>Nx, as in 'total>5%%', 'any>1%%', "
                       "'parse>1.2x', 'class:db>2%%', not '%.*s'",
                       (int)(text.n < 80 ? text.n : 80), text.p);
    parse_subject(gate, subject);
    return true;
}

/* In the unit of the limit: a part of the whole, or a factor. */
static double measure_change(const struct gate *gate, const struct judge *judge,
                             const struct change *change)
{
    if (!gate->is_factor)
        return change_effect(judge, change);
    return change->before > 0 ? change->after / change->before : change->after > 0 ? INFINITY : 1;
}

static double measure_visible(const struct gate *gate, const struct judge *judge,
                              const struct change *change, size_t tests)
{
    double visible = change_visible(judge, change, tests);
    if (!gate->is_factor)
        return visible;
    return change->before > 0 ? 1 + visible * judge->whole / change->before : INFINITY;
}

/* The whole interval of the change is within the limit. */
static bool interval_is_fine(const struct gate *gate, const struct judge *judge,
                             const struct change *change)
{
    struct change most = *change;
    most.after = change->before + change->high;
    return measure_change(gate, judge, &most) <= gate->limit;
}

static bool change_is_growth(const struct change *change)
{
    return change->verdict == CHANGE_SLOWER || change->verdict == CHANGE_NEW;
}

static void take_change(struct gate *gate, const struct judge *judge, const struct change *change,
                        str what)
{
    gate->change = *change;
    gate->what = what;
    gate->effect = change_effect(judge, change);
    gate->scale = judge->whole > 0 ? judge->whole : 1;
}

static void judge_gate_change(struct gate *gate, const struct judge *judge,
                              const struct change *change, str what)
{
    struct change alone = *change;
    alone.q = alone.p; /* it is judged alone: the user named it */
    judge_call(judge, &alone);
    take_change(gate, judge, &alone, what);
    gate->visible = measure_visible(gate, judge, &alone, 1);
    if (measure_change(gate, judge, &alone) > gate->limit && change_is_growth(&alone))
        gate->result = GATE_REGRESSION;
    else if (!(gate->visible <= gate->limit) && !interval_is_fine(gate, judge, &alone))
        gate->result = GATE_TOO_LITTLE;
}

static void judge_gate_function(struct gate *gate, const struct comparison *comparison)
{
    const struct function_changes *functions = &comparison->functions;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[i];
        if (!str_equal(function_name(&comparison->judge, function), gate->name))
            continue;
        judge_gate_change(gate, &comparison->judge,
                          gate->subject == GATE_SELF ? &function->self : &function->total,
                          gate->name);
        return;
    }
    gate->missing = true;
}

static void judge_gate_class(struct gate *gate, const struct comparison *comparison)
{
    gate->missing = true;
    for (size_t i = 0; i < comparison->classes.n; i++) {
        const struct change *change = &comparison->classes.at[i].change;
        if (!str_equal(comparison->classes.at[i].name, gate->name))
            continue;
        judge_gate_change(gate, &comparison->judge, change, gate->name);
        gate->missing = change->before == 0 && change->after == 0; /* no frame matches */
    }
}

/* Names the first function in the order of the report: causes come before their callers. */
static void judge_gate_any(struct gate *gate, const struct comparison *comparison)
{
    const struct function_changes *functions = &comparison->functions;
    const struct judge *judge = &comparison->judge;
    size_t broke = 0;
    double largest = -INFINITY;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        double size = measure_change(gate, judge, &function->total);
        bool breaks = size > gate->limit && change_is_growth(&function->total);
        if (breaks ? broke == 0 : broke == 0 && size > largest)
            take_change(gate, judge, &function->total, function_name(judge, function));
        largest = size > largest ? size : largest;
        broke += breaks;
        double visible = measure_visible(gate, judge, &function->total, functions->tests);
        /* As factors, the changes of the rarest functions are never visible. */
        if (!interval_is_fine(gate, judge, &function->total) &&
            (!gate->is_factor || change_effect(judge, &function->total) > 0))
            gate->visible = fmax(gate->visible, visible);
    }
    gate->more = broke > 0 ? broke - 1 : 0;
    if (broke > 0)
        gate->result = GATE_REGRESSION;
    else if (!(gate->visible <= gate->limit))
        gate->result = GATE_TOO_LITTLE;
}

void gate_judge(struct gate *gate, const struct comparison *comparison)
{
    gate->result = GATE_FINE;
    switch (gate->subject) {
    case GATE_TOTAL:
        judge_gate_change(gate, &comparison->plain, &comparison->whole, STR("total"));
        break;
    case GATE_ANY: judge_gate_any(gate, comparison); break;
    case GATE_CLASS: judge_gate_class(gate, comparison); break;
    case GATE_FUNCTION:
    case GATE_SELF: judge_gate_function(gate, comparison); break;
    }
    if (gate->missing)
        gate->result = GATE_TOO_LITTLE;
}
