/* SPDX-License-Identifier: MIT */
/*
 * forward: see forward.h.
 */
#include "store/forward.h"

#include "format/pprof/pprof.h"

/* The name of the application: one of these labels. */
static str find_app(const struct store_window *window)
{
    static const char *const keys[] = {"service_name", "app", NULL};
    for (size_t k = 0; keys[k]; k++)
        for (size_t i = 0; i < window->label_count; i++)
            if (str_equal(window->labels[i].key, str_from_c(keys[k])) &&
                window->labels[i].value.n > 0)
                return window->labels[i].value;
    return STR("flamestore");
}

/* Pyroscope splits the name at these characters, and keys are narrower than values. */
static void add_word(struct strbuf *text, str word, bool is_key)
{
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        bool good = is_alpha(c) || is_digit(c) || c == '_' || c == '.' ||
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
        bool plain = is_alpha((char)c) || is_digit((char)c) || c == '-' || c == '_' || c == '.' ||
                     c == '~';
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
    strbuf_add(url, str_of("", 1));
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

static bool add_part(curl_mime *mime, const char *name, const char *type, str bytes)
{
    curl_mimepart *part = curl_mime_addpart(mime);
    return part && curl_mime_name(part, name) == CURLE_OK &&
           curl_mime_filename(part, name) == CURLE_OK && curl_mime_type(part, type) == CURLE_OK &&
           curl_mime_data(part, bytes.p, bytes.n) == CURLE_OK; /* it copies them */
}

bool forward_prepare(struct forward_request *request, CURL *easy, const char *base,
                     const struct store_window *window, str type, struct store *store,
                     struct heap *heap, struct err *err)
{
    struct profile profile;
    struct sink pprof, config;
    struct strbuf url = {.heap = heap};
    /* the labels of the window are part of the name; those of samples stay with them */
    const struct store_query query = {
        .from = window->from,
        .until = window->from + 1,
        .labels = window->labels,
        .label_count = window->label_count,
        .type = type,
        .keep_labels = true,
    };
    if (!store_read(store, &query, heap, &profile, err) || tree_sum(&profile.tree, 0) == 0)
        return false;
    sink_open_memory(&pprof, heap);
    sink_open_memory(&config, heap);
    pprof_write(&profile.tree, &profile, &pprof);
    make_config(&config, &profile.value_type);
    make_url(&url, base, window);
    request->mime = curl_mime_init(easy);
    if (request->mime &&
        add_part(request->mime, "profile", "application/octet-stream", sink_text(&pprof)) &&
        add_part(request->mime, "sample_type_config", "application/json", sink_text(&config)) &&
        curl_easy_setopt(easy, CURLOPT_URL, url.bytes.at) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_MIMEPOST, request->mime) == CURLE_OK)
        return true;
    forward_free(request);
    return err_set(err, ERR_MEMORY, "out of memory");
}

void forward_free(struct forward_request *request)
{
    curl_mime_free(request->mime);
    request->mime = NULL;
}
