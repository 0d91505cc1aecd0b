/* SPDX-License-Identifier: MIT */
/*
 * pdf: one page as large as the picture, with text as text and links as links.
 */
#include <cairo-pdf.h>

#include "raster/paint.h"

/* 96 px and 72 points are an inch. Readers show no page with a side of more than 200 inches. */
static const double points_per_px = 0.75, largest = 14400;

static cairo_status_t write_pdf_bytes(void *closure, const unsigned char *data, unsigned int n)
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

/* The same input gives the same bytes: no date. */
static void set_metadata(cairo_surface_t *surface, const struct canvas *canvas)
{
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR,
                                   "flametree " PACKAGE_VERSION);
    if (canvas->title[0] != '\0')
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, canvas->title);
}

bool canvas_write_pdf(const struct canvas *canvas, struct err *err)
{
    double scale = page_scale(canvas);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        write_pdf_bytes, canvas->sink, canvas->width * scale, canvas->height * scale);
    set_metadata(surface, canvas);
    cairo_t *cairo = cairo_create(surface);
    if (canvas->options->background == PAINT_COLOR) {
        canvas_set_color(canvas, cairo);
        cairo_paint(cairo);
    }
    bool done = canvas_draw(canvas, cairo, scale, err);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (done && status != CAIRO_STATUS_SUCCESS && !canvas->sink->failed)
        return err_set(err, ERR_MEMORY, "cannot draw: %s", cairo_status_to_string(status));
    return done;
}
