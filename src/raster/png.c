/* SPDX-License-Identifier: MIT */
/*
 * png: pixels in bands from top to bottom, so that a high picture needs no more memory than a low
 * one and passes cairo's limit of 32,767 rows.
 *
 *      ┌──────────────┐
 *      │ band 0       │ ──► surface ──► rows ──► libpng     every band is drawn onto the same
 *      ├──────────────┤                                     surface, moved up by what is above it
 *      │ band 1       │
 *      └──────────────┘
 */
#include <math.h>
#include <png.h>
#include <zlib.h>

#include "raster/paint.h"

/* Of a side: cairo's limit, and that of libpng in most programs that will show the picture. */
enum { WIDEST = 32767, HIGHEST = 1000000, BAND_PIXELS = 1 << 24, CHUNK = 1 << 16 };

/* LEVEL: 6 takes a sixth more time for 2 % of the size; with 4 some files are larger than cairo's.
 * FILTERS: libpng chooses one for each row. "Average" is never much better than the others. */
enum { LEVEL = 5, FILTERS = PNG_ALL_FILTERS & ~PNG_FILTER_AVG };

/* Of rows of at most so many bytes, deflate sees eight at once, and finds in them what changed rows
 * have in common, better than filters do. */
enum { SHORT_ROW = 4096 };

struct bands {
    const struct canvas *canvas;
    png_struct *png;
    png_info *info;
    unsigned char *row;           /* RGB or RGBA, for libpng */
    uint32_t width, height, rows; /* rows of one band */
    cairo_surface_t *surface;
};

static bool measure_bands(struct bands *bands, struct err *err)
{
    const struct canvas *canvas = bands->canvas;
    double scale = canvas->options->scale;
    double width = ceil(canvas->width * scale - 1e-6), height = ceil(canvas->height * scale - 1e-6);
    if (width > WIDEST)
        return err_set(err, ERR_INPUT,
                       "the PNG would be %.0f px wide, and %d is the most: make it narrower with "
                       "--width or a smaller --scale",
                       width, WIDEST);
    if (height > HIGHEST)
        return err_set(err, ERR_INPUT,
                       "the PNG would be %.0f px high, and %d is the most: leave out frames with a "
                       "larger --minwidth, or use a smaller --scale",
                       height, HIGHEST);
    bands->width = width < 1 ? 1 : (uint32_t)width;
    bands->height = height < 1 ? 1 : (uint32_t)height;
    bands->rows = BAND_PIXELS / bands->width;
    bands->rows = bands->rows < WIDEST ? bands->rows : WIDEST;
    bands->rows = bands->rows < bands->height ? bands->rows : bands->height;
    return true;
}

static bool draw_band(struct bands *bands, uint32_t top, struct err *err)
{
    cairo_t *cairo = cairo_create(bands->surface);
    cairo_save(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_SOURCE);
    canvas_set_color(bands->canvas, cairo);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_translate(cairo, 0, -(double)top);
    bool done = canvas_draw(bands->canvas, cairo, bands->canvas->options->scale, err);
    if (done && cairo_status(cairo) != CAIRO_STATUS_SUCCESS)
        done = err_set(err, ERR_MEMORY, "cannot draw: %s",
                       cairo_status_to_string(cairo_status(cairo)));
    cairo_destroy(cairo);
    cairo_surface_flush(bands->surface);
    return done;
}

/* ---- libpng ---- */

static void *take_memory(png_struct *png, png_alloc_size_t size)
{
    return heap_alloc(png_get_mem_ptr(png), size, 1);
}

static void give_memory(png_struct *png, void *block)
{
    heap_free(png_get_mem_ptr(png), block);
}

/* measure_bands() has refused what libpng does not take: only memory is left. */
static _Noreturn void png_failed(png_struct *png, const char *message)
{
    (void)message;
    heap_give_up(png_get_error_ptr(png));
}

static void write_png_bytes(png_struct *png, unsigned char *bytes, size_t n)
{
    sink_bytes(png_get_io_ptr(png), str_of((const char *)bytes, n));
}

static bool has_alpha(const struct bands *bands)
{
    return bands->canvas->options->background == PAINT_TRANSPARENT;
}

static void start_png(struct bands *bands)
{
    struct heap *heap = bands->canvas->heap;
    uint32_t per_meter = (uint32_t)(96 * bands->canvas->options->scale / 0.0254 + 0.5);
    bands->png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, heap, png_failed, NULL, heap,
                                           take_memory, give_memory);
    bands->info = bands->png ? png_create_info_struct(bands->png) : NULL;
    if (!bands->info)
        heap_give_up(heap);
    png_set_compression_buffer_size(bands->png, CHUNK);
    png_set_compression_level(bands->png, LEVEL);
    png_set_compression_strategy(bands->png, Z_DEFAULT_STRATEGY);
    png_set_filter(bands->png, PNG_FILTER_TYPE_BASE, FILTERS);
    png_set_write_fn(bands->png, bands->canvas->sink, write_png_bytes, NULL);
    png_set_IHDR(bands->png, bands->info, bands->width, bands->height, 8,
                 has_alpha(bands) ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(bands->png, bands->info, per_meter, per_meter, PNG_RESOLUTION_METER);
    png_write_info(bands->png, bands->info);
    bands->row = heap_alloc(heap, bands->width, 4);
}

/* Colors in PNG are not multiplied by alpha. */
static unsigned char divide_by_alpha(uint32_t color, uint32_t alpha)
{
    return (unsigned char)(alpha == 0 ? 0 : (color * 255 + alpha / 2) / alpha);
}

/* `pixels` are cairo's: 0xAARRGGBB, multiplied by alpha, as numbers of this machine. */
static void convert_row(struct bands *bands, const uint32_t *pixels)
{
    bool alpha = has_alpha(bands);
    unsigned char *to = bands->row;
    for (uint32_t x = 0; x < bands->width; x++) {
        uint32_t p = pixels[x], a = alpha ? p >> 24 : 255;
        *to++ = a == 255 ? (unsigned char)(p >> 16) : divide_by_alpha(p >> 16 & 255, a);
        *to++ = a == 255 ? (unsigned char)(p >> 8) : divide_by_alpha(p >> 8 & 255, a);
        *to++ = a == 255 ? (unsigned char)p : divide_by_alpha(p & 255, a);
        if (alpha)
            *to++ = (unsigned char)a;
    }
}

/* A row that repeats the one above gets the filter "up", which leaves zeros. Repeated rows push the
 * last changed one out of what deflate sees, so a short changed row below them gets that, too. So
 * does the first row: libpng keeps the row above only if the filter of the first one needs it. */
static void put_png_rows(struct bands *bands, uint32_t top)
{
    const unsigned char *row = cairo_image_surface_get_data(bands->surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(bands->surface);
    bool is_short = 3 * bands->width <= SHORT_ROW, repeated = true;
    for (uint32_t y = 0; y < bands->rows && top + y < bands->height; y++, row += stride) {
        bool repeats = y > 0 && memcmp(row, row - stride, 4 * (size_t)bands->width) == 0;
        int changed = !is_short ? FILTERS : repeated ? PNG_FILTER_UP : PNG_FILTER_NONE;
        png_set_filter(bands->png, PNG_FILTER_TYPE_BASE, repeats ? PNG_FILTER_UP : changed);
        if (!repeats)
            convert_row(bands, (const void *)row);
        png_write_row(bands->png, bands->row);
        repeated = repeats;
    }
}

static bool put_bands(struct bands *bands, struct err *err)
{
    for (uint32_t top = 0; top < bands->height; top += bands->rows) {
        if (!draw_band(bands, top, err))
            return false;
        put_png_rows(bands, top);
    }
    png_write_end(bands->png, bands->info);
    return true;
}

bool canvas_write_png(const struct canvas *canvas, struct err *err)
{
    struct bands bands = {.canvas = canvas};
    if (!measure_bands(&bands, err))
        return false;
    start_png(&bands);
    bands.surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)bands.width,
                                               (int)bands.rows);
    bool done = cairo_surface_status(bands.surface) == CAIRO_STATUS_SUCCESS
                    ? put_bands(&bands, err)
                    : err_set(err, ERR_MEMORY, "out of memory for %u x %u px", bands.width,
                              bands.rows);
    cairo_surface_destroy(bands.surface);
    png_destroy_write_struct(&bands.png, &bands.info);
    return done;
}
