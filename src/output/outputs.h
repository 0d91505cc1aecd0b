/*
 * outputs: the one table of what can be written. An output has a name, the endings of its files,
 * and a function that writes it. Options, completions, messages and the library read this table, so
 * that a new output is a writer and a line in outputs.c.
 *
 *      --output-format png ──► output_find()    ──┐
 *      -o x.png            ──► output_of_path() ──┴─► struct output ──► output_stream, write()
 */
#ifndef FLAMETREE_OUTPUT_OUTPUTS_H
#define FLAMETREE_OUTPUT_OUTPUTS_H

#include "core/os.h"
#include "output/renderer.h"
#include "output/report.h"

/* Each program makes some of them: a set of kinds is their sum. */
enum output_kind { OUTPUT_PICTURE = 1, OUTPUT_FOLDED = 2, OUTPUT_REPORT = 4 };

/* What is written. Each kind of output uses one of them. */
struct output_content {
    const struct document *document; /* of a picture */
    const struct tree *tree;         /* of folded stacks */
    const struct report *report;
};

struct output {
    const char *name; /* what --output-format takes */
    /* Ends with NULL. The first is its own; it has the others unless they are another output's own.
     */
    const char *endings[3];
    const char *help; /* one line */
    enum output_kind kind;
    bool brief;         /* a report for people: the top of each list, unless they ask for more */
    const char *raster; /* the format that flamegraph-raster makes of what is written; NULL: none */
    void (*write)(const struct output_content *content, struct sink *sink);
    /* Writes a document that says why there is no picture. NULL: there is none. */
    void (*write_message)(const struct document *document, str title, str message,
                          struct sink *sink);
};

extern const struct output outputs[];
extern const size_t output_count;

/* The one of that name, or of that ending. Case does not matter. NULL: there is none. */
const struct output *output_find(unsigned kinds, str name);

/* The same for the value of an option, or of a field; *output stays when `name` is NULL. False:
 * ERR_USAGE; the message lists the names. */
bool output_choose(unsigned kinds, const char *option, const char *name,
                   const struct output **output, struct err *err);

/* The i-th one of these kinds; NULL after the last. */
const struct output *output_at(unsigned kinds, size_t i);

/* The one whose ending the path has; *found is NULL when the path has no ending, or when it is a
 * pipe or a device with an ending that is not known. False: ERR_USAGE; the message lists the
 * endings and ends with `hint`. */
bool output_of_path(unsigned kinds, const struct os *os, const char *path, const char *hint,
                    const struct output **found, struct err *err);

enum { OUTPUT_NAMES_ROOM = 200 };

/* "svg, png or pdf": `last` is what separates the last two names. Returns room. */
const char *output_names(unsigned kinds, const char *last, char room[OUTPUT_NAMES_ROOM]);

#endif
