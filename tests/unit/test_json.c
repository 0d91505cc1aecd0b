/* SPDX-License-Identifier: MIT */
/*
 * json: members of objects, good and bad ones, and what strings mean.
 */
#include "core/json.h"

#include "heaps.h"
#include "tap.h"

static void members(str text, str want, bool bad)
{
    struct json json = json_object(text);
    char all[200];
    size_t n = 0;
    str key, value;
    while (json_next(&json, &key, &value)) {
        int added = snprintf(all + n, sizeof all - n, "%.*s=%.*s|", (int)key.n, key.p, (int)value.n,
                             value.p);
        n += added > 0 ? (size_t)added : 0;
    }
    is_str(str_of(all, n), want, "%.*s", (int)text.n, text.p);
    ok(json.bad == bad, "it is %s", bad ? "malformed" : "an object");
    ok(!json_next(&json, &key, &value), "it stays at its end");
}

static void test_members(void)
{
    members(STR("{}"), STR(""), false);
    members(STR(" {\t\"a\" : 1 ,\r\n\"b\":\"x,}\\\"y\"}"), STR("a=1|b=\"x,}\\\"y\"|"), false);
    members(STR("{\"a\":{\"b\":[1,{}]},\"c\":[\"]\"]}"), STR("a={\"b\":[1,{}]}|c=[\"]\"]|"), false);
    members(STR("{\"a\":null}"), STR("a=null|"), false);
    members(STR(""), STR(""), true);
    members(STR("[1]"), STR(""), true);
    members(STR("{\"a\":1 \"b\":2}"), STR("a=1 \"b\":2|"), false);
    members(STR("{\"a\":1"), STR("a=1|"), true);
    members(STR("{\"a\":1,}"), STR("a=1|"), true);
    members(STR("{\"a\" 1}"), STR(""), true);
    members(STR("{\"a\":}"), STR(""), true);
    members(STR("{\"a\":[1}"), STR("a=[1}|"), true);
    members(STR("{\"a\":\"x"), STR(""), true);
    members(STR("{\"a"), STR(""), true);
    members(STR("{a:1}"), STR(""), true);
    members(STR("{\"a\":\"x\\"), STR(""), true);
}

static void means(struct arena *arena, str value, str want)
{
    is_str(json_string(value, arena), want, "%.*s", (int)value.n, value.p);
}

static bool test_strings(struct heap *heap, void *none)
{
    static char many[2 + 2 * 40000];
    struct arena arena;
    (void)none;
    arena_init(&arena, heap);
    means(&arena, STR("\"\""), STR(""));
    means(&arena, STR("12"), STR(""));
    means(&arena, STR("\""), STR(""));
    means(&arena, STR("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\q\""), STR("a\"\\/\b\f\n\r\t"));
    means(&arena, STR("\"\\u0041\\u00e4\\u20AC\\ud83d\\ude00\""),
          STR("A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"));
    means(&arena, STR("\"\\ud83d\""), STR("\xef\xbf\xbd"));
    means(&arena, STR("\"\\ud83d\\u0041\""),
          STR("\xef\xbf\xbd"
              "A"));
    means(&arena, STR("\"\\ude00x\\ud83dx\""), STR("\xef\xbf\xbdx\xef\xbf\xbdx"));
    means(&arena, STR("\"\\ud83d\\ud83d\""), STR("\xef\xbf\xbd\xef\xbf\xbd"));
    means(&arena, STR("\"\\u12\""),
          STR("\xef\xbf\xbd"
              "12"));
    means(&arena, STR("\"\\u12g4\\\""),
          STR("\xef\xbf\xbd"
              "12g4\\"));
    many[0] = many[sizeof many - 1] = '"';
    for (size_t i = 1; i + 1 < sizeof many; i++)
        many[i] = i % 2 ? '\\' : 'u';
    is_u64(json_string(str_of(many, sizeof many), &arena).n, 3 * 40000,
           "escapes without digits are longer than they were");
    arena_end(&arena);
    return true;
}

int main(void)
{
    test_members();
    heaps_run(test_strings, NULL);
    return done_testing();
}
