/* SPDX-License-Identifier: MIT */
/*
 * input_summary: messages about an input: its format, the chosen value, the other values, the
 * amount.
 */
#include "cli/input.h"

static void add_part(struct strbuf *text, str before, str words, str after)
{
    if (words.n == 0)
        return;
    strbuf_add(text, before);
    strbuf_add(text, words);
    strbuf_add(text, after);
}

/* "121 samples", "4 stacks" */
static void add_samples(struct strbuf *text, const struct profile *profile)
{
    strbuf_add_u64(text, profile->samples);
    strbuf_add(text, profile->unsure > 0 ? STR(" stack") : STR(" sample"));
    strbuf_add(text, profile->samples == 1 ? STR("") : STR("s"));
}

/* "1.21 s in 121 samples" */
static void add_weight(struct strbuf *text, const struct profile *profile)
{
    const struct tree *tree = &profile->tree;
    str unit = profile->value_type.unit;
    double sum = num_of_units(tree_sum(tree, tree_after(tree)), tree->decimals);
    struct quantity weight = quantity_of(sum, unit);
    bool is_count = unit.n == 0 || str_equal(unit, STR("samples")) || str_equal(unit, STR("count"));
    strbuf_add(text, STR(", "));
    if (!is_count || sum != (double)profile->samples) {
        strbuf_add(text, quantity_number(&weight));
        add_part(text, STR(" "), weight.name, STR(""));
        strbuf_add(text, STR(" in "));
    }
    add_samples(text, profile);
}

void input_say_what_was_read(struct program *program, const struct input_options *given,
                             const struct reading *reading)
{
    const struct profile *profile = reading->profile;
    str name = profile->value_type.name, unit = profile->value_type.unit;
    struct strbuf text = {.heap = &program->heap};
    bool has_choice = profile->other_values.n > 0 && !given->sample_index;
    if (!reading->last || profile->samples == 0)
        return;
    add_part(&text, STR(", "), name, STR(""));
    if (!str_equal(name, unit))
        add_part(&text, name.n > 0 ? STR(" in ") : STR(", "), unit, STR(""));
    add_part(&text, STR(" (also: "), profile->other_values, STR(")"));
    add_weight(&text, profile);
    for (size_t i = 0; i < profile->label_keys.n; i++)
        add_part(&text, i > 0 ? STR(", ") : STR("; labels "), profile->label_keys.at[i], STR(""));
    program_message(program, has_choice ? MESSAGE_WARNING : MESSAGE_NOTE, "%s: %s%.*s",
                    program->source.name, reading->last->name, (int)text.bytes.n, text.bytes.at);
    strbuf_end(&text);
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

void input_say_how_much_was_read(struct program *program, const struct profile *profile)
{
    uint64_t names = frames_count(&profile->tree.frames) - 1;
    program_note(program, "read %llu line%s, %llu sample%s, %llu distinct frame%s",
                 (unsigned long long)profile->lines, plural(profile->lines),
                 (unsigned long long)profile->samples, plural(profile->samples),
                 (unsigned long long)names, plural(names));
}

void input_warn_of_overflow(struct program *program, const struct tree *tree)
{
    if (program->overflow_warned || tree_fits(tree))
        return;
    program->overflow_warned = true;
    program_warn(program, "the sum of weights exceeds 2^64-1 and is cut to that; "
                          "--weight samples counts samples instead");
}
