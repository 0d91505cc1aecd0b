/* SPDX-License-Identifier: MIT */
/*
 * memory: the installed library with an allocator of the caller, in which each allocation fails in
 * turn. Prints TAP.
 */
#include <flametree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char folded[] = "main;read 5\nmain;write;flush 7\nmain;read 1\n";
static const char perf[] = "java 12/13 [002] 1.500000: 5 cycles: \n\t1a2b b (/bin/x)\n\n";

static int run, failed;

static void ok(bool good, const char *title)
{
    run++;
    failed += !good;
    printf("%sok %d - %s\n", good ? "" : "not ", run, title);
}

/* How many bytes there were. */
static bool count(void *context, const void *bytes, size_t size)
{
    *(size_t *)context += bytes ? size : 0;
    return true;
}

struct budget {
    long left, blocks;
};

static void *resize(void *context, void *old, size_t size)
{
    struct budget *budget = context;
    if (size == 0) {
        budget->blocks--;
        free(old);
        return NULL;
    }
    if (budget->left == 0)
        return NULL;
    budget->left--;
    budget->blocks += old == NULL;
    return realloc(old, size);
}

static bool ignore_node(void *context, const flametree_node *node)
{
    return !context && node;
}

static bool ignore_change(void *context, const flametree_function_change *change)
{
    return !context && change;
}

static bool ignore_gate(void *context, const flametree_gate *gate)
{
    return !context && gate;
}

static bool tell_all(flametree_profile *profile, flametree_profile *both, size_t *written,
                     flametree_error *error)
{
    const char *const class = "m=main", *const limit = "/^m/>2%";
    const flametree_picture term = {
        .size = sizeof term, .format = "term", .classes = &class, .class_count = 1};
    return flametree_draw(both, count, written, NULL, error) &&
           flametree_draw(profile, count, written, &term, error) &&
           flametree_write_report(profile, count, written, NULL, error) &&
           flametree_write_report(both, count, written, NULL, error) &&
           flametree_walk(both, ignore_node, NULL, error) &&
           flametree_top(both, NULL, 0, ignore_node, NULL, error) &&
           flametree_changes(both, ignore_change, NULL, error) &&
           flametree_judge(both, &limit, 1, false, ignore_gate, NULL, error);
}

/* Everything once, in memory that ends after `allowed` allocations. */
static bool try_all(struct budget *budget, long allowed)
{
    size_t written = 0;
    flametree_setup setup = {.size = sizeof setup, .resize = resize, .context = budget};
    const flametree_filter filter = {.kind = FLAMETREE_HIDE, .text = "write"};
    const char *const focus[] = {"pid=1", "java"}, *const ignore[] = {"cpu=7"};
    const flametree_reading labels = {.size = sizeof labels,
                                      .tag_root = "tid,cpu",
                                      .tag_focus = focus,
                                      .tag_focus_count = 2,
                                      .tag_ignore = ignore,
                                      .tag_ignore_count = 1};
    flametree_error error = {FLAMETREE_OK};
    budget->left = allowed;
    flametree_profile *profile = flametree_new(&setup, &error);
    bool done = profile &&
                flametree_read_memory(profile, "text", folded, strlen(folded), NULL, &error) &&
                flametree_read_memory(profile, "perf", perf, strlen(perf), &labels, &error) &&
                flametree_apply(profile, &filter, 1, &error);
    flametree_profile *const runs[] = {profile, profile};
    flametree_profile *both = done ? flametree_compare_runs(runs, 2, runs, 1, NULL, &error) : NULL;
    done = done && both && tell_all(profile, both, &written, &error);
    if (!done && error.code != FLAMETREE_MEMORY)
        budget->blocks += 1000; /* the wrong reason */
    flametree_free(both);
    flametree_free(profile);
    return done;
}

static void test_memory(void)
{
    struct budget budget = {0, 0};
    long allowed = 0;
    while (budget.blocks == 0 && allowed < 5000 && !try_all(&budget, allowed))
        allowed++;
    ok(budget.blocks == 0 && allowed > 10 && allowed < 5000,
       "each allocation fails in turn: an error, and all is given back");
    flametree_setup setup = {.size = sizeof setup, .limit = 100000};
    flametree_error error;
    flametree_profile *profile = flametree_new(&setup, &error);
    ok(!profile || (!flametree_read_memory(profile, "text", folded, strlen(folded), NULL, &error) &&
                    error.code == FLAMETREE_MEMORY),
       "a limit holds");
    flametree_free(profile);
}

int main(void)
{
    test_memory();
    printf("1..%d\n", run);
    return failed > 0;
}
