/* SPDX-License-Identifier: MIT */
/*
 * test_recording: dates, commits and the order of names.
 */
#include "profile/recording.h"

#include "tap.h"

static void is_date(const char *text, int64_t seconds)
{
    int64_t got = -1;
    ok(recording_parse_date(str_from_c(text), &got) && got == seconds, "%s is %lld, want %lld",
       text, (long long)got, (long long)seconds);
}

static void is_no_date(const char *text)
{
    int64_t got;
    ok(!recording_parse_date(str_from_c(text), &got), "'%s' is no date", text);
}

static void is_recording(const char *file, const char *day, const char *commit)
{
    struct heap heap;
    struct arena arena;
    struct profile profile;
    heap_init(&heap, NULL, NULL, 0);
    arena_init(&arena, &heap);
    profile_init(&profile, &heap, 1, false);
    struct recording recording = recording_of(&profile, file, &arena);
    is_str(recording.day, str_from_c(day), "the day of %s", file);
    is_str(recording.commit, str_from_c(commit), "the commit of %s", file);
    heap_end(&heap);
}

static void is_date_fact(uint64_t seconds, const char *text)
{
    struct heap heap;
    struct profile profile;
    heap_init(&heap, NULL, NULL, 0);
    profile_init(&profile, &heap, 1, false);
    recording_add_date(&profile, seconds);
    is_str(profile_fact_value(&profile, STR("date")), str_from_c(text), "seconds as a date");
    heap_end(&heap);
}

static void is_before(const char *a, const char *b)
{
    ok(recording_compare_names(str_from_c(a), str_from_c(b)) < 0 &&
           recording_compare_names(str_from_c(b), str_from_c(a)) > 0,
       "%s is before %s", a, b);
}

int main(void)
{
    is_date("1970-01-01", 0);
    is_date("2000-02-29T00:00:00Z", 951782400);
    is_date("2026-11-29T11:47:09Z", 1795952829);
    is_date("2026-11-29T12:47:09.25+01:00", 1795952829);
    is_date("2026-11-29T06:17:09-0530", 1795952829);
    is_date("20261129T114709", 1795952829);
    is_date("2026-11-29 11:47", 1795952820);
    is_date("Sun Nov 29 11:47:09 2026", 1795952829);
    is_date("Thu Jan  1 00:00:00 1970", 0);
    is_date("1795952829", 1795952829);
    is_no_date("");
    is_no_date("2026");
    is_no_date("2026-13-01");
    is_no_date("2026-11-29T11:47:09Zx");
    is_no_date("Sun Foo 29 11:47:09 2026");
    is_no_date("12");
    is_recording("runs/2026-11-29-a1b2c3d.folded", "2026-11-29", "a1b2c3d");
    is_recording("shop_20261129T114709_v2.perf", "", "");
    is_recording("a1b2c3d/build-1234567.perf", "", "");
    is_recording("feedback-9f8e7d6c5b4a39281706f5e4d3c2b1a098765432.svg", "",
                 "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432");
    is_recording("2024-12-31T2359.pb.gz", "2024-12-31", "");
    is_date_fact(1795952829, "2026-11-29T11:47:09Z");
    is_date_fact(951782400, "2000-02-29T00:00:00Z");
    is_date_fact(0, "");
    is_date_fact(UINT64_MAX, "");
    is_before("run2", "run10");
    is_before("run02", "run10");
    is_before("a", "b");
    is_before("a", "a1");
    is_before("a9b2", "a10b1");
    is_before("a01", "a1");
    return done_testing();
}
