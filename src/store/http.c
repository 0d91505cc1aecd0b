/* SPDX-License-Identifier: MIT */
/*
 * http: requests, as libmicrohttpd hands them over, and who may make them.
 *
 *      head of a request ──► start_request ──► check_request ──► body ──► answer_request
 *
 * libmicrohttpd calls these functions from several threads, but never from two at once for a
 * request. Nothing may jump out of them, so all work is in a guard.
 */
#include <microhttpd.h>
#include <pthread.h>

#include "output/escape.h"
#include "store/serve.h"
#include "store/time_text.h"

enum { FIELDS_MOST = 200, FORM_BUFFER = 4096 };

struct http_state {
    struct http_state *next; /* free */
    struct http_server *server;
    struct MHD_Connection *connection;
    struct heap heap;
    struct err err;
    struct http_request request;
    VEC(struct http_fields) fields;
    struct strbuf body;
    VEC(char) form;  /* names and values of its fields */
    size_t received; /* bytes of the body */
    size_t reserved; /* of these, counted in server->receiving */
};

struct http_server {
    const struct serve_options *options;
    struct serve_address address;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    struct http_state *free; /* CONNECTIONS_MOST of them */
    size_t receiving;        /* bytes of bodies; atomic */
};

/* ---- answers --------------------------------------------------------------------------------- */

bool http_answer_text(struct http_request *request, unsigned status, const char *text)
{
    request->status = status;
    request->type = "text/plain; charset=utf-8";
    sink_open_memory(&request->answer, request->heap);
    put_terminal(str_from_c(text), &request->answer);
    sink_lit(&request->answer, "\n");
    return true;
}

static void add_headers(struct MHD_Response *response, const struct http_request *request,
                        bool asks_for_token)
{
    const struct {
        const char *name, *value;
    } headers[] = {
        {"Content-Type", request->type},
        {"Location", request->location},
        {"Content-Disposition", request->disposition},
        {"Content-Security-Policy",
         request->policy ? request->policy : "default-src 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
        {"WWW-Authenticate",
         asks_for_token ? "Basic realm=\"flamestore\", charset=\"UTF-8\"" : NULL},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (headers[i].value)
            MHD_add_response_header(response, headers[i].name, headers[i].value);
}

static enum MHD_Result send_answer(struct http_state *state)
{
    struct http_request *request = &state->request;
    str body = sink_text(&request->answer);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    add_headers(response, request, request->status == MHD_HTTP_UNAUTHORIZED);
    enum MHD_Result queued = MHD_queue_response(state->connection, request->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- the body -------------------------------------------------------------------------------- */

struct upload {
    struct http_state *state;
    str bytes;
};

static bool keep_upload(void *arg)
{
    struct upload *upload = arg;
    strbuf_add(&upload->state->body, upload->bytes);
    return true;
}

/* A body that cannot be kept is discarded, and the error is the answer. False: the body is larger
 * than BODY_MOST, so the connection is closed. */
static bool take_upload(struct http_state *state, str bytes)
{
    size_t *receiving = &state->server->receiving;
    struct upload upload = {state, bytes};
    state->received += bytes.n;
    if (state->received > BODY_MOST)
        return false;
    if (state->err.code != ERR_NONE)
        return true;
    state->reserved += bytes.n;
    if (__atomic_add_fetch(receiving, bytes.n, __ATOMIC_RELAXED) > BODIES_MOST)
        err_set(&state->err, ERR_MEMORY, "too much is being sent at once");
    else
        heap_guard(&state->heap, keep_upload, &upload, &state->err);
    return true;
}

/* ---- fields ---------------------------------------------------------------------------------- */

struct field {
    struct http_state *state;
    str name, value;
};

static bool keep_field(void *arg)
{
    struct field *field = arg;
    struct http_fields kept = {field->name, field->value};
    vec_push(&field->state->heap, &field->state->fields, kept);
    return true;
}

/* The texts live as long as the connection. */
static enum MHD_Result take_argument(void *context, enum MHD_ValueKind kind, const char *name,
                                     size_t name_n, const char *value, size_t value_n)
{
    struct http_state *state = context;
    struct field field = {state, str_of(name, name_n), str_of(value ? value : "", value_n)};
    (void)kind;
    if (state->fields.n >= FIELDS_MOST)
        return MHD_NO;
    return heap_guard(&state->heap, keep_field, &field, &state->err) ? MHD_YES : MHD_NO;
}

/* There is room, see prepare_form(). */
static str add_to_form(struct http_state *state, str text)
{
    char *at = state->form.at + state->form.n;
    if (text.n > 0)
        memcpy(at, text.p, text.n);
    state->form.n += text.n;
    return str_of(at, text.n);
}

/* Of a form: the next piece of a value. */
static enum MHD_Result take_form_value(void *context, enum MHD_ValueKind kind, const char *key,
                                       const char *file_name, const char *type,
                                       const char *encoding, const char *data, uint64_t offset,
                                       size_t size)
{
    struct http_state *state = context;
    (void)kind;
    (void)file_name;
    (void)type;
    (void)encoding;
    str name = str_or_empty(key);
    if (str_equal(name, STR("prev_profile"))) {
        state->request.has_previous = true;
        return MHD_YES;
    }
    if (offset == 0) {
        if (state->fields.n == state->fields.cap || state->form.cap - state->form.n < name.n)
            return MHD_NO;
        str kept = add_to_form(state, name);
        state->fields.at[state->fields.n++] = (struct http_fields){
            kept, str_of(state->form.at + state->form.n, 0)};
    }
    if (state->fields.n == 0 || state->form.cap - state->form.n < size)
        return MHD_NO;
    state->fields.at[state->fields.n - 1].value.n += add_to_form(state, str_of(data, size)).n;
    return MHD_YES;
}

static bool prepare_form(void *arg)
{
    struct http_state *state = arg;
    vec_reserve(&state->heap, &state->form, 2 * state->body.bytes.n + FORM_BUFFER);
    vec_reserve(&state->heap, &state->fields, FIELDS_MOST);
    return true;
}

/* The fields of a form: name=value&... or several parts. False: it is none, or a broken one. */
static bool read_form(struct http_state *state)
{
    if (!heap_guard(&state->heap, prepare_form, state, &state->err))
        return false;
    struct MHD_PostProcessor *form = MHD_create_post_processor(state->connection, FORM_BUFFER,
                                                               take_form_value, state);
    if (!form)
        return false;
    enum MHD_Result good = MHD_post_process(form, state->body.bytes.at, state->body.bytes.n);
    return (MHD_destroy_post_processor(form) == MHD_YES) && good == MHD_YES;
}

static bool is_form(const struct http_state *state)
{
    static const char *const types[] = {"multipart/form-data", "application/x-www-form-urlencoded"};
    str type = http_header(state->connection, "Content-Type");
    type = str_trim(str_head(type, str_find(type, ';', 0)));
    return str_is_word(type, types[0]) || str_is_word(type, types[1]);
}

str http_field(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (str_equal(request->fields[i].name, str_from_c(name)))
            return request->fields[i].value;
    return str_of(NULL, 0);
}

/* ---- a request ------------------------------------------------------------------------------- */

static struct http_state *take_state(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct http_state *state = server->free;
    if (state)
        server->free = state->next;
    pthread_mutex_unlock(&server->lock);
    return state;
}

static bool start_request(void *arg)
{
    struct http_state *state = arg;
    http_check(&state->request, state->connection, &state->server->address);
    return true;
}

static bool answer_request(void *arg)
{
    struct http_state *state = arg;
    struct http_request *request = &state->request;
    request->fields = state->fields.at;
    request->field_count = state->fields.n;
    request->body = strbuf_str(&state->body);
    return site_answer(request);
}

static bool answer_failure(void *arg)
{
    struct http_state *state = arg;
    struct err *err = &state->err;
    unsigned status = err->code == ERR_MEMORY ? MHD_HTTP_SERVICE_UNAVAILABLE
                      : err->code == ERR_USAGE || err->code == ERR_INPUT
                          ? MHD_HTTP_BAD_REQUEST
                          : MHD_HTTP_INTERNAL_SERVER_ERROR;
    if (status != MHD_HTTP_BAD_REQUEST)
        state->server->options->warn(state->server->options->context, err->message);
    return http_answer_text(&state->request, status, err->message);
}

static enum MHD_Result finish_request(struct http_state *state)
{
    struct http_request *request = &state->request;
    bool posts = str_equal(request->method, STR("POST"));
    bool read = MHD_get_connection_values_n(state->connection, MHD_GET_ARGUMENT_KIND, take_argument,
                                            state) >= 0;
    bool form = posts && is_form(state);
    if (form && str_equal(request->path, STR("/ingest"))) {
        /* curl --data-binary calls anything a form */
        str type = http_header(state->connection, "Content-Type");
        form = type.n > 9 && str_is_word(str_head(type, 9), "multipart");
    }
    if (state->err.code == ERR_NONE && form && !read_form(state))
        err_set(&state->err, ERR_INPUT, "the form is broken");
    if (state->err.code == ERR_NONE && read)
        heap_guard(&state->heap, answer_request, state, &state->err);
    if (state->err.code == ERR_NONE)
        return send_answer(state);
    /* The memory of the request is freed before the next allocation. */
    struct err ignored = {0};
    request->location = request->policy = request->disposition = NULL;
    heap_end(&state->heap);
    heap_init_under(&state->heap, state->server->options->heap);
    return heap_guard(&state->heap, answer_failure, state, &ignored) ? send_answer(state) : MHD_NO;
}

static enum MHD_Result begin_request(struct http_server *server, struct MHD_Connection *connection,
                                     const char *path, const char *method, void **of)
{
    struct http_state *state = take_state(server);
    if (!state)
        return MHD_NO;
    *state = (struct http_state){
        .server = server,
        .connection = connection,
        .request = {.options = server->options,
                    .heap = &state->heap,
                    .err = &state->err,
                    .method = str_from_c(method),
                    .path = str_from_c(path),
                    .now = time_text_now()},
        .body.heap = &state->heap,
    };
    heap_init_under(&state->heap, server->options->heap);
    *of = state;
    if (!heap_guard(&state->heap, start_request, state, &state->err))
        return MHD_NO;
    if (state->request.status == 0)
        return MHD_YES;
    return send_answer(state);
}

static enum MHD_Result access_request(void *context, struct MHD_Connection *connection,
                                      const char *path, const char *method, const char *version,
                                      const char *upload, size_t *upload_size, void **of)
{
    struct http_state *state = *of;
    (void)version;
    if (!state)
        return begin_request(context, connection, path, method, of);
    if (*upload_size == 0)
        return finish_request(state);
    bool taken = take_upload(state, str_of(upload, *upload_size));
    *upload_size = 0;
    return taken ? MHD_YES : MHD_NO;
}

static void end_request(void *context, struct MHD_Connection *connection, void **of,
                        enum MHD_RequestTerminationCode why)
{
    struct http_server *server = context;
    struct http_state *state = *of;
    (void)connection;
    (void)why;
    if (!state)
        return;
    *of = NULL;
    heap_end(&state->heap);
    __atomic_sub_fetch(&server->receiving, state->reserved, __ATOMIC_RELAXED);
    pthread_mutex_lock(&server->lock);
    state->next = server->free;
    server->free = state;
    pthread_mutex_unlock(&server->lock);
}

/* ---- the server ------------------------------------------------------------------------------ */

struct http_server *http_start(const struct serve_options *options,
                               const struct serve_address *address, int fd, struct err *err)
{
    struct http_server *server = heap_zero(options->heap, 1, sizeof *server);
    struct http_state *states = heap_zero(options->heap, CONNECTIONS_MOST, sizeof *states);
    server->options = options;
    server->address = *address;
    pthread_mutex_init(&server->lock, NULL);
    for (size_t i = 0; i < CONNECTIONS_MOST; i++) {
        states[i].next = server->free;
        server->free = &states[i];
    }
    server->daemon = MHD_start_daemon(
        MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, access_request, server,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, options->threads,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_NOTIFY_COMPLETED, end_request, server, MHD_OPTION_END);
    if (server->daemon)
        return server;
    err_set(err, ERR_IO, "cannot start the server");
    return NULL;
}

void http_stop(struct http_server *server)
{
    MHD_stop_daemon(server->daemon);
    pthread_mutex_destroy(&server->lock);
}
