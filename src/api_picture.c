/*
 * api_picture: the options of a picture become a request, and its output goes to a file or to a
 * function of the caller.
 */
#include <unistd.h>

#include "api_inside.h"
#include "output/markup.h"
#include "pipeline/drawing.h"

struct call {
    flametree_profile *profile;
    const flametree_picture *options;
    const char *path; /* NULL: to the caller's function */
    flametree_write *write;
    void *context;
    struct sink out;
    struct err err;
    struct request request;
    struct drawing drawing;
    struct heap scratch; /* for what is freed when the picture is drawn */
    struct attrs_table attrs;
    struct color_rules rules;
};

/* ---- the request ---- */

static void set_number(double *to, double given)
{
    if (given != 0)
        *to = given;
}

static void set_numbers(struct request *r, const flametree_picture *o)
{
    set_number(&r->width, o->width);
    set_number(&r->row, o->row_height);
    set_number(&r->font_size, o->font_size);
    set_number(&r->font_width, o->font_width);
    set_number(&r->min_width, o->min_width < 0 ? 0 : o->min_width);
    set_number(&r->factor, o->factor);
    set_number(&r->scale, o->scale);
    if (o->min_width < 0)
        r->min_width = 0;
    r->width_given = o->width != 0;
}

static void set_texts(struct call *call, const flametree_picture *o)
{
    struct request *r = &call->request;
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

static bool set_looks(struct request *r, const flametree_picture *o, struct err *err)
{
    size_t theme = THEME_AUTO;
    while (o->theme && theme_names[theme] && strcmp(theme_names[theme], o->theme) != 0)
        theme++;
    if (!theme_names[theme])
        return err_set(err, ERR_USAGE, "there is no theme '%.60s'; it can be light, dark, auto",
                       o->theme);
    r->theme = (enum theme)theme;
    if (o->css)
        r->css = str_from_c(o->css);
    return style_sheet_check(r->css, err);
}

/* Texts of the caller, which outlive the drawing. */
static bool set_rules(struct call *call)
{
    const flametree_picture *o = call->options;
    attrs_init(&call->attrs, &call->scratch, call->profile->seed);
    call->rules.heap = &call->scratch;
    call->request.attrs = o->attributes ? &call->attrs : NULL;
    call->request.rules = o->color_rule_count > 0 ? &call->rules : NULL;
    for (size_t i = 0; i < o->color_rule_count; i++)
        if (!color_rules_add(&call->rules, "color_rules", str_from_c(o->color_rules[i]),
                             &call->err))
            return false;
    return !o->attributes || attrs_read(&call->attrs, str_from_c(o->attributes), &call->err);
}

static bool make_request(struct call *call)
{
    const flametree_picture *o = call->options;
    struct request *r = &call->request;
    *r = request_defaults;
    r->library = true;
    r->path = call->path;
    r->path_hint = ", or anything when a format is given";
    r->order = call->profile->in_order ? ORDER_INPUT : o->by_weight ? ORDER_WEIGHT : ORDER_NAME;
    r->shade = o->random ? SHADE_RANDOM : o->hash ? SHADE_HASH : SHADE_NAME;
    r->seed = o->seed;
    r->delta = o->delta_self ? DELTA_SELF : DELTA_TOTAL;
    r->negate = o->negate;
    r->inverted = o->inverted;
    r->reverse = o->reverse;
    r->script = !o->no_script;
    r->fragment = o->fragment;
    r->facts = !o->no_facts;
    set_numbers(r, o);
    set_texts(call, o);
    return output_choose(r->kinds, "format", o->format, &r->output, &call->err) &&
           set_looks(r, o, &call->err) && set_rules(call) &&
           request_check(r, &os_posix, &call->err);
}

/* ---- the output ---- */

static bool write_to_caller(void *context, str bytes, struct err *err)
{
    struct call *call = context;
    return call->write(call->context, bytes.p, bytes.n) || err_set(err, ERR_IO, "cannot write");
}

static struct sink *open_output(void *context)
{
    struct call *call = context;
    struct heap *heap = call->drawing.heap;
    char suffix[2 * NUM_ROOM];
    if (!call->path) {
        sink_open_callback(&call->out, heap, write_to_caller, call, &call->err);
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

static bool prepare(struct call *call)
{
    const flametree_profile *profile = call->profile;
    const flametree_picture *o = call->options;
    struct drawing *drawing = &call->drawing;
    if (!profile->comparison || call->request.output->kind != OUTPUT_PICTURE)
        return drawing_prepare(drawing, &profile->profile.tree);
    drawing->profile = NULL;
    return api_prepare_comparison(profile, o->colors, o->width_of, drawing);
}

static bool draw_in_scratch(void *arg)
{
    struct call *call = arg;
    call->drawing = (struct drawing){
        .request = &call->request,
        .profile = &call->profile->profile,
        .heap = &call->scratch,
        .err = &call->err,
        .place = {open_output, call},
    };
    return make_request(call) && prepare(call) && drawing_write(&call->drawing) &&
           sink_close(&call->out);
}

/* Functions of trees take their scratch memory from the heap of the profile: both have a guard. */
static bool draw(void *arg)
{
    struct call *call = arg;
    return heap_guard(&call->scratch, draw_in_scratch, call, &call->err);
}

static bool run_drawing(struct call *call, const flametree_picture *given, flametree_error *error)
{
    call->options = API_OPTIONS(flametree_picture, given, error);
    if (!call->options)
        return false;
    heap_init_under(&call->scratch, &call->profile->heap);
    bool done = api_run(call->profile, draw, call, &call->err, error);
    if (!done)
        sink_abandon(&call->out);
    heap_run_cleanups(&call->scratch);
    heap_end(&call->scratch);
    return done;
}

bool flametree_draw(flametree_profile *profile, flametree_write *write, void *context,
                    const flametree_picture *options, flametree_error *error)
{
    struct call call = {.profile = profile, .write = write, .context = context};
    return run_drawing(&call, options, error);
}

bool flametree_draw_file(flametree_profile *profile, const char *path,
                         const flametree_picture *options, flametree_error *error)
{
    struct call call = {.profile = profile, .path = path};
    return run_drawing(&call, options, error);
}
