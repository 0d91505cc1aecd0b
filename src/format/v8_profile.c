/* SPDX-License-Identifier: MIT */
/*
 * v8_profile: .cpuprofile and .heapprofile of Node, Deno and Chrome. Source:
 * https://chromedevtools.github.io/devtools-protocol/v8/ (types Profile and SamplingHeapProfile).
 *
 *      cpuprofile      nodes [{id, callFrame, hitCount, children [id...]}], samples [id...],
 *                      timeDeltas [us before each sample...], startTime, endTime
 *      older           head {id, functionName, url, children [{...}...]}, samples, timestamps [us]
 *      heapprofile     head {id, callFrame, selfSize, children [{...}...]}
 *
 * A sample lasts until the next one, the last one until endTime.
 */
#include <stdlib.h>

#include "core/num.h"
#include "format/reader.h"
#include "format/v8_profile.h"

/* ---- nodes ---- */

/* The members of a call frame, which older files have in the node itself. */
static bool read_frame_member(struct v8_profile *v8, struct v8_node *node, str key)
{
    if (str_equal(key, STR("functionName")))
        node->name = intern_add(v8->texts, json_string_value(v8->json));
    else if (str_equal(key, STR("url")))
        node->url = intern_add(v8->texts, json_string_value(v8->json));
    else if (str_equal(key, STR("lineNumber")))
        node->line = json_int_value(v8->json);
    else
        return false;
    return true;
}

static void read_call_frame(struct v8_profile *v8, struct v8_node *node)
{
    str key;
    if (json_enter(v8->json, '{'))
        while (json_next_key(v8->json, &key))
            if (!read_frame_member(v8, node, key))
                json_skip(v8->json);
}

static uint32_t add_v8_node(struct v8_profile *v8, uint32_t parent)
{
    struct v8_node node = {.parent = parent, .line = -1, .tree_node = TREE_NONE};
    node.name = node.url = intern_add(v8->texts, STR(""));
    vec_push(v8->builder->scratch, &v8->nodes, node);
    return (uint32_t)v8->nodes.n - 1;
}

/* Children are ids, or nodes. True: the first of the nodes has been entered. */
static bool read_children(struct v8_profile *v8, uint32_t at)
{
    if (!json_enter(v8->json, '['))
        return false;
    while (json_next_item(v8->json)) {
        if (json_peek(v8->json) == '{')
            return json_enter(v8->json, '{');
        struct v8_child child = {at, (uint64_t)json_int_value(v8->json)};
        vec_push(v8->builder->scratch, &v8->children, child);
    }
    return false;
}

/* One member of a node. True: its first child has been entered. */
static bool read_node_member(struct v8_profile *v8, uint32_t at, str key)
{
    struct v8_node *node = &v8->nodes.at[at];
    if (str_equal(key, STR("children")))
        return read_children(v8, at);
    if (str_equal(key, STR("id"))) {
        node->id = (uint64_t)json_int_value(v8->json);
    } else if (str_equal(key, STR("parent"))) {
        node->parent_id = (uint64_t)json_int_value(v8->json);
    } else if (str_equal(key, STR("callFrame"))) {
        read_call_frame(v8, node);
    } else if (str_equal(key, STR("hitCount"))) {
        node->self = json_weight_value(v8->json, v8->builder);
    } else if (str_equal(key, STR("selfSize"))) {
        v8->is_heap = true;
        node->self = json_weight_value(v8->json, v8->builder);
    } else if (!read_frame_member(v8, node, key)) {
        json_skip(v8->json);
    }
    return false;
}

/* The node that has been entered, with all that nest in it. */
static void read_node(struct v8_profile *v8)
{
    struct heap *heap = v8->builder->scratch;
    str key;
    v8->open.n = 0;
    uint32_t fresh = add_v8_node(v8, V8_NO_NODE);
    vec_push(heap, &v8->open, fresh);
    while (v8->open.n > 0 && !v8->json->damaged) {
        uint32_t at = v8->open.at[v8->open.n - 1];
        if (json_next_key(v8->json, &key)) {
            if (!read_node_member(v8, at, key))
                continue;
        } else {
            v8->open.n--;
            if (v8->open.n == 0 || !json_next_object(v8->json))
                continue;
            at = v8->open.at[v8->open.n - 1];
        }
        fresh = add_v8_node(v8, at);
        vec_push(heap, &v8->open, fresh);
    }
}

/* "(anonymous app.js:18)": a function without a name is known by its place. */
static void make_v8_frame(struct v8_profile *v8, struct v8_node *node)
{
    struct frame frame = {
        .name = intern_name(v8->texts, node->name),
        .module = STR(""),
        .file = intern_name(v8->texts, node->url),
        .line = node->line >= 0 && node->line < UINT32_MAX ? (uint32_t)node->line + 1 : 0,
    };
    node->root = str_equal(frame.name, STR("(root)"));
    node->idle = str_equal(frame.name, STR("(idle)"));
    if (frame.name.n == 0) {
        str file = str_file_name(frame.file);
        strbuf_set(&v8->name, STR("(anonymous"));
        strbuf_add(&v8->name, file.n > 0 ? STR(" ") : STR(""));
        strbuf_add(&v8->name, file);
        if (file.n > 0 && frame.line > 0) {
            strbuf_add(&v8->name, STR(":"));
            strbuf_add_u64(&v8->name, frame.line);
        }
        strbuf_add(&v8->name, STR(")"));
        frame.name = strbuf_str(&v8->name);
    }
    node->frame = builder_frame(v8->builder, &frame);
}

static uint32_t find_node(const struct v8_profile *v8, uint64_t id)
{
    uint32_t place = intern_find(&v8->ids, str_of((const char *)&id, sizeof id));
    return place == INTERN_NONE || place >= v8->nodes.n ? V8_NO_NODE : place;
}

/* An id that comes twice would shift the places of all after it. */
static bool number_nodes(struct v8_profile *v8)
{
    for (uint32_t i = 0; i < v8->nodes.n; i++) {
        uint64_t id = v8->nodes.at[i].id;
        if (intern_add(&v8->ids, str_of((const char *)&id, sizeof id)) != i && !v8->is_heap)
            return err_set(v8->err, ERR_INPUT, "two nodes of the profile have the id %llu",
                           (unsigned long long)id);
    }
    return true;
}

static void link_nodes(struct v8_profile *v8)
{
    for (size_t i = 0; i < v8->nodes.n; i++) {
        struct v8_node *node = &v8->nodes.at[i];
        make_v8_frame(v8, node);
        if (node->parent_id != 0)
            node->parent = find_node(v8, node->parent_id);
    }
    for (size_t i = 0; i < v8->children.n; i++) {
        uint32_t child = find_node(v8, v8->children.at[i].child);
        if (child == V8_NO_NODE)
            builder_skip(v8->builder, "a node names a child that is not there",
                         v8->children.at[i].child);
        else
            v8->nodes.at[child].parent = v8->children.at[i].parent;
    }
}

/* ---- samples ---- */

static void read_v8_numbers(struct v8_profile *v8, struct v8_numbers *numbers)
{
    if (!json_enter(v8->json, '['))
        return;
    while (json_next_item(v8->json)) {
        int64_t number = json_int_value(v8->json);
        vec_push(v8->builder->scratch, numbers, number);
    }
}

static int compare_samples(const void *a, const void *b)
{
    const struct v8_sample *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Sort by time: V8 is known to write deltas below 0. */
static void order_samples(struct v8_profile *v8)
{
    int64_t now = (int64_t)v8->start;
    size_t count = v8->sample_ids.n < v8->times.n ? v8->sample_ids.n : v8->times.n;
    for (size_t i = 0; i < count; i++) {
        now = v8->has_deltas ? now + v8->times.at[i] : v8->times.at[i];
        struct v8_sample sample = {now, find_node(v8, (uint64_t)v8->sample_ids.at[i])};
        if (sample.node == V8_NO_NODE)
            builder_skip(v8->builder, "a sample names a node that is not there", i);
        else
            vec_push(v8->builder->scratch, &v8->samples, sample);
    }
    if (!v8->has_deltas && v8->times.n == count + 1) /* the end of the last one */
        v8->end = (double)v8->times.at[count];
    else if (v8->sample_ids.n != v8->times.n)
        builder_skip(v8->builder, "samples and their times are not equally many", count);
    if (v8->samples.n > 0)
        qsort(v8->samples.at, v8->samples.n, sizeof *v8->samples.at, compare_samples);
}

/* ---- to the builder ---- */

/* The value that counts by default is the time, where samples have one. */
static bool choose_v8_value(struct v8_profile *v8)
{
    static const struct value_type heap[] = {VALUE_LEVEL("space", "bytes")};
    static const struct value_type cpu[] = {VALUE_SUM("hits", "count"),
                                            VALUE_SUM("time", "microseconds")};
    if (v8->is_heap)
        return builder_value_types(v8->builder, heap, 1, 0, v8->err);
    return builder_value_types(v8->builder, cpu, 2, v8->samples.n > 0, v8->err);
}

static void read_head(struct v8_profile *v8)
{
    if (json_enter(v8->json, '{'))
        read_node(v8);
}

static void read_nodes(struct v8_profile *v8)
{
    if (json_enter(v8->json, '['))
        while (json_next_object(v8->json))
            read_node(v8);
}

bool v8_profile_read_member(struct v8_profile *v8, str key)
{
    if (str_equal(key, STR("nodes")))
        read_nodes(v8);
    else if (str_equal(key, STR("head")))
        read_head(v8);
    else if (str_equal(key, STR("samples")) && !v8->is_heap)
        read_v8_numbers(v8, &v8->sample_ids);
    else if (str_equal(key, STR("timeDeltas")) && (v8->has_deltas = true))
        read_v8_numbers(v8, &v8->times);
    else if (str_equal(key, STR("timestamps")))
        read_v8_numbers(v8, &v8->times);
    else if (str_equal(key, STR("startTime")))
        json_number_value(v8->json, &v8->start);
    else if (str_equal(key, STR("endTime")))
        json_number_value(v8->json, &v8->end);
    else
        return false;
    return true;
}

void v8_profile_append(struct v8_profile *v8, const struct v8_profile *part)
{
    struct heap *heap = v8->builder->scratch;
    size_t first_node = v8->nodes.n, first_child = v8->children.n;
    vec_append(heap, &v8->nodes, &part->nodes);
    vec_append(heap, &v8->children, &part->children);
    vec_append(heap, &v8->sample_ids, &part->sample_ids);
    vec_append(heap, &v8->times, &part->times);
    for (size_t i = first_child; i < v8->children.n; i++)
        v8->children.at[i].parent += (uint32_t)first_node;
    v8->has_deltas |= part->has_deltas;
    v8->start = v8->start > 0 ? v8->start : part->start;
    v8->end = part->end > v8->end ? part->end : v8->end;
}

bool v8_profile_add(struct v8_profile *v8)
{
    if (!number_nodes(v8))
        return false;
    link_nodes(v8);
    if (!v8->is_heap)
        order_samples(v8);
    v8->counts_samples = true;
    for (size_t i = 0; i < v8->nodes.n; i++)
        v8->counts_samples &= v8->nodes.at[i].self == 0;
    return choose_v8_value(v8) && v8_profile_add_samples(v8);
}

void v8_profile_init(struct v8_profile *v8, struct builder *builder, struct json_stream *json,
                     struct intern *texts, struct err *err)
{
    *v8 = (struct v8_profile){.builder = builder, .json = json, .texts = texts, .err = err};
    v8->name.heap = builder->scratch;
    intern_init(&v8->ids, builder->scratch, builder->profile->tree.seed);
}

static bool read_v8_file(struct v8_profile *v8)
{
    str key;
    if (json_enter(v8->json, '{'))
        while (json_next_key(v8->json, &key))
            if (!v8_profile_read_member(v8, key))
                json_skip(v8->json);
    return json_check(v8->json, v8->builder, v8->err) && v8_profile_add(v8);
}

static bool v8_profile_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct json_stream json;
    struct intern texts;
    struct v8_profile v8;
    json_stream_init(&json, input, builder->scratch);
    intern_init(&texts, builder->scratch, builder->profile->tree.seed);
    v8_profile_init(&v8, builder, &json, &texts, err);
    return read_v8_file(&v8);
}

static int v8_profile_bid(str head)
{
    bool object = str_starts(str_trim_left(head), STR("{"));
    bool tree = str_contains(head, STR("\"nodes\":")) || str_contains(head, STR("\"head\":"));
    return object && tree && str_contains(head, STR("\"functionName\":")) ? 80 : 0;
}

const struct reader reader_v8_profile = {
    .name = "cpuprofile",
    .help = ".cpuprofile and .heapprofile of Node, Deno, Chrome",
    .needs = "\"functionName\":",
    .bid = v8_profile_bid,
    .read = v8_profile_read,
};
