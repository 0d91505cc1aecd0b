/* SPDX-License-Identifier: MIT */
/*
 * polling: a request to a source, and its answer on the way into the store. An answer has a heap of
 * its own, so that one that needs too much memory is a gap of its source and nothing else.
 */
#include <fcntl.h>

#include "store/body.h"
#include "store/collecting.h"
#include "store/store_db.h"
#include "store/time_text.h"

enum { TEXT_ROOM = 700 };

/* ---- locks ---- */

/* Each source has a byte of the lock file, by the number of its label. The system releases the lock
 * when the process ends, however it does. */
static bool lock_source(struct polling *polling)
{
    struct collector *c = polling->collector;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    if (polling->locked)
        return true;
    if (polling->lock_at == 0)
        polling->lock_at = store_put_label(
            c->store, (struct store_label){STR(STORE_SOURCE), polling->name}, NULL);
    lock.l_start = (off_t)polling->lock_at;
    polling->locked = polling->lock_at > 0 && fcntl(c->lock, F_SETLK, &lock) == 0;
    if (!polling->locked && !polling->elsewhere)
        collect_say(c, COLLECT_WARNING, polling->name,
                    polling->lock_at > 0 ? "another collector asks it for this store"
                                         : "cannot lock it");
    polling->elsewhere = !polling->locked;
    return polling->locked;
}

/* ---- requests ---- */

struct piece {
    struct polling *polling;
    str bytes;
};

static bool append_piece(void *arg)
{
    struct piece *piece = arg;
    strbuf_add(&piece->polling->body, piece->bytes);
    return true;
}

/* A failed allocation must not jump through curl. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct polling *polling = context;
    struct piece piece = {polling, str_of(bytes, size * count)};
    uint64_t most = polling->collector->options->body_most;
    if (polling->body.bytes.n + piece.bytes.n > most)
        err_set(&polling->err, ERR_INPUT, "its answer has more than %llu bytes",
                (unsigned long long)most);
    else if (piece.bytes.n == 0 || heap_guard(&polling->heap, append_piece, &piece, &polling->err))
        return piece.bytes.n;
    return piece.bytes.n + 1; /* not what was given: curl stops */
}

static bool make_easy(struct polling *polling)
{
    struct collector *c = polling->collector;
    CURL *easy = polling->easy = curl_easy_init();
    return easy && collect_set_up(easy, c->options, polling->source->timeout) &&
           curl_easy_setopt(easy, CURLOPT_URL, polling->source->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, polling) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, polling) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->options->body_most) ==
               CURLE_OK;
}

/* The next time that is due, without those that were missed. */
static void set_next_request(struct polling *polling, int64_t now)
{
    int64_t every = polling->source->every;
    polling->due += every;
    if (polling->due <= now)
        polling->due += (now - polling->due) / every * every + every;
}

void polling_start(struct polling *polling, int64_t now)
{
    struct collector *c = polling->collector;
    set_next_request(polling, now);
    polling->asked_once = true;
    if (!lock_source(polling))
        return;
    heap_init(&polling->heap, c->options->resize, c->options->resize_context,
              c->options->memory_most);
    polling->body = (struct strbuf){.heap = &polling->heap};
    polling->err = (struct err){0};
    polling->asked = time_text_now();
    polling->asked_mono = now;
    polling->running = curl_multi_add_handle(c->multi, polling->easy) == CURLM_OK;
    if (!polling->running)
        heap_end(&polling->heap);
}

/* ---- answers ---- */

/* Report a failure, unless the last one of this source had the same reason. */
static void say_failed(struct polling *polling, str reason)
{
    struct collector *c = polling->collector;
    if (str_equal(strbuf_str(&polling->reason), reason)) {
        c->failures++;
        return;
    }
    strbuf_set(&polling->reason, reason);
    collect_say(c, COLLECT_FAILED, polling->name, reason.p);
}

static void add_polling_gap(struct polling *polling, const char *text)
{
    struct collector *c = polling->collector;
    int64_t now = time_text_now(), from = polling->heard;
    struct err err = {0};
    if (from == INT64_MIN || from > now)
        from = polling->asked < now ? polling->asked : now;
    say_failed(polling, str_from_c(text));
    if (store_add_gap(c->store, polling->name, from, now, str_from_c(text), &err))
        polling->heard = now;
    else
        collect_say(c, COLLECT_FAILED, polling->name, err.message);
}

static void say_stored(struct polling *polling, const struct profile *profile,
                       const struct store_window *window)
{
    struct quantity quantity = quantity_of(
        num_of_units(tree_sum(&profile->tree, 0), profile->tree.decimals),
        profile->value_type.unit);
    struct strbuf text = {.heap = &polling->heap};
    strbuf_add(&text, window->until == 0 ? STR("counts from here on: ") : STR("stored: "));
    strbuf_add(&text, quantity_number(&quantity));
    strbuf_add(&text, quantity.name.n > 0 ? STR(" ") : STR(""));
    strbuf_add(&text, quantity.name);
    collect_say(polling->collector, COLLECT_STORED, polling->name, strbuf_c(&text));
}

static void say_dropped(struct polling *polling, const struct profile *profile, str dropped)
{
    struct collector *c = polling->collector;
    uint64_t skipped = skipped_total(&profile->skipped);
    struct strbuf text = {.heap = &polling->heap};
    if (dropped.n > 0) {
        strbuf_add(&text, STR("left out labels that have too many values: "));
        strbuf_add(&text, dropped);
        collect_say(c, COLLECT_WARNING, polling->name, strbuf_c(&text));
    }
    if (skipped == 0)
        return;
    strbuf_clear(&text);
    strbuf_add(&text, STR("ignored "));
    strbuf_add_u64(&text, skipped);
    strbuf_add(&text, STR(" lines or records: "));
    strbuf_add(&text, str_from_c(profile->skipped.entries.at[0].reason));
    collect_say(c, COLLECT_WARNING, polling->name, strbuf_c(&text));
}

static void forward_window(struct polling *polling, struct store_window window,
                           const struct store_outcome *outcome)
{
    for (size_t i = 0; i < outcome->values.n; i++) {
        const struct stored_value *value = &outcome->values.at[i];
        window.from = value->from;
        window.until = value->until;
        forwarder_add(polling->collector, polling->name, &window, value->type);
    }
}

/* In a guard of the answer's heap. */
static bool store_answer(void *arg)
{
    struct polling *polling = arg;
    struct collector *c = polling->collector;
    const struct collect_source *source = polling->source;
    const struct body body = {
        .name = "the answer",
        .bytes = strbuf_str(&polling->body),
        .format = source->format,
        .value_type = source->value_type,
    };
    struct profile profile;
    struct store_window window = {0};
    struct store_outcome outcome;
    int64_t now = collect_monotonic();
    enum store_added added;
    if (!body_read(&body, &polling->heap, &profile, &polling->err))
        return false;
    int64_t elapsed = body_elapsed(&profile),
            answered = polling->asked + (now - polling->asked_mono);
    if (answered <= polling->asked)
        answered = polling->asked + 1;
    if (!source->snapshot && (source->counts || elapsed >= 0)) {
        const struct store_answer answer = {
            .asked = polling->asked,
            .answered = answered,
            .elapsed = elapsed,
            .since_last = polling->answered_mono >= 0 ? now - polling->answered_mono : -1,
            .labels = source->labels,
            .label_count = source->label_count,
        };
        added = store_add_answer(c->store, &answer, &profile, &window, &outcome, &polling->err);
    } else {
        window = (struct store_window){polling->asked, answered, source->labels,
                                       source->label_count};
        added = store_add(c->store, &window, &profile, &outcome, &polling->err);
    }
    if (added == STORE_KNOWN)
        return err_set(&polling->err, ERR_INPUT, "the store has a window of this time already");
    if (added == STORE_FAILED)
        return false;
    polling->answered_mono = now;
    polling->heard = answered;
    say_stored(polling, &profile, &window);
    say_dropped(polling, &profile, outcome.dropped);
    forward_window(polling, window, &outcome);
    store_outcome_end(c->store, &outcome);
    return true;
}

/* The reason why a transfer failed; "" if it did not. */
static void explain_transfer(struct polling *polling, CURLcode code, long status,
                             struct strbuf *text)
{
    if (polling->err.code != ERR_NONE)
        strbuf_add(text, str_from_c(polling->err.message));
    else if (code == CURLE_OPERATION_TIMEDOUT)
        strbuf_add(text, STR("it does not answer in time (see --timeout)"));
    else if (code != CURLE_OK)
        strbuf_add(text, str_from_c(curl_easy_strerror(code)));
    else if (status >= 300 && status < 400)
        strbuf_add(text, STR("it redirects, which is not followed"));
    else if (status != 200) {
        strbuf_add(text, STR("it answers with status "));
        strbuf_add_u64(text, (uint64_t)status);
    }
}

void polling_finish(struct polling *polling, CURLcode code)
{
    struct collector *c = polling->collector;
    struct strbuf text = {.heap = c->heap};
    long status = 0;
    curl_easy_getinfo(polling->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(c->multi, polling->easy);
    polling->running = false;
    explain_transfer(polling, code, status, &text);
    if (text.bytes.n == 0 && !heap_guard(&polling->heap, store_answer, polling, &polling->err))
        explain_transfer(polling, CURLE_OK, 200, &text);
    heap_end(&polling->heap);
    if (text.bytes.n > 0) {
        if (text.bytes.n >= TEXT_ROOM)
            text.bytes.n = TEXT_ROOM;
        utf8_disarm(text.bytes.at, text.bytes.n);
        add_polling_gap(polling, strbuf_c(&text));
    } else if (polling->reason.bytes.n > 0) {
        collect_say(c, COLLECT_WARNING, polling->name, "it answers again");
        strbuf_clear(&polling->reason);
    }
    strbuf_end(&text);
}

/* ---- begin and end ---- */

bool polling_init(struct polling *polling, struct collector *c, const struct collect_source *source)
{
    polling->collector = c;
    polling->source = source;
    polling->due = collect_monotonic();
    polling->answered_mono = -1;
    polling->heard = INT64_MIN;
    polling->reason.heap = c->heap;
    polling->name = collect_source_name(source);
    return make_easy(polling);
}

void polling_end(struct polling *polling)
{
    if (polling->running) {
        curl_multi_remove_handle(polling->collector->multi, polling->easy);
        heap_end(&polling->heap);
    }
    curl_easy_cleanup(polling->easy);
    strbuf_end(&polling->reason);
}
