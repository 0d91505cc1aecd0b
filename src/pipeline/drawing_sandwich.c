/* SPDX-License-Identifier: MIT */
/*
 * drawing_sandwich: the part of drawing_write() that draws the callers and callees of one function.
 */
#include "pipeline/drawing.h"
#include "transform/sandwich.h"

bool drawing_write_sandwich(struct drawing *d, struct document *document)
{
    struct picture all, callers, callees;
    struct sandwich sandwich;
    if (tree_has_sides(d->tree))
        return err_set(d->err, ERR_USAGE, "--sandwich draws one profile, and not two columns");
    if (!sandwich_make(&sandwich, d->tree, d->column, "--sandwich",
                       str_from_c(d->request->sandwich), d->err))
        return false;
    picture_make(&all, d->tree, d->column, &d->picture);
    picture_make_sandwich(&all, &callers, &callees, &sandwich.callers, &sandwich.callees,
                          sandwich.name);
    document->picture = &all;
    document->callers = &callers;
    document->callees = &callees;
    bool done = drawing_write_content(d, &(struct output_content){.document = document});
    picture_end(&callees);
    picture_end(&callers);
    picture_end(&all);
    sandwich_end(&sandwich);
    return done;
}
