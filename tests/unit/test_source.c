/* SPDX-License-Identifier: MIT */
/*
 * source and unpack: what comes in, in pieces of any size, packed or not, whole, cut short and
 * damaged.
 */
#include "core/source.h"

#include "dice.h"
#include "memory_os.h"
#include "packs.h"
#include "tap.h"

enum { ROOM = 1 << 21 };

/* Bytes that come `most` at a time. */
struct trickle {
    str left;
    size_t most;
    bool fails; /* at the end, instead of ending */
};

static ptrdiff_t trickle_read(void *context, char *to, size_t room, struct err *err)
{
    struct trickle *t = context;
    size_t n = t->left.n < t->most ? t->left.n : t->most;
    n = n < room ? n : room;
    if (n == 0 && t->fails) {
        err_set(err, ERR_IO, "the line is dead");
        return -1;
    }
    if (n > 0)
        memcpy(to, t->left.p, n);
    t->left = str_skip(t->left, n);
    return (ptrdiff_t)n;
}

/* All of it, `step` bytes at a time; SIZE_MAX when it failed. */
static size_t read_all(struct source *source, char *to, size_t step, struct err *err)
{
    size_t n = 0;
    for (;;) {
        ptrdiff_t got = source_read(source, to + n, n + step < ROOM ? step : ROOM - n, err);
        if (got < 0)
            return SIZE_MAX;
        n += (size_t)got;
        if (got == 0 || n == ROOM)
            return n;
    }
}

static size_t read_trickling(str bytes, size_t most, size_t step, char *to, struct err *err)
{
    struct trickle trickle = {.left = bytes, .most = most};
    struct source source;
    *err = (struct err){0};
    source_open_callback(&source, "trickle", trickle_read, &trickle);
    size_t n = read_all(&source, to, step, err);
    source_close(&source);
    source_close(&source);
    return n;
}

static bool comes_through(str packed, str text, char *room)
{
    static const size_t sizes[] = {1, 2, 7, 65536, ROOM};
    struct err err;
    bool good = true;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            size_t n = read_trickling(packed, sizes[i], sizes[k], room, &err);
            good &= n == text.n && memcmp(room, text.p, n) == 0;
        }
    return good;
}

static str make_text(char *to, size_t n)
{
    uint64_t state = n;
    for (size_t i = 0; i < n; i++)
        to[i] = "abc;; 12\n"[dice_below(&state, 9)];
    return str_of(to, n);
}

static void test_whole(const struct embedded_writer *pack, char *text, char *packed, char *room)
{
    static const size_t lengths[] = {0, 1, 5, 1000, 300000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        str s = make_text(text, lengths[i]);
        size_t n = pack->pack(s, packed, ROOM);
        ok(n > 0 && comes_through(str_of(packed, n), s, room), "%s: %zu bytes come through",
           pack->name, s.n);
    }
}

static void test_joined(const struct embedded_writer *pack, char *text, char *packed, char *room)
{
    size_t n = 0;
    static const size_t lengths[] = {1000, 0, 1, 70000, 0};
    make_text(text, 71001);
    for (size_t i = 0, at = 0; i < 5; at += lengths[i++])
        n += pack->pack(str_of(text + at, lengths[i]), packed + n, ROOM - n);
    ok(comes_through(str_of(packed, n), str_of(text, 71001), room),
       "%s: five streams one after the other, empty ones among them", pack->name);
    memset(packed + n, 0, 1024);
    ok(comes_through(str_of(packed, n + 1024), str_of(text, 71001), room),
       "%s: zero bytes after the last are padding", pack->name);
    struct err err;
    memcpy(packed + n, "what is this", 12);
    ok(read_trickling(str_of(packed, n + 12), ROOM, 4096, room, &err) == SIZE_MAX &&
           err.code == ERR_INPUT,
       "%s: anything else is not", pack->name);
}

/* Packed by one, and what came of it by another or the same: refused, in any pieces. */
static void test_twice(const struct embedded_writer *outer, char *text, char *packed, char *room)
{
    for (const struct embedded_writer *inner = packs; inner->name; inner++) {
        size_t n = inner->pack(STR("a;b 1\n"), text, ROOM);
        n = outer->pack(str_of(text, n), packed, ROOM);
        bool good = true;
        char want[80];
        snprintf(want, sizeof want, "packed twice, %s data within %s data: ", inner->name,
                 outer->name);
        for (size_t step = 1; step < 4096; step *= 3) {
            struct err err;
            good &= read_trickling(str_of(packed, n), step, step, room, &err) == SIZE_MAX &&
                    err.code == ERR_INPUT && strncmp(err.message, want, strlen(want)) == 0;
        }
        ok(good, "%s", want);
    }
    size_t n = outer->pack(STR("a;\x1f\x8b\x08 1\n"), packed, ROOM);
    ok(comes_through(str_of(packed, n), STR("a;\x1f\x8b\x08 1\n"), room),
       "%s: bytes like those of a packed stream further on are text", outer->name);
}

/* Cut after every byte: never a crash, never taken for whole. */
static void test_cut(const struct embedded_writer *pack, char *text, char *packed, char *room)
{
    str s = make_text(text, 600);
    size_t n = pack->pack(s, packed, ROOM);
    unsigned wrong = 0;
    for (size_t cut = 8; cut < n; cut++) {
        struct err err;
        size_t got = read_trickling(str_of(packed, cut), ROOM, 4096, room, &err);
        bool told = got == SIZE_MAX && err.code == ERR_INPUT && strstr(err.message, "cut short") &&
                    strcmp(err.file, "trickle") == 0;
        if (!told && wrong++ < 3)
            diag("cut after %zu of %zu: %s", cut, n, got == SIZE_MAX ? err.message : "taken");
    }
    is_u64(wrong, 0, "%s: cut short after any byte, it is said so", pack->name);
}

static void test_damaged(const struct embedded_writer *pack, char *text, char *packed, char *room)
{
    str s = make_text(text, 600);
    size_t n = pack->pack(s, packed, ROOM);
    unsigned changed = 0;
    for (size_t at = 8; at < n; at++) {
        struct err err;
        packed[at] ^= 0x55;
        size_t got = read_trickling(str_of(packed, n), 100, 77, room, &err);
        if (got != SIZE_MAX && (got != s.n || memcmp(room, s.p, got) != 0))
            changed++;
        packed[at] ^= 0x55;
    }
    /* zstd checks sums only on request: a changed byte may give a changed text. */
    ok(changed == 0 || strcmp(pack->name, "zstd") == 0,
       "%s: a damaged byte never gives another text", pack->name);
}

/* Bytes that come again and again. */
struct again {
    str bytes;
    size_t at, times;
};

static ptrdiff_t again_read(void *context, char *to, size_t room, struct err *err)
{
    struct again *again = context;
    (void)err;
    if (again->at == again->bytes.n && again->times > 1) {
        again->at = 0;
        again->times--;
    }
    size_t n = again->bytes.n - again->at;
    n = n < room ? n : room;
    memcpy(to, again->bytes.p + again->at, n);
    again->at += n;
    return (ptrdiff_t)n;
}

/* How many bytes come of it. */
static uint64_t unpacked(str bytes, size_t times, char *room, struct err *err)
{
    struct again again = {.bytes = bytes, .times = times};
    struct source source;
    uint64_t total = 0;
    ptrdiff_t n;
    *err = (struct err){0};
    source_open_callback(&source, "bomb", again_read, &again);
    while ((n = source_read(&source, room, ROOM, err)) > 0)
        total += (uint64_t)n;
    source_close(&source);
    return total;
}

static void test_bomb(const struct embedded_writer *pack, char *text, char *packed, char *room)
{
    struct err err;
    size_t dense = ROOM;
    memset(text, 'a', dense);
    size_t n = pack->pack(str_of(text, dense), packed, ROOM);
    uint64_t total = unpacked(str_of(packed, n), 1000, room, &err);
    ok(err.code == ERR_INPUT && strstr(err.message, "500 times its size") &&
           total >= UINT64_C(126) * dense && total <= UINT64_C(130) * dense,
       "%s: a bomb is stopped at 256 MB", pack->name);
    str s = make_text(text, 7000);
    memset(text + s.n, 'a', 700000);
    n = pack->pack(str_of(text, s.n + 700000), packed, ROOM);
    ok((s.n + 700000) / n > 100 && unpacked(str_of(packed, n), 400, room, &err) > 280000000 &&
           err.code == ERR_NONE,
       "%s: %zu times its size is no bomb", pack->name, (s.n + 700000) / n);
}

#if HAVE_LZMA
/* A stream that asks for a dictionary of 2 GB, as xz --lzma2=dict=... makes them. */
static void test_greedy_xz(char *packed, char *room)
{
    enum { BLOCK = 12 }; /* after the header of the stream */
    struct err err;
    size_t n = pack_xz(STR("a;b 1\n"), packed, ROOM);
    size_t size = ((size_t)(unsigned char)packed[BLOCK] + 1) * 4;
    size_t filter = str_find(str_of(packed, n), '\x21', BLOCK); /* LZMA2, with one byte more */
    packed[filter + 2] = 38;
    uint32_t sum = lzma_crc32((const uint8_t *)packed + BLOCK, size - 4, 0);
    for (size_t i = 0; i < 4; i++)
        packed[BLOCK + size - 4 + i] = (char)(sum >> 8 * i & 0xff);
    ok(read_trickling(str_of(packed, n), ROOM, 4096, room, &err) == SIZE_MAX &&
           strstr(err.message, "takes more than 256 MB of memory to unpack"),
       "xz: a dictionary of 2 GB is refused: %s", err.message);
}
#endif

#if HAVE_ZSTD
static void test_greedy_zstd(char *room)
{
    struct err err;
    static const char window[] = "\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00";
    ok(read_trickling(str_of(window, sizeof window - 1), ROOM, 4096, room, &err) == SIZE_MAX &&
           strstr(err.message, "takes more than 256 MB of memory to unpack"),
       "zstd: a window of 2 GB is refused: %s", err.message);
}
#endif

static void test_plain(char *room)
{
    static const char *const texts[] = {"",         "a",           "\x1f",
                                        "\x1f\x8b", "\xfd\x37zXZ", "\x28\xb5/",
                                        "abcdefgh", "abcdefghi",   "\x1f\x8b\x09 12"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ok(comes_through(str_from_c(texts[i]), str_from_c(texts[i]), room),
           "what only starts like a packed stream is text (%zu)", i);
    struct source source;
    struct err err = {0};
    source_open_memory(&source, "memory", STR("a;b 1\n"));
    size_t n = read_all(&source, room, 4, &err);
    is_str(str_of(room, n), STR("a;b 1\n"), "from memory");
    source_close(&source);
    struct source zeroed = {0};
    source_close(&zeroed);
}

static void test_failing_read(char *packed, char *room)
{
    struct trickle trickle = {.left = STR("a;b"), .most = 2, .fails = true};
    struct err err = {0};
    struct source source;
    source_open_callback(&source, "dead", trickle_read, &trickle);
    ok(read_all(&source, room, 10, &err) == SIZE_MAX, "a read that fails");
    is_text(err.message, "the line is dead", "is told");
    source_close(&source);
    for (const struct embedded_writer *pack = packs; pack->name; pack++) {
        size_t n = pack->pack(STR("a;b 1\n"), packed, ROOM);
        unsigned wrong = 0;
        for (size_t cut = 0; cut < n; cut++) {
            trickle = (struct trickle){.left = {packed, cut}, .most = 3, .fails = true};
            err = (struct err){0};
            source_open_callback(&source, "dead", trickle_read, &trickle);
            wrong += read_all(&source, room, 10, &err) != SIZE_MAX || err.code != ERR_IO;
            source_close(&source);
        }
        is_u64(wrong, 0, "%s: a read that fails in its middle is told as what it is", pack->name);
    }
}

static void test_files(char *room)
{
    struct memory_os m;
    struct source source;
    struct err err = {0};
    memory_init(&m);
    memory_put(&m, "in", STR("a;b 1\n"));
    m.interrupt = true;
    m.most_bytes = 1;
    ok(source_open_file(&source, &m.os, "in", &err), "a file is opened");
    size_t n = read_all(&source, room, 100, &err);
    is_str(str_of(room, n), STR("a;b 1\n"), "and read one byte at a time, each interrupted first");
    source_close(&source);
    is_u64(memory_open_fds(&m), 3, "and closed");
    memory_append(&m.files[0], STR("b 2\n"));
    ok(source_open_file(&source, &m.os, "-", &err), "- is standard input");
    n = read_all(&source, room, 100, &err);
    is_str(str_of(room, n), STR("b 2\n"), "which is read");
    is_text(source.name, "standard input", "and has a name");
    source_close(&source);
    is_u64(memory_open_fds(&m), 3, "and stays open");
    ok(!source_open_file(&source, &m.os, "none", &err), "a file that is not there");
    ok(err.code == ERR_IO && err.sys == ENOENT, "is an error");
    is_text(err.file, "none", "with its name");
    source_close(&source);
    m.interrupt = false;
    for (size_t at = 1; at <= 3; at++) {
        err = (struct err){0};
        m.calls = 0;
        m.fail_at = at + 1;
        ok(source_open_file(&source, &m.os, "in", &err) &&
               read_all(&source, room, 100, &err) == SIZE_MAX && err.sys == EIO,
           "read %zu fails", at);
        is_text(err.file, "in", "which is told with the file's name");
        source_close(&source);
    }
    is_u64(memory_open_fds(&m), 3, "all files are closed");
    memory_end(&m);
}

/* What nobody else would notice: half of a recording is one, too. */
static void test_changing_file(char *room)
{
    struct memory_os m;
    struct source source;
    struct err err = {0};
    memory_init(&m);
    struct memory_file *file = memory_put(&m, "in", STR("a;b 1\na;c 2\n"));
    m.most_bytes = 1;
    source_open_file(&source, &m.os, "in", &err);
    ok(source_read(&source, room, 1, &err) == 1, "a file is read");
    file->n = 6;
    ok(read_all(&source, room, 100, &err) == SIZE_MAX && err.code == ERR_INPUT,
       "one that became shorter meanwhile is an error");
    is_text(err.message,
            "it became shorter while it was read, 6 of 12 bytes are left: read it again when "
            "nothing writes to it",
            "which says so");
    is_text(err.file, "in", "with its name");
    source_close(&source);
    source_open_file(&source, &m.os, "in", &err);
    memory_append(file, STR("d 1\n"));
    ok(read_all(&source, room, 100, &err) == 10, "one that grows is read as far as it goes");
    source_close(&source);
    memory_end(&m);
}

int main(void)
{
    char *text = malloc(ROOM), *packed = malloc(ROOM), *room = malloc(ROOM);
    if (!text || !packed || !room)
        return 1;
    for (const struct embedded_writer *pack = packs; pack->name; pack++) {
        test_whole(pack, text, packed, room);
        test_joined(pack, text, packed, room);
        test_twice(pack, text, packed, room);
        test_cut(pack, text, packed, room);
        test_damaged(pack, text, packed, room);
        test_bomb(pack, text, packed, room);
    }
#if HAVE_LZMA
    test_greedy_xz(packed, room);
#endif
#if HAVE_ZSTD
    test_greedy_zstd(room);
#endif
    test_plain(room);
    test_failing_read(packed, room);
    test_files(room);
    test_changing_file(room);
    free(text);
    free(packed);
    free(room);
    return done_testing();
}
