/* SPDX-License-Identifier: MIT */
/*
 * reading: the loop between source and reader, with blocks of any size, several inputs, and the
 * messages for what cannot be read.
 */
#include "format/reader.h"

#include "dice.h"
#include "feeding.h"
#include "heaps.h"
#include "tap.h"

/* A reader that writes down how it is called. */
static struct caught recorded;

static bool recorder_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct line_loop lines = {.input = input};
    (void)err;
    builder->state = builder;
    while (line_loop_fill(&lines)) {
        caught_write(&recorded, lines.block, NULL);
        builder->profile->samples++;
    }
    caught_write(&recorded, STR("<end of "), NULL);
    caught_write(&recorded, str_from_c(builder->file), NULL);
    caught_write(&recorded, STR(">"), NULL);
    return true;
}

static void recorder_close(struct builder *builder)
{
    (void)builder;
    caught_write(&recorded, STR("<close>"), NULL);
}

static int recorder_bid(str head)
{
    (void)head;
    return 0;
}

static const struct reader recorder = {
    .name = "recorder",
    .help = "",
    .bid = recorder_bid,
    .read = recorder_read,
    .close = recorder_close,
};

static const struct read_options no_options = {.no_comm = false};

static bool read_texts(struct reading *reading, const char *const *texts, size_t count,
                       struct err *err)
{
    static const char *const names[] = {"one", "two", "three"};
    *err = (struct err){0};
    for (size_t i = 0; i < count; i++) {
        struct source source;
        source_open_memory(&source, names[i], str_from_c(texts[i]));
        bool done = reading_add(reading, &source, err);
        source_close(&source);
        if (!done)
            return false;
    }
    reading_finish(reading);
    return true;
}

static bool test_calls(struct heap *heap, void *arg)
{
    static const char *const texts[] = {"a\nb\n", "", "c\nd"};
    struct profile profile;
    (void)arg;
    for (size_t block = 0; block < 6; block++) {
        struct err err;
        caught_free(&recorded);
        profile_init(&profile, heap, 1, false);
        struct reading reading = {
            .profile = &profile, .options = &no_options, .format = &recorder, .block = block};
        ok(read_texts(&reading, texts, 3, &err), "three inputs, in blocks of %zu", block);
        is_str(caught_text(&recorded), STR("a\nb\n<end of one>c\nd<end of three><close>"),
               "each end is told, with and without newline");
    }
    return true;
}

/* Longer than the part that is looked at first, so that blocks reach the reader. */
static bool test_blocks(struct heap *heap, void *arg)
{
    static const size_t blocks[] = {0, 1, 13, 4096, 16384, 100000};
    struct caught text = {0};
    uint64_t state = 6;
    (void)arg;
    while (text.n < 60000) {
        char line[80];
        int n = snprintf(line, sizeof line, "main;f%zu;g%zu %zu\n", dice_below(&state, 30),
                         dice_below(&state, 30), dice_below(&state, 900));
        caught_write(&text, str_of(line, (size_t)n), NULL);
    }
    caught_write(&text, STR("\0"), NULL);
    struct caught first = {0};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        struct profile profile;
        struct err err;
        const char *texts[] = {text.p};
        profile_init(&profile, heap, i, false);
        struct reading reading = {.profile = &profile,
                                  .options = &no_options,
                                  .format = &reader_folded,
                                  .block = blocks[i]};
        bool done = read_texts(&reading, texts, 1, &err);
        struct caught out = stacks_fold(&profile.tree);
        if (i == 0)
            first = out;
        ok(done && str_equal(caught_text(&out), caught_text(&first)) && out.n > 1000,
           "60 kB in blocks of %zu", blocks[i]);
        if (i > 0)
            caught_free(&out);
        profile_end(&profile);
    }
    caught_free(&first);
    caught_free(&text);
    return true;
}

/* A first line so deep that its count comes after the part that is looked at first. */
static bool test_deep_line(struct heap *heap, void *arg)
{
    enum { DEPTH = 100000 };
    struct caught text = {0};
    struct profile profile;
    struct err err;
    (void)arg;
    caught_write(&text, STR("# comment\n"), NULL);
    for (unsigned i = 0; i < DEPTH; i++)
        caught_write(&text, STR("walk(Node*);"), NULL);
    caught_write(&text, STR("leaf 7\nmain;f 1\n\0"), NULL);
    const char *texts[] = {text.p};
    profile_init(&profile, heap, 1, false);
    struct reading reading = {.profile = &profile, .options = &no_options};
    ok(read_texts(&reading, texts, 1, &err), "a first line of 100000 frames is known as folded");
    is_u64(profile.tree.n, DEPTH + 4, "and read");
    is_u64(profile.samples, 2, "as is the next");
    caught_free(&text);
    return true;
}

static bool test_long_line(struct heap *heap, void *arg)
{
    enum { LENGTH = 5000000 };
    char *text = heap_alloc(heap, LENGTH + 1, 1);
    const char *texts[] = {text};
    struct profile profile;
    struct err err;
    (void)arg;
    memset(text, 'x', LENGTH);
    memcpy(text + LENGTH - 2, " 7", 3);
    profile_init(&profile, heap, 1, false);
    struct reading reading = {
        .profile = &profile, .options = &no_options, .format = &reader_folded};
    ok(read_texts(&reading, texts, 1, &err), "a line of 5 MB");
    is_u64(profile.tree.n, 2, "is one frame");
    is_u64(tree_text(&profile.tree, 1).n, LENGTH - 2, "of its length");
    return true;
}

/* What would fill the memory with one name. */
static bool test_longest_line(struct heap *heap, void *arg)
{
    enum { SHORT = READER_HEAD, LONG = 1000 };
    char *text = heap_alloc(heap, SHORT + LONG + 4, 1);
    const char *texts[] = {"a 1\n", text};
    (void)arg;
    for (size_t i = 0; i < SHORT; i += 4)
        memcpy(text + i, "b 1\n", 4);
    memset(text + SHORT, 'x', LONG);
    memcpy(text + SHORT + LONG, " 1\n", 4);
    for (size_t most = LONG - 20; most <= LONG + 4; most += 24) {
        struct profile profile;
        struct err err;
        profile_init(&profile, heap, 1, false);
        struct reading reading = {.profile = &profile,
                                  .options = &no_options,
                                  .format = &reader_folded,
                                  .block = 7,
                                  .line_most = most};
        bool done = read_texts(&reading, texts, 2, &err);
        ok(done == (most > LONG), "a line of %u bytes where %zu are allowed", LONG + 3, most);
        ok(done || (err.code == ERR_INPUT && strstr(err.message, "this is not a profile")),
           "is read, or refused: %s", err.message);
        is_text(err.file, done ? "" : "two", "in which input");
    }
    return true;
}

/* What a reader may do with its input, from a file, memory and a pipe, in blocks of any size. */
static void pull(struct reader_input *input, bool seeks)
{
    is_str(reader_input_peek(input, 3), STR("abc"), "a look at the first bytes");
    is_str(reader_input_peek(input, 2), STR("ab"), "takes nothing");
    reader_input_skip(input, 4);
    is_str(reader_input_peek(input, 3), STR("efg"), "skipping takes");
    reader_input_skip(input, 2);
    is_str(reader_input_peek(input, 9), STR("ghij"), "more than was looked at, too");
    ok(source_can_seek(input->source) == seeks, "%s seek", seeks ? "it can" : "it cannot");
    ok(reader_input_seek(input, 1) == seeks, "and does%s", seeks ? "" : " not");
    is_str(reader_input_peek(input, SIZE_MAX), seeks ? STR("bcdefghij") : STR("ghij"), "the rest");
    reader_input_skip(input, 90);
    is_u64(reader_input_peek(input, 4).n, 0, "nothing comes after the end");
    ok(!input->failed, "which is no failure");
    reader_input_end(input);
}

static bool test_pulling(struct heap *heap, void *arg)
{
    struct err err = {0};
    (void)arg;
    for (size_t block = 0; block < 12; block++) {
        struct source source;
        str left = STR("abcdefghij");
        struct reader_input input = {.heap = heap, .source = &source, .err = &err, .block = block};
        source_open_memory(&source, "memory", left);
        pull(&input, true);
        input = (struct reader_input){.heap = heap, .source = &source, .err = &err, .block = block};
        source_open_callback(&source, "pipe", feeding_read, &left);
        pull(&input, false);
    }
    return true;
}

static bool test_rewinding(struct heap *heap, void *arg)
{
    (void)arg;
    for (unsigned pipe = 0; pipe < 2; pipe++) {
        for (size_t block = 1; block < 9; block++) {
            struct err err = {0};
            struct source source;
            str line, left = STR("one\ntwo\nthree\nfour\n");
            struct reader_input input = {
                .heap = heap, .source = &source, .err = &err, .block = block};
            struct caught seen = {0};
            source_open_memory(&source, "memory", left);
            if (pipe)
                source_open_callback(&source, "pipe", feeding_read, &left);
            reader_input_peek(&input, 1);
            reader_input_keep(&input);
            for (unsigned turn = 0; turn < 2; turn++) {
                struct line_loop lines = {.input = &input};
                while (lines.number < (turn == 0 ? 3 : 9) && line_loop_fill(&lines))
                    while (line_loop_next(&lines, &line))
                        caught_write(&seen, str_head(line, 1), NULL);
                caught_write(&seen, STR("."), NULL);
                if (turn == 0)
                    reader_input_rewind(&input);
                reader_input_forget(&input);
            }
            str text = caught_text(&seen);
            ok(str_ends(text, STR(".ottf.")) && str_starts(text, STR("ott")),
               "lines once more, from a %s in blocks of %zu", pipe ? "pipe" : "file", block);
            caught_free(&seen);
            reader_input_end(&input);
        }
    }
    return true;
}

struct message_case {
    const char *texts[2];
    const char *format, *message, *file;
};

static const struct message_case message_cases[] = {
    {{""}, NULL, "the input is empty", ""},
    {{"", ""}, NULL, "the input is empty", ""},
    {{"PERFILE2\x68\x01\n"}, NULL, "the recording ends in its header", "one"},
    {{"PERFILE2\x68\x01\n"}, "perf", "looks like perf-data, but was read as perf", ""},
    {{"a;b 1\n", "PERFILE2\x68\n"}, NULL, "it is perf-data, and the input before is folded", "two"},
    {{"\x7f"
      "ELF\x02\x01\n"},
     NULL,
     "a program, not a profile of one",
     "one"},
    {{"<?xml version=\"1.0\"?>\n<b/>\n"}, NULL, "XML", "one"},
    {{"{\"answers\": []}\n"}, NULL, "JSON", "one"},
    {{"{\"traceEvents\": []}\n"}, NULL, "the trace has no events with a duration", "one"},
    {{"once upon a time\nthere was\n"}, NULL, "plain text without stacks", "one"},
    {{"once upon a time\nthere was\n"}, "folded", "no stack found in 2 lines of folded", ""},
    {{"a;b 1\nc;d 2\n"}, "perf", "looks like folded, but was read as perf", ""},
    {{"# only a comment\n"}, "folded", "no stack found in 1 line of folded", ""},
};

static bool run_message_case(struct heap *heap, void *arg)
{
    const struct message_case *c = arg;
    struct profile profile;
    struct err err;
    profile_init(&profile, heap, 1, false);
    struct reading reading = {.profile = &profile, .options = &no_options};
    if (c->format)
        reading.format = reader_find(str_from_c(c->format));
    bool done = read_texts(&reading, c->texts, c->texts[1] ? 2 : 1, &err);
    if (done)
        reading_diagnose(&reading, &err);
    ok(err.code == ERR_INPUT && strstr(err.message, c->message), "says \"%s\"", c->message);
    if (!strstr(err.message, c->message))
        diag("%s", err.message);
    is_text(err.file, c->file, "of the right file");
    return true;
}

static ptrdiff_t dead_read(void *context, char *to, size_t room, struct err *err)
{
    int *left = context;
    if ((*left)-- > 0 && room >= 6) {
        memcpy(to, "a;b 1\n", 6);
        return 6;
    }
    err_set(err, ERR_IO, "the line is dead");
    return -1;
}

static bool test_failing_source(struct heap *heap, void *arg)
{
    (void)arg;
    for (int good = 0; good < 4; good++) {
        struct profile profile;
        struct source source;
        struct err err = {0};
        int left = good;
        profile_init(&profile, heap, 1, false);
        struct reading reading = {.profile = &profile, .options = &no_options};
        source_open_callback(&source, "dead", dead_read, &left);
        ok(!reading_add(&reading, &source, &err) && err.code == ERR_IO, "read %d fails", good);
        is_text(err.file, "dead", "and is told of its file");
        source_close(&source);
    }
    return true;
}

static const struct reader *choose(const char *text, struct err *err)
{
    struct reader_head head;
    int bid;
    reader_head_init(&head, str_from_c(text));
    return reader_choose(&head, &bid, err);
}

static void test_registry(void)
{
    struct err err = {0};
    for (size_t i = 0; i < reader_count; i++)
        ok(reader_find(str_from_c(readers[i]->name)) == readers[i] && readers[i]->help[0] != '\0',
           "%s is found by its name", readers[i]->name);
    ok(!reader_find(STR("fold")) && !reader_find(STR("")), "no other name is");
    ok(choose("a;b 1\nc;d 2\n", &err) == &reader_folded, "folded stacks");
    ok(choose("java  2871  3230.692818:    1003009 cpu-clock:pppH: \n"
              "\tffffffff81af37a9 elv_rqhash_find+0xd9 ([kernel.kallsyms])\n\n",
              &err) == &reader_perf,
       "perf script");
    ok(!choose("what is this\n", &err) && err.code == ERR_NONE, "what nobody wants is no error");
    ok(!choose("", &err), "nothing is wanted by nobody");
}

int main(void)
{
    heaps_run(test_calls, NULL);
    heaps_run(test_pulling, NULL);
    heaps_run(test_rewinding, NULL);
    heaps_run(test_blocks, NULL);
    heaps_run(test_deep_line, NULL);
    heaps_run(test_long_line, NULL);
    heaps_run(test_longest_line, NULL);
    for (size_t i = 0; i < sizeof message_cases / sizeof message_cases[0]; i++)
        heaps_run(run_message_case, (void *)(uintptr_t)&message_cases[i]);
    heaps_run(test_failing_source, NULL);
    test_registry();
    caught_free(&recorded);
    return done_testing();
}
