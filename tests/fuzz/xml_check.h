/* SPDX-License-Identifier: MIT */
/*
 * xml_check: whether text is well-formed XML 1.0, as far as our documents go: one element, tags
 * that fit, attributes quoted and named once, the references that XML knows, characters that it
 * allows in UTF-8. Document types are not known. Written apart from the escapers on purpose.
 */
#ifndef FLAMETREE_TESTS_XML_CHECK_H
#define FLAMETREE_TESTS_XML_CHECK_H

#include "core/str.h"

enum { XML_DEEPEST = 64, XML_ATTRIBUTES = 64 };

struct xml {
    str text;
    size_t at;
    str open[XML_DEEPEST]; /* names of the elements around */
    size_t depth;
    bool had_root;
    const char *why; /* what is wrong, NULL: nothing so far */
};

static inline bool xml_bad(struct xml *xml, const char *why)
{
    if (!xml->why)
        xml->why = why;
    return false;
}

static inline bool xml_starts(const struct xml *xml, str with)
{
    return str_starts(str_skip(xml->text, xml->at), with);
}

static inline bool xml_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline void xml_skip_space(struct xml *xml)
{
    while (xml->at < xml->text.n && xml_is_space(xml->text.p[xml->at]))
        xml->at++;
}

static inline bool xml_char_allowed(uint32_t c)
{
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xd800) ||
           (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
}

/* All of it is UTF-8, shortest forms only, and every character is allowed in XML. */
static inline bool xml_check_characters(struct xml *xml)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)xml->text.p;
    for (size_t at = 0, n = xml->text.n; at < n;) {
        unsigned more = p[at] < 0x80 ? 0 : p[at] >= 0xf0 ? 3 : p[at] >= 0xe0 ? 2 : 1;
        uint32_t c = more == 0 ? p[at] : p[at] & (0x3fu >> more);
        if (at + more >= n || (p[at] >= 0x80 && p[at] < 0xc0) || p[at] >= 0xf8)
            return xml_bad(xml, "not UTF-8");
        for (unsigned i = 1; i <= more; i++) {
            if ((p[at + i] & 0xc0) != 0x80)
                return xml_bad(xml, "not UTF-8");
            c = c << 6 | (p[at + i] & 0x3f);
        }
        if (c < least[more] || !xml_char_allowed(c))
            return xml_bad(xml, "a character that XML does not allow");
        at += more + 1;
    }
    return true;
}

static inline bool xml_name(struct xml *xml, str *name)
{
    size_t from = xml->at;
    while (xml->at < xml->text.n) {
        char c = xml->text.p[xml->at];
        bool first = is_alpha(c) || c == '_' || c == ':' || (unsigned char)c >= 0x80;
        if (!first && (xml->at == from || !(is_digit(c) || c == '-' || c == '.')))
            break;
        xml->at++;
    }
    *name = str_cut(xml->text, from, xml->at);
    return name->n > 0 || xml_bad(xml, "a name is missing");
}

/* At '&'. */
static inline bool xml_reference(struct xml *xml)
{
    static const str known[] = {STR_INIT("&amp;"), STR_INIT("&lt;"), STR_INIT("&gt;"),
                                STR_INIT("&quot;"), STR_INIT("&apos;")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (xml_starts(xml, known[i])) {
            xml->at += known[i].n;
            return true;
        }
    }
    uint32_t code = 0;
    bool hex = xml_starts(xml, STR("&#x"));
    size_t from = xml->at + (hex ? 3 : 2), at = from;
    if (!xml_starts(xml, STR("&#")))
        return xml_bad(xml, "an unknown reference");
    for (; at < xml->text.n && at < from + 7 && xml->text.p[at] != ';'; at++) {
        char c = xml->text.p[at];
        if (!(hex ? is_hex(c) : is_digit(c)))
            return xml_bad(xml, "a bad reference");
        unsigned digit = is_digit(c) ? (unsigned)(c - '0') : (unsigned)(to_lower(c) - 'a') + 10;
        code = code * (hex ? 16 : 10) + digit;
    }
    if (at == from || at >= xml->text.n || xml->text.p[at] != ';' || !xml_char_allowed(code))
        return xml_bad(xml, "a bad reference");
    xml->at = at + 1;
    return true;
}

static inline bool xml_value(struct xml *xml)
{
    char quote = xml->at < xml->text.n ? xml->text.p[xml->at++] : '\0';
    if (quote != '"' && quote != '\'')
        return xml_bad(xml, "an attribute without quotes");
    while (xml->at < xml->text.n && xml->text.p[xml->at] != quote) {
        char c = xml->text.p[xml->at];
        if (c == '<')
            return xml_bad(xml, "'<' in an attribute");
        if (c != '&')
            xml->at++;
        else if (!xml_reference(xml))
            return false;
    }
    return xml->at++ < xml->text.n || xml_bad(xml, "an attribute does not end");
}

static inline bool xml_attributes(struct xml *xml)
{
    str names[XML_ATTRIBUTES];
    size_t n = 0;
    for (;;) {
        size_t from = xml->at;
        xml_skip_space(xml);
        if (xml->at == xml->text.n)
            return xml_bad(xml, "a tag does not end");
        if (xml->text.p[xml->at] == '>' || xml->text.p[xml->at] == '/')
            return true;
        if (xml->at == from || n == XML_ATTRIBUTES)
            return xml_bad(xml, "no space before an attribute, or too many");
        if (!xml_name(xml, &names[n]))
            return false;
        for (size_t i = 0; i < n; i++)
            if (str_equal(names[i], names[n]))
                return xml_bad(xml, "an attribute comes twice");
        n++;
        xml_skip_space(xml);
        if (xml->at == xml->text.n || xml->text.p[xml->at++] != '=')
            return xml_bad(xml, "an attribute without value");
        xml_skip_space(xml);
        if (!xml_value(xml))
            return false;
    }
}

/* At '<' of a start tag. */
static inline bool xml_start_tag(struct xml *xml)
{
    str name;
    xml->at++;
    if (xml->depth == 0 && xml->had_root)
        return xml_bad(xml, "a second root");
    if (!xml_name(xml, &name) || !xml_attributes(xml))
        return false;
    xml->had_root = true;
    if (xml_starts(xml, STR("/>"))) {
        xml->at += 2;
        return true;
    }
    if (xml->text.p[xml->at++] != '>' || xml->depth == XML_DEEPEST)
        return xml_bad(xml, "a bad tag, or too deep");
    xml->open[xml->depth++] = name;
    return true;
}

static inline bool xml_end_tag(struct xml *xml)
{
    str name;
    xml->at += 2;
    if (!xml_name(xml, &name))
        return false;
    xml_skip_space(xml);
    if (xml->depth == 0 || !str_equal(name, xml->open[--xml->depth]))
        return xml_bad(xml, "an end tag that fits no start");
    return (xml->at < xml->text.n && xml->text.p[xml->at++] == '>') ||
           xml_bad(xml, "an end tag does not end");
}

/* After `start` up to and with `end`; `never` must not come between. */
static inline bool xml_section(struct xml *xml, str start, str end, str never)
{
    size_t from = xml->at + start.n, to = str_search(xml->text, end, from);
    if (to + end.n > xml->text.n)
        return xml_bad(xml, "a comment, CDATA section or instruction does not end");
    if (never.n > 0 && str_contains(str_cut(xml->text, from, to), never))
        return xml_bad(xml, "'--' in a comment");
    xml->at = to + end.n;
    return true;
}

static inline bool xml_text(struct xml *xml)
{
    char c = xml->text.p[xml->at];
    if (xml->depth == 0 && !xml_is_space(c))
        return xml_bad(xml, "text outside the root");
    if (c == '&')
        return xml_reference(xml);
    if (xml_starts(xml, STR("]]>")))
        return xml_bad(xml, "']]>' in text");
    xml->at++;
    return true;
}

static inline bool xml_step(struct xml *xml)
{
    if (xml->text.p[xml->at] != '<')
        return xml_text(xml);
    if (xml_starts(xml, STR("<!--")))
        return xml_section(xml, STR("<!--"), STR("-->"), STR("--"));
    if (xml_starts(xml, STR("<![CDATA[")))
        return xml_section(xml, STR("<![CDATA["), STR("]]>"), STR(""));
    if (xml_starts(xml, STR("<?")))
        return xml_section(xml, STR("<?"), STR("?>"), STR(""));
    return xml_starts(xml, STR("</")) ? xml_end_tag(xml) : xml_start_tag(xml);
}

/* NULL, or what is wrong; *at is where. */
static inline const char *xml_check(str text, size_t *at)
{
    struct xml xml = {.text = text};
    bool good = xml_check_characters(&xml);
    while (good && xml.at < text.n)
        good = xml_step(&xml);
    if (good && (xml.depth > 0 || !xml.had_root))
        xml_bad(&xml, "an element does not end, or there is none");
    *at = xml.at;
    return xml.why;
}

#endif
