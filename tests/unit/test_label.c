/* SPDX-License-Identifier: MIT */
/*
 * label: names are cut between characters, by the columns they take and the widths of letters.
 */
#include "heaps.h"
#include "picture/picture.h"
#include "tap.h"

static void check_text(const struct label *label, const char *want, const char *what)
{
    char got[200];
    snprintf(got, sizeof got, "%.*s%s%.*s", (int)label->head.n, label->head.p, label->dots,
             (int)label->tail.n, label->tail.p);
    is_str(str_from_c(got), str_from_c(want), "%s", what);
}

static void check(const char *name, size_t columns, const char *want)
{
    struct label label = label_cut(str_from_c(name), (struct label_room){columns, 1e9});
    check_text(&label, want, name);
}

static void check_width(const char *name, double em, const char *want)
{
    struct label label = label_cut(str_from_c(name), (struct label_room){20, em});
    check_text(&label, want, name);
}

static void test_cut(void)
{
    check("main", 2, "");
    check("main", 3, "m..");
    check("main", 4, "main");
    check("ab", 3, "ab");
    check("", 9, "");
    check("\xc3\xa9t\xc3\xa9s", 3, "\xc3\xa9..");
    check("\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b", 6, "\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b");
    check("\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b", 5, "\xe6\xbc\xa2..");
    check("\xe6\xbc\xa2\xe5\xad\x97", 3, "..");
    check("e\xcc\x81tude", 5, "e\xcc\x81tude");
    check("e\xcc\x81tude", 3, "e\xcc\x81..");
    check("\xff\xfe\xfd\xfc", 3, "\xff..");
    check_width("MMMM", 3.48, "MMMM");
    check_width("MMMM", 3.47, "MMM..");
    check_width("illi", 1.2, "illi");
    check_width("MMMM", .8, "..");
    check_width("MMMM", .7, "");
}

static void check_shortened(struct strbuf *text, double em, const char *name, const char *want)
{
    struct label label = label_shorten(str_from_c(name), (struct label_room){99, em}, text);
    check_text(&label, want, name);
    ok(label_width(label.head) + label_width(label.tail) <= em, "%s has room", want);
}

static bool test_shorten(struct heap *heap, void *arg)
{
    struct strbuf text = {.heap = heap};
    (void)arg;
    check_shortened(&text, 99, "f<int>(int)", "f<int>(int)");
    check_shortened(&text, 5, "f<int>(int) const [clone .cold]", "f<int>");
    check_shortened(&text, .5, "f<int>(int) &&", "f");
    check_shortened(&text, 8, "vec::<u8>::push(int, (a))", "vec::push");
    check_shortened(&text, 13, "java/io/PrintStream:::print", "java/io/\xe2\x80\xa6Stream:::print");
    check_shortened(&text, 8, "<Abc as Def>::call_mutator",
                    "\xe2\x80\xa6"
                    "call_mutator");
    check_shortened(&text, 7, "operator<(std::string_viewed)", "operator<");
    check_shortened(&text, 7, "A::operator()(int, int, int)", "A::operator()");
    check_shortened(&text, 1.5, "abcdefgh", "");
    check_shortened(&text, 12, "abcdefghijklmnopqrstuvwxyz", "abcdef\xe2\x80\xa6opqrstuvwxyz");
    check_shortened(&text, 3, "abcdefghijklmnop\xcc\x81qr", "\xe2\x80\xa6p\xcc\x81qr");
    strbuf_end(&text);
    return true;
}

int main(void)
{
    test_cut();
    ok(heaps_run(test_shorten, NULL), "shortening");
    return done_testing();
}
