/* SPDX-License-Identifier: MIT */
/*
 * Any bytes through the programs: whatever they are, the picture is well-formed XML, holds the
 * profile that collapse prints, and all the same when the bytes come one by one or by sevens.
 *
 *      bytes ──► collapse ──► folded ──► flamegraph ──► well-formed
 *        └─────► flamegraph ──► SVG ──► collapse ──► the same folded
 */
#include "worlds.h"

static const char *const fold[] = {"collapse", "-q", "in", NULL};
static const char *const draw[] = {"flamegraph", "in", NULL};
static const char *const draw_all[] = {"flamegraph",     "--minwidth=0", "--inverted",
                                       "--title=a<b]]>", "in",           NULL};
static const char *const fold_svg[] = {"collapse", "-q", "svg", NULL};
static const char *const draw_folded[] = {"flamegraph", "-q", "--script=none", "folded", NULL};

static void check_pieces(struct memory_os *m, int status, str folded)
{
    static const size_t pieces[] = {1, 7};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        m->most_bytes = pieces[i];
        int too = world_run(m, collapse_main, fold);
        m->most_bytes = 0;
        fuzz_same("pieces fold differently", folded, memory_text(&m->files[1]));
        if (status != too)
            fuzz_wrong("pieces end differently", folded);
    }
}

/* The picture in "svg" holds what collapse made of the bytes. */
static void check_data(struct memory_os *m, str folded)
{
    int status = world_run(m, collapse_main, fold_svg);
    if (status == 0 || folded.n > 0)
        fuzz_same("the picture holds another profile", folded, memory_text(&m->files[1]));
}

static struct caught copy_of(str text)
{
    struct caught copy = {0};
    caught_write(&copy, text, NULL);
    return copy;
}

static void check(struct memory_os *m, bool all)
{
    int status = world_run(m, collapse_main, fold);
    struct caught folded = copy_of(memory_text(&m->files[1]));
    check_pieces(m, status, caught_text(&folded));
    int drawn = world_run(m, flamegraph_main, all ? draw_all : draw);
    /* A comparison with nothing on the second side is folded, and cannot be drawn. */
    bool nothing = drawn == 1 && str_contains(memory_text(&m->files[2]), STR("are 0"));
    if (status != drawn && !nothing)
        fuzz_wrong("collapse and flamegraph do not agree", memory_text(&m->files[2]));
    struct caught svg = copy_of(memory_text(&m->files[1]));
    world_check_picture(caught_text(&svg));
    memory_put(m, "svg", caught_text(&svg));
    if (status == 0 && drawn == 0) {
        check_data(m, caught_text(&folded));
        memory_put(m, "folded", caught_text(&folded));
        world_run(m, flamegraph_main, draw_folded);
        world_check_picture(memory_text(&m->files[1]));
    }
    caught_free(&folded);
    caught_free(&svg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory_os m;
    memory_init(&m);
    memory_put(&m, "in", fuzz_text(data, size));
    check(&m, size % 8 == 0);
    memory_end(&m);
    return 0;
}
