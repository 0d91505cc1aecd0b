/* SPDX-License-Identifier: MIT */
/*
 * attrs: see attrs.h.
 */
#include "picture/attrs.h"

static const char *const keys[ATTRS_KEYS] = {
    [ATTRS_ID] = "id",           [ATTRS_CLASS] = "class",   [ATTRS_TITLE] = "title",
    [ATTRS_HREF] = "href",       [ATTRS_TARGET] = "target", [ATTRS_G_EXTRA] = "g_extra",
    [ATTRS_A_EXTRA] = "a_extra",
};

void attrs_init(struct attrs_table *table, struct heap *heap, uint64_t seed)
{
    *table = (struct attrs_table){.heap = heap};
    intern_init(&table->names, heap, seed);
}

static bool fail_attrs(struct err *err, uint64_t line, const char *message)
{
    err_set(err, ERR_INPUT, "%s", message);
    if (err->line == 0)
        err->line = line;
    return false;
}

static bool is_name_byte(char c, bool first)
{
    return is_alpha(c) || c == '_' || (!first && (is_digit(c) || c == '-' || c == '.'));
}

/* The number of bytes of `text` that are a name. Only the prefix "xml:" is known to the document;
 * with any other one it would be malformed. */
static size_t name_length(str text)
{
    size_t from = str_starts(text, STR("xml:")) ? 4 : 0, at = from;
    while (at < text.n && is_name_byte(text.p[at], at == from))
        at++;
    return at == from ? 0 : at;
}

/* Of one frame. Each is compared with all others. */
enum { EXTRAS_MOST = 256 };

/* Whether the frame has the attribute already, or the renderer writes it: a second one would make
 * the document malformed. With its own "xmlns" the frame would not be part of the picture. */
static bool is_taken(const struct attrs *attrs, str name)
{
    static const char *const own[] = {"id", "class", "href", "target", "xmlns"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (str_equal(name, str_from_c(own[i])))
            return true;
    for (size_t i = 0; i < attrs->extras.n; i++)
        if (str_equal(name, attrs->extras.at[i].name))
            return true;
    return false;
}

/* One NAME="VALUE" at the front of *text. */
static bool cut_extra(str *text, struct attrs_extra *extra)
{
    size_t at = name_length(*text);
    if (at == 0 || at + 1 >= text->n || text->p[at] != '=')
        return false;
    char quote = text->p[at + 1];
    if (quote != '"' && quote != '\'')
        return false;
    size_t end = str_find(*text, quote, at + 2);
    if (end >= text->n)
        return false;
    *extra = (struct attrs_extra){str_head(*text, at), str_cut(*text, at + 2, end), false};
    *text = str_trim_left(str_skip(*text, end + 1));
    return true;
}

static bool read_extras(struct attrs_table *table, struct attrs *attrs, bool link, str text)
{
    text = str_trim(text);
    while (text.n > 0) {
        struct attrs_extra extra;
        if (!cut_extra(&text, &extra) || is_taken(attrs, extra.name) ||
            attrs->extras.n == EXTRAS_MOST)
            return false;
        extra.link = link;
        vec_push(table->heap, &attrs->extras, extra);
    }
    return true;
}

/* A colon before any of "/?#" ends a scheme. Browsers skip blanks and control characters before a
 * scheme, and line ends in it. A scheme with these equals none of the three, so it is not safe. */
static bool is_safe_link(str link)
{
    size_t at = 0;
    while (at < link.n && !strchr(":/?#", link.p[at]))
        at++;
    if (at == link.n || link.p[at] != ':')
        return true;
    str scheme = str_head(link, at);
    return str_is_word(scheme, "http") || str_is_word(scheme, "https") ||
           str_is_word(scheme, "mailto");
}

static bool has_handler(const struct attrs *attrs)
{
    for (size_t i = 0; i < attrs->extras.n; i++)
        if (str_is_word(str_head(attrs->extras.at[i].name, 2), "on"))
            return true;
    return false;
}

static bool is_allowed(const struct attrs *attrs, uint64_t line, struct err *err)
{
    if (!is_safe_link(attrs->value[ATTRS_HREF]))
        return fail_attrs(err, line,
                          "a link is http:, https:, mailto: or relative; others want "
                          "--unsafe-links");
    if (has_handler(attrs))
        return fail_attrs(err, line, "attributes that run a script (on...) want --unsafe-links");
    return true;
}

static unsigned find_key(str key)
{
    unsigned i = 0;
    while (i < ATTRS_KEYS && !str_equal(key, str_from_c(keys[i])))
        i++;
    return i;
}

static bool read_field(struct attrs_table *table, struct attrs *attrs, str field, uint64_t line,
                       struct err *err)
{
    size_t equals = str_find(field, '=', 0);
    unsigned key = find_key(str_head(field, equals));
    if (equals >= field.n || key == ATTRS_KEYS)
        return fail_attrs(
            err, line, "an attribute is one of id= class= title= href= target= g_extra= a_extra=");
    str value = str_skip(field, equals + 1);
    attrs->value[key] = value;
    if ((key == ATTRS_G_EXTRA || key == ATTRS_A_EXTRA) &&
        !read_extras(table, attrs, key == ATTRS_A_EXTRA, value))
        return fail_attrs(err, line,
                          "g_extra and a_extra hold name=\"value\", each name once, 256 in all");
    return true;
}

static bool read_attrs_line(struct attrs_table *table, str line, uint64_t number, struct err *err)
{
    struct attrs attrs = {0};
    size_t tab = str_find(line, '\t', 0);
    if (tab >= line.n)
        return fail_attrs(err, number, "no TAB: a line is NAME<TAB>attribute=value<TAB>...");
    for (size_t at = tab + 1; at <= line.n;) {
        size_t end = str_find(line, '\t', at);
        if (end > at && !read_field(table, &attrs, str_cut(line, at, end), number, err))
            return false;
        at = end + 1;
    }
    if (!table->unsafe && !is_allowed(&attrs, number, err))
        return false;
    uint32_t count = intern_count(&table->names);
    uint32_t id = intern_add(&table->names, str_head(line, tab));
    if (id == count)
        vec_push(table->heap, &table->entries, attrs);
    else
        table->entries.at[id] = attrs;
    return true;
}

bool attrs_read(struct attrs_table *table, str text, struct err *err)
{
    size_t at = 0;
    str line;
    for (uint64_t number = 1; str_next_line(text, &at, &line); number++)
        if (line.n > 0 && !read_attrs_line(table, line, number, err))
            return false;
    return true;
}

const struct attrs *attrs_find(const struct attrs_table *table, str name)
{
    uint32_t id = intern_find(&table->names, name);
    return id == INTERN_NONE ? NULL : &table->entries.at[id];
}
