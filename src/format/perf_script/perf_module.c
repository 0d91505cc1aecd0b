/*
 * perf_module: kinds of modules. Samples of what perf prints stand at each rule.
 */
#include "format/perf_script/perf_module.h"

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
