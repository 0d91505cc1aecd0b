/*
 * diff: each side is added to the tree in turn; scaling is done in whole numbers.
 */
#include "stack/diff.h"

#include "core/hash.h"
#include "core/num.h"

enum { SCALED_DECIMALS = 6 };
#define SCALED_MOST UINT64_C(1000000000000000) /* larger totals need no decimals */

/* weight x up / down, rounded, in units of 10^-decimals. up 0: as it is. */
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
    uint64_t factor = 1, whole;
    if (scale->up == 0)
        return weight;
    num_scale10(1, scale->decimals, &factor);
    hash_wide product = (hash_wide)weight * scale->up;
    hash_wide quotient = product / scale->down, rest = product % scale->down;
    hash_wide fraction = (rest * factor + scale->down / 2) / scale->down;
    if (quotient > UINT64_MAX || !num_scale10((uint64_t)quotient, scale->decimals, &whole))
        return UINT64_MAX;
    return num_add_u64(whole, (uint64_t)fraction, &whole) ? whole : UINT64_MAX;
}

static void add_side(const struct side *side)
{
    const struct tree *from = side->from;
    struct heap *heap = side->into->heap;
    uint32_t *to = heap_alloc(heap, from->n, sizeof *to);
    struct arena scratch;
    arena_init(&scratch, heap);
    to[TREE_ROOT] = TREE_ROOT;
    for (uint32_t i = 1; i < from->n; i++) {
        str name = tree_name(from, i);
        if (side->strip_hex)
            name = strip_hex(name, &scratch);
        to[i] = tree_child(side->into, to[from->parent[i]], tree_intern(side->into, name));
        if (from->self[i] == 0)
            continue;
        if (!side->is_before)
            tree_add(side->into, to[i], from->self[i], side->scale.decimals);
        else
            tree_add_before(side->into, to[i], scaled(&side->scale, from->self[i]),
                            side->scale.decimals);
    }
    arena_end(&scratch);
    heap_free(heap, to);
    side->into->overflow |= from->overflow;
}

static uint64_t total_of(const struct tree *tree)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < tree->n; i++)
        if (!num_add_u64(total, tree->self[i], &total))
            return UINT64_MAX;
    return total;
}

/* An empty side has no scale: the other one stays as it is. */
static struct scale make_scale(const struct tree *before, const struct tree *after)
{
    uint64_t up = total_of(after), down = total_of(before);
    uint64_t larger;
    struct scale scale = {up, down, SCALED_DECIMALS};
    while (scale.decimals > 0 &&
           (!num_scale10(up > down ? up : down, scale.decimals, &larger) || larger > SCALED_MOST))
        scale.decimals--;
    if (before->decimals > after->decimals)
        num_scale10(up, before->decimals - after->decimals, &scale.up);
    else
        num_scale10(down, after->decimals - before->decimals, &scale.down);
    return scale;
}

void diff_make(struct tree *into, const struct tree *before, const struct tree *after,
               const struct diff_options *options)
{
    struct side left = {into, before, {0, 0, before->decimals}, true, options->strip_hex};
    struct side right = {into, after, {0, 0, after->decimals}, false, options->strip_hex};
    bool empty = total_of(before) == 0 || total_of(after) == 0;
    if (options->normalize && !empty)
        left.scale = make_scale(before, after);
    tree_set_two_sided(into);
    add_side(&left);
    add_side(&right);
}
