/*
 * svg_message: the SVG that is written when there is nothing to draw: automation expects a file,
 * and whoever opens it should learn why it is empty.
 */
#include "output/put.h"
#include "output/svg_box.h"
#include "output/template.h"

enum { LINE = 18 };

struct message {
    const struct document *document;
    str title, text;
    size_t columns;
};

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

static size_t count_lines(const struct message *message)
{
    size_t n = 0;
    for (str rest = message->text; rest.n > 0; n++)
        cut_line(&rest, message->columns);
    return n;
}

static void put_width(const void *context, struct sink *sink)
{
    const struct message *message = context;
    put_px(sink, message->document->picture->options.layout.width);
}

static void put_height(const void *context, struct sink *sink)
{
    sink_u64(sink, 60 + LINE * count_lines(context));
}

static void put_prefix(const void *context, struct sink *sink)
{
    const struct message *message = context;
    sink_xml(sink, message->document->picture->options.prefix);
}

static void put_background(const void *context, struct sink *sink)
{
    const struct message *message = context;
    if (message->document->no_background)
        return;
    sink_lit(sink, "<rect id=\"");
    put_prefix(context, sink);
    sink_lit(sink, "background\" width=\"100%\" height=\"100%\" fill=\"#f8f8f8\"/>\n");
}

static void put_title(const void *context, struct sink *sink)
{
    const struct message *message = context;
    sink_xml(sink, message->title);
}

static void put_lines(const void *context, struct sink *sink)
{
    const struct message *message = context;
    size_t y = 54;
    for (str rest = message->text; rest.n > 0; y += LINE) {
        str line = cut_line(&rest, message->columns);
        sink_lit(sink, "<text x=\"10\" y=\"");
        sink_u64(sink, y);
        sink_lit(sink, "\">");
        sink_xml(sink, line);
        sink_lit(sink, "</text>\n");
    }
}

static const struct template_place places[] = {
    {"width", put_width},   {"height", put_height},
    {"prefix", put_prefix}, {"background", put_background},
    {"title", put_title},   {"lines", put_lines},
    {NULL, NULL},
};

void svg_write_message(const struct document *document, str title, str message, struct sink *sink)
{
    struct message context = {document, title, message, 20};
    double columns = document->picture->options.layout.width / 8;
    if (columns > 20)
        context.columns = columns < 1e6 ? (size_t)columns : (size_t)1e6;
    template_fill(svg_template(document, "message.svg"), places, &context, sink);
}
