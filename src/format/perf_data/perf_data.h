/* SPDX-License-Identifier: MIT */
/*
 * perf_data: a recording of perf record, read without perf.
 *
 *      input ──► records ──► queue ──► tasks ──► stack ──► builder
 *              unpacked   by time   mappings   names
 *
 * The header and a file's features come first: perf_data_header.c. Records of the kernel wait in
 * the queue until perf has written all earlier ones.
 *
 * doc/perf-data.md says what is read, from where, and what differs from perf script.
 */
#ifndef FLAMETREE_FORMAT_PERF_DATA_PERF_DATA_H
#define FLAMETREE_FORMAT_PERF_DATA_PERF_DATA_H

#include "format/perf_data/images.h"
#include "format/perf_data/perf_record.h"
#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_select.h"
#include "format/reader.h"

/* ---- queue: records in the order of their times ---------------------------------------------- */

struct perf_queued {
    uint64_t time, position;
    const char *record;
    uint32_t size, chunk;
};

/* Records are copied into chunks. A chunk is free when all its records have been delivered. */
struct perf_chunk {
    char *bytes;
    size_t n, waiting; /* bytes, and records that wait */
};

struct perf_queue {
    struct heap *heap;
    VEC(struct perf_queued) entries, spare;
    VEC(struct perf_chunk) chunks;
    VEC(uint32_t) free; /* chunks */
    VEC(size_t) runs;
    uint32_t current; /* the chunk that is being filled */
    uint64_t latest;  /* time known so far */
    uint64_t limit;   /* `latest` at the round before */
};

void perf_queue_add(struct perf_queue *queue, uint64_t time, str record, uint64_t position);

/* Deliver, in order, what a round has completed; with `all`, everything. deliver() returns false to
 * stop. */
typedef bool perf_deliver_fn(void *context, str record, uint64_t position);
bool perf_queue_flush(struct perf_queue *queue, bool all, perf_deliver_fn *deliver, void *context);

void perf_queue_end(struct perf_queue *queue);

/* ---- tasks: names and mappings --------------------------------------------------------------- */

struct perf_mapping {
    uint64_t start, end;
    uint64_t shift; /* added to an address, gives the offset in the image */
    struct image *image;
};

/* Sorted, without overlaps. */
struct perf_mappings {
    VEC(struct perf_mapping) list;
};

/* The mappings of a process. Shared by processes until one changes. */
struct perf_space {
    uint32_t users;
    uint32_t version;           /* a new one after each change */
    struct perf_mappings old;   /* what `fresh` does not cover */
    struct perf_mappings fresh; /* few, so that each can be inserted */
    /* Of the program before, while the kernel starts this one: it still sees the call of execve().
     * NULL: this one has run. */
    struct perf_space *before;
};

struct perf_task {
    uint32_t comm; /* id in `comms` */
    bool named;    /* else `comm` is made from its number */
    uint32_t frame_pid;
    bool has_frame;
    uint32_t frame; /* see builder_process() */
};

struct perf_tasks {
    struct heap *heap;
    struct intern comms;
    struct perf_map by_tid; /* index in `tasks` */
    VEC(struct perf_task) tasks;
    struct perf_map by_pid; /* index in `spaces` */
    VEC(struct perf_space *) spaces;
    uint32_t versions;
    struct perf_space kernel;   /* its modules */
    struct image *kernel_image; /* what is at kernel_start and above, where no module is */
    uint64_t kernel_start;
};

void perf_tasks_init(struct perf_tasks *tasks, struct heap *heap, uint64_t seed);
void perf_tasks_end(struct perf_tasks *tasks);

/* Valid until another task is added. */
struct perf_task *perf_task_of(struct perf_tasks *tasks, uint32_t tid);
void perf_task_rename(struct perf_tasks *tasks, uint32_t tid, str comm);
void perf_task_fork(struct perf_tasks *tasks, uint32_t pid, uint32_t parent, uint32_t tid,
                    uint32_t parent_tid, bool with_mappings);

/* The process runs another program. */
void perf_task_exec(struct perf_tasks *tasks, uint32_t pid);

/* NULL: nothing is mapped. */
struct perf_space *perf_task_space(const struct perf_tasks *tasks, uint32_t pid);

/* A later mapping replaces what it covers. */
void perf_task_map(struct perf_tasks *tasks, uint32_t pid, const struct perf_mapping *mapping);
void perf_tasks_map_kernel(struct perf_tasks *tasks, const struct perf_mapping *mapping);

/* The mapping of an address in a sample. The first one in the program that runs now makes it forget
 * the program before. */
const struct perf_mapping *perf_tasks_find(struct perf_tasks *tasks, struct perf_space *space,
                                           uint64_t address);

/* The mapping of an address; NULL if there is none. */
const struct perf_mapping *perf_space_find(const struct perf_space *space, uint64_t address);

/* ---- stacks ---------------------------------------------------------------------------------- */

struct perf_place_memory;

/* From addresses to frames. */
struct perf_stacks {
    struct builder *builder;
    struct perf_tasks *tasks;
    struct read_options options; /* of perf_frame_add() */
    struct perf_names names;
    struct perf_map places;  /* of (offset, image): what the address becomes */
    struct perf_map numbers; /* of (pointer, epoch): number of an image */
    struct intern lists;     /* ids of frames, leaf first, of addresses that become several */
    struct perf_place_memory *memory;
    uint64_t kernel_epoch;
    struct unwinder *unwinder;   /* NULL: none */
    enum unwind_machine machine; /* of the recording */
    bool inlines;                /* look for inlined functions */
    VEC(uint32_t) frames;        /* of the sample, leaf first */
};

void perf_stacks_init(struct perf_stacks *stacks, struct builder *builder,
                      struct perf_tasks *tasks);
void perf_stacks_end(struct perf_stacks *stacks);

/* Names of kernel addresses may have changed. */
void perf_stacks_forget_kernel(struct perf_stacks *stacks);

enum perf_chain {
    PERF_CHAIN_GOOD,
    PERF_CHAIN_GUEST,
    PERF_CHAIN_DEFERRED,
    PERF_CHAIN_FOREIGN, /* a copy of a stack that cannot be unwound */
};

/* Set stacks->frames to the frames of a sample, without its process. java: see perf_frame_add(). */
enum perf_chain perf_stacks_set(struct perf_stacks *stacks, const struct perf_sample *sample,
                                unsigned misc, bool java);

/* ---- the reader ------------------------------------------------------------------------------ */

struct perf_unpacker;

struct perf_data {
    struct builder *builder;
    struct reader_input *input;
    struct err *err;
    bool big;
    bool seeks;         /* the input can go to another offset */
    str start;          /* the bytes before the records; if it cannot seek, the whole file */
    struct strbuf kept; /* what `start` is in, if it can seek */

    struct perf_events_table table;
    struct perf_queue queue;
    struct perf_tasks tasks;
    struct perf_stacks stacks;
    struct perf_events events;
    struct perf_select select;
    struct images *images;
    bool periods; /* a period was a weight */

    struct perf_map last_reads; /* of (id, thread): index in `reads` */
    VEC(uint64_t) reads;
    struct perf_map cgroups; /* of (id, 0): id in `cgroup_names` */
    struct intern cgroup_names;
    struct strbuf text; /* of the labels of a sample */

    struct perf_unpacker *unpacker; /* NULL: nothing is packed so far */
    uint64_t skip;                  /* bytes that follow a record */
    bool stopped;                   /* by damage, which was noted */
    bool killed;                    /* perf record did not end the file */
    bool directory;                 /* the file is in a directory that perf record made */
    bool threads;                   /* there may be files of threads in it */
    uint64_t lost, lost_samples, throttled;
    uint64_t samples, guests; /* of the events that are read; guests: those that are left out */
};

/* perf script leaves out samples of guests if none of its options for guests is given. */
#define PERF_GUESTS_COMMAND "perf script --guestkallsyms=KALLSYMS -i FILE"

#define PERF_MAGIC          STR("PERFILE2")
#define PERF_MAGIC_BIG      STR("2ELIFREP")

/* Features that are not supported. perf_data.c has the commands for them. */
enum perf_unread {
    PERF_UNREAD_AUX,
    PERF_UNREAD_BRANCHES,
    PERF_UNREAD_COUNTS,
    PERF_UNREAD_DEFERRED,
    PERF_UNREAD_FOREIGN,
    PERF_UNREAD_GUESTS,
    PERF_UNREAD_OLD,
};

/* Fail because of that. Returns false. */
bool perf_data_refuse(struct perf_data *data, enum perf_unread what);

/* Note damage, after which nothing more can be read. Returns true. */
bool perf_data_stop(struct perf_data *data, const char *reason, uint64_t position);

/* Take the whole records at the start of `bytes`. *taken: their bytes. */
bool perf_data_take_records(struct perf_data *data, str bytes, uint64_t position, size_t *taken);

/* Read the records, `left` bytes at most, from `position` in the input on. */
bool perf_data_read_records(struct perf_data *data, uint64_t position, uint64_t left);

/* The records that are beside this file: data.0, data.1... The order of all is known at the end. */
bool perf_data_read_threads(struct perf_data *data);

/* Unpack the content of a packed record, and take the records in it. _sized: it says how
 * many bytes it has. perf writes a wrong number when one push makes several records; more than 7
 * bytes of padding show that, and then all bytes are taken. */
bool perf_data_unpack(struct perf_data *data, str in, uint64_t position);
bool perf_data_unpack_sized(struct perf_data *data, struct perf_bytes body, uint64_t position);
void perf_data_end_unpacking(struct perf_data *data);

/* The header: attributes, ids and features. *offset and *size: where the records are. */
bool perf_data_read_header(struct perf_data *data, uint64_t *offset, uint64_t *size);

/* An event with ids. False with data->err set if its samples cannot be read. */
bool perf_data_add_event(struct perf_data *data, const struct perf_attr *attr,
                         struct perf_bytes ids);

/* The content of a feature. */
void perf_data_read_feature(struct perf_data *data, uint64_t feature, struct perf_bytes bytes);

/* A build id, with or without the header of its record. */
void perf_data_read_build_id(struct perf_data *data, unsigned misc, struct perf_bytes body);

/* A record of the kernel, in its turn. A perf_deliver_fn whose context is the perf_data. */
bool perf_data_deliver(void *context, str record, uint64_t position);

#endif
