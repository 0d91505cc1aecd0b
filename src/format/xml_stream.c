/* SPDX-License-Identifier: MIT */
/*
 * xml_stream: only the current tag is in memory.
 */
#include "format/xml_stream.h"

#include "format/xml_tags.h"

enum { TEXT_MOST = 65536 }; /* of a text, about: the rest is left out */

bool xml_stop(struct xml_stream *xml, const char *why)
{
    if (!xml->damage)
        xml->damage = why;
    return false;
}

/* The length of the tag at the start of the input; 0: it has no end. */
static size_t find_tag_end(struct xml_stream *xml, str *tag)
{
    char quote = '\0';
    for (size_t at = 0, want = 4096;; want *= 2) {
        *tag = reader_input_peek(xml->input, want);
        for (; at < tag->n; at++) {
            char c = tag->p[at];
            if (quote == '\0' && c == '>')
                return at + 1;
            if (quote == '\0' ? c == '"' || c == '\'' : c == quote)
                quote = quote == '\0' ? c : '\0';
        }
        if (tag->n < want)
            return 0;
    }
}

/* Skip all up to and with `end`. False: there is no end. */
static bool skip_to(struct xml_stream *xml, str end)
{
    for (;;) {
        str bytes = reader_input_peek(xml->input, 65536);
        size_t at = str_search(bytes, end, 0);
        bool found = at < bytes.n;
        if (!found && bytes.n < 65536)
            return xml_stop(xml, "it is cut short");
        size_t n = found ? at + end.n : bytes.n - end.n + 1;
        reader_input_skip(xml->input, n);
        xml->taken += n;
        if (found)
            return true;
    }
}

/* Text up to the next tag. False: there is none. */
static bool take_text(struct xml_stream *xml)
{
    strbuf_clear(&xml->text);
    for (;;) {
        str bytes = reader_input_peek(xml->input, 4096);
        size_t n = str_find(bytes, '<', 0);
        if (xml->text.bytes.n < TEXT_MOST)
            xml_decode(str_head(bytes, n), &xml->text);
        reader_input_skip(xml->input, n);
        xml->taken += n;
        if (n < bytes.n)
            return true;
        if (n == 0)
            return false;
    }
}

bool xml_next_tag(struct xml_stream *xml)
{
    str tag;
    while (take_text(xml)) {
        xml->offset = xml->taken;
        str head = reader_input_peek(xml->input, 9);
        if (str_starts(head, STR("<!DOCTYPE")))
            return xml_stop(xml, "it has a document type, which is not read");
        if (str_starts(head, STR("<!--")) || str_starts(head, STR("<?")) ||
            str_starts(head, STR("<![CDATA["))) {
            bool comment = head.p[1] == '!' && head.p[2] == '-',
                 data = !comment && head.p[1] == '!';
            if (!skip_to(xml, comment ? STR("-->") : data ? STR("]]>") : STR("?>")))
                return false;
            continue;
        }
        size_t n = find_tag_end(xml, &tag);
        if (n < 3)
            return xml_stop(xml, n == 0 ? "it is cut short" : "it is no XML");
        str inside = str_cut(tag, 1, n - 1);
        xml->opens = inside.p[0] != '/';
        xml->closes = !xml->opens || inside.p[inside.n - 1] == '/';
        inside = str_cut(inside, !xml->opens, inside.n - (xml->opens && xml->closes));
        size_t end = 0;
        while (end < inside.n && !is_blank(inside.p[end]) && inside.p[end] != '\n' &&
               inside.p[end] != '\r')
            end++;
        xml->name = str_head(inside, end);
        xml->attributes = str_skip(inside, end);
        xml->depth += xml->opens;
        if (xml->closes && xml->depth-- == 0)
            return xml_stop(xml, "its elements do not nest");
        reader_input_skip(xml->input, n);
        xml->taken += n;
        return true;
    }
    return xml->depth > 0 ? xml_stop(xml, "it is cut short") : false;
}

str xml_stream_attribute(const struct xml_stream *xml, str key)
{
    str rest = xml->attributes;
    for (;;) {
        size_t equals = str_find(rest, '=', 0);
        if (equals + 2 > rest.n)
            return STR("");
        char quote = rest.p[equals + 1];
        size_t start = equals + 2, end = str_find(rest, quote, start), name = equals;
        while (name > 0 && !is_blank(rest.p[name - 1]) && rest.p[name - 1] != '\n' &&
               rest.p[name - 1] != '\r')
            name--;
        if (end == rest.n || (quote != '"' && quote != '\''))
            return STR("");
        if (str_equal(str_cut(rest, name, equals), key))
            return str_cut(rest, start, end);
        rest = str_skip(rest, end + 1);
    }
}
