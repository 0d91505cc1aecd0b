/*
 * registry: the formats that can be read. A new one is one line here.
 */
#include "format/reader.h"

const struct reader *const readers[] = {
    &reader_perf,
    &reader_folded,
    &reader_svg,
};

const size_t reader_count = sizeof readers / sizeof readers[0];

const struct reader *reader_find(str name)
{
    for (size_t i = 0; i < reader_count; i++)
        if (str_equal(str_from_c(readers[i]->name), name))
            return readers[i];
    return NULL;
}

const struct reader *reader_choose(str head, struct err *err)
{
    const struct reader *best = NULL, *second = NULL;
    int highest = 0;
    for (size_t i = 0; i < reader_count; i++) {
        int bid = readers[i]->bid(head);
        if (bid > highest) {
            best = readers[i];
            second = NULL;
            highest = bid;
        } else if (bid == highest && bid > 0) {
            second = readers[i];
        }
    }
    if (!second)
        return best;
    err_set(err, ERR_INPUT, "it could be %s or %s: say which with --input-format", best->name,
            second->name);
    return NULL;
}
