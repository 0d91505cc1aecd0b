/* SPDX-License-Identifier: MIT */
/*
 * body: an answer from the network as a profile, in any format that is read. It may be hostile: no
 * file that it names is opened, and memory has the limit of the heap.
 */
#ifndef FLAMETREE_STORE_BODY_H
#define FLAMETREE_STORE_BODY_H

#include "profile/profile.h"

struct body {
    const char *name; /* for messages */
    str bytes;
    str format;     /* a reader's name; n == 0: by the content */
    str value_type; /* as --sample-index; n == 0: the default */
};

/* The profile has the labels of samples, see read_options.keep_labels. One without samples is
 * accepted if the format says that it is a profile; so is one that counts since it was started.
 * *profile is initialized in `heap` in any case. */
bool body_read(const struct body *body, struct heap *heap, struct profile *profile,
               struct err *err);

/* "elapsed" of an answer that counts since the program was started, in milliseconds; -1: none. */
int64_t body_elapsed(const struct profile *profile);

#endif
