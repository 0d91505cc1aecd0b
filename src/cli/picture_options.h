/*
 * picture_options: the options of a picture, the same in flamegraph and flamediff, and the request
 * that they make.
 */
#ifndef FLAMETREE_CLI_PICTURE_OPTIONS_H
#define FLAMETREE_CLI_PICTURE_OPTIONS_H

#include "cli/program.h"
#include "pipeline/drawing.h"

enum { PICTURE_VIEWER, PICTURE_NO_SCRIPT };

struct picture_choices {
    const char *output, *output_format;
    struct option_number scale;
    const char *background;
    const char *title, *subtitle, *unit, *nametype, *notes, *font, *search, *id_prefix, *sky;
    struct option_number height, minwidth, fontsize, fontwidth;
    bool inverted;
    unsigned sort;
    const char *nameattr, *css; /* files; NULL: none */
    bool unsafe_links, fragment, no_metadata;
    unsigned script, theme;
};

extern const char *const picture_sort_choices[], *const picture_script_choices[];

/* clang-format off */
#define PICTURE_ROW(kind, traits, type, field, name, argument, help, topic, choices)              \
    {name, kind, traits, offsetof(type, field), argument, help, topic, choices}

/* classic: traits of the options that the Perl flamegraph has; later: of the others. In flamediff
 * all are OPTION_LATER. A program adds rows of its own to the topics. */
#define OPTIONS_PICTURE(type, field, classic, later)                                              \
    PICTURE_ROW(OPTION_TEXT, classic, type, field.title, "title", "TEXT",                         \
                "the title at the top", "picture", NULL),                                         \
    PICTURE_ROW(OPTION_TEXT, classic, type, field.subtitle, "subtitle", "TEXT",                   \
                "a second line below it", "picture", NULL),                                       \
    PICTURE_ROW(OPTION_NUMBER, (classic) | OPTION_POSITIVE, type, field.height, "height", "PX",   \
                "height of a frame, 16", "picture", NULL),                                        \
    PICTURE_ROW(OPTION_NUMBER, (classic) | OPTION_PERCENT, type, field.minwidth, "minwidth", "PX",\
                "leave out narrower frames, 0.1; or N% of the total", "picture", NULL),           \
    PICTURE_ROW(OPTION_FLAG, classic, type, field.inverted, "inverted", NULL,                     \
                "icicle graph: the root on top", "picture", NULL),                                \
    PICTURE_ROW(OPTION_CHOICE, later, type, field.sort, "sort", "HOW",                            \
                "siblings by name, weight or input", "picture", picture_sort_choices),            \
    PICTURE_ROW(OPTION_NUMBER, (later) | OPTION_POSITIVE, type, field.scale, "scale", "N",        \
                "PNG, PDF: so many times as large, 1", "picture", NULL),                          \
    PICTURE_ROW(OPTION_TEXT, later, type, field.background, "background", "COLOR",                \
                "PNG, PDF: none, white, black or #rrggbb", "picture", NULL)

#define OPTIONS_PICTURE_SKY(type, field, classic, topic)                                          \
    PICTURE_ROW(OPTION_TEXT, classic, type, field.sky, "bgcolors", "COLOR",                       \
                "yellow, blue, green, grey or #rrggbb", topic, NULL)

#define OPTIONS_PICTURE_TEXT(type, field, classic, later)                                         \
    PICTURE_ROW(OPTION_TEXT, classic, type, field.font, "fonttype", "FONT",                       \
                "Verdana", "text", NULL),                                                         \
    PICTURE_ROW(OPTION_TEXT, later, type, field.font, "font", "FONT",                             \
                "the same, or several, the first that is there counts", "text", NULL),            \
    PICTURE_ROW(OPTION_NUMBER, (classic) | OPTION_POSITIVE, type, field.fontsize, "fontsize",     \
                "PX", "12", "text", NULL),                                                        \
    PICTURE_ROW(OPTION_NUMBER, (classic) | OPTION_POSITIVE, type, field.fontwidth, "fontwidth",   \
                "N", "width of a letter in font sizes, 0.59", "text", NULL),                      \
    PICTURE_ROW(OPTION_TEXT, later, type, field.unit, "unit", "NAME",                             \
                "what weights are in: ns, us, ms, s, bytes...", "text", NULL),                    \
    PICTURE_ROW(OPTION_TEXT, classic, type, field.nametype, "nametype", "TEXT",                   \
                "what a frame is: Function:", "text", NULL),                                      \
    PICTURE_ROW(OPTION_TEXT, classic, type, field.notes, "notes", "TEXT",                         \
                "a note in the file", "text", NULL)

#define OPTIONS_PICTURE_PAGE(type, field, classic, later)                                         \
    PICTURE_ROW(OPTION_TEXT, classic, type, field.nameattr, "nameattr", "FILE",                   \
                "links and attributes by name", "page", NULL),                                    \
    PICTURE_ROW(OPTION_FLAG, later, type, field.unsafe_links, "unsafe-links", NULL,               \
                "--nameattr may hold any link, and scripts", "page", NULL),                       \
    PICTURE_ROW(OPTION_TEXT, later, type, field.search, "search", "REGEX",                        \
                "open with this search", "page", NULL),                                           \
    PICTURE_ROW(OPTION_CHOICE, later, type, field.script, "script", "WHICH",                      \
                "viewer, or none: a picture and no more", "page", picture_script_choices),        \
    PICTURE_ROW(OPTION_TEXT, later, type, field.id_prefix, "id-prefix", "TEXT",                   \
                "the text that all ids start with", "page", NULL),                                \
    PICTURE_ROW(OPTION_FLAG, later, type, field.fragment, "fragment", NULL,                       \
                "an <svg> to paste into HTML", "page", NULL),                                     \
    PICTURE_ROW(OPTION_CHOICE, later, type, field.theme, "theme", "WHICH",                        \
                "light, dark, or auto: what the page prefers", "page", theme_names),              \
    PICTURE_ROW(OPTION_TEXT, later, type, field.css, "css", "FILE",                               \
                "a style sheet after ours", "page", NULL),                                        \
    PICTURE_ROW(OPTION_FLAG, later, type, field.no_metadata, "no-metadata", NULL,                 \
                "leave out host, command line and the like", "page", NULL)
/* clang-format on */

/* For completions: words that fit an option of a picture; NULL after the last. */
const char *picture_options_offer(const char *option, size_t i);

/* Fill what these options say of the request; it has its defaults. *attrs is the table of the file
 * that --nameattr names; picture_options_load_files() reads it, and the style sheet. */
void picture_options_apply(struct program *program, const struct picture_choices *choices,
                           const struct attrs_table *attrs, struct request *request);
bool picture_options_load_files(struct program *program, const struct picture_choices *choices,
                                struct attrs_table *attrs, struct request *request);

/* The drawing of a program: its output goes to the path of the request, its warnings to stderr. */
struct drawing picture_options_drawing(struct program *program, const struct request *request);

#endif
