/* SPDX-License-Identifier: MIT */
/*
 * bpftrace: maps of stacks, as bpftrace prints them when it ends, as text or as JSON (-f json).
 *
 *      @cpu[
 *          __schedule+1560
 *          do_syscall_64+113
 *      ,
 *          read+18
 *          main+44
 *      , postgres]: 12
 *
 *      {"type": "map", "data": {"@cpu": {"\n    __schedule+1560\n,\n    read+18\n,postgres": 12}}}
 *
 * A key is a list: stacks, leaf first, of indented lines, and others, which become the first
 * frames. bpftrace does not mark the kernel's stack: it is the one in which functions occur that
 * enter the kernel, in any stack of that map. So entries are kept until the input ends. Each
 * map is a value that --sample-index can choose; the first one with stacks is the default.
 */
#include "format/bpftrace/bpftrace.h"
#include "format/json_stream.h"

/* "12", or "count 61, average 100, total 6120". */
static bool read_value(struct bpftrace_map *map, str text, int64_t *value)
{
    static const str total = STR_INIT(", total ");
    size_t at = str_search(text, total, 0);
    if (at >= text.n || !str_starts(text, STR("count ")))
        return dump_is_number(text, value);
    map->is_count = false;
    return dump_is_number(str_skip(text, at + total.n), value);
}

/* ---- text ---- */

/* "@name[": the key begins after it. */
static bool split_start(str line, str *name, str *rest)
{
    size_t n = 1;
    if (line.n < 2 || line.p[0] != '@')
        return false;
    while (n < line.n && (is_alnum(line.p[n]) || line.p[n] == '_'))
        n++;
    if (n == line.n || line.p[n] != '[')
        return false;
    *name = str_cut(line, 1, n);
    *rest = str_skip(line, n + 1);
    return true;
}

/* The start of "]: VALUE"; the value of a histogram is on the lines that follow. */
static size_t find_bpftrace_value(str line)
{
    return str_search_last(line, STR("]: "));
}

static void take_key_line(struct bpftrace *bpf, str line)
{
    size_t at = is_blank(line.n > 0 ? line.p[0] : ' ') ? line.n : find_bpftrace_value(line);
    int64_t value;
    strbuf_add(&bpf->key, str_head(line, at));
    if (at == line.n) {
        strbuf_add(&bpf->key, STR("\n"));
        return;
    }
    bpf->open = false;
    if (read_value(&bpf->maps.at[bpf->map], str_skip(line, at + 3), &value))
        bpftrace_add_entry(bpf, bpf->map, strbuf_str(&bpf->key), STR(", "), value);
    else
        dump_skip(&bpf->dump, "an entry of a map whose value is not a number");
}

static void check_closed(struct bpftrace *bpf)
{
    if (bpf->open)
        builder_skip(bpf->dump.builder, "an entry of a map without its end", bpf->key_line);
    bpf->open = false;
}

static bool take_bpftrace_line(struct dump *dump, str line)
{
    struct bpftrace *bpf = (struct bpftrace *)dump;
    str name, rest;
    if (split_start(line, &name, &rest)) {
        check_closed(bpf);
        bpf->open = true;
        strbuf_clear(&bpf->key);
        bpf->key_line = dump->line;
        bpf->map = bpftrace_find_map(bpf, name);
        take_key_line(bpf, rest);
    } else if (line.n == 0) {
        check_closed(bpf);
    } else if (bpf->open) {
        take_key_line(bpf, line);
    } else if ((line.p[0] == ']' || line.p[0] == ',') && find_bpftrace_value(line) < line.n) {
        dump_skip(dump, "an entry of a map without its start");
    }
    return true;
}

/* ---- JSON ---- */

/* A number, or {"count": 61, "average": 100, "total": 6120}. */
static bool read_json_value(struct builder *builder, struct json_stream *json,
                            struct bpftrace_map *map, int64_t *value)
{
    char kind = json_peek(json);
    bool found = false;
    str key;
    if (is_digit(kind) || kind == '-') {
        *value = json_weight_value(json, builder);
        return true;
    }
    if (kind != '{') {
        json_skip(json);
        return false;
    }
    json_enter(json, '{');
    while (json_next_key(json, &key)) {
        if (!str_equal(key, STR("total"))) {
            json_skip(json);
            continue;
        }
        map->is_count = false;
        *value = json_weight_value(json, builder);
        found = true;
    }
    return found;
}

/* {"@name": {"KEY": VALUE}}; a map without keys is a number. */
static void read_json_maps(struct bpftrace *bpf, struct json_stream *json)
{
    str name, key;
    int64_t value;
    if (!json_enter(json, '{'))
        return;
    while (json_next_key(json, &name)) {
        dump_take(&name, STR("@"));
        uint32_t map = bpftrace_find_map(bpf, name);
        if (!json_enter(json, '{'))
            continue;
        while (json_next_key(json, &key)) {
            strbuf_set(&bpf->key, key);
            if (read_json_value(bpf->dump.builder, json, &bpf->maps.at[map], &value) &&
                !json->damaged)
                bpftrace_add_entry(bpf, map, strbuf_str(&bpf->key), STR(","), value);
        }
    }
}

static void read_json_line(struct bpftrace *bpf, struct json_stream *json)
{
    str key;
    if (!json_enter(json, '{'))
        return;
    while (json_next_key(json, &key)) {
        if (str_equal(key, STR("data")) && json_peek(json) == '{')
            read_json_maps(bpf, json);
        else
            json_skip(json);
    }
}

static void read_bpftrace_json(struct bpftrace *bpf, struct reader_input *input)
{
    struct json_stream json;
    json_stream_init(&json, input, bpf->dump.builder->scratch);
    while (!json.damaged && json_peek(&json) == '{')
        read_json_line(bpf, &json);
    if (json.damaged || json_peek(&json) != '\0')
        builder_skip(bpf->dump.builder, "the JSON is damaged or ends in the middle",
                     json_offset(&json));
}

static bool bpftrace_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct heap *heap = builder->scratch;
    struct bpftrace bpf = {.key = {.heap = heap}};
    dump_init(&bpf.dump, builder, err);
    intern_init(&bpf.names, heap, builder->profile->tree.seed);
    str start = reader_input_peek(input, 64);
    if (str_starts(str_trim_left(start), STR("{")))
        read_bpftrace_json(&bpf, input);
    else
        dump_read(&bpf.dump, input, take_bpftrace_line);
    check_closed(&bpf);
    return bpftrace_add_stacks(&bpf);
}

static unsigned bpftrace_signs(str line)
{
    str name, rest;
    unsigned start = split_start(line, &name, &rest);
    bool value = !is_blank(line.p[0]) && find_bpftrace_value(line) < line.n &&
                 (start || line.p[0] == ']' || line.p[0] == ',');
    bool attaching = str_starts(line, STR("Attaching ")) && str_contains(line, STR(" probe"));
    return (start ? 1 : 0) | (value || attaching ? 2 : 0);
}

static bool is_bpftrace_json(str head)
{
    str start = str_trim_left(head);
    return str_starts(start, STR("{\"type\":")) &&
           (str_contains(head, STR("\"attached_probes\"")) || str_contains(head, STR("{\"@")));
}

static int bpftrace_bid(str head)
{
    return is_bpftrace_json(head) ? DUMP_BID : dump_bid(head, bpftrace_signs);
}

const struct reader reader_bpftrace = {
    .name = "bpftrace",
    .help = "maps of stacks that bpftrace prints, as text or JSON",
    .needs = "@|attached_probes",
    .bid = bpftrace_bid,
    .read = bpftrace_read,
};
