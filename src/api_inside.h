/* SPDX-License-Identifier: MIT */
/*
 * api_inside: shared parts of the library.
 *
 *      flametree_...() ──► api_run ──► heap_guard ──► work(call)
 *                            │  returns the error
 */
#ifndef FLAMETREE_API_INSIDE_H
#define FLAMETREE_API_INSIDE_H

#include "compare/comparison.h"
#include "core/source.h"
#include "flametree.h"
#include "pipeline/comparison_picture.h"

/* The data for pictures of a comparison, besides the two columns. */
struct api_run_data {
    enum side side;
    struct tree tree;
    struct run_sample sample;
};

struct api_comparison {
    struct api_run_data *runs; /* those before first */
    size_t count;
    struct profile sides[SIDES]; /* only the facts of their runs */
    str labels[SIDES], work_unit;
    str counted;  /* what both count; n == 0: unknown */
    str *classes; /* as given */
    size_t class_count;
    struct comparison_options options;
};

struct flametree_profile {
    struct heap heap; /* of everything, including this struct */
    struct profile profile;
    struct api_comparison *comparison; /* NULL: not compared, or changed since then */
    uint64_t seed;
    bool in_order;
    bool broken; /* memory ran out: the tree may be inconsistent */
};

/* A copy of the caller's options, in which fields that the caller does not know are 0. NULL with
 * *error set if their size is 0. */
#define API_OPTIONS(type, given, error)                                                          \
    ((const type *)api_copy_options(&(type){.size = sizeof(type)}, sizeof(type), (given), #type, \
                                    (error)))
const void *api_copy_options(void *to, size_t size, const void *given, const char *type,
                             flametree_error *error);

static inline flametree_text api_text(str text)
{
    return (flametree_text){text.p, text.n};
}

/* *index becomes that of `name` in `names`; without a name it does not change. False with an error
 * that lists the `choices` if there is no such name. */
bool api_find_name(const char *field, const char *const *names, const char *choices,
                   const char *name, unsigned *index, struct err *err);

/* Run work(call) in the guard of the profile's heap. `err` is where the work reports its errors;
 * NULL: it has none but those of memory. */
bool api_run(flametree_profile *profile, bool (*work)(void *), void *call, struct err *err,
             flametree_error *error);

/* False with an error if memory ran out in an earlier call. */
bool api_check_usable(const flametree_profile *profile, flametree_error *error);

/* Make the drawing show the comparison, as flamediff does. `colors` and `width` are names; NULL:
 * the default. All memory is in the heap of the drawing. */
bool api_prepare_comparison(const flametree_profile *profile, const char *colors, const char *width,
                            struct drawing *drawing);

/* The report of the comparison, in the heap of the drawing; NULL on failure. */
const struct report *api_report_comparison(const flametree_profile *profile,
                                           struct drawing *drawing);

struct api_run_class {
    str name;
    double *weights; /* by run */
};

/* A comparison that is made, in `heap`. */
struct api_comparison_work {
    const flametree_profile *profile;
    struct heap *heap;
    struct comparison_options options;
    struct comparison_picture picture;
    struct run_set set;
    struct comparison comparison;
    struct report report;
    VEC(struct api_run_class) classes;
};

/* gated: limits will judge it. NULL if a pattern of a class takes too long. */
struct api_comparison_work *api_make_comparison(const flametree_profile *profile, struct heap *heap,
                                                const struct request *request, bool gated,
                                                struct err *err);

/* Copy `err` to the caller's error. Always returns false. */
bool api_return_error(const struct err *err, flametree_error *error);

#endif
