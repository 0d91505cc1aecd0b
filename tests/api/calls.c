/* SPDX-License-Identifier: MIT */
/*
 * calls: what flametree.h promises, asked of the installed library: errors with their place,
 * callbacks that fail, threads. Prints TAP.
 */
#include <flametree.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char folded[] = "main;read 5\nmain;write;flush 7\nmain;read 1\n";
static const char perf[] = "java 12/13 [002] 1.500000: 5 cycles: \n\t1a2b b (/bin/x)\n\n";

struct text {
    char bytes[1 << 20];
    size_t n, room; /* room: how much may be written */
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
    if (size > text->room - text->n)
        return false;
    memcpy(text->bytes + text->n, bytes, size);
    text->n += size;
    return true;
}

static bool is(const struct text *text, const char *want)
{
    return text->n == strlen(want) && memcmp(text->bytes, want, text->n) == 0;
}

static struct text *draw(flametree_profile *profile, flametree_picture picture)
{
    static struct text text;
    text.n = 0;
    text.room = sizeof text.bytes;
    picture.size = sizeof picture;
    if (!flametree_draw(profile, keep, &text, &picture, NULL))
        text.n = 0;
    return &text;
}

static flametree_profile *read_text(const char *text)
{
    flametree_profile *profile = flametree_new(NULL, NULL);
    if (!flametree_read_memory(profile, "text", text, strlen(text), NULL, NULL))
        abort();
    return profile;
}

/* ---- reading and changing -------------------------------------------------------------------- */

static ptrdiff_t one_byte(void *context, void *to, size_t room)
{
    const char **at = context;
    if (room == 0 || **at == '\0')
        return 0;
    memcpy(to, (*at)++, 1);
    return 1;
}

static ptrdiff_t no_byte(void *context, void *to, size_t room)
{
    (void)context;
    (void)to;
    (void)room;
    return -1;
}

/* Lines of 12 bytes, and then it fails. */
static ptrdiff_t cut_short(void *context, void *to, size_t room)
{
    size_t *at = context, n = 0;
    char *bytes = to;
    while (n < room && *at < 120000)
        bytes[n++] = "late;b 1\n#\n\n"[(*at)++ % 12];
    return n > 0 ? (ptrdiff_t)n : -1;
}

/* What came before is in the keeping of the reader, which fails. */
static void test_half_way(void)
{
    const flametree_picture out = {.format = "folded"};
    flametree_error error;
    flametree_profile *profile = read_text("early;a 5\n");
    size_t at = 0;
    ok(!flametree_read_callback(profile, "cut", cut_short, &at, NULL, &error) &&
           error.code == FLAMETREE_IO,
       "an input that fails half way is an error");
    struct text *text = draw(profile, out);
    ok(strncmp(text->bytes, "early;a 5\nlate;b ", 17) == 0,
       "what it brought stays, and what was there");
    ok(flametree_read_memory(profile, "next", "early;a 1\n", 10, NULL, &error) &&
           strncmp(draw(profile, out)->bytes, "early;a 6\nlate;b ", 17) == 0,
       "and the next one is read");
    flametree_free(profile);
}

static void test_reading(void)
{
    static const char sums[] = "main;read 6\nmain;write;flush 7\n";
    const flametree_picture out = {.format = "folded"};
    const char *at = folded;
    flametree_error error;
    flametree_profile *profile = flametree_new(NULL, &error);
    ok(profile && flametree_read_callback(profile, "bytes", one_byte, &at, NULL, &error),
       "read from a function, byte by byte");
    ok(is(draw(profile, out), sums), "what was read comes out folded");
    flametree_summary summary = {.size = sizeof summary};
    ok(flametree_summarize(profile, &summary) && summary.samples == 3 && summary.total == 13 &&
           summary.sides == 1,
       "a summary");
    ok(!flametree_read_callback(profile, "pipe", no_byte, NULL, NULL, &error) &&
           error.code == FLAMETREE_IO && strcmp(error.file, "pipe") == 0,
       "a function that fails is an error that names the input");
    ok(!flametree_read_file(profile, "/nowhere/at/all", NULL, &error) && error.sys != 0,
       "a file that is not there says why");
    ok(!flametree_read_memory(profile, "none", "", 0, NULL, &error) &&
           error.code == FLAMETREE_INPUT && strstr(error.message, "empty"),
       "an empty input is an error");
    flametree_reading strict = {.size = sizeof strict, .format = "folded", .strict = true};
    static const char bad[] = "a;b 1\nnothing here\n";
    ok(!flametree_read_memory(profile, "bad", bad, strlen(bad), &strict, &error) && error.line == 2,
       "a line that cannot be used is told with its number");
    uint64_t count, line;
    ok(flametree_ignored(profile, 0, &count, &line) && count == 1 && line == 2 &&
           !flametree_ignored(profile, 1, &count, &line),
       "ignored lines by reason");
    strict.format = "tea";
    ok(!flametree_read_memory(profile, "x", "a 1\n", 4, &strict, &error) &&
           error.code == FLAMETREE_USAGE,
       "an unknown format");
    flametree_free(profile);
}

/* What a program prints as a message, a caller of the library can ask for. */
static void test_left_out(void)
{
    static const char two_events[] =
        "a 1 1.0: 7 cycles: \n\t4a f (/x)\n\nb 1 1.1: 5 faults: \n\t4a g "
        "(/x)\n\nb 1 1.2: 6 faults: \n\t4a g (/x)\n\n";
    static const char large[] = "a;b 18446744073709551615\na;b 2\n";
    static const char idle[] =
        "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\","
        "\"shared\":{\"frames\":[{\"name\":\"a\"}]},\"profiles\":[{\"type\":"
        "\"sampled\",\"name\":\"x\",\"unit\":\"none\",\"startValue\":0,"
        "\"endValue\":9,\"samples\":[[0],[]],\"weights\":[2,7]}]}";
    flametree_error error;
    flametree_text name;
    uint64_t samples = 0;
    bool counts = false;
    flametree_summary summary = {.size = sizeof summary};
    flametree_profile *profile = flametree_new(NULL, &error);
    ok(profile && flametree_read_memory(profile, "p", two_events, strlen(two_events), NULL, &error),
       "two events are read");
    ok(flametree_event(profile, 0, &name, &samples, &counts) && counts && samples == 1 &&
           name.size == 6 && memcmp(name.bytes, "cycles", 6) == 0,
       "the event that counts");
    ok(flametree_event(profile, 1, &name, &samples, &counts) && !counts && samples == 2 &&
           name.size == 6 && memcmp(name.bytes, "faults", 6) == 0 &&
           !flametree_event(profile, 2, &name, &samples, &counts),
       "the event that was left out, with its samples");
    ok(flametree_summarize(profile, &summary) && !summary.overflow && summary.left_out == 0 &&
           summary.left_out_as.size == 0,
       "nothing is idle, no sum is too large");
    flametree_free(profile);
    profile = flametree_new(NULL, &error);
    ok(profile && flametree_read_memory(profile, "l", large, strlen(large), NULL, &error) &&
           flametree_summarize(profile, &summary) && summary.overflow &&
           summary.total == UINT64_MAX,
       "a sum that exceeds 2^64-1 can be asked for");
    flametree_free(profile);
    const flametree_reading strict = {.size = sizeof strict, .strict = true};
    profile = flametree_new(NULL, &error);
    ok(profile && !flametree_read_memory(profile, "l", large, strlen(large), &strict, &error) &&
           strstr(error.message, "2^64-1"),
       "a strict reading refuses it");
    flametree_free(profile);
    profile = flametree_new(NULL, &error);
    ok(profile && flametree_read_memory(profile, "i", idle, strlen(idle), NULL, &error) &&
           flametree_summarize(profile, &summary) && summary.left_out == 7 && summary.total == 2 &&
           summary.left_out_as.size == strlen("without a stack"),
       "the weight without a stack can be asked for");
    flametree_free(profile);
}

/* What was read before has labels and no values; the next input is empty. */
static void test_values(void)
{
    const flametree_reading cpu = {.size = sizeof cpu, .sample_index = "cpu"};
    flametree_error error;
    flametree_text name, unit;
    bool counts;
    const flametree_reading pid = {.size = sizeof pid, .tag_root = "pid"};
    flametree_profile *profile = flametree_new(NULL, NULL);
    if (!flametree_read_memory(profile, "perf", perf, strlen(perf), &pid, NULL))
        abort();
    ok(flametree_value(profile, 0, &name, &unit, &counts) && counts && unit.size == 6 &&
           memcmp(unit.bytes, "cycles", 6) == 0 &&
           !flametree_value(profile, 1, &name, &unit, &counts),
       "an input without a choice has one value");
    ok(flametree_label(profile, 0, &name) && !flametree_label(profile, 99, &name), "it has labels");
    ok(!flametree_read_memory(profile, "none", "", 0, &cpu, &error) &&
           error.code == FLAMETREE_INPUT && strstr(error.message, "empty"),
       "an empty input has no value");
    flametree_free(profile);
    profile = flametree_new(NULL, NULL);
    ok(profile && !flametree_value(profile, 0, &name, &unit, &counts) &&
           !flametree_label(profile, 0, &name),
       "an empty profile has neither");
    flametree_free(profile);
}

static void test_changing(void)
{
    const flametree_picture out = {.format = "folded"};
    const char *const frames[] = {"main", "extra"};
    flametree_error error;
    flametree_profile *a = read_text(folded), *b = read_text("main;read 4\nother 2\n");
    ok(flametree_merge(a, b, &error) &&
           is(draw(a, out), "main;read 10\nmain;write;flush 7\nother 2\n"),
       "merging");
    ok(!flametree_merge(a, a, &error) && error.code == FLAMETREE_USAGE, "not into itself");
    ok(flametree_add(a, frames, 2, 3, &error) &&
           is(draw(a, out), "main;extra 3\nmain;read 10\nmain;write;flush 7\nother 2\n"),
       "adding a stack");
    const char *const odd[] = {"x;y", "z 7\nw"};
    flametree_profile *d = flametree_new(NULL, &error);
    ok(d && flametree_add(d, odd, 2, 4, &error) && is(draw(d, out), "x:y;z 7 w 4\n"),
       "a name is one frame of one line, whatever is in it");
    flametree_free(d);
    const flametree_filter filters[] = {{.kind = FLAMETREE_MAX_DEPTH, .number = 1},
                                        {.kind = FLAMETREE_FOCUS, .text = "^read$|flush"},
                                        {.kind = FLAMETREE_RENAME, .text = "s/main/start/"}};
    ok(flametree_apply(a, filters, 3, &error) && is(draw(a, out), "start 17\n"),
       "filters, in their own order");
    const flametree_filter wrong = {.kind = FLAMETREE_HIDE, .text = "(a"};
    ok(!flametree_apply(b, &wrong, 1, &error) && error.code == FLAMETREE_USAGE, "a wrong pattern");
    const flametree_filter nothing = {.kind = FLAMETREE_FOCUS, .text = "nobody"};
    ok(!flametree_apply(b, &nothing, 1, &error) && is(draw(b, out), "main;read 4\nother 2\n"),
       "a filter that leaves nothing changes nothing");
    flametree_profile *c = read_text(folded);
    flametree_profile *both = flametree_compare(b, c, NULL, &error);
    ok(both && is(draw(both, out), "main;read 4 6\nmain;write;flush 0 7\nother 2 0\n"),
       "comparing");
    flametree_text key, value;
    ok(flametree_add_fact(c, "host", "db7", &error) && flametree_fact(c, 0, &key, &value) &&
           key.size == 4 && value.size == 3 && memcmp(value.bytes, "db7", 3) == 0 &&
           !flametree_fact(c, 1, &key, &value),
       "facts");
    flametree_free(a);
    flametree_free(b);
    flametree_free(c);
    flametree_free(both);
    flametree_free(NULL);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void test_drawing(void)
{
    static struct text small;
    flametree_error error;
    flametree_profile *profile = read_text(folded), *empty = flametree_new(NULL, NULL);
    struct text *svg = draw(profile, (flametree_picture){.title = "A & B"});
    svg->bytes[svg->n < sizeof svg->bytes ? svg->n : 0] = '\0';
    ok(svg->n > 0 && strstr(svg->bytes, "A &amp; B"), "an SVG");
    flametree_picture old = {.size = offsetof(flametree_picture, title), .title = "unseen"};
    small.room = sizeof small.bytes;
    ok(flametree_draw(profile, keep, &small, &old, &error), "options of an older program");
    small.bytes[small.n] = '\0';
    ok(!strstr(small.bytes, "unseen"), "have no fields that it does not know");
    small.n = 0;
    small.room = 100;
    ok(!flametree_draw(profile, keep, &small, NULL, &error) && error.code == FLAMETREE_IO,
       "a function that takes no more");
    ok(!flametree_draw(empty, keep, &small, NULL, &error) && error.code == FLAMETREE_INPUT,
       "an empty profile");
    flametree_picture picture = {.size = sizeof picture, .colors = "plaid"};
    ok(!flametree_draw(profile, keep, &small, &picture, &error) && error.code == FLAMETREE_USAGE &&
           strstr(error.message, "java"),
       "an unknown palette lists those there are");
    picture = (flametree_picture){.size = sizeof picture, .format = "gif"};
    ok(!flametree_draw(profile, keep, &small, &picture, &error), "an unknown format");
    ok(!flametree_draw_file(profile, "/nowhere/x.svg", NULL, &error) && error.code == FLAMETREE_IO,
       "a path that cannot be written");
    struct text *png = draw(profile, (flametree_picture){.format = "png", .width = 300});
    ok(png->n > 100 && memcmp(png->bytes + 1, "PNG", 3) == 0, "a PNG # needs raster");
    picture = (flametree_picture){.size = sizeof picture, .format = "pdf", .raster = "/nowhere"};
    ok(!flametree_draw(profile, keep, &small, &picture, &error) && error.code != FLAMETREE_OK,
       "nobody to draw a PDF");
    flametree_free(profile);
    flametree_free(empty);
}

/* ---- threads --------------------------------------------------------------------------------- */

struct lane {
    pthread_t thread;
    char text[100], want[100];
    bool good;
};

static void *drive(void *arg)
{
    static const flametree_picture out = {.size = sizeof out, .format = "folded"};
    struct lane *lane = arg;
    struct text *text = malloc(sizeof *text);
    lane->good = text != NULL;
    for (int i = 0; i < 200 && lane->good; i++) {
        flametree_profile *profile = read_text(lane->text);
        text->n = 0;
        text->room = sizeof text->bytes;
        lane->good = flametree_draw(profile, keep, text, &out, NULL) && is(text, lane->want);
        flametree_free(profile);
    }
    free(text);
    return NULL;
}

static void test_threads(void)
{
    struct lane lanes[4];
    bool good = true;
    for (int i = 0; i < 4; i++) {
        snprintf(lanes[i].text, sizeof lanes[i].text, "b%d 2\na;c%d 1\nb%d 3\n", i, i, i);
        snprintf(lanes[i].want, sizeof lanes[i].want, "a;c%d 1\nb%d 5\n", i, i);
        pthread_create(&lanes[i].thread, NULL, drive, &lanes[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(lanes[i].thread, NULL);
        good &= lanes[i].good;
    }
    ok(good, "four threads with a profile each");
}

int main(void)
{
    test_reading();
    test_left_out();
    test_half_way();
    test_values();
    test_changing();
    test_drawing();
    test_threads();
    printf("1..%d\n", run);
    return failed > 0;
}
