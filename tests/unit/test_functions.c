/* SPDX-License-Identifier: MIT */
/*
 * functions: self, total, places and neighbors, compared with a count over whole stacks.
 */
#include "dice.h"
#include "heaps.h"
#include "profile/functions.h"
#include "stacks.h"
#include "tap.h"

enum { TREES = 200, STACKS = 40, DEEPEST = 8, NAMES = 5 };

struct stack {
    char at[DEEPEST];
    size_t n;
    uint64_t weight;
};

/* Names have a mark now and then, which makes no other function. */
static void plant(struct tree *tree, struct stack *stacks, size_t n, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        char text[6 * DEEPEST];
        size_t length = 0;
        struct stack *stack = &stacks[i];
        stack->n = 1 + dice_below(seed, DEEPEST - 1);
        stack->weight = dice_below(seed, 100);
        for (size_t k = 0; k < stack->n; k++) {
            stack->at[k] = (char)('a' + dice_below(seed, NAMES));
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%c%s",
                                       k > 0 ? ";" : "", stack->at[k],
                                       dice_below(seed, 4) == 0 ? "_[i]" : "");
        }
        stacks_add(tree, text, stack->weight);
    }
}

static size_t find_first(const struct stack *stack, char name)
{
    size_t i = 0;
    while (i < stack->n && stack->at[i] != name)
        i++;
    return i;
}

static uint64_t self_of(const struct stack *stacks, size_t n, char name)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        if (stacks[i].at[stacks[i].n - 1] == name)
            sum += stacks[i].weight;
    return sum;
}

/* neighbor 0: the total. '^': the root as caller. */
static uint64_t total_of(const struct stack *stacks, size_t n, char name, char neighbor,
                         bool callee)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        const struct stack *stack = &stacks[i];
        size_t at = find_first(stack, name);
        char found = 0;
        if (at == stack->n)
            continue;
        if (callee)
            found = at + 1 < stack->n ? stack->at[at + 1] : '$';
        else
            found = at > 0 ? stack->at[at - 1] : '^';
        if (neighbor == 0 || found == neighbor)
            sum += stack->weight;
    }
    return sum;
}

static char letter_of(const struct tree *tree, uint32_t frame)
{
    return frame == 0 ? '^' : frames_text(&tree->frames, frame).p[0];
}

static size_t check_functions(const struct tree *tree, const uint64_t *totals,
                              const struct stack *stacks, size_t n, enum functions_by by)
{
    struct functions functions;
    size_t wrong = 0;
    functions_make(&functions, tree, 0, totals, by);
    for (size_t i = 0; i < functions.n; i++) {
        const struct function_row *row = &functions.at[i];
        char name = letter_of(tree, row->frame);
        wrong += row->self != self_of(stacks, n, name);
        wrong += row->total != total_of(stacks, n, name, 0, false);
        wrong += i > 0 && letter_of(tree, row[-1].frame) == name;
        if (i == 0)
            continue;
        wrong += by == FUNCTIONS_SELF && row[-1].self < row->self;
        wrong += by == FUNCTIONS_TOTAL && row[-1].total < row->total;
        wrong += by == FUNCTIONS_NAME && letter_of(tree, row[-1].frame) >= name;
    }
    functions_end(&functions);
    return wrong;
}

/* Each link has its weight, and the sums on both sides are the total. */
static size_t check_links(const struct tree *tree, const uint64_t *totals,
                          const struct stack *stacks, size_t n)
{
    struct functions functions;
    struct function_links links;
    uint64_t callers[256] = {0}, callees[256] = {0};
    bool wanted[64];
    size_t wrong = 0;
    memset(wanted, 1, sizeof wanted);
    functions_make(&functions, tree, 0, totals, FUNCTIONS_SELF);
    function_links_make(&links, &functions, tree, totals, wanted);
    functions_end(&functions);
    for (size_t i = 0; i < links.list.n; i++) {
        const struct function_link *link = &links.list.at[i];
        char name = letter_of(tree, link->function), neighbor = letter_of(tree, link->neighbor);
        wrong += link->weight != total_of(stacks, n, name, neighbor, link->callee);
        (link->callee ? callees : callers)[(unsigned char)name] += link->weight;
    }
    for (char name = 'a'; name < 'a' + NAMES; name++) {
        uint64_t total = total_of(stacks, n, name, 0, false);
        wrong += callers[(unsigned char)name] != total;
        wrong += callees[(unsigned char)name] + total_of(stacks, n, name, '$', true) != total;
    }
    function_links_end(&links);
    return wrong;
}

static bool test_random(struct heap *heap, void *arg)
{
    uint64_t seed = 11;
    size_t wrong = 0;
    (void)arg;
    for (unsigned i = 0; i < TREES; i++) {
        struct tree tree;
        struct stack stacks[STACKS];
        size_t n = 1 + dice_below(&seed, STACKS - 1);
        tree_init(&tree, heap, 1);
        plant(&tree, stacks, n, &seed);
        uint64_t *totals = tree_totals(&tree, 0);
        for (enum functions_by by = FUNCTIONS_SELF; by <= FUNCTIONS_NAME; by++)
            wrong += check_functions(&tree, totals, stacks, n, by);
        wrong += check_links(&tree, totals, stacks, n);
        heap_free(heap, totals);
        tree_end(&tree);
    }
    is_u64(wrong, 0, "numbers that differ");
    return true;
}

/* Neither the root nor a gap of a flame chart is a function. */
static bool test_gaps(struct heap *heap, void *arg)
{
    struct tree tree;
    struct functions functions;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.in_order = true;
    stacks_add(&tree, "a;b", 10);
    stacks_add(&tree, "a", 20);
    stacks_add(&tree, "a;b", 10);
    uint64_t *totals = tree_totals(&tree, 0);
    functions_make(&functions, &tree, 0, totals, FUNCTIONS_TOTAL);
    is_u64(functions.n, 2, "two functions");
    is_u64(functions.at[0].total, 40, "total of a");
    is_u64(functions.at[0].self, 20, "self of a, which is in a gap");
    is_u64(functions.at[1].self, 20, "self of b");
    is_u64(functions.at[1].places, 2, "places of b");
    functions_end(&functions);
    heap_free(heap, totals);
    tree_end(&tree);
    return true;
}

int main(void)
{
    ok(heaps_run(test_random, NULL), "random stacks");
    ok(heaps_run(test_gaps, NULL), "flame chart");
    return done_testing();
}
