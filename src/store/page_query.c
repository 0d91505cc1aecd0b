/* SPDX-License-Identifier: MIT */
/*
 * page_query: the address of the page. A tag is KEY=VALUE; '=' and '%' of a key are written as %3D
 * and %25 once more, so that any key can be asked for.
 */
#include "store/page.h"
#include "store/time_text.h"

const char *const page_field_names[] = {
    [PAGE_FROM] = "from",
    [PAGE_UNTIL] = "until",
    [PAGE_BEFORE_FROM] = "before-from",
    [PAGE_BEFORE_UNTIL] = "before-until",
    [PAGE_VIEW] = "view",
    [PAGE_VIEW_UNTIL] = "view-until",
    [PAGE_TYPE] = "type",
    [PAGE_BY] = "by",
    [PAGE_SCALE] = "scale",
    [PAGE_DRAG] = "drag",
    NULL,
};

/* ---- reading ---- */

static str unescape_key(str key, struct heap *heap)
{
    char *copy = heap_alloc(heap, key.n + 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++) {
        bool escape = key.p[i] == '%' && key.n - i > 2 && is_hex(key.p[i + 1]) &&
                      is_hex(key.p[i + 2]);
        copy[n++] = escape ? (char)(hex_digit(key.p[i + 1]) << 4 | hex_digit(key.p[i + 2]))
                           : key.p[i];
        i += escape ? 2 : 0;
    }
    return str_of(copy, n);
}

bool page_query_add(struct page_query *query, struct heap *heap, str name, str value)
{
    if (str_equal(name, STR("tag"))) {
        size_t equals = str_find(value, '=', 0);
        if (value.n == 0 || equals == value.n)
            return true;
        struct store_label label = {unescape_key(str_head(value, equals), heap),
                                    str_skip(value, equals + 1)};
        if (query->labels.n >= STORE_LABELS_MOST)
            return false;
        vec_push(heap, &query->labels, label);
        return true;
    }
    for (size_t i = 0; i < PAGE_FIELDS; i++)
        if (str_equal(name, str_from_c(page_field_names[i])))
            query->text[i] = str_trim(value);
    return true;
}

/* *time stays as it is if the field is not given or is no time. */
static bool read_time(struct page_query *query, enum page_field field, int64_t *time,
                      struct err *err)
{
    str text = query->text[field];
    if (text.n == 0 || time_text_parse(text, query->now, time))
        return true;
    query->text[field] = STR("");
    return err_set(err, ERR_USAGE, "'%.*s' is not a time; try 09:00, -15min or 2026-11-29T09:00",
                   STR_SHOWN(text, 60));
}

/* The shortest usual length that reaches from `first` to `last`. */
static int64_t choose_length(int64_t first, int64_t last)
{
    static const int64_t lengths[] = {
        15 * STORE_MINUTE, 30 * STORE_MINUTE, STORE_HOUR,     2 * STORE_HOUR, 3 * STORE_HOUR,
        6 * STORE_HOUR,    12 * STORE_HOUR,   STORE_DAY,      2 * STORE_DAY,  4 * STORE_DAY,
        7 * STORE_DAY,     14 * STORE_DAY,    28 * STORE_DAY, 91 * STORE_DAY};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (last - first <= lengths[i])
            return lengths[i];
    return (last - first) / STORE_DAY * STORE_DAY + STORE_DAY;
}

/* The timeline shows what is chosen, with some space around it, or all that there is. */
static bool find_view(struct page_query *query, bool chosen, struct err *err)
{
    struct timeline_range *view = &query->view;
    const struct timeline_range *after = &query->after, *before = &query->before;
    int64_t length = 0, end = INT64_MAX;
    bool good = true;
    if (query->text[PAGE_VIEW].n > 0 &&
        (!time_text_parse_length(query->text[PAGE_VIEW], &length) || length > 40000 * STORE_DAY)) {
        good = err_set(err, ERR_USAGE, "the length of the timeline is a time such as 6h");
        query->text[PAGE_VIEW] = STR("");
        length = 0;
    }
    good = read_time(query, PAGE_VIEW_UNTIL, &end, err) && good;
    bool empty = query->first == 0 && query->last == 0;
    int64_t first = empty ? query->now : query->first, last = empty ? query->now : query->last;
    if (chosen) {
        bool compares = before->until > before->from;
        int64_t from = compares && before->from < after->from ? before->from : after->from;
        int64_t until = compares && before->until > after->until ? before->until : after->until;
        if (length == 0)
            length = choose_length(from, until + (until - from) / 4);
        if (end == INT64_MAX)
            end = until + (length - (until - from)) / 2;
        if (end > query->now && query->text[PAGE_VIEW_UNTIL].n == 0 && until <= query->now)
            end = query->now;
    } else {
        if (length == 0)
            length = choose_length(first, last);
        if (end == INT64_MAX)
            end = query->now - last < length / 4 ? query->now : last;
    }
    if (end < query->first) /* "earlier" ends where the store begins */
        end = query->first + length / 2;
    end += STORE_SECOND - 1 - (end + STORE_SECOND - 1) % STORE_SECOND; /* up to a second */
    *view = (struct timeline_range){end - length < 0 ? 0 : end - length, end};
    if (view->until <= view->from)
        *view = (struct timeline_range){0, length};
    return good;
}

bool page_query_find_ranges(struct page_query *query, struct err *err)
{
    struct timeline_range *after = &query->after, *before = &query->before;
    *before = (struct timeline_range){0, 0};
    *after = (struct timeline_range){INT64_MIN, query->now};
    bool good = read_time(query, PAGE_FROM, &after->from, err);
    good = read_time(query, PAGE_UNTIL, &after->until, err) && good;
    good = read_time(query, PAGE_BEFORE_FROM, &before->from, err) && good;
    good = read_time(query, PAGE_BEFORE_UNTIL, &before->until, err) && good;
    bool chosen = query->text[PAGE_FROM].n > 0 && after->from < after->until;
    if (query->text[PAGE_BEFORE_FROM].n == 0 || query->text[PAGE_BEFORE_UNTIL].n == 0 ||
        before->from >= before->until)
        *before = (struct timeline_range){0, 0};
    if (query->text[PAGE_FROM].n > 0 && !chosen)
        good = err_set(err, ERR_USAGE, "the range ends before it begins");
    good = find_view(query, chosen, err) && good;
    if (!chosen)
        *after = query->view;
    return good;
}

/* ---- labels ---- */

const struct store_label *page_query_label(const struct page_query *query, str key)
{
    return store_label_find(query->labels.at, query->labels.n, key);
}

struct page_query page_query_with_label(const struct page_query *query, struct heap *heap, str key,
                                        str value)
{
    struct page_query other = *query;
    other.labels.at = NULL;
    other.labels.n = other.labels.cap = 0;
    for (size_t i = 0; i < query->labels.n; i++)
        if (!str_equal(query->labels.at[i].key, key))
            vec_push(heap, &other.labels, query->labels.at[i]);
    struct store_label label = {key, value};
    if (value.p)
        vec_push(heap, &other.labels, label);
    return other;
}

/* ---- writing ---- */

static void put_percent(char c, struct sink *sink)
{
    static const char hex[] = "0123456789ABCDEF";
    sink_byte(sink, '%');
    sink_byte(sink, hex[(unsigned char)c >> 4]);
    sink_byte(sink, hex[(unsigned char)c & 15]);
}

/* The other characters have no meaning in an address or in HTML. */
static void put_part_of_address(str text, struct sink *sink)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (is_alnum(c) || (c != '\0' && strchr("-._~:/=", c)))
            sink_byte(sink, c);
        else
            put_percent(c, sink);
    }
}

/* The key of a tag, before it becomes part of an address or of a field. */
static str escape_key(str key, struct heap *heap)
{
    struct sink sink;
    sink_open_memory(&sink, heap);
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] == '=' || key.p[i] == '%')
            put_percent(key.p[i], &sink);
        else
            sink_byte(&sink, key.p[i]);
    }
    return sink_text(&sink);
}

void put_address(const struct page_query *query, str path, struct sink *sink)
{
    bool first = true;
    sink_bytes(sink, path);
    for (size_t i = 0; i < PAGE_FIELDS; i++) {
        if (query->text[i].n == 0)
            continue;
        PUT(sink, WORD(first ? "?" : "&amp;"), WORD(page_field_names[i]), LIT("="),
            VIA(put_part_of_address, query->text[i]));
        first = false;
    }
    for (size_t i = 0; i < query->labels.n; i++) {
        const struct store_label *label = &query->labels.at[i];
        PUT(sink, WORD(first ? "?tag=" : "&amp;tag="),
            VIA(put_part_of_address, escape_key(label->key, sink->heap)), LIT("="),
            VIA(put_part_of_address, label->value));
        first = false;
    }
}

static void put_hidden_field(enum page_field field, str value, struct sink *sink)
{
    PUT(sink, LIT("<input type=\"hidden\" name=\""), WORD(page_field_names[field]),
        LIT("\" value=\""), XML(value), LIT("\">\n"));
}

/* A range that is chosen on the timeline keeps the timeline. A range that ends now moves with the
 * time. */
static void put_view_fields(const struct page_query *query, struct sink *sink)
{
    const struct timeline_range *view = &query->view;
    int64_t length = view->until - view->from;
    char number[NUM_ROOM + 1], end[TIME_TEXT_ROOM];
    if (query->text[PAGE_VIEW].n > 0) {
        put_hidden_field(PAGE_VIEW, query->text[PAGE_VIEW], sink);
    } else {
        size_t n = num_put_u64(number, (uint64_t)(length / STORE_SECOND));
        number[n++] = 's';
        put_hidden_field(PAGE_VIEW, str_of(number, n), sink);
    }
    time_text_put(end, view->until);
    if (query->text[PAGE_VIEW_UNTIL].n > 0)
        put_hidden_field(PAGE_VIEW_UNTIL, query->text[PAGE_VIEW_UNTIL], sink);
    else if (query->now - view->until > length / 50)
        put_hidden_field(PAGE_VIEW_UNTIL, str_from_c(end), sink);
}

void put_hidden_fields(const struct page_query *query, struct sink *sink)
{
    put_view_fields(query, sink);
    for (size_t i = 0; i < query->labels.n; i++)
        PUT(sink, LIT("<input type=\"hidden\" name=\"tag\" value=\""),
            XML(escape_key(query->labels.at[i].key, sink->heap)), LIT("="),
            XML(query->labels.at[i].value), LIT("\">\n"));
}
