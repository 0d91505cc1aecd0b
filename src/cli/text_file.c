/* SPDX-License-Identifier: MIT */
/*
 * text_file: see text_file.h.
 */
#include "cli/text_file.h"

#include <errno.h>

enum { TEXT_FILE_BLOCK = 65536 };

/* A limit for files without an end, such as /dev/zero. */
#define TEXT_FILE_MOST ((size_t)1 << 30)

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
        vec_reserve(&program->heap, &bytes, TEXT_FILE_BLOCK);
        ptrdiff_t n = source_read(&program->source, bytes.at + bytes.n, TEXT_FILE_BLOCK, err);
        if (n < 0)
            return false;
        if (n == 0)
            break;
        bytes.n += (size_t)n;
        if (bytes.n > TEXT_FILE_MOST) {
            err_set(err, ERR_INPUT, "it has more than %zu MB: give the file that is meant",
                    TEXT_FILE_MOST >> 20);
            return err_in_file(err, path, 0);
        }
    }
    source_close(&program->source);
    *text = str_of(bytes.at, bytes.n);
    return true;
}
