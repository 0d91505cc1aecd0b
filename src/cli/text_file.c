/*
 * text_file: see text_file.h.
 */
#include "cli/text_file.h"

#include <errno.h>

enum { BLOCK = 65536 };

#define MOST ((size_t)1 << 30)

/* /dev/zero, say. */
static bool too_long(struct program *program, const char *path)
{
    err_set(&program->err, ERR_INPUT, "it has more than %zu MB: give the file that is meant",
            MOST >> 20);
    return err_in_file(&program->err, path, 0);
}

bool text_file_load(struct program *program, const char *path, str *text, bool *missing)
{
    struct err *err = &program->err;
    VEC(char) bytes = {0};
    if (!source_open_file(&program->source, program->env->os, path, err)) {
        if (!missing || err->sys != ENOENT)
            return false;
        *missing = true;
        *text = STR("");
        *err = (struct err){0};
        return true;
    }
    for (;;) {
        vec_reserve(&program->heap, &bytes, BLOCK);
        ptrdiff_t n = source_read(&program->source, bytes.at + bytes.n, BLOCK, err);
        if (n < 0)
            return false;
        if (n == 0)
            break;
        bytes.n += (size_t)n;
        if (bytes.n > MOST)
            return too_long(program, path);
    }
    source_close(&program->source);
    *text = str_of(bytes.at, bytes.n);
    return true;
}
