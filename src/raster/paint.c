/* SPDX-License-Identifier: MIT */
/*
 * paint: loads and measures the document, and checks what librsvg would not say clearly.
 */
#include "raster/paint.h"

#include <fontconfig/fontconfig.h>

/* librsvg's limit. */
enum { MOST_ELEMENTS = 1000000 };

/* The first line of what librsvg says. */
static bool set_error(GError *error, struct err *err)
{
    str why = error ? str_from_c(error->message) : STR("librsvg does not say why");
    why = str_head(why, str_find(why, '\n', 0));
    err_set(err, ERR_INPUT, "this is not an SVG that can be drawn: %.*s", (int)why.n, why.p);
    g_clear_error(&error);
    return false;
}

/* Without a base address it opens no file that the SVG names. The SVG is ours and declares no
 * entities, so libxml2 needs no limits on texts and attributes. */
static bool load_document(struct canvas *canvas, str svg, struct err *err)
{
    GError *error = NULL;
    GInputStream *stream = g_memory_input_stream_new_from_data(svg.p, (gssize)svg.n, NULL);
    canvas->document = rsvg_handle_new_from_stream_sync(stream, NULL, RSVG_HANDLE_FLAG_UNLIMITED,
                                                        NULL, &error);
    g_object_unref(stream);
    return canvas->document || set_error(error, err);
}

static bool measure_document(struct canvas *canvas, struct err *err)
{
    double *width = &canvas->width, *height = &canvas->height;
    return (rsvg_handle_get_intrinsic_size_in_pixels(canvas->document, width, height) &&
            *width >= 1 && *height >= 1 && *width < 1e7 && *height < 1e7) ||
           err_set(err, ERR_INPUT, "the SVG says no size that can be drawn");
}

bool canvas_draw(const struct canvas *canvas, cairo_t *cairo, double scale, struct err *err)
{
    GError *error = NULL;
    RsvgRectangle viewport = {0, 0, canvas->width, canvas->height};
    cairo_scale(cairo, scale, scale);
    return rsvg_handle_render_document(canvas->document, cairo, &viewport, &error) ||
           set_error(error, err);
}

void canvas_set_color(const struct canvas *canvas, cairo_t *cairo)
{
    const unsigned char *c = canvas->options->color;
    double alpha = canvas->options->background == PAINT_TRANSPARENT ? 0 : 1;
    cairo_set_source_rgba(cairo, c[0] / 255., c[1] / 255., c[2] / 255., alpha);
}

/* Without a font, text would be left out or drawn as boxes. */
static bool check_fonts(struct err *err)
{
    static const FcSetName sets[] = {FcSetSystem, FcSetApplication};
    int count = 0;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        const FcFontSet *fonts = FcConfigGetFonts(NULL, sets[i]);
        count += fonts ? fonts->nfont : 0;
    }
    return count > 0 || err_set(err, ERR_SUPPORT,
                                "no font is installed, so no text can be drawn: install one, such "
                                "as the package fonts-dejavu-core (dejavu-sans-fonts on Fedora), "
                                "or write an SVG");
}

/* Raw text of XML with the references that sink_xml() writes replaced by their characters. */
static const char *decode_entities(struct heap *heap, str raw)
{
    static const struct {
        str reference;
        char character;
    } references[] = {{STR_INIT("&amp;"), '&'},
                      {STR_INIT("&lt;"), '<'},
                      {STR_INIT("&gt;"), '>'},
                      {STR_INIT("&#39;"), '\''},
                      {STR_INIT("&quot;"), '"'}};
    char *text = heap_alloc(heap, raw.n + 1, 1), *to = text;
    for (str rest = raw; rest.n > 0;) {
        char c = rest.p[0];
        size_t n = 1;
        for (size_t i = 0; c == '&' && i < sizeof references / sizeof references[0]; i++) {
            if (str_starts(rest, references[i].reference)) {
                c = references[i].character;
                n = references[i].reference.n;
            }
        }
        *to++ = c;
        rest = str_skip(rest, n);
    }
    *to = '\0';
    return text;
}

/* The first text is the title of the picture. A style sheet, which is before it, has no '<'. */
static str find_title(str svg)
{
    size_t from = str_find(svg, '>', str_search(svg, STR("<text "), 0));
    return from < svg.n ? str_cut(svg, from + 1, str_find(svg, '<', from)) : STR("");
}

static size_t count_elements(str svg)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(svg, '<', at)) < svg.n; at++)
        n += at + 1 < svg.n && is_alpha(svg.p[at + 1]);
    return n;
}

bool paint(const struct paint_options *options, str svg, struct heap *heap, struct sink *sink,
           struct err *err)
{
    struct canvas canvas = {.options = options, .heap = heap, .sink = sink};
    size_t elements = count_elements(svg);
    if (elements > MOST_ELEMENTS)
        return err_set(err, ERR_INPUT,
                       "the picture has %zu elements, and librsvg draws at most %d: leave out "
                       "narrow frames with a larger --minwidth",
                       elements, MOST_ELEMENTS);
    canvas.title = decode_entities(heap, find_title(svg));
    bool done = check_fonts(err) && load_document(&canvas, svg, err) &&
                measure_document(&canvas, err) &&
                (options->format == PAINT_PDF ? canvas_write_pdf(&canvas, err)
                                              : canvas_write_png(&canvas, err));
    if (canvas.document)
        g_object_unref(canvas.document);
    return done;
}
