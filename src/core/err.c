/*
 * err: filling struct err. Texts are made here and nowhere in a hot path.
 */
#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool fill(struct err *err, enum err_code code, int sys, const char *format, va_list args)
{
    if (!err || err->code != ERR_NONE)
        return false;
    err->code = code;
    err->sys = sys;
    int length = vsnprintf(err->message, sizeof err->message, format, args);
    if (sys != 0 && length >= 0 && (size_t)length < sizeof err->message)
        snprintf(err->message + length, sizeof err->message - (size_t)length, ": %s",
                 strerror(sys));
    return false;
}

bool err_set(struct err *err, enum err_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, code, 0, format, args);
    va_end(args);
    return false;
}

bool err_set_sys(struct err *err, int sys, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, ERR_IO, sys, format, args);
    va_end(args);
    return false;
}

bool err_in_file(struct err *err, const char *file, uint64_t line)
{
    if (err && file && err->file[0] == '\0') {
        snprintf(err->file, sizeof err->file, "%s", file);
        err->line = line;
    }
    return false;
}
