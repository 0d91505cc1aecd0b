/*
 * flamediff_options: the table, and what its texts mean.
 */
#include "cli/flamediff_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/input.h"
#include "core/output_path.h"

enum { NAMES_ROOM = 200 };

static const char *const width_choices[] = {[WIDTH_AFTER] = "after",
                                            [WIDTH_BEFORE] = "before",
                                            [WIDTH_UNION] = "union",
                                            [WIDTH_BOTH] = "both",
                                            NULL};
static const char *const color_choices[] = {
    [DIFFERENTIAL_SAFE] = "safe", [DIFFERENTIAL_RED_BLUE] = "red-blue", NULL};
static const char *const delta_choices[] = {[DELTA_TOTAL] = "total", [DELTA_SELF] = "self", NULL};
static const char *const normalize_choices[] = {"auto", "total", "work", "none", NULL};

#define FIELD(name) offsetof(struct flamediff_options, name)

static const struct option option_list[] = {
    {"output", OPTION_TEXT, OPTION_LETTER, FIELD(output), "FILE",
     "write to FILE: x.folded, x.svg, x.png, x.txt...", "diff", NULL},
    {"n", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(scale), NULL,
     "scale BEFORE to the total of AFTER", "diff", NULL},
    {"normalize", OPTION_CHOICE, 0, FIELD(normalize), "HOW",
     "auto, total (shares), work (cost), none (weights)", "diff", normalize_choices},
    {"work", OPTION_TEXT, 0, FIELD(work), "BEFORE,AFTER",
     "units of work done: cost per unit is compared", "diff", NULL},
    {"work-unit", OPTION_TEXT, 0, FIELD(work_unit), "NAME", "what a unit of work is called: row",
     "diff", NULL},
    {"labels", OPTION_TEXT, 0, FIELD(labels), "BEFORE,AFTER",
     "what the sides are called; default: their files", "diff", NULL},
    {"width", OPTION_CHOICE, 0, FIELD(width), "SIDE",
     "widths are weights after, before, union or both", "picture", width_choices},
    {"delta", OPTION_CHOICE, 0, FIELD(delta), "OF", "colours are changes of total or self",
     "picture", delta_choices},
    {"colors", OPTION_CHOICE, 0, FIELD(colors), "PALETTE", "safe (orange and blue) or red-blue",
     "picture", color_choices},
    {"report", OPTION_TEXT, 0, FIELD(report), "FORMAT",
     "what changed, as text, markdown, json or csv", "report", NULL},
    {"top", OPTION_COUNT, 0, FIELD(top), "N", "so many functions of each list; 0: all", "report",
     NULL},
    {"min-delta", OPTION_NUMBER, OPTION_PERCENT, FIELD(min_delta), "N%",
     "changes below N% of the run are noise", "report", NULL},
    {"confidence", OPTION_NUMBER, OPTION_PERCENT | OPTION_POSITIVE, FIELD(confidence), "N%",
     "how sure a change must be; default 99%", "report", NULL},
    {"sample-weight", OPTION_NUMBER, OPTION_POSITIVE, FIELD(sample_weight), "W",
     "weight of one sample, if the input does not tell", "report", NULL},
    {"countname", OPTION_TEXT, 0, FIELD(countname), "NAME",
     "unit of the weights: samples, ns, us, ms, s, bytes", "report", NULL},
    {"fail-on", OPTION_LIST, 0, FIELD(fail_on), "WHAT>N%",
     "exit with 3 when total, any, or a function grew so", "gate", NULL},
    {"junit", OPTION_TEXT, 0, FIELD(junit), "FILE", "write the gates as JUnit XML", "gate", NULL},
    {"strip-hex", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(strip_hex), NULL,
     "hex numbers in names become 0x... (-s)", "names", NULL},
    {"fold-names", OPTION_FLAG, 0, FIELD(fold_names), NULL,
     "names that differ from run to run become one", "names", NULL},
    {"event-filter", OPTION_TEXT, 0, FIELD(event_filter), "EVENT",
     "count this event; default: the first one seen", "input", NULL},
    {"format", OPTION_TEXT, 0, FIELD(format), "NAME", "input format; default: look", "input", NULL},
    INPUT_OPTION_THREADS(FIELD(threads), "input"),
    OPTIONS_FILTER(struct flamediff_options, filter),
    OPTIONS_COMMON(struct flamediff_options, common),
    {0},
};

static const char *offer(const char *option, size_t i)
{
    return strcmp(option, "format") == 0 ? input_offer_format(i) : NULL;
}

const struct option_table flamediff_option_table = {
    .program = "flamediff",
    .usage = "[options] BEFORE AFTER | BEFORE... -- AFTER...",
    .purpose = "Compares two profiles: flamediff before after | flamegraph > diff.svg",
    .options = option_list,
    .offer = offer,
};

const struct flamediff_options flamediff_option_defaults = {
    .normalize = FLAMEDIFF_UNSAID,
    .work_unit = "unit",
    .confidence = {.value = 99, .percent = true},
    .top = UINT64_MAX, /* not said */
};

static bool find_report(struct flamediff_options *options, struct err *err)
{
    char names[NAMES_ROOM];
    size_t n = 0;
    for (size_t i = 0; options->report && report_formats[i]; i++) {
        if (strcmp(report_formats[i]->name, options->report) == 0) {
            options->report_format = report_formats[i];
            return true;
        }
        int more = snprintf(names + n, sizeof names - n, "%s%s", n > 0 ? ", " : "",
                            report_formats[i]->name);
        if (more > 0 && n + (size_t)more < sizeof names)
            n += (size_t)more;
    }
    return !options->report || err_set(err, ERR_USAGE, "--report knows no '%.60s'; it can be %s",
                                       options->report, names);
}

/* As one of whole numbers. */
static bool has_ratio(const struct num_decimal *a, const struct num_decimal *b)
{
    const struct num_decimal *fewer = a->decimals < b->decimals ? a : b;
    const struct num_decimal *more = fewer == a ? b : a;
    uint64_t units;
    return num_scale10(fewer->units, more->decimals - fewer->decimals, &units);
}

static bool parse_work(struct flamediff_options *options, struct err *err)
{
    if (!options->work)
        return options->normalize != NORMALIZE_WORK ||
               err_set(err, ERR_USAGE, "--normalize work wants --work BEFORE,AFTER");
    str text = str_from_c(options->work);
    size_t comma = str_find(text, ',', 0);
    bool good = comma < text.n;
    good = good && num_parse_decimal(str_head(text, comma), &options->units[SIDE_BEFORE]);
    good = good && num_parse_decimal(str_skip(text, comma + 1), &options->units[SIDE_AFTER]);
    if (!good || options->units[SIDE_BEFORE].units == 0 || options->units[SIDE_AFTER].units == 0)
        return err_set(err, ERR_USAGE,
                       "--work wants two numbers larger than 0, as in 632,5850, not '%.60s'",
                       options->work);
    return has_ratio(&options->units[SIDE_BEFORE], &options->units[SIDE_AFTER]) ||
           err_set(err, ERR_USAGE, "the numbers of --work '%.60s' have too many digits",
                   options->work);
}

static bool check_numbers(const struct flamediff_options *options, struct err *err)
{
    double confidence = options->confidence.value;
    double least = options->min_delta.value;
    if (options->confidence.percent)
        confidence /= 100;
    if (!(confidence >= 0.5 && confidence < 1))
        return err_set(err, ERR_USAGE, "--confidence is from 50%% to below 100%%");
    if (!(least >= 0 && least <= 100))
        return err_set(err, ERR_USAGE, "--min-delta is from 0%% to 100%%");
    if (options->labels && !strchr(options->labels, ','))
        return err_set(err, ERR_USAGE, "--labels wants two names, as in v1.2,v1.3, not '%.60s'",
                       options->labels);
    return true;
}

/* What the ending of --output says, unless --report does. */
static bool choose_output(struct flamediff_options *options, const struct os *os, struct err *err)
{
    enum { PICTURES = 3, COLUMNS = 3 };
    static const char *const endings[] = {"svg", "png", "pdf",  "folded", "txt",
                                          "md",  "csv", "json", NULL};
    static const struct report_format *const reports[] = {
        [COLUMNS + 1] = &report_text, &report_markdown, &report_csv, &report_json};
    size_t found;
    struct err unknown = {0};
    if (!options->output)
        return true;
    if (!output_path_find(os, options->output, endings,
                          "; for any other name redirect standard output", &found,
                          options->report_format ? &unknown : err))
        return options->report_format != NULL;
    options->draws = found < PICTURES;
    if (options->draws && options->report_format)
        return err_set(err, ERR_USAGE,
                       "-o %.60s is a picture, and --report is text: give one of "
                       "them",
                       options->output);
    if (found > COLUMNS && endings[found] && !options->report_format)
        options->report_format = reports[found];
    return true;
}

bool flamediff_options_check(struct flamediff_options *options, struct heap *heap,
                             const struct os *os, struct err *err)
{
    static const char *const junit_endings[] = {"xml", NULL};
    if (options->scale && options->normalize != FLAMEDIFF_UNSAID)
        return err_set(err, ERR_USAGE, "-n and --normalize say two things: give one of them");
    if (!find_report(options, err) || !parse_work(options, err) || !check_numbers(options, err))
        return false;
    for (size_t i = 0; i < options->fail_on.values.n; i++) {
        struct gate gate;
        if (!gate_parse(&gate, str_from_c(options->fail_on.values.at[i]), err))
            return false;
        vec_push(heap, &options->gates, gate);
    }
    if (options->junit && options->gates.n == 0)
        return err_set(err, ERR_USAGE, "--junit wants a --fail-on to tell the outcome of");
    if (!choose_output(options, os, err) ||
        !output_path_check_text(os, options->junit, "JUnit XML", junit_endings, err))
        return false;
    options->compares = options->report_format || options->gates.n > 0 || options->draws;
    return true;
}
