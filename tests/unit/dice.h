/* SPDX-License-Identifier: MIT */
/*
 * dice: random numbers that are the same in every run (splitmix64), and hostile bytes.
 */
#ifndef FLAMETREE_TESTS_DICE_H
#define FLAMETREE_TESTS_DICE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static inline uint64_t dice(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The environment variable SEED, to repeat a simulation with other numbers. */
static inline uint64_t dice_seed(void)
{
    const char *seed = getenv("SEED");
    return seed ? strtoull(seed, NULL, 10) : 42;
}

/* From 0 to most - 1. */
static inline size_t dice_below(uint64_t *state, size_t most)
{
    return (size_t)(dice(state) % most);
}

/* A name of 0 to 11 bytes out of few, so that names collide, nest and start alike; among them
 * blanks, digits, quotes, brackets, NUL, CR and bytes >= 0x80, but neither ';' nor a line end. */
static inline size_t dice_name(uint64_t *state, char *to)
{
    static const char bytes[] = "ab(:<=> 0 1.\t#-\"'&\\\0\r\x7f\x80\xc3\xa9\xff";
    size_t n = dice_below(state, 12);
    for (size_t i = 0; i < n; i++)
        to[i] = bytes[dice_below(state, sizeof bytes - 1)];
    return n;
}

#endif
