/* SPDX-License-Identifier: MIT */
/*
 * palette: colours as the Perl tools give them, kinds and modules by the shape of names, and that a
 * name has one colour.
 */
#include "picture/color.h"
#include "tap.h"

static str group_of(const struct palette *palette, const char *text)
{
    struct frame frame = frame_from_text(str_from_c(text));
    return palette_group(palette, &frame);
}

static const char *kind_of(const struct palette_kind *list, const char *text)
{
    struct frame frame = frame_from_text(str_from_c(text));
    return palette_kind_of(list, &frame)->label;
}

static str module_of(const char *text)
{
    struct frame frame = frame_from_text(str_from_c(text));
    return palette_module(&frame);
}

static void check_rgb(rgb got, unsigned r, unsigned g, unsigned b, const char *what)
{
    ok(got.r == r && got.g == g && got.b == b, "%s: rgb(%u,%u,%u), want rgb(%u,%u,%u)", what, got.r,
       got.g, got.b, r, g, b);
}

static rgb color(const char *palette, const char *name, enum shade_by by)
{
    struct shade shade = shade_of(str_from_c(name), by, 1);
    struct frame frame = frame_from_text(str_from_c(name));
    return palette_color(palette_find(str_from_c(palette), NULL), &frame, &shade);
}

static void test_shades(void)
{
    struct shade root = shade_of(STR(""), SHADE_NAME, 0);
    ok(root.v[0] > 0.17082 && root.v[0] < 0.17083, "the root is drand48() after srand48(0)");
    check_rgb(color("hot", "", SHADE_NAME), 213, 39, 9, "the root");
    check_rgb(color("hot", "", SHADE_HASH), 255, 230, 55, "the root by hash");
    check_rgb(color("hot", "[unknown]", SHADE_NAME), 210, 24, 5, "[unknown]");
    check_rgb(color("hot", "a`b", SHADE_HASH), 235, 127, 33, "only the part after a backtick");
    struct shade one = shade_of(STR("m`func"), SHADE_HASH, 0);
    struct shade two = shade_of(STR("n`func"), SHADE_HASH, 0);
    ok(one.v[0] == two.v[0], "two modules, one function: forwards the same");
    one = shade_of(STR("f\xc3\xbcr"), SHADE_HASH, 0);
    two = shade_of(STR("f\xc3\xb6r"), SHADE_HASH, 0);
    ok(one.v[0] != two.v[0], "characters count, not bytes");
    one = shade_of(STR("f\xff"), SHADE_NAME, 0);
    two = shade_of(STR("f\xc3\xbf"), SHADE_NAME, 0);
    ok(one.v[0] == two.v[0], "a byte that is no character counts as the one of its number");
    one = shade_of(STR("f"), SHADE_RANDOM, 1);
    two = shade_of(STR("f"), SHADE_RANDOM, 2);
    ok(one.v[0] != two.v[0] && one.v[0] != one.v[1], "chance depends on the seed");
    for (unsigned i = 0; i < 3; i++)
        ok(one.v[i] >= 0 && one.v[i] < 1, "value %u is in range", i);
}

static void test_tones(void)
{
    static const struct shade half = {{0.5, 0.5, 0.5}};
    check_rgb(tone_color(&tone_hot, &half), 230, 115, 27, "hot");
    check_rgb(tone_color(&tone_mem, &half), 0, 215, 105, "mem");
    check_rgb(tone_color(&tone_io, &half), 110, 110, 217, "io");
    check_rgb(tone_color(&tone_red, &half), 227, 90, 90, "red");
    check_rgb(tone_color(&tone_green, &half), 80, 227, 80, "green");
    check_rgb(tone_color(&tone_blue, &half), 110, 110, 230, "blue");
    check_rgb(tone_color(&tone_yellow, &half), 202, 202, 60, "yellow");
    check_rgb(tone_color(&tone_purple, &half), 222, 110, 222, "purple");
    check_rgb(tone_color(&tone_aqua, &half), 80, 192, 192, "aqua");
    check_rgb(tone_color(&tone_orange, &half), 222, 122, 0, "orange");
}

static const struct {
    const struct palette_kind *kinds;
    const char *name, *want;
} kinds[] = {
    {palette_java, "java/util/List:::get", "Java"},
    {palette_java, "Lorg/x/Y", "Java"},
    {palette_java, "a::b_[j]", "Java"},
    {palette_java, "a::b_[i]", "inlined"},
    {palette_java, "a::b_[k]", "C++"},
    {palette_java, "tcp_[k]", "kernel"},
    {palette_java, "malloc", "system"},
    {palette_perl, "a::b", "C++"},
    {palette_perl, "Perl_pp", "Perl"},
    {palette_perl, "x.pl", "Perl"},
    {palette_perl, "tcp_[k]", "kernel"},
    {palette_perl, "main", "system"},
    {palette_js, "f /a/b_[j]", "JavaScript"},
    {palette_js, "f_[j]", "built-in"},
    {palette_js, "v8::x", "C++"},
    {palette_js, "LazyCompile:~f /srv/a.js:1", "JavaScript"},
    {palette_js, "f a.js/b", "system"},
    {palette_js, "Builtin:x", "built-in"},
    {palette_js, " ", "JavaScript"},
    {palette_js, "tcp_[k]", "kernel"},
    {palette_chain, "x_[w]", "waker"},
    {palette_chain, "x", "off-CPU"},
    {palette_python, "py::run:/srv/app.py", "Python"},
    {palette_python, "run (app.py:12)", "Python"},
    {palette_python, "py::get:/x/site-packages/requests/api.py", "packages"},
    {palette_python, "py::loads:/usr/lib/python3.11/json/__init__.py", "standard library"},
    {palette_python, "_PyEval_EvalFrameDefault", "interpreter"},
    {palette_python, "[python3.11]", "interpreter"},
    {palette_python, "Pyramid", "native"},
    {palette_python, "malloc", "native"},
    {palette_rust, "<&T as core::fmt::Debug>::fmt", "standard library"},
    {palette_rust, "<demo::Vec<T>>::push", "crates"},
    {palette_rust, "alloc::vec::Vec<T>::push_[i]", "inlined"},
    {palette_rust, "malloc", "native"},
    {palette_go, "main.(*T).run", "main"},
    {palette_go, "runtime.goexit.abi0", "runtime"},
    {palette_go, "encoding/json.(*decodeState).value", "standard library"},
    {palette_go, "github.com/a/b.Do", "modules"},
    {palette_go, "memmove.part.0", "native"},
    {palette_go, "malloc", "native"},
    {palette_node, "LazyCompile:*f /srv/app.js:3", "JavaScript"},
    {palette_node, "JS:~f /srv/node_modules/qs/a.js:3:1", "packages"},
    {palette_node, "JS:^f node:internal/timers:436:8", "node"},
    {palette_node, "Builtin:ArrayMap", "built-in"},
    {palette_node, "v8::internal::Heap::x", "C++"},
    {palette_node, "epoll_wait", "native"},
    {palette_auto, "tcp_sendmsg_[k]", "kernel"},
    {palette_auto, "std::vector<int>::push_back", "C++"},
    {palette_auto, "main(int, char**)::<lambda(int)>", "C++"},
    {palette_auto, "core::ptr::drop_in_place<T>", "Rust"},
    {palette_auto, "demo::run::{{closure}}", "Rust"},
    {palette_auto, "net/http.(*Client).Do", "Go"},
    {palette_auto, "sort.Slice.func1", "Go"},
    {palette_auto, "java.util.HashMap.get", "Java"},
    {palette_auto, "int Shop.deep", "Java"},
    {palette_auto, "py::run:/srv/app.py", "Python"},
    {palette_auto, "JS:*f /srv/app.js:3:1", "JIT"},
    {palette_auto, "[libc.so.6]", "unknown"},
    {palette_auto, "msort_with_tmp.part.0", "native"},
    {palette_auto, "", "native"},
};

static const struct {
    const char *name, *module;
} modules[] = {
    {"[libc.so.6]", "libc"},
    {"[libx.so <7f6d2>]", "libx"},
    {"[[vdso]]", "vdso"},
    {"[unknown]", ""},
    {"tcp_sendmsg_[k]", "kernel"},
    {"net/http.(*Client).Do", "net/http"},
    {"main.run", "main"},
    {"main.Sum[go.shape.float64_0]", "main"},
    {"java/util/HashMap:::get", "java/util"},
    {"java.util.HashMap.get", "java.util"},
    {"void java.util.HashMap.put", "java.util"},
    {"int Shop$$Lambda$74/0x00007f118400d3d0.compare", "Shop"},
    {"<&T as core::fmt::Debug>::fmt", "core"},
    {"demo::v2::step_[i]", "demo"},
    {"(anonymous namespace)::f", "(anonymous)"},
    {"JS:*get /srv/node_modules/qs/index.js:3:1", "qs"},
    {"JS:*get /srv/node_modules/@a/b/index.js:3:1", "@a/b"},
    {"JS:^f node:internal/timers:436:8", "node"},
    {"py::run:/srv/app.py", "app.py"},
    {"malloc", ""},
    {"memcpy.part.0", ""},
    {"", ""},
};

static void test_registry(void)
{
    struct err err = {0};
    rgb fixed;
    ok(palette_find(STR("nope"), &err) == NULL && strstr(err.message, "hot mem"), "%s",
       err.message);
    ok(strstr(err.message, " module"), "the last one is listed, too");
    ok(palette_fixed(STR("--"), &fixed) && fixed.r == 160, "separators are grey");
    ok(palette_fixed(STR("-"), &fixed) && fixed.r == 200, "so are dashes, lighter");
    for (size_t i = 0; i < palette_count; i++) {
        const struct palette *palette = &palettes[i];
        ok(palette_find(str_from_c(palette->name), NULL) == palette, "%s is found", palette->name);
        ok(palette->tone || palette->kinds || palette->module, "%s has colours", palette->name);
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            rgb once = color(palette->name, kinds[k].name, SHADE_NAME);
            rgb twice = color(palette->name, kinds[k].name, SHADE_NAME);
            if (memcmp(&once, &twice, sizeof once) != 0 || group_of(palette, kinds[k].name).n == 0)
                ok(false, "%s has one colour and a group in %s", kinds[k].name, palette->name);
        }
    }
}

static void test_backgrounds(void)
{
    struct background background;
    struct err err = {0};
    ok(background_parse(STR("#0102ff"), &background, &err), "a flat colour");
    check_rgb(background.bottom, 1, 2, 255, "flat");
    ok(background_parse(STR("blue"), &background, &err), "a style");
    check_rgb(background.bottom, 0xe0, 0xe0, 255, "blue");
    ok(!background_parse(STR("#12345"), &background, &err), "five digits: %s", err.message);
}

/* What the input named goes before what the name shows. */
static void test_named_modules(void)
{
    static const struct {
        const char *name, *module, *want;
        enum frame_kind kind;
    } cases[] = {
        {"malloc", "/usr/lib/x86_64-linux-gnu/libc.so.6", "libc", FRAME_USER},
        {"net/http.(*Client).Do", "/srv/app", "app", FRAME_USER},
        {"run", "/srv/app (deleted)", "app", FRAME_USER},
        {"clock_gettime", "[vdso]", "vdso", FRAME_USER},
        {"tcp_sendmsg", "[nf_conntrack]", "kernel", FRAME_KERNEL},
        {"java/util/HashMap:::get", "/tmp/perf-12.map", "java/util", FRAME_JIT},
        {"demo::v2::step", "[unknown]", "demo", FRAME_USER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct frame frame = frame_from_text(str_from_c(cases[i].name));
        frame.module = str_from_c(cases[i].module);
        frame.kind = cases[i].kind;
        is_str(palette_module(&frame), str_from_c(cases[i].want), "%s in %s", cases[i].name,
               cases[i].module);
    }
}

int main(void)
{
    test_shades();
    test_tones();
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        is_text(kind_of(kinds[i].kinds, kinds[i].name), kinds[i].want, "kind of %s", kinds[i].name);
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        is_str(module_of(modules[i].name), str_from_c(modules[i].module), "module of %s",
               modules[i].name);
    test_named_modules();
    test_registry();
    test_backgrounds();
    return done_testing();
}
