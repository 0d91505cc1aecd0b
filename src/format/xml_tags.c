/* SPDX-License-Identifier: MIT */
/*
 * xml_tags: find each '<' and its '>'.
 */
#include "format/xml_tags.h"

enum { STEP = 65536, TAG_MOST = 1 << 20 };

void xml_tags_note(struct xml_tags *xml, const char *why, uint64_t at)
{
    if (xml->damage)
        return;
    xml->damage = why;
    xml->damage_at = at;
}

/* Skip `n` bytes that were looked at. */
static void skip_bytes(struct xml_tags *xml, size_t n)
{
    str bytes = reader_input_peek(xml->input, n);
    for (size_t at = 0; (at = str_find(bytes, '\n', at)) < bytes.n; at++)
        xml->lines++;
    reader_input_skip(xml->input, n);
    xml->skipped += bytes.n < n ? bytes.n : n;
}

/* Skip all up to and with the next `end`. */
static void skip_past(struct xml_tags *xml, str end)
{
    for (;;) {
        str ahead = reader_input_peek(xml->input, STEP);
        size_t at = str_search(ahead, end, 0);
        if (at + end.n <= ahead.n) {
            skip_bytes(xml, at + end.n);
            return;
        }
        skip_bytes(xml, ahead.n < STEP ? ahead.n : ahead.n - end.n + 1);
        if (ahead.n < STEP) {
            xml_tags_note(xml, "it is cut short", xml->skipped);
            return;
        }
    }
}

/* "<!--", "<![CDATA[", "<?", "<!DOCTYPE": how such a part ends. False: it is a tag. */
static bool find_other_end(str markup, str *end)
{
    static const struct {
        str start, end;
    } parts[] = {
        {STR_INIT("<!--"), STR_INIT("-->")},
        {STR_INIT("<![CDATA["), STR_INIT("]]>")},
        {STR_INIT("<?"), STR_INIT("?>")},
        {STR_INIT("<!"), STR_INIT(">")},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        *end = parts[i].end;
        if (str_starts(markup, parts[i].start))
            return true;
    }
    return false;
}

/* The '>' of the tag that begins at s[at]; s.n: it is not there. */
static size_t find_tag_end(str s, size_t at)
{
    char quote = '\0';
    for (; at < s.n; at++) {
        char c = s.p[at];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            break;
    }
    return at;
}

static void take_xml_tag(struct xml_tags *xml, str ahead, size_t open, size_t close)
{
    xml->text = str_head(ahead, open);
    xml->tag = str_cut(ahead, open + 1, close);
    xml->taken = close + 1;
    xml->in_script = str_equal(xml_tag_name(xml->tag), STR("script")) &&
                     !str_ends(xml->tag, STR("/"));
}

bool xml_tags_next(struct xml_tags *xml)
{
    enum { LONGEST_START = 9 };
    size_t want = STEP;
    str end;
    skip_bytes(xml, xml->taken);
    xml->taken = 0;
    if (xml->in_script)
        skip_past(xml, STR("</script"));
    xml->in_script = false;
    for (;;) {
        str ahead = reader_input_peek(xml->input, want);
        size_t open = str_find(ahead, '<', 0), close = ahead.n;
        bool all = ahead.n < want;
        if (open < ahead.n && (all || ahead.n - open >= LONGEST_START)) {
            if (find_other_end(str_skip(ahead, open), &end)) {
                skip_bytes(xml, open);
                if (str_equal(end, STR(">")))
                    xml_tags_note(xml, "it has a document type, which is not read", xml->skipped);
                skip_past(xml, end);
                want = STEP;
                continue;
            }
            close = find_tag_end(ahead, open);
        }
        if (close < ahead.n) {
            take_xml_tag(xml, ahead, open, close);
            return true;
        }
        if (all) {
            if (open < ahead.n)
                xml_tags_note(xml, "it is cut short", xml->skipped + open);
            skip_bytes(xml, ahead.n);
            return false;
        }
        if (want >= TAG_MOST) {
            xml_tags_note(xml, "it has a tag or text of more than 1 MB", xml->skipped);
            skip_bytes(xml, open > 0 ? open : ahead.n);
            want = STEP;
        } else {
            want *= 2;
        }
    }
}

str xml_tag_name(str tag)
{
    size_t end = 0;
    while (end < tag.n && !is_blank(tag.p[end]) && tag.p[end] != '\n' && tag.p[end] != '\r' &&
           (tag.p[end] != '/' || end == 0))
        end++;
    return str_head(tag, end);
}

bool xml_attribute(str tag, str name, str *value)
{
    size_t at = xml_tag_name(tag).n;
    while (at < tag.n) {
        size_t equals = str_find(tag, '=', at), quote = equals + 1;
        while (quote < tag.n && is_blank(tag.p[quote]))
            quote++;
        if (quote >= tag.n || (tag.p[quote] != '"' && tag.p[quote] != '\''))
            return false;
        size_t end = str_find(tag, tag.p[quote], quote + 1), start = equals;
        while (start > at && is_blank(tag.p[start - 1]))
            start--;
        size_t first = start;
        while (first > at && !is_blank(tag.p[first - 1]) && tag.p[first - 1] != '\n')
            first--;
        if (str_equal(str_cut(tag, first, start), name)) {
            *value = str_cut(tag, quote + 1, end);
            return end < tag.n;
        }
        at = end + 1;
    }
    return false;
}

/* ---- entities ---- */

/* "#39", "#x27": a character that XML allows. */
static bool parse_code_point(str number, uint32_t *code)
{
    bool hex = str_starts(number, STR("#x"));
    size_t at = hex ? 2 : 1;
    *code = 0;
    if (number.n <= at || number.n > 10 || number.p[0] != '#')
        return false;
    for (; at < number.n; at++) {
        char c = number.p[at];
        if (!(hex ? is_hex(c) : is_digit(c)) || *code > 0x110000)
            return false;
        *code = *code * (hex ? 16 : 10) + hex_digit(c);
    }
    return *code <= 0x10ffff && (*code < 0xd800 || *code > 0xdfff) && *code >= ' ';
}

/* The entity without '&' and ';'. */
static bool decode_entity(str entity, struct strbuf *buf)
{
    static const char *const names[] = {"lt", "gt", "amp", "quot", "apos"};
    static const char means[] = "<>&\"'";
    uint32_t code;
    char bytes[4];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(entity, str_from_c(names[i]))) {
            strbuf_add(buf, str_of(&means[i], 1));
            return true;
        }
    }
    if (!parse_code_point(entity, &code))
        return false;
    strbuf_add(buf, str_of(bytes, utf8_put(bytes, code)));
    return true;
}

void xml_decode(str text, struct strbuf *buf)
{
    enum { LONGEST = 12 };
    for (size_t at = 0; at < text.n;) {
        size_t and = str_find(text, '&', at);
        strbuf_add(buf, str_cut(text, at, and));
        if (and == text.n)
            return;
        str ahead = str_skip(text, and+1);
        size_t end = str_find(str_limit(ahead, LONGEST), ';', 0);
        if (end < ahead.n && end < LONGEST && decode_entity(str_head(ahead, end), buf)) {
            at = and+end + 2;
        } else {
            strbuf_add(buf, STR("&"));
            at = and+1;
        }
    }
}
