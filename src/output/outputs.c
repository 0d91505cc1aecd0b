/*
 * outputs: the table, and how an output is found in it.
 */
#include "output/outputs.h"

#include "core/output_ending.h"
#include "format/folded/folded_writer.h"

static void write_svg(const struct output_content *content, struct sink *sink)
{
    svg_write(content->document, sink);
}

static void write_folded(const struct output_content *content, struct sink *sink)
{
    folded_write(content->tree, sink);
}

static void write_text(const struct output_content *content, struct sink *sink)
{
    report_write_text(content->report, sink);
}

static void write_markdown(const struct output_content *content, struct sink *sink)
{
    report_write_markdown(content->report, sink);
}

static void write_json(const struct output_content *content, struct sink *sink)
{
    report_write_json(content->report, sink);
}

static void write_csv(const struct output_content *content, struct sink *sink)
{
    report_write_csv(content->report, sink);
}

#define PICTURE(name, help, raster)                                                     \
    {                                                                                   \
        name, {name}, help, OUTPUT_PICTURE, false, raster, write_svg, svg_write_message \
    }
#define REPORT(name, ending, help, brief, write)                      \
    {                                                                 \
        name, {ending}, help, OUTPUT_REPORT, brief, NULL, write, NULL \
    }

/* In the order in which messages list them. */
const struct output outputs[] = {
    PICTURE("svg", "a picture for browsers", NULL),
    PICTURE("png", "a picture of pixels", "png"),
    PICTURE("pdf", "a picture on a page", "pdf"),
    {"folded", {"folded", "txt"}, "folded stacks", OUTPUT_FOLDED, false, NULL, write_folded, NULL},
    REPORT("text", "txt", "tables for a terminal", true, write_text),
    REPORT("markdown", "md", "tables for a comment on a change", true, write_markdown),
    REPORT("json", "json", "everything, for programs", false, write_json),
    REPORT("csv", "csv", "a line for each function, for spreadsheets", false, write_csv),
};
const size_t output_count = sizeof outputs / sizeof outputs[0];

enum { ENDINGS_MOST = 2 * sizeof outputs / sizeof outputs[0] };

const struct output *output_at(unsigned kinds, size_t i)
{
    for (size_t k = 0; k < output_count; k++)
        if ((outputs[k].kind & kinds) && i-- == 0)
            return &outputs[k];
    return NULL;
}

/* An ending that is the output's own goes before one that it has besides. */
static const struct output *find_ending(unsigned kinds, str ending)
{
    const struct output *output;
    for (size_t e = 0; e < sizeof outputs[0].endings / sizeof outputs[0].endings[0]; e++)
        for (size_t i = 0; (output = output_at(kinds, i)); i++)
            if (output->endings[e] && output_ending_is_word(ending, output->endings[e]))
                return output;
    return NULL;
}

const struct output *output_find(unsigned kinds, str name)
{
    const struct output *output;
    for (size_t i = 0; (output = output_at(kinds, i)); i++)
        if (output_ending_is_word(name, output->name))
            return output;
    return find_ending(kinds, name);
}

/* The endings of these kinds, each once. */
static void list_endings(unsigned kinds, const char *list[ENDINGS_MOST + 1])
{
    const struct output *output;
    size_t n = 0;
    for (size_t i = 0; (output = output_at(kinds, i)); i++)
        for (const char *const *ending = output->endings; *ending; ending++)
            if (find_ending(kinds, str_from_c(*ending)) == output)
                list[n++] = *ending;
    list[n] = NULL;
}

bool output_of_path(unsigned kinds, const struct os *os, const char *path, const char *hint,
                    const struct output **found, struct err *err)
{
    const char *endings[ENDINGS_MOST + 1];
    size_t at;
    list_endings(kinds, endings);
    if (!output_ending_find(os, path, endings, hint, &at, err))
        return false;
    *found = endings[at] ? find_ending(kinds, str_from_c(endings[at])) : NULL;
    return true;
}

const char *output_names(unsigned kinds, const char *last, char room[OUTPUT_NAMES_ROOM])
{
    const struct output *output;
    size_t n = 0;
    for (size_t i = 0; (output = output_at(kinds, i)); i++) {
        const char *before = i == 0 ? "" : output_at(kinds, i + 1) ? ", " : last;
        size_t more = strlen(before), length = strlen(output->name);
        if (n + more + length >= OUTPUT_NAMES_ROOM)
            break;
        memcpy(room + n, before, more);
        memcpy(room + n + more, output->name, length);
        n += more + length;
    }
    room[n] = '\0';
    return room;
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
