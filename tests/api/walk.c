/* SPDX-License-Identifier: MIT */
/*
 * walk FILE: the stacks of a file, from the places of its tree. walk FILE SORT TOP: its functions,
 * for a test that compares both with what the programs write.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flametree.h>

enum { DEEPEST = 200 };

struct stack {
    flametree_text frames[DEEPEST];
    unsigned decimals;
};

static void print_weight(uint64_t weight, unsigned decimals)
{
    uint64_t one = 1;
    for (unsigned i = 0; i < decimals; i++)
        one *= 10;
    printf("%llu", (unsigned long long)(weight / one));
    if (weight % one > 0)
        printf(".%0*llu", (int)decimals, (unsigned long long)(weight % one));
}

static bool print_stack(void *context, const flametree_node *node)
{
    struct stack *stack = context;
    if (node->depth >= DEEPEST)
        return false;
    stack->frames[node->depth] = node->name;
    if (node->self == 0)
        return true;
    for (uint32_t i = 1; i <= node->depth; i++)
        printf("%s%.*s", i > 1 ? ";" : "", (int)stack->frames[i].size, stack->frames[i].bytes);
    printf(" ");
    print_weight(node->self, stack->decimals);
    printf("\n");
    return true;
}

static bool print_function(void *context, const flametree_node *node)
{
    const struct stack *stack = context;
    printf("%.*s,%llu,", (int)node->name.size, node->name.bytes, (unsigned long long)node->places);
    print_weight(node->self, stack->decimals);
    printf(",");
    print_weight(node->total, stack->decimals);
    printf(",%.*s,%.*s,", (int)node->module.size, node->module.bytes, (int)node->file.size,
           node->file.bytes);
    if (node->line > 0)
        printf("%u", (unsigned)node->line);
    printf("\n");
    return true;
}

int main(int argc, char **argv)
{
    static struct stack stack;
    flametree_error error;
    flametree_summary summary = {.size = sizeof summary};
    flametree_profile *profile = flametree_new(NULL, &error);
    bool done = profile && argc > 1 && flametree_read_file(profile, argv[1], NULL, &error) &&
                flametree_summarize(profile, &summary);
    stack.decimals = summary.decimals;
    if (done && argc > 3)
        done = flametree_top(profile, argv[2], strtoul(argv[3], NULL, 10), print_function, &stack,
                             &error);
    else if (done)
        done = flametree_walk(profile, print_stack, &stack, &error);
    if (!done)
        fprintf(stderr, "walk: %s\n", error.message);
    flametree_free(profile);
    return done ? 0 : 1;
}
