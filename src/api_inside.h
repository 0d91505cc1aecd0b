/*
 * api_inside: what the files of the library share.
 *
 *      flametree_...() ──► api_run ──► heap_guard ──► work(call)
 *                            │  closes what is open, hands the error over
 */
#ifndef FLAMETREE_API_INSIDE_H
#define FLAMETREE_API_INSIDE_H

#include "core/source.h"
#include "flametree.h"
#include "stack/profile.h"

struct flametree_profile {
    struct heap heap; /* of everything, the handle itself included */
    struct profile profile;
    uint64_t seed;
    bool in_order;
    bool broken; /* memory ran out: the tree may be half changed */
};

/* Options as this version knows them: what the caller's does not have is 0. NULL, and *error says
 * why, when their size is 0: that was forgotten, and nothing of them can be read. */
#define API_OPTIONS(type, given, error)                                                          \
    ((const type *)api_copy_options(&(type){.size = sizeof(type)}, sizeof(type), (given), #type, \
                                    (error)))
const void *api_copy_options(void *to, size_t size, const void *given, const char *type,
                             flametree_error *error);

/* Run work(call) in the guard of the profile's heap. */
bool api_run(flametree_profile *profile, bool (*work)(void *), void *call, struct err *err,
             flametree_error *error);

/* Hand `err` over. Always returns false. */
bool api_tell(const struct err *err, flametree_error *error);

#endif
