/*
 * style_sheet: the sheet is copied into a <style> element, which may be part of an HTML page, so it
 * cannot hold '<'.
 */
#include "output/style_sheet.h"

#include "core/utf8.h"

static bool fail_at(str css, size_t at, struct err *err, const char *message)
{
    err_set(err, ERR_INPUT, "%s", message);
    err->line = 1;
    for (size_t i = 0; i < at; i++)
        err->line += css.p[i] == '\n';
    return false;
}

static bool check_brackets(str css, struct err *err)
{
    size_t depth = 0;
    for (size_t i = 0; i < css.n; i++) {
        if (css.p[i] == '{')
            depth++;
        else if (css.p[i] == '}' && depth-- == 0)
            return fail_at(css, i, err, "'}' without '{'");
    }
    return depth == 0 || fail_at(css, css.n, err, "a '{' is not closed");
}

bool style_sheet_check(str css, struct err *err)
{
    for (size_t at = 0, next = 0; at < css.n; at = next) {
        uint32_t code = utf8_next(css, &next);
        if (code == UTF8_BAD || !utf8_is_xml(code))
            return fail_at(css, at, err, "a character that XML does not allow, or no UTF-8");
        if (code == '<')
            return fail_at(css, at, err, "a style sheet of a picture cannot hold '<'");
        if (str_starts(str_skip(css, at), STR("]]>")))
            return fail_at(css, at, err, "a style sheet of a picture cannot hold ']]>'");
    }
    return check_brackets(css, err);
}
