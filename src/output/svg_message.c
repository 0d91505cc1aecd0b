/*
 * svg_message: the SVG that is written when there is nothing to draw: automation expects a file,
 * and whoever opens it should learn why it is empty.
 */
#include "output/markup.h"
#include "output/svg.h"

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

static void put_lines(const struct message *message, struct sink *sink)
{
    double y = 54;
    for (str rest = message->text; rest.n > 0; y += LINE) {
        str line = cut_line(&rest, message->columns);
        PUT(sink, LIT("<text x=\"10\" y=\""), PX(y), LIT("\">"), XML(line), LIT("</text>\n"));
    }
}

static void put_place(const void *context, str place, struct sink *sink)
{
    const struct message *message = context;
    const struct picture_options *o = &message->document->picture->options;
    if (str_equal(place, STR("width")))
        put_px(sink, o->layout.width);
    else if (str_equal(place, STR("height")))
        sink_u64(sink, 60 + LINE * count_lines(message));
    else if (str_equal(place, STR("prefix")))
        sink_xml(sink, o->prefix);
    else if (str_equal(place, STR("title")))
        sink_xml(sink, message->title);
    else if (str_equal(place, STR("lines")))
        put_lines(message, sink);
    else if (!message->document->no_background) /* {{background}} */
        template_fill(STR("<rect id=\"{{prefix}}background\" width=\"100%\" height=\"100%\" "
                          "fill=\"#f8f8f8\"/>\n"),
                      put_place, context, sink);
}

void svg_write_message(const struct document *document, str title, str message, struct sink *sink)
{
    struct message context = {document, title, message, 20};
    double columns = document->picture->options.layout.width / 8;
    if (columns > 20)
        context.columns = columns < 1e6 ? (size_t)columns : (size_t)1e6;
    template_fill(svg_template(document, "message.svg"), put_place, &context, sink);
}
