/* SPDX-License-Identifier: MIT */
/*
 * faulthandler: the output of Python's module of that name, at a crash or every few seconds.
 *
 *      Timeout (0:00:00.200000)!
 *      Thread 0x00007fa28b73c6c0 [worker] (most recent call first):
 *        File "/srv/fh.py", line 2 in inner
 *        File "/srv/fh.py", line 3 in worker
 *        ...
 *
 * A thread is a sample. Frames are named file:line:function.
 */
#include "format/dump.h"

struct faulthandler {
    struct dump dump;
    bool in_thread; /* its first line has come */
};

static const str last_words = STR_INIT("(most recent call first):");

/* File "F", line N in function; the line can be "???". */
static bool split_faulthandler_frame(str line, str *file, str *number, str *function)
{
    static const str mark = STR_INIT("\", line ");
    if (dump_indent(line) == 0 || !dump_take(&line, STR("  File \"")))
        return false;
    size_t at = str_search_last(line, mark);
    if (at >= line.n)
        return false;
    str rest = str_skip(line, at + mark.n);
    size_t in = str_search(rest, STR(" in "), 0);
    *file = str_head(line, at);
    *number = str_head(rest, in);
    *function = in < rest.n ? str_skip(rest, in + 4) : STR("");
    return in < rest.n && str_find(*number, ',', 0) == number->n;
}

static bool take_faulthandler_thread(struct dump *dump, str line)
{
    bool done = dump_end_stack(dump);
    size_t id = str_search(line, STR("0x"), 0), open = str_find(line, '[', 0);
    size_t close = str_find_last(line, ']');
    if (id < line.n) {
        str rest = str_skip(line, id);
        dump_label(dump, STR("tid"), str_head(rest, str_find(rest, ' ', 0)));
    }
    if (open < close && close < line.n)
        dump_label(dump, STR("thread"), str_cut(line, open + 1, close));
    return done;
}

static bool take_faulthandler_line(struct dump *dump, str line)
{
    struct faulthandler *faults = (struct faulthandler *)dump;
    str file, number, function;
    if (str_ends(line, last_words)) {
        faults->in_thread = true;
        return take_faulthandler_thread(dump, line);
    }
    if (split_faulthandler_frame(line, &file, &number, &function)) {
        if (dump_is_headless(dump, !faults->in_thread, dump->frames.n == 0))
            return true;
        strbuf_set(&dump->name, file);
        strbuf_add(&dump->name, STR(":"));
        strbuf_add(&dump->name, number);
        strbuf_add(&dump->name, STR(":"));
        strbuf_add(&dump->name, function);
        struct frame frame = {.name = strbuf_str(&dump->name)};
        dump_frame(dump, &frame);
        return true;
    }
    bool goes_on = str_trim(line).n > 0 && is_blank(line.p[0]);
    if (goes_on)
        return true;
    faults->in_thread = false;
    return dump->frames.n == 0 || dump_count(dump, 1);
}

static bool faulthandler_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct faulthandler faults = {.in_thread = false};
    struct dump *dump = &faults.dump;
    dump_init(dump, builder, err);
    return dump_read(dump, input, take_faulthandler_line) && dump_end_stack(dump);
}

static unsigned faulthandler_signs(str line)
{
    str file, number, function;
    if (str_ends(line, last_words))
        return 1;
    return split_faulthandler_frame(line, &file, &number, &function) ? 2 : 0;
}

const struct reader reader_faulthandler = {
    .name = "faulthandler",
    .help = "stacks that faulthandler of Python prints",
    .needs = "(most recent call first):",
    .signs = faulthandler_signs,
    .read = faulthandler_read,
};
