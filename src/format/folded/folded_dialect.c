/* SPDX-License-Identifier: MIT */
/*
 * folded_dialect: turn lines into samples with labels. The first lines of the file show which
 * values austin wrote.
 */
#include "format/folded/folded.h"

#include "core/num.h"
#include "format/dump.h"

/* The place of memory among the values of austin. */
enum { MEMORY = 2 };

struct dialect {
    enum folded_dialect kind;
    struct builder *builder;
    struct err *err;
    size_t values; /* of austin: in each line, 1 or 3 */
    bool is_memory;
    VEC(uint32_t) frames;
    VEC(struct sample_label) labels;
    struct strbuf text, name; /* of a frame that is changed */
    uint64_t time;            /* of pyflame: when the stacks in `waiting` began */
    struct strbuf waiting;
};

/* ---- frames ---- */

static bool is_number(str s)
{
    size_t n = 0;
    while (n < s.n && is_digit(s.p[n]))
        n++;
    return n > 0 && n == s.n;
}

/* "12", "0:34", "7f19": the id of a thread. */
static bool is_dialect_id(str s)
{
    size_t n = 0;
    while (n < s.n && (is_hex(s.p[n]) || s.p[n] == ':'))
        n++;
    return n > 0 && n == s.n;
}

/* `process 12:"`, the start of a frame of py-spy. */
static bool is_process(str frame)
{
    static const str start = STR_INIT("process ");
    size_t colon = str_find(frame, ':', 0);
    return str_starts(frame, start) && colon > start.n && colon + 1 < frame.n &&
           is_number(str_cut(frame, start.n, colon)) && frame.p[colon + 1] == '"';
}

/* The end of the frame at stack[at]. A ';' between the quotes of a process is part of it. */
static size_t find_frame_end(str stack, size_t at)
{
    static const str quote = STR_INIT("\";");
    if (is_process(str_skip(stack, at))) {
        size_t end = str_search(stack, quote, at);
        return end + quote.n <= stack.n ? end + 1 : stack.n;
    }
    return str_find(stack, ';', at);
}

/* "P12" of austin, "tid:34" of Python, "thread (0x7f): Main" of py-spy ... */
static bool parse_label(enum folded_dialect kind, str frame, struct sample_label *label)
{
    static const struct {
        str start, key;
        size_t skip; /* the value is after these bytes */
    } starts[] = {
        {STR_INIT("process "), STR_INIT("process"), 8},
        {STR_INIT("Process "), STR_INIT("process"), 8},
        {STR_INIT("thread ("), STR_INIT("thread"), 7},
        {STR_INIT("Thread "), STR_INIT("thread"), 7},
        {STR_INIT("tid:"), STR_INIT("thread"), 4},
    };
    str rest = str_skip(frame, frame.n > 0);
    *label = (struct sample_label){.unit = STR("")};
    if (kind == FOLDED_AUSTIN && frame.n > 1 && strchr("PT", frame.p[0]) && is_dialect_id(rest)) {
        label->key = frame.p[0] == 'P' ? STR("process") : STR("thread");
        label->value = rest;
        return true;
    }
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (str_starts(frame, starts[i].start)) {
            label->key = starts[i].key;
            label->value = str_skip(frame, starts[i].skip);
            return true;
        }
    }
    return false;
}

/* The frame stack[at, end). A line of austin 1 is a frame of its own: with --lines it becomes part
 * of the frame before, with --no-lines it is omitted. Returns the end of the last one. */
static size_t push_with_line(struct dialect *d, str stack, size_t at, size_t end)
{
    const struct read_options *options = d->builder->options;
    size_t next = end < stack.n ? str_find(stack, ';', end + 1) : end;
    str line = str_cut(stack, next > end ? end + 1 : end, next), name = str_cut(stack, at, end);
    bool has_line = d->kind == FOLDED_AUSTIN1 && (options->srcline || options->no_lines) &&
                    str_starts(line, STR("L")) && is_number(str_skip(line, 1));
    if (options->no_lines)
        name = folded_cut_line(name, &d->name);
    strbuf_set(&d->text, name);
    if (has_line && !options->no_lines) {
        strbuf_add(&d->text, STR(":"));
        strbuf_add(&d->text, str_skip(line, 1));
    }
    for (size_t i = 0; i < d->text.bytes.n; i++)
        if (d->text.bytes.at[i] == ';')
            d->text.bytes.at[i] = ':';
    uint32_t id = frames_add_text(&d->builder->profile->tree.frames, strbuf_str(&d->text));
    vec_push(d->builder->scratch, &d->frames, id);
    return has_line ? next : end;
}

/* The frames of `stack` leaf first, and its labels. */
static void split_stack(struct dialect *d, str stack)
{
    struct heap *heap = d->builder->scratch;
    struct sample_label label;
    bool first = true;
    d->frames.n = d->labels.n = 0;
    for (size_t at = 0, end; at < stack.n; at = end + 1) {
        end = find_frame_end(stack, at);
        first = first && parse_label(d->kind, str_cut(stack, at, end), &label);
        if (first)
            vec_push(heap, &d->labels, label);
        if (!first || !d->builder->options->no_comm)
            end = push_with_line(d, stack, at, end);
    }
    for (size_t i = 0, j = d->frames.n; i + 1 < j; i++) {
        uint32_t frame = d->frames.at[i];
        d->frames.at[i] = d->frames.at[--j];
        d->frames.at[j] = frame;
    }
}

static bool add_dialect_sample(struct dialect *d, str stack, const int64_t *values)
{
    split_stack(d, folded_trim_empty(stack));
    return builder_sample(d->builder, d->frames.at, d->frames.n, values, d->labels.at, d->labels.n,
                          d->err);
}

/* ---- lines ---- */

/* NULL, or why the line is skipped. */
static const char *read_counted(struct dialect *d, str line)
{
    struct num_decimal count;
    str word, stack = line;
    bool has_stack = folded_cut_word(&stack, &word), good = num_parse_decimal(word, &count);
    if (!good && count.negative)
        return "negative count";
    if ((good && count.units > INT64_MAX) || (!good && count.large))
        return "count too large";
    if (!good || count.decimals > 0 || count.vanished)
        return good ? "a count with a fraction" : "no count at the end of the line";
    if (!has_stack)
        return "no stack before the count";
    add_dialect_sample(d, stack, (const int64_t[]){(int64_t)count.units});
    return NULL;
}

/* Time, or memory, or "time,idle,memory". */
static const char *read_austin(struct dialect *d, str line)
{
    int64_t metrics[3] = {0};
    str word, stack = line;
    size_t n = 0;
    bool good = folded_cut_word(&stack, &word);
    for (size_t at = 0, end; good && at <= word.n && n < 3; at = end + 1, n++) {
        end = str_find(word, ',', at);
        good = dump_is_number(str_cut(word, at, end), &metrics[n]) && (n < 2 || end == word.n);
    }
    if (!good || n != d->values)
        return "no metrics like those of the first line";
    int64_t memory = n == 3 ? metrics[2] : d->is_memory ? metrics[0] : 0;
    int64_t values[] = {metrics[0], metrics[1], memory > 0 ? memory : 0, memory < 0 ? -memory : 0};
    size_t first = n == 1 && d->is_memory ? MEMORY : 0;
    if (first == 0 && (values[0] < 0 || values[1] < 0))
        return "negative time";
    add_dialect_sample(d, stack, values + first);
    if (memory < 0 && d->builder->value + first == MEMORY)
        d->builder->profile
            ->remark = "memory that was freed is left out: --sample-index deallocation counts it";
    return NULL;
}

/* Add the waiting stacks, which were current until `time`. */
static void add_waiting(struct dialect *d, uint64_t time)
{
    str stacks = strbuf_str(&d->waiting);
    for (size_t at = 0, end; at < stacks.n; at = end + 1) {
        end = str_find(stacks, '\n', at);
        add_dialect_sample(d, str_cut(stacks, at, end),
                           (const int64_t[]){(int64_t)(time - d->time), 1});
    }
    strbuf_clear(&d->waiting);
}

static const char *read_chart(struct dialect *d, str line)
{
    enum { WAITING_MOST = 1 << 20 };
    uint64_t time;
    if (!is_number(line)) {
        if (d->waiting.bytes.n > WAITING_MOST)
            return "more stacks than one point in time can have";
        strbuf_add(&d->waiting, line);
        strbuf_add(&d->waiting, STR("\n"));
        return NULL;
    }
    if (!num_parse_u64(line, &time) || time > INT64_MAX)
        return "time too large";
    bool back = time < d->time;
    add_waiting(d, back ? d->time : time);
    d->time = time;
    return back ? "a time before the one before" : NULL;
}

static const char *read_uncounted(struct dialect *d, str line)
{
    uint64_t count;
    str word, stack = line;
    if (folded_cut_word(&stack, &word) && num_parse_u64(word, &count))
        return "a count, where the first lines have none";
    add_dialect_sample(d, line, (const int64_t[]){1});
    return NULL;
}

/* "elapsed 2.2471", "# mode: full" */
static bool read_fact(struct dialect *d, str line)
{
    bool nylas = d->kind == FOLDED_NYLAS;
    if (nylas ? !str_starts(line, STR("elapsed ")) && !str_starts(line, STR("granularity "))
              : line.p[0] != '#')
        return false;
    str text = str_trim(str_skip(line, !nylas));
    size_t end = str_find(text, nylas ? ' ' : ':', 0);
    str value = str_trim(str_skip(text, end + (end < text.n)));
    if (end > 0 && value.n > 0)
        profile_add_fact(d->builder->profile, str_head(text, end), value);
    return true;
}

static const char *read_dialect_line(struct dialect *d, str line)
{
    if (read_fact(d, line))
        return NULL;
    switch (d->kind) {
    case FOLDED_AUSTIN: return read_austin(d, line);
    case FOLDED_CHART: return read_chart(d, line);
    case FOLDED_EFLAME: return read_uncounted(d, line);
    default: return read_counted(d, line);
    }
}

/* ---- recognition ---- */

struct signs {
    unsigned stacks, counted, austin, thread, line_frame, erlang, stamps, open, python, comments;
    bool elapsed, granularity;
};

static void look_at_dialect_line(struct signs *signs, str line)
{
    uint64_t count;
    struct sample_label label;
    str word, rest = line, first = str_head(line, find_frame_end(line, 0));
    signs->comments += str_starts(line, STR("# austin: ")) || str_starts(line, STR("# mode: "));
    if (line.p[0] == '#')
        return;
    bool has_word = folded_cut_word(&rest, &word);
    bool number = has_word && num_parse_u64(word, &count);
    signs->elapsed |= signs->stacks == 0 && str_starts(line, STR("elapsed "));
    signs->granularity |= signs->stacks == 1 && str_starts(line, STR("granularity "));
    signs->stacks++;
    signs->counted += number;
    signs->austin += first.p[0] == 'P' && parse_label(FOLDED_AUSTIN, first, &label) &&
                     str_contains(line, STR(";T"));
    signs->thread += str_starts(line, STR("Thread "));
    size_t at = str_search(line, STR(";L"), 0);
    signs->line_frame += number && at + 2 < line.n && is_digit(line.p[at + 2]);
    signs->erlang += !number && first.n < line.n && first.n > 6 && first.p[0] == '<' &&
                     first.p[first.n - 1] == '>' && is_digit(first.p[1]);
    signs->stamps += is_number(line) && line.n >= 10;
    signs->open += str_ends(line, STR(";")) || str_equal(line, STR("(idle)"));
    signs->python += number && (is_process(first) || str_starts(line, STR("thread (0x")) ||
                                (str_starts(line, STR("tid:")) && is_number(str_skip(first, 4))));
}

static enum folded_dialect choose_dialect(const struct signs *signs)
{
    if (signs->elapsed && signs->granularity)
        return FOLDED_NYLAS;
    if (signs->austin > 0 && (signs->comments > 0 || signs->austin == signs->stacks))
        return FOLDED_AUSTIN;
    if (signs->stamps >= 2 && signs->counted == 0 && signs->stamps + signs->open == signs->stacks)
        return FOLDED_CHART;
    if (signs->erlang > 0 && signs->erlang == signs->stacks)
        return FOLDED_EFLAME;
    if (signs->thread > 0 && signs->thread == signs->counted && signs->line_frame > 0)
        return FOLDED_AUSTIN1;
    return signs->python > 0 && signs->python == signs->stacks ? FOLDED_PYTHON : FOLDED_PLAIN;
}

enum folded_dialect folded_dialect_find(str head)
{
    enum { LINES = 64 };
    struct signs signs = {0};
    str line;
    for (size_t at = 0; signs.stacks < LINES && str_next_line(head, &at, &line);)
        if (line.n > 0 && (at <= head.n || signs.stacks == 0 || signs.stamps > 0))
            look_at_dialect_line(&signs, line);
    return choose_dialect(&signs);
}

/* ---- reading ---- */

/* Find out how many values the lines of austin have, and whether a single one is memory. */
static void count_austin_values(struct dialect *d, str head)
{
    str word, line;
    d->values = 1;
    for (size_t at = 0; str_next_line(head, &at, &line);) {
        d->is_memory |= str_equal(str_trim(line), STR("# mode: memory"));
        if (line.n > 0 && line.p[0] != '#' && folded_cut_word(&line, &word)) {
            d->values = str_find(word, ',', 0) < word.n ? 3 : 1;
            return;
        }
    }
}

static bool set_value_types(struct dialect *d)
{
    static const struct value_type all[] = {VALUE_SUM("time", "us"), VALUE_SUM("idle", "samples"),
                                            VALUE_SUM("memory", "bytes"),
                                            VALUE_SUM("deallocation", "bytes")};
    static const struct value_type chart[] = {VALUE_SUM("time", "us"),
                                              VALUE_SUM("samples", "samples")};
    struct builder *builder = d->builder;
    bool is_time = d->kind == FOLDED_AUSTIN1 || d->kind == FOLDED_AUSTIN;
    if (d->kind == FOLDED_AUSTIN && d->values == 3)
        return builder_value_types(builder, all, 4, 0, d->err);
    if (d->kind == FOLDED_AUSTIN && d->is_memory)
        return builder_value_types(builder, all + MEMORY, 2, 0, d->err);
    if (d->kind == FOLDED_CHART)
        return builder_value_types(builder, chart, 2, 0, d->err);
    return builder_value_types(builder, chart + !is_time, 1, 0, d->err);
}

bool folded_dialect_read(enum folded_dialect dialect, struct builder *builder,
                         struct reader_input *input, struct err *err)
{
    struct dialect d = {.kind = dialect, .builder = builder, .err = err};
    struct line_loop lines = {.input = input};
    str line;
    d.text.heap = d.name.heap = d.waiting.heap = builder->scratch;
    count_austin_values(&d, reader_input_peek(input, 16384));
    bool good = set_value_types(&d);
    while (good && line_loop_fill(&lines)) {
        while (good && line_loop_next(&lines, &line)) {
            const char *reason = line.n > 0 ? read_dialect_line(&d, line) : NULL;
            if (reason)
                builder_skip(builder, reason, lines.number);
            good = err->code == ERR_NONE;
        }
    }
    add_waiting(&d, d.time); /* their duration is not known */
    return good;
}
