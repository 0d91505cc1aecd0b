/*
 * house_files: see house_files.h.
 */
#include "cli/house_files.h"

#include "cli/text_file.h"

static bool load_template(struct program *program, const char *directory, size_t i,
                          struct house *house, bool *missing)
{
    struct err *err = &program->err;
    size_t n = strlen(directory), more = strlen(house_templates[i]);
    char *path = heap_alloc(&program->heap, n + more + 2, 1);
    str text;
    *missing = false;
    memcpy(path, directory, n);
    path[n] = '/';
    memcpy(path + n + 1, house_templates[i], more + 1);
    if (!text_file_load(program, path, &text, missing))
        return false;
    return *missing || house_set_template(house, i, text, err) || err_in_file(err, path, err->line);
}

static bool load_directory(struct program *program, const char *directory, struct house *house)
{
    size_t found = 0;
    for (size_t i = 0; house_templates[i]; i++) {
        bool missing;
        if (!load_template(program, directory, i, house, &missing))
            return false;
        found += !missing;
    }
    if (found > 0)
        return true;
    err_set(&program->err, ERR_INPUT, "no template is here: there can be %s, %s, %s and %s",
            house_templates[0], house_templates[1], house_templates[2], house_templates[3]);
    return err_in_file(&program->err, directory, 0);
}

bool house_files_load(struct program *program, const char *directory, const char *css,
                      struct house *house)
{
    str text;
    *house = (struct house){.css = STR("")};
    if (directory && !load_directory(program, directory, house))
        return false;
    if (!css)
        return true;
    return text_file_load(program, css, &text, NULL) &&
           (house_set_css(house, text, &program->err) ||
            err_in_file(&program->err, css, program->err.line));
}
