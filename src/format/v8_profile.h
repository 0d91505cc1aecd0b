/* SPDX-License-Identifier: MIT */
/*
 * v8_profile: a CPU profile of V8, which is a file of its own, or comes in parts in a trace.
 *
 *      member "nodes", "samples", ...  ──►  parts  ──append──►  profile  ──add──►  builder
 */
#ifndef FLAMETREE_FORMAT_V8_PROFILE_H
#define FLAMETREE_FORMAT_V8_PROFILE_H

#include "format/json_stream.h"
#include "profile/builder.h"

#define V8_NO_NODE UINT32_MAX

struct v8_node {
    uint64_t id, parent_id; /* parent_id: 0: the parent names its children, or holds them */
    uint32_t parent, frame; /* parent: UINT32_MAX: none; frame: of the builder */
    uint32_t name, url;     /* texts */
    int64_t line;           /* from 0, -1: not known */
    int64_t self;           /* hits or bytes */
    int64_t time;           /* us */
    bool root, idle;
    uint32_t tree_node; /* TREE_NONE: not known yet */
};

struct v8_child {
    uint32_t parent; /* a node */
    uint64_t child;  /* an id */
};

struct v8_sample {
    int64_t at; /* us */
    uint32_t node;
};

struct v8_numbers {
    int64_t *at;
    size_t n, cap;
};

struct v8_profile {
    struct builder *builder;
    struct json_stream *json;
    struct intern *texts; /* parts share them */
    struct err *err;
    const struct sample_label *labels; /* of all its samples */
    size_t label_count;
    double start, end; /* us; of older files: seconds; 0: not known */

    /* private */
    struct intern ids; /* the intern id of a node's id is its index */
    VEC(struct v8_node) nodes;
    VEC(struct v8_child) children;
    struct v8_numbers sample_ids, times; /* times: deltas or timestamps */
    VEC(struct v8_sample) samples;
    bool has_deltas, is_heap;
    bool counts_samples; /* nodes have no hits: they are their samples */
    struct strbuf name;
    VEC(uint32_t) open, frames; /* nodes that nest in each other; a stack */
};

/* Nodes and samples are complete: add them. */
bool v8_profile_add_samples(struct v8_profile *v8);

void v8_profile_init(struct v8_profile *v8, struct builder *builder, struct json_stream *json,
                     struct intern *texts, struct err *err);

/* Read the member of a profile whose key has been taken. False: it is not a known member, and the
 * caller takes its value. */
bool v8_profile_read_member(struct v8_profile *v8, str key);

static inline bool v8_profile_is_empty(const struct v8_profile *v8)
{
    return v8->nodes.n == 0 && v8->sample_ids.n == 0 && v8->times.n == 0;
}

/* The part that follows. */
void v8_profile_append(struct v8_profile *v8, const struct v8_profile *part);

/* All of it goes to the builder. False: *err is set. */
bool v8_profile_add(struct v8_profile *v8);

#endif
