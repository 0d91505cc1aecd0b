/* SPDX-License-Identifier: MIT */
/*
 * input_summary: messages about the format, the values and the amount of the input; checks of
 * options against it; --tags; --info.
 */
#include "cli/input.h"
#include "output/escape.h"
#include "output/markup.h"

static double summary_sum(const struct profile *profile)
{
    const struct tree *tree = &profile->tree;
    return num_of_units(tree_sum(tree, tree_after(tree)), tree->decimals);
}

/* "1.21 s in 121 samples", "4 stacks" */
static void put_summary_samples(struct sink *sink, const struct profile *profile)
{
    str unit = profile->value_type.unit;
    double sum = summary_sum(profile);
    bool is_count = unit.n == 0 || str_equal(unit, STR("samples")) || str_equal(unit, STR("count"));
    if (!is_count || sum != (double)profile->samples)
        PUT(sink, AMOUNT(sum, unit, put_plain), LIT(" in "));
    PUT(sink, DIGITS(profile->samples), WORD(profile->unsure > 0 ? " stack" : " sample"),
        WORD(plural_ending(profile->samples)));
}

void input_say_what_was_read(struct program *program, const struct input_options *given,
                             const struct reading *reading)
{
    const struct profile *profile = reading->profile;
    str name = profile->value_type.name, unit = profile->value_type.unit;
    struct sink text;
    bool has_choice = profile->other_values.n > 0 && !given->sample_index;
    if (!reading->last || profile->samples == 0)
        return;
    bool shown = has_choice || (!reading->last->usual && !given->sample_index);
    sink_open_memory(&text, &program->heap);
    if (name.n > 0)
        PUT(&text, LIT(", "), VIA(put_plain, name));
    if (unit.n > 0 && !str_equal(name, unit))
        PUT(&text, WORD(name.n > 0 ? " in " : ", "), VIA(put_plain, unit));
    if (profile->other_values.n > 0)
        PUT(&text, LIT(" (also: "), VIA(put_plain, profile->other_values), LIT(")"));
    sink_lit(&text, ", ");
    put_summary_samples(&text, profile);
    for (size_t i = 0; i < profile->label_keys.n; i++)
        PUT(&text, WORD(i > 0 ? ", " : "; labels "), VIA(put_plain, profile->label_keys.at[i]));
    program_message(program, shown ? MESSAGE_WARNING : MESSAGE_NOTE, "%s: %s%.*s",
                    program->source.name, reading->last->name, (int)text.n, text.buffer);
    sink_abandon(&text);
}

void input_say_how_much_was_read(struct program *program, const struct profile *profile)
{
    uint64_t names = frames_count(&profile->tree.frames) - 1;
    program_note(program, "read %llu line%s, %llu sample%s, %llu distinct frame%s",
                 (unsigned long long)profile->lines, plural_ending(profile->lines),
                 (unsigned long long)profile->samples, plural_ending(profile->samples),
                 (unsigned long long)names, plural_ending(names));
}

void input_warn_of_overflow(struct program *program, const struct tree *tree)
{
    if (program->overflow_warned || tree_fits(tree))
        return;
    program->overflow_warned = true;
    program_warn(program, "the sum of weights exceeds 2^64-1 and is cut to that; "
                          "--weight samples counts samples instead");
}

/* ---- values and labels ---- */

bool input_check_options(struct program *program, const struct input_options *given)
{
    const struct {
        unsigned option;
        bool is_given;
        const char *message;
    } options[] = {
        {READER_SELECTS, given->time || given->only_pid || given->only_comm || given->only_cpu,
         "--time, --only-pid, --only-comm and --only-cpu are for perf.data and the text of perf "
         "script"},
        {READER_FIELDS, given->fields, "--fields is for the text of perf script"},
        {READER_FILES, given->symfs || given->kallsyms || given->no_symbols,
         "--symfs, --kallsyms and --no-symbols are for perf.data"},
        {READER_EVENTS, given->event_filter,
         "--event-filter is for recordings of events: perf, simpleperf, jfr and pmcstat"},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (options[i].is_given && !(program->known_options & options[i].option))
            return err_set(&program->err, ERR_USAGE, "%s", options[i].message);
    return true;
}

/* A label to ignore that no sample has. */
static void warn_of_ignored_labels(struct program *program, const struct reading *reading)
{
    const struct label_rules *rules = reading->options->labels;
    for (size_t i = 0; rules && i < rules->rules.n; i++) {
        const struct label_rule *rule = &rules->rules.at[i];
        if (rule->ignores && rule->key.n > 0 && !profile_has_label(reading->profile, rule->key))
            program_warn(program, "--tag-ignore: no sample has a label '%.*s'",
                         STR_SHOWN(rule->key, 60));
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
static void put_summary_weight(struct sink *sink, const struct profile *profile, uint64_t weight)
{
    str unit = profile->value_type.unit;
    PUT(sink, AMOUNT(num_of_units(weight, profile->tree.decimals),
                     str_equal(unit, STR("count")) ? STR("") : unit, put_plain));
}

/* ---- --tags ---- */

/* As go tool pprof -tags lays them out. */
static void put_tags(struct profile *profile, struct sink *sink)
{
    struct label_sums *sums = &profile->labels;
    uint64_t whole = 0;
    label_sums_sort(sums);
    for (size_t i = 0; i < sums->sums.n; i++) {
        const struct label_sum *sum = &sums->sums.at[i];
        if (sum->whole) {
            PUT(sink, WORD(i > 0 ? "\n" : ""),
                VIA(put_terminal, intern_name(&sums->keys, sum->key)), LIT(": Total "));
            put_summary_weight(sink, profile, sum->weight);
            whole = sum->weight;
        } else {
            sink_lit(sink, "    ");
            put_summary_weight(sink, profile, sum->weight);
            PUT(sink, LIT(" ("),
                FIXED(whole > 0 ? 100 * (double)sum->weight / (double)whole : 0, 2), LIT("%): "),
                VIA(put_terminal, sum->value));
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
        if (each)
            PUT(&program->out, WORD(i > 0 ? "\n" : ""),
                VIA(put_terminal, str_from_c(program->arguments.files.at[i])), LIT(":\n"));
        put_tags(&profile, &program->out);
        profile_end(&profile);
    }
    return program_close_outputs(program);
}

/* ---- --info ---- */

static void write_info_lines(const struct profile *profile, struct sink *sink)
{
    const struct tree *tree = &profile->tree;
    str unit = profile->value_type.unit;
    for (size_t i = 0; i < profile->facts.n; i++)
        PUT(sink, VIA(put_terminal, profile->facts.at[i].key), LIT(": "),
            VIA(put_terminal, profile->facts.at[i].value), LIT("\n"));
    if (unit.n > 0) /* "total: 12.66 s", as in a picture */
        PUT(sink, LIT("total: "), AMOUNT(summary_sum(profile), unit, put_plain), LIT("\n"));
    if (profile_samples_are_known(profile))
        PUT(sink, LIT("samples: "), DIGITS(profile->samples), LIT("\n"));
    sink_lit(sink, "weight: ");
    sink_decimal(sink, tree_sum(tree, tree_after(tree)), tree->decimals);
    PUT(sink, LIT("\nfunctions: "), DIGITS(frames_count(&tree->frames) - 1), LIT("\nframes: "),
        DIGITS(tree->n - 1), LIT("\n"));
}

static void put_json(str text, struct sink *sink)
{
    sink_json(sink, text);
}

static void write_info_json(const struct profile *profile, struct sink *sink)
{
    const struct tree *tree = &profile->tree;
    const struct value_type *type = &profile->value_type;
    PUT(sink, LIT("{\"flametree_info\":1,\n\"total\":"));
    sink_decimal(sink, tree_sum(tree, tree_after(tree)), tree->decimals);
    if (type->name.n > 0)
        PUT(sink, KEY("value"), STRING(type->name));
    if (type->unit.n > 0) /* "text": "12.66 s", as in a picture */
        PUT(sink, KEY("unit"), STRING(type->unit), KEY("text"), LIT("\""),
            AMOUNT(summary_sum(profile), type->unit, put_json), LIT("\""));
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
        write_info_lines(profile, &program->out);
}
