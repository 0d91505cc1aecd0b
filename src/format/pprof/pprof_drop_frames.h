/* SPDX-License-Identifier: MIT */
/*
 * pprof_drop_frames: see https://github.com/google/pprof/blob/main/proto/profile.proto, drop_frames
 * and keep_frames.
 */
#ifndef FLAMETREE_FORMAT_PPROF_PPROF_DROP_FRAMES_H
#define FLAMETREE_FORMAT_PPROF_PPROF_DROP_FRAMES_H

#include "core/pattern.h"
#include "profile/frames.h"

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

void pprof_drop_frames_end(struct pprof_drop_frames *drop);

#endif
