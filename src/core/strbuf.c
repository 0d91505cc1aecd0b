/*
 * strbuf: numbers are written by num.
 */
#include "core/strbuf.h"

#include "core/num.h"

void strbuf_add(struct strbuf *buf, str part)
{
    vec_reserve(buf->heap, &buf->bytes, part.n);
    if (part.n > 0)
        memcpy(buf->bytes.at + buf->bytes.n, part.p, part.n);
    buf->bytes.n += part.n;
}

void strbuf_add_u64(struct strbuf *buf, uint64_t value)
{
    char digits[NUM_ROOM];
    strbuf_add(buf, str_of(digits, num_put_u64(digits, value)));
}

void strbuf_add_hex(struct strbuf *buf, uint64_t value)
{
    char digits[16];
    size_t at = sizeof digits;
    do
        digits[--at] = "0123456789abcdef"[value & 15];
    while ((value >>= 4) != 0);
    strbuf_add(buf, str_of(digits + at, sizeof digits - at));
}
