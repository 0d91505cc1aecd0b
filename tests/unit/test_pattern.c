/* SPDX-License-Identifier: MIT */
/*
 * pattern, rewrite: what matches, what is refused and where, what runs away, and that memory that
 * runs out at any place leaves nothing behind.
 */
#include "core/pattern.h"

#include <time.h>

#include "heaps.h"
#include "tap.h"

#define RUNAWAY "(a+)+$"
#define VICTIM  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"

/* 1, 0, or -1 when it is no pattern or runs away. */
static int match(struct heap *heap, const char *text, const char *subject, unsigned traits,
                 struct err *err)
{
    bool matches;
    *err = (struct err){0};
    struct pattern *pattern = pattern_compile(heap, "--focus", str_from_c(text), traits, err);
    if (!pattern || !pattern_match(pattern, str_from_c(subject), &matches, err))
        return -1;
    pattern_free(pattern);
    return matches;
}

static bool test_match(struct heap *heap, void *arg)
{
    static const struct {
        const char *pattern, *subject;
        unsigned traits;
        int want;
    } cases[] = {
        {"b", "abc", 0, 1},
        {"^b", "abc", 0, 0},
        {"B", "abc", 0, 0},
        {"B", "abc", PATTERN_ANY_CASE, 1},
        {"^$", "", 0, 1},
        {"", "x", 0, 1},
        {"^\\w+::(?!run)", "std::sort", 0, 1},
        {"^\\w+::(?!run)", "std::run", 0, 0},
        {"^.$", "\303\251", 0, 1}, /* one character of two bytes */
        {"\303\211", "caf\303\251", PATTERN_ANY_CASE, 1},
        {"b$", "\377\200b", 0, 1}, /* bytes that are no UTF-8 */
        {"^b", "\377b", 0, 0},
        {"^.b", "\377b", 0, 0},
    };
    struct err err;
    (void)arg;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (unsigned jit = 0; jit < 2; jit++)
            ok(match(heap, cases[i].pattern, cases[i].subject,
                     cases[i].traits | (jit ? 0 : PATTERN_NO_JIT), &err) == cases[i].want,
               "/%s/ %s %s", cases[i].pattern, cases[i].want ? "matches" : "does not match",
               jit ? "as code" : "interpreted");
    return true;
}

static bool test_refused(struct heap *heap, void *arg)
{
    struct err err;
    (void)arg;
    ok(match(heap, "a(b", "", 0, &err) == -1, "an open parenthesis is refused");
    is_text(err.message, "--focus 'a(b': missing closing parenthesis at offset 3",
            "with its place");
    ok(err.code == ERR_USAGE, "as wrong usage");
    ok(match(heap, "a**", "", 0, &err) == -1, "a quantifier of nothing is refused");
    is_text(err.message, "--focus 'a**': quantifier does not follow a repeatable item at offset 2",
            "with its place");
    ok(match(heap, "\\C", "", 0, &err) == -1, "half a character cannot be asked for");
    ok(match(heap, "\377", "", 0, &err) == -1, "a pattern is UTF-8");
    return true;
}

static bool test_runaway(struct heap *heap, void *arg)
{
    struct err err;
    (void)arg;
    for (unsigned jit = 0; jit < 2; jit++) {
        clock_t start = clock();
        ok(match(heap, RUNAWAY, VICTIM, jit ? 0 : PATTERN_NO_JIT, &err) == -1,
           "a pattern that runs away is stopped %s", jit ? "as code" : "interpreted");
        ok(clock() - start < 2 * CLOCKS_PER_SEC, "soon");
        ok(err.code == ERR_INPUT, "as a matter of the input");
        is_str(str_head(str_from_c(err.message), 38), STR("--focus '(a+)+$' runs away at offset 1"),
               "with the place");
        ok(strstr(err.message, "a name of 62 bytes, 'aaaa") != NULL, "and the name");
    }
    return true;
}

static bool match_often(struct heap *heap, void *arg)
{
    struct heaps *heaps = arg;
    struct err err = {0};
    bool matches = false;
    struct pattern *pattern = pattern_compile(heap, "--hide", STR("(x|y)+z"), 0, &err);
    if (!pattern)
        return false;
    pattern_match(pattern, STR("xyxyz"), &matches, &err);
    size_t calls = heaps->calls;
    for (int i = 0; i < 1000; i++)
        pattern_match(pattern, i & 1 ? STR("xyxyz") : STR("xyxy"), &matches, &err);
    is_u64(heaps->calls - calls, 0, "a match allocates nothing");
    is_u64(pattern_groups(pattern), 1, "and its groups");
    return true;
}

static void test_allocations(void)
{
    struct heaps heaps = {0};
    struct heaps_job job = {.work = match_often, .arg = &heaps};
    struct err err = {0};
    heap_init(&job.heap, heaps_resize, &heaps, 0);
    ok(heap_guard(&job.heap, heaps_do_job, &job, &err), "it compiles");
    heap_end(&job.heap);
    is_u64(heaps.blocks, 0, "the end of the heap frees it");
}

/* Whatever takes memory: patterns as code and interpreted, one that runs away, a rewrite. */
static bool use_all(struct heap *heap, void *arg)
{
    struct err *err = arg, ignored = {0};
    str to;
    bool matches;
    struct pattern *code = pattern_compile(heap, "--hide", STR(RUNAWAY), 0, err);
    struct pattern *slow = pattern_compile(heap, "--hide", STR("a+b"), PATTERN_NO_JIT, err);
    struct substitution *rewrite = substitution_parse(heap, "--rename", STR("s/a(.)/<$1>/g"), err);
    if (!code || !slow || !rewrite)
        return false;
    pattern_match(code, STR(VICTIM), &matches, &ignored);
    if (ignored.code == ERR_MEMORY)
        *err = ignored;
    if (err->code != ERR_NONE || !pattern_match(slow, STR("aaab"), &matches, err))
        return false;
    return substitution_name(rewrite, STR("abac"), &to, &matches, err) && matches;
}

static void test_sweep(void)
{
    size_t leaked = 0, untold = 0, at = 1;
    for (bool done = false; !done && at < 1000; at++) {
        struct heaps heaps = {.fail_at = at};
        struct err err = {0};
        struct heaps_job job = {.work = use_all, .arg = &err};
        heap_init(&job.heap, heaps_resize, &heaps, 0);
        bool good = heap_guard(&job.heap, heaps_do_job, &job, &err);
        heap_end(&job.heap);
        leaked += heaps.blocks;
        untold += !good && err.code != ERR_MEMORY;
        done = heaps.calls < at;
    }
    ok(at > 20 && at < 1000, "every allocation was made to fail: %zu", at - 1);
    is_u64(leaked, 0, "none leaves anything behind");
    is_u64(untold, 0, "each is told");
}

/* The new name, "(same)", or what is wrong. */
static str rewritten(struct heap *heap, const char *text, str name)
{
    struct err err = {0};
    str to;
    bool changed;
    struct substitution *rewrite = substitution_parse(heap, "--rename", str_from_c(text), &err);
    if (!rewrite || !substitution_name(rewrite, name, &to, &changed, &err)) {
        char *message = heap_alloc(heap, sizeof err.message, 1);
        memcpy(message, err.message, sizeof err.message);
        return str_from_c(message);
    }
    return changed ? to : STR("(same)");
}

static bool test_rewrite(struct heap *heap, void *arg)
{
    static const struct {
        const char *text;
        str name, want;
    } cases[] = {
        {"s/a/b/", STR_INIT("banana"), STR_INIT("bbnana")},
        {"s/a/b/g", STR_INIT("banana"), STR_INIT("bbnbnb")},
        {"s/A/b/", STR_INIT("banana"), STR_INIT("(same)")},
        {"s/A/b/gi", STR_INIT("banana"), STR_INIT("bbnbnb")},
        {"s/<.*>//", STR_INIT("vec<int>::at"), STR_INIT("vec::at")},
        {"s/a//g", STR_INIT("aaa"), STR_INIT("")},
        {"s,/usr/lib/,$0:,", STR_INIT("/usr/lib/x"), STR_INIT("/usr/lib/:x")},
        {"s|a\\|b|X|", STR_INIT("a|b"), STR_INIT("X")},
        {"s/a/\\/\\$1\\\\$/", STR_INIT("a"), STR_INIT("/$1\\$")},
        {"s/(.)(.)?/$2$1${1}0$&/", STR_INIT("xy"), STR_INIT("yxx0xy")},
        {"s/(.)(.)?/[$2]/", STR_INIT("x"), STR_INIT("[]")},
        {"s/x*/-/g", STR_INIT("axb"), STR_INIT("-a--b-")},
        {"s/^/_/g", STR_INIT("\303\251"), STR_INIT("_\303\251")},
        {"s/(?=.)/_/g", STR_INIT("\303\251\377a"), STR_INIT("_\303\251\377_a")},
        {"s/$/!/", STR_INIT(""), STR_INIT("!")},
        {"s/a/b", STR_INIT(""),
         STR_INIT("--rename 's/a/b': it lacks the mark that ends the text: s/REGEX/TEXT/")},
        {"s/a", STR_INIT(""),
         STR_INIT("--rename 's/a': write s/REGEX/TEXT/, followed by i and g if you like")},
        {"y/a/b/", STR_INIT(""),
         STR_INIT("--rename 'y/a/b/': write s/REGEX/TEXT/, followed by i and g if you like")},
        {"s//b/", STR_INIT(""), STR_INIT("--rename 's//b/': the pattern is empty")},
        {"s/a/b/x", STR_INIT(""),
         STR_INIT("--rename 's/a/b/x': the flags after the last mark can be i and g")},
        {"s/(a)/$2/", STR_INIT(""),
         STR_INIT("--rename 's/(a)/$2/': the text asks for a group that the pattern does not "
                  "have")},
        {"s/[/b/", STR_INIT(""),
         STR_INIT("--rename '[': missing terminating ] for character class at offset 1")},
    };
    (void)arg;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        is_str(rewritten(heap, cases[i].text, cases[i].name), cases[i].want, "%s", cases[i].text);
    return true;
}

int main(void)
{
    heaps_run(test_match, NULL);
    heaps_run(test_refused, NULL);
    heaps_run(test_runaway, NULL);
    test_allocations();
    test_sweep();
    heaps_run(test_rewrite, NULL);
    return done_testing();
}
