/*
 * two_columns: each side is added to the tree in turn; scaling is done in whole numbers.
 */
#include "compare/two_columns.h"

#include "core/hash.h"
#include "core/num.h"
#include "profile/tree_map.h"

enum { SCALED_DECIMALS = 6 };
#define SCALED_MOST UINT64_C(1000000000) /* larger totals need no decimals */

static str strip_hex(str name, struct arena *arena)
{
    char *p = NULL;
    size_t n = 0;
    for (size_t at = 0; at < name.n;) {
        if (name.p[at] == '0' && at + 2 < name.n && name.p[at + 1] == 'x' &&
            is_hex(name.p[at + 2])) {
            if (!p) { /* worst case: every 3 bytes become 5 */
                p = arena_alloc(arena, name.n, 2, 1);
                memcpy(p, name.p, at);
                n = at;
            }
            memcpy(p + n, "0x...", 5);
            n += 5;
            for (at += 2; at < name.n && is_hex(name.p[at]);)
                at++;
            continue;
        }
        if (p)
            p[n++] = name.p[at];
        at++;
    }
    return p ? str_of(p, n) : name;
}

/* By frame of `from`: the one of `into`. */
static uint32_t *strip_frames(struct tree *into, const struct frames *from)
{
    uint32_t *frames = heap_alloc(into->heap, frames_count(from), sizeof *frames);
    struct arena scratch;
    arena_init(&scratch, into->heap);
    for (uint32_t i = 0; i < frames_count(from); i++)
        frames[i] = frames_add_copy(&into->frames, from, i,
                                    strip_hex(frames_text(from, i), &scratch));
    arena_end(&scratch);
    return frames;
}

/* Of a differential, its side after. */
static void add_side(struct tree *into, enum side side, const struct tree *from,
                     const struct two_columns_options *options, struct tree_scale scale)
{
    uint32_t *frames = options->strip_hex ? strip_frames(into, &from->frames) : NULL;
    unsigned columns[SIDES] = {tree_has_sides(from) ? TREE_NONE : side, side};
    struct tree_mapping mapping = {.frames = frames, .columns = columns, .scale = scale};
    tree_map(into, from, &mapping);
    heap_free(into->heap, frames);
}

void two_columns_strip_hex(struct tree *into, const struct tree *from)
{
    tree_init_like(into, from);
    uint32_t *frames = strip_frames(into, &from->frames);
    struct tree_mapping mapping = {.frames = frames};
    tree_map(into, from, &mapping);
    heap_free(into->heap, frames);
}

/* The total before becomes the total after, whatever decimals either had; more of them are added
 * as long as they are worth it. */
static struct tree_scale make_scale(uint64_t before, uint64_t after, unsigned after_decimals)
{
    struct tree_scale scale = {after, before, after_decimals};
    uint64_t finer;
    while (scale.decimals < SCALED_DECIMALS && num_scale10(scale.up, 1, &finer) &&
           finer <= SCALED_MOST) {
        scale.up = finer;
        scale.decimals++;
    }
    return scale;
}

/* The same for a factor: decimals are added as long as the total stays within what they are worth.
 * */
static struct tree_scale make_factor(uint64_t before, unsigned decimals,
                                     const struct two_columns_options *options)
{
    struct tree_scale scale = {options->up, options->down, decimals};
    double total = (double)before * (double)scale.up / (double)scale.down;
    uint64_t finer;
    while (scale.decimals < SCALED_DECIMALS && num_scale10(scale.up, 1, &finer) &&
           (total *= 10) <= (double)SCALED_MOST) {
        scale.up = finer;
        scale.decimals++;
    }
    return scale;
}

/* An empty side has no scale: the other one stays as it is. */
static struct tree_scale find_scale(const struct tree *before, const struct tree *after,
                                    const struct two_columns_options *options)
{
    uint64_t total_before = tree_sum(before, tree_after(before));
    if (!options->normalize)
        return make_factor(total_before, before->decimals, options);
    uint64_t total_after = tree_sum(after, tree_after(after));
    if (total_before == 0 || total_after == 0)
        return (struct tree_scale){0};
    return make_scale(total_before, total_after, after->decimals);
}

void two_columns_make(struct tree *into, const struct tree *before, const struct tree *after,
                      const struct two_columns_options *options)
{
    struct tree_scale scale = {0};
    if (options->normalize || options->up != options->down)
        scale = find_scale(before, after, options);
    tree_set_sides(into);
    add_side(into, SIDE_BEFORE, before, options, scale);
    add_side(into, SIDE_AFTER, after, options, (struct tree_scale){0});
}
