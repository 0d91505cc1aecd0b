/* SPDX-License-Identifier: MIT */
/*
 * speedscope: the JSON of https://www.speedscope.app, which py-spy, rbspy, dotnet-trace and others
 * write. Source: https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts
 *
 *      shared.frames [{name, file, line}]     named by their places
 *      profiles [{type "sampled", unit, samples [[frame...], root first], weights [...]}
 *                {type "evented", unit, events [{type "O" or "C", frame, at}]}]
 *
 * Profiles in the unit of the profile that activeProfileIndex names are added up. If the parts of
 * the file come in another order than they are needed, the input is read a second time.
 */
#ifndef FLAMETREE_FORMAT_SPEEDSCOPE_SPEEDSCOPE_H
#define FLAMETREE_FORMAT_SPEEDSCOPE_SPEEDSCOPE_H

#include "core/sink.h"
#include "format/json_stream.h"
#include "profile/open_stack.h"

enum { FRACTION_DECIMALS = 6 }; /* of weights without a unit, unless they are whole */

struct speedscope_unit {
    str name, unit; /* in the file; in the profile */
    unsigned power; /* of ten, by which numbers are multiplied */
    unsigned decimals;
};

/* A number of the file: digits x 10^-decimals. */
struct speedscope_number {
    uint64_t digits;
    unsigned decimals;
    bool bad;      /* below 0, too large, or no number */
    bool vanished; /* not 0, but rounded to it */
};

struct speedscope_frame {
    uint32_t name, file; /* texts */
    uint32_t line;       /* 0: not known */
};

struct speedscope {
    struct heap *heap;
    struct builder *builder;
    struct reader_input *input;
    struct json_stream json;
    struct err *err;
    const struct speedscope_unit *wanted; /* NULL: that of the first profile */
    struct intern texts;
    VEC(struct speedscope_frame) table;
    VEC(uint32_t) frames; /* of the builder, by place */
    bool has_frames, lacked_frames;
    bool is_ours; /* empty names and stacks are as in the profile that was written */
    VEC(const struct speedscope_unit *) profile_units;
    int64_t active;

    /* The current profile. */
    const struct speedscope_unit *unit;
    bool has_unit, has_name;
    struct strbuf name;
    struct intern stacks;      /* places of frames, root first */
    struct intern stack_texts; /* as the file has them */
    VEC(uint32_t) stack_of;    /* by text: a stack */
    VEC(uint32_t) samples;
    VEC(struct speedscope_number) weights; /* that came before their stacks or units */
    VEC(uint32_t) open, leaf_first;        /* open: places of frames */
    struct open_stack stack;               /* the open frames of events, of those places */
    size_t unknown;                        /* of them, frames that are not there */
    struct speedscope_number last;         /* the time of the last event */
};

/* Whether the current profile has the unit that is read. False with s->err set if the values of
 * that unit cannot be added to those read before. */
bool speedscope_is_wanted(struct speedscope *s);

/* Declare the value types of the wanted unit. */
bool speedscope_choose_unit(struct speedscope *s);

/* Read the lists of a profile. These return false if a pattern of a label rule fails. */
void speedscope_read_samples(struct speedscope *s);
bool speedscope_read_weights(struct speedscope *s);
bool speedscope_read_events(struct speedscope *s, bool adds);

/* Add the samples whose weights came before their stacks or units. */
bool speedscope_add_samples(struct speedscope *s);

/* Write the stacks of a tree as one profile of the type "sampled": a sample for each distinct
 * stack, with its weight. The tree has one column: a file of speedscope cannot say before and
 * after. `profile`, which may be NULL, has the value type. Units other than times and bytes are
 * none. */
void speedscope_write(const struct tree *tree, const struct profile *profile, struct sink *sink);

#endif
