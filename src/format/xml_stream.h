/* SPDX-License-Identifier: MIT */
/*
 * xml_stream: the tags of an XML document: elements, attributes, text and the five entities of XML
 * itself. It stops at a document type, which could define others.
 *
 *      struct xml_stream xml = {.input = input, .text.heap = heap};
 *      while (xml_next_tag(&xml))
 *          ... xml.name, xml.opens, xml.closes, xml_stream_attribute(&xml, STR("id")) ...
 *      if (xml.damage) ...
 */
#ifndef FLAMETREE_FORMAT_XML_STREAM_H
#define FLAMETREE_FORMAT_XML_STREAM_H

#include "format/reader_input.h"

struct xml_stream {
    struct reader_input *input;
    uint64_t offset;    /* of the current tag */
    const char *damage; /* why it stopped; NULL: it has not */

    /* The current tag. The texts are valid until the next one. */
    str name;
    bool opens, closes; /* both: an empty element */
    struct strbuf text; /* before it, decoded; the caller frees it */

    /* private */
    str attributes;
    uint64_t taken, depth;
};

/* The next tag of an element. False: there is none, or xml->damage is set. */
bool xml_next_tag(struct xml_stream *xml);

/* An attribute of the current tag as it is written, with its entities; "": there is none. */
str xml_stream_attribute(const struct xml_stream *xml, str key);

/* Set `damage`, unless it is set. Always returns false. */
bool xml_stop(struct xml_stream *xml, const char *why);

#endif
