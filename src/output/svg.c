/*
 * svg: the picture as SVG, through templates/flamegraph.svg. Frames are most of the document, so
 * they say as little as possible: what all have in common stands in templates/flamegraph.css.
 */
#include "output/csp.h"
#include "output/data_block.h"
#include "output/put.h"
#include "output/svg_box.h"
#include "output/template.h"

#define PICTURE const struct picture *picture = ((const struct document *)context)->picture

static void put_width(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.options.width);
}

static void put_height(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.height);
}

static void put_font(const void *context, struct sink *sink)
{
    PICTURE;
    sink_xml(sink, picture->options.font);
}

static void put_font_size(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.options.font);
}

static void put_title_size(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.options.font + 5);
}

static void put_prefix(const void *context, struct sink *sink)
{
    PICTURE;
    sink_xml(sink, picture->options.prefix);
}

static void put_notes(const void *context, struct sink *sink)
{
    PICTURE;
    if (picture->options.notes.n == 0)
        return;
    sink_lit(sink, "<desc>NOTES: ");
    sink_xml(sink, picture->options.notes);
    sink_lit(sink, "</desc>\n");
}

/* '&' is the only markup that a style sheet can hold. */
static void put_css(str css, struct sink *sink)
{
    while (css.n > 0) {
        size_t n = str_find(css, '&', 0);
        sink_bytes(sink, str_head(css, n));
        if (n < css.n)
            sink_lit(sink, "&amp;");
        css = str_skip(css, n < css.n ? n + 1 : n);
    }
}

static void put_style(const void *context, struct sink *sink)
{
    const struct document *document = context;
    sink_lit(sink, "\n");
    put_css(template_text("flamegraph.css"), sink);
    if (document->script)
        put_css(template_text("viewer.css"), sink);
    if (document->theme == THEME_DARK)
        sink_bytes(sink, template_text("dark.css"));
    put_css(document->css, sink);
}

static void put_theme(const void *context, struct sink *sink)
{
    const struct document *document = context;
    switch (document->theme) {
    case THEME_LIGHT: sink_lit(sink, "light"); break;
    case THEME_DARK: sink_lit(sink, "dark"); break;
    default: sink_lit(sink, "auto"); break;
    }
}

static void put_sky_top(const void *context, struct sink *sink)
{
    PICTURE;
    sink_byte(sink, '#');
    put_hex(sink, picture->options.background.top);
}

static void put_sky_bottom(const void *context, struct sink *sink)
{
    PICTURE;
    sink_byte(sink, '#');
    put_hex(sink, picture->options.background.bottom);
}

static void put_background(const void *context, struct sink *sink)
{
    const struct document *document = context;
    if (document->no_background)
        return;
    sink_lit(sink, "<rect id=\"");
    put_prefix(context, sink);
    sink_lit(sink, "background\" class=\"background\" width=\"100%\" height=\"100%\" "
                   "fill=\"url(#");
    put_prefix(context, sink);
    sink_lit(sink, "sky)\"/>\n");
}

/* What vanished is hatched in a colour of shrinking, or in grey where it may be chance; pale, so
 * that labels can be read. */
static void put_hatches(const void *context, struct sink *sink)
{
    PICTURE;
    const struct differential *d = picture->options.differential;
    if (!tree_has_sides(picture->tree))
        return;
    rgb gone = delta_color(&picture->delta,
                           picture->delta.max * (picture->delta.negate ? .3 : -.3));
    rgb stripes[] = {d ? differential_shade(d, -.3 * d->max) : gone,
                     d ? differential_shade(d, 0) : (rgb){214, 214, 214}};
    for (int i = 0; i < 2; i++) {
        sink_lit(sink, "<pattern id=\"");
        put_prefix(context, sink);
        sink_bytes(sink, i == 0 ? STR("gone") : STR("faint"));
        sink_lit(sink, "\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                       "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" "
                       "fill=\"#fff\"/><rect width=\"2.5\" height=\"6\" fill=\"");
        put_rgb(sink, stripes[i]);
        sink_lit(sink, "\"/></pattern>");
    }
}

static void put_middle(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.options.width / 2);
}

static void put_left(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.pad);
}

static void put_right(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.options.width - picture->layout.pad);
}

static void put_line_1(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, 2 * picture->layout.options.font);
}

static void put_line_2(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, 4 * picture->layout.options.font);
}

static void put_last_line(const void *context, struct sink *sink)
{
    PICTURE;
    put_px(sink, picture->layout.height - picture->layout.bottom / 2);
}

static void put_title(const void *context, struct sink *sink)
{
    PICTURE;
    sink_xml(sink, picture_title(picture));
}

static void put_subtitle(const void *context, struct sink *sink)
{
    PICTURE;
    sink_xml(sink, picture->options.subtitle);
}

static void put_heading(const struct picture *picture, enum side side, struct sink *sink)
{
    const struct layout *layout = &picture->layout;
    sink_lit(sink, "<text x=\"");
    put_px(sink, layout->pad);
    sink_lit(sink, "\" y=\"");
    put_px(sink, layout->height - layout->bottom - layout->rows * layout->options.row - 8);
    sink_lit(sink, "\">");
    sink_bytes(sink, side == SIDE_BEFORE ? STR("before: ") : STR("after: "));
    sink_xml(sink, picture->options.differential->viewer.labels[side]);
    sink_lit(sink, "</text>\n");
}

/* What stands over the frames of each side. */
static void put_sides(const void *context, struct sink *sink)
{
    const struct document *document = context;
    if (!document->above)
        return;
    sink_lit(sink, "<g id=\"");
    put_prefix(context, sink);
    sink_lit(sink, "sides\" class=\"legend\">\n");
    put_heading(document->above, SIDE_BEFORE, sink);
    put_heading(document->picture, SIDE_AFTER, sink);
    sink_lit(sink, "</g>\n");
}

/* Swatch and label by turns. */
static void put_colors(const void *context, struct sink *sink)
{
    PICTURE;
    const struct legend *legend = &picture->legend;
    if (legend->entries.n == 0)
        return;
    sink_lit(sink, "<g id=\"");
    put_prefix(context, sink);
    sink_lit(sink, "legend\" class=\"legend\">\n");
    for (size_t i = 0; i < legend->entries.n; i++) {
        const struct legend_entry *entry = &legend->entries.at[i];
        sink_lit(sink, "<rect x=\"");
        put_px(sink, entry->x);
        sink_lit(sink, "\" y=\"");
        put_px(sink, legend->y - 0.85 * legend->swatch);
        sink_lit(sink, "\" width=\"");
        put_px(sink, legend->swatch);
        sink_lit(sink, "\" height=\"");
        put_px(sink, legend->swatch);
        sink_lit(sink, "\" fill=\"");
        put_rgb(sink, entry->color);
        sink_lit(sink, "\"/><text x=\"");
        put_px(sink, entry->x + 1.4 * legend->swatch);
        sink_lit(sink, "\" y=\"");
        put_px(sink, legend->y);
        sink_lit(sink, "\">");
        sink_xml(sink, entry->label);
        sink_lit(sink, "</text>\n");
    }
    sink_lit(sink, "</g>\n");
}

static void put_legend(const void *context, struct sink *sink)
{
    put_colors(context, sink);
    put_sides(context, sink);
}

static void put_frames(const void *context, struct sink *sink)
{
    const struct document *document = context;
    const struct picture *pictures[] = {document->above, document->picture};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; pictures[k] && i < pictures[k]->n; i++)
            svg_put_box(pictures[k], i, document->still, sink);
}

static void put_data(const void *context, struct sink *sink)
{
    const struct document *document = context;
    if (!document->script)
        return;
    sink_lit(sink, "<metadata class=\"flametree-data\">\n");
    data_block_write(document, sink);
    sink_lit(sink, "</metadata>\n");
}

static void put_viewer(const void *context, struct sink *sink)
{
    (void)context;
    sink_bytes(sink, template_text("viewer.js"));
}

static void put_differential_viewer(const void *context, struct sink *sink)
{
    (void)context;
    sink_bytes(sink, template_text("viewer-differential.js"));
}

/*
 * Without this, a phone lays the page out for 980 px and shows it smaller. The prefix keeps the
 * picture whole inside HTML, where <meta> ends an <svg>.
 */
static void put_viewport(struct sink *sink)
{
    sink_lit(sink, "<html:meta xmlns:html=\"http://www.w3.org/1999/xhtml\" name=\"viewport\" "
                   "content=\"width=device-width\"/>\n");
}

static void put_script(const void *context, struct sink *sink)
{
    const struct document *document = context;
    if (!document->script)
        return;
    if (!document->fragment)
        put_viewport(sink);
    sink_lit(sink, "<script type=\"text/ecmascript\"><![CDATA[");
    if (tree_has_sides(document->picture->tree))
        put_differential_viewer(context, sink);
    else
        put_viewer(context, sink);
    sink_lit(sink, "]]></script>\n");
}

static const struct template_place places[] = {
    {"width", put_width},
    {"height", put_height},
    {"font", put_font},
    {"font-size", put_font_size},
    {"title-size", put_title_size},
    {"prefix", put_prefix},
    {"notes", put_notes},
    {"style", put_style},
    {"theme", put_theme},
    {"sky-top", put_sky_top},
    {"sky-bottom", put_sky_bottom},
    {"background", put_background},
    {"hatches", put_hatches},
    {"middle", put_middle},
    {"left", put_left},
    {"right", put_right},
    {"line-1", put_line_1},
    {"line-2", put_line_2},
    {"last-line", put_last_line},
    {"title", put_title},
    {"subtitle", put_subtitle},
    {"legend", put_legend},
    {"frames", put_frames},
    {"data", put_data},
    {"script", put_script},
    {NULL, NULL},
};

/* What stands in HTML has no prolog. */
str svg_template(const struct document *document, const char *name)
{
    str text = template_text(name);
    return document->fragment ? str_skip(text, str_search(text, STR("<svg"), 0)) : text;
}

void svg_write(const struct document *document, struct sink *sink)
{
    template_fill(svg_template(document, "flamegraph.svg"), places, document, sink);
}

void svg_write_csp(const struct document *document, struct sink *sink)
{
    static csp_put *const scripts[] = {put_viewer, put_differential_viewer, NULL};
    csp_write(scripts, put_style, document, sink);
}
