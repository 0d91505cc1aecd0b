/* SPDX-License-Identifier: MIT */
/*
 * ingest: the pushes of Pyroscope's agents, as its documentation of the HTTP API describes it:
 *
 *      POST /ingest?name=app{k=v}&from=1795939200&until=1795939210&format=folded
 *
 * The name of the application is the source of the window. The body is the profile, or a form with
 * the profile in the part "profile" (of JFR: "jfr"). `sampleRate`, `spyName` and `aggregationType`
 * have no meaning here: samples are stored as they come.
 */
#include "core/source.h"
#include "store/body.h"
#include "store/serve.h"

enum { BLOCK = 65536, UNPACKED_MOST = 256 << 20 };
enum { OK = 200, BAD_REQUEST = 400, UNSUPPORTED = 415, UNPROCESSABLE = 422 };

/* ---- times and names ------------------------------------------------------------------------- */

bool ingest_parse_time(str text, int64_t *time)
{
    static const struct {
        uint64_t below, factor, divisor;
    } sizes[] = {{UINT64_C(100000000000), 1000, 1}, /* seconds, to the year 5138 */
                 {UINT64_C(100000000000000), 1, 1}, /* milliseconds */
                 {UINT64_C(100000000000000000), 1, 1000},
                 {UINT64_MAX, 1, 1000000}};
    uint64_t number;
    size_t i = 0;
    if (!num_parse_u64(text, &number))
        return false;
    while (number >= sizes[i].below && i < 3)
        i++;
    *time = (int64_t)(number * sizes[i].factor / sizes[i].divisor);
    return true;
}

/* The value at *at, in quotes or up to ',' or '}'. */
static bool take_value(str text, size_t *at, struct heap *heap, str *value)
{
    if (*at < text.n && text.p[*at] != '"') {
        size_t end = *at;
        while (end < text.n && text.p[end] != ',' && text.p[end] != '}')
            end++;
        *value = str_trim(str_cut(text, *at, end));
        *at = end;
        return end < text.n;
    }
    char *copy = heap_alloc(heap, text.n, 1);
    size_t n = 0;
    for (++*at; *at < text.n && text.p[*at] != '"'; ++*at) {
        if (text.p[*at] == '\\' && *at + 1 < text.n)
            ++*at;
        copy[n++] = text.p[*at];
    }
    if (*at >= text.n)
        return false;
    ++*at;
    *value = str_of(copy, n);
    return true;
}

static size_t skip_blanks(str text, size_t at)
{
    while (at < text.n && is_blank(text.p[at]))
        at++;
    return at;
}

bool ingest_parse_name(str text, struct heap *heap, str *name, struct store_label **labels,
                       size_t *count)
{
    size_t at = str_find(text, '{', 0);
    *labels = heap_alloc(heap, STORE_LABELS_MOST + 1, sizeof **labels);
    *count = 0;
    *name = str_trim(str_head(text, at));
    if (name->n == 0 || at == text.n)
        return name->n > 0;
    for (at = skip_blanks(text, at + 1); at < text.n && text.p[at] != '}';) {
        struct store_label *label = &(*labels)[*count];
        size_t equals = str_find(text, '=', at);
        if (equals == text.n || *count == STORE_LABELS_MOST)
            return false;
        label->key = str_trim(str_cut(text, at, equals));
        at = skip_blanks(text, equals + 1);
        if (label->key.n == 0 || !take_value(text, &at, heap, &label->value))
            return false;
        if (str_equal(label->key, STR(STORE_SOURCE)))
            label->key = STR("exported_" STORE_SOURCE); /* as Prometheus calls it */
        *count += !store_label_find(*labels, *count, label->key) && label->value.n > 0;
        at = skip_blanks(text, at);
        if (at < text.n && text.p[at] == ',')
            at = skip_blanks(text, at + 1);
        else if (at < text.n && text.p[at] != '}')
            return false;
    }
    return at < text.n && str_trim(str_skip(text, at + 1)).n == 0;
}

/* ---- the profile ----------------------------------------------------------------------------- */

enum ingest_format { INGEST_FOLDED, INGEST_LINES, INGEST_PPROF, INGEST_JFR, INGEST_NONE };

static const char *const format_names[] = {
    [INGEST_FOLDED] = "folded",
    [INGEST_LINES] = "lines",
    [INGEST_PPROF] = "pprof",
    [INGEST_JFR] = "jfr",
    NULL,
};

/* A form without `format` has a pprof. */
static enum ingest_format find_format(const struct http_request *request)
{
    str given = http_field(request, "format");
    if (given.n == 0)
        return http_field(request, "profile").p ? INGEST_PPROF : INGEST_FOLDED;
    if (str_equal(given, STR("groups"))) /* the older name */
        return INGEST_FOLDED;
    for (size_t i = 0; i < INGEST_NONE; i++)
        if (str_equal(given, str_from_c(format_names[i])))
            return (enum ingest_format)i;
    return INGEST_NONE;
}

/* All of the body, unpacked. False with *err set: it is damaged, or too large. */
static bool unpack_body(struct http_request *request, str body, str *text)
{
    struct source source;
    struct sink sink;
    ptrdiff_t n;
    char *block = heap_alloc(request->heap, 1, BLOCK);
    sink_open_memory(&sink, request->heap);
    source_open_memory(&source, "the body", body);
    while ((n = source_read(&source, block, BLOCK, request->err)) > 0 && sink.n <= UNPACKED_MOST)
        sink_bytes(&sink, str_of(block, (size_t)n));
    source_close(&source);
    *text = sink_text(&sink);
    return n == 0 || (n > 0 && err_set(request->err, ERR_INPUT, "it is more than 256 MB"));
}

/* Text gets a header line, so that "a;b 8 10" is a stack of one count. Each line of the format
 * "lines" is one sample. */
static str make_folded(const struct http_request *request, str body, bool lines)
{
    struct sink sink;
    str unit = http_field(request, "units");
    sink_open_memory(&sink, request->heap);
    sink_lit(&sink, "# flametree: columns=1 unit=");
    for (size_t i = 0; i < unit.n; i++)
        sink_byte(&sink, is_alpha(unit.p[i]) ? unit.p[i] : '_');
    sink_bytes(&sink, unit.n > 0 ? STR("\n") : STR("samples\n"));
    if (!lines) {
        sink_bytes(&sink, body);
        return sink_text(&sink);
    }
    str line;
    for (size_t at = 0; str_next_line(body, &at, &line);) {
        if (str_trim(line).n == 0)
            continue;
        sink_bytes(&sink, str_trim(line));
        sink_lit(&sink, " 1\n");
    }
    return sink_text(&sink);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static bool add_window(struct http_request *request, struct store *store,
                       const struct store_window *window, const struct profile *profile)
{
    struct store_outcome outcome;
    if (store_add(store, window, profile, &outcome, request->err) == STORE_FAILED)
        return false;
    if (outcome.dropped.n > 0)
        request->options->warn(request->options->context,
                               "a profile was pushed whose labels have too many values: some were "
                               "left out");
    return http_answer_text(request, OK, "stored");
}

bool ingest_answer(struct http_request *request, struct store *store)
{
    enum ingest_format format = find_format(request);
    struct store_window window;
    struct store_label *labels;
    size_t count;
    str name, until = http_field(request, "until");
    struct profile *profile = heap_zero(request->heap, 1, sizeof *profile);
    window.until = request->now;
    if (!ingest_parse_name(http_field(request, "name"), request->heap, &name, &labels, &count))
        return http_answer_text(request, BAD_REQUEST, "name= is the application: app{key=value}");
    if (!ingest_parse_time(http_field(request, "from"), &window.from) ||
        (until.n > 0 && !ingest_parse_time(until, &window.until)) || window.from >= window.until)
        return http_answer_text(request, BAD_REQUEST,
                                "from= and until= are seconds since 1970, the earlier first");
    if (format == INGEST_NONE)
        return http_answer_text(request, UNSUPPORTED, "format= is folded, lines, pprof or jfr");
    if (request->has_previous)
        return http_answer_text(
            request, UNSUPPORTED,
            "prev_profile is not supported: send what was counted since the last time");
    str part = http_field(request, format == INGEST_JFR ? "jfr" : "profile");
    struct body body = {
        .name = "the body",
        .bytes = part.p ? part : request->body,
        .format = str_from_c(format_names[format == INGEST_LINES ? INGEST_FOLDED : format]),
    };
    bool text = format == INGEST_FOLDED || format == INGEST_LINES;
    bool good = !text || unpack_body(request, body.bytes, &body.bytes);
    if (good && text)
        body.bytes = make_folded(request, body.bytes, format == INGEST_LINES);
    if (!good || !body_read(&body, request->heap, profile, request->err)) {
        if (request->err->code != ERR_INPUT)
            return false;
        struct err problem = *request->err;
        *request->err = (struct err){0};
        return http_answer_text(request, UNPROCESSABLE, problem.message);
    }
    labels[count++] = (struct store_label){STR(STORE_SOURCE), name};
    window.labels = labels;
    window.label_count = count;
    return add_window(request, store, &window, profile);
}
