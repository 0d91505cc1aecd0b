/* SPDX-License-Identifier: MIT */
/*
 * perf_symbol: what of a symbol is its name.
 */
#include "format/perf_script/perf_symbol.h"
#include "heaps.h"
#include "tap.h"

struct cut {
    const char *symbol;
    const char *name; /* NULL: the symbol as it is */
};

static const struct cut cuts[] = {
    /* C, the kernel */
    {"native_safe_halt", NULL},
    {"msort_with_tmp.part.0", NULL},
    {"__libc_start_main@@GLIBC_2.34", NULL},
    {"free@plt", NULL},
    {" ", NULL},
    /* C++ */
    {"foo(int, char const*)", "foo"},
    {"(anonymous namespace)::f(int)", "(anonymous namespace)::f"},
    {"(anonymous namespace)::Hidden", NULL},
    {"(anonymous namespace)", NULL},
    {"long (anonymous namespace)::inner::twiddle<long>(long)",
     "long (anonymous namespace)::inner::twiddle<long>"},
    {"operator()", NULL},
    {"operator()(int) const", "operator()"},
    {"A::operator()() const", "A::operator()"},
    {"A::operator()", NULL},
    {"my_operator()", "my_operator"},
    {"A::operator->()", "A::operator->"},
    {"A::operator->", NULL},
    {"A::operator->*(int)", "A::operator->*"},
    {"A::operator<<(int) const", "A::operator<<"},
    {"std::operator<< <char>(std::ostream&)", "std::operator<< <char>"},
    {"A::operator,(A const&) const", "A::operator,"},
    {"demo::operator\"\" _km(long double)", "demo::operator\"\" _km"},
    {"operator\"\"_s", NULL},
    {"A::operator bool() const", "A::operator bool"},
    {"A::operator std::vector<B, C<B> >() const", "A::operator std::vector<B, C<B> >"},
    {"operator new(unsigned long)", "operator new"},
    {"operator new(unsigned long)@plt", "operator new"},
    {"operator delete[](void*)", "operator delete[]"},
    {"{lambda(int)#1}::operator()", NULL},
    {"main::{lambda(long)#3}::operator()(long) const::{lambda(int)#1}::operator()(int) const",
     "main::{lambda(long)#3}::operator()(long) const::{lambda(int)#1}::operator()"},
    {"f(int)::{lambda()#1}::operator()() const", "f(int)::{lambda()#1}::operator()"},
    {"main::{lambda(void*, long)#8}::_FUN(void*, long)", "main::{lambda(void*, long)#8}::_FUN"},
    {"main(int, char**)::<lambda(long int)>", NULL},
    {"decltype(auto) f()", "decltype(auto) f"},
    {"decltype(auto) demo::call<long (*)(long), long>(long (*&&)(long), long&&)",
     "decltype(auto) demo::call<long (*)(long), long>"},
    {"decltype (({parm#1}->acc)+(1)) demo::arrow<demo::G*>(demo::G*)",
     "decltype (({parm#1}->acc)+(1)) demo::arrow<demo::G*>"},
    {"std::_Function_handler<void (A&), f(int)::{lambda()#1}>::_M_invoke", NULL},
    {"std::_Function_handler<long (long), long (*)(long)>::_M_invoke(std::_Any_data const&)",
     "std::_Function_handler<long (long), long (*)(long)>::_M_invoke"},
    {"long demo::big_only<long>(long, std::enable_if<((sizeof (long))>(2)), long>::type)",
     "long demo::big_only<long>"},
    {"std::enable_if<((sizeof (long))>(2)), long>::type demo::pick<long>(long)",
     "std::enable_if<((sizeof (long))>(2)), long>::type demo::pick<long>"},
    {"build[abi:cxx11](int)", "build[abi:cxx11]"},
    {"(anonymous namespace)::Hidden::operator()(long) const [clone .constprop.0]",
     "(anonymous namespace)::Hidden::operator()"},
    {"foo(int) [clone .part.0] [clone .cold]", "foo"},
    {"foo [clone .cold]", NULL},
    {"foo(int) (.llvm.123)", "foo"},
    {"foo(int).part.0", "foo"},
    {"A::f(int) volatile &&", "A::f"},
    {"repeat<&demo::v2::step, 3>(long)", "repeat<&demo::v2::step, 3>"},
    {"f<(demo::Mode)59>(int)", "f<(demo::Mode)59>"},
    {"std::function<void (int)>", NULL},
    {"void (*pick(int))(char)", "void (*pick(int))"},
    {"non-virtual thunk to A::f(std::unique_ptr<B, C<B> >)", "non-virtual thunk to A::f"},
    {"A::f(std::vec", "A::f"},
    /* Rust */
    {"<&'a mut T as core::fmt::Debug>::fmt", NULL},
    {"core::ops::function::FnOnce<(&T,)>>::call_once", NULL},
    {"core::ops::function::FnOnce::call_once{{vtable.shim}}", NULL},
    {"<alloc::boxed::Box<dyn Fn<(), Output = i32>> as FnOnce<()>>::call_once", NULL},
    {"app::main::{{closure}}", NULL},
    {"app::main::{closure#0}", NULL},
    {"<[u8; 8] as hex::ToHex>::encode_hex", "<[u8: 8] as hex::ToHex>::encode_hex"},
    {"core::ptr::drop_in_place::<(A, B)>", NULL},
    /* Go */
    {"net/http.(*Client).Do", NULL},
    {"encoding/json.(*decodeState).value", NULL},
    {"main.Map[go.shape.int,go.shape.func(int) string]", NULL},
    {"main.Sum[go.shape.float64_0]", NULL},
    {"encoding/json.mapEncoder.encode-fm", NULL},
    {"main.main.func1", NULL},
    {"main.(*T)", NULL},
    {"runtime.goexit.abi0", NULL},
    /* Java */
    {"int Shop.deep(int)", "int Shop.deep"},
    {"void Shop.<init>(java.lang.String)", "void Shop.<init>"},
    {"Shop$$Lambda$74/0x00007f118400d3d0.compare", NULL},
    {"StubRoutines (1)", "StubRoutines (1)"},
    {"Lorg/m/CF;.call(Lorg/m/CA;)Ljava/lang/Object;", "Lorg/m/CF:.call"},
    {"Lorg/m/MB;.<init>(Ljava/lang/reflect/Method;)V", "Lorg/m/MB:.<init>"},
    {"Lorg/m/A;.f(I)[B", "Lorg/m/A:.f"},
    {"Lorg/m/CF;.call(Lorg/m/C", "Lorg/m/CF:.call"},
    /* JavaScript */
    {"LazyCompile:~body_0 evalmachine.<anonymous>:1", NULL},
    {"JS:* /srv/app.js:44:24", NULL},
    {"JS:*evald :1:16", NULL},
    {"RegExp:[&<>\"\']", "RegExp:[&<>]"},
    {"RegExp:[&<>\\\"\\\']", "RegExp:[&<>\\\\]"},
    {"RegExp:\\bFoo ?Bar(?:/[\\d.]+|[ \\w.]*)", "RegExp:\\bFoo ?Bar"},
    {"py::run:/srv/app.py", NULL},
};

static const struct cut java_cuts[] = {
    {"Ljava/io/PrintStream;::print", "java/io/PrintStream:::print"},
    {"LBusy;::main", "LBusy:::main"},
    {"Lorg/m/CF;.call(Lorg/m/CA;)Ljava/lang/Object;", "org/m/CF:.call"},
    {"Latch::wait()", "Latch::wait"},
};

/* The place of the first arrow; -1: there is none. */
static const struct {
    const char *symbol;
    int at;
} arrows[] = {
    {"a->b->c", 1},
    {"LFoo;::a->LBar;::b", 8},
    {"A::operator->", -1},
    {"A::operator->()", -1},
    {"A::operator->*", -1},
    {"decltype (({parm#1}->acc)+(1)) demo::arrow<G*>(G*)", -1},
    {"<fn(A) -> B as FnOnce>::call", -1},
    {"f<fn(A)->B>", -1},
    {"f<fn(A)->B>->g", 11},
    {"fn(A) -> B", -1},
    {"f[a->b]", -1},
    {"std::enable_if<((sizeof (long))>(2)), long>::type->x", 49},
    {"A::operator<->b", 12},
    {"a-", -1},
    {"->a", -1},
    {"plain", -1},
};

static bool add_all(struct heap *heap, void *arg)
{
    struct strbuf out = {.heap = heap};
    (void)arg;
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        strbuf_clear(&out);
        perf_symbol_add(&out, str_from_c(cuts[i].symbol), false);
        is_str(strbuf_str(&out), str_from_c(cuts[i].name ? cuts[i].name : cuts[i].symbol), "%s",
               cuts[i].symbol);
    }
    for (size_t i = 0; i < sizeof java_cuts / sizeof java_cuts[0]; i++) {
        strbuf_clear(&out);
        perf_symbol_add(&out, str_from_c(java_cuts[i].symbol), true);
        is_str(strbuf_str(&out), str_from_c(java_cuts[i].name), "%s in java", java_cuts[i].symbol);
    }
    return true;
}

int main(void)
{
    heaps_run(add_all, NULL);
    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
        str symbol = str_from_c(arrows[i].symbol);
        size_t want = arrows[i].at < 0 ? symbol.n : (size_t)arrows[i].at;
        is_u64(perf_symbol_arrow(symbol, 0), want, "the arrow of %s", arrows[i].symbol);
    }
    return done_testing();
}
