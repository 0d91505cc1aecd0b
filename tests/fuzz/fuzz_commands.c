/* SPDX-License-Identifier: MIT */
/*
 * Options and inputs together: the first byte chooses the program as in fuzz_options, lines up to
 * an empty one are words, and the rest is the input; for flamediff, a line "--" is between the
 * sides. So reports and pictures of two sides meet any filter.
 */
#include "worlds.h"

enum { OWN_WORDS = WORLD_WORDS - 4 };

static str take_until(str *rest, str mark)
{
    size_t at = str_search(*rest, mark, 0);
    str head = str_head(*rest, at);
    *rest = str_skip(*rest, at + (at < rest->n ? mark.n : 0));
    return head;
}

static void run(unsigned which, const char **words, int n, str input)
{
    static program_fn *const programs[] = {collapse_main, flamegraph_main, flamediff_main};
    static const char *const names[] = {"collapse", "flamegraph", "flamediff"};
    struct memory_os m;
    memory_init(&m);
    memory_put(&m, "one", which == 2 ? take_until(&input, STR("\n--\n")) : input);
    words[0] = names[which];
    words[n++] = "one";
    if (which == 2) {
        memory_put(&m, "two", input);
        words[n++] = "two";
    }
    words[n] = NULL;
    int status = world_run(&m, programs[which], words);
    if (status < 0 || status > 4)
        fuzz_wrong("an exit status that is none", memory_text(&m.files[2]));
    str out = memory_text(&m.files[1]);
    if (which == 1 && str_starts(out, STR("<?xml")))
        world_check_picture(out);
    memory_end(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *words[WORLD_WORDS + 1];
    int n = 1;
    if (size == 0)
        return 0;
    str input = str_of((const char *)data + 1, size - 1);
    str options = take_until(&input, STR("\n\n"));
    char *text = malloc(options.n + 1);
    if (!text)
        return 0;
    if (options.n > 0)
        memcpy(text, options.p, options.n);
    text[options.n] = '\0';
    bool good = world_cut_words(text, options.n, words, &n) && n < OWN_WORDS;
    if (good)
        run(data[0] % 3, words, n, input);
    free(text);
    return 0;
}
