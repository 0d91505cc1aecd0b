/* SPDX-License-Identifier: MIT */
/*
 * builder_sample: samples with several values and labels.
 */
#include "profile/builder.h"

#include "core/num.h"

enum { LABELS_KEPT = 64 };

/* Find a value by its name, also written "@name" as in bpftrace, by its unit, or by its place. */
static bool find_value_type(const struct value_type *types, size_t count, str wanted, size_t *at)
{
    uint64_t place;
    str bare = str_skip(wanted, wanted.p[0] == '@');
    for (size_t i = 0; i < count; i++)
        if (str_equal(types[i].name, wanted) || str_equal(types[i].name, bare)) {
            *at = i;
            return true;
        }
    for (size_t i = 0; i < count; i++)
        if (str_equal(quantity_unit(types[i].unit), quantity_unit(wanted))) {
            *at = i;
            return true;
        }
    if (!num_parse_u64(wanted, &place) || place >= count)
        return false;
    *at = (size_t)place;
    return true;
}

static bool refuse_value_type(struct builder *builder, const struct value_type *types, size_t count,
                              struct err *err)
{
    enum { SHOWN_MOST = 300 };
    str wanted = builder->options->value_type;
    strbuf_clear(&builder->text);
    for (size_t i = 0; i < count && builder->text.bytes.n < SHOWN_MOST; i++)
        strbuf_add_item(&builder->text, types[i].name);
    str names = strbuf_str(&builder->text);
    return err_set(err, ERR_INPUT, "it has no value '%.*s'; there are %.*s", STR_SHOWN(wanted, 60),
                   STR_SHOWN(names, SHOWN_MOST));
}

static size_t find_sample_count(const struct value_type *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (value_type_is_sample_count(&types[i]) || str_equal(types[i].name, STR("hits")))
            return i;
    return SIZE_MAX;
}

/* The chosen value has the first column. */
static void find_value_columns(struct builder *builder, const struct value_type *types,
                               size_t count)
{
    unsigned first = profile_column(builder->profile, &types[builder->value]);
    builder->columns.n = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned column = i == builder->value ? first : profile_column(builder->profile, &types[i]);
        vec_push(builder->heap, &builder->columns, ((struct builder_column){column, 0}));
    }
}

void builder_set_decimals(struct builder *builder, size_t value, unsigned decimals)
{
    if (value == builder->value && builder->options->weight != READ_WEIGHT_SAMPLES)
        builder->decimals = decimals;
    if (value < builder->columns.n)
        builder->columns.at[value].decimals = decimals;
}

/* The names of all values except the chosen one. */
static void note_other_values(struct builder *builder, const struct value_type *types, size_t count)
{
    struct profile *profile = builder->profile;
    strbuf_clear(&builder->text);
    for (size_t i = 0; i < count; i++)
        if (i != builder->value)
            strbuf_add_item(&builder->text, types[i].name);
    if (profile->other_values.n == 0)
        profile->other_values = arena_copy(&profile->arena, strbuf_str(&builder->text));
}

bool builder_value_types(struct builder *builder, const struct value_type *types, size_t count,
                         size_t otherwise, struct err *err)
{
    str wanted = builder->options->value_type;
    struct profile *profile = builder->profile;
    builder->value = otherwise;
    if (wanted.n > 0 && !find_value_type(types, count, wanted, &builder->value))
        return refuse_value_type(builder, types, count, err);
    const struct value_type *type = &types[builder->value];
    builder->count_value = find_sample_count(types, count);
    if (!profile_check_value_type(profile, type, err))
        return false;
    profile_set_value_type(profile, type);
    if (profile->value_types.n == 0) {
        profile_set_value_types(profile, types, count);
        profile->value = builder->value;
    }
    note_other_values(builder, types, count);
    if (builder->options->all_values)
        find_value_columns(builder, types, count);
    return true;
}

static str find_label(const struct sample_label *labels, size_t count, str key)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(labels[i].key, key))
            return labels[i].value;
    return STR("");
}

/* Add a weight to the side before. The profile is the difference of two. */
static void add_weight_before(struct builder *builder, uint32_t node, uint64_t weight)
{
    struct tree *tree = &builder->profile->tree;
    tree_set_sides(tree);
    builder->profile->has_losses = true;
    if (tree_has_sides(tree))
        tree_add(tree, node, SIDE_BEFORE, weight, builder->decimals);
}

/* The node of the stack in builder->frames. */
static uint32_t insert_frames(struct builder *builder)
{
    uint32_t node = TREE_ROOT;
    for (size_t i = builder->frames.n; i-- > 0;)
        node = tree_child(&builder->profile->tree, node, builder->frames.at[i]);
    return node;
}

/* The value that counts. *samples: the number of samples that it is the sum of. */
static int64_t choose_sample_value(const struct builder *builder, const int64_t *values,
                                   uint64_t *samples)
{
    int64_t count = builder->count_value == SIZE_MAX ? 1 : values[builder->count_value];
    *samples = count > 0 ? (uint64_t)count : 1;
    return builder->options->weight == READ_WEIGHT_SAMPLES ? (int64_t)*samples
                                                           : values[builder->value];
}

int64_t builder_parse_weight(struct builder *builder, str text, unsigned power, uint64_t position)
{
    int64_t value = 0;
    enum num_scaled how = num_parse_scaled(text, power, &value);
    if (how == NUM_REFUSED) {
        builder_skip(builder, "a weight is not a number that can be counted", position);
        return 0;
    }
    if (how == NUM_ROUNDED)
        builder_skip(builder,
                     value == 0 ? "a weight that rounds to 0"
                                : "a part of a weight, which was rounded",
                     position);
    return value;
}

void builder_leave_out(struct builder *builder, const char *why, const int64_t *values)
{
    struct profile *profile = builder->profile;
    uint64_t samples;
    int64_t value = choose_sample_value(builder, values, &samples);
    profile->left_out_as = why;
    if (value > 0)
        num_add_most(&profile->left_out, (uint64_t)value);
}

/* The process is the caller of the stack, if there is a label "comm". */
static void push_process(struct builder *builder, const struct sample_label *labels, size_t count)
{
    str comm = find_label(labels, count, STR("comm"));
    uint32_t process = UINT32_MAX;
    if (comm.n > 0)
        process = builder_process(builder, comm, find_label(labels, count, STR("pid")),
                                  find_label(labels, count, STR("tid")), ' ');
    if (process != UINT32_MAX)
        vec_push(builder->heap, &builder->frames, process);
}

/* The frames of --tag-root above the stack, the outermost last. */
static void push_root_frames(struct builder *builder, const struct sample_label *labels,
                             size_t count)
{
    struct label_rules *rules = builder->options->labels;
    for (size_t i = rules ? rules->roots.n : 0; i-- > 0;) {
        struct frame root = {.name = label_rules_root(rules, rules->roots.at[i], labels, count)};
        uint32_t frame = builder_frame(builder, &root);
        vec_push(builder->heap, &builder->frames, frame);
    }
}

/* The labels as the outermost frame, but for "comm", which is a frame already. */
static void push_labels(struct builder *builder, const struct sample_label *labels, size_t count)
{
    struct sample_label kept[LABELS_KEPT];
    size_t n = 0;
    for (size_t i = 0; i < count && n < LABELS_KEPT; i++)
        if (!str_equal(labels[i].key, STR("comm")))
            kept[n++] = labels[i];
    if (n == 0)
        return;
    label_text_make(&builder->text, kept, n);
    struct frame frame = {.name = strbuf_str(&builder->text), .kind = FRAME_LABELS};
    uint32_t id = frames_add(&builder->profile->tree.frames, &frame);
    vec_push(builder->heap, &builder->frames, id);
}

/* Count `samples` samples, which weigh `weight` together. */
static void add_sample_count(struct profile *profile, uint64_t samples, uint64_t weight)
{
    struct wide rest;
    profile->samples += samples;
    profile_add_square(profile, wide_divide(wide_product(weight, weight), wide_of(samples), &rest));
}

/* Each value goes to its column. */
static bool add_sample_values(struct builder *builder, uint32_t node, const int64_t *values,
                              uint64_t samples, struct err *err)
{
    struct profile *profile = builder->profile;
    struct tree *tree = &profile->tree;
    for (size_t i = 0; i < builder->columns.n; i++) {
        unsigned column = builder->columns.at[i].column;
        unsigned decimals = builder->columns.at[i].decimals;
        if (values[i] < 0 && i == builder->value)
            return err_set(err, ERR_INPUT,
                           "it has values below 0: it is the difference of two profiles, which "
                           "flamegraph draws, one value at a time");
        if (values[i] < 0)
            builder_skip(builder, "a value below 0 that is not the one that counts", 0);
        if (values[i] <= 0 || column == TREE_NONE)
            continue;
        uint32_t at = tree_add(tree, node, column, (uint64_t)values[i],
                               i == builder->value ? builder->decimals : decimals);
        tree_count_samples(tree, at, column, samples);
        profile->values.at[column].samples += samples;
    }
    return true;
}

static void set_frames(struct builder *builder, const uint32_t *frames, size_t n)
{
    builder->frames.n = 0;
    vec_reserve(builder->heap, &builder->frames, n);
    if (n > 0)
        memcpy(builder->frames.at, frames, n * sizeof *frames);
    builder->frames.n = n;
}

/* The frames of labels above the stack in builder->frames. */
static void push_label_frames(struct builder *builder, const struct sample_label *labels,
                              size_t count)
{
    push_root_frames(builder, labels, count);
    if (builder->options->keep_labels && count > 0)
        push_labels(builder, labels, count);
}

static void sum_labels(struct builder *builder, const struct sample_label *labels, size_t count,
                       uint64_t weight)
{
    if (builder->options->sum_labels)
        label_sums_add(&builder->profile->labels, labels, count, weight);
}

bool builder_keeps_sample(struct builder *builder, const struct sample_label *labels, size_t count,
                          struct err *err)
{
    struct label_rules *rules = builder->options->labels;
    for (size_t i = 0; i < count; i++)
        profile_note_label(builder->profile, labels[i].key);
    return !rules || label_rules_keep(rules, labels, count, err);
}

bool builder_stack_with_labels(struct builder *builder, const uint32_t *frames, size_t n,
                               uint64_t weight, const struct sample_label *labels,
                               size_t label_count, struct err *err)
{
    if (!builder_keeps_sample(builder, labels, label_count, err))
        return err->code == ERR_NONE;
    set_frames(builder, frames, n);
    sum_labels(builder, labels, label_count, weight);
    push_label_frames(builder, labels, label_count);
    builder_stack(builder, builder->frames.at, builder->frames.n, weight);
    return true;
}

/* Count a sample of `depth` frames, and return its value. *samples: the number of samples that the
 * value is the sum of; *size: the value without its sign. */
static inline int64_t count_sample(struct builder *builder, size_t depth, const int64_t *values,
                                   const struct sample_label *labels, size_t label_count,
                                   uint64_t *size, uint64_t *samples)
{
    int64_t value = choose_sample_value(builder, values, samples);
    *size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    sum_labels(builder, labels, label_count, *size);
    builder->profile->stackless += depth == 0;
    if (builder->profile->tree.values && builder->columns.n == 0)
        builder->profile->values.at[builder->column].samples += *samples;
    if (value != 0 && builder->column == 0)
        add_sample_count(builder->profile, *samples, *size);
    return value;
}

bool builder_sample(struct builder *builder, const uint32_t *frames, size_t n,
                    const int64_t *values, const struct sample_label *labels, size_t label_count,
                    struct err *err)
{
    uint64_t size, samples;
    if (!builder_keeps_sample(builder, labels, label_count, err))
        return err->code == ERR_NONE;
    int64_t value = count_sample(builder, n, values, labels, label_count, &size, &samples);
    set_frames(builder, frames, n);
    push_process(builder, labels, label_count);
    push_label_frames(builder, labels, label_count);
    if (builder->columns.n > 0)
        return add_sample_values(builder, insert_frames(builder), values, samples, err);
    if (value < 0) {
        tree_queue_flush(&builder->queue);
        add_weight_before(builder, insert_frames(builder), size);
    } else if (value > 0) {
        builder_add_weight(builder, builder->frames.at, builder->frames.n, size, samples);
    }
    return true;
}

/* ---- stacks that nest ---- */

bool builder_has_weight(const struct builder *builder, const int64_t *values)
{
    uint64_t samples;
    for (size_t i = 0; i < builder->columns.n; i++)
        if (values[i] != 0)
            return true;
    return choose_sample_value(builder, values, &samples) != 0;
}

uint32_t builder_root(struct builder *builder, const struct sample_label *labels,
                      size_t label_count)
{
    builder->frames.n = 0;
    push_process(builder, labels, label_count);
    push_label_frames(builder, labels, label_count);
    return insert_frames(builder);
}

uint32_t builder_child(struct builder *builder, uint32_t parent, uint32_t frame)
{
    return tree_child(&builder->profile->tree, parent, frame);
}

bool builder_sample_at(struct builder *builder, uint32_t node, size_t depth, const int64_t *values,
                       const struct sample_label *labels, size_t label_count, struct err *err)
{
    struct tree *tree = &builder->profile->tree;
    uint64_t size, samples;
    int64_t value = count_sample(builder, depth, values, labels, label_count, &size, &samples);
    if (builder->columns.n > 0)
        return add_sample_values(builder, node, values, samples, err);
    if (value < 0)
        add_weight_before(builder, node, size);
    if (value <= 0)
        return true;
    node = tree_add(tree, node, tree_after(tree), size, builder->decimals);
    tree_count_samples(tree, node, tree_after(tree), samples);
    return true;
}
