/* SPDX-License-Identifier: MIT */
/*
 * The bytes that a client sends to `flamestore serve`: heads, forms and bodies of requests, one
 * after the other on a connection. The server is that of the program, on a local socket, with a
 * store in memory. The first byte of an input chooses one of two servers.
 *
 * A connection ends, each answer is one of HTTP, none is a failure of the server, and where a token
 * is wanted, who does not have it gets no answer but a refusal.
 */
#include "fuzzing.h"

#if HAVE_STORE && defined(__linux__)
#include <inttypes.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/os.h"
#include "store/serve.h"
#include "store/store.h"

enum { INPUT_MOST = 1 << 16, ANSWER_MOST = 1 << 22, SECONDS = 20 };

static const char store_path[] = "/fuzz-http"; /* in memory, see fuzz_store.c */

struct open_server {
    struct heap heap;
    struct serve_options options;
    struct sockaddr_un address;
    socklen_t size;
};

static void ignore_warning(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static bool start_server(void *arg)
{
    static const struct serve_address own = {STR_INIT("flame"), 80};
    struct open_server *server = arg;
    struct err err = {0};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    server->address.sun_family = AF_UNIX;
    server->size = sizeof server->address;
    /* without a name, the system makes one */
    if (fd < 0 || bind(fd, (struct sockaddr *)&server->address, sizeof(sa_family_t)) != 0 ||
        getsockname(fd, (struct sockaddr *)&server->address, &server->size) != 0 ||
        listen(fd, 16) != 0 || !http_start(&server->options, &own, fd, &err))
        fuzz_wrong("no server", str_from_c(err.message));
    return true;
}

/* Of this process, so that no input has it. */
static str make_token(void)
{
    static char token[33];
    snprintf(token, sizeof token, "%016" PRIx64 "%016" PRIx64, os_draw_seed(token),
             os_draw_seed(&token));
    return str_of(token, 32);
}

static struct open_server *find_server(bool secret)
{
    static struct open_server servers[2];
    static bool started;
    for (int i = 0; i < 2 && !started; i++) {
        struct err err = {0};
        heap_init(&servers[i].heap, NULL, NULL, 0);
        servers[i].options = (struct serve_options){.path = store_path,
                                                    .token = i ? make_token() : STR(""),
                                                    .threads = 1,
                                                    .heap = &servers[i].heap,
                                                    .warn = ignore_warning};
        if (!heap_guard(&servers[i].heap, start_server, &servers[i], &err))
            fuzz_wrong("no server", str_from_c(err.message));
    }
    started = true;
    return &servers[secret];
}

/* "HTTP/1.1 200 OK": 200; else 0. */
static unsigned answer_status(str answer)
{
    uint64_t status = 0;
    if (!str_starts(answer, STR("HTTP/1.1 ")) && !str_starts(answer, STR("HTTP/1.0 ")))
        return 0;
    return num_parse_u64(str_cut(answer, 9, 12), &status) ? (unsigned)status : 0;
}

static void check_answer(str answer, bool secret)
{
    unsigned status = answer_status(answer);
    if (answer.n == 0)
        return;
    if (status < 100 || status > 599 || status == 500)
        fuzz_wrong("no answer, or a failure", answer);
    if (secret && (status < 400 || str_contains(answer, STR("<!DOCTYPE"))))
        fuzz_wrong("an answer without the token", answer);
}

/* The next piece of the answer; false: it ends. libmicrohttpd does not see the end of what is sent
 * if it comes before it has read all: then it waits for IDLE_SECONDS. */
static bool receive(int fd, char *to, size_t *n, bool *sends)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int unread = 0;
    if (*sends && (ioctl(fd, SIOCOUTQ, &unread) != 0 || unread == 0)) {
        *sends = false;
        shutdown(fd, SHUT_WR);
    }
    int ready = poll(&wait, 1, *sends ? 1 : 1000 * SECONDS);
    if (ready == 0 && !*sends)
        fuzz_wrong("the connection does not end", str_of(to, *n));
    if (ready <= 0) /* too early, or the alarm of libFuzzer */
        return true;
    ssize_t got = recv(fd, to + *n, ANSWER_MOST - *n, 0);
    *n += got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* Send the bytes, and receive all until the server closes the connection. */
static size_t talk(const struct open_server *server, str bytes, char *answer)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    bool sends = true;
    size_t n = 0;
    ssize_t sent = 0;
    if (fd < 0 || connect(fd, (const struct sockaddr *)&server->address, server->size) != 0)
        fuzz_wrong("no connection", bytes);
    while (bytes.n > 0 && (sent = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL)) > 0)
        bytes = str_skip(bytes, (size_t)sent);
    while (receive(fd, answer, &n, &sends))
        ;
    close(fd);
    return n;
}

/* The store ends with its last user: the next input finds an empty one. */
static bool run_input(struct heap *heap, void *arg)
{
    static const str plain = STR_INIT(
        "GET /x HTTP/1.1\r\nHost: flame\r\nConnection: close\r\n\r\n");
    str input = *(const str *)arg;
    struct err err = {0};
    struct store *store = store_open(store_path, STORE_WRITE, heap, &err);
    char *answer = heap_alloc(heap, ANSWER_MOST, 1);
    bool secret = input.p[0] == '!';
    if (!store)
        fuzz_wrong("no store", str_from_c(err.message));
    size_t n = talk(find_server(secret), str_skip(input, 1), answer);
    check_answer(str_of(answer, n), secret);
    n = talk(find_server(secret), plain, answer);
    if (answer_status(str_of(answer, n)) == 0)
        fuzz_wrong("the server answers no more", input);
    store_close(store);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str input = fuzz_text(data, size);
    sqlite3_vfs *memory = sqlite3_vfs_find("memdb");
    if (!memory || sqlite3_libversion_number() < 3036000) /* it would not be shared */
        return 0;
    sqlite3_vfs_register(memory, 1);
    if (size > 0 && size < INPUT_MOST)
        heaps_run(run_input, &input);
    return 0;
}
#else
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
    return 0;
}
#endif
