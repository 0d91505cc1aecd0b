/* SPDX-License-Identifier: MIT */
/*
 * perf_data_records: the records of the kernel, in the order of their times: who runs which
 * program, what is mapped where, and samples.
 */
#include "format/perf_data/perf_data.h"

enum { ANY_PID = -1, EXECUTABLE = 4, HUGE_PAGES = 0x40000 };

/* ---- mappings ---- */

struct mapping_record {
    uint32_t pid;
    uint64_t start, end, page_offset;
    bool executable, huge;
    struct image_key key;
};

static struct mapping_record read_mapping(const struct perf_record_view *record)
{
    struct perf_bytes body = record->body;
    struct mapping_record m = {.pid = perf_take32(&body)};
    perf_take(&body, 4);
    m.start = perf_take64(&body);
    uint64_t length = perf_take64(&body);
    m.end = length < UINT64_MAX - m.start ? m.start + length : UINT64_MAX;
    m.page_offset = perf_take64(&body);
    m.executable = !(record->misc & PERF_MISC_MMAP_DATA);
    if (record->type == PERF_RECORD_MMAP2 && (record->misc & PERF_MISC_MMAP_BUILD_ID)) {
        const char *id = perf_take(&body, 24); /* size, 3 unused bytes, 20 bytes of the id */
        if (id && (unsigned char)id[0] <= 20) {
            m.key.build_id = (const uint8_t *)id + 4;
            m.key.build_id_size = (unsigned char)id[0];
        }
    } else if (record->type == PERF_RECORD_MMAP2) {
        m.key.major = perf_take32(&body);
        m.key.minor = perf_take32(&body);
        m.key.inode = perf_take64(&body);
        m.key.generation = perf_take64(&body);
    }
    if (record->type == PERF_RECORD_MMAP2) {
        m.executable = perf_take32(&body) & EXECUTABLE;
        m.huge = perf_take32(&body) & HUGE_PAGES;
    }
    m.key.path = perf_take_text(&body);
    return m;
}

/* Memory that is of no file. Code in it was made by the process itself. */
static bool is_without_file(const struct mapping_record *m)
{
    return m->huge || str_equal(m->key.path, STR("[heap]")) ||
           str_starts_any(m->key.path, "//anon|/dev/zero|/anon_hugepage|[stack|/SYSV");
}

static void map_user(struct perf_data *data, const struct mapping_record *m)
{
    struct perf_mapping mapping = {.start = m->start, .end = m->end};
    bool no_file = is_without_file(m);
    if (no_file && m->executable) {
        mapping.image = images_perf_map(data->images, m->pid);
    } else {
        mapping.image = images_file(data->images, &m->key);
        mapping.shift = no_file ? 0 : m->page_offset - m->start;
    }
    perf_task_map(&data->tasks, m->pid, &mapping);
}

/* The kernel's own mapping is named after a symbol, "[kernel.kallsyms]_text", whose address at the
 * time is in the place of an offset. All others are modules. */
static void map_kernel(struct perf_data *data, struct mapping_record *m)
{
    struct perf_mapping mapping = {.start = m->start, .end = m->end};
    str path = m->key.path;
    if (str_starts(path, STR("[kernel"))) {
        size_t end = str_find(path, ']', 0);
        str reference = end < path.n ? str_skip(path, end + 1) : STR("");
        m->key.path = str_head(path, end + (end < path.n));
        data->tasks.kernel_start = m->start;
        data->tasks.kernel_image = images_kernel(data->images, &m->key, reference, m->page_offset);
    } else if (path.n > 0) {
        mapping.image = images_module(data->images, m->start, &m->key);
        perf_tasks_map_kernel(&data->tasks, &mapping);
    }
    perf_stacks_forget_kernel(&data->stacks);
}

static void take_mapping(struct perf_data *data, const struct perf_record_view *record)
{
    struct mapping_record m = read_mapping(record);
    unsigned mode = record->misc & PERF_MISC_CPUMODE;
    if (mode == PERF_MISC_KERNEL || (m.pid == (uint32_t)ANY_PID && mode != PERF_MISC_GUEST_KERNEL))
        map_kernel(data, &m);
    else if (mode != PERF_MISC_GUEST_KERNEL && mode != PERF_MISC_GUEST_USER)
        map_user(data, &m);
}

static void take_kernel_symbol(struct perf_data *data, struct perf_bytes body)
{
    enum { GONE = 1 };
    uint64_t address = perf_take64(&body);
    uint32_t size = perf_take32(&body);
    perf_take(&body, 2); /* type */
    const char *flags = perf_take(&body, 2);
    str name = perf_take_text(&body);
    if (!flags)
        return;
    bool gone = perf_load16(flags, body.big) & GONE;
    images_ksymbol(data->images, address, size, name, gone);
    perf_stacks_forget_kernel(&data->stacks);
}

/* ---- tasks ---- */

static void take_name(struct perf_data *data, const struct perf_record_view *record)
{
    struct perf_bytes body = record->body;
    uint32_t pid = perf_take32(&body), tid = perf_take32(&body);
    str name = perf_take_text(&body);
    if (body.cut)
        return;
    if (record->misc & PERF_MISC_COMM_EXEC)
        perf_task_exec(&data->tasks, pid);
    perf_task_rename(&data->tasks, tid, name);
}

static void take_fork(struct perf_data *data, const struct perf_record_view *record)
{
    struct perf_bytes body = record->body;
    uint32_t pid = perf_take32(&body), parent = perf_take32(&body);
    uint32_t tid = perf_take32(&body), parent_tid = perf_take32(&body);
    if (!body.cut)
        perf_task_fork(&data->tasks, pid, parent, tid, parent_tid,
                       !(record->misc & PERF_MISC_FORK_EXEC));
}

static void take_cgroup(struct perf_data *data, struct perf_bytes body)
{
    uint64_t id = perf_take64(&body);
    str path = perf_take_text(&body);
    if (!body.cut)
        *perf_map_at(&data->cgroups, id, 0) = intern_add(&data->cgroup_names, path);
}

/* ---- samples ---- */

enum { LABELS = 6 };

/* A sample in texts, as perf script prints it. */
struct sample_texts {
    struct perf_header header;
    str cgroup;
    char pid[NUM_ROOM], tid[NUM_ROOM], cpu[NUM_ROOM], time[2 * NUM_ROOM], group[NUM_ROOM];
};

static str put_id(char *to, uint32_t id)
{
    if (id == UINT32_MAX)
        return STR("-1");
    return str_of(to, num_put_u64(to, id));
}

/* At least `width` digits. */
static size_t put_padded(char *to, uint64_t value, size_t width)
{
    char digits[NUM_ROOM];
    size_t n = num_put_u64(digits, value), zeros = n < width ? width - n : 0;
    memset(to, '0', zeros);
    memcpy(to + zeros, digits, n);
    return zeros + n;
}

static str put_cgroup(struct perf_data *data, char *to, uint64_t id)
{
    uint32_t name = perf_map_find(&data->cgroups, id);
    if (name != PERF_MAP_NONE)
        return intern_name(&data->cgroup_names, name);
    return str_of(to, num_put_u64(to, id));
}

static void put_texts(struct perf_data *data, const struct perf_sample *sample, str comm,
                      struct sample_texts *texts)
{
    const uint64_t second = 1000000000;
    uint64_t type = sample->event->attr.sample_type;
    texts->header = (struct perf_header){.comm = comm, .event = sample->event->name};
    texts->cgroup = STR("");
    if (type & PERF_SAMPLE_TID) {
        texts->header.pid = put_id(texts->pid, sample->pid);
        texts->header.tid = put_id(texts->tid, sample->tid);
    }
    if (type & PERF_SAMPLE_CPU)
        texts->header.cpu = str_of(texts->cpu, put_padded(texts->cpu, sample->cpu, 3));
    if (type & PERF_SAMPLE_TIME) {
        size_t n = num_put_u64(texts->time, sample->time / second);
        texts->time[n++] = '.';
        n += put_padded(texts->time + n, sample->time % second, 9);
        texts->header.time = str_of(texts->time, n);
    }
    if (type & PERF_SAMPLE_CGROUP)
        texts->cgroup = put_cgroup(data, texts->group, sample->cgroup);
}

static size_t set_labels(const struct sample_texts *texts, struct sample_label labels[LABELS])
{
    const struct perf_header *header = &texts->header;
    const str keys[LABELS] = {STR("comm"), STR("pid"),   STR("tid"),
                              STR("cpu"),  STR("event"), STR("cgroup")};
    const str values[LABELS] = {header->comm, header->pid,   header->tid,
                                header->cpu,  header->event, texts->cgroup};
    size_t n = 0;
    for (size_t i = 0; i < LABELS; i++)
        if (values[i].n > 0)
            labels[n++] = (struct sample_label){.key = keys[i], .value = values[i]};
    return n;
}

/* The frame of the process of a sample, UINT32_MAX: none. */
static uint32_t process_frame(struct perf_data *data, struct perf_task *task,
                              const struct perf_sample *sample)
{
    char pid[NUM_ROOM], tid[NUM_ROOM];
    if (!task->has_frame || task->frame_pid != sample->pid) {
        bool ids = sample->event->attr.sample_type & PERF_SAMPLE_TID;
        str comm = str_trim(intern_name(&data->tasks.comms, task->comm));
        task->frame = builder_process(data->builder, comm, ids ? put_id(pid, sample->pid) : STR(""),
                                      ids ? put_id(tid, sample->tid) : STR(""), '_');
        task->frame_pid = sample->pid;
        task->has_frame = true;
    }
    return task->frame;
}

/* Add the stack in data->stacks with the process of the sample. */
static bool add_stack(struct perf_data *data, struct perf_task *task,
                      const struct perf_sample *sample, uint64_t weight,
                      const struct sample_texts *texts)
{
    struct builder *builder = data->builder;
    struct sample_label labels[LABELS];
    uint32_t process = process_frame(data, task, sample);
    vec_reserve(builder->heap, &data->stacks.frames, 1);
    uint32_t *frames = data->stacks.frames.at;
    size_t n = data->stacks.frames.n;
    builder->profile->stackless += n == 0;
    if (process != UINT32_MAX)
        frames[n++] = process;
    else if (n == 0)
        frames[n++] = frames_add_text(&builder->profile->tree.frames, STR("[unknown]"));
    if (builder_wants_labels(builder->options))
        return builder_stack_with_labels(builder, frames, n, weight, labels,
                                         set_labels(texts, labels), data->err);
    builder_stack(builder, frames, n, weight);
    return true;
}

/* Count a sample, and add its stack if the filters keep it. */
static bool add_sample(struct perf_data *data, const struct perf_sample *sample,
                       const struct perf_record_view *record)
{
    struct builder *builder = data->builder;
    const struct read_options *options = builder->options;
    struct sample_texts texts;
    if (!perf_events_count(&data->events, sample->event->name, record->position))
        return true;
    data->samples++;
    struct perf_task *task = perf_task_of(&data->tasks, sample->tid);
    str comm = str_trim(intern_name(&data->tasks.comms, task->comm));
    if (data->select.any || builder_wants_labels(options))
        put_texts(data, sample, comm, &texts);
    if (data->select.any && !perf_select_keeps(&data->select, &texts.header, builder->profile))
        return true;
    uint64_t weight = 1;
    if (sample->period > 0 && options->weight == READ_WEIGHT_PERIOD &&
        sample->event->attr.type != PERF_TYPE_TRACEPOINT) {
        weight = sample->period;
        data->periods = true;
    }
    switch (perf_stacks_set(&data->stacks, sample, record->misc, str_starts(comm, STR("java")))) {
    case PERF_CHAIN_GUEST:
        builder_skip(builder, "a sample of a guest, which " PERF_GUESTS_COMMAND " prints",
                     record->position);
        data->guests++;
        return true;
    case PERF_CHAIN_FOREIGN: return perf_data_refuse(data, PERF_UNREAD_FOREIGN);
    case PERF_CHAIN_DEFERRED: return perf_data_refuse(data, PERF_UNREAD_DEFERRED);
    default: return add_stack(data, task, sample, weight, &texts);
    }
}

/* The value of a counter since the last sample of it. Inherited counters are of one thread each. */
static uint64_t read_period(struct perf_data *data, const struct perf_sample *sample, uint64_t id,
                            uint64_t value)
{
    bool inherited = sample->event->attr.flags & PERF_ATTR_INHERIT;
    uint32_t *place = perf_map_at(&data->last_reads, id, inherited ? sample->tid : UINT64_MAX);
    if (*place == PERF_MAP_NONE) {
        *place = (uint32_t)data->reads.n;
        vec_push(data->builder->heap, &data->reads, 0);
    }
    uint64_t *last = &data->reads.at[*place];
    uint64_t period = value - *last;
    *last = value;
    return period;
}

/* A sample with the values of its event, or of all events of its group: each is a sample that
 * weighs what was counted since the last one. */
static bool add_members(struct perf_data *data, struct perf_sample *sample,
                        const struct perf_record_view *record)
{
    uint64_t format = sample->event->attr.read_format;
    struct perf_bytes read = sample->read;
    bool good = true, group = format & PERF_READ_GROUP;
    uint64_t n = group ? perf_take64(&read) : 1;
    size_t times = perf_words(format, PERF_READ_ENABLED | PERF_READ_RUNNING);
    if (group)
        perf_take(&read, 8 * times);
    for (uint64_t i = 0; i < n && good; i++) {
        uint64_t value = perf_take64(&read);
        if (!group)
            perf_take(&read, 8 * times);
        uint64_t id = (format & PERF_READ_ID) ? perf_take64(&read) : 0;
        perf_take(&read, 8 * perf_words(format, PERF_READ_LOST));
        if (read.cut)
            return true;
        const struct perf_event *event = perf_table_of_id(&data->table, id);
        if (!event)
            continue;
        sample->event = event;
        sample->period = read_period(data, sample, id, value);
        if (sample->period > 0)
            good = add_sample(data, sample, record);
    }
    return good;
}

static bool take_sample(struct perf_data *data, const struct perf_record_view *record)
{
    struct perf_sample sample;
    const struct perf_event *event = perf_table_of_sample(&data->table, record->body);
    if (!event) {
        builder_skip(data->builder, "a sample of an event that is not described", record->position);
        return true;
    }
    if (!perf_sample_parse(event, record->body, &sample)) {
        builder_skip(data->builder, "a sample that is too short", record->position);
        return true;
    }
    if (event->attr.sample_type & PERF_SAMPLE_READ)
        return add_members(data, &sample, record);
    return add_sample(data, &sample, record);
}

/* ---- all ---- */

static void count_lost(struct perf_data *data, const struct perf_record_view *record)
{
    struct perf_bytes body = record->body;
    if (record->type == PERF_RECORD_LOST) {
        perf_take(&body, 8); /* id of the event */
        num_add_most(&data->lost, perf_take64(&body));
    } else {
        num_add_most(&data->lost_samples, perf_take64(&body));
    }
}

bool perf_data_deliver(void *context, str bytes, uint64_t position)
{
    struct perf_data *data = context;
    struct perf_record_view record = perf_record_view(bytes, data->big, position);
    switch (record.type) {
    case PERF_RECORD_SAMPLE: return take_sample(data, &record);
    case PERF_RECORD_MMAP:
    case PERF_RECORD_MMAP2: take_mapping(data, &record); break;
    case PERF_RECORD_COMM: take_name(data, &record); break;
    case PERF_RECORD_FORK: take_fork(data, &record); break;
    case PERF_RECORD_LOST:
    case PERF_RECORD_LOST_SAMPLES: count_lost(data, &record); break;
    case PERF_RECORD_THROTTLE: data->throttled++; break;
    case PERF_RECORD_KSYMBOL: take_kernel_symbol(data, record.body); break;
    case PERF_RECORD_CGROUP: take_cgroup(data, record.body); break;
    case PERF_RECORD_CALLCHAIN_DEFERRED: return perf_data_refuse(data, PERF_UNREAD_DEFERRED);
    default: break;
    }
    return true;
}
