/* SPDX-License-Identifier: MIT */
/*
 * data_block_judge: the verdicts of flamediff. With one run a side the two columns of the frames
 * line are the runs; with more, each run's own weights are in a column of their own.
 */
#include <math.h>

#include "format/embedded/embedded_writer.h"
#include "output/markup.h"
#include "output/svg.h"

#define JUDGE_VERSION  2     /* 1 had what a viewer needs to judge by itself, and no verdicts */
#define LEAST_INTERVAL 0.001 /* of the whole run: smaller frames have no interval */

/* One for each run. */
static void put_columns(struct sink *sink, const struct tree *tree, uint64_t unit,
                        const struct embedded_writer *pack)
{
    PUT(sink, KEY("columns"), LIT("\""));
    for (unsigned column = 0; column < tree->columns; column++)
        embedded_writer_put_column(pack, tree, column, unit, sink);
    sink_byte(sink, '"');
}

/* [side, a unit of the column on the judge's scale] */
static void put_run(struct sink *sink, const struct differential *d, size_t r, double unit)
{
    const struct run *run = &d->judge->set->runs.at[r];
    PUT(sink, WORD(r == 0 ? "[[" : ",["), DIGITS(run->side), LIT(","),
        NUMBER(d->judge->factor[r] * unit), LIT("]"));
}

static void put_runs(struct sink *sink, const struct differential *d,
                     const struct embedded_writer *pack)
{
    const struct run_set *set = d->judge->set;
    bool has_columns = set->runs.n > SIDES;
    uint64_t divisor = has_columns ? tree_find_unit(&set->tree, 0, set->tree.columns) : pack->unit;
    double unit = num_of_units(divisor, has_columns ? set->tree.decimals : pack->tree->decimals);
    PUT(sink, KEY("runs"));
    for (size_t r = 0; r < set->runs.n; r++) {
        bool scaled = !has_columns && set->runs.at[r].side == SIDE_BEFORE;
        put_run(sink, d, r, scaled ? unit / d->viewer.scale : unit);
    }
    sink_byte(sink, ']');
    if (has_columns)
        put_columns(sink, &set->tree, divisor, pack);
}

static void put_display_options(struct sink *sink, const struct differential *d)
{
    static const double parts[] = {-1e-9, -1, 1e-9, 1, 0};
    static const str widths[] = {STR_INIT("after"), STR_INIT("before"), STR_INIT("union"),
                                 STR_INIT("both")};
    PUT(sink, KEY("width"), STRING(widths[d->viewer.width]), KEY("labels"), LIT("["),
        STRING(d->viewer.labels[SIDE_BEFORE]), LIT(","), STRING(d->viewer.labels[SIDE_AFTER]),
        LIT("]"), KEY("full"), NUMBER(d->max), KEY("colors"));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        rgb color = differential_shade(d, parts[i] * d->max);
        PUT(sink, WORD(i == 0 ? "[" : ","),
            DIGITS((uint64_t)color.r << 16 | (uint64_t)color.g << 8 | color.b));
    }
    rgb moved = differential_moved();
    PUT(sink, LIT(","), DIGITS((uint64_t)moved.r << 16 | (uint64_t)moved.g << 8 | moved.b));
    PUT(sink, LIT("]"), KEY("shares"), WORD(d->judge->scale == CHANGE_SHARES ? "true" : "false"));
    PUT(sink, KEY("factor"), NUMBER(d->factor), KEY("decimals"), DIGITS(d->decimals), KEY("unit"),
        STRING(d->unit));
}

/* ---- verdicts ---- */

/* A run of frames with one verdict: how many more there are, times 8, and the verdict. */
static void put_verdicts(struct sink *sink, const struct change *changes,
                         const struct embedded_writer *pack)
{
    uint32_t node = TREE_ROOT;
    sink_lit(sink, "\"verdicts\":\"");
    while (node != TREE_NONE) {
        enum change_verdict verdict = changes[node].verdict;
        uint64_t more = 0;
        node = sibling_order_next(pack->order, pack->tree, node);
        for (; node != TREE_NONE && changes[node].verdict == verdict; more++)
            node = sibling_order_next(pack->order, pack->tree, node);
        embedded_writer_put_number(sink, more << 3 | verdict);
    }
    sink_byte(sink, '"');
}

/* 0, -1, 1, -2, 2... as 0, 1, 2, 3, 4... */
static void put_signed(struct sink *sink, double value)
{
    double whole = fmin(1e15, fabs(round(value)));
    embedded_writer_put_number(sink, value < 0 && whole > 0 ? (uint64_t)whole * 2 - 1
                                                            : (uint64_t)whole * 2);
}

/* Intervals of the frames that a person could want to know about, in the last digit shown. */
static void put_intervals(struct sink *sink, const struct differential *d,
                          const struct change *changes, const struct embedded_writer *pack)
{
    double digit = d->factor * pow(10, d->decimals);
    uint64_t step = 1;
    uint32_t node = TREE_ROOT;
    PUT(sink, KEY("intervals"), LIT("\""));
    for (; node != TREE_NONE; node = sibling_order_next(pack->order, pack->tree, node), step++) {
        const struct change *change = &changes[node];
        if (fmax(change->before, change->after) < d->judge->whole * LEAST_INTERVAL ||
            !isfinite(change->low) || !isfinite(change->high))
            continue;
        embedded_writer_put_number(sink, step);
        put_signed(sink, change->low * digit);
        put_signed(sink, change->high * digit);
        step = 0;
    }
    embedded_writer_put_number(sink, 0);
    sink_byte(sink, '"');
}

/* Functions that changed, in the order of the report: name, verdict, cause. */
static void put_functions(struct sink *sink, const struct differential *d, enum delta_of of,
                          const struct embedded_writer *pack)
{
    const struct function_changes *functions = d->viewer.functions;
    const uint32_t *order = of == DELTA_SELF ? functions->by_self : functions->by_total;
    PUT(sink, KEY("functions"), LIT("\""));
    for (uint32_t i = 0; i < functions->n; i++) {
        const struct function_change *function = &functions->at[order[i]];
        const struct change *change = of == DELTA_SELF ? &function->self : &function->total;
        if (change->verdict == CHANGE_NOISE || change->after == change->before)
            continue;
        embedded_writer_put_number(sink, (uint64_t)pack->position[function->name] + 1);
        embedded_writer_put_number(sink, change->verdict);
        if (of == DELTA_SELF || function->cause == FUNCTION_NONE)
            embedded_writer_put_number(sink, 0);
        else
            embedded_writer_put_number(
                sink, (uint64_t)pack->position[functions->at[function->cause].name] + 1);
    }
    embedded_writer_put_number(sink, 0);
    sink_byte(sink, '"');
}

static void put_judgement(struct sink *sink, const struct differential *d,
                          const struct embedded_writer *pack)
{
    PUT(sink, KEY("judged"));
    for (enum delta_of of = DELTA_TOTAL; of <= DELTA_SELF; of++) {
        sink_bytes(sink, of == DELTA_TOTAL ? STR("{\"total\":{") : STR(",\"self\":{"));
        put_verdicts(sink, d->viewer.changes[of], pack);
        put_intervals(sink, d, d->viewer.changes[of], pack);
        put_functions(sink, d, of, pack);
        sink_byte(sink, '}');
    }
    sink_byte(sink, '}');
}

void data_block_put_judge(struct sink *sink, const struct picture *picture,
                          const struct embedded_writer *pack)
{
    const struct differential *d = picture->options.differential;
    PUT(sink, KEY("version"), DIGITS(JUDGE_VERSION));
    put_display_options(sink, d);
    PUT(sink, KEY("whole"), NUMBER(d->judge->whole), KEY("level"), NUMBER(d->judge->level),
        KEY("scale"), NUMBER(d->viewer.scale));
    put_runs(sink, d, pack);
    put_judgement(sink, d, pack);
}
