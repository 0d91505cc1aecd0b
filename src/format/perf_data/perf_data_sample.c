/* SPDX-License-Identifier: MIT */
/*
 * perf_data_sample: the fields of a sample, and the trailer of other records.
 */
#include "format/perf_data/perf_data.h"

uint64_t perf_sample_time(const struct perf_event *event, struct perf_bytes body)
{
    uint64_t type = event->attr.sample_type;
    if (!(type & PERF_SAMPLE_TIME))
        return 0;
    perf_take(&body,
              8 * perf_words(type, PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID));
    return perf_take64(&body);
}

/* TID, TIME, ID, STREAM_ID, CPU and IDENTIFIER are at the very end of the record. */
uint64_t perf_trailer_time(const struct perf_event *event, struct perf_bytes body)
{
    uint64_t type = event->attr.sample_type;
    if (!(type & PERF_SAMPLE_TIME) || !(event->attr.flags & PERF_ATTR_SAMPLE_ID_ALL))
        return 0;
    size_t after = perf_words(type, PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU |
                                        PERF_SAMPLE_IDENTIFIER);
    size_t from_end = 8 * (1 + after);
    return perf_bytes_left(&body) < from_end ? 0 : perf_load64(body.end - from_end, body.big);
}

static struct perf_bytes take_part(struct perf_bytes *body, uint64_t n)
{
    struct perf_bytes part = *body;
    perf_take(body, n);
    part.end = body->cut ? part.at : body->at;
    return part;
}

/* PERF_SAMPLE_READ: its size depends on read_format. */
static void take_read(const struct perf_attr *attr, struct perf_bytes *body,
                      struct perf_sample *sample)
{
    uint64_t format = attr->read_format, n = 1;
    struct perf_bytes look = *body;
    size_t times = perf_words(format, PERF_READ_ENABLED | PERF_READ_RUNNING);
    size_t each = 1 + perf_words(format, PERF_READ_ID | PERF_READ_LOST);
    if (format & PERF_READ_GROUP)
        n = perf_take64(&look);
    if (n > perf_bytes_left(body) / 8)
        n = perf_bytes_left(body); /* more than there is */
    sample->read = take_part(body, 8 * (((format & PERF_READ_GROUP) != 0) + times + n * each));
}

static void take_branches(const struct perf_attr *attr, struct perf_bytes *body)
{
    enum { HW_INDEX = 1 << 17, COUNTERS = 1 << 19 };
    uint64_t n = perf_take64(body);
    if (attr->branch_type & HW_INDEX)
        perf_take(body, 8);
    if (n > perf_bytes_left(body) / 8)
        n = perf_bytes_left(body);
    perf_take(body, n * ((attr->branch_type & COUNTERS) ? 32 : 24));
}

static struct perf_bytes take_registers(struct perf_bytes *body, uint64_t mask, uint64_t *abi)
{
    *abi = perf_take64(body);
    return take_part(body, *abi != 0 ? 8 * (uint64_t)__builtin_popcountll(mask) : 0);
}

static struct perf_bytes take_stack(struct perf_bytes *body)
{
    uint64_t size = perf_take64(body);
    struct perf_bytes stack = take_part(body, size);
    uint64_t used = size > 0 ? perf_take64(body) : 0;
    if (used < perf_bytes_left(&stack))
        stack.end = stack.at + used;
    return stack;
}

/* The fields between the user's stack and the cgroup. */
static void take_fields_to_cgroup(const struct perf_attr *attr, struct perf_bytes *body,
                                  struct perf_sample *sample)
{
    uint64_t type = attr->sample_type, abi;
    if (!(type & PERF_SAMPLE_CGROUP))
        return;
    perf_take(body, 8 * perf_words(type, PERF_SAMPLE_WEIGHT | PERF_SAMPLE_WEIGHT_STRUCT |
                                             PERF_SAMPLE_DATA_SRC | PERF_SAMPLE_TRANSACTION));
    if (type & PERF_SAMPLE_REGS_INTR)
        take_registers(body, attr->intr_registers, &abi);
    perf_take(body, 8 * perf_words(type, PERF_SAMPLE_PHYS_ADDR));
    sample->cgroup = perf_take64(body);
}

/* The fields after PERF_SAMPLE_PERIOD, most of which are passed over. */
static void take_fields_after_period(const struct perf_attr *attr, struct perf_bytes *body,
                                     struct perf_sample *sample)
{
    uint64_t type = attr->sample_type;
    if (type & PERF_SAMPLE_READ)
        take_read(attr, body, sample);
    if (type & PERF_SAMPLE_CALLCHAIN) {
        uint64_t n = perf_take64(body), most = perf_bytes_left(body) / 8;
        sample->chain = take_part(body, 8 * (n <= most ? n : most + 1));
    }
    if (type & PERF_SAMPLE_RAW)
        perf_take(body, perf_take32(body));
    if (type & PERF_SAMPLE_BRANCH_STACK)
        take_branches(attr, body);
    if (type & PERF_SAMPLE_REGS_USER)
        sample->registers = take_registers(body, attr->user_registers, &sample->registers_abi);
    if (type & PERF_SAMPLE_STACK_USER)
        sample->stack = take_stack(body);
    take_fields_to_cgroup(attr, body, sample);
}

bool perf_sample_parse(const struct perf_event *event, struct perf_bytes body,
                       struct perf_sample *sample)
{
    const struct perf_attr *attr = &event->attr;
    uint64_t type = attr->sample_type;
    *sample = (struct perf_sample){.event = event, .period = attr->period};
    perf_take(&body, 8 * perf_words(type, PERF_SAMPLE_IDENTIFIER));
    if (type & PERF_SAMPLE_IP)
        sample->ip = perf_take64(&body);
    sample->pid = sample->tid = UINT32_MAX;
    if (type & PERF_SAMPLE_TID) {
        sample->pid = perf_take32(&body);
        sample->tid = perf_take32(&body);
    }
    if (type & PERF_SAMPLE_TIME)
        sample->time = perf_take64(&body);
    perf_take(&body,
              8 * perf_words(type, PERF_SAMPLE_ADDR | PERF_SAMPLE_ID | PERF_SAMPLE_STREAM_ID));
    if (type & PERF_SAMPLE_CPU) {
        sample->cpu = perf_take32(&body);
        perf_take(&body, 4);
    }
    if (type & PERF_SAMPLE_PERIOD)
        sample->period = perf_take64(&body);
    take_fields_after_period(attr, &body, sample);
    return !body.cut;
}
