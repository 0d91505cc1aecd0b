/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as folded stacks. The first byte: 1 input order, 2 two files.
 */
#include "fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    str text = fuzz_text(data + 1, size - 1);
    struct feeding feeding = {.reader = &reader_folded, .in_order = data[0] & 1};
    fuzz_bid(&reader_folded, text);
    fuzz_reader(feeding, text, data[0] & 2 ? text.n / 2 : text.n);
    return 0;
}
