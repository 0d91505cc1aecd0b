/* SPDX-License-Identifier: MIT */
/*
 * reports OUT INPUT [AFTER] [FIELD=VALUE]...: the library writes a report of a file, or of the
 * change from one file to another, for a test that compares it with that of the programs. With
 * format=term it draws the picture of a terminal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flametree.h>

static flametree_report report = {.size = sizeof report};
static flametree_picture picture = {.size = sizeof picture, .format = "term"};
static const char *peek[4];

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
        {"colors", &picture.terminal_colors, NULL, NULL},
        {"palette", &picture.colors, NULL, NULL},
        {"width", NULL, &picture.width, NULL},
        {"rows", NULL, &picture.row_height, NULL},
        {"inverted", NULL, NULL, &picture.inverted},
    };
    report.peek = peek;
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

int main(int argc, char **argv)
{
    flametree_error error = {FLAMETREE_OK};
    flametree_comparison comparison = {.size = sizeof comparison};
    flametree_profile *profiles[2] = {NULL, NULL}, *both = NULL;
    int n = 0;
    for (int i = 2; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (value) {
            *value++ = '\0';
            if (set_field(argv[i], value) != 0)
                return 2;
            continue;
        }
        if (n == 2)
            return 2;
        comparison.labels[n] = argv[i];
        profiles[n] = flametree_new(NULL, &error);
        if (!profiles[n] || !flametree_read_file(profiles[n], argv[i], NULL, &error))
            return fail(&error);
        n++;
    }
    if (n == 0)
        return 2;
    if (n == 2 && !(both = flametree_compare(profiles[0], profiles[1], &comparison, &error)))
        return fail(&error);
    flametree_profile *profile = both ? both : profiles[0];
    bool term = report.format && strcmp(report.format, "term") == 0;
    bool done = term ? flametree_draw_file(profile, argv[1], &picture, &error)
                     : flametree_write_report_file(profile, argv[1], &report, &error);
    for (int i = 0; i < n; i++)
        flametree_free(profiles[i]);
    flametree_free(both);
    return done ? 0 : fail(&error);
}
