/* SPDX-License-Identifier: MIT */
/*
 * builder: a format of its own is one file and one line in the registry. Here is one, in 40 lines:
 * binary, read as a whole, with two values a sample and labels. Then what the builder makes of
 * value types, processes, stacks that come again, and large trees.
 */
#include "dice.h"
#include "feeding.h"
#include "heaps.h"
#include "profile/open_stack.h"
#include "tap.h"

/* ---- the format ----
 *
 *      "TOY1"   then for each sample: the number of frames, the letters of the frames leaf first, a
 *               count, a number of bytes, and the letter of the process
 */
static int toy_bid(str head)
{
    return str_starts(head, STR("TOY1")) ? 100 : 0;
}

static bool toy_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    str all = reader_input_peek(input, SIZE_MAX);
    size_t at = 4;
    static const struct value_type types[] = {VALUE_SUM("objects", "count"),
                                              VALUE_SUM("space", "bytes")};
    if (!builder_value_types(builder, types, 2, 0, err))
        return false;
    while (at < all.n) {
        size_t n = (unsigned char)all.p[at];
        uint32_t frames[255];
        if (all.n - at < n + 4) {
            builder_skip(builder, "a sample is cut short", at);
            break;
        }
        for (size_t i = 0; i < n; i++) {
            struct frame frame = {.name = str_cut(all, at + 1 + i, at + 2 + i)};
            frame.module = STR("/srv/toy");
            frames[i] = builder_frame(builder, &frame);
        }
        at += n + 1;
        int64_t values[] = {(unsigned char)all.p[at], (unsigned char)all.p[at + 1]};
        struct sample_label labels[] = {
            {.key = STR("comm"), .value = str_cut(all, at + 2, at + 3)}};
        builder_sample(builder, frames, n, values, labels, all.p[at + 2] != '-', err);
        at += 3;
    }
    return all.n > 4 || err_set(err, ERR_INPUT, "a toy profile without samples");
}

static const struct reader toy = {
    .name = "toy", .help = "a profile of this test", .bid = toy_bid, .read = toy_read};

/* ---- tests ---- */

static const str samples = STR_INIT("TOY1\2ba\3\44p\2ba\1\10p\1a\5\6-\3c");

static bool test_toy(struct heap *heap, void *arg)
{
    static const size_t pieces[] = {0, 1, 3};
    (void)arg;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct feeding f = {.reader = &toy, .piece = pieces[i]};
        struct profile profile;
        struct caught skipped = {0};
        feeding_run(&f, heap, &samples, 1, &profile);
        is_folded(&profile.tree, "a 5\np;a;b 4\n", "the first value, in pieces of %zu", pieces[i]);
        is_str(profile.value_type.name, STR("objects"), "its name");
        is_str(profile.value_type.unit, STR("count"), "its unit");
        is_u64(profile.samples, 3, "samples");
        ok(profile.process_is_root, "a label became the root");
        uint32_t b = intern_find(&profile.tree.frames.texts, STR("b"));
        is_str(frames_get(&profile.tree.frames, b).module, STR("/srv/toy"), "modules stay");
        feeding_tally(&profile, &skipped);
        is_str(caught_text(&skipped), STR("a sample is cut short 1 one:21\n"), "what was skipped");
        caught_free(&skipped);
        profile_end(&profile);
    }
    return true;
}

static bool test_options(struct heap *heap, void *arg)
{
    struct feeding f = {.reader = &toy};
    struct profile profile;
    (void)arg;
    f.options.value_type = STR("space");
    feeding_run(&f, heap, &samples, 1, &profile);
    is_folded(&profile.tree, "a 6\np;a;b 44\n", "the second value by its name");
    is_str(profile.value_type.unit, STR("bytes"), "in its unit");
    profile_end(&profile);
    f.options.weight = READ_WEIGHT_SAMPLES;
    f.options.no_comm = true;
    feeding_run(&f, heap, &samples, 1, &profile);
    is_folded(&profile.tree, "a 1\na;b 2\n", "samples, without processes");
    ok(!profile.process_is_root, "no process is the root then");
    profile_end(&profile);
    return true;
}

static bool test_processes(struct heap *heap, void *arg)
{
    static const struct {
        struct read_options options;
        const char *comm, *pid, *tid, *want;
    } cases[] = {
        {{.pid = false}, "pool 7 worker", "1", "2", "pool_7_worker"},
        {{.pid = true}, "a;b\nc", "12", "13", "a:b_c-12"},
        {{.tid = true}, "java", "12", "13", "java-12/13"},
        {{.tid = true}, "java", "", "13", "java-?/13"},
        {{.pid = true}, "", "12", "", "?-12"},
        {{.merge_threads = true}, "w12-x3", "", "", "wN-xN"},
    };
    (void)arg;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile profile;
        struct builder builder;
        profile_init(&profile, heap, 1, false);
        builder_init(&builder, &profile, &cases[i].options);
        uint32_t id = builder_process(&builder, str_from_c(cases[i].comm), str_from_c(cases[i].pid),
                                      str_from_c(cases[i].tid), '_');
        is_str(frames_text(&profile.tree.frames, id), str_from_c(cases[i].want), "process %s",
               cases[i].want);
        builder_end(&builder);
        profile_end(&profile);
    }
    return true;
}

/* Stacks by both ways into the tree, more than the builder remembers: as adding them plainly. */
static bool test_ways(struct heap *heap, void *arg)
{
    enum { STACKS = 60000, DEPTH = 6 };
    static const struct read_options options;
    struct profile plain, built, shared;
    struct builder one, two;
    uint64_t state = 4;
    uint32_t before[DEPTH] = {0};
    size_t had = 0;
    (void)arg;
    profile_init(&plain, heap, 1, false);
    profile_init(&built, heap, 2, false);
    profile_init(&shared, heap, 3, false);
    builder_init(&one, &built, &options);
    builder_init(&two, &shared, &options);
    for (unsigned id = 1; id <= 40; id++) {
        char name = (char)('0' + id);
        frames_add_text(&plain.tree.frames, str_of(&name, 1));
        frames_add_text(&built.tree.frames, str_of(&name, 1));
        frames_add_text(&shared.tree.frames, str_of(&name, 1));
    }
    for (unsigned i = 0; i < STACKS; i++) {
        uint32_t down[DEPTH], up[DEPTH], node = TREE_ROOT;
        size_t n = 1 + dice_below(&state, DEPTH), same = 0;
        struct stack_weight weight = {.units = 1 + dice_below(&state, 9), .has_units = true};
        for (size_t k = 0; k < n; k++) {
            down[k] = 1 + (uint32_t)dice_below(&state, 40);
            node = tree_child(&plain.tree, node, down[k]);
        }
        for (size_t k = 0; k < n; k++)
            up[n - 1 - k] = down[k];
        tree_add(&plain.tree, node, 0, weight.units, 0);
        builder_stack(&one, up, n, weight.units);
        while (same < n && same < had && before[same] == down[same])
            same++;
        builder_stack_after(&two, same, down + same, n - same, &weight);
        memcpy(before, down, sizeof before);
        had = n;
    }
    builder_end(&one);
    builder_end(&two);
    struct caught want = stacks_fold(&plain.tree), got = stacks_fold(&built.tree);
    struct caught sorted = stacks_fold(&shared.tree);
    ok(str_equal(caught_text(&want), caught_text(&got)), "stacks leaf first");
    ok(str_equal(caught_text(&want), caught_text(&sorted)), "stacks after the one before");
    is_u64(built.samples, STACKS, "all of them count");
    caught_free(&want);
    caught_free(&got);
    caught_free(&sorted);
    return true;
}

/* A chain of callers under each of some labels, with weight at any level: once as stacks, once at
 * nodes that are kept. */
static void add_nested(struct heap *heap, const struct read_options *options, bool keeps,
                       struct profile *profile)
{
    enum { DEPTH = 20, SAMPLES = 200 };
    static const struct value_type types[] = {VALUE_SUM("cpu", "ns"), VALUE_SUM("space", "bytes")};
    static const str hosts[] = {STR_INIT("a"), STR_INIT("b")};
    struct builder builder;
    struct err err = {0};
    uint64_t state = 5;
    profile_init(profile, heap, 1, false);
    builder_init(&builder, profile, options);
    bool good = builder_value_types(&builder, types, 2, 0, &err);
    for (size_t host = 0; host < 2; host++) {
        const struct sample_label labels[] = {{.key = STR("comm"), .value = STR("app")},
                                              {.key = STR("host"), .value = hosts[host]}};
        uint32_t up[DEPTH], nodes[DEPTH + 1];
        nodes[0] = keeps ? builder_root(&builder, labels, 2) : TREE_ROOT;
        for (uint32_t i = 0; i < DEPTH; i++) {
            char name = (char)('a' + i);
            struct frame frame = {.name = str_of(&name, 1)};
            up[DEPTH - 1 - i] = builder_frame(&builder, &frame);
            if (keeps)
                nodes[i + 1] = builder_child(&builder, nodes[i], up[DEPTH - 1 - i]);
        }
        for (unsigned i = 0; i < SAMPLES; i++) {
            size_t depth = 1 + dice_below(&state, DEPTH);
            int64_t values[] = {(int64_t)dice_below(&state, 3), (int64_t)dice_below(&state, 3)};
            good &= keeps ? builder_keeps_sample(&builder, labels, 2, &err) &&
                                builder_sample_at(&builder, nodes[depth], depth, values, labels, 2,
                                                  &err)
                          : builder_sample(&builder, up + DEPTH - depth, depth, values, labels, 2,
                                           &err);
        }
    }
    builder_end(&builder);
    ok(good, "samples are added: %s", err.message);
}

static bool test_nested(struct heap *heap, void *arg)
{
    (void)arg;
    for (unsigned how = 0; how < 8; how++) {
        struct label_rules rules;
        label_rules_init(&rules, heap);
        label_rules_add_roots(&rules, STR("host,comm="));
        const struct read_options options = {
            .labels = how & 1 ? &rules : NULL,
            .keep_labels = how & 2,
            .all_values = how & 4,
        };
        struct profile stacks, nodes;
        add_nested(heap, &options, false, &stacks);
        add_nested(heap, &options, true, &nodes);
        struct caught want = stacks_fold(&stacks.tree), got = stacks_fold(&nodes.tree);
        is_str(caught_text(&got), caught_text(&want), "nodes that are kept, options %u", how);
        for (unsigned c = 0; c < stacks.values.n; c++)
            ok(tree_sum(&stacks.tree, c) == tree_sum(&nodes.tree, c) &&
                   stacks.values.at[c].samples == nodes.values.at[c].samples,
               "value %u", c);
        is_u64(nodes.samples, stacks.samples, "samples");
        caught_free(&want);
        caught_free(&got);
        profile_end(&stacks);
        profile_end(&nodes);
        label_rules_end(&rules);
    }
    return true;
}

/* Frames open and close, with weight under any of the labels, each stack in a process: once as
 * stacks, once at nodes that are kept. */
static void add_opened(struct heap *heap, const struct read_options *options, bool in_order,
                       bool keeps, struct profile *profile)
{
    enum { STEPS = 3000 };
    static const str hosts[] = {STR_INIT("a"), STR_INIT("b"), STR_INIT("c"), STR_INIT("none")};
    struct builder builder;
    struct open_stack stack = {0};
    struct err err = {0};
    uint64_t state = 5;
    str comm = STR("");
    bool good = true;
    profile_init(profile, heap, 1, in_order);
    builder_init(&builder, profile, options);
    builder.scratch = heap_open_child(heap);
    for (unsigned i = 0; i < STEPS; i++) {
        comm = stack.frames.n == 0 ? hosts[dice_below(&state, 4)] : comm;
        const struct sample_label labels[] = {
            {.key = STR("comm"), .value = comm},
            {.key = STR("host"), .value = hosts[dice_below(&state, 4)]}};
        int64_t weight = (int64_t)dice_below(&state, 3);
        char name = (char)('a' + dice_below(&state, 3));
        struct frame frame = {.name = str_of(&name, 1)};
        uint64_t what = dice_below(&state, 8);
        size_t n = stack.frames.n;
        uint32_t up[STEPS];
        if (what < 3)
            open_stack_push(&builder, &stack, builder_frame(&builder, &frame));
        else if (what < 6)
            open_stack_cut(&stack, dice_below(&state, 40) == 0 ? 0 : n - (n > 0));
        n = stack.frames.n;
        for (size_t k = 0; k < n; k++)
            up[n - 1 - k] = stack.frames.at[k];
        good &= keeps ? builder_sample_open(&builder, &stack, &weight, labels, 2, &err)
                      : builder_sample(&builder, up, n, &weight, labels, 2, &err);
    }
    builder_end(&builder);
    heap_close_child(builder.scratch);
    ok(good, "samples are added: %s", err.message);
}

static bool test_opened(struct heap *heap, void *arg)
{
    (void)arg;
    for (unsigned how = 0; how < 16; how++) {
        static const char *const focus[] = {"host=a", "host=."}, *const ignore[] = {"host=^b"};
        struct label_rules rules;
        struct err err = {0};
        label_rules_init(&rules, heap);
        if (how & 1)
            label_rules_add_roots(&rules, STR("host"));
        if (how & 2)
            ok(label_rules_add(&rules, "focus", focus + (how & 1), 1, false, &err) &&
                   label_rules_add(&rules, "ignore", ignore, 1, true, &err),
               "rules");
        const struct read_options options = {.labels = how & 3 ? &rules : NULL,
                                             .keep_labels = how & 4};
        struct profile stacks, nodes;
        add_opened(heap, &options, how & 8, false, &stacks);
        add_opened(heap, &options, how & 8, true, &nodes);
        struct caught want = stacks_fold(&stacks.tree), got = stacks_fold(&nodes.tree);
        is_str(caught_text(&got), caught_text(&want), "an open stack, options %u", how);
        ok(caught_text(&got).n > 100, "with many nodes");
        is_u64(nodes.samples, stacks.samples, "samples");
        caught_free(&want);
        caught_free(&got);
        profile_end(&stacks);
        profile_end(&nodes);
        label_rules_end(&rules);
    }
    return true;
}

int main(void)
{
    heaps_run(test_toy, NULL);
    heaps_run(test_options, NULL);
    heaps_run(test_processes, NULL);
    heaps_run(test_ways, NULL);
    heaps_run(test_nested, NULL);
    heaps_run(test_opened, NULL);
    return done_testing();
}
