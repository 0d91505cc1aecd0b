/*
 * template_data: the files of templates/, carried in the program. The build makes template_data.c
 * from them (build-aux/embed.sh); the modules of templates/viewer/ are
 * the entries "viewer.js" and "viewer-differential.js".
 */
#ifndef FLAMETREE_OUTPUT_TEMPLATE_DATA_H
#define FLAMETREE_OUTPUT_TEMPLATE_DATA_H

#include <stddef.h>

struct template_file {
    const char *name; /* the path below templates/ */
    const unsigned char *data;
    size_t size; /* a NUL follows that is not counted */
};

/* Sorted by name; an entry whose name is NULL ends it. */
extern const struct template_file template_files[];

#endif
