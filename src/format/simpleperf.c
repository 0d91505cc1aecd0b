/* SPDX-License-Identifier: MIT */
/*
 * simpleperf: samples of Android, as simpleperf report-sample writes them. Source: in Android,
 * system/extras/simpleperf/cmd_report_sample.proto
 *
 *      --protobuf      SIMPLEPERF, version (2 bytes), records: length (4 bytes), Record
 *
 *      as text         sample:
 *                        event_type: cpu-clock
 *                        event_count: 1000000
 *                        thread_name: app
 *                        symbol: read               the leaf
 *                        callchain:
 *                          symbol: main
 */
#include <inttypes.h>

#include "core/num.h"
#include "format/dump.h"
#include "format/perf_script/perf_select.h"
#include "format/protobuf.h"

static const str magic = STR_INIT("SIMPLEPERF");

enum { KNOWN_VERSION = 1, VERSION_SIZE = 2, LENGTH_SIZE = 4 };
enum { RECORD_SAMPLE = 1, RECORD_FILE = 3, RECORD_THREAD = 4, RECORD_META = 5 };
enum { SAMPLE_THREAD = 2, SAMPLE_CALLCHAIN, SAMPLE_COUNT, SAMPLE_EVENT, SAMPLE_FIELDS };
enum { CHAIN_ADDRESS = 1, CHAIN_FILE, CHAIN_SYMBOL, CHAIN_EXECUTION, CHAIN_FIELDS };
enum { FILE_ID = 1, FILE_PATH, FILE_SYMBOL };
enum { THREAD_ID = 1, THREAD_PROCESS, THREAD_NAME };
enum { META_EVENT = 1, EXECUTION_JIT = 2 };

struct simpleperf_file {
    str path;
    size_t first, count; /* its symbols */
};

struct simpleperf_thread {
    uint64_t pid;
    str name;
};

struct simpleperf {
    struct dump dump;
    struct perf_events events;

    /* as text: the current sample */
    bool in_sample;
    struct strbuf event, address, file;
    int64_t count;

    /* --protobuf */
    str all;
    VEC(struct simpleperf_file) files; /* by id */
    VEC(str) symbols;
    struct intern thread_ids; /* by their bytes */
    VEC(struct simpleperf_thread) threads;
    VEC(str) event_names;
};

static void add_simpleperf_frame(struct simpleperf *s, str name, str module, bool jit)
{
    const struct read_options *options = s->dump.builder->options;
    struct frame frame = {.name = dump_function_name(name), .module = module};
    if (str_starts(module, STR("[kernel.kallsyms]")) || str_ends(module, STR(".ko")))
        frame.kind = FRAME_KERNEL;
    else if (jit)
        frame.kind = FRAME_JIT;
    frame.marked = read_options_marks(options, frame.kind);
    dump_frame(&s->dump, &frame);
}

static bool add_simpleperf_sample(struct simpleperf *s, str event, int64_t count)
{
    bool good = true;
    if (perf_events_count(&s->events, event, s->dump.line))
        good = dump_count(&s->dump, count);
    dump_forget(&s->dump);
    return good;
}

/* ---- text ---- */

static bool end_sample(struct simpleperf *s)
{
    bool ends = s->in_sample;
    s->in_sample = false;
    return !ends || add_simpleperf_sample(s, strbuf_str(&s->event), s->count);
}

/* A frame without a symbol is "[kernel.kallsyms][+ffffffe5]" or "*linker64[+c6cae]". */
static void add_text_frame(struct simpleperf *s, str symbol)
{
    str module = strbuf_str(&s->file);
    if (str_contains(symbol, STR("[+")) && str_ends(symbol, STR("]")))
        dump_nameless_frame(&s->dump, module, strbuf_str(&s->address));
    else
        add_simpleperf_frame(s, symbol, module, false);
}

static bool take_simpleperf_line(struct dump *dump, str line)
{
    struct simpleperf *s = (struct simpleperf *)dump;
    str text = str_trim(line);
    size_t colon = str_search(text, STR(": "), 0);
    str key = str_head(text, colon), value = colon < text.n ? str_skip(text, colon + 2) : STR("");
    if (line.n > 0 && !is_blank(line.p[0])) {
        bool good = end_sample(s);
        s->in_sample = str_starts(line, STR("sample"));
        s->count = 0;
        return good;
    }
    if (!s->in_sample)
        return true;
    if (str_equal(key, STR("event_type"))) {
        strbuf_set(&s->event, value);
    } else if (str_equal(key, STR("event_count"))) {
        if (!num_parse_scaled(value, 0, &s->count))
            dump_skip(dump, "a weight is not a number that can be counted");
    } else if (str_equal(key, STR("thread_id"))) {
        dump_label(dump, STR("tid"), value);
    } else if (str_equal(key, STR("thread_name"))) {
        dump_label(dump, STR("comm"), value);
    } else if (str_equal(key, STR("vaddr_in_file"))) {
        strbuf_set(&s->address, value);
    } else if (str_equal(key, STR("file"))) {
        strbuf_set(&s->file, value);
    } else if (str_equal(key, STR("symbol"))) {
        add_text_frame(s, value);
    }
    return true;
}

/* ---- protobuf ---- */

static bool damaged_at(struct simpleperf *s, const char *at)
{
    return err_set(s->dump.err, ERR_INPUT, "byte %zu: it is not a recording of simpleperf",
                   (size_t)(at - s->all.p));
}

static bool take_simpleperf_file(struct simpleperf *s, struct protobuf message)
{
    struct simpleperf_file file = {.path = STR(""), .first = s->symbols.n};
    struct protobuf_field field;
    uint64_t id = 0;
    while (protobuf_next(&message, &field))
        if (field.number == FILE_ID)
            id = field.value;
        else if (field.number == FILE_PATH)
            file.path = field.bytes;
        else if (field.number == FILE_SYMBOL)
            vec_push(s->dump.builder->scratch, &s->symbols, field.bytes);
    file.count = s->symbols.n - file.first;
    if (message.damaged || id != s->files.n) /* they come in the order of their ids */
        return damaged_at(s, message.rest.p);
    vec_push(s->dump.builder->scratch, &s->files, file);
    return true;
}

static bool take_simpleperf_thread(struct simpleperf *s, struct protobuf message)
{
    struct simpleperf_thread thread = {.name = STR("")};
    struct protobuf_field field;
    uint64_t tid = 0;
    while (protobuf_next(&message, &field))
        if (field.number == THREAD_ID)
            tid = field.value;
        else if (field.number == THREAD_PROCESS)
            thread.pid = field.value;
        else if (field.number == THREAD_NAME)
            thread.name = field.bytes;
    if (message.damaged)
        return damaged_at(s, message.rest.p);
    uint32_t at = intern_add(&s->thread_ids, str_of((const char *)&tid, sizeof tid));
    if (at == s->threads.n)
        vec_push(s->dump.builder->scratch, &s->threads, thread);
    s->threads.at[at] = thread;
    return true;
}

static bool take_meta(struct simpleperf *s, struct protobuf message)
{
    struct protobuf_field field;
    while (protobuf_next(&message, &field))
        if (field.number == META_EVENT)
            vec_push(s->dump.builder->scratch, &s->event_names, field.bytes);
    return !message.damaged || damaged_at(s, message.rest.p);
}

static bool take_table(struct simpleperf *s, const struct protobuf_field *record)
{
    struct protobuf message = protobuf_of(record->bytes);
    switch (record->number) {
    case RECORD_FILE: return take_simpleperf_file(s, message);
    case RECORD_THREAD: return take_simpleperf_thread(s, message);
    case RECORD_META: return take_meta(s, message);
    default: return true;
    }
}

static bool push_simpleperf_chain(struct simpleperf *s, str bytes)
{
    struct protobuf message = protobuf_of(bytes);
    uint64_t fields[CHAIN_FIELDS];
    if (!protobuf_numbers(&message, fields, CHAIN_FIELDS))
        return damaged_at(s, message.rest.p);
    if (fields[CHAIN_FILE] >= s->files.n)
        return err_set(s->dump.err, ERR_INPUT, "byte %zu: there is no file %" PRIu64,
                       (size_t)(bytes.p - s->all.p), fields[CHAIN_FILE]);
    const struct simpleperf_file *file = &s->files.at[fields[CHAIN_FILE]];
    uint64_t symbol = fields[CHAIN_SYMBOL];
    if ((int64_t)symbol == -1) {
        strbuf_clear(&s->address);
        strbuf_add_hex(&s->address, fields[CHAIN_ADDRESS]);
        dump_nameless_frame(&s->dump, file->path, strbuf_str(&s->address));
        return true;
    }
    if (symbol >= file->count)
        return err_set(s->dump.err, ERR_INPUT, "byte %zu: there is no symbol %" PRIu64,
                       (size_t)(bytes.p - s->all.p), symbol);
    add_simpleperf_frame(s, s->symbols.at[file->first + symbol], file->path,
                         fields[CHAIN_EXECUTION] == EXECUTION_JIT);
    return true;
}

static void add_thread_labels(struct simpleperf *s, uint64_t tid)
{
    uint32_t at = intern_find(&s->thread_ids, str_of((const char *)&tid, sizeof tid));
    char digits[NUM_ROOM];
    dump_label(&s->dump, STR("tid"), str_of(digits, num_put_u64(digits, tid)));
    if (at == INTERN_NONE)
        return;
    const struct simpleperf_thread *thread = &s->threads.at[at];
    dump_label(&s->dump, STR("pid"), str_of(digits, num_put_u64(digits, thread->pid)));
    dump_label(&s->dump, STR("comm"), thread->name);
}

static bool take_simpleperf_sample(struct simpleperf *s, const struct protobuf_field *record)
{
    struct protobuf message = protobuf_of(record->bytes);
    struct protobuf_field field;
    uint64_t numbers[SAMPLE_FIELDS] = {0};
    if (record->number != RECORD_SAMPLE)
        return true;
    while (protobuf_next(&message, &field))
        if (field.number == SAMPLE_CALLCHAIN && !push_simpleperf_chain(s, field.bytes))
            return false;
        else if (field.number < SAMPLE_FIELDS)
            numbers[field.number] = field.value;
    if (message.damaged)
        return damaged_at(s, message.rest.p);
    s->dump.line = (uint64_t)(record->bytes.p - s->all.p);
    if (numbers[SAMPLE_EVENT] >= s->event_names.n || numbers[SAMPLE_COUNT] > INT64_MAX) {
        dump_skip(&s->dump, "a sample of no event, or a weight that cannot be counted");
        dump_forget(&s->dump);
        return true;
    }
    add_thread_labels(s, numbers[SAMPLE_THREAD]);
    return add_simpleperf_sample(s, s->event_names.at[numbers[SAMPLE_EVENT]],
                                 (int64_t)numbers[SAMPLE_COUNT]);
}

/* Read all records. Of a recording that was cut short, the complete records are read. */
static bool for_records(struct simpleperf *s,
                        bool (*take)(struct simpleperf *, const struct protobuf_field *))
{
    str rest = str_skip(s->all, magic.n + VERSION_SIZE);
    for (;;) {
        size_t size = 0;
        for (size_t i = 0; i < LENGTH_SIZE && i < rest.n; i++)
            size |= (size_t)(unsigned char)rest.p[i] << (8 * i);
        if (rest.n < LENGTH_SIZE || size > rest.n - LENGTH_SIZE) {
            if (take == take_simpleperf_sample)
                builder_skip(s->dump.builder, "the recording ends too early", s->all.n - rest.n);
            return true;
        }
        if (size == 0)
            return true;
        struct protobuf message = protobuf_of(str_cut(rest, LENGTH_SIZE, LENGTH_SIZE + size));
        struct protobuf_field record;
        while (protobuf_next(&message, &record))
            if (record.type == PROTOBUF_BYTES && !take(s, &record))
                return false;
        if (message.damaged)
            return damaged_at(s, message.rest.p);
        rest = str_skip(rest, LENGTH_SIZE + size);
    }
}

static bool read_simpleperf_records(struct simpleperf *s, struct reader_input *input)
{
    s->all = reader_input_peek(input, SIZE_MAX);
    if (s->all.n < magic.n + VERSION_SIZE || s->all.p[magic.n] != KNOWN_VERSION ||
        s->all.p[magic.n + 1] != 0)
        return err_set(s->dump.err, ERR_INPUT,
                       "it is a recording of simpleperf of another version than 1");
    bool done = for_records(s, take_table) && for_records(s, take_simpleperf_sample);
    reader_input_skip(input, s->all.n);
    return done;
}

static bool simpleperf_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    struct simpleperf s = {
        .events = {.builder = builder},
        .event.heap = heap,
        .address.heap = heap,
        .file.heap = heap,
    };
    dump_init(&s.dump, builder, err);
    intern_init(&s.thread_ids, heap, builder->profile->tree.seed);
    bool binary = str_equal(reader_input_peek(input, magic.n), magic);
    bool done = binary ? read_simpleperf_records(&s, input)
                       : dump_read(&s.dump, input, take_simpleperf_line) && end_sample(&s);
    perf_events_finish(builder->profile, true);
    return done;
}

static unsigned simpleperf_signs(str line)
{
    return str_starts(line, STR("sample:")) ? 1 : str_starts(line, STR("  event_count: ")) ? 2 : 0;
}

static int simpleperf_bid(str head)
{
    return str_starts(head, magic) ? 100 : dump_bid(head, simpleperf_signs);
}

const struct reader reader_simpleperf = {
    .name = "simpleperf",
    .help = "samples of Android: simpleperf report-sample",
    .needs = "SIMPLEPERF|event_count: ",
    .options = READER_EVENTS,
    .bid = simpleperf_bid,
    .read = simpleperf_read,
};
