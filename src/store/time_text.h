/* SPDX-License-Identifier: MIT */
/*
 * time_text: times and ranges as a person writes them. Times without a zone are those of the zone
 * of the process (TZ).
 *
 *      now   -15min   09:00   2026-11-29   2026-11-29T09:00:30   2026-11-29T08:00Z   1795939200
 *      09:00..10:00   -1h..now   2026-11-28..2026-11-29
 */
#ifndef FLAMETREE_STORE_TIME_TEXT_H
#define FLAMETREE_STORE_TIME_TEXT_H

#include "core/str.h"

/* `now` and *time in milliseconds since 1970. False: it is no time. */
bool time_text_parse(str text, int64_t now, int64_t *time);

/* "A..B". The other forms of time_text_parse() may not contain "..". False also unless A < B. */
bool time_text_parse_range(str text, int64_t now, int64_t *from, int64_t *until);

/* "90", "90s", "15min", "2h", "14d", "2w" in milliseconds, more than 0. */
bool time_text_parse_length(str text, int64_t *length);

enum { TIME_TEXT_ROOM = 40 };

/* "2026-11-29T09:00:30", with ".250" if there are milliseconds; NUL-terminated. */
void time_text_put(char to[TIME_TEXT_ROOM], int64_t time);

/* "2026-11-29T08:00:30Z" */
void time_text_put_utc(char to[TIME_TEXT_ROOM], int64_t time);

/* The real clock. */
int64_t time_text_now(void);

#endif
