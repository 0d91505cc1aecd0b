/*
 * parcel: see the drawing in parcel.h.
 */
#include "stack/parcel.h"

uint32_t parcel_add(struct parcel *parcel, const uint32_t *names, size_t n, uint64_t weight)
{
    size_t at = parcel->words.n;
    if (n + PARCEL_HEAD > UINT32_MAX - at)
        heap_give_up(parcel->heap);
    vec_reserve(parcel->heap, &parcel->words, n + PARCEL_HEAD);
    uint32_t *words = parcel->words.at + at;
    words[0] = (uint32_t)n;
    memcpy(words + 1, &weight, sizeof weight);
    memcpy(words + PARCEL_HEAD, names, n * sizeof *names);
    parcel->words.n += n + PARCEL_HEAD;
    return (uint32_t)at;
}

bool parcel_add_weight(struct parcel *parcel, uint32_t at, uint64_t weight)
{
    uint64_t sum;
    if (__builtin_add_overflow(parcel_weight(parcel, at), weight, &sum))
        return false;
    memcpy(parcel->words.at + at + 1, &sum, sizeof sum);
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
