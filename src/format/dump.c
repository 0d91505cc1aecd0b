/* SPDX-License-Identifier: MIT */
/*
 * dump: stacks on their way from lines to the builder.
 */
#include "format/dump.h"

#include "core/num.h"
#include "format/perf_script/perf_symbol.h"

void dump_init(struct dump *dump, struct builder *builder, struct err *err)
{
    dump->builder = builder;
    dump->err = err;
    dump->name.heap = builder->scratch;
    intern_init(&dump->texts, builder->scratch, builder->profile->tree.seed);
}

bool dump_read(struct dump *dump, struct reader_input *input, dump_line_fn *take)
{
    struct line_loop lines = {.input = input};
    str line;
    while (line_loop_fill(&lines)) {
        while (line_loop_next(&lines, &line)) {
            dump->line = lines.number;
            if (!take(dump, line))
                return false;
        }
    }
    return true;
}

void dump_forget(struct dump *dump)
{
    dump->frames.n = 0;
    dump->label_count = 0;
    dump->headless = false;
}

void dump_label(struct dump *dump, str key, str value)
{
    size_t i = 0;
    while (i < dump->label_count && !str_equal(dump->labels[i].key, key))
        i++;
    if (i == DUMP_LABELS)
        return;
    value = intern_text(&dump->texts, value);
    dump->labels[i] = (struct sample_label){.key = key, .value = value};
    dump->label_count += i == dump->label_count;
}

void dump_frame(struct dump *dump, const struct frame *frame)
{
    const struct read_options *options = dump->builder->options;
    struct frame shown = *frame;
    bool inlined = frame->kind == FRAME_INLINED;
    if (inlined && options->no_inlines)
        return;
    shown.marked |= inlined && options->inline_marks;
    uint32_t id = builder_frame(dump->builder, &shown);
    vec_push(dump->builder->scratch, &dump->frames, id);
}

void dump_nameless_frame(struct dump *dump, str module, str address)
{
    str base = str_file_name(module);
    if (base.n == 0)
        base = STR("unknown");
    else if (base.p[0] == '[' && str_ends(base, STR("]"))) /* "[vdso]" */
        base = str_cut(base, 1, base.n - 1);
    while (address.n > 1 && address.p[0] == '0')
        address = str_skip(address, 1);
    strbuf_set(&dump->name, STR("["));
    strbuf_add(&dump->name, base);
    if (dump->builder->options->addrs && address.n > 0) {
        strbuf_add(&dump->name, STR(" <"));
        strbuf_add(&dump->name, address);
        strbuf_add(&dump->name, STR(">"));
    }
    strbuf_add(&dump->name, STR("]"));
    struct frame frame = {.name = strbuf_str(&dump->name), .module = module};
    dump_frame(dump, &frame);
}

bool dump_is_headless(struct dump *dump, uint64_t number, bool first)
{
    bool begins = first && number > 0 && !dump->headless;
    if (begins)
        dump_skip(dump, "a stack without its first frames");
    dump->headless = number > 0 && (begins || dump->headless);
    return dump->headless;
}

bool dump_count(struct dump *dump, int64_t weight)
{
    bool done = builder_sample(dump->builder, dump->frames.at, dump->frames.n, &weight,
                               dump->labels, dump->label_count, dump->err);
    dump_forget(dump);
    return done;
}

bool dump_end_stack(struct dump *dump)
{
    if (dump->frames.n > 0)
        return dump_count(dump, 1);
    dump_forget(dump);
    return true;
}

/* ---- pieces of lines ---- */

str dump_function_name(str symbol)
{
    return symbol.n > 0 ? str_head(symbol, perf_symbol_name_length(symbol)) : symbol;
}

size_t dump_take_digits(str *s, uint64_t *number)
{
    size_t n = 0;
    while (n < s->n && is_digit(s->p[n]))
        n++;
    if (n == 0 || !num_parse_u64(str_head(*s, n), number))
        return 0;
    *s = str_skip(*s, n);
    return n;
}

bool dump_take_address(str *s, str *address)
{
    str rest = *s;
    size_t n = 0;
    dump_take(&rest, STR("0x"));
    while (n < rest.n && is_hex(rest.p[n]))
        n++;
    if (n == 0 || (n < rest.n && !is_blank(rest.p[n])))
        return false;
    *address = str_head(rest, n);
    *s = str_skip(rest, n);
    return true;
}

bool dump_take(str *s, str start)
{
    if (!str_starts(*s, start))
        return false;
    *s = str_skip(*s, start.n);
    return true;
}

void dump_split_place(str place, struct frame *frame)
{
    size_t colon = str_find_last(place, ':');
    uint64_t line = 0;
    if (colon < place.n && num_parse_u64(str_skip(place, colon + 1), &line))
        place = str_head(place, colon);
    frame->file = place;
    frame->line = line < UINT32_MAX ? (uint32_t)line : 0;
}

str dump_cut_offset(str s)
{
    size_t plus = str_find_last(s, '+'), i = plus + 1;
    if (plus == s.n || plus + 1 == s.n)
        return s;
    if (str_starts(str_skip(s, i), STR("0x")))
        i += 2;
    while (i < s.n && is_hex(s.p[i]))
        i++;
    return i == s.n ? str_head(s, plus) : s;
}

str dump_cut_llvm(str s)
{
    return str_trim_right(str_head(s, str_search(s, STR(" (.llvm."), 0)));
}

bool dump_cut_rust_hash(str *s)
{
    enum { DIGITS = 16, HASH = 3 + DIGITS };
    if (s->n <= HASH || !str_starts(str_skip(*s, s->n - HASH), STR("::h")))
        return false;
    for (size_t i = s->n - DIGITS; i < s->n; i++)
        if (!is_hex(s->p[i]))
            return false;
    s->n -= HASH;
    return true;
}

/* Decode "$LT$" or "$u20$" at the start of `s`: the character, and the length of the code; 0:
 * none. */
static size_t unescape_character(str s, char *c)
{
    static const struct {
        str escape;
        char c;
    } escapes[] = {{STR_INIT("$LT$"), '<'}, {STR_INIT("$GT$"), '>'}, {STR_INIT("$LP$"), '('},
                   {STR_INIT("$RP$"), ')'}, {STR_INIT("$C$"), ','},  {STR_INIT("$RF$"), '&'},
                   {STR_INIT("$BP$"), '*'}, {STR_INIT("$SP$"), '@'}};
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        *c = escapes[i].c;
        if (str_starts(s, escapes[i].escape))
            return escapes[i].escape.n;
    }
    if (s.n < 5 || !str_starts(s, STR("$u")) || !is_hex(s.p[2]) || !is_hex(s.p[3]) || s.p[4] != '$')
        return 0;
    unsigned high = hex_digit(s.p[2]);
    *c = (char)(high * 16 + hex_digit(s.p[3]));
    return high >= 2 && high < 8 ? 5 : 0;
}

void dump_add_rust_name(struct strbuf *to, str s)
{
    char c;
    if (str_starts(s, STR("_$")))
        s = str_skip(s, 1);
    for (size_t i = 0; i < s.n; i++) {
        size_t n = unescape_character(str_skip(s, i), &c);
        bool scope = n == 0 && str_starts(str_skip(s, i), STR(".."));
        str piece = n > 0 ? str_of(&c, 1) : scope ? STR("::") : str_cut(s, i, i + 1);
        strbuf_add(to, piece);
        i += n > 0 ? n - 1 : scope;
    }
}

size_t dump_indent(str line)
{
    size_t n = 0;
    while (n < line.n && is_blank(line.p[n]))
        n++;
    return n;
}

bool dump_is_number(str line, int64_t *number)
{
    str s = str_trim(line);
    uint64_t size;
    bool negative = dump_take(&s, STR("-"));
    if (s.n == 0 || !num_parse_u64(s, &size) || size > INT64_MAX)
        return false;
    *number = negative ? -(int64_t)size : (int64_t)size;
    return true;
}

/* ---- recognition ---- */

int dump_bid(str head, dump_signs_fn *signs)
{
    unsigned seen = 0;
    str line;
    for (size_t at = 0; seen != 3 && str_next_line(head, &at, &line);)
        if (line.n > 0)
            seen |= signs(line);
    return seen == 3 ? DUMP_BID : 0;
}
