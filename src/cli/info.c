/*
 * info: see info.h.
 */
#include "cli/info.h"

/* A value is one line, and nothing in it steers a terminal. */
static void put_value(struct sink *sink, str value)
{
    for (size_t i = 0; i < value.n; i++)
        sink_byte(sink, (unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f ? '?' : value.p[i]);
    sink_byte(sink, '\n');
}

static void put_number(struct sink *sink, const char *key, uint64_t value, unsigned decimals)
{
    sink_bytes(sink, str_from_c(key));
    sink_lit(sink, ": ");
    sink_decimal(sink, value, decimals);
    sink_byte(sink, '\n');
}

bool info_write(struct program *program, struct profile *profile)
{
    struct sink *sink = &program->out;
    const struct tree *tree = &profile->tree;
    if (!program_open_output(program, NULL))
        return false;
    for (size_t i = 0; i < profile->facts.n; i++) {
        sink_bytes(sink, profile->facts.at[i].key);
        sink_lit(sink, ": ");
        put_value(sink, profile->facts.at[i].value);
    }
    put_number(sink, "weight", tree_sum(tree, tree->self), tree->decimals);
    put_number(sink, "functions", intern_count(&tree->names) - 1, 0);
    put_number(sink, "frames", tree->n - 1, 0);
    return sink_close(sink);
}
