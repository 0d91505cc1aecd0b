/*
 * paint: loading, measuring, and the writer of the format. No base address is set, so that librsvg
 * opens no file that the document names.
 */
#include "raster/paint.h"

#include <fontconfig/fontconfig.h>

#include "raster/canvas.h"

/* librsvg's limit. */
enum { MOST_ELEMENTS = 1000000 };

/* The first line of what librsvg says. */
static bool fail(GError *error, struct err *err)
{
    str why = error ? str_from_c(error->message) : STR("librsvg does not say why");
    why = str_head(why, str_find(why, '\n', 0));
    err_set(err, ERR_INPUT, "this is no SVG that can be drawn: %.*s", (int)why.n, why.p);
    g_clear_error(&error);
    return false;
}

static bool load(struct canvas *canvas, str svg, struct err *err)
{
    GError *error = NULL;
    GInputStream *stream = g_memory_input_stream_new_from_data(svg.p, (gssize)svg.n, NULL);
    canvas->document = rsvg_handle_new_from_stream_sync(stream, NULL, RSVG_HANDLE_FLAGS_NONE, NULL,
                                                        &error);
    g_object_unref(stream);
    return canvas->document || fail(error, err);
}

/* Without a size in px a document is as large as its viewBox. */
static bool measure(struct canvas *canvas, struct err *err)
{
    gboolean has_width, has_height, has_box;
    RsvgLength width, height;
    RsvgRectangle box;
    double w = 0, h = 0;
    if (!rsvg_handle_get_intrinsic_size_in_pixels(canvas->document, &w, &h)) {
        rsvg_handle_get_intrinsic_dimensions(canvas->document, &has_width, &width, &has_height,
                                             &height, &has_box, &box);
        w = has_box ? box.width : 0;
        h = has_box ? box.height : 0;
    }
    if (!(w >= 1 && h >= 1 && w < 1e7 && h < 1e7))
        return err_set(err, ERR_INPUT, "the SVG says no size that can be drawn");
    canvas->width = w;
    canvas->height = h;
    return true;
}

bool canvas_draw(const struct canvas *canvas, cairo_t *cairo, double scale, struct err *err)
{
    GError *error = NULL;
    RsvgRectangle viewport = {0, 0, canvas->width, canvas->height};
    cairo_scale(cairo, scale, scale);
    return rsvg_handle_render_document(canvas->document, cairo, &viewport, &error) ||
           fail(error, err);
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

/* &amp; and its kin back to what they stand for. */
static const char *plain(struct arena *arena, str raw)
{
    static const struct {
        str reference;
        char stands_for;
    } references[] = {{STR_INIT("&amp;"), '&'},  {STR_INIT("&lt;"), '<'},
                      {STR_INIT("&gt;"), '>'},   {STR_INIT("&#39;"), '\''},
                      {STR_INIT("&quot;"), '"'}, {STR_INIT("&apos;"), '\''}};
    char *text = arena_copy_c(arena, raw), *to = text;
    for (str rest = raw; rest.n > 0;) {
        char c = rest.p[0];
        size_t n = 1;
        for (size_t i = 0; c == '&' && i < sizeof references / sizeof references[0]; i++) {
            if (str_starts(rest, references[i].reference)) {
                c = references[i].stands_for;
                n = references[i].reference.n;
            }
        }
        *to++ = c;
        rest = str_skip(rest, n);
    }
    *to = '\0';
    return text;
}

static bool write_format(const struct canvas *canvas, struct heap *heap, struct sink *sink,
                         struct err *err)
{
    switch (canvas->options->format) {
    case PAINT_PDF: return canvas_write_pdf(canvas, sink, err);
    default: return canvas_write_png(canvas, heap, sink, err);
    }
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

bool paint(const struct paint_options *options, str svg, struct arena *arena, struct sink *sink,
           struct err *err)
{
    struct canvas canvas = {.options = options, .title = plain(arena, find_title(svg))};
    size_t elements = count_elements(svg);
    if (elements >= MOST_ELEMENTS)
        return err_set(err, ERR_INPUT,
                       "the SVG has %zu elements, and librsvg draws less than %d: leave out narrow "
                       "frames with a larger --minwidth",
                       elements, MOST_ELEMENTS);
    bool done = check_fonts(err) && load(&canvas, svg, err) && measure(&canvas, err) &&
                write_format(&canvas, arena->heap, sink, err);
    if (canvas.document)
        g_object_unref(canvas.document);
    return done;
}
