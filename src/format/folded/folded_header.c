/* SPDX-License-Identifier: MIT */
/*
 * folded_header: see folded.h.
 */
#include "format/folded/folded.h"

#include "core/num.h"

bool folded_header_is_fact(str key)
{
    if (str_is_any(key, "columns|samples|squares|process|type|unit"))
        return false;
    for (size_t i = 0; i < key.n; i++)
        if (!(key.p[i] >= 'a' && key.p[i] <= 'z') && !is_digit(key.p[i]) && key.p[i] != '-')
            return false;
    return key.n > 0;
}

/* ---- reading ---- */

static str unescape_value(str value, struct arena *arena)
{
    char *copy = arena_new(arena, char, value.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < value.n; i++) {
        bool escape = value.p[i] == '%' && value.n - i > 2 && is_hex(value.p[i + 1]) &&
                      is_hex(value.p[i + 2]);
        copy[n++] = escape ? (char)(hex_digit(value.p[i + 1]) << 4 | hex_digit(value.p[i + 2]))
                           : value.p[i];
        i += escape ? 2 : 0;
    }
    return str_of(copy, n);
}

static void parse_header_word(struct folded_header *header, str key, str value, struct arena *arena)
{
    uint64_t number = 0;
    bool is_number = num_parse_u64(value, &number);
    if (str_equal(key, STR("columns")) && is_number && number >= 1 && number <= 2)
        header->columns = (unsigned)number;
    else if (str_equal(key, STR("process")))
        header->process_is_root = str_equal(value, STR("root"));
    else if (str_equal(key, STR("type")))
        header->type = unescape_value(value, arena);
    else if (str_equal(key, STR("unit")))
        header->unit = unescape_value(value, arena);
    else if (str_equal(key, STR("squares")) && !wide_parse(value, &header->squares))
        header->squares = wide_of(0);
    else if (str_equal(key, STR("samples")) && is_number) {
        header->has_samples = true;
        header->samples = number;
    }
}

/* A key that this file does not know is a fact. Work of several recordings in one text adds up. */
static void add_header_fact(struct profile *profile, str key, str value)
{
    if (!folded_header_is_fact(key) || value.n == 0)
        return;
    if (str_equal(key, STR("work")))
        profile_add_work(profile, value);
    else
        profile_add_fact(profile, key, unescape_value(value, &profile->arena));
}

bool folded_header_parse(str line, struct folded_header *header, struct profile *facts,
                         struct arena *arena)
{
    static const str start = STR_INIT(FOLDED_HEADER_START);
    if (!str_starts(line, start))
        return false;
    *header = (struct folded_header){.type = STR(""), .unit = STR("")};
    for (size_t at = start.n, end; at < line.n; at = end + 1) {
        end = str_find(line, ' ', at);
        str word = str_cut(line, at, end);
        size_t equals = str_find(word, '=', 0);
        if (equals == word.n)
            continue;
        parse_header_word(header, str_head(word, equals), str_skip(word, equals + 1), arena);
        if (facts)
            add_header_fact(facts, str_head(word, equals), str_skip(word, equals + 1));
    }
    return true;
}

/* ---- writing ---- */

static void put_escaped_value(str value, struct sink *sink)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c > ' ' && c != '%' && c != 0x7f) {
            sink_byte(sink, (char)c);
            continue;
        }
        sink_byte(sink, '%');
        sink_byte(sink, hex[c >> 4]);
        sink_byte(sink, hex[c & 15]);
    }
}

/* The event is left out because the type names it, and the source because it was another file. */
static void put_header_facts(const struct profile *profile, struct sink *sink)
{
    for (size_t i = 0; i < profile->facts.n; i++) {
        str key = profile->facts.at[i].key, value = profile->facts.at[i].value;
        if (!folded_header_is_fact(key) || value.n == 0 || str_equal(key, STR("event")) ||
            str_equal(key, STR("source")))
            continue;
        sink_byte(sink, ' ');
        sink_bytes(sink, key);
        sink_byte(sink, '=');
        put_escaped_value(value, sink);
    }
}

void folded_header_write(const struct profile *profile, struct sink *sink)
{
    const struct value_type *type = &profile->value_type;
    sink_lit(sink, FOLDED_HEADER_START "columns=");
    sink_u64(sink, profile->tree.columns);
    if (profile_samples_are_known(profile)) {
        sink_lit(sink, " samples=");
        sink_u64(sink, profile->samples);
    }
    if (profile_samples_are_known(profile) && !wide_is_zero(profile->squares)) {
        sink_lit(sink, " squares=");
        sink->n += wide_put(sink_room(sink, NUM_ROOM), profile->squares);
    }
    if (profile->process_is_root)
        sink_lit(sink, " process=root");
    if (type->name.n > 0) {
        sink_lit(sink, " type=");
        put_escaped_value(type->name, sink);
    }
    sink_lit(sink, " unit=");
    put_escaped_value(type->unit.n > 0 ? type->unit : STR("unknown"), sink);
    put_header_facts(profile, sink);
    sink_byte(sink, '\n');
}
