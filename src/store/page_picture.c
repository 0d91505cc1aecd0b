/* SPDX-License-Identifier: MIT */
/*
 * page_picture: the flame graph of the page, drawn as by flamegraph and flamediff.
 *
 * The runs of a comparison are those of run_ranges.h. Costs are compared by the second, because
 * ranges have any length.
 */
#include "format/folded/folded.h"
#include "pipeline/comparison_picture.h"
#include "store/page.h"
#include "store/run_ranges.h"

/* ---- drawing --------------------------------------------------------------------------------- */

struct picture_work {
    const struct page *page;
    struct heap *heap;
    struct sink *sink;
    struct request request;
    struct drawing drawing;
    str message; /* why there is no picture */
};

static struct sink *open_picture(void *context)
{
    struct picture_work *work = context;
    return work->sink;
}

static const char *make_title(const struct page *page)
{
    struct sink sink;
    sink_open_memory(&sink, page->heap);
    put_range(&page->query->after, &sink);
    for (size_t i = 0; i < page->query->labels.n; i++) {
        sink_bytes(&sink, str_from_c(i == 0 ? ": " : ", "));
        sink_bytes(&sink, page->query->labels.at[i].key);
        sink_lit(&sink, "=");
        sink_bytes(&sink, page->query->labels.at[i].value);
    }
    sink_byte(&sink, '\0');
    return sink_text(&sink).p;
}

static bool start_picture(struct picture_work *work, const struct output *output, bool fragment)
{
    const struct page *page = work->page;
    work->request = request_defaults;
    work->request.output = output;
    work->request.kinds = (unsigned)output->kind;
    work->request.script = true;
    work->request.fragment = fragment;
    work->request.title = make_title(page);
    /* the root is at the top, near the timeline */
    work->request.picture.layout.inverted = fragment;
    work->drawing = (struct drawing){
        .request = &work->request,
        .heap = work->heap,
        .err = page->err,
        .place = {open_picture, work},
    };
    return request_check(&work->request, &os_posix, page->err);
}

static bool read_range(const struct page *page, struct profile *profile)
{
    struct store_query query = page_store_query(page->query, &page->query->after);
    str by = page->query->text[PAGE_BY];
    query.by = &by;
    query.by_count = by.n > 0;
    return store_read(page->store, &query, page->heap, profile, page->err);
}

/* ---- one range ------------------------------------------------------------------------------- */

static bool draw_range(struct picture_work *work, const struct output *output, bool fragment)
{
    const struct page *page = work->page;
    struct profile *profile = heap_zero(work->heap, 1, sizeof *profile);
    if (!read_range(page, profile))
        return false;
    if (tree_sum(&profile->tree, 0) == 0) {
        work->message = STR("There are no samples in this range.");
        return true;
    }
    if (!start_picture(work, output, fragment))
        return false;
    work->drawing.profile = profile;
    return drawing_prepare(&work->drawing, &profile->tree) && drawing_write(&work->drawing);
}

/* ---- two ranges ------------------------------------------------------------------------------ */

struct side_runs {
    struct profile *profiles;
    size_t n;
};

static bool read_sides(const struct page *page, struct side_runs *sides, bool *vague)
{
    struct run_ranges ranges;
    str by = page->query->text[PAGE_BY];
    struct store_query asked[SIDES];
    const struct timeline_range *times[SIDES] = {&page->query->before, &page->query->after};
    for (unsigned side = 0; side < SIDES; side++) {
        asked[side] = page_store_query(page->query, times[side]);
        asked[side].by = &by;
        asked[side].by_count = by.n > 0;
    }
    if (!run_ranges_find(page->store, asked, STR(""), page->heap, &ranges, page->err))
        return false;
    *vague = ranges.vague;
    for (unsigned side = 0; side < SIDES; side++) {
        size_t n = ranges.sides[side].n;
        sides[side].n = n;
        sides[side].profiles = heap_zero(page->heap, n, sizeof *sides[side].profiles);
        for (size_t i = 0; i < n; i++) {
            struct store_query query = run_range_query(&asked[side], &ranges.sides[side].at[i],
                                                       page->heap);
            if (!store_read(page->store, &query, page->heap, &sides[side].profiles[i], page->err))
                return false;
        }
    }
    return true;
}

struct comparing {
    struct side_runs sides[SIDES];
    struct profile facts[SIDES]; /* of their runs */
    bool vague;                  /* see run_ranges.h */
    struct run_set set;
    struct comparison comparison;
    struct report report;
    struct comparison_picture picture;
};

static void add_runs(struct comparing *c, const struct page *page)
{
    size_t n = c->sides[SIDE_BEFORE].n + c->sides[SIDE_AFTER].n, at = 0;
    struct run_sample *samples = heap_zero(page->heap, n, sizeof *samples);
    struct run_sample **settled = heap_alloc(page->heap, n, sizeof *settled);
    for (unsigned side = 0; side < SIDES; side++)
        for (size_t i = 0; i < c->sides[side].n; i++, at++) {
            const struct profile *profile = &c->sides[side].profiles[i];
            run_sample_look(&samples[at], profile, profile->value_type.unit);
            settled[at] = &samples[at];
        }
    run_samples_settle(settled, n);
    run_set_init(&c->set, page->heap, os_draw_seed(c));
    bool counts = false;
    for (size_t i = 0; i < n; i++) {
        counts |= run_unit_is_sample(samples[i].weight);
        if (c->vague && samples[i].weight > 0)
            samples[i].weight = samples[i].total; /* as if it were one sample */
    }
    at = 0;
    for (unsigned side = 0; side < SIDES; side++) {
        profile_init(&c->facts[side], page->heap, 0, false);
        for (size_t i = 0; i < c->sides[side].n; i++, at++) {
            const struct profile *profile = &c->sides[side].profiles[i];
            comparison_note_facts(&c->facts[side], profile);
            run_set_add(&c->set, (enum side)side, &profile->tree, samples[at].weight);
            c->set.runs.at[at].assumed = samples[at].assumed;
        }
    }
    run_set_finish(&c->set);
    c->report.unit = run_unit_choose(NULL, NULL, c->sides[SIDE_AFTER].profiles[0].value_type.unit,
                                     counts);
}

static str range_label(const struct timeline_range *range, struct heap *heap)
{
    struct sink sink;
    sink_open_memory(&sink, heap);
    put_range(range, &sink);
    return sink_text(&sink);
}

static void compare_sides(struct comparing *c, const struct page *page)
{
    const struct page_query *query = page->query;
    bool shares = str_equal(query->text[PAGE_SCALE], STR("shares"));
    struct comparison_options options = {
        .normalize = shares ? NORMALIZE_TOTAL : NORMALIZE_WORK,
        .confidence = 0.99,
        .work = {[SIDE_BEFORE] = (double)(query->before.until - query->before.from) / 1000,
                 [SIDE_AFTER] = (double)(query->after.until - query->after.from) / 1000},
    };
    str *files = heap_alloc(page->heap, c->set.runs.n, sizeof *files);
    for (size_t i = 0; i < c->set.runs.n; i++)
        files[i] = STR("");
    comparison_make(&c->comparison, &c->set, &options);
    c->report.comparison = &c->comparison;
    c->report.files = files;
    c->report.work_unit = STR("second");
    c->report.confidence = options.confidence;
    c->report.labels[SIDE_BEFORE] = range_label(&query->before, page->heap);
    c->report.labels[SIDE_AFTER] = range_label(&query->after, page->heap);
}

static bool has_weight(const struct side_runs *side)
{
    for (size_t i = 0; i < side->n; i++)
        if (tree_sum(&side->profiles[i].tree, 0) > 0)
            return true;
    return false;
}

static bool draw_comparison(struct picture_work *work, const struct output *output, bool fragment)
{
    const struct page *page = work->page;
    struct comparing *c = heap_zero(work->heap, 1, sizeof *c);
    if (!read_sides(page, c->sides, &c->vague))
        return false;
    if (!has_weight(&c->sides[SIDE_BEFORE]) || !has_weight(&c->sides[SIDE_AFTER])) {
        work->message = has_weight(&c->sides[SIDE_AFTER])
                            ? STR("There are no samples in the range before.")
                            : STR("There are no samples in this range.");
        return true;
    }
    if (!start_picture(work, output, fragment))
        return false;
    work->request.title = NULL; /* the comparison has its own */
    if (!request_check(&work->request, &os_posix, page->err))
        return false;
    add_runs(c, page);
    compare_sides(c, page);
    c->picture.report = &c->report;
    c->picture.sides = c->facts;
    work->drawing.report = &c->report;
    return comparison_picture_prepare(&c->picture, &work->drawing) && drawing_write(&work->drawing);
}

/* ---- for the page ---------------------------------------------------------------------------- */

static bool draw_picture(struct picture_work *work, const struct output *output, bool fragment)
{
    return page_has_before(work->page->query) ? draw_comparison(work, output, fragment)
                                              : draw_range(work, output, fragment);
}

bool page_put_picture(const struct page_data *data, struct sink *sink)
{
    struct picture_work work = {.page = data->page, .heap = data->heap, .sink = sink};
    const struct output *svg = output_find(OUTPUT_PICTURE, STR("svg"));
    if (!draw_picture(&work, svg, true))
        return false;
    if (work.message.n > 0)
        PUT(sink, LIT("<p class=\"quiet\">"), XML(work.message), LIT("</p>\n"));
    return true;
}

bool page_write_profile(struct page *page, const char *name, struct sink *sink)
{
    struct picture_work work = {.page = page, .heap = page->heap, .sink = sink};
    const struct output *output = output_find(OUTPUT_PICTURE, str_from_c(name));
    struct profile profile;
    if (output) {
        if (!draw_picture(&work, output, false))
            return false;
        return work.message.n == 0 ||
               err_set(page->err, ERR_INPUT, "%.*s", (int)work.message.n, work.message.p);
    }
    struct store_query query = page_store_query(page->query, &page->query->after);
    output = output_find(OUTPUT_FOLDED | OUTPUT_STACKS, str_from_c(name));
    query.keep_labels = output->kind == OUTPUT_STACKS;
    if (!store_read(page->store, &query, page->heap, &profile, page->err))
        return false;
    struct output_content content = {.tree = &profile.tree, .profile = &profile};
    if (output->kind == OUTPUT_FOLDED)
        folded_header_write(&profile, sink);
    output_write(output, &content, sink);
    return true;
}

void page_write_viewer_policy(struct heap *heap, struct sink *sink)
{
    struct err err = {0};
    struct request request = request_defaults;
    struct drawing drawing = {.request = &request, .heap = heap, .err = &err};
    request.script = request.fragment = true;
    if (request_check(&request, &os_posix, &err))
        drawing_write_csp(&drawing, sink);
}
