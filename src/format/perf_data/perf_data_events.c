/* SPDX-License-Identifier: MIT */
/*
 * perf_data_events: the events of a recording, and which of them a record belongs to.
 */
#include "format/perf_data/perf_data.h"

str perf_take_text(struct perf_bytes *bytes)
{
    str rest = str_of(bytes->at, perf_bytes_left(bytes));
    str text = str_head(rest, rest.n > 0 ? str_find(rest, '\0', 0) : 0);
    bytes->at += text.n + (text.n < rest.n);
    return text;
}

/* ---- perf_map ---- */

void perf_map_init(struct perf_map *map, struct heap *heap, uint64_t seed)
{
    *map = (struct perf_map){.heap = heap, .seed = seed};
}

static struct perf_map_slot *find_slot(const struct perf_map *map, uint64_t a, uint64_t b)
{
    size_t at = (size_t)hash_mix(a ^ map->seed ^ HASH_K1, b ^ HASH_K2) & map->mask;
    while (map->slots[at].value != PERF_MAP_NONE &&
           (map->slots[at].a != a || map->slots[at].b != b))
        at = (at + 1) & map->mask;
    return &map->slots[at];
}

static void grow_map(struct perf_map *map)
{
    struct perf_map old = *map;
    size_t count = old.slots ? 2 * (old.mask + 1) : 64;
    map->slots = heap_alloc(map->heap, count, sizeof *map->slots);
    map->mask = count - 1;
    for (size_t i = 0; i < count; i++)
        map->slots[i].value = PERF_MAP_NONE;
    for (size_t i = 0; old.slots && i <= old.mask; i++)
        if (old.slots[i].value != PERF_MAP_NONE)
            *find_slot(map, old.slots[i].a, old.slots[i].b) = old.slots[i];
    heap_free(map->heap, old.slots);
}

uint32_t *perf_map_at(struct perf_map *map, uint64_t a, uint64_t b)
{
    if (!map->slots || 4 * map->n >= 3 * map->mask)
        grow_map(map);
    struct perf_map_slot *slot = find_slot(map, a, b);
    if (slot->value == PERF_MAP_NONE) {
        slot->a = a;
        slot->b = b;
        map->n++;
    }
    return &slot->value;
}

uint32_t perf_map_find(const struct perf_map *map, uint64_t a)
{
    return map->slots ? find_slot(map, a, 0)->value : PERF_MAP_NONE;
}

void perf_map_end(struct perf_map *map)
{
    heap_free(map->heap, map->slots);
    map->slots = NULL;
    map->n = map->mask = 0;
}

/* ---- attributes ---- */

/* The flags are bit fields: on a machine with the other byte order the bits of each byte are in the
 * other order, too. */
static uint64_t read_flags(struct perf_bytes *bytes)
{
    const char *p = perf_take(bytes, 8);
    uint64_t flags = 0;
    for (unsigned i = 0; p && i < 64; i++) {
        unsigned bit = bytes->big ? 7 - i % 8 : i % 8;
        flags |= (uint64_t)((unsigned char)p[i / 8] >> bit & 1) << i;
    }
    return flags;
}

struct perf_attr perf_attr_read(struct perf_bytes bytes)
{
    struct perf_attr attr = {.type = perf_take32(&bytes)};
    enum { SIZE_FIRST = 64, BEFORE = 8 };
    uint32_t size = perf_take32(&bytes);
    if (size == 0)
        size = SIZE_FIRST; /* what the first version of perf did not say */
    if (size >= BEFORE && size - BEFORE < perf_bytes_left(&bytes))
        bytes.end = bytes.at + (size - BEFORE);
    attr.config = perf_take64(&bytes);
    attr.period = perf_take64(&bytes);
    attr.sample_type = perf_take64(&bytes);
    attr.read_format = perf_take64(&bytes);
    attr.flags = read_flags(&bytes);
    perf_take(&bytes, 24); /* wakeup, breakpoint type, config1, config2 */
    attr.branch_type = perf_take64(&bytes);
    attr.user_registers = perf_take64(&bytes);
    perf_take(&bytes, 8); /* size of the stack, clock */
    attr.intr_registers = perf_take64(&bytes);
    return attr;
}

/* ---- names ---- */

static str hardware_name(const struct perf_attr *attr)
{
    static const str hardware[] = {STR_INIT("cycles"),
                                   STR_INIT("instructions"),
                                   STR_INIT("cache-references"),
                                   STR_INIT("cache-misses"),
                                   STR_INIT("branches"),
                                   STR_INIT("branch-misses"),
                                   STR_INIT("bus-cycles"),
                                   STR_INIT("stalled-cycles-frontend"),
                                   STR_INIT("stalled-cycles-backend"),
                                   STR_INIT("ref-cycles")};
    static const str software[] = {STR_INIT("cpu-clock"),        STR_INIT("task-clock"),
                                   STR_INIT("page-faults"),      STR_INIT("context-switches"),
                                   STR_INIT("cpu-migrations"),   STR_INIT("minor-faults"),
                                   STR_INIT("major-faults"),     STR_INIT("alignment-faults"),
                                   STR_INIT("emulation-faults"), STR_INIT("dummy"),
                                   STR_INIT("bpf-output"),       STR_INIT("cgroup-switches")};
    if (attr->type == PERF_TYPE_HARDWARE && attr->config < sizeof hardware / sizeof hardware[0])
        return hardware[attr->config];
    if (attr->type == PERF_TYPE_SOFTWARE && attr->config < sizeof software / sizeof software[0])
        return software[attr->config];
    return attr->type == PERF_TYPE_TRACEPOINT ? STR("tracepoint") : STR("");
}

/* For recordings without the names of their events: "cycles:u", "raw 0x1a8". */
static str default_name(struct perf_events_table *table, const struct perf_attr *attr)
{
    struct strbuf text = {.heap = table->arena.heap};
    uint64_t excluded = attr->flags &
                        (PERF_ATTR_EXCLUDE_USER | PERF_ATTR_EXCLUDE_KERNEL | PERF_ATTR_EXCLUDE_HV);
    unsigned precise = attr->flags >> PERF_ATTR_PRECISE_SHIFT & 3;
    str name = hardware_name(attr);
    strbuf_add(&text, name);
    if (name.n == 0) {
        strbuf_add(&text, STR("raw 0x"));
        strbuf_add_hex(&text, attr->config);
    }
    strbuf_add(&text, excluded || precise > 0 ? STR(":") : STR(""));
    if (excluded) {
        strbuf_add(&text, excluded & PERF_ATTR_EXCLUDE_KERNEL ? STR("") : STR("k"));
        strbuf_add(&text, excluded & PERF_ATTR_EXCLUDE_USER ? STR("") : STR("u"));
        strbuf_add(&text, excluded & PERF_ATTR_EXCLUDE_HV ? STR("") : STR("h"));
    }
    strbuf_add(&text, str_head(STR("ppp"), precise));
    name = arena_copy(&table->arena, strbuf_str(&text));
    strbuf_end(&text);
    return name;
}

/* ---- table ---- */

void perf_table_init(struct perf_events_table *table, struct heap *heap, uint64_t seed)
{
    *table = (struct perf_events_table){0};
    arena_init(&table->arena, heap);
    perf_map_init(&table->ids, heap, seed);
}

void perf_table_end(struct perf_events_table *table)
{
    struct heap *heap = table->arena.heap;
    vec_free(heap, &table->events);
    perf_map_end(&table->ids);
    arena_end(&table->arena);
}

void perf_table_add(struct perf_events_table *table, const struct perf_attr *attr,
                    struct perf_bytes ids)
{
    struct perf_event event = {.attr = *attr, .name = default_name(table, attr)};
    uint32_t number = (uint32_t)table->events.n;
    while (perf_bytes_left(&ids) >= 8)
        *perf_map_at(&table->ids, perf_take64(&ids), 0) = number;
    vec_push(table->arena.heap, &table->events, event);
}

void perf_table_set_name(struct perf_events_table *table, size_t event, str name)
{
    if (event < table->events.n && name.n > 0)
        table->events.at[event].name = arena_copy(&table->arena, name);
}

const struct perf_event *perf_table_of_id(const struct perf_events_table *table, uint64_t id)
{
    const struct perf_event *events = table->events.at;
    if (table->events.n == 0)
        return NULL;
    uint32_t number = perf_map_find(&table->ids, id);
    if (number != PERF_MAP_NONE)
        return &events[number];
    /* perf makes up records with the id 0, and old recordings have no ids */
    bool first = table->events.n == 1 || id == 0 ||
                 !(events[0].attr.flags & PERF_ATTR_SAMPLE_ID_ALL);
    return first ? &events[0] : NULL;
}

const struct perf_event *perf_table_of_sample(const struct perf_events_table *table,
                                              struct perf_bytes body)
{
    if (table->events.n <= 1)
        return table->events.at;
    uint64_t type = table->events.at[0].attr.sample_type;
    uint64_t before = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR;
    if (!(type & (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_ID)))
        return table->events.at;
    if (!(type & PERF_SAMPLE_IDENTIFIER))
        perf_take(&body, 8 * perf_words(type, before));
    uint64_t id = perf_take64(&body);
    return body.cut ? NULL : perf_table_of_id(table, id);
}

const struct perf_event *perf_table_of_other(const struct perf_events_table *table,
                                             struct perf_bytes body)
{
    if (table->events.n <= 1)
        return table->events.at;
    uint64_t type = table->events.at[0].attr.sample_type;
    if (!(table->events.at[0].attr.flags & PERF_ATTR_SAMPLE_ID_ALL) ||
        !(type & (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_ID)))
        return table->events.at;
    size_t from_end = 8;
    if (!(type & PERF_SAMPLE_IDENTIFIER))
        from_end += 8 * perf_words(type, PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU);
    if (perf_bytes_left(&body) < from_end)
        return NULL;
    return perf_table_of_id(table, perf_load64(body.end - from_end, body.big));
}
