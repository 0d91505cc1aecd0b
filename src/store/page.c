/* SPDX-License-Identifier: MIT */
/*
 * page: the document around the timeline and the flame graph, by templates/page.html.
 */
#include "store/page.h"

#include "core/sha256.h"
#include "output/markup.h"

enum { BARS_MOST = 240, MARKS_MOST = 30 };

/* ---- reading --------------------------------------------------------------------------------- */

struct store_query page_store_query(const struct page_query *query,
                                    const struct timeline_range *range)
{
    return (struct store_query){
        .from = range->from,
        .until = range->until,
        .labels = query->labels.at,
        .label_count = query->labels.n,
        .type = query->type,
    };
}

/* Time on a processor, if the store has it, else what has the most windows. */
bool page_choose_type(struct page *page)
{
    struct store_types types = {0};
    struct page_query *query = page->query;
    struct store_query ask = page_store_query(query, &query->view);
    ask.type = STR("");
    query->type = query->text[PAGE_TYPE];
    if (query->type.n > 0)
        return true;
    if (!store_read_types(page->store, &ask, page->heap, &types, page->err))
        return false;
    for (size_t i = 0, most = 0; i < types.at.n && types.at.n > 1; i++) {
        const struct store_type *type = &types.at.at[i];
        bool cpu = str_contains(type->type.name, STR("cpu"));
        size_t weight = !type->chosen ? 0 : cpu ? SIZE_MAX : type->chosen;
        if (weight > most) {
            query->type = store_type_text(&type->type, page->heap);
            most = weight;
        }
    }
    return true;
}

static bool read_weights(struct page_data *data)
{
    struct page *page = data->page;
    struct store_query query = page_store_query(data->query, &data->query->view);
    int64_t step = timeline_step(query.from, query.until, BARS_MOST);
    query.from -= query.from % step;
    if (!store_read_timeline(page->store, &query, step, data->heap, &data->weights, page->err))
        return false;
    timeline_widen(&data->weights, data->heap);
    return true;
}

static bool read_data(struct page_data *data)
{
    struct page *page = data->page;
    const struct timeline_range *view = &data->query->view;
    struct store_query query = page_store_query(data->query, &data->query->after);
    return read_weights(data) &&
           store_read_gaps(page->store, view->from, view->until, data->heap, &data->gaps,
                           page->err) &&
           store_read_marks(page->store, view->from, view->until, data->heap, &data->marks,
                            page->err) &&
           store_read_labels(page->store, &query, data->heap, &data->labels, &data->total,
                             page->err);
}

/* ---- head ------------------------------------------------------------------------------------ */

static void put_page_title(const struct page_data *data, struct sink *sink)
{
    put_range(&data->query->after, sink);
    PUT(sink, LIT(" - "), XML(str_from_c(data->page->name)));
}

static void put_page_summary(const struct page_data *data, struct sink *sink)
{
    const struct page_query *query = data->query;
    PUT(sink, XML(str_from_c(data->page->name)), LIT(": "));
    put_range(&query->after, sink);
    sink_lit(sink, ", ");
    timeline_put_weight(&data->weights, num_of_units(data->total, data->weights.decimals), sink);
    const struct value_type *type = &data->weights.type;
    if (type->name.n > 0 && !str_equal(type->name, type->unit))
        PUT(sink, LIT(" of "), XML(type->name));
    if (page_has_before(query)) {
        sink_lit(sink, "; compared with ");
        put_range(&query->before, sink);
    }
}

static void put_message(const struct page_data *data, struct sink *sink)
{
    if (data->page->message.n > 0)
        PUT(sink, LIT("<p class=\"card alert\" role=\"alert\">"), XML(data->page->message),
            LIT("</p>\n"));
}

static void put_timeline(const struct page_data *data, struct sink *sink)
{
    struct timeline timeline = {
        .from = data->query->view.from,
        .until = data->query->view.until,
        .weights = &data->weights,
        .gaps = &data->gaps,
        .marks = &data->marks,
        .before = data->query->before,
    };
    if (page_has_range(data->query))
        timeline.after = data->query->after;
    timeline_write(&timeline, sink);
}

static void put_page_legend(const struct page_data *data, struct sink *sink)
{
    sink_lit(sink, "<ul class=\"legend\">\n<li>a bar is ");
    put_duration(data->weights.step, sink);
    sink_lit(sink, "</li>\n");
    if (page_has_range(data->query))
        sink_lit(sink, "<li><i class=\"after\"></i>the range</li>\n");
    if (page_has_before(data->query))
        sink_lit(sink, "<li><i class=\"before\"></i>the range before</li>\n");
    if (data->gaps.at.n > 0)
        sink_lit(sink, "<li><i class=\"gap\"></i>a source failed</li>\n");
    if (data->marks.at.n > 0)
        sink_lit(sink, "<li><i class=\"mark\"></i>a mark</li>\n");
    sink_lit(sink, "<li>drag to choose a range, with Shift the range before</li>\n</ul>\n");
}

/* ---- marks ----------------------------------------------------------------------------------- */

/* The time on each side of a mark that is compared: up to the nearest other mark, and at most a
 * quarter of an hour. */
static void put_mark_link(const struct page_data *data, size_t i, struct sink *sink)
{
    const struct store_event *marks = data->marks.at.at;
    int64_t at = marks[i].from, length = 15 * STORE_MINUTE;
    if (i > 0 && at - marks[i - 1].from < length)
        length = at - marks[i - 1].from;
    if (i + 1 < data->marks.at.n && marks[i + 1].from - at < length)
        length = marks[i + 1].from - at;
    if (length < STORE_SECOND || at < length)
        return;
    struct page_query query = page_query_with_range(data, PAGE_FROM, at, at + length);
    struct page_query both = query;
    struct page_query before = page_query_with_range(data, PAGE_BEFORE_FROM, at - length, at);
    both.text[PAGE_BEFORE_FROM] = before.text[PAGE_BEFORE_FROM];
    both.text[PAGE_BEFORE_UNTIL] = before.text[PAGE_BEFORE_UNTIL];
    page_start_link(&both, sink);
    sink_lit(sink, "compare</a>");
}

static void put_list_of_marks(const struct page_data *data, struct sink *sink)
{
    size_t n = data->marks.at.n, first = n > MARKS_MOST ? n - MARKS_MOST : 0;
    sink_lit(sink, "<section class=\"card\" aria-label=\"Marks\">\n");
    if (n > 0)
        sink_lit(sink, "<table class=\"marks\"><caption>Marks</caption>\n");
    for (size_t i = n; i-- > first;) {
        sink_lit(sink, "<tr><td>");
        put_time(data->marks.at.at[i].from, sink);
        PUT(sink, LIT("</td><td>"), XML(data->marks.at.at[i].text), LIT("</td><td>"));
        put_mark_link(data, i, sink);
        sink_lit(sink, "</td></tr>\n");
    }
    if (n > 0)
        sink_lit(sink, "</table>\n");
    if (first > 0)
        PUT(sink, LIT("<p class=\"quiet\">and "), COMMAS(first), LIT(" before these</p>\n"));
    sink_lit(sink, "<details><summary>Add a mark</summary>\n<form class=\"add\" action=\"/mark\" "
                   "method=\"post\">\n<label><span>Text</span><input type=\"text\" "
                   "name=\"text\" required maxlength=\"200\"></label>\n<label><span>At</span>"
                   "<input type=\"text\" name=\"at\" placeholder=\"now\"></label>\n"
                   "<input type=\"hidden\" name=\"back\" value=\"");
    put_address(data->query, STR("/"), sink);
    sink_lit(sink, "\">\n<button>Add</button>\n</form></details>\n</section>\n");
}

/* ---- foot ------------------------------------------------------------------------------------ */

static void put_footer(const struct page_data *data, struct sink *sink)
{
    static const struct {
        str path;
        const char *name;
    } outputs[] = {{STR_INIT("/profile.folded"), "folded stacks"},
                   {STR_INIT("/profile.pb.gz"), "pprof"},
                   {STR_INIT("/profile.svg"), "SVG"}};
    sink_lit(sink, "The range as");
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        PUT(sink, WORD(i > 0 ? ", <a href=\"" : " <a href=\""));
        put_address(data->query, outputs[i].path, sink);
        PUT(sink, LIT("\">"), WORD(outputs[i].name), LIT("</a>"));
    }
    sink_lit(sink, ". Times are those of the server. flamestore " PACKAGE_VERSION);
}

/* ---- the document ---------------------------------------------------------------------------- */

static str page_file(const char *name)
{
    const struct template_file *file = page_files;
    while (strcmp(file->name, name) != 0)
        file++;
    return str_of((const char *)file->data, file->size);
}

static void put_page_script(struct sink *sink)
{
    sink_lit(sink, "<script>");
    sink_bytes(sink, page_file("page.js"));
    sink_lit(sink, "</script>\n");
}

static void put_page_place(const void *context, str place, struct sink *sink)
{
    struct page_data *data = *(struct page_data *const *)context;
    static const struct {
        const char *place;
        void (*put)(const struct page_data *data, struct sink *sink);
    } parts[] = {{"title", put_page_title},    {"summary", put_page_summary},
                 {"message", put_message},     {"spans", page_put_spans},
                 {"timeline", put_timeline},   {"legend", put_page_legend},
                 {"marks", put_list_of_marks}, {"footer", put_footer}};
    static const struct {
        const char *place;
        bool (*put)(const struct page_data *data, struct sink *sink);
    } asked[] = {
        {"form", page_put_form}, {"labels", page_put_labels}, {"picture", page_put_picture}};
    if (str_equal(place, STR("style")))
        sink_bytes(sink, page_file("page.css"));
    else if (str_equal(place, STR("script")))
        put_page_script(sink);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (str_equal(place, str_from_c(parts[i].place)))
            parts[i].put(data, sink);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0] && !data->failed; i++)
        if (str_equal(place, str_from_c(asked[i].place)))
            data->failed = !asked[i].put(data, sink);
}

bool page_write(struct page *page, struct sink *sink)
{
    struct page_data data = {.page = page, .query = page->query, .heap = page->heap};
    struct page_data *place = &data; /* template_fill() takes a const */
    if (!read_data(&data))
        return false;
    template_fill(page_file("page.html"), put_page_place, &place, sink);
    return !data.failed;
}

/* ---- Content-Security-Policy ----------------------------------------------------------------- */

static void put_source_hash(str text, struct sink *sink)
{
    struct sha256 sha;
    char digest[44];
    sha256_init(&sha);
    sha256_add(&sha, text);
    sha256_base64(&sha, digest);
    sink_lit(sink, " 'sha256-");
    sink_bytes(sink, str_of(digest, sizeof digest));
    sink_byte(sink, '\'');
}

/* The hashes of the viewer and of the page. */
void page_write_policy(struct heap *heap, struct sink *sink)
{
    struct sink viewer;
    sink_open_memory(&viewer, heap);
    page_write_viewer_policy(heap, &viewer);
    str text = str_trim(sink_text(&viewer));
    text = str_head(text, text.n > 0 && text.p[text.n - 1] == '\n' ? text.n - 1 : text.n);
    size_t style = str_search(text, STR("; style-src"), 0);
    sink_lit(sink, "default-src 'none'; ");
    sink_bytes(sink, str_head(text, style));
    put_source_hash(page_file("page.js"), sink);
    sink_bytes(sink, str_skip(text, style));
    put_source_hash(page_file("page.css"), sink);
    sink_lit(sink, "; img-src data:; form-action 'self'; base-uri 'none'; "
                   "frame-ancestors 'none'; require-trusted-types-for 'script'");
}
