/* SPDX-License-Identifier: MIT */
/*
 * perf_frame: parse a line, and make frames of it.
 */
#include "format/perf_script/perf_frame.h"

#include "core/num.h"
#include "core/simd16.h"
#include "format/perf_script/perf_symbol.h"

/* Comparing one byte at a time took a tenth of the whole run time. */
bool perf_frame_is_aligned(const char *p)
{
    static const bytes16 last_one = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff};
    bytes16 c = simd16_load(p + 1), next = simd16_load(p + 2);
    bytes16 blank = (bytes16)(c == ' ');
    bytes16 hex = (bytes16)(c - '0' < 10) | (bytes16)(c - 'a' < 6);
    bytes16 hex_ends = hex & (bytes16)(next == ' ');
    return p[0] == '\t' && simd16_all((blank | hex) & (bytes16)(hex_ends == last_one));
}

size_t perf_frame_text_start(str line)
{
    size_t at = 0;
    if (line.n > PERF_FRAME_ALIGNED && perf_frame_is_aligned(line.p))
        return PERF_FRAME_ALIGNED;
    while (at < line.n && is_blank(line.p[at]))
        at++;
    size_t address = at;
    while (at < line.n && is_hex(line.p[at]))
        at++;
    if (at == address || (at < line.n && !is_blank(line.p[at])))
        return 0;
    return at < line.n ? at + 1 : at;
}

bool perf_frame_is_padded(str text)
{
    size_t start = perf_frame_text_start(text);
    return start > 0 && str_trim_right(str_head(text, start)).n >= PERF_FRAME_FLAT_END - 1;
}

bool perf_frame_is_cut_off(str block)
{
    size_t before = str_find_last(block, '\n');
    str line = before < block.n ? str_skip(block, before + 1) : block;
    bool frame = perf_frame_text_start(line) > 0 || str_trim(line).n == 0;
    return line.n > 0 && is_blank(line.p[0]) && frame && !str_ends(line, STR(")"));
}

/* The index of " (/usr/lib/libx.so)" at the end of `text`; text.n if it is not that simple. */
static size_t find_simple_module(str text, str guess)
{
    if (guess.n > 0 && str_ends(text, guess)) /* often the module of the frame before */
        return text.n - guess.n;
    if (text.p[text.n - 1] != ')' || text.p[text.n - 2] == ')')
        return text.n;
    size_t open = str_find_last(text, '(');
    return open > 0 && open < text.n && text.p[open - 1] == ' ' ? open - 1 : text.n;
}

struct perf_frame_parts perf_frame_parts(str text, str guess)
{
    if (text.n < 8)
        return (struct perf_frame_parts){text, STR("")};
    size_t open = find_simple_module(text, guess);
    struct perf_frame_parts parts = {str_head(text, open), str_skip(text, open)};
    if (open < text.n)
        parts.first = perf_without_offset(parts.first);
    return parts;
}

/* The '(' of the module at the end of `text`: of the group that ends it, since file names may
 * contain groups ("/memfd:x (deleted)"). For a file name with an odd parenthesis, the last " (".
 * text.n if there is no module: "void f(void (*)(int))". */
static size_t find_module(str text)
{
    size_t depth = 0, last = text.n;
    for (size_t i = text.n; i-- > 0;) {
        bool after_blank = i == 0 || text.p[i - 1] == ' ';
        if (text.p[i] == ')')
            depth++;
        if (text.p[i] != '(')
            continue;
        if (after_blank && last == text.n)
            last = i;
        if (--depth == 0)
            return after_blank ? i : text.n;
    }
    return last;
}

/* The '(' of a module that was cut off: "foo+0x27 (/usr/lib/x8". */
static size_t find_cut_module(str text)
{
    size_t open = str_find_last(text, '(');
    if (open == text.n || open == 0 || text.p[open - 1] != ' ' || open + 1 == text.n)
        return text.n;
    char c = text.p[open + 1];
    return (c == '/' || c == '[') && str_find(text, ')', open) == text.n ? open : text.n;
}

bool perf_frame_split(str line, struct perf_frame *frame)
{
    size_t start = perf_frame_text_start(line);
    if (start == 0)
        return false;
    *frame = (struct perf_frame){.address = str_trim(str_head(line, start))};
    str text = str_trim_right(str_skip(line, start));
    if (str_starts(text, STR("insn:"))) /* brstackinsn: an instruction at an address */
        return false;
    bool whole = str_ends(text, STR(")"));
    size_t open = whole ? find_module(text) : find_cut_module(text);
    if (open < text.n) {
        str module = str_cut(text, open + 1, text.n - whole);
        /* without a symbol, "(java)" is a process and "(/usr/bin/java)" a module */
        if (open == 0 && !str_starts_any(module, "/|[") && !str_equal(module, STR("inlined"))) {
            frame->symbol = text;
            return true;
        }
        frame->module = perf_without_offset(module);
        text = str_head(text, open > 1 ? open - 1 : open);
    }
    frame->symbol = perf_without_offset(text);
    return true;
}

/* "[libx.so]", with the address "[libx.so <7f6d2>]" */
static void add_unknown(struct strbuf *out, const struct perf_frame *frame, bool addrs)
{
    bool anywhere = frame->module.n == 0 || str_equal(frame->module, STR("[unknown]"));
    strbuf_add(out, STR("["));
    perf_name_add(out, anywhere ? STR("unknown") : frame_module_file(frame->module));
    if (addrs) {
        strbuf_add(out, STR(" <"));
        strbuf_add(out, frame->address);
        strbuf_add(out, STR(">"));
    }
    strbuf_add(out, STR("]"));
}

/* Make the name in names->text a frame of that kind. */
static void add_split_frame(struct perf_names *names, enum frame_kind kind, bool marked, str module)
{
    struct frame frame = {
        .name = strbuf_str(&names->text),
        .module = str_equal(module, STR("inlined")) ? STR("") : module,
        .kind = kind,
        .marked = marked,
    };
    uint32_t id = frames_add(names->frames, &frame);
    vec_push(names->text.heap, &names->ids, id);
    strbuf_clear(&names->text);
}

/* Make the name in names->text the frame of that line. */
static void add_plain(struct perf_names *names, const struct perf_frame *frame,
                      const struct read_options *options)
{
    enum frame_kind kind = perf_module_kind(frame->module);
    bool marked = read_options_marks(options, kind);
    if (names->text.bytes.n > 0 || marked || names->ids.n > 0)
        add_split_frame(names, kind, marked, frame->module);
}

void perf_frame_add_inlined(struct perf_names *names, const struct read_inline_frame *found,
                            size_t n, str module, const struct read_options *options, bool java)
{
    struct strbuf *out = &names->text;
    for (size_t i = 0; i < n; i++) {
        perf_symbol_add(out, found[i].function, java);
        strbuf_add(out, found[i].where.n > 0 ? STR(":") : STR(""));
        perf_name_add(out, found[i].where);
        enum frame_kind kind = i > 0 ? FRAME_INLINED : FRAME_USER;
        add_split_frame(names, kind, read_options_marks(options, kind), module);
    }
}

/* Add the frames that debug information has for the address; false if it has none. */
static bool add_inlined(struct perf_names *names, const struct perf_frame *frame,
                        const struct read_options *options, bool java)
{
    const struct read_inline_frame *found;
    uint64_t address = 0;
    if (perf_module_kind(frame->module) != FRAME_USER || !str_starts(frame->module, STR("/")))
        return false;
    for (size_t i = 0; i < frame->address.n; i++)
        address = address << 4 | hex_digit(frame->address.p[i]);
    size_t n = options->inline_frames(options->inline_context, frame->module, address, &found);
    perf_frame_add_inlined(names, found, n, frame->module, options, java);
    return n > 0;
}

/* Whether it is a process name in parentheses, "(java)", in the place of a symbol. */
static bool is_process_name(str symbol)
{
    return str_starts(symbol, STR("(")) && str_find(symbol, ')', 0) + 1 == symbol.n &&
           !str_starts(symbol, STR("(anonymous "));
}

/* Add one function, or several of which each is inlined into the one before: "a->b->c". */
static void add_inlined_functions(struct perf_names *names, const struct perf_frame *frame,
                                  const struct read_options *options, bool java)
{
    str symbol = frame->symbol;
    bool first = true, last = false;
    while (!last) {
        size_t end = perf_symbol_arrow(symbol, 0);
        last = end == symbol.n;
        if (end > 0) {
            perf_symbol_add(&names->text, str_head(symbol, end), java);
            if (first)
                add_plain(names, frame, options);
            else
                add_split_frame(names, FRAME_INLINED, true, frame->module);
            first = false;
        }
        if (!last)
            symbol = str_skip(symbol, end + 2);
    }
}

void perf_frame_add(struct perf_names *names, const struct perf_frame *frame,
                    const struct read_options *options, bool java)
{
    bool named = frame->symbol.n > 0 && !str_equal(frame->symbol, STR("[unknown]"));
    if (is_process_name(frame->symbol) ||
        (options->inline_frames && add_inlined(names, frame, options, java)))
        return;
    if (named && !str_starts(frame->symbol, STR("RegExp:"))) {
        add_inlined_functions(names, frame, options, java);
        return;
    }
    if (named)
        perf_symbol_add(&names->text, frame->symbol, java);
    else
        add_unknown(&names->text, frame, options->addrs);
    add_plain(names, frame, options);
}

/* Append ":file:line" without what is in brackets. */
static void add_perf_source(struct strbuf *out, str line)
{
    size_t start = out->bytes.n;
    line = str_trim(line);
    size_t last = str_find_last(line, ']');
    strbuf_add(out, STR(":"));
    for (size_t at = 0, close; at < line.n; at = close + 1) {
        size_t open = str_find(line, '[', at);
        bool closes = open < last && last < line.n;
        close = closes ? str_find(line, ']', open) : line.n;
        perf_name_add(out, str_cut(line, at, closes ? open : line.n));
    }
    if (out->bytes.n == start + 1)
        out->bytes.n = start;
}

/* "nptl/pthread_create.c:442" */
static void set_place(struct frame *frame, str place)
{
    size_t colon = str_find_last(place, ':');
    uint64_t number;
    if (colon == place.n || !num_parse_u64(str_skip(place, colon + 1), &number) ||
        number > UINT32_MAX)
        return;
    frame->file = str_head(place, colon);
    frame->line = (uint32_t)number;
}

uint32_t perf_frame_with_source(struct perf_names *names, uint32_t id, str line)
{
    struct frame frame = frames_get(names->frames, id);
    struct strbuf *text = &names->text;
    strbuf_set(text, frame.text);
    add_perf_source(text, line);
    frame.name = strbuf_str(text);
    bool longer = frame.name.n > frame.text.n;
    set_place(&frame, str_skip(frame.name, frame.text.n + longer));
    frame.marked = frame.marked && !longer;
    id = frame.marked ? id : frames_add(names->frames, &frame);
    strbuf_clear(text);
    return id;
}
