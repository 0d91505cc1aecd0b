/* SPDX-License-Identifier: MIT */
/*
 * drawing: checks a request, transforms the tree, makes the picture and writes the output.
 */
#include "pipeline/drawing.h"

#include "profile/tree_map.h"
#include "transform/renames.h"

/* ---- request ---- */

const struct request request_defaults = {
    .kinds = OUTPUT_PICTURE | OUTPUT_FOLDED,
    .path_hint = "",
    .scale = 1,
    .nametype = "Function:",
    .font = "Verdana",
    .picture =
        {.layout = {.width = 1200, .row = 16, .font = 12, .fontwidth = 0.59, .minwidth = 0.1},
         .factor = 1},
    .terminal = {.columns = TERMINAL_COLUMNS},
    .report_top = UINT64_MAX,
    .script = true,
    .facts = true,
    .css = STR_INIT(""),
};

const char *const theme_names[] = {
    [THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark", NULL};
const char *const terminal_color_names[] = {[TERMINAL_PLAIN] = "none",
                                            [TERMINAL_16] = "16",
                                            [TERMINAL_256] = "256",
                                            [TERMINAL_24_BIT] = "24bit",
                                            NULL};
const char *const report_view_names[] = {[PROFILE_FUNCTIONS] = "functions",
                                         [PROFILE_TREE] = "tree",
                                         [PROFILE_CALLERS] = "callers",
                                         NULL};
const char *const report_sort_names[] = {
    [FUNCTIONS_SELF] = "self", [FUNCTIONS_TOTAL] = "total", [FUNCTIONS_NAME] = "name", NULL};

struct number_range {
    const char *option, *field; /* option NULL: limited in the library only */
    size_t offset;
    double least, most;
};

#define RANGE(option, field, member, least, most)                      \
    {                                                                  \
        option, field, offsetof(struct request, member), (least), most \
    }
static const struct number_range picture_sizes[] = {
    RANGE("--width", "width", picture.layout.width, 30, 1e6),
    RANGE("--height", "row_height", picture.layout.row, 2, 1000),
};
static const struct number_range terminal_sizes[] = {
    RANGE("--width", "width", picture.layout.width, TERMINAL_LEAST, TERMINAL_MOST),
    RANGE("--height", "row_height", picture.layout.row, 1, 1e6),
};
static const struct number_range ranges[] = {
    RANGE("--fontsize", "font_size", picture.layout.font, 0.1, 1000),
    RANGE("--fontwidth", "font_width", picture.layout.fontwidth, 0.01, 100),
    RANGE("--minwidth", "min_width", picture.layout.minwidth, 0, 1e6),
    RANGE(NULL, "factor", picture.factor, 1e-9, 1e18),
};
static const struct number_range scale_range = RANGE("--scale", "scale", scale, 0.01, 100);

static bool check_range(const struct request *r, const struct number_range *range, double most,
                        struct err *err)
{
    double value = *(const double *)((const char *)r + range->offset);
    const char *name = r->library ? range->field : range->option;
    if (!name || (value >= range->least && value <= most))
        return true;
    return err_set(err, ERR_USAGE, "%s is %.10g; it can be from %.10g to %.10g", name, value,
                   range->least, most);
}

static bool check_ranges(const struct request *r, struct err *err)
{
    bool text = r->output->kind == OUTPUT_TERMINAL;
    const struct number_range *sizes = text ? terminal_sizes : picture_sizes;
    for (size_t i = 0; i < sizeof picture_sizes / sizeof picture_sizes[0]; i++)
        if (!check_range(r, &sizes[i], sizes[i].most, err))
            return false;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        bool percent = r->picture.layout.minwidth_percent &&
                       strcmp(ranges[i].field, "min_width") == 0;
        if (!check_range(r, &ranges[i], percent ? 100 : ranges[i].most, err))
            return false;
    }
    return true;
}

/* The prefix goes into ids and url(#id). */
static bool check_id_prefix(const struct request *r, struct err *err)
{
    const char *text = r->id_prefix ? r->id_prefix : "";
    for (size_t i = 0; text[i]; i++)
        if (!is_alpha(text[i]) && (i == 0 || (!is_digit(text[i]) && !strchr("._-", text[i]))))
            return err_set(err, ERR_USAGE,
                           "%s is letters, digits, '.', '_' and '-' and starts with a letter, not "
                           "'%.60s'",
                           r->library ? "id_prefix" : "--id-prefix", text);
    return true;
}

static bool set_colors(struct request *r, struct err *err)
{
    struct picture_options *picture = &r->picture;
    picture->palette = r->palette ? palette_find(str_from_c(r->palette), err) : &palettes[0];
    if (!picture->palette)
        return false;
    picture->background = background_of(picture->palette->background);
    return !r->sky || background_parse(str_from_c(r->sky), &picture->background, err);
}

static str text_or(const char *given, const char *otherwise)
{
    return str_from_c(given ? given : otherwise);
}

static void set_picture_options(struct request *r)
{
    struct picture_options *picture = &r->picture;
    picture->fluid = !r->width_given;
    picture->shorten_labels = r->output->raster != NULL;
    picture->title = str_or_empty(r->title);
    picture->subtitle = str_or_empty(r->subtitle);
    picture->notes = str_or_empty(r->notes);
    picture->nametype = text_or(r->nametype, request_defaults.nametype);
    picture->font = text_or(r->font, request_defaults.font);
    picture->search = str_or_empty(r->search);
    picture->prefix = str_or_empty(r->id_prefix);
}

static bool is_hex_color(str text)
{
    if (!str_starts(text, STR("#")) || (text.n != 4 && text.n != 7))
        return false;
    for (size_t i = 1; i < text.n; i++)
        if (!is_hex(text.p[i]))
            return false;
    return true;
}

/* Names of colors and #rgb become #rrggbb. */
static bool set_raster_background(struct request *r, struct err *err)
{
    str color = str_from_c(r->background);
    r->how.background = r->raster_background;
    if (str_is_word(color, "white"))
        color = STR("#ffffff");
    else if (str_is_word(color, "black"))
        color = STR("#000000");
    else if (str_is_word(color, "none") || str_is_word(color, "transparent"))
        color = STR("none");
    else if (!is_hex_color(color))
        return err_set(err, ERR_USAGE,
                       "%s cannot be '%.60s'; it can be none, white, black, #rgb or #rrggbb",
                       r->library ? "background" : "--background", r->background);
    memcpy(r->raster_background, color.p, color.n);
    if (color.n == 4 && color.p[0] == '#')
        for (size_t i = 0; i < 3; i++)
            r->raster_background[2 * i + 1] = r->raster_background[2 * i + 2] = color.p[i + 1];
    return true;
}

static bool set_raster_options(struct request *r, struct err *err)
{
    r->how = (struct raster_helper_options){
        .scale = r->scale, .path = r->raster_path, .max_memory = r->max_memory};
    if (r->output->raster || r->library)
        return check_range(r, &scale_range, scale_range.most, err) &&
               (!r->output->raster || !r->background || set_raster_background(r, err));
    if (r->background)
        return err_set(err, ERR_USAGE,
                       "--background is for PNG and PDF; --bgcolors is what an SVG has");
    if (r->scale_given)
        return err_set(err, ERR_USAGE, "--scale is for PNG and PDF; --width is what an SVG has");
    return true;
}

bool request_check(struct request *r, const struct os *os, struct err *err)
{
    if (!r->output && r->path &&
        !output_of_path(r->kinds, os, r->path, r->path_hint, &r->output, err))
        return false;
    if (!r->output)
        r->output = output_at(OUTPUT_PICTURE, 0);
    set_picture_options(r);
    return check_ranges(r, err) && check_id_prefix(r, err) && set_colors(r, err) &&
           set_raster_options(r, err);
}

/* ---- tree ---- */

#define WARN(drawing, ...)                                             \
    do {                                                               \
        struct err warning = {0};                                      \
        err_set(&warning, ERR_USAGE, __VA_ARGS__);                     \
        if ((drawing)->warn)                                           \
            (drawing)->warn((drawing)->warn_context, warning.message); \
    } while (0)

static bool check_sum(const struct drawing *d, uint64_t sum)
{
    uint64_t low = DRAWING_LOW_SUM;
    if (sum == 0)
        return err_set(d->err, ERR_INPUT,
                       d->request->library       ? "the profile is empty: there is nothing to draw"
                       : tree_has_sides(d->tree) ? "all counts of the second column are 0"
                                                 : "all counts are 0");
    if (num_scale10(low, d->tree->decimals, &low) && sum < low)
        WARN(d, "stack count is low (%llu): did something go wrong?",
             (unsigned long long)(sum / (low / DRAWING_LOW_SUM)));
    return true;
}

/* Use a total that is larger than the sum. Up to 2 % less may come from rounding: no warning. */
static bool apply_total(struct drawing *d, uint64_t sum)
{
    const char *text = d->request->total;
    const char *name = d->request->library ? "total" : "--total";
    struct num_decimal total;
    uint64_t units;
    if (!text)
        return true;
    if (!num_parse_decimal(str_from_c(text), &total))
        return err_set(d->err, ERR_USAGE, "%s needs a number, not '%.60s'", name, text);
    unsigned decimals = d->tree->decimals;
    for (; total.decimals > decimals; total.decimals--)
        total.units = total.units / 10 + (total.units % 10 != 0);
    if (!num_scale10(total.units, decimals - total.decimals, &units))
        units = UINT64_MAX;
    if (units > sum)
        d->picture.layout.total = units;
    else if ((double)units < 0.98 * (double)sum)
        WARN(d, "%s %.60s is less than the sum of the counts: ignored", name, text);
    return true;
}

static bool apply_color_rules(struct drawing *d)
{
    struct color_rules *rules = d->request->rules;
    const char *name = d->request->library ? "color_rules" : "--color-rule";
    if (!rules || !color_rules_any(rules))
        return true;
    if (tree_has_sides(d->tree)) {
        if (rules->rules.n > 0)
            WARN(d, "%s is ignored: the colors of a differential are those of its changes", name);
        return true;
    }
    d->given = color_rules_find_all(rules, &d->tree->frames.texts, d->picture.shade,
                                    d->picture.seed, d->heap, d->err);
    d->picture.given = d->given;
    for (size_t i = 0; i < rules->patterns.list.n; i++) {
        const struct name_rule *rule = &rules->patterns.list.at[i];
        str text = rule->text;
        if (d->given && !rule->hit)
            WARN(d, "%s '%.*s' matches no frame", name, STR_SHOWN(text, 200));
    }
    return d->given != NULL;
}

bool drawing_prepare(struct drawing *d, const struct tree *tree)
{
    const struct request *r = d->request;
    d->picture = r->picture;
    d->tree = tree;
    if (r->reverse) {
        tree_reverse(&d->turned, d->tree);
        d->tree = &d->turned;
    }
    if (d->picture.palette->kinds == palette_chain) {
        rename_wakers(&d->marked, d->tree);
        d->tree = &d->marked;
    }
    d->column = tree_after(d->tree);
    /* The data block has the frames that are left out. */
    d->picture.layout.may_thin = r->script && !r->output->raster && !r->min_width_given;
    picture_choose_unit(&d->picture, d->profile,
                        r->countname ? str_from_c(r->countname) : (str){NULL, 0},
                        str_or_empty(r->unit));
    uint64_t sum = tree_sum(d->tree, d->column);
    return check_sum(d, sum) && apply_total(d, sum) && apply_color_rules(d);
}

/* ---- writing ---- */

/* Scripts do not change a PNG or PDF; see tests/raster/. */
static struct document make_document(const struct drawing *d)
{
    const struct request *r = d->request;
    bool raster = r->output->raster != NULL;
    return (struct document){
        .profile = r->facts ? d->profile : NULL,
        .values = d->tree && d->tree->values ? d->profile->values.at : NULL,
        .all_values = r->all_values,
        .groups = r->picture.palette->legend || (r->rules && color_rules_any(r->rules)),
        .source_url = str_or_empty(r->source_url),
        .script = r->script && !raster,
        .fragment = r->fragment && !raster,
        .still = raster && r->css.n == 0,
        .no_background = raster && r->background,
        .theme = r->theme,
        .css = r->css,
    };
}

static struct sink *open_drawing_stream(struct drawing *d)
{
    const struct request *r = d->request;
    return output_stream_open(&d->stream, r->output, &r->how, &d->place, d->heap, d->err);
}

bool drawing_write_content(struct drawing *d, const struct output_content *content)
{
    struct sink *sink = open_drawing_stream(d);
    if (!sink)
        return false;
    output_write(d->request->output, content, sink);
    return output_stream_finish(&d->stream, d->err);
}

/* Both sides, one above the other on one scale. Each has space for its label above its frames. */
static void make_both_pictures(struct drawing *d, struct picture *above, struct picture *below)
{
    uint64_t sums[] = {tree_sum(d->tree, SIDE_BEFORE), tree_sum(d->tree, SIDE_AFTER)};
    double heading = 2 * d->picture.layout.font;
    d->picture.layout.full = sums[sums[1] > sums[0]];
    picture_make(above, d->tree, SIDE_BEFORE, &d->picture);
    picture_make(below, d->tree, SIDE_AFTER, &d->picture);
    above->layout.height += heading;
    below->layout.height = above->layout.height + heading +
                           below->layout.rows * below->layout.options.row;
}

static bool write_picture(struct drawing *d)
{
    struct document document = make_document(d);
    struct picture picture, above;
    if (d->request->sandwich)
        return drawing_write_sandwich(d, &document);
    document.picture = &picture;
    if (d->both) {
        make_both_pictures(d, &above, &picture);
        document.above = &above;
    } else {
        picture_make(&picture, d->tree, d->column, &d->picture);
    }
    bool done = drawing_write_content(d, &(struct output_content){.document = &document});
    picture_end(&picture);
    if (d->both)
        picture_end(&above);
    return done;
}

bool drawing_write(struct drawing *d)
{
    switch (d->request->output->kind) {
    case OUTPUT_PICTURE: return write_picture(d);
    case OUTPUT_FOLDED: return drawing_write_content(d, &(struct output_content){.tree = d->tree});
    case OUTPUT_STACKS:
        return output_check_tree(d->request->output, d->tree, d->err) &&
               drawing_write_content(
                   d, &(struct output_content){.tree = d->tree, .profile = d->profile});
    case OUTPUT_TERMINAL: return drawing_write_terminal(d);
    case OUTPUT_REPORT: break;
    }
    if (!d->report)
        return drawing_write_report(d);
    return drawing_write_content(d, &(struct output_content){.report = d->report});
}

bool drawing_write_message(struct drawing *d, str title, str message)
{
    struct picture picture = {.options = d->request->picture};
    struct document document = make_document(d);
    document.picture = &picture;
    struct sink *sink = open_drawing_stream(d);
    if (!sink)
        return false;
    svg_write_message(&document, title, message, sink);
    return output_stream_finish(&d->stream, d->err);
}

void drawing_write_csp(const struct drawing *d, struct sink *sink)
{
    struct document document = make_document(d);
    struct picture picture = {.options = d->request->picture};
    document.picture = &picture;
    svg_write_csp(&document, sink);
}
