/* SPDX-License-Identifier: MIT */
/*
 * reader_input: one buffer. Bytes are read to its end and taken from its front.
 */
#include "format/reader_input.h"

#include "format/reader.h"

#ifndef __has_feature /* clang has it */
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, n)   ((void)(at), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#endif

#define LINE_MOST ((size_t)1 << 31)

void reader_input_reserve(struct reader_input *input, size_t size)
{
    if (input->cap >= size)
        return;
    ASAN_UNPOISON_MEMORY_REGION(input->buffer, input->cap);
    input->buffer = heap_resize(input->heap, input->buffer, size, 1);
    input->cap = size;
}

/* Move the bytes ahead to the front, unless the input is kept; enlarge the buffer if needed. */
static void make_room(struct reader_input *input, size_t block)
{
    if (input->at > 0 && !input->keep) {
        input->n -= input->at;
        memmove(input->buffer, input->buffer + input->at, input->n);
        input->scanned -= input->at;
        input->at = 0;
    }
    if (input->cap - input->n >= block)
        return;
    size_t cap = input->cap ? input->cap * 2 : READER_INPUT_BLOCK;
    reader_input_reserve(input, cap < input->n + block ? input->n + block : cap);
}

size_t reader_input_more(struct reader_input *input)
{
    size_t block = input->block ? input->block : READER_INPUT_BLOCK / 2;
    if (input->ended)
        return 0;
    make_room(input, block);
    ASAN_UNPOISON_MEMORY_REGION(input->buffer, input->cap);
    ptrdiff_t got = source_read(input->source, input->buffer + input->n, block, input->err);
    if (got > 0)
        input->n += (size_t)got;
    /* so that the sanitizer catches a reader that looks too far */
    ASAN_POISON_MEMORY_REGION(input->buffer + input->n, input->cap - input->n);
    input->failed |= got < 0;
    input->ended |= got <= 0;
    if (got <= 0)
        return 0;
    input->bytes += (uint64_t)got;
    if (input->progress)
        input->progress(input->progress_context, input->bytes);
    return (size_t)got;
}

str reader_input_peek(struct reader_input *input, size_t n)
{
    while (input->n - input->at < n && reader_input_more(input) > 0)
        continue;
    size_t ahead = input->n - input->at;
    return str_of(input->buffer + input->at, ahead < n ? ahead : n);
}

void reader_input_skip(struct reader_input *input, size_t n)
{
    while (n > 0 && (input->n > input->at || reader_input_more(input) > 0)) {
        size_t ahead = input->n - input->at, some = ahead < n ? ahead : n;
        input->at += some;
        n -= some;
    }
    if (input->scanned < input->at)
        input->scanned = input->at;
}

void reader_input_skip_mark(struct reader_input *input)
{
    static const str mark = STR_INIT("\xef\xbb\xbf");
    if (str_equal(reader_input_peek(input, mark.n), mark))
        reader_input_skip(input, mark.n);
}

void reader_input_start(struct reader_input *input, struct source *source)
{
    input->source = source;
    input->at = input->n = input->scanned = 0;
    input->ended = false;
}

bool reader_input_seek(struct reader_input *input, uint64_t offset)
{
    if (!source_seek(input->source, offset))
        return false;
    reader_input_start(input, input->source);
    return true;
}

void reader_input_keep(struct reader_input *input)
{
    input->keep = !source_can_seek(input->source);
}

void reader_input_forget(struct reader_input *input)
{
    input->keep = false;
}

void reader_input_rewind(struct reader_input *input)
{
    if (input->keep)
        input->at = input->scanned = 0;
    else
        input->failed |= !reader_input_seek(input, 0);
    reader_input_skip_mark(input);
}

void reader_input_end(struct reader_input *input)
{
    ASAN_UNPOISON_MEMORY_REGION(input->buffer, input->cap);
    heap_free(input->heap, input->buffer);
    input->buffer = NULL;
    input->at = input->n = input->cap = input->scanned = 0;
}

str reader_input_swap(struct reader_input *input, size_t n, char **buffer, size_t size)
{
    str taken = str_of(input->buffer + input->at, n);
    size_t left = input->n - input->at - n;
    char *other = *buffer;
    ASAN_UNPOISON_MEMORY_REGION(other, size);
    if (left > 0)
        memcpy(other, taken.p + n, left);
    *buffer = input->buffer;
    input->buffer = other;
    input->cap = size;
    input->n = left;
    input->at = input->scanned = 0;
    return taken;
}

/* ---- lines ---- */

/* The end of the last complete line; 0: there is none. Each byte is searched once, even if a line
 * is as long as the input. */
static size_t find_lines_end(struct reader_input *input)
{
    str fresh = str_of(input->buffer + input->scanned, input->n - input->scanned);
    size_t last = fresh.n > 0 ? str_find_last(fresh, '\n') : 0;
    size_t end = last < fresh.n ? input->scanned + last + 1 : 0;
    input->scanned = input->n;
    return end;
}

bool line_loop_fill_alone(struct line_loop *lines)
{
    struct reader_input *input = lines->input;
    size_t most = input->line_most ? input->line_most : LINE_MOST, end;
    while ((end = find_lines_end(input)) == 0) {
        if (input->n - input->at > most) {
            input->failed = input->ended = true;
            return err_set(
                input->err, ERR_INPUT,
                "a line has more than %zu bytes (after %llu lines): this is not a profile, "
                "or it lost its line ends",
                most, (unsigned long long)lines->number);
        }
        if (reader_input_more(input) > 0)
            continue;
        end = input->n; /* the last line lacks its end */
        break;
    }
    lines->block = str_of(input->buffer + input->at, end - input->at);
    lines->at = 0;
    input->at = end;
    return lines->block.n > 0 && !input->failed;
}

bool line_loop_fill(struct line_loop *lines)
{
    struct parallel *parallel = lines->input->parallel;
    bool more = parallel ? parallel_fill(parallel, lines) : line_loop_fill_alone(lines);
    if (!more)
        lines->input->lines = lines->number;
    return more;
}
