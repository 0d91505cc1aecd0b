/* SPDX-License-Identifier: MIT */
/*
 * jfr_pool: objects, and the constants of a chunk. Only the place of a constant is kept; it is read
 * when an event names it.
 */
#include "format/jfr/jfr.h"

void jfr_pool_init(struct jfr_pool *pool, struct jfr_types *types, struct builder *builder)
{
    *pool = (struct jfr_pool){
        .types = types,
        .builder = builder,
        .text = {.heap = builder->scratch},
        .name = {.heap = builder->scratch},
    };
    intern_init(&pool->ids, builder->scratch, types->texts.seed);
}

void jfr_pool_clear(struct jfr_pool *pool)
{
    intern_end(&pool->ids);
    pool->constants.n = pool->frames.n = 0;
}

/* ---- objects ---- */

struct open_object {
    const struct jfr_class *class_;
    size_t field;
    uint64_t left; /* objects of an array, with this one */
};

static void skip_plain(enum jfr_kind kind, uint64_t count, struct jfr_cursor *cursor)
{
    static const unsigned char widths[] = {[JFR_BYTE] = 1, [JFR_SHORT] = 2, [JFR_INT] = 4,
                                           [JFR_LONG] = 8, [JFR_FLOAT] = 4, [JFR_DOUBLE] = 8};
    bool whole = kind == JFR_BYTE || kind == JFR_FLOAT || kind == JFR_DOUBLE || cursor->fixed;
    if (whole && count <= (uint64_t)(cursor->end - cursor->at) / widths[kind])
        cursor->at += count * widths[kind];
    else if (whole)
        cursor->damaged = true;
    else
        while (count-- > 0 && !cursor->damaged)
            jfr_take(cursor, widths[kind]);
}

static void skip_text(struct jfr_cursor *cursor)
{
    enum { POOLED = 2, UTF8, CHARACTERS, LATIN_1 };
    uint64_t encoding = jfr_take(cursor, 1);
    cursor->damaged |= encoding > LATIN_1;
    if (encoding < POOLED || cursor->damaged)
        return;
    uint64_t size = jfr_take(cursor, encoding == POOLED ? 8 : 4);
    if (encoding == CHARACTERS)
        skip_plain(JFR_SHORT, size, cursor);
    else if (encoding != POOLED)
        skip_plain(JFR_BYTE, size, cursor);
}

/* Skip the value or the array of a field, unless it has objects: then *object describes them, and
 * they are not skipped. object->class_ is NULL for other values. */
static void skip_values(const struct jfr_types *types, const struct jfr_field *field,
                        struct jfr_cursor *cursor, struct open_object *object)
{
    uint64_t count = field->array ? jfr_take(cursor, 4) : 1;
    object->class_ = NULL;
    if (cursor->damaged || count == 0)
        return;
    if (field->pooled) {
        skip_plain(JFR_LONG, count, cursor);
        return;
    }
    if (field->type == JFR_NONE) {
        cursor->damaged = true;
        return;
    }
    const struct jfr_class *class_ = &types->classes.at[field->type];
    if (class_->kind == JFR_TEXT)
        while (count-- > 0 && !cursor->damaged)
            skip_text(cursor);
    else if (class_->kind != JFR_CLASS)
        skip_plain(class_->kind, count, cursor);
    else if (!class_->empty)
        *object = (struct open_object){class_, 0, count};
}

static void skip_field(const struct jfr_types *types, const struct jfr_field *field,
                       struct jfr_cursor *cursor)
{
    struct open_object open[JFR_DEEPEST], inner;
    size_t depth = 0;
    skip_values(types, field, cursor, &inner);
    if (inner.class_)
        open[depth++] = inner;
    while (depth > 0 && !cursor->damaged) {
        struct open_object *top = &open[depth - 1];
        if (top->field == top->class_->count) {
            top->field = 0;
            depth -= --top->left == 0;
            continue;
        }
        skip_values(types, &types->fields.at[top->class_->first + top->field++], cursor, &inner);
        if (inner.class_ && depth == JFR_DEEPEST)
            cursor->damaged = true;
        else if (inner.class_)
            open[depth++] = inner;
    }
}

/* A number, or the id of a constant; other values are skipped. */
static uint64_t read_pool_number(const struct jfr_types *types, const struct jfr_field *field,
                                 struct jfr_cursor *cursor)
{
    static const unsigned char widths[] = {
        [JFR_BYTE] = 1, [JFR_SHORT] = 2, [JFR_INT] = 4, [JFR_LONG] = 8, [JFR_TEXT] = 0};
    enum jfr_kind kind = field->type != JFR_NONE ? types->classes.at[field->type].kind : JFR_CLASS;
    if (!field->array && field->pooled)
        return jfr_take(cursor, 8);
    if (!field->array && kind >= JFR_BYTE && kind <= JFR_LONG)
        return jfr_take(cursor, widths[kind]);
    skip_field(types, field, cursor);
    return 0;
}

void jfr_types_read_object(const struct jfr_types *types, uint32_t class_,
                           struct jfr_cursor *cursor, struct jfr_value values[JFR_NAMES])
{
    const struct jfr_class *type = &types->classes.at[class_];
    memset(values, 0, JFR_NAMES * sizeof *values);
    for (size_t i = 0; i < type->count && !cursor->damaged; i++) {
        const struct jfr_field *field = &types->fields.at[type->first + i];
        struct jfr_value value = {.field = field, .start = *cursor};
        value.number = read_pool_number(types, field, cursor);
        if (field->name < JFR_NAMES && !cursor->damaged)
            values[field->name] = value;
    }
}

/* ---- constants ---- */

static uint32_t find_constant(struct jfr_pool *pool, uint64_t class_id, uint64_t id)
{
    uint64_t key[2] = {class_id, id};
    return intern_find(&pool->ids, str_of((const char *)key, sizeof key));
}

static struct jfr_constant *constant_of(struct jfr_pool *pool, const struct jfr_value *value)
{
    if (!value->field || !value->field->pooled || value->field->array)
        return NULL;
    uint32_t place = find_constant(pool, value->field->type_id, value->number);
    return place == INTERN_NONE ? NULL : &pool->constants.at[place];
}

/* If a constant comes twice, its first place is kept. */
static void add_constant(struct jfr_pool *pool, uint32_t class_, struct jfr_cursor start,
                         uint64_t id)
{
    struct jfr_constant constant = {.start = start, .class_ = class_, .known = JFR_NONE};
    uint64_t key[2] = {pool->types->classes.at[class_].id, id};
    uint32_t place = intern_add(&pool->ids, str_of((const char *)key, sizeof key));
    if (place == pool->constants.n)
        vec_push(pool->builder->scratch, &pool->constants, constant);
}

bool jfr_pool_read(struct jfr_pool *pool, struct jfr_cursor *checkpoint)
{
    for (int i = 0; i < 3; i++) /* start, duration, distance to the checkpoint before */
        jfr_take(checkpoint, 8);
    jfr_take(checkpoint, 1); /* why it was written */
    for (uint64_t pools = jfr_take(checkpoint, 4); pools > 0 && !checkpoint->damaged; pools--) {
        uint32_t class_ = jfr_types_find(pool->types, jfr_take(checkpoint, 8));
        struct jfr_field value = {.type = class_};
        checkpoint->damaged |= class_ == JFR_NONE;
        uint64_t count = jfr_take(checkpoint, 4);
        for (; count > 0 && !checkpoint->damaged; count--) {
            uint64_t id = jfr_take(checkpoint, 8);
            struct jfr_cursor start = *checkpoint;
            skip_field(pool->types, &value, checkpoint);
            if (!checkpoint->damaged)
                add_constant(pool, class_, start, id);
        }
    }
    return !checkpoint->damaged;
}

/* ---- texts ---- */

/* The field that names an object: a thread has two, and one of them may be empty. */
static const struct jfr_value *find_pool_name(const struct jfr_value values[JFR_NAMES],
                                              enum jfr_name first)
{
    const enum jfr_name names[] = {first,    JFR_JAVA_NAME, JFR_OS_NAME,
                                   JFR_NAME, JFR_STRING,    JFR_DESCRIPTION};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (values[names[i]].field)
            return &values[names[i]];
    return NULL;
}

static str take_pool_text(struct jfr_pool *pool, struct jfr_cursor cursor)
{
    uint64_t id, other;
    str text;
    if (!jfr_take_text(&cursor, &pool->text, &text, &id)) {
        uint32_t place = find_constant(pool, pool->types->text_id, id);
        text = STR("");
        if (place != INTERN_NONE) {
            cursor = pool->constants.at[place].start;
            jfr_take_text(&cursor, &pool->text, &text, &other);
        }
    }
    return cursor.damaged ? STR("") : text;
}

/* A text, a constant that is one, or an object that has a name. */
static str find_pool_text(struct jfr_pool *pool, struct jfr_value value, enum jfr_name first)
{
    struct jfr_value values[JFR_NAMES];
    for (int depth = 0; depth < JFR_DEEPEST && value.field && !value.field->array; depth++) {
        const struct jfr_constant *constant = constant_of(pool, &value);
        if (value.field->pooled && !constant)
            break;
        struct jfr_cursor cursor = constant ? constant->start : value.start;
        uint32_t class_ = constant ? constant->class_ : value.field->type;
        enum jfr_kind kind = class_ == JFR_NONE ? JFR_BYTE : pool->types->classes.at[class_].kind;
        if (kind == JFR_TEXT)
            return take_pool_text(pool, cursor);
        if (kind != JFR_CLASS)
            break;
        jfr_types_read_object(pool->types, class_, &cursor, values);
        const struct jfr_value *name = find_pool_name(values, first);
        if (!name)
            break;
        value = *name;
    }
    return STR("");
}

str jfr_pool_text(struct jfr_pool *pool, const struct jfr_value *value)
{
    str text = find_pool_text(pool, *value, JFR_JAVA_NAME);
    return text.n > 0 ? text : find_pool_text(pool, *value, JFR_OS_NAME);
}

str jfr_pool_class_name(struct jfr_pool *pool, const struct jfr_value *value)
{
    strbuf_set(&pool->name, find_pool_text(pool, *value, JFR_NAME));
    for (size_t i = 0; i < pool->name.bytes.n; i++)
        if (pool->name.bytes.at[i] == '/')
            pool->name.bytes.at[i] = '.';
    return strbuf_str(&pool->name);
}

/* ---- stacks ---- */

/* "java/util/TimSort" and "sort" are "java.util.TimSort.sort". Native frames have no class. */
static uint32_t make_method_name(struct jfr_pool *pool, const struct jfr_constant *method)
{
    struct jfr_value values[JFR_NAMES];
    struct jfr_cursor cursor = method->start;
    jfr_types_read_object(pool->types, method->class_, &cursor, values);
    jfr_pool_class_name(pool, &values[JFR_TYPE]);
    str name = find_pool_text(pool, values[JFR_NAME], JFR_NAME);
    if (pool->name.bytes.n > 0 && name.n > 0)
        strbuf_add(&pool->name, STR("."));
    strbuf_add(&pool->name, name);
    if (pool->name.bytes.n == 0)
        strbuf_set(&pool->name, STR("[unknown]"));
    return intern_add(&pool->types->texts, strbuf_str(&pool->name));
}

static str find_method_name(struct jfr_pool *pool, const struct jfr_value *value)
{
    struct jfr_constant *method = constant_of(pool, value);
    if (!method || pool->types->classes.at[method->class_].kind != JFR_CLASS)
        return STR("[unknown]");
    if (method->known == JFR_NONE)
        method->known = make_method_name(pool, method);
    return intern_name(&pool->types->texts, method->known);
}

static enum frame_kind find_frame_kind(str type)
{
    if (str_equal(type, STR("Inlined")))
        return FRAME_INLINED;
    if (str_equal(type, STR("Kernel")))
        return FRAME_KERNEL;
    bool compiled = str_equal(type, STR("JIT compiled")) || str_equal(type, STR("C1 compiled"));
    return compiled ? FRAME_JIT : FRAME_USER;
}

static void add_pool_frame(struct jfr_pool *pool, const struct jfr_value values[JFR_NAMES])
{
    const struct read_options *options = pool->builder->options;
    struct frame frame = {.name = find_method_name(pool, &values[JFR_METHOD])};
    frame.kind = find_frame_kind(find_pool_text(pool, values[JFR_TYPE], JFR_DESCRIPTION));
    frame.marked = read_options_marks(options, frame.kind);
    uint64_t line = values[JFR_LINE].number;
    if (frame.kind == FRAME_INLINED && options->no_inlines)
        return;
    if (options->srcline && line > 0 && line <= INT32_MAX) { /* the file is not known */
        strbuf_set(&pool->name, frame.name);
        strbuf_add(&pool->name, STR(":"));
        strbuf_add_u64(&pool->name, line);
        frame.name = strbuf_str(&pool->name);
    }
    uint32_t id = builder_frame(pool->builder, &frame);
    vec_push(pool->builder->scratch, &pool->frames, id);
}

/* The frames are stored in the stack itself. */
static void read_pool_frames(struct jfr_pool *pool, struct jfr_constant *stack)
{
    struct jfr_value values[JFR_NAMES];
    struct jfr_cursor cursor = stack->start;
    jfr_types_read_object(pool->types, stack->class_, &cursor, values);
    const struct jfr_field *frames = values[JFR_FRAMES].field;
    stack->known = (uint32_t)pool->frames.n;
    stack->truncated = values[JFR_TRUNCATED].number != 0;
    if (frames && frames->array && !frames->pooled && frames->type != JFR_NONE &&
        pool->types->classes.at[frames->type].kind == JFR_CLASS &&
        !pool->types->classes.at[frames->type].empty) {
        cursor = values[JFR_FRAMES].start;
        uint64_t count = jfr_take(&cursor, 4);
        for (; count > 0 && !cursor.damaged; count--) {
            jfr_types_read_object(pool->types, frames->type, &cursor, values);
            add_pool_frame(pool, values);
        }
    }
    stack->count = (uint32_t)pool->frames.n - stack->known;
}

const struct jfr_constant *jfr_pool_stack(struct jfr_pool *pool, const struct jfr_value *value)
{
    struct jfr_constant *stack = constant_of(pool, value);
    if (!stack || pool->types->classes.at[stack->class_].kind != JFR_CLASS)
        return NULL;
    if (stack->known == JFR_NONE)
        read_pool_frames(pool, stack);
    return stack;
}
