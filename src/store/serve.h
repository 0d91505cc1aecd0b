/* SPDX-License-Identifier: MIT */
/*
 * serve: a store over HTTP, by libmicrohttpd.
 *
 *      GET  /                    the page (page.h)
 *      GET  /profile.folded ...  the profile of a range for other programs
 *      POST /ingest              what agents of Pyroscope push (ingest.c)
 *      POST /mark                a mark on the timeline
 *
 *      connection ──► http.c: who may ask, the body ──► site.c: what is asked ──► answer
 *
 * Each request has a heap of its own, which ends with it, and opens the store for itself. So a
 * request that fails in any way takes nothing with it, and threads share nothing but options.
 */
#ifndef FLAMETREE_STORE_SERVE_H
#define FLAMETREE_STORE_SERVE_H

#include "core/os.h"
#include "store/store.h"

/* Told what happens, from any thread. */
typedef void serve_say_fn(void *context, const char *message);

struct serve_options {
    const char *path;   /* of the store */
    const char *listen; /* HOST:PORT; the port 0 is any that is free */
    str token;          /* that every request must bring; n == 0: none */
    unsigned threads;
    struct heap *heap;   /* whose limit counts for all requests together */
    serve_say_fn *ready; /* gets the address as soon as requests are accepted */
    serve_say_fn *warn;  /* gets what went wrong with a request */
    void *context;
};

/* Serve until SIGINT, SIGTERM or SIGHUP comes. False with *err set if it cannot begin. */
bool serve_run(const struct serve_options *options, struct err *err);

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (any address of the machine). `host` is
 * without brackets. */
struct serve_address {
    str host;
    unsigned port;
};
bool serve_address_parse(str text, struct serve_address *address);

/* ---- http.c: requests ---- */

enum {
    BODY_MOST = 64 << 20,    /* bytes of a request */
    BODIES_MOST = 256 << 20, /* of all requests that are being received */
    CONNECTIONS_MOST = 512,
    IDLE_SECONDS = 60, /* a connection on which nothing happens for so long is closed */
};

/* One request, and the answer to it. */
struct http_request {
    const struct serve_options *options;
    struct heap *heap;
    struct err *err;
    str method, path;
    struct http_fields {
        str name, value;
    } * fields; /* of the address, and of a form in the body */
    size_t field_count;
    str body;
    bool has_previous; /* the form also has a profile from before, which is not kept */
    int64_t now;
    /* set by site_answer(): */
    unsigned status;
    const char *type;        /* of the content */
    const char *location;    /* of a redirection; NULL: none */
    const char *policy;      /* Content-Security-Policy; NULL: nothing is allowed */
    const char *disposition; /* Content-Disposition; NULL: none */
    struct sink answer;
};

/* The value of the first field with this name; a null pointer: there is none. */
str http_field(const struct http_request *request, const char *name);

/* Answer with a line of plain text, which cannot control a terminal. Always returns true. */
bool http_answer_text(struct http_request *request, unsigned status, const char *text);

struct MHD_Connection;

/* A header of the request; a null pointer: there is none. */
str http_header(struct MHD_Connection *connection, const char *name);

/* Whether this may be asked, in http_access.c: if not, it answers. */
void http_check(struct http_request *request, struct MHD_Connection *connection,
                const struct serve_address *address);

struct http_server;

/* Accept requests on the socket, in threads. The server is in the heap of the options. NULL with
 * *err set on failure. */
struct http_server *http_start(const struct serve_options *options,
                               const struct serve_address *address, int fd, struct err *err);

/* Finish what is being answered, and close the socket. */
void http_stop(struct http_server *server);

/* ---- site.c, ingest.c: answers ---- */

/* False with request->err set: the store failed, or memory ran out. */
bool site_answer(struct http_request *request);
bool ingest_answer(struct http_request *request, struct store *store);

/* "app.cpu{host=db7,env="a b"}": the name and the labels after it, in the heap. *labels has room
 * for one more. False: it has another form. */
bool ingest_parse_name(str text, struct heap *heap, str *name, struct store_label **labels,
                       size_t *count);

/* Seconds since 1970, or milliseconds, microseconds or nanoseconds, as the size of the number
 * says: those of Pyroscope's agents differ. *time in milliseconds. */
bool ingest_parse_time(str text, int64_t *time);

#endif
