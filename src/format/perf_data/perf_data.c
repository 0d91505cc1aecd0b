/* SPDX-License-Identifier: MIT */
/*
 * perf_data: the reader. It walks through the records of the input, unpacks those that are packed,
 * acts on the records of perf itself at once, and puts those of the kernel into the queue.
 */
#include "format/perf_data/perf_data.h"

enum {
    BLOCK = 262144,
    PIPE_HEADER = 16,
};

#define MAGIC_FIRST STR("PERFFILE")

bool perf_data_refuse(struct perf_data *data, enum perf_unread what)
{
    static const struct {
        const char *what, *command;
    } unread[] = {
        [PERF_UNREAD_AUX] = {"a trace of the processor (AUX: Intel PT, SPE, CoreSight)",
                             "perf script --itrace=i100usg -i FILE | collapse"},
        [PERF_UNREAD_BRANCHES] = {"call stacks from branch records (--call-graph lbr)",
                                  "perf script -i FILE | collapse"},
        [PERF_UNREAD_COUNTS] = {"the counts of perf stat record, and no stacks",
                                "perf stat report -i FILE"},
        [PERF_UNREAD_DEFERRED] = {"call stacks that come later (CALLCHAIN_DEFERRED)",
                                  "perf script -i FILE | collapse"},
        [PERF_UNREAD_FOREIGN] = {"copies of stacks (--call-graph dwarf) that can only be unwound "
                                 "for x86-64 and arm64, and not in this build",
                                 "perf script -i FILE | collapse"},
        [PERF_UNREAD_GUESTS] = {"samples of guests alone", PERF_GUESTS_COMMAND " | collapse"},
        [PERF_UNREAD_OLD] = {"the layout of before 2012 (PERFFILE)",
                             "perf script -i FILE | collapse"},
    };
    return err_set(data->err, ERR_INPUT, "the recording has %s; this command reads it: %s",
                   unread[what].what, unread[what].command);
}

bool perf_data_stop(struct perf_data *data, const char *reason, uint64_t position)
{
    builder_skip(data->builder, reason, position);
    data->stopped = true;
    return true;
}

/* ---- records of perf ---- */

static bool take_attribute(struct perf_data *data, struct perf_bytes body)
{
    enum { SIZE_FIRST = 64 };
    struct perf_bytes ids = body;
    struct perf_attr attr = perf_attr_read(body);
    perf_take(&body, 4);
    uint32_t size = perf_take32(&body);
    perf_take(&ids, size > 0 ? size : SIZE_FIRST);
    return ids.cut || perf_data_add_event(data, &attr, ids);
}

static void take_update(struct perf_data *data, struct perf_bytes body)
{
    enum { NAME = 2 };
    uint64_t type = perf_take64(&body), id = perf_take64(&body);
    const struct perf_event *event = perf_table_of_id(&data->table, id);
    if (type == NAME && event)
        perf_table_set_name(&data->table, (size_t)(event - data->table.events.at),
                            perf_take_text(&body));
}

/* A record of type PERF_RECORD_USER_TYPE or above. */
static bool take_own(struct perf_data *data, const struct perf_record_view *record)
{
    struct perf_bytes body = record->body;
    uint64_t number;
    switch (record->type) {
    case PERF_RECORD_HEADER_ATTR: return take_attribute(data, body);
    case PERF_RECORD_EVENT_UPDATE: take_update(data, body); return true;
    case PERF_RECORD_HEADER_FEATURE:
        number = perf_take64(&body);
        perf_data_read_feature(data, number, body);
        return true;
    case PERF_RECORD_BUILD_ID: perf_data_read_build_id(data, record->misc, body); return true;
    case PERF_RECORD_TRACING_DATA:
        data->skip = ((uint64_t)perf_take32(&body) + 7) & ~(uint64_t)7;
        return true;
    case PERF_RECORD_FINISHED_ROUND: /* of this file, not of those of the threads */
        return data->threads || perf_queue_flush(&data->queue, false, perf_data_deliver, data);
    case PERF_RECORD_AUXTRACE_INFO:
    case PERF_RECORD_AUXTRACE: return perf_data_refuse(data, PERF_UNREAD_AUX);
    case PERF_RECORD_STAT_CONFIG:
    case PERF_RECORD_STAT: return perf_data_refuse(data, PERF_UNREAD_COUNTS);
    case PERF_RECORD_COMPRESSED:
        return perf_data_unpack(data, str_of(body.at, perf_bytes_left(&body)), record->position);
    case PERF_RECORD_COMPRESSED2: return perf_data_unpack_sized(data, body, record->position);
    default: return true;
    }
}

/* ---- walking ---- */

static bool take_record(struct perf_data *data, str bytes, uint64_t position)
{
    struct perf_record_view record = perf_record_view(bytes, data->big, position);
    uint64_t time = 0;
    if (record.type >= PERF_RECORD_USER_TYPE)
        return take_own(data, &record);
    bool sample = record.type == PERF_RECORD_SAMPLE;
    const struct perf_event *event = sample ? perf_table_of_sample(&data->table, record.body)
                                            : perf_table_of_other(&data->table, record.body);
    if (event)
        time = sample ? perf_sample_time(event, record.body)
                      : perf_trailer_time(event, record.body);
    if (time == 0 || time == UINT64_MAX)
        return perf_data_deliver(data, bytes, position);
    perf_queue_add(&data->queue, time, bytes, position);
    return true;
}

bool perf_data_take_records(struct perf_data *data, str bytes, uint64_t position, size_t *taken)
{
    size_t at = 0;
    bool good = true;
    while (good && !data->stopped && bytes.n - at >= PERF_RECORD_HEADER) {
        size_t size = perf_load16(bytes.p + at + 6, data->big);
        if (size < PERF_RECORD_HEADER) {
            good = err_set(data->err, ERR_INPUT, "byte %llu: a record of %zu bytes is damaged",
                           (unsigned long long)(position + at), size);
            break;
        }
        if (size > bytes.n - at)
            break;
        good = take_record(data, str_of(bytes.p + at, size), position + at);
        at += size;
        if (data->skip > 0)
            break;
    }
    *taken = at;
    return good;
}

bool perf_data_read_records(struct perf_data *data, uint64_t position, uint64_t left)
{
    size_t want = BLOCK;
    while (left > 0 && !data->stopped) {
        size_t taken, most = left < want ? (size_t)left : want;
        str bytes = reader_input_peek(data->input, most);
        if (!perf_data_take_records(data, bytes, position, &taken))
            return false;
        if (taken == 0 ||
            data->skip > left - taken) { /* even the smallest block has room for a record */
            if (bytes.n > 0 || left < UINT64_MAX - position)
                perf_data_stop(data, "the recording is cut off here", position);
            break;
        }
        uint64_t skip = data->skip + taken;
        data->skip = 0;
        reader_input_skip(data->input, (size_t)skip);
        position += skip;
        left -= skip;
    }
    return !data->input->failed;
}

static bool read_file(struct perf_data *data)
{
    uint64_t offset, size;
    data->seeks = source_can_seek(data->input->source);
    if (!data->seeks)
        data->start = reader_input_peek(data->input, SIZE_MAX);
    if (!perf_data_read_header(data, &offset, &size))
        return false;
    if (data->seeks)
        reader_input_seek(data->input, offset);
    else
        reader_input_skip(data->input, (size_t)offset);
    const struct source *source = data->input->source;
    data->threads = source->os && str_equal(str_file_name(str_from_c(source->name)), STR("data")) &&
                    (data->directory || data->killed);
    return perf_data_read_records(data, offset, size > 0 ? size : UINT64_MAX) &&
           (!data->threads || perf_data_read_threads(data));
}

/* The numbers after the magic say whether the input is a file, or was written to a pipe. */
static bool read_any(struct perf_data *data)
{
    str head = reader_input_peek(data->input, PIPE_HEADER);
    data->big = str_starts(head, PERF_MAGIC_BIG);
    if (str_starts(head, MAGIC_FIRST))
        return perf_data_refuse(data, PERF_UNREAD_OLD);
    if (head.n < PIPE_HEADER)
        return err_set(data->err, ERR_INPUT, "the recording ends in its header");
    if (perf_load64(head.p + 8, data->big) != PIPE_HEADER)
        return read_file(data);
    reader_input_skip(data->input, PIPE_HEADER);
    return perf_data_read_records(data, PIPE_HEADER, UINT64_MAX);
}

/* ---- the reader ---- */

/* Start a sentence of the remark. */
static void add_to_remark(struct strbuf *text, str words)
{
    strbuf_add(text, text->bytes.n > 0 ? STR("; ") : STR(""));
    strbuf_add(text, words);
}

static void remark_losses(const struct perf_data *data, struct strbuf *text)
{
    if (data->killed)
        add_to_remark(text, STR("perf record ended before it could complete the recording"));
    if (data->lost > 0) {
        add_to_remark(text, STR("the kernel lost "));
        strbuf_add_u64(text, data->lost);
        strbuf_add(text, STR(" records, perf record -m 64M loses fewer"));
    }
    if (data->lost_samples > 0) {
        add_to_remark(text, STR("the kernel lost "));
        strbuf_add_u64(text, data->lost_samples);
        strbuf_add(text, STR(" samples"));
    }
    if (data->throttled > 0) {
        add_to_remark(text, STR("the kernel left out samples that came too fast, "));
        strbuf_add_u64(text, data->throttled);
        strbuf_add(text, data->throttled == 1 ? STR(" time") : STR(" times"));
    }
}

/* For each reason, the first of the files whose symbols could not be used, and how many more. */
static void remark_files(const struct perf_data *data, struct strbuf *text)
{
    enum { REASONS = 8 };
    struct {
        const char *why;
        str path;
        uint64_t more;
    } reasons[REASONS];
    size_t n = 0, at = 0;
    str path;
    const char *why;
    while (images_trouble(data->images, &at, &path, &why)) {
        size_t i = 0;
        while (i < n && strcmp(reasons[i].why, why) != 0)
            i++;
        if (i < n) {
            reasons[i].more++;
        } else if (n < REASONS) {
            reasons[n].why = why;
            reasons[n].path = path;
            reasons[n++].more = 0;
        }
    }
    for (size_t i = 0; i < n; i++) {
        add_to_remark(text, STR("no symbols of "));
        strbuf_add(text, reasons[i].path);
        if (reasons[i].more > 0) {
            strbuf_add(text, STR(" and "));
            strbuf_add_u64(text, reasons[i].more);
            strbuf_add(text, reasons[i].more > 1 ? STR(" other files") : STR(" other file"));
        }
        strbuf_add(text, STR(": "));
        strbuf_add(text, str_from_c(reasons[i].why));
    }
}

static void add_remark(struct perf_data *data)
{
    struct profile *profile = data->builder->profile;
    struct strbuf text = {.heap = profile->heap};
    remark_losses(data, &text);
    remark_files(data, &text);
    if (text.bytes.n > 0)
        profile->remark = arena_copy_c(&profile->arena, strbuf_str(&text));
    strbuf_end(&text);
}

static void open_data(struct perf_data *data)
{
    struct builder *builder = data->builder;
    struct heap *heap = builder->heap;
    uint64_t seed = builder->profile->tree.seed;
    const struct read_options *options = builder->options;
    const struct images_options images = {
        .symfs = options->symfs,
        .kallsyms = options->kallsyms,
        .home = options->home,
        .no_symbols = options->no_symbols || options->library,
        .files = options->image_files,
        .seed = seed,
    };
    data->kept.heap = data->text.heap = data->queue.heap = heap;
    data->images = images_open(heap, &images);
    perf_table_init(&data->table, heap, seed);
    perf_tasks_init(&data->tasks, heap, seed);
    perf_stacks_init(&data->stacks, builder, &data->tasks);
    perf_map_init(&data->last_reads, heap, seed);
    perf_map_init(&data->cgroups, heap, seed);
    intern_init(&data->cgroup_names, heap, seed);
    data->events.builder = builder;
}

static void close_data(struct perf_data *data)
{
    struct heap *heap = data->builder->heap;
    perf_data_end_unpacking(data);
    perf_queue_end(&data->queue);
    perf_stacks_end(&data->stacks);
    perf_tasks_end(&data->tasks);
    perf_table_end(&data->table);
    perf_map_end(&data->last_reads);
    vec_free(heap, &data->reads);
    perf_map_end(&data->cgroups);
    intern_end(&data->cgroup_names);
    strbuf_end(&data->kept);
    strbuf_end(&data->text);
}

static bool perf_data_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct perf_data data = {.builder = builder, .input = input, .err = err};
    if (builder->options->srcline)
        return err_set(err, ERR_USAGE,
                       "lines of source are in the text that perf prints: "
                       "perf script -F +srcline -i FILE | collapse --srcline");
    if (!perf_select_open(&data.select, builder->options, err))
        return false;
    open_data(&data);
    builder->profile->unwound = true;
    bool done = read_any(&data) && perf_queue_flush(&data.queue, true, perf_data_deliver, &data);
    if (done && data.guests > 0 && data.guests == data.samples)
        done = perf_data_refuse(&data, PERF_UNREAD_GUESTS);
    perf_events_finish(builder->profile, data.periods);
    add_remark(&data);
    close_data(&data);
    return done;
}

static int perf_data_bid(str head)
{
    bool ours = str_starts(head, PERF_MAGIC) || str_starts(head, PERF_MAGIC_BIG) ||
                str_starts(head, MAGIC_FIRST);
    return ours ? 100 : 0;
}

const struct reader reader_perf_data = {
    .name = "perf-data",
    .help = "a recording of perf record (perf.data), read without perf script",
    .never_idle = true,
    .needs = "PERFILE2|2ELIFREP|PERFFILE",
    .options = READER_SELECTS | READER_FILES | READER_EVENTS | READER_INLINES,
    .bid = perf_data_bid,
    .read = perf_data_read,
};
