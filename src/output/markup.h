/* SPDX-License-Identifier: MIT */
/*
 * markup: the parts of documents: numbers, short and the same on every machine, members of JSON,
 * the files of templates/, and the style sheet of the user.
 */
#ifndef FLAMETREE_OUTPUT_MARKUP_H
#define FLAMETREE_OUTPUT_MARKUP_H

#include "core/sink.h"
#include "picture/color.h"
#include "profile/profile.h"

/* ---- numbers ---- */

/* A length in px to at most two decimals, without trailing zeros: 12, 12.5, 12.25. */
void put_px(struct sink *sink, double px);

/* The same to one decimal, for what is rounded to that already and not negative. */
static inline void put_tenths(struct sink *sink, double px)
{
    uint64_t tenths = (uint64_t)(px * 10 + 0.5);
    sink_u64(sink, tenths / 10);
    if (tenths % 10 != 0) {
        sink_byte(sink, '.');
        sink_byte(sink, (char)('0' + tenths % 10));
    }
}

/* Any finite number as JSON: 2.5, 1e-9. */
void put_number(struct sink *sink, double value);

/* units of 10^-decimals with commas, without trailing zeros: 1,234.5 */
void put_count(struct sink *sink, uint64_t units, unsigned decimals);

/* rgb(r,g,b) */
void put_rgb(struct sink *sink, rgb color);

/* Six hex digits. */
void put_hex(struct sink *sink, rgb color);

/* ---- JSON ---- */

/* A string with its quotes. */
void put_string(struct sink *sink, str text);

/* ---- parts ---- */

/* A sink_put_fn for plain text, and for text that is escaped later. */
void put_plain(str text, struct sink *sink);

/* A piece of a document and how it is written. Text from outside is never PART_PLAIN. */
struct part {
    enum {
        PART_PLAIN,
        PART_XML,
        PART_STRING,
        PART_VIA,
        PART_PX,
        PART_FIXED,
        PART_COMMAS,
        PART_NUMBER,
        PART_DIGITS,
        PART_AMOUNT
    } kind;
    str text;
    sink_put_fn *via;
    double number;
    unsigned decimals;
    uint64_t whole;
};

#define LIT(literal)   ((struct part){.kind = PART_PLAIN, .text = STR(literal)})
#define WORD(chars)    ((struct part){.kind = PART_PLAIN, .text = str_from_c(chars)})
#define XML(str_)      ((struct part){.kind = PART_XML, .text = str_})
#define STRING(str_)   ((struct part){.kind = PART_STRING, .text = str_}) /* JSON */
#define VIA(put, str_) ((struct part){.kind = PART_VIA, .via = put, .text = str_})
#define PX(px)         ((struct part){.kind = PART_PX, .number = px})
#define FIXED(value, decimals_) \
    ((struct part){.kind = PART_FIXED, .number = value, .decimals = decimals_})
#define COMMAS(value) ((struct part){.kind = PART_COMMAS, .whole = value})

/* "12.66 s", the value as quantity_of() shows it; without a unit the number alone. */
#define AMOUNT(value, unit, put) \
    ((struct part){.kind = PART_AMOUNT, .number = value, .text = unit, .via = put})

/* Of JSON. KEY: a further member of an object; its value follows. DIGITS: a whole number. */
#define KEY(name)     LIT(",\"" name "\":")
#define NUMBER(value) ((struct part){.kind = PART_NUMBER, .number = value})
#define DIGITS(value) ((struct part){.kind = PART_DIGITS, .whole = value})
#define BOOL(value)   WORD((value) ? "true" : "false")

void put_parts(struct sink *sink, const struct part *parts, size_t n);

/* PUT(sink, LIT("<text x=\""), PX(x), LIT("\">"), XML(label), LIT("</text>")); not for frames, of
 * which there may be millions. */
#define PUT(sink, ...)                                  \
    put_parts(sink, (const struct part[]){__VA_ARGS__}, \
              sizeof((const struct part[]){__VA_ARGS__}) / sizeof(struct part))

/* ---- cells: numbers as short texts, for columns ---- */

enum { CELL_ROOM = 120 };

struct cell {
    char at[CELL_ROOM];
    size_t n;
};

static inline str cell_text(const struct cell *cell)
{
    return str_of(cell->at, cell->n);
}

/* As much of the text as there is room for. */
void cell_add(struct cell *cell, str text);
void cell_add_fixed(struct cell *cell, double value, unsigned decimals);

/* A part of a document, from a struct cell. */
#define CELL(cell_) \
    ((struct part){.kind = PART_PLAIN, .text = cell_text((const struct cell[]){cell_})})

/* ---- templates ---- */

/* A file of templates/. The build makes template_data.c from them (build-aux/embed.sh); the modules
 * of templates/viewer/ are the parts of the viewer: "start.js" and "viewer*.js". */
struct template_file {
    const char *name; /* the path below templates/ */
    const unsigned char *data;
    size_t size; /* a NUL follows that is not counted */
};

/* An entry whose name is NULL ends it. */
extern const struct template_file template_files[];

str template_text(const char *name);

/* Writes what goes to the {{place}} of a template. */
typedef void template_put_fn(const void *context, str place, struct sink *sink);

void template_fill(str text, template_put_fn *put, const void *context, struct sink *sink);

/* False with *err and its line, when the sheet would end its element, be invalid XML, or leave a
 * bracket open. */
bool style_sheet_check(str css, struct err *err);

#endif
