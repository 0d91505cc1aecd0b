/*
 * vec: a growing array of any type, in memory of a heap. Elements move when it grows: keep
 * indices, not pointers.
 *
 *      VEC(uint32_t) ids = {0};
 *      vec_push(heap, &ids, 7u);        ids.at[0], ids.n, ids.cap
 */
#ifndef FLAMETREE_CORE_VEC_H
#define FLAMETREE_CORE_VEC_H

#include "core/heap.h"

#define VEC(type)      \
    struct {           \
        type *at;      \
        size_t n, cap; \
    }

/* A capacity for at least `need` elements, half as much again as before. */
static inline size_t vec_capacity(size_t cap, size_t need)
{
    size_t more = cap + cap / 2 + 8;
    return more > need ? more : need;
}

/* Make room for `more` elements behind the last. */
#define vec_reserve(heap, v, more)                                         \
    do {                                                                   \
        size_t need_ = (v)->n + (size_t)(more);                            \
        if (need_ > (v)->cap) {                                            \
            size_t cap_ = vec_capacity((v)->cap, need_);                   \
            (v)->at = heap_resize((heap), (v)->at, cap_, sizeof *(v)->at); \
            (v)->cap = cap_;                                               \
        }                                                                  \
    } while (0)

#define vec_push(heap, v, element)     \
    do {                               \
        vec_reserve((heap), (v), 1);   \
        (v)->at[(v)->n++] = (element); \
    } while (0)

#define vec_free(heap, v)           \
    do {                            \
        heap_free((heap), (v)->at); \
        (v)->at = NULL;             \
        (v)->n = (v)->cap = 0;      \
    } while (0)

#endif
