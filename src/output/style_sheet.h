/*
 * style_sheet: the check of a style sheet that a person adds to ours.
 */
#ifndef FLAMETREE_OUTPUT_STYLE_SHEET_H
#define FLAMETREE_OUTPUT_STYLE_SHEET_H

#include "core/str.h"

/* False with *err and its line, when the sheet would end its element, be invalid XML, or leave a
 * bracket open. */
bool style_sheet_check(str css, struct err *err);

#endif
