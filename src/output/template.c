/*
 * template: see template.h. What is between the places was written by us, so it goes out as it
 * is.
 */
#include "output/template.h"

#include "output/template_data.h"

str template_text(const char *name)
{
    for (const struct template_file *file = template_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            return str_of((const char *)file->data, file->size);
    return str_of(NULL, 0);
}

static void put_place(str name, const struct template_place *places, const void *context,
                      struct sink *sink)
{
    for (; places->name; places++) {
        if (str_equal(name, str_from_c(places->name))) {
            places->put(context, sink);
            return;
        }
    }
}

void template_fill(str text, const struct template_place *places, const void *context,
                   struct sink *sink)
{
    for (size_t at = 0; at < text.n;) {
        size_t open = str_search(text, STR("{{"), at);
        sink_bytes(sink, str_cut(text, at, open));
        if (open >= text.n)
            break;
        size_t close = str_search(text, STR("}}"), open);
        put_place(str_cut(text, open + 2, close), places, context, sink);
        at = close + 2;
    }
}
