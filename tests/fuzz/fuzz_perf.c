/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as text of perf script. The first two bytes choose among the options of reading.
 */
#include "fuzzing.h"

/* Stands for debug information; what it says depends on the address. */
static size_t inlined(void *context, str module, uint64_t address,
                      const struct read_inline_frame **frames)
{
    static const struct read_inline_frame all[] = {
        {STR_INIT("main"), STR_INIT("a;b.c:7")}, {STR_INIT("std::x<a;b>(int)"), STR_INIT("")},
        {STR_INIT("\n1\nf"), STR_INIT("\n")},    {STR_INIT(""), STR_INIT("y.c:1")},
        {STR_INIT("a->b"), STR_INIT("?")},
    };
    size_t first = (size_t)(address % 5);
    (void)context;
    *frames = &all[first];
    return (size_t)((address / 5 + module.n) % (6 - first));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    str text = fuzz_text(data + 2, size - 2);
    struct feeding feeding = {
        .reader = &reader_perf,
        .in_order = data[0] & 1,
        .options =
            {
                .pid = data[0] & 2,
                .tid = data[0] & 4,
                .kernel = data[0] & 8,
                .jit = data[0] & 16,
                .inline_marks = data[0] & 32,
                .addrs = data[1] & 1,
                .srcline = data[1] & 2,
                .no_comm = data[1] & 4,
                .merge_threads = data[1] & 8,
                .weight = data[1] & 16 ? READ_WEIGHT_SAMPLES : READ_WEIGHT_PERIOD,
                .event_filter = data[1] & 32 ? STR("cycles") : STR(""),
                .inline_frames = data[1] & 64 ? inlined : NULL,
            },
    };
    fuzz_bid(&reader_perf, text);
    fuzz_reader(feeding, text, data[0] & 64 ? text.n / 2 : text.n);
    return 0;
}
