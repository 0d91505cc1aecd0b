/* SPDX-License-Identifier: MIT */
/*
 * time_text: see time_text.h.
 */
#include "store/time_text.h"

#include <time.h>

#include "core/num.h"
#include "profile/recording.h"
#include "store/store.h"

int64_t time_text_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * STORE_SECOND + now.tv_nsec / 1000000;
}

bool time_text_parse_length(str text, int64_t *length)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {
        {"", STORE_SECOND},   {"ms", 1},
        {"s", STORE_SECOND},  {"sec", STORE_SECOND},
        {"m", STORE_MINUTE},  {"min", STORE_MINUTE},
        {"h", STORE_HOUR},    {"hour", STORE_HOUR},
        {"d", STORE_DAY},     {"day", STORE_DAY},
        {"w", 7 * STORE_DAY},
    };
    uint64_t number;
    size_t n = 0;
    while (n < text.n && is_digit(text.p[n]))
        n++;
    if (!num_parse_u64(str_head(text, n), &number) || number == 0 || number > 1000000000)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_is_word(str_skip(text, n), units[i].name)) {
            *length = (int64_t)number * units[i].ms;
            return true;
        }
    return false;
}

/* `digits` digits at *at, and then `after`, unless it is NUL. */
static bool take_number(str text, size_t *at, size_t digits, char after, int *number)
{
    *number = 0;
    for (size_t end = *at + digits; *at < end; ++*at) {
        if (*at >= text.n || !is_digit(text.p[*at]))
            return false;
        *number = *number * 10 + (text.p[*at] - '0');
    }
    if (after != '\0' && (*at >= text.n || text.p[(*at)++] != after))
        return false;
    return true;
}

/* "09:00", "09:00:30", and nothing after it. */
static bool take_clock(str text, size_t at, struct tm *tm)
{
    if (!take_number(text, &at, 2, ':', &tm->tm_hour) ||
        !take_number(text, &at, 2, '\0', &tm->tm_min))
        return false;
    if (at < text.n && (text.p[at++] != ':' || !take_number(text, &at, 2, '\0', &tm->tm_sec)))
        return false;
    return at == text.n && tm->tm_hour <= 24 && tm->tm_min < 60 && tm->tm_sec <= 60;
}

/* "2026-11-29", with 'T' or a blank and a clock time after it. */
static bool take_date(str text, struct tm *tm)
{
    size_t at = 0;
    if (!take_number(text, &at, 4, '-', &tm->tm_year) ||
        !take_number(text, &at, 2, '-', &tm->tm_mon) ||
        !take_number(text, &at, 2, '\0', &tm->tm_mday) || tm->tm_mon < 1 || tm->tm_mon > 12 ||
        tm->tm_mday < 1 || tm->tm_mday > 31)
        return false;
    tm->tm_year -= 1900;
    tm->tm_mon -= 1;
    return at == text.n ||
           ((text.p[at] == 'T' || text.p[at] == ' ') && take_clock(text, at + 1, tm));
}

static bool parse_local(str text, int64_t now, int64_t *at)
{
    struct tm tm = {0};
    if (!take_date(text, &tm)) {
        time_t today = (time_t)(now / STORE_SECOND);
        if (!localtime_r(&today, &tm))
            return false;
        tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
        if (!take_clock(text, 0, &tm))
            return false;
    }
    tm.tm_isdst = -1;
    tm.tm_wday = -1;
    time_t time = mktime(&tm);
    *at = (int64_t)time * STORE_SECOND;
    return tm.tm_wday != -1; /* mktime() set it */
}

bool time_text_parse(str text, int64_t now, int64_t *time)
{
    int64_t length, seconds;
    text = str_trim(text);
    if (str_equal(text, STR("now"))) {
        *time = now;
        return true;
    }
    if (text.n > 0 && text.p[0] == '-') {
        if (!time_text_parse_length(str_skip(text, 1), &length))
            return false;
        *time = now - length;
        return true;
    }
    if (parse_local(text, now, time))
        return true;
    if (!recording_parse_date(text, &seconds) || seconds > INT64_C(253402300800) ||
        seconds < INT64_C(-62135596800))
        return false;
    *time = seconds * STORE_SECOND;
    return true;
}

bool time_text_parse_range(str text, int64_t now, int64_t *from, int64_t *until)
{
    size_t dots = str_search(text, STR(".."), 0);
    return dots < text.n && time_text_parse(str_head(text, dots), now, from) &&
           time_text_parse(str_skip(text, dots + 2), now, until) && *from < *until;
}

static size_t put_seconds(char to[TIME_TEXT_ROOM], int64_t time, bool utc, int64_t *ms)
{
    struct tm tm;
    *ms = time % STORE_SECOND;
    if (*ms < 0)
        *ms += STORE_SECOND;
    time_t seconds = (time_t)((time - *ms) / STORE_SECOND);
    if (!(utc ? gmtime_r(&seconds, &tm) : localtime_r(&seconds, &tm)))
        return 0;
    return strftime(to, TIME_TEXT_ROOM - 5, "%Y-%m-%dT%H:%M:%S", &tm);
}

void time_text_put(char to[TIME_TEXT_ROOM], int64_t time)
{
    int64_t ms;
    size_t n = put_seconds(to, time, false, &ms);
    if (n > 0 && ms != 0) {
        to[n++] = '.';
        to[n++] = (char)('0' + ms / 100);
        to[n++] = (char)('0' + ms / 10 % 10);
        to[n++] = (char)('0' + ms % 10);
    }
    to[n] = '\0';
}

void time_text_put_utc(char to[TIME_TEXT_ROOM], int64_t time)
{
    int64_t ms;
    size_t n = put_seconds(to, time, true, &ms);
    if (n > 0)
        to[n++] = 'Z';
    to[n] = '\0';
}
