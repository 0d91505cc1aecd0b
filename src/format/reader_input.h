/* SPDX-License-Identifier: MIT */
/*
 * reader_input: the bytes of one input, unpacked. A reader takes them at its own pace.
 *
 *      source ──► buffer [ taken | ahead ] ──► reader
 *
 * A failed read looks like the end of the input, and sets `failed`.
 */
#ifndef FLAMETREE_FORMAT_READER_INPUT_H
#define FLAMETREE_FORMAT_READER_INPUT_H

#include "core/heap.h"
#include "core/source.h"

enum { READER_INPUT_BLOCK = 262144 };

struct reader_input {
    struct heap *heap;
    struct source *source;
    struct err *err;  /* why `failed` */
    size_t block;     /* bytes read at once; 0: the default */
    size_t line_most; /* bytes of a line; 0: 2 GB */

    /* Called after each read; may be NULL. */
    void (*progress)(void *context, uint64_t bytes);
    void *progress_context;

    uint64_t lines; /* set when the line loop is done */

    /* private */
    char *buffer;
    size_t at, n, cap; /* the bytes ahead are buffer[at, n) */
    size_t scanned;    /* there is no line end in buffer[at, scanned) */
    uint64_t bytes;    /* read so far */
    bool ended, failed;
    bool keep;                 /* drop nothing, so that the input can be read again */
    struct parallel *parallel; /* other threads read the same input; NULL: none */
    char *spare;               /* with threads: a buffer for the current block */
};

/* Look at the next `n` bytes (SIZE_MAX: all); fewer at the end. They stay until the next call. */
str reader_input_peek(struct reader_input *input, size_t n);

/* Take `n` bytes. */
void reader_input_skip(struct reader_input *input, size_t n);

/* Continue at the start of another source. */
void reader_input_start(struct reader_input *input, struct source *source);

/* At the start: skip the byte order mark of UTF-8. */
void reader_input_skip_mark(struct reader_input *input);

/* Continue at `offset` from the start. False if source_can_seek() is. */
bool reader_input_seek(struct reader_input *input, uint64_t offset);

/* Make reader_input_rewind() possible. Call it before the first byte is taken. An input that cannot
 * seek is kept in memory until reader_input_forget(). */
void reader_input_keep(struct reader_input *input);
void reader_input_forget(struct reader_input *input);
void reader_input_rewind(struct reader_input *input);

void reader_input_end(struct reader_input *input);

/* ---- lines ----------------------------------------------------------------------------------- */

/* The loop of all formats of lines:
 *
 *      struct line_loop lines = {.input = input};
 *      while (line_loop_fill(&lines)) {
 *          while (line_loop_next(&lines, &line))
 *              ...
 *          // the text of this block is gone after this
 *      }
 */
struct line_loop {
    struct reader_input *input;
    str block; /* whole lines; the last line of an input may lack its end */
    size_t at;
    uint64_t number; /* of the last line that was taken, from 1 */
};

/* The next block, which replaces the last one. False at the end. */
bool line_loop_fill(struct line_loop *lines);

/* The rest of the block. */
static inline str line_loop_rest(const struct line_loop *lines)
{
    return str_skip(lines->block, lines->at);
}

/* Take a line of `n` bytes, including its end. */
static inline void line_loop_take(struct line_loop *lines, size_t n)
{
    lines->at += n;
    lines->number++;
}

/* The next line, without its end ("\n" or "\r\n"). False at the end of the block. */
static inline bool line_loop_next(struct line_loop *lines, str *line)
{
    if (lines->at >= lines->block.n)
        return false;
    size_t end = str_find(lines->block, '\n', lines->at), n = end - lines->at;
    *line = str_of(lines->block.p + lines->at, n);
    line_loop_take(lines, n + (end < lines->block.n));
    if (n > 0 && line->p[n - 1] == '\r')
        line->n--;
    return true;
}

/* ---- for format/parallel.c ---- */

/* As line_loop_fill(), if no other thread reads the input. */
bool line_loop_fill_alone(struct line_loop *lines);

/* Read one more block. Returns the number of bytes; 0 at the end. */
size_t reader_input_more(struct reader_input *input);

/* Enlarge the buffer to `size` bytes. */
void reader_input_reserve(struct reader_input *input, size_t size);

/* Return the next `n` bytes, which stay in *buffer: the input exchanges its buffer for *buffer, of
 * `size` bytes. */
str reader_input_swap(struct reader_input *input, size_t n, char **buffer, size_t size);

#endif
