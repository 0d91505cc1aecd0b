/* SPDX-License-Identifier: MIT */
/*
 * page_controls: the controls of the page: the length of the timeline, the form, the labels.
 */
#include "store/page.h"

enum { VALUES_MOST = 8, MORE_VALUES_MOST = 200 };

/* ---- links ----------------------------------------------------------------------------------- */

void page_start_link(const struct page_query *query, struct sink *sink)
{
    PUT(sink, LIT("<a href=\""));
    put_address(query, STR("/"), sink);
    sink_lit(sink, "\">");
}

/* A time as text, in the heap of the page. */
static str time_text(const struct page_data *data, int64_t ms)
{
    struct sink sink;
    sink_open_memory(&sink, data->heap);
    put_time(ms, &sink);
    return sink_text(&sink);
}

static str length_text(const struct page_data *data, int64_t ms)
{
    struct sink sink;
    sink_open_memory(&sink, data->heap);
    sink_u64(&sink, (uint64_t)(ms + STORE_SECOND - 1) / STORE_SECOND);
    sink_lit(&sink, "s");
    return sink_text(&sink);
}

struct page_query page_query_with_range(const struct page_data *data, enum page_field first,
                                        int64_t from, int64_t until)
{
    struct page_query query = *data->query;
    query.text[first] = time_text(data, from);
    query.text[first + 1] = time_text(data, until);
    return query;
}

/* ---- spans ----------------------------------------------------------------------------------- */

static void put_view_link(const struct page_data *data, int64_t length, int64_t until,
                          const char *text, bool here, struct sink *sink)
{
    struct page_query query = *data->query;
    query.text[PAGE_VIEW] = length_text(data, length);
    query.text[PAGE_VIEW_UNTIL] = until == INT64_MAX ? STR("") : time_text(data, until);
    if (here)
        PUT(sink, LIT("<span class=\"here\" aria-current=\"true\">"), WORD(text), LIT("</span>\n"));
    else {
        page_start_link(&query, sink);
        PUT(sink, WORD(text), LIT("</a>\n"));
    }
}

void page_put_spans(const struct page_data *data, struct sink *sink)
{
    static const struct {
        const char *text;
        int64_t length;
    } spans[] = {{"hour", STORE_HOUR},
                 {"6 hours", 6 * STORE_HOUR},
                 {"day", STORE_DAY},
                 {"week", 7 * STORE_DAY},
                 {"4 weeks", 28 * STORE_DAY}};
    const struct page_query *query = data->query;
    int64_t length = query->view.until - query->view.from, until = query->view.until;
    bool ends_now = query->text[PAGE_VIEW_UNTIL].n == 0;
    sink_lit(sink, "<div>\n");
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        put_view_link(data, spans[i].length, ends_now ? INT64_MAX : until, spans[i].text,
                      length == spans[i].length, sink);
    if (data->query->last > data->query->first)
        put_view_link(data, data->query->last - data->query->first + STORE_SECOND,
                      data->query->last + STORE_SECOND, "all", false, sink);
    if (page_has_range(query))
        put_view_link(data, query->after.until - query->after.from, query->after.until,
                      "zoom to the range", false, sink);
    sink_lit(sink, "</div>\n<div>\n");
    put_view_link(data, length, until - length / 2, "earlier", false, sink);
    put_view_link(data, length, until + length / 2, "later", false, sink);
    put_view_link(data, length, INT64_MAX, "now", false, sink);
    sink_lit(sink, "</div>\n");
}

/* ---- form ------------------------------------------------------------------------------------ */

static void put_time_field(const struct page_data *data, enum page_field field, const char *label,
                           int64_t otherwise, struct sink *sink)
{
    PUT(sink, LIT("<label><span>"), WORD(label), LIT("</span><input type=\"text\" name=\""),
        WORD(page_field_names[field]),
        LIT("\" autocomplete=\"off\" spellcheck=\"false\" value=\""));
    str text = data->query->text[field];
    uint64_t seconds; /* as the script gives them */
    if (num_parse_u64(text, &seconds) && seconds < UINT32_MAX)
        put_time((int64_t)seconds * STORE_SECOND, sink);
    else
        sink_xml(sink, text);
    sink_lit(sink, "\" placeholder=\"");
    if (otherwise != 0)
        put_time(otherwise / STORE_SECOND * STORE_SECOND, sink);
    sink_lit(sink, "\"></label>\n");
}

static void put_option(str value, str chosen, str text, struct sink *sink)
{
    PUT(sink, LIT("<option value=\""), XML(value), LIT("\""),
        WORD(str_equal(value, chosen) ? " selected>" : ">"), XML(text), LIT("</option>"));
}

static bool put_type_field(const struct page_data *data, struct sink *sink)
{
    struct store_types types = {0};
    struct store_query query = page_store_query(data->query, &data->query->view);
    query.type = STR("");
    if (!store_read_types(data->page->store, &query, data->heap, &types, data->page->err))
        return false;
    if (types.at.n < 2)
        return true;
    sink_lit(sink, "<label><span>Value</span><select name=\"type\">");
    for (size_t i = 0; i < types.at.n; i++) {
        str text = store_type_text(&types.at.at[i].type, data->heap);
        put_option(text, data->query->type, text, sink);
    }
    sink_lit(sink, "</select></label>\n");
    return true;
}

static void put_by_field(const struct page_data *data, struct sink *sink)
{
    sink_lit(sink, "<label><span>Split by</span><select name=\"by\">");
    put_option(STR(""), data->query->text[PAGE_BY], STR("nothing"), sink);
    for (uint32_t i = 0; i < intern_count(&data->labels.keys); i++)
        put_option(intern_name(&data->labels.keys, i), data->query->text[PAGE_BY],
                   intern_name(&data->labels.keys, i), sink);
    sink_lit(sink, "</select></label>\n");
}

static void put_scale_field(const struct page_data *data, struct sink *sink)
{
    str chosen = data->query->text[PAGE_SCALE];
    sink_lit(sink, "<label><span>Compare</span><select name=\"scale\">");
    put_option(STR(""), chosen, STR("cost of a second"), sink);
    put_option(STR("shares"), chosen, STR("shares"), sink);
    sink_lit(sink, "</select></label>\n");
}

static void put_chip(const struct page_query *query, const char *text, struct sink *sink)
{
    sink_lit(sink, "<li>");
    page_start_link(query, sink);
    PUT(sink, WORD(text), LIT("</a></li>\n"));
}

/* The labels that are asked for, each with the way back. */
static void put_label_chips(const struct page_data *data, struct sink *sink)
{
    if (data->query->labels.n == 0)
        return;
    sink_lit(sink, "<ul class=\"chips\">\n<li class=\"quiet\">Only</li>\n");
    for (size_t i = 0; i < data->query->labels.n; i++) {
        const struct store_label *label = &data->query->labels.at[i];
        struct page_query query = page_query_with_label(data->query, data->heap, label->key,
                                                        str_of(NULL, 0));
        sink_lit(sink, "<li>");
        page_start_link(&query, sink);
        PUT(sink, XML(label->key), LIT("="), XML(label->value),
            LIT(" <span aria-hidden=\"true\">&#215;</span></a></li>\n"));
    }
    sink_lit(sink, "</ul>\n");
}

/* Earlier ranges of the same length, as far as the store has them. */
static void put_compare_chips(const struct page_data *data, struct sink *sink)
{
    static const struct {
        const char *text;
        int64_t shift; /* 0: the length of the range */
    } chips[] = {{"the same length before", 0},
                 {"an hour before", STORE_HOUR},
                 {"a day before", STORE_DAY},
                 {"a week before", 7 * STORE_DAY}};
    const struct timeline_range *after = &data->query->after;
    int64_t length = after->until - after->from;
    bool before = page_has_before(data->query);
    if (!page_has_range(data->query) || (!before && after->until - length <= data->query->first))
        return;
    sink_lit(sink, "<ul class=\"chips\">\n<li class=\"quiet\">Compare with</li>\n");
    for (size_t i = 0; i < sizeof chips / sizeof chips[0]; i++) {
        int64_t shift = chips[i].shift == 0 ? length : chips[i].shift;
        if (shift < length || after->until - shift <= data->query->first)
            continue;
        struct page_query query = page_query_with_range(data, PAGE_BEFORE_FROM, after->from - shift,
                                                        after->until - shift);
        put_chip(&query, chips[i].text, sink);
    }
    struct page_query query = *data->query;
    query.text[PAGE_BEFORE_FROM] = query.text[PAGE_BEFORE_UNTIL] = STR("");
    if (before)
        put_chip(&query, "nothing", sink);
    sink_lit(sink, "</ul>\n");
}

bool page_put_form(const struct page_data *data, struct sink *sink)
{
    const struct page_query *query = data->query;
    sink_lit(sink, "<div class=\"fields\">\n<div role=\"group\" aria-label=\"Range\">\n");
    put_time_field(data, PAGE_FROM, "From", query->after.from, sink);
    put_time_field(data, PAGE_UNTIL, "Until", query->after.until, sink);
    sink_lit(sink, "</div>\n<div role=\"group\" aria-label=\"Range before, to compare with\">\n");
    put_time_field(data, PAGE_BEFORE_FROM, "Compare with, from", 0, sink);
    put_time_field(data, PAGE_BEFORE_UNTIL, "until", 0, sink);
    sink_lit(sink, "</div>\n<div>\n");
    if (!put_type_field(data, sink))
        return false;
    put_by_field(data, sink);
    put_hidden_fields(query, sink);
    if (page_has_before(query))
        put_scale_field(data, sink);
    PUT(sink,
        LIT("<button class=\"main\">Show</button>\n</div>\n</div>\n<label "
            "class=\"pick\"><input type=\"checkbox\" name=\"drag\" value=\"before\""),
        WORD(query->text[PAGE_DRAG].n > 0 ? " checked" : ""),
        LIT("> dragging chooses the range to compare with</label>\n"));
    put_label_chips(data, sink);
    put_compare_chips(data, sink);
    return true;
}

/* ---- labels ---------------------------------------------------------------------------------- */

static void put_value(const struct page_data *data, str key, const struct label_sum *sum,
                      uint64_t whole, struct sink *sink)
{
    const struct store_label *chosen = page_query_label(data->query, key);
    bool here = chosen && str_equal(chosen->value, sum->value);
    double percent = whole > 0 ? (double)sum->weight / (double)whole * 100 : 0;
    struct page_query query = page_query_with_label(data->query, data->heap, key,
                                                    here ? str_of(NULL, 0) : sum->value);
    PUT(sink, LIT("<li><a"), WORD(here ? " aria-current=\"true\"" : ""), LIT(" href=\""));
    put_address(&query, STR("/"), sink);
    PUT(sink, LIT("\"><span class=\"name\" title=\""), XML(sum->value), LIT("\">"),
        XML(sum->value.n > 0 ? sum->value : STR("(empty)")), LIT("</span><span class=\"number\">"),
        FIXED(percent, 1),
        LIT(" %</span><svg viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect class=\"rest\" width=\"100\" height=\"4\"/><rect "
            "width=\""),
        PX(percent), LIT("\" height=\"4\"/></svg></a></li>\n"));
}

/* The values of the key sums->sums.at[at]. They follow it, the largest first. */
static void put_value_choice(const struct page_data *data, const struct label_sums *sums, size_t at,
                             struct sink *sink)
{
    const struct label_sum *all = sums->sums.at;
    uint32_t id = all[at].key;
    str key = intern_name(&sums->keys, id);
    size_t first = at + 1, end = first;
    uint64_t whole = 0;
    while (end < sums->sums.n && all[end].key == id) {
        num_add_most(&whole, all[end].weight);
        end++;
    }
    if (whole < data->total)
        whole = data->total; /* samples without this label count, too */
    PUT(sink, LIT("<h2>"), XML(key), LIT("</h2>\n<ul>\n"));
    for (size_t i = first; i < end && i < first + VALUES_MOST; i++)
        put_value(data, key, &all[i], whole, sink);
    sink_lit(sink, "</ul>\n");
    if (end <= first + VALUES_MOST)
        return;
    PUT(sink, LIT("<details><summary>"), COMMAS(end - first - VALUES_MOST),
        LIT(" more</summary>\n<ul>\n"));
    for (size_t i = first + VALUES_MOST; i < end && i < first + MORE_VALUES_MOST; i++)
        put_value(data, key, &all[i], whole, sink);
    sink_lit(sink, "</ul></details>\n");
}

/* All values of a label that is filtered are shown, too, so that another one can be chosen. */
static bool read_filtered_label(const struct page_data *data, str key, struct label_sums *sums)
{
    uint64_t total;
    struct page_query others = page_query_with_label(data->query, data->heap, key, str_of(NULL, 0));
    struct store_query query = page_store_query(&others, &data->query->after);
    return store_read_labels(data->page->store, &query, data->heap, sums, &total, data->page->err);
}

bool page_put_labels(const struct page_data *data, struct sink *sink)
{
    const struct label_sums *sums = &data->labels;
    bool any = false;
    for (size_t i = 0; i < data->query->labels.n; i++) {
        struct label_sums own;
        str key = data->query->labels.at[i].key;
        if (page_query_label(data->query, key) != &data->query->labels.at[i])
            continue;
        if (!read_filtered_label(data, key, &own))
            return false;
        for (size_t k = 0; k < own.sums.n; k++)
            if (own.sums.at[k].whole && str_equal(intern_name(&own.keys, own.sums.at[k].key), key))
                put_value_choice(data, &own, k, sink);
        any = true;
    }
    for (size_t i = 0; i < sums->sums.n; i++) {
        if (!sums->sums.at[i].whole ||
            page_query_label(data->query, intern_name(&sums->keys, sums->sums.at[i].key)))
            continue;
        put_value_choice(data, sums, i, sink);
        any = true;
    }
    if (!any)
        sink_lit(sink, "<p class=\"quiet\">no labels</p>\n");
    return true;
}
