/* SPDX-License-Identifier: MIT */
/*
 * jfr: recordings of Java Flight Recorder, which the JDK and async-profiler write.
 *
 *      chunk    header, then events: each a size, a type and its fields
 *        type 0   metadata: which fields each class has; nothing else is fixed
 *        type 1   checkpoint: constants by class and id: stacks, methods, names, threads
 *        other    events, which name constants by their ids
 *
 * Chunks follow each other. Each has its own metadata and constants, in any order.
 */
#ifndef FLAMETREE_FORMAT_JFR_JFR_H
#define FLAMETREE_FORMAT_JFR_JFR_H

#include "core/heap.h"
#include "profile/builder.h"

#define JFR_NONE UINT32_MAX

/* Objects in objects, names of names. The JDK has 3. */
enum { JFR_DEEPEST = 32 };

/* Names of fields that the reader uses. Their texts have these numbers. */
enum jfr_name {
    JFR_STACK_TRACE,
    JFR_SAMPLED_THREAD,
    JFR_EVENT_THREAD,
    JFR_STATE,
    JFR_SAMPLES,
    JFR_DURATION,
    JFR_WEIGHT,
    JFR_TLAB_SIZE,
    JFR_ALLOCATION_SIZE,
    JFR_SIZE,
    JFR_SAMPLING_PERIOD,
    JFR_OBJECT_CLASS,
    JFR_MONITOR_CLASS,
    JFR_PARKED_CLASS,
    JFR_TRUNCATED,
    JFR_FRAMES,
    JFR_METHOD,
    JFR_LINE,
    JFR_TYPE,
    JFR_NAME,
    JFR_STRING,
    JFR_DESCRIPTION,
    JFR_JAVA_NAME,
    JFR_OS_NAME,
    JFR_NAMES,
};

extern const char *const jfr_names[JFR_NAMES];

struct jfr_cursor {
    const char *at, *end;
    bool fixed; /* numbers have their full size, the highest byte first */
    bool damaged;
};

/* A number of up to `width` bytes. */
uint64_t jfr_take(struct jfr_cursor *cursor, unsigned width);

/* ---- types ---- */

enum jfr_kind {
    JFR_CLASS,
    JFR_BYTE,
    JFR_SHORT,
    JFR_INT,
    JFR_LONG,
    JFR_FLOAT,
    JFR_DOUBLE,
    JFR_TEXT
};

enum jfr_unit { JFR_NO_UNIT, JFR_TICKS, JFR_NS, JFR_US, JFR_MS, JFR_S, JFR_BYTES };

struct jfr_field {
    uint64_t type_id;
    uint32_t name, type; /* a text; a class */
    bool pooled, array;  /* pooled: it is the id of a constant */
    enum jfr_unit unit;
};

struct jfr_class {
    uint64_t id;
    uint32_t name; /* a text */
    enum jfr_kind kind;
    bool empty;          /* takes no bytes */
    size_t first, count; /* its fields */

    /* as an event */
    uint64_t events;
    bool kept;
    enum jfr_name value; /* JFR_NAMES: it has none */
};

struct jfr_types {
    struct heap *heap;
    struct intern texts; /* the names come first */
    struct intern ids;   /* of classes: the intern id of an id is the index of its class */
    VEC(struct jfr_class) classes;
    VEC(struct jfr_field) fields;
    uint64_t text_id; /* the id of the class of texts */
};

void jfr_types_init(struct jfr_types *types, struct heap *heap, uint64_t seed);

/* Replace all classes by those of this metadata event. False if it is damaged; there are no classes
 * then. */
bool jfr_types_read(struct jfr_types *types, struct jfr_cursor *metadata);

/* The class of that id, or JFR_NONE. */
uint32_t jfr_types_find(const struct jfr_types *types, uint64_t id);

/* A value of a class, as its fields have it. */
struct jfr_value {
    const struct jfr_field *field; /* NULL: the class lacks it */
    uint64_t number;               /* or the id of a constant */
    struct jfr_cursor start;
};

/* Read an object up to its end. */
void jfr_types_read_object(const struct jfr_types *types, uint32_t class_,
                           struct jfr_cursor *cursor, struct jfr_value values[JFR_NAMES]);

/* A text in the object itself. False if it is the id of a constant. Good until `room` changes. */
bool jfr_take_text(struct jfr_cursor *cursor, struct strbuf *room, str *text, uint64_t *id);

/* ---- constants ---- */

struct jfr_constant {
    struct jfr_cursor start;
    uint32_t class_;
    uint32_t known; /* of a method: its name, a text; of a stack: its first frame */
    uint32_t count; /* of the frames of a stack */
    bool truncated;
};

struct jfr_pool {
    struct jfr_types *types;
    struct builder *builder;
    struct intern ids; /* (class, id); the id of a key is the index of the constant */
    VEC(struct jfr_constant) constants;
    VEC(uint32_t) frames; /* of stacks, leaf first */
    struct strbuf text, name;
};

void jfr_pool_init(struct jfr_pool *pool, struct jfr_types *types, struct builder *builder);

/* Forget all constants. */
void jfr_pool_clear(struct jfr_pool *pool);

/* Add the constants of a checkpoint event. False if it is damaged; the constants before the damage
 * are added. */
bool jfr_pool_read(struct jfr_pool *pool, struct jfr_cursor *checkpoint);

/* The text of a constant: of a symbol, a thread, a state. Good until the next call. */
str jfr_pool_text(struct jfr_pool *pool, const struct jfr_value *value);

/* "java.util.TimSort". Good until the next call. */
str jfr_pool_class_name(struct jfr_pool *pool, const struct jfr_value *value);

/* The stack of an event; NULL: it has none, or the stack is missing. */
const struct jfr_constant *jfr_pool_stack(struct jfr_pool *pool, const struct jfr_value *value);

/* ---- events ---- */

/* An event of the input that has stacks. */
struct jfr_event {
    uint64_t count;
    bool kept, is_level;
    enum jfr_name value; /* JFR_NAMES: it has none */
};

enum { JFR_VALUES = 4 }; /* at most, of a sample; the first is the number of samples */

/* The choice of events: those that the user names, or the default. */
struct jfr_choice {
    struct builder *builder;
    struct intern names; /* of events: the id of a name is the index of the event */
    VEC(struct jfr_event) events;
};

void jfr_choice_init(struct jfr_choice *choice, struct builder *builder);

/* Add the events of a chunk, which are counted in its classes. */
void jfr_choice_count(struct jfr_choice *choice, const struct jfr_types *types);

/* Choose, and declare the values of samples. False: *err is set. */
bool jfr_choice_make(struct jfr_choice *choice, struct err *err);

/* Mark the classes that are kept. */
void jfr_choice_mark(const struct jfr_choice *choice, struct jfr_types *types);

#endif
