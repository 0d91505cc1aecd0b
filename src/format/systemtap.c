/* SPDX-License-Identifier: MIT */
/*
 * systemtap: stacks and their counts, as SystemTap scripts print them with print_stack() or
 * print_ustack().
 *
 *       0xffffffff8101c6a3 : default_idle+0x53/0x1d0 [kernel]
 *       0xffffffff81013236 : cpu_idle+0xd6/0x120 [kernel]
 *              100
 */
#include "format/dump.h"

/* " 0xADDRESS : NAME+OFFSET/SIZE [MODULE] (inexact)"; of some only the address is known. */
static bool split_systemtap_frame(str line, str *address, str *text)
{
    str s = str_trim(line);
    if (!str_starts(s, STR("0x")) || !dump_take_address(&s, address))
        return false;
    s = str_trim_left(s);
    bool named = dump_take(&s, STR(": "));
    *text = named ? str_trim(s) : STR("");
    return named || s.n == 0 || str_starts(s, STR("("));
}

static void add_systemtap_frame(struct dump *dump, str address, str text)
{
    struct frame frame = {.module = STR("")};
    if (str_ends(text, STR(" (inexact)")))
        text.n -= STR(" (inexact)").n;
    size_t open = str_find_last(text, '[');
    if (open < text.n && str_ends(text, STR("]"))) {
        frame.module = str_cut(text, open + 1, text.n - 1);
        text = str_trim_right(str_head(text, open));
    }
    size_t offset = str_search(text, STR("+0x"), 0);
    frame.module = str_head(frame.module, str_search(frame.module, STR("+0x"), 0));
    frame.name = dump_function_name(str_head(text, offset));
    if (frame.name.n == 0 || str_starts(frame.name, STR("0x")))
        dump_nameless_frame(dump, frame.module, address);
    else
        dump_frame(dump, &frame);
}

static bool take_systemtap_line(struct dump *dump, str line)
{
    str address, text;
    int64_t count;
    if (split_systemtap_frame(line, &address, &text))
        add_systemtap_frame(dump, address, text);
    else if (dump_is_number(line, &count))
        return dump_count(dump, count);
    else if (str_trim(line).n > 0)
        dump_skip(dump, "neither a frame nor a count");
    return true;
}

static bool systemtap_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct dump dump = {.line = 0};
    dump_init(&dump, builder, err);
    bool done = dump_read(&dump, input, take_systemtap_line);
    if (dump.frames.n > 0)
        dump_skip(&dump, "a stack without a count");
    return done;
}

static unsigned systemtap_signs(str line)
{
    str address, text;
    int64_t count;
    if (is_blank(line.p[0]) && dump_is_number(line, &count))
        return 2;
    if (!split_systemtap_frame(line, &address, &text) || text.n == 0)
        return 0;
    size_t offset = str_search(text, STR("+0x"), 0);
    return str_search(text, STR("/0x"), offset) < text.n && str_ends(text, STR("]")) ? 3 : 1;
}

const struct reader reader_systemtap = {
    .name = "systemtap",
    .help = "stacks and counts that SystemTap scripts print",
    .needs = " : |\t: ",
    .signs = systemtap_signs,
    .read = systemtap_read,
};
