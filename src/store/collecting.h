/* SPDX-License-Identifier: MIT */
/*
 * collecting: the parts of collect: what asks a source, and what forwards windows. All run in one
 * thread, in the loop of collect.c.
 */
#ifndef FLAMETREE_STORE_COLLECTING_H
#define FLAMETREE_STORE_COLLECTING_H

#include <curl/curl.h>

#include "store/collect.h"

/* A window that waits for another server. */
struct forwarding {
    struct forwarding *next;
    str name, type;
    struct store_window window;
    unsigned tries;
    int64_t due;
};

struct forwarder {
    struct forwarding *waiting, *sending; /* the first is the oldest */
    size_t waiting_n;
    CURL *easy;
    curl_mime *mime; /* of the current request */
};

struct collector {
    struct store *store;
    const struct collect_options *options;
    struct heap *heap;
    struct polling *pollings;
    size_t count;
    CURLM *multi;
    int lock;
    struct heap_cleanup cleanup;
    struct forwarder forwarder;
    int64_t hour; /* monotonic: when expiry is due */
    uint64_t failures;
    struct err *err;
};

int64_t collect_monotonic(void);
void collect_say(struct collector *c, enum collect_news news, str source, const char *text);

/* Only http and https, no redirects, a limit of time. */
bool collect_set_up(CURL *easy, const struct collect_options *options, int64_t timeout);

/*
 * polling: one source.
 */

struct polling {
    struct collector *collector;
    const struct collect_source *source;
    str name;
    CURL *easy;
    struct heap heap; /* of one answer */
    struct strbuf body;
    struct err err;       /* of the body */
    struct strbuf reason; /* of the failures until now; empty: it answers */
    bool running, locked, elsewhere, asked_once;
    int64_t due;               /* monotonic */
    int64_t asked, asked_mono; /* the current request */
    int64_t answered_mono;     /* the last good answer; -1: none in this process */
    int64_t heard;             /* the last good answer or gap ended; INT64_MIN: none */
    int64_t lock_at;           /* a byte of the lock file */
};

bool polling_init(struct polling *polling, struct collector *c,
                  const struct collect_source *source);
void polling_start(struct polling *polling, int64_t now);
void polling_finish(struct polling *polling, CURLcode code);
void polling_end(struct polling *polling);

/*
 * forwarder: windows as requests to the ingest address of Pyroscope, one at a time:
 *
 *      POST /ingest?name=APP{KEY=VALUE,...}&from=SECONDS&until=SECONDS&format=pprof
 *      multipart/form-data: profile (pprof, gzip), sample_type_config (JSON)
 */

bool forwarder_init(struct collector *c);

/* The window waits until the server takes it. Its labels outlive the collector. If too many wait,
 * the oldest is dropped. */
void forwarder_add(struct collector *c, str name, const struct store_window *window, str type);

void forwarder_start(struct collector *c, int64_t now);
void forwarder_finish(struct collector *c, CURLcode code);
void forwarder_end(struct collector *c);

#endif
