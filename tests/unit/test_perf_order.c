/* SPDX-License-Identifier: MIT */
/*
 * Recordings of perf that are out of order or packed, and what processes have mapped.
 */
#include "dice.h"
#include "format/perf_data/perf_data.h"
#include "memory_os.h"
#include "packs.h"
#include "perf_recording.h"

/* ---- order ---- */

/* Write the records of the kernel in rounds of a few, those of three processors one after the
 * other; some come a round late. */
static void shuffle(struct writer *w, size_t first, uint64_t *seed)
{
    size_t count = w->record_count - 1, n = 0,
           round = 1 + dice_below(seed, 9); /* all but the last */
    char *old = malloc(w->n);
    size_t late[WRITER_RECORDS], late_n = 0, from[WRITER_RECORDS + 1];
    if (!old)
        abort();
    memcpy(old, w->bytes, w->n);
    memcpy(from, w->records, sizeof from[0] * WRITER_RECORDS);
    w->n = from[first];
    for (size_t a = first; a < count || late_n > 0; a += round) {
        size_t now[2 * WRITER_RECORDS];
        n = 0;
        for (size_t i = 0; i < late_n; i++)
            now[n++] = late[i];
        late_n = 0;
        for (size_t i = a; i < a + round && i < count; i++) {
            if (dice_below(seed, 3) == 0)
                late[late_n++] = i;
            else
                now[n++] = i;
        }
        for (size_t cpu = 0; cpu < 3; cpu++)
            for (size_t i = 0; i < n; i++)
                if (now[i] % 3 == cpu)
                    put_bytes(w, old + from[now[i]], from[now[i] + 1] - from[now[i]]);
        put_bytes(w, "\104\0\0\0\0\0\10\0", 8); /* FINISHED_ROUND */
    }
    free(old);
}

static void test_order(struct writer *w)
{
    uint64_t seed = 3;
    size_t wrong = 0, n = 400;
    for (size_t i = 0; i < n; i++) {
        struct shape shape = usual;
        shape.pipe = true;
        w->shape = shape;
        start_recording(w);
        size_t first = w->record_count;
        put_start(w);
        put_samples(w);
        put_other(w, PERF_RECORD_FINISHED_ROUND, 0, NULL, 0);
        shuffle(w, first, &seed);
        wrong += !reads_all(w, true, 0);
    }
    is_u64(wrong, 0, "%zu recordings out of order", n);
}

/* A directory: the records are in three files, and those of the last one are the earliest. */
static void test_threads(struct writer *w)
{
    enum { DATA_SIZE = 48 };
    static struct memory_os m;
    struct result r = {.os = &m.os};
    put_all(w, &usual);
    set_number(w, DATA_SIZE, 0, 8); /* perf record was killed */
    size_t start = w->records[0], end = w->records[w->record_count];
    size_t a = w->records[w->record_count / 3], b = w->records[w->record_count * 2 / 3];
    memory_init(&m);
    memory_append(memory_put(&m, "d/data", str_of(w->bytes, start)), str_of(w->bytes + a, b - a));
    memory_put(&m, "d/data.0", str_of(w->bytes + b, end - b));
    memory_put(&m, "d/data.1", str_of(w->bytes + start, a - start));
    ok(heaps_run(read_result, &r) && r.samples == SAMPLES, "files of threads");
    is_str(caught_text(&r.stacks), str_from_c(all_stacks), "the same stacks");
    ok(heaps_sweep(read_result, &r), "each allocation fails in turn");
    is_u64(memory_open_fds(&m), 3, "no other file stays open than the standard ones");
    size_t opens = 0, kept = 0;
    for (size_t later = 1; opens < 2 && later < 100; later++) { /* call 0 opens d/data */
        m.fail_at = m.calls + 1 + later;
        m.failed = "";
        bool read = heaps_run(read_result, &r);
        if (strcmp(m.failed, "open") != 0)
            continue;
        opens++;
        kept += read && r.samples > 0;
    }
    m.fail_at = 0;
    ok(opens == 2 && kept == 2, "what cannot be opened costs its own samples only");
    memory_put(&m, "d/data.0", str_of(w->bytes, end));
    ok(heaps_run(read_result, &r) && r.samples > 0 && r.samples < SAMPLES,
       "another recording beside it does not count");
    r.library = true;
    ok(heaps_run(read_result, &r) && r.samples < SAMPLES, "the library opens no other files");
    caught_free(&r.stacks);
    memory_end(&m);
}

/* ---- mappings, against a slow look at each address ---- */

enum { ADDRESSES = 48, PIDS = 5 };

struct model {
    uint64_t image[PIDS][ADDRESSES], start[PIDS][ADDRESSES];
};

static bool agree(const struct perf_tasks *tasks, const struct model *model)
{
    for (uint32_t pid = 0; pid < PIDS; pid++) {
        const struct perf_space *space = perf_task_space(tasks, pid);
        for (uint64_t a = 0; a < ADDRESSES; a++) {
            const struct perf_mapping *found = space ? perf_space_find(space, a) : NULL;
            uint64_t image = found ? (uint64_t)(uintptr_t)found->image : 0;
            if (image != model->image[pid][a] ||
                (found && a + found->shift != a - model->start[pid][a]))
                return false;
        }
    }
    return true;
}

static bool change_mappings(struct heap *heap, void *arg)
{
    uint64_t seed = 9;
    size_t *wrong = arg;
    struct perf_tasks tasks;
    struct model model = {0};
    perf_tasks_init(&tasks, heap, 1);
    for (uint64_t i = 1; i < 4000; i++) {
        uint32_t pid = (uint32_t)dice_below(&seed, PIDS), other = (uint32_t)dice_below(&seed, PIDS);
        uint64_t start = dice_below(&seed, ADDRESSES), n = dice_below(&seed, ADDRESSES / 3);
        uint64_t end = start + n < ADDRESSES ? start + n : ADDRESSES;
        size_t what = dice_below(&seed, 20);
        if (what == 0 || (what < 3 && pid != other)) {
            memset(model.image[pid], 0, sizeof model.image[pid]);
            perf_task_exec(&tasks, pid);
        }
        if (what > 0 && what < 3 && pid != other) {
            memcpy(model.image[pid], model.image[other], sizeof model.image[pid]);
            memcpy(model.start[pid], model.start[other], sizeof model.start[pid]);
            perf_task_fork(&tasks, pid, other, pid, other, true);
        } else if (what >= 3) {
            struct perf_mapping mapping = {start, end, -start, (struct image *)(uintptr_t)i};
            for (uint64_t a = start; a < end; a++) {
                model.image[pid][a] = i;
                model.start[pid][a] = start;
            }
            perf_task_map(&tasks, pid, &mapping);
        }
        *wrong += !agree(&tasks, &model);
    }
    perf_tasks_end(&tasks);
    return true;
}

static void test_mappings(void)
{
    size_t wrong = 0;
    ok(heaps_run(change_mappings, &wrong), "mappings that cut others, forks and new programs");
    is_u64(wrong, 0, "agree with a look at each address");
}

/* ---- packed ---- */

#if HAVE_ZSTD
/* Pack the records after `first` as one stream, in records of type 81 or 83 that are cut anywhere.
 */
static void pack_records(struct writer *w, size_t first, bool sized, uint64_t *seed)
{
    size_t at = w->records[first], left = w->n - at;
    char *plain = malloc(left);
    ZSTD_CStream *stream = ZSTD_createCStream();
    if (!plain || !stream)
        abort();
    memcpy(plain, w->bytes + at, left);
    w->n = at;
    for (size_t done = 0; done < left;) {
        char out[4096];
        size_t n = 1 + dice_below(seed, 200);
        n = n < left - done ? n : left - done;
        ZSTD_inBuffer from = {plain + done, n, 0};
        ZSTD_outBuffer to = {out, sizeof out, 0};
        ZSTD_EndDirective flush = dice_below(seed, 9) == 0 ? ZSTD_e_end : ZSTD_e_flush;
        if (ZSTD_compressStream2(stream, &to, &from, flush) != 0 || from.pos < n)
            abort();
        done += n;
        size_t record = w->n, padding = sized ? (8 - to.pos % 8) % 8 : 0;
        put_number(w, sized ? PERF_RECORD_COMPRESSED2 : PERF_RECORD_COMPRESSED, 4);
        put_number(w, (uint64_t)(8 + (sized ? 8 : 0) + to.pos + padding) << 16, 4);
        if (w->shape.big)
            set_number(w, record + 4, 8 + (sized ? 8 : 0) + to.pos + padding, 4);
        if (sized) /* perf may write a wrong one */
            put_number(w, dice_below(seed, 4) == 0 && padding == 0 ? 100000 : to.pos, 8);
        put_bytes(w, out, to.pos);
        put_bytes(w, "\0\0\0\0\0\0\0", padding);
    }
    ZSTD_freeCStream(stream);
    free(plain);
}

/* Returns the start of the packed records. */
static size_t put_packed(struct writer *w, bool big, bool sized, uint64_t *seed)
{
    struct shape shape = usual;
    size_t first = 0;
    shape.pipe = true;
    shape.big = big;
    put_all(w, &shape);
    while (perf_load32(w->bytes + w->records[first], big) >= PERF_RECORD_USER_TYPE)
        first++;
    pack_records(w, first, sized, seed);
    return w->records[first];
}

static void test_packed(struct writer *w)
{
    uint64_t seed = 21;
    size_t wrong = 0, n = 300;
    for (size_t i = 0; i < n; i++) {
        put_packed(w, i % 3 == 0, i & 1, &seed);
        wrong += !reads_all(w, i & 2, 0);
    }
    is_u64(wrong, 0, "%zu packed recordings", n);
}

/* The file ends within a packed record, or the record itself is too short. */
static void test_packed_cuts(struct writer *w)
{
    struct result r = {0};
    uint64_t seed = 22, most = 0;
    size_t wrong = 0;
    for (unsigned kind = 0; kind < 4; kind++) {
        size_t first = put_packed(w, kind & 1, kind & 2, &seed);
        most = 0;
        for (size_t n = first; n <= w->n; n++) {
            wrong += !read_bytes(&r, str_head(writer_text(w), n)) || r.samples < most;
            most = r.samples;
        }
        wrong += most != SAMPLES;
        for (unsigned size = 8; size < perf_load16(w->bytes + first + 6, kind & 1); size++) {
            struct writer copy = *w;
            static char bytes[WRITER_ROOM];
            memcpy(bytes, w->bytes, w->n);
            copy.bytes = bytes;
            set_number(&copy, first + 6, size, 2);
            read_bytes(&r, writer_text(&copy)); /* what follows is no record: it ends */
        }
    }
    is_u64(wrong, 0, "packed recordings, cut at each byte");
    caught_free(&r.stacks);
}
#else
static void test_packed(struct writer *w)
{
    (void)w;
    skip("packed recordings", "this build has no zstd");
}

static void test_packed_cuts(struct writer *w)
{
    (void)w;
    skip("packed recordings, cut", "this build has no zstd");
}
#endif

int main(void)
{
    struct writer w = {.bytes = malloc(WRITER_ROOM)};
    if (!w.bytes)
        abort();
    test_order(&w);
    test_threads(&w);
    test_mappings();
    test_packed(&w);
    test_packed_cuts(&w);
    free(w.bytes);
    return done_testing();
}
