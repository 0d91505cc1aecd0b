/*
 * data_block_judge: see data_block_judge.h. With one run a side the two columns of the frames line
 * are the runs; with more, each run's own weights stand in a column of their own.
 */
#include "render/data_block_judge.h"

#include <math.h>

#include "core/num.h"
#include "render/put.h"

/* All weights of the runs are multiples of it. */
static uint64_t find_unit(const struct tree *tree)
{
    uint64_t unit = 0;
    for (unsigned column = 0; column < tree->columns; column++)
        for (uint32_t i = 0; i < tree->n && unit != 1; i++)
            unit = num_common_divisor(tree->weight[column][i], unit);
    return unit > 0 ? unit : 1;
}

/* Of each run the frames with weight: how far on the next one is, and its weight; then 0. */
static void put_columns(struct sink *sink, const struct tree *tree, uint64_t unit,
                        const struct pack *pack)
{
    PUT_KEY(sink, "columns");
    sink_byte(sink, '"');
    for (unsigned column = 0; column < tree->columns; column++) {
        uint64_t step = 1;
        uint32_t node = TREE_ROOT;
        for (; node != TREE_NONE; node = order_next(pack->order, pack->tree, node), step++) {
            uint64_t weight = tree->weight[column][node] / unit;
            if (weight == 0)
                continue;
            pack_put_number(sink, step);
            pack_put_number(sink, weight);
            step = 0;
        }
        pack_put_number(sink, 0);
    }
    sink_byte(sink, '"');
}

/* [side, a unit of the column on the judge's scale, samples in it, units in the run] */
static void put_run(struct sink *sink, const struct differential *d, size_t r, double unit)
{
    const struct run *run = &d->judge->sides->runs.at[r];
    sink_byte(sink, r == 0 ? '[' : ',');
    sink_byte(sink, '[');
    sink_u64(sink, run->side);
    sink_byte(sink, ',');
    put_number(sink, d->judge->factor[r] * unit);
    sink_byte(sink, ',');
    put_number(sink, run->unit > 0 ? unit / run->unit : 0);
    sink_byte(sink, ',');
    put_number(sink, run->total / unit);
    sink_byte(sink, ']');
}

static void put_runs(struct sink *sink, const struct differential *d, const struct pack *pack)
{
    const struct sides *sides = d->judge->sides;
    bool has_columns = sides->runs.n > SIDES;
    uint64_t divisor = has_columns ? find_unit(&sides->tree) : pack->unit;
    double unit = num_of_units(divisor, has_columns ? sides->tree.decimals : pack->tree->decimals);
    PUT_KEY(sink, "runs");
    for (size_t r = 0; r < sides->runs.n; r++) {
        bool scaled = !has_columns && sides->runs.at[r].side == SIDE_BEFORE;
        put_run(sink, d, r, scaled ? unit / d->viewer.scale : unit);
    }
    sink_byte(sink, ']');
    if (has_columns)
        put_columns(sink, &sides->tree, divisor, pack);
}

static void put_looks(struct sink *sink, const struct differential *d)
{
    static const double parts[] = {-1e-9, -1, 1e-9, 1, 0};
    static const str widths[] = {STR_INIT("after"), STR_INIT("before"), STR_INIT("union"),
                                 STR_INIT("both")};
    PUT_KEY(sink, "width");
    sink_byte(sink, '"');
    sink_bytes(sink, widths[d->viewer.width]);
    sink_byte(sink, '"');
    PUT_KEY(sink, "labels");
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        sink_bytes(sink, side == SIDE_BEFORE ? STR("[\"") : STR(",\""));
        sink_json(sink, d->viewer.labels[side]);
        sink_byte(sink, '"');
    }
    sink_byte(sink, ']');
    PUT_KEY(sink, "full");
    put_number(sink, d->max);
    PUT_KEY(sink, "colors");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        rgb color = differential_shade(d, parts[i] * d->max);
        sink_byte(sink, i == 0 ? '[' : ',');
        sink_u64(sink, (uint64_t)color.r << 16 | (uint64_t)color.g << 8 | color.b);
    }
    sink_byte(sink, ']');
    PUT_KEY(sink, "factor");
    put_number(sink, d->factor);
    PUT_KEY(sink, "decimals");
    sink_u64(sink, d->decimals);
    PUT_KEY(sink, "unit");
    sink_byte(sink, '"');
    sink_json(sink, d->unit);
    sink_byte(sink, '"');
}

void data_block_put_judge(struct sink *sink, const struct picture *picture, const struct pack *pack)
{
    static const str scales[] = {STR_INIT("shares"), STR_INIT("weights"), STR_INIT("work")};
    const struct differential *d = picture->options.differential;
    const struct judge *judge = d->judge;
    put_looks(sink, d);
    PUT_KEY(sink, "scale");
    sink_byte(sink, '"');
    sink_bytes(sink, scales[judge->scale]);
    sink_byte(sink, '"');
    PUT_KEY(sink, "whole");
    put_number(sink, judge->whole);
    PUT_KEY(sink, "level");
    put_number(sink, judge->level);
    PUT_KEY(sink, "least");
    put_number(sink, judge->least);
    PUT_KEY(sink, "z");
    put_number(sink, judge->z);
    PUT_KEY(sink, "own");
    sink_byte(sink, '[');
    put_number(sink, judge->between.own);
    sink_byte(sink, ',');
    put_number(sink, judge->between.own_freedom);
    sink_byte(sink, ']');
    PUT_KEY(sink, "common");
    put_number(sink, judge->between.common);
    PUT_KEY(sink, "sure");
    sink_byte(sink, '[');
    put_number(sink, d->frames->sure);
    sink_byte(sink, ',');
    put_number(sink, d->viewer.sure_functions);
    sink_byte(sink, ']');
    put_runs(sink, d, pack);
}
