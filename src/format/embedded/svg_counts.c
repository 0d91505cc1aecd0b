/* SPDX-License-Identifier: MIT */
/*
 * svg_counts: see svg_frame.h.
 */
#include "format/embedded/svg_frame.h"

void svg_counts_refuse(struct svg_counts *counts, const char *reason, uint64_t line)
{
    builder_skip(counts->builder, reason, line);
    counts->refused++;
}

/* ---- one unit ---- */

/* The root has the number of samples after its unit, which no other frame has. */
static void cut_samples(struct svg_counts *counts)
{
    struct heap *heap = counts->builder->scratch;
    uint32_t *frames = heap_zero(heap, intern_count(&counts->units), sizeof *frames);
    for (size_t i = 0; i < counts->frames.n; i++)
        frames[counts->frames.at[i].unit]++;
    for (size_t i = 0; i < counts->frames.n; i++) {
        struct svg_frame *frame = &counts->frames.at[i];
        str unit = intern_name(&counts->units, frame->unit);
        if (frame->is_root > 0 && frames[frame->unit] == 1 &&
            svg_title_cut_samples(&unit, &frame->samples))
            frame->unit = intern_add(&counts->units, unit);
    }
    heap_free(heap, frames);
}

/* The size of the frame's unit in the smallest one of its scale. */
static uint64_t svg_unit_size(const struct svg_counts *counts, uint32_t unit, str *smallest)
{
    return quantity_scale(intern_name(&counts->units, unit), smallest);
}

static void choose_svg_unit(struct svg_counts *counts)
{
    uint32_t first = counts->frames.at[0].unit;
    str smallest, other;
    bool differ = false, has_digits = false;
    size_t kept = 0;
    uint64_t size = svg_unit_size(counts, first, &smallest);
    for (size_t i = 0; i < counts->frames.n; i++) {
        struct svg_frame frame = counts->frames.at[i];
        svg_unit_size(counts, frame.unit, &other);
        if (!str_equal(smallest, other)) {
            svg_counts_refuse(counts, "its unit is not that of the first frame", frame.line);
            continue;
        }
        differ |= frame.unit != first;
        has_digits |= frame.digits > 0;
        counts->frames.at[kept++] = frame;
    }
    counts->frames.n = kept;
    counts->is_rounded = differ || (counts->is_own && has_digits && size > 1);
    counts->unit = counts->is_rounded ? smallest : intern_name(&counts->units, first);
}

/* Sets `count`, `decimals` and `step`. False if the count is too large. */
static bool scale_svg_count(struct svg_frame *frame, uint64_t size)
{
    uint64_t one = 1, step = 1;
    struct wide rest;
    frame->count = frame->shown.units;
    frame->decimals = frame->shown.decimals;
    if (size == 1)
        return true;
    if (!num_scale10(1, frame->decimals, &one) || !num_scale10(1, frame->digits, &step))
        return false;
    struct wide product = wide_add(wide_product(frame->count, size), wide_of(one / 2));
    struct wide count = wide_divide(product, wide_of(one), &rest);
    frame->count = count.low;
    frame->decimals = 0;
    frame->step = size / step;
    return count.high == 0;
}

void svg_counts_scale(struct svg_counts *counts)
{
    size_t kept = 0;
    cut_samples(counts);
    choose_svg_unit(counts);
    for (size_t i = 0; i < counts->frames.n; i++) {
        struct svg_frame frame = counts->frames.at[i];
        str smallest;
        uint64_t size = svg_unit_size(counts, frame.unit, &smallest);
        if (scale_svg_count(&frame, counts->is_rounded ? size : 1))
            counts->frames.at[kept++] = frame;
        else
            svg_counts_refuse(counts, "count too large", frame.line);
        if (counts->decimals < frame.decimals)
            counts->decimals = frame.decimals;
    }
    counts->frames.n = kept;
    for (size_t i = 0; i < kept; i++) {
        struct svg_frame *frame = &counts->frames.at[i];
        if (!num_scale10(frame->count, counts->decimals - frame->decimals, &frame->count))
            frame->count = UINT64_MAX;
    }
}

/* ---- rounded counts ---- */

/* Settle the count of a frame after those of its callees. If it can be their sum, rounded, the
 * frame has no self weight. */
static void settle_frame(struct svg_frame *frame)
{
    uint64_t half = frame->step / 2, most = frame->count;
    uint64_t least = half < most ? most - half : 0;
    num_add_most(&most, half);
    if (frame->callees >= least && frame->callees > 0)
        frame->count = frame->callees < most ? frame->callees : most;
    frame->parts = frame->callees > frame->count ? frame->callees : frame->count;
}

/* The share of a caller's count that belongs to `parts` of its parts. */
static uint64_t share_of_parts(const struct svg_frame *caller, uint64_t parts)
{
    struct wide rest, product = wide_product(parts, caller->count);
    return wide_divide(product, wide_of(caller->parts), &rest).low;
}

void svg_counts_settle(struct svg_counts *counts)
{
    struct svg_frame *frames = counts->frames.at;
    for (size_t i = 0; i < counts->frames.n; i++)
        frames[i].callees = 0;
    for (size_t i = counts->frames.n; i-- > 0;) {
        settle_frame(&frames[i]);
        if (frames[i].caller)
            num_add_most(&frames[i].caller->callees, frames[i].count);
    }
    for (size_t i = 0; i < counts->frames.n; i++) {
        struct svg_frame *frame = &frames[i], *caller = frame->caller;
        frame->callees = 0;
        if (!caller)
            continue;
        uint64_t from = caller->given;
        num_add_most(&caller->given, frame->count);
        if (caller->parts != caller->count)
            frame->count = share_of_parts(caller, caller->given) - share_of_parts(caller, from);
        num_add_most(&caller->callees, frame->count);
    }
}
