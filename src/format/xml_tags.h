/* SPDX-License-Identifier: MIT */
/*
 * xml_tags: the tags of an XML document, one after the other, with the text before each.
 *
 *      <title>f (5 samples)</title>        text "", tag "title"
 *                                          text "f (5 samples)", tag "/title"
 *
 * Comments, CDATA, declarations and the content of scripts are skipped. Nesting is not followed,
 * and entities that a document declares are not expanded. A tag or text of more than 1 MB is
 * skipped.
 */
#ifndef FLAMETREE_FORMAT_XML_TAGS_H
#define FLAMETREE_FORMAT_XML_TAGS_H

#include "core/heap.h"
#include "format/reader_input.h"

struct xml_tags {
    struct reader_input *input;
    str text, tag;      /* until the next call; `tag` is without < and > */
    uint64_t lines;     /* line ends before `text` */
    size_t taken;       /* bytes of text and tag */
    bool in_script;     /* a program is ahead */
    uint64_t skipped;   /* bytes before `text` */
    const char *damage; /* what was skipped first, as "it is cut short"; NULL: nothing */
    uint64_t damage_at; /* its offset */
};

/* Set the damage, unless there is some already. */
void xml_tags_note(struct xml_tags *xml, const char *why, uint64_t at);

/* False at the end of the input. */
bool xml_tags_next(struct xml_tags *xml);

/* The name of the tag: "title", "/title". */
str xml_tag_name(str tag);

/* False if the tag has no such attribute. Entities are left in *value. */
bool xml_attribute(str tag, str name, str *value);

/* Append the text with &lt; &gt; &amp; &quot; &apos; and numbers replaced. Others stay. */
void xml_decode(str text, struct strbuf *buf);

#endif
