/*
 * The programs, run in process in an imaginary world where one thing after the other goes wrong:
 * every allocation, every read, write, open, close, rename and start of a thread. Whatever fails, a
 * run leaks nothing, says what happened, does not end with 0, leaves no half-written file and keeps
 * the old one.
 */
#include <stdlib.h>

#include "cli/env.h"
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
    const char *words[WORDS_MOST]; /* of the command line, behind the program's name */
    const char *input;             /* standard input */
    bool writes_file;              /* "out", not standard output */
};

static const struct scene scenes[] = {
    {"collapse, folded", collapse_main, {"folded", "-"}, "a;b 1\n", false},
    {"collapse, perf", collapse_main, {"--all", "--pid", "perf"}, "", false},
    {"collapse to a file", collapse_main, {"perf", "-o", "out"}, "", true},
    {"collapse by threads", collapse_main, {"--threads=3", "many", "perf"}, "", false},
    {"collapse, packed", collapse_main, {"packed", "packed"}, "", false},
    {"collapse, two formats", collapse_main, {"folded", "perf", "-o=out"}, "", true},
    {"collapse --help", collapse_main, {"--help=all"}, "", false},
    {"flamediff", flamediff_main, {"-ns", "folded", "after"}, "", false},
    {"flamediff to a file", flamediff_main, {"folded", "-", "-o", "out"}, AFTER, true},
    {"flamegraph", flamegraph_main, {"folded"}, "", false},
    {"flamegraph to a file", flamegraph_main, {"perf", "--inverted", "-o", "out"}, "", true},
    {"flamegraph --cp", flamegraph_main, {"folded", "--palette-file=out", "-o=-"}, "", true},
};

struct world {
    struct memory_os m;
    struct heaps heaps;
    int status;
};

/* A thread less is no failure. */
static bool by_threads(const struct scene *scene)
{
    return scene->words[0] && strncmp(scene->words[0], "--threads", 9) == 0;
}

static uint64_t frozen_clock(void)
{
    return 1000;
}

static void put_packed(struct memory_os *m)
{
    char packed[PACKED_ROOM];
    size_t n = packs[0].name ? packs[0].pack(STR(FOLDED), packed, sizeof packed) : 0;
    memory_put(m, "packed", n > 0 ? str_of(packed, n) : STR(FOLDED));
}

static void world_init(struct world *world, const struct scene *scene)
{
    memory_init(&world->m);
    world->heaps = (struct heaps){.calls = 0};
    memory_put(&world->m, "folded", STR(FOLDED));
    memory_put(&world->m, "perf", STR(PERF));
    memory_put(&world->m, "after", STR(AFTER));
    struct memory_file *many = memory_put(&world->m, "many", STR(PERF));
    for (int i = 1; i < MANY; i++)
        memory_append(many, STR(PERF));
    put_packed(&world->m);
    memory_append(&world->m.files[0], str_from_c(scene->input));
    if (scene->writes_file)
        memory_put(&world->m, "out", STR("old->rgb(1,2,3)\n"));
}

static void world_run(struct world *world, const struct scene *scene)
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

static str world_text(struct world *world, const struct scene *scene)
{
    return memory_text(scene->writes_file ? memory_find(&world->m, "out") : &world->m.files[1]);
}

/* Nothing is left behind: no memory, no open file, no file of another name. */
static bool is_clean(struct world *world, const struct scene *scene)
{
    bool good = world->heaps.blocks == 0;
    for (int fd = 3; fd < MEMORY_FDS; fd++)
        good &= !world->m.fds[fd].open;
    bool out_is_there = memory_find(&world->m, "out") != NULL;
    return good && out_is_there == scene->writes_file &&
           memory_named_files(&world->m) == 5 + (unsigned)scene->writes_file;
}

static bool tells_why(struct world *world)
{
    str text = memory_text(&world->m.files[2]);
    return text.n > 0 && text.p[text.n - 1] == '\n' && str_contains(text, STR(": "));
}

static bool failed_well(struct world *world, const struct scene *scene, str want)
{
    bool kept = str_equal(world_text(world, scene), STR("old->rgb(1,2,3)\n"));
    if (world->status == 0) /* it did not matter */
        return is_clean(world, scene) && str_equal(world_text(world, scene), want);
    return world->status == 1 && is_clean(world, scene) && tells_why(world) &&
           (!scene->writes_file || kept || str_equal(world_text(world, scene), want));
}

static void report(struct world *world, size_t n)
{
    diag("call %zu (%s): status %d, %zu blocks, %u files, %u open", n,
         world->m.failed ? world->m.failed : "allocation", world->status, world->heaps.blocks,
         memory_named_files(&world->m), memory_open_fds(&world->m));
    tap_show("said", memory_text(&world->m.files[2]));
}

static void sweep_allocations(const struct scene *scene, str want)
{
    unsigned wrong = 0;
    size_t n = 0;
    bool reached = true;
    while (reached && n < 5000) {
        struct world world;
        world_init(&world, scene);
        world.heaps.fail_at = ++n;
        world.heaps.for_good = n & 1;
        world_run(&world, scene);
        reached = world.heaps.calls >= n;
        bool may_go_on = by_threads(scene) && !world.heaps.for_good;
        bool good = reached ? failed_well(&world, scene, want) && (world.status != 0 || may_go_on)
                            : world.status == 0 && is_clean(&world, scene);
        if (!good && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached, "%s: each of %zu allocations fails", scene->name, n - 1);
}

/* for_good: the disk is gone from there on, so that a file left behind cannot be removed either. */
static void sweep_calls(const struct scene *scene, str want, int code, bool for_good)
{
    unsigned wrong = 0;
    size_t n = 0;
    bool reached = true;
    while (reached && n < 5000) {
        struct world world;
        world_init(&world, scene);
        world.m.fail_at = ++n;
        world.m.for_good = for_good;
        world.m.fail_with = code;
        world_run(&world, scene);
        reached = world.m.calls >= n;
        bool good = for_good && reached
                        ? world.status == 1 && tells_why(&world) && world.heaps.blocks == 0
                        : failed_well(&world, scene, want);
        /* The last thing a run does is to close its output. */
        good &= reached || world.status == 0;
        if (!good && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached, "%s: each of %zu calls fails%s", scene->name, n - 1,
       for_good ? " for good" : "");
}

/* Interrupted, in pieces, with another seed: the same bytes. */
static void test_disturbed(const struct scene *scene, str want)
{
    static const size_t pieces[] = {1, 7, 100};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct world world;
        world_init(&world, scene);
        world.m.most_bytes = pieces[i];
        world.m.interrupt = true;
        world_run(&world, scene);
        bool same = str_equal(world_text(&world, scene), want);
        ok(world.status == 0 && same && is_clean(&world, scene),
           "%s: interrupted, %zu bytes at a time", scene->name, pieces[i]);
        memory_end(&world.m);
    }
}

static void test_broken_pipe(const struct scene *scene)
{
    size_t n = 0;
    unsigned wrong = 0;
    bool reached = true;
    while (reached && !scene->writes_file) {
        struct world world;
        world_init(&world, scene);
        world.m.fail_at = ++n;
        world.m.fail_with = EPIPE;
        world_run(&world, scene);
        reached = world.m.calls >= n;
        if (reached && strcmp(world.m.failed, "write") == 0)
            wrong += world.status != 1 || str_contains(memory_text(&world.m.files[2]), STR("rite"));
        memory_end(&world.m);
    }
    ok(wrong == 0, "%s: a reader that goes away hears nothing", scene->name);
}

static void test_scene(const struct scene *scene)
{
    struct world world;
    world_init(&world, scene);
    world_run(&world, scene);
    str want = world_text(&world, scene);
    ok(world.status == 0 && want.n > 0 && is_clean(&world, scene), "%s works", scene->name);
    if (world.status != 0)
        report(&world, 0);
    sweep_allocations(scene, want);
    sweep_calls(scene, want, EIO, false);
    sweep_calls(scene, want, ENOSPC, true);
    test_disturbed(scene, want);
    test_broken_pipe(scene);
    memory_end(&world.m);
}

/* What is there and no plain file is never replaced. */
static void test_special_file(void)
{
    struct scene scene = {"a device", collapse_main, {"folded", "-o", "out"}, "", true};
    struct world world;
    world_init(&world, &scene);
    struct memory_file *device = memory_put(&world.m, "out", STR(""));
    device->special = true;
    world_run(&world, &scene);
    ok(world.status == 0 && memory_find(&world.m, "out") == device && device->special,
       "a device is written to, not replaced");
    ok(str_starts(memory_text(device), STR("java;gc 3\n")), "all of it");
    ok(is_clean(&world, &scene), "and nothing else is left");
    memory_end(&world.m);
}

/* Two seconds go by between two looks at it. */
static uint64_t slow_clock(void)
{
    static uint64_t now;
    return now += 2000;
}

static void test_progress(void)
{
    for (unsigned quiet = 0; quiet < 2; quiet++) {
        struct scene scene = {"progress", collapse_main, {"folded", "perf", NULL}, "", false};
        struct world world;
        world_init(&world, &scene);
        struct env env = {.os = &world.m.os, .err_is_tty = true, .now_ms = slow_clock};
        char words[][10] = {"collapse", "folded", "perf", "--quiet"};
        char *argv[] = {words[0], words[1], words[2], quiet ? words[3] : NULL, NULL};
        int status = collapse_main(&env, 3 + (int)quiet, argv);
        str said = memory_text(&world.m.files[2]);
        ok(status == 0 && str_contains(said, STR(" samples, ")) == !quiet,
           "progress on a terminal%s", quiet ? ", not under --quiet" : "");
        ok(str_starts(said, STR("\r\033[K0.0 MB, ")) == !quiet &&
               str_contains(said, STR("\r\033[Kcollapse: folded: ignored")) == !quiet,
           "and it is gone before anything else is said");
        memory_end(&world.m);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        test_scene(&scenes[i]);
    test_special_file();
    test_progress();
    return done_testing();
}
