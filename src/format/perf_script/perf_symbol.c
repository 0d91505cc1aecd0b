/* SPDX-License-Identifier: MIT */
/*
 * perf_symbol: the argument list is the group of parentheses at the end of the symbol, except for
 * what compilers and linkers append. Searching from the right needs no grammar of the languages:
 *
 *      net/http.(*Client).Do                                no group at the end: all is the name
 *      (anonymous namespace)::f(int)                        "(int)"
 *      f(int)::{lambda()#1}::operator()() const             "()" before " const"
 *      decltype(auto) demo::call<int (*)(long)>(long)       "(long)"
 *      build(int) [clone .part.0]                           "(int)"
 */
#include "format/perf_script/perf_symbol.h"

/* Cut " const" and the like off the end of `s`. */
static bool cut_qualifier(str *s)
{
    static const str qualifiers[] = {STR_INIT(" const"),    STR_INIT(" volatile"),
                                     STR_INIT(" &"),        STR_INIT(" &&"),
                                     STR_INIT(" noexcept"), STR_INIT(" restrict")};
    for (size_t i = 0; i < sizeof qualifiers / sizeof qualifiers[0]; i++) {
        if (str_ends(*s, qualifiers[i])) {
            s->n -= qualifiers[i].n;
            return true;
        }
    }
    return false;
}

/* "f(int) [clone .constprop.0]", and as LLVM writes it "f(int) (.llvm.123)". */
static bool cut_clone(str *s)
{
    size_t open = s->n;
    if (str_ends(*s, STR("]")))
        open = str_find_last(*s, '[');
    else if (str_ends(*s, STR(")")))
        open = str_find_open(*s);
    if (open == s->n || open == 0 || s->p[open - 1] != ' ')
        return false;
    str inside = str_skip(*s, open + 1);
    if (!str_starts(inside, STR("clone ")) && !str_starts(inside, STR(".")))
        return false;
    s->n = open - 1;
    return true;
}

/* A type as the JVM spells it: "V", "[I", "Ljava/lang/Object;". */
static bool is_jvm_type(str s)
{
    while (s.n > 0 && s.p[0] == '[')
        s = str_skip(s, 1);
    if (s.n == 0)
        return false;
    if (s.p[0] == 'L')
        return s.n > 1;
    return s.n == 1 && strchr("VZBCSIJFD", s.p[0]);
}

/* "[Tier0]", "[OptimizedTier1OSR]": how .NET compiled a method. */
static bool is_tier(str tail)
{
    if (tail.n < 3 || tail.p[0] != '[' || tail.p[tail.n - 1] != ']' || !is_alpha(tail.p[1]))
        return false;
    for (size_t i = 1; i + 1 < tail.n; i++)
        if (!is_alpha(tail.p[i]) && !is_digit(tail.p[i]))
            return false;
    return true;
}

/* Cut text that directly follows the arguments: a symbol version "@@GLIBC_2.34", a part of a split
 * function ".part.0", the type that a Java method returns, the tier of a .NET method. */
static bool cut_tail(str *s)
{
    static const char tails[] = "@|.part.|.isra.|.constprop.|.cold|.llvm.|.lto_priv.";
    size_t close = str_find_last(*s, ')');
    if (close == s->n || close + 1 == s->n)
        return false;
    str tail = str_skip(*s, close + 1);
    if (!is_jvm_type(tail) && !is_tier(tail) && !str_starts_any(tail, tails))
        return false;
    s->n = close + 1;
    return true;
}

/* The first '(' that is never closed, in a symbol that was cut short; s.n if there is none. */
static size_t find_unclosed(str s)
{
    size_t found = s.n, depth = 0;
    for (size_t i = s.n; i-- > 0;) {
        if (s.p[i] == ')')
            depth++;
        else if (s.p[i] == '(' && depth > 0)
            depth--;
        else if (s.p[i] == '(')
            found = i;
    }
    return found;
}

static bool is_word(char c)
{
    return is_alnum(c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Whether s[at] directly follows the word "operator". */
static bool is_after_operator(str s, size_t at)
{
    static const str word = STR_INIT("operator");
    return str_ends(str_head(s, at), word) && (at == word.n || !is_word(s.p[at - word.n - 1]));
}

/* Whether the group that opens at `at` belongs to the name: "operator()", Go's "main.(*T)", Swift's
 * "f() -> ()", "StubRoutines (1)". */
static bool is_named_group(str s, size_t at)
{
    return at == 0 || is_after_operator(s, at) || s.p[at - 1] == '.' ||
           (s.p[at - 1] == ' ' && str_ends(s, STR(")")));
}

size_t perf_symbol_name_length(str symbol)
{
    if (!memchr(symbol.p, '(', symbol.n))
        return symbol.n;
    str s = symbol;
    while (cut_qualifier(&s) || cut_clone(&s) || cut_tail(&s))
        ;
    size_t at = str_ends(s, STR(")")) ? str_find_open(s) : s.n;
    if (at == s.n)
        at = find_unclosed(symbol);
    return at == symbol.n || is_named_group(s, at) ? symbol.n : at;
}

/* The length of an operator, at the start of the text after the word "operator". */
static size_t operator_length(str s)
{
    static const str names[] = {STR_INIT("()"),  STR_INIT("[]"), STR_INIT("->*"), STR_INIT("->"),
                                STR_INIT("<=>"), STR_INIT("<<"), STR_INIT("<="),  STR_INIT("<"),
                                STR_INIT(">>"),  STR_INIT(">="), STR_INIT(">")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_starts(s, names[i]))
            return names[i].n;
    return 0;
}

/* Few symbols have an arrow. This check saves 7 % of all instructions, together with memrchr() for
 * modules. */
static bool has_arrow(str symbol, size_t from)
{
    for (size_t i = str_find(symbol, '>', from); i < symbol.n; i = str_find(symbol, '>', i + 1))
        if (i > from && symbol.p[i - 1] == '-')
            return true;
    return false;
}

/* Brackets are counted up to the arrow. Angle brackets count only outside the other kinds: in
 * "enable_if<((sizeof (long))>(2)), long>" the first '>' is an operator. */
size_t perf_symbol_arrow(str symbol, size_t from)
{
    size_t round = 0, angle = 0;
    if (!has_arrow(symbol, from))
        return symbol.n;
    for (size_t i = from; i < symbol.n; i++) {
        char c = symbol.p[i];
        if (c == 'r' && is_after_operator(symbol, i + 1))
            i += operator_length(str_skip(symbol, i + 1));
        else if (c == '(' || c == '[' || c == '{')
            round++;
        else if ((c == ')' || c == ']' || c == '}') && round > 0)
            round--;
        else if (c == '<' && round == 0)
            angle++;
        else if (c == '>' && round == 0 && i > from && symbol.p[i - 1] == '-') {
            if (angle == 0 && i - 1 > from && symbol.p[i - 2] != ' ')
                return i - 1;
        } else if (c == '>' && round == 0 && angle > 0) {
            angle--;
        }
    }
    return symbol.n;
}

/* V8 prints a regular expression with its quotes and parentheses. It is cut at the first group, and
 * the quotes are dropped. */
static void add_regexp(struct strbuf *out, str symbol)
{
    symbol = str_head(symbol, str_find(symbol, '(', 0));
    for (size_t i = 0; i < symbol.n; i++)
        if (symbol.p[i] != '"' && symbol.p[i] != '\'')
            perf_name_add(out, str_cut(symbol, i, i + 1));
}

void perf_name_add(struct strbuf *out, str name)
{
    size_t from = out->bytes.n;
    strbuf_add(out, name);
    str text = strbuf_str(out);
    for (size_t i = str_find(text, ';', from); i < text.n; i = str_find(text, ';', i + 1))
        out->bytes.at[i] = ':';
    for (size_t i = str_find(text, '\n', from); i < text.n; i = str_find(text, '\n', i + 1))
        out->bytes.at[i] = ' ';
}

void perf_symbol_add(struct strbuf *out, str symbol, bool java)
{
    if (str_starts(symbol, STR("RegExp:"))) {
        add_regexp(out, symbol);
        return;
    }
    symbol = str_head(symbol, perf_symbol_name_length(symbol));
    /* Ljava/io/PrintStream;::print */
    if (java && str_starts(symbol, STR("L")) && memchr(symbol.p, '/', symbol.n))
        symbol = str_skip(symbol, 1);
    perf_name_add(out, symbol);
}

/* ---- modules: what perf prints in parentheses ------------------------------------------------ */

/* "perf-4231.map", "jitted-4231-7.so": `start`, a number, then `end` or a dash and anything. */
static bool is_numbered(str s, str start, str end)
{
    if (!str_starts(s, start) || !str_ends(s, end))
        return false;
    size_t at = start.n;
    while (at < s.n && is_digit(s.p[at]))
        at++;
    return at > start.n && at < s.n && (s.p[at] == '-' || at + end.n == s.n);
}

/* "/usr/lib/debug/boot/vmlinux-6.1.0-28-amd64", "/lib/modules/6.1.0/kernel/fs/xfs.ko.xz",
 * "bpf_prog_6deef7357e7b4530" */
static bool is_kernel_file(str module, str name)
{
    static const char starts[] = "vmlinux|bpf_prog_|bpf_trampoline_|bpf_dispatcher_";
    static const char ends[] = ".ko|.ko.gz|.ko.xz|.ko.zst|.ko.debug|vmlinux";
    return str_starts_any(name, starts) || str_ends_any(name, ends) ||
           str_equal(module, STR("/proc/kcore"));
}

/* In brackets are modules of the kernel, such as "[kernel.kallsyms]", "[nf_conntrack]" and
 * "[guest.kernel.kallsyms.7]", and memory that a process maps without a file. */
enum frame_kind perf_module_kind(str module)
{
    if (str_starts(module, STR("[JIT"))) /* "[JIT] tid 4231" */
        return FRAME_JIT;
    if (str_starts(module, STR("["))) {
        bool user = str_starts_any(str_skip(module, 1), "vdso|heap|stack|anon|unknown");
        return user ? FRAME_USER : FRAME_KERNEL;
    }
    if (str_equal(module, STR("inlined")))
        return FRAME_INLINED;
    str name = frame_module_file(module);
    if (is_numbered(name, STR("perf-"), STR(".map")) ||
        is_numbered(name, STR("jitted-"), STR(".so")))
        return FRAME_JIT;
    return is_kernel_file(module, name) ? FRAME_KERNEL : FRAME_USER;
}
