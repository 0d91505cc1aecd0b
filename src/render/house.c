/*
 * house: see house.h. A template is checked when it comes in, so that nothing can go wrong while a
 * picture is written.
 */
#include "render/house.h"

#include "core/utf8.h"
#include "render/template.h"

const char *const house_templates[] = {"flamegraph.svg", "message.svg", "flamegraph.css",
                                       "viewer.css", NULL};

/* Those that must be there, "" behind the last; what may be there is what ours has, and more that
 * ours is free to leave out. */
struct rule {
    const char *must[4];
    const char *may[4];
};

static const struct rule rules[] = {
    {{"width", "height", "style", "frames"}, {"data", "script", "prefix", "hatches"}},
    {{"lines", "", "", ""}, {"prefix", "title", "", ""}},
};

static bool is_one_of(str name, const char *const words[4])
{
    for (size_t i = 0; i < 4; i++)
        if (str_equal(name, str_from_c(words[i])))
            return name.n > 0;
    return false;
}

static uint64_t line_of(str text, size_t at)
{
    uint64_t line = 1;
    for (size_t i = 0; i < at && i < text.n; i++)
        line += text.p[i] == '\n';
    return line;
}

static bool fail(str text, size_t at, struct err *err)
{
    err->line = line_of(text, at);
    return false;
}

/* "{{name}}" from `from` on: where it starts, text.n when there is none; *name is {NULL, 0} when it
 * is not closed. */
static size_t next_place(str text, size_t from, str *name)
{
    size_t open = str_search(text, STR("{{"), from);
    size_t close = open < text.n ? str_search(text, STR("}}"), open) : text.n;
    size_t line_end = str_find(text, '\n', open);
    *name = close < line_end ? str_cut(text, open + 2, close) : str_of(NULL, 0);
    return open;
}

static bool has_place(str text, str wanted)
{
    str name;
    for (size_t at = 0; (at = next_place(text, at, &name)) < text.n; at += 2)
        if (name.p && str_equal(name, wanted))
            return true;
    return false;
}

static bool check_places(str text, const char *file, const struct rule *rule, struct err *err)
{
    str name, ours = template_text(file);
    for (size_t at = 0; (at = next_place(text, at, &name)) < text.n; at += 2) {
        if (!name.p) {
            err_set(err, ERR_INPUT, "'{{' without '}}' on its line");
            return fail(text, at, err);
        }
        if (!has_place(ours, name) && !is_one_of(name, rule->may)) {
            err_set(err, ERR_INPUT, "there is no place '{{%.*s}}' in %s; see doc/templates.md",
                    name.n < 60 ? (int)name.n : 60, name.p, file);
            return fail(text, at, err);
        }
    }
    for (size_t i = 0; i < 4 && rule->must[i][0] != '\0'; i++) {
        if (!has_place(text, str_from_c(rule->must[i]))) {
            err_set(err, ERR_INPUT, "the place '{{%s}}' is missing", rule->must[i]);
            return fail(text, text.n, err);
        }
    }
    return true;
}

/* Broken UTF-8 and control characters would make the document one that nothing can read. */
static bool check_text(str text, struct err *err)
{
    for (size_t at = 0, next = 0; at < text.n; at = next) {
        uint32_t code = utf8_next(text, &next);
        if (code == UTF8_BAD || !utf8_is_xml(code)) {
            err_set(err, ERR_INPUT, "a character that XML does not allow, or no UTF-8");
            return fail(text, at, err);
        }
    }
    return true;
}

/* What would end the element, or be no XML inside of it. */
static bool lacks(str css, str what, struct err *err)
{
    size_t at = str_search(css, what, 0);
    if (at == css.n)
        return true;
    err_set(err, ERR_INPUT, "'%.*s' cannot stand in a style sheet of a picture", (int)what.n,
            what.p);
    return fail(css, at, err);
}

static bool check_css(str css, struct err *err)
{
    size_t open = 0, close = 0, at = 0;
    if (!check_text(css, err) || !lacks(css, STR("<"), err) || !lacks(css, STR("]]>"), err))
        return false;
    for (size_t i = 0; i < css.n && close <= open; i++) {
        open += css.p[i] == '{';
        close += css.p[i] == '}';
        at = i;
    }
    if (open == close)
        return true;
    err_set(err, ERR_INPUT, close > open ? "'}' without '{'" : "a '{' is not closed");
    return fail(css, at, err);
}

/* Behind the last "</svg>", or 0. */
static size_t end_of_svg(str text)
{
    size_t end = 0, at = str_search(text, STR("<svg"), 0);
    while ((at = str_search(text, STR("</svg>"), at)) < text.n)
        end = at += 6;
    return end;
}

static bool check_svg(str text, const char *file, const struct rule *rule, struct err *err)
{
    size_t end = end_of_svg(text);
    if (!check_text(text, err) || !check_places(text, file, rule, err))
        return false;
    if (!utf8_is_said(text)) {
        err_set(err, ERR_INPUT, "it says that it is no UTF-8, which the picture is");
        return fail(text, 0, err);
    }
    if (end == 0) {
        err_set(err, ERR_INPUT, "no <svg> element, or it is not closed");
        return fail(text, text.n, err);
    }
    while (end < text.n && (is_blank(text.p[end]) || text.p[end] == '\n' || text.p[end] == '\r'))
        end++;
    if (end == text.n)
        return true;
    err_set(err, ERR_INPUT, "behind </svg> nothing may follow");
    return fail(text, end, err);
}

bool house_set_template(struct house *house, size_t i, str text, struct err *err)
{
    bool good = i < sizeof rules / sizeof rules[0]
                    ? check_svg(text, house_templates[i], &rules[i], err)
                    : check_css(text, err);
    if (good)
        house->text[i] = text;
    return good;
}

bool house_set_css(struct house *house, str css, struct err *err)
{
    if (!check_css(css, err))
        return false;
    house->css = css;
    return true;
}

str house_template(const struct house *house, const char *name)
{
    for (size_t i = 0; house && i < HOUSE_TEMPLATES; i++)
        if (strcmp(house_templates[i], name) == 0 && house->text[i].p)
            return house->text[i];
    return template_text(name);
}
