/*
 * png_file: chunks of length, name, data and CRC; the pixels are one zlib stream in as many IDAT
 * chunks as it takes.
 */
#include "raster/png_file.h"

enum { PACKED = 65536, LEVEL = 3, RGB = 2, RGBA = 6 };

static void put_u32(unsigned char *to, uint32_t value)
{
    to[0] = (unsigned char)(value >> 24);
    to[1] = (unsigned char)(value >> 16);
    to[2] = (unsigned char)(value >> 8);
    to[3] = (unsigned char)value;
}

static void put_bytes(struct png_file *png, const unsigned char *bytes, size_t n)
{
    sink_bytes(png->sink, str_of((const char *)bytes, n));
}

static void put_chunk(struct png_file *png, const char *name, const unsigned char *data, size_t n)
{
    unsigned char head[8], tail[4];
    put_u32(head, (uint32_t)n);
    memcpy(head + 4, name, 4);
    uLong crc = crc32(crc32(0, NULL, 0), head + 4, 4);
    if (n > 0) /* crc32() takes no data for a new start */
        crc = crc32(crc, data, (uInt)n);
    put_u32(tail, (uint32_t)crc);
    put_bytes(png, head, sizeof head);
    put_bytes(png, data, n);
    put_bytes(png, tail, sizeof tail);
}

static void put_head(struct png_file *png, uint32_t height, uint32_t per_metre)
{
    unsigned char head[13] = {0}, density[9];
    sink_lit(png->sink, "\x89PNG\r\n\x1a\n");
    put_u32(head, png->width);
    put_u32(head + 4, height);
    head[8] = 8; /* bits */
    head[9] = png->alpha ? RGBA : RGB;
    put_chunk(png, "IHDR", head, sizeof head);
    if (per_metre == 0)
        return;
    put_u32(density, per_metre);
    put_u32(density + 4, per_metre);
    density[8] = 1; /* metres */
    put_chunk(png, "pHYs", density, sizeof density);
}

bool png_file_start(struct png_file *png, struct sink *sink, struct heap *heap, uint32_t width,
                    uint32_t height, bool alpha, uint32_t per_metre, struct err *err)
{
    *png = (struct png_file){.sink = sink, .width = width, .alpha = alpha};
    png->row_size = 1 + (size_t)width * (alpha ? 4 : 3);
    png->row = heap_alloc(heap, png->row_size, 1);
    png->packed = heap_alloc(heap, PACKED, 1);
    png->row[0] = 0; /* no filter */
    if (deflateInit(&png->deflate, LEVEL) != Z_OK)
        return err_set(err, ERR_MEMORY, "out of memory for packing the picture");
    png->open = true;
    png->deflate.next_out = png->packed;
    png->deflate.avail_out = PACKED;
    put_head(png, height, per_metre);
    return true;
}

static void put_packed(struct png_file *png)
{
    put_chunk(png, "IDAT", png->packed, PACKED - png->deflate.avail_out);
    png->deflate.next_out = png->packed;
    png->deflate.avail_out = PACKED;
}

/* PNG wants colours that are not multiplied by alpha. */
static unsigned char divided(uint32_t color, uint32_t alpha)
{
    return (unsigned char)(alpha == 0 ? 0 : (color * 255 + alpha / 2) / alpha);
}

void png_file_row(struct png_file *png, const uint32_t *pixels)
{
    unsigned char *to = png->row + 1;
    for (uint32_t x = 0; x < png->width; x++) {
        uint32_t p = pixels[x], a = png->alpha ? p >> 24 : 255;
        if (a == 255) {
            *to++ = (unsigned char)(p >> 16);
            *to++ = (unsigned char)(p >> 8);
            *to++ = (unsigned char)p;
        } else {
            *to++ = divided(p >> 16 & 255, a);
            *to++ = divided(p >> 8 & 255, a);
            *to++ = divided(p & 255, a);
        }
        if (png->alpha)
            *to++ = (unsigned char)a;
    }
    png->deflate.next_in = png->row;
    png->deflate.avail_in = (uInt)png->row_size;
    while (png->deflate.avail_in > 0) {
        deflate(&png->deflate, Z_NO_FLUSH);
        if (png->deflate.avail_out == 0)
            put_packed(png);
    }
}

void png_file_finish(struct png_file *png)
{
    while (deflate(&png->deflate, Z_FINISH) != Z_STREAM_END)
        put_packed(png);
    put_packed(png);
    put_chunk(png, "IEND", NULL, 0);
}

void png_file_end(struct png_file *png)
{
    if (png->open)
        deflateEnd(&png->deflate);
    png->open = false;
}
