/*
 * reading: the loop between a source and a reader. A reader is called only when a new line end
 * has come, so that a line as long as the input is looked through once, not once a block.
 */
#include "read/reading.h"

#include "read/lanes.h"

enum { BLOCK = READING_BLOCK, THREADS_AFTER = 16 << 20 };

#define LINE_MOST ((size_t)1 << 31)

static void make_room(struct reading *reading, size_t block)
{
    if (reading->cap - reading->n >= block)
        return;
    size_t cap = reading->cap ? reading->cap * 2 : BLOCK;
    if (cap < reading->n + block)
        cap = reading->n + block;
    reading->buffer = heap_resize(reading->profile->heap, reading->buffer, cap, 1);
    reading->cap = cap;
}

/* An input that cannot be read, or the last one of those without a stack, is what a message is
 * about. */
static void keep_head(struct reading *reading, str head)
{
    reading->head_n = head.n < sizeof reading->head ? head.n : sizeof reading->head;
    memcpy(reading->head, head.p, reading->head_n);
}

/* The reader for an input that starts with what is in the buffer. */
static bool choose(struct reading *reading, struct err *err)
{
    str head = str_of(reading->buffer, reading->n < READER_HEAD ? reading->n : READER_HEAD);
    struct err clash = {0};
    const struct reader *reader = reading->format;
    keep_head(reading, head);
    if (!reader && !reading_is_binary(str_of(reading->head, reading->head_n)))
        reader = reader_choose(head, &clash);
    if (!reader && clash.code != ERR_NONE) {
        *err = clash;
        return false;
    }
    reading->last = reader;
    if (!reader)
        return reading_diagnose(reading, err);
    if (reader != reading->reader) {
        reading_finish(reading);
        reading->reader = reader;
        reading->state = reader->open(reading->profile, reading->options);
    }
    return true;
}

static void eat(struct reading *reading, str block, bool at_end, const char *file)
{
    size_t taken = reading->reader->eat(reading->state, block, at_end, file);
    reading->n -= taken;
    memmove(reading->buffer, reading->buffer + taken, reading->n);
    if (reading->progress)
        reading->progress(reading->progress_context, reading->bytes, reading->profile->samples);
}

/* A profile has none of that length; what was made to fill memory does. */
static int refuse_line(const struct reading *reading, size_t most, struct err *err)
{
    err_set(
        err, ERR_INPUT,
        "a line has more than %zu bytes (after %llu lines): this is no profile, or lost its line "
        "ends",
        most, (unsigned long long)reading->profile->lines);
    return -1;
}

/* Below 16 MB a second thread costs what it saves, or more: perf of 6 and 14 MB 1.2 of the time of
 * one, of 16 and 26 MB 0.9 to 1.1, of 32 MB 0.7 to 0.95; sorted stacks of 9 and 14 MB 1.04 to 1.1,
 * of 55 MB 0.83. */
static bool is_worth_threads(const struct reading *reading, const struct source *source)
{
    uint64_t after = reading->threads_after ? reading->threads_after : THREADS_AFTER;
    return reading->reader->parts && reading->threads > 1 &&
           (reading->file_bytes >= after || source->size >= after);
}

/* The buffer has been taken up to the end of a part: whether threads may go on from there. */
static bool is_for_lanes(const struct reading *reading)
{
    const struct reader_parts *parts = reading->reader->parts;
    return !reading->profile->tree.in_order && reading->n <= BLOCK / 2 &&
           parts->lines(reading->state) > 0;
}

/* Take what is in the buffer, by threads if that is worth it; false when reading failed. */
static bool take(struct reading *reading, struct source *source, bool at_end, struct err *err)
{
    str block = str_of(reading->buffer, reading->n);
    size_t gap = 0;
    if (!at_end && is_worth_threads(reading, source))
        gap = lanes_last_gap(block, reading->reader->parts->line_ends);
    if (gap > 0)
        eat(reading, str_head(block, gap), false, source->name);
    if (gap == 0 || !is_for_lanes(reading)) {
        eat(reading, str_of(reading->buffer, reading->n), at_end, source->name);
        return true;
    }
    if (!reading->lanes)
        reading->lanes = lanes_open(reading);
    return lanes_run(reading->lanes, source, err);
}

/* -1 failed, 0 the input ended, 1 go on. */
static int step(struct reading *reading, struct source *source, bool *chosen, struct err *err)
{
    size_t block = reading->block ? reading->block : BLOCK / 2;
    make_room(reading, block);
    ptrdiff_t got = source_read(source, reading->buffer + reading->n, block, err);
    if (got < 0)
        return -1;
    bool line_end = got > 0 && memchr(reading->buffer + reading->n, '\n', (size_t)got);
    reading->n += (size_t)got;
    reading->bytes += (uint64_t)got;
    reading->file_bytes += (uint64_t)got;
    if (reading->n == 0 && !*chosen)
        return 0; /* an empty input */
    if (!*chosen && got > 0 && reading->n < READER_HEAD)
        return 1;
    if (!*chosen && !choose(reading, err))
        return -1;
    line_end |= !*chosen;
    *chosen = true;
    size_t most = reading->line_most ? reading->line_most : LINE_MOST;
    if (!line_end && reading->n > most)
        return refuse_line(reading, most, err);
    if ((got == 0 || line_end) && !take(reading, source, got == 0, err))
        return -1;
    return got > 0;
}

bool reading_add(struct reading *reading, struct source *source, struct err *err)
{
    bool chosen = false;
    int more = 1;
    reading->n = 0;
    reading->file_bytes = 0;
    while (more > 0)
        more = step(reading, source, &chosen, err);
    if (more < 0 && err->code != ERR_MEMORY) /* not a matter of this file, whoever met it */
        return err_in_file(err, source->name, 0);
    return more == 0;
}

void reading_finish(struct reading *reading)
{
    if (reading->lanes)
        lanes_close(reading->lanes);
    reading->lanes = NULL;
    if (reading->reader)
        reading->reader->finish(reading->state);
    reading->reader = NULL;
    reading->state = NULL;
}
