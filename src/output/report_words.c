/* SPDX-License-Identifier: MIT */
/*
 * report_words: the sentences of reports, the same in every format, and the gates as JUnit XML.
 */
#include <math.h>

#include "output/markup.h"
#include "output/report.h"
#include "profile/profile.h"

void report_put_normalization(const struct report *report, sink_put_fn *put, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    bool known = comparison_weight(comparison, SIDE_BEFORE) > 0;
    switch (comparison->normalize) {
    case NORMALIZE_TOTAL:
        sink_lit(sink, "by total, as shares of each run");
        if (comparison->judge.ratio != 1)
            PUT(sink, LIT(", times "), FIXED(1 / comparison->judge.ratio, 3),
                LIT(" after, so that most functions are alike"));
        break;
    case NORMALIZE_WORK:
        PUT(sink, LIT("by work, as cost per "), VIA(put, report->work_unit));
        break;
    case NORMALIZE_AUTO:
    case NORMALIZE_NONE: sink_lit(sink, "none, weights are compared as they are"); break;
    }
    if (known && comparison->normalize != NORMALIZE_WORK)
        PUT(sink, LIT(" (the totals differ by "), FIXED(fabs(comparison->apart) * 100, 1),
            LIT(" %)"));
}

void report_put_side(const struct report *report, enum side side, sink_put_fn *put,
                     struct sink *sink)
{
    size_t runs = report->comparison->set->count[side];
    double samples = comparison_samples(report->comparison, side);
    PUT(sink, COMMAS(runs), WORD(runs == 1 ? " run, " : " runs, "));
    if (samples > 0 && !str_equal(report->unit, STR("samples")))
        PUT(sink, COMMAS(samples < 1.8e19 ? (uint64_t)(samples + 0.5) : UINT64_MAX),
            LIT(" samples, "));
    PUT(sink, AMOUNT(comparison_weight(report->comparison, side), report->unit, put));
}

void report_put_whole(const struct report *report, struct sink *sink)
{
    double whole = report->comparison->plain.whole;
    const struct change *change = &report->comparison->whole;
    struct cell_unit percent = {whole > 0 ? 100 / whole : 0, 2, STR("%")};
    PUT(sink, CELL(cell_change(&percent, change->after - change->before)), LIT(" % ("),
        CELL(cell_range(&percent, change->low, change->high)), LIT("): "),
        WORD(change_verdict_name(report->comparison->plain.scale, change->verdict)));
}

/* ---- gates ---- */

void report_put_gates(const struct report *report, report_gate_fn *put, struct sink *sink)
{
    static const enum gate_result in_order[] = {GATE_REGRESSION, GATE_TOO_LITTLE, GATE_FINE};
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < report->gate_count; i++)
            if (report->gates[i].result == in_order[k])
                put(report, &report->gates[i], sink);
    if (report->gate_count > 0)
        sink_byte(sink, '\n');
}

const char *report_gate_result(const struct gate *gate)
{
    static const char *const names[] = {"fine", "regression", "not enough data"};
    return names[gate->result];
}

/* A limit or what could be seen, in the measure of the limit. */
static void put_measure(const struct gate *gate, double value, struct sink *sink)
{
    if (gate->is_factor)
        PUT(sink, FIXED(value, 2), LIT("x"));
    else
        PUT(sink, FIXED(value * 100, 2), LIT(" %"));
}

/* The amount of data that would decide: runs if a side has several, else samples. */
static void put_needed(const struct report *report, const struct gate *gate, struct sink *sink)
{
    enum { NEEDED_MOST = 1000 };
    const struct comparison *comparison = report->comparison;
    const struct run_set *set = comparison->set;
    double runs = (double)set->count[SIDE_AFTER];
    double before = comparison_samples(comparison, SIDE_BEFORE);
    double samples = fmin(before, comparison_samples(comparison, SIDE_AFTER));
    if (!(gate->needed <= NEEDED_MOST))
        sink_lit(sink, "; the change is too close to the limit for more data to decide soon");
    else if (set->runs.n > SIDES || samples <= 0)
        PUT(sink, LIT("; about "), COMMAS((uint64_t)ceil(fmax(2, runs * gate->needed))),
            LIT(" runs a side would decide"));
    else
        PUT(sink, LIT("; about "), COMMAS((uint64_t)ceil(samples * gate->needed)),
            LIT(" samples a side would decide"));
}

static void put_lack(const struct report *report, const struct gate *gate, struct sink *sink)
{
    const struct comparison *comparison = report->comparison;
    switch (gate->lack) {
    case GATE_LACK_NONE:
    case GATE_LACK_NAME: break;
    case GATE_LACK_SCALE:
        PUT(sink, LIT("; the totals differ by "), FIXED(fabs(comparison->apart) * 100, 1),
            LIT(" %, and nothing says whether both sides did the same work: add --work N,M, or "
                "--normalize none if they did, or --normalize total to compare shares"));
        break;
    case GATE_LACK_SAMPLES:
        sink_lit(sink, "; the number of samples is not known: add --sample-weight, or give several "
                       "runs of each side");
        break;
    case GATE_LACK_RUNS:
        PUT(sink, LIT("; most functions differ more than counting samples explains ("),
            FIXED(comparison->judge.dispersion, 1),
            LIT(" times the variance): give several runs of each side"));
        break;
    case GATE_LACK_DATA:
        if (isfinite(gate->visible)) {
            sink_lit(sink, "; the smallest change that could have been seen is ");
            put_measure(gate, gate->visible, sink);
        }
        put_needed(report, gate, sink);
        break;
    }
}

static void put_change_sentence(const struct report *report, const struct gate *gate,
                                struct sink *sink)
{
    struct cell_unit percent = {100 / gate->scale, 2, STR("%")};
    const struct change *change = &gate->change;
    bool shares = report->comparison->judge.scale == CHANGE_SHARES && gate->subject != GATE_TOTAL;
    sink_bytes(sink, gate->what);
    if (gate->lack == GATE_LACK_NAME) {
        sink_lit(sink, ": nothing of that name in either profile");
        return;
    }
    PUT(sink, LIT(": "), CELL(cell_change(&percent, change->after - change->before)), LIT(" % "),
        WORD(shares ? "of the run" : "of the run before"), LIT(" ("),
        CELL(cell_value(&percent, change->before)), LIT(" % to "),
        CELL(cell_value(&percent, change->after)), LIT(" %, "),
        CELL(report_confidence(gate->confidence)), LIT(" interval "),
        CELL(cell_range(&percent, change->low, change->high)));
    if (gate->tests > 1)
        PUT(sink, LIT(" for "), COMMAS((uint64_t)gate->tests), LIT(" tests"));
    if (gate->is_factor && change->before > 0 && change->after > 0)
        PUT(sink, LIT("; "), CELL(cell_ratio(change)));
    sink_byte(sink, ')');
    if (gate->more > 0)
        PUT(sink, LIT(" and "), COMMAS(gate->more),
            WORD(gate->subject == GATE_CLASS || gate->subject == GATE_TAG ? " more"
                 : gate->more == 1                                        ? " more function"
                                                                          : " more functions"));
    if (gate->moved > 0)
        PUT(sink, LIT("; cost that moved does not count, of "), COMMAS(gate->moved),
            WORD(gate->moved == 1 ? " function" : " functions"));
    put_lack(report, gate, sink);
}

str report_gate_sentence(const struct report *report, const struct gate *gate)
{
    struct sink sink;
    sink_open_memory(&sink, report->comparison->set->heap);
    put_change_sentence(report, gate, &sink);
    return sink_text(&sink);
}

str report_noise_remark(const struct report *report)
{
    const struct judge *judge = &report->comparison->judge;
    if (!judge_knows_noise(judge))
        return STR("not known: the number of samples is not known, and there is one run a side");
    if (judge->dispersed)
        return STR("most functions differ more than counting samples explains: runs differ, or all "
                   "changed; give several runs of each side");
    if (judge->assumed)
        return STR("that of counting samples; that the weights are samples is assumed "
                   "(--sample-weight 1 confirms it); one run a side does not show how runs differ");
    if (judge->set->runs.n == SIDES)
        return STR("that of counting samples; one run a side does not show how runs differ");
    return STR("");
}

static bool has_moved_in(const struct change *change, const struct function_move *move)
{
    return change->verdict == CHANGE_MOVED && change->after > change->before &&
           move->other != FUNCTION_NONE;
}

const struct function_move *report_find_move(const struct function_change *function)
{
    if (has_moved_in(&function->total, &function->move))
        return &function->move;
    return has_moved_in(&function->self, &function->self_move) ? &function->self_move : NULL;
}

struct cell report_move_size(const struct cell_unit *unit, const struct function_change *function)
{
    bool total = has_moved_in(&function->total, &function->move);
    const struct change *change = total ? &function->total : &function->self;
    return cell_value(unit, change->after - change->before);
}

void report_put_move(const struct report *report, const struct function_change *function,
                     sink_put_fn *put, struct sink *sink)
{
    const struct function_changes *functions = &report->comparison->functions;
    const struct judge *judge = &report->comparison->judge;
    const struct function_move *move = report_find_move(function);
    if (!move)
        return;
    PUT(sink, VIA(put, function_name(judge, &functions->at[move->other])), LIT(" -> "),
        VIA(put, function_name(judge, function)));
    if (move != &function->move)
        sink_lit(sink, " by itself");
    else if (move->renamed)
        sink_lit(sink, ": same caller, same callees, same weight");
    else if (move->caller != FUNCTION_NONE)
        PUT(sink, LIT(", below "), VIA(put, function_name(judge, &functions->at[move->caller])));
}

/* ---- JUnit: a regression is a failure, too little data an error, so that neither passes ---- */

static void put_xml(str text, struct sink *sink)
{
    sink_xml(sink, text);
}

static void put_case(const struct report *report, const struct gate *gate, struct sink *sink)
{
    str sentence = report_gate_sentence(report, gate);
    static const char *const kinds[] = {"system-out", "failure", "error"};
    const char *kind = kinds[gate->result];
    PUT(sink, LIT("    <testcase classname=\"flamediff\" name=\""), XML(gate->text),
        LIT("\">\n      <"), WORD(kind));
    if (gate->result != GATE_FINE)
        PUT(sink, LIT(" type=\""), WORD(report_gate_result(gate)), LIT("\" message=\""),
            XML(sentence), LIT("\""));
    PUT(sink, LIT(">"), XML(sentence), LIT("</"), WORD(kind), LIT(">\n    </testcase>\n"));
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
