/* SPDX-License-Identifier: MIT */
/*
 * drawing_variants: the variants of drawing_write(): a picture in a terminal, the callers and
 * callees of one function, the report of one profile.
 */
#include "pipeline/drawing.h"

#include "profile/tree_map.h"
#include "transform/sandwich.h"

/* The rows do not come from the layout in px, in which no frame would be wide enough. */
bool drawing_write_terminal(struct drawing *d)
{
    const struct request *r = d->request;
    struct terminal terminal = r->terminal;
    struct picture picture;
    d->picture.layout.minwidth = 100;
    d->picture.layout.minwidth_percent = true;
    if (r->width_given)
        terminal.columns = (unsigned)r->picture.layout.width;
    if (r->row_given)
        terminal.lines = (unsigned)r->picture.layout.row;
    picture_make(&picture, d->tree, d->column, &d->picture);
    bool done = drawing_write_content(d, &(struct output_content){.picture = &picture,
                                                                  .profile = d->profile,
                                                                  .column = d->column,
                                                                  .terminal = &terminal});
    picture_end(&picture);
    return done;
}

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

/* ---- a report of one profile ---- */

/* By frame: whether a pattern matches it. NULL if that takes too long, or nothing matches. */
static bool *find_wanted(const struct drawing *d, struct name_rules *rules)
{
    const struct intern *texts = &d->tree->frames.texts;
    uint32_t *found = name_rules_find_all(rules, texts, d->heap, d->err);
    if (!found)
        return NULL;
    bool *wanted = heap_alloc(d->heap, intern_count(texts), sizeof *wanted), any = false;
    for (uint32_t id = 0; id < intern_count(texts); id++) {
        wanted[id] = id > 0 && found[id] != NAME_RULES_NONE;
        any |= wanted[id];
    }
    heap_free(d->heap, found);
    if (any)
        return wanted;
    err_set(d->err, ERR_INPUT, "no function matches %s '%.*s'",
            d->request->library ? "peek" : "--peek", STR_SHOWN(rules->list.at[0].text, 100));
    return NULL;
}

/* The smallest part of the whole that a tree shows, without --minwidth. */
static const double LEAST_TO_READ = 0.005;

static double report_least(const struct request *r)
{
    if (!r->min_width_given)
        return r->output->brief ? LEAST_TO_READ : 0;
    return r->picture.layout.minwidth_percent
               ? r->picture.layout.minwidth / 100
               : r->picture.layout.minwidth / r->picture.layout.width;
}

bool drawing_write_report(struct drawing *d)
{
    const struct request *r = d->request;
    struct profile_report report = {
        .profile = d->profile,
        .tree = d->tree,
        .column = d->column,
        .unit = d->picture.unit,
        .countname = d->picture.countname,
        .factor = d->picture.factor,
        .view = r->report_view,
        .by = r->report_by,
        .top = output_top(r->output, r->report_top, PROFILE_TOP),
        .least = report_least(r),
    };
    struct tree callers;
    if (tree_has_sides(d->tree))
        return err_set(d->err, ERR_USAGE,
                       "the profile has two columns, before and after: give the two profiles that "
                       "it was made of to %s",
                       r->library ? "flametree_compare()" : "flamediff --report");
    if (report.view == PROFILE_CALLERS) {
        tree_reverse(&callers, d->tree);
        report.tree = &callers;
    }
    if (r->peek && r->peek->list.n > 0) {
        report.view = PROFILE_NEIGHBORS;
        report.wanted = find_wanted(d, r->peek);
        if (!report.wanted)
            return false;
    }
    return drawing_write_content(d, &(struct output_content){.profile_report = &report});
}
