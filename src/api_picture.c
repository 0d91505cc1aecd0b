/*
 * api_picture: profiles drawn: SVG and folded text go to the sink as they are made, PNG and PDF by
 * way of flamegraph-raster.
 */
#include <unistd.h>

#include "api_inside.h"
#include "core/output_path.h"
#include "core/sink.h"
#include "raster/helper.h"
#include "render/renderer.h"
#include "stack/chain.h"
#include "stack/folded.h"
#include "stack/tree_map.h"

struct drawing {
    flametree_profile *profile;
    const flametree_picture *options;
    const char *path; /* NULL: to the caller's function */
    flametree_write *write;
    void *context;
    struct sink out;
    struct err err;
    /* what is drawn */
    bool folded;
    const char *raster; /* "png", "pdf"; NULL: an SVG */
    struct picture_options wanted;
    const struct tree *tree;
    struct tree turned, marked;
    enum theme theme;
    struct house house;
};

static bool write_to_caller(void *context, str bytes, struct err *err)
{
    struct drawing *d = context;
    return d->write(d->context, bytes.p, bytes.n) || err_set(err, ERR_IO, "cannot write");
}

/* A format that was asked for, or the ending of the path, must be known. */
static bool choose_format(struct drawing *d)
{
    static const char *const endings[] = {"svg", "png", "pdf", "folded", "txt", NULL};
    size_t found = 0;
    if (d->options->format) {
        while (endings[found] &&
               !output_path_is_word(str_from_c(d->options->format), endings[found]))
            found++;
        if (!endings[found])
            return err_set(&d->err, ERR_USAGE,
                           "there is no format '%.60s'; it can be svg, png, pdf, folded",
                           d->options->format);
    } else if (d->path) {
        if (!output_path_find(&os_posix, d->path, endings, ", or anything when a format is given",
                              &found, &d->err))
            return false;
    }
    if (!endings[found])
        return true;
    d->folded = strcmp(endings[found], "folded") == 0 || strcmp(endings[found], "txt") == 0;
    for (size_t i = 0; helper_formats[i]; i++)
        if (strcmp(endings[found], helper_formats[i]) == 0)
            d->raster = helper_formats[i];
    return true;
}

static bool choose_colors(struct drawing *d)
{
    const flametree_picture *o = d->options;
    struct picture_options *wanted = &d->wanted;
    wanted->palette = o->colors ? palette_find(str_from_c(o->colors), &d->err) : palette_default();
    if (!wanted->palette)
        return false;
    wanted->background = background_of(wanted->palette->background);
    return !o->bg_colors ||
           background_parse(str_from_c(o->bg_colors), &wanted->background, &d->err);
}

static bool choose_looks(struct drawing *d)
{
    const char *theme = d->options->theme ? d->options->theme : "auto";
    d->house.css = STR("");
    if (strcmp(theme, "light") == 0)
        d->theme = THEME_LIGHT;
    else if (strcmp(theme, "dark") == 0)
        d->theme = THEME_DARK;
    else if (strcmp(theme, "auto") != 0)
        return err_set(&d->err, ERR_USAGE, "there is no theme '%.60s'; it can be light, dark, auto",
                       theme);
    return !d->options->css || house_set_css(&d->house, str_from_c(d->options->css), &d->err);
}

static double or_default(double given, double fallback)
{
    return given != 0 ? given : fallback;
}

static struct layout_options choose_layout(const flametree_picture *o)
{
    return (struct layout_options){
        .width = or_default(o->width, 1200),
        .row = or_default(o->row_height, 16),
        .font = or_default(o->font_size, 12),
        .fontwidth = or_default(o->font_width, 0.59),
        .minwidth = o->min_width < 0 ? 0 : or_default(o->min_width, 0.1),
        .inverted = o->inverted,
    };
}

static bool in_range(const char *name, double value, double least, double most, struct err *err)
{
    return (value >= least && value <= most) ||
           err_set(err, ERR_USAGE, "%s is %.10g; it can be from %.10g to %.10g", name, value, least,
                   most);
}

static bool check_layout(const struct drawing *d, struct err *err)
{
    const struct layout_options *layout = &d->wanted.layout;
    return in_range("width", layout->width, 30, 1e6, err) &&
           in_range("row_height", layout->row, 2, 1000, err) &&
           in_range("font_size", layout->font, 0.1, 1000, err) &&
           in_range("font_width", layout->fontwidth, 0.01, 100, err) &&
           in_range("min_width", layout->minwidth, 0, 1e6, err) &&
           in_range("factor", d->wanted.factor, 1e-9, 1e18, err) &&
           in_range("scale", or_default(d->options->scale, 1), 0.01, 100, err);
}

/* It stands in ids and in url(#id). */
static bool check_prefix(const char *text, struct err *err)
{
    for (size_t i = 0; text && text[i]; i++)
        if (!is_alpha(text[i]) && (i == 0 || (!is_digit(text[i]) && !strchr("._-", text[i]))))
            return err_set(err, ERR_USAGE,
                           "id_prefix is letters, digits, '.', '_' and '-' and starts with a "
                           "letter, not '%.60s'",
                           text);
    return true;
}

static str or_text(const char *given, const char *fallback)
{
    return str_from_c(given ? given : fallback);
}

static bool choose(struct drawing *d)
{
    const flametree_picture *o = d->options;
    d->wanted = (struct picture_options){
        .layout = choose_layout(o),
        .shade = o->hash ? SHADE_HASH : SHADE_NAME,
        .order = d->profile->in_order ? ORDER_INPUT
                 : o->by_weight       ? ORDER_WEIGHT
                                      : ORDER_NAME,
        .delta = o->delta_self ? DELTA_SELF : DELTA_TOTAL,
        .negate = o->negate,
        .fluid = o->width == 0,
        .factor = or_default(o->factor, 1),
        .title = or_text(o->title, ""),
        .subtitle = or_text(o->subtitle, ""),
        .notes = or_text(o->notes, ""),
        .nametype = or_text(o->name_type, "Function:"),
        .font = or_text(o->font, "Verdana"),
        .search = or_text(o->search, ""),
        .prefix = or_text(o->id_prefix, ""),
    };
    return choose_format(d) && choose_colors(d) && choose_looks(d) && check_layout(d, &d->err) &&
           check_prefix(o->id_prefix, &d->err);
}

static void turn_tree(struct drawing *d)
{
    d->tree = &d->profile->profile.tree;
    if (d->options->reverse) {
        tree_reverse(&d->turned, d->tree);
        d->tree = &d->turned;
    }
    if (d->wanted.palette->kind == palette_kind_chain) {
        chain_mark_wakers(&d->marked, d->tree);
        d->tree = &d->marked;
    }
}

static void drop_trees(struct drawing *d)
{
    if (d->turned.heap)
        tree_end(&d->turned);
    if (d->marked.heap)
        tree_end(&d->marked);
}

static bool open_output(struct drawing *d)
{
    struct heap *heap = &d->profile->heap;
    char suffix[2 * NUM_ROOM];
    if (!d->path) {
        sink_open_callback(&d->out, heap, write_to_caller, d, &d->err);
        return true;
    }
    size_t n = num_put_u64(suffix, (uint64_t)getpid());
    suffix[n++] = '-';
    n += num_put_u64(suffix + n, d->profile->seed ^ (uint64_t)(uintptr_t)d);
    suffix[n] = '\0';
    return sink_open_file(&d->out, heap, &os_posix, d->path, suffix, &d->err);
}

static bool has_weight(struct drawing *d)
{
    return tree_sum(d->tree, tree_after(d->tree)) > 0 ||
           err_set(&d->err, ERR_INPUT, "the profile is empty: there is nothing to draw");
}

static void render(struct drawing *d, struct sink *sink)
{
    struct picture picture;
    struct document document = {
        .picture = &picture,
        .profile = d->options->no_facts ? NULL : &d->profile->profile,
        .script = !d->options->no_script && !d->raster,
        .fragment = d->options->fragment && !d->raster,
        .theme = d->theme,
        .house = &d->house,
    };
    picture_make(&picture, d->tree, tree_after(d->tree), &d->wanted);
    renderer_svg.render(&document, sink);
    picture_end(&picture);
}

static bool render_by_helper(struct drawing *d)
{
    struct helper_options how = {
        .format = d->raster,
        .scale = or_default(d->options->scale, 1),
        .background = d->options->background,
        .path = d->options->raster,
    };
    struct sink svg;
    struct helper *helper = helper_start(&d->profile->heap, &how, &d->err);
    if (!helper)
        return false;
    sink_open_callback(&svg, &d->profile->heap, helper_write, helper, &d->err);
    render(d, &svg);
    bool written = sink_close(&svg);
    return helper_finish(helper, &d->out, &d->err) && written;
}

static bool draw(void *arg)
{
    struct drawing *d = arg;
    if (!choose(d))
        return false;
    const char *count_name = d->options->count_name;
    picture_choose_unit(&d->wanted, &d->profile->profile,
                        count_name ? str_from_c(count_name) : (str){NULL, 0},
                        or_text(d->options->unit, ""));
    turn_tree(d);
    if (!has_weight(d) || !open_output(d))
        return false;
    bool done = true;
    if (d->folded)
        folded_write(d->tree, &d->out);
    else if (d->raster)
        done = render_by_helper(d);
    else
        render(d, &d->out);
    return done && sink_close(&d->out);
}

static bool run_drawing(struct drawing *d, const flametree_picture *given, flametree_error *error)
{
    d->options = API_OPTIONS(flametree_picture, given, error);
    if (!d->options)
        return false;
    bool done = api_run(d->profile, draw, d, &d->err, error);
    if (!done)
        sink_abandon(&d->out);
    if (!d->profile->broken)
        drop_trees(d);
    return done;
}

bool flametree_draw(flametree_profile *profile, flametree_write *write, void *context,
                    const flametree_picture *options, flametree_error *error)
{
    struct drawing drawing = {.profile = profile, .write = write, .context = context};
    return run_drawing(&drawing, options, error);
}

bool flametree_draw_file(flametree_profile *profile, const char *path,
                         const flametree_picture *options, flametree_error *error)
{
    struct drawing drawing = {.profile = profile, .path = path};
    return run_drawing(&drawing, options, error);
}
