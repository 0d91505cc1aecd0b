/*
 * canvas_pdf: one page as large as the picture, with text as text and links as links.
 */
#include <cairo-pdf.h>

#include "raster/canvas.h"

/* 96 px and 72 points are an inch. Readers show no page with a side of more than 200 inches. */
static const double points_per_px = 0.75, largest = 14400;

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int n)
{
    struct sink *sink = closure;
    sink_bytes(sink, str_of((const char *)data, n));
    return sink->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static double page_scale(const struct canvas *canvas)
{
    double side = canvas->width > canvas->height ? canvas->width : canvas->height;
    double scale = points_per_px * canvas->options->scale;
    return side * scale > largest ? largest / side : scale;
}

static bool draw_page(const struct canvas *canvas, cairo_t *cairo, double scale, struct err *err)
{
    const unsigned char *c = canvas->options->color;
    if (canvas->options->background == PAINT_COLOR) {
        cairo_set_source_rgb(cairo, c[0] / 255., c[1] / 255., c[2] / 255.);
        cairo_paint(cairo);
    }
    return canvas_draw(canvas, cairo, scale, err);
}

/* The same input gives the same bytes: the date of a profile is in its picture, that of drawing
 * it is nobody's business. */
static void set_metadata(cairo_surface_t *surface, const struct canvas *canvas)
{
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR,
                                   "flametree " PACKAGE_VERSION);
    if (canvas->title[0] != '\0')
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, canvas->title);
}

bool canvas_write_pdf(const struct canvas *canvas, struct sink *sink, struct err *err)
{
    double scale = page_scale(canvas);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        write_bytes, sink, canvas->width * scale, canvas->height * scale);
    set_metadata(surface, canvas);
    cairo_t *cairo = cairo_create(surface);
    bool done = draw_page(canvas, cairo, scale, err);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (done && status != CAIRO_STATUS_SUCCESS && !sink->failed)
        return err_set(err, ERR_MEMORY, "cannot draw: %s", cairo_status_to_string(status));
    return done;
}
