/*
 * template: a file of templates/ with its {{places}} filled in.
 */
#ifndef FLAMETREE_OUTPUT_TEMPLATE_H
#define FLAMETREE_OUTPUT_TEMPLATE_H

#include "core/sink.h"

struct template_place {
    const char *name;
    void (*put)(const void *context, struct sink *sink);
};

/* Write a template, calling put(context) where {{place}} stands. `places` ends with a NULL name; a
 * place that it lacks stays empty. */
void template_fill(str text, const struct template_place *places, const void *context,
                   struct sink *sink);

/* A template as it is; {NULL, 0} when there is none. */
str template_text(const char *name);

#endif
