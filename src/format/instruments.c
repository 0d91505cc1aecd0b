/* SPDX-License-Identifier: MIT */
/*
 * instruments: a call tree as Instruments of macOS copies it ("Deep Copy"): lines with TABs.
 *
 *      Weight            Self Weight          Symbol Name
 *      96.08 Gc  100.0%  -                    app (40414)
 *      96.08 Gc  100.0%  -                     start              a blank for each level
 *      46.92 Gc   48.8%  404.75 Mc              elapsed
 *
 * A weight includes those of the lines below, a self weight does not. Without a column of self
 * weights, the weights below are subtracted. In an inverted tree the lines below are callers.
 */
#include "core/num.h"
#include "format/dump.h"
#include "format/indented.h"

enum { COLUMNS = 16, TIME_DECIMALS = 6 };

enum amount { NO_AMOUNT, TIME, BYTES, CYCLES, COUNT };

struct instruments {
    struct builder *builder;
    struct err *err;
    struct indented tree;
    struct strbuf text;               /* a number */
    size_t weight, self, count, name; /* columns; COLUMNS: there is none */
    enum amount amount;
};

struct row {
    str name;
    uint64_t depth;
    int64_t weight, self, count;
};

/* ---- amounts ---- */

static const struct unit {
    str name;
    enum amount amount;
    double scale; /* nanoseconds, bytes, cycles */
} units[] = {
    {STR_INIT("ns"), TIME, 1},          {STR_INIT("us"), TIME, 1e3},
    {STR_INIT("\xc2\xb5s"), TIME, 1e3}, {STR_INIT("\xce\xbcs"), TIME, 1e3},
    {STR_INIT("ms"), TIME, 1e6},        {STR_INIT("s"), TIME, 1e9},
    {STR_INIT("min"), TIME, 60e9},      {STR_INIT("h"), TIME, 3600e9},
    {STR_INIT("Bytes"), BYTES, 1},      {STR_INIT("KB"), BYTES, 1024},
    {STR_INIT("MB"), BYTES, 1048576},   {STR_INIT("GB"), BYTES, 1073741824},
    {STR_INIT("cycles"), CYCLES, 1},    {STR_INIT("Kc"), CYCLES, 1e3},
    {STR_INIT("Mc"), CYCLES, 1e6},      {STR_INIT("Gc"), CYCLES, 1e9},
    {STR_INIT("Tc"), CYCLES, 1e12},
};

/* The length of a blank at the start, of any kind that Instruments uses. */
static size_t blank_length(str s)
{
    static const str blanks[] = {STR_INIT(" "), STR_INIT("\xc2\xa0"), STR_INIT("\xe2\x80\x87"),
                                 STR_INIT("\xe2\x80\x89"), STR_INIT("\xe2\x80\xaf")};
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (str_starts(s, blanks[i]))
            return blanks[i].n;
    return 0;
}

static str skip_instruments_blanks(str s)
{
    for (size_t n; (n = blank_length(s)) > 0;)
        s = str_skip(s, n);
    return s;
}

/* "1,234.5" and "4,93": a comma before three digits separates thousands, any other is the point. */
static str take_instruments_number(struct strbuf *text, str *s)
{
    size_t n = 0;
    strbuf_clear(text);
    for (; n < s->n && (is_digit(s->p[n]) || s->p[n] == '.' || s->p[n] == ','); n++) {
        bool groups = s->p[n] == ',' && n + 3 < s->n && is_digit(s->p[n + 1]) &&
                      is_digit(s->p[n + 2]) && is_digit(s->p[n + 3]);
        if (!groups)
            strbuf_add(text, s->p[n] == ',' ? STR(".") : str_of(s->p + n, 1));
    }
    *s = str_skip(*s, n);
    return strbuf_str(text);
}

/* "46.92 Gc   48.8%", "693", "-". False if it is no amount, or of another kind than *amount, which
 * the first amount with a unit sets. */
static bool parse_amount(struct instruments *in, str field, enum amount *amount, int64_t *value)
{
    str s = skip_instruments_blanks(field);
    size_t end = 0;
    double number, scale = *amount == TIME ? 1e6 : 1; /* the column may say ms */
    *value = 0;
    if (s.n == 0 || s.p[0] == '-')
        return true;
    if (!num_parse_double(take_instruments_number(&in->text, &s), &number))
        return false;
    s = skip_instruments_blanks(s);
    while (end < s.n && s.p[end] != '%' && !is_digit(s.p[end]) && !blank_length(str_skip(s, end)))
        end++;
    for (size_t i = 0; i < sizeof units / sizeof units[0] && end > 0; i++)
        if (str_equal(units[i].name, str_head(s, end))) {
            if (*amount == NO_AMOUNT)
                *amount = units[i].amount;
            if (*amount != units[i].amount)
                return false;
            scale = units[i].scale;
            end = 0;
        }
    if (end > 0 || number * scale >= 9e18)
        return false;
    *value = (int64_t)(number * scale + 0.5);
    return true;
}

/* ---- columns ---- */

static bool is_name_column(str s)
{
    return str_equal(s, STR("Symbol Name")) || str_equal(s, STR("Symbol Names"));
}

static bool is_weight_column(str s)
{
    return str_equal(s, STR("Weight")) || str_equal(s, STR("Running Time")) ||
           str_equal(s, STR("Bytes Used"));
}

static bool find_instruments_columns(struct instruments *in, str line)
{
    in->weight = in->self = in->count = in->name = COLUMNS;
    for (size_t i = 0; i < COLUMNS && line.n > 0; i++) {
        str s = str_trim(str_take_field(&line, '\t'));
        if (is_name_column(s))
            in->name = i;
        else if (is_weight_column(s))
            in->weight = i;
        else if (str_starts(s, STR("Self")))
            in->self = i;
        else if (str_equal(s, STR("Count")))
            in->count = i;
    }
    return in->name < COLUMNS && in->weight < COLUMNS;
}

static bool read_instruments_row(struct instruments *in, str line, struct row *row)
{
    enum amount count = COUNT, self = in->amount;
    bool good = true;
    *row = (struct row){.name = STR("")};
    for (size_t i = 0; i < COLUMNS && line.n > 0; i++) {
        str field = str_take_field(&line, '\t');
        if (i == in->weight)
            good = good && parse_amount(in, field, &in->amount, &row->weight);
        else if (i == in->count)
            good = good && parse_amount(in, field, &count, &row->count);
        else if (i == in->name)
            row->name = field;
        else if (i == in->self) {
            self = in->amount;
            good = good && parse_amount(in, field, &self, &row->self);
        }
    }
    row->depth = dump_indent(row->name);
    row->name = str_skip(row->name, row->depth);
    return good;
}

/* ---- the tree ---- */

static bool next_line(str *rest, str *line)
{
    size_t at = 0;
    bool more = str_next_line(*rest, &at, line);
    *rest = str_skip(*rest, at < rest->n ? at : rest->n);
    return more;
}

/* Only the outermost lines of an inverted tree have a weight of their own. */
static bool is_inverted(struct instruments *in, str rest)
{
    bool inner = false, outer = false, deep = false;
    struct row row;
    str line;
    while (in->self < COLUMNS && next_line(&rest, &line)) {
        bool good = read_instruments_row(in, line, &row);
        outer |= good && row.depth == 0 && row.self > 0;
        inner |= good && row.depth > 0 && row.self > 0;
        deep |= good && row.depth > 0;
    }
    return outer && deep && !inner;
}

static bool declare_instruments_values(struct instruments *in)
{
    struct value_type types[] = {VALUE_SUM("weight", ""), VALUE_SUM("count", "count")};
    static const str names[] = {[NO_AMOUNT] = STR_INIT(""),
                                [TIME] = STR_INIT("ms"),
                                [BYTES] = STR_INIT("bytes"),
                                [CYCLES] = STR_INIT("cycles"),
                                [COUNT] = STR_INIT("")};
    types[0].unit = names[in->amount];
    bool done = builder_value_types(in->builder, types, 1 + (in->count < COLUMNS), 0, in->err);
    if (done && in->amount == TIME)
        builder_set_decimals(in->builder, 0, TIME_DECIMALS);
    return done;
}

/* *lines: the number of lines before `rest`, and afterwards of all lines. */
static bool read_instruments_rows(struct instruments *in, str rest, uint64_t *lines)
{
    struct row row;
    str line;
    while (next_line(&rest, &line)) {
        uint64_t number = ++*lines;
        if (str_trim(line).n == 0)
            continue;
        if (!read_instruments_row(in, line, &row) || row.name.n == 0) {
            builder_skip(in->builder, "no line of a call tree", number);
            continue;
        }
        struct frame frame = {.name = str_trim(row.name)};
        struct indented_line entry = {
            .depth = row.depth,
            .frame = builder_frame(in->builder, &frame),
            .values = {in->tree.totals ? row.weight : row.self, row.count},
            .position = number,
        };
        if (!indented_add(&in->tree, &entry))
            return false;
    }
    return indented_finish(&in->tree);
}

static bool instruments_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct instruments in = {.builder = builder, .err = err, .text.heap = builder->scratch};
    struct row row;
    str rest = reader_input_peek(input, SIZE_MAX), line = STR("");
    in.tree = (struct indented){.builder = builder, .err = err};
    next_line(&rest, &line);
    if (!find_instruments_columns(&in, line))
        return err_set(err, ERR_INPUT, "line 1: it has no columns of weights and of names");
    str first = rest;
    while (in.amount == NO_AMOUNT && next_line(&first, &line))
        read_instruments_row(&in, line, &row);
    in.tree.inverted = is_inverted(&in, rest);
    in.tree.totals = in.tree.inverted || in.self == COLUMNS || in.count < COLUMNS;
    input->lines = 1; /* of the columns */
    return declare_instruments_values(&in) && read_instruments_rows(&in, rest, &input->lines);
}

static int instruments_bid(str head)
{
    struct instruments in;
    str line = STR("");
    next_line(&head, &line);
    return find_instruments_columns(&in, line) ? DUMP_BID : 0;
}

const struct reader reader_instruments = {
    .name = "instruments",
    .help = "a call tree that Instruments of macOS copies (Deep Copy)",
    .needs = "Symbol Name",
    .bid = instruments_bid,
    .read = instruments_read,
};
