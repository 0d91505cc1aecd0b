/* SPDX-License-Identifier: MIT */
/*
 * palette_kinds: the kinds of frames of each palette. Folded stacks hold names only, so most kinds
 * are known by the form of a name: those of perf, perf maps, py-spy, V8 and the demanglers.
 */
#include "picture/color.h"

#define KERNEL                                                 \
    {                                                          \
        FRAME_KERNEL, NULL, NULL, NULL, &tone_orange, "kernel" \
    }
#define OTHERS(label)                                  \
    {                                                  \
        FRAME_USER, NULL, NULL, NULL, &tone_red, label \
    }

static const char v8_starts[] =
    "LazyCompile:|JS:|Builtin:|RegExp:|Function:|Script:|Eval:|Handler:|BytecodeHandler:|Stub:";

const struct palette_kind *palette_kind_of(const struct palette_kind *kinds,
                                           const struct frame *frame)
{
    while ((kinds->frame_kind != FRAME_USER && kinds->frame_kind != frame->kind) ||
           (kinds->starts && !str_starts_any(frame->name, kinds->starts)) ||
           (kinds->contains && !str_contains_any(frame->name, kinds->contains)) ||
           (kinds->test && !kinds->test(frame)))
        kinds++;
    return kinds;
}

/* ---- as flamegraph.pl distinguishes them: `Foo::bar_[k]` is C++ in the palette java ---- */

/* java/util/..., Lorg/apache/...: JVM names with or without the L of a descriptor. */
static bool is_java_package(const struct frame *frame)
{
    str name = str_starts(frame->name, STR("L")) ? str_skip(frame->name, 1) : frame->name;
    return str_starts_any(name, "java/|javax/|jdk/|net/|org/|com/|io/|sun/");
}

const struct palette_kind palette_java[] = {
    {FRAME_JIT, NULL, NULL, NULL, &tone_green, "Java"},
    {FRAME_INLINED, NULL, NULL, NULL, &tone_aqua, "inlined"},
    {FRAME_USER, NULL, NULL, is_java_package, &tone_green, "Java"},
    {FRAME_USER, NULL, ":::", NULL, &tone_green, "Java"},
    {FRAME_USER, NULL, "::", NULL, &tone_yellow, "C++"},
    KERNEL,
    OTHERS("system"),
};

const struct palette_kind palette_perl[] = {
    {FRAME_USER, NULL, "::", NULL, &tone_yellow, "C++"},
    {FRAME_USER, NULL, "Perl|.pl", NULL, &tone_green, "Perl"},
    KERNEL,
    OTHERS("system"),
};

static bool is_js_path(const struct frame *frame)
{
    str path = str_skip(frame->name, str_find(frame->name, '/', 0));
    return str_contains(path, STR(".js"));
}

static bool is_one_blank(const struct frame *frame)
{
    return str_equal(frame->name, STR(" "));
}

const struct palette_kind palette_js[] = {
    {FRAME_JIT, NULL, "/", NULL, &tone_green, "JavaScript"},
    {FRAME_JIT, NULL, NULL, NULL, &tone_aqua, "built-in"},
    {FRAME_USER, NULL, "::", NULL, &tone_yellow, "C++"},
    {FRAME_USER, NULL, NULL, is_js_path, &tone_green, "JavaScript"},
    {FRAME_USER, NULL, ":", NULL, &tone_aqua, "built-in"},
    {FRAME_USER, NULL, NULL, is_one_blank, &tone_green, "JavaScript"},
    KERNEL,
    OTHERS("system"),
};

const struct palette_kind palette_chain[] = {
    {FRAME_WAKER, NULL, NULL, NULL, &tone_aqua, "waker"},
    {FRAME_USER, NULL, "_[w]", NULL, &tone_aqua, "waker"},
    {FRAME_USER, NULL, NULL, NULL, &tone_blue, "off-CPU"},
};

/* ---- Python ---- */

/* _PyEval_EvalFrameDefault, PyObject_Call, py_dict_get, [python3.11], [libpython3.11.so.1.0] */
static bool is_interpreter(const struct frame *frame)
{
    str name = frame->name;
    size_t prefix = str_starts(name, STR("_Py")) ? 3 : 2;
    if (str_starts_any(name, "[python|[libpython|_Py_|Py_|pymain_"))
        return true;
    return str_starts_any(name, "_Py|Py") && prefix < name.n && is_upper(name.p[prefix]);
}

/* py::run:/srv/app.py (perf trampolines), run (app.py:12) (py-spy), app.py:run:12 (austin) */
static bool is_python(const struct frame *frame)
{
    str name = frame->name;
    return str_starts(name, STR("py::")) || str_ends(name, STR(".py")) ||
           str_contains_any(name, ".py:|.py)|<frozen |<module>");
}

const struct palette_kind palette_python[] = {
    KERNEL,
    {FRAME_USER, NULL, "site-packages/|dist-packages/", is_python, &tone_aqua, "packages"},
    {FRAME_USER, NULL, "/lib/python|/lib64/python|<frozen ", is_python, &tone_olive,
     "standard library"},
    {FRAME_USER, NULL, NULL, is_python, &tone_green, "Python"},
    {FRAME_USER, NULL, NULL, is_interpreter, &tone_yellow, "interpreter"},
    OTHERS("native"),
};

/* ---- Rust ---- */

/* By the path of the name: "core::fmt" of "<&T as core::fmt::Debug>::fmt", "demo" of
 * "<demo::Vec<T>>::push". */
static bool is_rust_library(const struct frame *frame)
{
    str path = frame->name;
    if (str_starts(path, STR("<"))) {
        size_t as = str_search(path, STR(" as "), 0);
        path = str_skip(path, as < path.n ? as + 4 : 1);
        while (path.n > 0 && strchr("&<*", path.p[0]))
            path = str_skip(path, 1);
    }
    return str_starts_any(path, "core::|alloc::|std::|__rust_|rust_begin|hashbrown::|rust_panic");
}

/* By modules that all Rust programs have and few C++ programs. Both have `std::`. */
static bool is_rust(const struct frame *frame)
{
    if (str_contains(frame->name, STR("::<lambda"))) /* gcc's main()::<lambda(int)> */
        return false;
    return str_starts_any(
               frame->name,
               "core::|alloc::|hashbrown::|std::rt::|std::sys::|std::io::|std::panic::|"
               "std::panicking::|std::fs::|std::env::|std::path::|std::process::|"
               "std::sys_common::|std::backtrace::|__rust_|rust_begin_|rust_panic|rustc_") ||
           str_contains_any(frame->name,
                            "{closure#|{{closure}}|{impl#|{{vtable.shim}}|$LT$| as |::<|&mut |"
                            "{{constructor}}");
}

const struct palette_kind palette_rust[] = {
    KERNEL,
    {FRAME_INLINED, NULL, NULL, NULL, &tone_aqua, "inlined"},
    {FRAME_USER, NULL, NULL, is_rust_library, &tone_yellow, "standard library"},
    {FRAME_USER, NULL, "::", NULL, &tone_brown, "crates"},
    OTHERS("native"),
};

/* ---- Go ---- */

/* The package of a Go name, "encoding/json" of "encoding/json.(*decodeState).value"; "" when it has
 * not the form of one. */
static str find_go_package(str name)
{
    size_t bracket = str_find(name, '[', 0); /* a type argument may hold slashes */
    size_t slash = str_find_last(str_head(name, bracket), '/');
    size_t from = slash < bracket ? slash + 1 : 0;
    size_t dot = str_find(name, '.', from);
    if (dot + 1 >= name.n || dot == from || str_contains(name, STR("::")))
        return STR("");
    for (size_t i = 0; i < dot; i++) {
        char c = name.p[i];
        bool fits = is_alnum(c) || strchr("_/.-%~", c);
        if (!fits || (i >= from && is_upper(c)))
            return STR("");
    }
    return str_head(name, dot);
}

/* foo.constprop.0, foo.part.2, foo.cold: copies that gcc and clang make of a function. */
static bool is_clone(str name, size_t dot)
{
    str rest = str_skip(name, dot + 1);
    return rest.n == 0 || is_digit(rest.p[0]) ||
           str_starts_any(
               rest, "constprop|part|isra|cold|lto_priv|llvm|clone|localalias|resolver|so|plt|avx|"
                     "sse");
}

static bool is_go(const struct frame *frame)
{
    str package = find_go_package(frame->name);
    return str_starts_any(frame->name, "go:|go.|type:.|type..|runtime.|runtime/|main.|gosave_") ||
           (package.n > 0 && package.p[0] != '/' && !is_clone(frame->name, package.n));
}

/* Its package begins with a host: github.com/x/y. */
static bool is_go_module(const struct frame *frame)
{
    str package = find_go_package(frame->name);
    str host = str_head(package, str_find(package, '/', 0));
    return host.n < package.n && str_find(host, '.', 0) < host.n && is_go(frame);
}

const struct palette_kind palette_go[] = {
    KERNEL,
    {FRAME_USER, "runtime.|runtime/|gcWriteBarrier|gosave_|go:|type:.|type..|go.", NULL, NULL,
     &tone_yellow, "runtime"},
    {FRAME_USER, "main.", NULL, NULL, &tone_green, "main"},
    {FRAME_USER, NULL, NULL, is_go_module, &tone_sky, "modules"},
    {FRAME_USER, NULL, NULL, is_go, &tone_aqua, "standard library"},
    OTHERS("native"),
};

/* ---- node ---- */

/* LazyCompile:*run /srv/app.js:3, JS:~run node:fs:12:1 */
static bool is_no_js(const struct frame *frame)
{
    return frame->kind != FRAME_JIT && !str_starts_any(frame->name, v8_starts);
}

static bool has_js_source(const struct frame *frame)
{
    return str_contains_any(frame->name, ".js|.mjs|.cjs|.ts|evalmachine|evald");
}

/* " fs.js:12", before node 16. */
static bool is_old_node_core(const struct frame *frame)
{
    return has_js_source(frame) && !str_contains_any(frame->name, " /|file://|eval");
}

const struct palette_kind palette_node[] = {
    KERNEL,
    {FRAME_USER, "Builtin:|RegExp:|Handler:|BytecodeHandler:|Stub:|Builtins_", NULL, NULL,
     &tone_sky, "built-in"},
    {FRAME_USER, NULL, "::", is_no_js, &tone_yellow, "C++"},
    {FRAME_USER, NULL, NULL, is_no_js, &tone_red, "native"},
    {FRAME_USER, NULL, "node_modules/", NULL, &tone_aqua, "packages"},
    {FRAME_USER, NULL, " node:| internal/", NULL, &tone_olive, "node"},
    {FRAME_USER, NULL, NULL, is_old_node_core, &tone_olive, "node"},
    {FRAME_USER, NULL, NULL, has_js_source, &tone_green, "JavaScript"},
    {FRAME_USER, NULL, " /|file://", NULL, &tone_green, "JavaScript"},
    {FRAME_USER, NULL, NULL, NULL, &tone_sky, "built-in"},
};

/* ---- all languages ---- */

str palette_java_name(str name)
{
    size_t blank = str_find_last(name, ' ');
    for (size_t i = 0; i < blank && blank < name.n; i++)
        if (!is_alnum(name.p[i]) && !strchr("._$[]", name.p[i]))
            return name;
    return blank < name.n ? str_skip(name, blank + 1) : name;
}

/* java.util.HashMap.get, Shop.deep: a class, which begins with an upper-case letter, before the
 * last dot. */
static bool is_java_dotted(const struct frame *frame)
{
    str name = palette_java_name(frame->name);
    size_t last = str_find_last(name, '.');
    if (last >= name.n || last + 1 == name.n || str_contains(name, STR("::")))
        return false;
    size_t before = str_find_last(str_head(name, last), '.');
    size_t from = before < last ? before + 1 : 0;
    size_t first_dot = str_find(name, '.', 0);
    for (size_t i = 0; i < last; i++)
        if (!is_alnum(name.p[i]) && !strchr("._$/", name.p[i]))
            return false;
    /* pkg.Type.method with one lower-case word in front is Go's. */
    return is_upper(name.p[from]) && (from == 0 || first_dot + 1 < from);
}

/* java/util/HashMap, but not net/http.Get: that is Go's. */
static bool is_java(const struct frame *frame)
{
    return is_java_package(frame) ? find_go_package(frame->name).n == 0 : is_java_dotted(frame);
}

const struct palette_kind palette_auto[] = {
    KERNEL,
    {FRAME_USER, NULL, NULL, is_python, &tone_sky, "Python"},
    {FRAME_USER, NULL, NULL, is_interpreter, &tone_sky, "Python"},
    {FRAME_USER, v8_starts, NULL, NULL, &tone_olive, "JIT"},
    {FRAME_USER, NULL, ":::|$$Lambda", NULL, &tone_green, "Java"},
    {FRAME_USER, NULL, NULL, is_java, &tone_green, "Java"},
    {FRAME_JIT, NULL, NULL, NULL, &tone_olive, "JIT"},
    {FRAME_USER, NULL, NULL, is_rust, &tone_brown, "Rust"},
    {FRAME_USER, NULL, "::", NULL, &tone_yellow, "C++"},
    {FRAME_USER, "_ZN|_ZSt|_ZNK|operator|typeinfo for |vtable for ", NULL, NULL, &tone_yellow,
     "C++"},
    {FRAME_USER, NULL, NULL, is_go, &tone_aqua, "Go"},
    {FRAME_USER, "[", NULL, NULL, &tone_grey, "unknown"},
    OTHERS("native"),
};
