/* SPDX-License-Identifier: MIT */
/*
 * perf_data_threads: the files of a directory that perf record --threads wrote.
 *
 *      data        header, events, mappings, and some records
 *      data.0      records of the first thread of perf, without a header
 *      data.1      ...
 */
#include "format/perf_data/perf_data.h"

struct thread_file {
    struct heap_cleanup cleanup; /* memory can run out while it is open */
    struct source source;
};

static void close_thread_file(void *of)
{
    struct thread_file *file = of;
    source_close(&file->source);
}

/* Messages name this file; `path` outlives the profile. */
static bool read_thread_file(struct perf_data *data, const char *path)
{
    struct builder *builder = data->builder;
    struct heap *heap = builder->heap;
    struct source *own = data->input->source;
    const char *own_name = builder->file;
    struct thread_file *file = heap_zero(heap, 1, sizeof *file);
    bool done = true;
    builder->file = path;
    if (!source_open_file(&file->source, own->os, path, data->err)) {
        *data->err = (struct err){0};
        builder_skip(builder, "the records of a file that cannot be opened", 0);
        builder->file = own_name;
        return true;
    }
    file->cleanup = (struct heap_cleanup){.run = close_thread_file, .of = file};
    heap_add_cleanup(heap, &file->cleanup);
    reader_input_start(data->input, &file->source);
    perf_data_end_unpacking(data); /* each file has its own stream */
    data->stopped = false;
    data->skip = 0;
    /* A file with a header is another recording. */
    str magic = data->big ? PERF_MAGIC_BIG : PERF_MAGIC;
    if (!str_starts(reader_input_peek(data->input, magic.n), magic))
        done = perf_data_read_records(data, 0, UINT64_MAX);
    data->input->source = own;
    builder->file = own_name;
    heap_remove_cleanup(heap, &file->cleanup);
    close_thread_file(file);
    heap_free(heap, file);
    return done;
}

bool perf_data_read_threads(struct perf_data *data)
{
    const struct os *os = data->input->source->os;
    str name = str_from_c(data->input->source->name);
    struct strbuf path = {.heap = data->builder->heap};
    bool done = true;
    for (uint64_t i = 0; done; i++) {
        mode_t mode;
        strbuf_set(&path, name);
        strbuf_add(&path, STR("."));
        strbuf_add_u64(&path, i);
        if (os->kind(os->context, strbuf_c(&path), &mode) != OS_PLAIN)
            break;
        if (data->builder->options->library) { /* it opens only what it was given */
            builder_skip(data->builder, "records of threads, which are in other files,", 0);
            break;
        }
        char *kept = heap_alloc(path.heap, path.bytes.n + 1, 1);
        memcpy(kept, path.bytes.at, path.bytes.n + 1);
        done = read_thread_file(data, kept);
    }
    strbuf_end(&path);
    return done;
}
