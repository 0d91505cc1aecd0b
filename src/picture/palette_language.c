/*
 * palette_language: kinds of frames in programs of one language, and which language a frame is of.
 * Folded stacks hold names only, so the shape of a name has to tell; the shapes are those of perf,
 * perf maps, py-spy, V8 and the demanglers.
 */
#include "picture/palette.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_upper(char c)
{
    return (unsigned)(c - 'A') < 26;
}

static bool starts_with_any(str name, const char *const *starts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(name, str_from_c(starts[i])))
            return true;
    return false;
}

static bool contains_any(str name, const char *const *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_contains(name, str_from_c(parts[i])))
            return true;
    return false;
}

/* _PyEval_EvalFrameDefault, PyObject_Call, py_dict_get, [python3.11], [libpython3.11.so.1.0] */
static bool is_interpreter(str name)
{
    static const char *const starts[] = {"[python", "[libpython", "_Py_", "Py_", "pymain_"};
    if (starts_with_any(name, starts, COUNT(starts)))
        return true;
    str rest = str_starts(name, STR("_Py"))  ? str_skip(name, 3)
               : str_starts(name, STR("Py")) ? str_skip(name, 2)
                                             : STR("");
    return rest.n > 0 && is_upper(rest.p[0]);
}

/* py::run:/srv/app.py (perf trampolines), run (app.py:12) (py-spy), app.py:run:12 (austin) */
static bool is_python(str name)
{
    static const char *const parts[] = {".py:", ".py)", "<frozen ", "<module>"};
    return str_starts(name, STR("py::")) || contains_any(name, parts, COUNT(parts)) ||
           str_ends(name, STR(".py"));
}

unsigned palette_kind_python(const struct frame *frame)
{
    str name = frame->name;
    static const char *const packages[] = {"site-packages/", "dist-packages/"};
    static const char *const stdlib[] = {"/lib/python", "/lib64/python", "<frozen "};
    if (frame->kind == FRAME_KERNEL)
        return PY_KERNEL;
    if (!is_python(name))
        return is_interpreter(name) ? PY_INTERPRETER : PY_NATIVE;
    if (contains_any(name, packages, COUNT(packages)))
        return PY_PACKAGE;
    return contains_any(name, stdlib, COUNT(stdlib)) ? PY_STDLIB : PY_OWN;
}

/* The path that a name is about: "core::fmt" of "<&T as core::fmt::Debug>::fmt", "demo" of
 * "<demo::Vec<T>>::push". */
static str rust_path(str name)
{
    if (!str_starts(name, STR("<")))
        return name;
    size_t as = str_search(name, STR(" as "), 0);
    str path = str_skip(name, as < name.n ? as + 4 : 1);
    while (path.n > 0 && (path.p[0] == '&' || path.p[0] == '<' || path.p[0] == '*'))
        path = str_skip(path, 1);
    return path;
}

unsigned palette_kind_rust(const struct frame *frame)
{
    str name = frame->name;
    static const char *const std[] = {"core::",     "alloc::",     "std::",     "__rust_",
                                      "rust_begin", "hashbrown::", "rust_panic"};
    if (frame->kind == FRAME_KERNEL)
        return RUST_KERNEL;
    if (frame->kind == FRAME_INLINED)
        return RUST_INLINED;
    if (starts_with_any(rust_path(name), std, COUNT(std)))
        return RUST_STD;
    return str_contains(name, STR("::")) ? RUST_CRATE : RUST_NATIVE;
}

/* What no Rust program lacks and few of C++ have. `std::` is both's; its modules tell. */
static bool is_rust(str name)
{
    static const char *const parts[] = {
        "{closure#", "{{closure}}", "{impl#", "{{vtable.shim}}", "$LT$",
        " as ",      "::<",         "&mut ",  "{{constructor}}"};
    static const char *const starts[] = {"core::",
                                         "alloc::",
                                         "hashbrown::",
                                         "std::rt::",
                                         "std::sys::",
                                         "std::io::",
                                         "std::panic::",
                                         "std::panicking::",
                                         "std::fs::",
                                         "std::env::",
                                         "std::path::",
                                         "std::process::",
                                         "std::sys_common::",
                                         "std::backtrace::",
                                         "__rust_",
                                         "rust_begin_",
                                         "rust_panic",
                                         "rustc_"};
    if (str_contains(name, STR("::<lambda"))) /* gcc's main()::<lambda(int)> */
        return false;
    return starts_with_any(name, starts, COUNT(starts)) || contains_any(name, parts, COUNT(parts));
}

/* The package of a Go name, "encoding/json" of "encoding/json.(*decodeState).value"; "" when it has
 * not the shape of one. */
static str go_package(str name)
{
    size_t bracket = str_find(name, '[', 0); /* a type argument may hold slashes */
    size_t slash = str_find_last(str_head(name, bracket), '/');
    size_t from = slash < bracket ? slash + 1 : 0;
    size_t dot = str_find(name, '.', from);
    if (dot + 1 >= name.n || dot == from || str_contains(name, STR("::")))
        return STR("");
    for (size_t i = 0; i < dot; i++) {
        char c = name.p[i];
        bool fits = is_alpha(c) || is_digit(c) || strchr("_/.-%~", c);
        if (!fits || (i >= from && is_upper(c)))
            return STR("");
    }
    return str_head(name, dot);
}

/* foo.constprop.0, foo.part.2, foo.cold: what gcc and clang make of one function. */
static bool is_clone(str name, size_t dot)
{
    static const char *const suffixes[] = {
        "constprop",  "part",     "isra", "cold", "lto_priv", "llvm", "clone",
        "localalias", "resolver", "so",   "plt",  "avx",      "sse"};
    str rest = str_skip(name, dot + 1);
    return rest.n == 0 || is_digit(rest.p[0]) || starts_with_any(rest, suffixes, COUNT(suffixes));
}

static bool is_go(str name)
{
    static const char *const roots[] = {"go:",      "go.",      "type:.", "type..",
                                        "runtime.", "runtime/", "main.",  "gosave_"};
    if (starts_with_any(name, roots, COUNT(roots)))
        return true;
    str package = go_package(name);
    return package.n > 0 && package.p[0] != '/' && !is_clone(name, package.n);
}

static bool is_go_runtime(str name)
{
    static const char *const starts[] = {"runtime.", "runtime/", "gcWriteBarrier", "gosave_",
                                         "go:",      "type:.",   "type..",         "go."};
    return starts_with_any(name, starts, COUNT(starts));
}

unsigned palette_kind_go(const struct frame *frame)
{
    str name = frame->name;
    if (frame->kind == FRAME_KERNEL)
        return GO_KERNEL;
    if (is_go_runtime(name))
        return GO_RUNTIME;
    if (str_starts(name, STR("main.")))
        return GO_MAIN;
    if (!is_go(name))
        return GO_NATIVE;
    str package = go_package(name);
    str host = str_head(package, str_find(package, '/', 0));
    return host.n < package.n && str_find(host, '.', 0) < host.n ? GO_MODULE : GO_STDLIB;
}

/* LazyCompile:*run /srv/app.js:3, JS:~run node:fs:12:1, Builtin:ArrayMap, RegExp:[a-z] */
static bool is_v8(str name)
{
    static const char *const starts[] = {
        "LazyCompile:", "JS:",   "Builtin:", "RegExp:",          "Function:",
        "Script:",      "Eval:", "Handler:", "BytecodeHandler:", "Stub:"};
    return starts_with_any(name, starts, COUNT(starts));
}

static bool is_js_source(str name)
{
    static const char *const parts[] = {".js", ".mjs", ".cjs", ".ts", "evalmachine", "evald"};
    return contains_any(name, parts, COUNT(parts));
}

unsigned palette_kind_node(const struct frame *frame)
{
    str name = frame->name;
    static const char *const native[] = {
        "Builtin:", "RegExp:", "Handler:", "BytecodeHandler:", "Stub:", "Builtins_"};
    if (frame->kind == FRAME_KERNEL)
        return NODE_KERNEL;
    if (starts_with_any(name, native, COUNT(native)))
        return NODE_BUILTIN;
    if (!is_v8(name) && frame->kind != FRAME_JIT)
        return str_contains(name, STR("::")) ? NODE_CPP : NODE_NATIVE;
    if (str_contains(name, STR("node_modules/")))
        return NODE_PACKAGE;
    if (str_contains(name, STR(" node:")) || str_contains(name, STR(" internal/")))
        return NODE_CORE;
    bool has_path = str_contains(name, STR(" /")) || str_contains(name, STR("file://"));
    if (is_js_source(name) && !has_path) /* " fs.js:12", before node 16 */
        return str_contains(name, STR("eval")) ? NODE_OWN : NODE_CORE;
    return is_js_source(name) || has_path ? NODE_OWN : NODE_BUILTIN;
}

str palette_java_name(str name)
{
    size_t blank = str_find_last(name, ' ');
    for (size_t i = 0; i < blank && blank < name.n; i++)
        if (!is_alpha(name.p[i]) && !is_digit(name.p[i]) && !strchr("._$[]", name.p[i]))
            return name;
    return blank < name.n ? str_skip(name, blank + 1) : name;
}

/* java.util.HashMap.get, Shop.deep, Shop$$Lambda$74: a class, so an upper-case word, before the
 * last dot. */
static bool is_java_dotted(str name)
{
    name = palette_java_name(name);
    size_t last = str_find_last(name, '.');
    if (last >= name.n || last + 1 == name.n || str_contains(name, STR("::")))
        return false;
    size_t before = str_find_last(str_head(name, last), '.');
    size_t from = before < last ? before + 1 : 0;
    size_t first_dot = str_find(name, '.', 0);
    for (size_t i = 0; i < last; i++)
        if (!is_alpha(name.p[i]) && !is_digit(name.p[i]) && !strchr("._$/", name.p[i]))
            return false;
    /* pkg.Type.method with one lower-case word in front is Go's. */
    return is_upper(name.p[from]) && (from == 0 || first_dot + 1 < from);
}

/* java/util/HashMap, but not net/http.Get: that is Go's. */
static bool is_java(str name)
{
    struct frame unmarked = {.name = name};
    if (str_contains(name, STR(":::")) || str_contains(name, STR("$$Lambda")))
        return true;
    if (palette_kind_java(&unmarked) == JAVA_JAVA)
        return go_package(name).n == 0;
    return is_java_dotted(name);
}

unsigned palette_kind_auto(const struct frame *frame)
{
    str name = frame->name;
    static const char *const mangled[] = {"_ZN",      "_ZSt",          "_ZNK",
                                          "operator", "typeinfo for ", "vtable for "};
    if (frame->kind == FRAME_KERNEL)
        return AUTO_KERNEL;
    if (is_python(name) || is_interpreter(name))
        return AUTO_PYTHON;
    if (is_v8(name))
        return AUTO_JIT;
    if (is_java(name))
        return AUTO_JAVA;
    if (frame->kind == FRAME_JIT)
        return AUTO_JIT;
    if (is_rust(name))
        return AUTO_RUST;
    if (str_contains(name, STR("::")) || starts_with_any(name, mangled, COUNT(mangled)))
        return AUTO_CPP;
    if (is_go(name))
        return AUTO_GO;
    return str_starts(name, STR("[")) ? AUTO_UNKNOWN : AUTO_NATIVE;
}
