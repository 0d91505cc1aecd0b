/* SPDX-License-Identifier: MIT */
/*
 * pprof_reader: profiles as Go and many others write them: a message of protocol buffers. Source:
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 *
 *      sample ──► location ids, leaf first ──► lines, innermost inlined function first ──► function
 *
 * Tables may come after the samples that need them, so that the whole input is read first: names
 * and tables, then the frames of each location, then the samples.
 */
#include <inttypes.h>
#include <string.h>

#include "format/pprof/pprof.h"
#include "format/protobuf.h"
#include "format/reader.h"
#include "profile/recording.h"

/* Numbers of a message, by field; [0] is free. Names are places in the strings. */
struct pprof_function {
    uint64_t fields[FUNCTION_FIELDS];
};

struct pprof_location {
    uint64_t mapping, address; /* mapping: an id; 0: none */
    str message;               /* its lines are read when all functions are known */
    size_t first, count;       /* its frames, leaf first */
};

/* Reading goes on after an error, harmlessly; *err keeps the first one. */
struct pprof {
    struct builder *builder;
    struct err *err;
    str all; /* the input; messages give offsets in it */
    VEC(str) strings, samples;
    VEC(struct value_type) types; /* their names are known when all strings are */
    VEC(uint64_t) type_names;     /* strings: name, unit, name, unit ... */
    /* From the bytes of an id to its place in the table of that kind. */
    struct intern function_ids, mapping_ids, location_ids;
    VEC(struct pprof_function) functions;
    VEC(uint64_t) mappings; /* file names: strings */
    VEC(struct pprof_location) locations;
    VEC(uint32_t) location_frames;
    VEC(uint32_t) frames; /* of the current sample, leaf first */
    VEC(int64_t) values;
    VEC(struct sample_label) labels;
    struct strbuf name;
    uint64_t default_type, drop_frames, keep_frames; /* strings */
    struct pprof_drop_frames drop;
};

static bool pprof_failed(const struct pprof *p)
{
    return p->err->code != ERR_NONE;
}

static void refuse_profile(struct pprof *p, const char *at, const char *what)
{
    if (!pprof_failed(p))
        err_set(p->err, ERR_INPUT, "pprof data, byte %zu: %s", (size_t)(at - p->all.p), what);
}

static void refuse_id(struct pprof *p, const char *what, uint64_t id)
{
    if (!pprof_failed(p))
        err_set(p->err, ERR_INPUT, "the pprof data names %s %" PRIu64 ", which it does not have",
                what, id);
}

static void check_damage(struct pprof *p, const struct protobuf *message)
{
    if (message->damaged)
        refuse_profile(p, message->rest.p, "it is damaged or cut short");
}

/* ---- tables ---- */

static str get_string(struct pprof *p, uint64_t place)
{
    if (place < p->strings.n)
        return p->strings.at[place];
    refuse_id(p, "string", place);
    return STR("");
}

/* Ids can be any numbers. An id that comes twice keeps its first place. */
static uint32_t add_id(struct intern *ids, uint64_t id)
{
    return intern_add(ids, str_of((const char *)&id, sizeof id));
}

static uint32_t find_id(struct pprof *p, const struct intern *ids, const char *what, uint64_t id)
{
    uint32_t place = intern_find(ids, str_of((const char *)&id, sizeof id));
    if (place == INTERN_NONE)
        refuse_id(p, what, id);
    return place;
}

static void read_pprof_numbers(struct pprof *p, str bytes, uint64_t *numbers, size_t count)
{
    struct protobuf message = protobuf_of(bytes);
    protobuf_numbers(&message, numbers, count);
    check_damage(p, &message);
}

static void read_type(struct pprof *p, str bytes)
{
    uint64_t type[TYPE_FIELDS];
    read_pprof_numbers(p, bytes, type, TYPE_FIELDS);
    vec_push(p->builder->scratch, &p->type_names, type[TYPE_NAME]);
    vec_push(p->builder->scratch, &p->type_names, type[TYPE_UNIT]);
}

static void read_function(struct pprof *p, str bytes)
{
    struct pprof_function function;
    read_pprof_numbers(p, bytes, function.fields, FUNCTION_FIELDS);
    if (add_id(&p->function_ids, function.fields[FUNCTION_ID]) == p->functions.n)
        vec_push(p->builder->scratch, &p->functions, function);
}

static void read_pprof_mapping(struct pprof *p, str bytes)
{
    uint64_t mapping[MAPPING_FIELDS];
    read_pprof_numbers(p, bytes, mapping, MAPPING_FIELDS);
    if (add_id(&p->mapping_ids, mapping[MAPPING_ID]) == p->mappings.n)
        vec_push(p->builder->scratch, &p->mappings, mapping[MAPPING_FILE]);
}

static void read_location(struct pprof *p, str bytes)
{
    uint64_t fields[LOCATION_FIELDS];
    read_pprof_numbers(p, bytes, fields, LOCATION_FIELDS);
    struct pprof_location location = {fields[LOCATION_MAPPING], fields[LOCATION_ADDRESS], bytes, 0,
                                      0};
    if (add_id(&p->location_ids, fields[LOCATION_ID]) == p->locations.n)
        vec_push(p->builder->scratch, &p->locations, location);
}

static void add_pprof_duration(struct pprof *p, uint64_t ns)
{
    char text[NUM_ROOM + 2];
    size_t n = num_put_fixed(text, (double)ns / 1e9, 3);
    memcpy(text + n, " s", 2);
    if (ns > 0 && ns < INT64_MAX)
        profile_add_fact(p->builder->profile, STR("duration"), str_of(text, n + 2));
}

static void read_tables(struct pprof *p)
{
    struct heap *heap = p->builder->scratch;
    struct protobuf message = protobuf_of(p->all);
    struct protobuf_field field;
    while (!pprof_failed(p) && protobuf_next(&message, &field)) {
        switch (field.number) {
        case PROFILE_SAMPLE_TYPE: read_type(p, field.bytes); break;
        case PROFILE_SAMPLE: vec_push(heap, &p->samples, field.bytes); break;
        case PROFILE_MAPPING: read_pprof_mapping(p, field.bytes); break;
        case PROFILE_LOCATION: read_location(p, field.bytes); break;
        case PROFILE_FUNCTION: read_function(p, field.bytes); break;
        case PROFILE_STRING: vec_push(heap, &p->strings, field.bytes); break;
        case PROFILE_DROP_FRAMES: p->drop_frames = field.value; break;
        case PROFILE_KEEP_FRAMES: p->keep_frames = field.value; break;
        case PROFILE_TIME: recording_add_date(p->builder->profile, field.value / 1000000000); break;
        case PROFILE_DURATION: add_pprof_duration(p, field.value); break;
        case PROFILE_DEFAULT_TYPE: p->default_type = field.value; break;
        default: break;
        }
    }
    check_damage(p, &message);
    if (!pprof_failed(p) && (p->strings.n == 0 || p->strings.at[0].n > 0))
        err_set(p->err, ERR_INPUT, "the first string of pprof data must be empty");
    if (!pprof_failed(p) && p->type_names.n == 0)
        err_set(p->err, ERR_INPUT, "the pprof data does not say what its values are");
}

/* The default is the type of that name, else the last one. */
static void choose_pprof_type(struct pprof *p)
{
    size_t count = p->type_names.n / 2, chosen = count - 1;
    str wanted = get_string(p, p->default_type);
    for (size_t i = 0; i < count; i++) {
        struct value_type type = value_type_of(get_string(p, p->type_names.at[2 * i]),
                                               get_string(p, p->type_names.at[2 * i + 1]));
        if (wanted.n > 0 && str_equal(type.name, wanted))
            chosen = i;
        vec_push(p->builder->scratch, &p->types, type);
    }
    if (!pprof_failed(p))
        builder_value_types(p->builder, p->types.at, count, chosen, p->err);
}

/* ---- frames ---- */

static void add_pprof_frame(struct pprof *p, const struct frame *frame)
{
    uint32_t id = builder_frame(p->builder, frame);
    vec_push(p->builder->scratch, &p->location_frames, id);
}

/* "[app]", with --addrs "[app <4011f0>]", without a mapping "0x4011f0". */
static void add_pprof_nameless_frame(struct pprof *p, const struct pprof_location *location,
                                     str module)
{
    str base = str_file_name(module);
    bool addrs = base.n == 0 || p->builder->options->addrs;
    strbuf_set(&p->name, base.n > 0 ? STR("[") : STR("0x"));
    strbuf_add(&p->name, base);
    if (base.n > 0 && addrs)
        strbuf_add(&p->name, STR(" <"));
    if (addrs)
        strbuf_add_hex(&p->name, location->address);
    if (base.n > 0)
        strbuf_add(&p->name, addrs ? STR(">]") : STR("]"));
    struct frame frame = {.name = strbuf_str(&p->name), .module = module};
    add_pprof_frame(p, &frame);
}

static void add_line_frame(struct pprof *p, str message, str module, bool inlined)
{
    uint64_t line[LINE_FIELDS];
    read_pprof_numbers(p, message, line, LINE_FIELDS);
    uint32_t place = find_id(p, &p->function_ids, "function", line[LINE_FUNCTION]);
    if (pprof_failed(p))
        return;
    const uint64_t *function = p->functions.at[place].fields;
    str name = get_string(p, function[FUNCTION_NAME]);
    str system_name = get_string(p, function[FUNCTION_SYSTEM_NAME]);
    if (name.n == 0 && function[FUNCTION_NAME] != 0) { /* see name_id() in pprof_writer.c */
        uint32_t id = tree_frame(&p->builder->profile->tree, STR(""));
        vec_push(p->builder->scratch, &p->location_frames, id);
        return;
    }
    struct frame frame = {
        .name = name.n > 0          ? name
                : system_name.n > 0 ? system_name
                                    : STR("[unknown]"),
        .module = module,
        .file = get_string(p, function[FUNCTION_FILE]),
        .line = line[LINE_NUMBER] < UINT32_MAX ? (uint32_t)line[LINE_NUMBER] : 0,
        .kind = inlined ? FRAME_INLINED : FRAME_USER,
        .marked = inlined && p->builder->options->inline_marks,
    };
    add_pprof_frame(p, &frame);
}

/* All lines but the last are of functions that were inlined into the one after. */
static void resolve_location(struct pprof *p, struct pprof_location *location)
{
    struct protobuf message = protobuf_of(location->message);
    struct protobuf_field field;
    str module = STR(""), line = STR("");
    location->first = p->location_frames.n;
    if (location->mapping != 0) {
        uint32_t place = find_id(p, &p->mapping_ids, "mapping", location->mapping);
        module = pprof_failed(p) ? STR("") : get_string(p, p->mappings.at[place]);
    }
    while (!pprof_failed(p) && protobuf_next(&message, &field)) {
        if (field.number != LOCATION_LINE || field.type != PROTOBUF_BYTES)
            continue;
        if (line.n > 0 && !p->builder->options->no_inlines)
            add_line_frame(p, line, module, true);
        line = field.bytes;
    }
    if (line.n > 0)
        add_line_frame(p, line, module, false);
    else
        add_pprof_nameless_frame(p, location, module);
    location->count = p->location_frames.n - location->first;
}

/* ---- samples ---- */

static void add_location_frames(struct pprof *p, uint64_t id)
{
    uint32_t place = find_id(p, &p->location_ids, "location", id);
    if (pprof_failed(p))
        return;
    const struct pprof_location *location = &p->locations.at[place];
    vec_reserve(p->builder->scratch, &p->frames, location->count);
    memcpy(p->frames.at + p->frames.n, p->location_frames.at + location->first,
           location->count * sizeof *p->frames.at);
    p->frames.n += location->count;
}

/* The value of a label is a text, or a number with a unit. */
static void add_pprof_label(struct pprof *p, str bytes)
{
    uint64_t fields[LABEL_FIELDS];
    read_pprof_numbers(p, bytes, fields, LABEL_FIELDS);
    struct sample_label label = {
        .key = get_string(p, fields[LABEL_KEY]),
        .value = get_string(p, fields[LABEL_TEXT]),
        .unit = get_string(p, fields[LABEL_UNIT]),
        .number = (int64_t)fields[LABEL_NUMBER],
        .is_number = fields[LABEL_TEXT] == 0,
    };
    vec_push(p->builder->scratch, &p->labels, label);
}

static void read_pprof_sample(struct pprof *p, str bytes)
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    uint64_t number;
    p->frames.n = p->values.n = p->labels.n = 0;
    while (!pprof_failed(p) && protobuf_next(&message, &field)) {
        if (field.number == SAMPLE_LOCATION)
            while (protobuf_next_number(&field, &number, &message.damaged))
                add_location_frames(p, number);
        else if (field.number == SAMPLE_VALUE)
            while (protobuf_next_number(&field, &number, &message.damaged))
                vec_push(p->builder->scratch, &p->values, (int64_t)number);
        else if (field.number == SAMPLE_LABEL)
            add_pprof_label(p, field.bytes);
        check_damage(p, &message);
    }
    check_damage(p, &message);
    if (!pprof_failed(p) && p->values.n != p->types.n)
        refuse_profile(p, bytes.p, "a sample does not have as many values as there are types");
    size_t dropped = pprof_drop_frames_find(&p->drop, &p->builder->profile->tree.frames,
                                            p->frames.at, p->frames.n);
    const uint32_t *frames = dropped > 0 ? p->frames.at + dropped : p->frames.at;
    if (!pprof_failed(p))
        builder_sample(p->builder, frames, p->frames.n - dropped, p->values.at, p->labels.at,
                       p->labels.n, p->err);
}

static void read_pprof_profile(struct pprof *p)
{
    read_tables(p);
    if (!pprof_failed(p))
        choose_pprof_type(p);
    for (size_t i = 0; i < p->locations.n && !pprof_failed(p); i++)
        resolve_location(p, &p->locations.at[i]);
    str drops = get_string(p, p->drop_frames), keeps = get_string(p, p->keep_frames);
    if (!pprof_failed(p))
        pprof_drop_frames_init(&p->drop, p->builder->scratch, drops, keeps, p->err);
    for (size_t i = 0; i < p->samples.n && !pprof_failed(p); i++)
        read_pprof_sample(p, p->samples.at[i]);
}

static bool pprof_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    uint64_t seed = builder->profile->tree.seed;
    struct pprof p = {.builder = builder, .err = err, .name.heap = heap};
    p.all = reader_input_peek(input, SIZE_MAX);
    intern_init(&p.function_ids, heap, seed);
    intern_init(&p.mapping_ids, heap, seed);
    intern_init(&p.location_ids, heap, seed);
    read_pprof_profile(&p);
    return !pprof_failed(&p);
}

const struct reader reader_pprof = {
    .name = "pprof",
    .help = "a profile of Go and many others: protocol buffers, mostly packed by gzip",
    .binary = true,
    .bid = pprof_bid,
    .read = pprof_read,
};
