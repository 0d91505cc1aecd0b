/* SPDX-License-Identifier: MIT */
/*
 * collect: one thread runs all transfers (curl_multi_poll), and reads and stores each answer when
 * it is complete.
 */
#include "store/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "store/collecting.h"

enum { CONNECT_MS = 10000, IDLE_MS = 1000 /* the longest sleep */ };

int64_t collect_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void collect_say(struct collector *c, enum collect_news news, str source, const char *text)
{
    c->failures += news == COLLECT_FAILED;
    c->options->say(c->options->context, news, source, text);
}

str collect_name(str url, struct arena *arena)
{
    size_t start = str_search(url, STR("://"), 0), end;
    if (start == url.n)
        return url;
    start += 3;
    end = start;
    while (end < url.n && url.p[end] != '/' && url.p[end] != '?' && url.p[end] != '#')
        end++;
    size_t at = str_find_last(str_cut(url, start, end), '@');
    return at == end - start
               ? url
               : arena_join(arena, str_head(url, start), str_skip(url, start + at + 1));
}

bool collect_set_up(CURL *easy, const struct collect_options *options, int64_t timeout)
{
    bool done = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_USERAGENT, options->agent) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                                 timeout < CONNECT_MS ? (long)timeout : (long)CONNECT_MS) ==
                    CURLE_OK;
#if LIBCURL_VERSION_NUM >= 0x075500
    return done && curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
#else
    return done && curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
                                    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) == CURLE_OK;
#endif
}

/* ---- the loop ---- */

static void end_transfers(struct collector *c)
{
    struct polling *polling = NULL;
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(c->multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            CURLcode code = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&polling);
            if (polling)
                polling_finish(polling, code);
            else
                forwarder_finish(c, code);
        }
}

/* Start what is due. Returns when the next one is. */
static int64_t start_all_due(struct collector *c, bool *idle)
{
    int64_t now = collect_monotonic(), next = now + IDLE_MS;
    *idle = true;
    for (size_t i = 0; i < c->count; i++) {
        struct polling *polling = &c->pollings[i];
        if (!polling->running && polling->due <= now && !(c->options->once && polling->asked_once))
            polling_start(polling, now);
        if (!polling->running && polling->due < next)
            next = polling->due;
        *idle &= !polling->running;
    }
    const struct forwarder *forwarder = &c->forwarder;
    forwarder_start(c, now);
    if (!forwarder->sending && forwarder->waiting && forwarder->waiting->due < next)
        next = forwarder->waiting->due;
    *idle &= !forwarder->sending && !forwarder->waiting;
    return next;
}

static bool run_loop(struct collector *c)
{
    bool idle;
    int running;
    for (;;) {
        int64_t next = start_all_due(c, &idle), now = collect_monotonic();
        if (c->options->once && idle)
            return true;
        if (now >= c->hour) {
            c->hour = now + STORE_HOUR;
            c->options->hourly(c->options->context);
        }
        if (curl_multi_perform(c->multi, &running) != CURLM_OK ||
            curl_multi_poll(c->multi, NULL, 0, next > now ? (int)(next - now) : 0, NULL) !=
                CURLM_OK)
            return err_set(c->err, ERR_IO, "cannot wait for answers");
        end_transfers(c);
    }
}

static void end_collector(void *arg)
{
    struct collector *c = arg;
    for (size_t i = 0; i < c->count; i++)
        polling_end(&c->pollings[i]);
    forwarder_end(c);
    curl_multi_cleanup(c->multi);
    if (c->lock >= 0)
        close(c->lock);
    curl_global_cleanup();
}

static bool set_up_collector(struct collector *c, const struct collect_source *sources)
{
    c->lock = open(c->options->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (c->lock < 0) {
        err_set_sys(c->err, errno, "cannot open");
        return err_in_file(c->err, c->options->lock_path, 0);
    }
    c->multi = curl_multi_init();
    bool done = c->multi && forwarder_init(c);
    for (size_t i = 0; i < c->count && done; i++)
        done = polling_init(&c->pollings[i], c, &sources[i]);
    return done || err_set(c->err, ERR_MEMORY, "out of memory");
}

bool collect_run(struct store *store, const struct collect_source *sources, size_t count,
                 const struct collect_options *options, struct heap *heap, uint64_t *failures,
                 struct err *err)
{
    struct collector *c = heap_zero(heap, 1, sizeof *c);
    *c = (struct collector){
        .store = store, .options = options, .heap = heap, .lock = -1, .err = err};
    c->pollings = heap_zero(heap, count, sizeof *c->pollings);
    c->count = count;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, ERR_MEMORY, "cannot start libcurl");
    c->cleanup = (struct heap_cleanup){.run = end_collector, .of = c};
    heap_add_cleanup(heap, &c->cleanup);
    bool done = set_up_collector(c, sources) && run_loop(c);
    *failures = c->failures;
    heap_remove_cleanup(heap, &c->cleanup);
    end_collector(c);
    return done;
}
