/* SPDX-License-Identifier: MIT */
/*
 * dtrace: aggregations by stack, as DTrace prints them.
 *
 *      CPU     ID                    FUNCTION:NAME
 *        8  35077                        :tick-60s
 *
 *        httpd                                          (a key that is no stack)
 *                    libzip.dylib`ZIP_Read+0xd3         (leaf first)
 *
 *                    unix`syscall+0x17a                 (user, blank line, kernel)
 *                      2
 *
 * A stack ends at its count and nowhere else. Frames keep their module before the name, as
 * stackcollapse.pl has it, unless --no-modules is given.
 */
#include "format/dump.h"

enum { KEY_INDENT = 8 };

struct dtrace {
    struct dump dump;
    bool in_header;
    VEC(uint32_t) keys; /* in their order */
    struct strbuf text; /* a name of Rust */
};

/* ---- names ---- */

/* Cut the arguments off a name with "::", as in C++. Other names keep them, as they do in
 * stackcollapse.pl: "java_start(Thread*)". */
static str cut_arguments(str name)
{
    str head = dump_function_name(name);
    return str_contains(head, STR("::")) ? head : name;
}

static void add_dtrace_frame(struct dtrace *dtrace, str s)
{
    struct frame frame = {.module = STR("")};
    s = dump_cut_llvm(dump_cut_offset(s));
    size_t tick = str_find(s, '`', 0), start = tick < s.n ? tick + 1 : 0;
    size_t shown = dtrace->dump.builder->options->no_modules ? start : 0;
    if (start > 0)
        frame.module = str_head(s, tick);
    if (dump_cut_rust_hash(&s)) {
        strbuf_set(&dtrace->text, str_cut(s, shown, start));
        dump_add_rust_name(&dtrace->text, str_skip(s, start));
        frame.name = strbuf_str(&dtrace->text);
    } else {
        frame.name = str_cut(s, shown, start + cut_arguments(str_skip(s, start)).n);
    }
    dump_frame(&dtrace->dump, &frame);
}

/* ---- lines ---- */

static bool is_header(str line)
{
    return str_starts(line, STR("CPU ")) && str_ends(line, STR("FUNCTION:NAME"));
}

/* "  8  35077      :tick-60s": what is printed each time a probe fires. */
static bool is_probe(str s)
{
    uint64_t number;
    if (dump_take_digits(&s, &number) == 0 || dump_indent(s) == 0)
        return false;
    s = str_trim_left(s);
    return dump_take_digits(&s, &number) > 0 && dump_indent(s) > 0 && str_contains(s, STR(":"));
}

/* "  httpd     12": an aggregation without a stack. */
static bool ends_in_number(str s)
{
    int64_t number;
    size_t blank = str_find_last(s, ' ');
    return blank < s.n && blank > 0 && s.p[blank - 1] == ' ' &&
           dump_is_number(str_skip(s, blank), &number);
}

static void add_key(struct dtrace *dtrace, str name)
{
    struct frame frame = {.name = name};
    uint32_t id = builder_frame(dtrace->dump.builder, &frame);
    vec_push(dtrace->dump.builder->scratch, &dtrace->keys, id);
}

static bool end_dtrace_stack(struct dtrace *dtrace, int64_t count)
{
    while (dtrace->keys.n > 0)
        vec_push(dtrace->dump.builder->scratch, &dtrace->dump.frames,
                 dtrace->keys.at[--dtrace->keys.n]);
    return dump_count(&dtrace->dump, count);
}

static void check_ended(struct dtrace *dtrace)
{
    if (dtrace->dump.frames.n > 0)
        dump_skip(&dtrace->dump, "a stack without a count");
    dtrace->keys.n = 0;
    dump_forget(&dtrace->dump);
}

static bool take_dtrace_line(struct dump *dump, str line)
{
    struct dtrace *dtrace = (struct dtrace *)dump;
    str s = str_trim(line);
    size_t indent = dump_indent(line);
    int64_t count;
    if (is_header(s)) {
        check_ended(dtrace);
        dtrace->in_header = true;
    } else if (s.n == 0) {
        dtrace->in_header = false;
    } else if (dtrace->in_header || is_probe(s) || str_starts(s, STR("dtrace: "))) {
        return true;
    } else if (dump_is_number(s, &count)) {
        return end_dtrace_stack(dtrace, count);
    } else if (indent > 0 && indent < KEY_INDENT && !str_contains(s, STR("`")) &&
               !str_starts(s, STR("0x"))) {
        if (!ends_in_number(s))
            add_key(dtrace, s);
    } else {
        add_dtrace_frame(dtrace, s);
    }
    return true;
}

static bool dtrace_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct dtrace dtrace = {.text = {.heap = builder->scratch}};
    dump_init(&dtrace.dump, builder, err);
    bool done = dump_read(&dtrace.dump, input, take_dtrace_line);
    check_ended(&dtrace);
    return done;
}

static unsigned dtrace_signs(str line)
{
    int64_t count;
    size_t indent = dump_indent(line);
    str s = str_trim(line);
    if (is_header(s))
        return 3;
    if (indent >= KEY_INDENT && dump_is_number(s, &count))
        return 2;
    size_t tick = str_find(s, '`', 0);
    return indent >= KEY_INDENT && tick > 0 && tick + 1 < s.n ? 1 : 0;
}

const struct reader reader_dtrace = {
    .name = "dtrace",
    .help = "aggregations by stack that DTrace prints",
    .needs = "`|FUNCTION:NAME",
    .signs = dtrace_signs,
    .read = dtrace_read,
};
