/*
 * speedscope: the JSON of https://www.speedscope.app, which py-spy, rbspy, dotnet-trace and others
 * write. Source: https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts
 *
 *      shared.frames [{name, file, line}]     named by their places
 *      profiles [{type "sampled", unit, samples [[frame...], root first], weights [...]}
 *                {type "evented", unit, events [{type "O" or "C", frame, at}]}]
 *
 * Profiles of one unit are added up: that of the profile which activeProfileIndex names. What is
 * needed first may come last: then the input is read a second time.
 */
#include <math.h>

#include "core/num.h"
#include "format/json_stream.h"
#include "format/reader.h"

enum { FRACTION_DECIMALS = 6 }; /* of weights without a unit */

struct speedscope_unit {
    str name, unit; /* in the file; what it becomes */
    double scale;
    unsigned decimals;
};

static const struct speedscope_unit units[] = {
    {STR_INIT("none"), STR_INIT(""), 1e6, FRACTION_DECIMALS},
    {STR_INIT("nanoseconds"), STR_INIT("nanoseconds"), 1, 0},
    {STR_INIT("microseconds"), STR_INIT("nanoseconds"), 1e3, 0},
    {STR_INIT("milliseconds"), STR_INIT("nanoseconds"), 1e6, 0},
    {STR_INIT("seconds"), STR_INIT("nanoseconds"), 1e9, 0},
    {STR_INIT("bytes"), STR_INIT("bytes"), 1, 0},
};

struct speedscope_frame {
    uint32_t name, file; /* texts */
    uint32_t line;       /* 0: not known */
};

struct speedscope {
    struct heap *heap;
    struct builder *builder;
    struct reader_input *input;
    struct json_stream json;
    struct err *err;
    const struct speedscope_unit *wanted; /* NULL: that of the first profile */
    struct intern texts;
    VEC(struct speedscope_frame) table;
    VEC(uint32_t) frames; /* of the builder, by place */
    bool has_frames, lacked_frames;
    VEC(const struct speedscope_unit *) profile_units;
    int64_t active;

    /* The profile at hand. */
    const struct speedscope_unit *unit;
    struct strbuf name;
    VEC(uint32_t) stacks; /* frames of all samples, one after another, root first */
    VEC(size_t) ends;     /* of each sample in `stacks` */
    VEC(double) weights;
    VEC(uint32_t) open, leaf_first;
    double last; /* the time of the last event */
};

static const struct speedscope_unit *find_unit(str name)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (str_equal(units[i].name, name))
            return &units[i];
    return &units[0];
}

/* ---- frames ---- */

static void read_frame(struct speedscope *s)
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

/* The frames of the table in the profile at hand. */
static void make_frames(struct speedscope *s)
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
        uint32_t id = builder_frame(s->builder, &frame);
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
            while (json_next_item(&s->json))
                if (json_enter(&s->json, '{'))
                    read_frame(s);
    }
    if (!s->has_frames)
        make_frames(s);
    s->has_frames = true;
}

/* ---- stacks ---- */

static bool add_weight(struct speedscope *s, const uint32_t *places, size_t n, double weight)
{
    struct sample_label label = {.key = STR("profile"), .value = strbuf_str(&s->name)};
    double scaled = weight * s->unit->scale;
    if (!(fabs(scaled) < 9e18)) {
        builder_skip(s->builder, "a weight is no number that can be counted",
                     json_offset(&s->json));
        return true;
    }
    int64_t value = (int64_t)nearbyint(scaled);
    if (n == 0) {
        builder_leave_out(s->builder, "without a stack", &value);
        return true;
    }
    s->leaf_first.n = 0;
    for (size_t i = n; i-- > 0;) {
        if (places[i] >= s->frames.n) {
            builder_skip(s->builder, "a sample names a frame that is not there",
                         json_offset(&s->json));
            return true;
        }
        vec_push(s->heap, &s->leaf_first, s->frames.at[places[i]]);
    }
    return builder_sample(s->builder, s->leaf_first.at, n, &value, &label, s->name.bytes.n > 0,
                          s->err);
}

static void read_samples(struct speedscope *s)
{
    if (!json_enter(&s->json, '['))
        return;
    while (json_next_item(&s->json)) {
        if (json_enter(&s->json, '['))
            while (json_next_item(&s->json)) {
                uint32_t place = (uint32_t)json_int_value(&s->json);
                vec_push(s->heap, &s->stacks, place);
            }
        vec_push(s->heap, &s->ends, s->stacks.n);
    }
}

static bool add_samples(struct speedscope *s)
{
    size_t start = 0;
    for (size_t i = 0; i < s->ends.n && i < s->weights.n; i++) {
        if (!add_weight(s, s->stacks.at + start, s->ends.at[i] - start, s->weights.at[i]))
            return false;
        start = s->ends.at[i];
    }
    if (s->ends.n != s->weights.n)
        builder_skip(s->builder, "samples and weights are not equally many", json_offset(&s->json));
    return true;
}

struct speedscope_event {
    char type;
    uint32_t frame;
    double at;
};

static struct speedscope_event read_event(struct speedscope *s)
{
    struct speedscope_event event = {'\0', 0, 0};
    str key;
    while (json_next_key(&s->json, &key)) {
        if (str_equal(key, STR("type"))) {
            str type = json_string_value(&s->json);
            event.type = type.n == 1 ? type.p[0] : '\0';
        } else if (str_equal(key, STR("frame"))) {
            event.frame = (uint32_t)json_int_value(&s->json);
        } else if (str_equal(key, STR("at"))) {
            json_number_value(&s->json, &event.at);
        } else {
            json_skip(&s->json);
        }
    }
    return event;
}

/* False: events are not in the order of time, or do not nest. */
static bool take_event(struct speedscope *s, const struct speedscope_event *event, bool *good)
{
    bool opens = event->type == 'O', first = s->open.n == 0;
    if (event->at < s->last && !first)
        return false;
    if (!first && event->at > s->last)
        *good = add_weight(s, s->open.at, s->open.n, event->at - s->last);
    s->last = event->at;
    if (opens) {
        vec_push(s->heap, &s->open, event->frame);
        return true;
    }
    if (event->type != 'C' || first || s->open.at[s->open.n - 1] != event->frame)
        return false;
    s->open.n--;
    return true;
}

static bool read_events(struct speedscope *s, bool adds)
{
    bool good = true, ordered = true;
    if (!json_enter(&s->json, '['))
        return true;
    s->open.n = 0;
    s->last = 0;
    while (json_next_item(&s->json)) {
        if (!adds || !ordered || !good) {
            json_skip(&s->json);
        } else if (json_enter(&s->json, '{')) {
            struct speedscope_event event = read_event(s);
            ordered = take_event(s, &event, &good);
            if (!ordered)
                builder_skip(s->builder, "an event is out of order, and the rest of its profile",
                             json_offset(&s->json));
        }
    }
    return good;
}

/* ---- profiles ---- */

static bool choose_unit(struct speedscope *s)
{
    struct value_type type = {s->wanted->decimals > 0 ? STR("weight") : s->wanted->name,
                              s->wanted->unit};
    s->builder->decimals = s->wanted->decimals;
    if (type.unit.n > 0 && !str_equal(type.unit, STR("bytes")))
        type.name = STR("time");
    return builder_value_types(s->builder, &type, 1, 0, s->err);
}

static bool is_wanted(struct speedscope *s)
{
    if (!s->has_frames) {
        s->lacked_frames = true;
        return false;
    }
    if (!s->wanted) {
        s->wanted = s->unit;
        if (!choose_unit(s))
            return false;
    }
    return s->unit == s->wanted;
}

static bool read_profile(struct speedscope *s)
{
    bool good = true, told = false;
    str key;
    s->unit = &units[0];
    s->name.bytes.n = s->stacks.n = s->ends.n = s->weights.n = 0;
    while (good && json_next_key(&s->json, &key)) {
        if (str_equal(key, STR("name"))) {
            strbuf_set(&s->name, json_string_value(&s->json));
        } else if (str_equal(key, STR("unit"))) {
            s->unit = find_unit(json_string_value(&s->json));
        } else if (str_equal(key, STR("samples"))) {
            read_samples(s);
        } else if (str_equal(key, STR("weights"))) {
            double weight;
            if (json_enter(&s->json, '['))
                while (json_next_item(&s->json)) {
                    json_number_value(&s->json, &weight);
                    vec_push(s->heap, &s->weights, weight);
                }
        } else if (str_equal(key, STR("events"))) {
            bool wanted = is_wanted(s);
            told = !wanted && s->has_frames;
            good = s->err->code == ERR_NONE && read_events(s, wanted);
        } else {
            json_skip(&s->json);
        }
    }
    if (good && s->ends.n > 0 && is_wanted(s))
        good = add_samples(s);
    else
        told |= s->ends.n > 0 && s->has_frames;
    if (told && s->err->code == ERR_NONE)
        builder_skip(s->builder, "a profile counts in another unit", s->profile_units.n + 1);
    vec_push(s->heap, &s->profile_units, s->unit);
    return good && s->err->code == ERR_NONE;
}

static bool read_file(struct speedscope *s)
{
    str key;
    bool good = true;
    if (json_enter(&s->json, '{'))
        while (good && json_next_key(&s->json, &key)) {
            if (str_equal(key, STR("shared"))) {
                read_shared(s);
            } else if (str_equal(key, STR("profiles")) && json_enter(&s->json, '[')) {
                while (good && json_next_item(&s->json))
                    if (json_enter(&s->json, '{'))
                        good = read_profile(s);
            } else if (str_equal(key, STR("activeProfileIndex"))) {
                s->active = json_int_value(&s->json);
            } else {
                json_skip(&s->json);
            }
        }
    return good && json_check(&s->json, s->builder, s->err);
}

/* The unit that was read is not the one that the file asks for, or frames came too late. */
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
    builder_init(sub, part, whole->options);
    builder_start(sub, whole->file);
    s->builder = sub;
    s->profile_units.n = 0;
    s->lacked_frames = false;
    json_stream_init(&s->json, s->input, whole->heap);
    if (s->has_frames)
        make_frames(s);
    bool done = (!s->wanted || choose_unit(s)) && read_file(s);
    json_stream_end(&s->json);
    builder_end(sub);
    return done;
}

static bool speedscope_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->heap;
    struct speedscope s = {.heap = heap, .input = input, .err = err, .name.heap = heap};
    struct profile part;
    struct builder sub;
    intern_init(&s.texts, heap, builder->profile->tree.seed);
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
    vec_free(heap, &s.stacks); /* the rest is small: it goes with the heap */
    vec_free(heap, &s.ends);
    vec_free(heap, &s.weights);
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
    .bid = speedscope_bid,
    .read = speedscope_read,
};
