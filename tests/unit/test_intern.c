/* SPDX-License-Identifier: MIT */
/*
 * hash and intern: every byte and the seed count; a name keeps its first number whatever the seed.
 */
#include "core/hash.h"
#include "core/heap.h"
#include "dice.h"
#include "heaps.h"
#include "tap.h"

static void test_hash(void)
{
    char bytes[80];
    unsigned same = 0;
    uint64_t state = 1;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)dice(&state);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        uint64_t before = hash_bytes(str_of(bytes, n), 5);
        same += before == hash_bytes(str_of(bytes, n), 6);
        same += n > 0 && before == hash_bytes(str_of(bytes, n - 1), 5);
        for (size_t i = 0; i < n; i++) {
            bytes[i] ^= 1;
            same += before == hash_bytes(str_of(bytes, n), 5);
            bytes[i] ^= 1;
        }
    }
    is_u64(same, 0, "each byte, the length and the seed change a hash");
    char zeros[40] = {0};
    for (size_t n = 1; n <= sizeof zeros; n++)
        same += hash_bytes(str_of(zeros, n), 5) == hash_bytes(str_of(zeros, n - 1), 5);
    is_u64(same, 0, "runs of NUL of different lengths differ");
}

/* Low bits choose slots: no long runs for names as programs have them. */
static void test_spread(void)
{
    static uint16_t slots[65536];
    unsigned largest = 0;
    for (unsigned i = 0; i < 65536; i++) {
        char name[24];
        int n = snprintf(name, sizeof name, "func_%u", i);
        uint16_t *slot = &slots[hash_bytes(str_of(name, (size_t)n), 9) & 65535];
        largest = ++*slot > largest ? *slot : largest;
    }
    ok(largest < 16, "65536 names in 65536 slots: at most %u in one", largest);
    memset(slots, 0, sizeof slots);
    largest = 0;
    for (uint64_t i = 0; i < 65536; i++) {
        uint16_t *slot = &slots[hash_u64(i << 32 | (i & 255), 9) & 65535];
        largest = ++*slot > largest ? *slot : largest;
    }
    ok(largest < 16, "65536 pairs of numbers: at most %u in one", largest);
}

static bool intern_many(struct heap *heap, void *arg)
{
    struct intern one, two;
    const uint64_t *seed = arg;
    unsigned wrong = 0;
    intern_init(&one, heap, seed[0]);
    intern_init(&two, heap, seed[1]);
    is_u64(intern_find(&one, STR("a")), INTERN_NONE, "nothing is found in a fresh table");
    for (uint32_t i = 0; i < 30000; i++) {
        char name[24];
        int n = snprintf(name, sizeof name, "%u", i * 7);
        str s = {name, (size_t)n};
        wrong += intern_find(&one, s) != INTERN_NONE;
        wrong += intern_add(&one, s) != i;
        wrong += intern_add(&two, s) != i;
        name[0] = '!'; /* the table holds a copy */
    }
    for (uint32_t i = 0; i < 30000; i++) {
        char name[24];
        int n = snprintf(name, sizeof name, "%u", i * 7);
        str s = {name, (size_t)n};
        wrong += intern_add(&one, s) != i || intern_find(&two, s) != i;
        wrong += !str_equal(intern_name(&one, i), s);
    }
    is_u64(wrong, 0, "30000 names keep their numbers, with any seed");
    is_u64(intern_count(&one), 30000, "and are counted once");
    is_u64(intern_add(&one, STR("")), 30000, "the empty name is a name");
    is_u64(intern_add(&one, STR("\0")), 30001, "so is NUL");
    is_u64(intern_add(&one, STR("")), 30000, "which is another");
    intern_end(&one);
    intern_end(&two);
    is_u64(heap->used, 0, "the end frees all");
    return true;
}

int main(void)
{
    uint64_t seeds[] = {1, UINT64_C(0xfedcba9876543210)};
    test_hash();
    test_spread();
    heaps_run(intern_many, seeds);
    return done_testing();
}
