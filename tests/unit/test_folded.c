/* SPDX-License-Identifier: MIT */
/*
 * folded: what is written is sorted as its stacks sort, and read again it is the same.
 */
#include "format/folded/folded.h"

#include "dice.h"
#include "feeding.h"
#include "heaps.h"
#include "tap.h"

/* "stack 12\n" at `at`: the stack; *at moves past the line. */
static str next_stack(str text, size_t *at, bool has_sides)
{
    size_t end = str_find(text, '\n', *at);
    str line = str_cut(text, *at, end);
    *at = end + 1;
    line = str_head(line, str_find_last(line, ' '));
    return has_sides ? str_head(line, str_find_last(line, ' ')) : line;
}

static unsigned count_disorder(str text, bool has_sides)
{
    unsigned wrong = 0;
    str before = {"", 0};
    for (size_t at = 0; at < text.n;) {
        bool first = at == 0;
        str stack = next_stack(text, &at, has_sides);
        wrong += !first && str_compare(before, stack) >= 0;
        before = stack;
    }
    return wrong;
}

static bool test_sorting(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    is_folded(&tree, "", "a tree without weight is no line");
    static const char *const stacks[] = {"a",        "a;b",    "a(b)", "a(b);c", "a<T>", "a;b;c",
                                         "a;b.part", "a;b(x)", "",     ";",      " ",    "a b",
                                         "a;b ",     "ab",     "A",    "a;"};
    for (size_t i = 0; i < sizeof stacks / sizeof stacks[0]; i++)
        stacks_add(&tree, stacks[i], i + 1);
    struct caught out = stacks_fold(&tree);
    is_u64(count_disorder(caught_text(&out), false), 0, "lines are sorted by stack");
    size_t lines = 0;
    for (size_t i = 0; i < out.n; i++)
        lines += out.p[i] == '\n';
    is_u64(lines, sizeof stacks / sizeof stacks[0], "one for each stack");
    caught_free(&out);
    return true;
}

/* Nodes that weigh nothing, alone and above others, must not end the walk. */
static bool test_weightless(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    stacks_add(&tree, "a;b;c", 0);
    stacks_add(&tree, "d", 1);
    stacks_add(&tree, "e;f", 0);
    stacks_add(&tree, "e;g", 2);
    stacks_add(&tree, "e;h;i", 0);
    stacks_add(&tree, "j;k", 0);
    is_folded(&tree, "d 1\ne;g 2\n", "stacks without weight are no lines, and hide no others");
    return true;
}

static bool test_deep(struct heap *heap, void *arg)
{
    enum { DEPTH = 200000 };
    struct tree tree;
    uint32_t node = TREE_ROOT;
    (void)arg;
    tree_init(&tree, heap, 1);
    uint32_t name = tree_frame(&tree, STR("f"));
    for (unsigned i = 0; i < DEPTH; i++)
        node = tree_child(&tree, node, name);
    tree_add(&tree, node, 0, 1, 0);
    stacks_add(&tree, "f;f;g", 1);
    struct caught out = stacks_fold(&tree);
    is_u64(out.n, DEPTH * 2 + 2 + 8, "a stack of 200000 frames is a line");
    ok(str_ends(caught_text(&out), STR("f;f 1\nf;f;g 1\n")), "and the next is a line of its own");
    caught_free(&out);
    return true;
}

/* A random profile as text, lines in any order. */
static struct caught random_text(uint64_t *state, bool has_sides)
{
    struct caught text = {0};
    static const char *const counts[] = {"1", "7.5", "0.001", "1000000", "2e3", "12.250", "0"};
    for (size_t lines = dice_below(state, 60); lines > 0; lines--) {
        char line[200];
        size_t n = 0;
        line[n++] = "xyz"[dice_below(state, 3)]; /* not a comment, not empty */
        for (size_t depth = dice_below(state, 6); depth > 0; depth--) {
            n += dice_name(state, line + n);
            line[n++] = ';';
        }
        n += dice_name(state, line + n);
        for (unsigned k = 0; k <= has_sides; k++)
            n += (size_t)snprintf(line + n, sizeof line - n, " %s", counts[dice_below(state, 7)]);
        line[n++] = '\n';
        caught_write(&text, str_of(line, n), NULL);
    }
    caught_write(&text, has_sides ? STR("sure;two 1 1\n") : STR("sure;one 1\n"), NULL);
    return text;
}

static struct caught fold_again(struct heap *heap, str text, size_t piece, uint64_t seed,
                                struct profile *profile)
{
    struct feeding f = {.reader = &reader_folded, .piece = piece, .seed = seed};
    feeding_run(&f, heap, &text, 1, profile);
    return stacks_fold(&profile->tree);
}

struct totals {
    uint64_t sums[SIDES];
    unsigned decimals;
};

static struct totals totals_of(const struct tree *tree)
{
    struct totals totals = {.decimals = tree->decimals};
    for (unsigned column = 0; column < tree->columns; column++)
        totals.sums[column] = tree_sum(tree, column);
    return totals;
}

static bool same_totals(struct totals a, struct totals b)
{
    uint64_t scale = 1;
    for (unsigned i = b.decimals; i < a.decimals; i++)
        scale *= 10;
    return a.decimals >= b.decimals && a.sums[0] == b.sums[0] * scale &&
           a.sums[1] == b.sums[1] * scale;
}

/* Text, fold, read, fold: the second and all later folds are the same to the byte. */
static bool test_identity(struct heap *heap, void *arg)
{
    bool has_sides = *(bool *)arg;
    uint64_t state = 41 + has_sides;
    unsigned differ = 0, disorder = 0, lost = 0;
    for (unsigned round = 0; round < 400; round++) {
        struct profile one, two, three;
        struct caught text = random_text(&state, has_sides);
        struct caught a = fold_again(heap, caught_text(&text), 0, dice(&state), &one);
        struct caught b = fold_again(heap, caught_text(&a), 0, dice(&state), &two);
        struct caught c = fold_again(heap, caught_text(&text), 1 + dice_below(&state, 30),
                                     dice(&state), &three);
        bool same = str_equal(caught_text(&a), caught_text(&b)) &&
                    str_equal(caught_text(&a), caught_text(&c)) &&
                    tree_has_sides(&one.tree) == has_sides && skipped_total(&one.skipped) == 0;
        if (!same && differ++ < 2) {
            tap_show("first", caught_text(&a));
            tap_show("then", caught_text(&b));
        }
        disorder += count_disorder(caught_text(&a), has_sides);
        lost += !same_totals(totals_of(&one.tree), totals_of(&two.tree));
        caught_free(&text);
        caught_free(&a);
        caught_free(&b);
        caught_free(&c);
        profile_end(&one);
        profile_end(&two);
        profile_end(&three);
    }
    const char *what = has_sides ? "two columns" : "one column";
    is_u64(differ, 0, "400 profiles of hostile names, %s: fold, read, fold is the same", what);
    is_u64(disorder, 0, "and sorted");
    is_u64(lost, 0, "and no weight is lost");
    return true;
}

int main(void)
{
    bool has_sides = false;
    heaps_run(test_sorting, NULL);
    heaps_run(test_weightless, NULL);
    heaps_run(test_deep, NULL);
    heaps_run(test_identity, &has_sides);
    has_sides = true;
    heaps_run(test_identity, &has_sides);
    return done_testing();
}
