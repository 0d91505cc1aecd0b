/* SPDX-License-Identifier: MIT */
/*
 * reports OUT INPUT... [-- AFTER...] [FIELD=VALUE]...: the library writes a report of a file, or of
 * the change between the files on both sides of --, for a test that compares it with that of the
 * programs. With format=term it draws the picture of a terminal; gate=LIMIT judges the change, and
 * class=NAME=REGEX is a class of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flametree.h>

static flametree_report report = {.size = sizeof report};
static flametree_picture picture = {.size = sizeof picture, .format = "term"};
static const char *peek[4], *classes[4], *gate;
static flametree_comparison comparison = {.size = sizeof comparison, .classes = classes};

enum { MOST = 8 }; /* inputs of a side */

static struct side {
    flametree_profile *profiles[MOST];
    const char *names[MOST];
    size_t n;
} sides[2];

static int set_field(const char *field, const char *value)
{
    const struct {
        const char *name;
        const char **text;
        double *number;
        bool *flag;
    } fields[] = {
        {"format", &report.format, NULL, NULL},
        {"view", &report.view, NULL, NULL},
        {"sort", &report.sort, NULL, NULL},
        {"peek", &peek[report.peek_count], NULL, NULL},
        {"min_width", NULL, &report.min_width, NULL},
        {"factor", NULL, &report.factor, NULL},
        {"reverse", NULL, NULL, &report.reverse},
        {"unit", &report.unit, NULL, NULL},
        {"count_name", &report.count_name, NULL, NULL},
        {"gate", &gate, NULL, NULL},
        {"colors", &picture.terminal_colors, NULL, NULL},
        {"palette", &picture.colors, NULL, NULL},
        {"width", NULL, &picture.width, NULL},
        {"rows", NULL, &picture.row_height, NULL},
        {"inverted", NULL, NULL, &picture.inverted},
    };
    report.peek = peek;
    if (strcmp(field, "class") == 0) {
        classes[comparison.class_count++] = value;
        return 0;
    }
    if (strcmp(field, "top") == 0) {
        report.top = strcmp(value, "0") == 0 ? SIZE_MAX : strtoul(value, NULL, 10);
        return 0;
    }
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].name, field) != 0)
            continue;
        if (fields[i].text)
            *fields[i].text = value;
        else if (fields[i].number)
            *fields[i].number = strtod(value, NULL);
        else
            *fields[i].flag = true;
        report.peek_count += strcmp(field, "peek") == 0;
        return 0;
    }
    fprintf(stderr, "reports: there is no field %s\n", field);
    return 2;
}

static int fail(const flametree_error *error)
{
    fprintf(stderr, "reports: %s: %s\n", error->file, error->message);
    return 1;
}

static const char *const verdicts[] = {"fine", "regression", "not enough data"};

static bool print_gate(void *context, const flametree_gate *gate)
{
    (void)context;
    printf("%s: %s: %.*s\n", verdicts[gate->verdict], gate->limit, (int)gate->sentence.size,
           gate->sentence.bytes);
    return true;
}

/* Takes the inputs of a side off the arguments; true at the end of them. */
static bool read_side(char ***argument, struct side *side, flametree_error *error)
{
    for (; **argument && strcmp(**argument, "--") != 0; ++*argument) {
        flametree_profile *profile = flametree_new(NULL, error);
        side->names[side->n] = **argument;
        side->profiles[side->n++] = profile;
        if (!profile || !flametree_read_file(profile, **argument, NULL, error))
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    flametree_error error = {FLAMETREE_OK};
    flametree_profile *both = NULL;
    char *inputs[2 * MOST + 2] = {NULL}, **input = inputs;
    size_t n = 0;
    for (int i = 2; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value && n < 2 * MOST) {
            inputs[n++] = argv[i];
            continue;
        }
        if (!value)
            return 2;
        *value++ = '\0';
        if (set_field(argv[i], value) != 0)
            return 2;
    }
    if (!read_side(&input, &sides[0], &error) || (*input && input++ && !*input) ||
        !read_side(&input, &sides[1], &error))
        return fail(&error);
    for (int i = 0; i < 2; i++)
        comparison.labels[i] = sides[i].names[0];
    if (sides[1].n > 0 &&
        !(both = flametree_compare_runs(sides[0].profiles, sides[0].n, sides[1].profiles,
                                        sides[1].n, &comparison, &error)))
        return fail(&error);
    flametree_profile *profile = both ? both : sides[0].profiles[0];
    bool term = report.format && strcmp(report.format, "term") == 0;
    bool done = gate   ? flametree_judge(both, &gate, 1, false, print_gate, NULL, &error)
                : term ? flametree_draw_file(profile, argv[1], &picture, &error)
                       : flametree_write_report_file(profile, argv[1], &report, &error);
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < sides[i].n; k++)
            flametree_free(sides[i].profiles[k]);
    flametree_free(both);
    return done ? 0 : fail(&error);
}
