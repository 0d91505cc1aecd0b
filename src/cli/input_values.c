/* SPDX-License-Identifier: MIT */
/*
 * input_values: options that ask for values and labels, and --tags.
 */
#include "cli/input.h"

/* A label to ignore that no sample has. */
static void warn_of_ignored_labels(struct program *program, const struct reading *reading)
{
    const struct label_rules *rules = reading->options->labels;
    for (size_t i = 0; rules && i < rules->rules.n; i++) {
        const struct label_rule *rule = &rules->rules.at[i];
        if (rule->ignores && rule->key.n > 0 && !profile_has_label(reading->profile, rule->key))
            program_warn(program, "--tag-ignore: no sample has a label '%.*s'",
                         (int)(rule->key.n < 60 ? rule->key.n : 60), rule->key.p);
    }
}

bool input_check_values(struct program *program, const struct input *input,
                        const struct reading *reading)
{
    const struct profile *profile = reading->profile;
    if (profile->samples == 0 && profile->label_keys.n == 0)
        return true; /* something else is wrong with the input */
    if (!reading_check_value(reading, &program->err))
        return false;
    if (reading->options->idle && !input->uses_idle && reading->last && reading->last->never_idle)
        program_warn(program, "--idle has no effect: %s input has no idle samples",
                     reading->last->name);
    if (input->may_lack_labels)
        return true;
    if (!reading_check_labels(reading, &program->err))
        return false;
    warn_of_ignored_labels(program, reading);
    return true;
}

/* "550.00 ms"; of a count the number alone. */
static void put_weight(struct sink *sink, const struct profile *profile, uint64_t weight)
{
    str unit = profile->value_type.unit;
    struct quantity quantity = quantity_of(num_of_units(weight, profile->tree.decimals),
                                           str_equal(unit, STR("count")) ? STR("") : unit);
    sink_bytes(sink, quantity_number(&quantity));
    sink_bytes(sink, quantity.name.n > 0 ? STR(" ") : STR(""));
    sink_bytes(sink, quantity.name);
}

/* ---- --tags ---- */

/* Text from the input must not control the terminal or add lines. */
static void put_harmless(struct program *program, str text)
{
    char *copy = heap_alloc(&program->heap, text.n, 1);
    if (text.n > 0)
        memcpy(copy, text.p, text.n);
    utf8_disarm(copy, text.n);
    sink_bytes(&program->out, str_of(copy, text.n));
    heap_free(&program->heap, copy);
}

/* As go tool pprof -tags lays them out. */
static void put_tags(struct program *program, struct profile *profile)
{
    struct label_sums *sums = &profile->labels;
    struct sink *sink = &program->out;
    uint64_t whole = 0;
    label_sums_sort(sums);
    for (size_t i = 0; i < sums->sums.n; i++) {
        const struct label_sum *sum = &sums->sums.at[i];
        if (sum->whole) {
            sink_bytes(sink, i > 0 ? STR("\n") : STR(""));
            put_harmless(program, intern_name(&sums->keys, sum->key));
            sink_lit(sink, ": Total ");
            put_weight(sink, profile, sum->weight);
            whole = sum->weight;
        } else {
            sink_lit(sink, "    ");
            put_weight(sink, profile, sum->weight);
            sink_lit(sink, " (");
            sink_fixed(sink, whole > 0 ? 100 * (double)sum->weight / (double)whole : 0, 2);
            sink_lit(sink, "%): ");
            put_harmless(program, sum->value);
        }
        sink_byte(sink, '\n');
    }
}

bool input_print_tags(struct program *program, const struct input *input, bool each)
{
    size_t count = each ? program->arguments.files.n : 1;
    if (!program_open_output(program, NULL))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct input one = *input;
        struct profile profile;
        one.file = each ? &program->arguments.files.at[i] : input->file;
        if (!input_read(program, &one, &profile))
            return false;
        if (each) {
            sink_bytes(&program->out, i > 0 ? STR("\n") : STR(""));
            put_harmless(program, str_from_c(program->arguments.files.at[i]));
            sink_lit(&program->out, ":\n");
        }
        put_tags(program, &profile);
        profile_end(&profile);
    }
    return program_close_outputs(program);
}
