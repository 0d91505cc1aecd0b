/* SPDX-License-Identifier: MIT */
/*
 * stackprof: the JSON of stackprof for Ruby (StackProf.run(raw: true), stackprof --json). Source:
 * https://github.com/tmm1/stackprof
 *
 *      mode "cpu", "wall", "object" ..., interval (microseconds, or objects)
 *      frames {"ID": {name, file, line}}
 *      raw [n, the ids of n frames, root first, count, ...]
 *      raw_timestamp_deltas [microseconds before each sample]
 *
 * Without raw there are only edges between functions.
 */
#include "core/num.h"
#include "format/json_stream.h"
#include "format/reader.h"

struct stackprof {
    struct heap *heap;
    struct builder *builder;
    struct json_stream json;
    struct err *err;
    struct intern numbers; /* texts of ids and counts */
    struct intern texts;
    VEC(uint32_t) raw; /* numbers, by their place in `numbers` */
    VEC(int64_t) deltas;
    VEC(uint32_t) frames; /* of the builder plus 1, by the place of the id; 0: none */
    VEC(uint32_t) stack;  /* leaf first */
    int64_t interval;
    str mode;
};

static void read_stackprof_frame(struct stackprof *s, uint32_t id)
{
    struct frame frame = {.name = STR("")};
    str key;
    while (json_next_key(&s->json, &key))
        if (str_equal(key, STR("name")))
            frame.name = intern_text(&s->texts, json_string_value(&s->json));
        else if (str_equal(key, STR("file")))
            frame.file = intern_text(&s->texts, json_string_value(&s->json));
        else if (str_equal(key, STR("line")) && is_digit(json_peek(&s->json)))
            frame.line = (uint32_t)json_int_value(&s->json);
        else
            json_skip(&s->json);
    while (s->frames.n <= id)
        vec_push(s->heap, &s->frames, 0);
    s->frames.at[id] = builder_frame(s->builder, &frame) + 1;
}

static void read_stackprof_frames(struct stackprof *s)
{
    str key;
    if (!json_enter(&s->json, '{'))
        return;
    while (json_next_key(&s->json, &key)) {
        uint32_t id = intern_add(&s->numbers, key);
        if (json_enter(&s->json, '{'))
            read_stackprof_frame(s, id);
    }
}

static void read_stackprof_raw(struct stackprof *s)
{
    if (json_enter(&s->json, '['))
        while (json_next_item(&s->json)) {
            uint32_t number = intern_add(&s->numbers, json_text_value(&s->json));
            vec_push(s->heap, &s->raw, number);
        }
}

static void read_deltas(struct stackprof *s)
{
    if (json_enter(&s->json, '['))
        while (json_next_item(&s->json)) {
            int64_t delta = json_weight_value(&s->json, s->builder);
            vec_push(s->heap, &s->deltas, delta);
        }
}

static bool read_stackprof_members(struct stackprof *s)
{
    str key;
    if (json_enter(&s->json, '{'))
        while (json_next_key(&s->json, &key)) {
            if (str_equal(key, STR("mode")))
                s->mode = intern_text(&s->texts, json_string_value(&s->json));
            else if (str_equal(key, STR("interval")))
                s->interval = json_weight_value(&s->json, s->builder);
            else if (str_equal(key, STR("frames")))
                read_stackprof_frames(s);
            else if (str_equal(key, STR("raw")))
                read_stackprof_raw(s);
            else if (str_equal(key, STR("raw_timestamp_deltas")))
                read_deltas(s);
            else
                json_skip(&s->json);
        }
    return json_check(&s->json, s->builder, s->err);
}

/* The weight of `count` samples, whose deltas begin at `first`. */
static int64_t sum_time(const struct stackprof *s, size_t first, int64_t count)
{
    int64_t sum = 0;
    if (s->deltas.n == 0 || !str_equal(s->mode, STR("wall")))
        return __builtin_mul_overflow(count, s->interval, &sum) ? INT64_MAX : sum;
    for (size_t i = first; i < s->deltas.n && i - first < (uint64_t)count; i++)
        if (__builtin_add_overflow(sum, s->deltas.at[i], &sum))
            return INT64_MAX;
    return sum;
}

/* Read the stack at raw[*at]. False with *good if the list is damaged from there on. */
static bool take_stackprof_stack(struct stackprof *s, size_t *at, size_t *samples, bool *good)
{
    uint64_t depth, count;
    if (!num_parse_u64(intern_name(&s->numbers, s->raw.at[*at]), &depth) ||
        depth >= s->raw.n - *at - 1)
        return false;
    size_t n = (size_t)depth;
    if (!num_parse_u64(intern_name(&s->numbers, s->raw.at[*at + 1 + n]), &count) ||
        count > INT64_MAX)
        return false;
    s->stack.n = 0;
    for (size_t i = *at + n; i > *at; i--) {
        uint32_t id = s->raw.at[i];
        if (id >= s->frames.n || s->frames.at[id] == 0)
            return false;
        vec_push(s->heap, &s->stack, s->frames.at[id] - 1);
    }
    int64_t values[] = {(int64_t)count, sum_time(s, *samples, (int64_t)count)};
    *good = builder_sample(s->builder, s->stack.at, s->stack.n, values, NULL, 0, s->err);
    *at += n + 2;
    *samples += count < SIZE_MAX - *samples ? (size_t)count : 0;
    return true;
}

static bool add_stacks(struct stackprof *s)
{
    bool objects = str_equal(s->mode, STR("object"));
    struct value_type types[] = {VALUE_SUM("samples", "count"), VALUE_SUM("time", "microseconds")};
    if (objects)
        types[1] = (struct value_type)VALUE_SUM("objects", "count");
    size_t at = 0, samples = 0;
    bool good = true;
    if (s->raw.n == 0)
        return err_set(s->err, ERR_INPUT, "it has no stacks: record with StackProf.run(raw: true)");
    if (!builder_value_types(s->builder, types, str_equal(s->mode, STR("custom")) ? 1 : 2, 0,
                             s->err))
        return false;
    while (good && at < s->raw.n)
        if (!take_stackprof_stack(s, &at, &samples, &good))
            return s->json.cut || /* counted as skipped */
                   err_set(s->err, ERR_INPUT, "number %zu of \"raw\" belongs to no stack", at + 1);
    return good;
}

static bool stackprof_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    struct stackprof s = {.heap = heap, .builder = builder, .err = err, .mode = STR("")};
    json_stream_init(&s.json, input, heap);
    intern_init(&s.numbers, heap, builder->profile->tree.seed);
    intern_init(&s.texts, heap, builder->profile->tree.seed);
    return read_stackprof_members(&s) && add_stacks(&s);
}

static int stackprof_bid(str head)
{
    bool object = str_starts(str_trim_left(head), STR("{"));
    return object && str_contains(head, STR("\"missed_samples\"")) &&
                   str_contains(head, STR("\"gc_samples\""))
               ? READER_CERTAIN
               : 0;
}

const struct reader reader_stackprof = {
    .name = "stackprof",
    .help = "the JSON of stackprof for Ruby, with raw: true",
    .needs = "\"gc_samples\"",
    .bid = stackprof_bid,
    .read = stackprof_read,
};
