/* SPDX-License-Identifier: MIT */
/*
 * sink: buffering and the escapers. What they write is read back by decoders written here from the
 * definitions of XML and JSON, and never holds a byte that could end the text around it.
 */
#include "core/sink.h"

#include "caught.h"
#include "core/str.h"
#include "dice.h"
#include "heaps.h"
#include "memory_os.h"
#include "tap.h"

static void put_code(struct caught *to, uint32_t code)
{
    char bytes[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)(n == 1 ? code : (n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | code);
    caught_write(to, str_of(bytes, n), NULL);
}

/* What a reader of the document should see: U+FFFD for what cannot be told. */
static void expect(struct caught *to, str text, bool json)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t code = utf8_next(text, &at);
        bool lost = code == UTF8_BAD || (!json && (!utf8_is_xml(code) || code == '\r'));
        put_code(to, lost ? 0xfffd : code);
    }
}

static uint32_t decode_reference(str s, size_t *at)
{
    static const struct {
        str text;
        uint32_t code;
    } all[] = {{STR_INIT("&amp;"), '&'},
               {STR_INIT("&lt;"), '<'},
               {STR_INIT("&gt;"), '>'},
               {STR_INIT("&quot;"), '"'},
               {STR_INIT("&#39;"), '\''}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (str_starts(str_skip(s, *at), all[i].text)) {
            *at += all[i].text.n;
            return all[i].code;
        }
    return UTF8_BAD;
}

static bool decode_xml(str s, struct caught *to)
{
    for (size_t at = 0; at < s.n;) {
        bool reference = s.p[at] == '&';
        uint32_t code = reference ? decode_reference(s, &at) : utf8_next(s, &at);
        if (code == UTF8_BAD ||
            (!reference && memchr("<>\"'", (int)(code & 0x7f), 4) && code < 0x80))
            return false;
        if (!utf8_is_xml(code))
            return false;
        put_code(to, code);
    }
    return true;
}

static bool decode_json(str s, struct caught *to)
{
    for (size_t at = 0; at < s.n;) {
        if (s.p[at] != '\\') {
            uint32_t code = utf8_next(s, &at);
            bool forbidden = code < 0x20 || (code < 0x80 && strchr("\"<>&'\x7f", (int)code)) ||
                             !utf8_is_xml(code) || code == 0x2028 || code == 0x2029;
            if (forbidden)
                return false;
            put_code(to, code);
            continue;
        }
        if (at + 6 > s.n || s.p[at + 1] != 'u')
            return false;
        uint32_t code = 0;
        for (size_t i = at + 2; i < at + 6; i++)
            code = code << 4 | hex_digit(s.p[i]);
        put_code(to, code);
        at += 6;
    }
    return true;
}

static bool there_and_back(struct heap *heap, str text, bool json)
{
    struct caught out = {0}, seen = {0}, want = {0};
    struct err err = {0};
    struct sink sink;
    sink_open_callback(&sink, heap, caught_write, &out, &err);
    if (json)
        sink_json(&sink, text);
    else
        sink_xml(&sink, text);
    bool closed = sink_close(&sink);
    expect(&want, text, json);
    bool decoded = json ? decode_json(caught_text(&out), &seen)
                        : decode_xml(caught_text(&out), &seen);
    static unsigned shown;
    bool good = closed && decoded && str_equal(caught_text(&seen), caught_text(&want));
    if (!good && shown++ < 3) {
        tap_show("text", text);
        tap_show("written", caught_text(&out));
    }
    caught_free(&out);
    caught_free(&seen);
    caught_free(&want);
    return good;
}

static bool test_escapers(struct heap *heap, void *arg)
{
    unsigned wrong = 0;
    uint64_t state = 5;
    (void)arg;
    for (unsigned round = 0; round < 4000; round++) {
        char text[40];
        size_t n = dice_below(&state, sizeof text);
        for (size_t i = 0; i < n; i++)
            text[i] = round & 1 ? (char)dice(&state)
                                : "<>&\"'\\]-/!\0\n\t\r\x1f\x7f\xc2\x85\xe2\x80\xa8\xa9\xef\xbf\xbe"
                                      [dice_below(&state, 26)];
        wrong += !there_and_back(heap, str_of(text, n), false);
        wrong += !there_and_back(heap, str_of(text, n), true);
    }
    is_u64(wrong, 0, "4000 hostile texts come through XML and JSON");
    for (uint32_t code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 251) {
        struct caught one = {0};
        if (code < 0xd800 || code > 0xdfff) {
            put_code(&one, code);
            wrong += !there_and_back(heap, caught_text(&one), false);
            wrong += !there_and_back(heap, caught_text(&one), true);
        }
        caught_free(&one);
    }
    is_u64(wrong, 0, "and single characters");
    return true;
}

static bool test_memory(struct heap *heap, void *arg)
{
    struct sink sink;
    char *large = heap_zero(heap, 100000, 1);
    (void)arg;
    sink_open_memory(&sink, heap);
    for (unsigned i = 0; i < 5000; i++)
        sink_byte(&sink, 'x');
    sink_bytes(&sink, str_of(large, 100000));
    sink_u64(&sink, 78);
    str text = sink_text(&sink);
    is_u64(text.n, 5000 + 100000 + 2, "in memory: all bytes");
    ok(text.p[4999] == 'x' && text.p[5000] == 0 && text.p[text.n - 1] == '8', "in order");
    return true;
}

static bool test_buffer(struct heap *heap, void *arg)
{
    struct caught out = {0};
    struct err err = {0};
    struct sink sink;
    char *large = heap_zero(heap, 200000, 1);
    (void)arg;
    sink_open_callback(&sink, heap, caught_write, &out, &err);
    sink_lit(&sink, "a");
    is_u64(out.calls, 0, "nothing is written before the buffer is full");
    for (unsigned i = 0; i < 70000; i++)
        sink_byte(&sink, 'x');
    sink_bytes(&sink, str_of(large, 65535));
    sink_bytes(&sink, str_of(large, 65536));
    ok(out.largest <= 65536, "at most 64 kB at once");
    sink_bytes(&sink, str_of(large, 200000));
    for (unsigned i = 0; i < 30000; i++)
        sink_u64(&sink, 7);
    sink_bytes(&sink, STR(""));
    ok(sink_close(&sink) && sink_close(&sink), "closed twice");
    is_u64(out.n, 1 + 70000 + 65535 + 65536 + 200000 + 30000, "every byte arrived");
    ok(out.p[0] == 'a' && out.p[1] == 'x' && out.p[out.n - 1] == '7', "in order");
    caught_free(&out);
    return true;
}

static bool test_failure(struct heap *heap, void *arg)
{
    (void)arg;
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        struct caught out = {.fail_at = fail_at};
        struct err err = {0};
        struct sink sink;
        sink_open_callback(&sink, heap, caught_write, &out, &err);
        for (unsigned i = 0; i < 200000; i++)
            sink_xml(&sink, STR("<"));
        ok(!sink_flush(&sink) && !sink_close(&sink) && !sink_close(&sink), "write %zu fails",
           fail_at);
        is_u64(out.calls, fail_at, "nothing is written after it");
        is_text(err.message, "told to fail", "and the cause is told");
        caught_free(&out);
    }
    struct sink zeroed = {0};
    sink_abandon(&zeroed);
    struct sink never = {0};
    ok(sink_close(&never), "a zeroed sink can be closed and abandoned");
    return true;
}

static bool test_numbers(struct heap *heap, void *arg)
{
    struct caught out = {0};
    struct err err = {0};
    struct sink sink;
    (void)arg;
    sink_open_callback(&sink, heap, caught_write, &out, &err);
    sink_u64(&sink, 12345);
    sink_byte(&sink, ' ');
    sink_commas(&sink, 12345);
    sink_byte(&sink, ' ');
    sink_fixed(&sink, -1.25, 1);
    sink_byte(&sink, ' ');
    sink_decimal(&sink, 12340, 3);
    sink_close(&sink);
    is_str(caught_text(&out), STR("12345 12,345 -1.2 12.34"), "numbers");
    caught_free(&out);
    return true;
}

/* ---- files that get their names together ---- */

static int refuse_link(void *context, const char *from, const char *to)
{
    (void)context;
    (void)from;
    (void)to;
    errno = EPERM;
    return -1;
}

/* "a" and "c" exist, "b" does not. The rename of the `last` file fails, 0: none does. */
static void test_places(struct heap *heap, size_t last, bool has_links, const char *message)
{
    static const char *const names[] = {"a", "b", "c"};
    struct memory_os m;
    struct err err = {0};
    struct sink sinks[3], *all[3];
    memory_init(&m);
    if (!has_links)
        m.os.link = refuse_link;
    memory_put(&m, "a", STR("old"));
    memory_put(&m, "c", STR("old"));
    for (size_t i = 0; i < 3; i++) {
        all[i] = &sinks[i];
        ok(sink_open_file(all[i], heap, &m.os, names[i], "x", &err), "%s opens", names[i]);
        sink_lit(all[i], "new");
        ok(sink_complete(all[i]), "%s is complete", names[i]);
    }
    ok(str_equal(memory_text(memory_find(&m, "a")), STR("old")) && !memory_find(&m, "b"),
       "no file has its name");
    if (last > 0)
        m.fail_at = m.calls + (has_links ? 2 : 0) + last;
    bool done = sinks_place(all, 3), mixed = last > 1 && !has_links;
    const char *a = last == 0 || mixed ? "new" : "old", *c = last == 0 ? "new" : "old";
    ok(done == (last == 0) && strcmp(err.message, message) == 0, "%s", err.message);
    ok(str_equal(memory_text(memory_find(&m, "a")), str_from_c(a)) &&
           str_equal(memory_text(memory_find(&m, "c")), str_from_c(c)) &&
           (memory_find(&m, "b") != NULL) == (last == 0) &&
           memory_named_files(&m) == (last == 0 ? 3 : 2),
       "rename %zu fails, %s links: the files", last, has_links ? "with" : "without");
    for (size_t i = 0; i < 3; i++)
        sink_abandon(all[i]);
    memory_end(&m);
}

#define RENAME "cannot rename the new file to it: Input/output error"

static bool test_together(struct heap *heap, void *arg)
{
    (void)arg;
    test_places(heap, 0, true, "");
    test_places(heap, 0, false, "");
    test_places(heap, 1, true, RENAME);
    test_places(heap, 2, true, RENAME "; a is as before");
    test_places(heap, 3, true, RENAME "; a is as before; b is as before");
    test_places(heap, 2, false, RENAME "; a is replaced already");
    test_places(heap, 3, false, RENAME "; a is replaced already; b is as before");
    return true;
}

int main(void)
{
    heaps_run(test_escapers, NULL);
    heaps_run(test_buffer, NULL);
    heaps_run(test_memory, NULL);
    heaps_run(test_failure, NULL);
    heaps_run(test_numbers, NULL);
    heaps_run(test_together, NULL);
    return done_testing();
}
