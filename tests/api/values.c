/* SPDX-License-Identifier: MIT */
/*
 * values FILE OUT [FIELD=VALUE]...: the library reads a file and draws it, for a test that compares
 * the output with that of collapse. It prints the values and labels of the file. Without arguments
 * it lists the input formats.
 */
#include <stdio.h>
#include <string.h>

#include <flametree.h>

static flametree_reading reading = {.size = sizeof reading};
static flametree_picture picture = {.size = sizeof picture};
static const char *focus[4], *ignore[4], *classes[4]; /* a list has no more in the tests */

static int set_field(const char *field, const char *value)
{
    const struct {
        const char *name;
        const char **text;
        bool *flag;
    } fields[] = {
        {"format", &picture.format, NULL},
        {"input_format", &reading.format, NULL},
        {"sample_index", &reading.sample_index, NULL},
        {"tag_root", &reading.tag_root, NULL},
        {"tag_focus", &focus[reading.tag_focus_count], NULL},
        {"tag_ignore", &ignore[reading.tag_ignore_count], NULL},
        {"class", &classes[picture.class_count], NULL},
        {"lines", NULL, &reading.lines},
        {"no_lines", NULL, &reading.no_lines},
        {"no_inlines", NULL, &reading.no_inlines},
        {"no_modules", NULL, &reading.no_modules},
        {"idle", NULL, &reading.idle},
        {"keep_all", NULL, &reading.keep_all},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].name, field) != 0)
            continue;
        if (fields[i].text)
            *fields[i].text = value;
        else
            *fields[i].flag = true;
        reading.tag_focus_count += strcmp(field, "tag_focus") == 0;
        reading.tag_ignore_count += strcmp(field, "tag_ignore") == 0;
        picture.class_count += strcmp(field, "class") == 0;
        picture.classes = classes;
        return 0;
    }
    fprintf(stderr, "values: there is no field %s\n", field);
    return 2;
}

static int list_formats(void)
{
    const char *name, *help;
    for (size_t i = 0; (name = flametree_input_format(i, &help)) != NULL; i++)
        printf("%s\t%s\n", name, help);
    return 0;
}

static void print_holdings(const flametree_profile *profile)
{
    flametree_text name, unit;
    bool counts;
    for (size_t i = 0; flametree_value(profile, i, &name, &unit, &counts); i++)
        printf("value %.*s in %.*s%s\n", (int)name.size, name.bytes, (int)unit.size, unit.bytes,
               counts ? ", which counts" : "");
    for (size_t i = 0; flametree_label(profile, i, &name); i++)
        printf("label %.*s\n", (int)name.size, name.bytes);
}

int main(int argc, char **argv)
{
    flametree_error error;
    if (argc < 3)
        return list_formats();
    for (int i = 3; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (!equals)
            return 2;
        *equals = '\0';
        if (set_field(argv[i], equals + 1) != 0)
            return 2;
    }
    reading.tag_focus = focus;
    reading.tag_ignore = ignore;
    flametree_profile *profile = flametree_new(NULL, &error);
    bool done = profile && flametree_read_file(profile, argv[1], &reading, &error);
    if (done)
        print_holdings(profile);
    done = done && flametree_draw_file(profile, argv[2], &picture, &error);
    if (!done)
        fprintf(stderr, "values: %s: %s\n", error.file, error.message);
    flametree_free(profile);
    return !done;
}
