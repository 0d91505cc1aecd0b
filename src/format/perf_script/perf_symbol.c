/*
 * perf_symbol: cutting names out of symbols.
 *
 * The argument list is the group of parentheses that ends the symbol, apart from what compilers
 * and linkers hang behind it. Looking from the right needs no grammar of the languages:
 *
 *      net/http.(*Client).Do                                no group at the end: all is name
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

/* The '(' that the ')' at the end of `s` closes; s.n when it closes none. */
static size_t open_of_last(str s)
{
    size_t depth = 0;
    for (size_t i = s.n; i-- > 0;) {
        if (s.p[i] == ')')
            depth++;
        else if (s.p[i] == '(' && --depth == 0)
            return i;
    }
    return s.n;
}

/* "f(int) [clone .constprop.0]", and as LLVM writes it "f(int) (.llvm.123)". */
static bool cut_clone(str *s)
{
    size_t open = s->n;
    if (str_ends(*s, STR("]")))
        open = str_find_last(*s, '[');
    else if (str_ends(*s, STR(")")))
        open = open_of_last(*s);
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

/* What may stand behind the arguments without a blank: a symbol version "@@GLIBC_2.34", a part of
 * a split function ".part.0", the type that a Java method returns, the tier of a .NET method. */
static bool cut_tail(str *s)
{
    static const str tails[] = {STR_INIT("@"),           STR_INIT(".part."), STR_INIT(".isra."),
                                STR_INIT(".constprop."), STR_INIT(".cold"),  STR_INIT(".llvm."),
                                STR_INIT(".lto_priv.")};
    size_t close = str_find_last(*s, ')');
    if (close == s->n || close + 1 == s->n)
        return false;
    str tail = str_skip(*s, close + 1);
    bool known = is_jvm_type(tail) || is_tier(tail);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
        known |= str_starts(tail, tails[i]);
    if (known)
        s->n = close + 1;
    return known;
}

/* The first '(' that is never closed, in a symbol that was cut short; s.n when there is none. */
static size_t unclosed(str s)
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
    return is_alpha(c) || is_digit(c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* The word "operator" ends right before `at`. */
static bool is_after_operator(str s, size_t at)
{
    static const str word = STR_INIT("operator");
    return str_ends(str_head(s, at), word) && (at == word.n || !is_word(s.p[at - word.n - 1]));
}

/* The group that opens at `at` is a part of the name: "operator()", Go's "main.(*T)", Swift's
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
    size_t at = str_ends(s, STR(")")) ? open_of_last(s) : s.n;
    if (at == s.n)
        at = unclosed(symbol);
    return at == symbol.n || is_named_group(s, at) ? symbol.n : at;
}

/* How many bytes the name of an operator takes behind the word "operator". */
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

/* Few symbols have one: looking first, and for modules by memrchr(), is 7 % fewer instructions. */
static bool has_arrow(str symbol, size_t from)
{
    for (size_t i = str_find(symbol, '>', from); i < symbol.n; i = str_find(symbol, '>', i + 1))
        if (i > from && symbol.p[i - 1] == '-')
            return true;
    return false;
}

/*
 * Brackets are counted up to the arrow. Angles count outside the other kinds only: in
 * "enable_if<((sizeof (long))>(2)), long>" the first '>' is an operator.
 */
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

/* V8 spells a regular expression with all its quotes and parentheses: it is cut at the first
 * group, and quotes go. */
static void add_regexp(struct perf_text *out, str symbol)
{
    symbol = str_head(symbol, str_find(symbol, '(', 0));
    for (size_t i = 0; i < symbol.n; i++)
        if (symbol.p[i] != '"' && symbol.p[i] != '\'')
            text_add_name(out, str_cut(symbol, i, i + 1));
}

void perf_symbol_add(struct perf_text *out, str symbol, bool java)
{
    if (str_starts(symbol, STR("RegExp:"))) {
        add_regexp(out, symbol);
        return;
    }
    symbol = str_head(symbol, perf_symbol_name_length(symbol));
    /* Ljava/io/PrintStream;::print */
    if (java && str_starts(symbol, STR("L")) && memchr(symbol.p, '/', symbol.n))
        symbol = str_skip(symbol, 1);
    text_add_name(out, symbol);
}

/* ---- modules: what perf prints in parentheses ------------------------------------------------ */

static bool starts_with_any(str s, const str *starts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_starts(s, starts[i]))
            return true;
    return false;
}

#define STARTS(s, list) starts_with_any((s), (list), sizeof(list) / sizeof((list)[0]))

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

/* "[kernel.kallsyms]", "[nf_conntrack]", "[guest.kernel.kallsyms.7]", but not what the process
 * maps without a file. */
static enum frame_kind bracketed_kind(str module)
{
    static const str user[] = {STR_INIT("[vdso"), STR_INIT("[heap"), STR_INIT("[stack"),
                               STR_INIT("[anon"), STR_INIT("[unknown")};
    if (str_starts(module, STR("[JIT")))
        return FRAME_JIT; /* "[JIT] tid 4231" */
    return STARTS(module, user) ? FRAME_USER : FRAME_KERNEL;
}

/* "/usr/lib/debug/boot/vmlinux-6.1.0-28-amd64", "/lib/modules/6.1.0/kernel/fs/xfs.ko.xz",
 * "bpf_prog_6deef7357e7b4530" */
static bool is_kernel_file(str module, str name)
{
    static const str starts[] = {STR_INIT("vmlinux"), STR_INIT("bpf_prog_"),
                                 STR_INIT("bpf_trampoline_"), STR_INIT("bpf_dispatcher_")};
    static const str ends[] = {STR_INIT(".ko"),     STR_INIT(".ko.gz"),    STR_INIT(".ko.xz"),
                               STR_INIT(".ko.zst"), STR_INIT(".ko.debug"), STR_INIT("vmlinux")};
    if (STARTS(name, starts) || str_equal(module, STR("/proc/kcore")))
        return true;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (str_ends(name, ends[i]))
            return true;
    return false;
}

str perf_module_without_offset(str module)
{
    size_t at = module.n;
    while (at > 0 && is_hex(module.p[at - 1]))
        at--;
    bool offset = at > 3 && at < module.n && str_ends(str_head(module, at), STR("+0x"));
    return offset ? str_head(module, at - 3) : module;
}

static str base_name(str module)
{
    size_t slash = str_find_last(module, '/');
    return slash < module.n ? str_skip(module, slash + 1) : module;
}

enum frame_kind perf_module_kind(str module)
{
    if (module.n == 0)
        return FRAME_USER;
    if (module.p[0] == '[')
        return bracketed_kind(module);
    if (str_equal(module, STR("inlined")))
        return FRAME_INLINED;
    str name = perf_module_short(module);
    if (is_numbered(name, STR("perf-"), STR(".map")) ||
        is_numbered(name, STR("jitted-"), STR(".so")))
        return FRAME_JIT;
    return is_kernel_file(module, name) ? FRAME_KERNEL : FRAME_USER;
}

str perf_module_short(str module)
{
    static const str deleted = STR_INIT(" (deleted)");
    if (str_ends(module, deleted))
        module.n -= deleted.n;
    return base_name(module);
}
