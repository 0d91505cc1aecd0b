/*
 * canvas_png: pixels in bands from top to bottom, so that a high picture needs no more memory than
 * a low one and passes cairo's limit of 32,767 rows.
 *
 *      ┌──────────────┐
 *      │ band 0       │ ──► surface ──► rows ──► PNG        every band is drawn onto the same
 *      ├──────────────┤                                     surface, moved up by what is above it
 *      │ band 1       │
 *      └──────────────┘
 */
#include <math.h>

#include "raster/canvas.h"
#include "raster/png_file.h"

/* Of a side: cairo's, and that of libpng in most programs that will show the picture. */
enum { WIDEST = 32767, HIGHEST = 1000000, BAND_PIXELS = 1 << 24 };

struct bands {
    const struct canvas *canvas;
    struct png_file png;
    uint32_t width, height, rows; /* rows of one band */
    cairo_surface_t *surface;
};

static uint32_t band_rows(uint32_t width, uint32_t height)
{
    uint32_t rows = BAND_PIXELS / width;
    rows = rows < WIDEST ? rows : WIDEST;
    return rows < height ? rows : height;
}

static bool measure(struct bands *bands, struct err *err)
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
    bands->rows = band_rows(bands->width, bands->height);
    return true;
}

static void clear(cairo_t *cairo, const struct paint_options *options)
{
    const unsigned char *c = options->color;
    cairo_save(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_SOURCE);
    if (options->background == PAINT_TRANSPARENT)
        cairo_set_source_rgba(cairo, 0, 0, 0, 0);
    else
        cairo_set_source_rgb(cairo, c[0] / 255., c[1] / 255., c[2] / 255.);
    cairo_paint(cairo);
    cairo_restore(cairo);
}

static bool draw_band(struct bands *bands, uint32_t top, struct err *err)
{
    cairo_t *cairo = cairo_create(bands->surface);
    clear(cairo, bands->canvas->options);
    cairo_translate(cairo, 0, -(double)top);
    bool done = canvas_draw(bands->canvas, cairo, bands->canvas->options->scale, err);
    if (done && cairo_status(cairo) != CAIRO_STATUS_SUCCESS)
        done = err_set(err, ERR_MEMORY, "cannot draw: %s",
                       cairo_status_to_string(cairo_status(cairo)));
    cairo_destroy(cairo);
    cairo_surface_flush(bands->surface);
    return done;
}

static void put_rows(struct bands *bands, uint32_t top)
{
    const unsigned char *data = cairo_image_surface_get_data(bands->surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(bands->surface);
    for (uint32_t y = 0; y < bands->rows && top + y < bands->height; y++)
        png_file_row(&bands->png, (const void *)(data + y * stride));
}

static bool put_bands(struct bands *bands, struct err *err)
{
    bands->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)bands->width,
                                                (int)bands->rows);
    if (cairo_surface_status(bands->surface) != CAIRO_STATUS_SUCCESS)
        return err_set(err, ERR_MEMORY, "out of memory for %u x %u px", bands->width, bands->rows);
    for (uint32_t top = 0; top < bands->height; top += bands->rows) {
        if (!draw_band(bands, top, err))
            return false;
        put_rows(bands, top);
    }
    png_file_finish(&bands->png);
    return true;
}

bool canvas_write_png(const struct canvas *canvas, struct heap *heap, struct sink *sink,
                      struct err *err)
{
    struct bands bands = {.canvas = canvas};
    uint32_t per_metre = (uint32_t)(96 * canvas->options->scale / 0.0254 + 0.5);
    if (!measure(&bands, err))
        return false;
    bool alpha = canvas->options->background == PAINT_TRANSPARENT;
    bool done = png_file_start(&bands.png, sink, heap, bands.width, bands.height, alpha, per_metre,
                               err) &&
                put_bands(&bands, err);
    png_file_end(&bands.png);
    cairo_surface_destroy(bands.surface);
    return done;
}
