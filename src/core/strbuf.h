/*
 * strbuf: bytes that grow, for names put together from parts.
 */
#ifndef FLAMETREE_CORE_STRBUF_H
#define FLAMETREE_CORE_STRBUF_H

#include "core/heap.h"

struct strbuf {
    struct heap *heap;
    VEC(char) bytes;
};

void strbuf_add(struct strbuf *buf, str part);
void strbuf_add_u64(struct strbuf *buf, uint64_t value);

/* Lowercase digits, without "0x". */
void strbuf_add_hex(struct strbuf *buf, uint64_t value);

static inline void strbuf_clear(struct strbuf *buf)
{
    buf->bytes.n = 0;
}

/* Valid until the next change. */
static inline str strbuf_str(const struct strbuf *buf)
{
    return str_of(buf->bytes.at, buf->bytes.n);
}

static inline void strbuf_set(struct strbuf *buf, str bytes)
{
    strbuf_clear(buf);
    strbuf_add(buf, bytes);
}

static inline void strbuf_end(struct strbuf *buf)
{
    vec_free(buf->heap, &buf->bytes);
}

#endif
