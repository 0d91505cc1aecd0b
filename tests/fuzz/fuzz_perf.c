/*
 * Any bytes as text of perf script. The first two bytes choose among the options of reading.
 */
#include "fuzzing.h"

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
            },
    };
    fuzz_bid(&reader_perf, text);
    fuzz_reader(feeding, text, data[0] & 64 ? text.n / 2 : text.n);
    return 0;
}
