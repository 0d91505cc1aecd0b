/* SPDX-License-Identifier: MIT */
/*
 * speedscope_reader: frames, profiles and their units.
 */
#include "format/speedscope/speedscope.h"

#include "format/reader.h"

static const struct speedscope_unit units[] = {
    {STR_INIT("none"), STR_INIT(""), FRACTION_DECIMALS, FRACTION_DECIMALS},
    {STR_INIT("nanoseconds"), STR_INIT("nanoseconds"), 0, 0},
    {STR_INIT("microseconds"), STR_INIT("nanoseconds"), 3, 0},
    {STR_INIT("milliseconds"), STR_INIT("nanoseconds"), 6, 0},
    {STR_INIT("seconds"), STR_INIT("nanoseconds"), 9, 0},
    {STR_INIT("bytes"), STR_INIT("bytes"), 0, 0},
};

static const struct speedscope_unit *find_speedscope_unit(str name)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (str_equal(units[i].name, name))
            return &units[i];
    return &units[0];
}

/* ---- frames ---- */

static void read_speedscope_frame(struct speedscope *s)
{
    struct speedscope_frame frame = {.line = 0};
    str key;
    frame.name = frame.file = intern_add(&s->texts, STR(""));
    while (json_next_key(&s->json, &key))
        if (str_equal(key, STR("name")))
            frame.name = intern_add(&s->texts, json_string_value(&s->json));
        else if (str_equal(key, STR("file")))
            frame.file = intern_add(&s->texts, json_string_value(&s->json));
        else if (str_equal(key, STR("line")))
            frame.line = (uint32_t)json_int_value(&s->json);
        else
            json_skip(&s->json);
    vec_push(s->heap, &s->table, frame);
}

/* The frames of the table, for the current profile. */
static void make_speedscope_frames(struct speedscope *s)
{
    s->frames.n = 0;
    for (size_t i = 0; i < s->table.n; i++) {
        const struct speedscope_frame *known = &s->table.at[i];
        struct frame frame = {
            .name = intern_name(&s->texts, known->name),
            .module = STR(""),
            .file = intern_name(&s->texts, known->file),
            .line = known->line,
        };
        uint32_t id = s->is_ours && frame.name.n == 0
                          ? tree_frame(&s->builder->profile->tree, STR(""))
                          : builder_frame(s->builder, &frame);
        vec_push(s->heap, &s->frames, id);
    }
}

static void read_shared(struct speedscope *s)
{
    str key;
    if (!json_enter(&s->json, '{'))
        return;
    while (json_next_key(&s->json, &key)) {
        if (!str_equal(key, STR("frames")) || s->has_frames)
            json_skip(&s->json);
        else if (json_enter(&s->json, '['))
            while (json_next_object(&s->json))
                read_speedscope_frame(s);
    }
    if (!s->has_frames)
        make_speedscope_frames(s);
    s->has_frames = true;
}

/* ---- profiles ---- */

static bool read_speedscope_profile(struct speedscope *s)
{
    bool good = true, warns = false;
    str key;
    s->unit = &units[0];
    s->has_unit = s->has_name = false;
    s->name.bytes.n = s->samples.n = s->weights.n = 0;
    while (good && json_next_key(&s->json, &key)) {
        if (str_equal(key, STR("name"))) {
            strbuf_set(&s->name, json_string_value(&s->json));
            s->has_name = true;
        } else if (str_equal(key, STR("unit"))) {
            s->unit = find_speedscope_unit(json_string_value(&s->json));
            s->has_unit = true;
        } else if (str_equal(key, STR("samples"))) {
            speedscope_read_samples(s);
        } else if (str_equal(key, STR("weights"))) {
            good = speedscope_read_weights(s);
        } else if (str_equal(key, STR("events"))) {
            bool wanted = speedscope_is_wanted(s);
            warns = !wanted && s->has_frames;
            good = s->err->code == ERR_NONE && speedscope_read_events(s, wanted);
        } else {
            json_skip(&s->json);
        }
    }
    if (good && s->samples.n > 0 && speedscope_is_wanted(s))
        good = speedscope_add_samples(s);
    else
        warns |= s->samples.n > 0 && s->has_frames;
    if (warns && s->err->code == ERR_NONE)
        builder_skip(s->builder, "a profile counts in another unit", s->profile_units.n + 1);
    vec_push(s->heap, &s->profile_units, s->unit);
    return good && s->err->code == ERR_NONE;
}

static bool read_speedscope_file(struct speedscope *s)
{
    str key;
    bool good = true;
    if (json_enter(&s->json, '{'))
        while (good && json_next_key(&s->json, &key)) {
            if (str_equal(key, STR("shared"))) {
                read_shared(s);
            } else if (str_equal(key, STR("profiles")) && json_enter(&s->json, '[')) {
                while (good && json_next_object(&s->json))
                    good = read_speedscope_profile(s);
            } else if (str_equal(key, STR("exporter"))) {
                s->is_ours = str_starts(json_string_value(&s->json), STR("flametree "));
            } else if (str_equal(key, STR("activeProfileIndex"))) {
                s->active = json_int_value(&s->json);
            } else {
                json_skip(&s->json);
            }
        }
    return good && json_check(&s->json, s->builder, s->err);
}

/* The unit that was read is not the unit of the file, or frames came too late. */
static bool must_read_again(struct speedscope *s)
{
    const struct speedscope_unit *right = s->wanted;
    if (s->active >= 0 && (uint64_t)s->active < s->profile_units.n)
        right = s->profile_units.at[s->active];
    bool again = s->lacked_frames || (right && s->wanted && right != s->wanted);
    s->wanted = again ? right : s->wanted;
    return again && s->has_frames;
}

/* One reading of the input into a profile of its own. */
static bool read_once(struct speedscope *s, struct profile *part, struct builder *sub,
                      const struct builder *whole)
{
    profile_init(part, whole->heap, whole->profile->tree.seed, whole->profile->tree.in_order);
    profile_split(part, whole->profile);
    builder_init(sub, part, whole->options);
    sub->scratch = whole->scratch;
    builder_start(sub, whole->file);
    s->builder = sub;
    s->profile_units.n = 0;
    s->lacked_frames = false;
    json_stream_init(&s->json, s->input, whole->scratch);
    if (s->has_frames)
        make_speedscope_frames(s);
    bool done = (!s->wanted || speedscope_choose_unit(s)) && read_speedscope_file(s);
    builder_end(sub);
    return done;
}

static bool speedscope_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    struct speedscope s = {.heap = heap, .input = input, .err = err, .name.heap = heap};
    struct profile part;
    struct builder sub;
    intern_init(&s.texts, heap, builder->profile->tree.seed);
    intern_init(&s.stacks, heap, builder->profile->tree.seed);
    intern_init(&s.stack_texts, heap, builder->profile->tree.seed);
    reader_input_keep(input);
    bool done = read_once(&s, &part, &sub, builder);
    if (done && must_read_again(&s)) {
        reader_input_rewind(input);
        profile_end(&part);
        done = read_once(&s, &part, &sub, builder);
    }
    if (done)
        profile_merge(builder->profile, &part, builder->profile->events.n);
    profile_end(&part);
    reader_input_forget(input);
    return done;
}

static int speedscope_bid(str head)
{
    if (!str_starts(str_trim_left(head), STR("{")))
        return 0;
    if (str_contains(head, STR("speedscope.app/file-format-schema")))
        return 85;
    return str_contains(head, STR("\"shared\"")) && str_contains(head, STR("\"frames\"")) ? 82 : 0;
}

const struct reader reader_speedscope = {
    .name = "speedscope",
    .help = "the JSON of speedscope: py-spy, rbspy, dotnet-trace...",
    .needs = "speedscope.app/file-format-schema|\"shared\"",
    .bid = speedscope_bid,
    .read = speedscope_read,
};
