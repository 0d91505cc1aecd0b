/* SPDX-License-Identifier: MIT */
/*
 * collect: one thread runs all transfers (curl_multi_poll), and reads and stores each answer when
 * it is complete. An answer has a heap of its own, so that one that needs too much memory is a gap
 * of its source and nothing else.
 */
#include "store/collect.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "store/body.h"
#include "store/forward.h"
#include "store/store_db.h"
#include "store/time_text.h"

enum {
    CONNECT_MS = 10000,
    IDLE_MS = 1000,          /* the longest sleep */
    FORWARD_TRIES = 5,       /* of a window */
    FORWARD_RETRY_MS = 2000, /* doubles */
    FORWARD_TIMEOUT_MS = 30000,
    FORWARDS_MOST = 500, /* windows that wait */
    TEXT_ROOM = 700,
};

struct asking {
    struct collector *collector;
    const struct collect_source *source;
    str name;
    CURL *easy;
    struct heap heap; /* of one answer */
    VEC(char) body;
    struct err err; /* of the body */
    char message[CURL_ERROR_SIZE];
    bool running, locked, elsewhere, asked_once;
    int64_t due;               /* monotonic */
    int64_t asked, asked_mono; /* the request at hand */
    int64_t answered_mono;     /* the last good answer; -1: none in this process */
    int64_t heard;             /* the last good answer or gap ended; INT64_MIN: none */
    int64_t lock_at;           /* a byte of the lock file, see lock_source() */
};

/* A window on its way to another server. */
struct forwarding {
    struct forwarding *next;
    const struct collect_source *source;
    str name, type;
    struct store_window window;
    unsigned tries;
    int64_t due;
};

struct collector {
    struct store *store;
    const struct collect_options *options;
    struct heap *heap;
    struct asking *askings;
    size_t count;
    CURLM *multi;
    int lock;
    struct heap_cleanup cleanup;
    struct forwarding *waiting, *sending; /* the first is the oldest */
    size_t waiting_n;
    CURL *sender;
    struct forward_request request;
    char sender_message[CURL_ERROR_SIZE];
    int64_t hour; /* monotonic: when expiry is due */
    uint64_t failures;
    struct err *err;
};

static int64_t monotonic_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(struct collector *c, enum collect_news news, str source, const char *text)
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

/* ---- locks ---- */

/* Each source has a byte of the lock file, by the number of its label. The system releases the lock
 * when the process ends, however it does. */
static bool lock_source(struct asking *asking)
{
    struct collector *c = asking->collector;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    if (asking->locked)
        return true;
    if (asking->lock_at == 0)
        asking->lock_at = store_put_label(
            c->store, (struct store_label){STR(STORE_SOURCE), asking->name}, NULL);
    lock.l_start = (off_t)asking->lock_at;
    asking->locked = asking->lock_at > 0 && fcntl(c->lock, F_SETLK, &lock) == 0;
    if (!asking->locked && !asking->elsewhere)
        say(c, COLLECT_WARNING, asking->name,
            asking->lock_at > 0 ? "another collector asks it for this store" : "cannot lock it");
    asking->elsewhere = !asking->locked;
    return asking->locked;
}

/* ---- requests ---- */

struct piece {
    struct asking *asking;
    str bytes;
};

static bool append_piece(void *arg)
{
    struct piece *piece = arg;
    struct asking *asking = piece->asking;
    vec_reserve(&asking->heap, &asking->body, piece->bytes.n);
    memcpy(asking->body.at + asking->body.n, piece->bytes.p, piece->bytes.n);
    asking->body.n += piece->bytes.n;
    return true;
}

/* A failed allocation must not jump through curl. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct asking *asking = context;
    struct piece piece = {asking, str_of(bytes, size * count)};
    uint64_t most = asking->collector->options->body_most;
    if (asking->body.n + piece.bytes.n > most)
        err_set(&asking->err, ERR_INPUT, "its answer has more than %llu bytes",
                (unsigned long long)most);
    else if (piece.bytes.n == 0 || heap_guard(&asking->heap, append_piece, &piece, &asking->err))
        return piece.bytes.n;
    return piece.bytes.n + 1; /* not what was given: curl stops */
}

static bool set_common(CURL *easy, const struct collect_options *options, int64_t timeout,
                       char *message)
{
    bool done = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_USERAGENT, options->agent) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message) == CURLE_OK &&
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

static bool make_easy(struct asking *asking)
{
    struct collector *c = asking->collector;
    CURL *easy = asking->easy = curl_easy_init();
    return easy && set_common(easy, c->options, asking->source->timeout, asking->message) &&
           curl_easy_setopt(easy, CURLOPT_URL, asking->source->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, asking) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, asking) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->options->body_most) ==
               CURLE_OK;
}

/* The next time that is due, without those that were missed. */
static void set_due(struct asking *asking, int64_t now)
{
    int64_t every = asking->source->every;
    asking->due += every;
    if (asking->due <= now)
        asking->due += (now - asking->due) / every * every + every;
}

static void start_asking(struct asking *asking, int64_t now)
{
    struct collector *c = asking->collector;
    set_due(asking, now);
    asking->asked_once = true;
    if (!lock_source(asking))
        return;
    heap_init(&asking->heap, c->options->resize, c->options->resize_context,
              c->options->memory_most);
    asking->body.at = NULL;
    asking->body.n = asking->body.cap = 0;
    asking->err = (struct err){0};
    asking->message[0] = '\0';
    asking->asked = time_text_now();
    asking->asked_mono = now;
    asking->running = curl_multi_add_handle(c->multi, asking->easy) == CURLM_OK;
    if (!asking->running)
        heap_end(&asking->heap);
}

/* ---- answers ---- */

static void add_gap(struct asking *asking, const char *text)
{
    struct collector *c = asking->collector;
    int64_t now = time_text_now(), from = asking->heard;
    struct err err = {0};
    if (from == INT64_MIN || from > now)
        from = asking->asked < now ? asking->asked : now;
    say(c, COLLECT_FAILED, asking->name, text);
    if (store_add_gap(c->store, asking->name, from, now, str_from_c(text), &err))
        asking->heard = now;
    else
        say(c, COLLECT_FAILED, asking->name, err.message);
}

/* A window waits until the server takes it. If too many wait, the oldest is dropped. */
static void queue_forward(struct asking *asking, const struct store_window *window, str type)
{
    struct collector *c = asking->collector;
    struct forwarding **last = &c->waiting;
    if (!c->options->forward || window->until == 0)
        return;
    if (c->waiting_n == FORWARDS_MOST) {
        struct forwarding *oldest = c->waiting;
        say(c, COLLECT_FAILED, oldest->name, "a window is not forwarded: too many wait");
        c->waiting = oldest->next;
        heap_free(c->heap, oldest);
        c->waiting_n--;
    }
    while (*last)
        last = &(*last)->next;
    struct forwarding *forwarding = heap_alloc(c->heap, 1, sizeof *forwarding + type.n);
    *forwarding = (struct forwarding){
        .source = asking->source,
        .name = asking->name,
        .window = *window,
        .due = monotonic_now(),
    };
    char *copy = (char *)(forwarding + 1);
    if (type.n > 0)
        memcpy(copy, type.p, type.n);
    forwarding->type = str_of(copy, type.n);
    forwarding->window.labels = asking->source->labels;
    forwarding->window.label_count = asking->source->label_count;
    *last = forwarding;
    c->waiting_n++;
}

static void say_stored(struct asking *asking, const struct profile *profile,
                       const struct store_window *window)
{
    struct quantity quantity = quantity_of(
        num_of_units(tree_sum(&profile->tree, 0), profile->tree.decimals),
        profile->value_type.unit);
    struct strbuf text = {.heap = &asking->heap};
    strbuf_add(&text, window->until == 0 ? STR("counts from here on: ") : STR("stored: "));
    strbuf_add(&text, quantity_number(&quantity));
    strbuf_add(&text, quantity.name.n > 0 ? STR(" ") : STR(""));
    strbuf_add(&text, quantity.name);
    strbuf_add(&text, str_of("", 1));
    say(asking->collector, COLLECT_STORED, asking->name, text.bytes.at);
}

static void say_dropped(struct asking *asking, const struct profile *profile, str *dropped)
{
    struct collector *c = asking->collector;
    uint64_t skipped = skipped_total(&profile->skipped);
    struct strbuf text = {.heap = &asking->heap};
    if (dropped->n > 0) {
        strbuf_add(&text, STR("left out labels that have too many values: "));
        strbuf_add(&text, *dropped);
        strbuf_add(&text, str_of("", 1));
        say(c, COLLECT_WARNING, asking->name, text.bytes.at);
        heap_free(c->store->heap, (void *)(uintptr_t)dropped->p);
    }
    if (skipped == 0)
        return;
    strbuf_clear(&text);
    strbuf_add(&text, STR("ignored "));
    strbuf_add_u64(&text, skipped);
    strbuf_add(&text, STR(" lines or records: "));
    strbuf_add(&text, str_from_c(profile->skipped.entries.at[0].reason));
    strbuf_add(&text, str_of("", 1));
    say(c, COLLECT_WARNING, asking->name, text.bytes.at);
}

/* In a guard of the answer's heap. */
static bool store_answer(void *arg)
{
    struct asking *asking = arg;
    struct collector *c = asking->collector;
    const struct collect_source *source = asking->source;
    const struct body body = {
        .name = "the answer",
        .bytes = str_of(asking->body.at, asking->body.n),
        .format = source->format,
        .value_type = source->value_type,
    };
    struct profile profile;
    struct store_window window = {0};
    str dropped = STR("");
    int64_t now = monotonic_now();
    enum store_added added;
    if (!body_read(&body, &asking->heap, &profile, &asking->err))
        return false;
    int64_t elapsed = body_elapsed(&profile), answered = asking->asked + (now - asking->asked_mono);
    if (answered <= asking->asked)
        answered = asking->asked + 1;
    if (!source->snapshot && (source->counts || elapsed >= 0)) {
        const struct store_answer answer = {
            .asked = asking->asked,
            .answered = answered,
            .elapsed = elapsed,
            .since_last = asking->answered_mono >= 0 ? now - asking->answered_mono : -1,
            .labels = source->labels,
            .label_count = source->label_count,
        };
        added = store_add_answer(c->store, &answer, &profile, &window, &dropped, &asking->err);
    } else {
        window = (struct store_window){asking->asked, answered, source->labels,
                                       source->label_count};
        added = store_add(c->store, &window, &profile, &dropped, &asking->err);
    }
    if (added == STORE_KNOWN)
        return err_set(&asking->err, ERR_INPUT, "the store has a window of this time already");
    if (added == STORE_FAILED)
        return false;
    asking->answered_mono = now;
    asking->heard = answered;
    say_stored(asking, &profile, &window);
    say_dropped(asking, &profile, &dropped);
    queue_forward(asking, &window, profile.value_type.name);
    return true;
}

/* Why a transfer failed; "" if it did not. */
static void explain(struct asking *asking, CURLcode code, long status, struct strbuf *text)
{
    if (asking->err.code != ERR_NONE)
        strbuf_add(text, str_from_c(asking->err.message));
    else if (code != CURLE_OK)
        strbuf_add(text, str_from_c(asking->message[0] != '\0' ? asking->message
                                                               : curl_easy_strerror(code)));
    else if (status >= 300 && status < 400)
        strbuf_add(text, STR("it redirects, which is not followed"));
    else if (status != 200) {
        strbuf_add(text, STR("it answers with status "));
        strbuf_add_u64(text, (uint64_t)status);
    }
}

static void end_asking(struct asking *asking, CURLcode code)
{
    struct collector *c = asking->collector;
    struct strbuf text = {.heap = c->heap};
    long status = 0;
    curl_easy_getinfo(asking->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(c->multi, asking->easy);
    asking->running = false;
    explain(asking, code, status, &text);
    if (text.bytes.n == 0 && !heap_guard(&asking->heap, store_answer, asking, &asking->err))
        explain(asking, CURLE_OK, 200, &text);
    heap_end(&asking->heap);
    if (text.bytes.n > 0) {
        if (text.bytes.n >= TEXT_ROOM)
            text.bytes.n = TEXT_ROOM;
        utf8_disarm(text.bytes.at, text.bytes.n);
        strbuf_add(&text, str_of("", 1));
        add_gap(asking, text.bytes.at);
    }
    strbuf_end(&text);
}

/* ---- forwarding ---- */

static size_t drop_body(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static bool make_sender(struct collector *c)
{
    c->sender = curl_easy_init();
    return c->sender && set_common(c->sender, c->options, FORWARD_TIMEOUT_MS, c->sender_message) &&
           curl_easy_setopt(c->sender, CURLOPT_PRIVATE, NULL) == CURLE_OK &&
           curl_easy_setopt(c->sender, CURLOPT_WRITEFUNCTION, drop_body) == CURLE_OK;
}

static void forget_forward(struct collector *c, struct forwarding *forwarding)
{
    heap_free(c->heap, forwarding);
}

struct preparing {
    struct collector *c;
    struct forwarding *forwarding;
    struct heap heap;
    struct err err;
};

static bool prepare_forward(void *arg)
{
    struct preparing *p = arg;
    return forward_prepare(&p->c->request, p->c->sender, p->c->options->forward,
                           &p->forwarding->window, p->forwarding->type, p->c->store, &p->heap,
                           &p->err);
}

/* Send the oldest window whose time has come, one at a time. */
static void start_forward(struct collector *c, int64_t now)
{
    struct forwarding *forwarding = c->waiting;
    if (c->sending || !forwarding || forwarding->due > now)
        return;
    struct preparing p = {.c = c, .forwarding = forwarding};
    c->waiting = forwarding->next;
    c->waiting_n--;
    forwarding->next = NULL;
    heap_init(&p.heap, c->options->resize, c->options->resize_context, c->options->memory_most);
    bool ready = heap_guard(&p.heap, prepare_forward, &p, &p.err);
    heap_end(&p.heap);
    if (ready && curl_multi_add_handle(c->multi, c->sender) == CURLM_OK) {
        c->sending = forwarding;
        return;
    }
    if (p.err.code != ERR_NONE)
        say(c, COLLECT_FAILED, forwarding->name, p.err.message);
    forward_free(&c->request);
    forget_forward(c, forwarding);
}

static void end_forward(struct collector *c, CURLcode code)
{
    struct forwarding *forwarding = c->sending;
    struct strbuf text = {.heap = c->heap};
    long status = 0;
    curl_easy_getinfo(c->sender, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(c->multi, c->sender);
    forward_free(&c->request);
    c->sending = NULL;
    bool sent = code == CURLE_OK && status >= 200 && status < 300;
    bool refused = code == CURLE_OK && status >= 400 && status < 500 && status != 429;
    if (!sent) {
        strbuf_add(&text, STR("cannot forward: "));
        if (code != CURLE_OK)
            strbuf_add(&text, str_from_c(c->sender_message[0] != '\0' ? c->sender_message
                                                                      : curl_easy_strerror(code)));
        else {
            strbuf_add(&text, STR("the server answers with status "));
            strbuf_add_u64(&text, (uint64_t)status);
        }
    }
    if (sent || refused || ++forwarding->tries == FORWARD_TRIES || c->options->once) {
        if (!sent) {
            strbuf_add(&text, str_of("", 1));
            say(c, COLLECT_FAILED, forwarding->name, text.bytes.at);
        }
        forget_forward(c, forwarding);
    } else {
        forwarding->due = monotonic_now() + ((int64_t)FORWARD_RETRY_MS << forwarding->tries);
        forwarding->next = c->waiting;
        c->waiting = forwarding;
        c->waiting_n++;
    }
    strbuf_end(&text);
}

/* ---- the loop ---- */

static void end_transfers(struct collector *c)
{
    struct asking *asking = NULL;
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(c->multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            CURLcode code = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&asking);
            if (asking)
                end_asking(asking, code);
            else
                end_forward(c, code);
        }
}

/* Start what is due. Returns when the next one is. */
static int64_t start_due(struct collector *c, bool *idle)
{
    int64_t now = monotonic_now(), next = now + IDLE_MS;
    *idle = true;
    for (size_t i = 0; i < c->count; i++) {
        struct asking *asking = &c->askings[i];
        if (!asking->running && asking->due <= now && !(c->options->once && asking->asked_once))
            start_asking(asking, now);
        if (!asking->running && asking->due < next)
            next = asking->due;
        *idle &= !asking->running;
    }
    if (c->options->forward)
        start_forward(c, now);
    if (!c->sending && c->waiting && c->waiting->due < next)
        next = c->waiting->due;
    *idle &= !c->sending && !c->waiting;
    return next;
}

static bool run_loop(struct collector *c)
{
    bool idle;
    int running;
    for (;;) {
        int64_t next = start_due(c, &idle), now = monotonic_now();
        if (c->options->once && idle)
            return true;
        if (now >= c->hour) {
            c->hour = now + STORE_HOUR;
            if (!c->options->hourly(c->options->context))
                return false;
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
    for (size_t i = 0; i < c->count; i++) {
        struct asking *asking = &c->askings[i];
        if (asking->running) {
            curl_multi_remove_handle(c->multi, asking->easy);
            heap_end(&asking->heap);
        }
        curl_easy_cleanup(asking->easy);
    }
    if (c->sending)
        curl_multi_remove_handle(c->multi, c->sender);
    curl_easy_cleanup(c->sender);
    forward_free(&c->request);
    curl_multi_cleanup(c->multi);
    if (c->lock >= 0)
        close(c->lock);
    curl_global_cleanup();
}

static bool set_up(struct collector *c, const struct collect_source *sources)
{
    const int64_t now = monotonic_now();
    c->lock = open(c->options->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (c->lock < 0) {
        err_set_sys(c->err, errno, "cannot open");
        return err_in_file(c->err, c->options->lock_path, 0);
    }
    c->multi = curl_multi_init();
    bool done = c->multi && make_sender(c);
    for (size_t i = 0; i < c->count && done; i++) {
        struct asking *asking = &c->askings[i];
        asking->collector = c;
        asking->source = &sources[i];
        asking->due = now;
        asking->answered_mono = -1;
        asking->heard = INT64_MIN;
        for (size_t l = 0; l < sources[i].label_count; l++)
            if (str_equal(sources[i].labels[l].key, STR(STORE_SOURCE)))
                asking->name = sources[i].labels[l].value;
        done = make_easy(asking);
    }
    return done || err_set(c->err, ERR_MEMORY, "out of memory");
}

bool collect_run(struct store *store, const struct collect_source *sources, size_t count,
                 const struct collect_options *options, struct heap *heap, uint64_t *failures,
                 struct err *err)
{
    struct collector *c = heap_zero(heap, 1, sizeof *c);
    *c = (struct collector){
        .store = store, .options = options, .heap = heap, .lock = -1, .err = err};
    c->askings = heap_zero(heap, count, sizeof *c->askings);
    c->count = count;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, ERR_MEMORY, "cannot start libcurl");
    c->cleanup = (struct heap_cleanup){.run = end_collector, .of = c};
    heap_add_cleanup(heap, &c->cleanup);
    bool done = set_up(c, sources) && run_loop(c);
    *failures = c->failures;
    heap_remove_cleanup(heap, &c->cleanup);
    end_collector(c);
    return done;
}
