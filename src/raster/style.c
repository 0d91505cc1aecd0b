/*
 * style: see style.h. A rule is `selector, selector { declarations }`; whatever is not understood
 * stays.
 */
#include "raster/style.h"

void style_put(struct style_text *to, struct heap *heap, str bytes)
{
    vec_reserve(heap, &to->bytes, bytes.n);
    if (bytes.n > 0)
        memcpy(to->bytes.at + to->bytes.n, bytes.p, bytes.n);
    to->bytes.n += bytes.n;
}

static bool is_name(char c)
{
    return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || ((unsigned char)c & 0x80) != 0;
}

static str name_at(str text, size_t at)
{
    size_t end = at;
    while (end < text.n && is_name(text.p[end]))
        end++;
    return str_cut(text, at, end);
}

/* Behind the bracket that closes the one at `at`, strings skipped. */
static size_t end_of_group(str text, size_t at)
{
    size_t depth = 0;
    for (; at < text.n; at++) {
        char c = text.p[at];
        if (c == '"' || c == '\'')
            at = str_find(text, c, at + 1);
        else if (c == '{' || c == '(' || c == '[')
            depth++;
        else if ((c == '}' || c == ')' || c == ']') && --depth == 0)
            return at + 1;
    }
    return text.n;
}

static bool is_one_of(str word, const char *const *words)
{
    for (; *words; words++)
        if (str_equal(word, str_from_c(*words)))
            return true;
    return false;
}

/* An attribute that nobody has: [role="tree"]. */
static bool has_attribute(const struct style_scope *scope, str name)
{
    for (size_t at = 0; name.n > 0; at += name.n) {
        at = str_search(scope->document, name, at);
        if (at >= scope->document.n)
            return false;
        if (at + name.n < scope->document.n && scope->document.p[at + name.n] == '=')
            return true;
    }
    return true;
}

/* A selector on the way from left to right. */
struct walk {
    str selector;
    size_t at;
    size_t elements; /* "svg.flametree g rect" has three */
    bool below_svg;  /* the first was an <svg> */
    bool in_element; /* what comes belongs to the same one */
    struct style_demands demands;
};

/* ":hover", ":nth-child(2)": whether it can be in a still picture. */
static bool take_pseudo(struct walk *walk)
{
    static const char *const never[] = {"hover",         "focus",        "active", "visited",
                                        "focus-visible", "focus-within", "target", NULL};
    static const char *const place_free[] = {"not", "root", "is", "where", "lang", "link", NULL};
    while (walk->at < walk->selector.n && walk->selector.p[walk->at] == ':')
        walk->at++;
    str name = name_at(walk->selector, walk->at);
    walk->at += name.n;
    if (walk->at < walk->selector.n && walk->selector.p[walk->at] == '(')
        walk->at = end_of_group(walk->selector, walk->at);
    walk->demands.place |= !is_one_of(name, place_free);
    return !is_one_of(name, never);
}

/* The name of an element. One <g> more or less does not matter to `g rect` and `svg g rect` as long
 * as there is another around it. */
static void take_type(struct walk *walk)
{
    str name = name_at(walk->selector, walk->at);
    walk->at += name.n;
    if (walk->elements == 1)
        walk->below_svg = str_equal(name, STR("svg"));
    if (str_equal(name, STR("g")) && walk->elements > (walk->below_svg ? 2 : 1))
        walk->demands.groups = true;
}

static void take_combinator(struct walk *walk, char c)
{
    walk->demands.place |= c == '+' || c == '~';
    walk->demands.groups |= c == '>' || c == '*';
    walk->in_element = false;
    walk->at++;
}

/* The simple selector that comes next: whether it may match. */
static bool take_part(struct walk *walk, const struct style_scope *scope)
{
    char c = walk->selector.p[walk->at];
    size_t from = walk->at;
    if ((unsigned char)c <= ' ' || strchr(">+~*", c)) {
        take_combinator(walk, c);
        return true;
    }
    if (!walk->in_element)
        walk->elements++;
    walk->in_element = true;
    if (is_name(c)) {
        take_type(walk);
        return true;
    }
    if (c == ':')
        return take_pseudo(walk);
    str name = name_at(walk->selector, from + 1);
    if (c == '[') {
        walk->at = end_of_group(walk->selector, from);
        return has_attribute(scope, name);
    }
    walk->at += 1 + name.n;
    return (c != '.' || intern_find(&scope->classes, name) != INTERN_NONE) &&
           (c != '#' || intern_find(&scope->ids, name) != INTERN_NONE);
}

static bool selector_matches(str selector, const struct style_scope *scope,
                             struct style_demands *demands)
{
    struct walk walk = {.selector = selector};
    while (walk.at < selector.n)
        if (!take_part(&walk, scope))
            return false;
    demands->place |= walk.demands.place;
    demands->groups |= walk.demands.groups;
    return true;
}

/* Up to the comma that stands in no bracket. */
static str take_selector(str *list)
{
    size_t at = 0;
    while (at < list->n && list->p[at] != ',')
        at = list->p[at] == '(' || list->p[at] == '[' ? end_of_group(*list, at) : at + 1;
    str selector = str_head(*list, at);
    *list = str_skip(*list, at < list->n ? at + 1 : at);
    return selector;
}

/* { pointer-events: none; }: what it says cannot be seen. */
static bool is_unseen(str block)
{
    static const char *const unseen[] = {"pointer-events",      "cursor",     "user-select",
                                         "touch-action",        "transition", "outline",
                                         "-webkit-user-select", NULL};
    for (size_t at = 1; at < block.n;) {
        size_t end = str_find(block, ';', at), colon = str_find(block, ':', at);
        str name = str_trim(str_cut(block, at, colon < end ? colon : end));
        while (name.n > 0 && (name.p[0] == '\n' || name.p[0] == '\r'))
            name = str_trim(str_skip(name, 1));
        if (colon < end && !is_one_of(name, unseen))
            return false;
        at = end + 1;
    }
    return true;
}

/* selectors { declarations } */
static void put_rule(str selectors, str block, const struct style_scope *scope, struct heap *heap,
                     struct style_text *to, struct style_demands *demands)
{
    bool any = false;
    if (is_unseen(block))
        return;
    while (selectors.n > 0) {
        str selector = take_selector(&selectors);
        if (!selector_matches(selector, scope, demands))
            continue;
        if (any)
            style_put(to, heap, STR(","));
        style_put(to, heap, selector);
        any = true;
    }
    if (any)
        style_put(to, heap, block);
}

static str without_comments(str css, struct heap *heap, struct style_text *room)
{
    for (size_t at = 0; at < css.n;) {
        size_t open = str_search(css, STR("/*"), at);
        style_put(room, heap, str_cut(css, at, open));
        size_t close = open < css.n ? str_search(css, STR("*/"), open + 2) : css.n;
        at = close < css.n ? close + 2 : css.n;
    }
    return str_of(room->bytes.at, room->bytes.n);
}

struct style_demands style_filter(str css, const struct style_scope *scope, struct heap *heap,
                                  struct style_text *to)
{
    struct style_text room = {0};
    struct style_demands demands = {false, false};
    css = without_comments(css, heap, &room);
    for (size_t at = 0; at < css.n;) {
        size_t open = str_find(css, '{', at), stop = str_find(css, ';', at);
        str head = str_trim_left(str_cut(css, at, open));
        while (head.n > 0 && (head.p[0] == '\n' || head.p[0] == '\r'))
            head = str_trim_left(str_skip(head, 1));
        bool at_rule = str_starts(head, STR("@"));
        if (at_rule && stop < open) { /* @import, @charset */
            at = stop + 1;
            continue;
        }
        size_t end = end_of_group(css, open);
        if (!at_rule && open < css.n)
            put_rule(head, str_cut(css, open, end), scope, heap, to, &demands);
        at = end;
    }
    vec_free(heap, &room.bytes);
    return demands;
}
