/* SPDX-License-Identifier: MIT */
/*
 * jfr_reader: chunks and their events. The input is read twice: first to find which events it has,
 * then to read the chosen one. Only one chunk is in memory, unless the input cannot seek.
 */
#include "core/num.h"
#include "format/jfr/jfr.h"
#include "format/reader.h"

enum { HEADER = 68, METADATA = 0, CHECKPOINT = 1, LABELS = 6 };

#define MAGIC STR("FLR\0")

struct jfr {
    struct builder *builder;
    struct reader_input *input;
    struct err *err;
    struct jfr_types types;
    struct jfr_pool pool;
    struct jfr_choice choice;
    bool counts;        /* the first pass */
    uint64_t truncated; /* stacks */
    uint64_t samples;
    const char *damage; /* the last message; NULL: none */
    uint64_t damage_at;

    /* The current chunk. */
    str chunk;
    uint64_t offset; /* of it in the input */
    bool fixed;
    uint64_t ticks_per_second;
};

static uint64_t read_u64(str bytes, size_t at)
{
    struct jfr_cursor cursor = {bytes.p + at, bytes.p + at + 8, .fixed = true};
    return jfr_take(&cursor, 8);
}

/* Only the second pass reports damage. */
static void note_damage(struct jfr *j, const char *reason, const char *at)
{
    if (j->counts)
        return;
    j->damage = reason;
    j->damage_at = j->offset + (uint64_t)(at - j->chunk.p);
    builder_skip(j->builder, reason, j->damage_at);
}

/* ---- events ---- */

struct jfr_record {
    uint64_t type;
    struct jfr_cursor body;
};

/* The next record of the chunk. False at the end of the chunk, or if the record is damaged: then
 * walk->damaged is set, and walk->at is the start of the record. */
static bool next_record(struct jfr_cursor *walk, struct jfr_record *record)
{
    struct jfr_cursor head = *walk;
    if (walk->at == walk->end)
        return false;
    uint64_t size = jfr_take(&head, 4);
    record->type = jfr_take(&head, 8);
    uint64_t taken = (uint64_t)(head.at - walk->at), left = (uint64_t)(walk->end - walk->at);
    walk->damaged = head.damaged || size < taken || size > left;
    if (walk->damaged)
        return false;
    record->body = head;
    record->body.end = walk->at + size;
    walk->at += size;
    return true;
}

/* A damaged chunk may end in its header, where another one begins. */
static struct jfr_cursor start_jfr_walk(const struct jfr *j)
{
    size_t at = j->chunk.n < HEADER ? j->chunk.n : HEADER;
    return (struct jfr_cursor){j->chunk.p + at, j->chunk.p + j->chunk.n, .fixed = j->fixed};
}

/* Nanoseconds, bytes or plain numbers. A whole number of ticks may be a fraction of those. */
static int64_t scale_value(const struct jfr *j, const struct jfr_value *value)
{
    static const uint64_t scales[] = {
        [JFR_NO_UNIT] = 1,  [JFR_TICKS] = 1000000000, [JFR_NS] = 1,   [JFR_US] = 1000,
        [JFR_MS] = 1000000, [JFR_S] = 1000000000,     [JFR_BYTES] = 1};
    struct wide rest;
    uint64_t by = value->field->unit == JFR_TICKS ? j->ticks_per_second : 1;
    struct wide scaled = wide_product(value->number, scales[value->field->unit]);
    scaled = wide_divide(scaled, wide_of(by), &rest);
    return scaled.high == 0 && scaled.low <= INT64_MAX ? (int64_t)scaled.low : -1;
}

static void add_jfr_label(struct jfr *j, enum jfr_name name, const struct jfr_value *value,
                          struct sample_label *labels, size_t *n)
{
    bool thread = name == JFR_SAMPLED_THREAD || name == JFR_EVENT_THREAD;
    bool state = name == JFR_STATE;
    str text = STR("");
    if (value->field)
        text = thread || state ? jfr_pool_text(&j->pool, value)
                               : jfr_pool_class_name(&j->pool, value);
    if (text.n == 0)
        return;
    labels[(*n)++] = (struct sample_label){
        .key = thread  ? STR("thread")
               : state ? STR("state")
                       : STR("class"),
        .value = intern_text(&j->types.texts, text),
    };
}

/* The labels of an event. If it has both threads, the sampled one is used. An event has one class
 * at most. */
static size_t find_labels(struct jfr *j, const struct jfr_value values[JFR_NAMES],
                          struct sample_label labels[LABELS])
{
    static const enum jfr_name names[LABELS] = {JFR_SAMPLED_THREAD, JFR_EVENT_THREAD,
                                                JFR_STATE,          JFR_OBJECT_CLASS,
                                                JFR_MONITOR_CLASS,  JFR_PARKED_CLASS};
    size_t n = 0;
    for (size_t i = 0; i < LABELS; i++)
        if (names[i] != JFR_EVENT_THREAD || !values[JFR_SAMPLED_THREAD].field)
            add_jfr_label(j, names[i], &values[names[i]], labels, &n);
    return n;
}

/* A thread that was sampled for its processor time, but waited: older versions of async-profiler
 * write both kinds as one event. */
static bool is_jfr_idle(const struct jfr *j, uint32_t class_, const struct sample_label *labels,
                        size_t n)
{
    str name = intern_name(&j->types.texts, j->types.classes.at[class_].name);
    if (j->builder->options->idle || !str_equal(name, STR("jdk.ExecutionSample")))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_equal(labels[i].key, STR("state")))
            return str_contains_any(labels[i].value, "SLEEPING|WAITING|PARKED|WAIT|BLOCKED");
    return false;
}

static bool add_jfr_sample(struct jfr *j, uint32_t class_, struct jfr_cursor *body)
{
    struct jfr_value values[JFR_NAMES];
    struct sample_label labels[LABELS];
    const char *start = body->at;
    jfr_types_read_object(&j->types, class_, body, values);
    if (body->damaged) {
        note_damage(j, "an event that is damaged", start);
        return true;
    }
    const struct jfr_class *type = &j->types.classes.at[class_];
    const struct jfr_value *samples = &values[JFR_SAMPLES];
    int64_t count = samples->field && samples->number > 0 ? (int64_t)samples->number : 1;
    int64_t value = type->value < JFR_NAMES && values[type->value].field
                        ? scale_value(j, &values[type->value])
                        : count;
    if (count < 0 || value < 0) {
        note_damage(j, "a value that is too large", start);
        return true;
    }
    const int64_t weights[JFR_VALUES] = {count, value, value, value};
    size_t n = find_labels(j, values, labels);
    j->samples++;
    if (is_jfr_idle(j, class_, labels, n)) {
        builder_leave_out(j->builder, "idle", weights);
        return true;
    }
    const struct jfr_constant *stack = jfr_pool_stack(&j->pool, &values[JFR_STACK_TRACE]);
    if (!stack && values[JFR_STACK_TRACE].number != 0)
        note_damage(j, "an event whose stack is missing", start);
    j->truncated += stack && stack->truncated;
    const uint32_t *frames = stack && stack->count > 0 ? j->pool.frames.at + stack->known : NULL;
    return builder_sample(j->builder, frames, frames ? stack->count : 0, weights, labels, n,
                          j->err);
}

/* ---- chunks ---- */

/* The last metadata of a chunk is used for all of it. */
static bool read_metadata(struct jfr *j)
{
    struct jfr_cursor walk = start_jfr_walk(j), last = {0};
    struct jfr_record record;
    while (next_record(&walk, &record))
        if (record.type == METADATA)
            last = record.body;
    j->types.classes.n = 0;
    if (!last.at)
        note_damage(j, "a chunk without the description of its events", j->chunk.p);
    else if (!jfr_types_read(&j->types, &last))
        note_damage(j, "a chunk whose description of events is damaged", last.at);
    return j->types.classes.n > 0;
}

static void read_constants(struct jfr *j)
{
    struct jfr_cursor walk = start_jfr_walk(j);
    struct jfr_record record;
    jfr_pool_clear(&j->pool);
    while (next_record(&walk, &record))
        if (record.type == CHECKPOINT && !jfr_pool_read(&j->pool, &record.body))
            note_damage(j, "constants that are damaged", record.body.at);
}

/* *end is where the next chunk may begin. `cut`: the end of the chunk is missing. */
static bool read_chunk(struct jfr *j, bool cut, const char **end)
{
    struct jfr_cursor walk = start_jfr_walk(j);
    struct jfr_record record;
    bool good = true, known = read_metadata(j);
    if (known && !j->counts) {
        jfr_choice_mark(&j->choice, &j->types);
        read_constants(j);
    }
    while (good && next_record(&walk, &record)) {
        uint32_t class_ = known ? jfr_types_find(&j->types, record.type) : JFR_NONE;
        if (class_ == JFR_NONE || record.type <= CHECKPOINT)
            continue;
        struct jfr_class *type = &j->types.classes.at[class_];
        type->events++;
        if (type->kept && !j->counts)
            good = add_jfr_sample(j, class_, &record.body);
    }
    if (j->counts)
        jfr_choice_count(&j->choice, &j->types);
    *end = walk.at;
    if (walk.damaged || cut)
        note_damage(j, "a chunk is damaged or cut short", walk.at);
    return good;
}

/* The start of the next chunk, at or after `from`. The current chunk is damaged. */
static size_t find_chunk(const struct jfr *j, const char *from)
{
    size_t at = (size_t)(from - j->chunk.p);
    return str_search(j->chunk, STR("FLR\0\0\2"), at > 0 ? at : 1);
}

static bool read_jfr_header(struct jfr *j, str head)
{
    unsigned major = (unsigned char)head.p[5];
    if (head.p[4] != 0 || major != 2)
        return err_set(j->err, ERR_INPUT,
                       "JFR recording, byte %llu: its version is %u, and only 2 can be read: "
                       "JDK 11 and later write it",
                       (unsigned long long)j->offset, (unsigned char)head.p[4] * 256 + major);
    j->fixed = (head.p[67] & 1) == 0;
    j->ticks_per_second = read_u64(head, 56);
    if (j->ticks_per_second == 0)
        j->ticks_per_second = 1000000000;
    return true;
}

/* A chunk that is still being written has no size yet: it is the rest of the input. */
static bool read_next_chunk(struct jfr *j, str head)
{
    uint64_t size = read_u64(head, 8);
    bool open = size < HEADER;
    const char *end;
    if (!read_jfr_header(j, head))
        return false;
    j->chunk = reader_input_peek(j->input, open || size > SIZE_MAX ? SIZE_MAX : (size_t)size);
    bool whole = !open && j->chunk.n == size;
    if (!whole) /* it ends where another one begins */
        j->chunk.n = find_chunk(j, j->chunk.p);
    if (!read_chunk(j, !open && !whole, &end))
        return false;
    size_t next = end == j->chunk.p + j->chunk.n ? j->chunk.n : find_chunk(j, end);
    j->offset += next;
    reader_input_skip(j->input, next);
    return true;
}

static bool read_chunks(struct jfr *j)
{
    j->offset = 0;
    for (;;) {
        str head = reader_input_peek(j->input, HEADER);
        j->chunk = head;
        if (head.n == 0)
            return !j->input->failed;
        if (head.n == HEADER && str_starts(head, MAGIC)) {
            if (!read_next_chunk(j, head))
                return false;
            continue;
        }
        note_damage(j, head.n < HEADER ? "a chunk is damaged or cut short" : "bytes between chunks",
                    head.p);
        j->chunk = reader_input_peek(j->input, SIZE_MAX);
        size_t next = find_chunk(j, j->chunk.p);
        j->offset += next;
        reader_input_skip(j->input, next);
    }
}

/* ---- reader ---- */

static bool read_twice(struct jfr *j)
{
    reader_input_keep(j->input);
    j->counts = true;
    bool done = read_chunks(j) && jfr_choice_make(&j->choice, j->err);
    j->counts = false;
    if (done) {
        reader_input_rewind(j->input);
        done = read_chunks(j);
    }
    reader_input_forget(j->input);
    if (j->truncated > 0)
        j->builder->profile
            ->remark = "some stacks were cut when they were recorded: "
                       "-XX:FlightRecorderOptions=stackdepth=1024 keeps more of them";
    return done;
}

static bool jfr_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct jfr j = {.builder = builder, .input = input, .err = err};
    jfr_types_init(&j.types, builder->scratch, builder->profile->tree.seed);
    jfr_pool_init(&j.pool, &j.types, builder);
    jfr_choice_init(&j.choice, builder);
    if (!read_twice(&j))
        return false;
    if (j.samples == 0 && j.damage)
        return err_set(err, ERR_INPUT, "JFR recording, byte %llu: %s",
                       (unsigned long long)j.damage_at, j.damage);
    return true;
}

static int jfr_bid(str head)
{
    return str_starts(head, MAGIC) ? 100 : 0;
}

const struct reader reader_jfr = {
    .name = "jfr",
    .help = "a recording of Java Flight Recorder, of the JDK or async-profiler",
    .binary = true,
    .options = READER_EVENTS,
    .bid = jfr_bid,
    .read = jfr_read,
};
