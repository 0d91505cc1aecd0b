/*
 * input_values: options that ask for values and labels, and --tags.
 */
#include "cli/input.h"

static bool refuse_value(struct program *program, const struct reading *reading)
{
    const struct profile *profile = reading->profile;
    const char *format = reading->last->name;
    if (profile->events.n > 0)
        return err_set(&program->err, ERR_INPUT,
                       "--sample-index: %s has events, which --event-filter chooses: '%.*s'...",
                       format, (int)profile->events.at[0].name.n, profile->events.at[0].name.p);
    return err_set(&program->err, ERR_INPUT, "--sample-index: %s has one value for each stack",
                   format);
}

static bool has_label(const struct profile *profile, str key)
{
    for (size_t i = 0; i < profile->label_keys.n; i++)
        if (str_equal(profile->label_keys.at[i], key))
            return true;
    return false;
}

static bool refuse_label(struct program *program, const struct reading *reading, const char *option,
                         str key)
{
    enum { SHOWN_MOST = 200 };
    const struct profile *profile = reading->profile;
    struct strbuf names = {.heap = &program->heap};
    if (profile->label_keys.n == 0)
        return err_set(&program->err, ERR_INPUT, "%s: this %s input has no labels", option,
                       reading->last->name);
    for (size_t i = 0; i < profile->label_keys.n; i++) {
        strbuf_add(&names, i > 0 ? STR(", ") : STR(""));
        strbuf_add(&names, profile->label_keys.at[i]);
    }
    str all = strbuf_str(&names);
    return err_set(&program->err, ERR_INPUT, "%s: no sample has a label '%.*s'; there are %.*s",
                   option, (int)(key.n < 60 ? key.n : 60), key.p,
                   (int)(all.n < SHOWN_MOST ? all.n : SHOWN_MOST), all.p);
}

static bool check_labels(struct program *program, const struct reading *reading)
{
    const struct profile *profile = reading->profile;
    const struct label_rules *rules = reading->options->labels;
    bool any = profile->label_keys.n > 0;
    if (reading->options->sum_labels && !any)
        return refuse_label(program, reading, "--tags", STR(""));
    for (size_t i = 0; rules && i < rules->roots.n; i++) {
        str root = rules->roots.at[i], key = str_head(root, root.n - str_ends(root, STR("=")));
        if (!has_label(profile, key))
            return refuse_label(program, reading, "--tag-root", key);
    }
    for (size_t i = 0; rules && i < rules->rules.n; i++) {
        const struct label_rule *rule = &rules->rules.at[i];
        const char *option = rule->ignores ? "--tag-ignore" : "--tag-focus";
        bool known = rule->key.n == 0 || has_label(profile, rule->key);
        if (any && rule->ignores && !known)
            program_warn(program, "%s: no sample has a label '%.*s'", option,
                         (int)(rule->key.n < 60 ? rule->key.n : 60), rule->key.p);
        else if (!any || !known)
            return refuse_label(program, reading, option, rule->key);
    }
    return true;
}

bool input_check_values(struct program *program, const struct input *input,
                        const struct reading *reading)
{
    const struct profile *profile = reading->profile;
    if (profile->samples == 0 && profile->label_keys.n == 0)
        return true; /* something else is wrong with the input */
    if (reading->options->value_type.n > 0 && profile->value_types.n == 0)
        return refuse_value(program, reading);
    if (reading->options->idle && !input->uses_idle && reading->last && reading->last->never_idle)
        program_warn(program, "--idle has no effect: %s input has no idle samples",
                     reading->last->name);
    return input->may_lack_labels || check_labels(program, reading);
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
