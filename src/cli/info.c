/* SPDX-License-Identifier: MIT */
/*
 * info: flamegraph --info, for people or as JSON.
 */
#include "cli/input.h"
#include "output/markup.h"

/* Key and value come from the input. They must not control the terminal or add lines. */
static void put_info(struct heap *heap, struct sink *sink, str key, str value)
{
    size_t n = key.n + 2 + value.n;
    char *line = heap_alloc(heap, n + 1, 1);
    memcpy(line, key.p, key.n);
    memcpy(line + key.n, ": ", 2);
    memcpy(line + key.n + 2, value.p, value.n);
    utf8_disarm(line, n);
    line[n] = '\n';
    sink_bytes(sink, str_of(line, n + 1));
    heap_free(heap, line);
}

static void put_info_number(struct sink *sink, const char *key, uint64_t value, unsigned decimals)
{
    sink_bytes(sink, str_from_c(key));
    sink_lit(sink, ": ");
    sink_decimal(sink, value, decimals);
    sink_byte(sink, '\n');
}

static void write_info_lines(struct program *program, const struct profile *profile,
                             struct sink *sink)
{
    const struct tree *tree = &profile->tree;
    uint64_t sum = tree_sum(tree, tree_after(tree));
    str unit = profile->value_type.unit;
    struct quantity quantity = quantity_of(num_of_units(sum, tree->decimals), unit);
    for (size_t i = 0; i < profile->facts.n; i++)
        put_info(&program->heap, sink, profile->facts.at[i].key, profile->facts.at[i].value);
    if (unit.n > 0) { /* "total: 12.66 s", as in a picture */
        sink_lit(sink, "total: ");
        sink_bytes(sink, quantity_number(&quantity));
        sink_byte(sink, ' ');
        sink_bytes(sink, quantity.name);
        sink_byte(sink, '\n');
    }
    if (profile_samples_are_known(profile))
        put_info_number(sink, "samples", profile->samples, 0);
    put_info_number(sink, "weight", sum, tree->decimals);
    put_info_number(sink, "functions", frames_count(&tree->frames) - 1, 0);
    put_info_number(sink, "frames", tree->n - 1, 0);
}

static void write_info_json(const struct profile *profile, struct sink *sink)
{
    const struct tree *tree = &profile->tree;
    uint64_t sum = tree_sum(tree, tree_after(tree));
    const struct value_type *type = &profile->value_type;
    struct quantity quantity = quantity_of(num_of_units(sum, tree->decimals), type->unit);
    PUT(sink, LIT("{\"flametree_info\":1,\n\"total\":"));
    sink_decimal(sink, sum, tree->decimals);
    if (type->name.n > 0)
        PUT(sink, KEY("value"), STRING(type->name));
    if (type->unit.n > 0) { /* "text": "12.66 s", as in a picture */
        PUT(sink, KEY("unit"), STRING(type->unit), KEY("text"), LIT("\""));
        sink_json(sink, quantity_number(&quantity));
        sink_byte(sink, ' ');
        sink_json(sink, quantity.name);
        sink_byte(sink, '"');
    }
    if (profile_samples_are_known(profile))
        PUT(sink, KEY("samples"), DIGITS(profile->samples));
    PUT(sink, KEY("functions"), DIGITS(frames_count(&tree->frames) - 1), KEY("frames"),
        DIGITS(tree->n - 1), LIT(",\n\"facts\":{"));
    for (size_t i = 0; i < profile->facts.n; i++)
        PUT(sink, WORD(i > 0 ? ",\n" : "\n"), STRING(profile->facts.at[i].key), LIT(":"),
            STRING(profile->facts.at[i].value));
    PUT(sink, LIT("}}\n"));
}

void input_write_info(struct program *program, const struct profile *profile, bool json)
{
    if (json)
        write_info_json(profile, &program->out);
    else
        write_info_lines(program, profile, &program->out);
}
