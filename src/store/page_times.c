/* SPDX-License-Identifier: MIT */
/*
 * page_times: times for people, in the time zone of the server and without the locale.
 */
#include "output/markup.h"
#include "store/page_timeline.h"
#include "store/time_text.h"

struct tm page_local_time(int64_t ms)
{
    struct tm tm = {.tm_mday = 1};
    time_t seconds = (time_t)(ms / 1000);
    localtime_r(&seconds, &tm);
    return tm;
}

static void put_two(struct sink *sink, int number)
{
    sink_byte(sink, (char)('0' + number / 10 % 10));
    sink_byte(sink, (char)('0' + number % 10));
}

void put_clock_of(const struct tm *tm, bool seconds, struct sink *sink)
{
    put_two(sink, tm->tm_hour);
    sink_byte(sink, ':');
    put_two(sink, tm->tm_min);
    if (seconds) {
        sink_byte(sink, ':');
        put_two(sink, tm->tm_sec);
    }
}

void put_clock(int64_t ms, struct sink *sink)
{
    struct tm tm = page_local_time(ms);
    put_clock_of(&tm, tm.tm_sec != 0, sink);
}

void put_time(int64_t ms, struct sink *sink)
{
    char text[TIME_TEXT_ROOM];
    time_text_put(text, ms);
    sink_bytes(sink, str_from_c(text));
}

static void put_day(const struct tm *tm, struct sink *sink)
{
    PUT(sink, DIGITS((uint64_t)(tm->tm_year + 1900)), LIT("-"));
    put_two(sink, tm->tm_mon + 1);
    sink_byte(sink, '-');
    put_two(sink, tm->tm_mday);
    sink_byte(sink, ' ');
}

void put_range(const struct timeline_range *range, struct sink *sink)
{
    struct tm from = page_local_time(range->from), until = page_local_time(range->until);
    put_day(&from, sink);
    put_clock(range->from, sink);
    sink_lit(sink, " to ");
    if (from.tm_year != until.tm_year || from.tm_yday != until.tm_yday)
        put_day(&until, sink);
    put_clock(range->until, sink);
}

void put_date(const struct tm *tm, bool year, struct sink *sink)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const char *month = months[tm->tm_mon % 12];
    if (year)
        PUT(sink, WORD(month), LIT(" "), DIGITS((uint64_t)(tm->tm_year + 1900)));
    else
        PUT(sink, DIGITS((uint64_t)tm->tm_mday), LIT(" "), WORD(month));
}

void put_duration(int64_t ms, struct sink *sink)
{
    static const struct {
        int64_t unit;
        const char *name;
    } units[] = {
        {STORE_DAY, " d"}, {STORE_HOUR, " h"}, {STORE_MINUTE, " min"}, {STORE_SECOND, " s"}};
    size_t i = 0;
    while (i < 3 && ms < units[i].unit)
        i++;
    double value = (double)ms / (double)units[i].unit;
    PUT(sink, PX(num_round(value, value < 10 ? 1 : 0)), WORD(units[i].name));
}
