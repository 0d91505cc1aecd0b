/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the files beside the profile: the first byte chooses the map of colors, the file of
 * attributes or the style sheet; and as texts of the picture. It stays well-formed, and its data
 * block readable.
 */
#include "worlds.h"

#define FOLDED "main;read 12\nmain;write<b> 7.5\ngc 3\n"

static const char *const lines[][7] = {
    {"flamegraph", "--script=none", "--palette-file=side", "in", NULL},
    {"flamegraph", "--script=none", "--nameattr=side", "in", NULL},
    {"flamegraph", "--script=none", "--css=side", "in", NULL},
    {"flamegraph", "--script=none", "--css=side", "--fragment", "in", NULL},
};
static const char *const with_viewer[][7] = {
    {"flamegraph", "--palette-file=side", "--colors=java", "in", NULL},
    {"flamegraph", "--nameattr=side", "in", NULL},
    {"flamegraph", "--nameattr=side", "--unsafe-links", "--fragment", "--id-prefix=a-", "in", NULL},
    {"flamegraph", "--info", "in", NULL},
};

static void check_side(struct memory_os *m, unsigned which)
{
    world_run(m, flamegraph_main, lines[which]);
    if (m->files[1].n > 0)
        world_check_picture(memory_text(&m->files[1]));
}

static void check_viewer(struct memory_os *m, unsigned which)
{
    world_run(m, flamegraph_main, with_viewer[which]);
    str out = memory_text(&m->files[1]);
    if (which == 3) {
        world_check_messages(out);
    } else if (out.n > 0) {
        world_check_picture(out);
        world_check_data(out);
    }
}

/* As a person can type it: without NUL. */
static void check_texts(struct memory_os *m, const char *text)
{
    const char *words[] = {"flamegraph", "--title",    text, "--subtitle",  text, "--notes",
                           text,         "--nametype", text, "--countname", text, "--search",
                           text,         "--font",     text, "in",          NULL};
    world_run(m, flamegraph_main, words);
    if (m->files[1].n > 0)
        world_check_picture(memory_text(&m->files[1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory_os m;
    if (size == 0)
        return 0;
    char *text = malloc(size);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    memory_init(&m);
    memory_put(&m, "in", STR(FOLDED));
    memory_put(&m, "side", str_of(text, size - 1));
    if (data[0] % 8 < 4)
        check_side(&m, data[0] % 4);
    else if (data[0] % 64 < 16)
        check_texts(&m, text);
    else
        check_viewer(&m, data[0] % 4);
    memory_end(&m);
    free(text);
    return 0;
}
