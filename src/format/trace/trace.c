/* SPDX-License-Identifier: MIT */
/*
 * trace: events as Chrome and many others trace them. Source: "Trace Event Format",
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 *      traceEvents [{ph, name, cat, pid, tid, ts, dur: us, args}], or the list alone
 *          B, E  begin, end         X  both: ts, dur       M  names of processes and threads
 *          Profile, ProfileChunk, CpuProfile: a profile of V8 in parts
 *      samples [{pid, tid, ts, sf}], stackFrames {id: {name, parent}}
 *
 * Times are nanoseconds in memory.
 */
#include <math.h>

#include "format/reader.h"
#include "format/trace/trace.h"

/* The members of an event. The kind may come last. */
struct trace_record {
    uint32_t name, category, pid, tid, id, arg_name, file, frame;
    int64_t line;
    double at, duration;
    char kind;
    bool has_time, has_count, has_average;
};

static uint32_t add_trace_text(struct trace *t, str text)
{
    return intern_add(&t->texts, text);
}

/* "pid NUL id" */
static str join_key(struct trace *t, uint32_t pid, uint32_t id)
{
    strbuf_set(&t->key, trace_text(t, pid));
    strbuf_add(&t->key, str_of("", 1));
    strbuf_add(&t->key, trace_text(t, id));
    return strbuf_str(&t->key);
}

static uint32_t find_process(struct trace *t, uint32_t pid)
{
    uint32_t place = intern_add(&t->process_keys, trace_text(t, pid));
    if (place == t->process_names.n)
        vec_push(t->heap, &t->process_names, NO_TEXT);
    return place;
}

static uint32_t find_trace_thread(struct trace *t, uint32_t pid, uint32_t tid)
{
    struct trace_known_thread *known = &t->known[(pid * 31 + tid) % TRACE_KNOWN];
    if (known->pid == pid && known->tid == tid && known->place > 0)
        return known->place - 1;
    uint32_t place = intern_add(&t->thread_keys, join_key(t, pid, tid));
    *known = (struct trace_known_thread){pid, tid, place + 1};
    if (place == t->threads.n) {
        struct trace_thread thread = {find_process(t, pid), pid, tid, NO_TEXT};
        vec_push(t->heap, &t->threads, thread);
    }
    return place;
}

/* ---- events ---- */

static void read_trace_data(struct trace *t)
{
    struct v8_profile *part = &t->part;
    str key;
    while (json_next_key(&t->json, &key)) {
        if (!str_equal(key, STR("cpuProfile"))) {
            bool times = str_equal(key, STR("timeDeltas")) || str_equal(key, STR("startTime")) ||
                         str_equal(key, STR("endTime"));
            if (!times || !v8_profile_read_member(part, key))
                json_skip(&t->json);
        } else if (json_enter(&t->json, '{')) {
            while (json_next_key(&t->json, &key))
                if (!v8_profile_read_member(part, key))
                    json_skip(&t->json);
        }
    }
}

static void read_args(struct trace *t, struct trace_record *r)
{
    str key;
    while (json_next_key(&t->json, &key)) {
        if (str_equal(key, STR("name"))) {
            r->arg_name = add_trace_text(t, json_text_value(&t->json));
        } else if (str_equal(key, STR("detail")) || str_equal(key, STR("url"))) {
            r->file = add_trace_text(t, json_text_value(&t->json));
        } else if (str_equal(key, STR("line"))) {
            r->line = json_int_value(&t->json);
        } else if (str_equal(key, STR("data")) && json_peek(&t->json) == '{') {
            json_enter(&t->json, '{');
            read_trace_data(t);
        } else {
            r->has_count |= str_equal(key, STR("count"));
            r->has_average |= str_equal(key, STR("avg ms"));
            json_skip(&t->json);
        }
    }
}

/* False: the value of the key was not read. */
static bool read_text(struct trace *t, struct trace_record *r, str key)
{
    static const str keys[TRACE_TEXTS] = {STR_INIT("name"), STR_INIT("cat"), STR_INIT("pid"),
                                          STR_INIT("tid"),  STR_INIT("id"),  STR_INIT("sf")};
    uint32_t *to[TRACE_TEXTS] = {&r->name, &r->category, &r->pid, &r->tid, &r->id, &r->frame};
    for (size_t i = 0; i < TRACE_TEXTS; i++) {
        if (!str_equal(key, keys[i]))
            continue;
        str text = json_text_value(&t->json);
        if (!str_equal(text, trace_text(t, t->last[i])))
            t->last[i] = add_trace_text(t, text);
        *to[i] = t->last[i];
        return true;
    }
    return false;
}

static struct trace_record read_record(struct trace *t)
{
    struct trace_record r = {.name = NO_TEXT,
                             .category = NO_TEXT,
                             .arg_name = NO_TEXT,
                             .file = NO_TEXT,
                             .frame = NO_TEXT};
    bool whole = false;
    str key;
    r.pid = r.tid = r.id = t->empty;
    while (json_next_key(&t->json, &key)) {
        if (str_equal(key, STR("ph"))) {
            str kind = json_string_value(&t->json);
            r.kind = kind.n == 1 ? kind.p[0] : '\0';
        } else if (str_equal(key, STR("ts"))) {
            r.has_time = json_number_value(&t->json, &r.at);
        } else if (str_equal(key, STR("dur")) || (!whole && str_equal(key, STR("tdur")))) {
            whole |= key.n == 3;
            json_number_value(&t->json, &r.duration);
        } else if (str_equal(key, STR("args")) && json_peek(&t->json) == '{') {
            json_enter(&t->json, '{');
            read_args(t, &r);
        } else if (!read_text(t, &r, key)) {
            json_skip(&t->json);
        }
    }
    return r;
}

/* Convert us to ns. The whole part is converted as an integer, so that no digit is lost. */
static bool get_time(double us, int64_t *ns)
{
    if (!(fabs(us) < 4e15))
        return false;
    double whole = floor(us);
    *ns = (int64_t)whole * 1000 + (int64_t)nearbyint((us - whole) * 1000);
    return true;
}

static uint32_t find_frame(struct trace *t, const struct trace_record *r)
{
    struct frame frame = {
        .name = r->name == NO_TEXT ? STR("(unnamed)") : trace_text(t, r->name),
        .file = trace_text(t, r->file),
        .line = r->line > 0 && r->line < UINT32_MAX ? (uint32_t)r->line : 0,
    };
    if (r->name == NO_TEXT || frame.file.n > 0 || frame.line > 0)
        return builder_frame(t->builder, &frame);
    while (t->frame_of.n <= r->name)
        vec_push(t->heap, &t->frame_of, UINT32_MAX);
    if (t->frame_of.at[r->name] == UINT32_MAX)
        t->frame_of.at[r->name] = builder_frame(t->builder, &frame);
    return t->frame_of.at[r->name];
}

static void add_trace_event(struct trace *t, const struct trace_record *r)
{
    struct timeline_event event = {.kind = r->kind, .order = (uint32_t)t->events.n};
    int64_t duration = 0;
    if (r->has_count && r->has_average) /* clang: the sum of all events of a name */
        return;
    if (!r->has_time || !get_time(r->at, &event.at) ||
        (r->kind == 'X' && (!get_time(r->duration, &duration) || duration < 0))) {
        builder_skip(t->builder, "an event without a time that can be used", json_offset(&t->json));
        return;
    }
    event.end = event.at + duration;
    event.thread = find_trace_thread(t, r->pid, r->tid);
    event.name = r->name == NO_TEXT ? t->empty : r->name;
    if (r->kind != 'E')
        event.frame.frame = find_frame(t, r);
    event.frame.category = trace_text(t, r->category).n > 0 ? r->category : NO_TEXT;
    vec_push(t->heap, &t->events, event);
}

static void add_trace_name(struct trace *t, const struct trace_record *r)
{
    str name = trace_text(t, r->name);
    if (r->arg_name == NO_TEXT || trace_text(t, r->arg_name).n == 0)
        return;
    uint32_t thread = find_trace_thread(t, r->pid, r->tid), process = t->threads.at[thread].process;
    if (str_equal(name, STR("thread_name")))
        t->threads.at[thread].name = r->arg_name;
    else if (str_equal(name, STR("process_name")))
        t->process_names.at[process] = r->arg_name;
    else
        return;
    t->names_threads = true;
}

static void start_part(struct trace *t)
{
    v8_profile_init(&t->part, t->builder, &t->json, &t->texts, t->err);
}

static bool is_chunk(const struct trace *t, const struct trace_record *r)
{
    str name = trace_text(t, r->name);
    return str_equal(name, STR("Profile")) || str_equal(name, STR("ProfileChunk")) ||
           str_equal(name, STR("CpuProfile"));
}

static void add_chunk(struct trace *t, const struct trace_record *r)
{
    struct trace_chunk chunk = {.v8 = t->part, .order = t->chunks.n};
    get_time(r->at, &chunk.at);
    chunk.thread = find_trace_thread(t, r->pid, r->tid);
    chunk.key = add_trace_text(t, join_key(t, r->pid, r->id));
    vec_push(t->heap, &t->chunks, chunk);
    start_part(t);
}

static void read_trace_event(struct trace *t)
{
    struct trace_record r = read_record(t);
    if (t->json.damaged)
        return;
    if (r.kind == 'M')
        add_trace_name(t, &r);
    else if (is_chunk(t, &r))
        add_chunk(t, &r);
    else if (r.kind == 'B' || r.kind == 'E' || r.kind == 'X')
        add_trace_event(t, &r);
    if (!v8_profile_is_empty(&t->part))
        start_part(t);
}

static void read_trace_sample(struct trace *t)
{
    struct trace_record r = read_record(t);
    struct timeline_event sample = {.order = (uint32_t)t->samples.n, .name = r.frame};
    if (t->json.damaged)
        return;
    if (!r.has_time || !get_time(r.at, &sample.at)) {
        builder_skip(t->builder, "a sample without a time that can be used", json_offset(&t->json));
        return;
    }
    sample.thread = find_trace_thread(t, r.pid, r.tid);
    vec_push(t->heap, &t->samples, sample);
}

static void read_stack_frames(struct trace *t)
{
    str key;
    if (!json_enter(&t->json, '{'))
        return;
    while (json_next_key(&t->json, &key)) {
        struct stack_frame known = {.id = add_trace_text(t, key), .parent = NO_TEXT};
        uint32_t name = add_trace_text(t, STR(""));
        if (!json_enter(&t->json, '{'))
            continue;
        while (json_next_key(&t->json, &key))
            if (str_equal(key, STR("name")))
                name = add_trace_text(t, json_string_value(&t->json));
            else if (str_equal(key, STR("parent")))
                known.parent = add_trace_text(t, json_text_value(&t->json));
            else
                json_skip(&t->json);
        struct frame frame = {.name = trace_text(t, name)};
        known.frame = builder_frame(t->builder, &frame);
        if (intern_add(&t->frame_ids, trace_text(t, known.id)) == t->frames.n)
            vec_push(t->heap, &t->frames, known);
    }
}

/* ---- the file ---- */

static void read_list(struct trace *t, void (*read_item)(struct trace *))
{
    if (json_enter(&t->json, '['))
        while (json_next_object(&t->json))
            read_item(t);
}

/* A list of events may lack its end. */
static bool read_trace_file(struct trace *t)
{
    str key;
    if (json_peek(&t->json) == '[') {
        read_list(t, read_trace_event);
        if (t->json.cut && t->json.nesting.n == 1)
            return true;
    } else if (json_enter(&t->json, '{')) {
        while (json_next_key(&t->json, &key))
            if (str_equal(key, STR("traceEvents")))
                read_list(t, read_trace_event);
            else if (str_equal(key, STR("samples")))
                read_list(t, read_trace_sample);
            else if (str_equal(key, STR("stackFrames")))
                read_stack_frames(t);
            else
                json_skip(&t->json);
    }
    return json_check(&t->json, t->builder, t->err);
}

static bool trace_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    uint64_t seed = builder->profile->tree.seed;
    struct trace t = {.heap = heap, .builder = builder, .err = err, .key.heap = heap};
    t.timeline = (struct timeline){.builder = builder, .err = err, .texts = &t.texts};
    json_stream_init(&t.json, input, heap);
    intern_init(&t.texts, heap, seed);
    intern_init(&t.thread_keys, heap, seed);
    intern_init(&t.process_keys, heap, seed);
    intern_init(&t.frame_ids, heap, seed);
    t.empty = add_trace_text(&t, STR(""));
    for (size_t i = 0; i < TRACE_TEXTS; i++)
        t.last[i] = t.empty;
    start_part(&t);
    return read_trace_file(&t) && trace_add_all(&t);
}

static int trace_bid(str head)
{
    str start = str_trim_left(head);
    bool events = str_contains(head, STR("\"ph\""));
    if (str_starts(start, STR("{")) && str_contains(head, STR("\"traceEvents\"")))
        return 84;
    if (str_starts(start, STR("[")) && events)
        return 83;
    return str_starts(start, STR("{")) && events && str_contains(head, STR("\"ts\"")) ? 81 : 0;
}

const struct reader reader_trace = {
    .name = "trace",
    .help = "events of Chrome, clang -ftime-trace, PyTorch...",
    .needs = "\"ph\"|\"traceEvents\"",
    .bid = trace_bid,
    .read = trace_read,
};
