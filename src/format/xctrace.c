/* SPDX-License-Identifier: MIT */
/*
 * xctrace: a table of stacks that xctrace export of macOS writes, as XML.
 *
 *      <row>
 *        <thread id="2" fmt="main  0x8480c1 (app, pid: 49374)"> ... </thread>
 *        <weight id="9" fmt="1.00 ms">1000000</weight>
 *        <backtrace id="10">                                             leaf first
 *          <frame id="11" name="f" addr="0x1"><binary id="12" name="app"/></frame>
 *          <frame ref="7"/>
 *        </backtrace>
 *      </row>
 *
 * An element with an id can be referred to by that id later.
 */
#include "core/num.h"
#include "format/dump.h"
#include "format/xml_tags.h"

enum element {
    OTHER,
    TABLES,
    ROW,
    WEIGHT,
    CYCLES,
    BACKTRACE,
    TAGGED,
    FRAME,
    BINARY,
    SOURCE,
    PATH,
    THREAD,
    PROCESS,
    STATE,
    ELEMENTS
};

static const str element_names[ELEMENTS] = {
    [TABLES] = STR_INIT("trace-query-result"),
    [ROW] = STR_INIT("row"),
    [WEIGHT] = STR_INIT("weight"),
    [CYCLES] = STR_INIT("cycle-weight"),
    [BACKTRACE] = STR_INIT("backtrace"),
    [TAGGED] = STR_INIT("tagged-backtrace"),
    [FRAME] = STR_INIT("frame"),
    [BINARY] = STR_INIT("binary"),
    [SOURCE] = STR_INIT("source"),
    [PATH] = STR_INIT("path"),
    [THREAD] = STR_INIT("thread"),
    [PROCESS] = STR_INIT("process"),
    [STATE] = STR_INIT("thread-state"),
};

/* Of an element that has an id. */
struct xctrace_value {
    enum element element; /* OTHER: there is none */
    uint32_t text;        /* of a binary, path, thread...; of a frame: that of the builder */
    uint32_t count;       /* of the frames of a backtrace */
    uint64_t number;      /* a weight; the first frame of a backtrace */
};

struct xctrace_open {
    enum element element;
    uint64_t id; /* 0: none */
    struct xctrace_value value;
};

struct xctrace {
    struct heap *heap;
    struct builder *builder;
    struct err *err;
    struct xml_tags xml;
    uint64_t offset; /* of the current tag */
    struct intern texts;
    struct intern ids; /* the intern id of an id is the index of its value */
    VEC(struct xctrace_value) values;
    VEC(struct xctrace_open) open;
    VEC(uint32_t) frames; /* of all backtraces */

    /* the current frame and row */
    struct strbuf decoded, frame_name;
    uint32_t binary, path, line;
    struct xctrace_value row[ELEMENTS];
    enum element weight; /* WEIGHT or CYCLES */
    uint64_t rows;
};

/* ---- elements ---- */

static enum element find_element(str name)
{
    for (size_t i = TABLES; i < ELEMENTS; i++)
        if (str_equal(element_names[i], name))
            return (enum element)i;
    return OTHER;
}

static uint32_t add_xctrace_text(struct xctrace *x, str written)
{
    strbuf_clear(&x->decoded);
    xml_decode(written, &x->decoded);
    return intern_add(&x->texts, strbuf_str(&x->decoded));
}

/* "rust_test2::foo::ha31fba0d06a8a3eb" is "rust_test2::foo". */
static str clean_name(struct xctrace *x, str name)
{
    name = dump_cut_llvm(name);
    if (!dump_cut_rust_hash(&name))
        return name;
    strbuf_clear(&x->frame_name);
    dump_add_rust_name(&x->frame_name, name);
    return strbuf_str(&x->frame_name);
}

/* Add the frame when all of its elements are known. */
static void close_frame(struct xctrace *x, struct xctrace_value *value)
{
    struct frame frame = {
        .name = value->text != 0 ? clean_name(x, intern_name(&x->texts, value->text))
                                 : STR("[unknown]"),
        .module = intern_name(&x->texts, x->binary),
        .file = intern_name(&x->texts, x->path),
        .line = x->line,
    };
    value->text = builder_frame(x->builder, &frame);
}

/* The first row decides the value type. */
static bool choose_xctrace_value(struct xctrace *x)
{
    struct value_type types[] = {VALUE_SUM("samples", "count"), VALUE_SUM("weight", "nanoseconds")};
    x->weight = x->row[CYCLES].element == CYCLES ? CYCLES : WEIGHT;
    bool weighs = x->row[x->weight].element == x->weight;
    if (x->weight == CYCLES)
        types[1] = (struct value_type)VALUE_SUM("cycles", "cycles");
    return builder_value_types(x->builder, types, 1 + weighs, weighs, x->err);
}

static bool add_xctrace_row(struct xctrace *x)
{
    static const enum element kinds[] = {THREAD, PROCESS, STATE};
    static const str keys[] = {STR_INIT("thread"), STR_INIT("process"), STR_INIT("state")};
    struct sample_label labels[3];
    size_t n = 0;
    if (x->rows++ == 0 && !choose_xctrace_value(x))
        return false;
    const struct xctrace_value *weight = &x->row[x->weight], *stack = &x->row[BACKTRACE];
    int64_t values[] = {1, (int64_t)weight->number};
    if (weight->number > INT64_MAX) {
        builder_skip(x->builder, "a weight that is too large", x->offset);
        return true;
    }
    for (size_t i = 0; i < 3; i++)
        if (x->row[kinds[i]].element == kinds[i]) {
            str value = intern_name(&x->texts, x->row[kinds[i]].text);
            labels[n++] = (struct sample_label){.key = keys[i], .value = value};
        }
    const uint32_t *frames = stack->count > 0 ? x->frames.at + stack->number : NULL;
    return builder_sample(x->builder, frames, stack->count, values, labels, n, x->err);
}

/* Give the value of an element to the elements that contain it. */
static bool use_value(struct xctrace *x, const struct xctrace_value *value)
{
    struct xctrace_open *parent = x->open.n > 0 ? &x->open.at[x->open.n - 1] : NULL;
    switch (value->element) {
    case ROW: return add_xctrace_row(x);
    case BINARY: x->binary = value->text; break;
    case PATH: x->path = value->text; break;
    case FRAME:
        if (parent && parent->value.element == BACKTRACE) {
            vec_push(x->heap, &x->frames, value->text);
            parent->value.count++;
        }
        break;
    case TAGGED:
    case BACKTRACE:
        x->row[BACKTRACE] = *value;
        if (parent && parent->value.element == TAGGED) {
            parent->value.number = value->number;
            parent->value.count = value->count;
        }
        break;
    default: x->row[value->element] = *value;
    }
    return true;
}

static bool use_known_value(struct xctrace *x, enum element element, uint64_t id)
{
    uint32_t place = intern_find(&x->ids, str_of((const char *)&id, sizeof id));
    if (place != INTERN_NONE && x->values.at[place].element == element)
        return use_value(x, &x->values.at[place]);
    builder_skip(x->builder, "an element that is not there is named", x->offset);
    return true;
}

/* Each document has ids of its own. */
static void forget_known_values(struct xctrace *x)
{
    intern_end(&x->ids);
    x->values.n = 0;
}

/* Of the current tag; "": there is none. */
static str tag_attribute(const struct xctrace *x, str name)
{
    str value;
    return xml_attribute(x->xml.tag, name, &value) ? value : STR("");
}

static void start_element(struct xctrace *x, struct xctrace_value *value)
{
    uint64_t line;
    str name = tag_attribute(x, STR("name"));
    switch (value->element) {
    case TABLES: forget_known_values(x); break;
    case ROW: memset(x->row, 0, sizeof x->row); break;
    case BACKTRACE: value->number = x->frames.n; break;
    case FRAME:
        x->binary = x->path = x->line = 0;
        value->text = add_xctrace_text(x, name.n > 0 ? name : tag_attribute(x, STR("addr")));
        break;
    case BINARY: value->text = add_xctrace_text(x, name); break;
    case SOURCE:
        if (num_parse_u64(tag_attribute(x, STR("line")), &line) && line < UINT32_MAX)
            x->line = (uint32_t)line;
        break;
    case THREAD:
    case PROCESS:
    case STATE: value->text = add_xctrace_text(x, tag_attribute(x, STR("fmt"))); break;
    default: break;
    }
}

static bool end_element(struct xctrace *x, bool empty)
{
    struct xctrace_open open = x->open.at[--x->open.n];
    struct xctrace_value *value = &open.value;
    str text = empty ? STR("") : str_trim(x->xml.text);
    if ((value->element == WEIGHT || value->element == CYCLES) &&
        !num_parse_u64(text, &value->number))
        value->number = UINT64_MAX;
    if (value->element == PATH)
        value->text = add_xctrace_text(x, text);
    if (value->element == FRAME)
        close_frame(x, value);
    if (open.id != 0 && value->element != OTHER) {
        uint32_t place = intern_add(&x->ids, str_of((const char *)&open.id, sizeof open.id));
        if (place == x->values.n)
            vec_push(x->heap, &x->values, *value);
    }
    return value->element == OTHER || use_value(x, value);
}

/* False: *err or the damage is set. */
static bool take_xctrace_tag(struct xctrace *x)
{
    str tag = x->xml.tag, name = xml_tag_name(tag);
    bool closes = str_starts(tag, STR("/")), empty = !closes && str_ends(tag, STR("/"));
    enum element element = find_element(str_skip(name, closes));
    if (!closes) {
        struct xctrace_open open = {.value.element = element};
        uint64_t known;
        num_parse_u64(tag_attribute(x, STR("id")), &open.id);
        if (num_parse_u64(tag_attribute(x, STR("ref")), &known)) {
            open.value.element = OTHER;
            if (element != OTHER && !use_known_value(x, element, known))
                return false;
        }
        start_element(x, &open.value);
        open.element = element;
        vec_push(x->heap, &x->open, open);
    } else if (x->open.n == 0 || x->open.at[x->open.n - 1].element != element) {
        xml_tags_note(&x->xml, "its elements do not nest", x->offset);
        return false;
    }
    return !(closes || empty) || end_element(x, empty);
}

static bool read_xctrace_tags(struct xctrace *x)
{
    while (xml_tags_next(&x->xml) && !x->xml.damage) {
        x->offset = x->xml.skipped + x->xml.text.n;
        if (x->xml.tag.n == 0)
            xml_tags_note(&x->xml, "it is not XML", x->offset);
        if (x->xml.damage || !take_xctrace_tag(x))
            break;
    }
    if (x->err->code != ERR_NONE || x->xml.input->failed)
        return false;
    if (x->open.n > 0)
        xml_tags_note(&x->xml, "it is cut short", x->xml.skipped);
    if (!x->xml.damage)
        return true;
    if (x->rows == 0)
        return err_set(x->err, ERR_INPUT, "table of xctrace, byte %llu: %s",
                       (unsigned long long)x->xml.damage_at, x->xml.damage);
    builder_skip(x->builder, x->xml.damage, x->xml.damage_at);
    return true;
}

static bool xctrace_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    uint64_t seed = builder->profile->tree.seed;
    struct xctrace x = {.heap = heap, .builder = builder, .err = err};
    x.xml.input = input;
    x.decoded.heap = x.frame_name.heap = heap;
    intern_init(&x.texts, heap, seed);
    intern_init(&x.ids, heap, seed);
    intern_add(&x.texts, STR("")); /* 0: a missing text */
    return read_xctrace_tags(&x);
}

static int xctrace_bid(str head)
{
    return str_starts(str_trim_left(head), STR("<")) &&
                   str_contains(head, STR("<trace-query-result"))
               ? READER_CERTAIN + 7
               : 0;
}

const struct reader reader_xctrace = {
    .name = "xctrace",
    .help = "a table of stacks that xctrace export of macOS writes",
    .needs = "<trace-query-result",
    .bid = xctrace_bid,
    .read = xctrace_read,
};
