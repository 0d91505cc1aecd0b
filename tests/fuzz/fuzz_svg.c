/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a picture. The first byte: 1 input order, 2 two files, 4 the bytes are what comes
 * after the start of the data block of our own pictures.
 */
#include "fuzzing.h"

static const char opening[] =
    "<svg class=\"flametree\"><metadata class=\"flametree-data\">\nflametree 1\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t n = data[0] & 4 ? sizeof opening - 1 : 0;
    char *bytes = malloc(n + size);
    if (!bytes)
        return 0;
    memcpy(bytes, opening, n);
    memcpy(bytes + n, data + 1, size - 1);
    str text = str_of(bytes, n + size - 1);
    struct feeding feeding = {.reader = &reader_svg, .in_order = data[0] & 1};
    fuzz_bid(&reader_svg, text);
    fuzz_reader(feeding, text, data[0] & 2 ? text.n / 2 : text.n);
    free(bytes);
    return 0;
}
