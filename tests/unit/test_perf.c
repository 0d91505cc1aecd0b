/* SPDX-License-Identifier: MIT */
/*
 * perf: whole texts through the reader: what is counted, what is kept, what is told. Each text is
 * read again in pieces of one and of seven bytes.
 */
#include "perf_fold.h"
#include "tap.h"

/* Fold `text` in three ways; all agree. */
static str fold(struct perf_fold *to, const char *text, const char *title)
{
    struct perf_fold pieces = {.options = to->options};
    str whole = perf_fold(to, str_from_c(text));
    for (pieces.block = 1; pieces.block <= 7; pieces.block += 6) {
        str again = perf_fold(&pieces, str_from_c(text));
        ok(str_equal(whole, again) && pieces.samples == to->samples &&
               strcmp(pieces.reasons, to->reasons) == 0 && strcmp(pieces.events, to->events) == 0,
           "%s: the same in pieces of %u", title, (unsigned)pieces.block);
    }
    perf_fold_free(&pieces);
    return whole;
}

struct text {
    const char *title, *text, *folded;
    const char *reasons; /* NULL: none */
};

static const struct text texts[] = {
    {"two samples",
     "java  2871  3230.69:         10 cycles: \n"
     "\tffffffff81af37a9 halt+0xd9 ([kernel.kallsyms])\n"
     "\t    7f722d142778 main (/srv/app)\n"
     "\n"
     "java  2871  3230.70:         20 cycles: \n"
     "\tffffffff81af37a9 halt+0xda ([kernel.kallsyms])\n"
     "\t    7f722d142778 main (/srv/app)\n"
     "\n",
     "java;main;halt 30\n", NULL},
    {"no blank line at the end", "a 1 1.0: 5 cycles: \n\t4a f (/x)\n", "a;f 5\n", NULL},
    {"no line end at the end", "a 1 1.0: 5 cycles: \n\t4a f (/x)", "a;f 5\n", NULL},
    {"cut in a frame", "a 1 1.0: 5 cycles: \n\t4a f (/x)\n\t4b mai", "a;mai;f 5\n",
     "the input ends in the middle of it (1, first line 3), "},
    {"cut before a frame", "a 1 1.0: 5 cycles: \n\t4a f (/x)\n\t ", "a;f 5\n",
     "the input ends in the middle of it (1, first line 3), "},
    {"no line end after a whole frame", "a 1 1.0: 5 cycles: \n\t4a f (/x)", "a;f 5\n", NULL},
    {"cut in a header", "a 1 1.0: 5 cycles: \n\t4a f (/x)\n\nb 2 2.", "a;f 5\n",
     "neither a header nor a frame of perf script (1, first line 4), "},
    {"CR LF", "a 1 1.0: 5 cycles: \r\n\t4a f (/x)\r\n\r\nb 1 1.0: 6 cycles: \r\n\t4a f (/x)\r\n",
     "a;f 5\nb;f 6\n", NULL},
    {"no blank lines",
     "a 1 1.0: 5 cycles: \n\t4a f (/x)\na 1 1.0: 6 cycles: \n\t4a f (/x)\n\t4b g (/x)\n",
     "a;f 5\na;g;f 6\n", NULL},
    {"frames on the line of the header",
     "               x  7857 [001]  3709.6:   10 cycles:      557528b7522f f+0x1f (/srv/odd)\n"
     "   pool 7 worker  7858 [001]  3709.7:    5 cycles:      557528b7522f f+0x1f (/srv/odd)\n"
     "    C1 Comp: 9 7  7859 [001]  3709.7:    1 cycles:              52f f+0x1f\n",
     "C1_Comp:_9_7;f 1\npool_7_worker;f 5\nx;f 10\n", NULL},
    {"the text of a tracepoint is no frame",
     "a     1 [000]     1.5: sys_enter_brk: brk: 0x0\n"
     "a     1 [000]     1.6: sys_enter_brk: 3 (null)\n\t4a f (/x)\n\n"
     "a     1 [000]     1.7:          7 sys_enter_brk: bad\n\t4a f (/x)\n\n",
     "a 1\na;f 8\n", NULL},
    {"instructions after frames",
     "             hog 3  5.8:         10 c:  ffffffff8175336a f+0x28a ([kernel]) ilen: 3 insn: 4\n"
     "             hog 3  5.9:          1 c:      7f7a41b4db70 g+0x0 (/x) insn: 48 89 e7\n",
     "hog;f 10\nhog;g 1\n", NULL},
    {"instructions in lines of their own",
     "hog 3 5.8: 10 c: \n\t            1231 f+0x2c (/x)\n insn: 48 83 c2 01\n"
     "hog 3 5.9: 1 c: \n\t            1231 g+0x2c (/x)\n ilen: 4\n",
     "hog;f 10\nhog;g 1\n", NULL},
    {"addresses of data",
     "   hog 3  5.8:         10 c:     55d06a077020 a+0x0 (/x) ffffffff8175336a f+0x28a ([k])\n"
     "   hog 3  5.8:         10 c:     55d06a077020 a+0x0 (/x)\n\t            4a f (/x)\n"
     "\t            4b g (/x)\n",
     "hog;f 10\nhog;g;f 10\n", NULL},
    {"fields left out",
     "             hog    5025125      5572fbb6e231 f\n"
     "             hog          1      5572fbb6e231 f\n",
     "hog;f 5025126\n", NULL},
    {"an id and a frame", "30755      5572fbb6e231 f\n  755      5572fbb6e231 f\n", "f 2\n", NULL},
    {"a time and a frame", " 5558.8:      5572fbb6e231 f\n 5558.9:      5572fbb6e231 f\n", "f 2\n",
     NULL},
    {"without frames",
     "a     1 [000]     1.5:         10 cycles: \n\na     1 [000]     1.6:         10 cycles: \n\n",
     "a 20\n", NULL},
    {"period 0 counts 1", "a 1 1.0:          0 cycles: \n\t4a f (/x)\n\n", "a;f 1\n", NULL},
    {"names",
     "[kworker]     1 [000]     1.5: c: \n\n a;b     1 [000]     1.5: c: \n\n"
     "f(x) y     1 [000]     1.5: c: \n\n:-1    -1 [000]     1.5: c: \n\n"
     "java \"q\"     1 [000]     1.5: c: \n\t4a La/B;::c (/tmp/perf-1.map)\n\n"
     "\xc3\xa9\xff     1 [000]     1.5: c: \n\n",
     ":-1 1\n[kworker] 1\na:b 1\nf(x)_y 1\njava_\"q\";a/B:::c 1\n\xc3\xa9\xff 1\n", NULL},
    {"java is a matter of the process",
     "java     1  1.5: c: \n\t4a La/B;::c (/tmp/perf-1.map)\n\n"
     "jav     1  1.5: c: \n\t4a La/B;::c (/tmp/perf-1.map)\n\n"
     "java-x     1  1.5: c: \n\t4a La/B;::c (/tmp/perf-1.map)\n\n",
     "jav;La/B:::c 1\njava-x;a/B:::c 1\njava;a/B:::c 1\n", NULL},
    {"and no line that was met in another is taken for its own",
     "java     1  1.5: c: \n\t    7f2a1122334a La/B;::c (/tmp/perf-1.map)\n\n"
     "jav     1  1.5: c: \n\t    7f2a1122334a La/B;::c (/tmp/perf-1.map)\n\n"
     "java     1  1.5: c: \n\t    7f2a1122334a La/B;::c (/tmp/perf-1.map)\n\n",
     "jav;La/B:::c 1\njava;a/B:::c 2\n", NULL},
    {"inlined by an arrow",
     "java     1  1.5: c: \n\t4a La/B;::c->Ld/E;::f (/tmp/perf-1.map)\n\t4b g (/x)\n\n"
     "java     1  1.6: c: \n\t4a La/B;::c->Ld/E;::f (/tmp/perf-1.map)\n\t4b g (/x)\n\n",
     "java;g;a/B:::c;d/E:::f_[i] 2\n", NULL},
    {"records between samples",
     "odd  8037  3715.5: PERF_RECORD_COMM exec: odd:8037/8037\n"
     "odd  8037  3715.5: PERF_RECORD_NAMESPACES 8037/8037 - nr_namespaces: 7\n"
     "\t\t[0/net: 3/0xf0000098, 1/uts: 3/0xeffffffe]\n"
     "x  8037  3715.6:   1010 cycles: \n\t4a f (/x)\n\n"
     "x  8037  3715.7: PERF_RECORD_MMAP2 8037/8037: [0x564a593ec000(0x1000) @ 0x1000]: r-xp /x\n"
     "x  8037  3715.8:   1010 cycles: \n\t4a f (/x)\n\n",
     "x;f 2020\n", NULL},
    {"frames alone", "\n\t 1237 f (/x)\n\t 1259 g (/x)\n\n\n\t 1237 f (/x)\n\t 1259 g (/x)\n\n",
     "g;f 2\n", NULL},
    {"frames alone, one a line",
     "# ========\n#\n     557528b7522f f (/x)\n     557528b7522f f (/x)\n", "f 2\n", NULL},
    {"a name alone", "12 34 56 \n\t            1237 f\n\n lead \n\t            1237 f\n\n",
     "12_34_56;f 1\nlead;f 1\n", NULL},
    {"frames without indentation",
     "java 19983 cycles:\nffffffff8103d0ca halt ([kernel.kallsyms])\n7f7 main (/x)\n\n",
     "java;main;halt 1\n", NULL},
    {"source lines and code are no frames",
     "a 1 1.0: c: \n\t4a f+0x1 (/x)\n  odd.c:12\n|12     return 1;\n\t4b g (/x)\n  [k][ff]\n\n",
     "a;g;f 1\n", NULL},
    {"lines that are nothing",
     "hello\nworld\n\na 1 1.0: c: \n\t4a f (/x)\nhello\n\tx y\n\t4b g (/x)\n\n? ?\n\n", "a;g;f 1\n",
     "neither a header nor a frame of perf script (5, first line 1), "},
    {"frames that lost their header",
     "a 1 1.0: c: \n\t4a f (/x)\n\n\t4a f (/x)\n\t4b g (/x)\n\na 1 1.1: c: \n\t4a f (/x)\n\n",
     "a;f 2\n", "a frame without a header (2, first line 4), "},
    {"nothing but skipped frames", "a 1 1.0: c: \n\t4a (a) (/x)\n\n", "a 1\n", NULL},
    {"nothing at all", "", "", NULL},
};

static void test_texts(void)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct perf_fold whole = {.block = 0};
        str folded = fold(&whole, texts[i].text, texts[i].title);
        is_str(folded, str_from_c(texts[i].folded), "%s", texts[i].title);
        is_text(whole.reasons, texts[i].reasons ? texts[i].reasons : "", "%s: what is told",
                texts[i].title);
        perf_fold_free(&whole);
    }
}

static const char options_text[] = "a  7/8  [000]  1.5:         10 cycles: \n"
                                   "\t4a f ([kernel.kallsyms])\n"
                                   "\t4b [unknown] (/x/lib.so)\n"
                                   "\t4c g (/tmp/perf-7.map)\n"
                                   "\t4d h (inlined)\n"
                                   "\n"
                                   "b 12     9 [000]  1.5:         10 cycles: \n"
                                   "\t4a [unknown] ([unknown])\n"
                                   "\n";

static void test_options(void)
{
    static const struct {
        const char *title;
        struct read_options options;
        const char *folded;
    } runs[] = {
        {"no option", {.pid = false}, "a;h;g;[lib.so];f 10\nb_12;[unknown] 10\n"},
        {"--pid", {.pid = true}, "a-7;h;g;[lib.so];f 10\nb_12-?;[unknown] 10\n"},
        {"--tid", {.tid = true}, "a-7/8;h;g;[lib.so];f 10\nb_12-?/9;[unknown] 10\n"},
        {"--kernel", {.kernel = true}, "a;h;g;[lib.so];f_[k] 10\nb_12;[unknown] 10\n"},
        {"--jit", {.jit = true}, "a;h;g_[j];[lib.so];f 10\nb_12;[unknown] 10\n"},
        {"--all",
         {.kernel = true, .jit = true, .inline_marks = true},
         "a;h_[i];g_[j];[lib.so];f_[k] 10\nb_12;[unknown] 10\n"},
        {"--addrs", {.addrs = true}, "a;h;g;[lib.so <4b>];f 10\nb_12;[unknown <4a>] 10\n"},
        {"--no-comm", {.no_comm = true}, "[unknown] 10\nh;g;[lib.so];f 10\n"},
        {"--merge-threads", {.merge_threads = true}, "a;h;g;[lib.so];f 10\nb_N;[unknown] 10\n"},
        {"--weight samples",
         {.weight = READ_WEIGHT_SAMPLES},
         "a;h;g;[lib.so];f 1\nb_12;[unknown] 1\n"},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        struct perf_fold whole = {.options = runs[i].options};
        is_str(fold(&whole, options_text, runs[i].title), str_from_c(runs[i].folded), "%s",
               runs[i].title);
        perf_fold_free(&whole);
    }
}

static void test_srcline(void)
{
    struct perf_fold whole = {.options = {.srcline = true, .kernel = true}};
    str folded = fold(&whole,
                      "a 1 1.0: c: \n\t4a f+0x1 ([kernel.kallsyms])\n  a.c:12\n\t4b g (/x)\n"
                      "  [k][ff]\n\t4c h (/x)\n\t4d [unknown] ([unknown])\n  b.c:1\n\n"
                      "a 1 1.0: c:      557528b7522f f (/x)\n  a.c:12\n",
                      "--srcline");
    is_str(folded, STR("a;[unknown];h;g;f_[k]:a.c:12 1\na;f:a.c:12 1\n"), "--srcline");
    perf_fold_free(&whole);
}

/* In input order, stacks merge with the one before only, whatever their process had last. */
static void test_order(void)
{
    static const char text[] = "a 1 1.0: c: \n\t4a f (/x)\n\nb 1 1.1: c: \n\t4a f (/x)\n\n"
                               "a 1 1.2: c: \n\t4a f (/x)\n\na 1 1.3: c: \n\t4a f (/x)\n\n"
                               "a 1 1.4: c: \n\t4b g (/x)\n\t4a f (/x)\n\n";
    struct perf_fold whole = {.in_order = true};
    is_str(perf_fold(&whole, str_from_c(text)), STR("a;f 1\nb;f 1\na;f 2\na;f;g 1\n"),
           "in input order");
    whole.in_order = false;
    is_str(perf_fold(&whole, str_from_c(text)), STR("a;f 3\na;f;g 1\nb;f 1\n"), "and in any order");
    perf_fold_free(&whole);
}

static const char events_text[] = "a 1 1.0:         10 cpu_core/cycles/P: \n\t4a f (/x)\n\n"
                                  "a 1 1.0:          1 faults:u: \n\t4a g (/x)\n\n"
                                  "a 1 1.0:         20 cpu_atom/cycles/P: \n\t4a f (/x)\n\n"
                                  "a 1 1.0:          2 sched:sched_switch: x y\n\t4a h (/x)\n\n"
                                  "a 1 1.0:          3 cpu-clock/freq=497/: \n\t4a i (/x)\n\n";

static void test_events(void)
{
    static const struct {
        const char *filter, *folded;
    } runs[] = {
        {"", "a;f 30\n"},
        {"cycles", "a;f 30\n"},
        {"cpu_core/cycles/P", "a;f 10\n"},
        {"cpu_core/cycles/", ""},
        {"cycles:P", ""},
        {"faults", "a;g 1\n"},
        {"faults:u", "a;g 1\n"},
        {"faults:k", ""},
        {"sched:sched_switch", "a;h 2\n"},
        {"cpu-clock", "a;i 3\n"},
        {"cpu-clock/freq=497/", "a;i 3\n"},
        {"freq", ""},
        {"other", ""},
    };
    struct perf_fold whole = {.block = 0};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        whole.options.event_filter = str_from_c(runs[i].filter);
        str folded = fold(&whole, events_text, runs[i].filter);
        is_str(folded, str_from_c(runs[i].folded), "event filter \"%s\"", runs[i].filter);
        if (i == 0)
            is_text(whole.events,
                    "cpu_core/cycles/P 1 kept, faults:u 1, cpu_atom/cycles/P 1 kept, "
                    "sched:sched_switch 1, cpu-clock/freq=497/ 1",
                    "events are told");
    }
    is_u64(whole.samples, 0, "no sample of an event that is not there");
    perf_fold_free(&whole);
}

/* Several files are one input; each starts afresh, but the event stays. */
static void test_files(void)
{
    static const str files[] = {
        STR_INIT("# hostname : demo\n# cmdline : perf record -g\na 1 1.0: c: \n\t4a f (/x)"),
        STR_INIT(""),
        STR_INIT("# hostname : other\n\nb 1 1.0: d: \n\t4a f (/x)\n\nb 1 1.0: c: \n\t4a g (/x)"),
        STR_INIT("?\n?\n"),
    };
    struct perf_fold whole = {.block = 0};
    str folded = perf_fold_files(&whole, files, 4);
    is_str(folded, STR("a;f 1\nb;g 1\n"), "files are added up");
    is_text(whole.events, "c 2 kept, d 1", "one event for all files");
    is_text(whole.facts, "host=demo, command=perf record -g, event=c, ",
            "the first file's facts stay");
    is_text(whole.reasons, "neither a header nor a frame of perf script (2, first line 1), ",
            "lines count from the start of their file");
    is_u64(whole.lines, 13, "lines of all files");
    is_u64(whole.samples, 2, "samples of all files");
    perf_fold_free(&whole);
}

static void test_sums(void)
{
    struct perf_fold whole = {.block = 0};
    str folded = fold(&whole,
                      "a 1 1.0: 18446744073709551615 c: \n\t4a f (/x)\n\n"
                      "b 1 1.0: 9007199254740993 c: \n\t4a f (/x)\n\n",
                      "2^64-1");
    is_str(folded, STR("a;f 18446744073709551615\nb;f 9007199254740993\n"), "exact sums");
    perf_fold_free(&whole);
}

static void test_bids(void)
{
    static const struct {
        const char *title, *head;
        bool high;
    } heads[] = {
        {"samples", "java  2871  3230.69: 10 cycles: \n\tffff8 halt ([kernel.kallsyms])\n\n", true},
        {"a comment and samples", "# ========\n# captured on : today\na 1 1.0: c: \n\t4a f (/x)\n",
         true},
        {"comments of perf alone", "# ========\n# captured on    : today\n# hostname : x\n", true},
        {"frames alone", "\n\t            1237 f (/x)\n\t            1259 g (/x)\n\n", true},
        {"a name and frames", "12 34 56 \n\t            1237 f\n\t            1238 g\n\n", true},
        {"one line each", "   x  7857 [001]  3709.6:   10 cycles:      557528b7522f f (/x)\n",
         true},
        {"headers alone", "   x  7857 [001]  3709.6:   10 cycles: \n", true},
        {"CR LF", "java  2871  3230.69: 10 cycles: \r\n\tffff8 halt (/x)\r\n\r\n", true},
        {"folded", "a;b;c 12\na;b 3\nswapper;cafe 1\n", false},
        {"folded with a comment", "# made today\na;b;c 12\n", false},
        {"folded of one word", "a 12\nb 13\n", false},
        {"folded with two counts", "a 10 20\na;b 12345 10101010\na;c 10101010 10101010\n", false},
        {"folded with aligned counts", "a;b          5000000\na;c           500000\n", false},
        {"folded with large counts", "a 9007199254740993\nb 1234567890123456 1234567890123456\n",
         false},
        {"JSON", "{\"a\": 1.5, \"b\": [1, 2]}\n", false},
        {"XML", "<?xml version=\"1.0\"?>\n<svg>\n\t<g>\n</svg>\n", false},
        {"prose", "The time: it is 1.5: late\nadd (them) up\n", false},
        {"C", "#include <a.h>\nint main(void)\n{\n\tadd (a);\n\treturn f(0);\n}\n", false},
        {"binary", "PERFILE2h", false},
        {"a comment", "# nothing\n", false},
        {"nothing", "", false},
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        str head = str_from_c(heads[i].head);
        int perf = reader_perf.bid(head), folded = reader_folded.bid(head);
        ok(heads[i].high ? perf > 50 && perf > folded : perf == 0, "bid for %s: %d, folded %d",
           heads[i].title, perf, folded);
    }
    str damaged = STR("a\0b 1 1.0: c: \n\t4a f (/x)\na 1 1.0: c: \n");
    ok(reader_perf.bid(damaged) > 0 && reader_perf.bid(damaged) < 50, "a low one for a NUL");
    ok(reader_perf.bid(STR("a\0b\n\t4a f (/x)\n")) == 0, "none for a NUL and no header");
}

int main(void)
{
    test_texts();
    test_options();
    test_srcline();
    test_order();
    test_events();
    test_files();
    test_sums();
    test_bids();
    return done_testing();
}
