/* SPDX-License-Identifier: MIT */
/*
 * recording: see recording.h.
 */
#include "profile/recording.h"

enum { COMMIT_LEAST = 7, COMMIT_MOST = 64 };

#define MOST_SECONDS UINT64_C(253402300799) /* of the year 9999 */

/* ---- dates ---- */

struct moment {
    unsigned year, month, day, hour, minute, second;
    int offset; /* of the time zone, in minutes */
};

/* Days since 1970 of a date of the Gregorian calendar, whose years begin in March here. */
static int64_t count_days(const struct moment *m)
{
    int64_t year = (int64_t)m->year - (m->month <= 2);
    int64_t month = (m->month + 9) % 12;
    return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + m->day - 1 -
           719468;
}

static bool make_seconds(const struct moment *m, int64_t *seconds)
{
    if (m->year < 1970 || m->year > 9999 || m->month < 1 || m->month > 12 || m->day < 1 ||
        m->day > 31 || m->hour > 23 || m->minute > 59 || m->second > 60)
        return false;
    *seconds = count_days(m) * 86400 + m->hour * 3600 + m->minute * 60 + m->second -
               m->offset * INT64_C(60);
    return true;
}

/* Exactly `digits` digits at the front of *text. */
static bool cut_digits(str *text, size_t digits, unsigned *number)
{
    *number = 0;
    if (text->n < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (!is_digit(text->p[i]))
            return false;
        *number = *number * 10 + (unsigned)(text->p[i] - '0');
    }
    *text = str_skip(*text, digits);
    return true;
}

static bool cut_byte(str *text, const char *any)
{
    if (text->n == 0 || text->p[0] == '\0' || !strchr(any, text->p[0]))
        return false;
    *text = str_skip(*text, 1);
    return true;
}

/* "Z", "+01:00", "+0100", or nothing. */
static bool cut_zone(str *text, struct moment *m)
{
    unsigned hours, minutes = 0;
    bool west = text->n > 0 && text->p[0] == '-';
    if (text->n == 0 || cut_byte(text, "Zz"))
        return true;
    if (!cut_byte(text, "+-") || !cut_digits(text, 2, &hours))
        return false;
    cut_byte(text, ":");
    if (text->n > 0 && !cut_digits(text, 2, &minutes))
        return false;
    m->offset = (int)(hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

/* "2026-11-29T11:47:09Z" and its shorter forms (ISO 8601). */
static bool parse_iso(str text, int64_t *seconds)
{
    struct moment m = {0};
    if (!cut_digits(&text, 4, &m.year))
        return false;
    bool dashes = cut_byte(&text, "-");
    if (!cut_digits(&text, 2, &m.month) || (dashes && !cut_byte(&text, "-")) ||
        !cut_digits(&text, 2, &m.day))
        return false;
    if (cut_byte(&text, "Tt ")) {
        if (!cut_digits(&text, 2, &m.hour))
            return false;
        cut_byte(&text, ":");
        if (!cut_digits(&text, 2, &m.minute))
            return false;
        cut_byte(&text, ":");
        if (cut_digits(&text, 2, &m.second) && cut_byte(&text, "."))
            while (text.n > 0 && is_digit(text.p[0]))
                text = str_skip(text, 1);
        if (!cut_zone(&text, &m))
            return false;
    }
    return text.n == 0 && make_seconds(&m, seconds);
}

static unsigned month_of(str name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (unsigned i = 0; i < 12 && name.n >= 3; i++)
        if (memcmp(names + (size_t)3 * i, name.p, 3) == 0)
            return i + 1;
    return 0;
}

/* "Sun Nov 29 11:47:09 2026", as ctime() prints it. A day below 10 has a blank before it. */
static bool parse_ctime(str text, int64_t *seconds)
{
    struct moment m = {0};
    if (text.n != sizeof "Sun Nov 29 11:47:09 2026" - 1)
        return false;
    m.month = month_of(str_skip(text, 4));
    str rest = str_skip(text, 8);
    if (!(cut_byte(&rest, " ") ? cut_digits(&rest, 1, &m.day) : cut_digits(&rest, 2, &m.day)) ||
        !cut_byte(&rest, " ") || !cut_digits(&rest, 2, &m.hour) || !cut_byte(&rest, ":") ||
        !cut_digits(&rest, 2, &m.minute) || !cut_byte(&rest, ":") ||
        !cut_digits(&rest, 2, &m.second) || !cut_byte(&rest, " ") || !cut_digits(&rest, 4, &m.year))
        return false;
    return make_seconds(&m, seconds);
}

bool recording_parse_date(str text, int64_t *seconds)
{
    uint64_t number;
    text = str_trim(text);
    if (text.n >= 9 && text.n <= 11 && num_parse_u64(text, &number)) {
        *seconds = (int64_t)number;
        return true;
    }
    return parse_iso(text, seconds) || parse_ctime(text, seconds);
}

static void put_date_digits(char *to, size_t digits, int64_t value)
{
    while (digits-- > 0) {
        to[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* "2026-11-29": the reverse of count_days(). */
static void put_date_day(char *to, int64_t seconds)
{
    int64_t days = seconds / 86400 - (seconds % 86400 < 0) + 719468;
    int64_t era = days / 146097, day = days - era * 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= year * 365 + year / 4 - year / 100;
    int64_t month = (5 * day + 2) / 153;
    put_date_digits(to, 4, year + era * 400 + (month >= 10));
    put_date_digits(to + 5, 2, month < 10 ? month + 3 : month - 9);
    put_date_digits(to + 8, 2, day - (153 * month + 2) / 5 + 1);
}

static str day_of(int64_t seconds, struct arena *arena)
{
    char text[] = "0000-00-00";
    put_date_day(text, seconds);
    return arena_copy(arena, str_from_c(text));
}

void recording_add_date(struct profile *profile, uint64_t seconds)
{
    char text[] = "0000-00-00T00:00:00Z";
    if (seconds == 0 || seconds > MOST_SECONDS)
        return;
    put_date_day(text, (int64_t)seconds);
    put_date_digits(text + 11, 2, (int64_t)(seconds % 86400 / 3600));
    put_date_digits(text + 14, 2, (int64_t)(seconds % 3600 / 60));
    put_date_digits(text + 17, 2, (int64_t)(seconds % 60));
    profile_add_fact(profile, STR("date"), str_from_c(text));
}

/* ---- names of files ---- */

/* The first word of hex digits that has a digit and a letter: a number of a build is no commit, and
 * neither is "feedback". */
static str find_commit(str name)
{
    for (size_t from = 0, to; from < name.n; from = to + 1) {
        bool hex = true, digit = false, letter = false;
        for (to = from; to < name.n && is_alnum(name.p[to]); to++) {
            hex &= is_hex(name.p[to]);
            digit |= is_digit(name.p[to]);
            letter |= !is_digit(name.p[to]);
        }
        if (hex && digit && letter && to - from >= COMMIT_LEAST && to - from <= COMMIT_MOST)
            return str_cut(name, from, to);
    }
    return STR("");
}

/* "2026-11-29", maybe with a time: "2026-11-29T1147", "2026-11-29T11:47:09Z". */
static bool find_date(str name, int64_t *seconds)
{
    for (size_t at = 0; at + 10 <= name.n; at++) {
        str rest = str_skip(name, at);
        if (at > 0 && is_digit(name.p[at - 1]))
            continue;
        if (!recording_parse_date(str_head(rest, 10), seconds))
            continue;
        static const size_t lengths[] = {20, 19, 17, 16, 15};
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
            if (rest.n >= lengths[i] && recording_parse_date(str_head(rest, lengths[i]), seconds))
                break;
        return true;
    }
    return false;
}

int recording_compare_names(str a, str b)
{
    size_t i = 0, k = 0;
    while (i < a.n && k < b.n) {
        if (!is_digit(a.p[i]) || !is_digit(b.p[k])) {
            if (a.p[i] != b.p[k])
                return (unsigned char)a.p[i] < (unsigned char)b.p[k] ? -1 : 1;
            i++;
            k++;
            continue;
        }
        while (i < a.n && a.p[i] == '0')
            i++;
        while (k < b.n && b.p[k] == '0')
            k++;
        size_t x = i, y = k;
        while (i < a.n && is_digit(a.p[i]))
            i++;
        while (k < b.n && is_digit(b.p[k]))
            k++;
        if (i - x != k - y)
            return i - x < k - y ? -1 : 1;
        int order = memcmp(a.p + x, b.p + y, i - x);
        if (order != 0)
            return order;
    }
    if (i < a.n || k < b.n)
        return i < a.n ? 1 : -1;
    return str_compare(a, b);
}

struct recording recording_of(const struct profile *profile, const char *file, struct arena *arena)
{
    struct recording recording = {.day = STR("")};
    struct num_decimal work;
    str name = str_file_name(str_from_c(file)), date = profile_fact_value(profile, STR("date"));
    if (date.n == 0)
        date = profile_fact_value(profile, STR("captured"));
    recording.has_date = recording_parse_date(date, &recording.date) ||
                         find_date(name, &recording.date);
    if (recording.has_date)
        recording.day = day_of(recording.date, arena);
    str commit = profile_fact_value(profile, STR("commit"));
    recording.commit = arena_copy(arena, commit.n > 0 ? commit : find_commit(name));
    if (num_parse_decimal(profile_fact_value(profile, STR("work")), &work))
        recording.work = work;
    return recording;
}
