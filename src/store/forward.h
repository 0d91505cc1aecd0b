/* SPDX-License-Identifier: MIT */
/*
 * forward: a window as a request to the ingest address of Pyroscope:
 *
 *      POST /ingest?name=APP{KEY=VALUE,...}&from=SECONDS&until=SECONDS&format=pprof
 *      multipart/form-data: profile (pprof, gzip), sample_type_config (JSON)
 */
#ifndef FLAMETREE_STORE_FORWARD_H
#define FLAMETREE_STORE_FORWARD_H

#include <curl/curl.h>

#include "store/store.h"

/* Make the request for a window with this value type. `heap` is needed only during the call, and
 * forward_free() frees the body after the transfer. False: the window has no weight (*err is not
 * set), or *err says why. */
struct forward_request {
    curl_mime *mime;
};

bool forward_prepare(struct forward_request *request, CURL *easy, const char *base,
                     const struct store_window *window, str type, struct store *store,
                     struct heap *heap, struct err *err);
void forward_free(struct forward_request *request);

#endif
