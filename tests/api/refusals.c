/* SPDX-License-Identifier: MIT */
/*
 * refusals: what flametree.h says of names of files, of sizes of structures, of versions and of
 * walks, asked of the installed library. Prints TAP.
 */
#include <flametree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char folded[] = "main;read 5\nmain;write;flush 7\nmain;read 1\n";
static const char stacks[] = "main;read 6\nmain;write;flush 7\n";

struct text {
    char bytes[1000];
    size_t n;
};

static int run, failed;

static void ok(bool good, const char *title)
{
    run++;
    failed += !good;
    printf("%sok %d - %s\n", good ? "" : "not ", run, title);
}

static bool keep(void *context, const void *bytes, size_t size)
{
    struct text *text = context;
    if (size > sizeof text->bytes - text->n)
        return false;
    memcpy(text->bytes + text->n, bytes, size);
    text->n += size;
    return true;
}

static flametree_profile *make_profile(const char *text)
{
    flametree_profile *profile = flametree_new(NULL, NULL);
    if (!flametree_read_memory(profile, "text", text, strlen(text), NULL, NULL))
        abort();
    return profile;
}

/* What a file starts with. */
static bool starts(const char *path, const char *want)
{
    char bytes[64] = "";
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;
    if (file)
        fclose(file);
    return file && n >= strlen(want) && memcmp(bytes, want, strlen(want)) == 0;
}

/* Written below the working directory. */
static void test_endings(void)
{
    static const struct {
        const char *path, *want;
    } good[] = {{"end.svg", "<?xml"},
                {"end", "<?xml"},
                {"end.folded", "main;read 6\n"},
                {"END.TXT", "main;read 6\n"}};
    static const char *const bad[] = {"end.webp", "end.svg.gz", "./end.d/end.jpeg"};
    flametree_error error;
    flametree_profile *profile = make_profile(folded);
    bool all = true;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        all &= flametree_draw_file(profile, good[i].path, NULL, &error) &&
               starts(good[i].path, good[i].want);
        remove(good[i].path);
    }
    ok(all, "a file holds what its ending says");
    all = true;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        all &= !flametree_draw_file(profile, bad[i], NULL, &error) &&
               error.code == FLAMETREE_USAGE && strstr(error.message, ".svg, .png, .pdf") &&
               !starts(bad[i], "");
    ok(all, "an ending that cannot be made is an error that lists those that can");
    const flametree_picture svg = {.size = sizeof svg, .format = "svg"};
    ok(flametree_draw_file(profile, "end.webp", &svg, &error) && starts("end.webp", "<?xml"),
       "a format that is given wins over the ending");
    remove("end.webp");
    ok(flametree_draw_file(profile, "/dev/null", NULL, &error), "what is no file has no ending");
    flametree_free(profile);
}

static bool is_refused(const flametree_error *error, const char *type)
{
    return error->code == FLAMETREE_USAGE && strstr(error->message, type) &&
           strstr(error->message, "sizeof");
}

/* A caller who forgot `size` is told, and not given the defaults. */
static void test_sizes(void)
{
    struct text text = {.n = 0};
    flametree_error error;
    flametree_profile *profile = make_profile(folded);
    const flametree_setup setup = {.limit = 1};
    ok(!flametree_new(&setup, &error) && is_refused(&error, "flametree_setup"),
       "size 0: flametree_new()");
    const flametree_reading reading = {.pid = true};
    ok(!flametree_read_memory(profile, "x", "a 1\n", 4, &reading, &error) &&
           is_refused(&error, "flametree_reading"),
       "size 0: flametree_read_memory()");
    ok(!flametree_read_file(profile, "/dev/null", &reading, &error) &&
           is_refused(&error, "flametree_reading"),
       "size 0: flametree_read_file()");
    const flametree_comparison comparison = {.normalize = true};
    ok(!flametree_compare(profile, profile, &comparison, &error) &&
           is_refused(&error, "flametree_comparison"),
       "size 0: flametree_compare()");
    const flametree_picture picture = {.format = "folded"};
    ok(!flametree_draw(profile, keep, &text, &picture, &error) && text.n == 0 &&
           is_refused(&error, "flametree_picture"),
       "size 0: flametree_draw()");
    ok(!flametree_draw_file(profile, "end.svg", &picture, &error) && !starts("end.svg", "") &&
           is_refused(&error, "flametree_picture"),
       "size 0: flametree_draw_file()");
    flametree_summary summary = {.samples = 77};
    ok(!flametree_summarize(profile, &summary) && summary.samples == 77,
       "size 0: flametree_summarize()");
    const flametree_picture out = {.size = sizeof out, .format = "folded"};
    ok(flametree_draw(profile, keep, &text, &out, &error) && text.n == strlen(stacks) &&
           memcmp(text.bytes, stacks, text.n) == 0,
       "and the profile is as it was");
    flametree_free(profile);
}

/* Options of a program that was compiled with a later version. */
static void test_later_fields(void)
{
    struct {
        flametree_picture known;
        const char *unknown;
    } later = {{.size = sizeof later, .format = "folded"}, NULL};
    struct text text = {.n = 0};
    flametree_error error;
    flametree_profile *profile = make_profile(folded);
    ok(flametree_draw(profile, keep, &text, &later.known, &error) && text.n == strlen(stacks),
       "fields of a later version may be 0");
    later.unknown = "x";
    ok(!flametree_draw(profile, keep, &text, &later.known, &error) &&
           error.code == FLAMETREE_USAGE && strstr(error.message, "flametree_picture"),
       "and nothing else");
    struct {
        flametree_summary known;
        uint64_t unknown;
    } summary = {{.size = sizeof summary}, 77};
    ok(flametree_summarize(profile, &summary.known) && summary.known.samples == 3 &&
           summary.unknown == 0,
       "a later field of a summary is 0");
    flametree_free(profile);
}

static void test_version(void)
{
    char text[40];
    snprintf(text, sizeof text, "%d.%d.%d", FLAMETREE_VERSION_MAJOR, FLAMETREE_VERSION_MINOR,
             FLAMETREE_VERSION_PATCH);
    ok(strcmp(text, flametree_version()) == 0, "header and library have the same version");
}

static void test_unit(void)
{
    flametree_profile *profile = make_profile("# flametree: type=cpu unit=ns\na 5\n");
    flametree_summary summary = {.size = sizeof summary};
    ok(flametree_summarize(profile, &summary) && summary.unit.size == 2 &&
           memcmp(summary.unit.bytes, "ns", 2) == 0 && summary.value.size == 3 &&
           memcmp(summary.value.bytes, "cpu", 3) == 0,
       "a summary has the value and its unit");
    flametree_free(profile);
}

static bool no_change(void *context, const flametree_function_change *change)
{
    (void)context;
    return change == NULL;
}

static bool no_gate(void *context, const flametree_gate *gate)
{
    (void)context;
    return gate == NULL;
}

static bool no_node(void *context, const flametree_node *node)
{
    (void)context;
    return node == NULL;
}

/* Strict reading is about the input that it reads, also after a merge with a profile that had
 * lines that were skipped and has been freed. */
static void test_strict_after_merge(void)
{
    static const char torn[] = "a;b 1\na;c\n", good[] = "a 1\n";
    const flametree_reading strict = {.size = sizeof strict, .strict = true};
    flametree_error error;
    flametree_profile *a = flametree_new(NULL, NULL), *b = flametree_new(NULL, NULL);
    bool read = flametree_read_memory(b, "freed", torn, strlen(torn), NULL, NULL);
    flametree_profile *both = flametree_compare(b, b, NULL, NULL);
    read = read && both && flametree_merge(a, b, NULL);
    flametree_free(b);
    flametree_profile *const all[] = {a, both};
    for (size_t i = 0; read && i < 2; i++) {
        ok(flametree_read_memory(all[i], "good", good, strlen(good), &strict, &error),
           "strict: skipped lines of inputs before do not count");
        ok(!flametree_read_memory(all[i], "torn", torn, strlen(torn), &strict, &error) &&
               strcmp(error.file, "torn") == 0,
           "strict: those of this input do");
    }
    ok(read, "strict: a merge and a comparison");
    flametree_free(both);
    flametree_free(a);
}

/* Without a place for errors and without options, what works does, and what fails says false. */
static void test_nothing_given(void)
{
    const char *const limits[] = {"total>5%", "x"}, *const frames[] = {"a"};
    const flametree_filter wrong = {.kind = FLAMETREE_HIDE, .text = "("};
    struct text text = {.n = 0};
    flametree_profile *a = make_profile(folded), *none = flametree_new(NULL, NULL);
    flametree_profile *both = flametree_compare(a, a, NULL, NULL);
    ok(a && none && both, "NULL: flametree_new() and flametree_compare()");
    ok(!flametree_read_file(a, "/nowhere", NULL, NULL) &&
           !flametree_read_memory(a, "x", "", 0, NULL, NULL),
       "NULL: a reading that fails");
    ok(flametree_add(none, frames, 1, 1, NULL) && flametree_add(none, NULL, 0, 1, NULL),
       "NULL: a stack, and one without frames");
    ok(flametree_merge(none, a, NULL) && !flametree_merge(a, a, NULL), "NULL: merging");
    ok(!flametree_compare_runs(&a, 1, &a, 0, NULL, NULL), "NULL: a comparison that fails");
    ok(!flametree_compare(both, a, NULL, NULL) && !flametree_compare(a, both, NULL, NULL),
       "NULL: a comparison is not compared again");
    ok(flametree_changes(both, no_change, NULL, NULL) &&
           !flametree_changes(a, no_change, NULL, NULL),
       "NULL: changes");
    ok(flametree_judge(both, limits, 1, false, no_gate, NULL, NULL) &&
           !flametree_judge(both, limits, 2, false, no_gate, NULL, NULL),
       "NULL: limits");
    ok(!flametree_apply(a, &wrong, 1, NULL) && flametree_apply(a, &wrong, 0, NULL),
       "NULL: filters");
    ok(flametree_add_fact(a, "host", "db7", NULL), "NULL: a fact");
    ok(!flametree_draw(a, keep, &text, NULL, NULL) &&
           !flametree_draw_file(a, "/nowhere/x.svg", NULL, NULL),
       "NULL: a picture that does not fit");
    text.n = 0;
    ok(flametree_write_report(a, keep, &text, NULL, NULL) && text.n > 0 &&
           !flametree_write_report_file(a, "/nowhere/x.md", NULL, NULL),
       "NULL: a report");
    ok(flametree_walk(a, no_node, NULL, NULL) && flametree_top(a, NULL, 0, no_node, NULL, NULL) &&
           !flametree_top(a, "x", 0, no_node, NULL, NULL),
       "NULL: walks");
    flametree_free(a);
    flametree_free(none);
    flametree_free(both);
}

static bool stop_at_third(void *context, const flametree_node *node)
{
    size_t *n = context;
    (void)node;
    return ++*n < 3;
}

static void test_walking(void)
{
    flametree_profile *profile = make_profile(folded);
    flametree_error error;
    size_t n = 0;
    ok(flametree_walk(profile, stop_at_third, &n, &error) && n == 3, "a walk that is ended");
    flametree_profile *none = flametree_new(NULL, NULL);
    n = 0;
    ok(flametree_walk(none, stop_at_third, &n, &error) && n == 1, "an empty profile has a root");
    n = 0;
    ok(flametree_top(none, NULL, 0, stop_at_third, &n, &error) && n == 0, "and no function");
    flametree_free(none);
    flametree_free(profile);
}

int main(void)
{
    test_version();
    test_unit();
    test_walking();
    test_strict_after_merge();
    test_nothing_given();
    test_endings();
    test_sizes();
    test_later_fields();
    printf("1..%d\n", run);
    return failed > 0;
}
