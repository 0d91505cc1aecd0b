/*
 * pprof: the fields of a profile. Source:
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */
#ifndef FLAMETREE_FORMAT_PPROF_PPROF_H
#define FLAMETREE_FORMAT_PPROF_PPROF_H

#include "core/str.h"

enum profile_field {
    PROFILE_SAMPLE_TYPE = 1,
    PROFILE_SAMPLE,
    PROFILE_MAPPING,
    PROFILE_LOCATION,
    PROFILE_FUNCTION,
    PROFILE_STRING,
    PROFILE_DROP_FRAMES,
    PROFILE_KEEP_FRAMES,
    PROFILE_TIME,
    PROFILE_DURATION,
    PROFILE_PERIOD_TYPE,
    PROFILE_PERIOD,
    PROFILE_COMMENT,
    PROFILE_DEFAULT_TYPE,
    PROFILE_DOC_URL,
};

/* See struct reader. */
int pprof_bid(str head);

#endif
