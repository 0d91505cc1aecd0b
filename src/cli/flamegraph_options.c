/*
 * flamegraph_options: the table, and what holds between options.
 */
#include "cli/flamegraph_options.h"

#include <string.h>

#include "view/background.h"
#include "view/palette.h"

#define FIELD(name) offsetof(struct flamegraph_options, name)

/* Kind, traits, field, and what stands in the help. */
#define TEXT(name, field, argument, help, topic)                                     \
    {                                                                                \
        name, OPTION_TEXT, OPTION_CLASSIC, FIELD(field), argument, help, topic, NULL \
    }
#define TEXT_NEW(name, field, argument, help, topic)                    \
    {                                                                   \
        name, OPTION_TEXT, 0, FIELD(field), argument, help, topic, NULL \
    }
#define FLAG(name, field, help, topic)                                           \
    {                                                                            \
        name, OPTION_FLAG, OPTION_CLASSIC, FIELD(field), NULL, help, topic, NULL \
    }
#define SIZE(name, field, argument, help, topic)                                             \
    {                                                                                        \
        name, OPTION_NUMBER, OPTION_CLASSIC | OPTION_POSITIVE, FIELD(field), argument, help, \
            topic, NULL                                                                      \
    }
#define CHOICE(name, field, argument, help, topic, choices)                  \
    {                                                                        \
        name, OPTION_CHOICE, 0, FIELD(field), argument, help, topic, choices \
    }

static const char *const sort_choices[] = {
    [ORDER_NAME] = "name", [ORDER_WEIGHT] = "weight", [ORDER_INPUT] = "input", NULL};
static const char *const delta_choices[] = {[DELTA_TOTAL] = "total", [DELTA_SELF] = "self", NULL};
static const char *const script_choices[] = {
    [FLAMEGRAPH_VIEWER] = "viewer", [FLAMEGRAPH_NO_SCRIPT] = "none", NULL};
static const char *const theme_choices[] = {
    [THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark", NULL};

static const struct option option_list[] = {
    TEXT("title", title, "TEXT", "what stands on top", "picture"),
    TEXT("subtitle", subtitle, "TEXT", "a second line below it", "picture"),
    SIZE("width", width, "PX", "default: 1200, and as wide as the window", "picture"),
    SIZE("height", height, "PX", "height of a frame, 16", "picture"),
    {"minwidth", OPTION_NUMBER, OPTION_CLASSIC | OPTION_PERCENT, FIELD(minwidth), "PX",
     "leave out narrower frames, 0.1; or N% of the total", "picture", NULL},
    FLAG("inverted", inverted, "icicle graph: the root on top", "picture"),
    FLAG("reverse", reverse, "turn stacks over: merge from the leaves", "picture"),
    FLAG("flamechart", flamechart, "keep the order of the input: time goes right", "picture"),
    CHOICE("sort", sort, "HOW", "siblings by name, weight or input", "picture", sort_choices),
    TEXT_NEW("output", file.output, "FILE", "write to FILE (-o): x.svg, .png, .pdf or .folded",
             "picture"),
    TEXT_NEW("format", file.format, "NAME", "svg, png or pdf, whatever the name ends in",
             "picture"),
    {"scale", OPTION_NUMBER, OPTION_POSITIVE, FIELD(file.scale), "N",
     "PNG, PDF: so many times as large, 1", "picture", NULL},
    TEXT_NEW("background", file.background, "COLOR", "PNG, PDF: none, white, black or #rrggbb",
             "picture"),
    TEXT_NEW("from-svg", file.from_svg, "FILE", "draw this SVG as PNG or PDF", "picture"),

    TEXT("colors", colors, "PALETTE", "hot, mem, io, java, js, perl, module...", "colors"),
    TEXT("bgcolors", bgcolors, "COLOR", "yellow, blue, green, grey or #rrggbb", "colors"),
    FLAG("hash", hash, "shades by the letters of the name", "colors"),
    FLAG("random", random, "shades by chance", "colors"),
    {"seed", OPTION_COUNT, 0, FIELD(seed), "N", "with --random: the same chance again", "colors",
     NULL},
    {"color-rule", OPTION_LIST, 0, FIELD(color_rules), "REGEX=COLOR",
     "color of the names that match", "colors", NULL},
    FLAG("cp", cp, "keep colors in palette.map", "colors"),
    TEXT_NEW("palette-file", palette_file, "FILE", "keep colors in FILE", "colors"),
    FLAG("negate", negate, "differential: swap red and blue", "colors"),
    CHOICE("delta", delta, "OF", "differential: change of total or self", "colors", delta_choices),

    TEXT("fonttype", fonttype, "FONT", "Verdana", "text"),
    TEXT_NEW("font", fonttype, "FONT", "the same, or several, the first that is there counts",
             "text"),
    SIZE("fontsize", fontsize, "PX", "12", "text"),
    SIZE("fontwidth", fontwidth, "N", "width of a letter in font sizes, 0.59", "text"),
    TEXT("countname", countname, "TEXT", "plain numbers of TEXT, whatever the input knows", "text"),
    TEXT_NEW("unit", unit, "NAME", "what weights are in: ns, us, ms, s, bytes...", "text"),
    TEXT("nametype", nametype, "TEXT", "what a frame is: Function:", "text"),
    TEXT("notes", notes, "TEXT", "a note in the file", "text"),
    TEXT("encoding", encoding, "NAME", "what the names are encoded in: UTF-8", "text"),

    TEXT("total", total, "N", "what the full width stands for, if more", "data"),
    SIZE("factor", factor, "N", "multiply the counts that are shown", "data"),
    TEXT_NEW("input-format", input_format, "NAME", "perf, folded...; default: look", "data"),
    INPUT_OPTION_THREADS(FIELD(threads), "data"),
    TEXT("nameattr", nameattr, "FILE", "links and attributes by name", "data"),
    {"unsafe-links", OPTION_FLAG, 0, FIELD(unsafe_links), NULL,
     "--nameattr may hold any link, and scripts", "data", NULL},
    TEXT_NEW("search", search, "REGEX", "open with this search", "data"),
    CHOICE("script", script, "WHICH", "viewer, or none: a picture and no more", "data",
           script_choices),
    {"print-csp-hash", OPTION_FLAG, 0, FIELD(print_csp_hash), NULL,
     "print the hashes a Content-Security-Policy needs", "data", NULL},
    TEXT_NEW("id-prefix", id_prefix, "TEXT", "what all ids start with", "page"),
    {"fragment", OPTION_FLAG, 0, FIELD(fragment), NULL, "an <svg> to paste into HTML", "page",
     NULL},
    CHOICE("theme", theme, "WHICH", "light, dark, or auto: what the page prefers", "page",
           theme_choices),
    TEXT_NEW("css", css, "FILE", "a style sheet behind ours", "page"),
    TEXT_NEW("template", templates, "DIR", "a house style: templates in the place of ours", "page"),
    {"no-metadata", OPTION_FLAG, 0, FIELD(no_metadata), NULL,
     "leave out host, command line and the like", "page", NULL},
    {"info", OPTION_FLAG, 0, FIELD(info), NULL, "say where the profile comes from; no picture",
     "page", NULL},
    OPTIONS_FILTER(struct flamegraph_options, filter),
    OPTIONS_COMMON(struct flamegraph_options, common),
    {0},
};

static const char *offer(const char *option, size_t i)
{
    if (strcmp(option, "colors") == 0)
        return i < palette_count ? palettes[i].name : NULL;
    if (strcmp(option, "bgcolors") == 0)
        return background_name(i);
    if (strcmp(option, "input-format") == 0)
        return input_offer_format(i);
    if (strcmp(option, "format") == 0)
        return i == 0 ? "svg" : helper_formats[i - 1];
    return NULL;
}

const struct option_table flamegraph_option_table = {
    .program = "flamegraph",
    .usage = "[options] [file ...]",
    .purpose = "Draws stacks: perf script | collapse | flamegraph > out.svg",
    .options = option_list,
    .offer = offer,
};

const struct flamegraph_options flamegraph_option_defaults = {
    .unit = "",
    .nametype = "Function:",
    .fonttype = "Verdana",
    .title = "",
    .subtitle = "",
    .notes = "",
    .encoding = "UTF-8",
    .search = "",
    .id_prefix = "",
    .width = {1200, false, false},
    .height = {16, false, false},
    .minwidth = {0.1, false, false},
    .fontsize = {12, false, false},
    .fontwidth = {0.59, false, false},
    .factor = {1, false, false},
    .file.scale = {1, false, false},
    .seed = UINT64_MAX,
};

/* --format names an output; the name of an input format is understood as well, because the other
 * programs call that so. */
static bool choose_format(struct flamegraph_options *o, struct err *err)
{
    const char *format = o->file.format;
    o->renderer = &renderer_svg;
    if (!format || picture_file_is_format(format))
        return true;
    if (reader_find(str_from_c(format)) && !o->input_format) {
        o->input_format = format;
        o->file.format = NULL;
        return true;
    }
    return err_set(err, ERR_USAGE, "there is no picture format '%.60s'; it can be svg, png or pdf",
                   format);
}

static bool check_range(const char *name, double value, double least, double most, struct err *err)
{
    if (value >= least && value <= most)
        return true;
    return err_set(err, ERR_USAGE, "--%s is %.10g; it can be from %.10g to %.10g", name, value,
                   least, most);
}

static bool check_sizes(const struct flamegraph_options *o, struct err *err)
{
    return check_range("width", o->width.value, 30, 1e6, err) &&
           check_range("height", o->height.value, 2, 1000, err) &&
           check_range("fontsize", o->fontsize.value, 0.1, 1000, err) &&
           check_range("fontwidth", o->fontwidth.value, 0.01, 100, err) &&
           check_range("minwidth", o->minwidth.value, 0, o->minwidth.percent ? 100 : 1e6, err);
}

/* It stands in ids and in url(#id). */
static bool check_prefix(const char *text, struct err *err)
{
    for (size_t i = 0; text[i]; i++)
        if (!is_alpha(text[i]) && (i == 0 || (!is_digit(text[i]) && !strchr("._-", text[i]))))
            return err_set(err, ERR_USAGE,
                           "--id-prefix is letters, digits, '.', '_' and '-' and starts with a "
                           "letter, not '%.60s'",
                           text);
    return true;
}

static bool check_colors(const struct flamegraph_options *o, struct picture_options *wanted,
                         struct err *err)
{
    wanted->palette = o->colors ? palette_find(str_from_c(o->colors), err) : palette_default();
    if (!wanted->palette)
        return false;
    wanted->background = background_of(wanted->palette->background);
    return !o->bgcolors || background_parse(str_from_c(o->bgcolors), &wanted->background, err);
}

static void set_texts(const struct flamegraph_options *o, struct picture_options *wanted)
{
    wanted->title = str_from_c(o->title);
    wanted->subtitle = str_from_c(o->subtitle);
    wanted->notes = str_from_c(o->notes);
    wanted->nametype = str_from_c(o->nametype);
    wanted->font = str_from_c(o->fonttype);
    wanted->search = str_from_c(o->search);
    wanted->prefix = str_from_c(o->id_prefix);
}

static void set_layout(const struct flamegraph_options *o, struct layout_options *layout)
{
    layout->width = o->width.value;
    layout->row = o->height.value;
    layout->font = o->fontsize.value;
    layout->fontwidth = o->fontwidth.value;
    layout->minwidth = o->minwidth.value;
    layout->minwidth_percent = o->minwidth.percent;
    layout->inverted = o->inverted;
}

bool flamegraph_options_check(struct flamegraph_options *o, uint64_t seed,
                              struct picture_options *wanted, struct err *err)
{
    *wanted = (struct picture_options){
        .shade = o->hash     ? SHADE_HASH
                 : o->random ? SHADE_RANDOM
                             : SHADE_NAME,
        .seed = o->seed == UINT64_MAX ? seed : o->seed,
        .order = o->flamechart ? ORDER_INPUT : (enum order_by)o->sort,
        .delta = (enum delta_of)o->delta,
        .negate = o->negate,
        .fluid = !o->width.given,
        .factor = o->factor.value,
    };
    set_texts(o, wanted);
    set_layout(o, &wanted->layout);
    return choose_format(o, err) && check_sizes(o, err) && check_prefix(o->id_prefix, err) &&
           check_colors(o, wanted, err);
}
