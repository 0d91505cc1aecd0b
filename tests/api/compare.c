/* SPDX-License-Identifier: MIT */
/*
 * compare BEFORE AFTER OUT [FIELD=VALUE]...: the library compares and draws two files, for a test
 * that compares the picture with that of flamediff.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flametree.h>

static flametree_comparison comparison = {.size = sizeof comparison};
static flametree_picture picture = {.size = sizeof picture};
static flametree_filter filter;

static int set_field(const char *field, const char *value)
{
    const struct {
        const char *name;
        const char **text;
        double *number;
        bool *flag;
    } fields[] = {
        {"scale", &comparison.scale, NULL, NULL},
        {"work_before", NULL, &comparison.work[0], NULL},
        {"work_after", NULL, &comparison.work[1], NULL},
        {"work_unit", &comparison.work_unit, NULL, NULL},
        {"sample_weight", NULL, &comparison.sample_weight, NULL},
        {"confidence", NULL, &comparison.confidence, NULL},
        {"min_delta", NULL, &comparison.min_delta, NULL},
        {"normalize", NULL, NULL, &comparison.normalize},
        {"strip_hex", NULL, NULL, &comparison.strip_hex},
        {"title", &picture.title, NULL, NULL},
        {"colors", &picture.colors, NULL, NULL},
        {"width_of", &picture.width_of, NULL, NULL},
        {"count_name", &picture.count_name, NULL, NULL},
        {"unit", &picture.unit, NULL, NULL},
        {"theme", &picture.theme, NULL, NULL},
        {"width", NULL, &picture.width, NULL},
        {"inverted", NULL, NULL, &picture.inverted},
        {"delta_self", NULL, NULL, &picture.delta_self},
        {"fragment", NULL, NULL, &picture.fragment},
        {"id_prefix", &picture.id_prefix, NULL, NULL},
        {"hide", &filter.text, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].name, field) != 0)
            continue;
        if (fields[i].text)
            *fields[i].text = value;
        else if (fields[i].number)
            *fields[i].number = strtod(value, NULL);
        else
            *fields[i].flag = true;
        return 0;
    }
    fprintf(stderr, "compare: there is no field %s\n", field);
    return 2;
}

static int fail(const flametree_error *error)
{
    fprintf(stderr, "compare: %s: %s\n", error->file, error->message);
    return 1;
}

int main(int argc, char **argv)
{
    flametree_error error = {FLAMETREE_OK};
    flametree_profile *profiles[2];
    if (argc < 4)
        return 2;
    for (int i = 4; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value)
            return 2;
        *value++ = '\0';
        if (set_field(argv[i], value) != 0)
            return 2;
    }
    for (int i = 0; i < 2; i++) {
        profiles[i] = flametree_new(NULL, &error);
        if (!profiles[i] || !flametree_read_file(profiles[i], argv[1 + i], NULL, &error))
            return fail(&error);
        if (!comparison.labels[0] || i == 1)
            comparison.labels[i] = argv[1 + i];
    }
    flametree_profile *both = flametree_compare(profiles[0], profiles[1], &comparison, &error);
    flametree_free(profiles[0]);
    flametree_free(profiles[1]);
    filter.kind = FLAMETREE_HIDE;
    bool done = both && (!filter.text || flametree_apply(both, &filter, 1, &error)) &&
                flametree_draw_file(both, argv[3], &picture, &error);
    flametree_free(both);
    return done ? 0 : fail(&error);
}
