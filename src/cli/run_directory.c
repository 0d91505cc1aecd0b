/* SPDX-License-Identifier: MIT */
/*
 * run_directory: see run_directory.h.
 *
 *      000041-shop.folded   the oldest: removed at the very end, when the new one is in place
 *      ...
 *      000070-shop.folded
 *      000071-shop.folded   the new one: first .tmp-..., then renamed
 */
#include "cli/run_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "profile/recording.h"

enum { LIST_FIRST = 4096, COPY_BLOCK = 65536, NUMBER_DIGITS = 6 };

bool run_directory_is(const struct program *program, const char *path)
{
    const struct os *os = program->env->os;
    mode_t mode;
    char none[1];
    return os->kind(os->context, path, &mode) == OS_SPECIAL &&
           os->list(os->context, path, none, 0) >= 0;
}

static char *join_directory_path(struct heap *heap, const char *directory, str name)
{
    struct strbuf path = {.heap = heap};
    strbuf_add(&path, str_from_c(directory));
    strbuf_add(&path, str_ends(strbuf_str(&path), STR("/")) ? STR("") : STR("/"));
    strbuf_add(&path, name);
    return strbuf_c(&path);
}

static bool create_run_directory(struct program *program, const char *directory)
{
    const struct os *os = program->env->os;
    mode_t mode;
    if (os->kind(os->context, directory, &mode) != OS_NOTHING ||
        os->mkdir(os->context, directory, S_IRWXU | S_IRWXG | S_IRWXO) == 0)
        return true;
    err_set_sys(&program->err, errno, "cannot create this directory");
    return err_in_file(&program->err, directory, 0);
}

/* All names, each with its NUL. The directory may grow meanwhile. */
static bool read_names(struct program *program, const char *directory, char **names, size_t *n)
{
    const struct os *os = program->env->os;
    size_t room = LIST_FIRST;
    *names = NULL;
    for (;;) {
        *names = heap_resize(&program->heap, *names, room, 1);
        ssize_t need = os->list(os->context, directory, *names, room);
        if (need < 0) {
            err_set_sys(&program->err, errno, "cannot list");
            return err_in_file(&program->err, directory, 0);
        }
        *n = (size_t)need;
        if (*n <= room)
            return true;
        room = *n * 2;
    }
}

static bool is_run_name(str name)
{
    return name.n > 0 && name.p[0] != '.' && str_search(name, STR(".tmp-"), 0) == name.n;
}

/* "000041-shop.folded" is 41 and "shop.folded"; a name without a number is 0. */
static str cut_number(str name, uint64_t *number)
{
    size_t digits = 0;
    while (digits < name.n && is_digit(name.p[digits]))
        digits++;
    *number = 0;
    if (digits < NUMBER_DIGITS || digits + 1 >= name.n || name.p[digits] != '-' ||
        !num_parse_u64(str_head(name, digits), number))
        return name;
    return str_skip(name, digits + 1);
}

/* Those without a number come first. */
static int compare_paths(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    uint64_t first, second;
    str name = cut_number(str_file_name(str_from_c(*x)), &first),
        other = cut_number(str_file_name(str_from_c(*y)), &second);
    if (first != second)
        return first < second ? -1 : 1;
    return recording_compare_names(name, other);
}

bool run_directory_list(struct program *program, const char *directory, struct run_files *files)
{
    const struct os *os = program->env->os;
    char *names = NULL;
    size_t n = 0, first = files->n;
    if (!read_names(program, directory, &names, &n))
        return false;
    for (size_t at = 0; at < n; at += strlen(names + at) + 1) {
        str name = str_from_c(names + at);
        const char *path = join_directory_path(&program->heap, directory, name);
        mode_t mode;
        if (is_run_name(name) && os->kind(os->context, path, &mode) == OS_PLAIN)
            vec_push(&program->heap, files, path);
    }
    heap_free(&program->heap, names);
    if (files->n > first)
        qsort(files->at + first, files->n - first, sizeof *files->at, compare_paths);
    return true;
}

/* Copy the bytes as they are: packed files stay packed. */
static bool copy_file(struct program *program, const char *from, struct sink *sink)
{
    const struct os *os = program->env->os;
    char *block = heap_alloc(&program->heap, COPY_BLOCK, 1);
    int fd = os_open(os, from, O_RDONLY, 0);
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0 && !sink->failed) {
        do
            n = os->read(os->context, fd, block, COPY_BLOCK);
        while (n < 0 && errno == EINTR);
        if (n > 0)
            sink_bytes(sink, str_of(block, (size_t)n));
    }
    if (n < 0) {
        err_set_sys(&program->err, errno, "cannot read");
        err_in_file(&program->err, from, 0);
    }
    if (fd >= 0)
        os_close(os, fd);
    return n == 0 && !sink->failed;
}

bool run_directory_remove_oldest(struct program *program, const struct run_files *files,
                                 uint64_t keep)
{
    const struct os *os = program->env->os;
    for (size_t i = 0; files->n - i > keep; i++)
        if (os->unlink(os->context, files->at[i]) != 0 && errno != ENOENT) {
            err_set_sys(&program->err, errno, "cannot remove");
            return err_in_file(&program->err, files->at[i], 0);
        }
    return true;
}

bool run_directory_add(struct program *program, const char *directory, const char *file,
                       struct run_files *files)
{
    uint64_t last = 0, number;
    char text[32];
    struct strbuf name = {.heap = &program->heap};
    if (!create_run_directory(program, directory))
        return false;
    program_lock(program, directory, directory);
    if (!run_directory_list(program, directory, files))
        return false;
    for (size_t i = 0; i < files->n; i++) {
        cut_number(str_file_name(str_from_c(files->at[i])), &number);
        last = number > last ? number : last;
    }
    snprintf(text, sizeof text, "%0*llu-", (int)NUMBER_DIGITS, (unsigned long long)last + 1);
    strbuf_add(&name, str_from_c(text));
    strbuf_add(&name, cut_number(str_file_name(str_from_c(file)), &number));
    const char *path = join_directory_path(&program->heap, directory, strbuf_str(&name));
    struct sink *sink = program_open_further(program, path);
    vec_push(&program->heap, files, path);
    return sink && copy_file(program, file, sink);
}
