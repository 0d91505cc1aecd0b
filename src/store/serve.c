/* SPDX-License-Identifier: MIT */
/*
 * serve: the socket, and the end by a signal.
 */
#include "store/serve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/sink.h"

/* ---- the address ----------------------------------------------------------------------------- */

bool serve_address_parse(str text, struct serve_address *address)
{
    uint64_t port;
    size_t colon = str_find_last(text, ':');
    if (colon == text.n || !num_parse_u64(str_skip(text, colon + 1), &port) || port > 65535)
        return false;
    str host = str_head(text, colon);
    if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = str_cut(host, 1, host.n - 1);
    else if (str_find(host, ':', 0) < host.n)
        return false; /* of IPv6, without brackets */
    *address = (struct serve_address){host, (unsigned)port};
    return true;
}

static int try_address(const struct addrinfo *info)
{
    int on = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC, info->ai_protocol);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

/* The socket that listens; -1 with *err set. */
static int open_socket(const struct serve_address *address, const char *given, struct heap *heap,
                       struct err *err)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct arena arena;
    char port[NUM_ROOM];
    int fd = -1;
    port[num_put_u64(port, address->port)] = '\0';
    arena_init(&arena, heap);
    const char *host = address->host.n > 0 ? arena_copy_c(&arena, address->host) : NULL;
    int failed = getaddrinfo(host, port, &hints, &found);
    if (failed != 0) {
        err_set(err, ERR_USAGE, "cannot listen on %.200s: %s", given, gai_strerror(failed));
        return -1;
    }
    for (const struct addrinfo *info = found; info && fd < 0; info = info->ai_next)
        fd = try_address(info);
    if (fd < 0)
        err_set_sys(err, errno, "cannot listen on %.200s", given);
    freeaddrinfo(found);
    return fd;
}

/* "http://127.0.0.1:8080/", in the heap; NULL: the system does not say. */
static const char *find_own_address(int fd, struct heap *heap)
{
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    struct sink url;
    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0 ||
        getnameinfo((struct sockaddr *)&own, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return NULL;
    bool brackets = strchr(host, ':') != NULL;
    sink_open_memory(&url, heap);
    sink_lit(&url, "http://");
    sink_bytes(&url, brackets ? STR("[") : STR(""));
    sink_bytes(&url, str_from_c(host));
    sink_bytes(&url, brackets ? STR("]:") : STR(":"));
    sink_bytes(&url, str_from_c(port));
    sink_bytes(&url, str_of("/", 2));
    return sink_text(&url).p;
}

/* ---- running --------------------------------------------------------------------------------- */

/* Signals come to this thread only. */
static void block_signals(sigset_t *ends, sigset_t *old)
{
    sigemptyset(ends);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ends, old);
}

bool serve_run(const struct serve_options *options, struct err *err)
{
    struct serve_address address;
    sigset_t ends, old;
    int number;
    if (!serve_address_parse(str_from_c(options->listen), &address))
        return err_set(err, ERR_USAGE,
                       "--listen needs HOST:PORT, such as 127.0.0.1:8080, not "
                       "'%.60s'",
                       options->listen);
    /* It must exist, or be created, before the address is printed. It stays open, because SQLite
     * tidies up each time the last user of a file closes it. */
    if (!store_open(options->path, STORE_WRITE, options->heap, err))
        return false;
    int fd = open_socket(&address, options->listen, options->heap, err);
    if (fd < 0)
        return false;
    block_signals(&ends, &old);
    struct http_server *server = http_start(options, &address, fd, err);
    if (server) {
        const char *own = find_own_address(fd, options->heap);
        options->ready(options->context, own ? own : options->listen);
        sigwait(&ends, &number);
    }
    if (server)
        http_stop(server);
    else
        close(fd);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return server != NULL;
}
