/* SPDX-License-Identifier: MIT */
/*
 * worlds: the programs in process, on files in memory, and what has to hold after every run,
 * whatever was in the files: no file left open, a failure says why, messages steer no terminal.
 */
#ifndef FLAMETREE_TESTS_WORLDS_H
#define FLAMETREE_TESTS_WORLDS_H

#include "../unit/memory_os.h"
#include "cli/program.h"
#include "fuzzing.h"
#include "json_check.h"
#include "xml_check.h"

enum { WORLD_WORDS = 40 };

typedef int program_fn(struct env *env, int argc, char **argv);

static inline uint64_t world_clock(void)
{
    return 1000;
}

/* A mark of direction in UTF-8, which has been checked: no byte that is missing is looked at. */
static inline bool world_turns(const unsigned char *p)
{
    if (p[0] == 0xd8)
        return p[1] == 0x9c;
    if (p[0] != 0xe2)
        return false;
    return (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae))) ||
           (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

/* A message is text in UTF-8; its lines end, and hold no character that steers a terminal. */
static inline void world_check_messages(str text)
{
    struct xml xml = {.text = text};
    if (!xml_check_characters(&xml))
        fuzz_wrong(xml.why, text);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool c1 = c == 0xc2 && (unsigned char)text.p[i + 1] < 0xa0;
        if ((c < 0x20 && c != '\n') || c == 0x7f || c1)
            fuzz_wrong("a control character in a message", text);
        if (world_turns((const unsigned char *)text.p + i))
            fuzz_wrong("a mark of direction in a message", text);
    }
    if (text.n > 0 && text.p[text.n - 1] != '\n')
        fuzz_wrong("a message without end", text);
}

/* Started programs are not of this world: no word may ask for what a helper draws. */
static inline bool world_asks_for_helper(const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + 3 <= n; i++) {
        char a = to_lower(word[i]), b = to_lower(word[i + 1]), c = to_lower(word[i + 2]);
        if ((a == 'p' && b == 'n' && c == 'g') || (a == 'p' && b == 'd' && c == 'f'))
            return true;
    }
    return false;
}

/* Words end with a newline or NUL. words[0] is not set; *count is the number with it. False: not to
 * be run. */
static inline bool world_cut_words(char *text, size_t size, const char **words, int *count)
{
    int n = 1;
    for (size_t at = 0; at < size && n < WORLD_WORDS - 1; n++) {
        words[n] = text + at;
        while (at < size && text[at] != '\n' && text[at] != '\0')
            at++;
        text[at++] = '\0';
        if (world_asks_for_helper(words[n]))
            return false;
    }
    words[n] = NULL;
    *count = n;
    return true;
}

/* Run with these words, of which the first is the program's name, until NULL. Standard output and
 * standard error are emptied before. */
static inline int world_run(struct memory_os *m, program_fn *program, const char *const *words)
{
    char *argv[WORLD_WORDS + 1];
    int argc = 0;
    struct env env = {.os = &m->os, .seed = 42, .now_ms = world_clock};
    memory_drop(&m->files[1]);
    memory_drop(&m->files[2]);
    for (unsigned fd = 0; fd < 3; fd++)
        m->fds[fd] = (struct memory_fd){.open = true, .file = fd};
    for (; argc < WORLD_WORDS && words[argc]; argc++) {
        size_t n = strlen(words[argc]) + 1;
        argv[argc] = malloc(n);
        if (!argv[argc])
            abort();
        memcpy(argv[argc], words[argc], n);
    }
    argv[argc] = NULL;
    int status = program(&env, argc, argv);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    str told = memory_text(&m->files[2]);
    world_check_messages(told);
    if (status != 0 && told.n == 0)
        fuzz_wrong("a failure that does not say why", memory_text(&m->files[0]));
    for (int fd = 3; fd < MEMORY_FDS; fd++)
        if (m->fds[fd].open)
            fuzz_wrong("a file stayed open", told);
    return status;
}

static inline void world_check_picture(str svg)
{
    size_t at = 0;
    const char *why = xml_check(svg, &at);
    if (why)
        fuzz_wrong(why, str_skip(svg, at < 200 ? 0 : at - 200));
}

/* One that carries its data: the line that says how it was made is JSON. */
static inline void world_check_data(str svg)
{
    str opening = STR("<metadata class=\"flametree-data\">\nflametree 1\n");
    str data = str_skip(svg, str_search(svg, opening, 0));
    str line = str_skip(data, opening.n);
    if (data.n == 0 || !json_check(str_head(line, str_find(line, '\n', 0))))
        fuzz_wrong("no JSON in the data block", data);
}

#endif
