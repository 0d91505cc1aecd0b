/* SPDX-License-Identifier: MIT */
/*
 * picture_options: the options of a picture, which flamegraph and flamediff share. Most of them are
 * stored directly in the request.
 */
#ifndef FLAMETREE_CLI_PICTURE_OPTIONS_H
#define FLAMETREE_CLI_PICTURE_OPTIONS_H

#include "cli/program.h"
#include "picture/color_rules.h"
#include "pipeline/drawing.h"

struct picture_choices {
    struct program *program;
    struct request request;
    const char *output_format, *report;
    struct option_number width, scale, height, minwidth, fontsize, fontwidth;
    const char *nameattr, *css; /* files; NULL: none */
    struct attrs_table attrs;   /* the content of nameattr */
    bool unsafe_links, no_metadata;
    unsigned term_colors; /* index in picture_term_choices */
    unsigned script;      /* index in picture_script_choices */
};

extern const char *const picture_sort_choices[], *const picture_script_choices[],
                                                     *const picture_term_choices[];

/* clang-format off */
/* classic: traits of the options that the Perl flamegraph has; later: of the others. A program can
 * add its own rows to a topic. */
#define OPTIONS_PICTURE(type, field, classic, later)                                              \
    OPTION(type, field.request.title, OPTION_TEXT, classic, "title", "TEXT",                      \
           "the title at the top", "picture", NULL),                                              \
    OPTION(type, field.request.subtitle, OPTION_TEXT, classic, "subtitle", "TEXT",                \
           "a second line below the title", "picture", NULL),                                     \
    OPTION(type, field.height, OPTION_NUMBER, (classic) | OPTION_POSITIVE, "height", "PX",        \
           "height of a frame, 16", "picture", NULL),                                             \
    OPTION(type, field.minwidth, OPTION_NUMBER, (classic) | OPTION_PERCENT, "minwidth", "PX",     \
           "leave out narrower frames, 0.1; or N% of the total", "picture", NULL),                \
    OPTION(type, field.request.picture.layout.inverted, OPTION_FLAG, classic, "inverted", NULL,   \
           "icicle graph: the root on top", "picture", NULL),                                     \
    OPTION(type, field.request.picture.order, OPTION_CHOICE, later, "sort", "HOW",                \
           "siblings by name, weight or input", "picture", picture_sort_choices),                 \
    OPTION(type, field.scale, OPTION_NUMBER, (later) | OPTION_POSITIVE, "scale", "N",             \
           "PNG, PDF: enlarge N times, 1", "picture", NULL),                                      \
    OPTION(type, field.request.background, OPTION_TEXT, later, "background", "COLOR",             \
           "PNG, PDF: none, white, black or #rrggbb", "picture", NULL),                           \
    OPTION(type, field.term_colors, OPTION_CHOICE, later, "term-colors", "N",                     \
           "in a terminal: auto, none, 16, 256 or 24bit", "picture", picture_term_choices)

#define OPTIONS_PICTURE_TEXT(type, field, classic, later)                                         \
    OPTION(type, field.request.font, OPTION_TEXT, classic, "fonttype", "FONT",                    \
           "Verdana", "text", NULL),                                                              \
    OPTION(type, field.request.font, OPTION_TEXT, later, "font", "FONT",                          \
           "the same; of several fonts the first one installed", "text", NULL),                   \
    OPTION(type, field.fontsize, OPTION_NUMBER, (classic) | OPTION_POSITIVE, "fontsize", "PX",    \
           "12", "text", NULL),                                                                   \
    OPTION(type, field.fontwidth, OPTION_NUMBER, (classic) | OPTION_POSITIVE, "fontwidth", "N",   \
           "width of a letter in font sizes, 0.59", "text", NULL),                                \
    OPTION(type, field.request.unit, OPTION_TEXT, later, "unit", "NAME",                          \
           "unit of the weights: ns, us, ms, s, bytes...", "text", NULL),                         \
    OPTION(type, field.request.nametype, OPTION_TEXT, classic, "nametype", "TEXT",                \
           "label before names; default: Function:", "text", NULL),                               \
    OPTION(type, field.request.notes, OPTION_TEXT, classic, "notes", "TEXT",                      \
           "a note in the file", "text", NULL)

#define OPTIONS_PICTURE_PAGE(type, field, classic, later)                                         \
    OPTION(type, field.nameattr, OPTION_TEXT, classic, "nameattr", "FILE",                        \
           "links and attributes by name", "page", NULL),                                         \
    OPTION(type, field.unsafe_links, OPTION_FLAG, later, "unsafe-links", NULL,                    \
           "allow any link, and scripts, in --nameattr", "page", NULL),                           \
    OPTION(type, field.request.search, OPTION_TEXT, later, "search", "REGEX",                     \
           "open with this search", "page", NULL),                                                \
    OPTION(type, field.script, OPTION_CHOICE, later, "script", "WHICH",                           \
           "viewer, or none: only a picture", "page", picture_script_choices),                    \
    OPTION(type, field.request.id_prefix, OPTION_TEXT, later, "id-prefix", "TEXT",                \
           "the text that all ids start with", "page", NULL),                                     \
    OPTION(type, field.request.fragment, OPTION_FLAG, later, "fragment", NULL,                    \
           "an <svg> to paste into HTML", "page", NULL),                                          \
    OPTION(type, field.request.theme, OPTION_CHOICE, later, "theme", "WHICH",                     \
           "light, dark, or auto: as the page prefers", "page", theme_names),                     \
    OPTION(type, field.css, OPTION_TEXT, later, "css", "FILE",                                    \
           "a style sheet after ours", "page", NULL),                                             \
    OPTION(type, field.no_metadata, OPTION_FLAG, later, "no-metadata", NULL,                      \
           "leave out host, command line and the like", "page", NULL)
/* clang-format on */

/* Set the rest of the request, which then waits for request_check(). */
void picture_options_apply(struct picture_choices *choices, struct program *program);

/* The output that --report, --output-format or the path names; *output is unchanged if none of them
 * is given. False with the program's error set. `choices->program` is set. */
bool picture_options_choose_output(const struct picture_choices *choices, unsigned kinds,
                                   const struct output **output);

/* Read the files of --css and --nameattr. False with the program's error set. */
bool picture_options_load_files(struct picture_choices *choices);

/* The drawing of a program: it writes to the path of the request, and its warnings go to stderr. */
struct drawing picture_options_drawing(struct picture_choices *choices);

/*
 * map_file: the file of --palette-file and --cp. Several runs may share it: each adds the names
 * that it met.
 *
 *      read ──► draw ──► lock the directory ──► read again, add ours ──► write, rename ──► unlock
 *
 * Runs at the same moment keep each other's names. The lock is on the directory because each run
 * replaces the file. A run waits a minute for the lock, then it writes without one. Without a lock
 * the file is whole all the same, but names of a run at the same moment can be lost.
 */

struct map_file {
    struct program *program;
    const char *path;
    struct color_map map;
};

/* The file may not exist yet. */
bool map_file_load(struct map_file *file, struct program *program, const char *path);

/* Write the file with the names that were added to `map`. The caller closes the program's outputs,
 * which renames the file, and unlocks. */
bool map_file_save(struct map_file *file);

#endif
