/*
 * reader_input: the bytes of one input, from which a reader pulls at its own pace. Unpacking has
 * happened before.
 *
 *      source ──► buffer [ taken | ahead ] ──► reader
 *
 * A failed read looks like the end of the input; whoever runs the reader looks at `failed`.
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

    /* Called after each read; NULL: nobody wants to know. */
    void (*progress)(void *context, uint64_t bytes);
    void *progress_context;

    uint64_t lines; /* the line loop went through, once it is done */

    /* private */
    char *buffer;
    size_t at, n, cap; /* what lies ahead is buffer[at, n) */
    size_t scanned;    /* there is no line end in buffer[at, scanned) */
    uint64_t bytes;    /* read so far */
    bool ended, failed;
    bool keep;                 /* nothing is dropped, so that the input can be read again */
    struct parallel *parallel; /* threads that take blocks of the same input; NULL: none */
};

/* Take up to `room` bytes: how many, 0 at the end. */
size_t reader_input_read(struct reader_input *input, char *to, size_t room);

/* The next `n` bytes, fewer only at the end. They stay until the next call. */
str reader_input_peek(struct reader_input *input, size_t n);

/* Everything that is left, for formats that cannot be read piece by piece. */
str reader_input_all(struct reader_input *input);

void reader_input_skip(struct reader_input *input, size_t n);

/* At the start: leave out the byte order mark of UTF-8, if there is one. */
void reader_input_skip_mark(struct reader_input *input);

/* Offsets can be chosen: a plain file, or bytes in memory. */
bool reader_input_can_seek(const struct reader_input *input);

/* Go on at `offset` from the start. False when that is not possible. */
bool reader_input_seek(struct reader_input *input, uint64_t offset);

/* Ask for it before the first byte is taken: reader_input_rewind() will work. An input that cannot
 * seek is held in memory until reader_input_forget(). */
void reader_input_keep(struct reader_input *input);
void reader_input_forget(struct reader_input *input);
void reader_input_rewind(struct reader_input *input);

void reader_input_end(struct reader_input *input);

/* ---- lines ----------------------------------------------------------------------------------- */

/* The loop of all formats made of lines:
 *
 *      struct line_loop lines = {.input = input};
 *      while (line_loop_fill(&lines)) {
 *          while (line_loop_next(&lines, &line))
 *              ...
 *          // text of this block goes away
 *      }
 */
struct line_loop {
    struct reader_input *input;
    str block; /* whole lines; the last line of an input may lack its end */
    size_t at;
    uint64_t number; /* of the line taken last, from 1 */
};

/* The next block; what the last one held is gone. False at the end. */
bool line_loop_fill(struct line_loop *lines);

/* What is left of the block. */
static inline str line_loop_rest(const struct line_loop *lines)
{
    return str_skip(lines->block, lines->at);
}

/* Take the line that is `n` bytes long with its end. */
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

/* As line_loop_fill(), where no other thread reads the input. */
bool line_loop_fill_alone(struct line_loop *lines);

/* Read one more block: how many bytes, 0 at the end. */
size_t reader_input_more(struct reader_input *input);

/* Give the buffer room for `size` bytes. */
void reader_input_reserve(struct reader_input *input, size_t size);

/* Hand out the next `n` bytes together with the buffer they are in, and go on in *buffer, which has
 * `size` bytes. */
str reader_input_swap(struct reader_input *input, size_t n, char **buffer, size_t size);

#endif
