/* SPDX-License-Identifier: MIT */
/*
 * site: the answer for each address.
 */
#include "store/page.h"
#include "store/serve.h"
#include "store/time_text.h"

enum { OK = 200, SEE_OTHER = 303, BAD_REQUEST = 400, NOT_FOUND = 404, NOT_ALLOWED = 405 };

/* ---- the page -------------------------------------------------------------------------------- */

struct site_page {
    struct page page;
    struct page_query query;
    struct err problem; /* with the question */
};

static bool open_page(struct http_request *request, struct site_page *p)
{
    *p = (struct site_page){.query = {.now = request->now}};
    p->page = (struct page){
        .query = &p->query,
        .store = store_open(request->options->path, STORE_READ, request->heap, request->err),
        .name = str_file_name(str_from_c(request->options->path)).p,
        .heap = request->heap,
        .err = request->err,
    };
    if (!p->page.store ||
        !store_read_extent(p->page.store, &p->query.first, &p->query.last, request->err))
        return false;
    for (size_t i = 0; i < request->field_count; i++)
        if (!page_query_add(&p->query, request->heap, request->fields[i].name,
                            request->fields[i].value))
            err_set(&p->problem, ERR_USAGE, "too many labels were given");
    page_query_find_ranges(&p->query, &p->problem);
    return page_choose_type(&p->page);
}

/* The page shows the error in the query, and the rest of its content. */
static bool answer_page(struct http_request *request)
{
    struct site_page p;
    struct sink policy;
    if (!open_page(request, &p))
        return false;
    if (p.problem.code != ERR_NONE) {
        p.page.message = str_from_c(p.problem.message);
        request->status = BAD_REQUEST;
    }
    sink_open_memory(&policy, request->heap);
    page_write_policy(request->heap, &policy);
    sink_byte(&policy, '\0');
    request->policy = sink_text(&policy).p;
    request->type = "text/html; charset=utf-8";
    sink_open_memory(&request->answer, request->heap);
    return page_write(&p.page, &request->answer);
}

/* An SVG runs its script when it is opened by itself. */
static bool answer_profile(struct http_request *request)
{
    static const struct {
        str path;
        const char *name, *type, *disposition;
    } outputs[] = {
        {STR_INIT("/profile.folded"), "folded", "text/plain; charset=utf-8", NULL},
        {STR_INIT("/profile.pb.gz"), "pprof", "application/octet-stream",
         "attachment; filename=\"profile.pb.gz\""},
        {STR_INIT("/profile.svg"), "svg", "image/svg+xml", "attachment; filename=\"profile.svg\""},
    };
    struct site_page p;
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        if (!str_equal(request->path, outputs[i].path))
            continue;
        if (!open_page(request, &p))
            return false;
        if (p.problem.code != ERR_NONE)
            return http_answer_text(request, BAD_REQUEST, p.problem.message);
        request->type = outputs[i].type;
        request->disposition = outputs[i].disposition;
        sink_open_memory(&request->answer, request->heap);
        return page_write_profile(&p.page, outputs[i].name, &request->answer);
    }
    return http_answer_text(request, NOT_FOUND, "there is no such page");
}

/* ---- marks ----------------------------------------------------------------------------------- */

/* The form in the page names the page that comes next; others get a line of text. */
static bool answer_mark(struct http_request *request, struct store *store)
{
    str text = str_trim(http_field(request, "text")), at = http_field(request, "at");
    str back = http_field(request, "back");
    int64_t time = request->now;
    if (text.n == 0 || text.n > STORE_TEXT_MOST)
        return http_answer_text(request, BAD_REQUEST, "a mark needs a text: text=deploy 42");
    if (at.n > 0 && !time_text_parse(at, request->now, &time))
        return http_answer_text(request, BAD_REQUEST,
                                "at= is not a time; try 09:00, -15min or 2026-11-29T09:00");
    if (!store_add_mark(store, time, text, request->err))
        return false;
    http_answer_text(request, OK, "marked");
    if (str_starts(back, STR("/?")) || str_equal(back, STR("/"))) {
        struct arena arena;
        arena_init(&arena, request->heap);
        request->status = SEE_OTHER;
        request->location = arena_copy_c(&arena, back);
    }
    return true;
}

/* ---- all ------------------------------------------------------------------------------------- */

static bool answer_post(struct http_request *request)
{
    bool mark = str_equal(request->path, STR("/mark"));
    if (!mark && !str_equal(request->path, STR("/ingest")))
        return http_answer_text(request, NOT_FOUND, "only /ingest and /mark take anything");
    struct store *store = store_open(request->options->path, STORE_WRITE, request->heap,
                                     request->err);
    if (!store)
        return false;
    return mark ? answer_mark(request, store) : ingest_answer(request, store);
}

bool site_answer(struct http_request *request)
{
    request->status = OK;
    if (str_equal(request->method, STR("POST")))
        return answer_post(request);
    if (str_equal(request->path, STR("/ingest")) || str_equal(request->path, STR("/mark")))
        return http_answer_text(request, NOT_ALLOWED, "only POST");
    return str_equal(request->path, STR("/")) ? answer_page(request) : answer_profile(request);
}
