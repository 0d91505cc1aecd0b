/*
 * codec: one table entry for each kind of packed input, by its library.
 *
 * An entry's `step` moves bytes from `in` to `out` and says whether its stream ended there; unpack
 * starts it again when more packed bytes follow. The libraries allocate by malloc.
 */
#ifndef FLAMETREE_CORE_CODEC_H
#define FLAMETREE_CORE_CODEC_H

#include "core/str.h"

/* What a library may take for one stream; zstd has 128 MB of its own accord. */
#define CODEC_MEMORY (UINT64_C(256) << 20)

enum step {
    STEP_MORE,
    STEP_ENDED,
    STEP_BAD,   /* damaged */
    STEP_FULL,  /* no memory */
    STEP_LARGE, /* it would take more than CODEC_MEMORY */
};

struct codec {
    const char *name;
    str magic;
    size_t size;               /* of the state, which starts as zeros; 0: not in this build */
    bool (*open)(void *state); /* false: no memory */
    enum step (*step)(void *state, str *in, char **out, size_t *room);
    bool (*restart)(void *state);
    void (*close)(void *state);
};

/* Ends with an entry without a name. */
extern const struct codec packings[];

#endif
