/* SPDX-License-Identifier: MIT */
/*
 * Where outputs go: links, devices, and the palette file that other runs write at the same moment;
 * with faults at every call.
 */
#include "scenes.h"

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

/* ---- links and permissions ------------------------------------------------------------------- */

static void test_link(void)
{
    struct scene scene = {"a link", collapse_main, {"folded", "-o", "d/link"}, "", false};
    struct world world;
    world_init(&world, &scene);
    memory_put(&world.m, "d/link", STR("second"))->link = true;
    memory_put(&world.m, "d/second", STR("/e/target"))->link = true;
    memory_put(&world.m, "/e/target", STR("old"))->mode = 0640;
    world_run(&world, &scene);
    const struct memory_file *target = memory_look(&world.m, "/e/target");
    is_str(memory_text(memory_find(&world.m, "d/link")), STR("second"), "a link stays a link");
    is_str(memory_text(memory_find(&world.m, "d/second")), STR("/e/target"), "so does the next");
    ok(str_starts(memory_text(target), STR("java;gc 3\n")), "what they lead to is replaced");
    ok(target->imitated && target->mode == 0640, "with the permissions that it had");
    memory_end(&world.m);
}

static void test_link_to_nothing(void)
{
    struct scene scene = {"a link", collapse_main, {"folded", "-o", "link"}, "", false};
    struct world world;
    world_init(&world, &scene);
    memory_put(&world.m, "link", STR("d/fresh"))->link = true;
    world_run(&world, &scene);
    ok(world.status == 0 && memory_find(&world.m, "d/fresh"), "a link to nothing: that is made");
    memory_put(&world.m, "link", STR("link"))->link = true;
    world_run(&world, &scene);
    ok(world.status == 1 && memory_look(&world.m, "link")->link, "links without end are told");
    memory_end(&world.m);
}

/* Whatever fails, the link stays one, and the old file stays or the new one is whole. */
static void test_link_faults(void)
{
    struct scene scene = {"a link", collapse_main, {"folded", "-o", "link"}, "", true};
    unsigned wrong = 0;
    bool reached = true;
    size_t n = 0;
    while (reached) {
        struct world world;
        world_init(&world, &scene);
        memory_put(&world.m, "link", STR("out"))->link = true;
        world.m.fail_at = ++n;
        world_run(&world, &scene);
        reached = world.m.calls >= n;
        str text = world_text(&world, &scene);
        bool whole = str_starts(text, STR("java;gc 3\n"));
        bool good = memory_look(&world.m, "link")->link &&
                    (whole || (world.status == 1 && str_starts(text, STR("old"))));
        if (!good && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && n > 8, "a link: each of %zu calls fails", n - 1);
}

/* ---- the palette file, shared ---------------------------------------------------------------- */

static bool add_name(struct memory_os *m)
{
    struct memory_file *file = memory_find(m, "out");
    if (file)
        memory_append(file, STR("other->rgb(4,5,6)\n"));
    return true;
}

static bool hold(struct memory_os *m)
{
    (void)m;
    return false;
}

static void test_shared_palette(void)
{
    static const struct {
        const char *name;
        bool (*others)(struct memory_os *m);
        bool added, warned;
    } cases[] = {
        {"alone", NULL, false, false},
        {"another run was quicker", add_name, true, false},
        {"a lock that is never free", hold, false, true},
    };
    struct scene scene = {
        "shared", flamegraph_main, {"-q", "folded", "--palette-file=out", "-o=-"}, "", true};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world;
        scene.words[0] = cases[i].warned ? "--title=t" : "-q";
        world_init(&world, &scene);
        world.m.others = cases[i].others;
        world_run(&world, &scene);
        str map = world_text(&world, &scene), said = memory_text(&world.m.files[2]);
        ok(world.status == 0 && is_clean(&world, &scene), "a palette file: %s", cases[i].name);
        ok(str_contains(map, STR("gc->rgb(")) && str_contains(map, STR("old->rgb(1,2,3)\n")),
           "our names are there");
        ok(str_contains(map, STR("other->rgb(4,5,6)\n")) == cases[i].added, "and those of others");
        ok(str_contains(said, STR("written without")) == cases[i].warned, "what is said");
        is_u64(world.m.locks, 1, "the lock is asked for once");
        memory_end(&world.m);
    }
}

int main(void)
{
    test_special_file();
    test_link();
    test_link_to_nothing();
    test_link_faults();
    test_shared_palette();
    return done_testing();
}
