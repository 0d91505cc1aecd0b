/* SPDX-License-Identifier: MIT */
/*
 * outputs: the table of outputs, the search in it, and where the bytes of an output go.
 */
#include "output/outputs.h"

#include "format/folded/folded.h"
#include "format/pprof/pprof.h"
#include "format/speedscope/speedscope.h"

enum { ENDING_MOST = 60 };

#define PICTURE(name, raster_format)                                  \
    {                                                                 \
        name, {name}, .kind = OUTPUT_PICTURE, .raster = raster_format \
    }
#define REPORT(report, ending, is_brief)                                                      \
    {                                                                                         \
        .name = #report, .endings = {ending}, .kind = OUTPUT_REPORT, .brief = is_brief,       \
        .write_report = report_write_##report, .write_profile = profile_report_write_##report \
    }

/* In the order in which messages list them. */
static const struct output outputs[] = {
    PICTURE("svg", NULL),
    PICTURE("png", "png"),
    PICTURE("pdf", "pdf"),
    {"folded", {"folded", "txt"}, .kind = OUTPUT_FOLDED},
    {"pprof",
     {"pb.gz", "pb"},
     .kind = OUTPUT_STACKS,
     .write_stacks = pprof_write,
     .all_values = true},
    {"speedscope", {"speedscope.json"}, .kind = OUTPUT_STACKS, .write_stacks = speedscope_write},
    {"term", {"ansi"}, .kind = OUTPUT_TERMINAL},
    REPORT(text, "txt", true),
    REPORT(markdown, "md", true),
    REPORT(json, "json", false),
    REPORT(csv, "csv", false),
};

enum { OUTPUTS = sizeof outputs / sizeof outputs[0], ENDINGS_MOST = 2 * OUTPUTS };

bool output_check_tree(const struct output *output, const struct tree *tree, struct err *err)
{
    if (output->write_stacks != speedscope_write || !tree_has_sides(tree))
        return true;
    return err_set(err, ERR_INPUT,
                   "a file of speedscope has one weight for each stack, not two: before and after");
}

void output_write(const struct output *output, const struct output_content *content,
                  struct sink *sink)
{
    switch (output->kind) {
    case OUTPUT_PICTURE: svg_write(content->document, sink); break;
    case OUTPUT_FOLDED: folded_write(content->tree, sink); break;
    case OUTPUT_STACKS: output->write_stacks(content->tree, content->profile, sink); break;
    case OUTPUT_TERMINAL:
        terminal_write(content->picture, content->profile, content->column, content->terminal,
                       sink);
        break;
    case OUTPUT_REPORT:
        if (content->report)
            output->write_report(content->report, sink);
        else
            output->write_profile(content->profile_report, sink);
        break;
    }
}

size_t output_top(const struct output *output, uint64_t given, size_t to_read)
{
    if (given == UINT64_MAX)
        return output->kind == OUTPUT_REPORT && !output->brief ? 0 : to_read;
    return given < SIZE_MAX ? (size_t)given : 0;
}

/* ---- names ---- */

const struct output *output_at(unsigned kinds, size_t i)
{
    for (size_t k = 0; k < OUTPUTS; k++)
        if ((outputs[k].kind & kinds) && i-- == 0)
            return &outputs[k];
    return NULL;
}

/* The main extension of an output comes before its other ones. */
static const struct output *find_ending(unsigned kinds, str ending)
{
    const struct output *output;
    for (size_t e = 0; e < sizeof outputs[0].endings / sizeof outputs[0].endings[0]; e++)
        for (size_t i = 0; (output = output_at(kinds, i)); i++)
            if (output->endings[e] && str_is_word(ending, output->endings[e]))
                return output;
    return NULL;
}

const struct output *output_find(unsigned kinds, str name)
{
    const struct output *output;
    for (size_t i = 0; (output = output_at(kinds, i)); i++)
        if (str_is_word(name, output->name))
            return output;
    return find_ending(kinds, name);
}

/* The words of a list that ends with NULL, one after the other: "svg, png or pdf". */
static const char *join_words(const char *const *words, const char *between, const char *last,
                              char room[OUTPUT_NAMES_ROOM])
{
    size_t n = 0;
    for (size_t i = 0; words[i]; i++) {
        str before = str_from_c(i == 0 ? "" : words[i + 1] ? between : last);
        str word = str_from_c(words[i]);
        if (n + before.n + word.n >= OUTPUT_NAMES_ROOM)
            break;
        memcpy(room + n, before.p, before.n);
        memcpy(room + n + before.n, word.p, word.n);
        n += before.n + word.n;
    }
    room[n] = '\0';
    return room;
}

const char *output_names(unsigned kinds, const char *last, char room[OUTPUT_NAMES_ROOM])
{
    const char *names[OUTPUTS + 1] = {NULL};
    const struct output *output;
    for (size_t i = 0; (output = output_at(kinds, i)); i++)
        names[i] = output->name;
    return join_words(names, ", ", last, room);
}

bool output_choose(unsigned kinds, const char *option, const char *name,
                   const struct output **output, struct err *err)
{
    char names[OUTPUT_NAMES_ROOM];
    if (!name)
        return true;
    *output = output_find(kinds, str_from_c(name));
    return *output || err_set(err, ERR_USAGE, "%s cannot be '%.60s'; it can be %s", option, name,
                              output_names(kinds, ", ", names));
}

/* ---- endings ---- */

/* The part of the file name after its last dot. */
static str ending_of(const char *path)
{
    str name = str_file_name(str_from_c(path));
    size_t dot = str_find_last(name, '.');
    return dot < name.n ? str_skip(name, dot + 1) : STR("");
}

static const char *find_word(str word, const char *const *list)
{
    while (*list && !str_is_word(word, *list))
        list++;
    return *list;
}

/* A pipe, a device: its name was not chosen for what is written to it. */
static bool is_special(const struct os *os, const char *path)
{
    mode_t mode;
    return os->kind(os->context, path, &mode) == OS_SPECIAL;
}

/* Room for ".svg, .png or .pdf". */
static const char *join_endings(const char *const *endings, char room[OUTPUT_NAMES_ROOM + 1])
{
    room[0] = '.';
    join_words(endings, ", .", " or .", room + 1);
    return room;
}

static const struct output *find_path_ending(unsigned kinds, const char *path)
{
    const struct output *output = NULL;
    str name = str_file_name(str_from_c(path));
    for (size_t dot = str_find(name, '.', 0); dot < name.n && !output;
         dot = str_find(name, '.', dot + 1))
        output = find_ending(kinds, str_skip(name, dot + 1));
    return output;
}

/* All endings of these kinds, each once: those of the outputs that they choose. */
static void list_endings(unsigned kinds, const char *endings[ENDINGS_MOST + 1])
{
    const struct output *output;
    size_t n = 0;
    for (size_t i = 0; (output = output_at(kinds, i)); i++)
        for (const char *const *e = output->endings; *e; e++)
            if (find_ending(kinds, str_from_c(*e)) == output)
                endings[n++] = *e;
    endings[n] = NULL;
}

bool output_of_path(unsigned kinds, const struct os *os, const char *path, const char *hint,
                    const struct output **found, struct err *err)
{
    const char *endings[ENDINGS_MOST + 1];
    char room[OUTPUT_NAMES_ROOM + 1];
    str ending = ending_of(path);
    *found = find_path_ending(kinds, path);
    if (*found || ending.n == 0 || is_special(os, path))
        return true;
    list_endings(kinds, endings);
    err_set(err, ERR_USAGE, "nothing can be written as .%.*s; it can be %s%s",
            STR_SHOWN(ending, ENDING_MOST), join_endings(endings, room), hint);
    return err_in_file(err, path, 0);
}

bool output_check_text(const struct os *os, const char *path, const char *what,
                       const char *const *endings, struct err *err)
{
    static const char *const not_text[] = {"svg",  "svgz", "png", "pdf", "jpg", "jpeg", "gif",
                                           "webp", "html", "htm", "md",  "csv", "json", "xml",
                                           "pb",   "gz",   "bz2", "xz",  "zst", "zip",  NULL};
    char room[OUTPUT_NAMES_ROOM + 1];
    str ending = path ? ending_of(path) : STR("");
    const char *other = find_word(ending, not_text);
    if (!other || find_word(ending, endings) || is_special(os, path))
        return true;
    err_set(err, ERR_USAGE, "%s cannot be written as .%s; it can be %s", what, other,
            join_endings(endings, room));
    return err_in_file(err, path, 0);
}

bool output_of_stacks_path(unsigned kinds, const struct os *os, const char *path,
                           const struct output **found, struct err *err)
{
    const char *endings[ENDINGS_MOST + 1];
    const struct output *output = path ? find_path_ending(kinds, path) : NULL;
    if (output)
        *found = output;
    list_endings(kinds, endings);
    return output || output_check_text(os, path, "stacks", endings, err);
}

/* ---- streams ---- */

struct sink *output_stream_open(struct output_stream *stream, const struct output *output,
                                const struct raster_helper_options *how,
                                const struct output_place *place, struct heap *heap,
                                struct err *err)
{
    struct raster_helper_options options = *how;
    *stream = (struct output_stream){0};
    options.format = output->raster;
    if (output->raster && !(stream->helper = raster_helper_start(heap, &options, err)))
        return NULL;
    stream->out = place->open(place->context);
    if (!stream->helper)
        return stream->out;
    if (!stream->out) {
        raster_helper_abandon(stream->helper);
        return NULL;
    }
    sink_open_callback(&stream->svg, heap, raster_helper_write, stream->helper, err);
    return &stream->svg;
}

bool output_stream_finish(struct output_stream *stream, struct err *err)
{
    if (stream->helper) {
        bool written = sink_close(&stream->svg);
        if (!raster_helper_finish(stream->helper, stream->out, err) || !written)
            return false;
    }
    return sink_flush(stream->out);
}
