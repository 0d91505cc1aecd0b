/*
 * markup: see markup.h.
 */
#include "raster/markup.h"

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

static size_t end_of(str text, size_t at, str mark)
{
    size_t end = str_search(text, mark, at);
    return end < text.n ? end + mark.n : text.n;
}

/* Behind the `>` of a tag; one inside an attribute does not count. */
static size_t end_of_tag(str text, size_t at)
{
    char quote = '\0';
    for (; at < text.n; at++) {
        char c = text.p[at];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
    }
    return text.n;
}

/* <!DOCTYPE svg [ <!ENTITY ...> ]> */
static size_t end_of_doctype(str text, size_t at)
{
    size_t close = end_of_tag(text, at), bracket = str_find(text, '[', at);
    if (bracket >= close)
        return close;
    return end_of_tag(text, end_of(text, bracket, STR("]")));
}

static size_t end_of_other(str text, size_t at)
{
    str rest = str_skip(text, at);
    if (str_starts(rest, STR("<!--")))
        return end_of(text, at + 4, STR("-->"));
    if (str_starts(rest, STR("<![CDATA[")))
        return end_of(text, at, STR("]]>"));
    if (str_starts(rest, STR("<?")))
        return end_of(text, at, STR("?>"));
    return end_of_doctype(text, at);
}

static struct markup_token tag(str text, size_t at)
{
    struct markup_token token = {.raw = str_cut(text, at, end_of_tag(text, at))};
    bool close = str_starts(token.raw, STR("</"));
    bool empty = str_ends(token.raw, STR("/>"));
    size_t from = close ? 2 : 1, to = from;
    size_t end = token.raw.n - (empty ? 2 : 1);
    token.kind = close ? MARKUP_CLOSE : empty ? MARKUP_EMPTY : MARKUP_OPEN;
    while (to < end && !is_space(token.raw.p[to]) && token.raw.p[to] != '/')
        to++;
    token.name = str_cut(token.raw, from, to > from ? to : from);
    token.attributes = to < end ? str_cut(token.raw, to, end) : STR("");
    return token;
}

struct markup_token markup_next(str text, size_t at)
{
    struct markup_token token = {.kind = MARKUP_TEXT};
    if (text.p[at] != '<') {
        token.raw = str_cut(text, at, str_find(text, '<', at));
        return token;
    }
    if (at + 1 < text.n && (text.p[at + 1] == '!' || text.p[at + 1] == '?')) {
        token.kind = MARKUP_OTHER;
        token.raw = str_cut(text, at, end_of_other(text, at));
        return token;
    }
    return tag(text, at);
}

/* One name="value" off the front of *rest. */
static bool take_attribute(str *rest, str *name, str *value)
{
    size_t from = 0, to, quote;
    while (from < rest->n && is_space(rest->p[from]))
        from++;
    for (to = from; to < rest->n && rest->p[to] != '=' && !is_space(rest->p[to]);)
        to++;
    *name = str_cut(*rest, from, to);
    for (quote = to; quote < rest->n && rest->p[quote] != '"' && rest->p[quote] != '\'';)
        quote++;
    if (quote >= rest->n)
        return false;
    size_t end = str_find(*rest, rest->p[quote], quote + 1);
    *value = str_cut(*rest, quote + 1, end);
    *rest = end < rest->n ? str_skip(*rest, end + 1) : STR("");
    return true;
}

str markup_attribute(str attributes, str name)
{
    str found, value;
    while (take_attribute(&attributes, &found, &value))
        if (str_equal(found, name))
            return value;
    return str_of(NULL, 0);
}
