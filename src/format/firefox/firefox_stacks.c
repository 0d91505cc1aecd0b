/* SPDX-License-Identifier: MIT */
/*
 * firefox_stacks: from the rows of the tables to stacks.
 */
#include "format/firefox/firefox.h"

#include <math.h>

#include "core/num.h"

enum { DEEPEST = 10000 };

/* ---- frames ---- */

static const struct tables *shared_tables(const struct firefox *f)
{
    return &f->parts.at[f->thread->part].shared;
}

static const struct numbers *table_column(const struct firefox *f, enum column which)
{
    const struct numbers *own = &f->thread->tables.columns[which];
    return own->n > 0 ? own : &shared_tables(f)->columns[which];
}

/* NONE: it is null, or there is no such row. */
static uint32_t table_cell(const struct firefox *f, enum column which, uint32_t row)
{
    const struct numbers *values = table_column(f, which);
    if (row >= values->n || !(values->at[row] >= 0 && values->at[row] < NONE))
        return NONE;
    return (uint32_t)values->at[row];
}

static str firefox_text_of(const struct firefox *f, uint32_t place)
{
    const struct tables *from = f->thread->tables.strings.n > 0 ? &f->thread->tables
                                                                : shared_tables(f);
    return place < from->strings.n ? intern_name(&f->texts, from->strings.at[place]) : STR("");
}

/* The number after the last ':', which goes. */
static bool take_firefox_number(str *s, uint32_t *number)
{
    uint64_t value;
    size_t colon = str_find_last(*s, ':');
    if (colon == s->n || !num_parse_u64(str_skip(*s, colon + 1), &value))
        return false;
    *number = value < NONE ? (uint32_t)value : 0;
    *s = str_head(*s, colon);
    return true;
}

/* "name (file:line:column)[7]" */
static void split_location(str location, struct frame *frame)
{
    str all = location;
    uint32_t line = 0, column = 0;
    size_t bracket = str_find_last(all, '[');
    frame->name = location;
    if (bracket < all.n && str_ends(all, STR("]")))
        all = str_head(all, bracket);
    size_t open = str_search(all, STR(" ("), 0);
    if (open < all.n && str_ends(all, STR(")"))) {
        str file = str_cut(all, open + 2, all.n - 1);
        frame->name = str_head(all, open);
        if (str_starts(file, STR("in "))) {
            frame->module = str_skip(file, 3);
            return;
        }
        if (take_firefox_number(&file, &column) && !take_firefox_number(&file, &line))
            line = column;
        frame->file = file;
        frame->line = line;
    } else if (str_contains(all, STR("://")) && take_firefox_number(&all, &column)) {
        frame->file = all;
        frame->line = take_firefox_number(&frame->file, &line) ? line : column;
    }
}

static void make_firefox_frame(struct firefox *f, uint32_t row)
{
    struct frame frame = {.name = STR("")};
    uint32_t location = table_cell(f, FRAME_LOCATION, row),
             function = table_cell(f, FRAME_FUNCTION, row);
    uint32_t line = table_cell(f, FRAME_LINE, row), depth = table_cell(f, FRAME_INLINE, row);
    bool inlined = depth != NONE && depth > 0;
    if (location != NONE) {
        split_location(firefox_text_of(f, location), &frame);
        if (frame.file.n > 0 && frame.name.p == frame.file.p) { /* code outside of functions */
            strbuf_set(&f->name, STR("(root scope) "));
            strbuf_add(&f->name, frame.file);
            frame.name = strbuf_str(&f->name);
        }
    } else {
        uint32_t source = table_cell(f, FUNCTION_SOURCE, function);
        uint32_t file = source != NONE ? table_cell(f, SOURCE_FILE, source)
                                       : table_cell(f, FUNCTION_FILE, function);
        frame.name = firefox_text_of(f, table_cell(f, FUNCTION_NAME, function));
        frame.file = firefox_text_of(f, file);
        frame.module = firefox_text_of(
            f, table_cell(f, RESOURCE_NAME, table_cell(f, FUNCTION_RESOURCE, function)));
    }
    if (frame.name.n == 0)
        frame.name = STR("[unknown]");
    if (line != NONE)
        frame.line = line;
    frame.kind = inlined ? FRAME_INLINED : FRAME_USER;
    frame.marked = inlined && f->builder->options->inline_marks;
    uint32_t id = builder_frame(f->builder, &frame);
    vec_push(f->heap, &f->frame_ids, id);
    vec_push(f->heap, &f->inlined, inlined && f->builder->options->no_inlines);
}

/* A stack comes after its parent, so that no stack is its own ancestor. */
static void find_prefix(struct firefox *f, uint32_t stack)
{
    uint32_t prefix = table_cell(f, STACK_PREFIX, stack),
             offset = table_cell(f, STACK_OFFSET, stack);
    if (offset != NONE && offset > 0)
        prefix = offset <= stack ? stack - offset : stack;
    uint32_t depth = prefix == NONE ? 1 : prefix < stack ? f->depths.at[prefix] : 0;
    uint32_t frame = table_cell(f, STACK_FRAME, stack);
    bool bad = frame >= f->frame_ids.n || (prefix != NONE && depth == 0);
    depth = bad ? 0 : depth + (prefix != NONE);
    if (depth > DEEPEST + 1) { /* too deep: it takes the place of its caller */
        depth = DEEPEST + 1;
        prefix = f->prefixes.at[prefix];
    }
    vec_push(f->heap, &f->prefixes, prefix);
    vec_push(f->heap, &f->depths, depth);
    vec_push(f->heap, &f->nodes, TREE_NONE);
}

static void prepare_thread(struct firefox *f)
{
    const struct numbers *functions = table_column(f, FRAME_FUNCTION);
    const struct numbers *locations = table_column(f, FRAME_LOCATION);
    size_t frames = locations->n > functions->n ? locations->n : functions->n;
    f->frame_ids.n = f->inlined.n = f->prefixes.n = f->depths.n = f->nodes.n = 0;
    for (size_t i = 0; i < frames; i++)
        make_firefox_frame(f, (uint32_t)i);
    for (size_t i = 0; i < table_column(f, STACK_FRAME)->n; i++)
        find_prefix(f, (uint32_t)i);
}

/* ---- samples ---- */

/* By the category of the leaf, or of its first caller that has one. */
static bool is_firefox_idle(const struct firefox *f, uint32_t stack)
{
    int64_t idle = f->parts.at[f->thread->part].idle;
    uint32_t category = table_cell(f, STACK_CATEGORY, stack);
    for (size_t i = 0; idle >= 0 && category == NONE && stack != NONE && i < DEEPEST; i++) {
        category = table_cell(f, FRAME_CATEGORY, table_cell(f, STACK_FRAME, stack));
        stack = f->prefixes.at[stack];
    }
    return idle >= 0 && category == (uint64_t)idle;
}

static double cpu_scale(const struct firefox *f)
{
    uint32_t unit = f->parts.at[f->thread->part].cpu_unit;
    str name = unit == NONE ? STR("ns") : intern_name(&f->texts, unit);
    return str_equal(name, STR("ms")) ? 1e6 : str_equal(name, STR("ns")) ? 1 : 1e3;
}

static int64_t whole_number(double value)
{
    return fabs(value) < 9e18 ? (int64_t)nearbyint(value) : 0;
}

/* The node of a stack of a thread. Nodes that it lacks are made below its nearest caller that has
 * one. */
static uint32_t find_firefox_node(struct firefox *f, uint32_t stack, uint32_t root)
{
    f->frames.n = 0;
    for (; stack != NONE && f->nodes.at[stack] == TREE_NONE; stack = f->prefixes.at[stack])
        vec_push(f->heap, &f->frames, stack);
    uint32_t node = stack == NONE ? root : f->nodes.at[stack];
    for (size_t i = f->frames.n; i-- > 0;) {
        uint32_t frame = table_cell(f, STACK_FRAME, f->frames.at[i]);
        if (!f->inlined.at[frame] && f->depths.at[f->frames.at[i]] <= DEEPEST)
            node = builder_child(f->builder, node, f->frame_ids.at[frame]);
        f->nodes.at[f->frames.at[i]] = node;
    }
    return node;
}

static bool add_firefox_sample(struct firefox *f, size_t at, double scale,
                               const struct sample_label *labels, size_t label_count)
{
    const struct numbers *weights = table_column(f, SAMPLE_WEIGHT),
                         *cpu = table_column(f, SAMPLE_CPU);
    double weight = at < weights->n ? weights->at[at] : 1;
    double used = at < cpu->n && cpu->at[at] > 0 ? cpu->at[at] : 0;
    double interval = f->parts.at[f->thread->part].interval;
    uint32_t stack = table_cell(f, SAMPLE_STACK, (uint32_t)at);
    if (isnan(weight))
        weight = 1;
    int64_t values[] = {whole_number(weight * scale), whole_number(weight * interval * 1e6),
                        whole_number(used * cpu_scale(f))};
    if (stack == NONE) {
        builder_leave_out(f->builder, "without a stack", values);
        return true;
    }
    if (stack >= f->depths.n || f->depths.at[stack] == 0 || !(fabs(weight * scale) < 9e18)) {
        builder_skip(f->builder, "a sample with a stack or weight that cannot be used", at + 1);
        return true;
    }
    if (!f->builder->options->idle && is_firefox_idle(f, stack)) {
        builder_leave_out(f->builder, "idle", values);
        return true;
    }
    if (f->depths.at[stack] > DEEPEST)
        builder_skip(f->builder, "a stack is too deep, its leaves are left out", at + 1);
    if (!f->builder->profile->tree.in_order && builder_has_weight(f->builder, values)) {
        if (!builder_keeps_sample(f->builder, labels, label_count, f->err))
            return f->err->code == ERR_NONE;
        uint32_t root = builder_root(f->builder, labels, label_count);
        uint32_t node = find_firefox_node(f, stack, root);
        return builder_sample_at(f->builder, node, node != root, values, labels, label_count,
                                 f->err);
    }
    f->frames.n = 0;
    for (; stack != NONE; stack = f->prefixes.at[stack]) {
        uint32_t frame = table_cell(f, STACK_FRAME, stack);
        if (!f->inlined.at[frame] && f->depths.at[stack] <= DEEPEST)
            vec_push(f->heap, &f->frames, f->frame_ids.at[frame]);
    }
    return builder_sample(f->builder, f->frames.at, f->frames.n, values, labels, label_count,
                          f->err);
}

static bool add_firefox_thread(struct firefox *f, const struct firefox_thread *thread, double scale)
{
    struct sample_label labels[5];
    size_t count = 0;
    const uint32_t texts[] = {thread->name, thread->pid, thread->tid, thread->process,
                              thread->name};
    static const str keys[] = {STR_INIT("comm"), STR_INIT("pid"), STR_INIT("tid"),
                               STR_INIT("process"), STR_INIT("thread")};
    f->thread = thread;
    if (table_column(f, SAMPLE_STACK)->n == 0)
        return true;
    if (thread->weight_type != f->weight_type) {
        builder_skip(f->builder, "a thread whose samples have other weights",
                     (uint64_t)(thread - f->threads.at) + 1);
        return true;
    }
    for (size_t i = 0; i < 5; i++)
        if (intern_name(&f->texts, texts[i]).n > 0)
            labels[count++] = (struct sample_label){keys[i], intern_name(&f->texts, texts[i]),
                                                    STR(""), 0, false};
    prepare_thread(f);
    for (size_t i = 0; i < table_column(f, SAMPLE_STACK)->n; i++)
        if (!add_firefox_sample(f, i, scale, labels, count))
            return false;
    return true;
}

/* All threads that are read have weights of the same kind: that of the first with samples. */
bool firefox_add_threads(struct firefox *f)
{
    struct value_type types[] = {VALUE_SUM("samples", "count"), VALUE_SUM("time", "nanoseconds"),
                                 VALUE_SUM("cpu", "nanoseconds")};
    double scale = 1;
    f->weight_type = NONE;
    for (size_t i = 0; i < f->threads.n && f->weight_type == NONE; i++)
        if (f->threads.at[i].tables.columns[SAMPLE_STACK].n > 0)
            f->weight_type = f->threads.at[i].weight_type;
    str type = f->weight_type == NONE ? STR("") : intern_name(&f->texts, f->weight_type);
    if (str_equal(type, STR("tracing-ms"))) {
        types[0] = (struct value_type)VALUE_SUM("weight", "nanoseconds");
        scale = 1e6;
    } else if (str_equal(type, STR("bytes"))) {
        types[0] = (struct value_type)VALUE_SUM("space", "bytes");
    }
    if (!builder_value_types(f->builder, types, 3, 0, f->err))
        return false;
    for (size_t i = 0; i < f->threads.n; i++)
        if (!add_firefox_thread(f, &f->threads.at[i], scale))
            return false;
    return true;
}
