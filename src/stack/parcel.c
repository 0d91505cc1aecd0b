/*
 * parcel: see the drawing in parcel.h.
 */
#include "stack/parcel.h"

uint32_t *parcel_add(struct parcel *parcel, const struct parcel_stack *stack, uint32_t *at)
{
    size_t start = parcel->words.n, n = (size_t)stack->n + PARCEL_HEAD;
    if (n > UINT32_MAX - start)
        heap_give_up(parcel->heap);
    vec_reserve(parcel->heap, &parcel->words, n);
    parcel->words.n += n;
    *at = (uint32_t)start;
    memcpy(parcel->words.at + start, stack, sizeof *stack);
    return parcel->words.at + start + PARCEL_HEAD;
}

bool parcel_add_weight(struct parcel *parcel, uint32_t at, uint64_t weight)
{
    struct parcel_stack stack = parcel_get(parcel, at);
    if (__builtin_add_overflow(stack.weight, weight, &stack.weight))
        return false;
    memcpy(parcel->words.at + at, &stack, sizeof stack);
    return true;
}

uint32_t parcel_add_names(struct parcel *parcel, const struct intern *table, uint32_t known)
{
    uint32_t count = intern_count(table);
    vec_reserve(parcel->heap, &parcel->names, count - known);
    for (; known < count; known++)
        parcel->names.at[parcel->names.n++] = intern_name(table, known);
    return count;
}
