/* SPDX-License-Identifier: MIT */
/*
 * gate: see gate.h.
 */
#include "compare/gate.h"

#include <math.h>

#include "core/num.h"

static bool parse_limit(struct gate *gate, str limit)
{
    char unit = limit.n > 0 ? limit.p[limit.n - 1] : '\0';
    gate->is_factor = unit == 'x';
    if (unit == '%' || unit == 'x')
        limit = str_trim(str_head(limit, limit.n - 1));
    if (!num_parse_double(limit, &gate->limit))
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
                 {STR_INIT("tag:"), GATE_TAG},
                 {STR_INIT("self:"), GATE_SELF},
                 {STR_INIT("function:"), GATE_FUNCTION}};
    gate->name = subject;
    gate->subject = str_equal(subject, STR("total"))     ? GATE_TOTAL
                    : str_equal(subject, STR("any"))     ? GATE_ANY
                    : str_equal(subject, STR("any-tag")) ? GATE_TAG
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
                       STR_SHOWN(text, 80));
    parse_subject(gate, subject);
    return true;
}

/* ---- judging ---- */

struct gate_judging {
    struct gate *gate;
    const struct judge *judge;
    double tests;
    bool fail_on_moved;
};

/* The limit on after - before * times. */
static double find_limit(const struct gate_judging *g, double *times)
{
    *times = g->gate->is_factor ? g->gate->limit : 1;
    return g->gate->is_factor ? 0 : fmax(g->gate->limit, g->judge->least) * g->judge->whole;
}

/* If most functions differ by more than counting explains, intervals are widened to match. */
static struct stats_interval find_interval(const struct gate_judging *g,
                                           const struct change *change, double times, double tests)
{
    struct stats_interval interval = change_interval(g->judge, change, times, g->judge->level,
                                                     tests);
    double wider = g->judge->dispersed ? sqrt(g->judge->dispersion) : 1;
    double middle = change->after - times * change->before;
    interval.low = middle - (middle - interval.low) * wider;
    interval.high = middle + (interval.high - middle) * wider;
    return interval;
}

static enum gate_result judge_limit(const struct gate_judging *g, const struct change *change)
{
    double times, limit = find_limit(g, &times);
    if (find_interval(g, change, times, g->tests).low > limit)
        return GATE_REGRESSION;
    bool below = find_interval(g, change, times, 1).high <= limit;
    return below ? GATE_FINE : GATE_TOO_LITTLE;
}

static double measure_visible(const struct gate_judging *g, const struct change *change)
{
    double visible = change_visible(g->judge, change, g->judge->level, g->tests);
    if (!g->gate->is_factor)
        return visible;
    return change->before > 0 ? 1 + visible * g->judge->whole / change->before : INFINITY;
}

/* How many times as much data would decide; at least 1. The width of an interval falls with the
 * square root of the data. A change as large as the limit must become visible or, if it is visible
 * already, half of the interval must become shorter than the change is away from the limit. */
static double find_needed_data(const struct gate_judging *g, const struct change *change)
{
    double times, limit = find_limit(g, &times);
    double base = g->gate->is_factor ? 1 : 0;
    double needed = (g->gate->visible - base) / (g->gate->limit - base);
    struct stats_interval interval = find_interval(g, change, times, g->tests);
    double away = fabs(change->after - times * change->before - limit);
    if (!(needed > 1))
        needed = (interval.high - interval.low) / 2 / away;
    return fmax(1, needed * needed);
}

static void take_change(const struct gate_judging *g, const struct change *change, str what,
                        enum gate_result result)
{
    struct gate *gate = g->gate;
    double tests = result == GATE_FINE ? 1 : g->tests;
    struct stats_interval interval = find_interval(g, change, 1, tests);
    gate->lack = GATE_LACK_NONE;
    gate->change = *change;
    gate->change.low = interval.low;
    gate->change.high = interval.high;
    gate->what = what;
    gate->result = result;
    gate->tests = tests;
    gate->confidence = 1 - g->judge->level;
    gate->effect = change_effect(g->judge, change);
    gate->scale = g->judge->whole > 0 ? g->judge->whole : 1;
    gate->visible = measure_visible(g, change);
    if (result == GATE_TOO_LITTLE) {
        gate->lack = judge_knows_noise(g->judge) ? GATE_LACK_DATA : GATE_LACK_SAMPLES;
        gate->needed = find_needed_data(g, change);
    }
}

/* Whether cost moved, and the common caller grew by no more than the limit. */
static bool has_cost_moved(const struct gate_judging *g, const struct change *change,
                           const struct function_move *move)
{
    double limit = g->gate->is_factor ? (g->gate->limit - 1) * change->before
                                      : fmax(g->gate->limit, g->judge->least) * g->judge->whole;
    return !g->fail_on_moved && change->verdict == CHANGE_MOVED && change->after > change->before &&
           (g->gate->is_factor || move->most <= limit);
}

static void judge_named(const struct gate_judging *g, const struct change *change,
                        const struct function_move *move)
{
    bool moved = move && has_cost_moved(g, change, move);
    take_change(g, change, g->gate->name, moved ? GATE_FINE : judge_limit(g, change));
    g->gate->moved = moved;
}

static void judge_gate_function(const struct gate_judging *g, const struct comparison *comparison)
{
    const struct function_changes *functions = &comparison->functions;
    g->gate->lack = GATE_LACK_NAME;
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[i];
        bool self = g->gate->subject == GATE_SELF;
        if (!str_equal(function_name(g->judge, function), g->gate->name))
            continue;
        g->gate->lack = GATE_LACK_NONE;
        judge_named(g, self ? &function->self : &function->total,
                    self ? &function->self_move : &function->move);
    }
}

static void judge_gate_class(const struct gate_judging *g, const struct comparison_class *classes,
                             size_t n)
{
    g->gate->lack = GATE_LACK_NAME;
    for (size_t i = 0; i < n; i++) {
        const struct change *change = &classes[i].change;
        if (!str_equal(classes[i].name, g->gate->name) ||
            (change->before == 0 && change->after == 0)) /* no frame matches */
            continue;
        g->gate->lack = GATE_LACK_NONE;
        judge_named(g, change, NULL);
    }
}

/* ---- judging many ---- */

/* A function is in the order of the report: causes come before their callers. */
static const struct function_change *function_at(const struct comparison *comparison, bool self,
                                                 uint32_t i, uint32_t *place)
{
    const struct function_changes *functions = &comparison->functions;
    *place = self ? functions->by_self[i] : functions->by_total[i];
    return &functions->at[*place];
}

static bool covers_function(const struct gate_judging *g, const struct function_change *function,
                            uint32_t place)
{
    return g->gate->covered ? g->gate->covered[place] : !function_is_bucket(g->judge, function);
}

static size_t count_tests(const struct gate_judging *g, const struct function_changes *functions)
{
    size_t tests = 0;
    for (uint32_t i = 0; i < functions->n; i++)
        tests += covers_function(g, &functions->at[i], i) &&
                 !judge_is_hopeless(g->judge, &functions->at[i].total);
    return tests > 0 ? tests : 1;
}

/* How far the interval reaches above the limit, on the scale of the judge. */
static double measure_excess(const struct gate_judging *g, const struct change *change)
{
    double times, limit = find_limit(g, &times);
    return find_interval(g, change, times, 1).high - limit;
}

/* The gate names the first change that fails or, if none fails, the one whose interval reaches
 * farthest above the limit. */
static void judge_one_of_many(const struct gate_judging *g, const struct change *change, str name,
                              double *farthest)
{
    enum gate_result result = judge_limit(g, change);
    double excess = measure_excess(g, change);
    /* The interval of a very rare function always reaches above a factor: ignore one that did not
     * grow. */
    if (g->gate->is_factor && result == GATE_TOO_LITTLE && change->after <= change->before)
        return;
    bool worse = result == GATE_REGRESSION
                     ? g->gate->result != GATE_REGRESSION
                     : g->gate->result != GATE_REGRESSION && excess > *farthest;
    g->gate->more += result == GATE_REGRESSION && g->gate->result == GATE_REGRESSION;
    *farthest = fmax(*farthest, excess);
    if (worse)
        take_change(g, change, name, result);
}

static void judge_gate_any(struct gate_judging *g, const struct comparison *comparison)
{
    const struct function_changes *functions = &comparison->functions;
    bool self = g->gate->subject == GATE_SELF, any = g->gate->subject == GATE_ANY;
    double farthest = -INFINITY;
    size_t moved = 0;
    uint32_t place;
    g->tests *= (double)count_tests(g, functions);
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = function_at(comparison, self, i, &place);
        const struct change *change = self ? &function->self : &function->total;
        if (!covers_function(g, function, place))
            continue;
        any = true;
        if (has_cost_moved(g, change, self ? &function->self_move : &function->move))
            moved++;
        else
            judge_one_of_many(g, change, function_name(g->judge, function), &farthest);
    }
    if (!any)
        g->gate->lack = GATE_LACK_NAME;
    g->gate->moved = moved;
}

static void judge_any_class(struct gate_judging *g, const struct comparison_class *classes,
                            size_t n)
{
    double farthest = -INFINITY, tests = 0;
    for (size_t i = 0; i < n; i++)
        tests += g->gate->covered[i];
    g->tests *= fmax(1, tests);
    for (size_t i = 0; i < n; i++)
        if (g->gate->covered[i])
            judge_one_of_many(g, &classes[i].change, classes[i].name, &farthest);
    if (tests == 0)
        g->gate->lack = GATE_LACK_NAME;
}

static void judge_gate_classes(struct gate_judging *g, const struct comparison_class *classes,
                               size_t n)
{
    if (g->gate->covered)
        judge_any_class(g, classes, n);
    else
        judge_gate_class(g, classes, n);
}

static void judge_gate_functions(struct gate_judging *g, const struct comparison *comparison)
{
    if (g->gate->covered || g->gate->subject == GATE_ANY)
        judge_gate_any(g, comparison);
    else
        judge_gate_function(g, comparison);
}

/* Whether it is unknown if both sides did the same work, and the user has not decided it. For the
 * total, a choice of shares decides nothing. */
static bool lacks_scale(const struct gate *gate, const struct comparison *comparison)
{
    bool shares = comparison->normalize == NORMALIZE_TOTAL && gate->subject == GATE_TOTAL;
    return comparison->undecided || (shares && !comparison->comparable);
}

void gate_judge(struct gate *gate, const struct comparison *comparison,
                const struct gate_options *options)
{
    struct gate_judging g = {.gate = gate,
                             .judge = gate->subject == GATE_TOTAL ? &comparison->plain
                                                                  : &comparison->judge,
                             .tests = options->gates,
                             .fail_on_moved = options->fail_on_moved};
    gate->result = GATE_FINE;
    gate->lack = GATE_LACK_NONE;
    gate->more = 0;
    gate->scale = 1;
    gate->what = gate->name;
    switch (gate->subject) {
    case GATE_TOTAL: judge_named(&g, &comparison->whole, NULL); break;
    case GATE_CLASS: judge_gate_classes(&g, comparison->classes.at, comparison->classes.n); break;
    case GATE_TAG: judge_gate_classes(&g, comparison->values.at, comparison->values.n); break;
    case GATE_ANY:
    case GATE_FUNCTION:
    case GATE_SELF: judge_gate_functions(&g, comparison); break;
    }
    if (gate->lack == GATE_LACK_NAME)
        ;
    else if (lacks_scale(gate, comparison))
        gate->lack = GATE_LACK_SCALE;
    else if (g.judge->dispersed && gate->lack == GATE_LACK_DATA)
        gate->lack = GATE_LACK_RUNS;
    if (gate->lack != GATE_LACK_NONE)
        gate->result = GATE_TOO_LITTLE;
}
