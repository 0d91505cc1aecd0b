/*
 * err: what stopped a run. Filled once, where the cause is known; travels up as `false`; printed
 * once, in cli/.
 */
#ifndef FLAMETREE_CORE_ERR_H
#define FLAMETREE_CORE_ERR_H

#include <stdbool.h>
#include <stdint.h>

enum err_code {
    ERR_NONE,
    ERR_INPUT,   /* the bytes are not what they should be */
    ERR_IO,      /* a read, write, open or rename failed: see `sys` */
    ERR_MEMORY,  /* an allocation failed or a stated limit was reached */
    ERR_USAGE,   /* options that do not fit together: exit status 2 */
    ERR_SUPPORT, /* this build lacks what was asked for */
};

struct err {
    enum err_code code;
    int sys;           /* errno of the failed call, 0 if none */
    uint64_t line;     /* 1-based line in the input, 0 if there is none */
    char file[256];    /* input or output it is about, "" if none; cut when longer */
    char message[512]; /* a sentence without end mark or newline; never raw input */
};

/* Fill `err` (may be NULL) unless it holds an earlier cause already. Always returns false. */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a failed system call: `sys` is its errno and is added in words. */
bool err_set_sys(struct err *err, int sys, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Name the file that an error is about, unless it is named already. Always returns false. */
bool err_in_file(struct err *err, const char *file, uint64_t line);

#endif
