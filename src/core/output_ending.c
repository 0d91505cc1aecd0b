/*
 * output_ending: see output_ending.h.
 */
#include "core/output_ending.h"

enum { LIST_ROOM = 200, ENDING_MOST = 60 };

static const char *const not_text[] = {"svg",  "svgz", "png", "pdf", "jpg", "jpeg", "gif",
                                       "webp", "html", "htm", "md",  "csv", "json", "xml",
                                       "pb",   "gz",   "bz2", "xz",  "zst", "zip",  NULL};

bool output_ending_is_word(str text, const char *word)
{
    if (text.n != strlen(word))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (to_lower(text.p[i]) != word[i])
            return false;
    return true;
}

/* What follows the last dot of the last part of the path. */
static str ending_of(const char *path)
{
    str name = str_from_c(path);
    size_t slash = str_find_last(name, '/');
    if (slash < name.n)
        name = str_skip(name, slash + 1);
    size_t dot = str_find_last(name, '.');
    return dot < name.n ? str_skip(name, dot + 1) : STR("");
}

static size_t find_word(str word, const char *const *list)
{
    size_t i = 0;
    while (list[i] && !output_ending_is_word(word, list[i]))
        i++;
    return i;
}

/* A pipe, a device: its name was not chosen for what is written to it. */
static bool is_special(const struct os *os, const char *path)
{
    mode_t mode;
    return os->kind(os->context, path, &mode) == OS_SPECIAL;
}

/* ".svg, .png or .pdf" */
static const char *put_list(char room[LIST_ROOM], const char *const *endings)
{
    size_t n = 0;
    for (size_t i = 0; endings[i]; i++) {
        str between = i == 0 ? STR(".") : endings[i + 1] ? STR(", .") : STR(" or .");
        str ending = str_from_c(endings[i]);
        if (between.n + ending.n >= LIST_ROOM - n)
            break;
        memcpy(room + n, between.p, between.n);
        memcpy(room + n + between.n, ending.p, ending.n);
        n += between.n + ending.n;
    }
    room[n] = '\0';
    return room;
}

bool output_ending_find(const struct os *os, const char *path, const char *const *endings,
                        const char *hint, size_t *found, struct err *err)
{
    char list[LIST_ROOM];
    str ending = ending_of(path);
    *found = find_word(ending, endings);
    if (endings[*found] || ending.n == 0 || is_special(os, path))
        return true;
    err_set(err, ERR_USAGE, "nothing can be written as .%.*s; it can be %s%s",
            (int)(ending.n < ENDING_MOST ? ending.n : ENDING_MOST), ending.p,
            put_list(list, endings), hint);
    return err_in_file(err, path, 0);
}

bool output_ending_check_text(const struct os *os, const char *path, const char *what,
                              const char *const *endings, struct err *err)
{
    char list[LIST_ROOM];
    str ending = path ? ending_of(path) : STR("");
    const char *other = not_text[find_word(ending, not_text)];
    if (!other || endings[find_word(ending, endings)] || is_special(os, path))
        return true;
    err_set(err, ERR_USAGE, "%s cannot be written as .%s; it can be %s", what, other,
            put_list(list, endings));
    return err_in_file(err, path, 0);
}
