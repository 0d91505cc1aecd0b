/* SPDX-License-Identifier: MIT */
/*
 * folded_reader: each case at once, one byte at a time and in odd pieces.
 */
#include "dice.h"
#include "feeding.h"
#include "heaps.h"
#include "tap.h"
#include "texts.h"

struct reader_case {
    const char *title, *text, *want, *skipped;
    bool in_order;
};

static const struct reader_case cases[] = {
    {"sums", "a;b 1\na;c 2\na;b 3\n", "a;b 4\na;c 2\n", "", false},
    {"no newline at the end", "a;b 1\nc 2", "a;b 1\nc 2\n", "", false},
    {"CRLF", "a;b 1\r\n\r\na;c 2\r\n", "a;b 1\na;c 2\n", "", false},
    {"CR in a name stays", "a\r;b\r 1\r\n", "a\r;b\r 1\n", "", false},
    {"blanks and TABs after the count", "a 1 \nb 2\t \nc 3 \r\n", "a 1\nb 2\nc 3\n", "", false},
    {"a TAB before the count", "a\t1\n", "a 1\n", "", false},
    {"comments and empty lines", "# a;b 1\n\n \t\n   # x 2\na 1\n", "a 1\n", "", false},
    {"fractions", "a 1.5\na .25\nb 2.0\nc 3.\n", "a 1.75\nb 2\nc 3\n", "", false},
    {"exponents", "a 1e3\nb 2.5E+2\nc 5e-1\n", "a 1000\nb 250\nc 0.5\n", "", false},
    {"a sign", "a +5\n", "a 5\n", "", false},
    {"nothing weighs nothing", "a 0\nb -0\nc 0.0\nd 1\n", "d 1\n", "", false},
    {"the largest", "a 18446744073709551615\n", "a 18446744073709551615\n", "", false},
    {"too large", "a 1\na 18446744073709551616\na 1e400\n", "a 1\n", "count too large 2 one:2\n",
     false},
    {"negative", "a 1\nb -2\nb -2.5\n", "a 1\n", "negative count 2 one:2\n", false},
    {"no count", "a;b 1\na;b\nbad\na;b 12x\na;b -\nlast", "a;b 1\n",
     "no count at the end of the line 5 one:2\n", false},
    {"no stack", "5\na 1\n", "a 1\n", "no stack before the count 1 one:1\n", false},
    {"weight of the root", " 5\n\t6 \na 1\n", " 11\na 1\n", "", false},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "a;b 1\n",
     "a;b 1\n", "", false},
    {"a byte order mark, then two columns that are none",
     "\xef\xbb\xbf"
     "a;b 1 2\nc 3\n",
     "a;b 1 2\nc 3\n", "", false},
    {"weight of the root in two columns", " 5 6\na 1 2\n", " 5 6\na 1 2\n", "", false},
    {"blanks in names", "a b;c  d;e 1\n f;g 2\n", " f;g 2\na b;c  d;e 1\n", "", false},
    {"names that end in blanks or are one", "a;  1\na;b  2\na; ;b 3\n  4\n",
     "  4\na;  1\na; ;b 3\na;b  2\n", "", false},
    {"empty frames", ";a 1\na; 2\na;;b 3\n; 4\n", " 4\na 3\na;;b 3\n", "", false},
    {"names that end in numbers", "operator new 8 10\noperator new 8\nf 1.0 2\n",
     "f 1.0 2\noperator new 8\noperator new 8 10\n", "", false},
    {"two columns", "a;b 1 2\na 0 3\nb 4 0\na;b 10 20\n", "a 0 3\na;b 11 22\nb 4 0\n", "", false},
    {"two columns with gaps between", "a;b   1   2\nc\t3\t4 \n", "a;b   1 2\nc 3 4\n", "", false},
    {"two columns of fractions", "a 1.5 2\nb 1e1 .25\n", "a 1.5 2\nb 10 0.25\n", "", false},
    {"a line without count leaves two columns alone", "a 1 2\nbad\n# x 1\nb 3 4\n",
     "a 1 2\nb 3 4\n", "no count at the end of the line 1 one:2\n", false},
    {"and so do negative and too large ones", "a 1 2\nb -1 7\nc 1 -7\nd 1e99 7\nb 3 4\n",
     "a 1 2\nb 3 4\n", "negative count 2 one:2\ncount too large 1 one:4\n", false},
    {"a lone pair is no stack in two columns", "a 1 2\n3 4\n", "3 4\na 1 2\n", "", false},
    {"three numbers: the first belongs to the name", "a 1 2 3\nb 4 5 6\n", "a 1 2 3\nb 4 5 6\n", "",
     false},
    {"only neighbours merge in input order", "a;b 1\na;b 1\na 1\na;b 1\nc 1\na;b 1\n",
     "a;b 2\na 1\na;b 1\nc 1\na;b 1\n", "", true},
    {"two columns in input order", "a;b 1 1\na 2 3\na;b 4 0\n", "a;b 1 1\na 2 3\na;b 4 0\n", "",
     true},
    {"prefixes of frames", "ab;cd;e 1\nab;cd 1\nab;c 1\na;cd;e 1\nab;cd;ef 1\nab;cde 1\n",
     "a;cd;e 1\nab;c 1\nab;cd 1\nab;cd;e 1\nab;cd;ef 1\nab;cde 1\n", "", false},
    {"nothing", "", "", "", false},
    {"nothing but a comment", "# x", "", "", false},
};

static bool run_case(struct heap *heap, void *arg)
{
    const struct reader_case *c = arg;
    static const size_t pieces[] = {0, 1, 2, 3, 5, 17};
    str text = str_from_c(c->text);
    for (size_t i = 0; i < 2 * sizeof pieces / sizeof pieces[0]; i++) {
        struct feeding f = {.reader = &reader_folded, .piece = pieces[i / 2], .seed = i * 77};
        struct profile profile;
        struct caught skipped = {0};
        f.in_order = c->in_order;
        f.pipe = i & 1;
        feeding_run(&f, heap, &text, 1, &profile);
        is_folded(&profile.tree, c->want, "%s, in pieces of %zu%s", c->title, pieces[i / 2],
                  f.pipe ? " from a pipe" : "");
        feeding_tally(&profile, &skipped);
        is_str(caught_text(&skipped), str_from_c(c->skipped), "and what was left out");
        caught_free(&skipped);
        profile_end(&profile);
    }
    return true;
}

static bool test_counts(struct heap *heap, void *arg)
{
    const str texts[] = {STR("a 1\nbad\nb 2\n"), STR("\nworse\nb 2")};
    struct feeding f = {.reader = &reader_folded};
    struct profile profile;
    struct caught skipped = {0};
    (void)arg;
    feeding_run(&f, heap, texts, 2, &profile);
    is_folded(&profile.tree, "a 1\nb 4\n", "two files are summed");
    is_u64(profile.samples, 3, "lines that went into the tree are counted");
    is_u64(profile.lines, 6, "and all lines");
    feeding_tally(&profile, &skipped);
    is_str(caught_text(&skipped), STR("no count at the end of the line 2 one:2\n"),
           "the first bad line's number and file");
    caught_free(&skipped);
    const str pairs[] = {STR("a 1 2\nb -3 4\n"), STR("a 5 6\n")};
    feeding_run(&f, heap, pairs, 2, &profile);
    is_folded(&profile.tree, "a 6 8\n", "two files of two columns");
    is_u64(profile.samples, 2, "lines that were taken back do not count");
    const str mixed[] = {STR("a 1 2\n"), STR("a 5\n")};
    feeding_run(&f, heap, mixed, 2, &profile);
    is_folded(&profile.tree, "a 1 7\n", "one with two columns and one without: that is after");
    return true;
}

/* After another reader: what was there stays, whatever comes. */
static bool test_second_turn(struct heap *heap, void *arg)
{
    static const char *const texts[] = {"a;b 1\nc 2\n", "a;b 1 2\nc 3 4\n"};
    static const char *const want[] = {"a;b 2\nc 4\n", "a;b 1 3\nc 3 6\n", "a;b 1 3\nc 3 6\n",
                                       "a;b 2 4\nc 6 8\n"};
    (void)arg;
    for (unsigned i = 0; i < 4; i++) {
        struct feeding f = {.reader = &reader_folded, .seed = i};
        str first = str_from_c(texts[i >> 1]), second = str_from_c(texts[i & 1]);
        struct profile profile;
        feeding_run(&f, heap, &first, 1, &profile);
        feeding_files(&f, &second, 1, &profile);
        is_folded(&profile.tree, want[i], "%u and %u columns, in two turns", 1 + (i >> 1),
                  1 + (i & 1));
        is_u64(profile.samples, 4, "all samples count");
    }
    return true;
}

/* A name is expected after another one after it was there; one that starts with it, that it
 * starts with, or that ends where it goes on, is another name all the same. */
static bool test_followers(struct heap *heap, void *arg)
{
    struct feeding f = {.reader = &reader_folded};
    struct profile profile;
    struct text text = {malloc(TEXT_ROOM), 0};
    (void)arg;
    if (!text.p)
        return false;
    for (int i = 0; i < 40; i++)
        put(&text, "p;q 1\nz 1\n");
    put(&text, "p;qr 1\nz 1\np;q 1\nz 1\np;qr;s 1\nz 1\np;;q 1\nz 1\np 1\n");
    str lines = str_of(text.p, text.n);
    feeding_run(&f, heap, &lines, 1, &profile);
    is_folded(&profile.tree, "p 1\np;;q 1\np;q 41\np;qr 1\np;qr;s 1\nz 44\n",
              "names that only start like the one that is expected");
    free(text.p);
    return true;
}

/* Stacks in mixed order, so many that they are queued, come to what they come to when sorted. */
static bool test_many(struct heap *heap, void *arg)
{
    enum { MANY = 120000, STEP = 77773 };
    struct feeding f = {.reader = &reader_folded, .piece = 100000};
    struct profile mixed, sorted;
    struct text text[2] = {{malloc(TEXT_ROOM), 0}, {malloc(TEXT_ROOM), 0}};
    const char *columns = arg;
    if (!text[0].p || !text[1].p)
        return false;
    for (unsigned i = 0; i < 2 * MANY; i++) {
        unsigned k = i < MANY ? i : (unsigned)((uint64_t)i * STEP % MANY);
        put(&text[i / MANY], "m%03u;f%03u;g %u%s\n", k / 300, k % 300, 1 + k % 5, columns);
    }
    str in_order = str_of(text[0].p, text[0].n), out_of_order = str_of(text[1].p, text[1].n);
    feeding_run(&f, heap, &in_order, 1, &sorted);
    feeding_run(&f, heap, &out_of_order, 1, &mixed);
    ok(sorted.tree.filled == 0 && mixed.tree.filled >= MANY, "only one of them needs a table");
    struct caught a = stacks_fold(&sorted.tree), b = stacks_fold(&mixed.tree);
    ok(a.n > MANY && str_equal(caught_text(&a), caught_text(&b)), "order does not matter");
    caught_free(&a);
    caught_free(&b);
    free(text[0].p);
    free(text[1].p);
    profile_end(&sorted);
    profile_end(&mixed);
    return true;
}

struct bid {
    const char *head;
    int least, most;
};

static void test_bids(void)
{
    static const struct bid bids[] = {
        {"a;b 1\n", 50, 100},
        {"a;b 1", 50, 100},
        {"# comment\n\na;b 1 2\r\nc;d 2.5\r\n", 50, 100},
        {"main 12\n", 1, 50},
        {"a;b -1\n", 50, 100},
        {"a;b 1e400\n", 50, 100},
        {"", 0, 0},
        {"\n\n", 0, 0},
        {"# only\n", 0, 0},
        {"hello world\nthis is text\n", 0, 0},
        {"\tffffffff8103ce3b native_safe_halt ([kernel.kallsyms])\n", 0, 0},
        {"java  2871  3230.692818:    1003009 cpu-clock:pppH: \n", 0, 0},
        {"{\"a\": 1}\n", 0, 0},
    };
    for (size_t i = 0; i < sizeof bids / sizeof bids[0]; i++) {
        int bid = reader_folded.bid(str_from_c(bids[i].head));
        ok(bid >= bids[i].least && bid <= bids[i].most, "bid %d for head %zu", bid, i);
    }
    ok(reader_folded.bid(STR("a\0b 1\n\0\0\n")) == 0, "none for binary data");
    ok(reader_folded.bid(STR("\177ELF;\0\1\0 x\n\0\0 1\n")) == 0, "nor with a ';' in it");
    int damaged = reader_folded.bid(STR("a;b\0c 1\na;c 2\n"));
    ok(damaged > 0 && damaged < 20, "a low one for names with a NUL: %d", damaged);
    char head[64];
    uint64_t state = 8;
    unsigned none = 0;
    unsigned some = 0;
    for (unsigned i = 0; i < 20000; i++) {
        size_t n = dice_below(&state, sizeof head);
        for (size_t k = 0; k < n; k++)
            head[k] = "a; 1\n#\r\0-"[dice_below(&state, 10)];
        char *exact = malloc(n + (n == 0));
        if (!exact)
            return;
        memcpy(exact, head, n);
        int bid = reader_folded.bid(str_of(exact, n));
        none += bid == 0;
        some += bid > 0 && bid <= 100;
        free(exact);
    }
    ok(none > 0 && some > 0 && none + some == 20000,
       "20000 heads of any bytes: %u without a bid, %u with one of at most 100", none, some);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        heaps_run(run_case, (void *)(uintptr_t)&cases[i]);
    heaps_run(test_counts, NULL);
    heaps_run(test_second_turn, NULL);
    heaps_run(test_followers, NULL);
    heaps_run(test_many, (void *)(uintptr_t) "");
    heaps_run(test_many, (void *)(uintptr_t) " 3");
    test_bids();
    return done_testing();
}
