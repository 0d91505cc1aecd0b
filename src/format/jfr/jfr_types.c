/* SPDX-License-Identifier: MIT */
/*
 * jfr_types: classes of a chunk, as its metadata describes them.
 *
 *      metadata: texts, then elements that nest:
 *          class {name, id, superType}
 *              field {name, class, constantPool, dimension}
 *                  annotation {class, value}           "TICKS", "BYTES"
 */
#include "core/num.h"
#include "format/jfr/jfr.h"

const char *const jfr_names[JFR_NAMES] = {
    [JFR_STACK_TRACE] = "stackTrace",
    [JFR_SAMPLED_THREAD] = "sampledThread",
    [JFR_EVENT_THREAD] = "eventThread",
    [JFR_STATE] = "state",
    [JFR_SAMPLES] = "samples",
    [JFR_DURATION] = "duration",
    [JFR_WEIGHT] = "weight",
    [JFR_TLAB_SIZE] = "tlabSize",
    [JFR_ALLOCATION_SIZE] = "allocationSize",
    [JFR_SIZE] = "size",
    [JFR_SAMPLING_PERIOD] = "samplingPeriod",
    [JFR_OBJECT_CLASS] = "objectClass",
    [JFR_MONITOR_CLASS] = "monitorClass",
    [JFR_PARKED_CLASS] = "parkedClass",
    [JFR_TRUNCATED] = "truncated",
    [JFR_FRAMES] = "frames",
    [JFR_METHOD] = "method",
    [JFR_LINE] = "lineNumber",
    [JFR_TYPE] = "type",
    [JFR_NAME] = "name",
    [JFR_STRING] = "string",
    [JFR_DESCRIPTION] = "description",
    [JFR_JAVA_NAME] = "javaName",
    [JFR_OS_NAME] = "osName",
};

void jfr_types_init(struct jfr_types *types, struct heap *heap, uint64_t seed)
{
    *types = (struct jfr_types){.heap = heap};
    intern_init(&types->texts, heap, seed);
    intern_init(&types->ids, heap, seed);
    for (size_t i = 0; i < JFR_NAMES; i++)
        intern_add(&types->texts, str_from_c(jfr_names[i]));
}

uint32_t jfr_types_find(const struct jfr_types *types, uint64_t id)
{
    return intern_find(&types->ids, str_of((const char *)&id, sizeof id));
}

/* ---- numbers and texts ---- */

static bool is_damaged(struct jfr_cursor *cursor, uint64_t needed)
{
    cursor->damaged |= needed > (uint64_t)(cursor->end - cursor->at);
    return cursor->damaged;
}

/* Seven bits a byte, the lowest first; the ninth byte has eight. */
static uint64_t take_compressed(struct jfr_cursor *cursor)
{
    uint64_t value = 0;
    for (unsigned shift = 0; !is_damaged(cursor, 1); shift += 7) {
        unsigned char byte = (unsigned char)*cursor->at++;
        if (shift == 56 || byte < 0x80)
            return value | (uint64_t)byte << shift;
        value |= (uint64_t)(byte & 0x7f) << shift;
    }
    return 0;
}

uint64_t jfr_take(struct jfr_cursor *cursor, unsigned width)
{
    uint64_t value = 0;
    if (!cursor->fixed && width > 1)
        return take_compressed(cursor);
    if (is_damaged(cursor, width))
        return 0;
    while (width-- > 0)
        value = value << 8 | (unsigned char)*cursor->at++;
    return value;
}

/* Two surrogates are one character. */
static void take_characters(struct jfr_cursor *cursor, unsigned width, uint64_t count,
                            struct strbuf *room)
{
    uint32_t high = 0;
    char bytes[4];
    for (uint64_t i = 0; i < count && !cursor->damaged; i++) {
        uint32_t code = (uint32_t)jfr_take(cursor, width) & 0xffff;
        if (code >= 0xdc00 && code < 0xe000 && high > 0)
            code = 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00);
        high = code >= 0xd800 && code < 0xdc00 ? code : 0;
        if (high == 0)
            strbuf_add(room, str_of(bytes, utf8_put(bytes, code)));
    }
}

bool jfr_take_text(struct jfr_cursor *cursor, struct strbuf *room, str *text, uint64_t *id)
{
    enum { NULL_TEXT, EMPTY, POOLED, UTF8, CHARACTERS, LATIN_1 };
    uint64_t encoding = jfr_take(cursor, 1), size = 0;
    *text = STR("");
    if (encoding == NULL_TEXT || encoding == EMPTY)
        return true;
    if (encoding == POOLED) {
        *id = jfr_take(cursor, 8);
        return false;
    }
    cursor->damaged |= encoding > LATIN_1;
    size = jfr_take(cursor, 4);
    if (is_damaged(cursor, size)) /* each character takes a byte at least */
        return true;
    if (encoding == UTF8) {
        *text = str_of(cursor->at, (size_t)size);
        cursor->at += size;
        return true;
    }
    strbuf_clear(room);
    take_characters(cursor, encoding == LATIN_1 ? 1 : 2, size, room);
    *text = strbuf_str(room);
    return true;
}

/* ---- metadata ---- */

enum element { ELEMENT_OTHER, ELEMENT_CLASS, ELEMENT_FIELD };

struct open_element {
    enum element element;
    uint64_t left; /* children to come */
};

struct metadata {
    struct jfr_types *types;
    struct jfr_cursor *cursor;
    VEC(uint32_t) strings; /* texts */
    VEC(struct open_element) open;
    struct strbuf room;
};

static str take_jfr_string(struct metadata *m)
{
    uint64_t place = jfr_take(m->cursor, 4);
    m->cursor->damaged |= place >= m->strings.n;
    if (m->cursor->damaged)
        return STR("");
    return intern_name(&m->types->texts, m->strings.at[place]);
}

static uint64_t number_of(struct metadata *m, str text)
{
    uint64_t number = 0;
    m->cursor->damaged |= !num_parse_u64(text, &number);
    return number;
}

static enum jfr_kind find_field_kind(str name)
{
    static const struct {
        str name;
        enum jfr_kind kind;
    } kinds[] = {
        {STR_INIT("boolean"), JFR_BYTE},
        {STR_INIT("byte"), JFR_BYTE},
        {STR_INIT("char"), JFR_SHORT},
        {STR_INIT("short"), JFR_SHORT},
        {STR_INIT("int"), JFR_INT},
        {STR_INIT("long"), JFR_LONG},
        {STR_INIT("float"), JFR_FLOAT},
        {STR_INIT("double"), JFR_DOUBLE},
        {STR_INIT("java.lang.String"), JFR_TEXT},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_equal(kinds[i].name, name))
            return kinds[i].kind;
    return JFR_CLASS;
}

static enum jfr_unit find_jfr_unit(str name)
{
    static const str units[] = {
        [JFR_TICKS] = STR_INIT("TICKS"),     [JFR_NS] = STR_INIT("NANOSECONDS"),
        [JFR_US] = STR_INIT("MICROSECONDS"), [JFR_MS] = STR_INIT("MILLISECONDS"),
        [JFR_S] = STR_INIT("SECONDS"),       [JFR_BYTES] = STR_INIT("BYTES"),
    };
    for (size_t i = JFR_TICKS; i <= JFR_BYTES; i++)
        if (str_equal(units[i], name))
            return (enum jfr_unit)i;
    return JFR_NO_UNIT;
}

/* If an id comes twice, its first class is kept. */
static void add_class(struct metadata *m, const struct jfr_class *class_)
{
    struct jfr_types *types = m->types;
    uint32_t place = intern_add(&types->ids, str_of((const char *)&class_->id, sizeof class_->id));
    m->cursor->damaged |= place != types->classes.n;
    vec_push(types->heap, &types->classes, *class_);
    if (class_->kind == JFR_TEXT)
        types->text_id = class_->id;
}

static void add_field(struct metadata *m, const struct jfr_field *field)
{
    struct jfr_types *types = m->types;
    if (types->classes.n == 0)
        return;
    types->classes.at[types->classes.n - 1].count++;
    vec_push(types->heap, &types->fields, *field);
}

static enum element read_element(struct metadata *m, enum element parent)
{
    struct jfr_types *types = m->types;
    str element = take_jfr_string(m);
    bool is_class = str_equal(element, STR("class")), is_field = str_equal(element, STR("field"));
    struct jfr_class class_ = {.first = types->fields.n, .value = JFR_NAMES};
    struct jfr_field field = {.type = JFR_NONE};
    for (uint64_t n = jfr_take(m->cursor, 4); n > 0 && !m->cursor->damaged; n--) {
        str key = take_jfr_string(m), value = take_jfr_string(m);
        if (str_equal(key, STR("name"))) {
            class_.name = field.name = intern_add(&types->texts, value);
            class_.kind = find_field_kind(value);
        } else if (is_class && str_equal(key, STR("id"))) {
            class_.id = number_of(m, value);
        } else if (is_field && str_equal(key, STR("class"))) {
            field.type_id = number_of(m, value);
        } else if (is_field && str_equal(key, STR("constantPool"))) {
            field.pooled = str_equal(value, STR("true"));
        } else if (is_field && str_equal(key, STR("dimension"))) {
            field.array = number_of(m, value) > 0;
        } else if (parent == ELEMENT_FIELD && find_jfr_unit(value) != JFR_NO_UNIT) {
            types->fields.at[types->fields.n - 1].unit = find_jfr_unit(value);
        }
    }
    if (is_class)
        add_class(m, &class_);
    if (is_field)
        add_field(m, &field);
    return is_class                          ? ELEMENT_CLASS
           : is_field && types->fields.n > 0 ? ELEMENT_FIELD
                                             : ELEMENT_OTHER;
}

static void read_elements(struct metadata *m)
{
    enum element parent = ELEMENT_OTHER;
    for (;;) {
        enum element element = read_element(m, parent);
        struct open_element open = {element, jfr_take(m->cursor, 4)};
        vec_push(m->types->heap, &m->open, open);
        while (m->open.n > 0 && m->open.at[m->open.n - 1].left == 0)
            m->open.n--;
        if (m->open.n == 0 || m->cursor->damaged)
            return;
        struct open_element *top = &m->open.at[m->open.n - 1];
        top->left--;
        parent = top->element;
    }
}

static bool is_empty(const struct jfr_types *types, const struct jfr_field *field)
{
    return !field->pooled && !field->array && field->type != JFR_NONE &&
           types->classes.at[field->type].empty;
}

/* Classes without a field that takes bytes are skipped, so that no object can have more values than
 * bytes. A class that contains itself is found to be too deep when it is read. */
static void find_empty_classes(struct jfr_types *types)
{
    for (size_t i = 0; i < types->classes.n; i++)
        types->classes.at[i].empty = types->classes.at[i].kind == JFR_CLASS;
    for (int round = 0; round < JFR_DEEPEST; round++)
        for (size_t i = 0; i < types->classes.n; i++) {
            struct jfr_class *class_ = &types->classes.at[i];
            for (size_t f = 0; f < class_->count && class_->empty; f++)
                class_->empty = is_empty(types, &types->fields.at[class_->first + f]);
        }
    for (size_t i = 0; i < types->classes.n; i++) {
        struct jfr_class *class_ = &types->classes.at[i];
        struct jfr_field *fields = types->fields.at;
        size_t kept = class_->first;
        for (size_t f = class_->first; f < class_->first + class_->count; f++)
            if (!is_empty(types, &fields[f]))
                fields[kept++] = fields[f];
        class_->count = kept - class_->first;
    }
}

static void read_jfr_strings(struct metadata *m)
{
    uint64_t id;
    str text;
    for (uint64_t n = jfr_take(m->cursor, 4); n > 0 && !m->cursor->damaged; n--) {
        if (!jfr_take_text(m->cursor, &m->room, &text, &id))
            m->cursor->damaged = true;
        uint32_t string = intern_add(&m->types->texts, text);
        vec_push(m->types->heap, &m->strings, string);
    }
}

bool jfr_types_read(struct jfr_types *types, struct jfr_cursor *metadata)
{
    struct metadata m = {.types = types, .cursor = metadata, .room = {.heap = types->heap}};
    types->classes.n = types->fields.n = 0;
    intern_end(&types->ids);
    for (int i = 0; i < 3; i++) /* start, duration, number */
        jfr_take(metadata, 8);
    read_jfr_strings(&m);
    if (!metadata->damaged)
        read_elements(&m);
    for (size_t i = 0; i < types->fields.n; i++)
        types->fields.at[i].type = jfr_types_find(types, types->fields.at[i].type_id);
    find_empty_classes(types);
    if (metadata->damaged)
        types->classes.n = types->fields.n = 0;
    vec_free(types->heap, &m.strings);
    vec_free(types->heap, &m.open);
    strbuf_end(&m.room);
    return !metadata->damaged;
}
