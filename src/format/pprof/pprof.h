/* SPDX-License-Identifier: MIT */
/*
 * pprof: the fields of a profile. Source:
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */
#ifndef FLAMETREE_FORMAT_PPROF_PPROF_H
#define FLAMETREE_FORMAT_PPROF_PPROF_H

#include "core/pattern.h"
#include "core/sink.h"
#include "profile/frames.h"
#include "profile/profile.h"

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

enum { TYPE_NAME = 1, TYPE_UNIT, TYPE_FIELDS };
enum { SAMPLE_LOCATION = 1, SAMPLE_VALUE, SAMPLE_LABEL };
enum { FUNCTION_ID = 1, FUNCTION_NAME, FUNCTION_SYSTEM_NAME, FUNCTION_FILE, FUNCTION_FIELDS };
enum { MAPPING_ID = 1, MAPPING_FILE = 5, MAPPING_FIELDS };
enum { MAPPING_HAS_FUNCTIONS = 7, MAPPING_HAS_FILES, MAPPING_HAS_LINES, MAPPING_HAS_INLINES };
enum { LOCATION_ID = 1, LOCATION_MAPPING, LOCATION_ADDRESS, LOCATION_LINE, LOCATION_FIELDS };
enum { LINE_FUNCTION = 1, LINE_NUMBER, LINE_FIELDS };
enum { LABEL_KEY = 1, LABEL_TEXT, LABEL_NUMBER, LABEL_UNIT, LABEL_FIELDS };

/* Write the stacks of `tree`, compressed by gzip. If the profile is `kept`, all values and labels
 * of a sample are written. pprof has whole numbers only: times become nanoseconds if they have
 * fractions, other weights are rounded. `profile`, which may be NULL, has the value types and
 * facts. */
void pprof_write(const struct tree *tree, const struct profile *profile, struct sink *sink);

/* Whether pprof_write() rounds some weight. */
bool pprof_rounds(const struct tree *tree, const struct profile *profile);

/* See struct reader. */
int pprof_bid(str head);

/*
 * pprof_drop_frames: see https://github.com/google/pprof/blob/main/proto/profile.proto, drop_frames
 * and keep_frames.
 */

struct pprof_drop_frames {
    struct pattern *drops, *keeps; /* NULL: none */
    struct err *err;
};

/* Texts of n == 0: no pattern. False with *err set when one is no pattern. */
bool pprof_drop_frames_init(struct pprof_drop_frames *drop, struct heap *heap, str drops, str keeps,
                            struct err *err);

/* The number of frames at the leaf's end of a stack, leaf first, that are left out. A frame that
 * matches goes together with all below it, unless no frame above it stays. Sets *err if a pattern
 * fails. */
size_t pprof_drop_frames_find(const struct pprof_drop_frames *drop, const struct frames *names,
                              const uint32_t *frames, size_t n);

#endif
