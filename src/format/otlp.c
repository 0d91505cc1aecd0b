/* SPDX-License-Identifier: MIT */
/*
 * otlp: profiles of OpenTelemetry: messages of protocol buffers. Source:
 * https://github.com/open-telemetry/opentelemetry-proto, profiles/v1development of 2026.
 *
 *      resource ──► scope ──► profile ──► sample ──► stack ──► locations, leaf first ──► functions
 *
 * Tables are in a dictionary that all profiles of a message share. Entry 0 of each means nothing.
 * The collector writes messages one after another, each after its length in 4 bytes.
 */
#include "format/protobuf.h"
#include "format/reader.h"

/* Fields of messages, which are kept by their numbers. */
enum { MAPPINGS = 1, LOCATIONS, FUNCTIONS, LINKS, STRINGS, ATTRIBUTES, STACKS, TABLES };
enum { FIELDS = 8 };

struct otlp {
    struct heap *heap;
    struct builder *builder;
    struct err *err;
    str all;
    VEC(str) tables[TABLES];
    VEC(struct sample_label) labels; /* those of the resource come first */
    VEC(uint32_t) frames;
    struct strbuf name; /* of a frame */
    bool chosen;
    str type, unit;
};

static bool refuse_message(struct otlp *o, const char *at, const char *what)
{
    return err_set(o->err, ERR_INPUT, "OTLP data (v1development of 2026), byte %zu: %s",
                   (size_t)(at - o->all.p), what);
}

static bool check_message(struct otlp *o, const struct protobuf *message)
{
    return !message->damaged || refuse_message(o, message->rest.p, "it is damaged or cut short");
}

/* Entry 0 means nothing; one that is not there counts as skipped. */
static str table_entry(struct otlp *o, int table, uint64_t place)
{
    if (place < o->tables[table].n)
        return o->tables[table].at[place];
    if (place > 0)
        builder_skip(o->builder, "an entry that its tables do not have", place);
    return STR("");
}

/* The numbers of a message by field, and its texts. Damage ends it. */
static void read_fields(str bytes, uint64_t numbers[FIELDS], str texts[FIELDS])
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    for (size_t i = 0; i < FIELDS; i++) {
        numbers[i] = 0;
        texts[i] = STR("");
    }
    while (protobuf_next(&message, &field)) {
        if (field.number >= FIELDS)
            continue;
        if (field.type == PROTOBUF_BYTES)
            texts[field.number] = field.bytes;
        else
            numbers[field.number] = field.value;
    }
}

/* AnyValue: a text, a bool, a whole number */
static void add_otlp_label(struct otlp *o, str key, str value, str unit)
{
    uint64_t numbers[FIELDS];
    str texts[FIELDS];
    read_fields(value, numbers, texts);
    struct sample_label label = {
        .key = key,
        .value = texts[1],
        .unit = unit,
        .number = (int64_t)(numbers[3] != 0 ? numbers[3] : numbers[2]),
    };
    label.is_number = texts[1].n == 0 && label.number != 0;
    if (texts[1].n > 0 || label.is_number)
        vec_push(o->heap, &o->labels, label);
}

static void add_attribute(struct otlp *o, uint64_t place)
{
    uint64_t numbers[FIELDS];
    str texts[FIELDS];
    read_fields(table_entry(o, ATTRIBUTES, place), numbers, texts);
    add_otlp_label(o, table_entry(o, STRINGS, numbers[1]), texts[2],
                   table_entry(o, STRINGS, numbers[3]));
}

/* ---- stacks ---- */

static void add_otlp_frame(struct otlp *o, str line, str module, bool inlined)
{
    uint64_t numbers[FIELDS], function[FIELDS];
    str texts[FIELDS];
    read_fields(line, numbers, texts);
    read_fields(table_entry(o, FUNCTIONS, numbers[1]), function, texts);
    str name = table_entry(o, STRINGS, function[1]),
        system_name = table_entry(o, STRINGS, function[2]);
    struct frame frame = {
        .name = name.n > 0          ? name
                : system_name.n > 0 ? system_name
                                    : STR("[unknown]"),
        .module = module,
        .file = table_entry(o, STRINGS, function[3]),
        .line = numbers[2] < UINT32_MAX ? (uint32_t)numbers[2] : 0,
        .kind = inlined ? FRAME_INLINED : FRAME_USER,
        .marked = inlined && o->builder->options->inline_marks,
    };
    uint32_t id = builder_frame(o->builder, &frame);
    vec_push(o->heap, &o->frames, id);
}

/* "[libc.so.6]", without a module its address; "[vdso]" has its own brackets. */
static void add_otlp_nameless_frame(struct otlp *o, str module, uint64_t address)
{
    str base = str_file_name(module);
    bool brackets = base.n > 0 && base.p[0] != '[';
    strbuf_set(&o->name, brackets ? STR("[") : base.n > 0 ? STR("") : STR("0x"));
    strbuf_add(&o->name, base);
    if (base.n == 0)
        strbuf_add_hex(&o->name, address);
    else if (brackets)
        strbuf_add(&o->name, STR("]"));
    struct frame frame = {.name = strbuf_str(&o->name), .module = module};
    uint32_t id = builder_frame(o->builder, &frame);
    vec_push(o->heap, &o->frames, id);
}

/* All lines but the last are of functions that were inlined into the one after. */
static void add_location(struct otlp *o, uint64_t place)
{
    uint64_t numbers[FIELDS], mapping[FIELDS];
    str texts[FIELDS], line = STR("");
    str bytes = table_entry(o, LOCATIONS, place);
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    bool has_line = false;
    read_fields(bytes, numbers, texts);
    read_fields(table_entry(o, MAPPINGS, numbers[1]), mapping, texts);
    str module = table_entry(o, STRINGS, mapping[4]);
    while (protobuf_next(&message, &field)) {
        if (field.number != 3 || field.type != PROTOBUF_BYTES)
            continue;
        if (has_line && !o->builder->options->no_inlines)
            add_otlp_frame(o, line, module, true);
        line = field.bytes;
        has_line = true;
    }
    if (has_line)
        add_otlp_frame(o, line, module, false);
    else
        add_otlp_nameless_frame(o, module, numbers[2]);
}

static void add_otlp_stack(struct otlp *o, uint64_t place)
{
    struct protobuf message = protobuf_of(table_entry(o, STACKS, place));
    struct protobuf_field field;
    uint64_t number;
    o->frames.n = 0;
    while (protobuf_next(&message, &field))
        if (field.number == 1)
            while (protobuf_next_number(&field, &number, &message.damaged))
                add_location(o, number);
}

/* ---- samples ---- */

/* Without values each time stamp counts. */
static bool read_otlp_sample(struct otlp *o, str bytes)
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    size_t labels = o->labels.n;
    uint64_t number, stack = 0;
    int64_t value = 0, stamps = 0;
    bool has_values = false, fits = true;
    while (protobuf_next(&message, &field)) {
        if (field.number == 1 && field.type == PROTOBUF_VARINT)
            stack = field.value;
        else if (field.number == 2)
            while (protobuf_next_number(&field, &number, &message.damaged))
                add_attribute(o, number);
        else if (field.number == 4)
            while (protobuf_next_number(&field, &number, &message.damaged)) {
                has_values = true;
                fits &= !__builtin_add_overflow(value, (int64_t)number, &value);
            }
        else if (field.number == 5)
            stamps += field.type == PROTOBUF_BYTES ? (int64_t)(field.bytes.n / 8) : 1;
    }
    if (!check_message(o, &message))
        return false;
    value = has_values ? value : stamps;
    add_otlp_stack(o, stack);
    bool good = true;
    if (!fits)
        builder_skip(o->builder, "a value that is too large", (uint64_t)(bytes.p - o->all.p));
    else
        good = builder_sample(o->builder, o->frames.at, o->frames.n, &value, o->labels.at,
                              o->labels.n, o->err);
    o->labels.n = labels;
    return good;
}

/* The type of the first profile is that of all; profiles of other types count as skipped. */
static bool choose_otlp_type(struct otlp *o, str bytes, bool *wanted)
{
    uint64_t numbers[FIELDS], type[FIELDS];
    str texts[FIELDS];
    read_fields(bytes, numbers, texts);
    read_fields(texts[1], type, texts);
    struct value_type found = value_type_of(table_entry(o, STRINGS, type[1]),
                                            table_entry(o, STRINGS, type[2]));
    *wanted = !o->chosen || (str_equal(found.name, o->type) && str_equal(found.unit, o->unit));
    if (o->chosen && !*wanted)
        builder_skip(o->builder, "a profile of other values", (uint64_t)(bytes.p - o->all.p));
    if (o->chosen)
        return true;
    o->chosen = true;
    o->type = found.name;
    o->unit = found.unit;
    return builder_value_types(o->builder, &found, 1, 0, o->err);
}

static bool read_otlp_profile(struct otlp *o, str bytes)
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    bool wanted;
    if (!choose_otlp_type(o, bytes, &wanted))
        return false;
    while (wanted && protobuf_next(&message, &field))
        if (field.number == 2 && field.type == PROTOBUF_BYTES && !read_otlp_sample(o, field.bytes))
            return false;
    return check_message(o, &message);
}

static void read_resource(struct otlp *o, str bytes)
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    uint64_t numbers[FIELDS];
    str texts[FIELDS];
    while (protobuf_next(&message, &field)) {
        if (field.number != 1 || field.type != PROTOBUF_BYTES)
            continue;
        read_fields(field.bytes, numbers, texts);
        add_otlp_label(o, texts[1], texts[2], STR(""));
    }
}

/* A resource with its scopes, or a scope with its profiles: both have them in field 2. */
static bool read_otlp_holder(struct otlp *o, str bytes, bool is_resource)
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    while (protobuf_next(&message, &field)) {
        if (field.type != PROTOBUF_BYTES)
            continue;
        if (field.number == 1 && is_resource)
            read_resource(o, field.bytes);
        else if (field.number == 2 && !(is_resource ? read_otlp_holder(o, field.bytes, false)
                                                    : read_otlp_profile(o, field.bytes)))
            return false;
    }
    return check_message(o, &message);
}

static bool read_dictionary(struct otlp *o, str bytes)
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    while (protobuf_next(&message, &field))
        if (field.number > 0 && field.number < TABLES && field.type == PROTOBUF_BYTES)
            vec_push(o->heap, &o->tables[field.number], field.bytes);
    return check_message(o, &message);
}

/* The dictionary may come last. */
static bool read_message(struct otlp *o, str bytes)
{
    for (int wanted = 2; wanted >= 1; wanted--) {
        struct protobuf message = protobuf_of(bytes);
        struct protobuf_field field;
        for (size_t i = 0; i < TABLES && wanted == 2; i++)
            o->tables[i].n = 0;
        while (protobuf_next(&message, &field)) {
            o->labels.n = 0;
            if ((int)field.number == wanted && field.type == PROTOBUF_BYTES &&
                !(wanted == 2 ? read_dictionary(o, field.bytes)
                              : read_otlp_holder(o, field.bytes, true)))
                return false;
        }
        if (!check_message(o, &message))
            return false;
    }
    return true;
}

static uint32_t read_length(str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A message starts with a key, which is never 0. If the first byte is 0, lengths precede the
 * messages. */
static bool read_messages(struct otlp *o)
{
    str rest = o->all;
    if (rest.n > 0 && rest.p[0] != '\0')
        return read_message(o, rest);
    while (rest.n > 4 && read_length(rest) <= rest.n - 4) {
        size_t n = read_length(rest);
        if (!read_message(o, str_cut(rest, 4, 4 + n)))
            return false;
        rest = str_skip(rest, 4 + n);
    }
    return rest.n == 0 || refuse_message(o, rest.p, "a message is cut short");
}

static bool otlp_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct otlp o = {
        .heap = builder->scratch, .builder = builder, .err = err, .name.heap = builder->scratch};
    o.all = reader_input_peek(input, SIZE_MAX);
    return read_messages(&o);
}

/* A message in a message: a resource or a table, where pprof has numbers. */
static int otlp_bid(str head)
{
    uint64_t key, size, inner_key, inner_size;
    bool framed = head.n > 8 && head.p[0] == '\0';
    str rest = framed ? str_skip(head, 4) : head;
    if (!file_kind_is_binary(head))
        return 0;
    if (!protobuf_take_varint(&rest, &key) || !protobuf_take_varint(&rest, &size) ||
        !protobuf_take_varint(&rest, &inner_key) || !protobuf_take_varint(&rest, &inner_size))
        return 0;
    bool dictionary = key == (2 << 3 | PROTOBUF_BYTES), resource = key == (1 << 3 | PROTOBUF_BYTES);
    bool fits = inner_key % 8 == PROTOBUF_BYTES && inner_key / 8 >= 1 &&
                inner_key / 8 < (dictionary ? TABLES : 4) && inner_size < size;
    return (dictionary || resource) && size > 16 && fits ? READER_CERTAIN - 1 : 0;
}

const struct reader reader_otlp = {
    .name = "otlp",
    .help = "profiles of OpenTelemetry: protocol buffers",
    .binary = true,
    .bid = otlp_bid,
    .read = otlp_read,
};
