/* SPDX-License-Identifier: MIT */
/*
 * callgrind: the files of valgrind --tool=callgrind, Xdebug and others. Source:
 * https://valgrind.org/docs/manual/cl-format.html
 *
 *      events: Ir Dr                   positions: instr line
 *      ob= fl= fn=(1) main             the current function; "(1)" alone is the same name again
 *      0x12 16 400 3                   its own cost
 *      cob= cfi= cfn=(2) run
 *      calls=1 0x40 20                 and, in the next line, the cost of the calls
 *      0x12 16 17000 80
 *
 * With --separate-callers the name of a function holds its callers: "leaf'run'main". Then stacks
 * are exact; else they are as exact as the calls allow (call_graph.h).
 */
#include "core/num.h"
#include "format/callgrind/call_graph.h"
#include "format/reader.h"

enum { SPACES = 3 };

/* Names of ob, cob; of fl, fi, fe, cfi, cfl; of fn, cfn. Each kind has its own ids. */
enum space { OBJECT, FILE_NAME, FUNCTION };

struct callgrind_name {
    uint32_t text;
    uint32_t function; /* of the graph; NO_TEXT: none yet */
};

struct callgrind_function {
    uint32_t text, object, file;
};

#define NO_TEXT    UINT32_MAX
#define NOT_WANTED SIZE_MAX

struct callgrind {
    struct heap *heap;
    struct builder *builder;
    struct err *err;
    struct line_loop lines;
    struct intern texts;
    struct intern ids[SPACES];                /* the intern id of an id is the index in `names` */
    VEC(struct callgrind_name) names[SPACES]; /* by space */
    uint32_t unknown;                         /* the text of a name that is to come */
    VEC(struct value_type) events;            /* of the current part */
    VEC(struct value_type) values;            /* of the first part, as in the graph */
    VEC(size_t) places;                       /* of the events: in `values`; NOT_WANTED */
    VEC(uint64_t) costs;                      /* of a line, by value */
    size_t positions;                         /* columns before the costs */
    bool lacks_value;                         /* no event of the part is the value that counts */
    uint32_t object, file, called_object, called_file; /* texts; NO_TEXT: as the caller */
    uint32_t function, called;                         /* of the graph; NO_TEXT: none */
    bool costs_calls, skips_line;                      /* the next costs: of calls; ignored */
    struct intern keys;                       /* a function without an id is known by its texts */
    VEC(uint32_t) keyed;                      /* functions of the graph, by that */
    VEC(struct callgrind_function) functions; /* as in the graph */
    struct call_graph graph;

    struct caller_names callers;
    VEC(uint32_t) frames;
};

/* ---- names ---- */

/* Find the name of "(7) text", "(7)" or "text". NULL if it has no id; then *text is all of it. An
 * id that gets another text is another name from then on. An id can be used before it gets its
 * text. */
static struct callgrind_name *find_callgrind_name(struct callgrind *c, enum space space, str value,
                                                  uint32_t *text)
{
    size_t end = str_starts(value, STR("(")) ? str_find(value, ')', 0) : value.n;
    uint64_t id;
    if (end == value.n || !num_parse_u64(str_cut(value, 1, end), &id)) {
        *text = intern_add(&c->texts, value);
        return NULL;
    }
    str rest = str_trim(str_skip(value, end + 1));
    uint32_t place = intern_add(&c->ids[space], str_of((const char *)&id, sizeof id));
    if (place == c->names[space].n) {
        struct callgrind_name fresh = {c->unknown, NO_TEXT};
        vec_push(c->heap, &c->names[space], fresh);
    }
    struct callgrind_name *name = &c->names[space].at[place];
    if (rest.n > 0) {
        uint32_t given = intern_add(&c->texts, rest);
        if (name->text != c->unknown && name->text != given)
            name->function = NO_TEXT;
        name->text = given;
    }
    *text = name->text;
    return name;
}

static uint32_t find_callgrind_text(struct callgrind *c, enum space space, str value)
{
    uint32_t text;
    find_callgrind_name(c, space, value, &text);
    return text;
}

static uint32_t add_callgrind_function(struct callgrind *c, uint32_t text, uint32_t object,
                                       uint32_t file)
{
    struct callgrind_function function = {text, object, file};
    vec_push(c->heap, &c->functions, function);
    return call_graph_add_function(&c->graph, 0);
}

/* Without an id, functions of one name differ by their file and object. */
static uint32_t find_callgrind_function(struct callgrind *c, str value, uint32_t object,
                                        uint32_t file)
{
    uint32_t text;
    struct callgrind_name *name = find_callgrind_name(c, FUNCTION, value, &text);
    if (name) {
        if (name->function == NO_TEXT)
            name->function = add_callgrind_function(c, text, object, file);
        c->functions.at[name->function].text = text;
        return name->function;
    }
    uint32_t key[3] = {text, object, file};
    uint32_t place = intern_add(&c->keys, str_of((const char *)key, sizeof key));
    if (place == c->keyed.n) {
        uint32_t function = add_callgrind_function(c, text, object, file);
        vec_push(c->heap, &c->keyed, function);
    }
    return c->keyed.at[place];
}

/* ---- lines ---- */

static void skip_line(struct callgrind *c, const char *reason)
{
    builder_skip(c->builder, reason, c->lines.number);
}

/* The values are the events of the first part that has any; later ones may have others. */
static void find_callgrind_places(struct callgrind *c)
{
    c->places.n = 0;
    c->lacks_value = true;
    for (size_t i = 0; i < c->events.n; i++) {
        size_t place = 0;
        while (place < c->values.n && !str_equal(c->events.at[i].name, c->values.at[place].name))
            place++;
        if (place == c->builder->value)
            c->lacks_value = false;
        if (place == c->values.n || !call_graph_wants(&c->graph, place))
            place = NOT_WANTED;
        vec_push(c->heap, &c->places, place);
    }
    while (c->places.n > 0 && c->places.at[c->places.n - 1] == NOT_WANTED)
        c->places.n--;
}

static bool read_callgrind_events(struct callgrind *c, str value)
{
    str word;
    c->events.n = 0;
    while ((word = str_take_word(&value)).n > 0) {
        str name = intern_text(&c->texts, word);
        vec_push(c->heap, &c->events, ((struct value_type){.name = name, .unit = name}));
    }
    if (c->events.n == 0)
        return err_set(c->err, ERR_INPUT, "line %llu: it names no events",
                       (unsigned long long)c->lines.number);
    if (c->values.n == 0) {
        if (!call_graph_start(&c->graph, c->events.at, c->events.n))
            return false;
        vec_append(c->heap, &c->values, &c->events);
        vec_reserve(c->heap, &c->costs, c->values.n);
    }
    find_callgrind_places(c);
    return true;
}

static bool read_callgrind_header(struct callgrind *c, str key, str value)
{
    str word;
    if (str_equal(key, STR("events")))
        return read_callgrind_events(c, value);
    if (str_equal(key, STR("positions"))) /* "line", "instr" or "instr line" */
        for (c->positions = 0; (word = str_take_word(&value)).n > 0;)
            c->positions++;
    return true;
}

static void read_assignment(struct callgrind *c, str key, str value)
{
    if (str_equal(key, STR("fn")))
        c->function = find_callgrind_function(c, value, c->object, c->file);
    else if (str_equal(key, STR("cfn")))
        c->called = find_callgrind_function(
            c, value, c->called_object == NO_TEXT ? c->object : c->called_object,
            c->called_file == NO_TEXT ? c->file : c->called_file);
    else if (str_equal(key, STR("ob")))
        c->object = find_callgrind_text(c, OBJECT, value);
    else if (str_equal(key, STR("cob")))
        c->called_object = find_callgrind_text(c, OBJECT, value);
    else if (str_equal(key, STR("fl")) || str_equal(key, STR("fi")) || str_equal(key, STR("fe")))
        c->file = find_callgrind_text(c, FILE_NAME, value);
    else if (str_equal(key, STR("cfi")) || str_equal(key, STR("cfl")))
        c->called_file = find_callgrind_text(c, FILE_NAME, value);
    else if (str_equal(key, STR("calls")))
        c->costs_calls = true;
    else if (str_equal(key, STR("jump")) || str_equal(key, STR("jcnd")))
        c->skips_line = true;
    else
        skip_line(c, "not known in this format");
}

/* Costs that are left out are 0. */
static bool read_costs(struct callgrind *c, str line)
{
    str word;
    memset(c->costs.at, 0, c->values.n * sizeof *c->costs.at);
    for (size_t i = 0; i < c->positions; i++)
        if (str_take_word(&line).n == 0)
            return c->costs_calls;
    for (size_t i = 0; i < c->places.n && (word = str_take_word(&line)).n > 0; i++)
        if (c->places.at[i] != NOT_WANTED && !num_parse_u64(word, &c->costs.at[c->places.at[i]]))
            return false;
    return true;
}

static void add_callgrind_cost(struct callgrind *c, str line)
{
    bool calls = c->costs_calls;
    if (!read_costs(c, line))
        skip_line(c, "a cost that cannot be counted");
    else if (c->lacks_value)
        skip_line(c, "costs of other events");
    else if (c->function == NO_TEXT)
        skip_line(c, "a cost of no function");
    else if (!calls)
        call_graph_add_self(&c->graph, c->function, c->costs.at);
    else if (c->called == NO_TEXT)
        skip_line(c, "calls of no function");
    else
        call_graph_add_call(&c->graph, c->function, c->called, c->costs.at);
    c->costs_calls = false;
    if (calls)
        c->called = c->called_object = c->called_file = NO_TEXT;
}

static bool read_callgrind_line(struct callgrind *c, str line)
{
    size_t n = 0;
    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return true;
    if (is_digit(line.p[0]) || line.p[0] == '+' || line.p[0] == '-' || line.p[0] == '*') {
        if (c->values.n == 0)
            return err_set(c->err, ERR_INPUT, "line %llu: costs come before their events",
                           (unsigned long long)c->lines.number);
        if (!c->skips_line)
            add_callgrind_cost(c, line);
        c->skips_line = false;
        return true;
    }
    while (n < line.n && is_alpha(line.p[n]))
        n++;
    str value = n < line.n ? str_trim(str_skip(line, n + 1)) : STR("");
    if (n > 0 && n < line.n && line.p[n] == '=')
        read_assignment(c, str_head(line, n), value);
    else if (n > 0 && n < line.n && line.p[n] == ':')
        return read_callgrind_header(c, str_head(line, n), value);
    else
        skip_line(c, "not known in this format");
    return true;
}

static bool read_callgrind_lines(struct callgrind *c)
{
    str line;
    while (line_loop_fill(&c->lines))
        while (line_loop_next(&c->lines, &line))
            if (!read_callgrind_line(c, line))
                return false;
    return true;
}

/* ---- to the builder ---- */

static bool has_callers_in_names(struct callgrind *c)
{
    for (size_t i = 0; i < c->functions.n; i++)
        caller_names_add(&c->callers, intern_name(&c->texts, c->functions.at[i].text));
    for (size_t i = 0; i < c->functions.n; i++)
        if (caller_names_split(&c->callers, intern_name(&c->texts, c->functions.at[i].text)) > 1)
            return true;
    return false;
}

static bool add_contexts(struct callgrind *c)
{
    for (uint32_t i = 0; i < c->functions.n; i++) {
        caller_names_split(&c->callers, intern_name(&c->texts, c->functions.at[i].text));
        c->frames.n = 0;
        for (size_t part = 0; part < c->callers.functions.n; part++)
            vec_push(c->heap, &c->frames,
                     caller_names_frame(c->callers.functions.at[part], c->builder));
        if (!call_graph_add_stack(&c->graph, c->frames.at, c->frames.n,
                                  call_graph_self(&c->graph, i)))
            return false;
    }
    return true;
}

static void make_callgrind_frames(struct callgrind *c)
{
    for (size_t i = 0; i < c->functions.n; i++) {
        const struct callgrind_function *function = &c->functions.at[i];
        struct frame frame = {.name = intern_name(&c->texts, function->text)};
        if (function->object != NO_TEXT)
            frame.module = intern_name(&c->texts, function->object);
        if (function->file != NO_TEXT)
            frame.file = intern_name(&c->texts, function->file);
        c->graph.functions.at[i].frame = builder_frame(c->builder, &frame);
    }
}

static bool add_all_costs(struct callgrind *c)
{
    if (c->values.n == 0)
        return err_set(c->err, ERR_INPUT, "it names no events");
    if (has_callers_in_names(c))
        return add_contexts(c);
    make_callgrind_frames(c);
    bool good = call_graph_draw(&c->graph);
    if (c->graph.merged > 0)
        c->builder->profile->remark =
            "it holds calls, not stacks: functions with several callers are drawn once, in "
            "[merged]; record with valgrind --separate-callers=100 to have stacks";
    return good;
}

static bool callgrind_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    uint64_t seed = builder->profile->tree.seed;
    struct callgrind c = {.heap = heap, .builder = builder, .err = err, .positions = 1};
    c.lines.input = input;
    c.object = c.file = c.called_object = c.called_file = c.function = c.called = NO_TEXT;
    intern_init(&c.texts, heap, seed);
    intern_init(&c.keys, heap, seed);
    c.unknown = intern_add(&c.texts, STR("[unknown]"));
    caller_names_init(&c.callers, heap, seed);
    for (size_t i = 0; i < SPACES; i++)
        intern_init(&c.ids[i], heap, seed);
    call_graph_init(&c.graph, builder, err);
    return read_callgrind_lines(&c) && add_all_costs(&c);
}

static int callgrind_bid(str head)
{
    if (str_starts(head, STR("# callgrind format")))
        return 100;
    bool header = str_starts(head, STR("version:")) || str_starts(head, STR("creator:")) ||
                  str_contains(head, STR("\ncreator:")) || str_contains(head, STR("\npositions:"));
    bool events = str_starts(head, STR("events:")) || str_contains(head, STR("\nevents:"));
    return events && (header || str_contains(head, STR("\nfn="))) ? READER_CERTAIN : 0;
}

const struct reader reader_callgrind = {
    .name = "callgrind",
    .help = "callgrind.out of valgrind, cachegrind.out of Xdebug",
    .needs = "# callgrind format|events:",
    .bid = callgrind_bid,
    .read = callgrind_read,
};
