/* SPDX-License-Identifier: MIT */
/*
 * palette_module: the module, package, crate or namespace of a frame. It is the module that the
 * input names, or else it follows from the name.
 *
 *      read in "/usr/lib/libc.so.6"             libc
 *      [libc.so.6]                              libc
 *      tcp_sendmsg_[k]                          kernel
 *      net/http.(*Client).Do                    net/http
 *      java/util/HashMap:::get                  java/util
 *      java.util.HashMap.get                    java.util
 *      <&T as core::fmt::Debug>::fmt            core
 *      int Shop$$Lambda$74/0x7f11.compare       Shop
 *      demo::v2::step                           demo
 *      JS:*get /srv/node_modules/qs/index.js:3  qs
 *      py::run:/srv/app.py                      app.py
 *      malloc                                   (none)
 */
#include "picture/color.h"

static const str none = STR_INIT("");

static bool is_module_word_byte(char c)
{
    return is_alnum(c) || c == '_' || (c & 0x80);
}

/* "libc.so.6", "[vdso]": the part before ".so", without brackets and version. */
static str cut_base(str base)
{
    static const str suffixes[] = {STR_INIT(".so"), STR_INIT(".cpython-")};
    while (base.n > 2 && base.p[0] == '[' && base.p[base.n - 1] == ']')
        base = str_cut(base, 1, base.n - 1);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t at = str_search(base, suffixes[i], 0);
        if (at > 0 && at < base.n)
            base = str_head(base, at);
    }
    return str_equal(base, STR("unknown")) ? none : base;
}

/* "[libc.so.6]", "[libx.so <7f6d2>]" */
static str module_of_brackets(str name)
{
    str inner = str_cut(name, 1, name.n - 1);
    return cut_base(str_head(inner, str_find(inner, ' ', 0)));
}

/* The directory below `marker` in a path, e.g. node_modules/. */
static str find_package_below(str name, str marker)
{
    size_t at = str_search(name, marker, 0);
    if (at >= name.n)
        return none;
    str rest = str_skip(name, at + marker.n);
    size_t end = str_find(rest, '/', 0);
    if (rest.n > 0 && rest.p[0] == '@' && end < rest.n) /* @scope/name */
        end = str_find(rest, '/', end + 1);
    return end < rest.n ? str_head(rest, end) : none;
}

/* The file of "name /dir/file.js:1:2" and of "py::name:/dir/file.py", with its suffix. */
static str module_of_source(str name, str suffix)
{
    static const str packages[] = {STR_INIT("node_modules/"), STR_INIT("site-packages/"),
                                   STR_INIT("dist-packages/")};
    size_t at = str_search(name, suffix, 0);
    if (at >= name.n)
        return none;
    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
        str package = find_package_below(name, packages[i]);
        if (package.n > 0)
            return package;
    }
    size_t end = at + suffix.n, from = at;
    while (from > 0 && !strchr("/ :(", name.p[from - 1]))
        from--;
    return from < at ? str_cut(name, from, end) : none;
}

/* "core" of "<&T as core::fmt::Debug>::fmt"; names in angle brackets start later. */
static str module_of_colons(str name)
{
    size_t as = str_search(name, STR(" as "), 0), from = 0;
    if (name.p[0] == '<' && as < name.n)
        from = as + 4;
    while (from < name.n && !is_module_word_byte(name.p[from]) && name.p[from] != '(')
        from++;
    size_t end = from;
    if (end < name.n && name.p[end] == '(') /* (anonymous namespace) */
        return STR("(anonymous)");
    while (end < name.n && is_module_word_byte(name.p[end]))
        end++;
    return end < name.n && name.p[end] == ':' ? str_cut(name, from, end) : none;
}

/* java/util/HashMap:::get, java/util/HashMap.get, net/http.(*Client).Do: up to the class, which
 * starts with an upper-case letter, or to the last dot of the last element. */
static str module_of_slashes(str name)
{
    size_t end = str_find(name, '[', 0);
    size_t colons = str_search(name, STR("::"), 0);
    str path = str_head(name, colons < end ? colons : end);
    size_t slash = str_find_last(path, '/');
    if (slash >= path.n || slash == 0)
        return none;
    size_t dot = str_find(path, '.', slash);
    bool class = slash + 1 < path.n && is_upper(path.p[slash + 1]);
    if (class || dot == path.n)
        return str_head(path, slash);
    return str_head(path, dot);
}

/* java.util.HashMap.get: up to the first upper-case element; main.run: up to the only dot. */
static str module_of_dots(str name)
{
    size_t from = 0;
    for (;;) {
        size_t dot = str_find(name, '.', from);
        if (dot >= name.n || dot == from)
            return none;
        if (from > 0 && is_upper(name.p[from]))
            return str_head(name, from - 1);
        for (size_t i = from; i < dot; i++)
            if (!is_module_word_byte(name.p[i]) && name.p[i] != '$')
                return none;
        size_t next = dot + 1;
        if (next >= name.n || is_digit(name.p[next]))
            return none; /* foo.part.0 never gets here: is_clone() finds it */
        if (str_find(name, '.', next) >= name.n || !is_alpha(name.p[next]))
            return str_head(name, dot);
        from = next;
    }
}

/* A perf map contains the code of a JIT compiler: its names are more useful. */
static bool is_jit_module(str module)
{
    return str_starts(module, STR("/tmp/perf-")) || str_contains(module, STR("/jitted-")) ||
           str_contains(module, STR("JIT")) || str_starts(module, STR("//anon")) ||
           str_starts(module, STR("/memfd:")) || str_equal(module, STR("[unknown]"));
}

static bool is_kind(const struct palette_kind *kinds, const struct frame *frame, const char *label)
{
    return strcmp(palette_kind_of(kinds, frame)->label, label) == 0;
}

str palette_module(const struct frame *frame)
{
    str name = frame->name;
    struct frame unmarked = {.name = name}; /* the mark of a JIT compiler would hide the language */
    static const str suffixes[] = {STR_INIT(".py"), STR_INIT(".js"), STR_INIT(".mjs"),
                                   STR_INIT(".cjs"), STR_INIT(".ts")};
    if (frame->kind == FRAME_KERNEL)
        return STR("kernel");
    if (frame->module.n > 0 && frame->kind == FRAME_USER && !is_jit_module(frame->module))
        return cut_base(frame_module_file(frame->module));
    if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        return module_of_brackets(name);
    if (str_contains(name, STR(" node:")))
        return STR("node");
    if (is_kind(palette_node, &unmarked, "built-in"))
        return STR("v8");
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        str file = module_of_source(name, suffixes[i]);
        if (file.n > 0)
            return file;
    }
    if (str_contains(name, STR("::")) && !str_contains(name, STR(":::")))
        return module_of_colons(name);
    size_t lambda = str_search(name, STR("$$Lambda"), 0);
    if (lambda < name.n) {
        name = palette_java_name(str_head(name, lambda));
        str inside = module_of_dots(name);
        return inside.n > 0 ? inside : name;
    }
    str package = module_of_slashes(name);
    if (package.n > 0)
        return package;
    if (is_kind(palette_auto, &unmarked, "Go"))
        return str_head(name, str_find(name, '.', 0));
    if (is_kind(palette_auto, &unmarked, "Java"))
        return module_of_dots(palette_java_name(name));
    return none;
}
