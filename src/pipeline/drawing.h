/*
 * drawing: from a tree to an output, as a request says. The programs and the library all draw here.
 *
 *      tree ──► reverse, wakers ──► total, color rules ──► picture ──► output
 *               drawing_prepare()                          drawing_write()
 *
 * Filters come before it: they belong to each run of a comparison alone.
 */
#ifndef FLAMETREE_PIPELINE_DRAWING_H
#define FLAMETREE_PIPELINE_DRAWING_H

#include "pipeline/request.h"

/* A sum below it is worth a warning. */
enum { DRAWING_LOW_SUM = 100 };

struct drawing {
    const struct request *request; /* checked */
    const struct profile *profile; /* its facts and units; NULL: a comparison has none */
    struct heap *heap;
    struct err *err;
    const struct report *report; /* of an output that is a report; NULL: none */
    struct output_place place;
    /* What is no error but worth a message; NULL: nobody wants to know. */
    void (*warn)(void *context, const char *message);
    void *warn_context;
    /* set on the way */
    struct picture_options picture; /* those of the request, and what the tree adds */
    const struct tree *tree;        /* of folded stacks, the caller may set it */
    unsigned column;                /* that widths are of */
    bool both;                      /* the sides one above the other */
    struct color_given *given;      /* NULL: none */
    struct tree turned, marked;
    struct output_stream stream;
};

/* The tree as it is drawn. It outlives the drawing; what is made of it is of the heap of the
 * drawing, and stays until that ends. False: nothing is left to draw, or an option
 * does not fit the tree. */
bool drawing_prepare(struct drawing *drawing, const struct tree *tree);

/* Write the output to its place, for the caller to close. */
bool drawing_write(struct drawing *drawing);

/* The same for a document that says why there is no picture. */
bool drawing_write_message(struct drawing *drawing, str title, str message);

/* The hashes of scripts and styles, whatever is drawn. */
void drawing_write_csp(const struct drawing *drawing, struct sink *sink);

#endif
