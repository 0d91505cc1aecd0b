/* SPDX-License-Identifier: MIT */
/*
 * image_questions: files below a directory of their own, and what an address in them is called.
 */
#ifndef FLAMETREE_TESTS_IMAGE_QUESTIONS_H
#define FLAMETREE_TESTS_IMAGE_QUESTIONS_H

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/perf_data/images.h"
#include "heaps.h"
#include "tap.h"

static char top[] = "/tmp/flametree.XXXXXX"; /* all files are below it */

/* ---- files ----------------------------------------------------------------------------------- */

static inline void put_path(char to[200], const char *path)
{
    snprintf(to, 200, "%s%s", top, path);
}

/* Write a file below `top`, with its directories. */
static inline void put_file(const char *path, str bytes)
{
    char whole[200];
    put_path(whole, path);
    for (char *p = whole + sizeof top; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        mkdir(whole, 0700);
        *p = '/';
    }
    FILE *file = fopen(whole, "wb");
    if (!file || fwrite(bytes.p, 1, bytes.n, file) != bytes.n || fclose(file) != 0)
        abort();
}

static inline void remove_file(const char *path)
{
    char whole[200];
    put_path(whole, path);
    remove(whole);
}

/* ---- asking for names ------------------------------------------------------------------------ */

struct question {
    const char *path;
    const char *id; /* 20 bytes; NULL: not recorded */
    uint64_t offset;
    unsigned pid;   /* not 0: of its perf map */
    char name[200]; /* the answer */
    char module[200];
    char why[100]; /* the trouble; "": none */
};

static inline const struct image_files *files(void)
{
#if HAVE_LIBDW
    return &image_files_libdw;
#else
    return NULL;
#endif
}

static inline void copy_str(char to[200], str s)
{
    snprintf(to, 200, "%.*s", (int)s.n, s.n > 0 ? s.p : "");
}

static inline bool ask_images(struct heap *heap, void *arg)
{
    struct question *question = arg;
    struct images_options options = {.symfs = str_from_c(top), .files = files()};
    char home[200];
    size_t at = 0;
    str path;
    const char *why = "";
    put_path(home, "/home");
    options.home = str_from_c(home);
    struct images *images = images_open(heap, &options);
    struct image_key key = {.path = str_from_c(question->path ? question->path : "")};
    if (question->id) {
        key.build_id = (const uint8_t *)question->id;
        key.build_id_size = 20;
    }
    struct image *image = question->pid ? images_perf_map(images, question->pid)
                                        : images_file(images, &key);
    struct image_symbol symbol = image_symbol(image, question->offset);
    copy_str(question->name, symbol.name);
    copy_str(question->module, symbol.module);
    images_trouble(images, &at, &path, &why);
    snprintf(question->why, sizeof question->why, "%s", why);
    return true;
}

static inline const char *name_of(struct question question)
{
    static struct question answered;
    answered = question;
    heaps_run(ask_images, &answered);
    return answered.name;
}

static inline void is_name(struct question question, const char *want, const char *what)
{
    is_text(name_of(question), want, "%s", what);
}

static inline void is_trouble(struct question question, const char *want, const char *what)
{
    heaps_run(ask_images, &question);
    is_text(question.why, want, "%s", what);
    is_text(question.name, "", "%s: no name", what);
}

static inline void make_top(void)
{
    if (!mkdtemp(top))
        abort();
}

static inline int remove_entry(const char *path, const struct stat *about, int type, struct FTW *at)
{
    (void)about, (void)type, (void)at;
    return remove(path);
}

static inline void remove_top(void)
{
    nftw(top, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
