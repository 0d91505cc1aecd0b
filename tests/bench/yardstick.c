/* SPDX-License-Identifier: MIT */
/*
 * yardstick: a fixed loop over standard input, some instructions a byte. What the programs execute
 * is told as a multiple of it, so that compilers and their options count on both sides.
 */
#include <stdint.h>
#include <stdio.h>

int main(void)
{
    static unsigned char block[65536];
    uint64_t hash = UINT64_C(14695981039346656037), frames = 0;
    size_t n;
    while ((n = fread(block, 1, sizeof block, stdin)) > 0)
        for (size_t i = 0; i < n; i++) {
            hash = (hash ^ block[i]) * UINT64_C(1099511628211);
            frames += block[i] == ';';
        }
    printf("%llu %llu\n", (unsigned long long)hash, (unsigned long long)frames);
    return 0;
}
