/*
 * request: defaults and checks.
 */
#include "pipeline/request.h"

const struct request request_defaults = {
    .kinds = OUTPUT_PICTURE | OUTPUT_FOLDED,
    .path_hint = "",
    .scale = 1,
    .nametype = "Function:",
    .font = "Verdana",
    .width = 1200,
    .row = 16,
    .font_size = 12,
    .font_width = 0.59,
    .min_width = 0.1,
    .factor = 1,
    .script = true,
    .facts = true,
    .css = STR_INIT(""),
};

const char *const theme_names[] = {
    [THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark", NULL};

/* ---- numbers ---- */

struct range {
    const char *option, *field; /* option NULL: only the library has a limit */
    size_t offset;
    double least, most;
};

#define RANGE(option, field, member, least, most)                      \
    {                                                                  \
        option, field, offsetof(struct request, member), (least), most \
    }
static const struct range ranges[] = {
    RANGE("--width", "width", width, 30, 1e6),
    RANGE("--height", "row_height", row, 2, 1000),
    RANGE("--fontsize", "font_size", font_size, 0.1, 1000),
    RANGE("--fontwidth", "font_width", font_width, 0.01, 100),
    RANGE("--minwidth", "min_width", min_width, 0, 1e6),
    RANGE(NULL, "factor", factor, 1e-9, 1e18),
};
static const struct range scale_range = RANGE("--scale", "scale", scale, 0.01, 100);

static bool check_range(const struct request *r, const struct range *range, double most,
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
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        bool percent = r->min_width_percent && strcmp(ranges[i].field, "min_width") == 0;
        if (!check_range(r, &ranges[i], percent ? 100 : ranges[i].most, err))
            return false;
    }
    return true;
}

/* ---- texts and colors ---- */

/* It is a part of ids and of url(#id). */
static bool check_prefix(const struct request *r, struct err *err)
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

static void set_picture(struct request *r)
{
    r->picture = (struct picture_options){
        .layout = {.width = r->width,
                   .row = r->row,
                   .font = r->font_size,
                   .fontwidth = r->font_width,
                   .minwidth = r->min_width,
                   .minwidth_percent = r->min_width_percent,
                   .inverted = r->inverted},
        .shade = r->shade,
        .seed = r->seed,
        .order = r->order,
        .delta = r->delta,
        .negate = r->negate,
        .fluid = !r->width_given,
        .factor = r->factor,
        .attrs = r->attrs,
        .title = text_or(r->title, ""),
        .subtitle = text_or(r->subtitle, ""),
        .notes = text_or(r->notes, ""),
        .nametype = text_or(r->nametype, request_defaults.nametype),
        .font = text_or(r->font, request_defaults.font),
        .search = text_or(r->search, ""),
        .prefix = text_or(r->id_prefix, ""),
    };
}

/* ---- PNG and PDF ---- */

static bool is_color(str text)
{
    if (!str_starts(text, STR("#")) || (text.n != 4 && text.n != 7))
        return false;
    for (size_t i = 1; i < text.n; i++)
        if (!is_hex(text.p[i]))
            return false;
    return true;
}

/* #rgb and the words for paper become #rrggbb. */
static bool set_background(struct request *r, struct err *err)
{
    str color = str_from_c(r->background);
    r->how.background = r->raster_background;
    if (str_is_word(color, "white"))
        color = STR("#ffffff");
    else if (str_is_word(color, "black"))
        color = STR("#000000");
    else if (str_is_word(color, "none") || str_is_word(color, "transparent"))
        color = STR("none");
    else if (!is_color(color))
        return err_set(err, ERR_USAGE,
                       "%s cannot be '%.60s'; it can be none, white, black, #rgb or #rrggbb",
                       r->library ? "background" : "--background", r->background);
    memcpy(r->raster_background, color.p, color.n);
    if (color.n == 4 && color.p[0] == '#')
        for (size_t i = 0; i < 3; i++)
            r->raster_background[2 * i + 1] = r->raster_background[2 * i + 2] = color.p[i + 1];
    return true;
}

static bool check_svg(const struct request *r, struct err *err)
{
    if (r->background)
        return err_set(err, ERR_USAGE,
                       "--background is for PNG and PDF; --bgcolors is what an SVG has");
    if (r->scale_given)
        return err_set(err, ERR_USAGE, "--scale is for PNG and PDF; --width is what an SVG has");
    return true;
}

static bool set_raster(struct request *r, struct err *err)
{
    r->how = (struct raster_helper_options){
        .scale = r->scale, .path = r->raster_path, .max_memory = r->max_memory};
    if (!r->output->raster && !r->library)
        return check_svg(r, err);
    return check_range(r, &scale_range, scale_range.most, err) &&
           (!r->output->raster || !r->background || set_background(r, err));
}

static bool choose_output(struct request *r, const struct os *os, struct err *err)
{
    if (!r->output && r->path &&
        !output_of_path(r->kinds, os, r->path, r->path_hint, &r->output, err))
        return false;
    if (!r->output)
        r->output = output_at(OUTPUT_PICTURE, 0);
    return true;
}

bool request_check(struct request *r, const struct os *os, struct err *err)
{
    set_picture(r);
    return check_ranges(r, err) && check_prefix(r, err) && set_colors(r, err) &&
           choose_output(r, os, err) && set_raster(r, err);
}
