/* SPDX-License-Identifier: MIT */
/*
 * perf_data_header: the parts of a file before and after its records. The features are at the end
 * of the file, so an input that cannot seek is read into memory first.
 */
#include "core/num.h"
#include "format/perf_data/perf_data.h"
#include "profile/recording.h"

enum { FILE_HEADER = 104, FEATURE_WORDS = 4, FEATURES = 64 * FEATURE_WORDS };

enum feature {
    FEATURE_BUILD_ID = 2,
    FEATURE_HOSTNAME = 3,
    FEATURE_OSRELEASE = 4,
    FEATURE_ARCH = 6,
    FEATURE_NRCPUS = 7,
    FEATURE_CPUDESC = 8,
    FEATURE_CMDLINE = 11,
    FEATURE_EVENT_DESC = 12,
    FEATURE_AUXTRACE = 18,
    FEATURE_STAT = 19,
    FEATURE_SAMPLE_TIME = 21,
    FEATURE_DIRECTORY = 24,
    FEATURE_CLOCK_DATA = 29,
};

/* No part that is needed is larger. */
#define PART_MOST (UINT64_C(1) << 26)

/* A part of the file, shorter where the file ends. It stays until the next call. */
static struct perf_bytes read_part(struct perf_data *data, uint64_t offset, uint64_t size)
{
    size_t most = (size_t)(size < PART_MOST ? size : PART_MOST);
    str part = STR("");
    if (offset <= data->start.n && (!data->seeks || most <= data->start.n - offset))
        part = str_skip(data->start, (size_t)offset);
    else if (data->seeks && reader_input_seek(data->input, offset))
        part = reader_input_peek(data->input, most);
    part = str_limit(part, most);
    return (struct perf_bytes){part.p, str_at(part, part.n), .big = data->big};
}

/* Keep the bytes before the records, where attributes and ids are. */
static void keep_start(struct perf_data *data, uint64_t offset)
{
    if (!data->seeks)
        return;
    struct perf_bytes part = read_part(data, 0, offset);
    strbuf_set(&data->kept, str_of(part.at, perf_bytes_left(&part)));
    data->start = strbuf_str(&data->kept);
}

/* ---- features ---- */

/* A text with its length before it. */
static str take_string(struct perf_bytes *bytes)
{
    uint32_t size = perf_take32(bytes);
    const char *p = perf_take(bytes, size);
    str text = str_of(p, p ? size : 0);
    return text.n > 0 ? str_head(text, str_find(text, '\0', 0)) : STR("");
}

static void add_command(struct perf_data *data, struct perf_bytes bytes)
{
    uint32_t n = perf_take32(&bytes);
    strbuf_clear(&data->text);
    for (uint32_t i = 0; i < n && !bytes.cut; i++) {
        strbuf_add(&data->text, i > 0 ? STR(" ") : STR(""));
        strbuf_add(&data->text, take_string(&bytes));
    }
    profile_add_fact(data->builder->profile, STR("command"), strbuf_str(&data->text));
}

/* As perf script --header prints it: "397.105 ms". */
static void add_duration(struct perf_data *data, struct perf_bytes bytes)
{
    char text[NUM_ROOM + 3];
    uint64_t first = perf_take64(&bytes), last = perf_take64(&bytes);
    if (bytes.cut || last <= first)
        return;
    size_t n = num_put_fixed(text, (double)(last - first) / 1e6, 3);
    memcpy(text + n, " ms", 3);
    profile_add_fact(data->builder->profile, STR("duration"), str_of(text, n + 3));
}

static void add_cpus(struct perf_data *data, struct perf_bytes bytes)
{
    char text[NUM_ROOM];
    perf_take32(&bytes); /* available */
    uint32_t online = perf_take32(&bytes);
    if (!bytes.cut)
        profile_add_fact(data->builder->profile, STR("cpus"),
                         str_of(text, num_put_u64(text, online)));
}

/* The time of day at some time of the recording's clock. */
static void add_date(struct perf_data *data, struct perf_bytes bytes)
{
    perf_take(&bytes, 8); /* version, clock */
    uint64_t wall = perf_take64(&bytes);
    if (!bytes.cut)
        recording_add_date(data->builder->profile, wall / 1000000000);
}

/* Each event with its attribute, its name and its ids. Only the names are new. */
static void name_events(struct perf_data *data, struct perf_bytes bytes)
{
    uint32_t n = perf_take32(&bytes), attr_size = perf_take32(&bytes);
    for (uint32_t i = 0; i < n && !bytes.cut; i++) {
        perf_take(&bytes, attr_size);
        uint32_t ids = perf_take32(&bytes);
        str name = take_string(&bytes);
        perf_take(&bytes, 8 * (uint64_t)ids);
        perf_table_set_name(&data->table, i, name);
    }
}

void perf_data_read_build_id(struct perf_data *data, unsigned misc, struct perf_bytes body)
{
    enum { BUILD_ID = 20, PADDING = 3 };
    perf_take32(&body); /* of a guest */
    const char *id = perf_take(&body, BUILD_ID);
    const char *size = perf_take(&body, 1);
    perf_take(&body, PADDING);
    if (!id || !size || body.cut)
        return;
    size_t n = (misc & PERF_MISC_BUILD_ID_SIZE) ? (unsigned char)*size : BUILD_ID;
    str path = perf_take_text(&body);
    if (n > 0 && n <= BUILD_ID && path.n > 0)
        images_set_build_id(data->images, path, (const uint8_t *)id, n);
}

/* Records of build ids. */
static void read_build_ids(struct perf_data *data, struct perf_bytes bytes)
{
    while (perf_bytes_left(&bytes) > PERF_RECORD_HEADER) {
        size_t size = perf_load16(bytes.at + 6, bytes.big);
        const char *at = perf_take(&bytes, size);
        if (size < PERF_RECORD_HEADER || !at)
            return;
        struct perf_record_view record = perf_record_view(str_of(at, size), bytes.big, 0);
        perf_data_read_build_id(data, record.misc, record.body);
    }
}

void perf_data_read_feature(struct perf_data *data, uint64_t feature, struct perf_bytes bytes)
{
    static const struct {
        enum feature feature;
        str key;
    } texts[] = {{FEATURE_HOSTNAME, STR_INIT("host")},
                 {FEATURE_OSRELEASE, STR_INIT("kernel")},
                 {FEATURE_ARCH, STR_INIT("arch")},
                 {FEATURE_CPUDESC, STR_INIT("cpu")}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].feature != feature)
            continue;
        str text = take_string(&bytes);
        if (text.n > 0)
            profile_add_fact(data->builder->profile, texts[i].key, text);
        if (feature == FEATURE_OSRELEASE && text.n > 0)
            images_set_release(data->images, text);
        if (feature == FEATURE_ARCH)
            data->stacks.machine = str_equal(text, STR("x86_64"))    ? UNWIND_X86_64
                                   : str_equal(text, STR("aarch64")) ? UNWIND_ARM64
                                                                     : UNWIND_NONE;
    }
    switch (feature) {
    case FEATURE_BUILD_ID: read_build_ids(data, bytes); break;
    case FEATURE_NRCPUS: add_cpus(data, bytes); break;
    case FEATURE_CMDLINE: add_command(data, bytes); break;
    case FEATURE_EVENT_DESC: name_events(data, bytes); break;
    case FEATURE_SAMPLE_TIME: add_duration(data, bytes); break;
    case FEATURE_CLOCK_DATA: add_date(data, bytes); break;
    default: break;
    }
}

static bool has_feature(const uint64_t bits[FEATURE_WORDS], unsigned feature)
{
    return bits[feature / 64] >> feature % 64 & 1;
}

/* A perf of 32 bits with the most significant byte first wrote the bits in words of 32. */
static void read_feature_bits(struct perf_bytes bytes, uint64_t bits[FEATURE_WORDS])
{
    for (unsigned i = 0; i < FEATURE_WORDS; i++)
        bits[i] = perf_take64(&bytes);
    if (!bytes.big || has_feature(bits, FEATURE_HOSTNAME))
        return;
    uint64_t first = bits[0] << 32 | bits[0] >> 32;
    if (first >> FEATURE_HOSTNAME & 1)
        for (unsigned i = 0; i < FEATURE_WORDS; i++)
            bits[i] = bits[i] << 32 | bits[i] >> 32;
}

/* A pair of offset and size for each feature, in their order. A recording that was cut off has
 * none. */
static void read_features(struct perf_data *data, uint64_t table,
                          const uint64_t bits[FEATURE_WORDS])
{
    enum { PAIR = 16 };
    for (unsigned i = 0, n = 0; i < FEATURES; i++) {
        if (!has_feature(bits, i))
            continue;
        struct perf_bytes pair = read_part(data, table + PAIR * (uint64_t)n++, PAIR);
        uint64_t offset = perf_take64(&pair), size = perf_take64(&pair);
        if (!pair.cut && size > 0)
            perf_data_read_feature(data, i, read_part(data, offset, size));
    }
}

/* ---- attributes ---- */

bool perf_data_add_event(struct perf_data *data, const struct perf_attr *attr,
                         struct perf_bytes ids)
{
    enum { BRANCH_CALL_STACK = 1 << 11 };
    perf_table_add(&data->table, attr, ids);
    if ((attr->sample_type & PERF_SAMPLE_BRANCH_STACK) && (attr->branch_type & BRANCH_CALL_STACK))
        return perf_data_refuse(data, PERF_UNREAD_BRANCHES);
    if ((attr->sample_type & PERF_SAMPLE_STACK_USER) && !data->stacks.unwinder) {
        data->stacks.unwinder = unwinder_open(data->images);
        data->stacks.inlines = !data->builder->options->no_inlines; /* as perf script */
    }
    return true;
}

/* An attribute is followed by the place of its ids. */
static bool read_attributes(struct perf_data *data, uint64_t offset, uint64_t size, uint64_t step)
{
    enum { PLACE = 16, SMALLEST = 64 + PLACE };
    if (step < SMALLEST || step > size)
        return err_set(data->err, ERR_INPUT, "the header of the recording is damaged");
    for (uint64_t at = 0; at + step <= size; at += step) {
        struct perf_bytes place = read_part(data, offset + at + step - PLACE, PLACE);
        uint64_t ids_at = perf_take64(&place), ids_size = perf_take64(&place);
        if (place.cut)
            return err_set(data->err, ERR_INPUT, "the recording ends in its header");
        struct perf_bytes attr = read_part(data, offset + at, step - PLACE);
        struct perf_attr read = perf_attr_read(attr);
        if (!perf_data_add_event(data, &read, read_part(data, ids_at, ids_size)))
            return false;
    }
    return true;
}

bool perf_data_read_header(struct perf_data *data, uint64_t *offset, uint64_t *size)
{
    struct perf_bytes header = read_part(data, 0, FILE_HEADER);
    uint64_t bits[FEATURE_WORDS];
    perf_take(&header, 16); /* the magic, and the size of the header */
    uint64_t step = perf_take64(&header);
    uint64_t attributes_at = perf_take64(&header), attributes_size = perf_take64(&header);
    *offset = perf_take64(&header);
    *size = perf_take64(&header);
    perf_take(&header, 16); /* types of events, of old versions */
    if (perf_bytes_left(&header) < sizeof bits)
        return err_set(data->err, ERR_INPUT, "the recording ends in its header");
    read_feature_bits(header, bits);
    if (has_feature(bits, FEATURE_AUXTRACE))
        return perf_data_refuse(data, PERF_UNREAD_AUX);
    if (has_feature(bits, FEATURE_STAT))
        return perf_data_refuse(data, PERF_UNREAD_COUNTS);
    data->killed = *size == 0;
    data->directory = has_feature(bits, FEATURE_DIRECTORY);
    keep_start(data, *offset);
    if (!read_attributes(data, attributes_at, attributes_size, step))
        return false;
    if (!data->killed)
        read_features(data, *offset + *size, bits);
    return !data->input->failed;
}
