/* SPDX-License-Identifier: MIT */
/*
 * markup: see markup.h. The text between the places of a template is ours, so it goes out as it is.
 * A style sheet is copied into a <style> element, which may be part of an HTML page, so it cannot
 * hold '<'.
 */
#include "output/markup.h"

#include "core/str.h"

void put_px(struct sink *sink, double px)
{
    char *to = sink_room(sink, NUM_ROOM);
    size_t n = num_put_fixed(to, px, 2);
    if (n > 3 && to[n - 3] == '.') {
        while (to[n - 1] == '0')
            n--;
        if (to[n - 1] == '.')
            n--;
    }
    sink->n += n;
}

/* Add digits until the rest is below the precision of a double. */
void put_number(struct sink *sink, double value)
{
    unsigned power = 0;
    if (value < 0) {
        sink_byte(sink, '-');
        value = -value;
    }
    double units = value;
    while (units < 1e14 && power < 300) {
        double off = units - (double)(uint64_t)(units + 0.5);
        if ((off < 0 ? -off : off) <= units * 1e-15)
            break;
        power++;
        units = value;
        for (unsigned i = 0; i < power; i++)
            units *= 10;
    }
    if (units >= 18e18)
        units = 18e18;
    if (power <= 9) {
        sink_decimal(sink, (uint64_t)(units + 0.5), power);
        return;
    }
    sink_u64(sink, (uint64_t)(units + 0.5));
    sink_lit(sink, "e-");
    sink_u64(sink, power);
}

void put_count(struct sink *sink, uint64_t units, unsigned decimals)
{
    uint64_t one = 1;
    num_scale10(1, decimals, &one);
    sink_commas(sink, units / one);
    if (units % one == 0)
        return;
    char digits[NUM_ROOM];
    size_t n = num_put_decimal(digits, units % one, decimals);
    sink_bytes(sink, str_cut(str_of(digits, n), 1, n)); /* without the 0 before the point */
}

void put_rgb(struct sink *sink, rgb color)
{
    char *to = sink_room(sink, NUM_ROOM);
    size_t n = 4;
    memcpy(to, "rgb(", 4);
    n += num_put_u64(to + n, color.r);
    to[n++] = ',';
    n += num_put_u64(to + n, color.g);
    to[n++] = ',';
    n += num_put_u64(to + n, color.b);
    to[n++] = ')';
    sink->n += n;
}

void put_hex(struct sink *sink, rgb color)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char bytes[] = {color.r, color.g, color.b};
    for (size_t i = 0; i < 3; i++) {
        sink_byte(sink, hex[bytes[i] >> 4]);
        sink_byte(sink, hex[bytes[i] & 15]);
    }
}

void put_string(struct sink *sink, str text)
{
    sink_byte(sink, '"');
    sink_json(sink, text);
    sink_byte(sink, '"');
}

void put_plain(str text, struct sink *sink)
{
    sink_bytes(sink, text);
}

static void put_amount_part(const struct part *part, struct sink *sink)
{
    struct quantity quantity = quantity_of(part->number, part->text);
    sink_bytes(sink, quantity_number(&quantity));
    if (quantity.name.n > 0) {
        sink_byte(sink, ' ');
        part->via(quantity.name, sink);
    }
}

void put_parts(struct sink *sink, const struct part *parts, size_t n)
{
    for (const struct part *part = parts; part < parts + n; part++) {
        switch (part->kind) {
        case PART_PLAIN: sink_bytes(sink, part->text); break;
        case PART_XML: sink_xml(sink, part->text); break;
        case PART_STRING: put_string(sink, part->text); break;
        case PART_VIA: part->via(part->text, sink); break;
        case PART_PX: put_px(sink, part->number); break;
        case PART_FIXED: sink_fixed(sink, part->number, part->decimals); break;
        case PART_COMMAS: sink_commas(sink, part->whole); break;
        case PART_NUMBER: put_number(sink, part->number); break;
        case PART_DIGITS: sink_u64(sink, part->whole); break;
        case PART_AMOUNT: put_amount_part(part, sink); break;
        }
    }
}

void cell_add(struct cell *cell, str text)
{
    text = str_limit(text, CELL_ROOM - cell->n);
    memcpy(cell->at + cell->n, text.p, text.n);
    cell->n += text.n;
}

void cell_add_fixed(struct cell *cell, double value, unsigned decimals)
{
    char digits[NUM_ROOM];
    cell_add(cell, str_of(digits, num_put_fixed(digits, value, decimals)));
}

/* ---- templates ---- */

str template_text(const char *name)
{
    const struct template_file *file = template_files;
    while (strcmp(file->name, name) != 0)
        file++;
    return str_of((const char *)file->data, file->size);
}

void template_fill(str text, template_put_fn *put, const void *context, struct sink *sink)
{
    for (size_t at = 0; at < text.n;) {
        size_t open = str_search(text, STR("{{"), at);
        sink_bytes(sink, str_cut(text, at, open));
        if (open >= text.n)
            break;
        size_t close = str_search(text, STR("}}"), open);
        put(context, str_cut(text, open + 2, close), sink);
        at = close + 2;
    }
}

static bool fail_at(str css, size_t at, struct err *err, const char *message)
{
    err_set(err, ERR_INPUT, "%s", message);
    err->line = 1 + str_count(str_head(css, at), '\n');
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
