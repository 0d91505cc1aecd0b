/* SPDX-License-Identifier: MIT */
/*
 * api_judge: the changes of a comparison, and limits that judge it.
 */
#include "api_inside.h"

struct judge_call {
    flametree_profile *profile;
    const char *const *limits;
    size_t count;
    bool fail_on_moved;
    flametree_gate_fn *visit;
    flametree_change_fn *visit_change; /* of flametree_changes(), which has no limits */
    void *context;
    struct heap scratch;
    struct err err;
};

/* ---- changes ---- */

static flametree_change describe_change(const struct judge *judge, const struct change *change)
{
    static const char *const scales[] = {
        [CHANGE_SHARES] = "total", [CHANGE_WEIGHTS] = "none", [CHANGE_WORK] = "work"};
    return (flametree_change){
        .verdict = change_verdict_name(judge->scale, change->verdict),
        .scale = scales[judge->scale],
        .before = change->before,
        .after = change->after,
        .low = change->low,
        .high = change->high,
        .percent = 100 * change_effect(judge, change),
    };
}

static void visit_changes(const struct judge_call *call, const struct comparison *comparison)
{
    const struct function_changes *functions = &comparison->functions;
    const struct judge *judge = &comparison->judge;
    flametree_function_change change = {
        .name = api_text(STR("")),
        .total = describe_change(&comparison->plain, &comparison->whole),
        .self = describe_change(&comparison->plain, &comparison->whole),
        .cause = api_text(STR("")),
    };
    for (uint32_t i = 0; call->visit_change(call->context, &change) && i < functions->n; i++) {
        const struct function_change *function = &functions->at[functions->by_total[i]];
        change.name = api_text(function_name(judge, function));
        change.total = describe_change(judge, &function->total);
        change.self = describe_change(judge, &function->self);
        change.cause = api_text(function->cause == FUNCTION_NONE
                                    ? STR("")
                                    : function_name(judge, &functions->at[function->cause]));
    }
}

static bool change_in_scratch(void *arg)
{
    struct judge_call *call = arg;
    struct api_comparison_work *w = api_make_comparison(call->profile, &call->scratch,
                                                        &request_defaults, false, &call->err);
    if (w)
        visit_changes(call, &w->comparison);
    return w != NULL;
}

/* ---- gates ---- */

static bool judge_in_scratch(void *arg)
{
    struct judge_call *call = arg;
    struct gate *gates = heap_alloc(&call->scratch, call->count, sizeof *gates);
    struct gate_options options = {.gates = (double)call->count,
                                   .fail_on_moved = call->fail_on_moved};
    for (size_t i = 0; i < call->count; i++)
        if (!gate_parse(&gates[i], str_from_c(call->limits[i]), &call->err) ||
            !gate_check_pattern(&gates[i], "limits", &call->scratch, &call->err))
            return false;
    struct api_comparison_work *w = api_make_comparison(call->profile, &call->scratch,
                                                        &request_defaults, true, &call->err);
    if (!w)
        return false;
    for (size_t i = 0; i < call->count; i++) {
        if (!gate_cover(&gates[i], &w->comparison, &call->err))
            return false;
        gate_judge(&gates[i], &w->comparison, &options);
        str sentence = report_gate_sentence(&w->report, &gates[i]);
        flametree_gate gate = {
            .limit = call->limits[i],
            .verdict = (flametree_verdict)gates[i].result,
            .sentence = api_text(sentence),
        };
        if (!call->visit(call->context, &gate))
            break;
    }
    return true;
}

/* Functions of a tree allocate from the heap of the profile, so both heaps need a guard. */
static bool judge_in_profile(void *arg)
{
    struct judge_call *call = arg;
    if (!call->profile->comparison)
        return err_set(&call->err, ERR_USAGE,
                       "this is not the result of flametree_compare(), or it was changed");
    return heap_guard(&call->scratch, call->visit ? judge_in_scratch : change_in_scratch, call,
                      &call->err);
}

static bool run_judging(struct judge_call *call, flametree_error *error)
{
    heap_init_under(&call->scratch, &call->profile->heap);
    bool done = api_run(call->profile, judge_in_profile, call, &call->err, error);
    heap_end(&call->scratch);
    return done;
}

bool flametree_changes(flametree_profile *comparison, flametree_change_fn *visit, void *context,
                       flametree_error *error)
{
    struct judge_call call = {.profile = comparison, .visit_change = visit, .context = context};
    return run_judging(&call, error);
}

bool flametree_judge(flametree_profile *comparison, const char *const *limits, size_t count,
                     bool fail_on_moved, flametree_gate_fn *visit, void *context,
                     flametree_error *error)
{
    struct judge_call call = {.profile = comparison,
                              .limits = limits,
                              .count = count,
                              .fail_on_moved = fail_on_moved,
                              .visit = visit,
                              .context = context};
    return run_judging(&call, error);
}
