/*
 * diff: each side is added to the tree in turn; scaling is done in whole numbers.
 */
#include "stack/diff.h"

#include "core/hash.h"
#include "core/num.h"

enum { SCALED_DECIMALS = 6 };
#define SCALED_MOST UINT64_C(1000000000) /* larger totals need no decimals */

/* weight x up / down, rounded, in units of 10^-decimals. up 0: as it is. weight <= down. */
struct scale {
    uint64_t up, down;
    unsigned decimals;
};

struct side {
    struct tree *into;
    const struct tree *from;
    struct scale scale;
    bool is_before, strip_hex;
};

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

static uint64_t scaled(const struct scale *scale, uint64_t weight)
{
    if (scale->up == 0)
        return weight;
    return (uint64_t)(((num_wide)weight * scale->up + scale->down / 2) / scale->down);
}

/* The names of one side as numbers of the other tree. */
static uint32_t *map_names(const struct side *side)
{
    const struct frames *from = &side->from->frames;
    struct heap *heap = side->into->heap;
    uint32_t *names = heap_alloc(heap, frames_count(from), sizeof *names);
    struct arena scratch;
    arena_init(&scratch, heap);
    for (uint32_t i = 0; i < frames_count(from); i++) {
        str name = frames_text(from, i);
        if (side->strip_hex)
            name = strip_hex(name, &scratch);
        names[i] = frames_add_copy(&side->into->frames, from, i, name);
    }
    arena_end(&scratch);
    return names;
}

static void add_side(const struct side *side)
{
    const struct tree *from = side->from;
    struct heap *heap = side->into->heap;
    uint32_t *names = map_names(side);
    uint32_t *to = heap_alloc(heap, from->n, sizeof *to);
    to[TREE_ROOT] = TREE_ROOT;
    for (uint32_t i = 1; i < from->n; i++) {
        uint32_t name = from->frame[i] == TREE_GAP ? 0 : from->frame[i]; /* as the root's: "" */
        to[i] = tree_child(side->into, to[from->parent[i]], names[name]);
        if (from->self[i] == 0)
            continue;
        if (!side->is_before)
            tree_add(side->into, to[i], from->self[i], side->scale.decimals);
        else
            tree_add_before(side->into, to[i], scaled(&side->scale, from->self[i]),
                            side->scale.decimals);
    }
    heap_free(heap, to);
    heap_free(heap, names);
    side->into->overflow |= from->overflow;
}

/* The total before becomes the total after, whatever decimals either had; more of them are added
 * as long as they are worth it. */
static struct scale make_scale(uint64_t before, uint64_t after, unsigned after_decimals)
{
    struct scale scale = {after, before, after_decimals};
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
static struct scale make_factor(uint64_t before, unsigned decimals,
                                const struct diff_options *options)
{
    struct scale scale = {options->up, options->down, decimals};
    double total = (double)before * (double)scale.up / (double)scale.down;
    uint64_t finer;
    while (scale.decimals < SCALED_DECIMALS && num_scale10(scale.up, 1, &finer) &&
           (total *= 10) <= (double)SCALED_MOST) {
        scale.up = finer;
        scale.decimals++;
    }
    return scale;
}

void diff_make(struct tree *into, const struct tree *before, const struct tree *after,
               const struct diff_options *options)
{
    struct side left = {into, before, {0, 0, before->decimals}, true, options->strip_hex};
    struct side right = {into, after, {0, 0, after->decimals}, false, options->strip_hex};
    uint64_t total_before = tree_sum(before, before->self),
             total_after = tree_sum(after, after->self);
    /* An empty side has no scale: the other one stays as it is. */
    if (options->normalize && total_before != 0 && total_after != 0)
        left.scale = make_scale(total_before, total_after, after->decimals);
    else if (!options->normalize && options->up != options->down)
        left.scale = make_factor(total_before, before->decimals, options);
    tree_set_two_sided(into);
    add_side(&left);
    add_side(&right);
}
