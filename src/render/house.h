/*
 * house: a house style: a person's own templates in the place of ours, and a style sheet after
 * ours. doc/templates.md says what they may hold.
 */
#ifndef FLAMETREE_RENDER_HOUSE_H
#define FLAMETREE_RENDER_HOUSE_H

#include "core/err.h"
#include "core/str.h"

/* The templates that a house may bring, ending with NULL. */
extern const char *const house_templates[];
enum { HOUSE_TEMPLATES = 4 };

struct house {
    str text[HOUSE_TEMPLATES]; /* by the place in house_templates; p NULL: ours */
    str css;                   /* "": none */
};

/* Use `text`, which outlives the house, as template `i`. False with *err naming the line: a place
 * that is not known, one that is missing, a bracket that is not closed. */
bool house_set_template(struct house *house, size_t i, str text, struct err *err);

/* The same for the style sheet. It may stand in HTML, so it cannot hold '<'. */
bool house_set_css(struct house *house, str css, struct err *err);

/* The template of that name: the house's, else ours. NULL: no house. */
str house_template(const struct house *house, const char *name);

#endif
