/* SPDX-License-Identifier: MIT */
/*
 * scenes: programs run in process in an imaginary world of a few files, in which things go wrong.
 */
#ifndef FLAMETREE_TESTS_SCENES_H
#define FLAMETREE_TESTS_SCENES_H

#include <stdlib.h>

#include "cli/program.h"
#include "heaps.h"
#include "memory_os.h"
#include "packs.h"
#include "tap.h"

#define FOLDED "java;main;read 12\njava;main;write 7.5\nbad line\n# comment\njava;gc 3\n"
#define AFTER  "java;main;read 10\njava;main;0x7f12 4\n"
#define PERF                                                                  \
    "java  2871  3230.692818:    1003009 cpu-clock:pppH: \n"                  \
    "\tffffffff81af37a9 elv_rqhash_find+0xd9 ([kernel.kallsyms])\n"           \
    "\t    7f722d142778 call_stub (/tmp/perf-2871.map)\n\n"                   \
    "java  2871  3230.692819:    1003009 page-faults: \n\t 7f722d x (/y)\n\n" \
    "java  2871  3230.692820:    1003009 cpu-clock:pppH: \n"                  \
    "\t    7f722d142778 [unknown] (/usr/lib/libx.so)\n\n"

enum { WORDS_MOST = 12, PACKED_ROOM = 4096, MANY = 60, PART = 2000 };

typedef int program_fn(struct env *env, int argc, char **argv);

struct scene {
    const char *name;
    program_fn *main;
    const char *words[WORDS_MOST]; /* of the command line, after the program's name */
    const char *input;             /* standard input */
    bool writes_file;              /* "out", not standard output */
};

struct world {
    struct memory_os m;
    struct heaps heaps;
    int status;
};

/* A thread less is no failure. */
static inline bool by_threads(const struct scene *scene)
{
    return scene->words[0] && strncmp(scene->words[0], "--threads", 9) == 0;
}

static inline uint64_t frozen_clock(void)
{
    return 1000;
}

static inline void put_packed(struct memory_os *m)
{
    char packed[PACKED_ROOM];
    size_t n = packs[0].name ? packs[0].pack(STR(FOLDED), packed, sizeof packed) : 0;
    memory_put(m, "packed", n > 0 ? str_of(packed, n) : STR(FOLDED));
}

static inline void world_init(struct world *world, const struct scene *scene)
{
    memory_init(&world->m);
    world->heaps = (struct heaps){.calls = 0};
    memory_put(&world->m, "folded", STR(FOLDED));
    memory_put(&world->m, "perf", STR(PERF));
    memory_put(&world->m, "after", STR(AFTER));
    struct memory_file *many = memory_put(&world->m, "many", STR(PERF));
    for (int i = 1; i < MANY; i++)
        memory_append(many, STR(PERF));
    struct memory_file *lines = memory_put(&world->m, "lines", STR(AFTER));
    for (int i = 1; i < 5 * MANY; i++)
        memory_append(lines, STR(AFTER));
    put_packed(&world->m);
    memory_append(&world->m.files[0], str_from_c(scene->input));
    if (scene->writes_file)
        memory_put(&world->m, "out", STR("old->rgb(1,2,3)\n"));
}

static inline void world_run(struct world *world, const struct scene *scene)
{
    struct env env = {
        .os = &world->m.os,
        .resize = heaps_resize,
        .resize_context = &world->heaps,
        .seed = 42,
        .now_ms = frozen_clock,
        .block = by_threads(scene) ? PART : 0,
        .threads_after = 1,
    };
    char words[WORDS_MOST][40], *argv[WORDS_MOST + 2];
    int argc = 1;
    argv[0] = words[WORDS_MOST - 1];
    words[WORDS_MOST - 1][0] = '\0';
    for (; scene->words[argc - 1]; argc++) {
        snprintf(words[argc - 1], sizeof words[0], "%s", scene->words[argc - 1]);
        argv[argc] = words[argc - 1];
    }
    argv[argc] = NULL;
    world->status = scene->main(&env, argc, argv);
}

static inline str world_text(struct world *world, const struct scene *scene)
{
    return memory_text(scene->writes_file ? memory_find(&world->m, "out") : &world->m.files[1]);
}

/* Nothing is left behind: no memory, no open file, no file of another name. */
static inline bool is_clean(struct world *world, const struct scene *scene)
{
    bool good = world->heaps.blocks == 0;
    for (int fd = 3; fd < MEMORY_FDS; fd++)
        good &= !world->m.fds[fd].open;
    bool out_is_there = memory_find(&world->m, "out") != NULL;
    return good && out_is_there == scene->writes_file &&
           memory_named_files(&world->m) == 6 + (unsigned)scene->writes_file;
}

static inline bool tells_why(struct world *world)
{
    str text = memory_text(&world->m.files[2]);
    return text.n > 0 && text.p[text.n - 1] == '\n' && str_contains(text, STR(": "));
}

static inline void report(struct world *world, size_t n)
{
    diag("call %zu (%s): status %d, %zu blocks, %u files, %u open", n,
         world->m.failed ? world->m.failed : "allocation", world->status, world->heaps.blocks,
         memory_named_files(&world->m), memory_open_fds(&world->m));
    tap_show("said", memory_text(&world->m.files[2]));
}

#endif
