/* SPDX-License-Identifier: MIT */
/*
 * forward: see forwarder in collecting.h. The profile of a request is read from the store, so that
 * it is what was stored, also of a source that counts.
 */
#include "format/pprof/pprof.h"
#include "store/collecting.h"

enum {
    TRIES = 5,       /* of a window */
    RETRY_MS = 2000, /* doubles */
    TIMEOUT_MS = 30000,
    WAITING_MOST = 500,
};

/* The name of the application: one of these labels. */
static str find_app(const struct store_window *window)
{
    static const char *const keys[] = {"service_name", "app", NULL};
    for (size_t k = 0; keys[k]; k++) {
        const struct store_label *label = store_label_find(window->labels, window->label_count,
                                                           str_from_c(keys[k]));
        if (label && label->value.n > 0)
            return label->value;
    }
    return STR("flamestore");
}

/* Add a word of the name. Characters at which Pyroscope splits the name become '_'; fewer
 * characters are allowed in keys than in values. */
static void add_word(struct strbuf *text, str word, bool is_key)
{
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        bool good = is_alnum(c) || c == '_' || c == '.' ||
                    (!is_key && (unsigned char)c > ' ' && c != '{' && c != '}' && c != ',' &&
                     c != '=' && c != '"' && c != 0x7f);
        strbuf_add(text, good ? str_of(&c, 1) : STR("_"));
    }
}

static void add_escaped(struct strbuf *text, str part)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < part.n; i++) {
        unsigned char c = (unsigned char)part.p[i];
        bool plain = is_alnum((char)c) || c == '-' || c == '_' || c == '.' || c == '~';
        char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
        strbuf_add(text, plain ? str_of((const char *)&c, 1) : str_of(escape, 3));
    }
}

static void make_url(struct strbuf *url, const char *base, const struct store_window *window)
{
    struct strbuf name = {.heap = url->heap};
    str start = str_from_c(base);
    size_t n = 0;
    while (start.n > 0 && start.p[start.n - 1] == '/')
        start.n--;
    add_word(&name, find_app(window), true);
    strbuf_add(&name, STR("{"));
    for (size_t i = 0; i < window->label_count; i++) {
        str key = window->labels[i].key;
        if (str_equal(key, STR("service_name")) || str_equal(key, STR("app")))
            continue;
        strbuf_add(&name, n++ > 0 ? STR(",") : STR(""));
        add_word(&name, key, true);
        strbuf_add(&name, STR("="));
        add_word(&name, window->labels[i].value, false);
    }
    strbuf_add(&name, STR("}"));
    strbuf_add(url, start);
    strbuf_add(url, STR("/ingest?name="));
    add_escaped(url, strbuf_str(&name));
    strbuf_add(url, STR("&from="));
    strbuf_add_u64(url, window->from > 0 ? (uint64_t)(window->from / STORE_SECOND) : 0);
    strbuf_add(url, STR("&until="));
    strbuf_add_u64(
        url, window->until > 0 ? (uint64_t)((window->until + STORE_SECOND - 1) / STORE_SECOND) : 0);
    strbuf_add(url, STR("&format=pprof&spyName=flamestore"));
}

/* {"cpu":{"units":"nanoseconds","aggregation":"sum","display-name":"cpu","sampled":true}}, with the
 * names that pprof_write() uses. */
static void make_config(struct sink *sink, const struct value_type *type)
{
    str name = type->name.n > 0 ? type->name : type->unit.n > 0 ? STR("weight") : STR("samples");
    sink_lit(sink, "{\"");
    sink_json(sink, name);
    sink_lit(sink, "\":{\"units\":\"");
    sink_json(sink, type->unit.n > 0 ? type->unit : STR("samples"));
    sink_lit(sink, "\",\"aggregation\":\"sum\",\"display-name\":\"");
    sink_json(sink, name);
    sink_lit(sink, "\",\"sampled\":true}}");
}

static bool add_form_part(curl_mime *mime, const char *name, const char *type, str bytes)
{
    curl_mimepart *part = curl_mime_addpart(mime);
    return part && curl_mime_name(part, name) == CURLE_OK &&
           curl_mime_filename(part, name) == CURLE_OK && curl_mime_type(part, type) == CURLE_OK &&
           curl_mime_data(part, bytes.p, bytes.n) == CURLE_OK; /* it copies them */
}

struct preparing {
    struct collector *c;
    const struct forwarding *forwarding;
    struct heap heap;
    struct err err;
};

/* Make the request. False without an error: the window has no weight. */
static bool prepare_forward(void *arg)
{
    struct preparing *p = arg;
    struct forwarder *forwarder = &p->c->forwarder;
    const struct store_window *window = &p->forwarding->window;
    struct profile profile;
    struct sink pprof, config;
    struct strbuf url = {.heap = &p->heap};
    const struct store_query query = {
        .from = window->from,
        .until = window->from + 1,
        .labels = window->labels,
        .label_count = window->label_count,
        .type = p->forwarding->type,
        .keep_labels = true,
    };
    if (!store_read(p->c->store, &query, &p->heap, &profile, &p->err) ||
        tree_sum(&profile.tree, 0) == 0)
        return false;
    sink_open_memory(&pprof, &p->heap);
    sink_open_memory(&config, &p->heap);
    pprof_write(&profile.tree, &profile, &pprof);
    make_config(&config, &profile.value_type);
    make_url(&url, p->c->options->forward, window);
    curl_mime *mime = forwarder->mime = curl_mime_init(forwarder->easy);
    return (mime && add_form_part(mime, "profile", "application/octet-stream", sink_text(&pprof)) &&
            add_form_part(mime, "sample_type_config", "application/json", sink_text(&config)) &&
            curl_easy_setopt(forwarder->easy, CURLOPT_URL, strbuf_c(&url)) == CURLE_OK &&
            curl_easy_setopt(forwarder->easy, CURLOPT_MIMEPOST, mime) == CURLE_OK) ||
           err_set(&p->err, ERR_MEMORY, "out of memory");
}

static void free_mime(struct forwarder *forwarder)
{
    curl_mime_free(forwarder->mime);
    forwarder->mime = NULL;
}

/* ---- the queue ---- */

static struct forwarding *take_oldest(struct forwarder *forwarder)
{
    struct forwarding *oldest = forwarder->waiting;
    forwarder->waiting = oldest->next;
    forwarder->waiting_n--;
    oldest->next = NULL;
    return oldest;
}

void forwarder_add(struct collector *c, str name, const struct store_window *window, str type)
{
    struct forwarder *forwarder = &c->forwarder;
    struct forwarding **last = &forwarder->waiting;
    if (!c->options->forward)
        return;
    if (forwarder->waiting_n == WAITING_MOST) {
        struct forwarding *oldest = take_oldest(forwarder);
        collect_say(c, COLLECT_FAILED, oldest->name, "a window is not forwarded: too many wait");
        heap_free(c->heap, oldest);
    }
    while (*last)
        last = &(*last)->next;
    struct forwarding *forwarding = heap_alloc(c->heap, 1, sizeof *forwarding + type.n);
    char *copy = (char *)(forwarding + 1);
    if (type.n > 0)
        memcpy(copy, type.p, type.n);
    *forwarding = (struct forwarding){
        .name = name,
        .type = str_of(copy, type.n),
        .window = *window,
        .due = collect_monotonic(),
    };
    *last = forwarding;
    forwarder->waiting_n++;
}

void forwarder_start(struct collector *c, int64_t now)
{
    struct forwarder *forwarder = &c->forwarder;
    if (forwarder->sending || !forwarder->waiting || forwarder->waiting->due > now)
        return;
    struct forwarding *oldest = take_oldest(forwarder);
    struct preparing p = {.c = c, .forwarding = oldest};
    heap_init(&p.heap, c->options->resize, c->options->resize_context, c->options->memory_most);
    bool ready = heap_guard(&p.heap, prepare_forward, &p, &p.err);
    heap_end(&p.heap);
    if (ready && curl_multi_add_handle(c->multi, forwarder->easy) == CURLM_OK) {
        forwarder->sending = oldest;
        return;
    }
    if (p.err.code != ERR_NONE)
        collect_say(c, COLLECT_FAILED, oldest->name, p.err.message);
    free_mime(forwarder);
    heap_free(c->heap, oldest);
}

static void say_failure(struct collector *c, str name, CURLcode code, long status)
{
    struct strbuf text = {.heap = c->heap};
    strbuf_add(&text, STR("cannot forward: "));
    if (code != CURLE_OK) {
        strbuf_add(&text, str_from_c(curl_easy_strerror(code)));
    } else {
        strbuf_add(&text, STR("the server answers with status "));
        strbuf_add_u64(&text, (uint64_t)status);
    }
    collect_say(c, COLLECT_FAILED, name, strbuf_c(&text));
    strbuf_end(&text);
}

/* A server that is away or busy is asked again; one that refuses the window is not. */
void forwarder_finish(struct collector *c, CURLcode code)
{
    struct forwarder *forwarder = &c->forwarder;
    struct forwarding *sent = forwarder->sending;
    long status = 0;
    curl_easy_getinfo(forwarder->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(c->multi, forwarder->easy);
    free_mime(forwarder);
    forwarder->sending = NULL;
    bool done = code == CURLE_OK && status >= 200 && status < 300;
    bool refused = code == CURLE_OK && status >= 300 && status < 500 && status != 429;
    if (!done && !refused && ++sent->tries < TRIES && !c->options->once) {
        sent->due = collect_monotonic() + ((int64_t)RETRY_MS << sent->tries);
        sent->next = forwarder->waiting;
        forwarder->waiting = sent;
        forwarder->waiting_n++;
        return;
    }
    if (!done)
        say_failure(c, sent->name, code, status);
    heap_free(c->heap, sent);
}

static size_t drop_body(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

bool forwarder_init(struct collector *c)
{
    CURL *easy = c->forwarder.easy = curl_easy_init();
    return easy && collect_set_up(easy, c->options, TIMEOUT_MS) &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, NULL) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_body) == CURLE_OK;
}

void forwarder_end(struct collector *c)
{
    if (c->forwarder.sending)
        curl_multi_remove_handle(c->multi, c->forwarder.easy);
    curl_easy_cleanup(c->forwarder.easy);
    free_mime(&c->forwarder);
}
