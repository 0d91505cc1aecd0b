/* SPDX-License-Identifier: MIT */
/*
 * Any two profiles, compared: the reports are what their format says they are, those for a
 * terminal steer none, and the differential picture is well-formed and holds what is told as
 * columns. The bytes are the choice of options, a name for everything that can be named, which
 * ends with a newline, and the profiles, which a line "--" parts. More is chosen by how many bytes
 * there are.
 */
#include "worlds.h"

static const char *const how[] = {"total", "work", "none", "auto"};

struct wish {
    uint8_t choice;
    size_t size;
};

static const char *const widths[] = {"after", "before", "union", "both"};

/* Three runs a side, in which functions have their own spread. */
static size_t add_runs(const char **words, size_t n)
{
    static const char *const runs[] = {"one", "more", "one", "--", "two", "more", "two"};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
        words[n++] = runs[i];
    return n;
}

/* What the size chooses; the options of a picture only where one is drawn. */
static size_t add_more(const char **words, size_t n, size_t size, const char *const *more)
{
    if (size & 1)
        words[n++] = "--fold-names";
    if (size & 2)
        words[n++] = "--class=a=[a-m]";
    if (size & 4)
        words[n++] = "--merge-recursion";
    if (more[0] && strcmp(more[0], "-o") == 0) {
        words[n++] = "--width";
        words[n++] = widths[size >> 3 & 3];
        words[n++] = size & 32 ? "--delta=self" : "--colors=red-blue";
    }
    return n;
}

/* The words of one run in `words`, up to NULL. */
static void command(const char **words, const struct wish *wish, char *name,
                    const char *const *more)
{
    uint8_t choice = wish->choice;
    size_t n = add_more(words, 1, wish->size, more);
    words[0] = "flamediff";
    words[n++] = "--normalize";
    words[n++] = how[choice & 3];
    if ((choice & 3) == 1) {
        words[n++] = "--work";
        words[n++] = choice & 4 ? "2,3" : "7,0.5";
        words[n++] = "--work-unit";
        words[n++] = name;
    }
    if (choice & 4)
        words[n++] = "--sample-weight=1";
    if (choice & 8) {
        words[n++] = "--countname";
        words[n++] = name;
    }
    if (choice & 16) {
        words[n++] = "--labels";
        words[n++] = name;
    }
    while (*more)
        words[n++] = *more++;
    if (choice & 64) {
        n = add_runs(words, n);
    } else {
        words[n++] = "one";
        if (choice & 32) {
            words[n++] = "one";
            words[n++] = "--";
            words[n++] = "two";
        }
        words[n++] = "two";
    }
    words[n] = NULL;
}

static int run(struct memory_os *m, const struct wish *wish, char *name, const char *const *more)
{
    const char *words[WORLD_WORDS + 1];
    command(words, wish, name, more);
    int status = world_run(m, flamediff_main, words);
    if (status < 0 || status > 4)
        fuzz_wrong("an exit status that is none", memory_text(&m->files[2]));
    return status;
}

static void check_reports(struct memory_os *m, const struct wish *wish, char *name)
{
    static const char *const formats[] = {"text", "json", "csv", "markdown"};
    char gate[4096];
    snprintf(gate, sizeof gate, "%s>0.5%%", name);
    for (int i = 0; i < 4; i++) {
        const char *const more[] = {"--report", formats[i],  "--junit", "j", "--fail-on",
                                    "any>1%",   "--fail-on", gate,      NULL};
        int status = run(m, wish, name, more);
        str out = memory_text(&m->files[1]);
        if (status == 1 || status == 2)
            continue;
        if (i == 0)
            world_check_messages(out);
        if (i == 1 && !json_check(out))
            fuzz_wrong("this is no JSON", out);
        if (i == 2 && !csv_check(out))
            fuzz_wrong("this is no CSV", out);
        if (i == 3 && str_contains(out, STR("<script")))
            fuzz_wrong("markup of a name in Markdown", out);
        struct memory_file *junit = memory_find(m, "j");
        if (!junit)
            fuzz_wrong("no file for --junit", memory_text(&m->files[2]));
        world_check_picture(memory_text(junit));
        memory_put(m, "j", STR(""));
    }
}

static void check_picture(struct memory_os *m, const struct wish *wish, char *name)
{
    static const char *const none[] = {NULL}, *const svg[] = {"-o", "both.svg", NULL};
    /* A name may look like a header of perf. */
    static const char *const fold[] = {"collapse", "-q", "--format", "folded", "columns", NULL};
    static const char *const fold_svg[] = {"collapse", "-q", "both.svg", NULL};
    if (run(m, wish, name, none) != 0)
        return;
    memory_put(m, "columns", memory_text(&m->files[1]));
    if (run(m, wish, name, svg) != 0)
        return;
    world_check_picture(memory_text(memory_find(m, "both.svg")));
    world_check_data(memory_text(memory_find(m, "both.svg")));
    /* Scaled weights are rounded in a picture. Recursion of a function without name leaves a stack
     * that text cannot tell from none. */
    if ((wish->choice & 3) != 2 || wish->size & 4 || world_run(m, collapse_main, fold) != 0)
        return;
    struct caught folded = {0};
    caught_write(&folded, memory_text(&m->files[1]), NULL);
    if (world_run(m, collapse_main, fold_svg) != 0)
        fuzz_wrong("our picture is not read", memory_text(&m->files[2]));
    fuzz_same("picture and columns differ", caught_text(&folded), memory_text(&m->files[1]));
    caught_free(&folded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    str rest = fuzz_text(data + 1, size - 1);
    size_t end = str_find(rest, '\n', 0);
    char name[1024];
    size_t n = end < sizeof name ? end : sizeof name - 1;
    memcpy(name, rest.p, n);
    name[n] = '\0';
    rest = str_skip(rest, end < rest.n ? end + 1 : rest.n);
    size_t part = str_search(rest, STR("--\n"), 0);
    struct wish wish = {data[0], size};
    struct memory_os m;
    memory_init(&m);
    memory_put(&m, "more", STR("main;read 100\nmain;write 5\nmain;a 31\nmain;b 7\nc 1\n"));
    memory_put(&m, "one", str_head(rest, part));
    memory_put(&m, "two", str_skip(rest, part + 3 < rest.n ? part + 3 : rest.n));
    check_reports(&m, &wish, name);
    check_picture(&m, &wish, name);
    memory_end(&m);
    return 0;
}
