/* SPDX-License-Identifier: MIT */
/*
 * gdb_dump: the output of pstack, and of "thread apply all bt" of gdb.
 *
 *      Thread 6 (Thread 0x7fc024e196c0 (LWP 20354) "spinner"):
 *      #0  hash_all (s=..., n=...) at shop.cc:20
 *              h = 265258542
 *      #1  0x00005639eee583e8 in odd (n=...) at shop.cc:22
 *      #2  0x00007fc0270a958c in operator new(unsigned long) () from /lib/libstdc++.so.6
 *
 * A stack begins at #0 or at a thread; no other line ends it. Without "set width 0" a frame goes on
 * in lines that begin with some blanks. A frame is known in full when the next one is: if that has
 * no address, this one is inlined into it.
 */
#include "format/dump.h"

enum { LOCALS_INDENT = 8 };

struct gdb {
    struct dump dump;
    struct strbuf text; /* of the current frame, without its number; n == 0: there is none */
    uint64_t number;    /* of the current frame, or of the last one */
    bool goes_on;       /* the next line may be a part of it */
    bool in_thread;
};

/* ---- frames ---- */

/* Whether `s` can follow the arguments. */
static bool is_tail(str s)
{
    return s.n == 0 || str_starts(s, STR(" at ")) || str_starts(s, STR(" from "));
}

/* The end of the text in quotes that begins at `at`. */
static size_t quote_end(str s, size_t at)
{
    char quote = s.p[at];
    for (size_t i = at + 1; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == quote)
            return i;
    }
    return at; /* it is no quote, but a lifetime of Rust */
}

/* The arguments are the first group of parentheses that follows a blank and is followed by the
 * place or the end of the line: "operator new(unsigned long) () from",
 * "function<void (int)>::get (n=1) at". False: the line is cut short. */
static bool split_arguments(str s, str *name, str *tail)
{
    size_t depth = 0, open = s.n;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (depth > 0 && (c == '"' || c == '\'')) {
            i = quote_end(s, i);
        } else if (c == '(' && depth++ == 0) {
            open = i;
        } else if (c == ')' && depth > 0 && --depth == 0) {
            *name = str_trim_right(str_head(s, open));
            *tail = str_skip(s, i + 1);
            if (is_tail(*tail) && open > 0 && is_blank(s.p[open - 1]))
                return true;
        }
    }
    return false;
}

static void add_gdb_frame(struct gdb *gdb, bool inlined)
{
    struct frame frame = {.kind = inlined ? FRAME_INLINED : FRAME_USER};
    str s = strbuf_str(&gdb->text), address = STR(""), rest = s, tail = STR("");
    strbuf_clear(&gdb->text);
    if (str_starts(s, STR("0x")) && dump_take_address(&rest, &address) &&
        dump_take(&rest, STR(" in ")))
        s = rest;
    if (str_starts(s, STR("<"))) /* "<signal handler called>" */
        frame.name = s;
    else if (!split_arguments(s, &frame.name, &tail)) /* a frame that is cut short */
        frame.name = str_head(s, str_search(s, STR(" ("), 0));
    if (dump_take(&tail, STR(" from ")))
        frame.module = tail;
    else if (dump_take(&tail, STR(" at ")))
        dump_split_place(tail, &frame);
    if (str_equal(frame.name, STR("??")) || frame.name.n == 0) {
        dump_nameless_frame(&gdb->dump, frame.module, address);
        return;
    }
    frame.name = dump_function_name(frame.name);
    dump_frame(&gdb->dump, &frame);
}

/* ---- lines ---- */

static bool end_gdb_stack(struct gdb *gdb)
{
    if (gdb->text.bytes.n > 0)
        add_gdb_frame(gdb, false);
    return dump_end_stack(&gdb->dump);
}

/* "#0  main ..." and "#10 main ..." */
static bool split_gdb_frame(str line, uint64_t *number, str *rest)
{
    *rest = line;
    if (!dump_take(rest, STR("#")))
        return false;
    size_t digits = dump_take_digits(rest, number), blanks = dump_indent(*rest);
    *rest = str_trim(*rest);
    return digits > 0 && rest->n > 0 && blanks > 0 && digits + blanks >= 3;
}

static bool start_gdb_frame(struct gdb *gdb, uint64_t number, str rest)
{
    bool inlines = number == gdb->number + 1 && !str_starts(rest, STR("0x")) &&
                   !str_starts(rest, STR("<signal handler"));
    bool done = true;
    if (gdb->text.bytes.n > 0)
        add_gdb_frame(gdb, inlines);
    if (number == 0)
        done = gdb->dump.frames.n == 0 || dump_count(&gdb->dump, 1);
    else if (number != gdb->number + 1)
        dump_skip(&gdb->dump, "a frame that does not follow the one before it");
    gdb->number = number;
    gdb->goes_on = true;
    strbuf_set(&gdb->text, rest);
    return done;
}

/* Thread 6 (Thread 0x7fc024e196c0 (LWP 20354) "spinner"): */
static bool is_thread(str line)
{
    uint64_t number;
    return dump_take(&line, STR("Thread ")) && dump_take_digits(&line, &number) > 0 &&
           str_starts(line, STR(" (")) && str_contains(line, STR("):"));
}

/* Before the first thread gdb can print the frame where the program stopped. It is dropped, because
 * the stack of its thread has it, too. */
static bool start_gdb_thread(struct gdb *gdb, str line)
{
    if (!gdb->in_thread && gdb->number == 0 && gdb->dump.frames.n == 0)
        strbuf_clear(&gdb->text);
    bool done = end_gdb_stack(gdb);
    gdb->in_thread = true;
    uint64_t id;
    size_t lwp = str_search(line, STR("(LWP "), 0);
    str rest = lwp < line.n ? str_skip(line, lwp + 5) : STR(""), digits = rest;
    size_t n = dump_take_digits(&rest, &id);
    size_t open = str_find(rest, '"', 0), close = str_find_last(rest, '"');
    if (n > 0)
        dump_label(&gdb->dump, STR("tid"), str_head(digits, n));
    if (open < close)
        dump_label(&gdb->dump, STR("thread"), str_cut(rest, open + 1, close));
    gdb->number = UINT64_MAX; /* one more is 0 */
    gdb->goes_on = false;
    return done;
}

static bool take_gdb_line(struct dump *dump, str line)
{
    struct gdb *gdb = (struct gdb *)dump;
    uint64_t number;
    str rest;
    size_t indent = dump_indent(line);
    if (split_gdb_frame(line, &number, &rest)) {
        if (number > 0 && number <= gdb->number && gdb->number != UINT64_MAX) {
            if (!end_gdb_stack(gdb))
                return false;
            gdb->number = UINT64_MAX;
        }
        if (dump_is_headless(dump, number, gdb->number == UINT64_MAX)) {
            gdb->goes_on = false;
            return true;
        }
        return start_gdb_frame(gdb, number, rest);
    }
    if (is_thread(line))
        return start_gdb_thread(gdb, line);
    gdb->goes_on &= indent > 0 && indent < LOCALS_INDENT && indent < line.n;
    if (gdb->goes_on && gdb->text.bytes.n > 0) {
        strbuf_add(&gdb->text, STR(" "));
        strbuf_add(&gdb->text, str_trim(line));
    }
    return true;
}

static bool gdb_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct gdb gdb = {.number = UINT64_MAX, .text = {.heap = builder->scratch}};
    dump_init(&gdb.dump, builder, err);
    return dump_read(&gdb.dump, input, take_gdb_line) && end_gdb_stack(&gdb);
}

static unsigned gdb_signs(str line)
{
    uint64_t number;
    str rest, address;
    if (is_thread(line))
        return 1;
    if (!split_gdb_frame(line, &number, &rest))
        return 0;
    if (str_starts(rest, STR("0x")) &&
        (!dump_take_address(&rest, &address) || !dump_take(&rest, STR(" in "))))
        return 0;
    bool called = str_contains(rest, STR(" (")) || str_starts(rest, STR("<signal handler"));
    return !called ? 0 : number == 0 ? 3 : 2;
}

const struct reader reader_gdb = {
    .name = "gdb",
    .help = "backtraces of gdb and pstack",
    .needs = "#0|Thread ",
    .signs = gdb_signs,
    .read = gdb_read,
};
