/* SPDX-License-Identifier: MIT */
/*
 * options: every spelling that people type, and every message about those that mean nothing.
 */
#include "cli/options.h"

#include "caught.h"
#include "heaps.h"
#include "tap.h"

struct fields {
    bool random, reverse, inverted, normalize, strip_hex, hash;
    const char *title, *colors, *color_file, *optional, *output;
    struct option_number width, minwidth;
    uint64_t seed;
    unsigned sort;
    struct option_list names;
    struct option_common common;
};

#define FIELD(name) offsetof(struct fields, name)

static const char *const sorts[] = {"name", "weight", "input", NULL};

static const struct option option_list[] = {
    {"title", OPTION_TEXT, OPTION_CLASSIC, FIELD(title), "TEXT", "the title", "text", NULL},
    {"width", OPTION_NUMBER, OPTION_CLASSIC | OPTION_POSITIVE, FIELD(width), "PX", "how wide",
     "text", NULL},
    {"weight-column", OPTION_COUNT, 0, FIELD(seed), "N", "new", "text", NULL},
    {"colors", OPTION_TEXT, OPTION_CLASSIC, FIELD(colors), "NAME", "palette", "colour", NULL},
    {"color-file", OPTION_TEXT, 0, FIELD(color_file), "FILE", "new", "colour", NULL},
    {"hash", OPTION_FLAG, OPTION_CLASSIC, FIELD(hash), NULL, "by name", "colour", NULL},
    {"random", OPTION_FLAG, OPTION_CLASSIC, FIELD(random), NULL, "dice", "colour", NULL},
    {"reverse", OPTION_FLAG, OPTION_CLASSIC, FIELD(reverse), NULL, "turn", "colour", NULL},
    {"inverted", OPTION_FLAG, OPTION_CLASSIC, FIELD(inverted), NULL, "icicle", "colour", NULL},
    {"minwidth", OPTION_NUMBER, OPTION_CLASSIC | OPTION_PERCENT, FIELD(minwidth), "PX", "least",
     "colour", NULL},
    {"seed", OPTION_COUNT, 0, FIELD(seed), "N", "for dice", "colour", NULL},
    {"sort", OPTION_CHOICE, 0, FIELD(sort), "BY", "order", "colour", sorts},
    {"normalize", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(normalize), NULL, "scale",
     "diff", NULL},
    {"strip-hex", OPTION_FLAG, OPTION_CLASSIC | OPTION_LETTER, FIELD(strip_hex), NULL, "hex",
     "diff", NULL},
    {"output", OPTION_TEXT, OPTION_LETTER, FIELD(output), "FILE", "to", "diff", NULL},
    {"names", OPTION_LIST, 0, FIELD(names), "NAME", "many", "diff", NULL},
    {"optional", OPTION_TEXT, OPTION_OPTIONAL, FIELD(optional), "X", "maybe", "diff", NULL},
    {"old-name", OPTION_TEXT, OPTION_HIDDEN, FIELD(title), "TEXT", "hidden", "diff", NULL},
    OPTIONS_COMMON(struct fields, common),
    {0},
};

static const struct option_table table = {
    .program = "tester",
    .usage = "[options] [file]",
    .purpose = "Tests options.",
    .options = option_list,
};

enum { ARGS_MOST = 12 };

struct parsed {
    struct heap *heap;
    struct fields fields;
    struct option_result result;
    struct err err;
    bool good;
};

/* The words of `line`, cut at '|'. */
static struct parsed parse(struct heap *heap, const char *line)
{
    struct parsed p = {.heap = heap};
    char *argv[ARGS_MOST + 1] = {0}, *copy = heap_alloc(heap, strlen(line) + 1, 1);
    int argc = 1;
    memcpy(copy, line, strlen(line) + 1);
    argv[0] = copy + strlen(line);
    for (char *at = copy; *line != '\0' && at && argc < ARGS_MOST;) {
        char *bar = strchr(at, '|');
        if (bar)
            *bar = '\0';
        argv[argc++] = at;
        at = bar ? bar + 1 : NULL;
    }
    p.good = options_parse(&table, heap, argc, argv, &p.fields, &p.result, &p.err);
    return p;
}

static bool test_spellings(struct heap *heap, void *arg)
{
    static const char *const widths[] = {
        "--width=640", "--width|640", "-width|640", "-width=640",         "--WIDTH=640",
        "-Wid|640",    "-w|640",      "--w=640",    "file|--wi|640|file", "--width|6|--width=64e1"};
    static const char *const titles[] = {"--title=a b", "-t|a b", "-T=a b", "--tit|a b"};
    static const char *const colors[] = {"--color=java", "--colors|java", "-c|java", "--col=java"};
    (void)arg;
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        struct parsed p = parse(heap, widths[i]);
        ok(p.good && p.fields.width.given && p.fields.width.value == 640, "%s", widths[i]);
    }
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        struct parsed p = parse(heap, titles[i]);
        ok(p.good && p.fields.title && strcmp(p.fields.title, "a b") == 0, "%s", titles[i]);
    }
    for (size_t i = 0; i < sizeof colors / sizeof colors[0]; i++) {
        struct parsed p = parse(heap, colors[i]);
        ok(p.good && p.fields.colors && strcmp(p.fields.colors, "java") == 0,
           "%s: the Perl tool's own name wins", colors[i]);
    }
    struct parsed p = parse(heap, "--color-|map");
    ok(p.good && p.fields.color_file && !p.fields.colors, "a prefix of the new name alone");
    p = parse(heap, "--title=--hash=1=2|--title|--width");
    ok(p.good && strcmp(p.fields.title, "--width") == 0, "a value may look like an option");
    p = parse(heap, "--title=");
    ok(p.good && p.fields.title[0] == '\0', "a value may be empty");
    return true;
}

static bool test_files(struct heap *heap, void *arg)
{
    struct parsed p = parse(heap, "one|--hash|-|two|--|--width|-x|");
    (void)arg;
    ok(p.good && p.fields.hash && p.result.files.n == 6, "file names around options");
    static const char *const want[] = {"one", "-", "two", "--width", "-x", ""};
    for (size_t i = 0; i < 6 && i < p.result.files.n; i++)
        is_text(p.result.files.at[i], want[i], "file %zu", i);
    p = parse(heap, "");
    ok(p.good && p.result.files.n == 0, "nothing at all");
    p = parse(heap, "--names|a|--names=b|-names|c");
    ok(p.good && p.fields.names.values.n == 3 && strcmp(p.fields.names.values.at[2], "c") == 0,
       "a list grows");
    return true;
}

static bool test_letters(struct heap *heap, void *arg)
{
    (void)arg;
    struct parsed p = parse(heap, "-n");
    ok(p.good && p.fields.normalize && !p.fields.strip_hex, "-n");
    p = parse(heap, "-ns");
    ok(p.good && p.fields.normalize && p.fields.strip_hex, "-ns is -n -s");
    p = parse(heap, "-sn");
    ok(p.good && p.fields.normalize && p.fields.strip_hex, "-sn, too");
    p = parse(heap, "-s");
    ok(p.good && p.fields.strip_hex, "-s is the letter, not --seed or --sort");
    p = parse(heap, "-o|out");
    ok(p.good && p.fields.output && strcmp(p.fields.output, "out") == 0, "-o FILE");
    p = parse(heap, "-norm");
    ok(p.good && p.fields.normalize && !p.fields.strip_hex, "-norm is a prefix, no bundle");
    p = parse(heap, "--ns");
    ok(!p.good, "--ns is no bundle");
    p = parse(heap, "-strip");
    ok(p.good && p.fields.strip_hex && !p.fields.normalize, "-strip is a prefix");
    return true;
}

static bool test_values(struct heap *heap, void *arg)
{
    (void)arg;
    struct parsed p = parse(heap, "--minwidth=2.5%");
    ok(p.good && p.fields.minwidth.percent && p.fields.minwidth.value == 2.5, "2.5%%");
    p = parse(heap, "--minwidth|.1");
    ok(p.good && !p.fields.minwidth.percent && p.fields.minwidth.value == .1, ".1");
    p = parse(heap, "--minwidth=-1");
    ok(p.good && p.fields.minwidth.value == -1, "a number may be negative");
    p = parse(heap, "--seed|18446744073709551615");
    ok(p.good && p.fields.seed == UINT64_MAX, "the largest count");
    p = parse(heap, "--sort=input");
    ok(p.good && p.fields.sort == 2, "a choice");
    p = parse(heap, "--optional|x");
    ok(p.good && p.fields.optional[0] == '\0' && p.result.files.n == 1,
       "a value that may be left out needs =");
    p = parse(heap, "--optional=x");
    ok(p.good && strcmp(p.fields.optional, "x") == 0, "and is taken with it");
    p = parse(heap, "--help");
    ok(p.good && p.fields.common.help && p.fields.common.help[0] == '\0', "--help");
    p = parse(heap, "-h");
    ok(p.good && p.fields.common.help && !p.fields.hash, "-h is --help beside --hash, too");
    p = parse(heap, "--old-name=x");
    ok(p.good && strcmp(p.fields.title, "x") == 0, "a hidden option works");
    return true;
}

struct refusal {
    const char *line, *message;
};

#define WANTS_BYTES \
    "--max-memory needs a number of bytes, which can end in K, M, G or T (500M), not "

static const struct refusal refusals[] = {
    {"--wibble", "unknown option --wibble; see --help"},
    {"--quill", "unknown option --quill; did you mean --quiet? See --help"},
    {"--kqq", "unknown option --kqq; see --help"},
    {"-x", "unknown option --x; see --help"},
    {"--colorsx=3", "unknown option --colorsx=3; did you mean --colors? See --help"},
    {"--titles|x", "unknown option --titles; did you mean --title? See --help"},
    {"--re", NULL},
    {"--r", "option --r is ambiguous: --random, --reverse"},
    {"--h", "option --h is ambiguous: --hash, --help"},
    {"--se=1", NULL},
    {"--width", "--width needs a value (PX)"},
    {"--width=", "--width needs a number, not ''"},
    {"--width=x", "--width needs a number, not 'x'"},
    {"--width=10%", "--width needs a number, not '10%'"},
    {"--width=0", "--width needs a number larger than 0, not '0'"},
    {"--width=-5", "--width needs a number larger than 0, not '-5'"},
    {"--width|nan", "--width needs a number, not 'nan'"},
    {"--width|1e999", "--width needs a number, not '1e999'"},
    {"--minwidth=%", "--minwidth needs a number or a percentage, not '%'"},
    {"--seed=1.5", "--seed needs a whole number, not '1.5'"},
    {"--seed=-1", "--seed needs a whole number, not '-1'"},
    {"--sort=size", "--sort cannot be 'size'; it can be name, weight, input"},
    {"--sort=", "--sort cannot be ''; it can be name, weight, input"},
    {"--sort=Name", "--sort cannot be 'Name'; it can be name, weight, input"},
    {"--max-memory=", WANTS_BYTES "''"},
    {"--max-memory=M", WANTS_BYTES "'M'"},
    {"--max-memory=0", WANTS_BYTES "'0'"},
    {"--max-memory=1.5G", WANTS_BYTES "'1.5G'"},
    {"--max-memory=1MB", WANTS_BYTES "'1MB'"},
    {"--max-memory=-1", WANTS_BYTES "'-1'"},
    {"--max-memory=16777216T", WANTS_BYTES "'16777216T'"},
    {"--max-memory=16777215T", NULL},
    {"--hash=1", "--hash takes no value"},
    {"--hash=", "--hash takes no value"},
    {"--names", "--names needs a value (NAME)"},
    {"-nx", "unknown option --nx; see --help"},
};

static bool test_sizes(struct heap *heap, void *arg)
{
    (void)arg;
    is_u64(parse(heap, "--max-memory|1048577").fields.common.max_memory, 1048577, "bytes");
    is_u64(parse(heap, "--max-memory=3k").fields.common.max_memory, 3072, "3k");
    is_u64(parse(heap, "--max-memory=500M").fields.common.max_memory, 524288000, "500M");
    is_u64(parse(heap, "-max=2g").fields.common.max_memory, UINT64_C(1) << 31, "2g");
    is_u64(parse(heap, "--max-memory=1T").fields.common.max_memory, UINT64_C(1) << 40, "1T");
    return true;
}

static bool test_refusals(struct heap *heap, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct parsed p = parse(heap, refusals[i].line);
        if (!refusals[i].message) {
            ok(p.good, "%s is fine", refusals[i].line);
            continue;
        }
        ok(!p.good && p.err.code == ERR_USAGE, "%s is wrong usage", refusals[i].line);
        is_text(p.err.message, refusals[i].message, "and is told so");
    }
    /* As long as a person can type. */
    char line[5000];
    memset(line, 'x', sizeof line);
    memcpy(line, "--", 2);
    line[sizeof line - 1] = '\0';
    ok(!parse(heap, line).good, "a name of 5000 bytes");
    memcpy(line, "--title=", 8);
    ok(parse(heap, line).good, "a value of 5000 bytes");
    memcpy(line, "--width=", 8);
    ok(!parse(heap, line).good, "one that is no number");
    ok(!parse(heap, "--=x").good && !parse(heap, "-=").good, "no name at all");
    return true;
}

static str help(struct heap *heap, const char *topic, struct caught *out, struct err *err)
{
    struct sink sink;
    sink_open_callback(&sink, heap, caught_write, out, err);
    bool done = options_help(&table, topic, &sink, err);
    sink_close(&sink);
    return done ? caught_text(out) : STR("");
}

static bool test_help(struct heap *heap, void *arg)
{
    struct caught out = {0};
    struct err err = {0};
    (void)arg;
    str text = help(heap, "", &out, &err);
    ok(str_starts(text, STR("usage: tester [options] [file]\nTests options.\n")), "how to use it");
    ok(str_contains(text, STR("  --title=TEXT")) && !str_contains(text, STR("--hash ")),
       "with the first topic");
    ok(str_ends(text, STR("more: --help=colour, diff, limits, messages, --help=all\n")),
       "and the others");
    caught_free(&out);
    text = help(heap, "all", &out, &err);
    for (const struct option *o = option_list; o->name; o++)
        ok(str_contains(text, str_from_c(o->help)) == !(o->traits & OPTION_HIDDEN), "all: --%s",
           o->name);
    size_t longest = 0;
    for (size_t at = 0, end; at < text.n; at = end + 1) {
        end = str_find(text, '\n', at);
        longest = end - at > longest ? end - at : longest;
    }
    ok(longest < 80, "lines fit a terminal: %zu", longest);
    caught_free(&out);
    text = help(heap, "diff", &out, &err);
    ok(str_contains(text, STR("--optional[=X]")) && !str_contains(text, STR("--title")),
       "one topic");
    caught_free(&out);
    help(heap, "nothing", &out, &err);
    is_text(err.message,
            "no help on 'nothing'; topics are text, colour, diff, limits, messages, all",
            "a topic that is none");
    caught_free(&out);
    return true;
}

static bool test_list(struct heap *heap, void *arg)
{
    struct caught out = {0};
    struct err err = {0};
    struct sink sink;
    (void)arg;
    sink_open_callback(&sink, heap, caught_write, &out, &err);
    options_list(&table, &sink);
    sink_close(&sink);
    ok(str_starts(caught_text(&out), STR("--title\tTEXT\tthe title\n--width\tPX\thow wide\n")),
       "the list for completions");
    ok(str_contains(caught_text(&out), STR("--sort\tname|weight|input\torder\n")), "with choices");
    ok(!str_contains(caught_text(&out), STR("old-name")), "without what is hidden");
    caught_free(&out);
    return true;
}

int main(void)
{
    heaps_run(test_spellings, NULL);
    heaps_run(test_files, NULL);
    heaps_run(test_letters, NULL);
    heaps_run(test_values, NULL);
    heaps_run(test_sizes, NULL);
    heaps_run(test_refusals, NULL);
    heaps_run(test_help, NULL);
    heaps_run(test_list, NULL);
    return done_testing();
}
