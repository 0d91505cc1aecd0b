/* SPDX-License-Identifier: MIT */
/*
 * svg: the picture as SVG, through templates/flamegraph.svg. Frames are most of the document, so
 * they say as little as possible: what all have in common is in templates/flamegraph.css.
 */
#include "output/svg.h"

#include <math.h>

#include "core/sha256.h"
#include "output/markup.h"

static void put_place(const void *context, str place, struct sink *sink);

/* Text of ours with places, as in a template. */
static void put_part(const struct document *document, str text, struct sink *sink)
{
    template_fill(text, put_place, document, sink);
}

/* ---- head ---- */

static void put_notes(const struct document *document, struct sink *sink)
{
    str notes = document->picture->options.notes;
    if (notes.n > 0)
        PUT(sink, LIT("<desc>NOTES: "), XML(notes), LIT("</desc>\n"));
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

static void put_style(const struct document *document, struct sink *sink)
{
    sink_lit(sink, "\n");
    put_css(template_text("flamegraph.css"), sink);
    if (document->script)
        put_css(template_text("viewer.css"), sink);
    if (document->theme == THEME_DARK)
        sink_bytes(sink, template_text("dark.css"));
    put_css(document->css, sink);
}

static void put_background(const struct document *document, struct sink *sink)
{
    if (!document->no_background)
        put_part(document,
                 STR("<rect id=\"{{prefix}}background\" class=\"background\" width=\"100%\" "
                     "height=\"100%\" fill=\"url(#{{prefix}}sky)\"/>\n"),
                 sink);
}

/* Frames that vanished are hatched in a color of shrinking, or in gray where it may be chance;
 * pale, so that labels can be read. */
static void put_hatches(const struct document *document, struct sink *sink)
{
    const struct picture *picture = document->picture;
    const struct differential *d = picture->options.differential;
    if (!tree_has_sides(picture->tree))
        return;
    rgb gone = delta_color(&picture->delta,
                           picture->delta.max * (picture->delta.negate ? .3 : -.3));
    rgb stripes[] = {d ? differential_shade(d, -.3 * d->max) : gone,
                     d ? differential_shade(d, 0) : (rgb){214, 214, 214}};
    for (int i = 0; i < 2; i++) {
        put_part(document, STR("<pattern id=\"{{prefix}}"), sink);
        sink_bytes(sink, i == 0 ? STR("gone") : STR("faint"));
        sink_lit(sink, "\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                       "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" "
                       "fill=\"#fff\"/><rect width=\"2.5\" height=\"6\" fill=\"");
        put_rgb(sink, stripes[i]);
        sink_lit(sink, "\"/></pattern>");
    }
}

/* ---- legend ---- */

static void put_heading(const struct picture *picture, enum side side, struct sink *sink)
{
    const struct layout *layout = &picture->layout;
    double y = layout->height - layout->bottom - layout->rows * layout->options.row - 8;
    PUT(sink, LIT("<text x=\""), PX(layout->pad), LIT("\" y=\""), PX(y),
        WORD(side == SIDE_BEFORE ? "\">before: " : "\">after: "),
        XML(picture->options.differential->viewer.labels[side]), LIT("</text>\n"));
}

/* Swatch and label by turns. */
static void put_entry(const struct legend *legend, const struct legend_entry *entry,
                      struct sink *sink)
{
    double swatch = legend->swatch;
    PUT(sink, LIT("<rect x=\""), PX(entry->x), LIT("\" y=\""), PX(legend->y - 0.85 * swatch),
        LIT("\" width=\""), PX(swatch), LIT("\" height=\""), PX(swatch), LIT("\" fill=\""));
    put_rgb(sink, entry->color);
    PUT(sink, LIT("\"/><text x=\""), PX(entry->x + 1.4 * swatch), LIT("\" y=\""), PX(legend->y),
        LIT("\">"), XML(entry->label), LIT("</text>\n"));
}

/* The colors, and what is over the frames of each side. */
static void put_legend(const struct document *document, struct sink *sink)
{
    const struct legend *legend = &document->picture->legend;
    if (legend->entries.n > 0) {
        put_part(document, STR("<g id=\"{{prefix}}legend\" class=\"legend\">\n"), sink);
        for (size_t i = 0; i < legend->entries.n; i++)
            put_entry(legend, &legend->entries.at[i], sink);
        sink_lit(sink, "</g>\n");
    }
    if (document->above) {
        put_part(document, STR("<g id=\"{{prefix}}sides\" class=\"legend\">\n"), sink);
        put_heading(document->above, SIDE_BEFORE, sink);
        put_heading(document->picture, SIDE_AFTER, sink);
        sink_lit(sink, "</g>\n");
    }
}

/* ---- frames, data, script ---- */

/* A sandwich has the root of its callees. */
static void put_frames(const struct document *document, struct sink *sink)
{
    const struct picture *callers = document->callers;
    const struct picture *pictures[] = {callers ? callers : document->above,
                                        callers ? document->callees : document->picture};
    for (int k = 0; k < 2; k++)
        for (size_t i = k == 0 && callers; pictures[k] && i < pictures[k]->n; i++)
            svg_put_box(pictures[k], i, document->still, sink);
}

/* The parts of the viewer, in the order of the script: start.js, which all pictures need, those
 * that only some need, and the one that runs them. */
static void put_viewer(const struct document *document, bool sides, struct sink *sink)
{
    const struct {
        bool wanted;
        const char *name;
    } parts[] = {
        {true, "start.js"},
        {document->picture->options.order == ORDER_INPUT && !sides, "viewer-axis.js"},
        {document->all_values && !sides, "viewer-values.js"},
        {document->picture->options.attrs != NULL, "viewer-links.js"},
        {document->source_url.n > 0, "viewer-source.js"},
        {document->groups && !sides, "viewer-legend.js"},
    };
    sink_lit(sink, "(function () {\n'use strict';\n");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].wanted)
            sink_bytes(sink, template_text(parts[i].name));
    sink_bytes(sink, template_text(sides ? "viewer-differential.js" : "viewer.js"));
    sink_lit(sink, "})();\n");
}

/* Without this, a phone lays the page out for 980 px and shows it smaller. The prefix keeps the
 * picture whole inside HTML, where <meta> ends an <svg>. */
static void put_viewport(const struct document *document, struct sink *sink)
{
    if (document->script && !document->fragment)
        sink_lit(sink, "<html:meta xmlns:html=\"http://www.w3.org/1999/xhtml\" name=\"viewport\" "
                       "content=\"width=device-width\"/>\n");
}

/* Data and script come before the frames: the viewer draws from the data while the browser still
 * reads the frames. It takes the group around them out of the document, where they cost less. */
static void put_script(const struct document *document, struct sink *sink)
{
    if (!document->script)
        return;
    sink_lit(sink, "<metadata class=\"flametree-data\">\n");
    data_block_write(document, sink);
    sink_lit(sink, "</metadata>\n<g><script type=\"text/ecmascript\"><![CDATA[");
    put_viewer(document, tree_has_sides(document->picture->tree), sink);
    sink_lit(sink, "]]></script>\n");
}

static void put_script_end(const struct document *document, struct sink *sink)
{
    if (document->script)
        sink_lit(sink, "</g>\n");
}

/* ---- the template ---- */

static bool put_length(const struct document *document, str place, struct sink *sink)
{
    const struct layout *layout = &document->picture->layout;
    double width = layout->options.width, font = layout->options.font;
    const struct {
        const char *place;
        double px;
    } lengths[] = {{"width", width},
                   {"height", layout->height},
                   {"font-size", font},
                   {"title-size", font + 5},
                   {"left", layout->pad},
                   {"middle", width / 2},
                   {"right", width - layout->pad},
                   {"line-1", 2 * font},
                   {"line-2", 4 * font},
                   {"last-line", layout->height - layout->bottom / 2}};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        if (str_equal(place, str_from_c(lengths[i].place))) {
            put_px(sink, lengths[i].px);
            return true;
        }
    }
    return false;
}

static bool put_words(const struct document *document, str place, struct sink *sink)
{
    static const char *const themes[] = {"auto", "light", "dark"};
    const struct picture_options *o = &document->picture->options;
    const struct {
        const char *place;
        str text;
    } words[] = {{"font", o->font},
                 {"prefix", o->prefix},
                 {"theme", str_from_c(themes[document->theme])},
                 {"title", picture_title(document->picture)},
                 {"subtitle", o->subtitle}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal(place, str_from_c(words[i].place))) {
            sink_xml(sink, words[i].text);
            return true;
        }
    }
    return false;
}

static void put_place(const void *context, str place, struct sink *sink)
{
    static const struct {
        const char *place;
        void (*put)(const struct document *document, struct sink *sink);
    } parts[] = {
        {"notes", put_notes},           {"style", put_style},     {"viewport", put_viewport},
        {"background", put_background}, {"hatches", put_hatches}, {"legend", put_legend},
        {"frames", put_frames},         {"script", put_script},   {"script-end", put_script_end}};
    const struct document *document = context;
    if (str_equal(place, STR("sky-top")))
        put_hex(sink, document->picture->options.background.top);
    else if (str_equal(place, STR("sky-bottom")))
        put_hex(sink, document->picture->options.background.bottom);
    else if (!put_length(document, place, sink) && !put_words(document, place, sink))
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            if (str_equal(place, str_from_c(parts[i].place)))
                parts[i].put(document, sink);
}

/* A fragment for HTML has no prolog. */
static void put_prolog(const struct document *document, struct sink *sink)
{
    if (!document->fragment)
        sink_lit(sink, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n");
}

void svg_write(const struct document *document, struct sink *sink)
{
    put_prolog(document, sink);
    put_part(document, template_text("flamegraph.svg"), sink);
}

/* ---- a message: automation expects a file, and whoever opens it learns why it is empty ---- */

/* The next line of *text, broken at a blank where there is one. */
static str cut_line(str *text, size_t columns)
{
    str line = *text;
    if (line.n > columns) {
        size_t blank = str_find_last(str_head(line, columns), ' ');
        line = str_head(line, blank > 0 ? blank : columns);
        while (line.n > 1 && ((unsigned char)text->p[line.n] & 0xc0) == 0x80)
            line.n--;
    }
    *text = str_trim_left(str_skip(*text, line.n));
    return line;
}

void svg_write_message(const struct document *document, str title, str message, struct sink *sink)
{
    enum { LINE = 18, LETTER = 8, LEAST_COLUMNS = 20 };
    const struct picture_options *o = &document->picture->options;
    double width = o->layout.width, height = 60, y = 54;
    size_t columns = (size_t)fmin(fmax(width / LETTER, LEAST_COLUMNS), 1e6);
    for (str rest = message; rest.n > 0; height += LINE)
        cut_line(&rest, columns);
    put_prolog(document, sink);
    PUT(sink,
        LIT("<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" class=\"flametree\" "
            "width=\""),
        PX(width), LIT("\" height=\""), PX(height), LIT("\" viewBox=\"0 0 "), PX(width), LIT(" "),
        PX(height), LIT("\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"12\">\n"));
    if (!document->no_background)
        PUT(sink, LIT("<rect id=\""), XML(o->prefix),
            LIT("background\" width=\"100%\" height=\"100%\" fill=\"#f8f8f8\"/>\n"));
    PUT(sink, LIT("<text id=\""), XML(o->prefix),
        LIT("title\" x=\"10\" y=\"28\" font-size=\"16\" fill=\"#a00000\">"), XML(title),
        LIT("</text>\n"));
    for (str rest = message; rest.n > 0; y += LINE) {
        str line = cut_line(&rest, columns);
        PUT(sink, LIT("<text x=\"10\" y=\""), PX(y), LIT("\">"), XML(line), LIT("</text>\n"));
    }
    PUT(sink, LIT("<g id=\""), XML(o->prefix), LIT("frames\"></g>\n</svg>\n"));
}

/* ---- Content-Security-Policy ---- */

static bool hash_more(void *context, str bytes, struct err *err)
{
    (void)err;
    sha256_add(context, bytes);
    return true;
}

enum hashed { HASHED_VIEWER, HASHED_DIFFERENTIAL, HASHED_STYLE };

static void put_hash(const struct document *document, enum hashed what, struct sink *sink)
{
    struct sha256 sha;
    struct sink hasher;
    char digest[44];
    sha256_init(&sha);
    sink_open_callback(&hasher, sink->heap, hash_more, &sha, NULL);
    if (what == HASHED_STYLE)
        put_style(document, &hasher);
    else
        put_viewer(document, what == HASHED_DIFFERENTIAL, &hasher);
    sink_close(&hasher);
    sha256_base64(&sha, digest);
    sink_lit(sink, " 'sha256-");
    sink_bytes(sink, str_of(digest, sizeof digest));
    sink_byte(sink, '\'');
}

void svg_write_csp(const struct document *document, struct sink *sink)
{
    sink_lit(sink, "script-src");
    put_hash(document, HASHED_VIEWER, sink);
    put_hash(document, HASHED_DIFFERENTIAL, sink);
    sink_lit(sink, "; style-src");
    put_hash(document, HASHED_STYLE, sink);
    sink_byte(sink, '\n');
}
