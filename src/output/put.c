/*
 * put: see put.h.
 */
#include "output/put.h"

void put_px(struct sink *sink, double px)
{
    char *to = sink_room(sink, NUM_ROOM);
    size_t n = num_put_fixed(to, px, 2);
    if (n > 3 && to[n - 3] == '.') {
        while (to[n - 1] == '0')
            n--;
        if (to[n - 1] == '.')
            n--;
    }
    sink->n += n;
}

/* Digits are taken until what is left is less than a double can hold. */
void put_number(struct sink *sink, double value)
{
    unsigned power = 0;
    if (value < 0) {
        sink_byte(sink, '-');
        value = -value;
    }
    double units = value;
    while (units < 1e14 && power < 300) {
        double off = units - (double)(uint64_t)(units + 0.5);
        if ((off < 0 ? -off : off) <= units * 1e-15)
            break;
        power++;
        units = value;
        for (unsigned i = 0; i < power; i++)
            units *= 10;
    }
    if (units >= 18e18)
        units = 18e18;
    if (power <= 9) {
        sink_decimal(sink, (uint64_t)(units + 0.5), power);
        return;
    }
    sink_u64(sink, (uint64_t)(units + 0.5));
    sink_lit(sink, "e-");
    sink_u64(sink, power);
}

void put_count(struct sink *sink, uint64_t units, unsigned decimals)
{
    uint64_t one = 1;
    num_scale10(1, decimals, &one);
    sink_commas(sink, units / one);
    if (units % one == 0)
        return;
    char digits[NUM_ROOM];
    size_t n = num_put_decimal(digits, units % one, decimals);
    sink_bytes(sink, str_cut(str_of(digits, n), 1, n)); /* without the 0 before the point */
}

void put_rgb(struct sink *sink, rgb color)
{
    char *to = sink_room(sink, NUM_ROOM);
    size_t n = 4;
    memcpy(to, "rgb(", 4);
    n += num_put_u64(to + n, color.r);
    to[n++] = ',';
    n += num_put_u64(to + n, color.g);
    to[n++] = ',';
    n += num_put_u64(to + n, color.b);
    to[n++] = ')';
    sink->n += n;
}

void put_hex(struct sink *sink, rgb color)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char bytes[] = {color.r, color.g, color.b};
    for (size_t i = 0; i < 3; i++) {
        sink_byte(sink, hex[bytes[i] >> 4]);
        sink_byte(sink, hex[bytes[i] & 15]);
    }
}
