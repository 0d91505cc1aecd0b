/*
 * Stacks in a parcel: found again, weights added as long as the sum fits, names sent once.
 */
#include "heaps.h"
#include "stack/parcel.h"
#include "tap.h"

static uint32_t add(struct parcel *parcel, const uint32_t *names, uint32_t n, uint64_t weight)
{
    struct parcel_stack stack = {.n = n, .weight = weight};
    uint32_t at;
    uint32_t *to = parcel_add(parcel, &stack, &at);
    memcpy(to, names, n * sizeof *names);
    return at;
}

static bool test_weights(struct heap *heap, void *arg)
{
    static const uint32_t names[] = {7, 8, 9};
    struct parcel parcel = {.heap = heap};
    (void)arg;
    uint32_t one = add(&parcel, names, 3, 5), two = add(&parcel, names, 2, UINT64_MAX - 5);
    ok(parcel_is(&parcel, one, names, 3) && parcel_is(&parcel, two, names, 2),
       "stacks are what was put there");
    ok(!parcel_is(&parcel, one, names, 2) && !parcel_is(&parcel, two, names + 1, 2),
       "and nothing else");
    ok(parcel_add_weight(&parcel, one, 6), "more weight");
    is_u64(parcel_get(&parcel, one).weight, 11, "is added");
    ok(parcel_add_weight(&parcel, two, 5), "as much as there is room for");
    is_u64(parcel_get(&parcel, two).weight, UINT64_MAX, "to the last unit");
    ok(!parcel_add_weight(&parcel, two, 1), "one more does not fit");
    is_u64(parcel_get(&parcel, two).weight, UINT64_MAX, "and does nothing");
    is_u64(parcel_get(&parcel, one).weight, 11, "the other stack is as it was");
    parcel_clear(&parcel);
    is_u64(add(&parcel, names, 1, 1), one, "an empty one is filled from its start");
    vec_free(heap, &parcel.words);
    return true;
}

static bool test_names(struct heap *heap, void *arg)
{
    struct parcel parcel = {.heap = heap};
    struct intern table;
    (void)arg;
    intern_init(&table, heap, 1);
    uint32_t known = intern_count(&table);
    intern_add(&table, STR("a"));
    intern_add(&table, STR("b"));
    known = parcel_add_names(&parcel, &table, known);
    is_u64(parcel.names.n, 2, "new names go along");
    is_str(parcel.names.at[0], STR("a"), "by their numbers");
    is_str(parcel.names.at[1], STR("b"), "each one");
    intern_add(&table, STR("a"));
    intern_add(&table, STR("c"));
    known = parcel_add_names(&parcel, &table, known);
    is_u64(known, intern_count(&table), "all are told");
    is_u64(parcel.names.n, 3, "and those that were there are not told again");
    is_str(parcel.names.at[2], STR("c"), "the new one is");
    vec_free(heap, &parcel.names);
    intern_end(&table);
    return true;
}

int main(void)
{
    heaps_run(test_weights, NULL);
    heaps_run(test_names, NULL);
    return done_testing();
}
