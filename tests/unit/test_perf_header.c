/* SPDX-License-Identifier: MIT */
/*
 * perf_header: the fields of headers in many layouts, and process names that look like fields.
 */
#include "format/perf_script/perf_header.h"
#include "tap.h"

struct line {
    const char *text;
    const char *comm, *pid, *tid, *event, *tail;
    uint64_t period; /* 0: none */
    bool firm;
};

static const struct line lines[] = {
    /* as perf prints them today */
    {"java  2871  3230.692818:    1003009 cpu-clock:pppH: ", "java", "", "2871", "cpu-clock:pppH",
     "", 1003009, true},
    {"x  7714 [000]  3707.591529:   10101010 cpu-clock:pppH: ", "x", "", "7714", "cpu-clock:pppH",
     "", 10101010, true},
    {"x  7708/7714  [000]  3707.591529: cycles:u: ", "x", "7708", "7714", "cycles:u", "", 0, true},
    {"swapper     0/0     [002]   1.5: cycles:", "swapper", "0", "0", "cycles", "", 0, true},
    {":-1    -1 [000]  4.5:          1 cycles: ", ":-1", "", "-1", "cycles", "", 1, true},
    {"x  7714 [000] U      3707.5:   10101010 cycles: ", "x", "", "7714", "cycles", "", 10101010,
     true},
    {"x  7714 [000]     0.000000:   10101010 cycles: ", "x", "", "7714", "cycles", "", 10101010,
     true},
    {"app   657  4720.917400123:    2012072        cycles: ", "app", "", "657", "cycles", "",
     2012072, true},
    {"app\t657\t[000]\t47.5:\t2012072\tcycles:\t", "app", "", "657", "cycles", "", 2012072, true},
    /* older ones */
    {"java 19983 cycles:", "java", "", "19983", "cycles", "", 0, true},
    {"node-v011 31912 cpu-clock: ", "node-v011", "", "31912", "cpu-clock", "", 0, true},
    {"func_ab 15285 28075374.517811: cpu-clock: ", "func_ab", "", "15285", "cpu-clock", "", 0,
     true},
    {"iperf 27409/28744 [000] 441995.133575: cpu-clock: ", "iperf", "27409", "28744", "cpu-clock",
     "", 0, true},
    {"a 1 [000] 1.0: cycles: ", "a", "", "1", "cycles", "", 0, true},
    /* something after the event */
    {"a     1 [000]     1.5: sys_enter_brk: brk: 0x0", "a", "", "1", "sys_enter_brk", " brk: 0x0",
     0, true},
    {"a     1 [000]     1.5:          7 sched:sched_switch: prev_comm=b c: 2.5: x", "a", "", "1",
     "sched:sched_switch", " prev_comm=b c: 2.5: x", 7, true},
    {"               x  7857 [001]  3709.5:   10101010 cycles:      5575 spin+0x1f (/srv/odd)", "x",
     "", "7857", "cycles", "      5575 spin+0x1f (/srv/odd)", 10101010, true},
    {"a     1  1.5:   10101010 cpu-clock/freq=497/: ", "a", "", "1", "cpu-clock/freq=497/", "",
     10101010, true},
    {"a     1  1.5:   10101010     557528b7522f f (/x)", "a", "", "1", "",
     "     557528b7522f f (/x)", 10101010, true},
    {"a     1  1.5:           401237 f (/x)", "a", "", "1", "", "           401237 f (/x)", 0,
     true},
    {"a     1  1.5:   10101010 raw 0x1a8: ", "a", "", "1", "raw 0x1a8", "", 10101010, true},
    /* fields left out */
    {" 7714 [000]  3707.5:   10101010 cycles: ", "", "", "7714", "cycles", "", 10101010, true},
    {"[000]  3707.5:   10101010 cycles: ", "", "", "", "cycles", "", 10101010, true},
    {"x  7714   10101010 cycles: ", "x", "", "7714", "cycles", "", 10101010, true},
    {"x  7714 [000]   10101010 cycles: ", "x", "", "7714", "cycles", "", 10101010, true},
    {"x  7714 [000]  3707.5:   10101010 ", "x", "", "7714", "", "", 10101010, true},
    {"x  7714   10101010 ", "x", "", "7714", "", "", 10101010, true},
    {"               x  7714   10101010     557528b7522f f (/x)", "x", "", "7714", "",
     "     557528b7522f f (/x)", 10101010, true},
    {"x  7714 ", "x", "", "7714", "", "", 0, false},
    {"             hog cpu-clock:pppH:      5572fbb6e231", "hog", "", "", "cpu-clock:pppH",
     "      5572fbb6e231", 0, true},
    {"             hog    5025125      5572fbb6e231 delta", "hog", "", "", "",
     "      5572fbb6e231 delta", 5025125, true},
    {"             hog  ffffffff8175336a", "hog", "", "", "", "  ffffffff8175336a", 0, true},
    {"             hog         30 page-faults: ", "hog", "", "", "page-faults", "", 30, true},
    {"30755      5572fbb6e231 delta", "", "", "30755", "", "      5572fbb6e231 delta", 0, true},
    {" 5558.851737:  ffffffff8175336a elf_load", "", "", "", "", "  ffffffff8175336a elf_load", 0,
     true},
    {" 5557.822972: ", "", "", "", "", "", 0, false},
    {"cpu-clock:pppH: ", "", "", "", "cpu-clock:pppH", "", 0, false},
    {"x ", "x", "", "", "", "", 0, false},
    /* names */
    {"pool 7 worker  1234/1240 [000] 1.5: cycles: ", "pool 7 worker", "1234", "1240", "cycles", "",
     0, true},
    {"pool 7  7762 [000]  3707.7:   10101010 cycles: ", "pool 7", "", "7762", "cycles", "",
     10101010, true},
    {"7  7783   10101010 ", "7", "", "7783", "", "", 10101010, true},
    {"7  7783  3707.8: cycles: ", "7", "", "7783", "cycles", "", 0, true},
    {"12 34 56  7844 [000]  1.5: cycles: ", "12 34 56", "", "7844", "cycles", "", 0, true},
    {"12 34 56  7844   10101010 ", "12 34 56", "", "7844", "", "", 10101010, true},
    {"12 34 56 ", "12 34 56", "", "", "", "", 0, false},
    {"123/456 [000]  7851 [000]  3709.0:   10101010 cycles: ", "123/456 [000]", "", "7851",
     "cycles", "", 10101010, true},
    {"123/456 [000]  7851  3709.0: cycles: ", "123/456 [000]", "", "7851", "cycles", "", 0, true},
    {"123/456 [000]  7851 [000]   10101010 cycles: ", "123/456 [000]", "", "7851", "cycles", "",
     10101010, true},
    {"123/456 [000] [000]  3709.0: cycles: ", "123/456 [000]", "", "", "cycles", "", 0, true},
    {"123/456 [000] ", "123/456 [000]", "", "", "", "", 0, false},
    {"7 [000]  3707.8: cycles: ", "7", "", "", "cycles", "", 0, true},
    {"C1 Comp: 9  7847 [000]  3708.6:   10101010 cycles: ", "C1 Comp: 9", "", "7847", "cycles", "",
     10101010, true},
    {"C1 Comp: 9  7847 [000]   10101010 cycles: ", "C1 Comp: 9", "", "7847", "cycles", "", 10101010,
     true},
    {"C1 Comp: 9 ", "C1 Comp: 9", "", "", "", "", 0, false},
    {" lead  7840 [000]  1.5: cycles: ", "lead", "", "7840", "cycles", "", 0, true},
    {"trail   7841 [000]  1.5: cycles: ", "trail", "", "7841", "cycles", "", 0, true},
    {"tab\there  7843 [000]  1.5: cycles: ", "tab\there", "", "7843", "cycles", "", 0, true},
    {"kworker/u8:1-kv  7843 [000]  1.5: cycles: ", "kworker/u8:1-kv", "", "7843", "cycles", "", 0,
     true},
    {"+0x1f  7853 [001]  1.5: cycles: ", "+0x1f", "", "7853", "cycles", "", 0, true},
};

static void expect(const struct line *line)
{
    struct perf_layout layout = {.ids = PERF_IDS_UNKNOWN};
    struct perf_header header;
    bool good = perf_header_parse(str_from_c(line->text), &layout, &header);
    good &= str_equal(header.comm, str_from_c(line->comm));
    good &= str_equal(header.pid, str_from_c(line->pid));
    good &= str_equal(header.tid, str_from_c(line->tid));
    good &= str_equal(header.event, str_from_c(line->event));
    good &= str_equal(header.tail, str_from_c(line->tail));
    good &= header.has_period == (line->period > 0) && header.period == line->period;
    good &= header.firm == line->firm && !header.noise;
    if (ok(good, "%s", line->text))
        return;
    tap_show("comm", header.comm);
    tap_show("pid", header.pid);
    tap_show("tid", header.tid);
    tap_show("event", header.event);
    tap_show("tail", header.tail);
    diag("period %" PRIu64 ", firm %d, noise %d", header.period, header.firm, header.noise);
}

/* A number in front of the processor: which headers came before decides. */
static void test_layout(void)
{
    struct perf_layout layout = {.ids = PERF_IDS_UNKNOWN};
    struct perf_header header;
    perf_header_parse(STR("x [000]  3707.5: cycles: "), &layout, &header);
    perf_header_parse(STR("pool 7 [000]  3707.6: cycles: "), &layout, &header);
    is_str(header.comm, STR("pool 7"), "no ids so far: the number belongs to the name");
    perf_header_parse(STR("pool 7  7762 [000]  3707.7: cycles: "), &layout, &header);
    is_str(header.comm, STR("pool 7"), "a padded number is an id all the same");
    perf_header_parse(STR("java 12 [000]  3707.7: cycles: "), &layout, &header);
    is_str(header.comm, STR("java"), "ids so far: the number is one");
}

static void test_noise(void)
{
    static const char *const noise[] = {
        "odd  8037  3715.5: PERF_RECORD_COMM exec: odd:8037/8037",
        "odd  8037  3715.5: PERF_RECORD_FORK(8037:8039):(8037:8037)",
        "odd  8037  3715.5: PERF_RECORD_SWITCH OUT        ",
        "x  7714 [000] PERF_RECORD_MMAP2 7708/7708: [0x5624f3a18000(0x1000) @ 0x1000]: r-xp /x",
        "PERF_RECORD_LOST lost 12",
    };
    struct perf_layout layout = {.ids = PERF_IDS_UNKNOWN};
    struct perf_header header;
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++)
        ok(perf_header_parse(str_from_c(noise[i]), &layout, &header) && header.noise, "%s",
           noise[i]);
    ok(!perf_header_parse(STR("  \t "), &layout, &header), "blanks are no header");
    str frame = STR("  c6d7 LazyCompile:f node.js:387 (/tmp/perf-1.map)");
    str dead = STR("  dead  7714 [000]  3707.5: cycles:  5575 f (/x)");
    ok(!(perf_header_parse(frame, &layout, &header) && header.timed), "a frame has no time");
    ok(perf_header_parse(dead, &layout, &header) && header.timed && header.sure, "a header does");
}

/* Names that could be taken for fields, with and without the text around a period. */
static const char *const odd[] = {
    "kworker/0:1  7714 [000]  3707.5:   10101010 cycles: ",
    "x 1.5: y  7714 [000]  3707.5:   1 cycles: ",
    "x 1.5:   7714 [000]  3707.5:   1 cycles: ",
    "pool 7  [000]  3707.5:   1 cycles: ",
    "7714 [000]  3707.5:   1 cycles: ",
    "x 4194305 [000]  3707.5:   1 cycles: ",
    "x 7714 [000]  3707.5:   99999999999999999999 cycles: ",
    "x 7714 [000]  3707.5:   1 \t cycles: ",
    "x 7714  3707.5:   1 cycles: ",
    "x 7714 1 3707.5:   1 cycles: ",
    "x 1/7714 [000] 3707.5: 1 cycles: ",
    "x 7714 [] 3707.5: 1 cycles: ",
    "x 7714 ] 3707.5: 1 cycles: ",
    "] 3707.5: 1 cycles: ",
    "x7714 [000] 3707.5: 1 cycles: ",
    "x 7714 [000] .5: 1 cycles: ",
    "x 7714 [000] 5.: 1 cycles: ",
    "x 7714 [000] 5: 1 cycles: ",
    "x 7714 [000]5.5: 1 cycles: ",
    ": 1 cycles: ",
    "x: 1 cycles: ",
    "x y  7714 [000]  3707.5:   1 cycles: ",
};

enum { ODD = sizeof odd / sizeof odd[0], LINES = sizeof lines / sizeof lines[0] };

static const char *line_of_all(size_t i)
{
    return i < ODD ? odd[i] : lines[i - ODD].text;
}

static bool is_same(const struct perf_header *a, const struct perf_header *b)
{
    return str_equal(a->comm, b->comm) && str_equal(a->pid, b->pid) && str_equal(a->tid, b->tid) &&
           str_equal(a->event, b->event) && str_equal(a->tail, b->tail) && a->period == b->period &&
           a->has_period == b->has_period && a->firm == b->firm && a->noise == b->noise;
}

/* Behind each line each other one: what is found the short way is what is found the long way. */
static void test_again(void)
{
    size_t found = 0, wrong = 0;
    for (size_t i = 0; i < ODD + LINES; i++) {
        struct perf_header_memory memory = {.n = 0};
        struct perf_layout layout = {.ids = PERF_IDS_PRINTED};
        struct perf_header header, again;
        str line = str_from_c(line_of_all(i));
        if (perf_header_parse(line, &layout, &header))
            perf_header_remember(&memory, line, &header);
        for (size_t k = 0; k < ODD + LINES; k++) {
            layout.ids = PERF_IDS_PRINTED;
            line = str_from_c(line_of_all(k));
            if (!perf_header_parse_again(line, &layout, &memory, &again))
                continue;
            found++;
            bool same = perf_header_parse(line, &layout, &header) && is_same(&header, &again) &&
                        layout.ids == PERF_IDS_PRINTED;
            if (!same && wrong++ == 0)
                diag("\"%s\" after \"%s\"", line.p, line_of_all(i));
        }
    }
    ok(wrong == 0 && found > LINES, "%zu headers are found by the one before", found);
    struct perf_layout unknown = {.ids = PERF_IDS_UNKNOWN}, printed = {.ids = PERF_IDS_PRINTED};
    struct perf_header_memory memory = {.n = 0};
    struct perf_header header;
    str line = STR("x  7714 [000]  3707.5:   10101010 cycles: ");
    ok(!perf_header_parse_again(line, &printed, &memory, &header), "not without one before");
    perf_header_parse(line, &printed, &header);
    perf_header_remember(&memory, line, &header);
    ok(perf_header_parse_again(line, &printed, &memory, &header), "a header like the one before");
    ok(!perf_header_parse_again(line, &unknown, &memory, &header),
       "not as long as nobody knows whether ids are printed");
}

int main(void)
{
    test_again();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        expect(&lines[i]);
    test_layout();
    test_noise();
    return done_testing();
}
