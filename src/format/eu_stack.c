/* SPDX-License-Identifier: MIT */
/*
 * eu_stack: the output of eu-stack of elfutils.
 *
 *      PID 24924 - process
 *      TID 24926:
 *      #0  0x00007f74c70a3f16     __futex_abstimed_wait_common64 - /usr/lib/libc.so.6
 *          ./nptl/futex-internal.c:57:12
 *      #1  0x00007f74c70aed90 - 1 __new_sem_wait_slow64 - /usr/lib/libc.so.6
 *
 * After the address come, by its options, " - 1" or blanks (-v), a name, a module (-m), and on the
 * next line the source (-s). A frame is known in full when the next one is: an inlined function
 * (-i) has the address of its caller.
 */
#include "format/dump.h"

struct eu_stack {
    struct dump dump;
    bool open;          /* there is a current frame: */
    struct strbuf text; /* its line, without number and address */
    struct strbuf address, file;
    uint32_t source_line;
    struct strbuf innermost; /* the name of the first frame that has this address */
};

/* ---- frames ---- */

/* "NAME - /lib/libc.so.6", " - 1 NAME", "- MODULE". */
static void split_text(str s, str *name, str *module)
{
    static const str mark = STR_INIT(" - ");
    if (str_starts(s, STR(" - 1")) && (s.n == 4 || s.p[4] == ' '))
        s = str_skip(s, 4);
    *name = str_trim(s);
    *module = STR("");
    if (dump_take(name, STR("- "))) {
        *module = *name;
        *name = STR("");
        return;
    }
    size_t at = str_search_last(*name, mark);
    if (at < name->n) {
        *module = str_skip(*name, at + mark.n);
        *name = str_head(*name, at);
    }
}

static void add_eu_frame(struct eu_stack *stack, bool inlined)
{
    struct frame frame = {.kind = inlined ? FRAME_INLINED : FRAME_USER,
                          .file = strbuf_str(&stack->file),
                          .line = stack->source_line};
    if (!stack->open)
        return;
    stack->open = false;
    split_text(strbuf_str(&stack->text), &frame.name, &frame.module);
    frame.name = dump_function_name(frame.name);
    if (frame.name.n == 0)
        dump_nameless_frame(&stack->dump, frame.module, strbuf_str(&stack->address));
    else
        dump_frame(&stack->dump, &frame);
}

static bool finish_eu_stack(struct eu_stack *stack)
{
    add_eu_frame(stack, false);
    return dump_end_stack(&stack->dump);
}

/* "#1  0x00007f74c70f1e53 - 1 NAME" */
static bool split_eu_frame(str line, uint64_t *number, str *address, str *text)
{
    *text = line;
    if (!dump_take(text, STR("#")) || dump_take_digits(text, number) == 0 ||
        dump_indent(*text) == 0)
        return false;
    *text = str_trim_left(*text);
    return str_starts(*text, STR("0x")) && dump_take_address(text, address) &&
           !str_starts(*text, STR(" in "));
}

/* Whether the frame before was inlined into this one: they have the same address. A recursive
 * function also repeats its address, but with the same name. */
static bool is_inlined(const struct eu_stack *stack, str address, str text)
{
    str name, module;
    split_text(text, &name, &module);
    return stack->open && str_equal(address, strbuf_str(&stack->address)) &&
           !str_equal(name, strbuf_str(&stack->innermost));
}

static bool start_eu_frame(struct eu_stack *stack, uint64_t number, str address, str text)
{
    str name, module;
    bool done = true, inlined = number > 0 && is_inlined(stack, address, text);
    add_eu_frame(stack, inlined);
    if (number == 0 && stack->dump.frames.n > 0)
        done = dump_count(&stack->dump, 1);
    strbuf_set(&stack->text, text);
    strbuf_set(&stack->address, address);
    split_text(strbuf_str(&stack->text), &name, &module);
    if (!inlined)
        strbuf_set(&stack->innermost, name);
    strbuf_clear(&stack->file);
    stack->source_line = 0;
    stack->open = true;
    return done;
}

/* FILE:LINE:COLUMN */
static void take_source(struct eu_stack *stack, str place)
{
    struct frame frame, column;
    dump_split_place(place, &column);
    dump_split_place(column.file, &frame);
    if (frame.line == 0) /* there is no column */
        frame = column;
    strbuf_set(&stack->file, frame.file);
    stack->source_line = frame.line;
}

/* ---- lines ---- */

/* "TID 24926:" */
static bool is_thread_id(str line, str kind, str *id)
{
    uint64_t number;
    str rest = line;
    if (!dump_take(&rest, kind))
        return false;
    size_t n = dump_take_digits(&rest, &number);
    *id = str_cut(line, kind.n, kind.n + n);
    return n > 0 && (str_ends(rest, STR(":")) || str_starts(rest, STR(" - ")));
}

static bool take_eu_line(struct dump *dump, str line)
{
    struct eu_stack *stack = (struct eu_stack *)dump;
    uint64_t number;
    str address, text, id;
    if (split_eu_frame(line, &number, &address, &text))
        return dump_is_headless(dump, number, !stack->open && dump->frames.n == 0) ||
               start_eu_frame(stack, number, address, text);
    if (is_thread_id(line, STR("TID "), &id)) {
        bool done = finish_eu_stack(stack);
        dump_label(dump, STR("tid"), id);
        return done;
    }
    if (is_thread_id(line, STR("PID "), &id))
        return finish_eu_stack(stack);
    if (stack->open && str_starts(line, STR("    ")) && stack->file.bytes.n == 0)
        take_source(stack, str_trim(line));
    return true;
}

static bool eu_stack_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    struct eu_stack stack = {.text = {.heap = heap},
                             .address = {.heap = heap},
                             .file = {.heap = heap},
                             .innermost = {.heap = heap}};
    dump_init(&stack.dump, builder, err);
    return dump_read(&stack.dump, input, take_eu_line) && finish_eu_stack(&stack);
}

static unsigned eu_stack_signs(str line)
{
    uint64_t number;
    str address, text, id;
    if (is_thread_id(line, STR("TID "), &id))
        return 1;
    return split_eu_frame(line, &number, &address, &text) ? 2 : 0;
}

const struct reader reader_eu_stack = {
    .name = "eu-stack",
    .help = "stacks of eu-stack",
    .needs = "TID ",
    .signs = eu_stack_signs,
    .read = eu_stack_read,
};
