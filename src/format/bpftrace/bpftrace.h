/* SPDX-License-Identifier: MIT */
/*
 * bpftrace: maps of stacks, between the reader of their two forms and the builder.
 */
#ifndef FLAMETREE_FORMAT_BPFTRACE_BPFTRACE_H
#define FLAMETREE_FORMAT_BPFTRACE_BPFTRACE_H

#include "format/dump.h"

enum { MAP_POSITIONS = 8 };

struct bpftrace_map {
    str name;      /* without '@' */
    bool is_count; /* its values are whole numbers: most likely how often a stack was seen */
    bool keeps;    /* has stacks */
    size_t value;  /* of the builder */
    unsigned entered[MAP_POSITIONS]; /* by place in the key: functions that enter the kernel */
};

/* A part of a key that is not empty. */
struct bpftrace_part {
    unsigned position;
    size_t first, count; /* frames */
    bool is_stack;
};

struct bpftrace_entry {
    uint32_t map;
    size_t first, count; /* parts */
    int64_t value;
};

struct bpftrace {
    struct dump dump; /* its frames are those of all entries, one after the other */
    struct intern names;
    VEC(struct bpftrace_map) maps; /* by the id of the name */
    VEC(struct bpftrace_part) parts;
    VEC(struct bpftrace_entry) entries;
    VEC(uint32_t) stack;
    VEC(int64_t) values;
    struct strbuf key; /* of the current entry, as far as it was read */
    uint32_t map;      /* of it */
    uint64_t key_line;
    bool open;
};

/* The place of a map, new or known. `name` is without '@'. */
uint32_t bpftrace_find_map(struct bpftrace *bpf, str name);

/* An entry of a map. Keys are a list, between which `comma` is: ", ", in JSON ",". */
void bpftrace_add_entry(struct bpftrace *bpf, uint32_t map, str key, str comma, int64_t value);

/* The entries go to the builder. */
bool bpftrace_add_stacks(struct bpftrace *bpf);

#endif
