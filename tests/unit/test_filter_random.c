/* SPDX-License-Identifier: MIT */
/*
 * filter: random stacks against the plain reading of what each word says, one stack at a time; and
 * a stack that is as deep as its tree is large.
 */
#include "transform/filter.h"

#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

/* One stage on a tree. */
static bool apply(struct tree *tree, enum filter_stage stage, const char *text)
{
    struct filter filter;
    filter = (struct filter){.heap = tree->heap};
    struct err last = {0};
    if (stage == FILTER_MERGE_RECURSION)
        filter.merge_recursion = true;
    else if (stage == FILTER_MAX_DEPTH)
        filter.max_depth = (uint64_t)(text[0] - '0');
    else if (!filter_add(&filter, stage, str_from_c(text), &last))
        return false;
    bool good = filter_apply(&filter, tree, &last);
    filter_end(&filter);
    return good;
}

/* Random stacks of the letters a to d, and what each word says of one of them. */
enum { DEEPEST = 8, STACKS = 40 };

struct stack {
    char frames[DEEPEST + 1];
    size_t n;
    uint64_t before, after;
};

static bool in_set(char frame)
{
    return frame == 'a' || frame == 'b';
}

static void drop_head(struct stack *s, size_t count)
{
    s->n -= count;
    memmove(s->frames, s->frames + count, s->n);
}

static void keep_frames(struct stack *s, bool matching)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (in_set(s->frames[i]) == matching)
            s->frames[n++] = s->frames[i];
    s->n = n;
}

static void plain_merge(struct stack *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (n == 0 || s->frames[n - 1] != s->frames[i])
            s->frames[n++] = s->frames[i];
    s->n = n;
}

/* What is left of a stack; no frames: nothing. */
static void plain(struct stack *s, enum filter_stage stage)
{
    size_t first = 0, last_match = s->n;
    while (first < s->n && !in_set(s->frames[first]))
        first++;
    while (last_match > 0 && !in_set(s->frames[last_match - 1]))
        last_match--;
    bool any = first < s->n;
    switch (stage) {
    case FILTER_FOCUS: s->n = any ? s->n : 0; break;
    case FILTER_IGNORE: s->n = any ? 0 : s->n; break;
    case FILTER_HIDE: keep_frames(s, false); break;
    case FILTER_SHOW: keep_frames(s, true); break;
    case FILTER_SHOW_FROM: drop_head(s, first); break;
    case FILTER_PRUNE_FROM: s->n = any ? last_match : s->n; break;
    case FILTER_SKIP_AFTER: drop_head(s, any ? last_match - 1 : 0); break;
    case FILTER_MERGE_RECURSION: plain_merge(s); break;
    case FILTER_MAX_DEPTH: s->n = s->n < 3 ? s->n : 3; break;
    case FILTER_RENAME:
        for (size_t i = 0; i < s->n; i++)
            s->frames[i] = in_set(s->frames[i]) ? 'Q' : s->frames[i];
        break;
    default: break;
    }
}

static uint64_t add_stack(struct tree *tree, const struct stack *s)
{
    uint32_t node = TREE_ROOT;
    if (s->n == 0)
        return 0;
    for (size_t i = 0; i < s->n; i++)
        node = tree_child(tree, node, tree_frame(tree, str_of(&s->frames[i], 1)));
    if (s->after > 0)
        node = tree_add(tree, node, tree_after(tree), s->after, 0);
    if (tree_has_sides(tree))
        tree_add(tree, node, SIDE_BEFORE, s->before, 0);
    return s->after + (tree_has_sides(tree) ? s->before : 0);
}

static void init(struct tree *tree, struct heap *heap, unsigned kind)
{
    tree_init(tree, heap, 1);
    tree->in_order = kind == 1;
    if (kind == 2)
        tree_set_sides(tree);
}

static struct stack random_stack(uint64_t *state)
{
    struct stack s = {.n = 1 + dice_below(state, DEEPEST)};
    for (size_t i = 0; i < s.n; i++)
        s.frames[i] = "abcdeeee"[dice_below(state, 8)];
    s.after = 1 + dice_below(state, 9);
    s.before = dice_below(state, 9);
    return s;
}

/* Consecutive stacks share their heads, as those of a recording do. */
static void share_head(struct stack *s, const struct stack *before, uint64_t *state)
{
    size_t n = dice_below(state, before->n + 1);
    if (n > s->n)
        n = s->n;
    memcpy(s->frames, before->frames, n);
}

static bool compare_one(struct heap *heap, enum filter_stage stage, unsigned kind, uint64_t *state)
{
    static const char *const texts[FILTER_STAGES] = {
        [FILTER_RENAME] = "s/[ab]/Q/", [FILTER_MAX_DEPTH] = "3", [FILTER_CLASS] = "x=[ab]"};
    struct tree tree, want;
    struct stack s = {0};
    uint64_t left = 0;
    init(&tree, heap, kind);
    init(&want, heap, kind);
    for (int i = 0; i < STACKS; i++) {
        struct stack fresh = random_stack(state);
        share_head(&fresh, &s, state);
        s = fresh;
        add_stack(&tree, &s);
        plain(&fresh, stage);
        left += add_stack(&want, &fresh);
    }
    if (!apply(&tree, stage, texts[stage] ? texts[stage] : "[ab]"))
        return left == 0;
    struct caught got = stacks_fold(&tree), expected = stacks_fold(&want);
    bool same = str_equal(caught_text(&got), caught_text(&expected)) && tree.n <= want.n;
    if (!same)
        diag("got\n%.*s\nwant\n%.*s", (int)got.n, got.p, (int)expected.n, expected.p);
    caught_free(&got);
    caught_free(&expected);
    return same;
}

struct round {
    enum filter_stage stage;
    unsigned kind;
    uint64_t *state;
};

static bool do_round(struct heap *heap, void *arg)
{
    struct round *round = arg;
    return compare_one(heap, round->stage, round->kind, round->state);
}

static void test_against_plain(uint64_t *state)
{
    static const char *const kinds[] = {"trees", "flame charts", "differentials"};
    for (enum filter_stage stage = 0; stage < FILTER_STAGES; stage++) {
        for (unsigned kind = 0; kind < 3; kind++) {
            size_t wrong = 0;
            for (int i = 0; i < 200 && wrong == 0; i++) {
                struct round round = {stage, kind, state};
                wrong += !heaps_run(do_round, &round);
            }
            ok(wrong == 0, "%s does to %s what it says of each stack", filter_option(stage),
               kinds[kind]);
        }
    }
}

/* A stack as deep as the tree has nodes, weight on each. */
static bool test_deep(struct heap *heap, void *arg)
{
    enum { DEPTH = 300000 };
    (void)arg;
    for (enum filter_stage stage = FILTER_FOCUS; stage < FILTER_STAGES; stage++) {
        struct tree tree;
        if (stage == FILTER_CLASS)
            continue;
        tree_init(&tree, heap, 1);
        uint32_t node = TREE_ROOT, a = tree_frame(&tree, STR("a")), c = tree_frame(&tree, STR("c"));
        for (uint32_t i = 0; i < DEPTH; i++) {
            node = tree_child(&tree, node, i % 3 == 1 ? a : c);
            tree_add(&tree, node, 0, 1, 0);
        }
        ok(apply(&tree, stage,
                 stage == FILTER_MAX_DEPTH ? "3"
                 : stage == FILTER_IGNORE  ? "b"
                                           : "a"),
           "%s on a stack of %d frames", filter_option(stage), DEPTH);
        tree_end(&tree);
    }
    return true;
}

int main(void)
{
    uint64_t state = 20261122;
    test_against_plain(&state);
    heaps_run(test_deep, NULL);
    return done_testing();
}
