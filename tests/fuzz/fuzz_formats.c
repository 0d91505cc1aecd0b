/* SPDX-License-Identifier: MIT */
/*
 * Any bytes in any format. The first line is the name of the format. The byte after it: 1 input
 * order, 2 two files, 4 idle samples, 8 file and line, 16 no inlined functions, 32 addresses, 64
 * count samples, 128 all values and labels.
 */
#include "fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str bytes = fuzz_text(data, size);
    size_t end = str_find(bytes, '\n', 0);
    const struct reader *reader = reader_find(str_head(bytes, end));
    if (!reader || end + 2 > bytes.n)
        return 0;
    unsigned flags = (unsigned char)bytes.p[end + 1];
    str text = str_skip(bytes, end + 2);
    struct feeding feeding = {
        .reader = reader,
        .in_order = flags & 1,
        .options =
            {
                .idle = flags & 4,
                .srcline = flags & 8,
                .no_inlines = flags & 16,
                .addrs = flags & 32,
                .no_symbols = true, /* a recording names files */
                .weight = flags & 64 ? READ_WEIGHT_SAMPLES : READ_WEIGHT_PERIOD,
                .all_values = flags & 128,
                .keep_labels = flags & 128,
            },
    };
    fuzz_bid(reader, text);
    fuzz_reader(feeding, text, flags & 2 ? text.n / 2 : text.n);
    return 0;
}
