/* SPDX-License-Identifier: MIT */
/*
 * perf_frame, modules: from frame lines to folded frames, under each option.
 */
#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_symbol.h"
#include "heaps.h"
#include "tap.h"

enum option { NONE, ALL, ADDRS, JAVA };

struct frame_case {
    enum option option;
    const char *line;
    const char *folded; /* NULL: no frame line */
};

static const struct frame_case frames[] = {
    {NONE, "\tffffffff8103ce3b native_safe_halt+0x2 ([kernel.kallsyms])", "native_safe_halt"},
    {ALL, "\tffffffff8103ce3b native_safe_halt+0x2 ([kernel.kallsyms])", "native_safe_halt_[k]"},
    {NONE, "7f722d142778 Ljava/io/PrintStream;::print (/tmp/perf-1.map)",
     "Ljava/io/PrintStream:::print"},
    {JAVA, "7f722d142778 Ljava/io/PrintStream;::print (/tmp/perf-1.map)",
     "java/io/PrintStream:::print"},
    {NONE, "    7f1e a->b->c (/tmp/perf-1.map)", "a;b_[i];c_[i]"},
    {ALL, "    7f1e a->b->c (/tmp/perf-1.map)", "a_[j];b_[i];c_[i]"},
    {JAVA, " 7f1e La/B;::c->Ld/E;::f (/tmp/perf-1.map)", "a/B:::c;d/E:::f_[i]"},
    {ALL, "\t13a80b6 RegExp:[&<>\\\"\\'] (/tmp/perf-7539.map)", "RegExp:[&<>\\\\]_[j]"},
    {NONE, "\t13a80b6 RegExp:a->(b) (/tmp/perf-7539.map)", "RegExp:a->"},
    {NONE, "\t14ab0 foo(int, char const*) (/usr/lib/libx.so)", "foo"},
    {NONE, "\t4a net/http.(*Client).Do (/srv/app)", "net/http.(*Client).Do"},
    {NONE, "\t4a (anonymous namespace)::f(int) (/srv/app)", "(anonymous namespace)::f"},
    {NONE, "\t4a (anonymous namespace) (/srv/app)", "(anonymous namespace)"},
    {NONE, "\t4a (anonymous class)::operator()(int) const (/srv/app)",
     "(anonymous class)::operator()"},
    {NONE, "\t4a f<[u8; 8]> (/x)", "f<[u8: 8]>"},
    {NONE, "\t4a JS:* /srv/a b (c)/x.js:44:24 (/tmp/perf-1.map)", "JS:* /srv/a b (c)/x.js:44:24"},
    {NONE, "\t4a StubRoutines (1)+0x2 (/tmp/perf-1.map)", "StubRoutines (1)"},
    {NONE, "\t4a add+0xadd (/x)", "add"},
    {NONE, "\t4a f+0x (/x)", "f+0x"},
    /* no symbol */
    {NONE, "\t7f6d2 [unknown] (/usr/lib64/libkmod.so.2.3.6)", "[libkmod.so.2.3.6]"},
    {ADDRS, "\t7f6d2 [unknown] (/usr/lib64/libkmod.so.2.3.6)", "[libkmod.so.2.3.6 <7f6d2>]"},
    {ADDRS, "\t7f6d2 f (/usr/lib64/libkmod.so.2.3.6)", "f"},
    {ALL, "\t7f6d2 [unknown] (/tmp/perf-1.map)", "[perf-1.map]_[j]"},
    {ALL, "\t7ffc [unknown] ([vdso])", "[[vdso]]"},
    {ALL, "\tffff7 [unknown] ([kernel.kallsyms])", "[[kernel.kallsyms]]_[k]"},
    {NONE, "\t7ffc [unknown] (/x/libx.so (deleted))", "[libx.so]"},
    {NONE, "\t7ffc [unknown] (/memfd:sealed-01 (deleted))", "[memfd:sealed-01]"},
    {NONE, "\t7ffc [unknown] (//anon)", "[anon]"},
    {NONE, "\t7ffc [unknown] ([JIT app cache])", "[[JIT app cache]]"},
    {NONE, "\t81a2  (/usr/lib/libx.so)", " "},
    {NONE, "\t7ffc [unknown] ([unknown])", "[unknown]"},
    {ALL, "\t7ffc [unknown] ([unknown])", "[unknown]"},
    {ADDRS, "\t7ffc [unknown] ([unknown])", "[unknown <7ffc>]"},
    /* fields left out */
    {NONE, "\t            1237 spin_leaf", "spin_leaf"},
    {NONE, "\t            1237 spin_leaf+0x27", "spin_leaf"},
    {NONE, "\t            1237 f(void (*)(int))", "f"},
    {NONE, "\t            1237 (/srv/demo/odd)", "[odd]"},
    {ADDRS, "\t            1237 (/srv/demo/odd)", "[odd <1237>]"},
    {NONE, "\t            1237 ([vdso])", "[[vdso]]"},
    {NONE, "\t            1237", "[unknown]"},
    {NONE, "\t            1237 [unknown]", "[unknown]"},
    /* skipped */
    {NONE, "\t4a (java) (/usr/bin/java)", ""},
    {NONE, "\t4a (java)", ""},
    /* cut short */
    {NONE, "\t4a start_thread+0x305 (/usr/lib/x86", "start_thread"},
    {NONE, "\t4a start_thread+0x305 (", "start_thread+0x305 "},
    {NONE, "\t4a start_thr", "start_thr"},
    {NONE, "\t4a", "[unknown]"},
    /* files with parentheses and blanks */
    {NONE, "\t4a f(int) (/opt/My App (x86)/lib.so)", "f"},
    {NONE, "\t4a [unknown] (/opt/My App (x86)/lib.so)", "[lib.so]"},
    {NONE, "\t4a [unknown] (/opt/a)b/lib.so)", "[lib.so]"},
    {NONE, "\t4a [unknown] (/memfd:a b (deleted))", "[memfd:a b]"},
    /* marks */
    {ALL, "\t4a f+0x1 (inlined)", "f_[i]"},
    {NONE, "\t4a f+0x1 (inlined)", "f"},
    {ALL, "\t4a f (/tmp/x/jitted-123-4.so)", "f_[j]"},
    {ALL, "\t4a f ([JIT] tid 123)", "f_[j]"},
    {ALL, "\t4a f ([nf_conntrack])", "f_[k]"},
    {ALL, "\t4a f (bpf_prog_6deef7357e7b4530)", "f_[k]"},
    {ALL, "\t4a f ([guest.kernel.kallsyms])", "f_[k]"},
    /* no frames */
    {NONE, "\tnothing here (/x)", NULL},
    {NONE, "\t0x4a f (/x)", NULL},
    {NONE, "\t4a: f (/x)", NULL},
    {NONE, "  odd.c:12", NULL},
    {NONE, "\t00000000004004ed insn: 55", NULL},
    {NONE, "\t", NULL},
    {NONE, "", NULL},
};

static const struct {
    const char *module;
    enum frame_kind kind;
} modules[] = {
    {"[kernel.kallsyms]", FRAME_KERNEL},
    {"[kernel.kallsyms]_stext", FRAME_KERNEL},
    {"[guest.kernel.kallsyms.77]", FRAME_KERNEL},
    {"[nf_conntrack]", FRAME_KERNEL},
    {"/lib/modules/4.3.0-rc1-virtual/build/vmlinux", FRAME_KERNEL},
    {"/usr/lib/debug/boot/vmlinux-6.1.0-28-amd64", FRAME_KERNEL},
    {"vmlinux", FRAME_KERNEL},
    {"/lib/modules/6.1.0/kernel/fs/xfs/xfs.ko", FRAME_KERNEL},
    {"/lib/modules/6.1.0/kernel/fs/xfs/xfs.ko.xz", FRAME_KERNEL},
    {"/lib/modules/6.1.0/kernel/fs/xfs/xfs.ko.zst", FRAME_KERNEL},
    {"/lib/modules/6.1.0/kernel/fs/xfs/xfs.ko.gz", FRAME_KERNEL},
    {"bpf_prog_6deef7357e7b4530_sd_fw_ingress", FRAME_KERNEL},
    {"[vdso]", FRAME_USER},
    {"[heap]", FRAME_USER},
    {"[stack]", FRAME_USER},
    {"[stack:123]", FRAME_USER},
    {"[anon]", FRAME_USER},
    {"[anon:dalvik]", FRAME_USER},
    {"[unknown]", FRAME_USER},
    {"//anon", FRAME_USER},
    {"", FRAME_USER},
    {"/usr/lib/libko.so", FRAME_USER},
    {"/usr/bin/perf-1.map.so", FRAME_USER},
    {"/tmp/perf-.map", FRAME_USER},
    {"/usr/bin/inlined", FRAME_USER},
    {"/tmp/perf-1.map", FRAME_JIT},
    {"/tmp/perf-1.map (deleted)", FRAME_JIT},
    {"/root/.debug/jit/jitted-123-4.so", FRAME_JIT},
    {"[JIT] tid 123", FRAME_JIT},
    {"[JIT app cache]", FRAME_JIT},
    {"inlined", FRAME_INLINED},
};

/* What perf prints for an address of a C++ program, as the inliner knows it. */
static size_t three_frames(void *context, str module, uint64_t address,
                           const struct read_inline_frame **found)
{
    static const struct read_inline_frame answer[] = {
        {STR_INIT("main"), STR_INIT("a.cpp:7")},
        {STR_INIT("demo::f\n1(int, char)"), STR_INIT("a;b\n.h:12")},
        {STR_INIT("g(void)"), STR_INIT("")},
    };
    *found = answer;
    *(unsigned *)context += 1;
    return str_equal(module, STR("/srv/app")) && address == 0x40a ? 3 : 0;
}

/* The frames of a line, as folded stacks have them. */
struct named {
    struct frames frames;
    struct perf_names names;
    struct strbuf joined;
};

static void named_init(struct named *named, struct heap *heap)
{
    *named = (struct named){.joined = {.heap = heap}};
    frames_init(&named->frames, heap, 1);
    named->names.frames = &named->frames;
    named->names.text.heap = heap;
}

static str names_of(struct named *named, const struct perf_frame *frame,
                    const struct read_options *options, bool java)
{
    named->names.ids.n = 0;
    strbuf_clear(&named->joined);
    perf_frame_add(&named->names, frame, options, java);
    for (size_t i = 0; i < named->names.ids.n; i++) {
        strbuf_add(&named->joined, i > 0 ? STR(";") : STR(""));
        strbuf_add(&named->joined, frames_text(&named->frames, named->names.ids.at[i]));
    }
    return strbuf_str(&named->joined);
}

static struct frame last_frame(const struct named *named)
{
    return frames_get(&named->frames, named->names.ids.at[named->names.ids.n - 1]);
}

static bool test_inline_frames(struct heap *heap, void *arg)
{
    unsigned asked = 0;
    struct named named;
    struct read_options options = {.inline_frames = three_frames, .inline_context = &asked};
    struct perf_frame frame;
    (void)arg;
    named_init(&named, heap);
    perf_frame_split(STR("\t40a main+0x3 (/srv/app)"), &frame);
    is_str(names_of(&named, &frame, &options, false), STR("main:a.cpp:7;demo::f 1:a:b .h:12;g"),
           "inlined frames");
    is_u64(last_frame(&named).kind, FRAME_INLINED, "are known as inlined without a mark");
    is_str(last_frame(&named).module, STR("/srv/app"), "and their module");
    options.inline_marks = true;
    is_str(names_of(&named, &frame, &options, false),
           STR("main:a.cpp:7;demo::f 1:a:b .h:12_[i];g_[i]"), "and their marks");
    perf_frame_split(STR("\t40b main+0x4 (/srv/app)"), &frame);
    is_str(names_of(&named, &frame, &options, false), STR("main"),
           "the plain symbol where nothing is known");
    is_u64(asked, 3, "one question for each");
    static const char *const others[] = {"\t40a f ([kernel.kallsyms])", "\t40a f ([vdso])",
                                         "\t40a f (/tmp/perf-1.map)", "\t40a f (inlined)",
                                         "\t40a f"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        perf_frame_split(str_from_c(others[i]), &frame);
        names_of(&named, &frame, &options, false);
    }
    is_u64(asked, 3, "none for the kernel, perf maps and the like");
    return true;
}

static bool test_source(struct heap *heap, void *arg)
{
    static const struct {
        const char *line, *added;
    } sources[] = {{"  odd.c:12", ":odd.c:12"},
                   {"  ./nptl/pthread_create.c:442", ":./nptl/pthread_create.c:442"},
                   {"  libc-2.33.so[27b25]", ":libc-2.33.so"},
                   {"  [kernel.kallsyms][ffffffff81000e46]", ""},
                   {"  a;b.c:1", ":a:b.c:1"},
                   {"  ", ""}};
    struct named named;
    (void)arg;
    named_init(&named, heap);
    uint32_t plain = frames_add_text(&named.frames, STR("f"));
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        uint32_t id = perf_frame_with_source(&named.names, plain, str_from_c(sources[i].line));
        is_str(str_skip(frames_text(&named.frames, id), 1), str_from_c(sources[i].added),
               "source line \"%s\"", sources[i].line);
    }
    uint32_t id = perf_frame_with_source(&named.names, plain, STR("  odd.c:12"));
    is_str(frames_get(&named.frames, id).file, STR("odd.c"), "the file is known");
    is_u64(frames_get(&named.frames, id).line, 12, "and the line");
    return true;
}

static bool test_frames(struct heap *heap, void *arg)
{
    struct named named;
    (void)arg;
    named_init(&named, heap);
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        enum option option = frames[i].option;
        struct read_options options = {.kernel = option == ALL, .jit = option == ALL};
        options.inline_marks = option == ALL;
        options.addrs = option == ADDRS;
        struct perf_frame frame;
        bool is_frame = perf_frame_split(str_from_c(frames[i].line), &frame);
        if (!ok(is_frame == (frames[i].folded != NULL), "frame or not: %s", frames[i].line) ||
            !is_frame)
            continue;
        is_str(names_of(&named, &frame, &options, option == JAVA), str_from_c(frames[i].folded),
               "names of %s", frames[i].line);
    }
    return true;
}

int main(void)
{
    heaps_run(test_frames, NULL);
    heaps_run(test_inline_frames, NULL);
    heaps_run(test_source, NULL);
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        ok(perf_module_kind(str_from_c(modules[i].module)) == modules[i].kind, "kind of %s",
           modules[i].module);
    return done_testing();
}
