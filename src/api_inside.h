/*
 * api_inside: what the files of the library share.
 *
 *      flametree_...() ──► api_run ──► heap_guard ──► work(call)
 *                            │  closes what is open, hands the error over
 */
#ifndef FLAMETREE_API_INSIDE_H
#define FLAMETREE_API_INSIDE_H

#include "compare/comparison.h"
#include "core/source.h"
#include "flametree.h"
#include "pipeline/drawing.h"

/* What pictures of a comparison need besides the two columns. */
struct api_comparison {
    struct tree runs[SIDES];
    double sample_weight[SIDES]; /* 0: not known */
    str labels[SIDES], work_unit;
    str counted; /* what both count; n == 0: not known */
    struct comparison_options options;
};

struct flametree_profile {
    struct heap heap; /* of everything, the handle itself included */
    struct profile profile;
    struct api_comparison *comparison; /* NULL: it was not compared, or was changed since */
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

/* False with an error when memory ran out in the profile: what cannot be trusted is not copied. */
bool api_check_whole(const flametree_profile *profile, flametree_error *error);

/* Have the drawing draw the comparison of the profile as flamediff does. All memory is of the heap
 * of the drawing, and stays until that ends. colors and width are names; NULL: the default. */
bool api_prepare_comparison(const flametree_profile *profile, const char *colors, const char *width,
                            struct drawing *drawing);

/* Hand `err` over. Always returns false. */
bool api_tell(const struct err *err, flametree_error *error);

#endif
