/* SPDX-License-Identifier: MIT */
/*
 * recording: date, commit and work of a recording, from the facts of its profile.
 */
#ifndef FLAMETREE_PROFILE_RECORDING_H
#define FLAMETREE_PROFILE_RECORDING_H

#include "profile/profile.h"

struct recording {
    bool has_date;
    int64_t date; /* seconds since 1970; of a date without a time zone as if it were UTC */
    str day;      /* "2026-11-29"; "" without a date */
    str commit;   /* "" when not known */
    struct num_decimal work; /* units of work; units 0: not known */
};

/* The facts `date` and `captured`, `commit`, `work`; else a date and a commit in the name of the
 * file: "2026-11-29-a1b2c3d.folded". Its texts are in `arena`. */
struct recording recording_of(const struct profile *profile, const char *file, struct arena *arena);

/* "2026-11-29T11:47:09Z", "2026-11-29 11:47", "20261129T114709", "Sun Nov 29 11:47:09 2026", or
 * seconds since 1970. False: it is none of these. */
bool recording_parse_date(str text, int64_t *seconds);

/* The fact `date`, unless the profile has it. 0, and times after the year 9999, are ignored. */
void recording_add_date(struct profile *profile, uint64_t seconds);

/* Compare names in natural order: "run2" is before "run10". */
int recording_compare_names(str a, str b);

#endif
