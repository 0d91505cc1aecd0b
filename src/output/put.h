/*
 * put: numbers as documents want them: short, and the same on every machine.
 */
#ifndef FLAMETREE_OUTPUT_PUT_H
#define FLAMETREE_OUTPUT_PUT_H

#include "core/sink.h"
#include "picture/color.h"

/* A length in px to at most two decimals, without trailing zeros: 12, 12.5, 12.25. */
void put_px(struct sink *sink, double px);

/* The same to one decimal, for what is rounded to that already and not negative. */
static inline void put_tenths(struct sink *sink, double px)
{
    uint64_t tenths = (uint64_t)(px * 10 + 0.5);
    sink_u64(sink, tenths / 10);
    if (tenths % 10 != 0) {
        sink_byte(sink, '.');
        sink_byte(sink, (char)('0' + tenths % 10));
    }
}

/* A further member of a JSON object; its value follows. */
#define PUT_KEY(sink, name) sink_lit(sink, ",\"" name "\":")

/* Any finite number as JSON: 2.5, 1e-9. */
void put_number(struct sink *sink, double value);

/* units of 10^-decimals with commas, without trailing zeros: 1,234.5 */
void put_count(struct sink *sink, uint64_t units, unsigned decimals);

/* rgb(r,g,b) */
void put_rgb(struct sink *sink, rgb color);

/* Six hex digits. */
void put_hex(struct sink *sink, rgb color);

#endif
