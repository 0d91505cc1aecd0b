/* SPDX-License-Identifier: MIT */
/*
 * differential: see differential.h.
 */
#include "picture/differential.h"

#include <math.h>
#include <stdlib.h>

#include "core/num.h"
#include "picture/picture.h"

/* ---- two columns ---- */

static double find_change(const struct delta *delta, uint32_t node)
{
    uint64_t before = delta->before[node], after = delta->after[node];
    return after >= before ? (double)(after - before) : -(double)(before - after);
}

void delta_make(struct delta *delta, const struct tree *tree, unsigned column, enum delta_of of,
                const uint64_t *totals, const uint64_t *totals_before)
{
    uint64_t sample = 1;
    *delta = (struct delta){.max = 1};
    delta->before = of == DELTA_SELF ? tree->weight[SIDE_BEFORE] : totals_before;
    delta->after = of == DELTA_SELF ? tree->weight[column] : totals;
    if (num_scale10(1, tree->decimals, &sample))
        delta->max = (double)sample;
    /* The total of the root is everything: its change says nothing about a frame. */
    for (uint32_t node = of == DELTA_SELF ? 0 : 1; node < tree->n; node++) {
        double change = find_change(delta, node);
        if (change < 0)
            change = -change;
        if (change > delta->max)
            delta->max = change;
    }
}

double delta_change(const struct delta *delta, uint32_t node)
{
    double change = find_change(delta, node);
    return delta->negate && change != 0 ? -change : change;
}

rgb delta_color(const struct delta *delta, double change)
{
    double size = change < 0 ? -change : change;
    double left = size > delta->max ? 0 : 210 * (delta->max - size) / delta->max;
    unsigned char other = (unsigned char)left;
    if (change == 0)
        return (rgb){255, 255, 255};
    return change > 0 ? (rgb){255, other, other} : (rgb){other, other, 255};
}

/* ---- a comparison ---- */

#define LEAST_MAX 0.005 /* half a per cent of the run */
#define FAINTEST  0.2   /* a real change is never as pale as noise */

/* Colors of a growth and a reduction of the size max. Noise is grey. */
static const rgb end_colors[][2] = {
    [DIFFERENTIAL_SAFE] = {{217, 95, 2}, {31, 90, 180}},
    [DIFFERENTIAL_RED_BLUE] = {{255, 0, 0}, {0, 0, 255}},
};
static const rgb pale = {250, 248, 245}, grey = {214, 214, 214}, moved = {190, 170, 205};

/* The size of a change, and how much of the picture it colors. */
struct patch {
    double size, width;
};

static int compare_patches(const void *a, const void *b)
{
    const struct patch *x = a, *y = b;
    return x->size < y->size ? -1 : x->size > y->size;
}

/* 1, 2 or 5 times a power of ten, not below `size`. */
static double round_up_change(double size)
{
    static const double steps[] = {1, 2, 5, 10};
    double power = pow(10, floor(log10(size)));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (size <= steps[i] * power * (1 + 1e-9))
            return steps[i] * power;
    return 10 * power;
}

/* Three quarters of the colored width have changes within it: a few wide frames matter more than
 * many frames that are too narrow to see. */
static double find_scale_end(const struct differential *d, uint32_t n)
{
    struct heap *heap = d->judge->set->heap;
    struct patch *patches = heap_alloc(heap, n, sizeof *patches);
    size_t count = 0;
    double all = 0, within = 0, max = LEAST_MAX;
    for (uint32_t i = 1; i < n; i++) {
        const struct change *change = &d->changes[i];
        if (!change_is_real(change) || change->verdict == CHANGE_MOVED)
            continue;
        struct patch patch = {fabs(change_effect(d->judge, change)),
                              fmax(change->before, change->after)};
        all += patch.width;
        patches[count++] = patch;
    }
    qsort(patches, count, sizeof *patches, compare_patches);
    for (size_t i = 0; i < count && within < 0.75 * all; i++) {
        within += patches[i].width;
        max = fmax(max, patches[i].size);
    }
    heap_free(heap, patches);
    return round_up_change(max);
}

/* Beyond the end of the scale the color stays. */
static str make_legend_label(struct heap *heap, double max, bool up)
{
    struct sink label;
    sink_open_memory(&label, heap);
    sink_byte(&label, up ? '+' : '-');
    sink_fixed(&label, max * 100, max * 100 < 1 ? 1 : 0);
    sink_bytes(&label, up ? STR(" % and more, of the run") : STR(" % and more"));
    return sink_text(&label);
}

void differential_make(struct differential *d, const struct judge *judge,
                       const struct change *changes, enum differential_colors colors)
{
    *d = (struct differential){.judge = judge, .changes = changes, .colors = colors};
    d->max = find_scale_end(d, judge->set->tree.n);
}

static unsigned char mix_channel(unsigned char a, unsigned char b, double part)
{
    return (unsigned char)(a + (b - a) * part + 0.5);
}

rgb differential_shade(const struct differential *d, double effect)
{
    if (effect == 0)
        return grey;
    rgb end = end_colors[d->colors][effect < 0];
    double part = fmin(1, FAINTEST + (1 - FAINTEST) * fabs(effect) / d->max);
    return (rgb){mix_channel(pale.r, end.r, part), mix_channel(pale.g, end.g, part),
                 mix_channel(pale.b, end.b, part)};
}

rgb differential_moved(void)
{
    return moved;
}

rgb differential_color(const struct differential *d, uint32_t node)
{
    const struct change *change = &d->changes[node];
    if (change->verdict == CHANGE_MOVED)
        return moved;
    return differential_shade(d, change_is_real(change) ? change_effect(d->judge, change) : 0);
}

/* By totals in all cases: a frame that lost only its own weight is still there. */
enum differential_mark differential_mark(const struct differential *d, uint32_t node)
{
    const struct run_set *set = d->judge->set;
    bool has[SIDES] = {false, false};
    for (size_t r = 0; r < set->runs.n; r++)
        has[set->runs.at[r].side] |= set->runs.at[r].whole[node] > 0;
    if (has[SIDE_BEFORE] && !has[SIDE_AFTER])
        return MARK_GONE;
    return !has[SIDE_BEFORE] && d->changes[node].verdict == CHANGE_NEW ? MARK_NEW : MARK_NONE;
}

static void add_legend_entry(struct legend *legend, str label, rgb color, double *x,
                             struct heap *heap, const struct layout_options *options)
{
    struct legend_entry entry = {label, color, *x};
    vec_push(heap, &legend->entries, entry);
    *x += 1.5 * legend->swatch + (double)label.n * options->font * options->fontwidth +
          (label.n > 0 ? options->font : 0);
}

/* In totals or selves: the viewer can show both. */
static bool has_frame_moved(const struct differential *d)
{
    bool any = false;
    for (enum delta_of of = DELTA_TOTAL; of <= DELTA_SELF; of++)
        for (uint32_t i = 0; d->viewer.changes[of] && i < d->judge->set->tree.n; i++)
            any |= d->viewer.changes[of][i].verdict == CHANGE_MOVED;
    return any;
}

enum { WIDE = 800 }; /* the legend has room for a sentence */

/* Noise, or all of the picture if nothing can be said about noise. */
static str gray_label(const struct differential *d, double width)
{
    if (judge_knows_noise(d->judge))
        return STR("noise");
    return width < WIDE ? STR("unknown") : STR("cannot be judged: number of samples unknown");
}

void differential_legend(const struct differential *d, struct legend *legend, struct heap *heap,
                         const struct layout_options *options)
{
    static const double parts[] = {-1, -0.5, 0, 0.5, 1};
    double x = 10;
    *legend = (struct legend){.swatch = options->font};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        str label = parts[i] == 0 ? gray_label(d, options->width) : STR("");
        if (fabs(parts[i]) == 1)
            label = make_legend_label(heap, d->max, parts[i] > 0);
        add_legend_entry(legend, label, differential_shade(d, parts[i] * d->max), &x, heap,
                         options);
    }
    if (has_frame_moved(d))
        add_legend_entry(legend, STR("moved"), moved, &x, heap, options);
}
