/* SPDX-License-Identifier: MIT */
/*
 * Any command line for each of the programs, on small files: words end with a newline. The first
 * byte chooses the program: '?' is collapse, '@' flamegraph, 'A' flamediff. Whatever is typed, the
 * exit status is 0 to 4, failures say why, and a picture on standard output is well-formed.
 */
#include "worlds.h"

#define FOLDED "main;read 12\nmain;write 7.5\ngc 3\n"
#define PERF                                                                       \
    "java  2871  3230.692818:    1003009 cycles: \n\tffffffff81a elv+0xd9 ([k])\n" \
    "\t    7f722d call_stub (/none/perf-2871.map)\n\njava 1 3.0: 10 faults: \n\n"
/* What palettes, --fold-names and marks know. */
#define NAMES                                                                              \
    "java;Ljava/lang/Thread:::run_[j];org/x/Y:::m_[i];sys_read_[k];--;swapper;x_[w] 5\n"   \
    "node;/home/a.js:12;Builtin:LoadIC_[j];LazyCompile:*f /node_modules/y.js:3; 4\n"       \
    "python3;py::m:/usr/lib/python3/x.py:7;_PyEval_EvalFrameDefault;K.run (app.py:3) 3\n"  \
    "go;runtime.mcall;main.(*T).f;github.com/a/b.C.func1;net/http.Get;[unknown] 2.25\n"    \
    "rust;core::ops::FnOnce::call_once::h0123456789abcdef;<T as a::B>::c;_ZN3foo3barE 2\n" \
    "worker_7;A$$Lambda$14/0x08c1840.f;g.part.0;0x7f12ab;[libc-2.31.so];m@GLIBC_2.5 1\n"   \
    "perl;Perl_pp;main::x.pl;main;main;a::b<c, d>(int);[libx.so <7f6d2>] 1\n"

static const struct {
    const char *name, *text;
} files[] = {
    {"folded", FOLDED},
    {"perf", PERF},
    {"names", NAMES},
    {"two", "main;read 12 3\nmain 1 8\nsys_[k];new 0 3\n"},
    {"attr", "main\thref=https://example.org/\ttitle=here\tg_extra=a=\"b\"\nread\tclass=x\n"},
    {"map", "main->rgb(1,2,3)\n"},
    {"css", ".flametree { fill: red }\n"},
    {"h/flamegraph.css", ".flametree { fill: red }\n"},
};

static void run(unsigned which, const char **words)
{
    static program_fn *const programs[] = {collapse_main, flamegraph_main, flamediff_main};
    static const char *const names[] = {"collapse", "flamegraph", "flamediff"};
    struct memory_os m;
    memory_init(&m);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        memory_put(&m, files[i].name, str_from_c(files[i].text));
    memory_append(&m.files[0], STR(FOLDED));
    words[0] = names[which];
    int status = world_run(&m, programs[which], words);
    if (status < 0 || status > 4)
        fuzz_wrong("an exit status that is none", memory_text(&m.files[2]));
    str out = memory_text(&m.files[1]);
    /* A folded stack, from the others, may begin with a name that looks like a picture. */
    if (programs[which] == flamegraph_main &&
        (str_starts(out, STR("<?xml")) || str_starts(out, STR("<svg"))))
        world_check_picture(out);
    memory_end(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *words[WORLD_WORDS + 1];
    int n = 1;
    if (size == 0)
        return 0;
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    if (world_cut_words(text, size - 1, words, &n))
        run(data[0] % 3, words);
    free(text);
    return 0;
}
