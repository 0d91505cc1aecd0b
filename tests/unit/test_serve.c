/* SPDX-License-Identifier: MIT */
/*
 * serve: what agents send as names and times, the address to listen on, the addresses of the page,
 * and the steps of its timeline.
 */
#include "tap.h"

#if HAVE_STORE
#include "dice.h"
#include "store/page.h"
#include "store/serve.h"

enum { ROUNDS = 2000 };

/* ---- what agents send ---- */

/* "app|host=db7|env=a b", or "none" */
static str parse_name(const char *text, struct heap *heap)
{
    struct sink sink;
    struct store_label *labels;
    size_t count;
    str name;
    if (!ingest_parse_name(str_from_c(text), heap, &name, &labels, &count))
        return STR("none");
    sink_open_memory(&sink, heap);
    sink_bytes(&sink, name);
    for (size_t i = 0; i < count; i++) {
        sink_lit(&sink, "|");
        sink_bytes(&sink, labels[i].key);
        sink_lit(&sink, "=");
        sink_bytes(&sink, labels[i].value);
    }
    return sink_text(&sink);
}

static void test_names(struct heap *heap)
{
    static const struct {
        const char *text, *want;
    } names[] = {
        {"app", "app"},
        {"my.app.cpu{}", "my.app.cpu"},
        {"app{ }", "app"},
        {"app{host=db7}", "app|host=db7"},
        {"app{host=db7,env=a b}", "app|host=db7|env=a b"},
        {" app { host = db7 , env=x } ", "app|host=db7|env=x"},
        {"app{host=\"db7\",env=\"a,b}c\"}", "app|host=db7|env=a,b}c"},
        {"app{env=\"a \\\"b\\\" \\\\ c\"}", "app|env=a \"b\" \\ c"},
        {"app{a=b=c}", "app|a=b=c"},
        {"app{host=db7,host=db8}", "app|host=db7"},
        {"app{host=,env=x}", "app|env=x"},
        {"app{source=x}", "app|exported_source=x"},
        {"app{host=db7,}", "app|host=db7"},
        {"", "none"},
        {"{host=db7}", "none"},
        {"app{", "none"},
        {"app{host}", "none"},
        {"app{=x}", "none"},
        {"app{host=db7", "none"},
        {"app{host=\"db7}", "none"},
        {"app{host=\"db7\"x}", "none"},
        {"app{host=db7}x", "none"},
        {"app{host=\"db7\\", "none"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        is_str(parse_name(names[i].text, heap), str_from_c(names[i].want), "%s", names[i].text);
    struct strbuf many = {.heap = heap};
    strbuf_add(&many, STR("app{"));
    for (unsigned i = 0; i < STORE_LABELS_MOST + 1; i++) {
        strbuf_add(&many, STR("k"));
        strbuf_add_u64(&many, i);
        strbuf_add(&many, STR("=v,"));
    }
    strbuf_add(&many, str_of("}", 2));
    is_str(parse_name(many.bytes.at, heap), STR("none"), "one label too many");
}

/* Any bytes are parsed or refused; what is parsed has keys and values. */
static void test_any_names(struct heap *heap)
{
    static const char bytes[] = "ab{}=,\"\\ \t";
    uint64_t state = dice_seed();
    bool good = true;
    for (unsigned round = 0; round < ROUNDS * 10; round++) {
        char text[24];
        struct store_label *labels;
        size_t count, n = dice_below(&state, sizeof text);
        str name;
        for (size_t i = 0; i < n; i++)
            text[i] = bytes[dice_below(&state, sizeof bytes - 1)];
        if (!ingest_parse_name(str_of(text, n), heap, &name, &labels, &count))
            continue;
        good = good && name.n > 0;
        for (size_t i = 0; i < count; i++)
            good = good && labels[i].key.n > 0 && labels[i].value.n > 0;
    }
    ok(good, "names of any bytes");
}

static void test_times(void)
{
    static const struct {
        const char *text;
        int64_t want; /* -1: none */
    } times[] = {
        {"1795939200", 1795939200000},
        {"1795939200000", 1795939200000},
        {"1795939200123456", 1795939200123},
        {"1795939200123456789", 1795939200123},
        {"0", 0},
        {"99999999999", 99999999999000},
        {"18446744073709551615", 18446744073709},
        {"18446744073709551616", -1},
        {"", -1},
        {"-1", -1},
        {"1.5", -1},
        {"now", -1},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int64_t got = -1;
        bool parsed = ingest_parse_time(str_from_c(times[i].text), &got);
        ok(parsed == (times[i].want >= 0) && got == times[i].want, "time \"%s\"", times[i].text);
    }
}

static void test_listen(void)
{
    static const struct {
        const char *text, *host;
        unsigned port;
    } addresses[] = {
        {"127.0.0.1:8080", "127.0.0.1", 8080},
        {"localhost:0", "localhost", 0},
        {":80", "", 80},
        {"[::1]:8080", "::1", 8080},
        {"::1:8080", NULL, 0},
        {"127.0.0.1", NULL, 0},
        {"127.0.0.1:", NULL, 0},
        {"127.0.0.1:65536", NULL, 0},
        {"127.0.0.1:x", NULL, 0},
        {"", NULL, 0},
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct serve_address got;
        bool parsed = serve_address_parse(str_from_c(addresses[i].text), &got);
        ok(parsed == (addresses[i].host != NULL) &&
               (!parsed || (got.port == addresses[i].port &&
                            str_equal(got.host, str_from_c(addresses[i].host)))),
           "listen on \"%s\"", addresses[i].text);
    }
}

/* ---- addresses of the page ---- */

static str random_text(uint64_t *state, struct heap *heap)
{
    char *text = heap_alloc(heap, 12, 1);
    return str_of(text, dice_name(state, text));
}

/* As a browser and libmicrohttpd do. */
static str decode(str text, struct heap *heap)
{
    char *copy = heap_alloc(heap, text.n + 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool escape = text.p[i] == '%' && i + 2 < text.n;
        copy[n++] = escape ? (char)(hex_digit(text.p[i + 1]) << 4 | hex_digit(text.p[i + 2]))
                           : text.p[i];
        i += escape ? 2 : 0;
    }
    return str_of(copy, n);
}

static bool read_address(struct page_query *query, str address, struct heap *heap)
{
    *query = (struct page_query){0};
    if (!str_starts(address, STR("/")))
        return false;
    for (size_t at = 1; at < address.n;) {
        at += address.p[at] == '?' ? 1 : 5; /* "&amp;" */
        size_t end = str_search(address, STR("&amp;"), at), equals = str_find(address, '=', at);
        if (equals >= end ||
            !page_query_add(query, heap, decode(str_cut(address, at, equals), heap),
                            decode(str_cut(address, equals + 1, end), heap)))
            return false;
        at = end;
    }
    return true;
}

static bool is_safe(str address)
{
    for (size_t i = 0; i < address.n; i++)
        if (!is_alpha(address.p[i]) && !is_digit(address.p[i]) &&
            !strchr("-._~:/=%?&;", address.p[i]))
            return false;
    return true;
}

static bool are_equal(const struct page_query *a, const struct page_query *b)
{
    for (size_t i = 0; i < PAGE_FIELDS; i++)
        if (!str_equal(str_trim(a->text[i]), b->text[i]))
            return false;
    bool same = a->labels.n == b->labels.n;
    for (size_t i = 0; i < a->labels.n && same; i++)
        same = str_equal(a->labels.at[i].key, b->labels.at[i].key) &&
               str_equal(a->labels.at[i].value, b->labels.at[i].value);
    return same;
}

static void test_addresses(struct heap *heap)
{
    uint64_t state = dice_seed();
    bool safe = true, same = true;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct page_query query = {0}, again;
        struct sink sink;
        for (size_t i = 0; i < PAGE_FIELDS; i++)
            query.text[i] = random_text(&state, heap);
        for (size_t n = dice_below(&state, 4); n > 0; n--) {
            struct store_label label = {random_text(&state, heap), random_text(&state, heap)};
            vec_push(heap, &query.labels, label);
        }
        sink_open_memory(&sink, heap);
        put_address(&query, STR("/"), &sink);
        safe = safe && is_safe(sink_text(&sink));
        same = same && read_address(&again, sink_text(&sink), heap) && are_equal(&query, &again);
    }
    ok(safe, "addresses have no byte with another meaning");
    ok(same, "an address is read as it was written");
}

/* ---- the timeline ---- */

static void test_steps(void)
{
    uint64_t state = dice_seed();
    bool good = true;
    for (unsigned round = 0; round < ROUNDS; round++) {
        int64_t length = (int64_t)(dice(&state) >> (12 + dice_below(&state, 40)));
        int64_t step = timeline_step(0, length, 240);
        good = good && step > 0 && length / step <= 240 && step % STORE_SECOND == 0;
    }
    ok(good, "a timeline has at most so many steps as are asked for");
    is_u64((uint64_t)timeline_step(0, STORE_HOUR, 240), 15 * STORE_SECOND, "an hour: 15 s");
    is_u64((uint64_t)timeline_step(0, 24 * (int64_t)STORE_HOUR, 240), 10 * STORE_MINUTE,
           "a day: 10 min");
}

/* A store with a window each `apart` steps, but for an outage. */
static void test_widening(struct heap *heap)
{
    uint64_t state = dice_seed();
    bool sums = true, whole = true, filled = true;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct store_timeline weights = {.step = 15 * STORE_SECOND};
        size_t apart = 1 + dice_below(&state, 30), n = 100 + dice_below(&state, 300);
        size_t outage = dice_below(&state, n / 2), shift = dice_below(&state, apart);
        uint64_t total = 0, windows = 0, after = 0, windows_after = 0;
        weights.from = (int64_t)dice_below(&state, 1000) * weights.step;
        int64_t end = weights.from + (int64_t)n * weights.step;
        for (size_t i = 0; i < n; i++) {
            struct store_point point = {0};
            if (i % apart == shift && !(i >= outage && i < outage + n / 4))
                point = (struct store_point){dice_below(&state, 1000), 1};
            vec_push(heap, &weights.points, point);
            total += point.total;
            windows += point.windows;
        }
        timeline_widen(&weights, heap);
        size_t holes = 0;
        for (size_t i = 0; i < weights.points.n; i++) {
            after += weights.points.at[i].total;
            windows_after += weights.points.at[i].windows;
            holes += weights.points.at[i].windows == 0;
        }
        sums = sums && after == total && windows_after == windows;
        int64_t covered = weights.from + (int64_t)weights.points.n * weights.step;
        whole = whole && weights.from % weights.step == 0 && covered >= end &&
                covered - end < weights.step;
        filled = filled && (windows < 20 || holes < weights.points.n / 2 + 2);
    }
    ok(sums, "wider steps have the same windows");
    ok(whole, "and begin where a clock has them");
    ok(filled, "most of them have windows");
}

static bool run_tests(void *of)
{
    struct heap *heap = of;
    test_names(heap);
    test_any_names(heap);
    test_times();
    test_listen();
    test_addresses(heap);
    test_steps();
    test_widening(heap);
    return true;
}

int main(void)
{
    struct heap heap;
    struct err err = {0};
    heap_init(&heap, NULL, NULL, 0);
    ok(heap_guard(&heap, run_tests, &heap, &err), "no memory runs out");
    heap_end(&heap);
    return done_testing();
}
#else

int main(void)
{
    skip("the server", "this build has no flamestore");
    return done_testing();
}
#endif
