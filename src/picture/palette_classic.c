/*
 * palette_classic: kinds of frames as flamegraph.pl's palettes tell them apart. The order of the
 * questions matters: `Foo::bar_[k]` is C++ for java, and stays so.
 */
#include "picture/palette.h"

/* java/util/..., Lorg/apache/...: JVM names with or without the L of a descriptor. */
static bool is_java_package(str name)
{
    static const char *const roots[] = {"java/", "javax/", "jdk/", "net/",
                                        "org/",  "com/",   "io/",  "sun/"};
    if (str_starts(name, STR("L")))
        name = str_skip(name, 1);
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (str_starts(name, str_from_c(roots[i])))
            return true;
    return false;
}

unsigned palette_kind_java(const struct frame *frame)
{
    str name = frame->name;
    if (frame->kind == FRAME_JIT)
        return JAVA_JAVA;
    if (frame->kind == FRAME_INLINED)
        return JAVA_INLINED;
    if (is_java_package(name) || str_contains(name, STR(":::")))
        return JAVA_JAVA;
    if (str_contains(name, STR("::")))
        return JAVA_CPP;
    return frame->kind == FRAME_KERNEL ? JAVA_KERNEL : JAVA_OTHER;
}

unsigned palette_kind_perl(const struct frame *frame)
{
    str name = frame->name;
    if (str_contains(name, STR("::")))
        return PERL_CPP;
    if (str_contains(name, STR("Perl")) || str_contains(name, STR(".pl")))
        return PERL_PERL;
    return frame->kind == FRAME_KERNEL ? PERL_KERNEL : PERL_OTHER;
}

unsigned palette_kind_js(const struct frame *frame)
{
    str name = frame->name;
    size_t slash = str_find(name, '/', 0);
    if (frame->kind == FRAME_JIT)
        return slash < name.n ? JS_JS : JS_BUILTIN;
    if (str_contains(name, STR("::")))
        return JS_CPP;
    if (slash < name.n && str_contains(str_skip(name, slash + 1), STR(".js")))
        return JS_JS;
    if (str_find(name, ':', 0) < name.n)
        return JS_BUILTIN;
    if (str_equal(name, STR(" ")))
        return JS_JS;
    return frame->kind == FRAME_KERNEL ? JS_KERNEL : JS_OTHER;
}

unsigned palette_kind_chain(const struct frame *frame)
{
    bool waker = frame->kind == FRAME_WAKER || str_contains(frame->name, STR("_[w]"));
    return waker ? CHAIN_WAKER : CHAIN_PLAIN;
}
