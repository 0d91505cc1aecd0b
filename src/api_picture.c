/* SPDX-License-Identifier: MIT */
/*
 * api_picture: draws a profile, or writes a report of it. It makes a request of the caller's
 * options and writes the output to a file or to a function of the caller.
 */
#include <unistd.h>

#include "api_inside.h"
#include "output/markup.h"
#include "profile/tree_map.h"
#include "transform/filter.h"

struct draw_call {
    flametree_profile *profile;
    const flametree_picture *options; /* NULL: a report */
    const flametree_report *report;
    const char *path; /* NULL: write() gets the output */
    flametree_write_fn *write;
    void *context;
    struct sink out;
    struct err err;
    struct request request;
    struct drawing drawing;
    struct heap scratch; /* freed after drawing */
    struct attrs_table attrs;
    struct color_rules rules;
    struct filter classes;
    struct name_rules peek;
    struct tree plain; /* for an output that has one value and no labels */
};

/* ---- the request of a picture ---- */

static double number_or(double given, double otherwise)
{
    return given != 0 ? given : otherwise;
}

static void set_picture_fields(struct draw_call *call, const flametree_picture *o)
{
    struct request *r = &call->request;
    r->picture.layout.width = number_or(o->width, r->picture.layout.width);
    r->picture.layout.row = number_or(o->row_height, r->picture.layout.row);
    r->picture.layout.font = number_or(o->font_size, r->picture.layout.font);
    r->picture.layout.fontwidth = number_or(o->font_width, r->picture.layout.fontwidth);
    r->picture.layout.minwidth = o->min_width < 0
                                     ? 0
                                     : number_or(o->min_width, r->picture.layout.minwidth);
    r->picture.factor = number_or(o->factor, r->picture.factor);
    r->scale = number_or(o->scale, r->scale);
    r->width_given = o->width != 0;
    r->row_given = o->row_height != 0;
    r->title = o->title;
    r->subtitle = o->subtitle;
    r->notes = o->notes;
    r->countname = o->count_name;
    r->unit = o->unit;
    r->nametype = o->name_type;
    r->font = o->font;
    r->search = o->search;
    r->id_prefix = o->id_prefix;
    r->palette = call->profile->comparison ? NULL : o->colors;
    r->sky = o->bg_colors;
    r->background = o->background;
    r->total = o->total;
    r->raster_path = o->raster;
}

/* Add the classes, and count their shares of the tree, which does not change. */
static bool set_picture_classes(struct draw_call *call)
{
    const flametree_picture *o = call->options;
    call->classes.heap = &call->scratch;
    for (size_t i = 0; i < o->class_count; i++)
        if (!filter_add(&call->classes, FILTER_CLASS, str_from_c(o->classes[i]), &call->err))
            return false;
    call->rules.class_rules = &call->classes.rules[FILTER_CLASS];
    call->rules.classes = &call->classes.shares;
    return o->class_count == 0 ||
           filter_apply(&call->classes, &call->profile->profile.tree, &call->err);
}

/* The caller's texts outlive the drawing. */
static bool set_color_rules(struct draw_call *call)
{
    const flametree_picture *o = call->options;
    attrs_init(&call->attrs, &call->scratch, call->profile->seed);
    call->rules.heap = &call->scratch;
    call->request.picture.attrs = o->attributes ? &call->attrs : NULL;
    call->request.rules = o->color_rule_count + o->class_count > 0 ? &call->rules : NULL;
    for (size_t i = 0; i < o->color_rule_count; i++)
        if (!color_rules_add(&call->rules, "color_rules", str_from_c(o->color_rules[i]),
                             &call->err))
            return false;
    if (!set_picture_classes(call))
        return false;
    return !o->attributes || attrs_read(&call->attrs, str_from_c(o->attributes), &call->err);
}

static bool make_picture_request(struct draw_call *call)
{
    const flametree_picture *o = call->options;
    struct request *r = &call->request;
    unsigned theme = THEME_AUTO, colors = TERMINAL_PLAIN;
    r->kinds |= OUTPUT_STACKS | OUTPUT_TERMINAL;
    r->picture.order = call->profile->in_order ? ORDER_INPUT
                       : o->by_weight          ? ORDER_WEIGHT
                                               : ORDER_NAME;
    r->picture.shade = o->random ? SHADE_RANDOM : o->hash ? SHADE_HASH : SHADE_NAME;
    r->picture.seed = o->seed;
    r->picture.delta = o->delta_self ? DELTA_SELF : DELTA_TOTAL;
    r->picture.negate = o->negate;
    r->picture.layout.inverted = o->inverted;
    r->reverse = o->reverse;
    r->script = !o->no_script;
    r->fragment = o->fragment;
    r->facts = !o->no_facts;
    set_picture_fields(call, o);
    r->css = o->css ? str_from_c(o->css) : r->css;
    if (!output_choose(r->kinds, "format", o->format, &r->output, &call->err) ||
        !api_find_name("theme", theme_names, "light, dark, auto", o->theme, &theme, &call->err) ||
        !api_find_name("terminal_colors", terminal_color_names, "none, 16, 256, 24bit",
                       o->terminal_colors, &colors, &call->err))
        return false;
    r->theme = (enum theme)theme;
    r->terminal.colors = (enum terminal_colors)colors;
    r->terminal.utf8 = true;
    return style_sheet_check(r->css, &call->err) && set_color_rules(call);
}

/* ---- the request of a report ---- */

static bool set_report_views(struct draw_call *call)
{
    const flametree_report *o = call->report;
    struct request *r = &call->request;
    unsigned view = PROFILE_FUNCTIONS, by = FUNCTIONS_SELF;
    if (call->profile->comparison && (o->view || o->sort || o->peek_count > 0 || o->min_width != 0))
        return err_set(&call->err, ERR_USAGE,
                       "the report of a comparison has no view, sort, peek or min_width");
    if (!api_find_name("view", report_view_names, "functions, tree, callers", o->view, &view,
                       &call->err) ||
        !api_find_name("sort", report_sort_names, "self, total, name", o->sort, &by, &call->err))
        return false;
    r->report_view = (enum profile_view)view;
    r->report_by = (enum functions_by)by;
    for (size_t i = 0; i < o->peek_count; i++)
        if (!name_rules_add(&call->peek, "peek", str_from_c(o->peek[i]), 0, &call->err))
            return false;
    return true;
}

static bool make_report_request(struct draw_call *call)
{
    const flametree_report *o = call->report;
    struct request *r = &call->request;
    r->kinds = OUTPUT_REPORT;
    if (!call->path)
        r->output = output_at(OUTPUT_REPORT, 0);
    r->reverse = o->reverse;
    r->unit = o->unit;
    r->countname = o->count_name;
    r->picture.factor = number_or(o->factor, r->picture.factor);
    r->min_width_given = o->min_width != 0;
    r->picture.layout.minwidth = o->min_width < 0 ? 0 : o->min_width;
    r->picture.layout.minwidth_percent = true;
    r->report_top = o->top == 0 ? UINT64_MAX : o->top == SIZE_MAX ? 0 : o->top;
    call->peek.heap = &call->scratch;
    r->peek = &call->peek;
    return output_choose(r->kinds, "format", o->format, &r->output, &call->err) &&
           set_report_views(call);
}

/* ---- the output ---- */

static bool call_write(void *context, str bytes, struct err *err)
{
    struct draw_call *call = context;
    return call->write(call->context, bytes.p, bytes.n) || err_set(err, ERR_IO, "cannot write");
}

static struct sink *open_draw_output(void *context)
{
    struct draw_call *call = context;
    struct heap *heap = call->drawing.heap;
    char suffix[2 * NUM_ROOM];
    if (!call->path) {
        sink_open_callback(&call->out, heap, call_write, call, &call->err);
        return &call->out;
    }
    size_t n = num_put_u64(suffix, (uint64_t)getpid());
    suffix[n++] = '-';
    n += num_put_u64(suffix + n, call->profile->seed ^ (uint64_t)(uintptr_t)call);
    suffix[n] = '\0';
    return sink_open_file(&call->out, heap, &os_posix, call->path, suffix, &call->err) ? &call->out
                                                                                       : NULL;
}

/* ---- drawing ---- */

static bool make_request(struct draw_call *call)
{
    struct request *r = &call->request;
    *r = request_defaults;
    r->library = true;
    r->path = call->path;
    r->path_hint = ", or anything when a format is given";
    return (call->report ? make_report_request(call) : make_picture_request(call)) &&
           request_check(r, &os_posix, &call->err);
}

static bool prepare_api_drawing(struct draw_call *call)
{
    const flametree_profile *profile = call->profile;
    const flametree_picture *o = call->options;
    struct drawing *drawing = &call->drawing;
    enum output_kind kind = call->request.output->kind;
    const struct tree *tree = &profile->profile.tree;
    if (tree->values && !call->request.output->all_values) {
        tree_copy_plain(&call->plain, tree, &call->scratch);
        tree = &call->plain;
    }
    if (!profile->comparison || kind == OUTPUT_FOLDED || kind == OUTPUT_STACKS)
        return drawing_prepare(drawing, tree);
    if (!call->report)
        return api_prepare_comparison(profile, o->colors, o->width_of, drawing);
    drawing->profile = NULL;
    drawing->report = api_report_comparison(profile, drawing);
    return drawing->report != NULL;
}

static bool draw_in_scratch(void *arg)
{
    struct draw_call *call = arg;
    call->drawing = (struct drawing){
        .request = &call->request,
        .profile = &call->profile->profile,
        .heap = &call->scratch,
        .err = &call->err,
        .place = {open_draw_output, call},
    };
    return make_request(call) && prepare_api_drawing(call) && drawing_write(&call->drawing) &&
           sink_close(&call->out);
}

/* Functions of a tree allocate from the heap of the profile, so both heaps need a guard. */
static bool draw_in_profile(void *arg)
{
    struct draw_call *call = arg;
    return heap_guard(&call->scratch, draw_in_scratch, call, &call->err);
}

static bool run_drawing(struct draw_call *call, flametree_error *error)
{
    if (!call->options && !call->report)
        return false;
    heap_init_under(&call->scratch, &call->profile->heap);
    bool done = api_run(call->profile, draw_in_profile, call, &call->err, error);
    if (!done)
        sink_abandon(&call->out);
    heap_end(&call->scratch);
    return done;
}

bool flametree_draw(flametree_profile *profile, flametree_write_fn *write, void *context,
                    const flametree_picture *options, flametree_error *error)
{
    struct draw_call call = {.profile = profile, .write = write, .context = context};
    call.options = API_OPTIONS(flametree_picture, options, error);
    return run_drawing(&call, error);
}

bool flametree_draw_file(flametree_profile *profile, const char *path,
                         const flametree_picture *options, flametree_error *error)
{
    struct draw_call call = {.profile = profile, .path = path};
    call.options = API_OPTIONS(flametree_picture, options, error);
    return run_drawing(&call, error);
}

bool flametree_write_report(flametree_profile *profile, flametree_write_fn *write, void *context,
                            const flametree_report *options, flametree_error *error)
{
    struct draw_call call = {.profile = profile, .write = write, .context = context};
    call.report = API_OPTIONS(flametree_report, options, error);
    return run_drawing(&call, error);
}

bool flametree_write_report_file(flametree_profile *profile, const char *path,
                                 const flametree_report *options, flametree_error *error)
{
    struct draw_call call = {.profile = profile, .path = path};
    call.report = API_OPTIONS(flametree_report, options, error);
    return run_drawing(&call, error);
}
