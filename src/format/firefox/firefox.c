/* SPDX-License-Identifier: MIT */
/*
 * firefox: the formats of the Firefox Profiler: profiles of Firefox itself (Gecko's format), and
 * those that it, samply, vernier and others write (the processed format). Source:
 * https://github.com/firefox-devtools/profiler/tree/main/docs-developer
 *
 *      processed   samples {stack [...], weight [...]}     a table is a list for each column
 *      Gecko       samples {schema {stack: 0, time: 1}, data [[2, 4.5], ...]}
 *
 *      sample ──► stack {frame, prefix} ──► frame {func, line} ──► func {name, fileName} ──► string
 *
 * Tables are those of the thread, or, where it lacks them, the shared ones of the file. In Gecko's
 * format a frame has a location instead: "name (file:line:column)"; and a profile holds those of
 * other processes. Everything is kept until the end: what is shared may come last.
 */
#include <math.h>

#include "format/firefox/firefox.h"
#include "format/reader.h"

/* The columns that are read, by table. */
static const struct column_name {
    str table, name;
} column_names[COLUMNS] = {
    [SAMPLE_STACK] = {STR_INIT("samples"), STR_INIT("stack")},
    [SAMPLE_WEIGHT] = {STR_INIT("samples"), STR_INIT("weight")},
    [SAMPLE_CPU] = {STR_INIT("samples"), STR_INIT("threadCPUDelta")},
    [STACK_FRAME] = {STR_INIT("stackTable"), STR_INIT("frame")},
    [STACK_PREFIX] = {STR_INIT("stackTable"), STR_INIT("prefix")},
    [STACK_OFFSET] = {STR_INIT("stackTable"), STR_INIT("prefixOffset")},
    [STACK_CATEGORY] = {STR_INIT("stackTable"), STR_INIT("category")},
    [FRAME_FUNCTION] = {STR_INIT("frameTable"), STR_INIT("func")},
    [FRAME_LINE] = {STR_INIT("frameTable"), STR_INIT("line")},
    [FRAME_CATEGORY] = {STR_INIT("frameTable"), STR_INIT("category")},
    [FRAME_LOCATION] = {STR_INIT("frameTable"), STR_INIT("location")},
    [FRAME_INLINE] = {STR_INIT("frameTable"), STR_INIT("inlineDepth")},
    [FUNCTION_NAME] = {STR_INIT("funcTable"), STR_INIT("name")},
    [FUNCTION_FILE] = {STR_INIT("funcTable"), STR_INIT("fileName")},
    [FUNCTION_SOURCE] = {STR_INIT("funcTable"), STR_INIT("source")},
    [FUNCTION_RESOURCE] = {STR_INIT("funcTable"), STR_INIT("resource")},
    [RESOURCE_NAME] = {STR_INIT("resourceTable"), STR_INIT("name")},
    [SOURCE_FILE] = {STR_INIT("sources"), STR_INIT("filename")},
};

/* ---- tables ---- */

static int find_firefox_column(str table, str name)
{
    for (int i = 0; i < COLUMNS; i++)
        if (str_equal(column_names[i].table, table) && str_equal(column_names[i].name, name))
            return i;
    return -1;
}

static void push_number(struct firefox *f, struct numbers *column)
{
    double value;
    if (!json_number_value(&f->json, &value))
        value = NAN;
    vec_push(f->heap, column, value);
}

static void read_schema(struct firefox *f, str table)
{
    str key;
    if (!json_enter(&f->json, '{'))
        return;
    while (json_next_key(&f->json, &key)) {
        int column = find_firefox_column(table, key);
        int64_t place = json_int_value(&f->json);
        while (place >= 0 && place < 100 && f->schema.n <= (size_t)place)
            vec_push(f->heap, &f->schema, -1);
        if (place >= 0 && place < 100)
            f->schema.at[place] = column;
    }
}

/* Rows may end early: what they lack is null. */
static void read_firefox_rows(struct firefox *f, struct tables *tables)
{
    if (!json_enter(&f->json, '['))
        return;
    while (json_next_item(&f->json)) {
        size_t place = 0;
        if (json_enter(&f->json, '[')) {
            for (; json_next_item(&f->json); place++)
                if (place < f->schema.n && f->schema.at[place] >= 0)
                    push_number(f, &tables->columns[f->schema.at[place]]);
                else
                    json_skip(&f->json);
        }
        for (; place < f->schema.n; place++)
            if (f->schema.at[place] >= 0)
                vec_push(f->heap, &tables->columns[f->schema.at[place]], NAN);
    }
}

static void read_table(struct firefox *f, struct tables *tables, str table, uint32_t *weight_type)
{
    str key;
    f->schema.n = 0;
    if (!json_enter(&f->json, '{'))
        return;
    while (json_next_key(&f->json, &key)) {
        int column = find_firefox_column(table, key);
        if (str_equal(key, STR("schema"))) {
            read_schema(f, table);
        } else if (str_equal(key, STR("data"))) {
            read_firefox_rows(f, tables);
        } else if (str_equal(key, STR("weightType")) && weight_type) {
            *weight_type = intern_add(&f->texts, json_string_value(&f->json));
        } else if (column < 0) {
            json_skip(&f->json);
        } else if (json_enter(&f->json, '[')) {
            while (json_next_item(&f->json))
                push_number(f, &tables->columns[column]);
        }
    }
}

static void read_firefox_strings(struct firefox *f, struct tables *tables)
{
    if (!json_enter(&f->json, '['))
        return;
    while (json_next_item(&f->json)) {
        uint32_t text = intern_add(&f->texts, json_string_value(&f->json));
        vec_push(f->heap, &tables->strings, text);
    }
}

/* False if the key names no table: then its value was not read. */
static bool read_if_table(struct firefox *f, struct tables *tables, str key, uint32_t *weight_type)
{
    if (str_equal(key, STR("stringArray")) || str_equal(key, STR("stringTable"))) {
        read_firefox_strings(f, tables);
        return true;
    }
    for (size_t i = 0; i < COLUMNS; i++)
        if (str_equal(key, column_names[i].table)) {
            read_table(f, tables, column_names[i].table, weight_type);
            return true;
        }
    return false;
}

/* ---- the file ---- */

static void read_thread(struct firefox *f, uint32_t part)
{
    struct firefox_thread thread = {.part = part};
    str key;
    thread.name = thread.process = thread.pid = thread.tid = thread.weight_type = intern_add(
        &f->texts, STR(""));
    while (json_next_key(&f->json, &key)) {
        uint32_t *text = str_equal(key, STR("name"))          ? &thread.name
                         : str_equal(key, STR("processName")) ? &thread.process
                         : str_equal(key, STR("pid"))         ? &thread.pid
                         : str_equal(key, STR("tid"))         ? &thread.tid
                                                              : NULL;
        if (text)
            *text = intern_add(&f->texts, json_text_value(&f->json));
        else if (!read_if_table(f, &thread.tables, key, &thread.weight_type))
            json_skip(&f->json);
    }
    vec_push(f->heap, &f->threads, thread);
}

static void read_categories(struct firefox *f, struct firefox_part *part)
{
    str key;
    if (!json_enter(&f->json, '['))
        return;
    for (int64_t i = 0; json_next_item(&f->json); i++) {
        if (!json_enter(&f->json, '{'))
            continue;
        while (json_next_key(&f->json, &key))
            if (!str_equal(key, STR("name")))
                json_skip(&f->json);
            else if (str_equal(json_string_value(&f->json), STR("Idle")))
                part->idle = i;
    }
}

static void read_meta(struct firefox *f, struct firefox_part *part)
{
    str key;
    if (!json_enter(&f->json, '{'))
        return;
    while (json_next_key(&f->json, &key)) {
        if (str_equal(key, STR("interval"))) {
            json_number_value(&f->json, &part->interval);
        } else if (str_equal(key, STR("categories"))) {
            read_categories(f, part);
        } else if (str_equal(key, STR("sampleUnits")) && json_peek(&f->json) == '{') {
            json_enter(&f->json, '{');
            while (json_next_key(&f->json, &key))
                if (str_equal(key, STR("threadCPUDelta")))
                    part->cpu_unit = intern_add(&f->texts, json_string_value(&f->json));
                else
                    json_skip(&f->json);
        } else {
            json_skip(&f->json);
        }
    }
}

static void open_part(struct firefox *f)
{
    struct firefox_part part = {.interval = 1, .cpu_unit = NONE, .idle = -1};
    vec_push(f->heap, &f->open, (uint32_t)f->parts.n);
    vec_push(f->heap, &f->parts, part);
}

/* One member of a part. True: another part in it has been entered. */
static bool read_member(struct firefox *f, uint32_t at, str key)
{
    struct firefox_part *part = &f->parts.at[at];
    if (str_equal(key, STR("meta"))) {
        read_meta(f, part);
    } else if (str_equal(key, STR("threads"))) {
        if (json_enter(&f->json, '['))
            while (json_next_object(&f->json))
                read_thread(f, at);
    } else if (str_equal(key, STR("shared"))) {
        if (json_enter(&f->json, '{'))
            while (json_next_key(&f->json, &key))
                if (!read_if_table(f, &part->shared, key, NULL))
                    json_skip(&f->json);
    } else if (str_equal(key, STR("processes"))) {
        return json_enter(&f->json, '[') && json_next_object(&f->json);
    } else {
        json_skip(&f->json);
    }
    return false;
}

static void read_parts(struct firefox *f)
{
    str key;
    if (!json_enter(&f->json, '{'))
        return;
    open_part(f);
    while (f->open.n > 0 && !f->json.damaged) {
        if (json_next_key(&f->json, &key)) {
            if (read_member(f, f->open.at[f->open.n - 1], key))
                open_part(f);
        } else {
            f->open.n--;
            if (f->open.n > 0 && json_next_object(&f->json))
                open_part(f);
        }
    }
}

static bool firefox_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct firefox f = {
        .heap = builder->scratch, .builder = builder, .err = err, .name.heap = builder->scratch};
    json_stream_init(&f.json, input, builder->scratch);
    intern_init(&f.texts, builder->scratch, builder->profile->tree.seed);
    read_parts(&f);
    return json_check(&f.json, builder, err) && firefox_add_threads(&f);
}

/* `meta` comes first, except in a recording that Firefox writes at its end: there it comes after
 * `libs`, which can be longer than the head. */
static int firefox_bid(str head)
{
    /* each is enough in a file with "meta"; of the common words three are */
    static const str names[] = {STR_INIT("\"stackwalk\""), STR_INIT("\"stackTable\"")};
    static const str words[] = {
        STR_INIT("\"product\""),    STR_INIT("\"version\""),
        STR_INIT("\"startTime\""),  STR_INIT("\"interval\""),
        STR_INIT("\"misc\""),       STR_INIT("\"abi\""),
        STR_INIT("\"oscpu\""),      STR_INIT("\"platform\""),
        STR_INIT("\"categories\""), STR_INIT("\"profilingStartTime\""),
    };
    size_t seen = 0;
    if (!str_starts(str_trim_left(head), STR("{")))
        return 0;
    if (str_contains(head, STR("\"breakpadId\"")) && str_contains(head, STR("\"debugPath\"")))
        return 83;
    if (!str_contains(head, STR("\"meta\"")))
        return 0;
    if (str_contains(head, STR("\"preprocessedProfileVersion\"")))
        return 85;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        seen += str_contains(head, names[i]) ? 3 : 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        seen += str_contains(head, words[i]);
    return seen >= 3 ? 83 : 0;
}

const struct reader reader_firefox = {
    .name = "firefox",
    .help = "the JSON of the Firefox Profiler: Firefox, samply, vernier...",
    .needs = "\"meta\"|\"breakpadId\"",
    .bid = firefox_bid,
    .read = firefox_read,
};
