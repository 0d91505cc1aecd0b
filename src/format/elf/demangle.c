/* SPDX-License-Identifier: MIT */
/*
 * demangle: C++ and Rust by libiberty, the others here.
 */
#include "format/elf/demangle.h"

#if HAVE_LIBDW

#include <libiberty/demangle.h>

/* A mangled name of 100 bytes can become 2^30 bytes. */
enum { DEMANGLE_MOST = 65536 };

/* A demangling by libiberty. Its callback can only stop it by leaving it. */
struct demangling {
    struct heap heap; /* a guard of its own */
    struct strbuf *out;
    size_t from; /* in out->bytes */
    const char *mangled;
};

static void add_demangled_part(const char *text, size_t n, void *context)
{
    struct demangling *demangling = context;
    if (demangling->out->bytes.n - demangling->from + n > DEMANGLE_MOST)
        heap_give_up(&demangling->heap);
    strbuf_add(demangling->out, str_of(text, n));
}

static bool run_libiberty(void *context)
{
    struct demangling *demangling = context;
    if (rust_demangle_callback(demangling->mangled, DMGL_NO_OPTS, add_demangled_part, demangling))
        return true;
    demangling->out->bytes.n = demangling->from;
    return cplus_demangle_v3_callback(demangling->mangled, DMGL_NO_OPTS, add_demangled_part,
                                      demangling) != 0;
}

/* "_ZN3foo3barEv", "_RNvC3foo3bar" */
static bool add_by_libiberty(struct strbuf *out, const char *mangled)
{
    struct demangling demangling = {.out = out, .from = out->bytes.n, .mangled = mangled};
    struct err err = {0};
    heap_init_under(&demangling.heap, out->heap);
    bool done = heap_guard(&demangling.heap, run_libiberty, &demangling, &err);
    heap_end(&demangling.heap);
    return done && out->bytes.n > demangling.from;
}

/* "camlStdlib__List__map_215": a module, "__" for each '.', "$xx" for each other character. */
static bool add_ocaml(struct strbuf *out, str name)
{
    if (!str_starts(name, STR("caml")) || name.n < 5 || name.p[4] < 'A' || name.p[4] > 'Z')
        return false;
    for (size_t i = 4; i < name.n; i++) {
        if (name.p[i] == '_' && i + 1 < name.n && name.p[i + 1] == '_') {
            strbuf_add(out, STR("."));
            i++;
        } else if (name.p[i] == '$' && i + 2 < name.n && is_hex(name.p[i + 1]) &&
                   is_hex(name.p[i + 2])) {
            char c = (char)(hex_digit(name.p[i + 1]) << 4 | hex_digit(name.p[i + 2]));
            strbuf_add(out, str_of(&c, 1));
            i += 2;
        } else {
            strbuf_add(out, str_cut(name, i, i + 1));
        }
    }
    return true;
}

/* The length of the JVM's type at the start of `s`: "V", "[I", "Ljava/lang/String;"; 0: none. */
static size_t java_type_length(str s)
{
    size_t at = 0;
    while (at < s.n && s.p[at] == '[')
        at++;
    if (at == s.n || !memchr("VZBCSIJFDL", s.p[at], 10))
        return 0;
    if (s.p[at] != 'L')
        return at + 1;
    size_t end = str_find(s, ';', at);
    return end < s.n ? end + 1 : 0;
}

/* Whether `s` is "(types)type", with any text after it. */
static bool is_java_signature(str s)
{
    size_t n;
    if (!str_starts(s, STR("(")))
        return false;
    s = str_skip(s, 1);
    while ((n = java_type_length(s)) > 0)
        s = str_skip(s, n);
    return str_starts(s, STR(")")) && java_type_length(str_skip(s, 1)) > 0;
}

/* "Ljava/util/HashMap;hash(Ljava/lang/Object;)I" */
static bool add_java(struct strbuf *out, str name)
{
    size_t of_class = str_starts(name, STR("L")) ? java_type_length(name) : 0;
    size_t open = str_find(name, '(', of_class);
    if (of_class == 0 || open == of_class || !is_java_signature(str_skip(name, open)))
        return false;
    size_t from = out->bytes.n;
    strbuf_add(out, str_cut(name, 1, of_class - 1));
    for (size_t i = from; i < out->bytes.n; i++)
        if (out->bytes.at[i] == '/')
            out->bytes.at[i] = '.';
    strbuf_add(out, STR("."));
    strbuf_add(out, str_cut(name, of_class, open));
    return true;
}

/* Names of libraries can have a version: "_ZNSs4swapERSs@@GLIBCXX_3.4". It is kept. */
static bool add_versioned(struct strbuf *out, const char *mangled, const char *version)
{
    struct strbuf name = {.heap = out->heap};
    strbuf_add(&name, str_of(mangled, (size_t)(version - mangled)));
    bool done = add_by_libiberty(out, strbuf_c(&name));
    strbuf_end(&name);
    if (done)
        strbuf_add(out, str_from_c(version));
    return done;
}

bool demangle_name(struct strbuf *out, const char *mangled)
{
    size_t from = out->bytes.n;
    const char *version = mangled[0] == '_' ? strchr(mangled, '@') : NULL;
    if (version ? add_versioned(out, mangled, version)
                : mangled[0] == '_' && add_by_libiberty(out, mangled))
        return true;
    out->bytes.n = from;
    str name = str_from_c(mangled);
    return add_ocaml(out, name) || add_java(out, name);
}

#endif
