/* SPDX-License-Identifier: MIT */
/*
 * macos_sample: the call tree that sample(1) of macOS and its Activity Monitor write.
 *
 *      Call graph:
 *          825 Thread_15758523   DispatchQueue_1: com.apple.main-thread  (serial)
 *          + 825 start  (in libdyld.dylib) + 1  [0x7fff737cf3d5]
 *          +   800 main  (in rg) + 41  [0x10384b549]
 *          +   ! 7 read  (in libsystem_kernel.dylib) + 10,20  [0x7fff73905ef2,...]
 *
 *      Total number in stack (recursive counted multiple, when >=5):
 *
 * A number includes the samples of the lines below it. Each level of indentation has two columns,
 * with any characters. The thread is the first frame.
 */
#include "format/dump.h"
#include "format/indented.h"

enum { MARGIN = 4 };

struct macos_sample {
    struct dump dump;
    struct indented tree;
    bool inside;      /* a call graph */
    bool has_rows;    /* it has begun */
    uint64_t deepest; /* how deep the next row may be */
    struct strbuf rust;
};

/* ---- rows ---- */

/* The kernel's functions in which a thread waits. */
static bool function_waits(str function, str module)
{
    return str_equal(module, STR("libsystem_kernel")) &&
           str_is_any(function,
                      "__psynch_cvwait|__psynch_mutexwait|__select|__semwait_signal|__ulock_wait|"
                      "__ulock_wait2|__wait4|__workq_kernreturn|kevent|kevent_id|kevent_qos|"
                      "mach_msg_trap|mach_msg2_trap|read|semaphore_wait_trap|"
                      "semaphore_timedwait_trap");
}

/* "Thread_123: name   DispatchQueue_1: com.apple.main-thread  (serial)" */
static void start_macos_thread(struct macos_sample *sample, str s)
{
    size_t end = str_search(s, STR("  "), 0), queue = str_search(s, STR("DispatchQueue_"), 0);
    str name = str_trim_right(str_head(s, end));
    sample->dump.label_count = 0;
    dump_label(&sample->dump, STR("comm"), name);
    dump_label(&sample->dump, STR("thread"), name);
    if (queue < s.n) {
        str rest = str_skip(s, queue);
        rest = str_skip(rest, str_search(rest, STR(": "), 0));
        rest = str_trim_left(str_skip(rest, rest.n > 0));
        dump_label(&sample->dump, STR("queue"), str_head(rest, str_search(rest, STR("  "), 0)));
    }
    sample->tree.labels = sample->dump.labels;
    sample->tree.label_count = sample->dump.label_count;
}

/* "NAME  (in MODULE) + 41  [0x10384b549]  main.c:12": the module without ".dylib". */
static str split_row(str s, str *module, str *address)
{
    size_t in = str_search(s, STR("  (in "), 0), open = str_search(s, STR("  [0x"), 0);
    *module = *address = STR("");
    if (open < s.n) {
        str rest = str_skip(s, open + 5);
        size_t end = 0;
        while (end < rest.n && is_hex(rest.p[end]))
            end++;
        *address = str_head(rest, end);
    }
    if (in == s.n)
        return str_trim_right(str_head(s, open));
    str rest = str_skip(s, in + 6);
    size_t close = str_find(rest, ')', 0);
    *module = str_head(rest, close);
    if (str_ends(*module, STR(".dylib")))
        module->n -= 6;
    return str_trim_right(str_head(s, in));
}

/* "rg`main", with --no-modules "main" */
static uint32_t make_macos_frame(struct macos_sample *sample, str name, str module, str address)
{
    struct dump *dump = &sample->dump;
    struct frame frame = {.module = module};
    bool nameless = str_equal(name, STR("???")) || name.n == 0;
    name = dump_cut_llvm(name);
    strbuf_clear(&sample->rust);
    if (nameless) {
        dump_nameless_frame(dump, module, address);
        return dump->frames.at[--dump->frames.n];
    }
    if (module.n > 0 && !dump->builder->options->no_modules) {
        strbuf_add(&sample->rust, module);
        strbuf_add(&sample->rust, STR("`"));
    }
    if (dump_cut_rust_hash(&name))
        dump_add_rust_name(&sample->rust, name);
    else
        strbuf_add(&sample->rust, name);
    frame.name = strbuf_str(&sample->rust);
    return builder_frame(dump->builder, &frame);
}

static bool refuse_graph(struct macos_sample *sample, const char *what)
{
    return err_set(sample->dump.err, ERR_INPUT, "line %llu: %s",
                   (unsigned long long)sample->dump.line, what);
}

/* A thread is at depth 0. */
static bool take_row(struct macos_sample *sample, uint64_t depth, uint64_t count, str s)
{
    str module, address;
    struct indented_line line = {.depth = depth, .frame = INDENTED_NO_FRAME};
    line.values[0] = count < INT64_MAX ? (int64_t)count : INT64_MAX;
    line.position = sample->dump.line;
    if (depth > sample->deepest)
        return refuse_graph(sample, "a function is more than one level deeper than its caller");
    sample->deepest = depth + 1;
    sample->has_rows = true;
    if (depth == 0) {
        if (!indented_finish(&sample->tree))
            return false;
        start_macos_thread(sample, s);
    } else {
        str name = split_row(s, &module, &address);
        line.frame = make_macos_frame(sample, name, module, address);
        line.idle = function_waits(name, module) && !sample->dump.builder->options->idle;
    }
    return indented_add(&sample->tree, &line);
}

/* ---- lines ---- */

static bool end_graph(struct macos_sample *sample)
{
    sample->inside = sample->has_rows = false;
    return indented_finish(&sample->tree);
}

/* The width of the indentation of a row, up to the number; 0: it is no row. */
static size_t find_indent(str line)
{
    size_t n = 0;
    while (n < line.n && memchr(" +!:|", line.p[n], 5))
        n++;
    return n >= MARGIN && n < line.n && is_digit(line.p[n]) ? n : 0;
}

static bool take_macos_line(struct dump *dump, str line)
{
    struct macos_sample *sample = (struct macos_sample *)dump;
    uint64_t count;
    size_t indent = find_indent(line);
    if (str_equal(str_trim(line), STR("Call graph:"))) {
        if (!end_graph(sample))
            return false;
        sample->inside = true;
        sample->deepest = 0;
        return true;
    }
    if (!sample->inside || (str_trim(line).n == 0 && !sample->has_rows))
        return true;
    if (str_trim(line).n == 0 || str_starts(str_trim(line), STR("Total number in stack")))
        return end_graph(sample);
    str s = str_skip(line, indent);
    if (indent > 0 && dump_take_digits(&s, &count) == 0)
        return refuse_graph(sample, "its number is too large");
    if (indent == 0 || !dump_take(&s, STR(" "))) {
        dump_skip(dump, "no line of a call graph");
        return true;
    }
    if ((indent - MARGIN) % 2 != 0)
        return refuse_graph(sample, "its indentation is not a whole number of levels");
    return take_row(sample, (indent - MARGIN) / 2, count, str_trim(s));
}

static bool macos_sample_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    static const struct value_type type = VALUE_SUM("samples", "count");
    struct macos_sample sample = {
        .tree = {.builder = builder, .err = err, .totals = true},
        .rust = {.heap = builder->scratch},
    };
    dump_init(&sample.dump, builder, err);
    bool done = builder_value_types(builder, &type, 1, 0, err) &&
                dump_read(&sample.dump, input, take_macos_line);
    if (done && sample.inside)
        dump_skip(&sample.dump, "the call graph has no end: the input is cut short");
    return done && end_graph(&sample);
}

static unsigned macos_sample_signs(str line)
{
    str s = str_trim(line);
    bool title = str_starts(s, STR("Analysis of sampling ")) ||
                 str_starts(s, STR("Sampling process ")) || str_starts(s, STR("Analysis Tool:"));
    return title ? 1 : str_equal(s, STR("Call graph:")) ? 2 : 0;
}

const struct reader reader_macos_sample = {
    .name = "sample",
    .help = "the call tree that sample of macOS writes",
    .needs = "Call graph:",
    .signs = macos_sample_signs,
    .read = macos_sample_read,
};
