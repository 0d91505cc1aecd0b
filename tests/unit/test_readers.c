/* SPDX-License-Identifier: MIT */
/*
 * readers: a reader bids only on inputs with what it needs, and never more than it says. Both leave
 * out calls of bid(); so they must hold for each input that the reader would bid on. The inputs
 * are the files of the tests and of the fuzz targets, pieces of them, and pieces of two files.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/os.h"
#include "dice.h"
#include "format/reader.h"
#include "heaps.h"
#include "tap.h"

enum { FILES_MOST = 4000, PIECES = 30 };

static struct head {
    char *bytes;
    size_t n;
} heads[FILES_MOST];
static size_t head_count;
static size_t wanted[64]; /* heads that each reader bids on */

static void check_head(str bytes, const char *what)
{
    struct reader_head head;
    reader_head_init(&head, bytes);
    for (size_t i = 0; i < reader_count; i++) {
        const struct reader *reader = readers[i];
        int bid = reader_bid(reader, bytes);
        wanted[i] += bid > 0;
        if (bid > 0 && !reader_may_read(reader, &head))
            ok(false, "%s: %s bids %d without what it needs", what, reader->name, bid);
        if (reader->highest_bid > 0 && bid > reader->highest_bid)
            ok(false, "%s: %s bids %d, more than it says", what, reader->name, bid);
    }
}

/* The first bytes of the file, unpacked. */
static void add_file(const char *path)
{
    struct source source;
    struct err err = {0};
    if (head_count == FILES_MOST || !source_open_file(&source, &os_posix, path, &err))
        return;
    struct head *head = &heads[head_count];
    ptrdiff_t n = 1;
    *head = (struct head){.bytes = malloc(READER_HEAD)};
    if (!head->bytes)
        abort();
    while (n > 0 && head->n < READER_HEAD) {
        n = source_read(&source, head->bytes + head->n, READER_HEAD - head->n, &err);
        head->n += n > 0 ? (size_t)n : 0;
    }
    source_close(&source);
    if (head->n == 0)
        free(head->bytes);
    head_count += head->n > 0;
}

static void add_directory(const char *path, int depth)
{
    struct dirent **entries;
    int n = depth > 0 ? scandir(path, &entries, NULL, alphasort) : -1;
    if (n < 0) {
        add_file(path);
        return;
    }
    for (int i = 0; i < n; i++) {
        char inner[4096];
        int length = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof inner)
            add_directory(inner, depth - 1);
        free(entries[i]);
    }
    free(entries);
}

static str some_piece(const struct head *head, uint64_t *state)
{
    size_t at = dice_below(state, 2) ? 0 : dice_below(state, head->n);
    return str_of(head->bytes + at, 1 + dice_below(state, head->n - at));
}

/* Memory in use at one time is a level, memory that was allocated is not. */
static bool test_levels(struct heap *heap, void *arg)
{
    static const struct {
        const char *text, *value;
        bool is_level;
    } cases[] = {
        {"{\"head\":{\"id\":1,\"callFrame\":{\"functionName\":\"f\"},\"selfSize\":5}}", "", true},
        {"{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"f\"},\"hitCount\":5}]}", "",
         false},
        {"desc: x\nmem_heap_B=5\nheap_tree=peak\nn1: 5 (heap)\n n0: 5 0x1: f (a.c:1)\n", "", true},
        {"{\"dhatFileVersion\":2,\"pps\":[{\"tb\":9,\"gb\":5,\"fs\":[]}]}", "total", false},
        {"{\"dhatFileVersion\":2,\"pps\":[{\"tb\":9,\"gb\":5,\"fs\":[]}]}", "peak", true},
    };
    (void)arg;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct source source;
        struct profile profile;
        struct read_options options = {.value_type = str_from_c(cases[i].value)};
        struct reading reading = {.profile = &profile, .options = &options};
        profile_init(&profile, heap, 1, false);
        source_open_memory(&source, "input", str_from_c(cases[i].text));
        bool done = reading_add(&reading, &source, &err);
        reading_finish(&reading);
        source_close(&source);
        ok(done && profile.value_type.is_level == cases[i].is_level, "%.20s: %s %s", cases[i].text,
           cases[i].is_level ? "a level" : "a sum", err.message);
        profile_end(&profile);
    }
    return true;
}

/* The memory of the reader is freed wherever an allocation fails. */
struct failing {
    struct heap heap;
    const char *text;
};

static bool read_failing(void *arg)
{
    struct failing *failing = arg;
    struct err err = {0};
    struct profile profile;
    struct source source;
    struct read_options options = {.idle = false};
    struct reading reading = {.profile = &profile, .options = &options};
    profile_init(&profile, &failing->heap, 1, false);
    source_open_memory(&source, "input", str_from_c(failing->text));
    bool done = reading_add(&reading, &source, &err);
    reading_finish(&reading);
    source_close(&source);
    return done;
}

static void test_memory(const char *text)
{
    static struct heaps heaps;
    unsigned wrong = 0;
    size_t n = 0;
    for (bool reached = true; reached && n < 2000;) {
        struct failing failing = {.text = text};
        struct err err = {0};
        heaps = (struct heaps){.fail_at = ++n};
        heap_init(&failing.heap, heaps_resize, &heaps, 0);
        bool done = heap_guard(&failing.heap, read_failing, &failing, &err);
        heap_end(&failing.heap);
        reached = heaps.calls >= n;
        wrong += heaps.blocks != 0 || done == reached;
    }
    ok(wrong == 0 && n > 10 && n < 2000, "each of %zu allocations fails: %.20s", n - 1, text);
}

int main(void)
{
    test_memory("{\"traceEvents\":[{\"ph\":\"X\",\"ts\":1,\"dur\":5,\"name\":\"f\",\"pid\":1}]}");
    test_memory("main 5\nmain;f 7\n");
    heaps_run(test_levels, NULL);
    static char joined[2 * READER_HEAD];
    const char *root = getenv("srcdir");
    uint64_t state = dice_seed();
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus", root ? root : ".");
    add_directory(path, 4);
    snprintf(path, sizeof path, "%s/tests/data", root ? root : ".");
    add_directory(path, 4);
    check_head(STR("PERFILE2"), "a recording"); /* those in the tests are packed */
    for (size_t i = 0; i < head_count; i++) {
        check_head(str_of(heads[i].bytes, heads[i].n), "a file");
        for (int piece = 0; piece < PIECES; piece++) {
            str first = some_piece(&heads[i], &state);
            str second = some_piece(&heads[dice_below(&state, head_count)], &state);
            check_head(first, "a piece");
            memcpy(joined, first.p, first.n);
            memcpy(joined + first.n, second.p, second.n);
            size_t n = first.n + second.n;
            check_head(str_of(joined, n < READER_HEAD ? n : READER_HEAD), "two pieces");
        }
    }
    for (size_t i = 0; i < reader_count; i++)
        ok(wanted[i] > 0, "%s bids on %zu inputs", readers[i]->name, wanted[i]);
    for (size_t i = 0; i < head_count; i++)
        free(heads[i].bytes);
    return done_testing();
}
