/*
 * picture_file: the output of flamegraph, whatever its format: SVG goes out as it is made, for PNG
 * and PDF the very same bytes go through flamegraph-raster.
 */
#ifndef FLAMETREE_CLI_PICTURE_FILE_H
#define FLAMETREE_CLI_PICTURE_FILE_H

#include "cli/program.h"
#include "raster/helper.h"

/* What a person said about it. */
struct picture_file_options {
    const char *output; /* a path; NULL: stdout */
    const char *format; /* NULL: the ending of the path says it; without one it is "svg" */
    struct option_number scale;
    const char *background; /* NULL: what the picture has */
    const char *from_svg;   /* a file that is drawn instead of a profile; NULL: none */
};

struct picture_file {
    struct program *program;
    const char *path;
    bool folded;               /* no picture: x.folded and x.txt are stacks */
    struct helper_options how; /* format NULL: SVG */
    char background[8];        /* "#rrggbb" */
    struct helper *helper;
    struct sink svg; /* to the helper */
};

/* Look at what was asked for. False with the error of the program: ERR_USAGE.
 * *file outlives what is done with it and stays where it is. */
bool picture_file_choose(struct picture_file *file, struct program *program,
                         const struct picture_file_options *options);

/* Whether `name` is a picture's: svg, png or pdf, whatever its case. */
bool picture_file_is_format(const char *name);

/* Where the SVG goes; NULL when the file cannot be made or the helper cannot be started. */
struct sink *picture_file_open(struct picture_file *file);

/* All is written; the file has its name when the program's outputs are closed. */
bool picture_file_finish(struct picture_file *file);

/* The same, and they are. False when anything failed; a file then is as it was before. */
bool picture_file_close(struct picture_file *file);

/* --from-svg: read the SVG and write it as what was asked for. */
bool picture_file_convert(struct picture_file *file, const char *svg_path);

#endif
