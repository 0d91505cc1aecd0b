/* SPDX-License-Identifier: MIT */
/*
 * filter: each word alone by hand, the order of all of them, and the shares of classes.
 */
#include "transform/filter.h"

#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

static struct err last;

/* One stage on a tree; what went wrong is in `last`. */
static bool apply(struct tree *tree, enum filter_stage stage, const char *text)
{
    struct filter filter;
    filter = (struct filter){.heap = tree->heap};
    last = (struct err){0};
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

static void make_example(struct tree *tree, struct heap *heap)
{
    tree_init(tree, heap, 1);
    stacks_add(tree, "app;main;parse;read", 10);
    stacks_add(tree, "app;main;parse", 5);
    stacks_add(tree, "app;main;eval;eval;eval;gc", 7);
    stacks_add(tree, "app;main;eval;read", 3);
    stacks_add(tree, "db;loop;read;pread_[k]", 20);
}

static bool test_words(struct heap *heap, void *arg)
{
    static const struct {
        enum filter_stage stage;
        const char *text, *want;
    } cases[] = {
        {FILTER_RENAME, "s/^(.)a/${1}A/",
         "app;mAin;eval;eval;eval;gc 7\napp;mAin;eval;read 3\napp;mAin;pArse 5\n"
         "app;mAin;pArse;read 10\ndb;loop;read;pread_[k] 20\n"},
        {FILTER_RENAME, "s/^(parse|eval)$/work/",
         "app;main;work 5\napp;main;work;read 13\napp;main;work;work;work;gc 7\n"
         "db;loop;read;pread_[k] 20\n"},
        {FILTER_RENAME, "s/^(app|main)$//",
         "db;loop;read;pread_[k] 20\neval;eval;eval;gc 7\neval;read 3\nparse 5\nparse;read 10\n"},
        {FILTER_RENAME, "s/main/a;b\nc/",
         "app;a:b c;eval;eval;eval;gc 7\napp;a:b c;eval;read 3\napp;a:b c;parse 5\n"
         "app;a:b c;parse;read 10\ndb;loop;read;pread_[k] 20\n"},
        {FILTER_FOCUS, "^read",
         "app;main;eval;read 3\napp;main;parse;read 10\n"
         "db;loop;read;pread_[k] 20\n"},
        {FILTER_FOCUS, "gc|loop", "app;main;eval;eval;eval;gc 7\ndb;loop;read;pread_[k] 20\n"},
        {FILTER_IGNORE, "^read", "app;main;eval;eval;eval;gc 7\napp;main;parse 5\n"},
        {FILTER_HIDE, "ma|parse",
         "app 5\napp;eval;eval;eval;gc 7\napp;eval;read 3\napp;read 10\n"
         "db;loop;read;pread_[k] 20\n"},
        {FILTER_HIDE, "^(db|loop|read|pread.*)$",
         "app;main;eval 3\napp;main;eval;eval;eval;gc 7\napp;main;parse 15\n"},
        {FILTER_SHOW, "read|gc", "gc 7\nread 13\nread;pread_[k] 20\n"},
        {FILTER_SHOW_FROM, "eval|parse",
         "eval;eval;eval;gc 7\neval;read 3\nparse 5\nparse;read 10\n"},
        {FILTER_PRUNE_FROM, "main|eval",
         "app;main 15\napp;main;eval 3\napp;main;eval;eval;eval 7\n"
         "db;loop;read;pread_[k] 20\n"},
        {FILTER_SKIP_AFTER, "eval|^read",
         "app;main;parse 5\neval;gc 7\nread 13\n"
         "read;pread_[k] 20\n"},
        {FILTER_MERGE_RECURSION, "",
         "app;main;eval;gc 7\napp;main;eval;read 3\napp;main;parse 5\napp;main;parse;read 10\n"
         "db;loop;read;pread_[k] 20\n"},
        {FILTER_MAX_DEPTH, "2", "app;main 25\ndb;loop 20\n"},
        {FILTER_MAX_DEPTH, "9",
         "app;main;eval;eval;eval;gc 7\napp;main;eval;read 3\n"
         "app;main;parse 5\napp;main;parse;read 10\n"
         "db;loop;read;pread_[k] 20\n"},
    };
    (void)arg;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tree tree;
        make_example(&tree, heap);
        ok(apply(&tree, cases[i].stage, cases[i].text), "%s works", filter_option(cases[i].stage));
        is_folded(&tree, cases[i].want, "and gives what it says");
    }
    return true;
}

static bool test_nothing_left(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    make_example(&tree, heap);
    ok(!apply(&tree, FILTER_FOCUS, "nope"), "a filter that leaves nothing is an error");
    is_text(last.message, "--focus 'nope' leaves nothing of a weight of 45", "it says of what");
    ok(last.code == ERR_INPUT, "the input has it not");
    make_example(&tree, heap);
    tree_add(&tree, stacks_node(&tree, STR("app")), 0, 25, 2);
    ok(!apply(&tree, FILTER_HIDE, ""), "no frame left is nothing left");
    is_text(last.message, "--hide '' leaves nothing of a weight of 45.25", "with fractions");
    tree_init(&tree, heap, 1);
    ok(apply(&tree, FILTER_FOCUS, "nope"), "an empty tree stays empty");
    return true;
}

static bool test_process(struct heap *heap, void *arg)
{
    struct filter filter;
    struct tree tree;
    (void)arg;
    make_example(&tree, heap);
    filter = (struct filter){.heap = heap};
    filter.process_first = true;
    filter_add(&filter, FILTER_SKIP_AFTER, STR("^read|app"), &last);
    ok(filter_apply(&filter, &tree, &last), "skip-after where the process comes first");
    is_folded(&tree,
              "app;main;eval;eval;eval;gc 7\napp;main;parse 5\napp;read 13\n"
              "db;read;pread_[k] 20\n",
              "keeps the process");
    return true;
}

static bool test_order(struct heap *heap, void *arg)
{
    struct filter filter;
    struct tree tree;
    (void)arg;
    make_example(&tree, heap);
    filter = (struct filter){.heap = heap};
    filter.max_depth = 2;
    filter.merge_recursion = true;
    filter_add(&filter, FILTER_PRUNE_FROM, STR("zzz"), &last);
    filter_add(&filter, FILTER_HIDE, STR("^main$"), &last);
    filter_add(&filter, FILTER_IGNORE, STR("^work$"), &last);
    filter_add(&filter, FILTER_FOCUS, STR("gc"), &last);
    filter_add(&filter, FILTER_FOCUS, STR("^main$"), &last);
    filter_add(&filter, FILTER_CLASS, STR("gc=^gc"), &last);
    filter_add(&filter, FILTER_RENAME, STR("s/parse/work/"), &last);
    ok(filter_apply(&filter, &tree, &last), "all at once, given in any order");
    is_folded(&tree, "app;eval 10\n", "renamed, focused, ignored, hidden, merged, cut");
    is_u64(filter.unused.n, 1, "one pattern matched nothing");
    is_text(filter.unused.at[0].option, "--prune-from", "and is named");
    is_u64(filter.shares.classes.at[0].weight[0], 7, "classes are counted before the cut");
    return true;
}

static bool test_shares(struct heap *heap, void *arg)
{
    struct filter filter;
    struct tree tree;
    struct caught out = {0};
    struct sink sink;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree_set_sides(&tree);
    stacks_add_pair(&tree, "a;x;y", 0, 1);
    stacks_add_pair(&tree, "a;y;x", 5, 1);
    stacks_add_pair(&tree, "a;z", 5, 1);
    filter = (struct filter){.heap = heap};
    filter_add(&filter, FILTER_CLASS, STR("ix=x"), &last);
    filter_add(&filter, FILTER_CLASS, STR("ypsilon=y"), &last);
    filter_add(&filter, FILTER_CLASS, STR("ix=q"), &last);
    ok(filter_apply(&filter, &tree, &last), "classes");
    sink_open_callback(&sink, heap, caught_write, &out, &last);
    class_weights_write(&filter.shares, NULL, &sink);
    sink_close(&sink);
    is_str(caught_text(&out),
           STR("class\tpercent\tweight\tbefore\tweight\nix\t33.34\t1\t50.00\t5\n"
               "ypsilon\t33.33\t1\t0.00\t0\nother\t33.33\t1\t50.00\t5\n"),
           "a sample is of the class of its leaf-most match; thirds make a whole");
    caught_free(&out);
    ok(!filter_add(&filter, FILTER_CLASS, STR("x"), &last), "a class has a name and a pattern");
    last = (struct err){0};
    ok(!filter_add(&filter, FILTER_CLASS, STR("other=x"), &last), "other is taken");
    return true;
}

static bool test_shares_whole(struct heap *heap, void *arg)
{
    uint64_t *state = arg;
    size_t wrong = 0;
    for (int round = 0; round < 200; round++) {
        struct filter filter;
        struct tree tree;
        unsigned sum = 0;
        tree_init(&tree, heap, 1);
        filter = (struct filter){.heap = heap};
        for (char c = 'a'; c < 'h'; c++) {
            char name[] = {c, '\0'}, *text = heap_zero(heap, 4, 1);
            memcpy(text, (char[]){c, '=', c}, 3);
            stacks_add(&tree, name, dice(state) >> dice_below(state, 64) | 1);
            if (c < 'g')
                filter_add(&filter, FILTER_CLASS, str_from_c(text), &last);
        }
        filter_apply(&filter, &tree, &last);
        for (size_t i = 0; i < filter.shares.classes.n; i++)
            sum += filter.shares.classes.at[i].hundredths[0];
        wrong += sum != CLASS_WEIGHTS_WHOLE || filter.shares.classes.n != 7;
    }
    is_u64(wrong, 0, "shares of any weights are a whole");
    return true;
}

/* Every word at once, in a heap that fails. */
static bool use_all(struct heap *heap, void *arg)
{
    struct filter filter;
    struct tree tree;
    make_example(&tree, heap);
    filter = (struct filter){.heap = heap};
    filter.merge_recursion = true;
    filter.max_depth = 9;
    for (enum filter_stage stage = FILTER_FOCUS; stage <= FILTER_SKIP_AFTER; stage++)
        if (stage != FILTER_HIDE &&
            !filter_add(&filter, stage, stage == FILTER_IGNORE ? STR("zzz") : STR("a"), arg))
            return false;
    return filter_add(&filter, FILTER_RENAME, STR("s/a/b$0/g"), arg) &&
           filter_add(&filter, FILTER_CLASS, STR("x=b"), arg) && filter_apply(&filter, &tree, arg);
}

static void test_sweep(void)
{
    size_t leaked = 0, untold = 0, at = 1;
    for (bool done = false; !done && at < 5000; at++) {
        struct heaps heaps = {.fail_at = at};
        struct err err = {0};
        struct heaps_job job = {.work = use_all, .arg = &err};
        heap_init(&job.heap, heaps_resize, &heaps, 0);
        bool good = heap_guard(&job.heap, heaps_do_job, &job, &err);
        heap_end(&job.heap);
        leaked += heaps.blocks;
        untold += !good && err.code != ERR_MEMORY;
        done = heaps.calls < at;
    }
    ok(at > 100 && at < 5000, "every allocation was made to fail: %zu", at - 1);
    is_u64(leaked, 0, "none leaves anything behind");
    is_u64(untold, 0, "each is told, or done without");
}

int main(void)
{
    uint64_t state = 20261122;
    heaps_run(test_words, NULL);
    heaps_run(test_nothing_left, NULL);
    heaps_run(test_process, NULL);
    heaps_run(test_order, NULL);
    heaps_run(test_shares, NULL);
    heaps_run(test_shares_whole, &state);
    test_sweep();
    return done_testing();
}
