/* SPDX-License-Identifier: MIT */
/*
 * test_demangle: names of C++, Rust, OCaml and Java without parameters and return types.
 */
#include "heaps.h"
#include "tap.h"

#if HAVE_LIBDW

#include "format/elf/demangle.h"

static const struct {
    const char *mangled, *name; /* NULL: it is not mangled */
} names[] = {
    {"main", NULL},
    {"", NULL},
    {"_", NULL},
    {"_start", NULL},
    {"__libc_start_main@@GLIBC_2.34", NULL},
    {"_Zmangled", NULL},
    {"_ZN4demo4callEi", "demo::call"},
    {"_ZNK4demo1A4callEi", "demo::A::call"},
    {"_ZN4demo3runIiEET_S1_", "demo::run<int>"},
    {"_Z5plainIlEDcT_", "plain<long>"},
    {"_ZN12_GLOBAL__N_11fEv", "(anonymous namespace)::f"},
    {"_ZZ4mainENKUliE_clEi", "main::{lambda(int)#1}::operator()"},
    {"_ZN1AcvbEv", "A::operator bool"},
    {"_ZN1AD0Ev", "A::~A"},
    {"_Z3foov.part.0", "foo"},
    {"_ZNSs4swapERSs@@GLIBCXX_3.4", "std::string::swap@@GLIBCXX_3.4"},
    {"_ZTV1A", "vtable for A"},
    {"_ZN4core3ptr13drop_in_place17h0123456789abcdefE", "core::ptr::drop_in_place"},
    {"_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar"
     "17h930b740aa94f1d3aE",
     "<Test + 'static as foo::Bar<Test>>::bar"},
    {"_RNvC6_123foo3bar", "123foo::bar"},
    {"_RINvNtC3std3mem8align_ofdE", "std::mem::align_of::<f64>"},
    {"camlStdlib__List__map_215", "Stdlib.List.map_215"},
    {"camlFoo__$3d$3e_1", "Foo.=>_1"},
    {"camlFoo$", "Foo$"},
    {"camlfoo", NULL},
    {"caml_alloc", NULL},
    {"Ljava/util/HashMap;hash(Ljava/lang/Object;)I", "java.util.HashMap.hash"},
    {"LMain;main([Ljava/lang/String;)V", "Main.main"},
    {"LMain;a$b(IJ[[D)[Ljava/lang/String;", "Main.a$b"},
    {"LMain;main", NULL},
    {"LMain;(I)V", NULL},
    {"LMain;main(Q)V", NULL},
    {"LMain;main(I)", NULL},
    {"L;m()V", ".m"},
};

static bool check_names(struct heap *heap, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct strbuf out = {.heap = heap};
        strbuf_add(&out, STR("> "));
        bool done = demangle_name(&out, names[i].mangled);
        str name = str_skip(strbuf_str(&out), 2);
        if (names[i].name)
            is_str(done ? name : STR("(none)"), str_from_c(names[i].name), "%s", names[i].mangled);
        else
            ok(!done && name.n == 0, "'%s' is not mangled", names[i].mangled);
    }
    return true;
}

/* Each parameter is a pair of the one before: 300 bytes come to 2^35. */
static bool demangle_pairs(struct heap *heap, void *arg)
{
    const int pairs = *(const int *)arg;
    struct strbuf mangled = {.heap = heap}, out = {.heap = heap};
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    strbuf_add(&mangled, STR("_Z1fI1AIiiE"));
    for (int i = 1; i < pairs; i++) {
        const char part[] = {'S', digits[i], '_'};
        strbuf_add(&mangled, STR("S0_I"));
        strbuf_add(&mangled, str_of(part, 3));
        strbuf_add(&mangled, str_of(part, 3));
        strbuf_add(&mangled, STR("E"));
    }
    strbuf_add(&mangled, STR("EvT_\0"));
    bool done = demangle_name(&out, mangled.bytes.at);
    return done ? out.bytes.n > 0 : out.bytes.n == 0 && pairs > 10;
}

int main(void)
{
    heaps_run(check_names, NULL);
    ok(heaps_run(demangle_pairs, &(int){8}), "a name of 256 pairs");
    ok(heaps_run(demangle_pairs, &(int){35}), "one of 2^35 pairs stays as it is");
    return done_testing();
}

#else

int main(void)
{
    skip("names", "this build has no libiberty");
    return done_testing();
}

#endif
