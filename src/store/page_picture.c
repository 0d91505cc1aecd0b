/* SPDX-License-Identifier: MIT */
/*
 * page_picture: the flame graph of the page, drawn as by flamegraph and flamediff.
 *
 * The runs of a side of a comparison are its hosts, or else its sources: how they differ among
 * themselves is what a change must exceed. Costs are compared by the second, because ranges have
 * any length.
 */
#include "format/folded/folded_header.h"
#include "pipeline/comparison_picture.h"
#include "store/page.h"

enum { RUNS_MOST = 16 }; /* of a side; more are one run */

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
    work->request.picture.layout.inverted = fragment; /* the root is beside what it belongs to */
    work->drawing = (struct drawing){
        .request = &work->request,
        .heap = work->heap,
        .err = page->err,
        .place = {open_picture, work},
    };
    return request_check(&work->request, &os_posix, page->err);
}

static bool read_range(const struct page *page, const struct timeline_range *range,
                       const struct store_label *more, struct profile *profile)
{
    struct store_query query = page_store_query(page->query, range);
    struct store_label *labels = heap_alloc(page->heap, query.label_count + 1, sizeof *labels);
    str by = page->query->text[PAGE_BY];
    size_t n = 0;
    for (size_t i = 0; i < query.label_count; i++)
        if (!more || !str_equal(query.labels[i].key, more->key))
            labels[n++] = query.labels[i];
    if (more)
        labels[n++] = *more;
    query.labels = labels;
    query.label_count = n;
    query.by = &by;
    query.by_count = by.n > 0;
    return store_read(page->store, &query, page->heap, profile, page->err);
}

/* ---- one range ------------------------------------------------------------------------------- */

static bool draw_range(struct picture_work *work, const struct output *output, bool fragment)
{
    const struct page *page = work->page;
    struct profile *profile = heap_zero(work->heap, 1, sizeof *profile);
    if (!read_range(page, &page->query->after, NULL, profile))
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

/* The values of the label that tells the runs of a side apart; none: the side is one run. */
static bool find_runs(const struct page *page, const struct timeline_range *range, str key,
                      struct store_label *runs, size_t *n)
{
    struct label_sums sums;
    uint64_t total;
    struct store_query query = page_store_query(page->query, range);
    *n = 0;
    if (!store_read_labels(page->store, &query, page->heap, &sums, &total, page->err))
        return false;
    uint64_t found = 0;
    for (size_t i = 0; i < sums.sums.n; i++) {
        const struct label_sum *sum = &sums.sums.at[i];
        if (sum->whole || !str_equal(intern_name(&sums.keys, sum->key), key))
            continue;
        num_add_most(&found, sum->weight);
        if (*n < RUNS_MOST)
            runs[*n] = (struct store_label){key, sum->value};
        ++*n;
    }
    if (*n > RUNS_MOST || found != total) /* all of the side must be in some run */
        *n = 0;
    return true;
}

static bool read_side(const struct page *page, const struct timeline_range *range,
                      struct side_runs *side)
{
    struct store_label runs[RUNS_MOST];
    size_t n;
    if (!find_runs(page, range, STR("host"), runs, &n) ||
        (n == 0 && !find_runs(page, range, STR(STORE_SOURCE), runs, &n)))
        return false;
    side->n = n > 0 ? n : 1;
    side->profiles = heap_zero(page->heap, side->n, sizeof *side->profiles);
    for (size_t i = 0; i < side->n; i++)
        if (!read_range(page, range, n > 0 ? &runs[i] : NULL, &side->profiles[i]))
            return false;
    return true;
}

struct comparing {
    struct side_runs sides[SIDES];
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
    at = 0;
    bool counts = false;
    for (unsigned side = 0; side < SIDES; side++)
        for (size_t i = 0; i < c->sides[side].n; i++, at++) {
            run_set_add(&c->set, (enum side)side, &c->sides[side].profiles[i].tree,
                        samples[at].weight);
            c->set.runs.at[at].assumed = samples[at].assumed;
            counts |= run_unit_is_sample(samples[at].weight);
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
    if (!read_side(page, &page->query->before, &c->sides[SIDE_BEFORE]) ||
        !read_side(page, &page->query->after, &c->sides[SIDE_AFTER]))
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
    work->drawing.report = &c->report;
    return comparison_picture_prepare(&c->picture, &work->drawing) && drawing_write(&work->drawing);
}

/* ---- for the page ---------------------------------------------------------------------------- */

static bool draw(struct picture_work *work, const struct output *output, bool fragment)
{
    return page_has_before(work->page->query) ? draw_comparison(work, output, fragment)
                                              : draw_range(work, output, fragment);
}

bool page_put_picture(const struct page_data *data, struct sink *sink)
{
    struct picture_work work = {.page = data->page, .heap = data->heap, .sink = sink};
    const struct output *svg = output_find(OUTPUT_PICTURE, STR("svg"));
    if (!draw(&work, svg, true))
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
        if (!draw(&work, output, false))
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
