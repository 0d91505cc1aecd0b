/*
 * info: see info.h.
 */
#include "cli/info.h"

#include "core/utf8.h"
#include "profile/quantity.h"

/* The input says both; each is one line, and nothing in it steers a terminal. */
static void put_fact(struct program *program, const struct profile_fact *fact)
{
    size_t n = fact->key.n + fact->value.n + 2;
    char *line = heap_alloc(&program->heap, n + 1, 1);
    memcpy(line, fact->key.p, fact->key.n);
    memcpy(line + fact->key.n, ": ", 2);
    memcpy(line + fact->key.n + 2, fact->value.p, fact->value.n);
    utf8_disarm(line, n);
    line[n] = '\n';
    sink_bytes(&program->out, str_of(line, n + 1));
    heap_free(&program->heap, line);
}

static void put_number(struct sink *sink, const char *key, uint64_t value, unsigned decimals)
{
    sink_bytes(sink, str_from_c(key));
    sink_lit(sink, ": ");
    sink_decimal(sink, value, decimals);
    sink_byte(sink, '\n');
}

/* "total: 12.66 s", as pictures show it. */
static void put_total(struct sink *sink, const struct profile *profile)
{
    const struct tree *tree = &profile->tree;
    str unit = profile->value_type.unit;
    double total = num_of_units(tree_sum(tree, tree_after(tree)), tree->decimals);
    struct quantity quantity = quantity_of(total, unit);
    if (unit.n > 0) {
        sink_lit(sink, "total: ");
        sink_bytes(sink, quantity_number(&quantity));
        sink_byte(sink, ' ');
        sink_bytes(sink, quantity.name);
        sink_byte(sink, '\n');
    }
    if (profile_samples_are_known(profile))
        put_number(sink, "samples", profile->samples, 0);
}

bool info_write(struct program *program, struct profile *profile)
{
    struct sink *sink = &program->out;
    const struct tree *tree = &profile->tree;
    if (!program_open_output(program, NULL))
        return false;
    for (size_t i = 0; i < profile->facts.n; i++)
        put_fact(program, &profile->facts.at[i]);
    put_total(sink, profile);
    put_number(sink, "weight", tree_sum(tree, tree_after(tree)), tree->decimals);
    put_number(sink, "functions", frames_count(&tree->frames) - 1, 0);
    put_number(sink, "frames", tree->n - 1, 0);
    return sink_close(sink);
}
